# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# ccguest status, on fake machines that --root names, and on this one.

r=$T/root

begin "status: this machine"
run status
want_rc 0
no_err
want_out "kernel      $(uname -r) ($(uname -m))"
run status --json
want_rc 0
want_json 'd["schema"] == "ccguest/status/1"'
want_json 'd["kernel"]["release"] == "'"$(uname -r)"'"'
want_json 'd["version"] == "'"$(cat "$top/VERSION")"'"'
finish

begin "status: who is not root"
run_user status
want_rc 0
no_err
finish

begin "status: an empty machine"
rm -rf "$r"
mkdir "$r"
run --root "$r" status
want_rc 0
no_err
want_out "efi         no"
want_out "securityfs  not mounted"
want_out "lockdown    unknown"
run --root "$r" status --json
want_json '[m["name"] for m in d["modules"]] == ["efi_secret", "spdm", "pci_cma", "cc_event_log"]'
want_json 'all(m["state"] == "missing" and m["origin"] is None and m["file"] is None for m in d["modules"])'
want_json '[s["command"] for s in d["next"]] == ["mount -t securityfs securityfs /sys/kernel/security"]'
want_json '[f["state"] for f in d["facilities"] ] == ["unknown"] * 2 + ["absent"] * 8'
finish

begin "status: a fresh guest: install the modules"
tree "$r"
run --root "$r" status
want_rc 0
want_out "kernel      6.99.0-test (x86_64)"
want_out "efi         yes"
want_out "securityfs  mounted"
want_out "efi_secret    missing"
want_out "make dkms-install"
run --root "$r" status --json
want_json 'd["efi"] and d["securityfs"] and d["kernel"] == {"release": "6.99.0-test", "arch": "x86_64"}'
want_json '[s["command"] for s in d["next"]] == ["make dkms-install"]'
finish

# module FILE KEY=VALUE...: an object file with the given modinfo
module()
{
	file=$1
	shift
	mkdir -p "${file%/*}"
	{
		printf 'const char info[] __attribute__((section(".modinfo"), used)) =\n'
		printf '"%s\\0"\n' "$@"
		echo ';'
	} >"$T/mod.c"
	${CC:-cc} -c -o "$file" "$T/mod.c"
}

mods=$r/lib/modules/6.99.0-test
# By which ccguest knows its modules.
ours="author=The ccguest developers"
version=$(cat "$top/VERSION")

