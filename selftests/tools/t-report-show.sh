# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# ccguest report show: every kind of report, and files that are no report. mkreport.py
# makes the files. selftests/vectors/report has reports of real machines.

p=$T/reports
mkdir -p "$p"

# make FILE KIND ARGS...: makes a file with a report
make_report()
{
	f=$p/$1
	shift
	PYTHONDONTWRITEBYTECODE=1 python3 "$here/mkreport.py" "$@" >"$f" || bad "mkreport.py $*"
}

# row NAME VALUE: the table has a row with a name, and a value that begins so
row()
{
	awk -v name="$1" -v value="$2" 'substr($0, 1, length(name)) == name {
		rest = substr($0, length(name) + 1)
		sub(/^  +/, "", rest)
		if (index(rest, value) == 1)
			found = 1
	}
	END { exit !found }' "$T/out" || bad "no row $1 with $2: $(cat "$T/out")"
}

# refused WORDS: the last run refused the file
refused()
{
	want_rc 5
	no_out
	want_err "$1"
}

rc=0
# shellcheck disable=SC2086 # words
$prefix "$out/ccguest.objs/test/test-report-parse" >"$T/unit.out" 2>"$T/unit.err" || rc=$?
unit_results "report unit: "
begin "report unit: the unit test ends"
[ "$rc" -eq 0 ] || bad "ended with $rc: $(cat "$T/unit.err")"
grep -qx '1\.\.[0-9]*' "$T/unit.out" || bad "did not come to an end"
finish

begin "report show: SEV-SNP: every field"
make_report snp snp
run report show "$p/snp"
want_rc 0
row "report" "SEV-SNP"
row "version" "3"
row "product" "Genoa"
row "processor" "family 0x19, model 0x11, stepping 1"
row "guest SVN" "7"
row "VMPL" "1"
row "policy" "0x3011f: smt"
row "policy: smallest ABI" "1.31"
row "platform info" "0x25: smt_en, ecc_en, alias_check_complete"
row "signed by" "vcek"
row "author key" "no"
row "current TCB" "bootloader 4, tee 2, snp 23, microcode 90"
row "reported TCB" "bootloader 3, tee 1, snp 22, microcode 89"
row "committed TCB" "bootloader 2, tee 0, snp 21, microcode 88"
row "launch TCB" "bootloader 1, tee 0, snp 20, microcode 87"
row "current firmware" "1.55.40"
row "committed firmware" "1.55.39"
row "migration agent" "-"
row "family ID" "101112131415161718191a1b1c1d1e1f"
row "VCEK at AMD's key service" "/vcek/v1/Genoa/909192"
want_err "not verified: anybody can write such a file"
run report show --json "$p/snp"
want_rc 0
want_json 'd["schema"] == "ccguest/report-show/1" and d["kind"] == "snp" and [d[k] for k in ("tdx", "cca", "azure", "cert_table")] == [None, None, None, []]'
cat >"$p/expect" <<'END'
lambda d, seq: (
 d["version"], d["product"], d["cpu"], d["guest_svn"], d["vmpl"],
 d["policy"], d["policy_names"], d["policy_unknown"], d["policy_abi"],
 d["platform_info"], d["platform_info_names"], d["platform_info_unknown"],
 d["signing_key"], d["signature_algorithm"], d["author_key_en"], d["mask_chip_key"],
 d["report_id_ma"], d["launch_mitigations"], d["current_mitigations"], d["reserved_offset"],
 d["current_version"], d["committed_version"]) == (
 3, "Genoa", {"family": 25, "model": 17, "stepping": 1}, 7, 1,
 "0x3011f", ["smt"], "0x0", "1.31",
 "0x25", ["smt_en", "ecc_en", "alias_check_complete"], "0x0",
 "vcek", 1, False, False,
 None, None, None, None,
 "1.55.40", "1.55.39") and all(
 d[k] == seq(first, n) for k, first, n in (
 ("family_id", 0x10, 16), ("image_id", 0x20, 16), ("report_data", 0x30, 64),
 ("measurement", 0x40, 48), ("host_data", 0x50, 32), ("id_key_digest", 0x60, 48),
 ("author_key_digest", 0x70, 48), ("report_id", 0x80, 32), ("chip_id", 0x90, 64))) and all(
 d[k] == {"raw": raw, "fmc": None, "bootloader": bl, "tee": tee, "snp": snp, "microcode": uc}
 for k, raw, bl, tee, snp, uc in (
 ("current_tcb", "0x5a17000000000204", 4, 2, 23, 90),
 ("reported_tcb", "0x5916000000000103", 3, 1, 22, 89),
 ("committed_tcb", "0x5815000000000002", 2, 0, 21, 88),
 ("launch_tcb", "0x5714000000000001", 1, 0, 20, 87)))
