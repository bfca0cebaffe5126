# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# Verification of quotes of TDX, and of tokens of Arm CCA. The unit tests make the
# quotes with keys of their own; mint-token makes the token.

d=$T/report-tdx
mkdir -p "$d"
tests=$out/ccguest.objs/test

rc=0
# shellcheck disable=SC2086 # words
$prefix "$tests/test-report-tdx" ${prefix:+--quick} >"$T/unit.out" 2>"$T/unit.err" || rc=$?
unit_results "report tdx unit: "
begin "report tdx unit: the unit test ends"
[ "$rc" -eq 0 ] || bad "ended with $rc: $(cat "$T/unit.err")"
grep -qx '1\.\.[0-9]*' "$T/unit.out" || bad "did not come to an end"
finish

begin "report cca unit: the unit test ends"
cat >"$d/realm.json" <<END
{"s2sz": 41, "breakpoints": 5, "watchpoints": 3, "pmu_counters": 6, "cpus": 1,
 "ram": [{"base": "0x40000000", "size": "0x40000000"}], "images": [],
 "log": {"base": "0x50000000", "size": 4096}}
END
nonce=$(printf '%0128x' 5)
if PYTHONDONTWRITEBYTECODE=1 python3 "$here/mint-token" "$d" realm.json "$nonce" \
	>"$d/token" 2>"$T/log"; then
	openssl pkey -in "$d/realm.key" -pubout -out "$d/other.pub" || bad "no other key"
	rc=0
	# shellcheck disable=SC2086 # words
	$prefix "$tests/test-report-cca" "$d/token" "$d/platform.key.pub" \
		"$d/other.pub" "$nonce" ${prefix:+--quick} \
		>"$T/unit.out" 2>"$T/unit.err" || rc=$?
	[ "$rc" -eq 0 ] || bad "ended with $rc: $(cat "$T/unit.err")"
	grep -qx '1\.\.[0-9]*' "$T/unit.out" || bad "did not come to an end"
	finish
	unit_results "report cca unit: "
else
	skip "no token: $(tail -n 1 "$T/log")"
	return 0
fi

begin "report verify: Arm CCA: all is as expected"
run report verify --key "$d/platform.key.pub" --nonce "$nonce" "$d/token"
want_rc 0
want_err "rim: not compared: without a policy"
for check in platform_signature realm_signature binding hash_algorithm freshness; do
	grep -q "^$check  *ok  " "$T/out" || bad "$check: $(cat "$T/out")"
done
finish

begin "report verify: Arm CCA: options for another kind of report refuse the token"
run report verify --key "$d/platform.key.pub" --require-chip "$d/token"
want_rc 5
want_err ": kind: the report is of Arm CCA, and the required chip ID is one of SEV-SNP"
run report verify --key "$d/platform.key.pub" --csp-id CN=a "$d/token"
want_rc 5
want_err ": kind: the report is of Arm CCA, and the given provider is one of SEV-SNP"
run report verify --key "$d/platform.key.pub" --vmpl 0 "$d/token"
want_rc 5
want_err ": rules: the report is of Arm CCA, and there are rules for other kinds"
finish

begin "report verify: Arm CCA: another key, no key, another nonce"
run report verify --key "$d/other.pub" "$d/token"
want_rc 5
want_err ": platform_signature: "
run report verify "$d/token"
want_rc 5
want_err "there is no key"
run report verify --key "$d/platform.key.pub" --nonce 05 "$d/token"
want_rc 5
want_err ": freshness: "
finish