if have depmod; then
	begin "status: modules are installed: load them"
	for m in efi_secret spdm pci_cma cc_event_log; do
		module "$mods/updates/dkms/$m.ko" "$ours" "version=$version" license=GPL
	done
	depmod -b "$r" 6.99.0-test 2>/dev/null
	run --root "$r" status --json
	want_rc 0
	no_err
	want_json 'all(m["state"] == "present" and m["origin"] == "ccguest" and m["version"] == d["version"] for m in d["modules"])'
	want_json 'd["modules"][0]["file"].endswith("/lib/modules/6.99.0-test/updates/dkms/efi_secret.ko")'
	want_json '[s["command"] for s in d["next"]] == ["modprobe efi_secret", "modprobe pci_cma", "modprobe cc_event_log"]'
	want_json 'all(m["obstacle"] == "not-loaded" and m["file_signed"] is False and m["file_signer"] is None for m in d["modules"])'
	run --root "$r" status
	want_out "efi_secret    present"
	run --root "$r" secret list
	want_rc 4
	want_err "hint: modprobe efi_secret"
	finish

	# The situations in which a module shows nothing, each left by what the
	# one before it advised.

	# advised MODULE OBSTACLE COMMAND WHY: in status
	advised()
	{
		run --root "$r" status --json
		want_rc 0
		no_err
		want_json '[(m["obstacle"], m["why"] and '"'$4'"' in m["why"]) for m in d["modules"] if m["name"] == "'"$1"'"] == [("'"$2"'", True)]'
		want_json '[s["command"] for s in d["next"] if s["command"] == '"'$3'"'] == ['"'$3'"']'
		[ "$3" = "modprobe $1" ] ||
			want_json '"modprobe '"$1"'" not in [s["command"] for s in d["next"]]'
	}

	# hinted GROUP VERB WHY HINT
	hinted()
	{
		run --root "$r" "$1" "$2"
		want_rc 4
		no_out
		want_err ": $3"
		want_err "ccguest: hint: $4"
	}

	# kernel_log TEXT...: the kernel's log says that
	kernel_log()
	{
		printf '6,1,0,-;%s\n SUBSYSTEM=x\n' "$@" >"$r/dev/kmsg"
	}

	begin "advice: the kernel's log cannot be read"
	hinted secret list "module efi_secret is not loaded" \
		"modprobe efi_secret; if that is refused, dmesg | grep efi_secret says why; both as root"
	advised efi_secret not-loaded "modprobe efi_secret" "is not loaded"
	finish

	begin "advice: nobody has tried to load it"
	kernel_log "Linux version 6.99" "other: efi_secret: no" \
		"efi_secret: loading out-of-tree module taints kernel."
	printf '%s\n' ' efi_secret: of a record before' \
		'30,2,0,-;efi_secret: not said by the kernel' junk \
		>>"$r/dev/kmsg"
	hinted secret list "module efi_secret is not loaded" \
		"modprobe efi_secret"
	no_err ";"
	advised efi_secret not-loaded "modprobe efi_secret" "is not loaded"
	hinted log show "this machine shows none, and no file was named: module cc_event_log is not loaded" \
		"modprobe cc_event_log"
	finish

	begin "advice: it was refused, and the log says why"
	kernel_log "efi_secret: created 1 entries in securityfs" \
		"efi_secret: the firmware has no area: $(printf '\033')[31m"
	hinted secret list 'module efi_secret was refused: the firmware has no area: \x1b[31m' \
		"dmesg | grep efi_secret; Documentation/efi_secret.md tells what to do"
	advised efi_secret refused "dmesg | grep efi_secret" "no area"
	want_json '"no area" in [f["detail"] for f in d["facilities"] if f["name"] == "secrets"][0]'
	kernel_log "Module efi_secret is blacklisted"
	hinted secret list "module efi_secret was refused: Module efi_secret is blacklisted" \
		"dmesg | grep efi_secret"
	kernel_log "cc_event_log: this guest has no event log" \
		"pci_cma: Unknown symbol pci_doe (err -2)"
	hinted log show "this machine shows none, and no file was named: module cc_event_log was refused: this guest has no event log" \
		"dmesg | grep cc_event_log; Documentation/cc-event-log.md tells what to do"
	advised cc_event_log refused "dmesg | grep cc_event_log" "no event log"
	advised pci_cma refused "dmesg | grep pci_cma" "Unknown symbol"
	want_json '"Unknown symbol" in [f["detail"] for f in d["facilities"] if f["name"] == "cma-keyring"][0]'
	run --root "$r" device authenticate --all
	want_err "hint: dmesg | grep pci_cma"
	finish

	begin "advice: it was loaded, and unloaded since"
	kernel_log "efi_secret: the firmware has no area" \
		"efi_secret: created 2 entries in securityfs secrets/coco"
	hinted secret list "module efi_secret is not loaded" \
		"modprobe efi_secret"
	kernel_log "cc_event_log: dt:/x at 0x1: 7 events, 593 of 593 bytes"
	hinted log show "this machine shows none, and no file was named: module cc_event_log is not loaded" \
		"modprobe cc_event_log"
	finish

	begin "advice: a long log, one without an end of line"
	kernel_log "efi_secret: $(printf '%09000d' 0)"
	run --root "$r" secret list
	want_rc 4
	head -c 3000000 /dev/zero >"$r/dev/kmsg"
	run --root "$r" secret list
	want_rc 4
	rm "$r/dev/kmsg"
	mkfifo "$r/dev/kmsg"
	run --root "$r" secret list
	want_rc 4
	rm "$r/dev/kmsg"
	kernel_log "Linux version 6.99"
	finish

	begin "advice: not booted through EFI"
	mv "$r/sys/firmware/efi" "$r/sys/firmware/no-efi"
	hinted secret list "this machine was not booted through EFI" \
		"start the guest with UEFI firmware"
	run --root "$r" status --json
	want_json 'd["modules"][0]["obstacle"] == "no-efi" and "modprobe efi_secret" not in [s["command"] for s in d["next"]]'
	mv "$r/sys/firmware/no-efi" "$r/sys/firmware/efi"
	finish

	begin "advice: the kernel loads no more modules"
	echo 1 >"$r/proc/sys/kernel/modules_disabled"
	hinted secret list "module efi_secret cannot be loaded: kernel.modules_disabled is set" \
		"reboot"
	advised efi_secret disabled reboot "modules_disabled"
	echo 0 >"$r/proc/sys/kernel/modules_disabled"
	advised efi_secret not-loaded "modprobe efi_secret" "is not loaded"
	finish

	begin "advice: loaded, but shows nothing"
	mkdir -p "$r/sys/module/efi_secret"
	echo live >"$r/sys/module/efi_secret/initstate"
	echo OE >"$r/sys/module/efi_secret/taint"
	echo "$version" >"$r/sys/module/efi_secret/version"
	hinted secret list "module efi_secret is loaded, but shows nothing" \
		"dmesg | grep efi_secret"
	advised efi_secret silent "dmesg | grep efi_secret" "shows nothing"
	finish

	begin "advice: the kernel's own is loaded, and shows nothing"
	echo >"$r/sys/module/efi_secret/taint"
	hinted secret list "the kernel's own module efi_secret is loaded, but" \
		"modprobe -r efi_secret && modprobe efi_secret"
	mv "$mods/updates/dkms/efi_secret.ko" "$T/kept.ko"
	module "$mods/updates/dkms/efi_secret.ko" intree=Y
	hinted secret list "the kernel's own module efi_secret is loaded, but" \
		"make dkms-install; in ccguest's source tree"
	mv "$T/kept.ko" "$mods/updates/dkms/efi_secret.ko"
	finish

	begin "advice: loaded, and securityfs is not mounted"
	cp "$r/proc/mounts" "$T/mounts"
	sed -i /securityfs/d "$r/proc/mounts"
	hinted secret list "securityfs is not mounted" \
		"mount -t securityfs securityfs /sys/kernel/security"
	hinted log show "this machine shows none, and no file was named: securityfs is not mounted" \
		"mount -t securityfs securityfs /sys/kernel/security"
	run --root "$r" status --json
	want_json 'd["next"][0]["command"].startswith("mount ") and len([s for s in d["next"] if s["command"].startswith("mount ")]) == 1'
	want_json 'd["signatures_required"] is None'
	cp "$T/mounts" "$r/proc/mounts"
	rm -r "$r/sys/module/efi_secret"
	finish

	begin "advice: signed modules only, and ours is not"
	echo "none [integrity] confidentiality" >"$r/sys/kernel/security/lockdown"
	hinted secret list "module efi_secret cannot be loaded: kernel lockdown (integrity) takes signed modules only, and this module is not signed" \
		"apt install openssl; dkms signs with it"
	advised efi_secret not-signed "apt install openssl" "lockdown (integrity)"
	want_json 'd["signatures_required"] is True and d["lockdown"] == "integrity"'
	want_json 'len(d["next"]) == 1'
	mkdir -p "$r/usr/bin"
	: >"$r/usr/bin/openssl"
	hinted secret list "module efi_secret cannot be loaded: kernel" \
		"make dkms-install; in ccguest's source tree, builds the modules anew and signs them; then enrol the key that dkms signs with, see Documentation/secure-boot.md"
	advised cc_event_log not-signed "make dkms-install" "module is not signed"
	run --root "$r" status
	want_out "signatures  required"
	echo "[none] integrity confidentiality" >"$r/sys/kernel/security/lockdown"
	mkdir -p "$r/sys/module/module/parameters"
	echo Y >"$r/sys/module/module/parameters/sig_enforce"
	hinted secret list "module efi_secret cannot be loaded: module.sig_enforce takes signed modules only, and this module is not signed" \
		"make dkms-install"
	mv "$r/sys/firmware/efi" "$r/sys/firmware/no-efi"
	hinted log show "this machine shows none, and no file was named: module cc_event_log cannot be loaded: module.sig_enforce takes signed modules only, and this module is not signed" \
		"reboot; without lockdown= and module.sig_enforce"
	advised cc_event_log no-key reboot "module is not signed"
	mv "$r/sys/firmware/no-efi" "$r/sys/firmware/efi"
	echo N >"$r/sys/module/module/parameters/sig_enforce"
	run --root "$r" status --json
	want_json 'd["signatures_required"] is False'
	echo Y >"$r/sys/module/module/parameters/sig_enforce"
	finish

	begin "advice: signed, with a key that the machine does not have"
	openssl req -new -x509 -newkey rsa:2048 -nodes -days 9 -batch \
		-subj "/CN=DKMS module signing key" -keyout "$T/mok.key" \
		-out "$T/mok.pem" 2>"$T/log" || bad "$(cat "$T/log")"
	for m in efi_secret spdm pci_cma cc_event_log; do
		python3 "$here/sign-module.py" "$mods/updates/dkms/$m.ko" \
			"$T/mok.key" "$T/mok.pem" 2>"$T/log" ||
			bad "$(cat "$T/log")"
	done
	advised efi_secret not-loaded "modprobe efi_secret" "is not loaded"
	want_json 'all(m["file_signed"] and m["file_signer"] == "DKMS module signing key" for m in d["modules"])'
	hinted secret list "module efi_secret is not loaded" \
		"modprobe efi_secret; if its key is refused, enrol the key, see Documentation/secure-boot.md"
	# Root sees the kernel's keys, and then ours is not among them.
	cut=asymme""tri
	cat >"$r/proc/keys" <<-EOK
	0a1b2c3d I------     1 perm 1f0b0000     0     0 keyring   .builtin_trusted_keys: 1
	0a1b2c3e I------     1 perm 1f030000     0     0 $cut Debian: Debian Secure Boot CA: 6ccece7e: X509.rsa 4e []
	0a1b2c3f I------     1 perm 1f030000     0     0 $cut Old DKMS module signing key: 77: X509.rsa 4e []
	EOK
	hinted secret list "module efi_secret cannot be loaded: module.sig_enforce takes signed modules only, and the kernel has no key of \"DKMS module signing key\"" \
		"make dkms-install; in ccguest's source tree, signs the modules with a key of this machine"
	mkdir -p "$r/var/lib/dkms"
	: >"$r/var/lib/dkms/mok.pub"
	hinted secret list "module efi_secret cannot be loaded: module.sig_enforce" \
		"mokutil --import /var/lib/dkms/mok.pub; then reboot, and confirm the key in the menu that shim shows"
	advised efi_secret no-key "mokutil --import /var/lib/dkms/mok.pub" "has no key of"
	mkdir -p "$r/var/lib/shim-signed/mok"
	: >"$r/var/lib/shim-signed/mok/MOK.der"
	hinted secret list "module efi_secret cannot be loaded: module.sig_enforce" \
		"mokutil --import /var/lib/shim-signed/mok/MOK.der; then reboot"
	mkdir "$r/sys/firmware/efi/efivars"
	: >"$r/sys/firmware/efi/efivars/MokNew-605dab50-e046-4300-abb6-3dd810dd8b23"
	hinted secret list "module efi_secret cannot be loaded: module.sig_enforce" \
		"reboot; shim shows a menu"
	advised efi_secret key-requested reboot "has no key of"
	mv "$r/sys/firmware/efi" "$r/sys/firmware/no-efi"
	advised cc_event_log no-key reboot "has no key of"
	mv "$r/sys/firmware/no-efi" "$r/sys/firmware/efi"
	echo "0a1b2c40 I------     1 perm 1f030000     0     0 $cut DKMS module signing key: 12: X509.rsa 4e []" \
		>>"$r/proc/keys"
	hinted secret list "module efi_secret is not loaded" \
		"modprobe efi_secret; if its key is refused"
	kernel_log "efi_secret: the firmware has no area"
	hinted secret list "module efi_secret was refused: the firmware" "dmesg"
	finish

	begin "advice: not installed: index, headers, dkms"
	tree "$r"
	mv "$mods/build" "$mods/no-build"
	mkdir -p "$mods/updates/drivers/efi_secret"
	: >"$mods/updates/drivers/efi_secret/efi_secret.ko.xz"
	hinted secret list "module efi_secret is installed for this kernel, but modprobe does not know it" \
		"depmod"
	advised efi_secret not-indexed depmod "modprobe does not know it"
	rm -r "$mods/updates"
	for place in updates/dkms updates/drivers/efi_secret updates extra \
		extra/drivers/efi_secret extra/ccguest weak-updates \
		weak-updates/ccguest; do
		mkdir -p "$mods/$place"
		: >"$mods/$place/efi_secret.ko.xz"
		advised efi_secret not-indexed depmod "modprobe does not know it"
		rm -r "${mods:?}/${place%%/*}"
	done
	mkdir -p "$mods/updates/drivers/efi_secret"
	: >"$mods/updates/drivers/efi_secret/efi_secret.ko.xz"
	rm -r "$mods/updates"
	# shellcheck disable=SC2016 # for the reader's shell
	hinted secret list "module efi_secret is not installed for this kernel, nor are the kernel's headers" \
		'apt install linux-headers-$(uname -r); then make dkms-install'
	mv "$mods/no-build" "$mods/build"
	hinted secret list "module efi_secret is not installed for this kernel" \
		"make dkms-install; in ccguest's source tree"
	mkdir -p "$r/var/lib/dkms/ccguest"
	hinted secret list "module efi_secret is not installed for this kernel, though dkms has its source" \
		"dkms autoinstall; builds it, or names the log that says why not"
	advised efi_secret not-built "dkms autoinstall" "dkms has its source"
	finish

	begin "advice: a kernel that exports no pci_doe()"
	printf '%016x %s\n' 0 "T pci_doe_submit_task" 0 "t pci_doe" 0 "T x" \
		>"$r/proc/kallsyms"
	run --root "$r" status --json
	want_json '[m["obstacle"] for m in d["modules"]] == ["not-built", "unsupported", "unsupported", "not-built"]'
	want_json 'all("exports no pci_doe()" in m["why"] for m in d["modules"][1:3])'
	want_json '"exports no pci_doe()" in [f["detail"] for f in d["facilities"] if f["name"] == "cma-keyring"][0]'
	run --root "$r" device authenticate --all
	want_rc 3
	want_err "hint: boot Linux 6.4 or newer, built with CONFIG_PCI_DOE"
	printf '%016x %s\n' 0 "T pci_doe" >>"$r/proc/kallsyms"
	run --root "$r" status --json
	want_json 'd["modules"][2]["obstacle"] == "not-built"'
	: >"$r/proc/kallsyms"
	run --root "$r" status --json
	want_json 'd["modules"][2]["obstacle"] == "not-built"'
	finish

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

	begin "status: ours goes before the kernel's own"
	module "$mods/updates/dkms/efi_secret.ko" "$ours" "version=$version"
	depmod -b "$r" 6.99.0-test 2>/dev/null
	run --root "$r" status --json
	want_json 'd["modules"][0]["origin"] == "ccguest"'
	finish

	begin "status: somebody else's module"
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

	# outside: modules in $T/outside, which links in the tree lead to
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
		# An absolute path in the index is one inside the tree.
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
else
	begin "status: installed modules"
	skip "no depmod, install kmod"
