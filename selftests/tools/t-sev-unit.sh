# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# The unit test of libccguest's room sev.

rc=0
# shellcheck disable=SC2086 # words
$prefix "$out/ccguest.objs/test/test-sev" >"$T/unit.out" 2>"$T/unit.err" || rc=$?
while read -r line; do
	case $line in
	"ok "*) result ok "sev unit: ${line#ok * - }" "" ;;
	"not ok "*) result "not ok" "sev unit: ${line#not ok * - }" "" ;;
	"1.."*) ;;
	*) echo "# $line" ;;
	esac
done <"$T/unit.out"
begin "sev unit: the unit test ends"
[ "$rc" -eq 0 ] || bad "ended with $rc: $(cat "$T/unit.err")"
grep -qx '1\.\.[0-9]*' "$T/unit.out" || bad "did not come to an end"
finish
