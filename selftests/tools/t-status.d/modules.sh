# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with ../t-status.sh and lib.sh
#
# The modules that status finds: ours, the kernel's, others', damaged ones and
# links. Takes what advice.sh sets.

begin "status: the kernel's own module"
tree "$r"
module "$mods/updates/dkms/efi_secret.ko" "$ours" "version=$version"
rm -r "$mods/updates"
module "$mods/kernel/drivers/virt/coco/efi_secret/efi_secret.ko" \
	intree=Y license=GPL
depmod -b "$r" 6.99.0-test 2>/dev/null
run --root "$r" status --json
want_json 'd["modules"][0]["origin"] == "in-tree" and d["modules"][0]["version"] is None'
want_json 'd["modules"][1]["state"] == "missing"'
finish

begin "status: our module takes precedence over the kernel's own"
module "$mods/updates/dkms/efi_secret.ko" "$ours" "version=$version"
depmod -b "$r" 6.99.0-test 2>/dev/null
run --root "$r" status --json
want_json 'd["modules"][0]["origin"] == "ccguest"'
finish

begin "status: a module of another project"
module "$mods/updates/dkms/efi_secret.ko" license=GPL
depmod -b "$r" 6.99.0-test 2>/dev/null
run --root "$r" status --json
want_json 'd["modules"][0]["origin"] == "other"'
module "$mods/updates/dkms/efi_secret.ko" author=Somebody version=0.1.0 \
	srcversion=0123456789ABCDEF
run --root "$r" status --json
want_json 'd["modules"][0]["origin"] == "other" and d["modules"][0]["file_origin"] == "other"'
# It is loaded; then one that was built from other source is.
mkdir -p "$r/sys/module/efi_secret"
echo live >"$r/sys/module/efi_secret/initstate"
echo OE >"$r/sys/module/efi_secret/taint"
echo 0.1.0 >"$r/sys/module/efi_secret/version"
echo 0123456789ABCDEF >"$r/sys/module/efi_secret/srcversion"
run --root "$r" status --json
want_json 'd["modules"][0]["state"] == "loaded" and d["modules"][0]["origin"] == "other"'
echo 0123456789ABCDE0 >"$r/sys/module/efi_secret/srcversion"
run --root "$r" status --json
want_json 'd["modules"][0]["origin"] is None and d["modules"][0]["file_origin"] == "other"'
rm -r "$r/sys/module/efi_secret"
finish

begin "status: another version is loaded than is installed"
module "$mods/updates/dkms/efi_secret.ko" "$ours" version=99.0
depmod -b "$r" 6.99.0-test 2>/dev/null
mkdir -p "$r/sys/module/efi_secret"
echo live >"$r/sys/module/efi_secret/initstate"
echo OE >"$r/sys/module/efi_secret/taint"
echo 0.0.9 >"$r/sys/module/efi_secret/version"
run --root "$r" status --json
want_json 'd["modules"][0]["version"] == "0.0.9" and d["modules"][0]["file_version"] == "99.0"'
want_json 'd["next"][0]["command"] == "modprobe -r efi_secret && modprobe efi_secret"'
finish

# outside: modules in $T/outside, for links that lead out of the tree
outside()
{
	tree "$r"
	rm -rf "$T/outside"
	mkdir -p "$T/outside/lib/modules/6.99.0-test"
	module "$T/outside/lib/modules/6.99.0-test/efi_secret.ko" \
		"$ours" version=6.6.6
	depmod -b "$T/outside" 6.99.0-test 2>/dev/null
}

if [ "${valgrind:-}" ]; then
	begin "status: links do not lead to modules outside the tree"
	skip "valgrind has no openat2()"
else
	for link in lib lib/modules lib/modules/6.99.0-test; do
		begin "status: $link is a link that leads out of the tree"
		outside
		rm -r "${r:?}/$link"
		ln -s "$T/outside/$link" "$r/$link"
		run --root "$r" status --json
		want_rc 0
		no_out 6.6.6
		want_json 'all(m["state"] == "missing" and m["file"] is None for m in d["modules"])'
		finish
	done

	begin "status: a module, or the index, is a link that leads out of the tree"
	for link in efi_secret.ko modules.dep.bin; do
		outside
		cp -r "$T/outside/lib/modules/6.99.0-test/." "$mods"
		ln -sf "$T/outside/lib/modules/6.99.0-test/$link" \
			"$mods/$link"
		run --root "$r" status --json
		want_rc 0
		no_out 6.6.6
		want_json 'd["modules"][0]["state"] == "missing"'
	done
	# an absolute path in the index is a path inside the tree
	outside
	depmod -b "$r" 6.99.0-test \
		"$T/outside/lib/modules/6.99.0-test/efi_secret.ko" \
		2>/dev/null
	grep -q "^$T/outside" "$mods/modules.dep" ||
		bad "depmod: $(cat "$mods/modules.dep")"
	run --root "$r" status --json
	want_rc 0
	no_out 6.6.6
	want_json 'd["modules"][0]["state"] == "missing"'
	mkdir -p "$r$T"
	cp -r "$T/outside" "$r$T/"
	run --root "$r" status --json
	want_json 'd["modules"][0]["version"] == "6.6.6"'
	want_json 'd["modules"][0]["file"] == "'"$r$T"'/outside/lib/modules/6.99.0-test/efi_secret.ko"'
	finish
fi

begin "status: an absolute link in the tree stays in it"
tree "$r"
mkdir "$r/usr"
mv "$r/lib" "$r/usr/lib"
ln -s /usr/lib "$r/lib"
module "$r/usr/lib/modules/6.99.0-test/efi_secret.ko" "$ours" "version=$version"
depmod -b "$r/usr" 6.99.0-test 2>/dev/null
run --root "$r" status --json
want_rc 0
if [ -z "${valgrind:-}" ]; then
	want_json 'd["modules"][0]["state"] == "present" and d["modules"][0]["version"] == d["version"]'
	want_json 'd["modules"][0]["file"] == "'"$mods"'/efi_secret.ko"'
fi
finish

begin "status: a module that is a pipe"
tree "$r"
module "$mods/efi_secret.ko" "$ours" version=1
depmod -b "$r" 6.99.0-test 2>/dev/null
rm "$mods/efi_secret.ko"
mkfifo "$mods/efi_secret.ko"
run --root "$r" status --json
want_rc 0
want_json 'd["modules"][0]["origin"] is None'
finish

begin "status: part of the kernel image"
tree "$r"
echo kernel/drivers/virt/coco/efi_secret/efi_secret.ko \
	>"$mods/modules.builtin"
depmod -b "$r" 6.99.0-test 2>/dev/null
run --root "$r" status --json
want_json 'd["modules"][0]["state"] == "builtin" and d["modules"][0]["origin"] == "in-tree"'
hinted secret list "module efi_secret is part of the kernel, but shows nothing" \
	"dmesg | grep efi_secret"
finish

begin "status: a damaged module file"
tree "$r"
mkdir -p "$mods/updates/dkms"
module "$mods/updates/dkms/efi_secret.ko" "$ours" version=1
depmod -b "$r" 6.99.0-test 2>/dev/null
echo junk >"$mods/updates/dkms/efi_secret.ko"
run --root "$r" status --json
want_rc 0
want_json 'd["modules"][0]["state"] == "present" and d["modules"][0]["origin"] is None'
finish
