# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# The unit tests of libccguest's rooms qmp and sev: results, and parsers.

for unit in qmp sev sev-domain sev-formats; do
	rc=0
	# shellcheck disable=SC2086 # words
	$prefix "$out/ccguest.objs/test/test-$unit" >"$T/unit.out" 2>"$T/unit.err" || rc=$?
	unit_results "$unit unit: "
	begin "$unit unit: the unit test ends"
	[ "$rc" -eq 0 ] || bad "ended with $rc: $(cat "$T/unit.err")"
	grep -qx '1\.\.[0-9]*' "$T/unit.out" || bad "did not come to an end"
	finish
done
