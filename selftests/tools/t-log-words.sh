# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# ccguest log show and replay: logs with odd contents, of other forms, or with a
# fault; contents of events in words; one rendering of text.

mkdir -p "$T/log-words"
w=$T/log-words
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	-keyout "$w/key" -subj "/O=Vendor/CN=Root" -outform DER -out "$w/cert" \
	2>/dev/null
python3 "$here/mklog.py" "$w" "$w/cert" || echo "# no logs"
"$top/selftests/cc_event_log/make-logs" "$w/logs"

# meaning NUMBER TEXT: the line of the event ends with the text.
meaning()
{
	line=$(grep -a "^ *$1  " "$T/out")
	case $line in
	*"  $2")	;;
	*)		bad "event $1: $line, not $2" ;;
	esac
}

# pcr0 LOG START: PCR 0 of SHA-256 starts with this last byte. v is the only
# event.
pcr0()
{
	run log replay --json "$w/$1.bin"
	want_rc 0
	want=$(python3 -c 'import hashlib, sys
h = lambda b: hashlib.sha256(b).digest()
pcr = bytes(31) + bytes([int(sys.argv[2])])
for data in sys.argv[3:]:
    pcr = h(pcr + h(data.encode()))
print(pcr.hex())' "$@")
	want_json '[r["value"] for r in d["registers"] if r["index"] == 0 and r["algorithm"] == "sha256"] == ["'"$want"'"]'
}

begin "words: events that were a number of bytes"
run log show "$w/words.bin"
want_rc 0
meaning 1 "StartupLocality 3"
meaning 2 "Boot Guard Measured S-CRTM"
meaning 3 "version 8be4df61-93ca-11d2-aa0d-00e098032b8c"
meaning 4 "1.2.3"
meaning 5 "v"
meaning 6 "Dell Configuration"
meaning 7 "0x10"
meaning 8 "SP800-155, reference manifest 8be4df61-93ca-11d2-aa0d-00e098032b8c of vendor 11129, platform Maker Model, firmware 2.7, https://h/rim"
meaning 9 "SMBIOS at 0x7f001000"
meaning 10 "table Tables: SMBIOS at 0x7f001000"
meaning 11 "SPDM device PCI 8086:1234 at Pci(0x3,0x0), not authenticated"
meaning 12 "SPDM device PCI 8086:1234"
meaning 13 "devdb, 1 certificate: O=Vendor, CN=Root"
meaning 14 "SecureBoot is on"
meaning 15 "SecureBoot of 00000000-0000-0000-0000-000000000007, 1 byte"
meaning 16 "db, 6 certificates: O=Vendor, CN=Root; O=Vendor, CN=Root; O=Vendor, CN=Root; O=Vendor, CN=Root; 2 more"
meaning 17 "dbx, 3 SHA-256 digests"
meaning 18 "KEK is empty"
meaning 19 "db, certificate O=Vendor, CN=Root"
meaning 20 "Google Compute Engine, confidential technology AMD SEV-SNP"
meaning 21 "IMA sha384:00 boot_aggregate"
meaning 22 "separator WBCL of Windows"
meaning 23 "separator, error 0x1"
meaning 24 "separator, error: no memory"
meaning 25 "good init=/evil"
meaning 26 "SecureBoot x, 1 byte"
meaning 27 "SecureBoot is off"
meaning 28 "SecureBoot of 8be4df61-93ca-11d2-aa0d-00e098032b8c, 1 byte"
meaning 29 'initrd=\img'
run log show --json "$w/words.bin"
want_rc 0
want_json 'd["events"][7]["details"]["platform_model"] == "Model" and d["events"][7]["details"]["rim_locator"] == "https://h/rim"'
want_json 'd["events"][8]["details"]["tables"] == [{"vendor_guid": "eb9d2d31-2d88-11d3-9a16-0090273fc14d", "vendor_table": "0x7f001000"}]'
want_json 'd["events"][10]["details"]["device_path"] == "Pci(0x3,0x0)" and d["events"][10]["details"]["auth_state"] == 1'
want_json 'd["events"][13]["details"]["variable_data"] == {"enabled": True}'
want_json 'd["events"][14]["details"]["variable_data"] == "01"'
want_json 'd["events"][15]["details"]["variable_data"][0]["keys"][0]["subject"] == "O=Vendor, CN=Root"'
# tpm2_eventlog prints these events in hexadecimal.
run log show --yaml "$w/words.bin"
want_rc 0
no_out subject
no_out PlatformModel
finish

begin "words: tags"
run log show "$w/tags.bin"
want_rc 0
meaning 1 'AAEL: domain a.b, operation run, content {"k": 1}'
meaning 2 'AAEL: nospaces'
meaning 3 'systemd-boot configuration: loader.conf'
meaning 4 'systemd SMBIOS type 11: smbios:type11'
meaning 5 'Linux initrd: Linux initrd'
meaning 6 'Windows trust boundary: 5 bytes'
meaning 7 'tag 0x77: x'
meaning 8 'LOADED_IMAGE::LoadOptions (the data of EVENT_TAG are not a tag)'
meaning 9 'abc (the data of EVENT_TAG are not a tag)'
meaning 10 'tag 0x1: one; tag 0x2: two (EVENT_TAG has more than one tag)'
want_err "the data of EVENT_TAG are not a tag, at offset"
want_err "EVENT_TAG has more than one tag, at offset"
run log show --json "$w/tags.bin"
want_json 'd["events"][0]["details"]["tags"] == [{"tagged_event_id": "0x4141454c", "tag_name": "AAEL", "domain": "a.b", "operation": "run", "content": "{\"k\": 1}"}]'
want_json 'd["events"][7]["quirks"] == ["the data of EVENT_TAG are not a tag"] and d["events"][7]["details"] == d["events"][7]["data"]'
want_json 'd["events"][9]["details"]["number_of_tags"] == 2'
run log replay "$w/tags.bin"
want_rc 0
want_out "PCR 9 "
finish

begin "words: device paths"
run log show "$w/paths.bin"
want_rc 0
meaning 1 "IPv4(10.0.0.1,UDP,Static,10.0.0.5)"
meaning 2 "IPv4(10.0.0.1,UDP,Static,10.0.0.5,10.0.0.2,255.0.0.0)"
meaning 3 "IPv6(0000:0000:0000:0000:0000:0000:0000:0002,TCP,Static,0000:0000:0000:0000:0000:0000:0000:0001,64,0000:0000:0000:0000:0000:0000:0000:0000)"
meaning 4 "NVMe(0x1,00-25-38-8C-91-B9-6E-FE)"
meaning 5 "Scsi(3,4)"
meaning 6 "Sata(0,65535,0)"
meaning 7 "MAC(525400123456,1)"
meaning 8 "VenMsg(00000000-0000-0000-0000-000000000007,aabb)"
meaning 9 "UsbClass(0x1234,0x5678,9,8,255)"
meaning 10 'UsbWwid(0x1234,0x5678,0x1,"serial")'
meaning 11 "Fibre(0x5,0x6)"
meaning 12 "BluetoothLE(010203040506,0x01)"
meaning 13 "Dns(8.8.8.8,1.1.1.1)"
meaning 14 "PcieRoot(0x1)"
meaning 15 "AcpiExp(PNP0A03,0,uid)"
meaning 16 "MemoryMapped(0xb,0x1000,0x1fff)"
meaning 17 "VenMedia(00000000-0000-0000-0000-000000000007,01)"
meaning 18 "Media(00000000-0000-0000-0000-000000000007)"
meaning 19 "Fv(00000000-0000-0000-0000-000000000007)"
meaning 20 "VirtualDisk(0x1,0x2,1)"
# UEFI 2.10, table 10.67: the forms of other subtypes
meaning 21 "Msg(99,0102)"
meaning 22 "Msg(12,73686f7274)"
meaning 23 "HardwarePath(9,01)"
meaning 24 "AcpiPath(9)"
meaning 25 "MediaPath(99,02)"
meaning 26 "BbsPath(2)"
meaning 27 "Path(6,1,03)"
meaning 28 "NvdimmAcpiAdr(0x10)"
meaning 29 "NVDIMM(00000000-0000-0000-0000-000000000007)"
meaning 30 "RestService(0x1,0x2)"
meaning 31 "RestService(0xff,0x1,00000000-0000-0000-0000-000000000007,05)"
meaning 32 "NVMEoF(nqn.x,0001020304050607)"
meaning 33 "NVMEoF(nqn.x,urn:uuid:00010203-0405-0607-0809-0a0b0c0d0e0f)"
meaning 34 "UartFlowCtrl(XonXoff)"
meaning 35 "SAS(0x5000c500,0x3,0x4,SAS,Internal,Expanded,3,0x0)"
meaning 36 "DebugPort()"
meaning 37 "PersistentVirtualDisk(0x1,0x2,1)"
meaning 38 "PersistentVirtualCD(0x1,0x2,1)"
meaning 39 "Msg(32,73686f7274)"
meaning 40 "Msg(34,00000000000000000000000000000000)"
meaning 41 "VenMsg(d487ddb4-008b-11d9-afdc-001083ffca4d,01)"
# libefivar's names, which tpm2_eventlog prints
run log show --yaml "$w/paths.bin"
want_out 'DevicePath: "SCSI(3,4)"'
want_out 'DevicePath: "FvVol(00000000-0000-0000-0000-000000000007)"'
finish

begin "words: one rendering of text"
name='Größe – диск'
run log show "$w/texts.bin"
want_rc 0
meaning 1 "Boot0001 \"$name\", \\EFI\\$name"
meaning 2 "grub_cmd: $name"
meaning 3 "$name, 1 byte"
meaning 4 "\\$name.efi"
meaning 5 'Boot0002 "😀x", no device path'
meaning 6 'Boot0003 "\xed\xa0\xbdA", no device path'
meaning 7 'Boot0004 "a\xe2\x80\xaeb\xe2\x80\x8bc", no device path'
meaning 8 'bad \xff\xfe utf-8'
run log show --json "$w/texts.bin"
want_json 'd["events"][0]["details"]["variable_data"]["description"] == "'"$name"'"'
want_json 'd["events"][4]["details"]["variable_data"]["description"] == "\U0001f600x"'
# shellcheck disable=SC1003 # a backslash before the end of a string
want_json 'd["events"][3]["details"]["device_path"] == "\\'"$name"'.efi"'
finish

begin "StartupLocality: obeyed, or a note says why not"
pcr0 locality 3 v
no_err
pcr0 locality-pad 3 v
want_err "StartupLocality is padded with zeros; it sets PCR 0, at offset"
pcr0 locality-pcr1 0 v
want_err "StartupLocality is not an event of PCR 0; it has no effect on PCR 0, at offset"
pcr0 locality-form 0 v
want_err "StartupLocality is malformed; it has no effect on PCR 0, at offset"
pcr0 locality-late 0 x v
want_err "StartupLocality is not the first event of PCR 0; it has no effect on PCR 0, at offset"
finish

begin "separators: a second one, and an event behind one"
run log show "$w/separators.bin"
want_rc 0
meaning 1 "separator"
meaning 3 "separator (a separator more than its register can have)"
meaning 4 "separator"
meaning 5 "late (an event extends a register behind the separator that ends its events)"
want_err "a separator more than its register can have, at offset"
finish

begin "replay: no bank is dropped in silence"
run log replay --json "$w/sha3.bin"
want_rc 0
want_json '[r["algorithm"] for r in d["registers"]] == ["sha256", "sha3_256"] and d["not_calculated"] == []'
want=$(python3 -c 'import hashlib
h = lambda b: hashlib.sha3_256(b).digest()
print(h(bytes(32) + h(b"x")).hex())')
want_json 'd["registers"][1]["value"] == "'"$want"'"'
no_err
run log replay "$w/odd-bank.bin"
want_rc 0
want_err "algorithm 0x7777 is not known: its registers are not calculated"
run log replay --json "$w/odd-bank.bin"
want_json 'd["not_calculated"] == ["0x7777"]'
finish

begin "a fault: the events in front of it, the fault, exit status 1"
fault="event 3: more digests than algorithms declared: digests at offset"
run log show "$w/broken.bin"
want_rc 1
meaning 1 "first"
meaning 2 "separator"
want_out "The log is malformed from event 3 on: more digests than algorithms declared: digests at offset"
want_err "$w/broken.bin: $fault"
run log show --json "$w/broken.bin"
want_rc 1
want_json 'len(d["events"]) == 2 and d["fault"]["event"] == 3 and d["fault"]["reason"] == "more digests than algorithms declared"'
want_err "$fault"
run log show --yaml "$w/broken.bin"
want_rc 1
want_out "EventNum: 2"
no_out "pcrs:"
run log show --json "$w/broken-first.bin"
want_rc 1
want_json 'd["events"] == [] and d["fault"]["event"] == 1'
for verb in replay "replay --json" "verify --registers $w/none"; do
	# shellcheck disable=SC2086
	run log $verb "$w/broken.bin"
	want_rc 1
	no_out
	want_err "$fault"
done
run log show --json "$w/sha3.bin"
want_json 'd["fault"] is None'
finish

begin "other forms: TPM 1.2, the Attestation Agent"
run log show "$w/logs/bad/tpm-1.2-events"
want_rc 0
want_out "TPM 1.2 (the form is that of TPM 1.2)"
meaning 1 v
run log replay --json "$w/logs/bad/tpm-1.2-events"
want_json 'd["dialect"] == "tpm12" and d["header"] is None and [r["algorithm"] for r in d["registers"]] == ["sha1"]'
run log show --yaml "$w/logs/bad/tpm-1.2-events"
want_rc 0
no_out SpecID
run log show --json "$w/logs/bad/agent"
want_rc 0
want_json 'd["dialect"] == "aael" and d["registers_are"] == "mrs" and d["events"][0]["register"] == "RTMR3"'
finish

begin "the logs of the guests: shown or refused, as the module does or not"
for f in "$w"/logs/good/*.used; do
	run log show "$f"
	want_rc 0
done
for says in "$w"/logs/bad/*.says; do
	f=${says%.says}
	run log replay "$f"
	if [ -e "$f.shown" ]; then
		want_rc 0
	else
		want_rc 1
		no_out
		want_err "$(sed -n 's/^refused: \(event [0-9]*\): .*/\1/p' "$says"): "
	fi
done
finish
