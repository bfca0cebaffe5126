# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# ccguest secret with -F: areas right and wrong.

f=$T/area.bin

area --size 3072 "$f" "$DISK=pass $MARKER\\0" "$ZERO=xxxxx" "$A=\\x1b[31m$MARKER" "$B="

begin "list: table"
run secret list -F "$f"
want_rc 0
no_err
want_out "$DISK  disk-passphrase"
want_out "GUID "
want_out "OFFSET"
no_out "$ZERO"
no_out "$MARKER"
[ "$(wc -l <"$T/out")" -eq 4 ] || bad "not four lines"
finish

begin "list: -v tells of deleted entries, JSON always"
run secret list -v -F "$f"
want_err "1 deleted"
run --json secret list -F "$f"
want_rc 0
want_json 'd["schema"] == "ccguest/secret-list/1"'
want_json 'd["source"]["kind"] == "file" and d["source"]["path"].endswith("area.bin")'
want_json 'd["source"]["area_size"] == 3072 and d["source"]["table_length"] == 20 + 35 + 25 + 34 + 20'
want_json '[s["guid"] for s in d["secrets"]] == ["'"$DISK"'", "'"$A"'", "'"$B"'"]'
want_json '[s["name"] for s in d["secrets"]] == ["disk-passphrase", None, None]'
want_json '[s["size"] for s in d["secrets"]] == [15, 14, 0]'
want_json '[s["entry"] for s in d["secrets"]] == [0, 2, 3]'
want_json '[s["offset"] for s in d["secrets"]] == [20, 80, 114]'
want_json 'd["hidden_duplicates"] == [] and d["deleted"] == 1 and d["trailing_bytes"] == 0'
finish

begin "list --names"
run secret list --names -F "$f"
want_rc 0
printf '%s\n' "$DISK" "$A" "$B" >"$T/want"
out_is "$T/want"
finish

begin "show: hexadecimal and text, escaped"
run secret show -F "$f"
want_rc 0
want_out "  name      disk-passphrase, luks-key"
want_out "  consumer  GRUB"
want_out "  size      15"
want_out "  00000000  70 61 73 73 20 74 4f 70  53 65 43 72 45 74 00     |pass tOpSeCrEt.|"
want_out "  00000000  1b 5b 33 31 6d 74 4f 70  53 65 43 72 45 74        |.[31mtOpSeCrEt|"
no_out "$(printf '\033')"
run secret show "$A" -F "$f"
want_rc 0
no_out "$DISK"
want_out "$A"
finish

begin "show: a long secret, lines of 16"
python3 -c 'import sys; sys.stdout.buffer.write(bytes(range(256)) * 2)' >"$T/long"
run secret build "$C:$T/long"
cp "$T/out" "$T/long.bin"
run secret show "$C" -F "$T/long.bin"
want_rc 0
want_out "  000001f0  f0 f1 f2 f3 f4 f5 f6 f7  f8 f9 fa fb fc fd fe ff  |................|"
want_out "  00000040  40 41 42 43 44 45 46 47  48 49 4a 4b 4c 4d 4e 4f  |@ABCDEFGHIJKLMNO|"
[ "$(grep -c '^  0' "$T/out")" -eq 32 ] || bad "not 32 lines"
LC_ALL=C grep -qa '[^[:print:]]' "$T/out" && bad "raw bytes"
finish

begin "show --json: what is known, no bytes"
run secret show --json "$DISK" "$B" -F "$f"
want_rc 0
want_json 'd["schema"] == "ccguest/secret-show/1"'
want_json 'd["secrets"][0]["alias"] == "luks-key" and "GRUB" in d["secrets"][0]["consumer"]'
want_json 'd["secrets"][1]["purpose"] is None and len(d["secrets"]) == 2'
finish

begin "names: GUID in upper case, known name, alias, the same once"
for name in "$(echo "$DISK" | tr a-f A-F)" disk-passphrase luks-key; do
	run secret read "$name" -F "$f"
	want_rc 0
	printf 'pass %s\0' "$MARKER" >"$T/want"
	out_is "$T/want"
done
run secret show --json=short luks-key disk-passphrase "$DISK" -F "$f"
want_json 'len(d["secrets"]) == 1'
finish

begin "names: not one, not there, a prefix, the zero GUID, the header's"
for name in frob "$DISK " "${DISK%b}" "{$DISK}" 736869e5 "" "${DISK}0" \
	"$(echo "$DISK" | tr - 0)" "g${DISK#?}"; do
	run secret read "$name" -F "$f"
	want_rc 2
	no_out
	want_err "is neither a GUID nor a known name"
	want_err "ccguest help --list-names"
