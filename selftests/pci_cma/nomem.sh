#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Each allocation of pci_cma and spdm when a device arrives fails once. A device
# that has no files for lack of memory gets them later. The kernel needs fault injection by /proc/PID/fail-nth;
# require-start keeps faults out of the PCI core, where a device would be lost.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

NTH_MAX=500
FAILS=/sys/kernel/debug
export FAILS

# confine FUNCTION: faults only below this function. The next higher symbol is
# its end.
confine() {
	grep -E "^[0-9a-f]+ [tT] " /proc/kallsyms | sort >"$TMP/symbols"
	_start=$(awk -v f="$1" '$3 == f { print $1; exit }' "$TMP/symbols")
	_end=$(awk -v s="$_start" '$1 > s { print $1; exit }' "$TMP/symbols")
	[ -n "$_start" ] && [ -n "$_end" ] || return 1
	for _kind in failslab fail_page_alloc fail_usercopy; do
		echo "0x$_start" >$FAILS/$_kind/require-start &&
		echo "0x$_end" >$FAILS/$_kind/require-end &&
		echo 32 >$FAILS/$_kind/stacktrace-depth &&
		echo 0 >$FAILS/$_kind/verbose || return 1
		# exists for the allocators only
		[ ! -e $FAILS/$_kind/ignore-gfp-wait ] ||
			echo N >$FAILS/$_kind/ignore-gfp-wait || return 1
	done
}

# failing N COMMAND: runs it; allocation N of its process fails. Prints what is
# left of N: 0 if an allocation failed.
failing() {
	sh -c "echo $1 >/proc/self/fail-nth
		$2
		read -r left </proc/self/fail-nth
		echo 0 >/proc/self/fail-nth
		echo \$left"
}

has_files() {
	[ -e "$D/authenticated" ] && [ -e "$D/spdm/state" ] &&
		[ -e "$D/certificates/slot0" ] && [ -e "$D/signatures" ]
}

# Either all files, or none.
is_whole() {
	has_files || ! { [ -e "$D/authenticated" ] || [ -e "$D/spdm" ] ||
		[ -e "$D/certificates" ] || [ -e "$D/signatures" ]; }
}

arrive() {
	echo 1 >"$D/remove"
	[ ! -e "$D" ] || return 1
	failing "$1" 'echo 1 >/sys/bus/pci/rescan'
}

need_devices
[ -e $FAILS/failslab/require-start ] ||
	skip_all "this kernel cannot make allocations fail"
modprobe pci_cma
ktap_print_header
ktap_set_plan 10
trust p384/ca
# No driver uses the drive, which comes and goes.
echo 0 >/sys/bus/pci/drivers_autoprobe
[ ! -e "$D/driver" ] || echo $FIRST >"$D/driver/unbind"
check "before" "until_ok 60 settled && [ \$(re) = 0 ] && has_files"
confine cma_dev_create || ktap_exit_fail_msg "cannot set up fault injection"

# Arrival. The test waits for the second try of a device without files.
mark
n=0
late=0
partial=0
lost=0
left=0
while [ "$left" = 0 ] && [ $n -lt $NTH_MAX ]; do
	n=$((n + 1))
	left=$(arrive $n)
	is_whole || partial=$((partial + 1))
	has_files || late=$((late + 1))
	until_ok 20 has_files || lost=$((lost + 1))
done
ktap_print_msg "$((n - 1)) allocations failed, $late made the files come later"
check "each allocation of an arrival failed once" \
	"[ -n \"$left\" ] && [ \"$left\" != 0 ] && [ $n -gt 20 ] && [ $late -gt 5 ]"
check "never only some of the files" "[ $partial = 0 ]"
check "the files always come" "[ $lost = 0 ]"
check "the kernel's log says so, each time" \
	"[ \$(since_mark | grep -c 'CMA: no memory for its files: trying again') \
	= $late ]"
check "no other reason in the log" \
	"! since_mark | grep 'cannot be authenticated'"
check "in the end the device is authenticated" \
	"[ \$(re) = 0 ] && authenticated"

# The module is unloaded while a device waits for its second try.
arrive 1 >/dev/null
check "unloads before the second try" \
	"! has_files && rmmod pci_cma && sleep 3 && ! has_files"

# Authentications with random failures: the result is 0 or -ENOMEM.
modprobe pci_cma automatic=0
trust p384/ca
confine spdm_run_once
echo 1 >$FAILS/failslab/probability
echo -1 >$FAILS/failslab/times
for _ in $(seq 30); do
	re
done | sort | uniq -c >"$TMP/results"
echo 0 >$FAILS/failslab/probability
sed 's/^/# /' "$TMP/results"
check "authentications with little memory: 0 or -ENOMEM" \
	"grep -q ' 0\$' $TMP/results && grep -q ' -12\$' $TMP/results &&
	! grep -v -e ' 0\$' -e ' -12\$' $TMP/results"
check "with memory, the device is authenticated" "[ \$(re) = 0 ]"

echo 1 >/sys/bus/pci/drivers_autoprobe
rmmod pci_cma spdm
ktap_finished
