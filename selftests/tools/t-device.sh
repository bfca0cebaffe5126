# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# ccguest device, on fake machines that --root names, and on this one.

r=$T/root
pci=$r/sys/bus/pci/devices
dev=$pci/0000:00:03.0
NVME=Vendor=1b36:Device=0010:CC=010802:REV=02:SSVID=1af4:SSID=1100

device()
{
	python3 "$here/mkpci.py" "$@"
}

# Two certificates: a CA, and a device's with the name that it must have.
mkdir -p "$T/pki"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes -days 30 \
	-subj '/O=Ex\\ample/CN=Root' -keyout "$T/pki/ca.key" \
	-out "$T/pki/ca.pem" -addext keyUsage=critical,keyCertSign 2>/dev/null
openssl req -new -newkey rsa:2048 -nodes -subj '/CN=Device' \
	-keyout "$T/pki/leaf.key" -out "$T/pki/leaf.csr" 2>/dev/null
printf 'subjectAltName=otherName:2.23.147;UTF8:%s\nbasicConstraints=CA:false\n' \
	"$NVME" >"$T/pki/ext"
openssl x509 -req -in "$T/pki/leaf.csr" -CA "$T/pki/ca.pem" \
	-CAkey "$T/pki/ca.key" -CAcreateserial -days 30 -extfile "$T/pki/ext" \
	-out "$T/pki/leaf.pem" 2>/dev/null
for c in ca leaf; do
	openssl x509 -in "$T/pki/$c.pem" -outform DER -out "$T/pki/$c.der"
done
cat "$T/pki/ca.der" "$T/pki/leaf.der" >"$T/pki/chain"
fingerprint=$(sha256sum "$T/pki/leaf.der" | cut -d ' ' -f 1)

# A machine with a drive that can be authenticated, and other devices.
cma_tree()
{
	tree "$r"
	device "$dev" caps=0x2e@0x100 authenticated=1 \
		spdm/state=authenticated spdm/version=1.2 \
		spdm/asym_algorithm=TPM_ALG_ECDSA_ECC_NIST_P384 \
		spdm/hash_algorithm=TPM_ALG_SHA_384 spdm/slot=1 \
		spdm/failure='chain 0 -126 Root certificate for slot 0 not found in .cma keyring: CN=Other' \
		certificates/slot0= certificates/slot1=@"$T/pki/chain" \
		current_link_speed='8.0 GT/s PCIe' current_link_width=4 \
		max_link_speed='16.0 GT/s PCIe' max_link_width=8
	: >"$dev/certificates/slot0"
	ln -s ../../../../bus/pci/drivers/nvme "$dev/driver"
	device "$pci/0000:00:00.0" ids=8086:29c0:1af4:1100:060000:00 \
		config=256
	device "$pci/0000:01:00.0" ids=8086:0d93:8086:0000:050210:03 \
		caps=0x03@0x100,0x2e@0x190,0x2e@0x140 serial=0123456789abcdef \
		doe_features/0001:00= doe_features/1e98:02= \
		doe_features/1e98:00= doe_features/abcd:7f=
	device "$pci/0000:00:02.0" header=1 ids=1b36:000c:1b36:0000:060400:00
}

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
# What only one of the two says is not believed.
state 0 authenticated unauthenticated
state 1 pending pending
state 0 pending pending
state 0 unknown unknown
state 1 unauthenticated authenticated
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

begin "device list: none"
rm -r "$dev" "$pci/0000:01:00.0"
run --root "$r" device list
want_rc 0
no_out
want_err "ccguest: no PCI device with DOE, of 2; --all lists them all"
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

begin "device list: the order of large domains, and what is no device"
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

begin "device list: who is not root sees only half"
tree "$r"
device "$dev" caps=0x2e@0x100 config=64
run --root "$r" device list
want_rc 0
want_err "1 more may have DOE: only root sees"
run --root "$r" device list --json -a
want_json 'd["devices"][0]["doe"] is None'
run --root "$r" device list -a
want_out "0000:00:03.0  -      ?"
run --root "$r" device show 00:03.0
want_out "cma-name   not known, only root can see"
want_out "serial     not known"
echo 0 >"$dev/authenticated"
run --root "$r" device list
want_out "CMA"
no_err
finish