done
for name in "$C" sev-kbc-online "$ZERO" 1e74f542-71dd-4d66-963e-ef4287ff173b; do
	for verb in show read wipe; do
		cp "$f" "$T/w.bin"
		run secret $verb "$name" -F "$T/w.bin"
		want_rc 3
		no_out
		want_err "$name: no such secret in $T/w.bin"
		cmp -s "$f" "$T/w.bin" || bad "$verb changed the file"
	done
done
finish

begin "read: exact bytes to a pipe, an empty secret"
run secret read "$A" -F "$f"
printf '\033[31m%s' "$MARKER" >"$T/want"
want_rc 0
no_err
out_is "$T/want"
run secret read "$B" -F "$f"
want_rc 0
no_out
finish

# stripped BYTES WANT: what --strip leaves of a secret, both in printf's form
stripped()
{
	# shellcheck disable=SC2059 # the form is meant
	printf "$1" >"$T/s"
	# shellcheck disable=SC2059
	printf "$2" >"$T/want"
	run secret build "$A:$T/s"
	cp "$T/out" "$T/strip.bin"
	run secret read --strip "$A" -F "$T/strip.bin"
	want_rc 0
	out_is "$T/want"
}

begin "read --strip: a NUL or a newline at the end, one byte at most"
for x in 'pass' 'pass\000' 'pass\n'; do
	stripped "$x" 'pass'
	no_err
done
stripped '' ''
stripped '\000' ''
stripped '\n' ''
stripped 'a\000b\nc' 'a\000b\nc'
stripped 'pass ' 'pass '
stripped 'pass\r' 'pass\r'
no_err
finish

begin "read --strip: tells what is still at the end"
for x in 'pass\n' 'pass\000' 'pass\r'; do
	for end in '\000' '\n'; do
		stripped "$x$end" "$x"
		want_err "ccguest: $A: one byte stripped, another NUL, newline or return is at the end"
	done
done
run secret read -q --strip "$A" -F "$T/strip.bin"
want_rc 0
no_err
finish

begin "read --strip: into a file, in JSON, not for other verbs"
printf 'pass %s' "$MARKER" >"$T/want"
run secret read --strip "$DISK" -o "$T/o" -F "$f"
want_rc 0
want_out "$DISK: 14 bytes written to $T/o, without the byte at the end"
cmp -s "$T/o" "$T/want" || bad "other bytes"
run secret read --strip "$DISK" --json -o "$T/o" -F "$f"
want_json 'd["written"] == 14 and d["stripped"] == 1 and d["secret"]["size"] == 15'
run secret read "$DISK" --json -o "$T/o" -F "$f"
want_json 'd["written"] == 15 and d["stripped"] == 0'
run secret read --strip "$DISK" --json -F "$f"
want_rc 2
for verb in list show wipe; do
	run secret $verb --strip -F "$f"
	want_rc 2
done
run secret read --strip=1 "$DISK" -F "$f"
want_rc 2
no_out
finish

begin "read: refused on a terminal, unless --force"
run_tty secret read "$DISK" -F "$f"
want_rc 2
want_out "is a terminal"
no_out "$MARKER"
run_tty secret read "$DISK" --force -F "$f"
want_rc 0
want_out "$MARKER"
run_tty secret build "$A:$T/long"
want_rc 2
want_out "is a terminal"
finish

begin "read -o: mode 0600, whatever the umask, replaces a file"
rm -f "$T/o"
old=$(umask)
umask 0
run secret read "$DISK" -o "$T/o" -F "$f"
umask "$old"
want_rc 0
want_out "$DISK: 15 bytes written to $T/o"
printf 'pass %s\0' "$MARKER" >"$T/want"
cmp -s "$T/o" "$T/want" || bad "other bytes"
[ "$(stat -c %a "$T/o")" = 600 ] || bad "mode $(stat -c %a "$T/o")"
chmod 644 "$T/o"
run secret read "$A" -q --output="$T/o" -F "$f"
want_rc 0
no_out
[ "$(stat -c '%a %s' "$T/o")" = "600 14" ] || bad "not replaced"
for left in "$T"/o.*; do
	[ ! -e "$left" ] || bad "left over: $left"
done
finish

