#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The table CCEL as a hostile host may make it: the address and size of the log,
# and the table's own length. The tests overwrite the table through /dev/mem,
# which CONFIG_STRICT_DEVMEM allows outside the kernel's RAM; the module reads
# it at each load.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

need_log
physmem() {
	"$(dirname "$0")/physmem" "$@"
}
CCEL=$(dmesg | sed -n 's/.*ACPI: CCEL \(0x[0-9A-F]*\) .*/\1/p')
[ -n "$CCEL" ] || skip_all "this guest has no table CCEL"
physmem read "$CCEL" 56 >"$TMP/ccel" 2>/dev/null ||
	skip_all "CCEL is in RAM, which /dev/mem does not give"
LEN=$((CCEL + 4)) SIZE=$((CCEL + 40)) BASE=$((CCEL + 48))
modprobe cc_event_log || skip_all "the module does not load here"
base=$(cat $DIR/0/base)
size=$(cat $DIR/0/size)
rmmod cc_event_log

ktap_print_header
ktap_set_plan 20

# refused TEXT WHY: the module does not load, and logs WHY in one line.
refused() {
	mark
	check "$1" "! modprobe cc_event_log 2>/dev/null && [ ! -e $DIR ] &&
	since_mark | grep -q \"cc_event_log: acpi:CCEL.*: refused: $2\" &&
	[ \$(since_mark | grep -c cc_event_log:) = 1 ]"
	physmem write "$CCEL" 56 <"$TMP/ccel"
}

# at TEXT BASE SIZE WHY: the same, with this address and size in the table.
at() {
	physmem put "$BASE" "$2"
	physmem put "$SIZE" "$3"
	refused "$1" "$4"
}

beyond="it is beyond the guest's own memory"
CODE=$(iomem 'Kernel code')
reserved="it is not in memory that firmware or Device Tree reserved"
at "address 0" 0 "$size" "the address is 0"
at "size 0" "$base" 0 "the size is 0"
at "odd address" $((base + 0x800)) 0x1000 "the address is not that of a page"
at "place that wraps" 0xfffffffffffff000 0x2000 "address and size overflow"
at "place at the end of all addresses" 0xfffffffffffff000 0x1000 "$beyond"
at "place beyond the physical address space" 0x80000000000000 "$size" \
	"$beyond"
at "size of 2^62" "$base" 0x4000000000000000 "$beyond"
at "size of 16 MiB and a page" "$base" 0x1001000 "it is larger than max_size"
at "size of 16 MiB" "$base" 0x1000000 "$reserved"
at "with RAM behind it" "$base" $((size * 2)) "$reserved"
at "with RAM in front of it" $((base - 0x1000)) "$size" "$reserved"
at "RAM" $((base + size)) "$size" "$reserved"
at "the kernel's image" "${CODE% *}" "$size" "$reserved"
at "the second page of memory" 0x1000 0x1000 "$reserved"
at "a device" 0xfee00000 0x1000 "$reserved"
at "address without memory" 0xa0000000 "$size" "$reserved"
at "size below that of a header" "$base" 31 "event 0: log: "
at "log cut off in an event" "$base" 100 "event 1: "

# the length, and the revision behind it
physmem put $LEN $(((0x1 << 32) | 55))
refused "a table that is too short" "the table is shorter than 56 bytes"

mark
check "the original table leads to the log again" \
	"modprobe cc_event_log && cmp $GIVEN/log $DIR/0/binary_measurements"
rmmod cc_event_log
ktap_finished
