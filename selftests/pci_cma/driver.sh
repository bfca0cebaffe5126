#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Resets of a drive while its driver nvme is bound: the driver prepares for the
# reset and restores the drive after it. The drive is authenticated again after a
# Conventional Reset, and works.
#
# No slot gets a second drive here: the driver of a drive in the slot of an
# earlier one makes QEMU 10.0 abort.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

need_devices
grep -qw register_kprobe /proc/kallsyms || skip_all "the kernel has no kprobes"
modprobe pci_cma
modprobe nvme 2>/dev/null
ktap_print_header
ktap_set_plan 16

# works: the contents of the drive can be read, from the drive itself. With
# multipath, the path nvme0c0n1 is below the device, and the disk is nvme0n1.
works() {
	disk=$(find "$D"/nvme/nvme*/ -maxdepth 1 -name 'nvme*n1' 2>/dev/null |
		sed 's|.*/||; s/c[0-9]*n/n/')
	[ -b "/dev/$disk" ] &&
		echo 3 >/proc/sys/vm/drop_caches &&
		dd if="/dev/$disk" of="$TMP/data" bs=4096 count=16 \
			2>"$TMP/dd" && [ "$(stat -c %s "$TMP/data")" = 65536 ]
}

# initialised: the driver has set up its queues since the mark.
initialised() {
	since_mark | grep -q 'nvme nvme[0-9]*: .* queues'
}

bound() {
	[ "$(basename "$(readlink "$D/driver")")" = nvme ]
}

on $FIRST
until_ok 20 settled
trust p384/ca
check "a drive with its driver" \
	"[ \$(re) = 0 ] && until_ok 20 bound && until_ok 20 works"

# The first drive is on the root bus, where only an FLR is possible.
before=$(signatures)
mark
check "FLR: no uevent" \
	"[ -z \"\$(states 4 sh -c 'echo flr >$D/reset_method; echo 1 >$D/reset')\" ]"
check "FLR: the driver restored the drive" \
	"until_ok 20 initialised && until_ok 20 works && bound"
check "FLR: still authenticated, by the same signature" \
	"authenticated && [ \$(signatures) = $before ]"

on "$(rig plug dut --slot=0=@certs@/p384/good.der)"
check "a second drive with its driver" \
	"until_ok 20 settled && authenticated && until_ok 20 bound &&
	until_ok 20 works"
for method in bus 'bus again' bridge; do
	before=$(signatures)
	mark
	case $method in
	bridge)	file=$(dirname "$(readlink -f "$D")")/reset_subordinate ;;
	*)	file=$D/reset
		echo bus >"$D/reset_method" ;;
	esac
	# The write fails in QEMU, whose root ports do not report the link.
	seen=$(states 6 sh -c "echo 1 2>/dev/null >$file")
	check "reset by $method: reset, then authenticated" \
		"[ '$seen' = 'reset authenticated ' ] && authenticated"
	check "reset by $method: one new signature" \
		"[ \$(signatures) = $((before + 1)) ]"
	check "reset by $method: the driver restored the drive" \
		"until_ok 20 initialised && until_ok 20 works && bound"
done
check "no other state in between" \
	"! since_mark | grep '$AT: SPDM: .*No response'"
check "unbound and bound: still authenticated" \
	"echo $AT >/sys/bus/pci/drivers/nvme/unbind && authenticated &&
	echo $AT >/sys/bus/pci/drivers/nvme/bind && until_ok 20 works &&
	authenticated"

rmmod pci_cma spdm
ktap_finished
