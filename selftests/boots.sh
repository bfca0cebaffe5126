# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Shared by the `boots` of the modules, which source it with their arguments:
#
#	boots [--all] [KERNEL [RUN-OPTION...]]
#
# Each case needs a guest of its own, which is slow. The unit tests of lib/ test
# both sides of each limit without a guest. So without --all only the cases that
# a script marks with keep run. They prove that the module checks the address
# from each source, and logs the reason of a refusal.
#
# A script sets $commands, the shell commands for the guest, and calls the
# functions below. Sets here, run, kernel, work (a scratch folder), n and
# failed.

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
run=$here/../vm/run
all=
kept=
commands=
if [ "${1-}" = --all ]; then
	all=1
	shift
fi
kernel=${1:-6.12}
[ $# = 0 ] || shift
work=$(mktemp -d)
trap 'rm -rf "$work" || :' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
n=0
failed=0

# keep FUNCTION ARGUMENT...: its cases run without --all too.
keep() {
	kept=1
	"$@"
	kept=
}

# ok STATUS TEXT: a test; 0 is a pass.
ok() {
	n=$((n + 1))
	if [ "$1" = 0 ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		sed 's/^/# /' "$work/out"
		tail -n 15 "$work/err" | sed 's/^/# /'
		failed=1
	fi
}

# wanted: whether the case is to run.
wanted() {
	[ -n "$all$kept" ]
}

# guest OPTION...: runs $commands in a guest; the output is in $work/out. One
# processor is enough: QEMU loses timers in guests with more.
guest() {
	"$run" --kernel "$kernel" --smp 1 "$@" --exec "$commands" \
		>"$work/out" 2>"$work/err"
}

# boot TEXT EXPECTED OPTION...: a case; the guest's output has each line of
# EXPECTED.
boot() {
	wanted || return 0
	text=$1
	expected=$2
	shift 2
	rc=0
	guest "$@" || rc=$?
	[ $rc = 0 ] && printf '%s\n' "$expected" | while read -r line; do
		grep -qF -- "$line" "$work/out" || exit 1
	done || rc=1
	ok $rc "$kernel: $text"
}

finish() {
	echo "1..$n"
	exit $failed
}
