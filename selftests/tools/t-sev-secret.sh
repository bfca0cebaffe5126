# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# A whole launch against the firmware in software: session, measurement,
# validation, packet with secrets. The table that the platform decrypts must be
# the one that `ccguest secret build` makes.

psp=$out/ccguest.objs/test/soft-psp
p=$T/launch
mkdir -p "$p"
python3 "$here/mkfirmware.py" "$p/fw" secret=0x80c000,0xc00 hashes=0x80cc00,0x400
python3 "$here/mkfirmware.py" "$p/fw-none"
python3 "$here/mkfirmware.py" "$p/fw-small" secret=0x80c000,0x30
"$psp" platform "$p"
printf 'passphrase %s\0' "$MARKER" >"$p/s1"
: >"$p/s2"
printf ABCDEFGH >"$p/s8"

# launch NAME POLICY: a session and a start of the guest; sets measurement
launch()
{
	run -q sev session --insecure -n "$p/$1" "$p/sev.chain" "$2"
	want_rc 0
	"$psp" start "$p" "$p/$1_godh.b64" "$p/$1_session.b64" "$2" || bad "start"
	run sev measure sev --firmware "$p/fw"
	want_rc 0
	measurement=$("$psp" measure "$p" "$(cat "$T/out")" 1 40 15)
}

# build NAME ARGS...: sev secret build with the keys of a session
build()
{
	name=$1
	shift
	run sev secret build --tik "$p/${name}_tik.bin" --tek "$p/${name}_tek.bin" \
		--measurement "$measurement" --header "$p/header" --payload "$p/payload" "$@"
}

