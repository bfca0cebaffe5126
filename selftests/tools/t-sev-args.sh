# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# ccguest sev args. QEMU parses the printed arguments, and tells the values of
# the object's properties; the machine needs no SEV.

psp=$out/ccguest.objs/test/soft-psp
p=$T/args
mkdir -p "$p"
# A shell and QEMU must get these characters as they are.
odd="vm,1 'a' \$HOME \"b\""
PYTHONPATH=$here PYTHONDONTWRITEBYTECODE=1 python3 - "$p" <<'END'
import sys
import sev_model as m
reset = m.entry(m.RESET, b"\x04\xb0\x80\0")
for name, image in (
        ("fw", m.image(pages=16)), ("fw-odd", m.image(pages=3)),
        ("fw-none", m.image(pages=16, entries=[reset], sections=[(0x800000, 0x1000, 1)])),
        ("fw-half", m.image(pages=16, entries=[reset, m.entry(m.HASHES, bytes(8))]))):
    with open(sys.argv[1] + "/" + name, "wb") as f:
        f.write(image)
END
cp "$p/fw" "$p/$odd.fd"
echo kernel >"$p/$odd.kernel"
"$psp" platform "$p"
"$T/ccguest" -q sev session --insecure -n "$p/$odd" "$p/sev.chain" NODBG,ES 2>/dev/null
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out "$p/id.pem" 2>/dev/null
"$T/ccguest" sev idblock build --digest "$(printf '%096d' 7)" --id-key "$p/id.pem" \
	--author-key "$p/id.pem" --policy 0x130000 --block "$p/block" --auth "$p/auth"
host_data=$(printf '%064d' 8)
host_base64=$(printf '%041d' 0 | tr 0 A)Ag=

# with_qemu COMMANDS WORDS...: starts QEMU with the words as arguments
with_qemu()
{
	commands=$1
	shift
	timeout 60 qemu-system-x86_64 -machine q35 -accel tcg -m 64 -nodefaults -display none \
		-qmp stdio "$@" <"$commands" >"$T/qmp" 2>"$T/qemu"
}

# qemu REFUSAL PROPERTY...: gives the printed arguments to QEMU. The only
# complaint is that TCG has no such guests. Without the argument -machine, QEMU
# tells the values of these properties: in $T/values.
qemu()
{
	refusal=$1
	shift
	{
		echo '{"execute": "qmp_capabilities"}'
		for property; do
			printf '{"execute": "qom-get", "arguments": {"path": "/objects/sev0", "property": "%s"}}\n' \
				"$property"
		done
		echo '{"execute": "quit"}'
	} >"$T/commands"
	eval "set -- $(cat "$T/out")"
	! with_qemu "$T/commands" "$@" || bad "QEMU starts such a guest under TCG"
	grep -v warning: "$T/qemu" >"$T/complaints"
	[ "$(cat "$T/complaints")" = "qemu-system-x86_64: $refusal" ] ||
		bad "QEMU: $(cat "$T/complaints")"
	shift 2
	with_qemu "$T/commands" "$@" || bad "QEMU: $(grep -v warning: "$T/qemu")"
	grep '"return"' "$T/qmp" | sed '1d;$d;s/^{"return": \(.*\)}.*/\1/' >"$T/values"
}

# values_are LINE...: the values that QEMU has
values_are()
{
	printf '%s\n' "$@" | cmp -s - "$T/values" ||
		bad "QEMU has: $(cat "$T/values")"
}

begin "sev args: one argument per line, quoted"
run sev args sev-es --name "$p/$odd" --policy NODBG,ES --firmware "$p/$odd.fd" \
	--kernel "$p/$odd.kernel" --cmdline "a=b c='d'" --cpus 3 --cpu EPYC-Milan --vmsa legacy
