#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What comes at the same time, all of a sudden, very often or not at all. What
# it leaves behind shows in the rig's gates: leaks, locks, reports.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

GOOD=--slot=0=@certs@/p384/good.der
WRITERS=8
TOGGLES=25
LIVES=100
ROUNDS=1000
GROWTH=200	# kB
# KASAN keeps what is freed for a while; what is lost, kmemleak will find
[ ! -e /sys/kernel/debug/kmemleak ] || GROWTH=16000

# Milliseconds, up to the given number.
some_ms() {
	usleep $(($(od -An -N2 -tu2 /dev/urandom) % $1 * 1000))
}

results() {
	cat "$TMP"/writer.* | sort -n | uniq | tr '\n' ' '
}

# A drive that comes, a module that goes, in the middle of what they do: both
# devices are authenticated all the time.
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

# Keys come and go.
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
check "without the key it ends at 0" \
	"[ \$(re) = -126 ] && [ \"\$(get authenticated)\" = 0 ]"
check "and with it at 1" \
	"trust p384/ca && [ \$(re) = 0 ] && [ \"\$(get authenticated)\" = 1 ]"

# A responder that dies, or is not in a hurry.
mark
plug $GOOD
check "responder dies" "rig kill dut && [ \$(re) = -110 ] &&
	[ \"\$(get authenticated)\" = 0 ]"
check "and again" "[ \$(re) = -110 ]"
check "and its drive can be unplugged" "unplug"
mark
plug $GOOD
begin=$(seconds)
check "responder stands still: it goes on when that does" \
	"rig pause dut 2 && [ \$(re) = 0 ]"
check "it took that long" "[ \$((\$(seconds) - begin)) -ge 1 ]"
check "responder stands still, and dies" \
	"rig kill dut 2 && rig pause dut 20 && [ \$(re) = -110 ] &&
	[ \"\$(get authenticated)\" = 0 ]"
check "the other device does not care" "on $FIRST && [ \$(re) = 0 ]"
unplug
mark
plug $GOOD --delay=CHALLENGE=1500
check "a slow one is waited for" "[ \"\$(get authenticated)\" = 1 ]"
unplug
mark
echo 2 >/sys/module/spdm/parameters/timeout
plug $GOOD --delay=1500
check "but not for ever" "[ \$(re) = -110 ]"
unplug
echo 10 >/sys/module/spdm/parameters/timeout

# Again and again: nothing grows.
mark
on $FIRST
sysfs again 30 "$D/authenticated" re >"$TMP/writer.1"
before=$(unreclaimable)
begin=$(seconds)
sysfs again $ROUNDS "$D/authenticated" re >"$TMP/writer.1"
grown=$(($(unreclaimable) - before))
ktap_print_msg "$ROUNDS rounds: $(($(seconds) - begin)) s, $grown kB"
check "$ROUNDS rounds of re" "[ \"\$(cat $TMP/writer.1)\" = 0 ]"
check "they take no memory" "[ $grown -lt $GROWTH ]"

# Devices and modules go in the middle.
rmmod pci_cma
mark
failed=0
rm -f "$TMP"/writer.*
for i in $(seq $LIVES); do
	life "$i" || failed=$((failed + 1))
done
ktap_print_msg "re returned: $(results)"
check "$LIVES times a drive and the module go" "[ $failed = 0 ]"
check "some of them in the middle" "results | grep -qw -e -19"
check "nothing is left" "! grep -q '\.cma' /proc/keys &&
	[ ! -e $BUS/$FIRST/authenticated ] && rmmod spdm"

# What wakes up need not be what fell asleep. Without nvme where it is a module:
# lockdep does not like how that driver of 6.12 suspends.
rmmod nvme nvme_core 2>/dev/null
modprobe pci_cma
trust p384/ca
on $FIRST
re >/dev/null
awake=
grep -q deep /sys/power/mem_sleep 2>/dev/null ||
	awake="this machine does not sleep"
[ ! -s /rig/no-suspend ] || awake=$(cat /rig/no-suspend)
if [ -z "$awake" ]; then
	mark
	check "sleeps and wakes" "sysfs uevents 8000 sh -c \
		'rig wakeup; echo mem >/sys/power/state' >$TMP/uevents"
	check "what woke up is authenticated again" \
		"until_ok 20 settled && [ \"\$(get authenticated)\" = 1 ]"
	check "it was not, in between" \
		"[ \"\$(grep -o \"/$AT .*SPDM_STATE=[a-z]*\" $TMP/uevents |
		sed 's/.*=//' | tr '\n' ' ')\" = 'pending authenticated ' ]"
	plug $GOOD
	check "drives can be plugged in as before" \
		"[ \"\$(get authenticated)\" = 1 ] && unplug"
else
	for text in "sleeps and wakes" "what woke up is authenticated again" \
		"it was not, in between" "drives can be plugged in as before"; do
		ktap_test_skip "$text: $awake"
	done
fi

rmmod pci_cma spdm
ktap_finished
