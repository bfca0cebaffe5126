#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The parameter gate: no driver binds to a drive that is not authenticated, and
# the driver binds by itself once it is. What root writes to driver_override
# stays.
#
# No slot gets a second drive with a driver here: the driver of a drive in the
# slot of an earlier one makes QEMU 10.0 abort.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

need_devices
modprobe pci_cma
modprobe nvme 2>/dev/null
ktap_print_header
ktap_set_plan 36
GOOD=--slot=0=@certs@/p384/good.der
GATE=$P/gate
NVME=/sys/bus/pci/drivers/nvme

bound() {
	[ "$(basename "$(readlink "$D/driver")")" = nvme ]
}

# gated: does the override close the gate? nvme is tried, and does not bind.
gated() {
	[ "$(get driver_override)" = pci_cma-gate ] &&
		echo "$AT" >/sys/bus/pci/drivers_probe &&
		! echo "$AT" 2>/dev/null >$NVME/bind && ! bound
}

open() {
	[ "$(get driver_override)" = "(null)" ]
}

overridden() {
	[ "$(get driver_override)" = nvme ]
}

# no_gates: is no gate closed?
no_gates() {
	! grep -l pci_cma-gate $BUS/*/driver_override
}

until_ok 20 settled
until_ok 20 bound
check "the default is off" "[ \$(cat $GATE) = off ] && bound && no_gates"
for word in on 1 Y hot; do
	sysfs write $GATE "$word"
done | sort -u >"$TMP/refused"
check "gate accepts nothing else" \
	"[ \"\$(cat $TMP/refused)\" = -22 ] && [ \$(cat $GATE) = off ]"
on "$(rig plug a $GOOD)"
A=$AT
check "off: a driver binds to a drive that failed" \
	"until_ok 20 bound && state_is untrusted && no_gates"

# hotplug: a drive that arrives.
echo hotplug >$GATE
check "hotplug: the gate of a drive that arrived before closes" \
	"[ \"\$(get driver_override)\" = pci_cma-gate ] && bound"
on $FIRST
check "hotplug: a drive that was there at load has no gate" "open && bound"
mark
on "$(rig plug b $GOOD)"
until_ok 20 state_is untrusted
check "hotplug: no driver binds to a drive that arrives and fails" gated
check "hotplug: the kernel's log" "since_mark | grep -q \
	'$AT: CMA: gate closed: no driver binds until the device is authenticated'"
check "ccguest device list: gated" \
	"ccguest device list | grep $AT | grep -q 'untrusted, gated'"
check "ccguest device show: gated" \
	"ccguest device show $AT | grep -q '^gate .*closed'"
check "hotplug: a failed re leaves the gate closed" "[ \$(re) = -126 ] && gated"
trust p384/ca
check "a trusted CA alone does not open the gate" gated
check "re opens the gate, and the driver binds by itself" \
	"[ \$(re) = 0 ] && until_ok 20 bound && open"
check "the log says so" "since_mark | grep -q '$AT: CMA: gate opened'"
check "an authenticated drive without driver: none is tried" \
	"echo $AT >$NVME/unbind && [ \$(re) = 0 ] && sleep 1 && ! bound && open"
distrust_all
check "a failure closes the gate" "[ \$(re) = -126 ] && gated"
trust p384/ca
check "a driver that was unbound by hand is not bound again" \
	"[ \$(re) = 0 ] && open && sleep 1 && ! bound"
check "root binds the driver" "echo $AT >$NVME/bind && bound"
distrust_all
check "a failure leaves a bound driver bound" \
	"[ \$(re) = -126 ] && bound &&
	[ \"\$(get driver_override)\" = pci_cma-gate ]"

# An override of root.
check "root opens a gate by hand" "echo nvme >$D/driver_override && overridden"
check "an override of root stays after a failure" \
	"[ \$(re) = -126 ] && overridden"
trust p384/ca
check "an override of root stays after a success" "[ \$(re) = 0 ] && overridden"
check "an override of root stays with gate=off, all and hotplug" \
	"echo off >$GATE && overridden && echo all >$GATE && overridden &&
	echo hotplug >$GATE && overridden"
echo >"$D/driver_override"

# A drive that authenticates when it arrives.
mark
on "$(rig plug c $GOOD)"
check "a good drive: the driver binds without re" "until_ok 20 bound && open"
check "a good drive: after the authentication" "since_mark |
	grep -o -e '$AT: SPDM: Authenticated' -e 'pci function $AT' |
	head -n 1 | grep -q Authenticated"

# A drive that leaves while its gate is closed, or opens.
distrust_all
on "$(rig plug d $GOOD)"
check "a gated drive leaves" "until_ok 20 state_is untrusted &&
	gated && rig unplug d && [ ! -e $D ]"
for _ in 1 2 3; do
	on "$(rig plug d $GOOD --delay=CHALLENGE=200)"
	trust p384/ca
	echo nothing >"$D/driver_override"
	re >/dev/null &
	rig unplug d
	wait
done
check "drives leave while they are authenticated" "[ ! -e $D ]"

# all: also the drives that were there at load.
on $FIRST
distrust_all
re >/dev/null
check "hotplug: no gate at the drive that was there at load, after a failure" \
	"open && bound"
echo all >$GATE
check "all: its gate closes, and its driver stays bound" \
	"[ \"\$(get driver_override)\" = pci_cma-gate ] && bound"
check "all: an unbound driver does not bind again" \
	"echo $AT >$NVME/unbind && gated"
check "off: all gates open, and no driver is tried" \
	"echo off >$GATE && no_gates && ! bound"
echo all >$GATE
check "all again: the gate closes" gated
check "unloading the module opens all gates" "rmmod pci_cma && no_gates && ! bound"
check "gate=all at load: the gate of a drive without driver closes" \
	"modprobe pci_cma gate=all async=0 && gated"
check "gate=all at load: a bound driver stays" \
	"on $A && bound && [ \"\$(get driver_override)\" = pci_cma-gate ]"
on $FIRST
trust p384/ca
check "gate=all at load: re binds the driver" "[ \$(re) = 0 ] && until_ok 20 bound"
# lockdep reports that nvme of 6.12 freezes its queues in one task, and thaws them
# in another one.
if grep -qw register_kprobe /proc/kallsyms && [ ! -e /proc/lockdep ]; then
	on "$A"
	[ "$(re)" = 0 ]
	check "a reset closes the gate and opens it again; the driver stays" \
		"[ \"\$(bus_reset_states)\" = 'reset authenticated ' ] && until_ok 5 open && bound"
else
	ktap_test_skip "a reset closes the gate: no kprobes, or nvme under lockdep"
fi

rmmod pci_cma spdm
ktap_finished
