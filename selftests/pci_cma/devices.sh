#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Good devices of all kinds: other slots, versions and algorithms; the
# parameters of the modules.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

# Algorithm of the certificates, its name in DSP0274, and the hash of this test.
algorithms() {
	cat <<-EOT
	p256 TPM_ALG_ECDSA_ECC_NIST_P256 sha256 TPM_ALG_SHA_256
	p384 TPM_ALG_ECDSA_ECC_NIST_P384 sha384 TPM_ALG_SHA_384
	p521 TPM_ALG_ECDSA_ECC_NIST_P521 sha512 TPM_ALG_SHA_512
	rsa2048 TPM_ALG_RSASSA_2048 sha256 TPM_ALG_SHA_256
	rsa3072 TPM_ALG_RSASSA_3072 sha384 TPM_ALG_SHA_384
	rsa4096 TPM_ALG_RSASSA_4096 sha512 TPM_ALG_SHA_512
	EOT
}

# rebind ADDRESS: unbinds nvme, where it is bound, and binds it.
rebind() {
	[ ! -e "$BUS/$1/driver" ] || echo "$1" >"$BUS/$1/driver/unbind" &&
		echo "$1" >/sys/bus/pci/drivers/nvme/bind
}

# since UPTIME: the seconds since then.
since() {
	echo $(($(cut -d. -f1 /proc/uptime) - $1))
}

# Whether the driver has finished its probe, including all namespaces.
set_up() {
	ls "$D"/nvme/nvme*/nvme*n1 >/dev/null 2>&1
}

# Whether the memory of the drive has an address: pciehp gives that last.
has_memory() {
	head -n 1 "$D/resource" 2>/dev/null | grep -q '^0x0*[1-9a-f]'
}

need_devices
# Each drive has another key.
modprobe spdm pin=off
modprobe pci_cma
ktap_print_header
ktap_set_plan 44
C=@certs@/p384

