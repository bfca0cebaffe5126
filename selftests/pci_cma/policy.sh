#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The key with the policy for devices: what the kernel refuses, replacing,
# removing, and when a rule takes effect. chains.sh has the rules.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

# policy [TEXT]: gives the kernel a policy; prints the number of the key.
policy() {
	printf '%b' "$1" | keyctl padd cma_policy "" %:.cma 2>/dev/null
}

policies() {
	grep -c ' cma_polic policy: ' /proc/keys
}

# linked: a policy in .cma that is in a keyring of root's too. Only so can root set
# a time-out of the key.
linked() {
	echo 'any name none' | keyctl padd cma_policy "" @u >"$TMP/id" &&
		keyctl link "$(cat "$TMP/id")" %:.cma
}

authenticates() {
	[ "$(re) $(get authenticated)" = '0 1' ]
}

# is_refused TEXT: does the device fail with TEXT?
is_refused() {
	[ "$(re) $(get authenticated)" = '-129 0' ] &&
		get spdm/failure | grep -qF "$1"
}

need_devices
modprobe pci_cma automatic=0
ktap_print_header
ktap_set_plan 20
export OTHER='Leaf certificate does not have the name of the policy: line'

trust p384/ca
mark
check "without a policy, the name of PCIe counts" authenticates
check "a policy is a key of .cma" \
	"policy 'address 00:03.0 name dmtf A:B:C' >$TMP/id && [ \$(policies) = 1 ] &&
	keyctl list %:.cma | grep -q \"\$(cat $TMP/id): .* cma_policy: policy\$\""
check "/proc/keys has the number of rules" \
	"grep -q ' cma_polic policy: 1\$' /proc/keys"
check "the text can be read" \
	"[ \"\$(keyctl print \$(cat $TMP/id))\" = 'address 00:03.0 name dmtf A:B:C' ]"
check "nothing changes until the next authentication" \
	"[ \"\$(get authenticated)\" = 1 ]"
check "then the rule decides" "is_refused \"\$OTHER 1: expected A:B:C, found Vendor=1b36\""
check "and the kernel's log says so" \
	"said \"Slot 0: \$OTHER 1: expected A:B:C, found Vendor=1b36\""

mark
check "a policy with a fault is refused" \
	"! policy '# x\nany name none colour red' && [ \$(policies) = 1 ]"
check "with the line and the reason in the log" \
	"since_mark | grep -qF 'pci_cma: policy is refused: line 2: Unknown word'"
check "and the old policy stays" "is_refused \"\$OTHER 1\""
head -c 65537 /dev/zero | tr '\0' '\n' >"$TMP/long"
check "a policy that is too long is refused" \
	"! keyctl padd cma_policy '' %:.cma <$TMP/long 2>/dev/null && is_refused \"\$OTHER 1\""
check "a second policy under another name is refused" \
	"! echo 'any name none' | keyctl padd cma_policy second %:.cma 2>/dev/null &&
	[ \$(policies) = 1 ]"
check "a new policy replaces the old one" \
	"policy 'id 1b36:0010 name none\nany name dmtf A:B:C' >$TMP/id &&
	[ \$(keyctl list %:.cma | grep -c cma_policy) = 1 ] && authenticates"
check "the longest policy, without a rule" \
	"head -c 65536 $TMP/long | keyctl padd cma_policy '' %:.cma >/dev/null && authenticates"

echo 0 >$P/verify_san
check "verify_san=0: a rule decides all the same" \
	"policy 'any name dmtf A:B:C' >$TMP/id && is_refused \"\$OTHER 1\""
check "but not about other devices" "policy 'id 8086 name pci' >$TMP/id && authenticates"
echo 1 >$P/verify_san

policy 'any name dmtf A:B:C' >"$TMP/id"
check "a policy that is removed decides nothing" \
	"is_refused \"\$OTHER\" && keyctl unlink \$(cat $TMP/id) %:.cma >/dev/null && authenticates"
check "a policy that has expired is not ignored" \
	"linked && keyctl timeout \$(cat $TMP/id) 1 && sleep 2 &&
	is_refused 'Slot 0: Policy cannot be read: error -'"
check "nor one that was revoked" \
	"linked && authenticates && keyctl revoke \$(cat $TMP/id) &&
	is_refused 'Slot 0: Policy cannot be read: error -'"

# A link from another keyring does not keep the module.
policy 'any name none' >"$TMP/id"
keyctl link "$(cat "$TMP/id")" @u
rmmod pci_cma spdm
check "the module unloads, and its keys are gone" \
	"! grep -q ' cma_polic ' /proc/keys || { sleep 2; ! keyctl print \$(cat $TMP/id) 2>/dev/null; }"
ktap_finished
