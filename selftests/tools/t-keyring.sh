# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# ccguest keyring, on a real keyring of this machine's kernel. The test adds
# only keys of the type asymmetric, and removes the keyring at its end.

pki=$T/keys
mkdir -p "$pki"

# ca NAME SUBJECT [OPTION...]: a self-signed certificate, in DER and PEM
ca()
{
	name=$1
	subject=$2
	shift 2
	openssl req -x509 -newkey rsa:2048 -sha256 -nodes -utf8 \
		-keyout "$pki/$name.key" -subj "$subject" -days 30 \
		-out "$pki/$name.pem" "$@" 2>/dev/null
	openssl x509 -in "$pki/$name.pem" -outform DER -out "$pki/$name.der"
}

# sha FILE: the fingerprint of a certificate in DER
sha()
{
	sha256sum "$1" | cut -d ' ' -f 1
}

key()
{
	python3 "$here/mkkey.py" "$@"
}

ca one '/O=Example/CN=One'
ca two '/O=Example/CN=Two'
ca leaf '/CN=Leaf' -addext basicConstraints=critical,CA:false
ca hostile "/O=$(printf 'M\303\274ller')/CN=$(printf '\033[31mred: aabb')"
# The same key and name in another certificate.
openssl req -x509 -key "$pki/one.key" -sha256 -subj /O=Example/CN=One -days 60 \
	-out "$pki/again.pem" 2>/dev/null
{
	echo "0 text before it"
	cat "$pki/one.pem"
	openssl genpkey -algorithm RSA 2>/dev/null
	cat "$pki/two.pem"
} >"$pki/bundle"
one=$(sha "$pki/one.der")
two=$(sha "$pki/two.der")

begin "keyring: no keyring .cma"
if grep -q ' keyring  *\.cma: ' /proc/keys 2>/dev/null; then
	skip "there is one"
else
	for verb in list "add $pki/one.der" "remove 1" "load --dir $pki"; do
		# shellcheck disable=SC2086 # words
		run keyring $verb
		want_rc 4
		no_out
		want_err ".cma: no such keyring in /proc/keys: module pci_cma "
		want_err "ccguest: hint: "
	done
	finish
fi

begin "keyring: invalid command lines"
run keyring list --ids --json
want_rc 2
for verb in add remove; do
	run keyring $verb
	want_rc 2
done
run keyring list --keyring=no-such-keyring
want_rc 3
want_err "no-such-keyring: no such keyring in /proc/keys"
run keyring list --keyring=2147483646
want_rc 3
run keyring list --keyring=0
want_rc 3
run keyring load --dir "$T/nowhere"
want_rc 3
want_err "no such directory"
tree "$T/root"
run --root "$T/root" keyring load
want_rc 3
want_err "/etc/ccguest/cma.d: no such directory"
finish

begin "keyring list -F: a file, a directory, standard input"
run keyring list -F "$pki/bundle"
want_rc 0
end=$(openssl x509 -in "$pki/one.pem" -noout -enddate -dateopt iso_8601)
end=$(echo "${end#*=}" | tr ' ' T)
want_out "$pki/bundle  RSA 2048  $end  sha256:$(echo "$one" | cut -c 1-16)  O=Example, CN=One"
rc=0
"$T/ccguest" -v keyring list -F - <"$pki/two.der" >"$T/out" 2>"$T/err" || rc=$?
want_rc 0
want_out "-     RSA 2048  "
want_out "sha256:$two  O=Example, CN=Two"
mkdir "$pki/dir"
cp "$pki/two.der" "$pki/leaf.pem" "$pki/dir"
echo junk >"$pki/dir/a.pem"
cp "$pki/one.der" "$pki/dir/one.txt"
run keyring list --json --from="$pki/dir"
want_rc 1
want_err "dir/a.pem: holds no certificate"
want_err "dir/leaf.pem: CN=Leaf: not a CA: trusts only the device with this certificate"
want_json 'd["from"] == "'"$pki/dir"'" and [(c["file"][-8:], c["sha256"], c["ca"]) for c in d["certificates"]] == [("leaf.pem", "'"$(sha "$pki/leaf.der")"'", False), ("/two.der", "'"$two"'", True)]'
rm -r "$pki/dir"
mkdir "$pki/dir"
run keyring list -F "$pki/dir"
want_rc 0
no_out
want_err "dir: no file whose name ends in .der or .pem"
run keyring list -F "$pki/nowhere"
want_rc 1
want_err "nowhere: No such file or directory"
run keyring list -F "$pki/one.pem" --ids
want_rc 2
run keyring list -F "$pki/one.pem" --keyring=@s
want_rc 2
run keyring add -F "$pki/one.pem" "$pki/one.pem"
want_rc 2
want_err "--from: is not supported by this command"
finish

