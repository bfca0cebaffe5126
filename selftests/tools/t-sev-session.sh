# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# ccguest sev session, against the firmware in software.

psp=$out/ccguest.objs/test/soft-psp
p=$T/session
mkdir -p "$p"
"$psp" platform "$p"
cat "$p/sev.chain" "$p/ca.chain" >"$p/chain"

# files: prints the names of the session's files
files()
{
	(cd "$p" && ls vm_*) 2>/dev/null | tr '\n' ' '
}

begin "sev session: a chain that is not valid"
run sev session -n "$p/vm" "$p/chain" 5
want_rc 5
no_out
want_err "ASK and ARK are not AMD's"
[ -z "$(files)" ] || bad "wrote $(files)"
head -c 2084 "$p/sev.chain" >"$p/pdh"
run sev session -n "$p/vm" "$p/pdh" 5
want_rc 1
want_err "PEK at offset 2084: the certificate is truncated"
[ -z "$(files)" ] || bad "wrote $(files)"
finish

begin "sev session: --insecure, and the platform opens the session"
run sev session --insecure -n "$p/vm" "$p/chain" NODBG,ES
want_rc 0
want_err "chain: not verified: the platform may not be a processor of AMD"
want_err "policy 0x5: without NOKS, "
want_out "policy 0x5: NODBG,ES"
want_out "vm_tik.bin, "
[ "$(files)" = "vm_godh.b64 vm_session.b64 vm_tek.bin vm_tik.bin " ] || bad "$(files)"
[ "$(cd "$p" && stat -c %a%s vm_* | tr '\n' ' ')" = "6002780 600172 60016 60016 " ] ||
	bad "$(stat -c %a:%s "$p"/vm_*)"
"$psp" start "$p" "$p/vm_godh.b64" "$p/vm_session.b64" 5 2>"$T/err" || bad "$(cat "$T/err")"
head -c 16 "$p/guest" | cmp - "$p/vm_tek.bin" || bad "another TEK"
tail -c +17 "$p/guest" | head -c 16 | cmp - "$p/vm_tik.bin" || bad "another TIK"
! "$psp" start "$p" "$p/vm_godh.b64" "$p/vm_session.b64" 4 2>"$T/err" ||
	bad "another policy is accepted"
finish

begin "sev session: files are not replaced"
cp "$p/vm_tek.bin" "$T/tek"
for f in godh.b64 session.b64 tik.bin tek.bin; do
	mkdir -p "$p/kept"
	mv "$p"/vm_* "$p/kept"
	cp "$p/kept/vm_$f" "$p/vm_$f"
	run sev session --insecure -n "$p/vm" "$p/chain" 5
	want_rc 1
	want_err "$p/vm_$f: exists, and is not replaced"
	[ "$(files)" = "vm_$f " ] || bad "$f: $(files)"
	cmp "$p/vm_$f" "$p/kept/vm_$f" || bad "$f was changed"
	mv "$p/kept"/* "$p"
done
run sev session --insecure -n "$p/nowhere/vm" "$p/chain" 5
want_rc 1
want_err "nowhere/vm_godh.b64: No such file or directory"
finish

begin "sev session: the mark of an old key"
for key in tik tek; do
	echo used >"$p/old_$key.bin.used"
	run sev session --insecure -n "$p/old" "$p/chain" 5
	want_rc 1
	want_err "old_$key.bin.used: exists: it would mark the new key as used"
	want_err "hint: choose another name, or remove the mark of the old key"
	[ "$(cd "$p" && ls old_*)" = "old_$key.bin.used" ] || bad "wrote $(ls "$p"/old_*)"
	rm "$p/old_$key.bin.used"
done
finish

begin "sev session: certificates of other files"
# As QMP's query-sev-capabilities returns the chain: the CEK has no signature of AMD.
"$psp" command "$p" 5 | tail -c +5 >"$p/exported"
run sev session -n "$p/cek" "$p/exported" 5
want_rc 5
want_err "exported: the certificate chain is not valid: the CEK has no signature of AMD"
want_err "hint: on the host, ccguest sev show cek-url prints the URL"
tail -c +4169 "$p/sev.chain" | head -c 2084 >"$p/oca"
for opts in "--cek $p/cek.cert" "--cek $p/cek.cert --oca $p/oca"; do
	rc=0
	# shellcheck disable=SC2086 # words
	WALK_CA=$p/ca.chain $prefix "$out/ccguest.objs/test/walk/ccguest" sev session \
		-n "$p/cek" $opts "$p/exported" 5 >"$T/out" 2>"$T/err" || rc=$?
	want_rc 0
	"$psp" start "$p" "$p/cek_godh.b64" "$p/cek_session.b64" 5 2>"$T/err" || bad "$(cat "$T/err")"
	rm "$p"/cek_*
done
run sev session -n "$p/cek" --oca "$p/cek.cert" "$p/exported" 5
want_rc 1
want_err "cek.cert: expected the OCA at offset 0"
finish

begin "sev session: two sessions have nothing in common"
run sev session --insecure --json -n "$p/two" "$p/pdh" 0x1800000f
want_rc 0
want_json 'd["policy"] == "0x1800000f" and d["policy_names"] == "NODBG,NOKS,ES,NOSEND,FW=0.24"'
want_json '(d["verified"], d["generation"]) == (False, None)'
want_json '[d[n].split("_")[-1] for n in ("godh", "session", "tik", "tek")] == ["godh.b64", "session.b64", "tik.bin", "tek.bin"]'
want_json 'd["advice"] == ["SEV and SEV-ES do not protect the integrity of memory; SEV-SNP does"]'
for f in godh.b64 session.b64 tik.bin tek.bin; do
	! cmp -s "$p/vm_$f" "$p/two_$f" || bad "the same $f"
done
"$psp" start "$p" "$p/two_godh.b64" "$p/two_session.b64" 0x1800000f 2>"$T/err" ||
	bad "$(cat "$T/err")"
finish

begin "sev session: the platform refuses a changed session"
base64 -d "$p/vm_session.b64" >"$T/raw"
for at in 0 20 40 50 70 100; do
	{
		head -c $at "$T/raw"
		printf '\252'
		tail -c +$((at + 2)) "$T/raw"
	} | base64 -w 0 >"$T/changed"
	! "$psp" start "$p" "$p/vm_godh.b64" "$T/changed" 5 2>"$T/err" ||
		bad "offset $at: accepted"
done
finish

begin "sev session: command lines"
for policy in 0x40 ES,XX 0x100000000 "" -5; do
	run sev session --insecure -n "$p/bad" "$p/chain" -- "$policy"
	want_rc 2
	no_out
	want_err "hint: ccguest help sev session lists the forms of a policy"
done
run sev session "$p/chain"
want_rc 2
[ ! -e "$p/bad_tik.bin" ] || bad "wrote a key"
finish
