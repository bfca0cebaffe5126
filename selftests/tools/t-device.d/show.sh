# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with ../t-device.sh and lib.sh
#
# ccguest device show. Takes r, pci, dev, NVME, fingerprint, device() and
# cma_tree() of t-device.sh.

begin "device show"
cma_tree
run --root "$r" device show 0000:00:03.0
want_rc 0
no_err
want_out "device      0000:00:03.0"
want_out "[1b36:0010]"
want_out "[010802], revision 02"
want_out "subsystem   1af4:1100"
want_out "driver      nvme"
want_out "serial      none"
want_out "link        8.0 GT/s PCIe x4, at most 16.0 GT/s PCIe x8"
want_out "doe         at 0x100: CMA"
want_out "cma-name    $NVME"
want_out "state       authenticated"
want_out "spdm        1.2"
want_out "algorithms  TPM_ALG_ECDSA_ECC_NIST_P384, TPM_ALG_SHA_384"
want_out "slot        1"
want_out "chain  0     ENOKEY  Root certificate for slot 0 not found in .cma keyring: CN=Other"
want_out "EC P-384  -                                                              O=Ex\\ample, CN=Root"
want_out "RSA 2048  $NVME  CN=Device"
cp "$T/out" "$T/full"
run --root "$r" device show 00:03.0
out_is "$T/full"
run --root "$r" device show 00:03.0 --json
want_json 'd["schema"] == "ccguest/device-show/2" and d["expected_name"] == "'"$NVME"'"'
want_json 'd["spdm"] == {"version": "1.2", "asym_algorithm": "TPM_ALG_ECDSA_ECC_NIST_P384", "hash_algorithm": "TPM_ALG_SHA_384", "slot": 1, "proved_slot": None, "evidence": None, "pin": None}'
want_json 'd["failures"] == [{"stage": "chain", "slot": 0, "errno": "ENOKEY", "text": "Root certificate for slot 0 not found in .cma keyring: CN=Other"}]'
want_json '[(s["slot"], len(s["certificates"]), s["error"]) for s in d["slots"]] == [(1, 2, None)]'
want_json 'd["slots"][0]["certificates"][1]["device_name"] == d["expected_name"]'
want_json 'd["slots"][0]["certificates"][0]["subject"] == "O=Ex\\ample, CN=Root" and d["slots"][0]["certificates"][0]["ca"]'
want_json 'd["slots"][0]["certificates"][1]["sha256"] == "'"$fingerprint"'" and not d["slots"][0]["certificates"][1]["ca"]'
want_json 'd["current_link_speed"] == "8.0 GT/s PCIe" and d["doe_offsets"] == [256]'
finish

begin "device show, list: the gate"
echo pci_cma-gate >"$dev/driver_override"
run --root "$r" device show 00:03.0
want_out "gate        closed: no driver binds until the device is authenticated"
run --root "$r" device show 00:03.0 --json
want_json 'd["gated"] is True'
run --root "$r" device list
want_out "authenticated, gated  CMA"
run --root "$r" device list --json
want_json '[x["gated"] for x in d["devices"]] == [True, False]'
for name in "(null)" nvme pci_cma-gatex; do
	echo "$name" >"$dev/driver_override"
	run --root "$r" device show 00:03.0 --json
	want_json 'd["gated"] is False'
done
rm "$dev/driver_override"
finish

begin "device show: the pin"
run --root "$r" device show 00:03.0
no_out "pin "
a=$(printf '%064d' 1)
b=$(printf '%064d' 2)
printf 'leaf %s\ndevice %s\nversion 1.2\nasym_algorithm A\nhash_algorithm H\nleaf x\nnew y\nz\n' \
	"$a" "$a" >"$dev/spdm/pin"