# Also a test that ends early removes the keyring.
drop_ring()
{
	at_leave=
	[ -z "$ring" ] || key unlink "$ring" 0
	ring=
}

ring=$(key ring "ccguest test $$") || ring=
if [ "$ring" ]; then
	at_leave=drop_ring
	run_plain keyring add "--keyring=$ring" "$pki/one.der"
	if [ "$rc" -eq 0 ]; then
		key unlink "$("$T/ccguest" keyring list "--keyring=$ring" --ids)" \
			"$ring"
	fi
fi
if [ -z "$ring" ] || [ "$rc" -ne 0 ]; then
	begin "keyring: add, list, remove, load"
	skip "this machine's kernel has no keys for it"
	drop_ring
	return 0
fi
k=--keyring=$ring

begin "keyring list: empty"
run keyring list "$k"
want_rc 0
no_out
want_err "keyring ccguest test $$ is empty"
run keyring list "$k" --json
want_json 'd["schema"] == "ccguest/keyring-list/1" and d["keys"] == []'
want_json 'd["keyring"] == {"name": "ccguest test '"$$"'", "id": int("'"$ring"'", 16), "hex": "'"$ring"'"}'
finish

begin "keyring: by name"
for name in "ccguest test $$" "%:ccguest test $$" "$ring" "$((ring))"; do
	run keyring list "--keyring=$name" --json
	want_rc 0
	want_json 'd["keyring"]["hex"] == "'"$ring"'"'
done
for name in @u @s @us; do
	run keyring list "--keyring=$name"
	[ "$rc" -eq 0 ] || [ "$rc" -eq 1 ] || bad "$name: $rc"
done
# Only the kernel makes keyrings whose names begin with a dot.
run keyring list --keyring=.ccguest
want_rc 3
finish

begin "keyring add"
run keyring add "$k" "$pki/one.der"
want_rc 0
id=$("$T/ccguest" keyring list "$k" --ids)
want_out "added $id O=Example, CN=One (RSA 2048, sha256:$one)"
want_err "ccguest device authenticate --all authenticates the devices again"
grep -q "^${id#0x} .* asymm[a-z]* O=Example, CN=One: sha256:$one: X509.rsa " \
	/proc/keys || bad "not in /proc/keys"
run keyring add "$k" "$pki/one.pem"
want_rc 0
want_out "replaced 0x"
run keyring add "$k" --json "$pki/bundle" "$pki/one.der"
want_rc 0
want_json 'd["schema"] == "ccguest/keyring-add/1"'
want_json '[(c["subject"], c["sha256"], c["added"], c["replaced"], c["ca"]) for c in d["certificates"]] == [("O=Example, CN=One", "'"$one"'", True, True, True), ("O=Example, CN=Two", "'"$two"'", True, False, True), ("O=Example, CN=One", "'"$one"'", True, True, True)]'
run keyring list "$k"
want_rc 0
no_err
[ "$(wc -l <"$T/out")" -eq 3 ] || bad "not two keys"
want_out "  X509.rsa   never    -       sha256:$(echo "$one" | cut -c -16)  O=Example, CN=One"
run keyring list "$k" -v
want_out "sha256:$two"
run keyring list "$k" --json
want_json '{(x["type"], x["subject"], x["sha256"], x["key_id"], x["algorithm"], x["expires"], x["error"]) for x in d["keys"]} == {("asymmetric", "O=Example, CN=One", "'"$one"'", None, "X509.rsa", "never", None), ("asymmetric", "O=Example, CN=Two", "'"$two"'", None, "X509.rsa", "never", None)}'
run keyring list "$k" --ids
grep -qvx '0x[0-9a-f]\{8\}' "$T/out" && bad "not numbers"
finish

