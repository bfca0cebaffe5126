# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# ccguest sev show, export, generate, provision, reset and rotate, against the
# firmware in software: sev-shim.c takes the place of the kernel.

psp=$out/ccguest.objs/test/soft-psp
d=$T/device
mkdir -p "$d/psp" "$d/host/dev/cpu/0" "$d/none"
: >"$d/host/dev/sev"
"$psp" platform "$d/psp"
shim=$d/sev-shim.so
if ! ${CC:-cc} -std=gnu11 -O1 -g -Wall -Wextra -Werror -shared -fPIC -o "$shim" \
	"$here/sev-shim.c" 2>"$T/cc.err"; then
	result "not ok" "sev device: sev-shim.c" "$(cat "$T/cc.err")
"
fi
# A processor of Milan.
printf '%s\n' '0 d 68747541 444d4163 69746e65' '1 a00f11 0 0 0' >"$d/host/dev/cpu/0/cpuid"
fault=

# sev ARGS...: ccguest sev on the host of this test, with the fault $fault
sev()
{
	rc=0
	# The library is not one of the sanitizers.
	# shellcheck disable=SC2086 # words
	LD_PRELOAD=$shim ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0 \
		SEV_PSP=$psp SEV_PSP_DIR=$d/psp SEV_FAULT=$fault \
		$prefix "$T/ccguest" --root "$d/host" sev "$@" \
		</dev/null >"$T/out" 2>"$T/err" || rc=$?
	after "$@"
}

id=A0A1A2A3A4A5A6A7A8A9AAABACADAEAFB0B1B2B3B4B5B6B7B8B9BABBBCBDBEBF
id=${id}C0C1C2C3C4C5C6C7C8C9CACBCCCDCECFD0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF

begin "sev device: without a device"
for verb in "show version" "show snp-status" "show vcek-url" "export $d/x" verify reset rotate \
	"provision $d/x $d/y" "reset --yes" "rotate --yes" "provision --yes $d/x $d/y"; do
	# shellcheck disable=SC2086 # words
	run --root "$d/none" sev $verb
	want_rc 4
	no_out
	want_err "/dev/sev: No such file or directory"
	want_err "hint: this command needs a host with AMD SEV; ccguest sev ok tells what is missing"
done
[ ! -e "$d/x" ] || bad "wrote a file"
# A file in the place of the device.
run --root "$d/host" sev show version
want_rc 4
want_err "/dev/sev: is not the device of AMD SEV"
finish

begin "sev show"
sev show version
want_rc 0
[ "$(cat "$T/out")" = 0.24.15 ] || bad "$(cat "$T/out")"
sev show guests
[ "$(cat "$T/out")" = 0 ] || bad "$(cat "$T/out")"
sev show state
[ "$(cat "$T/out")" = initialized ] || bad "$(cat "$T/out")"
sev show flags
[ "$(cat "$T/out")" = es ] || bad "$(cat "$T/out")"
sev show identifier
[ "$(cat "$T/out")" = "$id" ] || bad "$(cat "$T/out")"
sev show cek-url
[ "$(cat "$T/out")" = "https://kdsintf.amd.com/cek/id/$id" ] || bad "$(cat "$T/out")"
sev show vcek-url
lower=$(echo "$id" | tr A-F a-f)
[ "$(cat "$T/out")" = "https://kdsintf.amd.com/vcek/v1/Milan/$lower?blSPL=03&teeSPL=00&snpSPL=22&ucodeSPL=213" ] ||
	bad "$(cat "$T/out")"
sev show snp-status
want_rc 0
want_out "version                 1.55.21"
want_out "VLEK                    yes"
want_out "current TCB             boot loader 4, TEE 0, SNP 24, microcode 219"
want_out "reported TCB            boot loader 3, TEE 0, SNP 22, microcode 213"
for what in version:version state:state guests:guests flags:flags identifier:identifier \
	cek-url:cek_url vcek-url:vcek_url snp-status:snp; do
	sev show --json "${what%:*}"
	want_rc 0
	want_json 'list(d)[1:] == ["'"${what#*:}"'"]'