begin "read -o: as somebody who is not root"
printf 'pass %s\0' "$MARKER" >"$T/want"
mkdir "$T/user"
chmod 777 "$T/user"
cp "$f" "$T/user/area"
chmod 644 "$T/user/area"
for i in new again; do
	run_user secret read "$DISK" -o "$T/user/o" -F "$T/user/area"
	want_rc 0
	cmp -s "$T/user/o" "$T/want" || bad "$i: other bytes"
	[ "$(stat -c '%a %s' "$T/user/o")" = "600 15" ] ||
		bad "$i: $(stat -c '%a %s' "$T/user/o")"
done
[ "$(ls "$T/user")" = "$(printf 'area\no')" ] || bad "left: $(ls "$T/user")"
finish

begin "read -o --json: what was done; --json alone is refused"
run secret read "$DISK" --json -o "$T/o" -F "$f"
want_rc 0
want_json 'd["schema"] == "ccguest/secret-read/1" and d["written"] == 15'
want_json 'd["secret"]["guid"] == "'"$DISK"'" and d["output"].endswith("/o")'
run secret read "$DISK" --json -F "$f"
want_rc 2
no_out
want_err "never put into JSON"
finish

begin "read -o: devices, directories and links are left alone"
mkdir "$T/dir"
ln -s "$T/good" "$T/link"
mkfifo "$T/fifo"
# Never the machine's own: where this goes wrong, they are gone.
mknod "$T/null" c 1 3 2>/dev/null || mkfifo "$T/null"
for o in "$T/null" "$T/dir" "$T/link" "$T/fifo"; do
	run secret read "$DISK" -o "$o" -F "$f"
	want_rc 1
	want_err "$o: is there and is not a regular file"
	want_err "hint"
done
if [ -f "$T/null" ]; then
	bad "a device was replaced"
fi
[ -L "$T/link" ] || bad "link is gone"
run secret read "$DISK" -o "$T/nowhere/x" -F "$f"
want_rc 1
want_err "$T/nowhere/x: No such file"
run secret read "$DISK" -o "" -F "$f"
want_rc 2
finish

begin "wipe: data and GUID are zero, the rest is as it was"
cp "$f" "$T/w.bin"
run secret wipe "$A" -F "$T/w.bin"
want_rc 0
want_out "wiped $A (14 bytes)"
area --size 3072 "$T/want" "$DISK=pass $MARKER\\0" "$ZERO=xxxxx" \
	"$ZERO=\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0" "$B="
cmp "$T/w.bin" "$T/want" >"$T/cmp" 2>&1 || bad "$(cat "$T/cmp")"
run secret wipe "$A" -F "$T/w.bin"
want_rc 3
run secret list --json -F "$T/w.bin"
want_json 'd["deleted"] == 2 and len(d["secrets"]) == 2'
finish

begin "wipe: one name that is not there, and nothing is wiped"
cp "$f" "$T/w.bin"
run secret wipe "$A" "$C" -F "$T/w.bin"
want_rc 3
cmp -s "$T/w.bin" "$f" || bad "changed"
finish

begin "wipe --all, JSON, again"
run secret wipe --all --json -F "$T/w.bin"
want_rc 0
want_json 'd["schema"] == "ccguest/secret-wipe/1" and [s["wiped"] for s in d["secrets"]] == [True] * 3'
want_json 'd["secrets"][0]["guid"] == "'"$DISK"'" and d["secrets"][0]["size"] == 15'
grep -qa "$MARKER" "$T/w.bin" && bad "still there"
run secret wipe --all -F "$T/w.bin"
want_rc 0
want_err "no secrets"
run secret wipe --all -q -F "$T/w.bin"
no_err
run secret list -F "$T/w.bin"
want_rc 0
no_out
want_err "ccguest: no secrets"
run -q secret list -F "$T/w.bin"
no_err
run --json secret list -F "$T/w.bin"
want_json 'd["secrets"] == []'
finish

begin "wipe: a file that cannot be written"
cp "$f" "$T/ro.bin"
chmod 444 "$T/ro.bin"
run_user secret wipe --all -F "$T/ro.bin"
want_rc 1
want_err "$T/ro.bin: Permission denied"
want_err "hint: run as root"
cmp -s "$T/ro.bin" "$f" || bad "changed"
finish