run --root "$r" device show 00:03.0
want_out "pin         $a"
no_out "pin-device"
want_out "pin-least   SPDM 1.2, A, H"
printf 'leaf %s\ndevice %s\n' "$a" "$b" >"$dev/spdm/pin"
run --root "$r" device show 00:03.0
want_out "pin-device  $b"
no_out "pin-least"
run --root "$r" device show 00:03.0 --json
want_json 'd["spdm"]["pin"] == {"leaf": "'"$a"'", "device": "'"$b"'", "version": None, "asym_algorithm": None, "hash_algorithm": None}'
printf 'leaf \033[31m\n' >"$dev/spdm/pin"
run --root "$r" device show 00:03.0
want_out 'pin         \x1b[31m'
echo none >"$dev/spdm/pin"
run --root "$r" device show 00:03.0
no_out "pin "
rm "$dev/spdm/pin"
finish

begin "device show: the rules"
run --root "$r" device show 00:03.0
no_out "rules"
mkdir -p "$r/sys/module/pci_cma/parameters"
echo N >"$r/sys/module/pci_cma/parameters/verify_san"
echo enforce >"$r/sys/module/pci_cma/parameters/validity"
run --root "$r" device show 00:03.0
want_out "rules       verify_san=N, validity=enforce"
run --root "$r" device show 01:00.0
no_out "rules"
run --root "$r" device show 00:03.0 --json
want_json 'd["verify_san"] == "N" and d["validity"] == "enforce"'
finish

begin "device show: the name, PCIe r6.1, 6.31.3"
run --root "$r" device show --json 01:00.0
want_json 'd["expected_name"] == "Vendor=8086:Device=0d93:CC=050210:REV=03:SSVID=8086:SSID=0000:0123456789abcdef" and d["serial"] == "0x123456789abcdef"'
want_json 'd["doe_offsets"] == [400, 320] and d["failures"] == [] and d["slots"] == [] and d["state"] is None'
run --root "$r" device show 01:00.0
want_out "state      cannot be authenticated"
want_out "doe        at 0x190, 0x140: CXL compliance, CXL CDAT, abcd:7f"
run --root "$r" device show --json 00:02.0
want_json 'd["expected_name"] == "Vendor=1b36:Device=000c:CC=060400:REV=00"'
# A conventional device has 256 bytes.
run --root "$r" device show --json 00:00.0
want_json 'd["expected_name"] == "Vendor=8086:Device=29c0:CC=060000:REV=00:SSVID=1af4:SSID=1100" and d["doe"] is False'
# One function of a device that has several.
printf '\200' | dd of="$dev/config" bs=1 seek=14 conv=notrunc 2>/dev/null
run --root "$r" device show --json 00:03.0
want_json 'd["expected_name"] == "'"$NVME"'"'
finish

begin "device show: addresses"
for bdf in "" 0 3.0 00:3.0 00:03 00:03.8 00:20.0 0000:00:03.0x 0000:0:03.0 \
	100:00.0 000:00:03.0 ../00:03.0 0000:00:03.0/.. 123456789:00:03.0 \
	0000:00:03.00 " 00:03.0" -1:03.0 0x00:03.0 0000::03.0 :00:03.0; do
	run_plain --root "$r" device show -- "$bdf"
	want_rc 2
	want_err "is not the address of a PCI device, as 0000:00:03.0"
done
run --root "$r" device show 0000:00:1f.7
want_rc 3
want_err "0000:00:1f.7: no such PCI device"
run --root "$r" device show 0001:00:03.0
want_rc 3
run --root "$r" device show
want_rc 2
finish

begin "device show: the device has the key of a slot, and no chain is trusted"
want_shown() {
	run --root "$r" device show --json 00:03.0
	want_json "(d['spdm']['slot'], d['spdm']['proved_slot'], d['spdm']['evidence']) == ($1)"
}
want_shown "1, None, None"
printf '0\n' >"$dev/authenticated"
printf 'untrusted\n' >"$dev/spdm/state"
printf 'none\n' >"$dev/spdm/slot"
printf '1\n' >"$dev/spdm/proved_slot"
printf '4294967295\n' >"$dev/spdm/evidence"
want_shown "None, 1, 4294967295"
run --root "$r" device show 00:03.0
want_out "untrusted"
want_out "the key of slot 1"
want_out "signatures/4294967295_signature"
for word in none '' 8 -1 1x 4294967296 18446744073709551616; do
	printf '%s\n' "$word" >"$dev/spdm/proved_slot"
	printf '%s\n' "$word" >"$dev/spdm/evidence"
	case $word in
	8)	want_shown "None, None, 8" ;;
	*)	want_shown "None, None, None" ;;
	esac
