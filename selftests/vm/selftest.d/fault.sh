# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # variables of ../selftest
#
# Cases: faults in the kernel, which the module in ../rig_fault makes.
# build_fault() sets fault_modules, a folder with the module for $kernel;
# fault_test() sets fault_args, the words for ../run.

# build_fault: builds rig_fault.ko for the kernel.
build_fault() {
	fault_modules=$dir/fault-$kernel
	[ ! -e "$fault_modules/rig_fault.ko" ] || return 0
	"$VM_DIR/fetch" kernel "$kernel"
	rm -rf "$fault_modules"
	build_test_module "$kernel" "$VM_DIR/rig_fault" "$fault_modules"
}

# fault_test FAULT...: makes a collection whose tests make these faults.
fault_test() {
	build_fault
	for _fault; do
		echo "== $_fault.sh"
		echo '#!/bin/sh'
		echo "exec modprobe rig_fault fault=$_fault"
		# unload the module, since each test loads it
		echo "== $_fault-unload.sh"
		echo '#!/bin/sh'
		echo 'rmmod rig_fault || :'
	done >"$dir/faults"
	collection faults <"$dir/faults"
	shift $#
	set -- --modules "$fault_modules" --test
	for _test in "$CCGUEST_SRC"/selftests/faults/*.sh; do
		_test=${_test##*/}
		set -- "$@" "faults:$_test"
	done
	fault_args="$*"
}

case_fault_warn() {
	fault_test warn
	# shellcheck disable=SC2086 # words without blanks
	vm $fault_args
	expect_status 3
	expect err 'LOST VM: panic after .* s: kernel: panic_on_warn'
	expect err 'WARNING: .*rig_fault'
}

case_fault_oops() {
	fault_test oops
	# shellcheck disable=SC2086
	vm $fault_args
	expect_status 3
	expect err 'LOST VM: panic after .* s: Fatal exception'
	expect err 'BUG: kernel NULL pointer|Unable to handle kernel'
}

case_fault_gate() {
	fault_test warn
	# shellcheck disable=SC2086
	vm --append panic_on_warn=0 $fault_args
	expect_status 1
	expect out '^ok [0-9] selftests: faults: warn.sh'
	expect out '^not ok [0-9] rig: no report in the kernel log'
	expect out '^# faults:warn.sh: .*WARNING: .*rig_fault'
	expect out '^not ok [0-9] rig: no unexpected taint'
}

case_fault_stay() {
	fault_test stay
	# shellcheck disable=SC2086
	vm $fault_args
	expect_status 1
	expect out '^not ok 1 rig: all modules unload'
	expect out 'rig_fault does not unload'
}

case_debug_faults() {
	kernel=debug
	fault_test overflow atomic locks
	# shellcheck disable=SC2086
	vm --append 'panic_on_warn=0 oops=' $fault_args
	expect_status 1
	expect out '^# faults:overflow.sh: .*BUG: KASAN: slab-out-of-bounds'
	expect out '^# faults:atomic.sh: .*BUG: (sleeping function|scheduling)'
	expect out '^# faults:locks.sh: .*possible circular locking'
}

case_debug_leak() {
	kernel=debug
	fault_test leak
	# shellcheck disable=SC2086
	vm $fault_args
	expect_status 1
	expect out '^not ok 2 rig: nothing leaked'
	expect out '^# unreferenced object'
	expect out '^# .*rig_fault'
}

case_debug_leak_off() {
	kernel=debug
	fault_test none
	# shellcheck disable=SC2086
	vm --append kmemleak=off $fault_args
	expect_status 1
	expect out '^not ok 2 rig: nothing leaked'
	expect out 'kmemleak does not scan'
}
