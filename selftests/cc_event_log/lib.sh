# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Shared by the tests of cc_event_log; sourced from the directory of the test.
#
# They need a guest that has a log, and in $GIVEN what its makers know of it:
#	log	the part of it that is to be shown
#	source	who names it, a pattern of grep
#	show, show.json, replay, replay.json
#		what `ccguest log` says of it
#	logs/	what make-logs makes
# ./guests starts such guests.

# shellcheck source-path=SCRIPTDIR source=../ktap.sh
. "$(dirname "$0")/ktap.sh"

GIVEN=/root/cc_event_log
DIR=/sys/kernel/security/cc_event_log
export GIVEN DIR

# Tests call this first; it ends them where there is nothing to test with.
need_log() {
	[ "$(id -u)" = 0 ] || skip_all "run as root"
	modinfo cc_event_log >/dev/null 2>&1 || skip_all "no module cc_event_log"
	[ -e $GIVEN/log ] || skip_all "this guest has no log of ours"
}

# where NAME: one of base, size; in decimal, of a module that is loaded.
where() {
	echo $(($(cat "$DIR/0/$1")))
}
