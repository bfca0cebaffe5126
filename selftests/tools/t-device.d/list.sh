# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with ../t-device.sh and lib.sh
#
# ccguest device list. Takes r, pci, dev, device() and cma_tree() of
# t-device.sh.

begin "device list"
cma_tree
run --root "$r" device list
want_rc 0
no_err
want_out "0000:00:03.0  authenticated  CMA "
want_out "[1b36:0010]"
want_out "0000:01:00.0  -              CXL compliance, CXL CDAT, abcd:7f"
no_out "0000:00:00.0"
no_out "0000:00:02.0"
[ "$(wc -l <"$T/out")" -eq 3 ] || bad "lines"
run --root "$r" device list -a
want_out "0000:00:00.0  -              - "
[ "$(wc -l <"$T/out")" -eq 5 ] || bad "lines"
run --root "$r" device list --bdfs
printf '0000:00:03.0\n0000:01:00.0\n' >"$T/want"
out_is "$T/want"
run --root "$r" device list --json
want_json 'd["schema"] == "ccguest/device-list/1" and d["pci_devices"] == 4'
want_json '[(x["bdf"], x["state"], x["cma"], x["doe"]) for x in d["devices"]] == [("0000:00:03.0", "authenticated", True, True), ("0000:01:00.0", None, False, True)]'
want_json 'd["devices"][0]["protocols"] == [] and not d["devices"][0]["protocols_listed"]'
want_json 'd["devices"][1]["protocols"] == ["0001:00", "1e98:00", "1e98:02", "abcd:7f"] and d["devices"][1]["protocols_listed"]'
want_json 'd["devices"][0]["driver"] == "nvme" and d["devices"][1]["driver"] is None'
run --root "$r" device list --json --all
want_json '[x["doe"] for x in d["devices"]] == [False, False, True, True]'
run --root "$r" device list --json --bdfs
want_rc 2
finish

begin "device: -F is a saved tree"
for verb in "list --json" list "show 0000:01:00.0 --json"; do
	# shellcheck disable=SC2086
	run --root "$r" device $verb
	was=$rc
	cp "$T/out" "$T/want"
	# shellcheck disable=SC2086
	run device $verb -F "$r"
	want_rc "$was"
	out_is "$T/want"
done
run device list -F "$T/want"
want_rc 1
want_err "Not a directory"
run device authenticate --all -F "$r"
want_rc 2
finish

begin "device list: names"
if [ -e /usr/share/misc/pci.ids ] || [ -e /usr/share/misc/pci.ids.gz ]; then
	run --root "$r" device list
	want_out "QEMU NVM Express Controller [1b36:0010]"
	run --root "$r" device list --json
	want_json '"QEMU NVM Express Controller" in d["devices"][0]["name"]'
	want_json '"Non-Volatile memory" in d["devices"][0]["class_name"]'
	finish
else
	skip "no pci.ids"
fi

begin "device list: colours"
run --root "$r" --color=always device list
want_out "$(printf '\033[32mauthenticated\033[0m')"
echo 0 >"$dev/authenticated"
run --root "$r" --color=always device list
want_out "$(printf '\033[31munauthenticated\033[0m')"
finish

begin "device list: states"
# state AUTHENTICATED SPDM/STATE WANTED
state()
{
	printf '%s\n' "$1" >"$dev/authenticated"
	printf '%s\n' "$2" >"$dev/spdm/state"
	run --root "$r" device list --json
	want_json 'd["devices"][0]["state"] == "'"$3"'"'
}
state 1 authenticated authenticated
state 1 "" authenticated
state 0 unauthenticated unauthenticated
state 0 unproved unproved
state 0 replaced replaced
state 0 untrusted untrusted
# Both files must agree.
state 0 authenticated unauthenticated
state 1 pending pending
state 0 pending pending
state 0 unknown unknown
state 1 unauthenticated authenticated
state 1 unproved authenticated
state 1 replaced authenticated
state 1 untrusted authenticated
state 10 unproved unknown
state 10 untrusted unknown
state 10 authenticated unknown
state "" authenticated unknown
state 11111 pending pending
rm "$dev/spdm/state" "$dev/authenticated"
ln -s "$r/sys" "$dev/authenticated"
run --root "$r" device list --json
want_json 'd["devices"][0]["state"] in ("unknown", None)'
rm "$dev/authenticated"
run --root "$r" device list --json
want_json 'd["devices"][0]["state"] is None and not d["devices"][0]["cma"]'
run --root "$r" device list
want_out "0000:00:03.0  -      DOE "
finish

