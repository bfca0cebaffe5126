# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034,SC2030,SC2031 # variables of ../fetch
#
# The userland of guests (busybox, kmod and the libraries of our tools), and
# dev-arm64: headers and libraries with which our tools are compiled for arm64.
# Takes the functions of apt.sh and root.sh. describe_sysroot() sets sysroot,
# arch, release, out and packages.

describe_sysroot() {
	sysroot=$1
	arch=${1#dev-}
	release=bookworm
	out=$CCGUEST_CACHE/sysroot/$1
	case $1 in
	amd64|arm64)
		packages='busybox-static dash kmod keyutils libcbor0.8 libfdt1
		libjson-c5 libkmod2 libkeyutils1 libssl3 libpci3' ;;
	dev-arm64)
		# The tools of these guests are built WITH_LIBXML2=no.
		packages="libc6-dev $(tools_libraries | grep -v '^libxml2-dev$' |
			tr '\n' ' ')" ;;
	*)	die "no sysroot '$1': one of amd64, arm64, dev-arm64" ;;
	esac
}

sysroot_is_there() {
	[ "$(cat "$out/packages" 2>/dev/null)" = "$packages" ]
}

# sysroot_installs: what apt would install on an empty system.
sysroot_installs() {
	# shellcheck disable=SC2086 # a list of package names
	apt-get -s --no-install-recommends install $packages \
		2>"$work/closure.err" | awk '$1 == "Inst" { print $2 }'
}

# sysroot_closure: of these, the packages that are needed. dev-*: headers and
# libraries, no programs. Others: kmod and our tools run without the rest.
sysroot_closure() {
	case $sysroot in
	dev-*)	sysroot_installs | grep -E '^(lib|linux-libc|zlib)' ;;
	*)	sysroot_installs |
			grep -vE '^(debconf|gcc-.*-base|pci\.ids|libc-bin)$' |
			grep -vE '^(perl.*|dpkg|tar|debianutils|libmd0)$' |
			grep -vE '^(libselinux1|libacl1|libpcre2-8-0)$' |
			grep -vE '^(libbz2-1.0)$' ;;
	esac
}

# sysroot_trim: removes unused files from $work/sysroot.
sysroot_trim() {
	case $sysroot in
	dev-*)	rm -rf "$work/sysroot/usr/share/doc" \
			"$work/sysroot/usr/share/man" ;;
	*)	rm -rf "$work/sysroot/usr/share" "$work/sysroot/etc/init.d" \
			"$work"/sysroot/usr/lib/*/gconv ;;
	esac
}

fetch_sysroot() (
	describe_sysroot "$1"
	! sysroot_is_there || exit 0
	lock "sysroot-$sysroot"
	! sysroot_is_there || exit 0
	apt_state "$release" "$arch"
	workdir
	closure=$(sysroot_closure) || closure=
	[ -n "$closure" ] || {
		cat "$work/closure.err" >&2
		die "sysroot $sysroot: apt cannot resolve the packages"
	}
	# shellcheck disable=SC2086 # a list of package names
	download "sysroot $sysroot" $closure
	# shellcheck disable=SC2086 # a list of files
	unpack "$work/sysroot" $debs
	sysroot_trim
	echo "$packages" >"$work/sysroot/packages"
	cache_dir sysroot
	publish "$work/sysroot" "$out"
	forget_debs
	say "sysroot $sysroot: ready"
)
