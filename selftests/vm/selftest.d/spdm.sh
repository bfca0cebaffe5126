# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # variables of ../selftest
#
# Cases: drives that speak SPDM, their responders, and the guest's requests to
# ../agent.

# doe_script: makes $dir/doe, a script for guests. "doe ADDRESS" sends
# GET_VERSION to the device at ADDRESS, in a data object, and prints the
# response; nothing if there is none. PCIe r6.1, 6.30.1 and 7.9.24: control,
# status, write and read mailbox.
doe_script() {
	cat >"$dir/doe" <<-"EOF"
	#!/bin/sh
	config=/sys/bus/pci/devices/$1/config
	get() {
		dd if="$config" bs=4 skip=$(($1 / 4)) count=1 2>/dev/null |
			od -An -tx4 | tr -d ' '
	}
	put() {
		printf "$2" |
			dd of="$config" bs=4 seek=$(($1 / 4)) conv=notrunc 2>/dev/null
	}
	[ "$(get 0x100)" = 0001002e ] || exit 1
	put 0x110 '\001\000\001\000'	# PCI-SIG, CMA
	put 0x110 '\003\000\000\000'
	put 0x110 '\020\204\000\000'	# GET_VERSION
	put 0x108 '\000\000\000\200'
	while [ $((0x$(get 0x10c) >> 31)) = 1 ]; do
		printf '%s ' "$(get 0x114)"
		put 0x114 '\000\000\000\000'
	done
	EOF
	chmod 755 "$dir/doe"
}

# spdm_vm COMMANDS ARGUMENT...: a guest with doe, and one drive whose responder
# knows SPDM 1.2 only.
spdm_vm() {
	doe_script
	commands=$1
	shift
	vm --file "$dir/doe:/usr/bin/" --exec "$commands" "$@" \
		--responder '--slot=0=@certs@/p384/good.der --versions=1.2'
}

# The response VERSION with 1.2 as its only version, as doe prints it.
VERSION_12='00010001 00000004 00000410 12000100'

# responders_gone NAME: the agent and the responders of the last VM with NAME in
# its log folder have ended. The agent's log has their processes.
responders_gone() {
	_log=$(find "$CCGUEST_CACHE/logs" -path "*$1*/agent" -newer "$dir/doe" |
		tail -n 1)
	_pids=$(sed -n 's/^agent: responder .*: pid \([0-9]*\),.*/\1/p' "$_log")
	[ -n "$_pids" ] || fail "there was no responder"
	for _pid in $_pids; do
		! grep -q spdm-responder "/proc/$_pid/cmdline" 2>/dev/null ||
			fail "responder $_pid is still there"
	done
	! pgrep -f "agent .*${_log%/agent} " >/dev/null ||
		fail "the agent is still there"
}

case_spdm_drives() {
	certs=$("$VM_DIR/spdm-certs")
	"$certs/spdm-responder" --port=0 --versions=1.2 \
		--slot=0="$certs/p384/good.der" >"$dir/port" &
	pid=$!
	trap '! kill $pid 2>/dev/null || wait $pid || :' EXIT
	until [ -s "$dir/port" ]; do
		kill -0 "$pid" || fail "the responder does not start"
		sleep 0.1
	done
	port=$(sed 's/.*://' "$dir/port")
	# shellcheck disable=SC2016 # for the guest's shell
	spdm_vm 'doe 0000:00:03.0; echo
		there=$(ls /sys/bus/pci/devices | grep "0000:0[^0]")
		doe $there; echo
		rig unplug spdm1
		ls /sys/bus/pci/devices | grep "0000:0[^0]"
		rig unplug spdm2' \
		--nvme-spdm "$port,hotplug"
	expect_status 1
	[ "$(grep -c "^$VERSION_12 \$" "$dir/out")" = 2 ] ||
		fail "not two answers"
	expect out "rig: unplug: QEMU: .* does not support hotplugging"
	[ "$(wc -l <"$dir/out")" = 3 ] || fail "something else on stdout"
	responders_gone exec
}