begin "device list: no device"
rm -r "$dev" "$pci/0000:01:00.0"
run --root "$r" device list
want_rc 0
no_out
want_err "ccguest: none of 2 PCI devices has DOE; --all lists all devices"
run --root "$r" device list --json
want_json 'd["devices"] == [] and d["pci_devices"] == 2'
run --root "$r" device list --bdfs
want_rc 0
no_out
no_err
rm -r "$r/sys/bus/pci"
run --root "$r" device list
want_rc 4
want_err "/sys/bus/pci/devices: this machine has no PCI"
finish

begin "device list: the order of large domains, and files that are not devices"
tree "$r"
for bdf in 10000:00:00.0 ffff:00:00.0 0000:ff:1f.7 0000:0a:00.0; do
	device "$pci/$bdf" caps=0x2e@0x100
done
mkdir "$pci/0000:00:20.0" "$pci/0000:00:00.8" "$pci/00:00.0" \
	"$pci/0000:0A:00.0" "$pci/junk" "$pci/0000:00:00.0x"
run --root "$r" device list --bdfs
printf '%s\n' 0000:0a:00.0 0000:ff:1f.7 ffff:00:00.0 10000:00:00.0 >"$T/want"
out_is "$T/want"
finish

begin "device list: a user other than root sees a part of the configuration space"
tree "$r"
device "$dev" caps=0x2e@0x100 config=64
run --root "$r" device list
want_rc 0
want_err "1 more may have DOE: only root reads"
run --root "$r" device list --json -a
want_json 'd["devices"][0]["doe"] is None'
run --root "$r" device list -a
want_out "0000:00:03.0  -      ?"
run --root "$r" device show 00:03.0
want_out "cma-name   unknown: only root can read it"
want_out "serial     unknown: only root can read it"
echo 0 >"$dev/authenticated"
run --root "$r" device list
want_out "CMA"
no_err
finish

begin "device list: capabilities with loops and bad pointers"
# caps WANTED OPTION...: the number of mailboxes
caps()
{
	want=$1
	shift
	rm -rf "$dev"
	device "$dev" "$@"
	run --root "$r" device show --json 00:03.0
	want_rc 0
	want_json 'd["doe_offsets"] == '"$want"
}
caps "[256]" caps=0x2e@0x100
caps "[512]" caps=0x01@0x100,0x2e@0x200
caps "[512, 384]" caps=0x0b@0x100,0x2e@0x200,0x2e@0x180
# A loop: at most 480 capabilities are read, 8 offsets are kept.
caps "[256] * 8" caps=0x2e@0x100 next=0x100
caps "[256, 512] * 4" caps=0x2e@0x100,0x2e@0x200 next=0x100
# A pointer into the conventional space.
caps "[256]" caps=0x2e@0x100 next=0x40
caps "[4092]" caps=0x01@0x100,0x2e@0xffc
caps "[]" caps=0x01@0x100
caps "[]" caps=
# A serial number without its last word.
rm -r "$dev"
device "$dev" caps=0x01@0x100,0x03@0xff8 serial=1122334455667788
run --root "$r" device show --json 00:03.0
want_json 'd["serial"] is None'
head -c 4096 /dev/zero | tr '\0' '\377' >"$dev/config"
run --root "$r" device show --json 00:03.0
want_json 'd["doe_offsets"] == []'
for n in 0 1 14 15 63 255 257 4095; do
	head -c "$n" /dev/zero >"$dev/config"
	run --root "$r" device show --json 00:03.0
	want_rc 0
	want_json 'd["doe"] is None and d["expected_name"] is None'
done
finish
