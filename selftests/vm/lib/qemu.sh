# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # variables of ../run
#
# Puts QEMU's command line together, for ../run and ../run-dkms. Each function
# adds the words for one concern. Takes arch, memory, smp, mode, firmware,
# secrets, secrets_size, area and the other variables of ../run.d; sets QEMU
# (the words so far, quoted for eval), accel (kvm or tcg) and efi_app.

QEMU=

# qemu_add WORD...: adds words to QEMU.
qemu_add() {
	for _word; do
		case $_word in
		''|*[!A-Za-z0-9/._+,=:@%-]*)
			_word=\'$(printf '%s.' "$_word" |
				sed "s/'/'\\\\''/g")
			_word=${_word%.}\' ;;
		esac
		QEMU="$QEMU $_word"
	done
}

# qemu_value TEXT: TEXT as the value of a QEMU option: each comma is doubled.
qemu_value() {
	printf '%s' "$1" | sed 's/,/,,/g'
}

# can_kvm: whether the processor has virtualisation. A /dev/kvm that opens
# proves nothing: on some machines it does, and each guest dies at once.
can_kvm() {
	[ "$arch" = amd64 ] &&
		grep -qE '^flags.* (vmx|svm)( |$)' /proc/cpuinfo &&
		(: <>/dev/kvm) 2>/dev/null
}

qemu_machine() {
	case $arch in
	amd64)	qemu_add qemu-system-x86_64 -machine q35 ;;
	arm64)	qemu_add qemu-system-aarch64 -machine virt,gic-version=3 ;;
	esac
	_qemu=${QEMU%% -*}
	command -v "${_qemu# }" >/dev/null ||
		die "no${_qemu}: run 'selftests/vm/fetch host-packages'"
	if can_kvm; then
		accel=kvm
		qemu_add -accel kvm -cpu host
	else
		accel=tcg
		qemu_add -accel tcg,thread=multi
		case $arch in
		# Without monitor=off, OVMF's other processors wait in a
		# busy loop, in memory that the kernel overwrites when it
		# resumes
		amd64)	qemu_add -cpu max,monitor=off ;;
		# the emulation of the architecture's own pointer
		# authentication takes most of the time
		arm64)	qemu_add -cpu max,pauth-impdef=on ;;
		esac
	fi
	qemu_add -m "$memory" -smp "$smp" -no-user-config -nodefaults \
		-display none -monitor none -no-reboot
}

# qemu_ports: the guest's channels to the host. Only the kernel writes to the
# console.
qemu_ports() {
	qemu_add -chardev "file,id=serial,path=$serial" -serial chardev:serial
	qemu_add -device virtio-serial-pci,id=ports,max_ports=8
	qemu_port verdict file "$logs/verdict"
	qemu_port log file "$logs/dmesg"
	[ "$mode" = shell ] || qemu_port pulse file "$logs/pulse"
	case $mode in
	test)	qemu_port ktap file "$stream" ;;
	exec)	qemu_port out file "$stream" ;;
	shell)	qemu_add -chardev stdio,id=tty,signal=off \
			-device virtconsole,chardev=tty ;;
	esac
}

# qemu_port NAME BACKEND PATH: a virtio-serial port org.ccguest.NAME.
qemu_port() {
	qemu_add -chardev "$2,id=$1,path=$3" \
		-device "virtserialport,chardev=$1,name=org.ccguest.$1"
}

# qemu_qmp: a QMP monitor for the agent, which learns of QEMU's end by it, and
# one for the user.
qemu_qmp() {
	[ -z "$ask" ] || qemu_add -qmp "unix:$sockets/qmp"
	[ -z "$qmp" ] ||
		qemu_add -qmp "unix:$(qemu_value "$qmp"),server=on,wait=off"
}

# qemu_ask: the channel to the agent, and root ports for the drives that it
# plugs: QEMU cannot unplug a device of the root bus.
qemu_ask() {
	qemu_add -chardev "socket,id=ask,path=$sockets/ask" \
		-device virtserialport,chardev=ask,name=org.ccguest.ask
	for _n in 1 2 3 4; do
		qemu_root_port "port$_n"
	done
}

