# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034,SC2030,SC2031 # variables of ../fetch
#
# Build roots: Debian systems in which kernels, modules and tools are built,
# installed or tested. Takes VM_DIR, keyring and the functions of apt.sh and
# kernel.sh. describe_root() sets name, release, arch, root and packages.

# tools_libraries: the libraries that our tools are built with.
tools_libraries() {
	awk '$1 == "demo" && $2 ~ /^lib.*-dev$/ { print $2 }' "$VM_DIR/packages"
}

# root_packages NAME: the packages of a root. The kernel headers are not among
# them: they come with each kernel.
root_packages() {
	common='bc bison ca-certificates cpio dkms flex gcc kmod libc6-dev
		libelf-dev libssl-dev make mount pahole pkg-config rsync sparse xz-utils zstd'
	case $1 in
	bookworm)
		echo "$common" gcc-12 gcc-12-aarch64-linux-gnu \
			gcc-aarch64-linux-gnu libc6-dev-arm64-cross ;;
	trixie)
		echo "$common" gcc-14 gcc-14-aarch64-linux-gnu \
			gcc-aarch64-linux-gnu libc6-dev-arm64-cross
		root_tests_packages ;;
	sid)
		# No kernel is built here: the newest compiler and libraries.
		echo gcc libc6-dev make pkg-config
		root_tests_packages ;;
	trixie-dkms)
		# A real system, in which users build modules and tools.
		echo ca-certificates dbus dkms gcc initramfs-tools kmod \
			libc6-dev login make openssl pkg-config systemd \
			systemd-sysv udev xz-utils zstd
		tools_libraries ;;
	*-user)
		# only the packages that README names, so that a package
		# missing there is missing here
		install_packages ;;
	*)	die "no build root '$1': one of bookworm, trixie, trixie-dkms," \
		    "bookworm-user, trixie-user, sid" ;;
	esac
}

# root_tests_packages: what ../root-tests needs beside a compiler and make.
root_tests_packages() {
	echo cryptsetup-bin kmod mandoc mount openssl python3
	tools_libraries
}

# root_kernels NAME: the kernels, with headers, of the roots that are like a
# user's system. They are chosen when the root is made, and stay.
root_kernels() {
	case $1 in
	bookworm-user)	_wanted='6.1 6.12' ;;
	trixie-user)	_wanted='6.12 7' ;;
	trixie-dkms)	_wanted='6.12 7.2,7' ;;
	*)		return 0 ;;
	esac
	for series in $_wanted; do
		kernel_resolve cloud-amd64 "$series" ||
			die "root $1: no cloud-amd64 kernel of series" \
			    "$series in $release"
		echo "$headers $image"
		# the package that users install, where it is another one
		[ -z "$(package_version "linux-image-$rel")" ] ||
			echo "linux-image-$rel"
	done
	[ "$release" = bookworm ] || echo "linux-base/$release-backports"
}

# root_missing DIR PACKAGE...: those that are not installed in a root.
root_missing() {
	_root=$1
	shift
	# shellcheck disable=SC2016 # dpkg-query's own format
	dpkg-query --admindir="$_root/var/lib/dpkg" -W \
		-f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
		awk -v wanted="$*" '
		$1 == "installed" { have[$2] = 1 }
		END {
			n = split(wanted, name, " ")
			for (i = 1; i <= n; i++)
				if (!(name[i] in have))
					printf "%s ", name[i]
		}'
}

