#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# A device that vfio-pci assigns to another guest: pci_cma sends nothing to the
# device, and authenticates the device when it comes back. And the parameter
# automatic. The guest needs an IOMMU, without which vfio-pci does not bind.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

need_devices
[ -e "$D/iommu_group" ] || skip_all "no IOMMU"
modprobe vfio-pci 2>/dev/null || skip_all "no vfio-pci"
modprobe pci_cma
ktap_print_header
ktap_set_plan 21

assign() {
	echo vfio-pci >"$D/driver_override"
	echo "$AT" >/sys/bus/pci/drivers_probe
	[ "$(basename "$(readlink "$D/driver")")" = vfio-pci ]
}

give_back() {
	echo "$AT" >/sys/bus/pci/drivers/vfio-pci/unbind
	echo >"$D/driver_override"
	[ ! -e "$D/driver" ]
}

until_ok 20 settled
trust p384/ca
check "before" "[ \$(re) = 0 ] && authenticated"
before=$(signatures)
mark
check "vfio-pci binds" assign
check "assigned: authenticated is 0" "[ \"\$(get authenticated)\" = 0 ]"
check "assigned: the state is pending" "[ \"\$(get spdm/state)\" = pending ]"
check "assigned: re is EBUSY" "[ \$(re) = -16 ] && [ \$(re) = -16 ]"
check "assigned: authenticated is still 0" "[ \"\$(get authenticated)\" = 0 ]"
check "assigned: nothing was asked" "[ \$(signatures) = $before ]"
check "assigned: no error in the log" "! said 'No response'"
check "vfio-pci unbinds" give_back
check "back: authenticated again" "until_ok 20 authenticated"
check "back: by a new signature" "[ \$(signatures) = $((before + 1)) ]"
check "back: re" "[ \$(re) = 0 ]"

# The module is loaded while the device is assigned.
rmmod pci_cma
assign
modprobe pci_cma async=0
trust p384/ca
check "assigned at load: the state is pending" \
	"[ \"\$(get spdm/state)\" = pending ]"
check "assigned at load: re is EBUSY" "[ \$(re) = -16 ]"
check "assigned at load: authenticated when the device comes back" \
	"give_back && until_ok 20 authenticated"
rmmod pci_cma

# automatic=0: only re starts an authentication.
modprobe pci_cma automatic=0 async=0
trust p384/ca
sleep 2
check "automatic=0: nothing is asked at load" \
	"[ \"\$(get spdm/state)\" = pending ] && [ \$(signatures) = 0 ]"
check "automatic=0: authenticated is 0" "[ \"\$(get authenticated)\" = 0 ]"
check "automatic=0: re authenticates" "[ \$(re) = 0 ] && authenticated"
check "automatic=0: vfio-pci binds" assign
give_back
sleep 2
check "automatic=0: nothing is asked when the device comes back" \
	"[ \"\$(get spdm/state)\" = pending ] && [ \$(signatures) = 1 ]"
check "automatic=0: re authenticates again" "[ \$(re) = 0 ] && authenticated"

rmmod pci_cma spdm vfio-pci
ktap_finished
