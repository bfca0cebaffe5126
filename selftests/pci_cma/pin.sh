#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The pin: a device whose key is not that of the last success, and one whose
# version or algorithms are less than then, fail until root clears the pin.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

need_devices
modprobe pci_cma
ktap_print_header
ktap_set_plan 46
A=@certs@/p384/good.der
B=@certs@/p521/good.der
C=@certs@/chains
PIN=/sys/module/spdm/parameters/pin
DOWN=/sys/module/spdm/parameters/allow_downgrade
OTHER='Slot 0: Key is not that of the last success: expected '
TRUST='p384/ca p521/ca chains/root'

trust_all() {
	for ca in $TRUST; do
		trust "$ca"
	done
}

# new OPTION...: plugs a drive whose slot has no pin, and authenticates it once.
new() {
	echo 0 >$P/automatic
	on "$(rig plug dut "$@")"
	until_ok 20 test -e "$D/spdm/pin"
	echo clear >"$D/spdm/pin"
	first=$(re)
	# The uevent with this result follows that of the arrival.
	usleep 500000
	echo 1 >$P/automatic
}

field() {
	get spdm/pin | sed -n "s/^$1 //p"
}

# is_other: the last authentication found another key.
is_other() {
	state_is replaced && ! authenticated &&
		get spdm/failure | grep -qx "chain 0 -129 ${OTHER}[0-9a-f]\{64\}, found [0-9a-f]\{64\}"
}

until_ok 20 settled
check "the default is leaf, without downgrades" \
	"[ \"\$(cat $PIN) \$(cat $DOWN)\" = 'leaf N' ]"
check "no success: none" "[ \"\$(get spdm/pin)\" = none ]"
check "pin is 0644 root:root" \
	"[ \"\$(stat -c '%a %u:%g' $D/spdm/pin)\" = '644 0:0' ]"
check "others cannot clear it" \
	"[ \$(sysfs nobody ./sysfs write $D/spdm/pin clear) = -13 ]"
for word in none leaf clean "clear all"; do
	check "write of '$word' is EINVAL" \
		"[ \$(sysfs write $D/spdm/pin '$word') = -22 ]"
done
for word in none key 1; do
	sysfs write $PIN "$word"
done | sort -u >"$TMP/refused"
check "parameter pin accepts nothing else" \
	"[ \"\$(cat $TMP/refused)\" = -22 ] && [ \$(cat $PIN) = leaf ]"
trust_all

# Another key.
mark
new --slot=0=$A --later-slot=0=$B
check "the first success sets the pin" \
	"[ $first = 0 ] && authenticated && [ \$(field version) = 1.4 ] &&
	[ \$(field asym_algorithm) = TPM_ALG_ECDSA_ECC_NIST_P384 ] &&
	[ \$(field hash_algorithm) = TPM_ALG_SHA_384 ] &&
	field leaf | grep -qx '[0-9a-f]\{64\}'"
check "no device certificate: device is that of the leaf" \
	"[ \"\$(field device)\" = \"\$(field leaf)\" ]"
leaf=$(field leaf)
mark
seen=$(states 4 sh -c "echo re >$D/authenticated" 2>/dev/null)
check "another key: uevent" "[ '$seen' = 'replaced ' ]"
check "another key: state, failure" is_other
check "another key: names both keys" \
	"get spdm/failure | grep -q 'expected $leaf, found ' &&
	! get spdm/failure | grep -q 'found $leaf'"
check "another key: the kernel's log" "said '$OTHER$leaf'"
check "another key: re is EKEYREJECTED" "[ \$(re) = -129 ] && is_other"
check "another key: the pin stays" "[ \$(field leaf) = $leaf ]"
check "ccguest device list: replaced" \
	"ccguest device list | grep $AT | grep -qw replaced"
check "ccguest device show: the pin" \
	"ccguest device show $AT | grep -q \"^pin .*$leaf\""
check "pci_cma is loaded again: another key still" \
	"rmmod pci_cma && modprobe pci_cma async=0 && trust_all &&
	[ \$(re) = -129 ] && is_other && [ \$(field leaf) = $leaf ]"
unplug
on "$(rig plug dut --slot=0=$B)"
check "another device in the slot" "until_ok 20 state_is replaced && is_other"
check "removed and found again: another key still" \
	"echo 1 >$D/remove && echo 1 >/sys/bus/pci/rescan &&
	until_ok 20 state_is replaced && is_other"
unplug
on "$(rig plug dut --slot=0=$A)"
check "the first device in the slot again" \
	"until_ok 20 authenticated && [ \$(field leaf) = $leaf ]"
unplug
on "$(rig plug dut --slot=0=$B)"
until_ok 20 state_is replaced
mark
check "clear" "[ \$(sysfs write $D/spdm/pin 'clear
') = 0 ] && [ \"\$(get spdm/pin)\" = none ] && said 'Pin cleared'"
check "clear alone does not authenticate" "state_is replaced"
check "after clear: re succeeds, and sets the new pin" \
	"[ \$(re) = 0 ] && authenticated && [ \$(field leaf) != $leaf ]"