begin "device list: capabilities that lead round, out, or nowhere"
# caps WANTED OPTION...: how many mailboxes
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
# Round: each of 480 at most, 8 offsets are kept.
caps "[256] * 8" caps=0x2e@0x100 next=0x100
caps "[256, 512] * 4" caps=0x2e@0x100,0x2e@0x200 next=0x100
# Into the conventional space.
caps "[256]" caps=0x2e@0x100 next=0x40
caps "[4092]" caps=0x01@0x100,0x2e@0xffc
caps "[]" caps=0x01@0x100
caps "[]" caps=
# A serial number of which the last word is missing.
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
want_out "EC P-384  -                                                              O=Ex\\x5cample, CN=Root"
want_out "RSA 2048  $NVME  CN=Device"
cp "$T/out" "$T/full"
run --root "$r" device show 00:03.0
out_is "$T/full"
run --root "$r" device show 00:03.0 --json
want_json 'd["schema"] == "ccguest/device-show/1" and d["expected_name"] == "'"$NVME"'"'
want_json 'd["spdm"] == {"version": "1.2", "asym_algorithm": "TPM_ALG_ECDSA_ECC_NIST_P384", "hash_algorithm": "TPM_ALG_SHA_384", "slot": 1}'
want_json 'd["failures"] == [{"stage": "chain", "slot": 0, "errno": "ENOKEY", "text": "Root certificate for slot 0 not found in .cma keyring: CN=Other"}]'
want_json '[(s["slot"], len(s["certificates"]), s["error"]) for s in d["slots"]] == [(1, 2, None)]'
want_json 'd["slots"][0]["certificates"][1]["device_name"] == d["expected_name"]'
want_json 'd["slots"][0]["certificates"][0]["subject"] == "O=Ex\\ample, CN=Root" and d["slots"][0]["certificates"][0]["ca"]'
want_json 'd["slots"][0]["certificates"][1]["sha256"] == "'"$fingerprint"'" and not d["slots"][0]["certificates"][1]["ca"]'
want_json 'd["current_link_speed"] == "8.0 GT/s PCIe" and d["doe_offsets"] == [256]'
finish

begin "device show: the rules"
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
want_json 'd["expected_name"] == "Vendor=8086:Device=0d93:CC=050210:REV=03:SSVID=8086:SSID=0000:0123456789abcdef" and d["serial"] == "0123456789abcdef"'
want_json 'd["doe_offsets"] == [400, 320] and d["failures"] == [] and d["slots"] == [] and d["state"] is None'
run --root "$r" device show 01:00.0
want_out "state      cannot be authenticated"
want_out "doe        at 0x190, 0x140: CXL compliance, CXL CDAT, abcd:7f"
run --root "$r" device show --json 00:02.0
want_json 'd["expected_name"] == "Vendor=1b36:Device=000c:CC=060400:REV=00"'
# 256 bytes is all that a conventional device has.
run --root "$r" device show --json 00:00.0
want_json 'd["expected_name"] == "Vendor=8086:Device=29c0:CC=060000:REV=00:SSVID=1af4:SSID=1100" and d["doe"] is False'
# A function of several.
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
# What the kernel has escaped is not escaped twice.
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

begin "device show: huge files, pipes, directories, and nothing at all"
cma_tree
for f in vendor class revision authenticated spdm/state spdm/version \
	spdm/slot config current_link_speed; do
	head -c 3000000 /dev/zero | tr '\0' 9 >"$dev/$f"
done
python3 -c 'print("chain 0 -126 x\n" * 100000)' >"$dev/spdm/failure"
head -c 65536 /dev/urandom >"$dev/certificates/slot2"
run --root "$r" device show --json 00:03.0
want_rc 0
want_json 'len(d["failures"]) == 64 and d["state"] == "unknown"'
want_json '[s["error"] for s in d["slots"]] == [None, "is longer than the 65535 bytes allowed here"]'
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