begin "keyring add: another certificate of the same key does not replace the first"
run keyring add "$k" "$pki/again.pem"
want_rc 0
want_out "added 0x"
[ "$("$T/ccguest" keyring list "$k" --ids | wc -l)" -eq 3 ] || bad "not three"
finish

begin "keyring add: standard input"
rc=0
"$T/ccguest" keyring add "$k" - <"$pki/two.pem" >"$T/out" 2>"$T/err" || rc=$?
want_rc 0
want_out "replaced 0x"
"$T/ccguest" keyring add "$k" - </dev/null >"$T/out" 2>"$T/err" || rc=$?
want_rc 1
want_err "standard input: holds no certificate, neither in DER nor in PEM"
finish

begin "keyring add: warns of a certificate that may be a mistake"
run keyring add "$k" "$pki/leaf.pem"
want_rc 0
want_err "CN=Leaf: not a CA: trusts only the device with this certificate"
# The years are in the certificate; the machine's clock is not changed.
# shellcheck disable=SC2086 # words
openssl req -new -key "$pki/one.key" -subj /CN=Old |
	openssl x509 -req -signkey "$pki/one.key" -sha256 $EXPIRED \
		-out "$pki/old.pem" 2>/dev/null
run keyring add "$k" "$pki/old.pem"
want_rc 0
want_err "CN=Old: expired on 20"
run -q keyring add "$k" "$pki/leaf.pem"
want_rc 0
no_out
no_err
finish

begin "keyring add: hostile subjects"
run keyring add "$k" "$pki/hostile.der"
want_rc 0
want_out 'O=Müller, CN=\x1b[31mred: aabb'
no_out "$(printf '\033')"
if grep -q "$(printf '\033')" /proc/keys; then
	bad "raw bytes in /proc/keys"
fi
run keyring list "$k"
want_out 'O=Müller, CN=\x1b[31mred: aabb'
no_out "$(printf '\033')"
run keyring list "$k" --json
want_json '[x["sha256"] for x in d["keys"] if x["subject"] == "O=M\u00fcller, CN=\x1b[31mred: aabb"] == ["'"$(sha "$pki/hostile.der")"'"]'
finish

begin "keyring add: files that are not certificates"
cp "$pki/one.der" "$pki/trailing"
printf 'junk' >>"$pki/trailing"
head -c 200 "$pki/one.der" >"$pki/short"
sed '3s/^./!/' "$pki/one.pem" >"$pki/broken.pem"
head -n 5 "$pki/one.pem" >"$pki/half.pem"
: >"$pki/empty"
head -c 1048577 /dev/zero >"$pki/huge"
len=$(wc -c <"$pki/one.der")
# none FILE WHY
none()
{
	before=$("$T/ccguest" keyring list "$k" --ids)
	run keyring add "$k" "$1"
	want_rc 1
	no_out
	want_err "$2"
	[ "$before" = "$("$T/ccguest" keyring list "$k" --ids)" ] ||
		bad "$1: something was added"
}
none "$pki/trailing" "trailing: certificate 1 at offset $len: "
none "$pki/short" "short: certificate 0 at offset 0: "
none "$pki/broken.pem" "broken.pem: certificate 0: "
none "$pki/half.pem" "half.pem: certificate 0: "
none "$pki/empty" "empty: holds no certificate"
none "$pki/one.key" "one.key: holds no certificate"
none "$pki/huge" "huge: is longer than the 1048576 bytes allowed here"
none "$pki" "Is a directory"
none "$pki/nowhere" "No such file or directory"
# A bad file does not stop the others.
run keyring add "$k" "$pki/short" "$pki/one.der"
want_rc 1
want_out "replaced 0x"
finish

begin "keyring add: certificates that this kernel cannot use"
openssl req -x509 -newkey ed25519 -nodes -keyout "$pki/ed.key" -subj /CN=Ed \
	-out "$pki/ed.pem" 2>/dev/null
