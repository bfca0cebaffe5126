# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# ccguest report get: report-shim.c plays the kernel; tpm_model.py and, if it is
# installed, swtpm play the vTPM.

d=$T/report-get
shim=$d/report-shim.so
entries=$d/host/sys/kernel/config/tsm/report
mkdir -p "$d/none" "$entries" "$d/snp/dev" "$d/azure/dev"
: >"$d/snp/dev/sev-guest"
: >"$d/azure/dev/tpmrm0"
if ! ${CC:-cc} -std=gnu11 -O1 -g -Wall -Wextra -Werror -shared -fPIC -o "$shim" \
	"$here/report-shim.c" 2>"$T/cc.err"; then
	result "not ok" "report get: report-shim.c" "$(cat "$T/cc.err")
"
fi
python3 - "$d" <<'END_PYTHON'
import struct, sys
d = sys.argv[1]
def save(name, data):
    open(d + "/" + name, "wb").write(data)
body = bytes(i * 7 & 255 for i in range(1184))
save("snp.report", struct.pack("<I", 3) + body[4:])
save("tdx4.quote", struct.pack("<HHI", 4, 2, 0x81) + body[:1100])
save("tdx5.quote", struct.pack("<HHI", 5, 2, 0x81) + body[:1100])
save("cca.token", b"\xd9\x01\x8f\xa0")
cert = b"a certificate"
entry = b"guid of 16 bytes" + struct.pack("<II", 48, len(cert))
save("table", entry + bytes(24) + cert)
save("table.padded", (entry + bytes(24) + cert).ljust(0x4000, b"\0"))
# An entry outside of the table; certificates inside the entries; no end.
save("table.outside", (b"guid of 16 bytes" + struct.pack("<II", 0x3fff, 2)).ljust(0x4000, b"\0"))
save("table.inside", (b"guid of 16 bytes" + struct.pack("<II", 8, 2)).ljust(0x4000, b"\0"))
save("table.endless", entry * (0x4000 // 24) + bytes(0x4000 % 24))
save("table.empty", bytes(0x4000))
json = b'{"keys":[],"user-data":"' + b"0" * 128 + b'"}'
head = struct.pack("<4sIIII", b"HCLA", 2, 1184, 2, 0).ljust(32, b"\0")
for name, size in (("blob", 2600), ("blob.2048", 2048)):
    save(name, ((head + body).ljust(0x4c0, b"\0") + struct.pack("<IIIII", 20 + len(json), 1, 2, 1,
         len(json)) + json).ljust(size, b"\0"))
save("blob.other", b"HCLB".ljust(2600, b"\0"))
save("blob.small", b"HCLA".ljust(0x4d3, b"\0"))
END_PYTHON
nonce=000102030405060708090a0b0c0d0e0f
root=$d/host
fault=
provider=sev_guest
floor=0
report=$d/snp.report
table=$d/table

# get ARGS...: ccguest report get -o $d/x on the machine $root
get()
{
	rm -f "$d/x" "$d/x.auxblob"
	rc=0
	# The library is not one of the sanitizers.
	# shellcheck disable=SC2086 # words
	env LD_PRELOAD="$shim" ASAN_OPTIONS="$ASAN_OPTIONS:verify_asan_link_order=0" \
		TSM_PROVIDER="$provider" TSM_REPORT="$report" ${floor:+TSM_FLOOR="$floor"} \
		${table:+TSM_TABLE="$table"} ${tpm:+TPM_SOCKET="$tpm"} \
		REPORT_FAULT="$fault" \
		$prefix "$T/ccguest" --root "$root" report get -o "$d/x" "$@" \
		</dev/null >"$T/out" 2>"$T/err" || rc=$?
	after "$@"
	[ -z "$(ls "$entries")" ] || bad "left behind: $(ls "$entries")"
	rm -rf "${entries:?}"/*
	if [ "$rc" -ne 0 ]; then
		[ -z "$(ls -d "$d/x" "$d/x.auxblob" 2>/dev/null)" ] || bad "wrote a file"
		no_out
	fi
}

# data_at OFFSET: prints 64 bytes of the report in hexadecimal
data_at()
{
	od -An -v -tx1 -j "$1" -N 64 "$d/x" | tr -d ' \n'
}

zeros=$(printf '%096d' 0)

begin "report get: a machine without reports"
root=$d/none
get
want_rc 4
want_err "attestation reports: this machine has no configfs-tsm with a provider, no /dev/sev-guest, and no vTPM"
want_err "hint: in a guest of SEV-SNP, TDX or Arm CCA, load the kernel's module"
get --provider tsm
want_rc 4
want_err "/sys/kernel/config/tsm/report: No such file or directory"
want_err "hint: this needs Linux 6.7 or newer"
get --provider sev-guest
want_rc 4
want_err "/dev/sev-guest: No such file or directory"
get --provider azure
want_rc 4
want_err "/dev/tpmrm0: No such file or directory"
root=$d/host
fault="mkdir errno 6"
get
want_rc 4
want_err "attestation reports: this machine has no configfs-tsm with a provider"
get --provider tsm
want_rc 4
want_err "the kernel has no provider of reports"
fault=
finish

begin "report get: arguments"
run report get
want_rc 2
want_err "-o: is required"
for args in "--nonce x" "--nonce 0" "--nonce ${zeros}${nonce}00" "--privlevel 4" "--privlevel -1" \
	"--provider tdx" "--nonce 00 --data $d/table" "file"; do
	# shellcheck disable=SC2086 # words
	get $args
	want_rc 2
done
get --nonce ""
want_rc 2
want_err "--nonce is 1 to 64 bytes in hexadecimal"
: >"$d/empty"
for file in "$d/empty" "$report"; do
	get --data "$file"
	want_rc 1
	want_err "expected 1 to 64 bytes"
done
get --data "$d/nothing"
want_rc 1
finish

begin "report get: SEV-SNP through configfs-tsm"
get --nonce $nonce
want_rc 0
want_out "x: 1184 bytes from tsm, format sev_guest"
want_out "x.auxblob: 61 bytes of auxiliary data"
no_out "nonce"
no_err
[ "$(data_at 80)" = "$nonce$zeros" ] || bad "the data: $(data_at 80)"
cmp "$d/x.auxblob" "$d/table" || bad "another table"
[ "$(stat -c %a "$d/x")" = 600 ] || bad "mode"
get --nonce $nonce --json
want_json '(d["size"], d["source"], d["provider"], d["privlevel"]) == (1184, "tsm", "sev_guest", 0)'
want_json 'd["nonce"] == "'$nonce'" and d["auxiliary"].endswith("/x.auxblob") and d["output"].endswith("/x")'
finish

begin "report get: the data of a file, and a random nonce"
printf 'data of a file' >"$d/data"
get --data "$d/data"
want_rc 0
no_out "nonce"
case $(data_at 80) in
646174612066696c6500*) bad "text" ;;
64617461206f6620612066696c6500*) ;;
*) bad "the data: $(data_at 80)" ;;
esac
head -c 64 "$report" >"$d/data"
get --data "$d/data"
[ "$(data_at 80)" = "$(od -An -v -tx1 "$d/data" | tr -d ' \n')" ] || bad "64 bytes"
get
want_rc 0
want_err "this guest chose the nonce"
first=$(sed -n 's/^nonce //p' "$T/out")
[ ${#first} -eq 64 ] || bad "nonce $first"
[ "$(data_at 80)" = "$first$(printf '%064d' 0)" ] || bad "another nonce than $first"
get -q
want_rc 0
second=$(sed -n 's/^nonce //p' "$T/out")
[ ${#second} -eq 64 ] || bad "nonce $second"
[ "$first" != "$second" ] || bad "the same nonce"
finish

begin "report get: existing files are not replaced"
get
cp "$d/x" "$d/keep"
cp "$d/x.auxblob" "$d/keep.auxblob"
for name in keep keep.auxblob; do
	mv "$d/$name" "$d/y$name"
	env LD_PRELOAD="$shim" ASAN_OPTIONS="$ASAN_OPTIONS:verify_asan_link_order=0" \
		TSM_REPORT="$report" TSM_TABLE="$table" \
		"$T/ccguest" --root "$root" report get -o "$d/keep" >"$T/out" 2>"$T/err" &&
		bad "replaced a file"
	want_err "exists, and is not replaced"
	[ ! -e "$d/$name" ] || bad "wrote half"
	mv "$d/y$name" "$d/$name"
done
rm "$d/keep" "$d/keep.auxblob"
finish

begin "report get: TDX and Arm CCA"
table=
floor=
for p in tdx_guest:tdx4.quote:568 tdx_guest:tdx5.quote:574; do
	provider=${p%%:*}
	report=${p#*:}
	report=$d/${report%:*}
	get --nonce $nonce
	want_rc 0
	want_out "1108 bytes from tsm, format tdx_guest"
	no_out "auxiliary"
	[ ! -e "$d/x.auxblob" ] || bad "wrote auxiliary data"
	[ "$(data_at "${p##*:}")" = "$nonce$zeros" ] || bad "$p: the data"
done
get --json
want_json '(d["auxiliary"], d["privlevel"], len(d["nonce"])) == (None, None, 64)'
get --privlevel 0
want_rc 4
want_err "tdx_guest: its reports have no privilege level"
provider=arm_cca_guest
report=$d/cca.token
fault="outblob stale 0"
get
want_rc 0
cmp "$d/x" "$report" || bad "another token"
fault=
provider=sev_guest
report=$d/snp.report
table=$d/table
floor=0
finish

begin "report get: privilege levels"
floor=2
get --json
want_json 'd["privlevel"] == 2'
get --json --privlevel 3
want_json 'd["privlevel"] == 3'
get --privlevel 1
want_rc 4
want_err "this guest cannot get a report for privilege level 1: the most privileged level is 2"
floor=4
get
want_rc 1
want_err "privlevel_floor: expected 0 to 3"
floor=0
finish

begin "report get: empty auxiliary data"
table=$d/empty
get
want_rc 0
[ ! -e "$d/x.auxblob" ] || bad "wrote auxiliary data"
table=$d/table
finish

begin "report get: another process writes to the entry"
for n in 1 4; do
	fault="generation race $n"
	get --nonce $nonce
	want_rc 0
	[ "$(data_at 80)" = "$nonce$zeros" ] || bad "the data"
done
fault="generation race 100"
get
want_rc 1
want_err "generation: another process changed the request in each of 5 tries"
# The kernel dropped a write: the number of writes is too small.
fault="generation text 7"
get
want_rc 1
want_err "another process changed the request"
fault=
finish

# FAULT|STATUS|MESSAGE
begin "report get: faults of configfs-tsm"
while IFS='|' read -r fault status want; do
	get
	[ "$rc" -eq "$status" ] || bad "$fault: exit status $rc"
	grep -qF -e "$want" "$T/err" || bad "$fault: $(cat "$T/err")"
done <<END
mkdir errno 1|1|Operation not permitted
mkdir errno 13|1|Permission denied
mkdir errno 17|1|File exists
provider errno 6|4|attestation reports: this machine has no configfs-tsm with a provider
provider missing 0|1|provider: No such file or directory
provider text $zeros|1|provider: expected a name of 1 to 31 characters
generation missing 0|1|generation: No such file or directory
generation text x|1|generation: expected a number
generation text -1|1|generation: expected a number
generation text 99999999999999999999999|1|generation: expected a number
privlevel_floor text 1x|1|privlevel_floor: expected a number
privlevel errno 16|1|privlevel: Device or resource busy
privlevel missing 0|1|privlevel: No such file or directory
inblob errno 5|1|inblob: Input/output error
inblob short 63|1|inblob: the kernel took 63 of 64 bytes
inblob missing 0|1|inblob: No such file or directory
outblob errno 16|1|hint: the host has not answered an earlier request: try again in a minute
outblob errno 5|1|hint: the host did not make the report
outblob errno 110|1|outblob: Connection timed out
outblob errno 22|1|hint: the platform refused the request
outblob errno 25|1|hint: the key of this guest for messages to the firmware is lost
outblob errno 6|4|attestation reports: this machine has no configfs-tsm with a provider
outblob len 1183|1|sev_guest: expected a report of at least 1184 bytes, found 1183
outblob len 0|1|sev_guest: expected a report of at least 1184 bytes, found 0
outblob len 1048577|1|outblob: is longer than the 1048576 bytes allowed here
outblob stale 0|5|sev_guest: the report was made for other data than the requested data
auxblob errno 12|1|auxblob: Cannot allocate memory
END
provider=tdx_guest
report=$d/tdx4.quote
for len in 637 0; do
	fault="outblob len $len"
	get
	want_rc 1
	want_err "tdx_guest: expected a report of at least 638 bytes, found $len"
done
for report in "$d/tdx4.quote" "$d/tdx5.quote"; do
	fault="outblob stale 0"
	get
	want_rc 5
done
provider=arm_cca_guest
fault="outblob len 0"
get
want_rc 1
want_err "arm_cca_guest: expected a report of at least 1 bytes, found 0"
provider=sev_guest
report=$d/snp.report
fault=
finish

begin "report get: the entry cannot be removed"
fault="rmdir errno 16"
rm -f "$d/x"
env LD_PRELOAD="$shim" ASAN_OPTIONS="$ASAN_OPTIONS:verify_asan_link_order=0" \
	TSM_REPORT="$report" REPORT_FAULT="$fault" \
	"$T/ccguest" --root "$root" report get -o "$d/x" >"$T/out" 2>"$T/err" && bad "no failure"
want_err "cannot be removed: Device or resource busy"
want_err "hint: run rmdir /sys/kernel/config/tsm/report/ccguest-"
rm -rf "${entries:?}"/*
fault=
finish

begin "report get: a signal ends the command, and the entry is removed"
for signal in TERM INT HUP; do
	env LD_PRELOAD="$shim" ASAN_OPTIONS="$ASAN_OPTIONS:verify_asan_link_order=0" \
		TSM_REPORT="$report" REPORT_FAULT="outblob hang 0" \
		python3 - "$signal" "$entries" \
		"$T/ccguest" --root "$root" report get -o "$d/x" >"$T/json" 2>&1 <<'END' ||
import os, signal, subprocess, sys, time
sig = getattr(signal, "SIG" + sys.argv[1])
# A shell lets background processes ignore some signals.
p = subprocess.Popen(sys.argv[3:], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                     preexec_fn=lambda: signal.signal(sig, signal.SIG_DFL))
end = time.monotonic() + 60
while not os.listdir(sys.argv[2]) and time.monotonic() < end:
    time.sleep(0.01)
time.sleep(0.2)
p.send_signal(sig)
out = p.communicate(timeout=60)[0]
if p.returncode != -sig or out:
    sys.exit("%s: %r" % (p.returncode, out))
END
		bad "$signal: $(cat "$T/json")"
	[ -z "$(ls "$entries")" ] || bad "left behind: $(ls "$entries")"
	rm -rf "${entries:?}"/*
	[ ! -e "$d/x" ] || bad "wrote a file"
done
finish

begin "report get: /dev/sev-guest"
root=$d/snp
table=$d/table.padded
get --nonce $nonce
want_rc 0
want_out "x: 1184 bytes from sev-guest, format sev_guest"
[ "$(data_at 80)" = "$nonce$zeros" ] || bad "the data"
cmp "$d/x.auxblob" "$d/table" || bad "another table"
get --provider sev-guest --privlevel 2 --json
want_json '(d["privlevel"], d["source"]) == (2, "sev-guest")'
table=
get
want_rc 0
[ ! -e "$d/x.auxblob" ] || bad "a table of zeros"
# Malformed tables are kept as they are.
for name in outside inside endless; do
	table=$d/table.$name
	get
	want_rc 0
	cmp "$d/x.auxblob" "$table" || bad "$name: another table"
done
table=$d/table.empty
get
[ ! -e "$d/x.auxblob" ] || bad "a table of zeros"
# The table is too long for the kernel: a report without a table.
table=$d/table.padded
fault="ext vmm 1"
get
want_rc 0
[ ! -e "$d/x.auxblob" ] || bad "a table"
fault=
# A file in the place of the device.
rm -f "$d/x"
run --root "$root" report get -o "$d/x"
want_rc 4
want_err "/dev/sev-guest: is not the device of SEV-SNP"
while IFS='|' read -r fault status want; do
	get
	[ "$rc" -eq "$status" ] || bad "$fault: exit status $rc"
	grep -qF -e "$want" "$T/err" || bad "$fault: $(cat "$T/err")"
done <<END
ext errno 1|1|/dev/sev-guest: Operation not permitted
ext errno 5|1|/dev/sev-guest: Input/output error
ext errno 110|1|the host is busy: Connection timed out
ext vmm 2|1|hint: try again in a minute
ext vmm 9|1|the host refused the request with error 9
ext fw 0x16|1|the firmware refused the request with error INVALID_PARAM (0x16): a parameter is invalid
ext fw -1|1|/dev/sev-guest: Input/output error
ext status 0x7777|1|error of an unknown name (0x7777)
ext status 0x16|1|hint: try --privlevel
ext size 3969|1|the report's size at offset 4 is 3969, limit 3968
ext size 1183|1|expected a report of at least 1184 bytes, found 1183
ext size 0|1|expected a report of at least 1184 bytes, found 0
outblob stale 0|5|the report was made for other data
END
fault=
root=$d/host
table=$d/table
finish

# vtpm [BLOB [FAULT]]: starts tpm_model.py
vtpm()
{
	tpm=$d/tpm.socket
	rm -f "$tpm"
	python3 "$here/tpm_model.py" serve "$tpm" "$d/${1:-blob}" "${2-}" 2>"$d/tpm.err" &
	tpm_pid=$!
	for _ in $(seq 200); do
		[ ! -S "$tpm" ] || break
		sleep 0.05
	done
}

end_vtpm()
{
	end_helper "$tpm_pid" 2>/dev/null
	[ ! -s "$d/tpm.err" ] || bad "the TPM: $(cat "$d/tpm.err")"
	tpm=
}

begin "report get: the vTPM of Azure"
root=$d/azure
vtpm
get
want_rc 0
want_out "x: 2600 bytes from azure, format azure"
want_err "the report was made at boot and has no nonce"
no_out "nonce"
cmp "$d/x" "$d/blob" || bad "another blob"
get --json --provider azure
want_json '(d["source"], d["nonce"], d["privlevel"], d["size"]) == ("azure", None, None, 2600)'
get --privlevel 1
want_rc 4
want_err "the report in the vTPM is for privilege level 0"
get --privlevel 0
want_rc 0
# With data: the first call makes the index, the second finds it.
for n in $nonce 99; do
	get --nonce "$n" --json
	want_rc 0
	want_json 'd["nonce"] == "'"$n"'"'
	grep -qa "\"user-data\":\"$(echo "$n" | tr a-f A-F)00" "$d/x" || bad "$n: the data"
done
end_vtpm
vtpm blob "late 4"
get --nonce $nonce
want_rc 0
end_vtpm
vtpm blob "frozen 0"
get --nonce $nonce
want_rc 4
want_err "the report in the vTPM does not get the data: this guest gets one report per boot"
want_err "hint: without --nonce and --data, the command writes this report"
end_vtpm
# Only the password of the index, or only the owner, may read.
for attributes in 0x20040000 0x20020000; do
	vtpm blob "attr $attributes"
	get
	want_rc 0
	end_vtpm
done
finish

begin "report get: faults of a vTPM"
while IFS='|' read -r blob kind status want; do
	vtpm "$blob" "$kind"
	get --provider azure
	[ "$rc" -eq "$status" ] || bad "$kind: exit status $rc: $(cat "$T/err")"
	grep -qF -e "$want" "$T/err" || bad "$kind: $(cat "$T/err")"
	end_vtpm
done <<END
blob|none 0|4|no NV index 0x1400001: this is not the vTPM of a confidential guest of Azure
blob.other|x 0|4|NV index 0x1400001 has other contents
blob.small|x 0|4|NV index 0x1400001 is too small
blob|busy 3|0|made at boot
blob|busy 99|1|the TPM is still busy after 20 tries
blob|rc 0x149|1|the TPM refused access to NV index 0x1400001 with response code 0x149
blob|hex 80|1|answer of the TPM: the header is too short
blob|hex 80020000000b00000000|1|the length in the header, at offset 2, is not that of the answer
blob|hex 80010000000a00000000|1|the tag, at offset 0, is another than expected
blob|hex 80020000000a00000149|1|the tag, at offset 0, is another than expected
blob|hex 80020000000a00000000|1|the parameters, at offset 10, are too short
blob|hex 80020000000e0000000000000001|1|the parameters, at offset 10, are too short
blob|hex 8002000000100000000000000002ffff|1|the length of the data, at offset 14, is wrong
blob|hex 80020000001100000000000000030000ff|1|the length of the data, at offset 14, is wrong
blob|hex 80020000001100000000000000030001ff|1|the data has another length than requested
END
vtpm blob "small 32"
get --nonce $nonce
want_rc 4
want_err "NV index 0x1400002 has 32 bytes, not 64"
end_vtpm
vtpm blob "none 0"
get
want_rc 4
want_err "attestation reports: this machine has no"
end_vtpm
vtpm
fault="tpmrm0 errno 62"
get
want_rc 1
want_err "/dev/tpmrm0: Timer expired"
fault=
end_vtpm
finish

begin "report get: swtpm"
if have swtpm; then
	mkdir "$d/swtpm"
	tpm=$d/swtpm.socket
	swtpm socket --tpm2 --tpmstate "dir=$d/swtpm" --flags not-need-init,startup-clear \
		--server "type=unixio,path=$tpm" >"$d/swtpm.log" 2>&1 &
	tpm_pid=$!
	for _ in $(seq 200); do
		[ ! -S "$tpm" ] || break
		sleep 0.05
	done
	get
	want_rc 4
	python3 "$here/tpm_model.py" prepare "$tpm" "$d/blob.2048" >"$T/json" 2>&1 ||
		bad "$(cat "$T/json")"
	get
	want_rc 0
	cmp "$d/x" "$d/blob.2048" || bad "another blob"
	# swtpm takes the data; nobody makes a new blob.
	for _ in 1 2; do
		get --nonce $nonce
		want_rc 4
		want_err "the report in the vTPM does not get the data"
	done
	end_helper $tpm_pid 2>/dev/null
	tpm=
	finish
else
	skip "no swtpm"
fi
root=$d/host
