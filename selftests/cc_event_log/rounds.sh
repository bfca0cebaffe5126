#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Loads and unloads cc_event_log many times, alone and while other processes
# read its directories. The result depends on the kernel, not on the source of
# the log.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

need_log
ktap_print_header
ktap_set_plan 3

LOG=$DIR/0/binary_measurements

rounds() {
	i=0
	while [ $i -lt "$1" ]; do
		modprobe cc_event_log && cmp $GIVEN/log $LOG &&
			rmmod cc_event_log && [ ! -e $DIR ] || return 1
		i=$((i + 1))
	done
}
mark
check "30 rounds of load, read, unload" "rounds 30"

# Other processes walk through the directories and hold them. They open no file:
# the VFS warns if a file is opened during the unload of any module.
walkers() {
	while [ ! -e "$TMP/stop" ]; do
		stat $DIR/0/* >/dev/null 2>&1
		(cd $DIR/0 && ls -l) >/dev/null 2>&1
		find $DIR >/dev/null 2>&1
	done
}
walkers &
walkers &
n=0
i=0
while [ $i -lt 20 ]; do
	modprobe cc_event_log && n=$((n + 1))
	until rmmod cc_event_log 2>/dev/null; do
		:
	done
	i=$((i + 1))
done
: >"$TMP/stop"
wait
check "20 rounds while others read the directories" "[ $n = 20 ] && [ ! -e $DIR ]"
check "loads again after that" "rounds 1"

ktap_finished