# Eight drives and the one of spdm_vm are as many as ../run takes; it refuses a
# tenth.
case_spdm_nine() {
	set --
	while [ $# -lt 16 ]; do
		set -- "$@" --responder \
			'--slot=0=@certs@/p384/good.der --versions=1.2'
	done
	# shellcheck disable=SC2016 # for the guest's shell
	spdm_vm 'cd /sys/bus/pci/devices
		for at in 0000:00:*; do
			[ "$(cat $at/class)" != 0x010802 ] ||
				echo "$at $(doe $at)"
		done' "$@"
	expect_status 0
	for _slot in 3 4 5 6 7 8 9 a b; do
		echo "0000:00:0$_slot.0 $VERSION_12 "
	done >"$dir/nine"
	cmp "$dir/nine" "$dir/out" || fail "other drives or answers"
	vm --exec true "$@" --nvme-spdm 1 --nvme-spdm 1
	refused 'no room for more than nine'
}

case_spdm_rig() {
	# shellcheck disable=SC2016
	spdm_vm 'at=$(rig plug a --slot=0=@certs@/p384/good.der --versions=1.1)
		rig plug a
		rig plug b --slot=0=/etc/hostname
		rig plug b --slot=0=@certs@/p384/../p384/good.der
		rig plug b --transcript=/tmp/x
		rig plug b "--versions=1.2;id"
		rig plug b --fault=nonsense
		rig unplug nobody
		rig "" nonsense
		rig pause a 1000
		until [ -e /sys/bus/pci/devices/$at ]; do usleep 10000; done
		echo version $(doe $at)
		rig pause a 2
		before=$(date +%s)
		echo version $(doe $at)
		[ $(($(date +%s) - before)) -lt 2 ] || echo waited
		rig kill a
		echo dead $(doe $at)
		rig log a
		rig unplug a
		echo left $(ls /sys/bus/pci/devices | grep -c $at)
		rig plug a --slot=0=@certs@/p384/good.der && echo again'
	expect_status 0
	[ "$(grep -c '^version 00010001 00000004 00000410 11000100' \
		"$dir/out")" = 2 ] || fail "not two answers"
	expect out "there is a 'a' already"
	for _option in slot=0=/etc/hostname slot=0=@certs@/p384/../p384/good \
		transcript=/tmp/x versions=1.2.id; do
		expect out "option '--$_option.*' is not for guests"
	done
	expect out 'the responder does not start: .*unknown fault'
	expect out "Device 'nobody' not found"
	expect out 'requests: aer continue kill'
	expect out 'seconds are 0 to 60'
	expect out '^waited$'
	expect out '^dead$'
	expect out '^listening on 127.0.0.1:[0-9]+$'
	expect out '^left 0$'
	expect out '^again$'
	responders_gone exec
}

case_spdm_wakeup() {
	spdm_vm 'rig wakeup; echo mem >/sys/power/state && echo awake
		doe 0000:00:03.0'
	expect_status 0
	expect out '^awake$'
	expect out "^$VERSION_12 $"
}

# A suspended guest has no timers that could end its commands.
case_spdm_asleep() {
	before=$(date +%s)
	vm --timeout 40 --ask \
		--exec 'echo started; echo mem >/sys/power/state; echo awake'
	expect_status 124
	expect out '^started$'
	expect_not out awake
	expect err 'TIME-OUT after 40 s'
	took 120 "$before"
	before=$(date +%s)
	CCGUEST_SILENCE=25
	export CCGUEST_SILENCE
	vm --timeout 600 --ask --exec 'echo mem >/sys/power/state; echo awake'
	expect_status 124
	expect err 'TIME-OUT after 25 s without a sign of life'
	took 300 "$before"
}

case_spdm_stall() {
	doe_script
	limit=20
	[ "$kernel" != debug ] || limit=60
	vm --file "$dir/doe:/usr/bin/" --timeout $limit \
		--exec 'echo started; doe 0000:00:03.0' \
		--responder '--slot=0=@certs@/p384/good.der --fault=stall'
	expect_status 124
	expect out '^started$'
	responders_gone exec
}

case_spdm_interrupt() {
	doe_script
	start_vm --responder '--slot=0=@certs@/p384/good.der' \
		--exec 'rig plug a --slot=0=@certs@/p256/good.der
			rig pause a 60; sleep 1000'
	started 0000:
	kill -TERM "$pid"
	end_vm
	expect_status 143
	responders_gone "exec.$pid"
}

case_spdm_errors() {
	vm --exec true --responder '--slot=0=/nonexistent'
	expect_status 2
	expect err 'the responder does not start: .*/nonexistent'
	expect err 'vm: run: error: the responders for the drives do not start'
	vm --exec true --responder ''
	expect_status 2
	expect err 'the responder does not start: .*no slot'
	# nothing listens on port 1
	vm --exec true --nvme-spdm 1
	expect_status 2
	expect err 'QEMU failed'
	expect err 'Connection refused'
	for _port in soon 0 70000000 80,warm; do
		vm --exec true --nvme-spdm $_port
		refused "--nvme-spdm '$_port': expected PORT"
	done
	vm --exec 'rig log spdm1'
	expect_status 2
	expect out 'started without --ask'
}
