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

# Two certificates: of a CA, and of a device with its correct name.
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

# cma_tree: a machine with a drive that can be authenticated, and other devices.
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

# shellcheck source-path=SCRIPTDIR source=t-device.d/list.sh
. "$here/t-device.d/list.sh"

# shellcheck source-path=SCRIPTDIR source=t-device.d/show.sh
. "$here/t-device.d/show.sh"

# shellcheck source-path=SCRIPTDIR source=t-device.d/tsm.sh
. "$here/t-device.d/tsm.sh"

begin "device measurements: the kernel modules have none"
run device measurements 00:03.0
want_rc 4
no_out
want_err "the kernel modules do not read measurements for their own sake"

begin "device certificates"
cma_tree
run --root "$r" device certificates 00:03.0
want_rc 0
no_err
want_out "slot 1, certificate 0"
want_out "slot 1, certificate 1"
want_out "  subject  CN=Device"
want_out "  issuer   O=Ex\\ample, CN=Root"
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
want_json 'd["schema"] == "ccguest/device-certificates/2" and d["bdf"] == "0000:00:03.0"'
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

begin "device certificates: malformed certificates do not hide the others"
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
# Flips bits of a certificate, and cuts it at each length.
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
# ccguest writes "re" only, and does not truncate the file.
[ "$(cat "$dev/authenticated")" = "re" ] || bad "wrote $(cat "$dev/authenticated")"
run --root "$r" device authenticate --all --json
want_rc 0
want_json 'd["schema"] == "ccguest/device-authenticate/2"'
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

begin "device authenticate: errors of the kernel"
# /dev/full stands for a kernel that cannot reach the device.
tree "$r"
device "$dev" spdm/failure='version - -28 Mailbox is full' spdm/proved_slot=2
if mknod "$dev/authenticated" c 1 7 2>/dev/null && [ -w "$dev/authenticated" ]
then
	run --root "$r" device authenticate 00:03.0
	want_rc 1
	want_out "0000:00:03.0: not authenticated (proved to have the key of slot 2)"
	want_err "0000:00:03.0: Mailbox is full"
	run --root "$r" device authenticate --all --json
	want_rc 1
	want_json 'd["devices"][0]["errno"] == "ENOSPC" and d["devices"][0]["why"] == "Mailbox is full"'
	finish
else
	skip "no device nodes here"
fi

begin "device authenticate: a user other than root"
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
