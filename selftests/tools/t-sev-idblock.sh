# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# ccguest sev idblock. openssl makes the keys, and checks a signature.

i=$T/idblock
mkdir -p "$i"
for key in id author p256; do
	curve=P-384
	[ $key != p256 ] || curve=P-256
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:$curve -out "$i/$key.pem" 2>/dev/null
done
digest=$(printf '%096d' 7)

begin "sev idblock build: properties of QEMU"
run sev idblock build --digest "$digest" --id-key "$i/id.pem"
want_rc 0
want_out "policy=0x30000,id-block="
no_out author-key-enabled
sed 's/.*id-block=\([^,]*\),.*/\1/' "$T/out" | base64 -d >"$i/block"
sed 's/.*id-auth=\([^,]*\)$/\1/' "$T/out" | base64 -d >"$i/auth"
[ "$(wc -c <"$i/block") $(wc -c <"$i/auth")" = "96 4096" ] || bad "lengths"
run sev idblock verify "$i/block" "$i/auth"
want_rc 0
# openssl agrees: r and s are little-endian.
python3 - "$i/auth" "$i/der" <<'END'
import sys
auth = open(sys.argv[1], "rb").read()
def integer(p):
    n = int.from_bytes(p, "little")
    b = n.to_bytes(n.bit_length() // 8 + 1, "big")
    return b"\x02" + bytes([len(b)]) + b
rs = integer(auth[64:136]) + integer(auth[136:208])
open(sys.argv[2], "wb").write(b"\x30" + bytes([len(rs)]) + rs)
END
openssl pkey -in "$i/id.pem" -pubout -out "$i/id.pub"
openssl dgst -sha384 -verify "$i/id.pub" -signature "$i/der" "$i/block" >"$T/log" 2>&1 ||
	bad "$(cat "$T/log")"
finish

begin "sev idblock build: files, author key, all fields"
run sev idblock build --digest "$digest" --id-key "$i/id.pem" --author-key "$i/author.pem" \
	--family 000102030405060708090a0b0c0d0e0f --image 101112131415161718191a1b1c1d1e1f \
	--svn 7 --policy 0x1b0137 --block "$i/b" --auth "$i/a"
want_rc 0
no_out
want_err "policy 0x1b0137: the host may decrypt the guest's memory"
run sev idblock verify "$i/b" "$i/a"
want_rc 0
run sev idblock show --json "$i/b" "$i/a"
want_rc 0
want_json '(d["launch_digest"], d["svn"], d["policy"], d["valid"]) == ("'"$digest"'", 7, "0x1b0137", True)'
want_json '(d["family"][-2:], d["image"][-2:], len(d["author_key_digest"])) == ("0f", "1f", 96)'
run sev idblock show "$i/b" "$i/a"
want_out "signatures         correct"
run sev idblock build --digest "$digest" --id-key "$i/id.pem" --block "$i/b" --auth "$i/a2"
want_rc 1
want_err "exists, and is not replaced"
[ ! -e "$i/a2" ] || bad "wrote one file of two"
finish

begin "sev idblock verify: changed bytes"
base64 -d "$i/b" >"$i/block"
base64 -d "$i/a" >"$i/auth"
# FILE OFFSET
while read -r file at; do
	cp "$i/$file" "$i/changed"
	byte=$(od -An -tu1 -j "$at" -N 1 "$i/changed")
	# shellcheck disable=SC2059 # an octal escape
	printf "\\$(printf %o $((byte ^ 255)))" |
		dd of="$i/changed" bs=1 seek="$at" conv=notrunc 2>/dev/null
	case $file in
	block)	run sev idblock verify "$i/changed" "$i/auth" ;;
	auth)	run sev idblock verify "$i/block" "$i/changed" ;;
	esac
	want_rc 5
	[ -z "$problems" ] || bad "$file $at"
done <<END
block 0
block 80
block 84
block 95
auth 0
auth 4
auth 8
auth 64
auth 120
auth 140
auth 300
auth 576
auth 580
auth 700
auth 1604
auth 1664
auth 1900
auth 2176
auth 2180
auth 2230
auth 2310
auth 3000
auth 3204
auth 4095
END
# As base64(1) and xxd(1) write them.
base64 "$i/block" >"$i/block.lines"
base64 "$i/auth" | sed 's/$/\r/' >"$i/auth.lines"
run sev idblock verify "$i/block.lines" "$i/auth.lines"
want_rc 0
od -An -v -tx1 "$i/auth" >"$i/auth.lines"
run sev idblock verify "$i/block.lines" "$i/auth.lines"
want_rc 0
{
	base64 -w 0 "$i/block"
	printf '\0'
} >"$i/block.lines"
run sev idblock verify "$i/block.lines" "$i/auth"
want_rc 1
head -c 95 "$i/block" >"$i/short"
run sev idblock verify "$i/short" "$i/auth"
want_rc 1
want_err "expected 96 bytes"
run sev idblock show "$i/block" "$i/block"
want_rc 1
want_err "expected 4096 bytes"
finish

begin "sev idblock build: invalid inputs"
run sev idblock build --digest "$digest" --id-key "$i/p256.pem"
want_rc 1
want_err "p256.pem: is not a private key on P-384"
run sev idblock build --digest "$digest" --id-key "$i/id.pub"
want_rc 1
run sev idblock build --digest 00 --id-key "$i/id.pem"
want_rc 2
want_err "expected 48 bytes"
run sev idblock build --digest "$digest"
want_rc 2
run sev idblock build --digest "$digest" --id-key "$i/id.pem" --block "$i/only"
want_rc 2
run sev idblock build --digest "$digest" --id-key "$i/id.pem" --policy 0x10000
want_rc 2
want_err "--policy: bit 17 (0x20000) must be 1: KVM refuses such a guest"
openssl pkey -in "$i/id.pem" -aes128 -passout pass:x -out "$i/locked.pem"
run sev idblock build --digest "$digest" --id-key "$i/locked.pem"
want_rc 1
finish

begin "sev idblock build: 200 signatures"
# One signature of 2.7 has a zero byte in r or s.
n=0
while [ $n -lt 200 ]; do
	run_plain sev idblock build -q --digest "$digest" --id-key "$i/id.pem"
	want_rc 0
	n=$((n + 1))
done
finish
