# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Functions of the tests inside a guest: the scripts guest-*-tests put this file
# in front of their own commands.
set -u

n=0
failed=0

# is STATUS DESCRIPTION COMMAND...: a test. The output of ccguest is in /tmp/out
# and /tmp/err until its next run
is()
{
	want=$1
	what=$2
	shift 2
	rc=0
	if [ "$1" = ccguest ]; then
		"$@" >/tmp/out 2>/tmp/err </dev/null || rc=$?
	else
		"$@" >/tmp/log 2>&1 </dev/null || rc=$?
	fi
	n=$((n + 1))
	if [ "$rc" = "$want" ]; then
		echo "ok $n - guest: $what"
	else
		failed=1
		echo "not ok $n - guest: $what"
		echo "# $*: $rc instead of $want"
		head -n 20 /tmp/out /tmp/err /tmp/log | sed 's/^/# /'
	fi
}

has()
{
	grep -qF -e "$2" "$1"
}

finish()
{
	echo "1..$n"
	exit $failed
}

