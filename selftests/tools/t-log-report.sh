# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# ccguest log verify --report: the registers of a report. selftests/vectors/log has
# quotes of TDX guests.

v=$T/report
mkdir -p "$v"
nonce=$(printf '%0128d' 2)
cat >"$v/realm.json" <<'END'
{"s2sz": 41, "breakpoints": 5, "watchpoints": 3, "images": [], "ram": [{"base": "0x40000000", "size": "0x40000000"}],
 "vcpu": {"pc": "0x40200000"}, "log": {"base": "0x60000000", "size": 4096}}
END
sed 's/41,/42,/' "$v/realm.json" >"$v/other.json"
for name in realm other; do
	run -q log make -o "$v/$name.log" "$v/$name.json"
	[ "$rc" -eq 0 ] || echo "# no log: $(cat "$T/err")"
done

# verify ARG...: verifies the log of the realm against its token.
verify()
{
	run log verify --database "$v/db" --report "$v/token" \
		--key "$v/platform.key.pub" "$@"
}

if PYTHONDONTWRITEBYTECODE=1 python3 "$here/mint-token" "$v" realm.json "$nonce" \
	>"$v/token" 2>"$v/mint"
then
	begin "log verify --report: a token of Arm CCA"
	verify --nonce "$nonce" "$v/realm.log"
	want_rc 0
	want_out "RIM       matches"
	want_out "Verdict: adds up"
	verify "$v/realm.log"
	want_rc 0
	want_err "freshness: not compared: without --nonce"
	verify --json --nonce "$nonce" "$v/realm.log"
	want_rc 0
	want_json 'd["report"]["kind"] == "cca" and d["report"]["verified"] and d["token"] is None'
	want_json 'len(d["registers"]) == 5 and d["report"]["failed"] is None'
	finish

	begin "log verify --report: the log of another realm"
	verify --nonce "$nonce" "$v/other.log"
	want_rc 5
	want_out "Verdict: does not add up"
	want_err "REALM_CREATE"
	finish

	begin "log verify --report: a report that is not good"
	verify --nonce "$(printf '%0128d' 3)" "$v/realm.log"
	want_rc 5
	want_out "Verdict: the report is not good"
	no_out "RIM "
	verify --json --nonce "$(printf '%0128d' 3)" "$v/realm.log"
	want_rc 5
	want_json 'd["verdict"] == "the report is not good" and not d["adds_up"] and "registers" not in d'
	want_json 'not d["report"]["verified"] and d["culprit"].startswith(d["report"]["failed"] + ": ")'
	finish
else
	begin "log verify --report: a token of Arm CCA"
	bad "no token: $(tail -n 1 "$v/mint")"
	finish
fi

begin "log verify --report: the options, and files that are no reports"
run log verify --report "$v/realm.log" --token "$v/token" --key "$v/x" "$v/realm.log"
want_rc 2
want_err "--token: cannot be used with --report"
run log verify --registers "$v/x" --crl "$v/x" "$v/realm.log"
want_rc 2
want_err "--crl, --at and --policy: need --report"
run log verify --live --nonce 00 "$v/realm.log"
want_rc 2
want_err "--key and --nonce: need --token or --report"
run log verify --report "$v/token" --reference "$v/x" "$v/realm.log"
want_rc 2
run log verify --report "$v/realm.log" --at yesterday "$v/realm.log"
want_rc 2
want_err "--at is a time in UTC"
run log verify --report "$v/realm.log" --nonce 0 "$v/realm.log"
want_rc 2
run log verify --report "$v/realm.json" "$v/realm.log"
want_rc 5
run log verify --report "$v/no-such" "$v/realm.log"
want_rc 1
run log verify --report "$v/realm.log" --policy "$v/no-such" "$v/realm.log"
want_rc 1
run log verify "$v/realm.log"
want_rc 2
want_err "verify: needs --report, --token and --key, --live, or --registers"
finish