done
rm "$dev/spdm/proved_slot" "$dev/spdm/evidence"
cma_tree
finish

begin "device show: hostile files"
printf '\033[31mred\n' >"$dev/current_link_speed"
printf '1.2\033]0;x\007\n' >"$dev/spdm/version"
printf 'chain 0 -126 A \\x1b[31m \033[31m\xe2\x80\xaejunk\nno failure at all\nchain 9 -1 slot\nchain 0 1 positive\nchain 0 -99999 huge\nchain - -5\n\nversion - -110 Timed out\n' \
	>"$dev/spdm/failure"
printf '9\n' >"$dev/spdm/slot"
run --root "$r" device show 00:03.0
want_rc 0
no_out "$(printf '\033')"
want_out 'link        \x1b[31mred x4'
want_out '1.2\x1b]0;x\x07'
# Text that the kernel has escaped is not escaped twice.
want_out 'A \x1b[31m \x1b[31m\xe2\x80\xaejunk'
want_out "no failure at all"
want_out "version  -     ETIMEDOUT  Timed out"
no_out "slot        9"
run --root "$r" device show --json 00:03.0
want_json 'len(d["failures"]) == 7 and d["spdm"]["slot"] is None'
want_json '[f["stage"] for f in d["failures"]] == ["chain", None, None, None, None, "chain", "version"]'
want_json '[f["text"] for f in d["failures"]][1:] == ["no failure at all", "chain 9 -1 slot", "chain 0 1 positive", "chain 0 -99999 huge", "", "Timed out"]'
want_json 'd["failures"][0]["text"].startswith("A \x1b[31m")'
finish

begin "device show: huge files, pipes, directories, missing files"
cma_tree
for f in vendor class revision authenticated spdm/state spdm/version \
	spdm/slot config current_link_speed; do
	head -c 3000000 /dev/zero | tr '\0' 9 >"$dev/$f"
done
python3 -c 'print("chain 0 -126 x\n" * 100000)' >"$dev/spdm/failure"
head -c 524281 /dev/urandom >"$dev/certificates/slot2"
run --root "$r" device show --json 00:03.0
want_rc 0
want_json 'len(d["failures"]) == 64 and d["state"] == "unknown"'
want_json '[s["error"] for s in d["slots"]] == [None, "is longer than the 524280 bytes allowed here"]'
rm -r "$dev"
mkdir -p "$dev/certificates" "$dev/spdm"
for f in vendor config authenticated spdm/state spdm/failure \
	certificates/slot0 class; do
	mkfifo "$dev/$f"
done
mkdir "$dev/certificates/slot1"
touch "$dev/doe_features"
run --root "$r" device show 00:03.0
want_rc 0
run --root "$r" device certificates 00:03.0
want_rc 1
want_err "Is a directory"
rm -r "$dev"
mkdir "$dev"
run --root "$r" device show 00:03.0
want_rc 0
want_out "[0000:0000]"
finish

if [ "${valgrind:-}" ]; then
	begin "device: links do not lead out of the tree"
	skip "valgrind has no openat2()"
else
	begin "device: links do not lead out of the tree"
	cma_tree
	mkdir -p "$T/outside"
	cp "$T/pki/chain" "$T/outside/slot1"
	echo "tell-tale" >"$T/outside/version"
	echo 1 >"$T/outside/authenticated"
	ln -sf "$T/outside/slot1" "$dev/certificates/slot1"
	ln -sf "$T/outside/version" "$dev/spdm/version"
	ln -sf "$T/outside/authenticated" "$dev/authenticated"
	run --root "$r" device show 00:03.0
	want_rc 0
	no_out "tell-tale"
	no_out "CN=Device"
	want_out "cannot be authenticated"
	run --root "$r" device authenticate 00:03.0
	want_rc 4
	[ "$(cat "$T/outside/authenticated")" = 1 ] || bad "written outside"
	ln -s "$T/outside" "$pci/0000:02:00.0"
	run --root "$r" device show 02:00.0
	want_rc 3
	finish
fi
