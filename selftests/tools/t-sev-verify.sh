# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# ccguest sev verify, with a platform whose ASK and ARK are not AMD's.
# selftests/vectors/sev has chains of real platforms.

psp=$out/ccguest.objs/test/soft-psp
p=$T/platform
mkdir -p "$p"
"$psp" platform "$p"
chain=$p/sev.chain
ca=$p/ca.chain

# piece FILE OFFSET LENGTH: prints bytes of FILE
piece()
{
	tail -c +$(($2 + 1)) "$1" | head -c "$3"
}

# flip FILE OFFSET TO: writes a copy with one byte changed
flip()
{
	cp "$1" "$3"
	byte=$(piece "$1" "$2" 1 | od -An -tu1)
	# shellcheck disable=SC2059 # a byte
	printf "$(printf '\\%03o' $((byte ^ 1)))" |
		dd of="$3" bs=1 seek="$2" conv=notrunc 2>/dev/null
}

begin "sev verify: signatures are correct, ASK and ARK are not AMD's"
run sev verify --sev "$chain" --ca "$ca"
want_rc 5
want_err "the certificate chain is not valid: ASK and ARK are not AMD's"
want_out " ^ PEK EP384 E256 "
want_out "   *^ OCA EP384 E256 "
want_out "       ^ ASK R2048 R256 "
want_out "         *^ ARK R2048 R256 "
no_err "generation"
run sev verify --json --sev "$chain" --ca "$ca"
want_rc 5
want_json '(d["valid"], d["pinned"], d["generation"], d["ca"]) == (False, False, None, "file")'
want_json 'len(d["signatures"]) == 7 and all(s["valid"] and s["why"] is None for s in d["signatures"])'
cat "$chain" "$ca" >"$T/full"
run sev verify --sev "$T/full"
want_rc 5
want_err "ASK and ARK are not AMD's"
finish

begin "sev verify: no ASK of AMD signed the CEK"
run sev verify --sev "$chain"
want_rc 5
want_err "no ASK of AMD that is known here signed the CEK"
want_out "       x ASK -"
want_out "         #x ARK -"
finish

begin "sev verify: the CEK of the firmware has no signature of AMD"
"$psp" command "$p" 5 | tail -c +5 >"$T/exported"
for opts in "" "--ca $ca"; do
	# shellcheck disable=SC2086 # words
	run sev verify --sev "$T/exported" $opts
	want_rc 5
	want_err "exported: the certificate chain is not valid: the CEK has no signature of AMD"
	want_err "hint: on the host, ccguest sev show cek-url prints the URL of its certificate at AMD's key server; then use --cek FILE"
done
finish

begin "sev verify: each signature, wrong"
# OFFSET MARK: a byte of the body, or of a signature
while read -r what at want; do
	flip "$chain" "$at" "$T/flipped"
	run sev verify --sev "$T/flipped" --ca "$ca" --json
	want_rc 5
	want_json '[s["signer"] + ">" + s["signed"] for s in d["signatures"] if not s["valid"]] == "'"$want"'".split(",")'
	[ -z "$problems" ] || bad "$what"
done <<END
pdh-body 20 PEK>PDH
pdh-signature 1052 PEK>PDH
pek-first 3136 OCA>PEK
pek-second 3656 CEK>PEK
oca-signature 5220 OCA>OCA
oca-body 4173 OCA>OCA
cek-signature 7304 ASK>CEK
cek-body 6257 ASK>CEK
cek-padding 7604 ASK>CEK
END
flip "$ca" 600 "$T/flipped"
run sev verify --sev "$chain" --ca "$T/flipped" --json
want_json '[s["signed"] for s in d["signatures"] if not s["valid"]] == ["ASK"]'
flip "$ca" 1432 "$T/flipped"
run sev verify --sev "$chain" --ca "$T/flipped"
want_out "         #^ ARK"
# The ASK names another signer.
flip "$ca" 20 "$T/flipped"
run sev verify --sev "$chain" --ca "$T/flipped"
want_err "ASK signed by ARK: the certificate names another signer"
finish

begin "sev verify, sev session: a chain of Naples' form, with other ASK and ARK"
[ "$(cat "$chain" "$ca" | wc -c)" -eq 10000 ] || bad "the length of the chain"
for opts in "--sev $chain --ca $ca" "--sev $T/full" "--sev $chain --cek $p/cek.cert --ca $ca"; do
	# shellcheck disable=SC2086 # words
	run sev verify --json $opts
	want_rc 5
	want_json '[c["algorithm"] for c in d["certificates"]][4:] == ["R2048 R256"] * 2 and all(s["valid"] for s in d["signatures"])'
