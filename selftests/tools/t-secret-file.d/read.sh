# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with ../t-secret-file.sh and lib.sh
#
# ccguest secret read, to a pipe, a terminal and a file. Takes f, the area.

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

# stripped BYTES WANT: --strip turns BYTES into WANT, both in printf's form
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

begin "read --strip: tells which line end or NUL is still there"
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

begin "read -o: as a user other than root"
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

begin "read -o --json: a report; --json alone is refused"
run secret read "$DISK" --json -o "$T/o" -F "$f"
want_rc 0
want_json 'd["schema"] == "ccguest/secret-read/1" and d["written"] == 15'
want_json 'd["secret"]["guid"] == "'"$DISK"'" and d["output"].endswith("/o")'
run secret read "$DISK" --json -F "$f"
want_rc 2
no_out
want_err "JSON never contains the bytes"
finish

begin "read -o: devices, directories and links are left alone"
mkdir "$T/dir"
ln -s "$T/good" "$T/link"
mkfifo "$T/fifo"
# Not the machine's own devices: a failure would remove them.
mknod "$T/null" c 1 3 2>/dev/null || mkfifo "$T/null"
for o in "$T/null" "$T/dir" "$T/link" "$T/fifo"; do
	run secret read "$DISK" -o "$o" -F "$f"
	want_rc 1
	want_err "$o: exists and is not a regular file"
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
