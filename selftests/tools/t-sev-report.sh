# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# ccguest sev report verify, with reports of the firmware in software. The ASK and
# the ARK of that platform are not AMD's; walk/ccguest takes them for AMD's.

psp=$out/ccguest.objs/test/soft-psp
p=$T/report
mkdir -p "$p"
"$psp" platform "$p" rome
chain=$p/sev.chain
digest=$(printf '%064x' 0xd1)
nonce=$(printf '%032x' 0x2026)

# unhex HEX: prints bytes
unhex()
{
	python3 -c 'import sys; sys.stdout.buffer.write(bytes.fromhex(sys.argv[1]))' "$1"
}

# launch POLICY: the platform starts a guest with the launch digest $digest
launch()
{
	rm -f "$p"/vm_*
	run sev session --insecure -n "$p/vm" "$chain" "$1"
	"$psp" start "$p" "$p/vm_godh.b64" "$p/vm_session.b64" "$1" || bad "the guest does not start"
	"$psp" measure "$p" "$digest" 1 55 21 >/dev/null || bad "the guest is not measured"
}

# attest FILE [HEX]: writes the report of the guest
attest()
{
	"$psp" attest "$p" "$(unhex "${2:-$nonce}" | base64)" >"$1" ||
		bad "no report"
}

# run_known ARGS...: runs the command that knows the ASK and the ARK of the platform
run_known()
{
	rc=0
	# shellcheck disable=SC2086 # words
	WALK_CA=$p/ca.chain $prefix "$out/ccguest.objs/test/walk/ccguest" "$@" \
		</dev/null >"$T/out" 2>"$T/err" || rc=$?
	after "$@"
}

# patch FILE OFFSET TO: writes a copy with one bit of one byte changed
patch()
{
	python3 -c '
import sys
b = bytearray(open(sys.argv[1], "rb").read())
b[int(sys.argv[2])] ^= 1
open(sys.argv[3], "wb").write(b)' "$@"
}

begin "sev report verify: all is as expected"
launch 0xf
attest "$p/report"
base64 -d "$p/report" >"$p/raw"
run_known sev report verify --digest "$digest" --nonce "$nonce" --policy 0xf "$chain" "$p/report"
want_rc 0
want_out "digest  as expected  $digest"
want_out "nonce   as expected  $nonce"
want_out "policy  as expected  0xf: NODBG,NOKS,ES,NOSEND"
want_out "OK: the platform signed this report"
no_err "not compared"
want_err "policy 0xf: without FW=MAJOR.MINOR, old firmware"
run_known sev report verify --json --digest "$digest" --nonce "$nonce" --policy 0xf \
	"$chain" "$p/report"
want_rc 0
want_json 'd["schema"] == "ccguest/sev-report-verify/1" and d["valid"] and d["chain_valid"] and d["signed"] and d["why"] is None'
want_json '(d["launch_digest"], d["nonce"], d["policy"], d["policy_names"]) == ("'"$digest"'", "'"$nonce"'", "0xf", "NODBG,NOKS,ES,NOSEND")'
want_json '(d["digest_matches"], d["nonce_matches"], d["policy_matches"], d["generation"]) == (True, True, True, "Rome")'
finish

begin "sev report verify: forms of a report, of a nonce, of a digest"
od -An -v -tx1 "$p/raw" | tr -d ' \n' >"$p/hex"
printf '%s' "$(cat "$p/report")" >"$p/bare"
printf '%s\r\n' "$(cat "$p/report")" >"$p/crlf"
for f in report raw hex bare crlf; do
	run_known sev report verify -q --nonce "$nonce" "$chain" "$p/$f"
	want_rc 0
	no_out
	no_err
done
unhex "$nonce" >"$p/nonce.bin"
base64 "$p/nonce.bin" >"$p/nonce.b64"
echo "$digest" >"$p/digest"
for n in "@$p/nonce.bin" "@$p/nonce.b64" "$(cat "$p/nonce.b64")"; do
	run_known sev report verify --nonce "$n" --digest "@$p/digest" "$chain" "$p/report"
	want_rc 0
	want_out "nonce   as expected"
	want_out "digest  as expected"
done
finish

begin "sev report verify: what was not compared is not called as expected"
run_known sev report verify "$chain" "$p/report"
want_rc 0
want_out "digest  not compared  $digest"
want_out "nonce   not compared  $nonce"
want_out "policy  not compared  0xf"
want_err "digest: not compared: without --digest, the report may be of any guest"
want_err "nonce: not compared: without --nonce, this may be an old report"
run_known sev report verify --json "$chain" "$p/report"
want_json '(d["valid"], d["digest_matches"], d["nonce_matches"], d["policy_matches"]) == (True, None, None, None)'
finish

begin "sev report verify: another digest, nonce, policy"
# OPTION VALUE WORD: one of three differs
while read -r opt value word; do
	run_known sev report verify --digest "$digest" --nonce "$nonce" --policy 15 "--$opt" "$value" \
		"$chain" "$p/report"
	want_rc 5
	want_err "report: has another $word than --$opt"
	want_err "hint: "
	want_out "not as expected"
	[ "$(grep -c ' as expected  ' "$T/out")" -eq 3 ] || bad "$opt: $(cat "$T/out")"
	[ "$(grep -c 'not as expected' "$T/out")" -eq 1 ] || bad "$opt: $(cat "$T/out")"
	if grep -q ^OK: "$T/out"; then
		bad "$opt: says OK"
	fi
	run_known sev report verify --json --digest "$digest" --nonce "$nonce" --policy 15 \
		"--$opt" "$value" "$chain" "$p/report"
	want_rc 5
	want_json '(d["valid"], d["signed"], d["chain_valid"]) == (False, True, True)'
	want_json '[k for k in d if k.endswith("_matches") and not d[k]] == ["'"$opt"'_matches"]'
