# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # variables of ../run
#
# Judges a guest of ../run that has ended, tells the result on stderr and ends
# the run with its status. Takes the variables of options.sh, inputs.sh and
# machine.sh. Sets judged, so that cleanup() of ../run keeps the status 1.

# read_verdict: sets verdict. The guest's verdict is the one line "RESULT n";
# a missing line, or more than that line, is no verdict.
read_verdict() {
	verdict=
	[ -s "$logs/verdict" ] || return 1
	verdict=$(sed -n 's/^RESULT \([0-9]\{1,3\}\)$/\1/p' "$logs/verdict")
	[ "RESULT $verdict${newline}x" = "$(cat "$logs/verdict"; echo x)" ] &&
		[ "$verdict" -le 255 ]
}

tell_logs() {
	say "logs: $logs"
}

# tell_reports TEXT LINES: the first lines of the kernel's reports, indented.
tell_reports() {
	printf '%s\n' "$1" | head -n "$2" | sed '/^$/d; s/^/    /' >&2
}

# is_qemus_fault: whether QEMU alone has lost the VM, so that the caller may
# run the same once more. Either QEMU itself died; or the machine stood still
# before a module of ours was loaded, which the kernel logs at the first one.
# A loss after that counts against our modules, and so does one after a test
# failed. Sets fault: the fault that the watcher or the status tells, or nothing.
is_qemus_fault() {
	fault=$(cat "$scratch/fault" 2>/dev/null || :)
	! grep -qaE '^(# *)*not ok' "$logs/ktap" 2>/dev/null || return 1
	case $qemu_rc in
	134|139)
		fault="it died (status $qemu_rc)"
		return 0 ;;
	esac
	[ -n "$fault" ] && ! grep -qa \
		'loading out-of-tree module taints kernel' "$logs/serial"
}

timed_out() {
	# 137 is timeout's own second signal, or somebody else's
	[ -e "$scratch/silent" ] || [ "$qemu_rc" = 124 ] ||
		{ [ "$qemu_rc" = 137 ] && [ "${elapsed%.*}" -ge "$limit" ]; }
}

no_console() {
	[ -s "$logs/serial" ] || printf ', and nothing on its console'
}

time_out_reason() {
	if [ -e "$scratch/silent" ]; then
		echo "$silence s without a sign of life (of $limit s)"
	else
		echo "$limit s$(no_console)"
	fi
}

# on_console TEXT: the first line of the console that has TEXT.
on_console() {
	tr -d '\r' <"$logs/serial" | grep -a -m1 -e "$1" || :
}

# lost: there is no verdict, or an invalid one. Prints the reason, and ends the
# run.
lost() {
	reports=$("$VM_DIR/guest/splat" "$logs/serial" || :)
	panic=$(on_console 'Kernel panic - not syncing')
	failed=$(on_console 'ccguest-rig: set-up failed')
	status=3
	if is_qemus_fault; then
		say "$id: LOST VM: QEMU's fault: $fault"
		last_lines "$logs/qemu.err" 5
		last_lines "$logs/serial" 5
		status=4
	elif [ -n "$fault" ]; then
		say "$id: LOST VM: $fault, with a module of ours loaded"
		tell_reports "$reports" 8
		last_lines "$logs/serial" 5
	elif timed_out; then
		say "$id: TIME-OUT after $(time_out_reason)"
		last_lines "$logs/serial" 5
		status=124
	elif [ -n "$failed" ]; then
		say "$id: error: the guest could not be set up:" \
			"${failed#*set-up failed: }"
		status=2
	elif [ -n "$panic" ]; then
		say "$id: LOST VM: panic after $elapsed s: ${panic#*syncing: }"
		tell_reports "$reports" 8
	elif [ "$qemu_rc" != 0 ] && [ "$qemu_rc" -lt 128 ]; then
		say "$id: error: QEMU failed with status $qemu_rc:"
		last_lines "$logs/qemu.err" 5
		status=2
	elif [ "$qemu_rc" != 0 ]; then
		say "$id: LOST VM: QEMU died (status $qemu_rc)"
		last_lines "$logs/qemu.err" 5
	elif [ -s "$logs/verdict" ]; then
		say "$id: LOST VM: expected the verdict 'RESULT n', found:"
		last_lines "$logs/verdict" 2
	else
		say "$id: LOST VM: it was reset or switched off after" \
			"$elapsed s, without a verdict$(no_console)"
		tell_reports "$reports" 8
		last_lines "$logs/serial" 5
	fi
	tell_logs
	exit "$status"
}