done
run sev session -n "$p/naples" "$T/full" 5
want_rc 5
run sev session --insecure -n "$p/naples" "$T/full" 5
want_rc 0
"$psp" start "$p" "$p/naples_godh.b64" "$p/naples_session.b64" 5 2>"$T/err" || bad "$(cat "$T/err")"
# Only the ARK of AMD may lack its signature.
head -c 1408 "$ca" >"$T/ca"
run sev verify --sev "$chain" --ca "$T/ca"
want_rc 1
want_err "the file ends before the signature of the ARK (at offset 1408)"
finish

begin "sev verify: the picture in UTF-8, and in colours"
rc=0
LC_ALL=C.UTF-8 "$T/ccguest" sev verify --color=always --sev "$T/full" \
	>"$T/out" 2>"$T/err" || rc=$?
want_rc 5
want_out "   $(printf '\033[32m\342\200\242\033[0m\033[32m\342\254\221\033[0m') OCA"
flip "$chain" 5220 "$T/flipped"
rc=0
LC_ALL=C.UTF-8 "$T/ccguest" sev verify --color=always --sev "$T/flipped" --ca "$ca" \
	>"$T/out" 2>"$T/err" || rc=$?
want_out "   $(printf '\033[31m\342\200\242\314\267\033[0m\033[32m\342\254\221\033[0m') OCA"
rc=0
LC_ALL=C.UTF-8 "$T/ccguest" sev verify --sev "$T/flipped" --ca "$ca" >"$T/out" 2>"$T/err" || rc=$?
want_out "$(printf ' \342\200\242 = self signed, \342\254\221 = signs, \342\200\242\314\267 = invalid self sign, \342\254\221\314\270 = invalid signs')"
finish

begin "sev verify: --oca"
piece "$chain" 4168 2084 >"$T/oca"
run sev verify --sev "$chain" --ca "$ca" --oca "$T/oca" --json
want_json 'all(s["valid"] for s in d["signatures"])'
"$psp" platform "$p"
piece "$p/sev.chain" 4168 2084 >"$T/other"
cp "$T/full" "$T/sev"
run sev verify --sev "$T/full" --oca "$T/other" --json
want_json '[s["signed"] for s in d["signatures"] if not s["valid"]] == ["PEK"]'
finish

begin "sev verify: files that are no chains"
chain=$T/full
run sev verify --sev "$T/oca"
want_rc 1
want_err "oca: expected the PDH at offset 0, found a certificate of usage 0x1001"
run sev verify --sev "$chain" --oca "$chain"
want_rc 1
want_err "is longer than the 2084 bytes"
piece "$chain" 0 8335 >"$T/short"
run sev verify --sev "$T/short"
want_rc 1
want_err "CEK at offset 6252: the certificate is truncated (at offset 6252: 0x823)"
{
	cat "$chain"
	echo
} >"$T/long"
run sev verify --sev "$T/long"
want_rc 1
want_err "1 bytes follow the last certificate (at offset 10000)"
piece "$chain" 0 9744 >"$T/short"
run sev verify --sev "$T/short"
want_rc 1
want_err "the file ends before the signature of the ARK (at offset 9744)"
: >"$T/empty"
run sev verify --sev "$T/empty"
want_rc 1
want_err "PDH at offset 0: the certificate is truncated (at offset 0: 0)"
# FIELD OFFSET WHY
while read -r field at why; do
	flip "$chain" "$at" "$T/flipped"
	run sev verify --sev "$T/flipped"
	want_rc 1
	no_out
	want_err "$why"
	[ -z "$problems" ] || bad "$field"
done <<END
version 2084 PEK at offset 2084: the version is not 1 (at offset 2084: 0)
usage 8 expected the PDH at offset 0, found a certificate of usage 0x1002
algorithm 14 the algorithm is unknown
curve 17 the curve is neither P-256 nor P-384
modulus 8397 ASK at offset 8336: the modulus has neither 2048 nor 4096 bits
exponent 8393 ASK at offset 8336: exponent and modulus differ in length
END
run sev verify --sev "$T"
want_rc 1
want_err "Is a directory"
finish

begin "sev verify: command lines"
mkdir -p "$p/none"
run --root "$p/none" sev verify
want_rc 4
want_err "/dev/sev: No such file or directory"
run sev verify x --sev "$chain"
want_rc 2
run sev verify -q --sev "$chain"
want_rc 5
no_out
run sev
want_rc 2
want_err "a verb is missing"
finish
