# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# ccguest secret build, against mkarea.py.

printf 'first %s\0' "$MARKER" >"$T/s1"
printf '\033[31m%s' "$MARKER" >"$T/s2"
: >"$T/s0"

begin "build: the same bytes as from mkarea.py, to a pipe and to a file"
area --size 112 "$T/want" "$DISK=first $MARKER\\0" "$A=\\x1b[31m$MARKER" "$B="
run secret build "$DISK:$T/s1" "$A:$T/s2" "$B:$T/s0"
want_rc 0
no_err
out_is "$T/want"
run secret build luks-key:"$T/s1" "$(echo "$A" | tr a-f A-F):$T/s2" \
	"$B:$T/s0" -o "$T/b.bin"
want_rc 0
want_out "$T/b.bin: 3 secrets, table of 110 bytes, 112 bytes written"
cmp "$T/b.bin" "$T/want" >"$T/cmp" 2>&1 || bad "$(cat "$T/cmp")"
[ "$(stat -c %a "$T/b.bin")" = 600 ] || bad "mode $(stat -c %a "$T/b.bin")"
finish

begin "build: --json with -o, and not without"
run --json secret build "$DISK:$T/s1" "$B:$T/s0" -o "$T/b.bin"
want_rc 0
want_json 'd["schema"] == "ccguest/secret-build/1" and d["table_length"] == 76 and d["written"] == 80'
want_json 'd["secrets"] == [{"guid": "'"$DISK"'", "name": "disk-passphrase", "size": 16}, {"guid": "'"$B"'", "name": None, "size": 0}]'
run --json secret build "$DISK:$T/s1"
want_rc 2
no_out
want_err "JSON never contains the bytes"
finish

begin "build: 4096 entries, and one more"
set --
i=0
while [ $i -lt 4096 ]; do
	set -- "$@" "$A:$T/s0"
	i=$((i + 1))
done
run secret build --allow-duplicates -o "$T/many.bin" "$@"
want_rc 0
run --json secret list -F "$T/many.bin"
want_rc 0
want_json 'len(d["hidden_duplicates"]) == 4095'
run secret build --allow-duplicates -o "$T/more.bin" "$@" "$B:$T/s0"
want_rc 1
want_err "$B: does not fit: a table has 4096 entries at most"
[ ! -e "$T/more.bin" ] || bad "wrote a file"
python3 - "$T/many.bin" "$T/more.bin" <<'END'
import struct, sys
table = bytearray(open(sys.argv[1], "rb").read())
size = struct.unpack_from("<I", table, 16)[0]
table = table[:size] + table[20:40]
struct.pack_into("<I", table, 16, len(table))
open(sys.argv[2], "wb").write(table)
END
run secret list -F "$T/more.bin"
want_rc 1
want_err "entry 4096: table has too many entries (at offset 81956: 4097, limit 4096)"
finish

begin "build: standard input, once"
rc=0
printf 'from stdin' | "$T/ccguest" secret build "$A:-" >"$T/out" 2>"$T/err" || rc=$?
want_rc 0
area --size 64 "$T/want" "$A=from stdin"
out_is "$T/want"
run secret build "$A:-" "$B:-"
want_rc 2
want_err "standard input can be read only once"
finish

begin "build: --size"
run secret build --size 4096 "$A:$T/s1"
want_rc 0
area --size 4096 "$T/want" "$A=first $MARKER\\0"
out_is "$T/want"
run secret build --size 0x40 "$A:$T/s1"
want_rc 0
[ "$(wc -c <"$T/out")" -eq 64 ] || bad "not 64 bytes"
run secret build --size 48 "$A:$T/s1"
want_rc 1
no_out
want_err "size: 48 is too small, the table needs 64 bytes"
for n in 0 -1 +64 " 64" 64k 64x "" 99999999999999999999999; do
	run secret build --size "$n" "$A:$T/s1"
	want_rc 2
	no_out
	want_err "--size is a number of bytes"
done
run secret build --size 100 "$A:$T/s1"
want_rc 2
want_err "100 is not a multiple of 16"
run secret build --size 1048592 "$A:$T/s1"
want_rc 2
want_err "1048592 is more than the 1048576"
finish

begin "build: the same GUID twice, the zero GUID"
run secret build luks-key:"$T/s1" "$A:$T/s0" "$DISK:$T/s2" -o "$T/none"
want_rc 2
no_out
want_err "$DISK: is given twice"
[ ! -e "$T/none" ] || bad "wrote a file"
run secret build --allow-duplicates luks-key:"$T/s0" "$DISK:$T/s2"
want_rc 0
area --size 80 "$T/want" "$DISK=" "$DISK=\\x1b[31m$MARKER"
out_is "$T/want"
run secret build "$ZERO:$T/s2"
want_rc 2
want_err "$ZERO: is the GUID of a deleted secret"
run secret build --allow-zero-guid "$ZERO:$T/s2" "$ZERO:$T/s0"
want_rc 0
area --size 80 "$T/want" "$ZERO=\\x1b[31m$MARKER" "$ZERO="
out_is "$T/want"
finish

begin "build: unknown names and missing files"
run secret build "frob:$T/s1"
want_rc 2
want_err "frob: is neither a GUID nor a known name"
run secret build "$A:$T/nowhere" -o "$T/none"
want_rc 1
want_err "$T/nowhere: No such file"
run secret build "$A:$T"
want_rc 1
want_err "Is a directory"
run secret build "$A:/dev/zero"
want_rc 1
want_err "/dev/zero: is longer than the 1048576 bytes"
[ ! -e "$T/none" ] || bad "wrote a file"
finish

begin "build: the largest table, and one byte more"
head -c $((1048576 - 40)) /dev/zero >"$T/big"
run secret build "$A:$T/big"
want_rc 0
[ "$(wc -c <"$T/out")" -eq 1048576 ] || bad "not 1048576 bytes"
head -c $((1048576 - 39)) /dev/zero >"$T/big"
run secret build "$A:$T/big"
want_rc 1
no_out
want_err "$A: does not fit"
rm "$T/big"
finish

begin "build: a file name with a colon"
cp "$T/s2" "$T/a:b"
run secret build "$A:$T/a:b"
want_rc 0
finish