unplug
mark
new --slot=0=$C/pin-device.der:$C/leaf.key
unplug
on "$(rig plug dut --slot=0=$C/pin-firmware.der:$C/newleaf.key \
	--slot=1=$C/pin-device.der:$C/leaf.key)"
check "two slots: the slot with the pinned key" \
	"until_ok 20 authenticated && [ \$(get spdm/slot) = 1 ] &&
	get spdm/failure | grep -q '^chain 0 -129 $OTHER'"
unplug

# A reset.
if grep -qw register_kprobe /proc/kallsyms; then
	new --slot=0=$A --later-slot=0=$B
	mark
	check "another key after a bus reset" \
		"[ \"\$(bus_reset_states)\" = 'reset replaced ' ] && is_other"
	unplug
else
	ktap_test_skip "another key after a bus reset: the kernel has no kprobes"
fi

# Sleep.
awake=$(sleepless)
if [ -z "$awake" ]; then
	new --slot=0=$A --later-slot=0=$B
	mark
	check "another key after a sleep" \
		"[ \"\$(states 8 sh -c 'rig wakeup; echo mem >/sys/power/state')\" = 'pending replaced ' ] && is_other"
	unplug
else
	ktap_test_skip "another key after a sleep: $awake"
fi

# Downgrades.
mark
new --slot=0=$A --later-versions=1.0-1.2
check "a lower version is EPROTO" "[ $first = 0 ] && [ \$(re) = -71 ] &&
	! authenticated && state_is untrusted && [ \$(get spdm/proved_slot) = 0 ]"
text='Slot 0: Version is lower than at the last success: 1.2, was 1.4'
check "a lower version: failure, log" \
	"[ \"\$(get spdm/failure)\" = 'chain 0 -71 $text' ] && said '$text'"
echo 1 >$DOWN
mark
check "allow_downgrade=1: accepted, and logged" \
	"[ \$(re) = 0 ] && said '$text' && [ -z \"\$(get spdm/failure)\" ]"
check "allow_downgrade=1: the pin has the lower version" \
	"[ \$(field version) = 1.2 ]"
echo 0 >$DOWN
check "the lower version is the last success now" "[ \$(re) = 0 ]"
unplug
on "$(rig plug dut --slot=0=$A)"
check "a higher version is no downgrade" \
	"until_ok 20 authenticated && [ \$(field version) = 1.4 ]"
unplug
new --slot=0=$A --hash=sha384 --later-hash=sha256
check "a weaker hash is EPROTO" "[ $first = 0 ] && [ \$(re) = -71 ] &&
	get spdm/failure | grep -qx \
	'chain 0 -71 Slot 0: Hash is weaker than at the last success: sha256, was sha384'"
check "clear allows it" "echo clear >$D/spdm/pin && [ \$(re) = 0 ]"
unplug
new --slot=0=$B --later-slot=0=$A
check "a weaker signature algorithm is EPROTO" "[ $first = 0 ] &&
	[ \$(re) = -71 ] && get spdm/failure | grep -q \
	'Signature algorithm is weaker than at the last success: ecdsa-p384, was ecdsa-p521'"
echo 1 >$DOWN
check "allow_downgrade=1 does not allow another key" \
	"[ \$(re) = -129 ] && is_other"
echo 0 >$DOWN
unplug

# The key of the device certificate.
set -- --slot=0=$C/pin-device.der:$C/leaf.key
new "$@" --later-slot=0=$C/pin-firmware.der:$C/newleaf.key
leaf=$(field leaf)
device=$(field device)
check "a device certificate: its key is in the pin" \
	"[ $first = 0 ] && [ $device != $leaf ]"
check "pin=leaf: another leaf of the same device fails" "[ \$(re) = -129 ]"
echo device >$PIN
check "pin=device: another leaf of the same device" \
	"[ \$(re) = 0 ] && [ \$(field leaf) != $leaf ] &&
	[ \$(field device) = $device ]"
unplug
new "$@" --later-slot=0=$C/pin-twin.der:$C/leaf.key
text='Slot 0: Key of the device certificate is not that of the last success'
check "pin=device: the leaf's key under another device certificate fails" \
	"[ $first = 0 ] && [ \$(re) = -129 ] && state_is replaced &&
	get spdm/failure | grep -q 'chain 0 -129 $text: expected $device, found '"
echo off >$PIN
check "pin=off: any key" "[ \$(re) = 0 ]"
check "pin=off: the pin is kept as it was" "[ \$(field device) = $device ]"
unplug
echo leaf >$PIN

# The modules are unloaded.
rmmod pci_cma spdm
on "$(rig plug dut --slot=0=$B)"
modprobe pci_cma async=0
trust_all
check "unloading spdm forgets all pins" \
	"[ \"\$(get spdm/pin)\" = none ] && [ \$(re) = 0 ]"
unplug
rmmod pci_cma spdm
ktap_finished
