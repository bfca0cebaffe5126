# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# Guests of libvirt, against the firmware in software and a virsh that answers
# from files, records its arguments, and has faults.

psp=$out/ccguest.objs/test/soft-psp
p=$T/domain
mkdir -p "$p/bin" "$p/answers"
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$here python3 -c 'import sev_model, sys
for name in sys.argv[1:]:
    with open(name, "wb") as f:
        f.write(sev_model.image(seed=name[-2:].encode()))' "$p/fw" "$p/other"
"$psp" platform "$p"
echo kernel >"$p/kernel"
echo initrd >"$p/initrd"
printf 'passphrase %s\0' "$MARKER" >"$p/s1"
echo two >"$p/s2"

# Answers a call from the file of its verb; FAULT is "VERB:KIND".
cat >"$p/bin/virsh" <<'END'
#!/bin/sh
dir=${0%/*}/..
for arg; do printf '<%s>' "$arg"; done >>"$dir/calls"
echo >>"$dir/calls"
[ "$1" != -c ] || shift 2
[ "$LC_ALL" = C ] || exit 9
[ ! -e /proc/self/fd/7 ] || exit 9
case $FAULT in
"$1:hang")	exec sleep 100 ;;
"$1:fail")	printf 'error: cannot\nerror: \033[31mred\n' >&2; exit 1 ;;
"$1:flood")	exec head -c 100000000 /dev/zero ;;
"$1:moan")	head -c 100000 /dev/zero >&2; exit 3 ;;
"$1:kill")	kill -9 $$ ;;
"$1:garbage")	head -c 1000 /dev/urandom; exit 0 ;;
"$1:empty")	exit 0 ;;
"$1:close")	exec sleep 100 >/dev/null 2>&1 ;;
esac
case $1 in
domsetlaunchsecstate)
	cp "$5" "$dir/header"
	cp "$7" "$dir/payload" ;;
resume)	;;
*)	cat "$dir/answers/$1" ;;
esac
END
chmod +x "$p/bin/virsh"
path=$PATH
PATH=$p/bin:$PATH
export FAULT=

# xml KIND [SED...]: writes $p/guest.xml and the answer of dumpxml
xml()
{
	case $1 in
	sev)	policy=0x0001 ;;
	es)	policy=0x0005 ;;
	snp)	policy=0x00030000 ;;
	esac
	cat >"$p/guest.xml" <<END
<domain type='kvm' id='3' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
  <name>guest</name>
  <vcpu placement='static'>2</vcpu>
  <os>
    <type arch='x86_64' machine='pc-q35-9.2'>hvm</type>
    <loader readonly='yes' type='rom' stateless='yes'>$p/fw</loader>
  </os>
  <features><acpi/></features>
  <cpu mode='custom' match='exact'><model fallback='forbid'>EPYC-Milan</model></cpu>
  <devices><emulator>/usr/bin/qemu-system-x86_64</emulator></devices>
END
	if [ "$1" = snp ]; then
		cat >>"$p/guest.xml" <<END
  <launchSecurity type='sev-snp'>
    <policy>$policy</policy>
  </launchSecurity>
</domain>
END
	else
		cat >>"$p/guest.xml" <<END
  <launchSecurity type='sev'>
    <cbitpos>47</cbitpos>
    <reducedPhysBits>1</reducedPhysBits>
    <policy>$policy</policy>
    <dhCert>AAAA</dhCert>
    <session>AAAA
    AAAA</session>
  </launchSecurity>
</domain>
END
	fi
	shift
	for edit; do
		sed -i "$edit" "$p/guest.xml"
	done
	cp "$p/guest.xml" "$p/answers/dumpxml"
}

# with_kernel: a change of xml()
with_kernel="s|^  </os>|<kernel>$p/kernel</kernel><initrd>$p/initrd</initrd><cmdline>quiet \\&amp; ro</cmdline></os>|"
hashes="s|type='sev'|& kernelHashes='yes'|"

# launch POLICY ARGS...: a session, and a start of the guest that measure
# describes with ARGS; sets measurement, and what virsh reports
launch()
{
	n=$((n + 1))
	keys=$p/k$n
	policy=$1
	shift
	run -q sev session --insecure -n "$keys" "$p/sev.chain" "$policy"
	want_rc 0
	"$psp" start "$p" "${keys}_godh.b64" "${keys}_session.b64" "$policy" ||
		bad "start"
	run sev measure "$@" --firmware "$p/fw"
	want_rc 0
	measurement=$("$psp" measure "$p" "$(cat "$T/out")" 1 40 15)
	cat >"$p/answers/domlaunchsecinfo" <<END
sev-measurement: $measurement
sev-api-major  : 1
sev-api-minor  : 40
sev-build-id   : 15
sev-policy     : $policy
sev-new-field  : yes

END
	rm -f "$p/calls" "$p/header" "$p/payload"
}
n=0
echo far.example >"$p/answers/hostname"
printf 'paused\n\n' >"$p/answers/domstate"
cat >"$p/answers/capabilities" <<END
<capabilities><host><cpu><arch>x86_64</arch>
<signature family='25' model='17' stepping='1'/></cpu></host></capabilities>
END

# domain ARGS...: with the keys and the firmware
domain()
{
	run sev domain --tik "${keys}_tik.bin" --firmware "$p/fw" "$@"
}

# offline ARGS...: a file, with everything that the host reports
offline()
{
	domain --api 1.40 --build 15 --measurement "$measurement" "$@" "$p/guest.xml"
}

unchanged()
{
	[ ! -e "$p/header" ] || bad "secrets were sent"
	[ ! -e "${keys}_tik.bin.used" ] || bad "keys were used"
	! grep -q 'resume\|domset' "$p/calls" 2>/dev/null || bad "$(cat "$p/calls")"
}

begin "sev domain: SEV, from a file"
xml sev
launch 1 sev
offline
want_rc 0
want_out "OK: the measurement is that of the launch as described"
no_err
run sev domain - --tik "${keys}_tik.bin" --api 1.40 --build 15 --measurement "$measurement"
want_rc 1
want_err "ccguest: -: line 1: "
[ ! -e "$p/calls" ] || bad "virsh was called: $(cat "$p/calls")"
offline --policy 3
want_rc 5
want_err "measurement: is not that of the launch as described"
want_err "launchSecurity/policy: 0x1, not 0x3"
finish

begin "sev domain: SEV, from virsh, with a secret"
domain --tek "${keys}_tek.bin" --secret "luks-key:$p/s1" -s "$A:$p/s2" -c qemu+ssh://far/system guest
want_rc 0
want_out "OK: the measurement is that of the launch as described"
want_out "OK: the guest has 2 secrets, and runs"
sed 's#<[^>]*/\(header\|payload\).b64>#<\1>#g' "$p/calls" >"$T/calls"
sed 's|^|<-c><qemu+ssh://far/system>|' >"$T/want" <<'END'
<hostname>
<dumpxml><--domain><guest>
<domstate><--domain><guest>
<domlaunchsecinfo><--domain><guest>
<domsetlaunchsecstate><--domain><guest><--secrethdr><header><--secret><payload>
<resume><--domain><guest>
END
cmp -s "$T/calls" "$T/want" || bad "$(diff "$T/calls" "$T/want")"
"$psp" secret "$p" "$p/header" "$p/payload" >"$T/table" 2>"$T/err" || bad "$(cat "$T/err")"
run secret build "luks-key:$p/s1" "$A:$p/s2"
out_is "$T/table"
grep -q "ccguest sev domain, measurement" "${keys}_tik.bin.used" || bad "no mark"
leftover=$(grep -o '</[^>]*/header.b64>' "$p/calls" | tr -d '<>')
[ "$leftover" ] || bad "no header"
[ ! -e "${leftover%/*}" ] || bad "leaves $leftover"
rm "$p/header" "$p/calls"
domain --tek "${keys}_tek.bin" --secret "$A:$p/s2" guest
want_rc 1
want_err "this key is used up"
[ ! -e "$p/calls" ] || bad "asked the host: $(cat "$p/calls")"
finish

begin "sev domain: no secret after another measurement"
launch 1 sev
domain --firmware "$p/other" --tek "${keys}_tek.bin" --secret "$A:$p/s2" guest
want_rc 5
want_out "reported "
unchanged
for opt in "--header=$p/h" "--payload=$p/h"; do
	domain --tek "${keys}_tek.bin" --secret "$A:$p/s2" "$opt" guest
	want_rc 2
	want_err "belong together"
done
domain --secret "$A:$p/s2" guest
want_rc 2
want_err "give --tik and --tek, or --tk"
domain --tek "${keys}_tek.bin" --secret "$A:$p/s2" "$p/guest.xml"
want_rc 2
want_err "needs --header and --payload"
domain --tek "${keys}_tek.bin" --secret "$A" guest
want_rc 2
domain --header "$p/h" --payload "$p/p" guest
want_rc 2
want_err "needs --secret"
unchanged
finish

begin "sev domain: files for the packet, JSON, --tk, --gpa"
cat "${keys}_tek.bin" "${keys}_tik.bin" >"$p/tk"
run sev domain --json --tk "$p/tk" --firmware "$p/fw" --secret "$A:$p/s2" --header "$p/h" \
	--payload "$p/p" --gpa 0x80c000 guest
want_rc 0
want_json 'd["schema"] == "ccguest/sev-domain/1" and d["matches"] and d["injected"] and d["doubts"] == []'
want_json 'len(d["secrets"]) == 1 and d["header"].endswith("/h") and d["kind"] == "sev"'
cmp -s "$p/h" "$p/header" || bad "another header was sent"
cmp -s "$p/p" "$p/payload" || bad "another payload was sent"
grep -qx '<domsetlaunchsecstate>.*<--set-address><0x80c000>' "$p/calls" || bad "$(cat "$p/calls")"
rm -f "$p/tk.used" "$p/h" "$p/p"
run sev domain --json --tk "$p/tk" --firmware "$p/fw" --secret "$A:$p/s2" --header "$p/h" \
	--payload "$p/p" --api 1.40 --build 15 --measurement "$measurement" "$p/guest.xml"
want_rc 0
want_json 'not d["injected"] and d["payload"].endswith("/p")'
"$psp" secret "$p" "$p/h" "$p/p" >"$T/table" 2>"$T/err" || bad "$(cat "$T/err")"
run sev domain --tk "$p/tk" --tik "$p/tk" --firmware "$p/fw" guest
want_rc 2
launch 1 sev
domain --json --firmware "$p/other" guest
want_rc 5
want_json 'not d["matches"] and not d["injected"] and d["secrets"] == []'
finish

begin "sev domain: an injection that fails"
launch 1 sev
FAULT=domsetlaunchsecstate:fail
domain --tek "${keys}_tek.bin" --secret "$A:$p/s2" guest
want_rc 1
want_err "virsh domsetlaunchsecstate: exit status 1: error: cannot error: \\x1b[31mred"
want_err "guest: the secrets were not put into the guest"
kept=$(grep -o '/[^ ]*/header.b64' "$T/err" | head -n 1)
[ -s "$kept" ] || bad "the packet is lost: $kept"
rm -rf "${kept%/*}"
! grep -q resume "$p/calls" || bad "the guest runs"
launch 1 sev
FAULT=resume:fail
domain --tek "${keys}_tek.bin" --secret "$A:$p/s2" guest
want_rc 1
want_err "guest: the guest has its secrets, and is paused"
FAULT=
finish

begin "sev domain: no directory for the packet"
launch 1 sev
mkdir -p "$p/own"
cd "$p/own" || exit
echo mine >header.b64
echo mine >payload.b64
# valgrind itself needs TMPDIR
export TMPDIR="$p/nowhere"
run_plain sev domain --tik "${keys}_tik.bin" --firmware "$p/fw" \
	--tek "${keys}_tek.bin" --secret "$A:$p/s2" guest
unset TMPDIR
want_rc 1
want_err "$p/nowhere/ccguest-"
want_err "hint: the packet needs a directory: set TMPDIR"
[ "$(cat header.b64 payload.b64)" = "mine
mine" ] || bad "files of the user are gone"
cd "$OLDPWD" || exit
unchanged
finish

begin "sev domain: kernel, initrd and command line"
xml sev "$with_kernel" "$hashes"
launch 1 sev --kernel "$p/kernel" --initrd "$p/initrd" --cmdline "quiet & ro"
offline --kernel "$p/kernel" --initrd "$p/initrd" --cmdline "quiet & ro"
want_rc 0
offline
want_rc 1
for place in kernel initrd cmdline; do
	want_err "os/$place: comes from the XML: give --$place, as you expect it"
done
want_err "the launch can not be verified in this way"
no_err "os/loader"
offline --trust-xml
want_rc 0
no_err
offline --insecure
want_rc 0
want_err "ccguest: insecure: os/cmdline: comes from the XML"
offline --json --insecure
want_json 'd["matches"] and [x["place"] for x in d["doubts"]] == ["os/kernel", "os/initrd", "os/cmdline"]'
offline --trust-xml --cmdline "init=/bin/sh"
want_rc 5
xml sev "$with_kernel" "$hashes" "s|quiet|@/etc/passwd|"
offline --trust-xml
want_rc 2
want_err "the command line in the XML begins with @"
finish

begin "sev domain: a kernel that is not measured"
xml sev "$with_kernel"
launch 1 sev
offline
want_rc 1
want_err "os/kernel: kernel, initrd and command line are not measured: kernelHashes is not yes"
offline --insecure
want_rc 0
want_err "insecure: os/kernel"
offline --kernel "$p/kernel"
want_rc 2
want_err "the host does not measure the kernel"
offline --ignore-config
want_rc 0
xml sev "$hashes"
offline --insecure
want_rc 1
want_err "launchSecurity/@kernelHashes: there is no kernel to measure"
want_err "hint: --ignore-config skips"
finish

begin "sev domain: SEV-ES"
xml es
launch 5 sev-es --cpus 2 --cpu EPYC-Milan --vmsa init2
offline --cpus 2 --cpu EPYC-Milan
want_rc 0
offline
want_rc 1
want_err "vcpu: comes from the XML: give --cpus"
want_err "cpu/model: comes from the XML: give --cpu,"
offline --trust-xml
want_rc 0
xml es "s/pc-q35-9.2/pc-i440fx-9.0/"
offline --trust-xml
want_rc 5
want_out "matches   --vmsa init2"
offline --trust-xml --vmsa init2
want_rc 0
launch 5 sev-es --cpus 2 --cpu EPYC-Milan --vmsa legacy
offline --trust-xml
want_rc 0
xml es "s/pc-q35-9.2/q35/" "s/'static'>2/'static' current='2'>8/"
offline --trust-xml --vmsa legacy
want_rc 0
xml es "s/'custom'.*<.cpu>/'host-model'\\/>/"
offline --trust-xml
want_rc 2
want_err "--cpu: is required"
offline --cpus 2 --vmsa-cpu0 "$p/fw"
want_rc 2
finish

begin "sev domain: the processor of the host"
xml es "s/'custom'.*<.cpu>/'host-passthrough'\\/>/"
launch 5 sev-es --cpus 2 --cpu 25/17/1
domain --cpus 2 guest
want_rc 1
want_err "capabilities: the processor comes from the host: give --cpu, as you expect it"
! grep -q capabilities "$p/calls" || bad "asked in vain"
domain --cpus 2 --insecure guest
want_rc 0
domain --cpus 2 --cpu 25/17/1 guest
want_rc 0
for bad in "<capabilities/>" "<capabilities><host><cpu><signature family='x' model='1' stepping='1'/></cpu></host></capabilities>"; do
	cp "$p/answers/capabilities" "$p/capabilities"
	echo "$bad" >"$p/answers/capabilities"
	domain --cpus 2 --insecure guest
	want_rc 1
	want_err "capabilities of the host: host/cpu/signature: is missing or malformed"
	mv "$p/capabilities" "$p/answers/capabilities"
done
finish

begin "sev domain: what the host could forge"
xml sev
launch 1 sev
uname -n >"$p/answers/hostname"
domain guest
want_rc 1
want_err "host: this machine runs the guest"
domain --insecure guest
want_rc 0
want_err "insecure: host: this machine runs the guest"
run sev domain --tik "${keys}_tik.bin" --insecure guest
want_rc 0
want_err "insecure: os/loader: comes from the XML"
echo "$(uname -n | cut -d. -f1).example" >"$p/answers/hostname"
domain guest
want_rc 1
for name in localhost localhost.localdomain; do
	echo "$name" >"$p/answers/hostname"
	domain guest
	want_rc 1
done
echo far.example >"$p/answers/hostname"
domain -c qemu:///system guest
want_rc 1
want_err "host: this machine runs the guest"
run sev domain --tik "${keys}_tik.bin" guest
want_rc 1
want_err "os/loader: comes from the XML: give --firmware, as you expect it"
run sev domain --tik "${keys}_tik.bin" --insecure guest
want_rc 2
want_err "--firmware: is required: the XML names a file of another machine"
for state in running idle "in shutdown" pmsuspended; do
	echo "$state" >"$p/answers/domstate"
	domain guest
	want_rc 1
	want_err "state: the guest is not paused"
	domain --insecure guest
	want_rc 0
done
for state in "shut off" crashed; do
	echo "$state" >"$p/answers/domstate"
	domain --insecure guest
	want_rc 1
	want_err "guest: the guest is shut off"
done
printf 'paused\n\n' >"$p/answers/domstate"
domain --trust-xml guest
want_rc 2
want_err "this XML comes from the host"
finish

begin "sev domain: configurations that can not be verified"
for change in "s|<dhCert>.*||!launchSecurity/dhCert: is missing" \
	"s|>AAAA\$|>|;s|AAAA</session>|</session>|!launchSecurity/session: is missing" \
	"s|<loader.*||!os/loader: is missing: the host chooses the firmware" \
	"s|<loader.*|<loader stateless='yes'/>|!os/loader: is missing: the host chooses the firmware" \
	"s|type='sev'|type='tdx'|!launchSecurity: the type is neither sev nor sev-snp"; do
	xml sev "${change%%!*}"
	offline --insecure --policy 1
	want_rc 1
	want_err "${change#*!}"
	want_err "this guest can not be verified"
	offline --ignore-config --policy 1
	want_rc 0
done
xml es "s|<features>|&<smm state='on'/>|"
offline --policy 5 --cpus 2 --cpu EPYC-Milan
want_rc 1
want_err "features/smm: SEV-ES and SNP have no System Management Mode"
xml sev "s|<features>|&<smm state='on'/>|"
offline
want_rc 0
for store in "<nvram template='/t'>/n</nvram>" "<nvram type='file'><source file='/n'/></nvram>" \
	"<varstore path='/n'/>"; do
	xml sev "s|</os>|$store&|"
	offline
	want_rc 1
	want_err "os/nvram: the firmware's variables are not measured"
	offline --insecure
	want_rc 0
	want_err "insecure: os/nvram"
	offline --ignore-config
	want_rc 0
done
xml sev "s|type='rom' stateless='yes'|type='pflash'|" \
	"s|</domain>|<qemu:commandline><qemu:arg value='-S'/></qemu:commandline>&|"
offline
want_rc 0
want_err "os/loader: without stateless='yes', libvirt may add variables"
want_err "qemu:commandline: the effect of QEMU's arguments is not known"
finish

begin "sev domain: SNP"
xml snp
run sev measure snp --firmware "$p/fw" --cpus 2 --cpu EPYC-Milan
want_rc 0
digest=$(cat "$T/out")
run sev domain --firmware "$p/fw" --cpus 2 --cpu EPYC-Milan "$p/guest.xml"
want_rc 4
want_out "$digest"
want_err "there is nothing to compare: a SNP platform reports no measurement at the launch"
run sev domain --json --trust-xml "$p/guest.xml"
want_rc 4
want_json 'd["launch_digest"] == "'"$digest"'" and d["kind"] == "snp"'
run sev domain --trust-xml --digest "$digest" "$p/guest.xml"
want_rc 0
run sev domain --trust-xml --features 0x21 --digest "$digest" "$p/guest.xml"
want_rc 5
want_out "--features 0x1"
rm -f "$p/calls"
echo running >"$p/answers/domstate"
run sev domain --firmware "$p/fw" --cpus 2 --cpu EPYC-Milan --digest "$digest" guest
want_rc 0
[ "$(cat "$p/calls")" = "<hostname>
<dumpxml><--domain><guest>" ] || bad "$(cat "$p/calls")"
printf 'paused\n\n' >"$p/answers/domstate"
launch 1 sev
run sev domain --trust-xml --tik "${keys}_tik.bin" --tek "${keys}_tek.bin" --secret "$A:$p/s2" \
	--header "$p/h" --payload "$p/p" "$p/guest.xml"
want_rc 2
want_err "a SNP guest takes no secrets at its launch"
run sev domain --trust-xml --api 1.40 --digest "$digest" "$p/guest.xml"
want_rc 2
want_err "--api: is not an option for this kind of guest"
run sev domain --trust-xml --measurement "$measurement" "$p/guest.xml"
want_rc 2
want_err "SNP reports a digest"
finish

begin "sev domain: the ID block of a SNP guest"
openssl ecparam -name secp384r1 -genkey -noout -out "$p/id.pem"
run sev idblock build --digest "$digest" --id-key "$p/id.pem" --block "$p/block" --auth "$p/auth"
want_rc 0
block="<idBlock>$(cat "$p/block")</idBlock>"
auth="<idAuth>$(fold "$p/auth" | sed 's/$/\\n/' | tr -d '\n')</idAuth>"
xml snp "s|</launchSecurity>|$block$auth&|"
run sev domain --trust-xml "$p/guest.xml"
want_rc 0
want_out "OK: the launch digest is that of the launch as described"
run sev domain --trust-xml --cpus 3 "$p/guest.xml"
want_rc 5
want_out "--cpus 2"
# The host can make an ID block that names the digest of another guest.
expected="--firmware $p/fw --cpus 2 --cpu EPYC-Milan"
for guest in guest "$p/guest.xml"; do
	# shellcheck disable=SC2086 # words
	run sev domain $expected "$guest"
	want_rc 1
	no_out OK
	want_err "launchSecurity/idBlock: comes from the XML: give --digest, from a report of the guest"
done
# shellcheck disable=SC2086 # words
run sev domain $expected --insecure guest
want_rc 0
want_err "insecure: launchSecurity/idBlock: "
# shellcheck disable=SC2086 # words
run sev domain $expected --digest "$digest" guest
want_rc 0
no_err
xml snp "s|</launchSecurity>|$block&|"
run sev domain --trust-xml "$p/guest.xml"
want_rc 5
want_err "launchSecurity/idBlock: is without an ID authentication"
xml snp "s|</launchSecurity>|<idBlock>AAAA</idBlock>$auth&|"
run sev domain --trust-xml "$p/guest.xml"
want_rc 5
want_err "expected 96 bytes in base64"
xml snp "s|</launchSecurity>|$(echo "$block" | sed 's/>.\{8\}/>AAAAAAAA/')$auth&|"
run sev domain --trust-xml "$p/guest.xml"
want_rc 5
want_err "launchSecurity/idBlock: "
finish

# shellcheck source-path=SCRIPTDIR source=t-sev-domain.d/hostile.sh
. "$here/t-sev-domain.d/hostile.sh"
PATH=$path
unset FAULT