# qemu_root_port ID: adds the next root port.
qemu_root_port() {
	root_ports=$((${root_ports-0} + 1))
	qemu_add -device "pcie-root-port,id=$1,bus=pcie.0,addr=$(printf '%#x' \
		$((15 + root_ports))),chassis=$root_ports,slot=$root_ports"
}

# qemu_drives: the drives of $drives, in the next slot of the root bus, or in a
# root port.
qemu_drives() {
	_slot=3
	# shellcheck disable=SC2086 # numbers
	set -- ${responder_ports-}
	while read -r _name _port; do
		# QEMU takes addr= as hexadecimal, with 0x or without
		_bus=pcie.0,addr=$(printf '%#x' $_slot)
		case $_port in
		*,hotplug)
			_bus=port-$_name
			_port=${_port%,*}
			qemu_root_port "$_bus" ;;
		responder)
			_port=${1-PORT}
			[ $# = 0 ] || shift
			_slot=$((_slot + 1)) ;;
		*)	_slot=$((_slot + 1)) ;;
		esac
		qemu_drive "$_name" "$_bus" "$_port"
	done <<-EOF
	${drives%"$newline"}
	EOF
}

qemu_drive() {
	truncate -s 1M "$scratch/disk-$1"
	qemu_add -blockdev "raw,node-name=disk-$1,file.driver=file,file.filename=$(qemu_value "$scratch/disk-$1")" \
		-device "nvme,id=$1,drive=disk-$1,serial=$1,bus=$2,spdm_port=$3"
}

# qemu_swap: a disk that the guest knows as /dev/vda, at the end of the root bus.
qemu_swap() {
	truncate -s "${swap}M" "$scratch/swap"
	qemu_add -blockdev "raw,node-name=swap,file.driver=file,file.filename=$(qemu_value "$scratch/swap")" \
		-device virtio-blk-pci,drive=swap,addr=0x1d
}

# qemu_boot: QEMU starts the kernel; or it starts secret-area.efi, which makes a
# secret area or places a log, and finds the kernel in fw_cfg.
qemu_boot() {
	[ -z "$log" ] || qemu_log
	if [ -z "$area$log_app" ]; then
		qemu_add -kernel "$kernel/vmlinuz" -initrd "$scratch/initrd" \
			-append "$cmdline"
		return 0
	fi
	printf '%s' "$cmdline" >"$scratch/cmdline"
	build_secret_area_efi
	qemu_add -kernel "$efi_app"
	[ -z "$area" ] || {
		_err=$(area_request 2>&1 >"$scratch/area") || die "$_err"
		qemu_file area "$scratch/area"
	}
	[ -z "$secrets" ] || qemu_file secret "$secrets"
	qemu_file kernel "$kernel/vmlinuz"
	qemu_file initrd "$scratch/initrd"
	qemu_file cmdline "$scratch/cmdline"
}

# qemu_file NAME FILE: a file in fw_cfg for secret-area.efi.
qemu_file() {
	qemu_add -fw_cfg "name=opt/org.ccguest/$1,file=$(qemu_value "$2")"
}

qemu_firmware() {
	_fw=$CCGUEST_CACHE/firmware
	case $firmware in
	seabios|none) ;;
	ovmf)	# a variable store of its own: runs must not share it
		cp "$_fw/OVMF_VARS.fd" "$scratch/vars.fd"
		qemu_add -drive "if=pflash,format=raw,unit=0,readonly=on,file=$_fw/OVMF_CODE.fd" \
			-drive "if=pflash,format=raw,unit=1,file=$scratch/vars.fd" ;;
	arm64)	qemu_add -bios "$_fw/QEMU_EFI.fd" ;;
	amdsev)	qemu_add -bios "$_fw/OVMF.amdsev.fd"
		qemu_amdsev "$_fw/OVMF.amdsev.fd" ;;
	esac
}