done
want_json 'd["snp"]["version"] == "1.55.21" and d["snp"]["flags"] == "0x4"'
want_json 'd["snp"]["reported_tcb"] == "0xd516000000000003"'
want_json '(d["snp"]["rmp_initialized"], d["snp"]["mask_chip_id"], d["snp"]["mask_chip_key"], d["snp"]["vlek"], d["snp"]["guests"], d["snp"]["current_tcb"]) == (True, False, False, True, 2, "0xdb18000000000004")'
sev show
want_rc 2
sev show nothing
want_rc 2
# Turin has an FMC, and identifiers of 8 bytes.
cp "$d/host/dev/cpu/0/cpuid" "$d/cpuid"
sed -i 's/^1 a00f11/1 b00f21/' "$d/host/dev/cpu/0/cpuid"
sev show vcek-url
[ "$(cat "$T/out")" = "https://kdsintf.amd.com/vcek/v1/Turin/a0a1a2a3a4a5a6a7?fmcSPL=03&blSPL=00&teeSPL=00&snpSPL=00&ucodeSPL=213" ] ||
	bad "$(cat "$T/out")"
# Rome has no SNP.
sed -i 's/^1 b00f21/1 830f10/' "$d/host/dev/cpu/0/cpuid"
sev show vcek-url
want_rc 4
want_err "Rome: this processor has no VCEK that is known here"
sev show snp-status
want_out "reported TCB            0xd516000000000003"
cp "$d/cpuid" "$d/host/dev/cpu/0/cpuid"
finish

begin "sev export: the CEK's certificate is needed"
sev export "$d/chain"
want_rc 1
want_err "/dev/sev: the firmware's CEK has no signature of AMD: its certificate is on AMD's key server"
want_err "hint: curl -o cek.cert https://kdsintf.amd.com/cek/id/$id, then --cek cek.cert"
[ ! -e "$d/chain" ] || bad "wrote a chain"
finish

begin "sev export, and sev verify of what it wrote"
sev export --cek "$d/psp/cek.cert" "$d/chain"
want_rc 0
want_out "chain: PDH, PEK, OCA, CEK"
want_err "no ASK of AMD that is known here signed the CEK"
cmp "$d/chain" "$d/psp/sev.chain" || bad "another chain"
run sev verify --sev "$d/chain" --ca "$d/psp/ca.chain" --json
want_json 'all(s["valid"] for s in d["signatures"])'
sev export --cek "$d/psp/cek.cert" "$d/chain"
want_rc 1
want_err "chain: exists, and is not replaced"
sev export --full --cek "$d/psp/cek.cert" "$d/full"
want_rc 1
want_err "--ca FILE names a file with ASK and ARK"
sev export --full --cek "$d/psp/cek.cert" --ca "$d/psp/ca.chain" --json "$d/full"
want_rc 0
want_err "ASK and ARK are not AMD's"
want_json '(d["full"], d["generation"]) == (True, None) and d["output"].endswith("/full")'
cat "$d/psp/sev.chain" "$d/psp/ca.chain" | cmp - "$d/full" || bad "another full chain"
sev verify --cek "$d/psp/cek.cert" --ca "$d/psp/ca.chain"
want_rc 5
want_err "/dev/sev: the certificate chain is not valid: ASK and ARK are not AMD's"
want_out "       ^ ASK R2048 R256"
sev export --cek "$d/psp/cek.cert" "$d/nowhere/chain"
want_rc 1
want_err "nowhere/chain: No such file or directory"
finish

