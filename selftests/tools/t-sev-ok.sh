# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# ccguest sev ok, on hosts that sev-shim.c and a folder make up.

o=$T/ok
mkdir -p "$o/psp"
# A copy: another user may not enter the folder of the build.
cp "$out/ccguest.objs/test/soft-psp" "$o/"
psp=$o/soft-psp
"$psp" platform "$o/psp"
shim=$o/sev-shim.so
if ! ${CC:-cc} -std=gnu11 -O1 -g -Wall -Wextra -Werror -shared -fPIC -o "$shim" \
	"$here/sev-shim.c" 2>"$T/cc.err"; then
	result "not ok" "sev ok: sev-shim.c" "$(cat "$T/cc.err")
"
fi
h=$o/host
fault=

# A host with a processor of Milan, where all is enabled.
milan()
{
	rm -rf "$h"
	mkdir -p "$h/dev/cpu/0" "$h/sys/module/kvm_amd/parameters" "$h/proc"
	: >"$h/dev/sev"
	: >"$h/dev/kvm"
	cat >"$h/dev/cpu/0/cpuid" <<END
0 10 68747541 444d4163 69746e65
1 a00f11 0 0 0
80000000 80000023 68747541 444d4163 69746e65
80000002 20444d41 43595045 31333720 36312033
80000003 726f432d 72502065 7365636f 20726f73
80000004 20202020 20202020 20202020 202020
8000001f 101fd3f 4173 1fd 64
END
	cat >"$h/dev/cpu/0/msr" <<END
c0010010 3f40000
c0010132 4d600000
c0010133 5dbfffff
END
	for p in sev sev_es sev_snp; do
		echo Y >"$h/sys/module/kvm_amd/parameters/$p"
	done
	printf 'processor\t: 0\nflags\t\t: fpu sme sev sev_es sev_snp debug_swap\nbugs\t\t:\n' \
		>"$h/proc/cpuinfo"
}

# ok ARGS...: ccguest sev ok on $h
sev_ok()
{
	rc=0
	# The library is not one of the sanitizers.
	# shellcheck disable=SC2086 # words
	LD_PRELOAD=$shim ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0 \
		SEV_PSP=$psp SEV_PSP_DIR=$o/psp SEV_FAULT=$fault \
		$prefix "$T/ccguest" --root "$h" sev ok "$@" \
		</dev/null >"$T/out" 2>"$T/err" || rc=$?
	after ok "$@"
}

# The limit of the user who runs the tests must not decide.
prlimit --pid $$ --memlock=unlimited 2>/dev/null || :

begin "sev ok: a host with SNP"
milan
sev_ok
want_rc 0
no_err
want_out "passed   processor of AMD: AuthenticAMD, AMD EPYC 7313 16-Core Processor, family 25, model 1, stepping 1 (Milan)"
want_out "passed   processor has SEV: C-bit 51, 5 address bits fewer, 509 guests at a time"
want_out "passed   processor has VMPLs: 4 levels"
want_out "passed   BIOS enables memory encryption: register SYSCFG 0x3f40000"
want_out "passed   BIOS leaves ASIDs to SEV: 410 guests with SEV, ASIDs from 100 to 509"
want_out "passed   BIOS leaves ASIDs to SEV-ES: 99 guests with SEV-ES or SNP"
want_out "passed   firmware behind /dev/sev: firmware API 0.24, build 15, initialized, 0 guests"
want_out "passed   firmware is initialized for SNP: firmware API 1.55, build 21, initialized, RMP initialized, 2 guests"
[ "$(wc -l <"$T/out")" -eq 21 ] || bad "$(cat "$T/out")"
sev_ok snp --json
want_rc 0
want_json '(d["kind"], d["ok"], d["passed"], d["failed"], len(d["checks"])) == ("snp", True, 21, 0, 21)'
want_json 'all(c["verdict"] == "passed" and c["advice"] is None for c in d["checks"])'
sev_ok es --json
want_json '(d["kind"], len(d["checks"])) == ("es", 13) and all(c["kind"] != "snp" for c in d["checks"])'
sev_ok sev --json
want_json '(d["kind"], len(d["checks"])) == ("sev", 10) and all(c["kind"] == "sev" for c in d["checks"])'
sev_ok -q
want_rc 0
no_out
sev_ok nothing
want_rc 2
finish

# CHANGE|KIND|STATUS|NAME of the check|VERDICT|DETAIL
begin "sev ok: each check, failed or unknown"
while IFS='|' read -r change kind status name verdict detail; do
	milan
	fault=
	(cd "$h" && eval "$change")
	[ ! -e "$h/fault" ] || fault=$(cat "$h/fault")
	sev_ok "$kind" --json
	[ "$rc" -eq "$status" ] || bad "$change: exit status $rc: $(cat "$T/err")"
	python3 - "$T/out" "$name" "$verdict" "$detail" >"$T/json" 2>&1 <<'END' ||
