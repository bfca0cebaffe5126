#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Resets: after a Conventional Reset, an error of the bus and a sleep, a device
# is not authenticated, until it has proved itself again. After a Function Level
# Reset and a runtime suspend it is. The kernel needs kprobes.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

need_devices
grep -qw register_kprobe /proc/kallsyms || skip_all "the kernel has no kprobes"
modprobe pci_cma
ktap_print_header
ktap_set_plan 37
GOOD=--slot=0=@certs@/p384/good.der
TRACE=/sys/kernel/tracing

# reset METHOD: resets the device. The write fails in QEMU, whose root ports do
# not report the link.
reset() {
	echo "$1" >"$D/reset_method" && echo 1 2>/dev/null >"$D/reset"
	:
}

# again TEXT COMMAND...: a reset is noticed, and the device authenticated again.
again() {
	text=$1
	shift
	before=$(signatures)
	export D AT
	printf '%s\n' "$@" >"$TMP/reset.sh"
	mark
	states=$(states 6 sh "$TMP/reset.sh")
	check "$text: reset, then authenticated again" \
		"[ '$states' = 'reset authenticated ' ] && authenticated"
	check "$text: in the kernel's log" \
		"said 'Reset: no longer authenticated'"
	check "$text: by one new signature" \
		"[ \$(signatures) = $((before + 1)) ]"
}

# The drive of each guest is not reset. It may still be in its first
# authentication.
on "$FIRST"
until_ok 20 settled
others=$(find "$D/signatures" -name '*_signature' | wc -l)

mark
trust p384/ca
plug $GOOD
check "before" "authenticated"
check "resets can be noticed" "! dmesg | grep 'pci_cma: resets'"

# Function Level Reset.
before=$(signatures)
mark
check "FLR: no uevent" \
	"[ -z \"\$(states 3 sh -c 'echo flr >$D/reset_method; echo 1 >$D/reset')\" ]"
check "FLR: still authenticated" authenticated
check "FLR: by the same signature" "[ \$(signatures) = $before ]"

# Conventional Reset.
again "bus reset" "echo bus >$D/reset_method" "echo 1 >$D/reset" 2>/dev/null
again "reset of the bridge" \
	"echo 1 >$(dirname "$(readlink -f "$D")")/reset_subordinate" 2>/dev/null
again "FLR, then bus reset" "echo flr >$D/reset_method" "echo 1 >$D/reset" \
	"echo bus >$D/reset_method" "echo 1 >$D/reset" 2>/dev/null
again "AER" "rig aer dut DLP"
check "devices elsewhere are not affected" \
	"[ \$(find $BUS/$FIRST/signatures -name '*_signature' | wc -l) = $others ]"

# Runtime power management: the device is suspended when nobody uses it.
echo auto >"$D/power/control"
usleep 500000
before=$(signatures)
mark
check "runtime suspend" "[ \"\$(get power/runtime_status)\" = suspended ]"
check "runtime suspend: re" "[ \$(re) = 0 ] && sleep 3 && authenticated"
check "runtime suspend: re is one authentication" \
	"[ \$(signatures) = $((before + 1)) ]"
check "runtime resume: no uevent" \
	"[ -z \"\$(states 2 sh -c 'echo on >$D/power/control')\" ]"
check "runtime resume: still authenticated" \
	"[ \"\$(get power/runtime_status)\" = active ] && authenticated"

# Events that come again and again.
before=$(signatures)
begin=$(cut -d. -f1 /proc/uptime)
mark
for _ in $(seq 12); do
	rig aer dut COMP_TIME
	usleep 200000
done
check "many events: authenticated in the end" "until_ok 10 authenticated"
max=$((($(cut -d. -f1 /proc/uptime) - begin) / 2 + 2))
check "many events: at most one authentication in two seconds" \
	"[ \$((\$(signatures) - $before)) -le $max ]"
unplug

# A reset during an authentication, which takes a while.
mark
echo 0 >$P/automatic
on "$(rig plug dut $GOOD --fault=error-Busy@GET_DIGESTS:20)"
until_ok 20 state_is pending
(re >"$TMP/re") &
usleep 700000
echo 1 >$P/automatic
reset bus 2>/dev/null
wait
check "re during a reset is EAGAIN" "[ \"\$(cat $TMP/re)\" = -11 ]"
check "re during a reset: no failure in the log" "! said ''"
check "authenticated after that" "until_ok 20 authenticated && [ \$(re) = 0 ]"
unplug

# automatic=0
mark
plug $GOOD
echo 0 >$P/automatic
reset bus 2>/dev/null
check "automatic=0: the state is reset" "state_is reset"
check "automatic=0: authenticated is 0" "[ \"\$(get authenticated)\" = 0 ]"
sleep 3
check "automatic=0: nothing was asked" \
	"state_is reset && [ \$(signatures) = 1 ]"
check "automatic=0: re" "[ \$(re) = 0 ] && authenticated"
echo 1 >$P/automatic
unplug

# async=0: the uevent comes after that of the kernel.
echo 0 >$P/async
mark
sysfs uevents 8000 rig plug dut $GOOD >"$TMP/uevents"
check "async=0: add comes before change" \
	"[ \"\$(grep -o '^[a-z]*@.*/0000:0.:00.0 ' $TMP/uevents |
	grep -v bind@ | sed 's/@.*//' | tr '\n' ' ')\" = 'add change ' ]"
check "async=0: authenticated" \
	"grep -q '^change@.* SPDM_STATE=authenticated' $TMP/uevents"
echo 1 >$P/async
unplug

# System sleep: the authentication starts before drivers use their devices.
on $FIRST
re >/dev/null
awake=$(sleepless)
mount -t tracefs tracefs $TRACE 2>/dev/null
[ -e $TRACE/kprobe_events ] || awake="no tracefs"
if [ -z "$awake" ]; then
	echo 'p:auth spdm_dev_start' >$TRACE/kprobe_events
	echo 1 >$TRACE/events/kprobes/auth/enable
	echo 1 >$TRACE/events/power/suspend_resume/enable
	mark
	check "suspend: pending, then authenticated" \
		"[ \"\$(states 8 sh -c \
		'rig wakeup; echo mem >/sys/power/state')\" = \
		'pending authenticated ' ]"
	check "suspend: authenticated again" "until_ok 20 authenticated"
	check "suspend: started in the phase noirq" \
		"sed -n 's/.*\\(auth\\): (.*/\\1/p;
		s/.*suspend_resume: dpm_\\([a-z_]*\\)\\[16\\] begin/\\1/p' \
		$TRACE/trace | sed -n '/resume_noirq/,\$p' | sed -n 2p |
		grep -qx auth"
	echo 0 >$TRACE/events/power/suspend_resume/enable
	echo 0 >$TRACE/events/kprobes/auth/enable
	echo >$TRACE/kprobe_events
else
	for text in "suspend: pending, then authenticated" \
		"suspend: authenticated again" \
		"suspend: started in the phase noirq"; do
		ktap_test_skip "$text: $awake"
	done
fi

rmmod pci_cma spdm
ktap_finished