END
want_json "($(tr '\n' ' ' <"$p/expect"))(d['snp'], lambda first, n: bytes(i & 255 for i in range(first, first + n)).hex())"
want_json 'd["snp"]["key_paths"] == ["/vcek/v1/Genoa/" + bytes(range(0x90, 0xd0)).hex() + "?blSPL=03&teeSPL=01&snpSPL=22&ucodeSPL=89"]'
finish

begin "report show: SEV-SNP: products, and their TCB versions"
# CPUID PRODUCT; without a product, the parts of TCB versions are not known
while read -r cpuid product; do
	make_report p snp cpuid="$cpuid" reported_tcb=0x0800000004030201
	run_plain report show --json "$p/p"
	case $product in
	Milan | Genoa)
		want_json 'd["snp"]["product"] == "'"$product"'" and list(d["snp"]["reported_tcb"].values())[1:] == [None, 1, 2, 0, 8] and "/'"$product"'/" in d["snp"]["key_paths"][0]'
		;;
	Turin | Venice)
		want_json 'd["snp"]["product"] == "'"$product"'" and list(d["snp"]["reported_tcb"].values())[1:] == [1, 2, 3, 4, 8] and d["snp"]["key_paths"] == ["/vcek/v1/'"$product"'/9091929394959697?fmcSPL=01&blSPL=02&teeSPL=03&snpSPL=04&ucodeSPL=08"]'
		;;
	*)
		want_json 'd["snp"]["product"] is None and list(d["snp"]["reported_tcb"].values())[1:] == [None] * 5 and d["snp"]["key_paths"] == []'
		run_plain report show "$p/p"
		row "reported TCB" "0x800000004030201: the product is not known"
		;;
	esac
done <<'END'
0x010019 Milan
0x010f19 Milan
0x011019 Genoa
0x011f19 Genoa
0x012019 -
0x019f19 -
0x01a019 Genoa
0x01af19 Genoa
0x01b019 -
0x01001a Turin
0x01111a Turin
0x01121a -
0x01501a Venice
0x01581a -
0x01901a Venice
0x01af1a Venice
0x01c71a Venice
0x01c81a -
0x010018 -
END
finish

begin "report show: SEV-SNP: version 2"
make_report v2 snp version=2
run report show "$p/v2"
want_rc 0
row "product" "-"
row "reported TCB" "bootloader 3, tee 1, snp 22, microcode 89"
row "VCEK at AMD's key service" "/vcek/v1/Milan/9091"
row "  or" "/vcek/v1/Genoa/9091"
if grep -q "^processor" "$T/out"; then
	bad "version 2 has no processor"
fi
want_err "a report of version 2 does not name the processor"
run_plain report show --json "$p/v2"
want_json 'd["snp"]["product"] is None and d["snp"]["cpu"] is None and len(d["snp"]["key_paths"]) == 2'
# The identifiers of Turin are short.
make_report v2 snp version=2 chip_id=0102030405060708 reported_tcb=0x0800000004030201
run_plain report show --json "$p/v2"
want_json 'd["snp"]["product"] == "Turin" and d["snp"]["reported_tcb"]["fmc"] == 1 and len(d["snp"]["key_paths"]) == 1'
make_report v2 snp version=2 chip_id=00
run_plain report show --json "$p/v2"
want_json 'd["snp"]["product"] is None and d["snp"]["chip_id"] is None and d["snp"]["reported_tcb"]["snp"] is None and d["snp"]["key_paths"] == []'
finish

begin "report show: SEV-SNP: version 5, and all flags"
make_report v5 snp version=5 launch_mitigations=0x3f current_mitigations=0x1f \
	policy=0xffffffffffffffff platform_info=0xffffffffffffffff key_info=0x7
