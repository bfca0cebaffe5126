#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The usual work of a guest's owner with pci_cma, step by step.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

need_devices
ktap_print_header
ktap_set_plan 67
ROOT='Root certificate for slot 0 not found in .cma keyring: CN=Test device root p384'
export ROOT

mark
check "before: no file, no keyring" \
	"[ ! -e $D/authenticated ] && ! grep -q '\.cma' /proc/keys"
check "loads" "modprobe pci_cma"
noticed=0
grep -qw register_kprobe /proc/kallsyms || noticed=1
check "says once that resets are not noticed, if the kernel has no kprobes" \
	"[ \$(dmesg | grep -c 'pci_cma: resets of devices') = $noticed ]"
check "keyring .cma is there, of root" \
	"grep -q ' 0 *0 keyring *\.cma: empty' /proc/keys"
check "examines devices without being asked" "until_ok 20 settled"
check "authenticated is 0644 root:root" \
	"[ \"\$(stat -c '%a %u:%g' $D/authenticated)\" = '644 0:0' ]"
check "a device without a mailbox has no file" \
	"[ ! -e $BUS/0000:00:00.0/authenticated ]"

# An empty keyring.
check "no key: authenticated is 0" "[ \"\$(get authenticated)\" = 0 ]"
check "no key: state" "[ \"\$(get spdm/state)\" = untrusted ]"
check "no key: the failure says why" \
	"[ \"\$(get spdm/failure)\" = \"chain 0 -126 \$ROOT\" ]"
check "no key: the same in the kernel's log" "said \"\$ROOT\""
check "no key: slot" "[ \"\$(get spdm/slot)\" = none ]"
check "no key: the device has the key of slot 0" \
	"[ \"\$(get spdm/proved_slot) \$(get spdm/evidence)\" = '0 0' ]"
check "no key: re is ENOKEY" "[ \$(re) = -126 ]"

# Only "re" may be written.
for word in 1 0 x reauth "re re" RE; do
	check "write of '$word' is EINVAL" \
		"[ \$(sysfs write $D/authenticated '$word') = -22 ]"
done
check "re may end with a newline" \
	"[ \$(sysfs write $D/authenticated 're
') = -126 ]"

# The CA of the device.
mark
check "keyctl padd" "trust p384/ca"
check "a key alone changes nothing" "[ \"\$(get authenticated)\" = 0 ]"
check "re" "[ \$(re) = 0 ]"
check "authenticated is 1" "[ \"\$(get authenticated)\" = 1 ]"
check "state" "[ \"\$(get spdm/state)\" = authenticated ]"
check "no failure" "[ -z \"\$(get spdm/failure)\" ]"
check "slot 0" "[ \"\$(get spdm/slot)\" = 0 ]"
check "version, algorithms" "[ \"\$(get spdm/version) \
\$(get spdm/asym_algorithm) \$(get spdm/hash_algorithm)\" = \
'1.4 TPM_ALG_ECDSA_ECC_NIST_P384 TPM_ALG_SHA_384' ]"
check "the kernel's log" "said 'Authenticated with certificate slot 0'"
check "certificates/slot0 is the chain of the device" \
	"cmp $D/certificates/slot0 $CERTS/p384/good.der"
check "certificates/slot0, read byte by byte" \
	"dd if=$D/certificates/slot0 bs=1 2>/dev/null |
	cmp - $CERTS/p384/good.der"
check "certificates/slot1 to slot7 are empty" \
	"[ -z \"\$(cat $D/certificates/slot[1-7])\" ]"
check "certificates are 0444" \
	"[ \"\$(stat -c %a $D/certificates/* | sort -u)\" = 444 ]"

# Users other than root.
check "others read authenticated" \
	"[ \$(sysfs nobody cat $D/authenticated) = 1 ]"
check "others cannot write it" \
	"[ \$(sysfs nobody ./sysfs write $D/authenticated re) = -13 ]"
check "others cannot add keys" \
	"! sysfs nobody keyctl padd asymmetric '' %:.cma \
	<$CERTS/p384/other-ca.der 2>/dev/null"
check "others cannot remove keys" \
	"! sysfs nobody keyctl unlink \$KEY %:.cma 2>/dev/null &&
	! sysfs nobody keyctl clear %:.cma 2>/dev/null"
check "others cannot make a keyring .cma" \
	"! sysfs nobody keyctl newring .cma @s 2>/dev/null"

# The owner removes the CA.
check "keyctl unlink" "keyctl unlink \$KEY %:.cma"
check "the device stays authenticated until re is written" \
	"[ \"\$(get authenticated)\" = 1 ]"
check "without the key, re is ENOKEY" "[ \$(re) = -126 ]"
check "without the key, authenticated is 0" "[ \"\$(get authenticated)\" = 0 ]"
check "a key may be added by the keyring's id" \
	"keyctl padd asymmetric '' 0x\$(sed -n 's/ .*\.cma: .*//p' /proc/keys) \
	<$CERTS/p384/ca.der >/dev/null && [ \$(re) = 0 ]"
distrust_all
check "another CA is ENOKEY" "trust p384/other-ca && [ \$(re) = -126 ]"
check "a CA of another algorithm is ENOKEY" "trust p256/ca && [ \$(re) = -126 ]"
distrust_all
trust p384/ca

