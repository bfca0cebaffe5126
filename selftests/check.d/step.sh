# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # variables of ../check
#
# Runs one step or preparation, counts its tests and tells the result. Takes
# logs, reruns, vectors, here and self of ../check. do_step() sets step and log,
# and leaves in $logs, for each STEP:
#	STEP.log, STEP.log.err	its output
#	STEP.count	passed, failed and skipped, on one line
#	STEP.time	seconds by the clock, and of the processors

# run_step STEP: in the foreground, output as it comes.
run_step() {
	case $1 in
	prepare-*)
		# shellcheck disable=SC2046 # words
		selftests/vm/fetch $(fetch_words "${1#prepare-}") ;;
	*)
		# shellcheck disable=SC2046
		set -- $(field "$1" 4-)
		"$@" ;;
	esac
}

# count LOG STATUS: passed, failed and skipped, on one line. TAP within TAP
# (kselftest's) has "# " in front and is not counted again. A log without TAP is
# one test, whose result is the status.
count() {
	tr -d '\r' <"$1" | awk -v rc="$2" '
		/^1\.\.[0-9]+/ { planned += substr($0, 4); plan = 1; next }
		/^ok [0-9]+.*# SKIP/ { s++; next }
		/^ok [0-9]+/ { p++ }
		/^not ok [0-9]+/ { f++ }
		END {
			if (!p && !f && !s) {
				if (rc) f = 1; else p = 1
			} else if (!f && (rc || (plan && planned != p + s)))
				f++
			print p + 0, f + 0, s + 0
		}'
}

# skip_expected STEP LINE: whether the list of expected skips has this skip.
skip_expected() {
	STEP=$1 LINE=$2 awk -v vectors="$([ -d "$vectors" ] && echo yes)" '
		/^#/ || NF == 0 || ($1 == "no-vectors" && vectors) { next }
		$2 == ENVIRON["STEP"] {
			text = $0
			sub(/^[^ ]+ +[^ ]+ +/, "", text)
			if (index(ENVIRON["LINE"], text))
				ok = 1
		}
		END { exit !ok }' "$here/expected-skips"
}

# run_logged: runs $step with its output in files. The progress of downloads and
# builds, which take minutes, is also shown.
run_logged() {
	case $step in
	prepare-*)
		{ "$self" --run "$step" 2>&1 >"$log" </dev/null
		  echo $? >"$log.rc"; } | tee "$log.err" >&2
		return "$(cat "$log.rc")" ;;
	*)
		"$self" --run "$step" >"$log" 2>"$log.err" </dev/null ;;
	esac
}

# lost_by_qemu: whether all failures of this step are guests that QEMU lost.
# Such a loss says nothing about the code under test.
lost_by_qemu() {
	! cat "$log" "$log.err" | grep -av "LOST VM: QEMU's fault" |
		grep -aqE 'LOST VM|TIME-OUT|KERNEL REPORT|could not be set up|: FAILED:' ||
		return 1
	_lost=$(cat "$log" "$log.err" | grep -ac "LOST VM: QEMU's fault")
	[ "$_lost" -gt 0 ] && [ "$step" != vm-rig ] &&
		[ "$(grep -ac '^not ok' "$log")" -le "$_lost" ]
}

# cpu_seconds FILE: the processor time of a shell's children, in seconds. FILE
# is the output of the shell's "times".
cpu_seconds() {
	awk 'NR == 2 {
		for (i = 1; i <= 2; i++) {
			split($i, t, "m")
			sum += t[1] * 60 + t[2]
		}
		printf "%d", sum }' "$1"
}

# run_again: the second try of a step that QEMU's fault has failed. Sets rc.
run_again() {
	_why=$(grep -ha -m1 -A1 "LOST VM: QEMU's fault" \
		"$log" "$log.err" | tr '\n' ' ')
	say "$step: again, for a fault of QEMU's: $_why"
	echo "$step: $_why" >>"$reruns"
	mv "$log" "$log.1"
	mv "$log.err" "$log.err.1"
	rc=0
	run_logged || rc=$?
}

# do_step STEP: runs it, counts its tests, tells the result.
do_step() {
	step=$1
	log=$logs/$step.log
	start=$(date +%s)
	rc=0
	run_logged || rc=$?
	if [ $rc != 0 ] && lost_by_qemu; then
		run_again
	fi
	grep -a '^ok [0-9].*# SKIP' "$log" | while read -r line; do
		skip_expected "$step" "$line" || echo "$line"
	done >"$log.skips"
	unexpected=$(wc -l <"$log.skips")
	# shellcheck disable=SC2046 # three words
	set -- $(count "$log" $rc)
	set -- "$1" $(($2 + unexpected)) $(($3 - unexpected))
	took=$(($(date +%s) - start))
	times >"$log.cpu"
	echo "$took $(cpu_seconds "$log.cpu")" >"$logs/$step.time"
	echo "$@" >"$logs/$step.count"
	tell "$@"
}

# tell PASSED FAILED SKIPPED: the result of $step, for people.
tell() {
	nth="$(find "$logs" -name '*.count' | wc -l)/$(wc -l <"$logs/selected")"
	if [ "$2" = 0 ]; then
		say "$nth $step: $1 passed, $3 skipped ($took s)"
		return
	fi
	{
		echo "check: $nth $step: $2 FAILED, $1 passed ($took s), log: $log"
		grep -a '^not ok' "$log" | head -n 20 | sed 's/^/	/'
		sed 's/^/	unexpected skip: /' "$log.skips"
		tail -n 25 "$log.err" | sed 's/^/	| /'
	} >&2
}