import json, sys
checks = {c["name"]: c for c in json.load(open(sys.argv[1]))["checks"]}
c = checks[sys.argv[2]]
if c["verdict"] != sys.argv[3] or sys.argv[4] not in c["detail"] or not c["advice"]:
    sys.exit(str(c))
others = [n for n in checks if checks[n]["verdict"] == "unknown" and n != sys.argv[2]]
if sys.argv[3] == "failed" and others:
    sys.exit("unknown too: %s" % others)
END
		bad "$change: $(cat "$T/json")"
done <<'END'
sed -i 's/^0 .*/0 10 756e6547 6c65746e 49656e69/' dev/cpu/0/cpuid|sev|4|cpu|failed|GenuineIntel
sed -i 's/^0 .*/0 10 756e6547 6c65746e 49656e69/' dev/cpu/0/cpuid|sev|4|cpuid-sev|failed|CPUID 0x8000001f EAX 0
sed -i 's/^0 .*/0 10 756e6547 6c65746e 49656e69/' dev/cpu/0/cpuid|sev|4|bios-sme|failed|only processors of AMD
sed -i 's/^0 .*/0 10 756e6547 6c65746e 49656e69/' dev/cpu/0/cpuid|es|4|bios-asids|failed|CPUID 0x8000001f EAX 0
sed -i 's/^0 .*/0 10 6f677948 656e6975 6e65476e/' dev/cpu/0/cpuid|sev|4|cpu|failed|HygonGenuine
sed -i '/^8000001f/d; s/80000023/8000001e/' dev/cpu/0/cpuid|sev|4|cpuid-sme|failed|EAX 0
sed -i 's/^8000001f.*/8000001f 2 4173 1fd 1/' dev/cpu/0/cpuid|es|4|cpuid-sme|failed|EAX 0x2
sed -i 's/^8000001f.*/8000001f 1 4173 1fd 1/' dev/cpu/0/cpuid|es|4|cpuid-sev|failed|EAX 0x1
sed -i 's/^8000001f.*/8000001f 13 4173 1fd 1/' dev/cpu/0/cpuid|es|4|cpuid-es|failed|EAX 0x13
sed -i 's/^8000001f.*/8000001f b 4173 1fd 1/' dev/cpu/0/cpuid|es|4|bios-es-asids|failed|0 guests with SEV-ES or SNP
sed -i 's/^8000001f.*/8000001f 1b 4173 1fd 1fe/' dev/cpu/0/cpuid|es|4|bios-asids|failed|0 guests with SEV, ASIDs from 510 to 509
sed -i 's/^8000001f.*/8000001f b 4173 1fd 64/' dev/cpu/0/cpuid|snp|4|cpuid-snp|failed|EAX 0xb
sed -i 's/^8000001f.*/8000001f 1b 4173 1fd 64/' dev/cpu/0/cpuid|snp|4|cpuid-vmpl|failed|EAX 0x1b
rm dev/cpu/0/cpuid|sev|4|cpu|failed|the processor has no CPUID
echo >dev/cpu/0/cpuid|sev|1|cpu|unknown|CPUID: Input/output error
sed -i 's/3f40000/3740000/' dev/cpu/0/msr|sev|4|bios-sme|failed|register SYSCFG 0x3740000
sed -i 's/3f40000/2f40000/' dev/cpu/0/msr|snp|4|snp-enabled|failed|register SYSCFG 0x2f40000
sed -i 's/3f40000/1f40000/' dev/cpu/0/msr|snp|4|vmpl-enabled|failed|register SYSCFG 0x1f40000
sed -i 's/4d600000/0/' dev/cpu/0/msr|snp|4|bios-rmp|failed|from 0 to 0x5dbfffff
sed -i 's/5dbfffff/0/' dev/cpu/0/msr|snp|4|bios-rmp|failed|from 0x4d600000 to 0
sed -i 's/5dbfffff/0/; s/^c0010132/c0010136 1e0000\n&/' dev/cpu/0/msr|snp|4|bios-rmp|failed|from 0x4d600000 to 0
rm dev/cpu/0/msr|snp|1|vmpl-enabled|unknown|register SYSCFG: No such file or directory
rm dev/cpu/0/msr proc/cpuinfo|sev|1|bios-sme|unknown|register SYSCFG: No such file or directory
rm dev/cpu/0/msr; sed -i 's/ sev_snp//' proc/cpuinfo|snp|4|snp-enabled|unknown|register SYSCFG: No such
sed -i 's/ sev / /' proc/cpuinfo|sev|4|kernel-sev|failed|no flag sev in /proc/cpuinfo
sed -i 's/ sev_snp / /' proc/cpuinfo|snp|4|kernel-snp|failed|no flag sev_snp in /proc/cpuinfo
rm proc/cpuinfo|sev|1|kernel-sev|unknown|/proc/cpuinfo has no flags
rm dev/kvm|sev|4|kvm|failed|/dev/kvm: No such file or directory
rm -r sys/module/kvm_amd|sev|4|kvm-sev|failed|the module kvm_amd is not loaded
rm sys/module/kvm_amd/parameters/sev_snp|snp|4|kvm-snp|failed|kvm_amd has no parameter sev_snp
echo N >sys/module/kvm_amd/parameters/sev|sev|4|kvm-sev|failed|parameter sev is N
echo 0 >sys/module/kvm_amd/parameters/sev_es|es|4|kvm-es|failed|parameter sev_es is 0
rm sys/module/kvm_amd/parameters/sev; mkdir sys/module/kvm_amd/parameters/sev|sev|1|kvm-sev|unknown|Is a directory
rm dev/sev|sev|4|device|failed|/dev/sev: No such file or directory
echo 1 errno 5 >fault|sev|4|device|failed|PLATFORM_STATUS: Input/output error
echo 1 fw 0x15 >fault|sev|4|device|failed|with error UNSUPPORTED (0x15): the firmware does not support this
echo 9 errno 22 >fault|snp|4|device-snp|failed|the kernel or the firmware does not support this command
echo 9 set 0x200 >fault|snp|4|device-snp|failed|not initialized
END
fault=
finish

