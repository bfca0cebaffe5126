#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Logs as hosts may make them. The module shows a log without its padding; or
# it refuses the log with a line that has the offset, and shows nothing. The tests
# write the logs through /dev/mem, which CONFIG_STRICT_DEVMEM allows outside
# RAM.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

need_log
modprobe cc_event_log || skip_all "the module does not load here"
BASE=$(where base)
AREA=$(where size)
rmmod cc_event_log
physmem() {
	"$(dirname "$0")/physmem" "$1" "$BASE" "$AREA"
}
physmem read >"$TMP/original" 2>/dev/null ||
	skip_all "the log is in RAM, which /dev/mem does not give"
[ "$AREA" = 65536 ] || skip_all "the area is not one of 64 KiB"

ktap_print_header
ktap_set_plan $(($(find $GIVEN/logs/good $GIVEN/logs/bad -name '*.used' -o \
	-name '*.says' | wc -l) + 3))

for used in "$GIVEN"/logs/good/*.used; do
	log=${used%.used}
	physmem write <"$log"
	mark
	check "${log##*/}: shown without padding" \
		"modprobe cc_event_log && cmp $used $DIR/0/binary_measurements"
	rmmod cc_event_log
done
check "data behind the end is logged" \
	"dmesg | grep -q ': 6 bytes behind the end of the log, from offset 0x703, are no padding'"

for says in "$GIVEN"/logs/bad/*.says; do
	log=${says%.says}
	physmem write <"$log"
	mark
	check "${log##*/}: refused" \
		"! modprobe cc_event_log 2>/dev/null && [ ! -e $DIR ] &&
		since_mark | grep -q \"\$(cat $says)\" &&
		[ \$(since_mark | grep -c cc_event_log:) = 1 ]"
done

physmem write <"$TMP/original"
modprobe cc_event_log
physmem write <"$GIVEN/logs/bad/pattern"
check "the log in the module does not change with the memory" \
	"physmem read | cmp - $GIVEN/logs/bad/pattern &&
	cmp $GIVEN/log $DIR/0/binary_measurements"
rmmod cc_event_log
physmem write <"$TMP/original"
check "no content of a refused log is in the kernel's log" \
	"! dmesg | grep -q 'secret!'"
ktap_finished