fi

begin "status: -F is a saved tree"
live_tree "$r"
run --root "$r" status --json
cp "$T/out" "$T/want"
run status --json -F "$r"
want_rc 0
out_is "$T/want"
run status -F "$T/no-such-tree"
want_rc 1
want_err "$T/no-such-tree: No such file or directory"
run status -F "$T/want"
want_rc 1
want_err "$T/want: Not a directory"
finish

begin "status: loaded modules"
live_tree "$r"
for m in spdm pci_cma; do
	mkdir -p "$r/sys/module/$m"
	echo live >"$r/sys/module/$m/initstate"
done
printf 'OE\n' >"$r/sys/module/efi_secret/taint"
echo "$version" >"$r/sys/module/efi_secret/version"
printf '\n' >"$r/sys/module/spdm/taint"
run --root "$r" status --json
want_json '[m["state"] for m in d["modules"]] == ["loaded", "loaded", "loaded", "missing"]'
want_json '[m["origin"] for m in d["modules"]] == [None, "in-tree", None, None]'
want_json 'd["modules"][0]["version"] == "'"$version"'"'
want_json '[f for f in d["facilities"] if f["name"] == "secrets"] == [{"name": "secrets", "state": "present", "detail": "3 secrets in /sys/kernel/security/secrets/coco"}]'
want_json '[s["command"] for s in d["next"]] == ["ccguest secret list"]'
run --root "$r" status
want_out "efi_secret    loaded"
no_out "$MARKER"
finish

