# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # variables of ../selftest
#
# Cases: secret areas and event logs are where the options put them.

secret_table() {
	python3 - >"$dir/secrets" <<-'EOF'
	import struct, sys, uuid
	entry = uuid.UUID("43ced044-42ec-487a-88b7-261bda359f24").bytes_le + \
	    struct.pack("<I", 25) + b"hello"
	header = uuid.UUID("1e74f542-71dd-4d66-963e-ef4287ff173b").bytes_le
	sys.stdout.buffer.write(
	    header + struct.pack("<I", 20 + len(entry)) + entry)
	EOF
}

case_area_amdsev() {
	secret_table
	# shellcheck disable=SC2046 # four numbers
	set -- $("$VM_DIR/efi/sev-footer" \
		"$CCGUEST_CACHE/firmware/OVMF.amdsev.fd")
	vm --secrets "$dir/secrets" --append iomem=relaxed \
		--exec "dd if=/dev/mem bs=1 skip=$(($1)) count=45 2>/dev/null"
	expect_status 0
	cmp "$dir/secrets" "$dir/out" || fail "the area has something else"
	vm --firmware amdsev --append iomem=relaxed --exec \
		"dd if=/dev/mem bs=1 skip=$(($1)) count=45 2>/dev/null"
	expect_status 0
	head -c 45 /dev/zero | cmp - "$dir/out" || fail "the area is not empty"
}

case_area_efi_app() {
	secret_table
	vm --secrets "$dir/secrets" --firmware ovmf --exec \
		'[ -d /sys/firmware/efi ] && dmesg | grep "EFI v2"'
	expect_status 0
	vm --secrets "$dir/secrets" --area ram,tables=10 --exec \
		'[ -d /sys/firmware/efi ]'
	expect_status 0
}

case_log_acpi() {
	seq 1 2000 >"$dir/log"
	for firmware in seabios ovmf; do
		set -- --file "$dir/log:/tmp/given/" --firmware $firmware
		# shellcheck disable=SC2016 # for the guest's shell
		vm --log "$dir/log" "$@" --exec '
			cd /sys/firmware/acpi/tables
			[ $(wc -c <CCEL) = 56 ] && [ $(wc -c <data/CCEL) = 65536 ]
			head -c $(wc -c </tmp/given/log) data/CCEL |
				cmp - /tmp/given/log'
		expect_status 0
	done
	vm --log "$dir/log" --log-spec base=0x12345000,size=0x42 --exec \
		'od -A n -t x8 -j 40 /sys/firmware/acpi/tables/CCEL'
	expect_status 0
	expect out '0000000000000042 0000000012345000'
}