# sum_up: writes failures, unexpected skips and, last, the count of the KTAP to
# $scratch/summary. Status 1 where a test failed, or was skipped that is not
# on the list of expected skips.
sum_up() {
	awk -v kernel="$id" -v list="${CCGUEST_SKIPS:-$VM_DIR/expected-skips}" '
	BEGIN {
		while ((getline line < list) > 0) {
			sub(/[ \t]*#.*/, "", line)
			if (split(line, w, /[ \t]+/) < 2)
				continue
			if (w[1] != kernel && w[1] != "*")
				continue
			sub(/^[^ \t]+[ \t]+/, "", line)
			sub(/[ \t]+/, " ", line)
			expected[++n] = line
		}
		passed = failed = skipped = bad = 0
	}
	function is_expected(test, sub_test,	i, l, e) {
		for (i = 1; i <= n; i++) {
			e = expected[i]
			if (sub_test == "" && e == test)
				return 1
			l = length(test) + 1
			if (sub_test != "" && substr(e, 1, l) == test " " && \
			    index(sub_test, substr(e, l + 1)) == 1)
				return 1
		}
		return 0
	}
	function text_of(line) {
		sub(/^# /, "", line)
		sub(/^(not )?ok [0-9]+ (- )?/, "", line)
		sub(/[ \t]*# .*/, "", line)
		return line
	}
	function name_of(line) {
		line = text_of(line)
		sub(/^selftests: /, "", line)
		sub(/: /, ":", line)
		return line
	}
	/^# selftests: / { test = name_of($0); next }
	/^# +ok [0-9].*# SKIP/ {
		if (!is_expected(test, text_of($0))) {
			print "unexpected skip: " test ": " $0
			bad = 1
		}
		next
	}
	/^# +not ok / { print test ": " $0; next }
	/^ok [0-9].*# SKIP/ {
		skipped++
		if (!is_expected(name_of($0), "")) {
			print "unexpected skip: " name_of($0)
			bad = 1
		}
		next
	}
	/^ok [0-9]/ { passed++ }
	/^not ok / { failed++; print }
	/^# ccguest-rig:/ { print }
	END {
		printf "%d passed, %d failed, %d skipped\n", \
			passed, failed, skipped
		exit bad || failed
	}' "$logs/ktap" >"$scratch/summary"
}

# exec_gates: those of guest/gates that cost nothing hold for --exec as well.
exec_gates() {
	reports=$("$VM_DIR/guest/splat" --whole "$logs/dmesg" || :
		sed -n 's/.*\(ccguest-rig: unexpected taint: .*\)/\1/p' \
			"$logs/dmesg")
	[ -n "$reports" ] || return 0
	say "$id: KERNEL REPORT: the commands ended with status $verdict," \
		"but the kernel says:"
	tell_reports "$reports" 20
	tell_logs
	[ "$verdict" != 0 ] || verdict=1
}

judge_tests() {
	clean=1
	sum_up || clean=
	if [ "$verdict" = 0 ] && [ -n "$clean" ]; then
		say "$id: $(tail -n 1 "$scratch/summary");" \
			"boot to verdict $elapsed s"
		exit 0
	fi
	say "$id: FAILED: $(tail -n 1 "$scratch/summary");" \
		"boot to verdict $elapsed s"
	sed '$d' "$scratch/summary" | head -n 20 | sed 's/^/    /' >&2
	tell_logs
	exit 1
}

# judge: ends the run with the status that belongs to the result.
judge() {
	read_verdict || lost
	# QEMU ends with 0 where we end it, perhaps after the verdict
	if [ "$qemu_rc" != 0 ] || [ -e "$scratch/silent" ] ||
	   [ -e "$scratch/fault" ]; then
		lost
	fi
	judged=1
	case $mode in
	test)	judge_tests ;;
	exec)
		[ -z "$verbose" ] || say "$id: boot to verdict $elapsed s"
		exec_gates
		exit "$verdict" ;;
	shell)	exit "$verdict" ;;
	esac
}
