# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with ../t-secret-file.sh and lib.sh
#
# Files that are not areas, and names of files in messages and JSON. Takes f.

begin "files that are not areas: absent, a directory, too large, a device"
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

begin "an area can be read from a pipe"
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

# utf8 BYTES MESSAGE JSON: a file name with BYTES, and its form in messages and
# in JSON; BYTES and JSON in printf's form
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

begin "a backslash in a name is escaped in messages and in JSON"
utf8 '\\xc3' '\x5cxc3' '\\\\xc3'
utf8 '\0303' '\xc3' '\\\\xc3'
utf8 'a\\b' 'a\x5cb' 'a\\\\b'
finish

begin "JSON: UTF-8 is not changed, other bytes are escaped"
utf8 '\0303\0251' '\xc3\xa9' '\0303\0251'
utf8 '\0342\0202\0254' '\xe2\x82\xac' '\0342\0202\0254'
utf8 '\0360\0237\0224\0221' '\xf0\x9f\x94\x91' '\0360\0237\0224\0221'
utf8 '\0364\0217\0277\0275' '\xf4\x8f\xbf\xbd' '\0364\0217\0277\0275'
# Bad UTF-8: cut off, a single continuation byte, too long, a surrogate, too
# large.
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