begin "sev export: the certificate of --cek has no signature of AMD"
"$psp" command "$d/psp" 5 | tail -c +6257 >"$d/cek.bare"
[ "$(wc -c <"$d/cek.bare")" -eq 2084 ] || bad "$(wc -c <"$d/cek.bare")"
for opts in "" "--ca $d/psp/ca.chain"; do
	# shellcheck disable=SC2086 # words
	sev export --cek "$d/cek.bare" $opts "$d/x"
	want_rc 1
	want_err "cek.bare: has no signature of AMD: the certificate on AMD's key server has one"
	want_err "hint: curl -o cek.cert https://kdsintf.amd.com/cek/id/$id, then --cek cek.cert"
	[ ! -e "$d/x" ] || bad "wrote a chain"
done
finish

begin "sev export: the CEK of another processor"
mkdir -p "$d/other"
"$psp" platform "$d/other"
sev export --cek "$d/other/cek.cert" "$d/x"
want_rc 5
want_err "cek.cert: is not the CEK of this processor: the signature does not verify"
sev export --cek "$d/psp/cek.cert" --ca "$d/other/ca.chain" "$d/x"
want_rc 5
want_err "the certificate chain is not valid: CEK signed by ASK: "
sev export --cek "$d/psp/ca.chain" "$d/x"
want_rc 1
want_err "ca.chain: CEK at offset 0: "
[ ! -e "$d/x" ] || bad "wrote a chain"
finish

begin "sev export: base64 and hexadecimal"
base64 -w 0 "$d/psp/cek.cert" >"$d/cek.b64"
od -An -v -tx1 "$d/psp/cek.cert" >"$d/cek.hex"
for form in b64 hex; do
	sev export --cek "$d/cek.$form" "$d/from-$form"
	want_rc 0
	cmp "$d/from-$form" "$d/chain" || bad "$form: another chain"
done
# As QMP's query-sev-capabilities has them: PDH, and the others.
{
	head -c 2084 "$d/chain" | base64 -w 0
	echo
	tail -c +2085 "$d/chain" | base64 -w 64
} >"$d/chain.b64"
od -An -v -tx1 "$d/full" >"$d/full.hex"
run sev verify --sev "$d/chain.b64" --ca "$d/psp/ca.chain" --json
want_json 'all(s["valid"] for s in d["signatures"])'
run sev verify --sev "$d/full.hex" --json
want_json 'all(s["valid"] for s in d["signatures"])'
run sev session --insecure -n "$d/b64" "$d/chain.b64" 5
want_rc 0
"$psp" start "$d/psp" "$d/b64_godh.b64" "$d/b64_session.b64" 5 2>"$T/err" || bad "$(cat "$T/err")"
sed 's/B/!/' "$d/chain.b64" >"$d/bad"
run sev verify --sev "$d/bad"
want_rc 1
want_err "bad: the text, without blanks, is not base64 (at offset 0: 2780)"
sed 's/f/g/' "$d/full.hex" >"$d/bad"
run sev verify --sev "$d/bad"
want_rc 1
want_err "bad: the character is not a hexadecimal digit (at offset "
head -c 101 "$d/cek.b64" >"$d/bad"
run sev verify --sev "$d/bad"
want_rc 1
want_err "is not base64"
printf '%s\n%s' "$(cat "$d/cek.b64")" "$(cat "$d/cek.b64")" >"$d/bad"
run sev verify --sev "$d/chain.b64" --cek "$d/bad"
want_rc 1
want_err "bad: is longer than the 2084 bytes allowed here"
finish

begin "sev session: the platform's firmware is older than the policy"
run sev session --insecure -n "$d/new" "$d/chain" NODBG,NOKS,ES,NOSEND,FW=0.24
want_rc 0
no_err "refuses the launch"
run sev session --insecure -n "$d/newer" --json "$d/chain" NODBG,NOKS,ES,NOSEND,FW=0.25
want_rc 0
want_err "the firmware of the platform had API 0.24 when its PDH was made: unless it was updated, it refuses the launch"
want_json 'd["advice"][-1].startswith("the firmware of the platform had API 0.24 ")'
finish

