# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# ccguest secret on a machine, a fake one that --root names.

r=$T/root
live_tree "$r"

begin "live: list in the order of the GUIDs"
run --root "$r" secret list
want_rc 0
no_err
want_out "MODE"
grep -q "^$DISK  disk-passphrase  *21  0440$" "$T/out" ||
	bad "no line for disk-passphrase: $(cat "$T/out")"
run --root "$r" secret list --names
printf '%s\n' "$DISK" "$A" "$B" >"$T/want"
out_is "$T/want"
run --root "$r" secret list --json
want_json 'd["source"] == {"kind": "securityfs", "path": "/sys/kernel/security/secrets/coco"}'
want_json '[s["size"] for s in d["secrets"]] == [21, 16, 0]'
want_json '[s["mode"] for s in d["secrets"]] == ["0440"] * 3 and "offset" not in d["secrets"][0]'
finish

begin "live: show, read"
run --root "$r" secret show
want_rc 0
want_out "  mode      0440"
want_out "|passphrase tOpSe|"
want_out "|.[31mtOpSeCrEt..|"
run --root "$r" secret read luks-key
out_is "$r/$LIVE/$DISK"
run --root "$r" secret read "$A" -o "$T/o"
want_rc 0
cmp -s "$T/o" "$r/$LIVE/$A" || bad "other bytes"
run --root "$r" secret show --json
want_rc 0
want_json 'len(d["secrets"]) == 3'
run --root "$r" secret read "$C"
want_rc 3
want_err "$C: no such secret in /sys/kernel/security/secrets/coco"
finish

begin "live: wipe removes the file and says so"
run --root "$r" secret wipe "$A"
want_rc 0
want_out "wiped $A (16 bytes)"
[ ! -e "$r/$LIVE/$A" ] || bad "still there"
[ -e "$r/$LIVE/$DISK" ] || bad "another went too"
run --root "$r" secret wipe "$A" "$DISK"
want_rc 3
[ -e "$r/$LIVE/$DISK" ] || bad "one was wiped although another was not found"
run --root "$r" secret wipe --all --json=short
want_rc 0
want_json '[s["wiped"] for s in d["secrets"]] == [True, True]'
[ -z "$(ls "$r/$LIVE")" ] || bad "not empty"
run --root "$r" secret wipe --all
want_rc 0
want_err "no secrets"
run --root "$r" secret list
want_rc 0
no_out
want_err "no secrets"
run --root "$r" -q secret list
want_rc 0
no_err
finish

begin "live: a secret that cannot be wiped does not stop the others"
live_tree "$r"
# An immutable file cannot be unlinked. On a file system without that attribute,
# another user's directory is used, where all files fail.
if [ "$(id -u)" -eq 0 ] && chattr +i "$r/$LIVE/$A" 2>/dev/null; then
	run --root "$r" secret wipe --all --json
	chattr -i "$r/$LIVE/$A"
	want_rc 1
	want_err "$A: Operation not permitted"
	want_json '[s["wiped"] for s in d["secrets"]] == [True, False, True]'
	[ "$(ls "$r/$LIVE")" = "$A" ] || bad "left: $(ls "$r/$LIVE")"
else
	chmod 555 "$r/$LIVE"
	run_user --root "$r" secret wipe --all --json
	chmod 755 "$r/$LIVE"
	want_rc 1
	want_json '[s["wiped"] for s in d["secrets"]] == [False, False, False]'
	[ "$(grep -c "Permission denied" "$T/err")" -eq 3 ] || bad "not three messages"
fi
finish

begin "live: a user other than root can list, and gets the hint to be root"
live_tree "$r"
chown -R 0:0 "$r" 2>/dev/null || :
if [ "$(id -u)" -eq 0 ]; then
	run_user --root "$r" secret list
	want_rc 0
	want_out "$DISK"
	for verb in "read $DISK" "show $DISK" "show" "wipe $DISK"; do
		# shellcheck disable=SC2086
		run_user --root "$r" secret $verb
		want_rc 1
		want_err "/secrets/coco/$DISK: Permission denied"
		want_err "ccguest: hint: run as root"
	done
	# The in-tree module's size of 0 cannot be checked without reading.
	run_user --root "$r" secret list --json
	want_json '[s["size"] for s in d["secrets"]] == [21, 16, None]'
	run_user --root "$r" secret list
	want_out " ?  0440"