run report show "$p/v5"
want_rc 0
row "launch mitigations" "0x3f"
row "current mitigations" "0x1f"
want_out ": smt, migrate_ma, debug, single_socket, cxl_allow, mem_aes_256_xts, rapl_dis, ciphertext_hiding, page_swap_disable, bit 26 (unknown), bit 27"
want_out ": smt_en, tsme_en, ecc_en, rapl_dis, ciphertext_hiding_en, alias_check_complete, bit 6 (unknown), tio_en, bit 8 (unknown)"
row "signed by" "vlek"
want_err "debug: the host can read and change the guest's memory"
want_err "migrate_ma: a migration agent can move the guest"
run_plain report show --json "$p/v5"
want_json '(d["snp"]["policy_unknown"], d["snp"]["platform_info_unknown"], d["snp"]["author_key_en"], d["snp"]["mask_chip_key"], d["snp"]["key_paths"]) == ("0xfffffffffc000000", "0xffffffffffffff40", True, True, [])'
want_json '(d["snp"]["launch_mitigations"], d["snp"]["current_mitigations"]) == ("0x3f", "0x1f")'
make_report flags snp policy=0x11f key_info=0x1c
run report show "$p/flags"
want_err "policy: bit 17 must be 1, and is 0"
row "signed by" "none"
make_report flags snp key_info=0x8
run report show "$p/flags"
row "signed by" "key 2 (reserved)"
run_plain report show --json "$p/flags"
want_json 'd["snp"]["signing_key"] is None'
finish

begin "report show: SEV-SNP: bytes that must be zero"
for at in 0x48:20 0x49:01 0x4b:80 0x4c:01 0x4f:01 0x18b:01 0x19f:01 0x1eb:01 0x1ef:01 0x1f8:01 0x207:01 \
	0x208:01 0x29f:01 0x330:01 0x49f:01; do
	make_report r snp at="$at"
	run_plain report show --json "$p/r"
	want_rc 0
	want_json 'd["snp"]["reserved_offset"] == '"${at%:*}"
done
run report show "$p/r"
want_out "the byte at 0x49f must be zero, and is not"
# CPUID since version 3, mitigation vectors since version 5
make_report r snp version=2 cpuid=0x19
run_plain report show --json "$p/r"
want_json 'd["snp"]["reserved_offset"] == 0x188'
make_report r snp version=4 launch_mitigations=1
run_plain report show --json "$p/r"
want_json 'd["snp"]["reserved_offset"] == 0x1f8 and d["snp"]["launch_mitigations"] is None'
make_report r snp version=5 launch_mitigations=1
run_plain report show --json "$p/r"
want_json 'd["snp"]["reserved_offset"] is None'
finish

begin "report show: SEV-SNP: truncated, other versions"
# The unit test has every length.
for n in 0 1 3 4 5 671 672 1183; do
	head -c "$n" "$p/snp" >"$p/short"
	run_plain report show "$p/short"
	want_rc 5
	no_out
	if [ "$n" -ge 4 ]; then
		want_err "short: offset $(printf '%#x' "$n"): the report is truncated: $n bytes of 1184"
	fi
done
for v in 1 6 255; do
	make_report v snp version="$v"
	run report show "$p/v"
	refused "v: offset 0: VERSION is $v; versions 2 to 5 are known"
done
make_report v snp version=256
run report show "$p/v"
refused "v: is not a report of SEV-SNP"
finish

begin "report show: forms of a file"
base64 "$p/snp" >"$p/b64"
base64 -w0 "$p/snp" >"$p/b64line"
od -An -v -tx1 "$p/snp" >"$p/hex"
tr -d ' \n' <"$p/hex" | tr a-f A-F >"$p/HEX"
{
	cat "$p/snp"
	head -c 2912 /dev/zero
} >"$p/padded"
{
	printf '\000\000\000\000\240\004\000\000'
	head -c 24 /dev/zero
	cat "$p/snp"
	head -c 2784 /dev/zero
} >"$p/answer"
run report show --json "$p/snp"
cp "$T/out" "$p/want"
for f in b64 b64line hex HEX padded answer; do
	run report show --json "$p/$f"
	want_rc 0
	out_is "$p/want"
done
printf x >>"$p/answer"
run report show "$p/answer"
refused "offset 0x4c0: bytes follow the report"
"$T/ccguest" report show --json - <"$p/snp" >"$T/out" 2>"$T/err" || bad "standard input"
out_is "$p/want"
finish

begin "report show: certificate tables"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes -keyout "$p/key" \
	-out "$p/ark.pem" -days 10 -subj "/CN=ARK-Test" 2>/dev/null