# root_install NAME PACKAGE...: installs into a root, with this machine's apt
# and the private state; dpkg and the maintainer scripts run inside.
root_install() {
	_name=$1
	_root=$CCGUEST_CACHE/roots/$1
	shift
	_missing=$(root_missing "$_root" "$@")
	[ -n "$_missing" ] || return 0
	release=${_name%%-*}
	arch=amd64
	apt_state "$release" "$arch"
	say "root $_name: installing $_missing"
	_tries=2
	while :; do
		_tries=$((_tries - 1))
		# shellcheck disable=SC2086 # a list of package names
		if quietly "$CCGUEST_CACHE/logs/root-$_name.log" \
			root_apt "$_root" install $_missing; then
			break
		fi
		[ "$_tries" -gt 0 ] ||
			die "root $_name: cannot install $_missing" \
			    "(see above, or $CCGUEST_CACHE/logs/root-$_name.log)"
		apt_state_update "$release" "$arch"
	done
	rm -f "$_root"/var/cache/apt/archives/*.deb
}

# root_apt DIR ARGUMENT...: apt-get on the root in DIR.
root_apt() {
	# shellcheck disable=SC2016 # expanded by the inner shell
	unshare --mount --propagation private sh -ec '
		root=$1
		shift
		mount -t proc proc "$root/proc"
		mkdir -p "$root/var/cache/apt/archives/partial" \
			"$root/var/log/apt"
		exec apt-get -y --no-install-recommends \
			-o Dpkg::Use-Pty=0 \
			-o DPkg::Chroot-Directory="$root" \
			-o Dir::State::status="$root/var/lib/dpkg/status" \
			-o Dir::State::extended_states="$root/var/lib/apt/extended_states" \
			-o Dir::Cache::archives="$root/var/cache/apt/archives" \
			-o Dir::Log="$root/var/log/apt" "$@"
	' root_apt "$@"
}

describe_root() {
	name=$1
	release=${name%%-*}
	arch=amd64
	root=$CCGUEST_CACHE/roots/$name
	packages=$(root_packages "$name") || exit 2
}

# user_root_is_stale: a user's root has nothing but the packages that README
# names. So it is made anew where README names others.
user_root_is_stale() {
	case $name in
	*-user)	[ -d "$root" ] && [ "$packages" != \
			"$(cat "$root/etc/ccguest-packages" 2>/dev/null)" ] ;;
	*)	return 1 ;;
	esac
}

root_is_there() {
	# shellcheck disable=SC2086 # a list of package names
	[ -d "$root" ] && [ -z "$(root_missing "$root" $packages)" ] &&
		! user_root_is_stale
}

# root_make: the root of describe_root, in the scratch folder, then published.
root_make() {
	apt_state "$release" "$arch"
	kernels=$(root_kernels "$name")
	workdir
	cache_dir roots
	say "root $name: making it with mmdebstrap (about a minute)"
	# shellcheck disable=SC2086,SC2046 # lists of package names
	(
		unset APT_CONFIG
		quietly "$CCGUEST_CACHE/logs/root-$name.log" \
		mmdebstrap --mode=root --variant=apt --arch=amd64 \
			--aptopt="$CCGUEST_CACHE/apt/$release-amd64/acquire.conf" \
			--aptopt='Acquire::Languages "none"' \
			--include="$(echo $packages $kernels | tr ' ' ',')" \
			--dpkgopt='path-exclude=/usr/share/doc/*' \
			--dpkgopt='path-exclude=/usr/share/man/*' \
			--dpkgopt='path-exclude=/usr/share/locale/*' \
			"$release" "$work/root" \
			"$CCGUEST_CACHE/apt/$release-amd64/sources.list"
	) || die "root $name: mmdebstrap failed (see above, or" \
		 "$CCGUEST_CACHE/logs/root-$name.log)"
	echo "$packages" >"$work/root/etc/ccguest-packages"
	publish "$work/root" "$root"
	say "root $name: ready"
}

fetch_root() (
	describe_root "$1"
	! root_is_there || exit 0
	need_root "making a build root"
	command -v mmdebstrap >/dev/null ||
		die "no mmdebstrap: run 'selftests/vm/fetch host-packages'"
	lock "root-$name"
	! user_root_is_stale || rm -rf "$root"
	if [ ! -d "$root" ]; then
		root_make
	else
		# shellcheck disable=SC2086 # a list of package names
		root_install "$name" $packages
	fi
)
