# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# ccguest secret with -F, on good and bad areas.

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

begin "list: deleted entries are shown with -v, and in JSON"
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

begin "show --json: the properties of secrets, not their bytes"
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

begin "names: unknown, absent, a prefix, the zero GUID, the header's GUID"
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

# shellcheck source-path=SCRIPTDIR source=t-secret-file.d/read.sh
. "$here/t-secret-file.d/read.sh"

begin "wipe: data and GUID are zero, nothing else has changed"
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

begin "wipe: a name that does not exist, and nothing is wiped"
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

# shellcheck source-path=SCRIPTDIR source=t-secret-file.d/table.sh
. "$here/t-secret-file.d/table.sh"

# shellcheck source-path=SCRIPTDIR source=t-secret-file.d/names.sh
. "$here/t-secret-file.d/names.sh"

begin "an area full of entries is quick"
python3 - "$T/many.bin" <<'END'
import struct, sys, uuid
n = 4096
head = uuid.UUID("1e74f542-71dd-4d66-963e-ef4287ff173b").bytes_le
b = head + struct.pack("<I", 20 * (n + 1))
for i in range(n):
    b += struct.pack("<QQI", i // 2 + 1, 1, 20)
open(sys.argv[1], "wb").write(b)
END
before=$(date +%s)
run secret list --json=short -F "$T/many.bin"
want_rc 0
want_json 'len(d["secrets"]) == 2048 and len(d["hidden_duplicates"]) == 2048'
[ $(($(date +%s) - before)) -lt 60 ] || bad "took a minute"
finish

begin "no core dumps; other processes cannot read the memory"
rm -f "$T/pipe"
mkfifo "$T/pipe"
# A process that has secrets in memory, and waits for its standard input.
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

# limited LIMIT ARGS...: run as a user who may lock LIMIT bytes at most
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

begin "secret: memory that cannot be locked: a note, no failure"
# not_locked COMMAND: the command says so. The sanitizers' mlock() does nothing.
not_locked()
{
	[ -z "$sanitize" ] || return 0
	want_err "ccguest: secrets may be swapped out ("
	[ "$(wc -l <"$T/err")" -eq 1 ] || bad "$1: $(cat "$T/err")"
}
area "$T/lock.bin" "$A=$MARKER"
chmod 644 "$T/lock.bin"
for verb in list show "read $A"; do
	# shellcheck disable=SC2086
	limited 0 secret $verb -F "$T/lock.bin"
	want_rc 0
	not_locked "$verb"
	# shellcheck disable=SC2086
	limited 8388608 secret $verb -F "$T/lock.bin"
	want_rc 0
	no_err "swapped"
done
limited 0 secret build "$A:$T/lock.bin"
want_rc 0
not_locked build
# Nothing there is a secret.
limited 0 status
no_err "swapped"
finish
