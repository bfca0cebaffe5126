# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034,SC2030,SC2031 # variables of ../fetch
#
# Debian's kernel source, which also has kselftest and checkpatch. Takes the
# functions of apt.sh. describe_source() sets release, arch and out.

describe_source() {
	[ "$1" = 6.12 ] || die "no source '$1': expected 6.12"
	release=bookworm
	arch=amd64
	out=$CCGUEST_CACHE/src/linux-$1
}

source_is_there() {
	[ -e "$out/Makefile" ]
}

fetch_source() (
	describe_source "$1"
	! source_is_there || exit 0
	lock "source-$1"
	! source_is_there || exit 0
	apt_state "$release" "$arch"
	workdir
	version=$(package_version "linux-source-$1")
	[ -n "$version" ] ||
		die "source $1: $release-backports has no linux-source-$1"
	download "source $1" "linux-source-$1"
	say "source $1: unpacking $version (1.5 GB)"
	mkdir "$work/src"
	# shellcheck disable=SC2086 # one file
	dpkg-deb --fsys-tarfile $debs |
		tar -xO "./usr/src/linux-source-$1.tar.xz" |
		tar -xJ -C "$work/src" --strip-components=1
	[ -e "$work/src/Makefile" ] || die "source $1: cannot unpack $debs"
	echo "$version" >"$work/src/.ccguest-version"
	cache_dir src
	publish "$work/src" "$out"
	forget_debs
	say "source $1: ready"
)
