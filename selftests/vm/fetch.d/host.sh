# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034,SC2030,SC2031 # variables of ../fetch
#
# Packages of this machine. Nothing else of ../fetch changes the machine.
# Takes keyring and VM_DIR; describe_host_packages() sets group.

# os_field NAME: a field of /etc/os-release.
os_field() {
	sed -n "s/^$1=\"\{0,1\}\([^\"]*\)\"\{0,1\}\$/\1/p" /etc/os-release
}

# installed_version PACKAGE: nothing if it is not installed.
installed_version() {
	# shellcheck disable=SC2016 # dpkg-query's own format
	dpkg-query -W -f '${db:Status-Status} ${Version}\n' "$1" 2>/dev/null |
		awk '$1 == "installed" { print $2; exit }'
}

# candidate_version PACKAGE: the version that apt would install.
candidate_version() {
	apt-cache policy "$1" 2>/dev/null |
		awk '$1 == "Candidate:" && $2 != "(none)" { print $2 }'
}

# missing_packages GROUP: a line "PACKAGE MINIMUM" for each package of
# ../packages that is not installed, or is too old.
missing_packages() {
	awk -v group="$1" '
		/^#/ || NF == 0 { next }
		$1 == "demo" || $1 == group { print $2, ($3 == "" ? "-" : $3) }
	' "$VM_DIR/packages" | while read -r names min; do
		ok=
		for name in $(echo "$names" | tr '|' ' '); do
			have=$(installed_version "$name")
			[ -n "$have" ] || continue
			[ "$min" = - ] || dpkg --compare-versions \
				"$have" ge "$min" || continue
			ok=1
			break
		done
		[ -n "$ok" ] || echo "$names $min"
	done
}

describe_host_packages() {
	group=$1
}

host_packages_is_there() {
	[ -z "$(missing_packages "$group")" ]
}

host_apt() {
	DEBIAN_FRONTEND=noninteractive apt-get -y -o DPkg::Lock::Timeout=600 \
		-o Dpkg::Use-Pty=0 "$@"
}

# host_install [-t SUITE] PACKAGE...: installs packages, after a simulation has
# shown that apt does not change the kernel that this machine runs.
host_install() {
	_plan=$(host_apt -s --no-install-recommends install "$@" 2>&1) || {
		printf '%s\n' "$_plan" >&2
		die "apt cannot install: $*"
	}
	if printf '%s\n' "$_plan" |
	   grep -qE '^(Inst|Remv) linux-(image|binary)'; then
		printf '%s\n' "$_plan" >&2
		die "refusing: apt would change this machine's kernel"
	fi
	_count=$(printf '%s\n' "$_plan" | grep -c '^Inst ' || :)
	say "host-packages: installing $_count packages for: $*"
	quietly "$log" host_apt --no-install-recommends install "$@" ||
		die "apt-get install failed (see above, or $log)"
}

# enable_backports RELEASE: Debian 12 itself has a QEMU that is too old. Adds
# the backports suite, from the mirror that this machine's apt uses already.
enable_backports() {
	list=/etc/apt/sources.list.d/ccguest-$1-backports.sources
	# shellcheck disable=SC2016 # apt's own format
	if apt-get indextargets --format '$(RELEASE)' 'Created-By: Packages' |
	   grep -qx "$1-backports"; then
		return 0
	fi
	mirror=$(mirror_of Debian)
	say "host-packages: enabling $1-backports for QEMU in $list"
	cat >"$list" <<-EOF
	# Written by ccguest's selftests/vm/fetch: QEMU 9.1 or newer.
	Types: deb
	URIs: $mirror
	Suites: $1-backports
	Components: main
	Signed-By: $keyring
	EOF
	return 0
}

# first_candidate NAMES: sets chosen and have: the first of the names a|b|...
# that apt has, and its version.
first_candidate() {
	for chosen in $(echo "$1" | tr '|' ' '); do
		have=$(candidate_version "$chosen")
		[ -z "$have" ] || return 0
	done
	die "no package '$1' in this machine's apt sources" \
	    "(Debian 12 or 13 is needed; this is $(os_field PRETTY_NAME))"
}

# choose_packages: sorts the lines of $missing into $wanted, and $newer, which
# must come from the backports.
choose_packages() {
	wanted=
	newer=
	for line in $(echo "$missing" | tr ' ' '='); do
		min=${line#*=}
		first_candidate "${line%%=*}"
		if [ "$min" != - ] &&
		   dpkg --compare-versions "$have" lt "$min"; then
			newer="$newer $chosen"
		else
			wanted="$wanted $chosen"
		fi
	done
}

install_newer() {
	[ "$(os_field ID)" = debian ] ||
		die "QEMU here is too old, and this is not Debian: install" \
		    "QEMU 9.1 or newer by hand"
	codename=$(os_field VERSION_CODENAME)
	enable_backports "$codename"
	quietly "$log" host_apt update ||
		die "apt-get update failed with $codename-backports" \
		    "(see above, or $log)"
	# shellcheck disable=SC2086 # a list of package names
	host_install -t "$codename-backports" $newer
}

fetch_host_packages() {
	describe_host_packages "$1"
	if host_packages_is_there; then
		say "host-packages: everything is installed"
		return 0
	fi
	missing=$(missing_packages "$group")
	need_root "installing packages"
	command -v apt-get >/dev/null ||
		die "this machine has no apt-get; install by hand:" \
		    "$(echo "$missing" | cut -d' ' -f1 | tr '\n' ' ')"
	lock host-packages
	missing=$(missing_packages "$group")
	[ -n "$missing" ] || return 0
	log=$CCGUEST_CACHE/logs/host-packages.log
	say "host-packages: updating the package lists"
	quietly "$log" host_apt update ||
		die "apt-get update failed (see above, or $log): check this" \
		    "machine's apt sources"
	choose_packages
	[ -z "$newer" ] || install_newer
	# shellcheck disable=SC2086 # a list of package names
	[ -z "$wanted" ] || host_install $wanted
	missing=$(missing_packages "$group")
	[ -z "$missing" ] ||
		die "still missing after installation: $missing"
}
