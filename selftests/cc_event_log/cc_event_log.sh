#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# cc_event_log shows the log of its guest to root only, and removes its files.

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

# said COMMAND FILE: the output of COMMAND is the content of FILE in $GIVEN.
said() {
	$1 >"$TMP/said" && cmp "$TMP/said" "$GIVEN/$2"
}

mark
check "loads" "modprobe cc_event_log"
check "the kernel's log has the source and size of the log" \
	"since_mark | grep -q \"cc_event_log: \$(cat $GIVEN/source) at 0x[0-9a-f]*: [0-9]* events, $SIZE of \""
check "exactly one log" "[ \"\$(ls $DIR)\" = 0 ]"
check "its files" \
	"[ \"\$(ls $DIR/0 | tr '\n' ' ')\" = 'base binary_measurements size source ' ]"
check "directories are 0755 root:root" \
	"[ \"\$(stat -c '%a %u:%g' $DIR $DIR/0 | uniq)\" = '755 0:0' ]"
check "files are 0440 root:root" \
	"[ \"\$(stat -c '%a %u:%g' $DIR/0/* | uniq)\" = '440 0:0' ]"
check "binary_measurements is the guest's log without padding" \
	"cmp $GIVEN/log $LOG"
check "stat() returns the sizes of the files" \
	"[ \"\$(stat -c %s $DIR/0/* | tr '\n' ' ')\" = \
	\"\$(for f in $DIR/0/*; do cat \$f | wc -c; done | tr '\n' ' ')\" ]"
check "read byte by byte" \
	"head -c 3000 $GIVEN/log >$TMP/head;
	dd if=$LOG bs=1 count=3000 2>/dev/null | cmp - $TMP/head"
check "read from the middle" \
	"dd if=$GIVEN/log bs=1 skip=33 count=40 2>/dev/null >$TMP/part;
	dd if=$LOG bs=1 skip=33 count=40 2>/dev/null | cmp - $TMP/part"
check "a read after the end returns no bytes" \
	"[ -z \"\$(dd if=$LOG bs=1 skip=$SIZE 2>/dev/null)\" ]"
check "source" "grep -qx \"\$(cat $GIVEN/source)\" $DIR/0/source"
check "base and size are numbers, and the size is large enough" \
	"grep -qx '0x[1-9a-f][0-9a-f]*' $DIR/0/base &&
	grep -qx '[1-9][0-9]*' $DIR/0/size && [ \$(where size) -ge $SIZE ]"
check "other users can list the directory of the log" "as_nobody 'ls $DIR/0'"
for file in binary_measurements source base size; do
	check "other users cannot read $file" "! as_nobody 'cat $DIR/0/$file'"
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
check "the command finds as many events as the module" \
	"n=\$(ccguest -q log show --json | grep -c '\"event\":') &&
	since_mark | grep -q \": \$((n + 1)) events, \""

exec 5<"$LOG"
check "does not unload while a file is open" \
	"! rmmod cc_event_log 2>/dev/null && cmp $GIVEN/log - <&5"
exec 5<&-
check "the module unloads while a process holds a directory" \
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
