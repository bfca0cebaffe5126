# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# ccguest report verify: SEV-SNP. The reports and the roots are those of mint-snp;
# walk/ccguest takes the roots for AMD's.

r=$T/report-verify
mkdir -p "$r"
"$out/ccguest.objs/test/mint-snp" "$r"
nonce=$(printf '01020304%0120d' 0)
digest=$(printf '3%.0s' $(seq 96))
at=2026-01-01

# verify ARGS...: runs the command that knows the roots of the reports
verify()
{
	rc=0
	# shellcheck disable=SC2086 # words
	SNP_ROOTS=$r $prefix "$out/ccguest.objs/test/walk/ccguest" report verify "$@" \
		</dev/null >"$T/out" 2>"$T/err" || rc=$?
	after report verify "$@"
}

# failed NAME: the check fails, and is the first
failed()
{
	want_rc 5
	want_err ": $1: "
	grep -q "^$1  *failed  " "$T/out" || bad "$1: $(cat "$T/out")"
	if grep -q ^OK: "$T/out"; then
		bad "$1: says OK"
	fi
}

begin "report verify: the unit test"
rc=0
# shellcheck disable=SC2086 # words
$prefix "$out/ccguest.objs/test/test-report-snp" ${prefix:+--quick} >"$T/unit.out" \
	2>"$T/unit.err" || rc=$?
[ "$rc" -eq 0 ] || bad "ended with $rc: $(cat "$T/unit.err")"
grep -qx '1\.\.[0-9]*' "$T/unit.out" || bad "did not come to an end"
finish
unit_results "report verify: unit: "

for kind in milan-v2 milan-v3 milan-vlek genoa-v3 turin-v5 turin-vlek; do
	begin "report verify: $kind: all is as expected"
	verify --at $at --certs "$r/$kind.der" --nonce "$nonce" --measurement "$digest" \
		"$r/$kind.report"
	want_rc 0
	no_err
	want_out "OK: the report is genuine, and no check failed"
	for check in version signature_algorithm signing_key unsigned_bytes certificate \
		product root chain signature tcb freshness measurement; do
		grep -q "^$check  *ok  " "$T/out" || bad "$check: $(cat "$T/out")"
	done
	verify -q --at $at --certs "$r/$kind.pem" --nonce "$nonce" --measurement "$digest" \
		"$r/$kind.report"
	want_rc 0
	no_out
	no_err
	verify --json --at $at --certs "$r/$kind.pem" --nonce "$nonce" \
		--measurement "$digest" "$r/$kind.report"
	want_rc 0
	want_json 'd["schema"] == "ccguest/report-verify/1" and d["verified"] and d["failed"] is None and d["kind"] == "snp" and d["product"].lower() == "'"${kind%%-*}"'"'
	want_json 'all(set(c) == {"name", "result", "why", "hint"} and c["result"] in ("ok", "not checked") for c in d["checks"])'
	finish
done

begin "report verify: what was not compared is named"
verify --at $at --certs "$r/milan-v3.der" "$r/milan-v3.report"
want_rc 0
want_err "freshness: not compared: without --nonce, this may be an old report"
want_err "measurement: not compared: without --measurement or a policy"
grep -q "^freshness  *not checked  " "$T/out" || bad "$(cat "$T/out")"
finish

begin "report verify: AMD's roots cannot be replaced by certificates"
run report verify --at $at --certs "$r/milan-v3.der" "$r/milan-v3.report"
want_rc 5
want_err ": chain: the VCEK is not signed by the ASK of Milan"
run report verify --at $at --certs "$r/milan-v3.der" --certs "$r/Milan.der" "$r/milan-v3.report"
want_rc 5
want_err ": root: an ARK among the certificates is not one of AMD's"
SNP_ROOTS=$r run report verify --at $at --certs "$r/milan-v3.der" "$r/milan-v3.report"
want_rc 5
finish

begin "report verify: without a certificate, the path at the key service"
verify "$r/milan-v3.report"
failed certificate
want_err "hint: get the VCEK from AMD's key service, and give it with --certs: /vcek/v1/Milan/04010203"
want_err "3f?blSPL=04&teeSPL=05&snpSPL=24&ucodeSPL=219"
verify "$r/turin-v5.report"
want_err "/vcek/v1/Turin/0401020304050607?fmcSPL=01&blSPL=04&teeSPL=05&snpSPL=24&ucodeSPL=219"
verify "$r/milan-v2.report"
want_err "(Genoa in place of Milan for such a processor)"
verify "$r/milan-vlek.report"
failed certificate
want_err "hint: only the provider has the VLEK"
verify --json "$r/milan-v3.report"
want_rc 5
want_json '(d["verified"], d["failed"]) == (False, "certificate")'
want_json '{c["name"]: c["result"] for c in d["checks"]}["signature"] == "not checked"'
finish

