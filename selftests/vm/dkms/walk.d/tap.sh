# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034,SC2016,SC2086,SC2164
#
# Tests of a command's status and output. Takes log, a file. Sets count and
# failures.
# The variables are those of ../walk, whose paths have no blanks.

count=0
failures=0

ok() {
	count=$((count + 1))
	echo "ok $count - $1"
}

not_ok() {
	count=$((count + 1))
	failures=$((failures + 1))
	echo "not ok $count - $1"
	[ -z "${2-}" ] || printf '%s\n' "$2" | sed 's/^/# /'
}

# check NAME COMMAND...: a test: the command succeeds.
check() {
	_name=$1
	shift
	if _out=$("$@" 2>&1); then
		ok "$_name"
	else
		not_ok "$_name" "$(printf '%s\n' "$_out" | tail -n 30)"
	fi
}

# run NAME COMMAND...: the same; the output stays in $log, for says().
run() {
	_name=$1
	shift
	if "$@" >$log 2>&1; then
		ok "$_name"
	else
		not_ok "$_name" "$(tail -n 40 $log)"
	fi
}

# refuse NAME TEXT COMMAND...: a test: the command fails, and its output has TEXT.
refuse() {
	_name=$1 _text=$2
	shift 2
	if "$@" >$log 2>&1; then
		not_ok "$_name" "it succeeded"
	elif ! grep -qF -e "$_text" $log; then
		not_ok "$_name" "no '$_text' in: $(tail -n 20 $log)"
	else
		ok "$_name"
	fi
}

# says NAME TEXT: a test: the output of the last run or refuse has TEXT.
says() {
	if grep -qF -e "$2" $log; then
		ok "$1"
	else
		not_ok "$1" "no '$2' in: $(tail -n 20 $log)"
	fi
}

# equal NAME EXPECTED FOUND
equal() {
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1" "expected: $2
found: $3"
	fi
}
