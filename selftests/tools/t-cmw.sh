# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# The unit test of collections of RATS conceptual messages.

rc=0
# shellcheck disable=SC2086 # words
$prefix "$out/ccguest.objs/test/test-cmw" >"$T/unit.out" 2>"$T/unit.err" || rc=$?
unit_results "cmw unit: "
begin "cmw unit: the unit test ends"
[ "$rc" -eq 0 ] || bad "ended with $rc: $(cat "$T/unit.err")"
grep -qx '1\.\.[0-9]*' "$T/unit.out" || bad "did not come to an end"
finish
