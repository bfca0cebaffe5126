#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# A device that the platform's TSM takes over while pci_cma is loaded, and one
# that the TSM has when pci_cma is loaded. The module of fake_tsm is the TSM: a
# real one of the kernel, or only its directory.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

need_devices
modinfo fake_tsm >/dev/null 2>&1 || skip_all "no module fake_tsm"
modprobe pci_cma
ktap_print_header
TEXT="CMA: left to the platform's TSM"

# lines: how often the kernel's log has the line about the TSM since the mark.
lines() {
	since_mark | grep -cF " $AT: $TEXT: pci_cma has nothing to do"
}

# take, leave: the TSM comes and goes.
take() {
	modprobe fake_tsm "device=$AT" && [ -d "$D/tsm" ]
}

leave() {
	rmmod fake_tsm && [ ! -e "$D/tsm" ]
}

# is_real_kernel: whether the kernel has PCI_TSM.
is_real_kernel() {
	grep -qw pci_tsm_register /proc/kallsyms
}

plan=18
! is_real_kernel || plan=22
ktap_set_plan $plan
until_ok 20 settled
trust p384/ca
check "before" "[ \$(re) = 0 ] && authenticated"
before=$(signatures)
mark
check "a TSM takes the device" take
check "taken: the state" "[ \"\$(get spdm/state)\" = taken ]"
check "taken: not authenticated by this module" "[ \"\$(get authenticated)\" != 1 ]"
check "taken: re has no effect" \
	"[ \$(re) != 0 ] && [ \"\$(get spdm/state)\" = taken ]"
check "taken: nothing was asked" "[ \$(signatures) = $before ]"
check "taken: one line in the kernel's log" "[ \$(lines) = 1 ]"
check "taken: no failure in the log" "! said 'No response'"
check "ccguest device list: not authenticated" \
	"! ccguest device list | grep $AT | grep -qw authenticated"
if is_real_kernel; then
	check "taken: authenticated is the kernel's" \
		"[ \"\$(stat -c %a $D/authenticated)\" = 444 ] &&
		[ -z \"\$(get authenticated)\" ]"
	check "ccguest status names the TSM" \
		"ccguest status | grep -q '^pci-tsm .*present'"
	check "ccguest device authenticate: by the TSM" \
		"ccguest device authenticate $AT | grep -q 'connected to tsm0' &&
		[ \"\$(get authenticated)\" = tsm0 ]"
	check "ccguest device list names the TSM" \
		"ccguest device list | grep -q '$AT.*tsm0'"
	check "the TSM is disconnected" \
		"echo tsm0 >$D/tsm/disconnect && [ -z \"\$(get authenticated)\" ]"
else
	check "taken: authenticated is 0" "[ \"\$(get authenticated)\" = 0 ]"
	check "taken: re is EBUSY" "[ \$(re) = -16 ]"
fi

# The module is unloaded and loaded while the TSM has the device.
check "pci_cma unloads" "rmmod pci_cma && [ ! -e $D/spdm ]"
if is_real_kernel; then
	check "the file of the kernel stays" \
		"[ \"\$(stat -c %a $D/authenticated)\" = 444 ]"
else
	check "no file stays" "[ ! -e $D/authenticated ]"
fi
mark
check "loaded again: no files for the device" \
	"modprobe pci_cma && [ ! -e $D/spdm ] && [ ! -e $D/certificates ]"
check "loaded again: one line in the kernel's log" "[ \$(lines) = 1 ]"
rmmod pci_cma

# The TSM leaves.
modprobe pci_cma
leave
rmmod pci_cma
mark
check "after the TSM has left: the device has files" \
	"modprobe pci_cma async=0 && [ -e $D/spdm/state ]"
trust p384/ca
check "after the TSM has left: re" "[ \$(re) = 0 ] && authenticated"

# The TSM comes and leaves while pci_cma is loaded. It may have spoken to the
# device, so the old result is void.
take
leave
if is_real_kernel; then
	check "a TSM came and left: the state is still taken" \
		"[ \"\$(get spdm/state)\" = taken ] && ! authenticated"
fi
check "a TSM came and left: pci_cma, loaded again, authenticates" \
	"rmmod pci_cma && modprobe pci_cma async=0 && trust p384/ca &&
	[ \$(re) = 0 ] && authenticated"

rmmod pci_cma spdm
ktap_finished