begin "device certificates"
cma_tree
run --root "$r" device certificates 00:03.0
want_rc 0
no_err
want_out "slot 1, certificate 0"
want_out "slot 1, certificate 1"
want_out "  subject  CN=Device"
want_out "  issuer   O=Ex\\x5cample, CN=Root"
want_out "  for      $NVME"
want_out "  sha256   $fingerprint"
want_out "  key      EC P-384, of a CA"
run --root "$r" device certificates 00:03.0 --pem
want_rc 0
want_out "# slot 1: CN=Device"
grep -v '^#' "$T/out" >"$T/pem"
cat "$T/pki/ca.pem" "$T/pki/leaf.pem" >"$T/want"
cmp -s "$T/pem" "$T/want" || bad "not the same certificates"
run --root "$r" device certificates 00:03.0 --der
out_is "$T/pki/chain"
cp "$T/pki/leaf.der" "$dev/certificates/slot7"
run --root "$r" device certificates 00:03.0 --der
want_rc 2
no_out
want_err "--der: there are several slots, choose one with --slot"
run --root "$r" device certificates 00:03.0 --der --slot 7
out_is "$T/pki/leaf.der"
rm "$dev/certificates/slot7"
run_tty --root "$r" device certificates 00:03.0 --der
want_rc 2
want_out "standard output: is a terminal"
run_tty --root "$r" device certificates 00:03.0 --der --force
want_rc 0
run --root "$r" device certificates 00:03.0 --der --pem
want_rc 2
run --root "$r" device certificates --json 00:03.0
want_json 'd["schema"] == "ccguest/device-certificates/1" and d["bdf"] == "0000:00:03.0"'
want_json '[c["subject"] for c in d["slots"][0]["certificates"]] == ["O=Ex\\ample, CN=Root", "CN=Device"]'
run --root "$r" device certificates --slot=1 00:03.0
want_rc 0
want_out "CN=Device"
run --root "$r" device certificates --slot=0 00:03.0
want_rc 3
want_err "the kernel has no certificates in this slot"
for n in 8 -1 01 "" x; do
	run --root "$r" device certificates "--slot=$n" 00:03.0
	want_rc 2
done
run --root "$r" device certificates 01:00.0
want_rc 3
want_err "the kernel has no certificates of this device"
run --root "$r" device certificates --pem --json 00:03.0
want_rc 2
finish

