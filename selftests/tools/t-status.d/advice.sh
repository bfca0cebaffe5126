# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with ../t-status.sh and lib.sh
#
# The advice of status, and the hints of other commands, where a module shows
# nothing. Takes r, mods, version and module() of t-status.sh. Sets advised(),
# hinted() and kernel_log().

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

# The situations in which a module shows nothing. The advice of each leads to
# the next one.

# advised MODULE OBSTACLE COMMAND WHY: the advice of status
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

# hinted GROUP VERB WHY HINT: the error and the hint of another command
hinted()
{
	run --root "$r" "$1" "$2"
	want_rc 4
	no_out
	want_err ": $3"
	want_err "ccguest: hint: $4"
}

# kernel_log TEXT...: writes records to the fake kernel log
kernel_log()
{
	printf '6,1,0,-;%s\n SUBSYSTEM=x\n' "$@" >"$r/dev/kmsg"
}

begin "advice: the kernel's log cannot be read"
hinted secret list "module efi_secret is not loaded" \
	"modprobe efi_secret; if modprobe fails, dmesg | grep efi_secret shows the reason; run both as root"
advised efi_secret not-loaded "modprobe efi_secret" "is not loaded"
finish

begin "advice: the module was never loaded"
kernel_log "Linux version 6.99" "other: efi_secret: no" \
	"efi_secret: loading out-of-tree module taints kernel."
printf '%s\n' ' efi_secret: of a record before' \
	'30,2,0,-;efi_secret: not said by the kernel' junk \
	>>"$r/dev/kmsg"
hinted secret list "module efi_secret is not loaded" \
	"modprobe efi_secret"
no_err ";"
advised efi_secret not-loaded "modprobe efi_secret" "is not loaded"
hinted log show "this machine shows no log, and no file was named: module cc_event_log is not loaded" \
	"modprobe cc_event_log"
finish

begin "advice: the module was refused, and the log says why"
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
hinted log show "this machine shows no log, and no file was named: module cc_event_log was refused: this guest has no event log" \
	"dmesg | grep cc_event_log; Documentation/cc-event-log.md tells what to do"
advised cc_event_log refused "dmesg | grep cc_event_log" "no event log"
advised pci_cma refused "dmesg | grep pci_cma" "Unknown symbol"
want_json '"Unknown symbol" in [f["detail"] for f in d["facilities"] if f["name"] == "cma-keyring"][0]'
run --root "$r" device authenticate --all
want_err "hint: dmesg | grep pci_cma"
finish

begin "advice: the module was loaded and unloaded"
kernel_log "efi_secret: the firmware has no area" \
	"efi_secret: created 2 entries in securityfs secrets/coco"
hinted secret list "module efi_secret is not loaded" \
	"modprobe efi_secret"
kernel_log "cc_event_log: dt:/x at 0x1: 7 events, 593 of 593 bytes" \
	"cc_event_log: dt:/y at 0x0, 0x1 bytes: refused: the address is 0" \
	"cc_event_log: shows 1 of 2 logs: 7 events, 593 bytes; the others were refused"
hinted log show "this machine shows no log, and no file was named: module cc_event_log is not loaded" \
	"modprobe cc_event_log"
kernel_log "cc_event_log: dt:/x at 0x1: 7 events, 593 of 593 bytes"
hinted log show "this machine shows no log, and no file was named: module cc_event_log is not loaded" \
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

begin "advice: the module is loaded, but shows nothing"
mkdir -p "$r/sys/module/efi_secret"
echo live >"$r/sys/module/efi_secret/initstate"
echo OE >"$r/sys/module/efi_secret/taint"
echo "$version" >"$r/sys/module/efi_secret/version"
hinted secret list "module efi_secret is loaded, but shows nothing" \
	"dmesg | grep efi_secret"
advised efi_secret silent "dmesg | grep efi_secret" "shows nothing"
finish

begin "advice: the kernel's own module is loaded, and shows nothing"
echo >"$r/sys/module/efi_secret/taint"
hinted secret list "the kernel's own module efi_secret is loaded, but" \
	"modprobe -r efi_secret && modprobe efi_secret"
mv "$mods/updates/dkms/efi_secret.ko" "$T/kept.ko"
module "$mods/updates/dkms/efi_secret.ko" intree=Y
hinted secret list "the kernel's own module efi_secret is loaded, but" \
	"make dkms-install; in ccguest's source tree"
mv "$T/kept.ko" "$mods/updates/dkms/efi_secret.ko"
finish

begin "advice: the module is loaded, and securityfs is not mounted"
cp "$r/proc/mounts" "$T/mounts"
sed -i /securityfs/d "$r/proc/mounts"
hinted secret list "securityfs is not mounted" \
	"mount -t securityfs securityfs /sys/kernel/security"
hinted log show "this machine shows no log, and no file was named: securityfs is not mounted" \
	"mount -t securityfs securityfs /sys/kernel/security"
run --root "$r" status --json
want_json 'd["next"][0]["command"].startswith("mount ") and len([s for s in d["next"] if s["command"].startswith("mount ")]) == 1'
want_json 'd["signatures_required"] is None'
cp "$T/mounts" "$r/proc/mounts"
rm -r "$r/sys/module/efi_secret"
finish

begin "advice: the kernel takes signed modules only, ours is not signed"
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
hinted log show "this machine shows no log, and no file was named: module cc_event_log cannot be loaded: module.sig_enforce takes signed modules only, and this module is not signed" \
	"reboot; without lockdown= and module.sig_enforce"
advised cc_event_log no-key reboot "module is not signed"
mv "$r/sys/firmware/no-efi" "$r/sys/firmware/efi"
echo N >"$r/sys/module/module/parameters/sig_enforce"
run --root "$r" status --json
want_json 'd["signatures_required"] is False'
echo Y >"$r/sys/module/module/parameters/sig_enforce"
finish

begin "advice: the module is signed with a key that the machine lacks"
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
# Root sees all keys of the kernel: then the signer's key is not among them.
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
	"dkms autoinstall; builds the module, or names the log that has the reason"
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