begin "status: lockdown"
for state in none integrity confidentiality; do
	echo none integrity confidentiality | sed "s/$state/[$state]/" \
		>"$r/sys/kernel/security/lockdown"
	run --root "$r" status --json
	want_json 'd["lockdown"] == "'$state'"'
done
echo frob >"$r/sys/kernel/security/lockdown"
run --root "$r" status --json
want_json 'd["lockdown"] == "unknown"'
finish

# facility NAME STATE DETAIL
facility()
{
	run --root "$r" status --json
	want_json '[(f["state"], "'"$3"'" in f["detail"]) for f in d["facilities"] if f["name"] == "'"$1"'"] == [("'"$2"'", True)]'
}

begin "status: processor's flags"
printf 'processor\t: 0\nflags\t\t: fpu sev sev_es hypervisor\nbugs\t: sev_snp\n\nprocessor\t: 1\nflags\t: sev_snp tdx_guest\n' \
	>"$r/proc/cpuinfo"
facility cpu-sev present "flags sev sev_es: offered"
facility cpu-tdx absent "no flag"
printf 'flags\t\t: fpu sev\n' >"$r/proc/cpuinfo"
facility cpu-sev absent "this is a host"
printf 'flags\t\t: tdx_guest hypervisor\n' >"$r/proc/cpuinfo"
facility cpu-tdx present "tdx_guest"
printf 'processor\t: 0\nFeatures\t: fp asimd sev\n' >"$r/proc/cpuinfo"
facility cpu-sev absent "no AMD SEV flag"
python3 -c 'print("flags : " + "sev sev_es sev_snp " * 5000, end="")' >"$r/proc/cpuinfo"
run --root "$r" status --json
want_rc 0
rm "$r/proc/cpuinfo"
facility cpu-sev unknown "No such file"
facility cpu-tdx unknown "No such file"
finish