done <<END
digest $(printf '%064x' 0xd2) launch digest
nonce $(printf '%032x' 0x2027) nonce
policy 14 policy
END
attest "$p/old" "$(printf '%032x' 1)"
run_known sev report verify --nonce "$nonce" "$chain" "$p/old"
want_rc 5
finish

begin "sev report verify: each byte of a report, changed"
at=0
while [ "$at" -lt 208 ]; do
	patch "$p/raw" "$at" "$p/changed"
	run_known sev report verify "$chain" "$p/changed"
	case $at in
	60 | 61 | 62 | 63)
		# Reserved, and not signed.
		want_rc 0
		;;
	52 | 53 | 54 | 55)
		want_rc 5
		want_err "changed: is not signed by the PEK of $chain: there is no such signature"
		no_out
		;;
	56 | 57 | 58 | 59)
		want_rc 5
		want_err "the algorithm of the signature is not the one of the signer's key"
		no_out
		;;
	*)
		want_rc 5
		want_err "is not signed by the PEK of $chain: the signature does not verify"
		no_out
		;;
	esac
	at=$((at + 1))
done
run_known sev report verify --json "$chain" "$p/changed"
want_rc 5
want_json '(d["valid"], d["signed"], d["chain_valid"]) == (False, False, True) and d["why"] == "the signature does not verify"'
finish

begin "sev report verify: another length"
n=0
while [ "$n" -lt 208 ]; do
	head -c "$n" "$p/raw" >"$p/short"
	run_plain sev report verify "$chain" "$p/short"
	want_rc 1
	no_out
	want_err "short: expected a report of 208 bytes, or its base64 or hexadecimal text; found $n bytes"
	n=$((n + 13))
done
head -c 207 "$p/raw" >"$p/short"
run sev report verify "$chain" "$p/short"
want_rc 1
{
	cat "$p/raw"
	echo
} >"$p/long"
run sev report verify "$chain" "$p/long"
want_rc 1
want_err "found 209 bytes"
head -c 1184 /dev/zero >"$p/snp"
run sev report verify "$chain" "$p/snp"
want_rc 1
want_err "found 1184 bytes"
want_err "reports of SNP are others"
head -c 5000 /dev/zero >"$p/large"
run sev report verify "$chain" "$p/large"
want_rc 1
{
	tr -d '\n' <"$p/report"
	printf '\000'
} >"$p/nul"
run sev report verify "$chain" "$p/nul"
want_rc 1
run sev report verify "$chain" "$p/absent"
want_rc 1
want_err "absent: No such file or directory"
finish

begin "sev report verify: a chain that is not valid"
run sev report verify --ca "$p/ca.chain" "$chain" "$p/report"
want_rc 5
no_out
want_err "the certificate chain is not valid: ASK and ARK are not AMD's"
run sev report verify --json --ca "$p/ca.chain" "$chain" "$p/report"
want_rc 5
want_json '(d["valid"], d["chain_valid"], d["signed"], d["generation"]) == (False, False, True, None)'
patch "$chain" 1052 "$p/flipped"
run_known sev report verify "$p/flipped" "$p/report"
want_rc 5
no_out
want_err "the certificate chain is not valid: PDH signed by PEK: the signature does not verify"
head -c 2084 "$chain" >"$p/pdh"
run_known sev report verify "$p/pdh" "$p/report"
want_rc 1
want_err "PEK at offset 2084: the certificate is truncated"
finish

begin "sev report verify: the chain of another platform, an exported chain"
mkdir -p "$p/other"
"$psp" platform "$p/other" rome
cat "$p/other/sev.chain" >"$p/other.chain"
cp "$p/ca.chain" "$p/own.ca"
cp "$p/other/ca.chain" "$p/ca.chain"
run_known sev report verify "$p/other.chain" "$p/report"
want_rc 5
no_out
want_err "report: is not signed by the PEK of $p/other.chain: the signature does not verify"
want_err "hint: the report and the chain must be of the same host"
cp "$p/own.ca" "$p/ca.chain"
# The firmware's CEK has no signature of AMD.
"$psp" command "$p" 5 | tail -c +5 >"$p/exported"
run_known sev report verify "$p/exported" "$p/report"
want_rc 5
run_known sev report verify --cek "$p/cek.cert" "$p/exported" "$p/report"
want_rc 0
finish

begin "sev report verify: policies"
launch 0x18000000
attest "$p/weak"
run_known sev report verify "$chain" "$p/weak"
want_rc 0
want_out "policy  not compared  0x18000000: FW=0.24"
want_err "policy 0x18000000: without NODBG, the host may decrypt the guest's memory"
run_known sev report verify --policy FW=0.24 "$chain" "$p/weak"
want_rc 0
run_known sev report verify --policy NODBG,FW=0.24 "$chain" "$p/weak"
want_rc 5
want_err "hint: the host started the guest with another policy"
finish

begin "sev report verify: command lines"
for args in "--digest 12" "--digest zz" "--nonce $digest" "--policy 0x40" "--nonce="; do
	# shellcheck disable=SC2086 # words
	run sev report verify $args "$chain" "$p/report"
	want_rc 2
	no_out
done
run sev report verify --nonce 12 "$chain" "$p/report"
want_err "the nonce has 16 bytes, in hex or base64"
run sev report verify "$chain"
want_rc 2
run sev report
want_rc 2
finish