begin "duplicates: the first counts, the others are reported"
area "$T/dup.bin" "$A=first" "$B=other" "$A=second $MARKER" "$A=third"
run secret list -F "$T/dup.bin"
want_rc 0
want_err "entry 2 at offset 70 is a hidden duplicate of $A"
want_err "entry 3 at offset"
[ "$(grep -c "$A" "$T/out")" -eq 1 ] || bad "shown more than once"
run -q secret list -F "$T/dup.bin"
no_err
run secret read "$A" -F "$T/dup.bin"
printf first >"$T/want"
out_is "$T/want"
run secret list --json -F "$T/dup.bin"
want_json '[s["entry"] for s in d["secrets"]] == [0, 1]'
want_json '[s["entry"] for s in d["hidden_duplicates"]] == [2, 3]'
run secret list --names -F "$T/dup.bin"
[ "$(wc -l <"$T/out")" -eq 2 ] || bad "--names shows them"
finish

begin "duplicates: a wipe takes them all"
cp "$T/dup.bin" "$T/w.bin"
run secret wipe "$A" -F "$T/w.bin"
want_rc 0
run secret list --json -F "$T/w.bin"
want_json '[s["guid"] for s in d["secrets"]] == ["'"$B"'"] and d["deleted"] == 3'
grep -qa "first\|second\|third" "$T/w.bin" && bad "still there"
cp "$T/dup.bin" "$T/w.bin"
run secret wipe --all -F "$T/w.bin"
want_rc 0
grep -qa "first\|second\|third\|other" "$T/w.bin" && bad "--all: still there"
finish

begin "deleted entries only"
area "$T/del.bin" "$ZERO=gone" "$ZERO="
run secret list --json -F "$T/del.bin"
want_rc 0
want_json 'd["secrets"] == [] and d["deleted"] == 2 and d["hidden_duplicates"] == []'
finish

begin "trailing fragment in the table"
area "$T/tail.bin" "$A=abc" "raw=1234567890123456789"
run secret list -v -F "$T/tail.bin"
want_rc 0
want_out "$A"
want_err "19 bytes behind the last entry"
run secret list --json -F "$T/tail.bin"
want_json 'd["trailing_bytes"] == 19'
finish

begin "header and nothing else"
area "$T/empty.bin"
run secret list -F "$T/empty.bin"
want_rc 0
want_err "no secrets"
run secret show -F "$T/empty.bin"
want_rc 0
no_out
want_err "no secrets"
finish

# corrupt NAME MESSAGE: for the area in $T/bad.bin
corrupt()
{
	begin "corrupt: $1"
	cp "$T/bad.bin" "$T/bad.copy"
	for verb in "list" "list --json" "list --names" "show" "show --json" \
		"read $A" "read $A -o $T/none" "wipe $A" "wipe --all"; do
		case $verb in
		show | "wipe --all") runner=run ;;
		*) runner=run_plain ;;
		esac
		# shellcheck disable=SC2086
		$runner secret $verb -F "$T/bad.bin"
		want_rc 1
		no_out
		want_err "$T/bad.bin: corrupt secret table: $2"
	done
	[ ! -e "$T/none" ] || bad "wrote a file"
	cmp -s "$T/bad.bin" "$T/bad.copy" || bad "changed the file"
	finish
}

for n in 0 1 19; do
	area "$T/bad.bin" "$A@$n=abc" "$B=$MARKER"
	corrupt "length $n of the first entry" \
		"entry 0: entry is shorter than its header: length at offset 36 is $n, limit 20"
	area "$T/bad.bin" "$B=$MARKER" "$A@$n=abc"
	corrupt "length $n of the last entry" \
		"entry 1: entry is shorter than its header: length at offset 65 is $n, limit 20"
done
area "$T/bad.bin" "$A=abc" "$B@24=xyz"
corrupt "one byte past the end" \
	"entry 1: entry is longer than the rest of the table: length at offset 59 is 24, limit 23"
for n in 0xffffffff 0x80000000 0x7fffffff 0xffffffec; do
	area --size 4096 "$T/bad.bin" "$A=abc" "$B@$n=xyz"
	corrupt "length $n" \
		"entry 1: entry is longer than the rest of the table: length at offset 59 is $((n)), limit 23"
done
area --size 4096 "$T/bad.bin" "$A=abc" "$ZERO@0=xyz"
corrupt "length 0 of a deleted entry" \
	"entry 1: entry is shorter than its header: length at offset 59 is 0, limit 20"
for n in 0 1 19; do
	area --length $n "$T/bad.bin" "$A=abc"
	corrupt "table length $n" \
		"header: table is shorter than its header: length at offset 16 is $n, limit 20"
done
for n in 44 65536 0xffffffff; do
	area --length $n "$T/bad.bin" "$A=abc"
	corrupt "table length $n of an area of 43" \
		"header: table is longer than the area: length at offset 16 is $((n)), limit 43"
