# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034,SC2030,SC2031 # variables of ../fetch
#
# An apt state in the cache for each release and architecture, and downloads
# with it. This machine's own apt state does not change. Takes keyring,
# release, arch, and work (the scratch folder) for downloads. Sets
#	APT_CONFIG	for the apt commands that follow
#	debs		the files that were downloaded

# mirror_of LABEL: from where this machine gets Debian (or Debian-Security).
mirror_of() {
	# shellcheck disable=SC2016 # apt's own format
	_format='$(ORIGIN)|$(LABEL)|$(REPO_URI)'
	_m=$(apt-get indextargets --format "$_format" \
		'Created-By: Packages' 2>/dev/null |
		awk -F'|' -v label="$1" '$2 == label { print $3; exit }')
	if [ -z "$_m" ] && [ "$1" = Debian ]; then
		die "this machine's apt knows no Debian mirror: run" \
		    "'apt-get update' (as root) and look at /etc/apt/sources.list*"
	fi
	printf '%s\n' "$_m"
}

# apt_state RELEASE ARCH: apt with all suites of a release, for any
# architecture. The machine's own Acquire options (proxy, validity checks,
# certificates) stay in force. Its hooks and Dir settings do not: in container
# images, for example, they delete what is downloaded.
apt_state() {
	state=$CCGUEST_CACHE/apt/$1-$2
	APT_CONFIG=$state/apt.conf
	if [ ! -e "$state/updated" ]; then
		apt_state_make "$1" "$2"
	fi
	export APT_CONFIG
}

# apt_sources RELEASE: the lines of sources.list.
apt_sources() {
	main=$(mirror_of Debian)
	security=$(mirror_of Debian-Security)
	case $1 in
	sid)	suites=sid ;;
	*)	suites="$1 $1-updates $1-security $1-backports" ;;
	esac
	for suite in $suites; do
		uri=$main
		case $suite in
		*-security)
			uri=$security
			if [ -z "$uri" ]; then
				warn "this machine has no Debian-Security source:" \
				     "$suite is left out"
				continue
			fi ;;
		esac
		echo "deb [signed-by=$keyring] $uri $suite main"
	done
}

# apt_settings ARCH: the lines of apt.conf.
apt_settings() {
	cat "$state/acquire.conf"
	cat <<-EOF
	Acquire::Languages "none";
	APT::Architecture "$1";
	APT::Architectures { "$1"; };
	APT::Sandbox::User "root";
	Dir::Etc::parts "$state/none.d";
	Dir::Etc::main "$state/none";
	Dir::Etc::sourcelist "$state/sources.list";
	Dir::Etc::sourceparts "$state/none.d";
	Dir::Etc::preferences "$state/none";
	Dir::Etc::preferencesparts "$state/none.d";
	Dir::State "$state";
	Dir::State::lists "$state/lists";
	Dir::State::status "$state/status";
	Dir::Cache "$state/cache";
	Dir::Cache::srcpkgcache "";
	Dir::Log "$state";
	EOF
}

apt_state_make() (
	unset APT_CONFIG
	lock "apt-$1-$2"
	[ ! -e "$state/updated" ] || exit 0
	[ -n "$keyring" ] ||
		die "no debian-archive-keyring: run 'selftests/vm/fetch host-packages'"
	mkdir -p "$state/lists/partial" "$state/cache/archives/partial" \
		"$state/none.d"
	: >"$state/status"
	: >"$state/none"
	apt_sources "$1" >"$state/sources.list.new"
	mv "$state/sources.list.new" "$state/sources.list"
	apt-config dump | grep '^Acquire::' | grep -vE \
		'^Acquire::(IndexTargets|CompressionTypes|Changelogs|Languages)' \
		>"$state/acquire.conf" || :
	apt_settings "$2" >"$state/apt.conf.new"
	mv "$state/apt.conf.new" "$state/apt.conf"
	apt_state_update "$1" "$2"
)

# apt_state_update RELEASE ARCH: fetches the package lists.
apt_state_update() (
	APT_CONFIG=$CCGUEST_CACHE/apt/$1-$2/apt.conf
	export APT_CONFIG
	say "apt: fetching the package lists of $1 ($2)"
	quietly "$CCGUEST_CACHE/apt/$1-$2/update.log" \
		apt-get -q -o APT::Update::Error-Mode=any update || {
		# an older apt ignores Error-Mode and only warns: then the
		# next step names the package that is missing
		die "cannot fetch the package lists of $1 ($2), see above" \
		    "(or $CCGUEST_CACHE/apt/$1-$2/update.log)"
	}
	: >"$CCGUEST_CACHE/apt/$1-$2/updated"
)

# package_version NAME: nothing if the state has no package of that name.
package_version() {
	apt-cache show --no-all-versions "$1" 2>/dev/null |
		awk '$1 == "Version:" { print $2; exit }'
}

# download WHAT PACKAGE...: .deb files of the state; sets debs. Tries once more
# with fresh lists, since a mirror drops old versions.
download() {
	what=$1
	shift
	tries=2
	while :; do
		tries=$((tries - 1))
		uris=$(apt-get -qq --print-uris download "$@" 2>"$work/uris.err") &&
			[ -n "$uris" ] || uris=
		if [ -n "$uris" ] && download_uris "$@"; then
			return 0
		fi
		[ "$tries" -gt 0 ] || break
		apt_state_update "$release" "$arch"
	done
	cat "$work/uris.err" >&2
	die "$what: cannot download $*"
}

# download_uris PACKAGE...: the files of $uris, into the scratch folder: another
# run may download the same file at this time.
download_uris() {
	debs=
	size=0
	mkdir -p "$work/debs"
	# lines: 'URI' file size checksum
	while read -r _ file bytes _; do
		debs="$debs $work/debs/$file"
		size=$((size + bytes))
	done <<EOF
$uris
EOF
	say "$what: downloading $# package$([ $# = 1 ] || echo s)" \
	    "($(human "$size"))"
	(cd "$work/debs" && quietly "$work/download.log" \
		apt-get -q download "$@")
}

# unpack DIR DEB...
unpack() {
	mkdir -p "$1"
	_to=$1
	shift
	for deb; do
		dpkg-deb -x "$deb" "$_to" || die "cannot unpack $deb"
	done
}

# forget_debs: removes the packages, which takes half of the disk space.
forget_debs() {
	# shellcheck disable=SC2086 # a list of files without blanks
	rm -f $debs
}
