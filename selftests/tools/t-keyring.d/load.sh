# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with ../t-keyring.sh and lib.sh
#
# ccguest keyring load. Takes pki, one, two, k and empty() of t-keyring.sh, and the
# keyring of k.

begin "keyring load"
empty
tree "$T/root"
d=$T/root/etc/ccguest/cma.d
mkdir -p "$d"
run --root "$T/root" keyring load "$k"
want_rc 0
want_err "/etc/ccguest/cma.d: no file whose name ends in .der or .pem"
cp "$pki/one.der" "$d/b.der"
cp "$pki/two.pem" "$d/a.pem"
cp "$pki/leaf.pem" "$d/leaf.txt"
cp "$pki/leaf.pem" "$d/.hidden.pem"
cp "$pki/leaf.der" "$d/der"
run --root "$T/root" keyring load "$k"
want_rc 0
sed 's/0x[0-9a-f]*/ID/' "$T/out" >"$T/have"
printf '%s\n' "added ID O=Example, CN=Two (RSA 2048, sha256:$two)" \
	"added ID O=Example, CN=One (RSA 2048, sha256:$one)" >"$T/want"
cmp -s "$T/have" "$T/want" || bad "$(cat "$T/have")"
want_err "ccguest device authenticate --all"
run keyring load "$k" --dir "$d" --json
want_rc 0
want_json 'd["schema"] == "ccguest/keyring-load/1" and [c["file"] for c in d["certificates"]] == ["'"$d"'/a.pem", "'"$d"'/b.der"]'
want_json 'all(c["replaced"] for c in d["certificates"])'
finish

begin "keyring load: a bad file does not stop the others"
empty
echo junk >"$d/a.der"
mkfifo "$d/aa.pem"
mkdir "$d/ab.pem"
ln -s nowhere "$d/ac.pem"
run --root "$T/root" keyring load "$k"
want_rc 1
want_err "cma.d/a.der: holds no certificate"
want_err "cma.d/aa.pem: is not a regular file"
want_err "cma.d/ab.pem: is not a regular file"
want_err "cma.d/ac.pem: No such file or directory"
[ "$(grep -c '^added' "$T/out")" -eq 2 ] || bad "not all were added"
rm -r "$d/a.der" "$d/aa.pem" "$d/ab.pem" "$d/ac.pem"
finish

begin "keyring load: the policy for devices"
empty
echo 'any name none' >"$T/policy"
# Only module pci_cma knows this type of keys.
if ! grep -q ' keyring  *\.cma: ' /proc/keys 2>/dev/null; then
	run keyring load "$k" --dir "$d" --policy="$T/policy"
	want_rc 4
	want_err "$T/policy: this kernel has no keys of type cma_policy"
	[ "$(grep -c '^added' "$T/out")" -eq 2 ] || bad "not all were added"
fi
printf '# x\n\nany name none\tcolour red\n' >"$T/policy"
run keyring load "$k" --dir "$d" --policy="$T/policy"
want_rc 1
want_err "$T/policy: line 3: Unknown word: colour"
want_err "hint: ccguest-device-policy(5) describes the format"
[ "$(grep -c '^added\|^replaced' "$T/out")" -eq 2 ] || bad "not all were added"
printf 'any name dmtf "\033[31m"\n' >"$T/policy"
run keyring load "$k" --dir "$d" --policy="$T/policy"
want_rc 1
want_err "$T/policy: line 1: Control character"
run keyring load "$k" --dir "$d" --policy="$T/nowhere"
want_rc 1
want_err "nowhere: No such file or directory"
# The file of this machine is not for another keyring.
echo junk >"$T/root/etc/ccguest/device-policy"
run --root "$T/root" keyring load "$k"
want_rc 0
rm "$T/root/etc/ccguest/device-policy"
finish

begin "keyring load: files that others can change"
empty
for mode in 664 646; do
	chmod $mode "$d/b.der"
	run --root "$T/root" keyring load "$k"
	want_rc 1
	want_err "cma.d/b.der: can be changed by other users: owner "
	[ "$(grep -c '^added\|^replaced' "$T/out")" -eq 1 ] ||
		bad "$mode: $(cat "$T/out")"
done
chmod 644 "$d/b.der"
for mode in 775 757 1777; do
	chmod $mode "$d"
	run --root "$T/root" keyring load "$k"
	want_rc 1
	no_out
	want_err "/etc/ccguest/cma.d: can be changed by other users: owner "
	want_err "hint: if the content is right, run chown root"
done
chmod 755 "$d"
if [ "$(id -u)" -eq 0 ]; then
	chown 65534 "$d/b.der"
	run --root "$T/root" keyring load "$k"
	want_rc 1
	want_err "owner 65534, mode 0644"
	chown 0 "$d/b.der"
fi
# A directory that the user names is the user's matter.
chmod 777 "$d"
run keyring load "$k" --dir "$d"
want_rc 0
chmod 755 "$d"
finish

if [ "${valgrind:-}" ]; then
	begin "keyring load: links do not lead out of the tree"
	skip "valgrind has no openat2()"
else
	begin "keyring load: links do not lead out of the tree"
	rm -r "$d"
	mkdir "$d"
	ln -s "$pki/one.pem" "$d/one.pem"
	run --root "$T/root" keyring load "$k"
	want_rc 1
	no_out
	# as on a machine that allows it
	run keyring load "$k" --dir "$d"
	want_rc 0
	finish
fi