openssl x509 -in "$p/ark.pem" -outform DER -out "$p/vcek.der"
printf 'anything' >"$p/any"
: >"$p/empty"
guid=01234567-89ab-cdef-0123-456789abcdef
make_report table table ark="$p/ark.pem" vcek="$p/vcek.der" "$guid=$p/any" vlek="$p/empty" cpuid="$p/any"
cat "$p/snp" "$p/table" >"$p/ext"
cat "$p/ext" "$p/key" >"$p/ext+"
for f in table ext ext+; do
	run report show "$p/$f"
	want_rc 0
	want_out "$guid "
	want_out "CN=ARK-Test"
	run_plain report show --json "$p/$f"
	want_json '[(e["guid"], e["name"], e["size"], [c["subject"] for c in e["certificates"]]) for e in d["cert_table"]][1:] == [("63da758d-e664-4564-adc5-f4b93be8accd", "vcek", '"$(wc -c <"$p/vcek.der")"', ["CN=ARK-Test"]), ("'"$guid"'", None, 8, []), ("a8074bc2-a25a-483e-aae6-39c045a0b8a1", "vlek", 0, []), ("ecae0c0f-9502-43b1-afa2-0ae2e0d565b6", "cpuid", 8, [])]'
	want_json 'd["cert_table"][0]["offset"] == 144 and d["cert_table"][0]["certificates"][0]["key"] == "EC P-384"'
done
run_plain report show --json "$p/table"
want_json 'd["kind"] == "cert-table" and d["snp"] is None'
# Entry 1, at offset 24: its offset, its length
while read -r at why; do
	make_report bad table ark="$p/ark.pem" vcek="$p/vcek.der" at="$at"
	run report show "$p/bad"
	refused "bad: $why"
	cat "$p/snp" "$p/bad" >"$p/ext"
	run_plain report show "$p/ext"
	want_rc 5
	no_out
done <<'END'
40:47000000 offset 0x28: the offset of an entry is 71, inside the 72 bytes of entries
40:ffffffff offset 0x2c: the
44:ffffffff offset 0x2c: the 4294967295 bytes of an entry
48:01 offset
0x48:ff the entry ark of the certificate table, at offset 0x48, is not a certificate
END
head -c 47 "$p/table" >"$p/bad"
run report show "$p/bad"
refused "offset 0x18: the entries of the certificate table do not end with an entry of zeros"
set --
n=0
while [ "$n" -lt 33 ]; do
	set -- "$@" cpuid="$p/any"
	n=$((n + 1))
done
make_report many table "$@"
run report show "$p/many"
refused "the certificate table has more than 32 entries"
shift
make_report many table "$@"
run_plain report show "$p/many"
want_rc 0
{
	cat "$p/snp"
	printf 'x'
} >"$p/bad"
run report show "$p/bad"
refused "offset 0x4a0: the entries of the certificate table do not end"
finish

begin "report show: blobs of Azure"
make_report azure azure 'json={"keys":[]}'
run report show "$p/azure"
want_rc 0
row "report" "SEV-SNP"
row "in the report data" "yes"
row "runtime data" '{"keys":[]}'
run report show --json "$p/azure"
want_json 'd["kind"] == "azure" and d["azure"] == {"version": 1, "report": "snp", "hash_algorithm": "sha256", "bound": True, "runtime_data": "{\"keys\":[]}"} and d["snp"]["version"] == 2'
make_report other azure 'json={"keys":[]}' at=0x4d6:00
run report show "$p/other"
want_rc 0
want_out "no: the report is not for these runtime data"
run_plain report show --json "$p/other"
want_json 'd["azure"]["bound"] is False'
make_report td azure at=0x4c8:04
run report show "$p/td"
want_rc 0
want_out "TDREPORT of TDX"
run_plain report show --json "$p/td"
want_json 'd["azure"]["report"] == "tdreport" and d["azure"]["bound"] is None and d["snp"] is None'
while read -r at why; do
	make_report bad azure at="$at"
	run report show "$p/bad"
	refused "bad: offset $why"
done <<'END'
0x4c0:13000000 0x4c0: the size of the runtime data is 19, expected 20 to 31
0x4c0:20000000 0x4c0: the size of the runtime data is 32
0x4c8:03000000 0x4c8: the type of the report is 3
0x4cc:00000000 0x4cc: the type of the hash is 0
0x4cc:04000000 0x4cc: the type of the hash is 4
0x4d0:0c000000 0x4d0: the runtime claims have 12 bytes, 11 are left
0x4d0:ffffffff 0x4d0: the runtime claims have 4294967295 bytes
0x20:07000000 0x20: VERSION is 7
END
for n in 5 32 1215 1216 1235 1236 1246; do
	head -c "$n" "$p/azure" >"$p/short"
	run_plain report show "$p/short"
	refused "short: offset "