run keyring add "$k" "$pki/ed.pem" "$pki/two.der"
want_err "CN=Ed: "
[ "$rc" -eq 1 ] || [ "$rc" -eq 4 ] || bad "exit status $rc"
want_out "replaced 0x"
finish

begin "keyring list: keys of other programs"
other=$(key key "$ring" asymmetric "" "$pki/one.der")
key key "$ring" user 'a\n0badc0de I------ 1 perm 1f0b0000 0 0 keyring x: 1' >"$T/id"
expiring=$(key key "$ring" user expiring)
key timeout "$expiring" 90000
run keyring list "$k" --json
want_rc 0
want_json '[(x["subject"], x["type"], len(x["key_id"])) for x in d["keys"] if x["hex"] == "'"$other"'"] == [("Example: One", "asymmetric", 40)]'
want_json '[(x["type"], x["description"][:2]) for x in d["keys"] if x["hex"] == "'"$(cat "$T/id")"'"] == [("user", "a\n")]'
want_json '[(x["subject"], x["expires"]) for x in d["keys"] if x["hex"] == "'"$expiring"'"] == [("expiring", "1d")]'
run keyring list "$k"
want_out "a\\x0a0badc0de"
finish

begin "keyring: forged lines in /proc/keys"
# A keyring of this name, and a key whose name imitates it.
key key "$ring" user 'x\n'"${ring#0x}"' I--Q--- 1 perm 3f3f0000 0 0 keyring   .cma: 1' >"$T/id"
run keyring list --keyring=.cma
[ "$rc" -ne 0 ] || want_out "X509"
no_out "expiring"
key key "$ring" user 'x\n'"${expiring#0x}"' I--Q--- 1 perm 3f3f0000 0 0 user lie: 1' >"$T/id"
run keyring list "$k" --json
want_json '[(x["expires"], x["error"]) for x in d["keys"] if x["hex"] == "'"$expiring"'"] == [(None, "EBADMSG")]'
finish

begin "keyring remove"
run keyring remove "$k" "$expiring"
want_rc 0
want_out "removed $expiring expiring"
want_err "ccguest device authenticate --all"
run keyring remove "$k" "$expiring"
want_rc 3
want_err "no such key in keyring ccguest test"
run keyring remove "$k" "$((other))"
want_rc 0
want_out "removed $other Example: One"
# Nothing is removed if one of the names is missing or ambiguous.
run keyring remove "$k" "$one" 0x7ffffffe
want_rc 3
run keyring remove "$k" "O=Example, CN=One"
want_rc 2
want_err "O=Example, CN=One: matches 2 keys of keyring"
want_err "hint: name one by its number"
run keyring remove "$k" "$(echo "$one" | cut -c -7)"
want_rc 3
# As openssl x509 -fingerprint prints it.
run keyring remove "$k" "$(openssl x509 -in "$pki/one.pem" -noout -sha256 -fingerprint | cut -d = -f 2)"
want_rc 0
want_out "CN=One"
run keyring remove "$k" "sha256:$(echo "$two" | cut -c -8)" --json
want_rc 0
want_json '[(x["sha256"], x["removed"]) for x in d["keys"]] == [("'"$two"'", True)]'
run keyring remove "$k" "O=Example, CN=One"
want_rc 0
run keyring remove "$k" "$("$T/ccguest" keyring list "$k" --ids | head -n 1 | cut -c 3-)"
want_rc 0
run keyring remove "$k" "$ring"
want_rc 3
finish

# empty: removes all keys
empty()
{
	for id in $("$T/ccguest" keyring list "$k" --ids); do
		key unlink "$id" "$ring"
	done
}

# shellcheck source-path=SCRIPTDIR source=t-keyring.d/load.sh
. "$here/t-keyring.d/load.sh"

begin "keyring: the keyring of another user"
if [ "$(id -u)" -eq 0 ]; then
	run_user keyring list "$k"
	want_rc 1
	run_user keyring add "$k" "$pki/one.der"
	want_rc 1
	want_err "hint: run as root"
	finish
else
	skip "not root"
fi

drop_ring
