# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What tests inside a guest are written with: the scripts guest-*-tests put it
# in front of theirs.
set -u

n=0
failed=0

# is STATUS DESCRIPTION COMMAND...: what ccguest writes is in /tmp/out and
# /tmp/err until it is called again
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

