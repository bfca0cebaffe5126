#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Locators of the secret area as a hostile host may make them. The tests
# overwrite the area's address and size through /dev/mem; the module reads them
# at each load. ./boots runs these tests in a guest with iomem=relaxed: the
# locator is in ACPI's memory, which /dev/mem does not give otherwise.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

physmem() {
	"$(dirname "$0")/physmem" "$@"
}

# find_locator BASE SIZE: prints the address in ACPI's memory where the area's
# address is followed by its size.
find_locator() {
	iomem 'ACPI Tables' >"$TMP/acpi"
	while read -r start end; do
		line=$(physmem read "$start" $((end - start + 1)) |
			od -An -v -tx8 -w8 | tr -d ' ' | awk -v base="$1" \
			-v size="$2" 'last == base && $1 == size {
				print NR - 2; exit }; { last = $1 }')
		[ -z "$line" ] || {
			echo $((start + line * 8))
			return
		}
	done <"$TMP/acpi"
}

: "${FOUND_THROUGH:=EFI memory map}"
need_area
LOCATOR=$(find_locator "$(printf '%016x' $((AREA)))" \
	"$(printf '%016x' $((AREA_SIZE)))")
[ -n "$LOCATOR" ] || skip_all "the locator is not found, or not given"

ktap_print_header
ktap_set_plan 26

# at BASE SIZE: writes both into the locator.
at() {
	physmem put "$LOCATOR" "$1"
	physmem put $((LOCATOR + 8)) "$2"
}

# refused TEXT BASE SIZE WHY: the module does not load, and logs WHY in one
# line.
refused() {
	at "$2" "$3"
	mark
	check "$1" "! modprobe efi_secret 2>/dev/null && [ ! -e ${COCO%/coco} ] &&
	since_mark | grep -q \"efi_secret: $4\" &&
	[ \$(since_mark | grep -c efi_secret:) = 1 ]"
}

# invalid TEXT BASE SIZE WHY
invalid() {
	refused "$1" "$2" "$3" \
		"invalid secret area memory location (base 0x[0-9a-f]*, size 0x[0-9a-f]*): $4"
}

beyond="it is beyond the guest's own memory"
large='secret area \[mem .*\] is larger than 1048576 bytes'
ram='secret area \[mem .*\] overlaps System RAM'
nothing='secret area \[mem .*\] is not in memory that the firmware reserved'
CODE=$(iomem 'Kernel code')
invalid "area at 0" 0 "$AREA_SIZE" "the address is 0"
invalid "area of 0 bytes" "$AREA" 0 "the size is 0"
invalid "area of 19 bytes" "$AREA" 19 "it is too small to hold anything"
invalid "area that wraps" 0xfffffffffffff000 0x2000 "address and size overflow"
invalid "area at the end of all addresses" 0xfffffffffffff000 0x1000 "$beyond"
invalid "area beyond the physical address space" 0x7fffffffff000000 \
	"$AREA_SIZE" "$beyond"
invalid "area of 2^62 bytes" "$AREA" 0x4000000000000000 "$beyond"
refused "area of 1 GiB" "$AREA" 0x40000000 "$large"
refused "area of 1 MiB and a byte" "$AREA" 0x100001 "$large"
refused "RAM" 0x1000000 "$AREA_SIZE" "$ram"
refused "the kernel's image" "${CODE% *}" "$AREA_SIZE" "$ram"
refused "area that reaches into RAM" "$AREA" 0x100000 "$ram"
refused "a device" 0xfee00000 0x1000 "$nothing"
# Firmware also reserves addresses of devices. QEMU's q35 reserves the PCI
# configuration space, and the HyperTransport range of AMD's processors.
ECAM=$(iomem 'PCI \(ECAM\|MMCONFIG\) 0000 .*' | head -n 1)
ECAM=$((${ECAM% *}))
refused "the PCI configuration space" $ECAM 0x1000 "$nothing"
refused "the end of the PCI configuration space, and more" \
	$((ECAM + 0xffff000)) 0x2000 "$nothing"
refused "the HyperTransport range" 0xfd00000000 "$AREA_SIZE" "$nothing"
refused "half of it in the HyperTransport range" 0xfcfffff000 0x2000 "$nothing"
refused "an address without memory" 0xa0000000 "$AREA_SIZE" "$nothing"
refused "address 0 and size 0" 0 0 "the firmware's secret area is empty"
refused "area at an odd address" $((AREA + 3)) $((AREA_SIZE - 3)) \
	"secret area is not populated"
refused "area with a part of a header" "$AREA" 20 \
	"secret area is corrupted: table is longer than the area"

at "$AREA" "$AREA_SIZE"
put </dev/null
refused "area that is not populated" "$AREA" "$AREA_SIZE" \
	"secret area is not populated"
put <"$TMP/original"

mark
check "the original locator leads to the secrets again" \
	"modprobe efi_secret && [ \$(ls $COCO | wc -l) = 4 ]"
check "found through $FOUND_THROUGH" \
	"since_mark | grep -q 'found through $FOUND_THROUGH)'"
check "unloads" "rmmod efi_secret"
check "no file is left after the unload" "[ ! -e ${COCO%/coco} ]"
ktap_finished