# none: no packet and no mark was written
none()
{
	for f in "$p/header" "$p/payload" "$p"/*.used; do
		[ ! -e "$f" ] || bad "wrote $f"
	done
}

begin "sev secret build: from session to secret"
launch one 1
run sev validate sev --firmware "$p/fw" --tik "$p/one_tik.bin" --api 1.40 --build 15 \
	--policy 1 --measurement "$measurement"
want_rc 0
build one --firmware "$p/fw" "luks-key:$p/s1" "$A:$p/s2"
want_rc 0
want_out "payload: 2 secrets, 96 bytes encrypted"
[ "$(cd "$p" && stat -c %a%s header payload one_tik.bin.used | cut -c 1-5 | tr '\n' ' ')" = "60072 60012 60012 " ] ||
	bad "$(stat -c %a:%s:%n "$p/header" "$p/payload" "$p/one_tik.bin.used")"
"$psp" secret "$p" "$p/header" "$p/payload" >"$T/table" 2>"$T/err" || bad "$(cat "$T/err")"
run secret build "luks-key:$p/s1" "$A:$p/s2"
out_is "$T/table"
finish

begin "sev secret build: keys are used once"
grep -qx "20..-..-..T..:..:..Z ccguest sev secret build, measurement [0-9a-f]\{64\}" \
	"$p/one_tek.bin.used" || bad "$(cat "$p/one_tek.bin.used")"
rm "$p/header" "$p/payload"
for used in tek tik; do
	build one "$A:$p/s8"
	want_rc 1
	want_err "one_$used.bin: this key is used up: 20"
	want_err "hint: open a new session"
	[ ! -e "$p/header" ] || bad "wrote a header"
	rm "$p/one_$used.bin.used"
done
finish

begin "sev secret build: another name of a used key, keys that are no files"
launch link 1
for key in tik tek; do
	ln -s "link_$key.bin" "$p/name_$key.bin"
	ln -s "name_$key.bin" "$p/other_$key.bin"
done
build other "$A:$p/s8"
want_rc 0
for key in tik tek; do
	[ -e "$p/link_$key.bin.used" ] || bad "$key has no mark"
done
rm "$p/header" "$p/payload"
for name in link name other; do
	build "$name" "$A:$p/s8"
	want_rc 1
	want_err "${name}_tek.bin: this key is used up: 20"
done
[ ! -e "$p/header" ] || bad "wrote a header"
rm "$p"/*.used
cat "$p/link_tek.bin" "$p/link_tik.bin" >"$p/both"
mkfifo "$p/pipe"
for key in - "$p/pipe" /dev/null; do
	rc=0
	(cd "$p" && "$T/ccguest" sev secret build --tk "$key" --measurement "$measurement" \
		--header "$p/header" --payload "$p/payload" "$A:$p/s8") \
		<"$p/both" >"$T/out" 2>"$T/err" || rc=$?
	want_rc 2
	want_err "$key: a key must be in a regular file: the file KEY.used beside it marks it as used"
	none
done
[ ! -e "$p/-.used" ] || bad "marked standard input"
finish

begin "sev secret build: one secret of standard input"
rc=0
"$T/ccguest" sev secret build --tk "$p/both" --measurement "$measurement" --header "$p/header" \
	--payload "$p/payload" "luks-key:-" "$A:-" <"$p/s1" >"$T/out" 2>"$T/err" || rc=$?
want_rc 2
want_err "$A:-: standard input can be read only once"
none
rc=0
"$T/ccguest" sev secret build --tk "$p/both" --measurement "$measurement" --header "$p/header" \
	--payload "$p/payload" "luks-key:-" "$A:$p/s2" <"$p/s1" >"$T/out" 2>"$T/err" || rc=$?
want_rc 0
"$psp" secret "$p" "$p/header" "$p/payload" >"$T/table" 2>"$T/err" || bad "$(cat "$T/err")"
run secret build "luks-key:$p/s1" "$A:$p/s2"
out_is "$T/table"
rm "$p/header" "$p/payload" "$p"/*.used
finish

begin "sev secret build: the platform refuses a changed packet, and another launch"
launch two 1
build two "$A:$p/s8"
want_rc 0
want_out "payload: 1 secret, 48 bytes encrypted"
"$psp" secret "$p" "$p/header" "$p/payload" >"$T/table" || bad "refused"
[ "$(wc -c <"$T/table")" -eq 48 ] || bad "padding of an aligned table"
for f in header payload; do
	base64 -d "$p/$f" >"$T/raw"
	for at in 1 10 30 47; do
		{
			head -c $at "$T/raw"
			byte=$(od -An -tu1 -j $at -N 1 "$T/raw")
			printf '%b' "\\0$(printf '%o' $((byte ^ 1)))"
			tail -c +$((at + 2)) "$T/raw"
		} | base64 -w 0 >"$T/changed.$f"
		case $f in
		header)	cp "$p/payload" "$T/changed.payload" ;;
		payload)	cp "$p/header" "$T/changed.header" ;;
		esac
		! "$psp" secret "$p" "$T/changed.header" "$T/changed.payload" >"$T/table" 2>&1 ||
			bad "$f: offset $at: accepted"
	done
done
# The host starts a second guest with the same session.
"$psp" measure "$p" "$(printf '%064d' 0)" 1 40 15 >"$T/out"
! "$psp" secret "$p" "$p/header" "$p/payload" >"$T/table" 2>&1 || bad "accepted by another launch"
rm "$p/header" "$p/payload" "$p"/*.used
finish

begin "sev secret build: --raw, --tk, @FILE, JSON"
launch three 1
cat "$p/three_tek.bin" "$p/three_tik.bin" >"$p/tk"
echo "$measurement" >"$p/measurement"
run sev secret build --json --raw --tk "$p/tk" --measurement "@$p/measurement" \
	--header "$p/header" --payload "$p/payload" --firmware "$p/fw" "luks-key:$p/s1"
want_rc 0
want_json 'd["schema"] == "ccguest/sev-secret-build/1" and d["table_length"] == 61 and d["payload_length"] == 64 and d["area_size"] == 3072'
want_json 'd["secrets"] == [{"guid": "'"$DISK"'", "name": "disk-passphrase", "size": 21}]'
[ "$(wc -c <"$p/header") $(wc -c <"$p/payload")" = "52 64" ] || bad "sizes"
[ -e "$p/tk.used" ] || bad "no mark"
for f in header payload; do
	base64 -w 0 "$p/$f" >"$T/$f"
done
"$psp" secret "$p" "$T/header" "$T/payload" >"$T/table" 2>"$T/err" || bad "$(cat "$T/err")"
run secret build "luks-key:$p/s1"
out_is "$T/table"
rm "$p/header" "$p/payload" "$p"/*.used
finish

begin "sev secret build: capacity"
launch four 1
head -c 3008 /dev/zero >"$p/fits"
head -c 3033 /dev/zero >"$p/more"
head -c 16344 /dev/zero >"$p/most"
head -c 16345 /dev/zero >"$p/over"
build four --firmware "$p/fw" "$A:$p/more"
want_rc 1
want_err "packet: the secrets have 3088 bytes, the firmware's area has 3072"
none
build four "$A:$p/over"
want_rc 1
want_err "packet: the secrets have 16400 bytes, a packet has 16384 at most"
none
build four --firmware "$p/fw-small" "$A:$p/s8"
want_rc 0
rm "$p/header" "$p/payload" "$p"/*.used
build four --firmware "$p/fw-small" "luks-key:$p/s1"
want_rc 1
want_err "64 bytes, the firmware's area has 48"
build four --firmware "$p/fw-none" "$A:$p/s8"
want_rc 1
want_err "fw-none: the firmware has no secret area"
none
build four --firmware "$p/fw" "$A:$p/fits"
want_rc 0
rm "$p/header" "$p/payload" "$p"/*.used
build four "$A:$p/most"
want_rc 0
"$psp" secret "$p" "$p/header" "$p/payload" >"$T/table" 2>"$T/err" || bad "$(cat "$T/err")"
rm "$p/header" "$p/payload" "$p"/*.used
finish

begin "sev secret build: all files or none"
for f in header payload; do
	echo keep >"$p/$f"
	build four "$A:$p/s8"
	want_rc 1
	want_err "$p/$f: exists, and is not replaced"
	[ "$(cat "$p/$f")" = keep ] || bad "$f was changed"
	rm "$p/$f"
	none
done
finish

begin "sev secret build: invalid inputs"
build four "$A:$p/nowhere"
want_rc 1
build four "frob:$p/s8"
want_rc 2
want_err "frob: is neither a GUID nor a known name"
build four "$A:$p/s8" "$A:$p/s8"
want_rc 2
want_err "is given twice"
build four "$A"
want_rc 2
build four
want_rc 2
measurement=AAAA
build four "$A:$p/s8"
want_rc 2
want_err "AAAA: a measurement has 48 bytes, in base64 or hex"
measurement=@$p/s1
build four "$A:$p/s8"
want_rc 1
want_err "expected 48 bytes, or their base64 or hexadecimal text"
measurement=$(printf '%096d' 0)
head -c 15 "$p/four_tik.bin" >"$p/short"
run sev secret build --tik "$p/short" --tek "$p/four_tek.bin" --measurement "$measurement" \
	--header "$p/header" --payload "$p/payload" "$A:$p/s8"
want_rc 1
want_err "short: expected a key of 16 bytes, found 15"
run sev secret build --tik "$p/tk" --tek "$p/four_tek.bin" --measurement "$measurement" \
	--header "$p/header" --payload "$p/payload" "$A:$p/s8"
want_rc 1
want_err "tk: is longer than the 16 bytes"
for missing in measurement header payload; do
	set -- --measurement "$measurement" --header "$p/header" --payload "$p/payload"
	case $missing in
	measurement)	shift 2 ;;
	header)	set -- "$1" "$2" "$5" "$6" ;;
	payload)	set -- "$1" "$2" "$3" "$4" ;;
	esac
	run sev secret build --tk "$p/tk" "$@" "$A:$p/s8"
	want_rc 2
	want_err "--$missing: is missing"
done
run sev secret build --tk "$p/tk" --tik "$p/tk" --measurement "$measurement" \
	--header "$p/header" --payload "$p/payload" "$A:$p/s8"
want_rc 2
want_err "give --tik and --tek, or --tk"
none
finish