# Programs that wait for a change.
check "poll() on authenticated" \
	"[ \$(sysfs poll 20000 $D/authenticated sh -c \
	'echo re >$D/authenticated') = 1 ]"
check "poll() on spdm/state" "keyctl clear %:.cma &&
	[ \$(sysfs poll 20000 $D/spdm/state sh -c \
	'echo re >$D/authenticated') = 1 ]"
check "poll() does not return where the result is the same" \
	"[ \$(sysfs poll 2000 $D/authenticated sh -c \
	'echo re >$D/authenticated') = 0 ]"
trust p384/ca
check "uevent" "sysfs uevents 3000 sh -c 'echo re >$D/authenticated' |
	grep -q \"^change@.*/$AT .* SPDM_STATE=authenticated\""
# A new proof is new evidence, which a verifier wants to know of. Only the state has
# not changed.
check "the result is the same: a uevent about the evidence, none about the state" \
	"sysfs uevents 2000 sh -c 'echo re >$D/authenticated' >$TMP/uevents
	[ \$(grep -c SPDM_ $TMP/uevents) = 1 ] && ! grep SPDM_STATE $TMP/uevents &&
	grep -q \"^change@.*/$AT .* SPDM_EVIDENCE=\$(get spdm/evidence)\" \
		$TMP/uevents"
check "poll() on spdm/evidence" \
	"[ \$(sysfs poll 20000 $D/spdm/evidence sh -c \
	'echo re >$D/authenticated') = 1 ]"
check "a change of the state and its evidence are one uevent" \
	"keyctl clear %:.cma
	sysfs uevents 3000 sh -c 'echo re >$D/authenticated' >$TMP/uevents
	[ \$(grep -c SPDM_ $TMP/uevents) = 1 ] &&
	grep SPDM_STATE=untrusted $TMP/uevents |
	grep -q SPDM_EVIDENCE=\$(get spdm/evidence)"

# The signature and its transcript.
newest() {
	N=$(find "$D/signatures/" -name '[0-9]*_signature' |
		sed 's|.*/\([0-9]*\)_signature|\1|' | sort -n | tail -n 1)
	N=$D/signatures/$N
}
hex() {
	od -An -v -tx1 "$1" | tr -d ' \n'
}
head -c 32 /dev/urandom >"$TMP/nonce"
# A verifier elsewhere: .cma is empty.
dd if="$TMP/nonce" of="$D/signatures/next_requester_nonce" bs=32 2>/dev/null
check "no key: evidence with the nonce of a verifier" \
	"[ \$(re) = -126 ] && [ \"\$(get authenticated)\" = 0 ] && newest &&
	cmp \${N}_requester_nonce $TMP/nonce &&
	cmp \${N}_certificate_chain $CERTS/p384/good.der"
check "spdm/evidence is the number of the newest signature" \
	"[ \${N##*/} = \"\$(get spdm/evidence)\" ]"
check "no key: slot, proved_slot" \
	"[ \"\$(get spdm/slot) \$(get spdm/proved_slot)\" = 'none 0' ]"
trust p384/ca
re >/dev/null
check "with the key: slot, proved_slot" \
	"[ \"\$(get spdm/slot) \$(get spdm/proved_slot)\" = '0 0' ]"
check "next_requester_nonce is 0200" \
	"[ \$(stat -c %a $D/signatures/next_requester_nonce) = 200 ]"
check "half a nonce is refused" \
	"! head -c 31 $TMP/nonce 2>/dev/null |
	dd of=$D/signatures/next_requester_nonce bs=32 2>/dev/null"
check "a nonce is used" \
	"dd if=$TMP/nonce of=$D/signatures/next_requester_nonce bs=32 \
	2>/dev/null && [ \$(re) = 0 ] && newest &&
	cmp \${N}_requester_nonce $TMP/nonce"
check "a nonce is used once" "[ \$(re) = 0 ] && newest &&
	! cmp -s \${N}_requester_nonce $TMP/nonce"
check "both nonces are in the transcript" \
	"hex ${N}_transcript | grep \$(hex ${N}_requester_nonce) |
	grep -q \$(hex ${N}_responder_nonce)"
check "the other files of the signature are right" \
	"[ \"\$(cat ${N}_hash_algorithm) \$(cat ${N}_type) \
\$(stat -c %s ${N}_signature ${N}_combined_spdm_prefix | tr '\n' ' ')\" = \
'sha384 responder-challenge_auth signing 96 100 ' ] &&
	cmp ${N}_certificate_chain $D/certificates/slot0"

# The module unloads, and loads again.
mark
check "unloads" "rmmod pci_cma"
check "no file is left after the unload" "[ ! -e $D/authenticated ] &&
	[ ! -e $D/spdm ] && [ ! -e $D/certificates ] &&
	[ ! -e $D/signatures ] && ! grep -q '\.cma' /proc/keys"
check "async=0: loading waits for the result" \
	"modprobe pci_cma async=0 && [ \"\$(get spdm/state)\" = untrusted ]"
check "the keys are gone with the module" "[ \$(re) = -126 ]"
rmmod pci_cma spdm
ktap_finished