begin "sev generate"
run sev generate "$d/oca.cert" "$d/oca.key"
want_rc 0
want_out "oca.key: its private key, secret"
[ "$(stat -c %s "$d/oca.cert")" = 2084 ] || bad "the size of the certificate"
[ "$(stat -c %a "$d/oca.key")" = 600 ] || bad "the mode of the key"
openssl ec -inform DER -in "$d/oca.key" -noout -text >"$T/text" 2>&1 || bad "$(cat "$T/text")"
grep -q secp384r1 "$T/text" || bad "another curve"
run sev generate "$d/oca2.cert" "$d/oca.key"
want_rc 1
want_err "oca.key: exists, and is not replaced"
[ ! -e "$d/oca2.cert" ] || bad "wrote half"
run sev generate --json "$d/oca2.cert" "$d/oca2.key"
want_json 'd["certificate"].endswith("oca2.cert") and d["key"].endswith("oca2.key")'
! cmp -s "$d/oca.key" "$d/oca2.key" || bad "the same key"
finish

begin "sev provision, reset, rotate: nothing without --yes"
cp "$d/psp/sev.chain" "$d/before"
for verb in "provision $d/oca.cert $d/oca.key" reset rotate; do
	# shellcheck disable=SC2086 # words
	sev $verb
	want_rc 2
	want_err "certificate chains and sessions that exist are of no use afterwards"
	want_err "hint: nothing was changed; --yes confirms the change"
	cmp "$d/before" "$d/psp/sev.chain" || bad "$verb: changed the platform"
done
finish

# The owner of the exported chain.
oca()
{
	tail -c +4169 "$1" | head -c 2084
}

begin "sev provision"
sev provision --yes "$d/oca.cert" "$d/oca2.key"
want_rc 1
want_err "oca2.key: is not the key of the certificate $d/oca.cert"
sev provision --yes "$d/oca.cert" "$d/oca.key"
want_rc 0
want_out "/dev/sev: the platform has the owner of this certificate; export the chain again"
sev show flags
[ "$(tr '\n' ' ' <"$T/out")" = "owned es " ] || bad "$(cat "$T/out")"
rm -f "$d/chain"
sev export --cek "$d/psp/cek.cert" "$d/chain"
want_rc 0
oca "$d/chain" | cmp - "$d/oca.cert" || bad "another OCA"
run sev verify --sev "$d/chain" --oca "$d/oca.cert" --ca "$d/psp/ca.chain" --json
want_json 'all(s["valid"] for s in d["signatures"])'
sev provision --yes "$d/oca2.cert" "$d/oca2.key"
want_rc 1
want_err "/dev/sev: the platform has an owner"
want_err "hint: ccguest sev reset removes the owner"
oca "$d/psp/sev.chain" | cmp - "$d/oca.cert" || bad "another owner"
finish

begin "sev rotate: a new PDH, the same owner"
run sev session --insecure -n "$d/old" "$d/chain" 5
want_rc 0
sev rotate --yes --json
want_rc 0
want_json 'd["changed"] is True'
sev export --cek "$d/psp/cek.cert" "$d/rotated"
want_rc 0
[ "$(tail -c +2085 "$d/chain" | cksum)" = "$(tail -c +2085 "$d/rotated" | cksum)" ] ||
	bad "more than the PDH changed"
[ "$(head -c 2084 "$d/chain" | cksum)" != "$(head -c 2084 "$d/rotated" | cksum)" ] ||
	bad "the same PDH"
run sev verify --sev "$d/rotated" --oca "$d/oca.cert" --ca "$d/psp/ca.chain" --json
want_json 'all(s["valid"] for s in d["signatures"])'
! "$psp" start "$d/psp" "$d/old_godh.b64" "$d/old_session.b64" 5 2>"$T/err" ||
	bad "a session of the old PDH is accepted"
finish