begin "status: where reports come from"
facility sev-guest absent "no /dev/sev-guest"
: >"$r/dev/sev-guest"
facility sev-guest present "/dev/sev-guest"
mkdir -p "$r/sys/devices/virtual/misc/tdx_guest"
facility tdx-guest present "/sys/devices/virtual/misc/tdx_guest"
mkdir -p "$r/sys/module/arm_cca_guest"
facility cca-guest present arm_cca_guest
mkdir -p "$r/sys/kernel/config/tsm/report"
facility tsm-report present "/sys/kernel/config/tsm/report"
finish

begin "status: keyring, of root only"
cat >"$r/proc/keys" <<END
0a1b2c3d I------     1 perm 1f0b0000  1000     0 keyring   .cma: empty
0a1b2c3e I------     1 perm 1f0b0000     0     0 keyring   .cmax: 1
0a1b2c3e I------     1 perm 1f0b0000     0     0 user      .cma: 1
junk
END
facility cma-keyring absent "no keyring .cma"
echo "0a1b2c3f I------     1 perm 1f0b0000     0     0 keyring   .cma: 1" \
	>>"$r/proc/keys"
facility cma-keyring present "keyring .cma"
finish

begin "status: PCI devices"
facility pci-authenticated absent "none of 0 PCI devices"
for x in 0:1 1:0 2:0 3:x 4:; do
	mkdir "$r/sys/bus/pci/devices/0000:00:0${x%:*}.0"
	[ "$x" = 4: ] || echo "${x#*:}" >"$r/sys/bus/pci/devices/0000:00:0${x%:*}.0/authenticated"
