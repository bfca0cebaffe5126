# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with t-sev-domain.sh
#
# sev domain: a virsh with faults, and hostile XML. t-sev-domain.sh sources this
# file.

begin "sev domain: a virsh that fails"
xml sev
launch 1 sev
for verb in hostname dumpxml domstate domlaunchsecinfo; do
	FAULT=$verb:fail
	domain guest
	want_rc 1
	want_err "virsh $verb: exit status 1: error: cannot"
	FAULT=$verb:flood
	domain guest
	want_rc 1
	want_err "virsh $verb: the output is longer than"
	FAULT=$verb:kill
	domain guest
	want_rc 1
	want_err "virsh $verb: ended by signal 9"
done
for fault in hang close; do
	FAULT=dumpxml:$fault
	domain --timeout 1 guest
	want_rc 1
	want_err "virsh dumpxml: no result within 1 s"
done
FAULT=dumpxml:moan
domain guest
want_rc 1
want_err "virsh dumpxml: exit status 3"
for fault in garbage empty; do
	FAULT=dumpxml:$fault
	domain guest
	want_rc 1
	want_err "guest: "
done
FAULT=domlaunchsecinfo:empty
domain guest
want_rc 2
want_err "give one of --digest and --measurement"
FAULT=
for line in "sev-measurement: AAAA" "sev-api-major: 256" "sev-build-id:" "sev-policy: 5x" "sev-policy: 1
sev-policy: 1"; do
	cp "$p/answers/domlaunchsecinfo" "$p/report"
	grep -v "^${line%%:*}" "$p/report" >"$p/answers/domlaunchsecinfo"
	echo "$line" >>"$p/answers/domlaunchsecinfo"
	domain guest
	want_rc 1
	want_err "virsh domlaunchsecinfo: ${line%%:*}: "
	mv "$p/report" "$p/answers/domlaunchsecinfo"
done
rc=0
PATH=$p/nothing "$T/ccguest" sev domain --tik "${keys}_tik.bin" --firmware "$p/fw" guest \
	>"$T/out" 2>"$T/err" || rc=$?
want_rc 4
want_err "virsh: is not installed"
run sev domain --gpa 1x --tik "${keys}_tik.bin" --firmware "$p/fw" guest
want_rc 2
for name in "" "-x" "--help"; do
	run sev domain --tik "${keys}_tik.bin" --firmware "$p/fw" -- "$name"
	want_rc 2
done
unchanged
finish

begin "sev domain: hostile XML"
# refused REASON: the file of standard input is refused; the words of libxml2 depend
# on its version
refused()
{
	cat >"$p/guest.xml"
	offline --insecure
	want_rc 1
	want_err "guest.xml: $1"
}
refused "line 1: a document type declaration (DOCTYPE) is not accepted" <<END
<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
<!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;">]>
<domain><name>&lol3;</name></domain>
END
refused "line 3: a document type declaration" <<END
<?xml version="1.0"?>

<!DOCTYPE domain SYSTEM "file://$p/other" [<!ENTITY x SYSTEM "file:///etc/passwd">]><domain><name>&x;</name></domain>
END
refused "line 1: " <<END
<domain><name>&x;</name></domain>
END
{
	i=0
	while [ $i -lt 5000 ]; do
		printf '<domain>'
		i=$((i + 1))
	done
} | refused "line 1: elements are nested too deeply"
refused "line 2: " <<END
<domain>
  <name></domain>
END
refused "line 4: os: the element occurs twice" <<END
<domain>
  <os/>
  <vcpu>1</vcpu>
  <os/>
</domain>
END
refused "line 2: loader: the element occurs twice" <<END
<domain><os><loader>/a</loader>
<loader>/b</loader></os></domain>
END
refused "line 1: " <<END
<domain><launchSecurity type='sev' type='sev-snp'/></domain>
END
refused "line 1: os/loader: expected a text without elements and comments" <<END
<domain><os><loader>/a<!-- x -->/b</loader></os></domain>
END
refused "line 1: the root element is not <domain> without a namespace" <<END
<domain xmlns="urn:other"/>
END
refused "line 1: the root element is not <domain>" <<END
<network/>
END
refused "os/loader: expected an absolute path" <<END
<domain><os><loader>fw</loader></os></domain>
END
refused "launchSecurity/policy: expected a hexadecimal number" <<END
<domain><launchSecurity type='sev'><policy>-1</policy></launchSecurity></domain>
END
refused "launchSecurity/policy: expected a hexadecimal number" <<END
<domain><launchSecurity type='sev'><policy>0x100000000</policy></launchSecurity></domain>
END
for cpus in 0 -1 1x 99999999999999999999 ""; do
	refused "vcpu: expected a number of virtual CPUs" <<END
<domain><vcpu>$cpus</vcpu></domain>
END
done
printf '<?xml version="1.0" encoding="UTF-9"?><domain/>' | refused "line 1: "
printf '<domain><name>\377\376</name></domain>' | refused "line 1: "
printf '<domain><name>\000</name></domain>' | refused "line 1: "
printf '<domain>' | iconv -t UTF-16 | refused "line 1: "
head -c 1048577 /dev/zero | tr '\0' ' ' | refused "is longer than the 1048576 bytes"
# The same description, in other words and another encoding.
xml sev "s|<loader\\(.*\\)>.*<|<loader\\1><![CDATA[$p/f]]>\\&#119;<|" "s|<os>|<x:os xmlns:x='urn:x'/>&|"
iconv -t UTF-16 "$p/guest.xml" >"$p/utf16.xml"
mv "$p/utf16.xml" "$p/guest.xml"
run sev domain --trust-xml --tik "${keys}_tik.bin" --api 1.40 --build 15 \
	--measurement "$measurement" "$p/guest.xml"
want_rc 0
finish
