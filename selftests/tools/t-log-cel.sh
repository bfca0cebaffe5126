# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# ccguest log export: the Canonical Event Log Format, in JSON, CBOR and TLV.

v=$T/cel
mkdir -p "$v/odd"
printf 'a kernel\n' >"$v/kernel"
cat >"$v/tpm.json" <<'END'
{"dialect": "tpm", "events": [
 {"index": 4, "type": "0x80000007", "text": "Calling EFI Application from Boot Option"},
 {"index": 4, "type": 4, "data": "00000000"},
 {"index": 8, "type": 13, "data": "677275625f636d643a206c73"}]}
END
sed 's/"tpm"/"ccel"/; s/"index": 8/"index": 3/' "$v/tpm.json" >"$v/ccel.json"
cat >"$v/realm.json" <<'END'
{"dialect": "realm-qemu", "s2sz": 41, "hash": "sha512",
 "ram": [{"base": "0x40000000", "size": "0x40000000"}],
 "images": [{"name": "KERNEL", "file": "kernel", "base": "0x40200000"}],
 "vcpu": {"pc": "0x40200000"}, "log": {"base": "0x60000000", "size": 4096},
 "events": [{"index": 1, "type": 5, "text": "REM0"}]}
END
for name in tpm ccel realm; do
	run -q log make -o "$v/$name.log" "$v/$name.json"
	[ "$rc" -eq 0 ] || echo "# no log: $(cat "$T/err")"
done

if [ -z "${valgrind:-}" ]; then
	python_tests "log export" cel_tests.py "$T/ccguest" "$v/odd" \
		"$v/tpm.log" "$v/ccel.log" "$v/realm.log"
fi

begin "log export: the options"
run log export "$v/tpm.log"
want_rc 2
want_err "export: needs one of --cel-json, --cel-cbor and --cel-tlv"
run log export --cel-json --cel-tlv "$v/tpm.log"
want_rc 2
run log export --cel-tlv -o "" "$v/tpm.log"
want_rc 2
run log export --cel-json --json "$v/tpm.log"
want_rc 2
want_err "--json: is about the result"
run log export --cel-json "$v/no-such.log"
want_rc 1
finish

begin "log export: into a file"
run log export --cel-json -o "$v/out.json" "$v/tpm.log"
want_rc 0
no_err
want_out "$v/out.json: $(wc -c <"$v/out.json") bytes written"
run log export --cel-json "$v/tpm.log"
want_rc 0
cmp -s "$T/out" "$v/out.json" || bad "standard output has other bytes than the file"
want_out '"event_type":"EV_EFI_ACTION"'
run log export --json --cel-cbor -o "$v/out.cbor" "$v/tpm.log"
want_rc 0
want_out '"left_out": 0'
run log export --cel-tlv -o "$v/no-such-folder/out" "$v/tpm.log"
want_rc 1
finish