fi
finish

begin "live: files that are not secrets are skipped"
live_tree "$r"
esc=$(printf '\033[31mred')
: >"$r/$LIVE/README"
: >"$r/$LIVE/$esc"
cp "$r/$LIVE/$A" "$r/$LIVE/$(echo "$C" | tr a-f A-F)"
mkdir "$r/$LIVE/dddddddd-0004-4000-8000-00000000000d"
ln -s "$T/good.bin" "$r/$LIVE/eeeeeeee-0005-4000-8000-00000000000e"
mkfifo "$r/$LIVE/ffffffff-0006-4000-8000-00000000000f"
run --root "$r" secret list
want_rc 0
[ "$(wc -l <"$T/out")" -eq 4 ] || bad "not three secrets: $(cat "$T/out")"
want_err "skipped 6 that are no secrets"
run --root "$r" secret list -v
want_err 'skipped \x1b[31mred'
run --root "$r" secret list --json
want_json 'd["skipped"] == 6 and len(d["secrets"]) == 3'
run --root "$r" secret wipe --all
want_rc 0
[ "$(find "$r/$LIVE" -mindepth 1 | wc -l)" -eq 6 ] || bad "wiped too much"
finish

begin "live: a file that never ends, in a tree"
live_tree "$r"
truncate -s 2M "$r/$LIVE/$C"
run --root "$r" secret read "$C"
want_rc 1
no_out
want_err "$C: File too large"
finish

begin "live: a directory without an end, in a tree"
tree "$r"
mkdir -p "$r/$LIVE"
python3 - "$r/$LIVE" <<'END'
import os, sys
for i in range((1 << 20) // 20 + 1):
    os.close(os.open("%s/%d" % (sys.argv[1], i), os.O_CREAT | os.O_WRONLY))
END
run_plain --root "$r" secret list
want_rc 1
want_err "has more than 52428 entries"
finish

begin "live: links in the tree do not lead out of it"
live_tree "$r"
mv "$r/sys/kernel/security/secrets" "$T/outside"
ln -s "$T/outside" "$r/sys/kernel/security/secrets"
run --root "$r" secret list
if [ "${valgrind:-}" ]; then
	# valgrind has no openat2().
	:
else
	want_rc 4
	no_out
fi
rm -rf "$T/outside" "$r"
finish

begin "not there: module not installed"
tree "$r"
for verb in list show "read $DISK" "wipe --all" "list --json"; do
	# shellcheck disable=SC2086
	run --root "$r" secret $verb
	want_rc 4
	no_out
	want_err "ccguest: /sys/kernel/security/secrets/coco: module efi_secret is not installed for this kernel"
	want_err "ccguest: hint: make dkms-install; in ccguest's source tree"
done
finish

begin "not there: a kernel release that is not a name of a folder"
tree "$r"
for release in ../../etc .. ""; do
	echo "$release" >"$r/proc/sys/kernel/osrelease"
	run --root "$r" secret list
	want_rc 4
	no_out
	want_err "ccguest: /sys/kernel/security/secrets/coco: module efi_secret is not loaded"
	want_err "hint: modprobe efi_secret"
done
finish

begin "not there: securityfs not mounted"
tree "$r"
: >"$r/proc/mounts"
run --root "$r" secret list
want_rc 4
want_err "securityfs is not mounted"
want_err "hint: mount -t securityfs securityfs /sys/kernel/security"
finish

begin "not there: module loaded, shows nothing"
tree "$r"
mkdir -p "$r/sys/module/efi_secret"
echo live >"$r/sys/module/efi_secret/initstate"
run --root "$r" secret list
want_rc 4
want_err "module efi_secret is loaded, but shows nothing"
want_err "hint: dmesg | grep efi_secret"
finish
