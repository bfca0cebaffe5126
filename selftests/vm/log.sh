# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # variables of ./run
#
# Event logs: where a guest finds the one of --log. Sourced by ./run, whose
# variables it reads.

# Checks the options and sets what they leave open: log_source, firmware, and
# log_app where secret-area.efi is to place the log.
log_options() {
	if [ -z "$log" ]; then
		[ -z "$log_source$log_spec" ] ||
			die "--log-source and --log-spec go with --log"
		return 0
	fi
	[ -f "$log" ] || die "--log $log: there is no such file"
	log_size=$(wc -c <"$log") || die "--log $log: it cannot be read"
	if [ -z "$log_source" ]; then
		case $arch:$secrets$area in
		arm64:)	log_source=dt ;;
		*)	log_source=ccel ;;
		esac
	fi
	case $arch:$log_source:$firmware in
	arm64:dt:)
		[ -z "$secrets$area" ] ||
			die "a secret area needs firmware: --log-source" \
			    "uefi-dt or ccel"
		firmware=none ;;
	arm64:uefi-dt:)	;;
	arm64:ccel:|arm64:efi:|amd64:ccel:ovmf|amd64:efi:ovmf)
		log_app=1 ;;
	amd64:efi:)
		[ -z "$secrets" ] || [ -n "$area" ] ||
			die "--log-source efi needs --firmware ovmf"
		firmware=ovmf
		log_app=1 ;;
	amd64:ccel:)
		[ -z "$area" ] || log_app=1 ;;
	amd64:ccel:*)	;;
	arm64:*:?*)	die "--firmware $firmware: $id has its one firmware" ;;
	*:dt:*|*:uefi-dt:*|*:ccel:*|*:efi:*)
		die "--log-source $log_source: not for $arch with" \
		    "${firmware:-its} firmware (run --help)" ;;
	*)	die "--log-source $log_source: dt, uefi-dt, ccel or efi" ;;
	esac
}

log_place() {
	_err=$("$VM_DIR/log-place" "$@" 2>&1) || die "$_err"
}

# log_at dtb|acpi: sets log_at and log_area.
log_at() {
	log_place at "$1" "$log_spec" "$log_size"
	log_at=${_err% *}
	log_area=${_err#* }
}

# Without firmware to say so, nothing but the command line reserves memory; and
# EDK2's map of the memory lacks what a tree reserves, so that the kernel's EFI
# stub, at random, would put the kernel there.
log_cmdline() {
	case $log_source$log_app in
	uefi-dt)
		append="${append-} nokaslr" ;;
	ccel)
		log_at acpi
		case ,$log_spec, in
		*,unreserved,*)	;;
		*)	append="${append-} memmap=$log_area\$$log_at" ;;
		esac ;;
	esac
}

# QEMU puts the log into memory, and says where; or the EFI program does both.
qemu_log() {
	if [ -n "$log_app" ]; then
		log_place efi "$log_source" "$log_spec" "$log_size" \
			"$scratch/log-request"
		qemu_file log-request "$scratch/log-request"
		qemu_file log "$log"
		return 0
	fi
	case $log_source in
	ccel)
		log_at acpi
		log_place acpi "$log_spec" "$log_size" "$scratch/ccel"
		qemu_add -acpitable "sig=CCEL,rev=1,data=$scratch/ccel" ;;
	*)
		log_at dtb
		qemu_log_tree ;;
	esac
	[ "$log_size" = 0 ] || qemu_add -device \
		"loader,file=$(qemu_value "$log"),addr=$log_at,force-raw=on"
}

# The tree that QEMU would give, and a node.
qemu_log_tree() {
	_err=$(eval "$QEMU -machine dumpdtb=$scratch/machine.dtb" 2>&1) ||
		die "QEMU does not give its device tree: $_err"
	log_place dtb "$log_spec" "$log_size" "$scratch/machine.dtb" \
		"$scratch/log.dtb"
	qemu_add -dtb "$scratch/log.dtb"
	[ "$log_source" = dt ] || qemu_add -machine acpi=off
}
