# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # variables of ../selftest
#
# Cases: guests that end too early, too late or not at all, by whose fault.

case_exec_interrupt() {
	start_vm --exec 'echo started; sleep 1000'
	started started
	kill -TERM "$pid"
	before=$(date +%s)
	end_vm
	expect_status 143
	took 30 "$before"
	[ -z "$(vm_processes)" ] || fail "QEMU is still there"
}

case_exec_killed() {
	doe_script
	start_vm --timeout 200 --exec 'echo started; sleep 1000' \
		--responder '--slot=0=@certs@/p384/good.der'
	started started
	kill -KILL "$pid"
	before=$(date +%s)
	end_vm
	expect_status 137
	while [ -n "$(vm_processes)" ]; do
		took 60 "$before"
		sleep 1
	done
	responders_gone "exec.$pid"
}

# timeout(1) sends SIGTERM at the limit, and SIGKILL ten seconds later: a
# stopped process reacts to the latter only.
case_exec_stopped() {
	before=$(date +%s)
	start_vm --timeout 40 --exec 'echo started; sleep 1000'
	started started
	pkill -STOP -f "^[^ ]*qemu-system.*exec.$pid/verdict"
	end_vm
	expect_status 124
	expect err 'TIME-OUT after 40 s'
	took 120 "$before"
	[ -z "$(vm_processes)" ] || fail "QEMU is still there"
}

case_exec_silent() {
	before=$(date +%s)
	CCGUEST_SILENCE=25
	export CCGUEST_SILENCE
	start_vm --timeout 600 --exec 'echo started; sleep 50; echo still there
		exec sleep 1000'
	started 'still there'
	pkill -STOP -f "^[^ ]*qemu-system.*exec.$pid/verdict"
	end_vm
	expect_status 124
	expect err 'TIME-OUT after 25 s without a sign of life .of 600 s'
	took 300 "$before"
}

# stall TIMES: a VM whose QEMU is stopped as soon as its kernel prints a line,
# as often as TIMES says. Sets serial: the file of its console.
stall() {
	CCGUEST_STALL=3
	export CCGUEST_STALL
	start_vm --exec 'echo started'
	stalled=
	tries=600
	while [ "$(echo "$stalled" | wc -w)" -lt "$1" ]; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || break
		sleep 0.1
		serial=$(echo "$CCGUEST_CACHE/logs"/*"exec.$pid/serial")
		qemu=$(pgrep -f "^[^ ]*qemu-system.*path=$serial") || continue
		case " $stalled " in
		*" $qemu "*)	continue ;;
		esac
		grep -qa 'Linux version' "$serial" || continue
		kill -STOP "$qemu"
		stalled="$stalled $qemu"
	done
	end_vm
	expect err 'the kernel stood still before it came to init: started again'
}

case_boot_stall() {
	stall 1
	expect_status 0
	expect out '^started$'
}

case_boot_stalls() {
	stall 2
	expect_status 4
	expect err "LOST VM: QEMU's fault: the kernel stood still"
	[ -s "$serial.1" ] || fail "the first console is not kept"
}

# In the guest: the kernel's message on timers that do not end.
LOST_TIMER='echo "<3>rcu: Possible timer handling issue on cpu=0" >/dev/kmsg
	sleep 100'

case_lost_timer() {
	vm --exec "$LOST_TIMER"
	expect_status 4
	expect err "LOST VM: QEMU's fault: it lost a timer's interrupt"
}

# Also where the module has been unloaded again.
case_lost_timer_ours() {
	build_fault
	vm --modules "$fault_modules" \
		--exec "modprobe rig_fault; rmmod rig_fault; $LOST_TIMER"
	expect_status 3
	expect_not err "QEMU's fault"
	expect err "LOST VM: it lost .* interrupt, with a module of ours loaded"
}

# An abort of QEMU is QEMU's fault even with a module of ours loaded.
case_qemu_abort() {
	build_fault
	start_vm --modules "$fault_modules" \
		--exec 'modprobe rig_fault; echo started; sleep 100'
	started started
	pkill -ABRT -f "^[^ ]*qemu-system.*exec.$pid/verdict"
	end_vm
	expect_status 4
	expect err "LOST VM: QEMU's fault: it died"
}

# A test that failed before is not run again for that.
case_qemu_abort_failed() {
	collection sleepy <<-'EOF'
	== a.sh
	#!/bin/sh
	exit 1
	== b.sh
	#!/bin/sh
	sleep 100
	EOF
	start_vm --test sleepy:a.sh sleepy:b.sh
	started '^not ok . selftests: sleepy: a.sh'
	pkill -ABRT -f "^[^ ]*qemu-system.*sleepy.*[.]$pid/verdict"
	end_vm
	expect_status 3
	expect_not err "QEMU's fault"
	expect err 'LOST VM: QEMU died .status 134.'
}
