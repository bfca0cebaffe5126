#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# cc_event_log shows the log of its guest to root, and leaves nothing behind.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

need_log
ktap_print_header
ktap_set_plan 31

LOG=$DIR/0/binary_measurements
SIZE=$(wc -c <$GIVEN/log)

# as_nobody COMMAND: runs it as a user without rights.
as_nobody() {
	su -s /bin/sh nobody -c "$1" >/dev/null 2>&1
}

# said COMMAND FILE: the output of COMMAND is that of FILE in $GIVEN.
said() {
	$1 >"$TMP/said" && cmp "$TMP/said" "$GIVEN/$2"
}

mark
check "loads" "modprobe cc_event_log"
check "logs the log that it has found" \
	"since_mark | grep -q \"cc_event_log: \$(cat $GIVEN/source) at 0x[0-9a-f]*: [0-9]* events, $SIZE of \""
check "one log, and no other" "[ \"\$(ls $DIR)\" = 0 ]"
check "its files" \
	"[ \"\$(ls $DIR/0 | tr '\n' ' ')\" = 'base binary_measurements size source ' ]"
check "directories are 0755 root:root" \
	"[ \"\$(stat -c '%a %u:%g' $DIR $DIR/0 | uniq)\" = '755 0:0' ]"
check "files are 0440 root:root" \
	"[ \"\$(stat -c '%a %u:%g' $DIR/0/* | uniq)\" = '440 0:0' ]"
check "the log is the one that was put there, to its true end" \
	"cmp $GIVEN/log $LOG"
check "sizes of files are true" \
	"[ \"\$(stat -c %s $DIR/0/* | tr '\n' ' ')\" = \
	\"\$(for f in $DIR/0/*; do cat \$f | wc -c; done | tr '\n' ' ')\" ]"
check "byte by byte" \
	"head -c 3000 $GIVEN/log >$TMP/head;
	dd if=$LOG bs=1 count=3000 2>/dev/null | cmp - $TMP/head"
check "from the middle" \
	"dd if=$GIVEN/log bs=1 skip=33 count=40 2>/dev/null >$TMP/part;
	dd if=$LOG bs=1 skip=33 count=40 2>/dev/null | cmp - $TMP/part"
check "a read behind the end has no bytes" \
	"[ -z \"\$(dd if=$LOG bs=1 skip=$SIZE 2>/dev/null)\" ]"
check "source" "grep -qx \"\$(cat $GIVEN/source)\" $DIR/0/source"
check "base and size are numbers, of memory that is not too small" \
	"grep -qx '0x[1-9a-f][0-9a-f]*' $DIR/0/base &&
	grep -qx '[1-9][0-9]*' $DIR/0/size && [ \$(where size) -ge $SIZE ]"
check "others see that there is a log" "as_nobody 'ls $DIR/0'"
for file in binary_measurements source base size; do
	check "others cannot read $file" "! as_nobody 'cat $DIR/0/$file'"
done
check "cannot be written" \
	"! dd if=/dev/zero of=$LOG count=1 conv=notrunc 2>/dev/null"
check "cannot be truncated" \
	"! dd if=/dev/null of=$LOG 2>/dev/null && cmp $GIVEN/log $LOG"
check "nothing can be created, renamed or removed" \
	"! mkdir $DIR/1 2>/dev/null && ! touch $DIR/0/x 2>/dev/null &&
	! mv $LOG $DIR/0/x 2>/dev/null && ! rm -f $LOG 2>/dev/null &&
	! rmdir $DIR/0 2>/dev/null && cmp $GIVEN/log $LOG"

# On the file: for the guest's own log it also shows the Device Tree.
for verb in show replay; do
	check "ccguest log $verb" "said 'ccguest -q log $verb $LOG' $verb"
	check "ccguest log $verb --json" \
		"said 'ccguest -q log $verb --json=short $LOG' $verb.json"
done
# On the guest's own log; the module counts the header too.
check "as many events as the module has found" \
	"n=\$(ccguest -q log show --json | grep -c '\"event\":') &&
	since_mark | grep -q \": \$((n + 1)) events, \""

exec 5<"$LOG"
check "does not unload while a file is open" \
	"! rmmod cc_event_log 2>/dev/null && cmp $GIVEN/log - <&5"
exec 5<&-
check "a directory that is held outlives the module" \
	"(cd $DIR/0 && rmmod cc_event_log && ! ls source 2>/dev/null &&
	! cat binary_measurements 2>/dev/null)"
check "no file is left after the unload" "[ ! -e $DIR ]"
mark
check "a log larger than max_size is refused" \
	"! modprobe cc_event_log max_size=$((SIZE - 1)) 2>/dev/null &&
	since_mark | grep -q 'refused: it is larger than max_size' &&
	[ ! -e $DIR ]"
mark
check "max_size has bounds" \
	"! modprobe cc_event_log max_size=0 2>/dev/null &&
	! modprobe cc_event_log max_size=268435457 2>/dev/null &&
	[ \$(since_mark | grep -c 'cc_event_log: max_size is ') = 2 ]"

ktap_finished
