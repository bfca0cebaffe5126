# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Shared by the `boots` of the modules, which source it with their arguments:
#
#	boots [--all] [KERNEL [RUN-OPTION...]]
#
# What is decided before the kernel runs takes a guest of its own per case.
# That a number is refused needs none: the unit tests of lib/ have each
# boundary. So without --all there are only the few cases that a script puts
# behind keep: they prove that the module asks, on each way that leads to an
# address, and that what it is told comes to the kernel's log.
#
# A script sets $commands, for the guest, and calls the functions below.

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
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
n=0
failed=0

# keep FUNCTION...: a case, or several, that are run without --all too.
keep() {
	kept=1
	"$@"
	kept=
}

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

# wanted: is a case to be run?
wanted() {
	[ -n "$all$kept" ]
}

# guest OPTION...: what it prints is in $work/out; its status.
guest() {
	"$run" --kernel "$kernel" "$@" --exec "$commands" \
		>"$work/out" 2>"$work/err"
}

# boot TEXT EXPECTED OPTION...: a guest that answers EXPECTED, lines of it.
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
