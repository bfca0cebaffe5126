# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Functions that the tests of cc_event_log share.
#
# The tests need a guest that has a log, and these files about it in $GIVEN:
#	log	the part of the log that the module must show
#	source	the source of the log, a pattern of grep
#	show, show.json, replay, replay.json
#		the expected output of `ccguest log`
#	logs/	the output of make-logs
# ./guests starts such guests.

# shellcheck source-path=SCRIPTDIR source=../ktap.sh
. "$(dirname "$0")/ktap.sh"

GIVEN=/root/cc_event_log
DIR=/sys/kernel/security/cc_event_log
export GIVEN DIR

# need_log: tests call it first. It skips them where there is no log.
need_log() {
	[ "$(id -u)" = 0 ] || skip_all "run as root"
	modinfo cc_event_log >/dev/null 2>&1 || skip_all "no module cc_event_log"
	[ -e $GIVEN/log ] || skip_all "this guest has no log of ours"
}

# where base|size: the file of that name, in decimal. The module must be loaded.
where() {
	echo $(($(cat "$DIR/0/$1")))
}