# qemu_amdsev FIRMWARE: secrets where an SEV launch puts them in the guest's
# memory. The firmware starts a kernel only if there is a table of hashes.
qemu_amdsev() {
	_places=$("$VM_DIR/efi/sev-footer" "$1") ||
		die "cannot read where $1 has its secret area"
	# shellcheck disable=SC2086 # four numbers
	set -- $_places
	"$VM_DIR/efi/sev-footer" --hashes "$4" >"$scratch/hashes" ||
		die "cannot make the table of hashes"
	qemu_add -device \
		"loader,file=$scratch/hashes,addr=$3,force-raw=on"
	[ -n "$secrets" ] || return 0
	[ "$secrets_size" -le $(($2)) ] ||
		die "--secrets $secrets has $secrets_size bytes; the firmware's" \
		    "secret area has $(($2)): make it smaller, or use" \
		    "--firmware ovmf"
	qemu_add -device \
		"loader,file=$(qemu_value "$secrets"),addr=$1,force-raw=on"
}

#
# The secret area of secret-area.efi
#

# area_request: translates --area into the struct area_request of
# efi/secret-area.c, on stdout.
area_request() {
	python3 - "$area" "$secrets_size" <<-'EOF'
	import struct, sys
	types = {"reserved": 0, "loader": 2, "ram": 4, "runtime": 6, "acpi": 9}
	spec, secret_size = sys.argv[1], int(sys.argv[2])
	memory, flags, padding = 0, 0, 0
	size = max(0xc00, secret_size)
	n = {"base": 0, "size": 0, "offset": 0, "locator": 0, "ballast": 0}
	bits = {"base": 2, "size": 4, "offset": 0, "locator": 8, "ballast": 0}
	for word in spec.split(","):
	    name, _, value = word.partition("=")
	    try:
	        if name == "none" and not value:
	            flags |= 1
	        elif name in types and not value:
	            memory = types[name]
	        elif name == "tables":
	            padding = int(value, 0)
	        elif name in n:
	            n[name] = int(value, 0)
	            flags |= bits[name]
	        else:
	            raise ValueError
	        if not 0 <= padding < 1 << 16 or \
	           not all(0 <= v < 1 << 64 for v in n.values()):
	            raise ValueError
	    except ValueError:
	        sys.exit("--area: unknown word '%s' (run --help)" % word)
	if not flags & 4:
	    n["size"], flags = size, flags | 4
	sys.stdout.buffer.write(struct.pack(
	    "<IIIIQQQQQQ", 0x61726561, memory, flags, padding,
	    (size + 4095) // 4096, n["base"], n["size"], n["offset"],
	    n["locator"], (n["ballast"] + 4095) // 4096))
	EOF
}

# build_secret_area_efi: sets efi_app, the path of secret-area.efi for the
# architecture; builds it when its source has changed.
build_secret_area_efi() {
	case $arch in
	amd64)	_target=x86_64 ;;
	arm64)	_target=aarch64 ;;
	esac
	_sum=$(cat "$VM_DIR/efi/secret-area.c" "$VM_DIR/efi/uefi.h" |
		sha256sum | cut -c1-16)
	efi_app=$CCGUEST_CACHE/firmware/secret-area-$arch-$_sum.efi
	[ ! -e "$efi_app" ] || return 0
	for _tool in clang lld-link; do
		command -v $_tool >/dev/null ||
			die "no $_tool, which secret-area.efi needs: run" \
			    "'selftests/vm/fetch host-packages'"
	done
	cache_dir firmware
	clang --target="$_target-unknown-windows" -std=gnu11 -O2 -Wall -Wextra \
		-Werror -ffreestanding -fno-builtin -fno-stack-protector \
		-fshort-wchar -mno-red-zone -nostdlib -fuse-ld=lld-link \
		-Wl,-entry:efi_main -Wl,-subsystem:efi_application \
		-o "$scratch/secret-area.efi" "$VM_DIR/efi/secret-area.c" >&2 ||
		die "cannot build efi/secret-area.c"
	mv "$scratch/secret-area.efi" "$efi_app"
}
