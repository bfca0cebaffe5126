#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Hibernation: the device is authenticated again when the image is restored. The
# kernel's mode test_resume writes the image to the swap device /dev/vda, and
# restores it at once, without a power cycle.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

need_devices
modprobe virtio_blk 2>/dev/null
until_ok 10 test -b /dev/vda || skip_all "no /dev/vda"
grep -q test_resume /sys/power/disk 2>/dev/null ||
	skip_all "this kernel does not hibernate"
modprobe pci_cma
ktap_print_header
ktap_set_plan 5

# The image is as small as possible.
mkswap /dev/vda >/dev/null
swapon /dev/vda
echo 0 >/sys/power/image_size
echo test_resume >/sys/power/disk

until_ok 20 settled
trust p384/ca
check "before" "[ \$(re) = 0 ] && authenticated"
before=$(signatures)
mark
check "the image is written and restored" "echo disk >/sys/power/state &&
	since_mark | grep -q 'hibernation: hibernation exit'"
check "authenticated" "until_ok 20 authenticated"
check "by one new signature" "[ \$(signatures) = $((before + 1)) ]"
check "re" "[ \$(re) = 0 ]"

swapoff /dev/vda
rmmod pci_cma spdm
ktap_finished