done
for n in 0 1 16 19; do
	area --cut $n "$T/bad.bin" "$A=abc"
	[ $n -eq 1 ] && words=byte || words=bytes
	corrupt "area of $n $words" \
		"area is shorter than a header: it has $n $words, a header has 20"
	begin "corrupt: area of $n $words has no offset 16"
	run secret list -F "$T/bad.bin"
	no_err "offset"
	finish
done
area --cut 42 "$T/bad.bin" "$A=abc"
corrupt "area that was cut off" "header: table is longer than the area"

begin "area that is not populated"
head -c 4096 /dev/zero >"$T/zero.bin"
area --no-header "$T/nohdr.bin" "$A=abc"
for x in zero nohdr; do
	for verb in list show "read $A" "wipe --all"; do
		# shellcheck disable=SC2086
		run secret $verb -F "$T/$x.bin"
		want_rc 3
		no_out
		want_err "secret area is not populated"
		want_err "ccguest: hint: "
	done
done
finish

begin "files that are none: absent, a directory, too large, a device"
run secret list -F "$T/nowhere"
want_rc 1
want_err "$T/nowhere: No such file"
run secret list -F "$T"
want_rc 1
want_err "Is a directory"
run secret list -F ""
want_rc 1
area --size 1048576 "$T/max.bin" "$A=abc"
run secret list -F "$T/max.bin"
want_rc 0
area --size 1048577 "$T/max.bin" "$A=abc"
run secret list -F "$T/max.bin"
want_rc 1
want_err "has 1048577 bytes, a secret area has no more than 1048576"
truncate -s 1T "$T/max.bin"
run secret list -F "$T/max.bin"
want_rc 1
rm -f "$T/max.bin"
run secret list -F /dev/zero
want_rc 1
want_err "/dev/zero: is longer than the 1048576 bytes allowed here"
run secret wipe --all -F /dev/zero
want_rc 1
want_err "is not a regular file"
finish

begin "a pipe will do for reading"
rm -f "$T/pipe"
mkfifo "$T/pipe"
cat "$f" >"$T/pipe" &
run secret read "$A" -F "$T/pipe"
end_helper $!
want_rc 0
printf '\033[31m%s' "$MARKER" >"$T/want"
out_is "$T/want"
finish

begin "the name of the file is escaped, in messages and JSON"
esc=$(printf '%s/\033[31mred\377' "$T")
cp "$f" "$esc"
run secret list --json -F "$esc"
want_rc 0
want_json 'd["source"]["path"].endswith("/\x1b[31mred\\xff")'
want_out '/\u001b[31mred\\xff"'
cp "$T/bad.bin" "$esc"
run secret list -F "$esc"
want_rc 1
want_err '\x1b[31mred\xff: corrupt'
finish

# utf8 BYTES MESSAGE JSON: how the bytes of a file's name look, in printf's form
utf8()
{
	esc=$(printf '%s/u%bu' "$T" "$1")
	cp "$f" "$esc"
	run secret list --json=short -F "$esc"
	want_rc 0
	printf '%b' "$3" >"$T/json-want"
	python3 - "$T/out" "$T/json-want" <<-'END' || bad "$1 in JSON: $(cat "$T/out")"
	import sys
	out, want = (open(f, "rb").read() for f in sys.argv[1:])
	sys.exit(b"/u" + want + b"u\"" not in out)
	END
	cp "$T/bad.bin" "$esc"
	run secret list -F "$esc"
	want_rc 1
	want_err "/u$2u: corrupt"
	rm "$esc"
}

begin "a backslash is none of the escapes"
utf8 '\\xc3' '\x5cxc3' '\\\\xc3'
utf8 '\0303' '\xc3' '\\\\xc3'
utf8 'a\\b' 'a\x5cb' 'a\\\\b'
finish