done
finish

begin "report show: TDX"
for v in 4 5; do
	make_report tdx "tdx$v"
	head -c 100 /dev/zero >>"$p/tdx"
	run report show "$p/tdx"
	want_rc 0
	row "TD attributes" "0x10010000000: sept_ve_disable, bit 40 (unknown)"
	want_out "RTMR3                 0e0e0e0e"
	run report show --json "$p/tdx"
	want_json 'd["kind"] == "tdx" and (d["tdx"]["version"], d["tdx"]["key_type"], d["tdx"]["body_type"]) == ('"$v"', 2, '"$((v - 2))"')'
	want_json '[d["tdx"][k][:2] for k in ("qe_vendor", "user_data", "tee_tcb_svn", "mr_seam", "mr_signer_seam", "mr_td", "mr_config_id", "mr_owner", "mr_owner_config", "rtmr0", "rtmr1", "rtmr2", "rtmr3", "report_data")] == ["aa", "bb", "01", "02", "03", "07", "08", "09", "0a", "0b", "0c", "0d", "0e", "0f"]'
	want_json '(d["tdx"]["xfam"], d["tdx"]["seam_attributes"], d["tdx"]["td_attributes_names"], d["tdx"]["td_attributes_unknown"]) == ("0x600e7", "0x0", ["sept_ve_disable"], "0x10000000000")'
done
want_json '(d["tdx"]["tee_tcb_svn_2"], d["tdx"]["mr_service_td"]) == ("10" * 16, "11" * 48)'
make_report tdx tdx4 at=168:01
run report show "$p/tdx"
want_err "TD attributes: debug: the host can read and change the guest's memory"
run_plain report show --json "$p/tdx"
want_json 'd["tdx"]["td_attributes_names"][0] == "debug" and d["tdx"]["mr_service_td"] is None'
head -c 700 "$p/tdx" >"$p/short"
run report show "$p/short"
refused "short: offset "
{
	printf '\201\000\000\000'
	head -c 1020 /dev/zero
} >"$p/tdreport"
run report show "$p/tdreport"
want_rc 4
want_err "is a TDREPORT, which only the machine that made it can verify"
want_err "hint: "
finish

begin "report show: Arm CCA"
cat >"$p/realm.json" <<END
{"s2sz": 41, "breakpoints": 5, "watchpoints": 3, "pmu_counters": 6, "cpus": 1,
 "ram": [{"base": "0x40000000", "size": "0x40000000"}], "images": [],
 "log": {"base": "0x50000000", "size": 4096}}
END
nonce=$(printf '%0128x' 5)
if PYTHONDONTWRITEBYTECODE=1 python3 "$here/mint-token" "$p" realm.json "$nonce" >"$p/token" 2>"$T/log"; then
	run report show "$p/token"
	want_rc 0
	row "challenge" "$nonce"
	want_out "REM3  0000"
	want_err "not verified"
	run report show --json "$p/token"
	want_json 'd["kind"] == "cca" and d["cca"]["challenge"] == "'"$nonce"'" and len(d["cca"]["registers"]) == 5 and not d["cca"]["nonce_compared"]'
	head -c 100 "$p/token" >"$p/short"
	run report show "$p/short"
	refused "not a CCA token"
	finish
else
	skip "no token: $(tail -n 1 "$T/log")"
fi

begin "report show: files that are no report"
printf 'a text!' >"$p/text"
run report show "$p/text"
refused "text: is text, and neither base64 nor hexadecimal"
run report show "$p/ark.pem"
refused "is text, and neither base64 nor hexadecimal"
for f in empty any; do
	run report show "$p/$f"
	refused ": is "
done
head -c 1184 /dev/zero >"$p/zero"
run report show "$p/zero"
refused "is not a report of SEV-SNP"
head -c 1048577 /dev/zero >"$p/large"
run report show "$p/large"
want_rc 1
want_err "is longer than the 1048576 bytes allowed here"
run report show "$p/absent"
want_rc 1
for args in "" "a b"; do
	# shellcheck disable=SC2086 # words
	run report show $args
	want_rc 2
done
finish