# The message of the driver comes last: nvme binds to a device that pci_cma has
# examined. nvme may be built in, a module, or missing.
modprobe nvme 2>/dev/null
trust p384/ca
re >/dev/null
mark
plug --slot=0=$C/good.der
check "a device that arrives is authenticated" "[ \"\$(get authenticated)\" = 1 ]"
check "the driver of a device that arrives waits for the result" \
	"until_ok 20 test -e $D/driver &&
	[ \"\$(since_mark | grep -o -e '$AT: SPDM: Authenticated' \
	-e 'pci function $AT' | tr '\n' ' ')\" = \
	'$AT: SPDM: Authenticated pci function $AT ' ]"
until_ok 20 set_up
first=$AT
mark
# In another port; the reason is below.
on "$(rig plug slow --slot=0=$C/good.der --delay=CHALLENGE=1500)"
until_ok 20 settled
check "async=1: the driver waits for a slow device" \
	"[ \"\$(get authenticated)\" = 1 ] && until_ok 20 test -e $D/driver &&
	[ \"\$(since_mark | grep -o -e '$AT: SPDM: Authenticated' \
	-e 'pci function $AT' | head -n 1)\" = '$AT: SPDM: Authenticated' ]"
until_ok 20 set_up
rig unplug slow
on "$first"
mark
check "the files of an unplugged device are gone" \
	"unplug && [ ! -e $D ] && [ \"\$(get authenticated)\" = '' ]"
check "the files of the others are still there" \
	"on $FIRST && [ \"\$(get authenticated)\" = 1 ]"

# From here on, no driver binds to the drives by itself, but on older kernels,
# which bind it nevertheless. Where a port had another drive with a driver before,
# a processor of QEMU 10.0 may still access the registers of that drive, and then
# the guest loses its timers.
echo 0 >/sys/bus/pci/drivers_autoprobe

# Slots: pci_cma uses the lowest one that is trusted.
mark
plug --slot=0=$C/other-root.der --slot=1=$C/good.der
check "slot 1: authenticated" \
	"[ \"\$(get authenticated) \$(get spdm/slot)\" = '1 1' ]"
check "slot 1: the failure of slot 0 is in spdm/failure" \
	"[ \"\$(get spdm/failure)\" = 'chain 0 -126 Root certificate for slot 0 not found in .cma keyring: CN=Test other root p384' ]"
check "slot 1: the failure of slot 0 is in the log" \
	"said 'Root certificate for slot 0 not found in .cma keyring: CN=Test other root p384' &&
	said 'Authenticated with certificate slot 1'"
check "slot 1: both chains are shown" \
	"cmp $D/certificates/slot0 $CERTS/p384/other-root.der &&
	cmp $D/certificates/slot1 $CERTS/p384/good.der"
trust p384/other-ca
check "both trusted: slot 0" "[ \$(re) = 0 ] && [ \$(get spdm/slot) = 0 ]"
distrust_all
check "none trusted: a failure for each" "[ \$(re) = -126 ] &&
	[ \"\$(get spdm/failure | cut -d' ' -f1-3 | tr '\n' ' ')\" = \
	'chain 0 -126 chain 1 -126 ' ]"
unplug
trust p384/ca
plug --slot=7=$C/good.der --versions=1.3
check "slot 7 alone" "[ \"\$(get authenticated) \$(get spdm/slot)\" = '1 7' ]"
unplug

# Versions.
for v in 1.0 1.1 1.2 1.3 1.4; do
	mark
	plug --slot=0=$C/good.der --versions=$v
	check "SPDM $v" "[ \"\$(get authenticated) \$(get spdm/version)\" = \
		'1 $v' ]"
	unplug
done
mark
plug --slot=0=$C/good.der --versions=1.0-1.2
check "the highest version in common" "[ \"\$(get spdm/version)\" = 1.2 ]"
unplug

# The parameter versions.
V=/sys/module/spdm/parameters/versions
mark
plug --slot=0=$C/good.der --versions=1.0-1.1
check "versions: the default is all" "[ \"\$(cat $V)\" = 1.0-1.4 ] &&
	[ \$(re) = 0 ]"
echo 1.2-1.3 >$V
check "versions=1.2-1.3: a device of 1.1 is EPROTO" \
	"[ \$(re) = -71 ] && [ \"\$(get authenticated)\" = 0 ]"
echo 1.1 >$V
check "versions=1.1: SPDM 1.1" \
	"[ \$(re) = 0 ] && [ \"\$(get spdm/version)\" = 1.1 ] &&
	[ \"\$(cat $V)\" = 1.1-1.1 ]"
for text in 1.5 1 1.2- 1.3-1.2 1.2-1.3x; do
	sysfs write $V "$text"
done | sort -u >"$TMP/refused"
check "versions accepts nothing else" "[ \"\$(cat $TMP/refused)\" = -22 ] &&
	[ \"\$(cat $V)\" = 1.1-1.1 ]"
echo 1.0-1.4 >$V
check "versions=1.0-1.4" "[ \$(re) = 0 ]"
unplug

# Algorithms.
algorithms >"$TMP/algorithms"
while read -r name asym opt hash; do
	trust "$name/ca"
	mark
	plug "--slot=0=@certs@/$name/good.der" "--hash=$opt"
	check "$name: authenticated" "[ \"\$(get authenticated) \
\$(get spdm/asym_algorithm) \$(get spdm/hash_algorithm)\" = '1 $asym $hash' ]"
	unplug
done <"$TMP/algorithms"

# Unusual, but allowed.
mark
plug --slot=0=$C/good.der --portion=100 --opaque=1000
check "small portions, much opaque data" "[ \"\$(get authenticated)\" = 1 ]"
unplug
mark
plug --slot=0=$C/good.der --fault=error-Busy@CHALLENGE:2 \
	--fault=error-ResponseNotReady@GET_DIGESTS:1
check "a busy device is asked again" "[ \"\$(get authenticated)\" = 1 ]"
unplug
mark
plug --slot=0=$C/good.der --fault=bad-signature:1
check "a device that fails once is not authenticated" \
	"[ \"\$(get authenticated)\" = 0 ]"
check "it is authenticated the next time" "[ \$(re) = 0 ]"
unplug

# A changed parameter takes effect at the next authentication.
mark
plug --slot=0=$C/wrong-san.der
check "verify_san=Y" "[ \$(re) = -129 ]"
echo N >$P/verify_san
check "verify_san=N" "[ \$(re) = 0 ]"
echo Y >$P/verify_san
check "verify_san=Y again" "[ \$(re) = -129 ]"
unplug
mark
plug --slot=0=$C/expired.der
check "validity=warn, the default: authenticated" \
	"[ \$(cat $P/validity) = warn ] && [ \"\$(get authenticated)\" = 1 ]"
check "validity=warn: a warning in the log" \
	"said 'Slot 0: Certificate has expired'"
echo enforce >$P/validity
check "validity=enforce: EKEYEXPIRED" "[ \$(re) = -127 ]"
echo off >$P/validity
mark
check "validity=off: no warning" "[ \$(re) = 0 ] && ! said 'Slot 0'"
check "validity accepts no other word" \
	"[ \$(sysfs write $P/validity nonsense) = -22 ] &&
	[ \$(cat $P/validity) = off ]"
echo warn >$P/validity
unplug

# A device that is busy all the time. Only its own driver waits for it, until the
# module is unloaded.
rmmod pci_cma
mark
on "$(rig plug dut --slot=0=$C/good.der --fault=error-Busy@GET_DIGESTS:999)"
# pciehp still adds the drive: nobody may bind it before it has its memory.
until_ok 20 has_memory
echo 10 >/sys/module/spdm/parameters/timeout
modprobe pci_cma async=0 &
until_ok 20 test -e "$D/authenticated"
start=$(cut -d. -f1 /proc/uptime)
check "async=0: while the load waits, other drivers unbind and bind" \
	"rebind $FIRST && [ \$(since $start) -le 4 ]"
wait
echo 30 >/sys/module/spdm/parameters/timeout
start=$(cut -d. -f1 /proc/uptime)
re >/dev/null &
usleep 500000
rebind "$AT" &
usleep 1000000
check "unload: a driver that binds waits no longer" \
	"rmmod pci_cma && [ \$(since $start) -le 15 ]"
wait
check "unload: the driver binds" "until_ok 20 set_up"
unplug

echo 1 >/sys/bus/pci/drivers_autoprobe
rmmod spdm
ktap_finished
