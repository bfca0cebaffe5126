# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034,SC2030,SC2031 # variables of ../fetch
#
# UEFI firmware of Debian's packages. Takes the functions of apt.sh.
# describe_firmware() sets release, arch, package, and files: a list of
# PATH-IN-PACKAGE:NAME-IN-CACHE.

describe_firmware() {
	arch=amd64
	case $1 in
	amdsev)
		release=sid
		package=ovmf-amdsev
		files='usr/share/ovmf/OVMF.amdsev.fd:OVMF.amdsev.fd' ;;
	ovmf)
		release=trixie
		package=ovmf
		files='usr/share/OVMF/OVMF_CODE_4M.fd:OVMF_CODE.fd
			usr/share/OVMF/OVMF_VARS_4M.fd:OVMF_VARS.fd' ;;
	arm64)
		release=trixie
		package=qemu-efi-aarch64
		files='usr/share/qemu-efi-aarch64/QEMU_EFI.fd:QEMU_EFI.fd
			usr/share/AAVMF/AAVMF_CODE.fd:AAVMF_CODE.fd
			usr/share/AAVMF/AAVMF_VARS.fd:AAVMF_VARS.fd' ;;
	*)	die "no firmware '$1': one of amdsev, ovmf, arm64" ;;
	esac
}

firmware_is_there() {
	for pair in $files; do
		[ -e "$CCGUEST_CACHE/firmware/${pair#*:}" ] || return 1
	done
}

fetch_firmware() (
	describe_firmware "$1"
	! firmware_is_there || exit 0
	lock "firmware-$1"
	! firmware_is_there || exit 0
	apt_state "$release" "$arch"
	workdir
	download "firmware $1" "$package"
	# shellcheck disable=SC2086 # a list of files
	unpack "$work/firmware" $debs
	cache_dir firmware
	for pair in $files; do
		[ -f "$work/firmware/${pair%%:*}" ] ||
			die "firmware $1: no ${pair%%:*} in $package"
		# -L: in the package it may be a link
		cp -L --sparse=always "$work/firmware/${pair%%:*}" "$work/${pair#*:}"
		publish "$work/${pair#*:}" "$CCGUEST_CACHE/firmware/${pair#*:}"
	done
	forget_debs
	say "firmware $1: ready"
)