begin "JSON: UTF-8 stays as it is, what is none is escaped"
utf8 '\0303\0251' '\xc3\xa9' '\0303\0251'
utf8 '\0342\0202\0254' '\xe2\x82\xac' '\0342\0202\0254'
utf8 '\0360\0237\0224\0221' '\xf0\x9f\x94\x91' '\0360\0237\0224\0221'
utf8 '\0364\0217\0277\0275' '\xf4\x8f\xbf\xbd' '\0364\0217\0277\0275'
# Cut off, alone, too long, surrogate, above the last.
utf8 '\0342\0202' '\xe2\x82' '\\\\xe2\\\\x82'
utf8 '\0251' '\xa9' '\\\\xa9'
utf8 '\0300\0257' '\xc0\xaf' '\\\\xc0\\\\xaf'
utf8 '\0340\0200\0257' '\xe0\x80\xaf' '\\\\xe0\\\\x80\\\\xaf'
utf8 '\0360\0200\0200\0257' '\xf0\x80\x80\xaf' '\\\\xf0\\\\x80\\\\x80\\\\xaf'
utf8 '\0355\0240\0200' '\xed\xa0\x80' '\\\\xed\\\\xa0\\\\x80'
utf8 '\0364\0220\0200\0200' '\xf4\x90\x80\x80' '\\\\xf4\\\\x90\\\\x80\\\\x80'
utf8 '\0303\0303\0251' '\xc3\xc3\xa9' '\\\\xc3\0303\0251'
finish

begin "JSON: control characters, those above ASCII too"
utf8 '\0001\0011' '\x01\x09' '\\u0001\\t'
utf8 '\0177' '\x7f' '\\u007f'
utf8 '\0302\0233' '\xc2\x9b' '\\u009b'
utf8 '\0302\0240' '\xc2\xa0' '\0302\0240'
utf8 '\0342\0200\0256' '\xe2\x80\xae' '\\u202e'
finish

begin "an area full of entries is quick"
python3 - "$T/many.bin" <<'END'
import struct, sys, uuid
n = (1 << 20) // 20 - 1
head = uuid.UUID("1e74f542-71dd-4d66-963e-ef4287ff173b").bytes_le
b = head + struct.pack("<I", 20 * (n + 1))
for i in range(n):
    b += struct.pack("<QQI", i // 2 + 1, 1, 20)
open(sys.argv[1], "wb").write(b)
END
before=$(date +%s)
run secret list --json=short -F "$T/many.bin"
want_rc 0
want_json 'len(d["secrets"]) == 26214 and len(d["hidden_duplicates"]) == 26213'
[ $(($(date +%s) - before)) -lt 60 ] || bad "took a minute"
finish

begin "no core dumps, nobody may look into the process"
rm -f "$T/pipe"
mkfifo "$T/pipe"
# Waits for its own standard input, with secrets in memory.
rm -f "$T/pipe"
mkfifo "$T/pipe"
"$T/ccguest" secret build "$A:$T/long" "$B:-" <"$T/pipe" >/dev/null &
pid=$!
exec 9>"$T/pipe"
i=0
while ! grep -q '^Max core file size *0 *0 ' "/proc/$pid/limits" && [ $i -lt 50 ]
do
	sleep 0.1
	i=$((i + 1))
done
grep -q '^Max core file size *0 *0 ' "/proc/$pid/limits" ||
	bad "core files are possible: $(grep core "/proc/$pid/limits")"
if [ "$(id -u)" -eq 0 ]; then
	setpriv --reuid=65534 --regid=65534 --clear-groups \
		cat "/proc/$pid/maps" >/dev/null 2>&1 && bad "can be looked into"
fi
exec 9>&-
wait "$pid" || bad "build failed"
finish

# ---- memory ----

# limited LIMIT ARGS...: run as somebody who may lock LIMIT bytes, and no more
limited()
{
	limit=$1
	shift
	rc=0
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --reuid=65534 --regid=65534 --clear-groups \
			prlimit --memlock="$limit" "$T/ccguest" "$@" \
			</dev/null >"$T/out" 2>"$T/err" || rc=$?
	else
		prlimit --memlock="$limit" "$T/ccguest" "$@" \
			</dev/null >"$T/out" 2>"$T/err" || rc=$?
	fi
	after "$@"
}

begin "secret: memory that cannot be locked is said, and is no failure"
area "$T/lock.bin" "$A=$MARKER"
chmod 644 "$T/lock.bin"
for verb in list show "read $A"; do
	# shellcheck disable=SC2086
	limited 0 secret $verb -F "$T/lock.bin"
	want_rc 0
	want_err "ccguest: secrets may be swapped out ("
	[ "$(wc -l <"$T/err")" -eq 1 ] || bad "$verb: $(cat "$T/err")"
	# shellcheck disable=SC2086
	limited 8388608 secret $verb -F "$T/lock.bin"
	want_rc 0
	no_err "swapped"
done
limited 0 secret build "$A:$T/lock.bin"
want_rc 0
want_err "may be swapped out"
# Nothing there is a secret.
limited 0 status
no_err "swapped"
finish
