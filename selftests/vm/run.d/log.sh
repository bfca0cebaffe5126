# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # variables of ../run
#
# The event log of --log: how the guest of ../run finds it. Takes the variables
# of options.sh, scratch, and QEMU of ../lib/qemu.sh. Sets log_source, log_size,
# log_app (1 where secret-area.efi places the log), log_at and log_area (its
# address and the size of its memory); may set firmware, and adds to append.

# log_options: checks the options, and sets those that are left open.
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
	*)	die "--log-source $log_source: expected dt, uefi-dt, ccel or efi" ;;
	esac
}

# log_place ARGUMENT...: runs ../log-place; its output is in $_err.
log_place() {
	_err=$("$VM_DIR/log-place" "$@" 2>&1) || die "$_err"
}

# log_at dtb|acpi: sets log_at and log_area.
log_at() {
	log_place at "$1" "$log_spec" "$log_size"
	log_at=${_err% *}
	log_area=${_err#* }
}

# log_cmdline: keeps the kernel away from the log. Where no firmware reserves
# the memory of the log, the command line must. EDK2's memory map lacks the
# memory that a Device Tree reserves: without nokaslr, the kernel's EFI stub
# could put the kernel there.
log_cmdline() {
	case $log_source$log_app in
	uefi-dt)
		append="$append nokaslr" ;;
	ccel)
		log_at acpi
		case ,$log_spec, in
		*,unreserved,*)	;;
		*)	append="$append memmap=$log_area\$$log_at" ;;
		esac ;;
	esac
}

# qemu_log: QEMU puts the log into memory and tells the guest its address; or
# the EFI program does both.
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

# qemu_log_tree: QEMU's own Device Tree, with a node for the log added.
qemu_log_tree() {
	_err=$(eval "$QEMU -machine dumpdtb=$scratch/machine.dtb" 2>&1) ||
		die "QEMU does not give its device tree: $_err"
	log_place dtb "$log_spec" "$log_size" "$scratch/machine.dtb" \
		"$scratch/log.dtb"
	qemu_add -dtb "$scratch/log.dtb"
	[ "$log_source" = dt ] || qemu_add -machine acpi=off
}