begin "sev reset: no owner, and another one after it"
sev reset --yes
want_rc 0
sev show flags
[ "$(cat "$T/out")" = es ] || bad "$(cat "$T/out")"
! oca "$d/psp/sev.chain" | cmp -s - "$d/oca.cert" || bad "the same OCA"
# The key in PEM.
openssl ec -inform DER -in "$d/oca2.key" -out "$d/oca2.pem" 2>/dev/null
sev provision --yes "$d/oca2.cert" "$d/oca2.pem"
want_rc 0
oca "$d/psp/sev.chain" | cmp - "$d/oca2.cert" || bad "another OCA"
sev reset --yes
want_rc 0
finish

begin "sev provision: files that are no owner"
head -c 2083 "$d/oca.cert" >"$d/bad"
sev provision --yes "$d/bad" "$d/oca.key"
want_rc 1
want_err "bad: a certificate has 2084 bytes, the file has 2083"
cp "$d/oca.cert" "$d/bad"
printf '\377' | dd of="$d/bad" bs=1 seek=1100 conv=notrunc 2>/dev/null
sev provision --yes "$d/bad" "$d/oca.key"
want_rc 5
want_err "bad: the OCA is not self-signed: "
sev provision --yes "$d/psp/cek.cert" "$d/oca.key"
want_rc 1
want_err "cek.cert: expected an OCA, found a certificate of usage 0x1004"
sev provision --yes "$d/oca.cert" "$d/oca.cert"
want_rc 1
want_err "oca.cert: is not a private key on P-384 in PEM or DER, without a pass phrase"
openssl ecparam -name prime256v1 -genkey -noout -out "$d/p256.pem" 2>/dev/null
sev provision --yes "$d/oca.cert" "$d/p256.pem"
want_rc 1
want_err "p256.pem: is not a private key on P-384"
openssl ec -in "$d/oca2.pem" -aes128 -passout pass:x -out "$d/locked.pem" 2>/dev/null
sev provision --yes "$d/oca2.cert" "$d/locked.pem"
want_rc 1
want_err "locked.pem: is not a private key on P-384"
sev show flags
[ "$(cat "$T/out")" = es ] || bad "the platform has an owner: $(cat "$T/out")"
finish

# Faults: FAULT|ARGS|STATUS|MESSAGE
begin "sev device: faults of the kernel and of the firmware"
while IFS='|' read -r fault args status want; do
	rm -f "$d/x"
	# shellcheck disable=SC2086 # words
	sev $args
	[ "$rc" -eq "$status" ] || bad "$fault: exit status $rc"
	grep -qF -e "$want" "$T/err" || bad "$fault: $(cat "$T/err")"
	[ ! -s "$T/out" ] || bad "$fault: $(cat "$T/out")"
	[ ! -e "$d/x" ] || bad "$fault: wrote a file"