done
facility pci-authenticated present "4 of 5 PCI devices: 1 authenticated, 2 not, 1 unknown"
rm -r "$r/sys/bus/pci"
facility pci-authenticated absent "no PCI"
finish

begin "status: devices that are not authenticated: what to do"
tree "$r"
d=$r/sys/bus/pci/devices/0000:00:03.0
mkdir "$d"
# next_is COMMAND: the only thing that is left to do
next_is()
{
	run --root "$r" status --json
	want_rc 0
	want_json '[s["command"] for s in d["next"] if s["command"].startswith("ccguest")] == ['"$1"']'
}
next_is ""
echo 0 >"$d/authenticated"
# Without the keyring, the module has to be loaded first.
next_is ""
echo "0a1b2c3f I------     1 perm 1f0f0000     0     0 keyring   .cma: empty" \
	>"$r/proc/keys"
next_is '"ccguest keyring add FILE"'
facility cma-keyring present "keyring .cma in /proc/keys, empty"
sed -i 's/empty/2/' "$r/proc/keys"
next_is '"ccguest device authenticate --all -v"'
# Another certificate would not change what the kernel found out.
mkdir "$d/spdm"
echo "signature 0 -129 Slot 0: Cannot verify challenge_auth signature" \
	>"$d/spdm/failure"
next_is '"ccguest device authenticate 0000:00:03.0 -v"'
want_json '[s["why"] for s in d["next"] if "0000:00:03.0" in s["command"]] == ["Slot 0: Cannot verify challenge_auth signature; Documentation/spdm.md, \"Messages\", tells what to do"]'
echo "chain 1 -126 Root certificate for slot 1 not found" \
	>>"$d/spdm/failure"
next_is '"ccguest device authenticate --all -v"'
echo 1 >"$d/authenticated"
next_is ""
finish

begin "status: event logs"
facility cc-event-log absent "no /sys/kernel/security/cc_event_log"
mkdir -p "$r/sys/kernel/security/cc_event_log/0"
facility cc-event-log present "1 log in"
finish

begin "status: hostile text in the tree is escaped or refused"
printf '\033[31mred' >"$r/proc/sys/kernel/arch"
run --root "$r" status
want_rc 0
want_out '\x1b[31mred'
no_out "$(printf '\033')"
for release in ../../etc .. "" "a/b"; do
	echo "$release" >"$r/proc/sys/kernel/osrelease"
	run --root "$r" status
	want_rc 1
	no_out
	want_err "/proc/sys/kernel/osrelease: is not the release of a kernel"
done
finish