begin "device certificates: malformed ones do not hide the others"
head -c 300 "$T/pki/leaf.der" >"$dev/certificates/slot0"
{
	cat "$T/pki/leaf.der"
	printf '\060\202'
} >"$dev/certificates/slot2"
echo "-----BEGIN" >"$dev/certificates/slot3"
run --root "$r" device certificates 00:03.0
want_rc 1
want_out "slot 1, certificate 1"
no_out "slot 0"
want_out "slot 2, certificate 0"
no_out "slot 2, certificate 1"
want_err "0000:00:03.0: slot 0: certificate 0 at offset 0: "
want_err "0000:00:03.0: slot 2: certificate 1 at offset $(wc -c <"$T/pki/leaf.der"): "
run --root "$r" device certificates 00:03.0 --der --slot=2
want_rc 1
cmp -s "$T/out" "$dev/certificates/slot2" || bad "not the bytes of the slot"
run --root "$r" device show 00:03.0
want_rc 0
want_err "0000:00:03.0: slot 0: certificate 0 at offset 0: "
# Every bit of a certificate, and every length of it.
cat >"$T/flip.py" <<'END'
import subprocess, sys
command, root, slot, chain = sys.argv[1:]
good = open(chain, "rb").read()
step = max(1, len(good) // 40)
for at in range(0, len(good), step):
    for data in (good[:at], good[:at] + bytes([good[at] ^ 1 << at % 8]) +
                 good[at + 1:]):
        open(slot, "wb").write(data)
        got = subprocess.run([command, "--root", root, "device",
                              "certificates", "--json=short", "00:03.0"],
                             capture_output=True)
        if got.returncode not in (0, 1, 3):
            sys.exit("%d: %d: %s" % (at, got.returncode, got.stderr))
END
rm "$dev/certificates"/*
python3 "$T/flip.py" "$T/ccguest" "$r" "$dev/certificates/slot1" \
	"$T/pki/chain" >"$T/log" 2>&1 || bad "$(tail -c 3000 "$T/log")"
finish

begin "device authenticate"
cma_tree
echo 0 >"$dev/authenticated"
run --root "$r" device authenticate 00:03.0
want_rc 0
no_err
want_out "0000:00:03.0: authenticated (slot 1)"
# Nothing but "re", and nothing truncated.
[ "$(cat "$dev/authenticated")" = "re" ] || bad "wrote $(cat "$dev/authenticated")"
run --root "$r" device authenticate --all --json
want_rc 0
want_json 'd["schema"] == "ccguest/device-authenticate/1"'
want_json '[(x["bdf"], x["authenticated"], x["errno"], x["slot"]) for x in d["devices"]] == [("0000:00:03.0", True, None, 1)]'
run --root "$r" -q device authenticate -a
want_rc 0
no_out
run --root "$r" -v device authenticate -a
want_out "chain  0     ENOKEY  Root certificate for slot 0 not found"
run --root "$r" device authenticate 01:00.0
want_rc 4
want_out "0000:01:00.0: not authenticated"
want_err "0000:01:00.0: cannot be authenticated"
want_err "hint: make dkms-install"
mkdir "$r/sys/module/pci_cma"
echo live >"$r/sys/module/pci_cma/initstate"
run --root "$r" device authenticate 01:00.0
want_rc 4
want_err "hint: module pci_cma found no mailbox for CMA: ccguest device show 0000:01:00.0 shows the mailboxes"
run --root "$r" device authenticate 00:1f.0
want_rc 3
run --root "$r" device authenticate
want_rc 2
run --root "$r" device authenticate 00:03.0 --all
want_rc 2
rm "$dev/authenticated"
run --root "$r" device authenticate --all
want_rc 3
want_err "no PCI device can be authenticated"
want_err "hint: module pci_cma found no mailbox for CMA: ccguest device list shows the mailboxes"
finish

begin "device authenticate: many at once"
tree "$r"
device "$dev" config=64 authenticated=0
for bus in 10 11 12 13; do
	for slot in 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f; do
		cp -r "$dev" "$pci/0000:$bus:$slot.0"
	done
done
run --root "$r" device authenticate --all --json
want_rc 0
want_json 'len(d["devices"]) == 65 and all(x["authenticated"] for x in d["devices"])'
[ "$(cat "$pci"/*/authenticated)" = "$(printf 're%.0s' $(seq 65))" ] ||
	bad "not all were written"
finish

begin "device authenticate: what the kernel answers"
# A full device stands for a kernel that cannot talk to it.
tree "$r"
device "$dev" spdm/failure='version - -28 Mailbox is full'
if mknod "$dev/authenticated" c 1 7 2>/dev/null && [ -w "$dev/authenticated" ]
then
	run --root "$r" device authenticate 00:03.0
	want_rc 1
	want_out "0000:00:03.0: not authenticated"
	want_err "0000:00:03.0: Mailbox is full"
	run --root "$r" device authenticate --all --json
	want_rc 1
	want_json 'd["devices"][0]["errno"] == "ENOSPC" and d["devices"][0]["why"] == "Mailbox is full"'
	finish
else
	skip "no device nodes here"
fi

begin "device authenticate: who is not root"
tree "$r"
device "$dev" authenticated=0
chmod 644 "$dev/authenticated"
run_user --root "$r" device authenticate 00:03.0
if [ "$(id -u)" -eq 0 ]; then
	want_rc 1
	want_err "0000:00:03.0: Permission denied"
	want_err "hint: run as root"
	[ "$(cat "$dev/authenticated")" = 0 ] || bad "written"
fi
finish

begin "device: this machine"
if [ -d /sys/bus/pci/devices ]; then
	run device list --all
	want_rc 0
	run device list --all --json
	want_json 'len(d["devices"]) == len(__import__("os").listdir("/sys/bus/pci/devices"))'
	bdf=$("$T/ccguest" device list --all --bdfs | head -n 1)
	if [ "$bdf" ]; then
		run device show "$bdf"
		want_rc 0
		want_out "$bdf"
	fi
	finish
else
	skip "no PCI"
fi