want_rc 0
want_err "cbitpos=51 is for Milan and later; Naples and Rome have --cbitpos=47"
(
	eval "set -- $(cat "$T/out")"
	printf '%s\n' "$@"
) >"$T/words"
doubled=$(printf '%s' "$p/$odd" | sed 's/,/,,/g')
cat >"$T/want" <<END
-machine
confidential-guest-support=sev0
-object
sev-guest,id=sev0,cbitpos=51,reduced-phys-bits=1,policy=0x5,kernel-hashes=on,legacy-vm-type=on,dh-cert-file=${doubled}_godh.b64,session-file=${doubled}_session.b64
-S
-drive
if=pflash,format=raw,unit=0,readonly=on,file=$doubled.fd
-kernel
$p/$odd.kernel
-append
a=b c='d'
-smp
3
-cpu
EPYC-Milan
END
cmp -s "$T/want" "$T/words" || bad "$(diff "$T/want" "$T/words")"
cp "$T/out" "$T/shown"
run sev args --json sev-es --name "$p/$odd" --policy 5 --firmware "$p/$odd.fd" \
	--kernel "$p/$odd.kernel" --cmdline "a=b c='d'" --cpus 3 --cpu EPYC-Milan --vmsa legacy
want_json '"\n".join(d["arguments"]) + "\n" == open("'"$T/want"'").read()'
want_json '(d["kind"], d["policy"], d["kernel_hashes"], d["element"]) == ("sev-es", "0x5", True, None)'
want_json 'len(d["advice"]) == 1 and "cbitpos=51" in d["advice"][0]'
finish

begin "sev args: QEMU has the values, SEV-ES"
if have qemu-system-x86_64; then
	# A kernel would be loaded at once; this file is not one.
	run sev args sev-es --name "$p/$odd" --policy 5 --firmware "$p/$odd.fd" \
		--kernel-hashes on --cbitpos 47 --cpus 2 --cpu EPYC-Rome
	want_rc 0
	[ ! -s "$T/err" ] || bad "$(cat "$T/err")"
	qemu "accelerator does not support confidential guest sev-guest" \
		policy cbitpos reduced-phys-bits kernel-hashes dh-cert-file session-file
	json=$(printf '%s' "$p/$odd" | sed 's/"/\\"/g')
	values_are 5 47 1 true "\"${json}_godh.b64\"" "\"${json}_session.b64\""
	finish
else
	skip "no qemu-system-x86_64"
fi

begin "sev args: QEMU has the values, SNP"
run sev args snp --firmware "$p/fw" --block "$p/block" --auth "$p/auth" \
	--host-data "$host_data" --cpus 2 --cpu EPYC-Milan
want_rc 0
[ ! -s "$T/err" ] || bad "$(cat "$T/err")"
no_out "-S"
if have qemu-system-x86_64; then
	qemu "cannot set up private guest memory for sev-snp-guest: KVM required" \
		policy author-key-enabled kernel-hashes id-block host-data
	values_are 1245184 true false "\"$(cat "$p/block")\"" "\"$host_base64\""
	finish
else
	skip "no qemu-system-x86_64"
fi

begin "sev args: the element of libvirt"
run sev args --format libvirt sev-es --name "$p/$odd" --policy 0x5 --kernel-hashes on \
	--cbitpos 47
want_rc 0
cp "$T/out" "$p/es.xml"
run sev args --format libvirt snp --block "$p/block" --auth "$p/auth" --host-data "$host_data"
want_rc 0
cp "$T/out" "$p/snp.xml"
python3 - "$p" "$odd" "$host_data" >"$T/log" 2>&1 <<'END' || bad "$(cat "$T/log")"
import base64, sys
import xml.etree.ElementTree as et
p, odd, host = sys.argv[1:]
def read(name):
    return open(p + "/" + name).read()
es, snp = et.parse(p + "/es.xml").getroot(), et.parse(p + "/snp.xml").getroot()
assert es.tag == snp.tag == "launchSecurity"
assert es.attrib == {"type": "sev", "kernelHashes": "yes"}, es.attrib
assert {e.tag: e.text for e in es} == {
    "cbitpos": "47", "policy": "0x5", "dhCert": read(odd + "_godh.b64").strip(),
    "session": read(odd + "_session.b64").strip()}
assert snp.attrib == {"type": "sev-snp", "authorKey": "yes"}, snp.attrib
assert {e.tag: e.text for e in snp} == {
    "policy": "0x130000", "idBlock": read("block"), "idAuth": read("auth"),
    "hostData": base64.b64encode(bytes.fromhex(host)).decode()}
END
# The schema of libvirt; that of SNP is in libvirt 10.5 and later.
schemas=/usr/share/libvirt/schemas
if have xmllint && [ -e $schemas/domaincommon.rng ]; then
	cat >"$p/launch.rng" <<END