begin "report verify: a folder and several files with certificates"
mkdir "$r/dir" "$r/empty"
cp "$r"/*-*.der "$r/dir"
for kind in milan-v3 genoa-v3 turin-v5; do
	verify --at $at --certs "$r/dir" "$r/$kind.report"
	want_rc 0
	verify --at $at --certs "$r/turin-vlek.pem" --certs "$r/$kind.pem" "$r/$kind.report"
	want_rc 0
	verify --at $at --certs "$r/empty" "$r/$kind.report"
	failed certificate
done
verify --certs "$r/absent" "$r/milan-v3.report"
want_rc 1
want_err "absent: No such file or directory"
verify --certs "$r/milan-v3.report" "$r/milan-v3.report"
want_rc 1
finish

begin "report verify: a certificate of another kind, product, time"
verify --at $at --certs "$r/milan-vlek.der" "$r/milan-v3.report"
failed certificate
want_err "a VCEK signed the report; there is no certificate of one, only a VLEK"
verify --at $at --certs "$r/turin-v5.der" "$r/milan-v3.report"
failed product
want_err "the report is of Milan, and the VCEK of Turin"
verify --at 2024-01-01 --certs "$r/milan-v3.der" "$r/milan-v3.report"
failed chain
want_err "the VCEK is not valid yet: it is valid from 2025-01-01T00:00:00Z"
verify --at 2027-06-01T00:00:00Z --certs "$r/milan-v3.der" "$r/milan-v3.report"
failed chain
want_err "the VCEK has expired"
want_err "hint: --at verifies at another time"
finish

begin "report verify: revocation lists"
verify --at $at --crl "$r/Milan.crl" --certs "$r/milan-v3.der" "$r/milan-v3.report"
want_rc 0
want_out "neither the ASK nor the ARK was revoked"
verify --at $at --crl "$r/Turin.crl" --crl "$r/Milan.pem.crl" --certs "$r/milan-v3.der" \
	"$r/milan-v3.report"
want_rc 0
verify --at $at --crl "$r/Milan.revoked.crl" --certs "$r/milan-v3.der" "$r/milan-v3.report"
failed revocation
want_err "the ASK was revoked"
verify --at $at --crl "$r/Turin.crl" --certs "$r/milan-v3.der" "$r/milan-v3.report"
failed revocation
want_err "hint: AMD's key service has the list: /vcek/v1/Milan/crl"
verify --at $at --crl "$r/milan-v3.der" --certs "$r/milan-v3.der" "$r/milan-v3.report"
want_rc 1
want_err "expected one revocation list, in DER or PEM"
for crl in Milan Turin; do
	openssl crl -inform DER -in "$r/$crl.crl"
done >"$T/two.crl" 2>/dev/null
verify --at $at --crl "$T/two.crl" --certs "$r/milan-v3.der" "$r/milan-v3.report"
want_rc 1
want_err "expected one revocation list, in DER or PEM"
finish

begin "report verify: a key for Arm CCA refuses a report of SEV-SNP"
verify --at $at --key "$r/milan-v3.der" --certs "$r/milan-v3.der" "$r/milan-v3.report"
failed kind
finish

begin "report verify: expected values"
# OPTION VALUE CHECK: the check fails
while read -r option value check; do
	verify --at $at --certs "$r/milan-v3.der" "$option" "$value" "$r/milan-v3.report"
	want_rc 5
	want_err ": $check: "
done <<END
--nonce 02 freshness
--measurement $(printf '%096d' 1) measurement
--csp-id CN=cc.example.com provider
--min-tcb snp=25 min_tcb
END
verify --at $at --certs "$r/milan-v3.der" --min-tcb snp=24,microcode=219 \
	--expect snp.min_tcb.tee=5 "$r/milan-v3.report"
want_rc 0
verify --at $at --certs "$r/milan-vlek.der" --csp-id CN=cc.example.com "$r/milan-vlek.report"
want_rc 0
verify --at $at --certs "$r/milan-vlek.der" --require-chip "$r/milan-vlek.report"
failed chip
finish

begin "report verify: the launch digest of sev measure"
echo "$digest" >"$r/launch"
printf '{"schema":"ccguest/sev-measure/1","kind":"snp","launch_digest":"%s"}\n' "$digest" \
	>"$r/launch.json"
for f in launch launch.json; do
	verify --at $at --certs "$r/milan-v3.der" --expect-launch "$r/$f" "$r/milan-v3.report"
	want_rc 0
	want_out "measurement"
	no_err "measurement: not compared"
done
sed 's/33/34/' "$r/launch.json" >"$r/other.json"
verify --at $at --certs "$r/milan-v3.der" --expect-launch "$r/other.json" "$r/milan-v3.report"
failed measurement
want_err "hint: "
sed 's/snp/sev/' "$r/launch.json" >"$r/sev.json"
for f in sev.json milan-v3.der; do
	verify --expect-launch "$r/$f" "$r/milan-v3.report"
	want_rc 1
	want_err "expected the launch digest of SNP"
done
finish

begin "report verify: truncated at each length"
n=0
while [ "$n" -lt 1184 ]; do
	head -c "$n" "$r/milan-v3.report" >"$r/short"
	rc=0
	"$T/ccguest" report verify "$r/short" >"$T/out" 2>"$T/err" || rc=$?
	after report verify "$r/short"
	want_rc 5
	no_out
	n=$((n + 37))
done
finish

begin "report verify: command lines"
for args in "--nonce=" "--nonce zz" "--nonce $nonce$nonce" "--at yesterday" "--at 2026-02-31" \
	"--at 1970-01-01" "--min-tcb snp" "--min-tcb psp=1" "--expect measurement" \
	"--expect snp.unknown=1" "--measurement 12"; do
	# shellcheck disable=SC2086 # words
	verify $args "$r/milan-v3.report"
	want_rc 2
	no_out
done
verify
want_rc 2
finish