begin "sev ok: a RMP with segments has no end"
milan
sed -i 's/5dbfffff/0/; s/^c0010132/c0010136 1e0001\n&/' "$h/dev/cpu/0/msr"
sev_ok snp
want_rc 0
want_out "passed   BIOS reserves the RMP: from 0x4d600000 to 0"
finish

begin "sev ok: the flags of the kernel take the place of unreadable registers"
milan
rm "$h/dev/cpu/0/msr"
sev_ok es
want_rc 0
want_out "passed   BIOS enables memory encryption: the kernel has the flag sev in /proc/cpuinfo"
sev_ok snp
want_rc 1
want_err "snp: 0 of 21 checks failed, 1 cannot be known"
want_out "unknown  VMPLs are enabled: register SYSCFG: No such file or directory"
want_out "         run as root, after modprobe msr; lockdown prevents this"
finish

begin "sev ok: the processor decides what is checked"
milan
sed -i 's/^1 .*/1 830f10 0 0 0/; s/^8000001f.*/8000001f f 16f 1fd 64/' "$h/dev/cpu/0/cpuid"
sev_ok --json
want_rc 0
want_json 'd["kind"] == "es" and "(Rome)" in d["checks"][0]["detail"]'
sed -i 's/^1 .*/1 800f12 0 0 0/; s/^8000001f.*/8000001f 7 16f f 1/' "$h/dev/cpu/0/cpuid"
sev_ok --json
want_rc 0
want_json 'd["kind"] == "sev" and "(Naples)" in d["checks"][0]["detail"]'
sed -i 's/^1 .*/1 800f12 0 80000000 0/; /^8000001f/d' "$h/dev/cpu/0/cpuid"
sed -i 's/^80000000 80000023/80000000 80000008/' "$h/dev/cpu/0/cpuid"
sev_ok
want_rc 4
want_out "(Naples), in a virtual machine"
want_out "         the hypervisor of this virtual machine hides it: check the real host"
finish

# The sanitizers do not start under another user with this limit.
if [ -z "${sanitize:-}" ]; then
begin "sev ok: the limit for locked memory"
if [ "$(id -u)" -ne 0 ]; then
	skip "lowers the limit of another user only as root"
else
	milan
	chmod -R a+rX "$o"
	chmod a+rw "$h/dev/sev" "$h/dev/kvm"
	rc=0
	LD_PRELOAD=$shim ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0 \
		SEV_PSP=$psp SEV_PSP_DIR=$o/psp \
		prlimit --memlock=8388608 \
		setpriv --reuid=65534 --regid=65534 --clear-groups \
		"$T/ccguest" --root "$h" sev ok sev --json >"$T/out" 2>"$T/err" || rc=$?
	want_rc 4
	want_json '[(c["verdict"], c["detail"]) for c in d["checks"] if c["name"] == "memlock"] == [("failed", "8192 KiB for this process")]'
	finish
	begin "sev ok: a user who may not open /dev/kvm does not know whether KVM works"
	chmod 600 "$h/dev/kvm"
	rc=0
	LD_PRELOAD=$shim ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0 \
		SEV_PSP=$psp SEV_PSP_DIR=$o/psp \
		setpriv --reuid=65534 --regid=65534 --clear-groups \
		"$T/ccguest" --root "$h" sev ok sev --json >"$T/out" 2>"$T/err" || rc=$?
	want_json '[c["verdict"] for c in d["checks"] if c["name"].startswith("kvm")] == ["unknown", "passed"]'
	want_json '[c["advice"] for c in d["checks"] if c["name"] == "kvm"] == ["run as root, or as a member of the group kvm"]'
	finish
fi
fi

begin "sev ok: this machine, whatever it is"
run sev ok
case $rc in
0) [ ! -s "$T/err" ] || bad "$(cat "$T/err")" ;;
1 | 4) want_err "checks failed" ;;
*) bad "exit status $rc" ;;
esac
run sev ok snp --json
want_json '(rc := len(d["checks"])) == 21'
finish
