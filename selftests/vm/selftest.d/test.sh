# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # variables of ../selftest
#
# Cases: the verdict of --test on tests that pass, fail, hang, skip or panic.

case_test_pass() {
	build_fault
	collection pass <<-'EOF'
	== one.sh
	#!/bin/sh
	. "$(dirname "$(readlink -f "$0")")/../kselftest/ktap_helpers.sh"
	ktap_print_header
	ktap_set_plan 1
	modprobe rig_fault && ktap_test_pass "loaded" || ktap_test_fail "loaded"
	ktap_finished
	== two.c
	#include "../kselftest_harness.h"
	TEST(two) { ASSERT_EQ(2, 1 + 1); }
	TEST_HARNESS_MAIN
	EOF
	vm --modules "$fault_modules" --test pass
	expect_status 0
	expect out '^ok [12] selftests: pass: one.sh$'
	expect out '^ok [12] selftests: pass: two$'
	expect out '^ok 1 rig: all modules unload'
	expect_not out '^not ok'
	expect err '[56] passed, 0 failed, 0 skipped; boot to verdict [0-9.]+ s'
}

case_test_fail() {
	collection fail <<-'EOF'
	== one.sh
	#!/bin/sh
	exit 1
	== two.c
	#include "../kselftest_harness.h"
	TEST(two) { ASSERT_EQ(2, 1); }
	TEST_HARNESS_MAIN
	== three.sh
	#!/bin/sh
	exit 0
	EOF
	vm --test fail
	expect_status 1
	expect out '^not ok [0-9] selftests: fail: one.sh # exit=1'
	expect out '^not ok [0-9] selftests: fail: two # exit=1'
	expect err 'FAILED: 4 passed, 2 failed, 0 skipped'
	expect err 'logs: /'
	# one test alone
	vm --test fail:three.sh
	expect_status 0
}

case_test_timeout() {
	collection slow <<-'EOF'
	== settings
	timeout=2
	== one.sh
	#!/bin/sh
	trap "" TERM
	while :; do sleep 1; done
	== two.sh
	#!/bin/sh
	exit 0
	EOF
	vm --test slow
	expect_status 1
	expect out '^not ok . selftests: slow: one.sh # TIMEOUT 2 seconds'
	expect out '^ok . selftests: slow: two.sh'
}

skipping_tests() {
	collection skips <<-'EOF'
	== one.sh
	#!/bin/sh
	exit 4
	== two.c
	#include "../kselftest_harness.h"
	TEST(sub) { SKIP(return, "no hardware"); }
	TEST(other) { ASSERT_EQ(1, 1); }
	TEST_HARNESS_MAIN
	== three.sh
	#!/bin/sh
	printf 'TAP version 13\n1..1\nok 1 with: a colon # SKIP why\n'
	EOF
}

case_test_skip() {
	skipping_tests
	: >"$dir/skips"
	CCGUEST_SKIPS=$dir/skips
	export CCGUEST_SKIPS
	vm --test skips
	expect_status 1
	expect err 'unexpected skip: skips:one.sh'
	expect err 'unexpected skip: skips:two.*sub'
	expect err 'unexpected skip: skips:three.sh: .*with: a colon'
	expect err '5 passed, 0 failed, 1 skipped'
}

case_test_skip_listed() {
	skipping_tests
	cat >"$dir/skips" <<-EOF
	other-kernel	skips:four.sh # not this one
	*	skips:one.sh # reason
	*	skips:three.sh with: a colon # reason
	$kernel skips:two global.sub # reason
	EOF
	CCGUEST_SKIPS=$dir/skips
	export CCGUEST_SKIPS
	vm --test skips
	expect_status 0
}

case_test_killed() {
	collection killed <<-'EOF'
	== one.sh
	#!/bin/sh
	pkill -9 run_kselftest || killall -9 run_kselftest.sh ||
		kill -9 -1
	== two.sh
	#!/bin/sh
	exit 0
	EOF
	vm --test killed
	expect_status 1
	expect_not out '^ok 2 selftests'
}

case_test_warning() {
	collection warning <<-'EOF'
	== one.sh
	#!/bin/sh
	exit 0
	== two.sh
	#!/bin/sh
	echo "<4>WARNING: CPU: 0 PID: 1 at made/up.c:12 f+0x1/0x2" >/dev/kmsg
	== three.sh
	#!/bin/sh
	exit 0
	EOF
	vm --test warning
	expect_status 1
	expect out '^not ok 3 rig: no report in the kernel log'
	expect out '^# warning:two.sh: .*WARNING: .*made/up'
	expect err '5 passed, 1 failed'
}

case_test_cleared() {
	collection cleared <<-'EOF'
	== one.sh
	#!/bin/sh
	dmesg -c >/dev/null
	EOF
	vm --test cleared
	expect_status 1
	expect out '^not ok 3 rig: no report in the kernel log'
	expect out 'log does not start at boot'
}

case_test_taint() {
	collection taint <<-'EOF'
	== one.sh
	#!/bin/sh
	echo $((512 + 4096)) >/proc/sys/kernel/tainted
	EOF
	vm --test taint
	expect_status 1
	expect out '^not ok 2 rig: no unexpected taint'
	expect out 'unexpected taint: 512, '
}

case_test_panic() {
	collection panic <<-'EOF'
	== one.sh
	#!/bin/sh
	exit 0
	== two.sh
	#!/bin/sh
	echo c >/proc/sysrq-trigger
	EOF
	vm --test panic
	expect_status 3
	expect out '^ok 1 selftests: panic: one.sh'
	expect err 'LOST VM: panic'
	expect err 'Kernel panic'
}