done <<END
1 errno 5|show version|1|PLATFORM_STATUS: Input/output error
1 errno 13|show version|1|PLATFORM_STATUS: Permission denied
1 errno 1|show version|1|hint: the device must be writable: run as root
1 errno 19|show version|4|/dev/sev: No such device
1 errno 25|show version|4|is not the device of AMD SEV
1 errno 22|show version|4|PLATFORM_STATUS: the kernel or the firmware does not support this command
9 errno 22|show snp-status|4|SNP_PLATFORM_STATUS: the kernel or the firmware does not support this command
8 errno 524|show identifier|4|GET_ID: the kernel or the firmware does not support this command
1 errno 110|show version|1|hint: the kernel's log has messages of ccp
0 errno 16|reset --yes|1|PLATFORM_RESET: the platform has guests with SEV
4 errno 1|rotate --yes|1|PDH_GEN: Operation not permitted
5 errno 1|export $d/x|1|PDH_CERT_EXPORT: Operation not permitted
6 errno 14|provision --yes $d/oca.cert $d/oca.key|1|PEK_CERT_IMPORT: Bad address
1 fw -1|show version|1|PLATFORM_STATUS: Input/output error
1 fw 0x7777|show version|1|error of an unknown name (0x7777)
1 set 0x203|show version|1|answer to PLATFORM_STATUS: the state is unknown (at offset 2: 3, limit 2)
9 set 0x202|show snp-status|1|answer to SNP_PLATFORM_STATUS: the state is unknown (at offset 2: 2, limit 1)
8 len 0|show identifier|1|answer to GET_ID: expected 64 bytes of the identifier, the firmware has 0
8 len 65|show identifier|1|expected 64 bytes of the identifier, the firmware has 65
8 len -1|show cek-url|1|expected 64 bytes of the identifier, the firmware has 4294967295
8 need 257|show identifier|1|GET_ID with error INVALID_LEN (0x4)
8 need 63|show identifier|1|GET_ID with error INVALID_LEN (0x4)
5 len 6251|export $d/x|1|expected 6252 bytes of PEK, OCA and CEK, the firmware has 6251
5 len 6253|export $d/x|1|the firmware has 6253
5 len 0|export $d/x|1|the firmware has 0
5 pdh 2083|export $d/x|1|expected 2084 bytes of the PDH, the firmware has 2083
5 pdh 0x7fffffff|export $d/x|1|the firmware has 2147483647
5 need 8000|export $d/x|1|expected 6252 bytes of PEK, OCA and CEK, the firmware has 8000
5 flip 0|export $d/x|1|/dev/sev: PDH at offset 0: the version is not 1
5 flip 8|export $d/x|1|/dev/sev: expected the PDH at offset 0
5 flip 20|export --cek $d/psp/cek.cert $d/x|5|the certificate chain is not valid: PDH signed by PEK
5 flip 2104|export --cek $d/psp/cek.cert $d/x|5|the certificate chain is not valid
5 flip 4188|export --cek $d/psp/cek.cert $d/x|5|the certificate chain is not valid: OCA signed by OCA
3 len 2083|provision --yes $d/oca.cert $d/oca.key|1|expected 2084 bytes of the PEK, the firmware has 2083
3 len 2085|provision --yes $d/oca.cert $d/oca.key|1|the firmware has 2085
3 need 4000|provision --yes $d/oca.cert $d/oca.key|1|the firmware has 4000
3 flip 0|provision --yes $d/oca.cert $d/oca.key|1|PEK: the version is not 1
3 flip 8|provision --yes $d/oca.cert $d/oca.key|1|expected a PEK, found a certificate of usage 0x1003
3 flip 20|provision --yes $d/oca.cert $d/oca.key|1|PEK_CERT_IMPORT with error BAD_SIGNATURE (0xa)
1 set 0x202|provision --yes $d/oca.cert $d/oca.key|1|PEK_CERT_IMPORT: the platform has guests with SEV
END
fault=
finish

begin "sev device: each error of the firmware has a name"
for code in 1 2 3 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 31 32 33 34 35 \
	36 37 38 39 40 48 49 50 51; do
	fault="4 fw $code"
	sev rotate --yes
	want_rc 1
	grep -q "the firmware refused PDH_GEN with error [A-Z][A-Z_]* (0x[0-9a-f]*): [a-z]" "$T/err" ||
		bad "$code: $(cat "$T/err")"
done
fault=
finish

begin "sev show identifier: a longer one"
fault="8 need 128"
sev show identifier
fault=
want_rc 0
[ "$(cat "$T/out")" = "$id$(printf '%0128d' 0)" ] || bad "$(cat "$T/out")"
finish

begin "sev device: a user who may not write"
chmod 0444 "$d/host/dev/sev"
if [ "$(id -u)" -ne 0 ]; then
	skip "runs as another user only as root"
else
	run_user --root "$d/host" sev show version
	want_rc 4
	want_err "/dev/sev: is not the device of AMD SEV"
	chmod 0 "$d/host/dev/sev"
	run_user --root "$d/host" sev show version
	want_rc 1
	want_err "/dev/sev: Permission denied"
	want_err "hint: run as root"
	finish
fi
chmod 0644 "$d/host/dev/sev"
