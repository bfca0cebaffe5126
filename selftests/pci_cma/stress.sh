#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Events that come at the same time, suddenly, very often or never. The rig's
# gates find the leaks, locks and reports that they cause.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

GOOD=--slot=0=@certs@/p384/good.der
WRITERS=8
TOGGLES=25
LIVES=100
ROUNDS=1000
GROWTH=200	# kB
# KASAN keeps freed memory for a while; kmemleak finds memory that is lost
[ ! -e /sys/kernel/debug/kmemleak ] || GROWTH=16000

# Sleeps for a random time of up to so many milliseconds.
some_ms() {
	usleep $(($(od -An -N2 -tu2 /dev/urandom) % $1 * 1000))
}

results() {
	cat "$TMP"/writer.* | sort -n | uniq | tr '\n' ' '
}

# Drives come and modules go while both devices are authenticated all the time.
life() {
	modprobe pci_cma && trust p384/ca &&
		on "$(rig plug dut $GOOD)" &&
		until_ok 20 test -e "$D/authenticated" || return 1
	./sysfs again 0 "$D/authenticated" re >>"$TMP/writer.1" &
	_writers=$!
	./sysfs again 0 "$BUS/$FIRST/authenticated" re >>"$TMP/writer.2" &
	_writers="$_writers $!"
	some_ms 300
	_rc=0
	if [ $(($1 % 2)) = 0 ]; then
		unplug && rmmod pci_cma
	else
		rmmod pci_cma && unplug
	fi || _rc=1
	# shellcheck disable=SC2086 # two numbers
	kill $_writers
	wait
	[ $_rc = 0 ] && [ ! -e "$D" ] && ! grep -q '^pci_cma' /proc/modules
}

unreclaimable() {
	sed -n 's/^SUnreclaim: *\([0-9]*\) kB/\1/p' /proc/meminfo
}

seconds() {
	cut -d. -f1 /proc/uptime
}

need_devices
modprobe pci_cma
ktap_print_header
ktap_set_plan 21

# Keys are added and removed.
mark
writers=
for i in $(seq $WRITERS); do
	./sysfs again 0 "$D/authenticated" re >"$TMP/writer.$i" &
	writers="$writers $!"
done
for i in $(seq $TOGGLES); do
	trust p384/ca
	some_ms 500
	distrust_all
	some_ms 500
done
# shellcheck disable=SC2086 # a list
kill $writers
wait
check "$WRITERS writers, keys come and go: done or ENOKEY, and both" \
	"[ \"\$(results)\" = '-126 0 ' ]"
check "without the key, the last result is 0" \
	"[ \$(re) = -126 ] && [ \"\$(get authenticated)\" = 0 ]"
check "with the key, the last result is 1" \
	"trust p384/ca && [ \$(re) = 0 ] && [ \"\$(get authenticated)\" = 1 ]"

# A responder that dies, or is slow.
mark
plug $GOOD
check "responder dies" "rig kill dut && [ \$(re) = -110 ] &&
	[ \"\$(get authenticated)\" = 0 ]"
check "a dead responder: the second time" "[ \$(re) = -110 ]"
check "a drive with a dead responder can be unplugged" "unplug"
mark
plug $GOOD
begin=$(seconds)
check "a stopped responder continues, and so does the authentication" \
	"rig pause dut 2 && [ \$(re) = 0 ]"
check "the authentication waited for the responder" \
	"[ \$((\$(seconds) - begin)) -ge 1 ]"
check "a stopped responder dies" \
	"rig kill dut 2 && rig pause dut 20 && [ \$(re) = -110 ] &&
	[ \"\$(get authenticated)\" = 0 ]"
check "the other device is not affected" "on $FIRST && [ \$(re) = 0 ]"
unplug
mark
plug $GOOD --delay=CHALLENGE=1500
check "a slow responder is waited for" "[ \"\$(get authenticated)\" = 1 ]"
unplug
mark
echo 2 >/sys/module/spdm/parameters/timeout
plug $GOOD --delay=1500
check "a responder that is too slow is a time-out" "[ \$(re) = -110 ]"
unplug
echo 10 >/sys/module/spdm/parameters/timeout

# Many rounds: memory does not grow.
mark
on $FIRST
sysfs again 30 "$D/authenticated" re >"$TMP/writer.1"
before=$(unreclaimable)
begin=$(seconds)
sysfs again $ROUNDS "$D/authenticated" re >"$TMP/writer.1"
grown=$(($(unreclaimable) - before))
ktap_print_msg "$ROUNDS rounds: $(($(seconds) - begin)) s, $grown kB"
check "$ROUNDS rounds of re" "[ \"\$(cat $TMP/writer.1)\" = 0 ]"
check "the rounds take no memory" "[ $grown -lt $GROWTH ]"

# Devices are unplugged and modules unloaded during an authentication.
rmmod pci_cma
mark
failed=0
rm -f "$TMP"/writer.*
for i in $(seq $LIVES); do
	life "$i" || failed=$((failed + 1))
done
ktap_print_msg "re returned: $(results)"
check "$LIVES times the drive and the module are removed" "[ $failed = 0 ]"
check "some of them during an authentication" "results | grep -qw -e -19"
check "no file and no keyring is left" "! grep -q '\.cma' /proc/keys &&
	[ ! -e $BUS/$FIRST/authenticated ] && rmmod spdm"

# A device may be another one after a suspend. Where nvme is a module, it is not
# loaded: lockdep reports the suspend of that driver in 6.12.
rmmod nvme nvme_core 2>/dev/null
modprobe pci_cma
trust p384/ca
on $FIRST
re >/dev/null
awake=$(sleepless)
if [ -z "$awake" ]; then
	mark
	check "suspends and wakes" "sysfs uevents 8000 sh -c \
		'rig wakeup; echo mem >/sys/power/state' >$TMP/uevents"
	check "devices are authenticated again after the wake-up" \
		"until_ok 20 settled && [ \"\$(get authenticated)\" = 1 ]"
	check "devices were not authenticated in between" \
		"[ \"\$(grep -o \"/$AT .*SPDM_STATE=[a-z]*\" $TMP/uevents |
		sed 's/.*=//' | tr '\n' ' ')\" = 'pending authenticated ' ]"
	plug $GOOD
	check "drives can be plugged in as before" \
		"[ \"\$(get authenticated)\" = 1 ] && unplug"
else
	for text in "suspends and wakes" \
		"devices are authenticated again after the wake-up" \
		"devices were not authenticated in between" \
		"drives can be plugged in as before"; do
		ktap_test_skip "$text: $awake"
	done
fi

rmmod pci_cma spdm
ktap_finished
