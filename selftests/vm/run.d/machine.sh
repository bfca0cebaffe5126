# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # variables of ../run
#
# Starts the guest of ../run, watches it and waits for its end. Takes the
# variables of options.sh and inputs.sh, and QEMU of ../lib/qemu.sh. Sets
#	responder_ports	the ports of the responders that the agent started
#	sockets		the folder of the agent's sockets
#	start, elapsed	when QEMU was started, and the seconds until its end
#	qemu_rc		QEMU's exit status
#	qemu_pid, watcher_pid, agent_pid, tee_pids	for cleanup() of ../run
# and leaves in $scratch: fault (what was wrong, if the watcher ended the
# guest), silent (empty; the guest gave no sign of life).

# start_agent: the agent starts the responders, and prints their ports.
start_agent() {
	sockets=$scratch
	[ -z "$dry_run" ] || return 0
	printf '%s' "$responders" >"$scratch/responders"
	# in /tmp: the path of a socket must be short
	sockets=$(mktemp -d /tmp/ccguest.XXXXXX) || die "cannot write to /tmp"
	mkfifo "$scratch/ports"
	# setpriv: the agent ends with this process, whatever ends that
	setpriv --pdeathsig TERM "$VM_DIR/agent" "$sockets" "$logs" "$certs" \
		"$scratch" </dev/null >"$scratch/ports" 2>"$logs/agent" 9>&- &
	agent_pid=$!
	read -r responder_ports <"$scratch/ports" || {
		last_lines "$logs/agent" 3
		die "the responders for the drives do not start (above)"
	}
}

# build_machine: puts QEMU's command line together.
build_machine() {
	qemu_machine
	qemu_firmware
	qemu_boot
	qemu_ports
	[ -z "$ask" ] || start_agent
	[ -z "$ask$qmp" ] || qemu_qmp
	[ -z "$ask" ] || qemu_ask
	[ -z "$drives" ] || qemu_drives
	[ -z "$swap" ] || qemu_swap
	_ifs=$IFS
	IFS=$newline
	set -f
	for word in $extra; do
		IFS=$_ifs
		qemu_add "$word"
	done
	IFS=$_ifs
	set +f
	echo "${QEMU# }" >"$logs/qemu"
}

# start_streams: copies the guest's output to stdout and the logs. A reader of
# our stdout may close it early: the VM runs on, and the copy is complete.
start_streams() {
	if [ "$mode" != shell ]; then
		exec 8<>"$stream"
		case $mode in
		test)	tee -p "$logs/ktap" <"$stream" 8>&- 2>/dev/null & ;;
		exec)	tee -p "$logs/out" <"$stream" 8>&- 2>/dev/null & ;;
		esac
		tee_pids=$!
	fi
	if [ -n "$verbose" ]; then
		exec 7<>"$serial"
		tee -ap "$logs/serial" <"$serial" >&2 7>&- 8>&- &
		tee_pids="$tee_pids $!"
	fi
}

# end_streams: closes our side of the pipes and waits for their readers.
end_streams() {
	exec 8>&- 7>&-
	for _pid in $tee_pids; do
		wait "$_pid" || :
	done
	tee_pids=
}

now() {
	date +%s.%N
}

seconds_since() {
	awk -v a="$1" -v b="$(now)" 'BEGIN { printf "%.1f", b - a }'
}

came_to_init() {
	grep -qa 'Run /init as init' "$logs/serial"
}

# older FILE SECONDS: whether FILE was written last longer ago than that.
older() {
	[ $(($(date +%s) - $(stat -c %Y "$1"))) -gt "$2" ]
}

# machine_fault: prints what is wrong with the machine; status 1 if nothing is.
# TCG now and then loses a timer's interrupt. Then the kernel is silent before
# it comes to init, or it reports later that timers do not end.
machine_fault() {
	if came_to_init; then
		grep -qa 'rcu: .*Possible timer handling issue' \
			"$logs/serial" && echo "it lost a timer's interrupt"
	else
		grep -qa 'Linux version' "$logs/serial" &&
			older "$logs/serial" "$stall" &&
			echo "the kernel stood still before it came to init"
	fi
}

# is_silent: whether the guest has stopped its sign of life. A guest that hangs
# (after it resumes, for example) has no timer that could end its tests, and
# the limit of the whole VM may be most of an hour away.
is_silent() {
	[ -s "$logs/pulse" ] && older "$logs/pulse" "$silence"
}

# watch_machine PID: ends QEMU where the guest does not get any further.
watch_machine() {
	while sleep 2 && kill -0 "$1"; do
		if _fault=$(machine_fault); then
			echo "$_fault" >"$scratch/fault"
		elif is_silent; then
			: >"$scratch/silent"
		else
			continue
		fi
		kill "$1"
	done
}

# boot: runs QEMU, with its time limit and the watcher, to its end.
boot() {
	start=$(now)
	qemu_rc=0
	# exec: $! must be the process to kill. setpriv: none of them outlives
	# its parent, whatever ends that.
	eval "exec setpriv --pdeathsig TERM timeout -k 10 $limit \
		setpriv --pdeathsig KILL $QEMU" </dev/null >"$logs/qemu.err" \
		2>&1 7>&- 8>&- 9>&- &
	qemu_pid=$!
	watch_machine "$qemu_pid" </dev/null >/dev/null 2>&1 7>&- 8>&- 9>&- &
	watcher_pid=$!
	wait "$qemu_pid" || qemu_rc=$?
	qemu_pid=
	kill "$watcher_pid" 2>/dev/null || :
	wait "$watcher_pid" 2>/dev/null || :
	watcher_pid=
}

# stood_still: whether the kernel did not come to init, for want of a timer.
# Before init neither our modules nor the user's commands have run. On a busy
# machine the kernel's own watchdog may report that state first.
stood_still() {
	! came_to_init || return 1
	[ -e "$scratch/fault" ] || grep -qa 'soft lockup' "$logs/serial"
}

# boot_again: the second try, after the kernel stood still. With an agent there
# is none: the agent and its responders have ended with their QEMU.
boot_again() {
	if [ -n "$ask" ]; then
		echo "the kernel stood still before it came to init" \
			>"$scratch/fault"
		return 0
	fi
	say "$id: the kernel stood still before it came to init:" \
		"started again (its console: $logs/serial.1)"
	[ -z "${CCGUEST_RERUNS-}" ] ||
		echo "$logs: started again" >>"$CCGUEST_RERUNS"
	cp "$logs/serial" "$logs/serial.1"
	: >"$logs/serial"
	rm -f "$scratch/fault"
	boot
}

# run_machine: from QEMU's start to its end.
run_machine() {
	start_streams
	if [ "$mode" = shell ]; then
		start=$(now)
		qemu_rc=0
		eval "$QEMU" 2>"$logs/qemu.err" || qemu_rc=$?
	else
		boot
		! stood_still || boot_again
	fi
	elapsed=$(seconds_since "$start")
	end_streams
}