<grammar xmlns="http://relaxng.org/ns/structure/1.0"
 datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
<start><ref name="launchSecurity"/></start>
<include href="$schemas/domaincommon.rng"/>
</grammar>
END
	names=es
	! grep -q sev-snp $schemas/domaincommon.rng || names="es snp"
	for f in $names; do
		xmllint --noout --relaxng "$p/launch.rng" "$p/$f.xml" >"$T/log" 2>&1 ||
			bad "$(cat "$T/log")"
	done
fi
finish

# A domain with the elements.
domain()
{
	{
		echo "<domain type='kvm'><name>guest</name><memory>1</memory>"
		cat
		echo "</domain>"
	} <"$T/out" >"$p/domain.xml"
}

begin "sev args: the other elements of libvirt"
cp "$p/fw" "$p/a & <b>.fd"
run sev args --format libvirt sev-es --name "$p/$odd" --policy 5 --firmware "$p/a & <b>.fd" \
	--kernel "/k'\"&" --initrd /i --cmdline "a=\"b\" & c<d>" --cpus 2 --cpu EPYC-Milan
want_rc 0
no_err "absolute paths"
domain
python3 - "$p" >"$T/log" 2>&1 <<'END' || bad "$(cat "$T/log")"
import sys
import xml.etree.ElementTree as et
p = sys.argv[1]
d = et.parse(p + "/domain.xml").getroot()
assert [e.tag for e in d][2:] == ["vcpu", "os", "cpu", "launchSecurity"]
assert d.find("os/loader").attrib == {"readonly": "yes", "type": "pflash", "stateless": "yes"}
assert [d.find(x).text for x in ("vcpu", "os/loader", "os/kernel", "os/initrd", "os/cmdline",
        "cpu/model")] == ["2", p + "/a & <b>.fd", "/k'\"&", "/i", 'a="b" & c<d>', "EPYC-Milan"]
END
if have xmllint && [ -e $schemas/domain.rng ]; then
	xmllint --noout --relaxng $schemas/domain.rng "$p/domain.xml" >"$T/log" 2>&1 ||
		bad "$(cat "$T/log")"
fi
run sev args --format libvirt snp --firmware "$p/fw" --cpus 3 --cpu host
want_rc 0
domain
want_out "<loader readonly='yes' type='rom' stateless='yes'>$p/fw</loader>"
want_out "<cpu mode='host-passthrough'/>"
# sev domain takes the same launch from the elements.
run sev measure snp --firmware "$p/fw" --cpus 3 --cpu EPYC-Genoa
digest=$(cat "$T/out")
run sev domain --trust-xml --cpu EPYC-Genoa --digest "$digest" "$p/domain.xml"
want_rc 0
run sev args --format libvirt snp --kernel vmlinuz
want_rc 0
want_err "libvirt wants absolute paths: replace the paths in os by those of the host"
finish

begin "sev args: a session for another policy"
run sev args sev-es --name "$p/$odd" --policy 7
want_rc 2
no_out
want_err "--policy: the session is for another policy: the launch would fail"
# The operator of the host has no keys.
for f in godh session; do
	cp "$p/${odd}_$f.b64" "$p/host_$f.b64"
done
run sev args sev-es --name "$p/host" --policy 7
want_rc 0
# As base64(1) writes them.
for f in godh session; do
	base64 -d "$p/host_$f.b64" | base64 >"$p/lines_$f.b64"
done
run sev args --format libvirt sev-es --name "$p/lines" --policy 5
want_rc 0
want_out "<session>$(cat "$p/host_session.b64")</session>"
echo short >"$p/host_tik.bin"
run sev args sev-es --name "$p/host" --policy 5
want_rc 1
want_err "host_tik.bin: expected a key of 16 bytes"
finish

begin "sev args: a kernel that is not measured, a firmware without room"
off="kernel-hashes is off: kernel, initrd and command line are not measured, and the host can replace them"
room="the firmware has no area for kernel hashes"
run sev args snp --firmware "$p/fw" --kernel vmlinuz --kernel-hashes off
want_rc 0
want_out ",kernel-hashes=off"
want_err "$off"
run sev args --json --format libvirt snp --firmware "$p/fw-none" --kernel vmlinuz \
	--kernel-hashes off
want_rc 0
want_json "\" kernelHashes='no'>\" in d['element'] and d['kernel_hashes'] is False and d['arguments'] is None"
want_json "sorted(d['advice'])[0] == '$off' and '$room' in d['advice'][0]"
for fw in fw-none fw-half; do
	for kind in snp "sev --policy 1"; do
		# shellcheck disable=SC2086 # words
		run sev args $kind --firmware "$p/$fw" --kernel vmlinuz
		want_rc 1
		no_out
		want_err "$fw: $room: QEMU refuses kernel-hashes=on"
		want_err "hint: Debian's package ovmf-amdsev has a firmware with this area"
	done
done
run sev args snp --kernel vmlinuz
want_rc 0
want_out kernel-hashes=on
want_err "without --firmware, the area for kernel hashes is not checked"
finish

begin "sev args: other advice"
run sev args sev --policy 1 --firmware "$p/fw-none"
want_rc 0
want_err "without the files of a session (--name)"
want_err "the firmware has no secret area: no secrets can be sent at launch"
run sev args snp --policy 0xb0000 --firmware "$p/fw-odd"
want_rc 0
want_err "the policy lets the host decrypt the guest's memory"
want_err "the size of the firmware is not a multiple of 64 KiB: QEMU refuses the file for -bios"
run sev args --format libvirt sev-es --policy 5 --vmsa init2
want_err "in libvirt, the machine type decides the form of a VMSA"
finish

begin "sev args: inputs that do not belong together"
run sev args snp --policy 0x30000 --block "$p/block" --auth "$p/auth"
want_rc 2
want_err "the ID block is for the policy 0x130000: the launch would fail"
base64 -d "$p/auth" >"$p/changed"
printf '\252' | dd of="$p/changed" bs=1 seek=100 conv=notrunc status=none
run sev args snp --block "$p/block" --auth "$p/changed"
want_rc 5
no_out
run sev args sev --policy 5
want_rc 2
want_err "is the policy of a SEV-ES guest"
run sev args sev-es --policy 1
want_rc 2
for args in "sev" "snp --policy ES" "snp --name x" "snp --vmsa init2" "sev --policy 1 --vmsa init2" \
	"sev --policy 1 --block x --auth x" "snp --block x" "snp --initrd x" "snp --cmdline x" \
	"snp --kernel sha256:00" "snp --cpu 25/1/1" "snp --cpu sig:1" "snp --cpu x" "snp --cpus 0" \
	"snp --kernel-hashes yes" "snp --format xml" "snp --cbitpos 64" "snp --host-data 00" tdx; do
	# shellcheck disable=SC2086 # words
	run sev args $args
	want_rc 2
	no_out
done
run sev args snp --policy 0x10000
want_rc 2
want_err "--policy: bit 17 (0x20000) must be 1"
tab=$(printf 'a\tb')
run sev args snp --kernel "$tab"
want_rc 2
want_err "--kernel: has a character that cannot be printed"
printf 'a\033[1m' >"$p/cmdline"
run sev args snp --kernel x --cmdline "@$p/cmdline"
want_rc 2
printf 'a\0b' >"$p/cmdline"
run sev args snp --kernel x --cmdline "@$p/cmdline"
want_rc 2
want_err "has a NUL byte"
# A number of CPUs that QEMU would take for octal.
run sev args snp --cpus 010
want_rc 0
want_out "-smp 10"
echo 'root=/dev/vda1 ro' >"$p/cmdline"
run sev args snp --kernel x --cmdline "@$p/cmdline"
want_out "-append 'root=/dev/vda1 ro'"
finish

begin "sev args: files of a session that are not"
cp "$p/${odd}_godh.b64" "$p/bad_godh.b64"
cp "$p/${odd}_godh.b64" "$p/bad_session.b64"
run sev args sev-es --policy 5 --name "$p/bad"
want_rc 1
want_err "bad_session.b64: "
printf '%s' "!" >"$p/bad_session.b64"
run sev args sev-es --policy 5 --name "$p/bad"
want_rc 1
want_err "expected 128 bytes in base64"
run sev args sev-es --policy 5 --name "$p/nowhere"
want_rc 1
want_err "nowhere_godh.b64: No such file"
finish
