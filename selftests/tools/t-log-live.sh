# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# ccguest log verify --live, with a tree in place of the kernel's registers (tsm-mr).

v=$T/live
r=$v/root
misc=$r/sys/devices/virtual/misc
mr=$misc/tdx_guest/measurements
ccel=$r/sys/firmware/acpi/tables/data/CCEL
mkdir -p "$mr" "${ccel%/*}"
cat >"$v/ccel.json" <<'END'
{"dialect": "ccel", "events": [
 {"index": 1, "type": 8, "text": "firmware"},
 {"index": 1, "type": "0x80000007", "text": "Calling EFI Application from Boot Option"},
 {"index": 3, "type": 13, "text": "grub_cmd: ls"},
 {"index": 3, "type": 13, "text": "kernel_cmdline: quiet"}]}
END
run -q log make -o "$v/ccel.log" "$v/ccel.json"
[ "$rc" -eq 0 ] || echo "# no log: $(cat "$T/err")"
cp "$v/ccel.log" "$ccel"

# set_registers LOG: gives the registers the values that LOG adds up to.
set_registers()
{
	rm -rf "$mr"
	mkdir -p "$mr"
	"$T/ccguest" -q log replay --json "$1" >"$v/registers.json"
	python3 - "$mr" "$v/registers.json" <<'END'
import json, os, sys
values = {r["register"].lower(): r["value"] for r in
          json.load(open(sys.argv[2]))["registers"]}
for i in range(4):
    path = os.path.join(sys.argv[1], "rtmr%d:sha384" % i)
    with open(path, "wb") as f:
        f.write(bytes.fromhex(values.get("rtmr%d" % i, "00" * 48)))
    os.chmod(path, 0o644 if i > 1 else 0o444)
with open(os.path.join(sys.argv[1], "mrtd:sha384"), "wb") as f:
    f.write(bytes(range(48)))
END
}

# extend REGISTER: extends a register, as a write into its file does.
extend()
{
	chmod 644 "$mr/$1:sha384"
	{ cat "$mr/$1:sha384"; printf '%048d' 7; } |
		openssl dgst -sha384 -binary >"$v/next"
	cat "$v/next" >"$mr/$1:sha384"
}

begin "log verify --live: the log adds up"
set_registers "$v/ccel.log"
run --root "$r" log verify --live
want_rc 0
want_out "Verdict: adds up"
want_out "RTMR0     matches"
want_out "RTMR3     matches"
no_out "MRTD"
want_err "nobody signs the registers of --live: they prove nothing to others"
run --root "$r" log verify --live --json
want_rc 0
want_json 'd["adds_up"] and [x["register"] for x in d["registers"]] == ["RTMR0", "RTMR1", "RTMR2", "RTMR3"]'
want_json '[x["extended"] for x in d["registers"]] == [True, False, True, False]'
finish

begin "log verify --live: a register without any event was extended"
extend rtmr3
run --root "$r" log verify --live
want_rc 5
want_out "RTMR0     matches"
want_out "RTMR3     extended without a log entry"
want_out "Verdict: extended without a log entry"
want_err "RTMR3: extended at run time without a log entry"
finish

begin "log verify --live: a register with events was extended further"
set_registers "$v/ccel.log"
extend rtmr2
run --root "$r" log verify --live
want_rc 5
want_out "RTMR2     differs, and is not explained"
want_out "Verdict: extended without a log entry, or does not add up"
want_err "RTMR2: extended without a log entry, or events of the log are wrong"
run --root "$r" log verify --live --json
want_rc 5
want_json 'd["verdict"] == "extended without a log entry, or does not add up"'
want_json '[e["trust"] for e in d["events"] if e["register"] == "RTMR2"] == ["CLAIMED"] * 2'
extend rtmr3
run --root "$r" log verify --live
want_rc 5
want_out "RTMR3     extended without a log entry"
want_out "Verdict: extended without a log entry, or does not add up"
finish

begin "log verify --live: the kernel cannot extend the register"
set_registers "$v/ccel.log"
extend rtmr0
chmod 444 "$mr/rtmr0:sha384"
run --root "$r" log verify --live
want_rc 5
want_out "RTMR0     differs"
no_out "is not explained"
want_out "Verdict: does not add up"
want_err "RTMR0: an event is wrong or missing"
finish

begin "log verify --live: the log has an event that did not happen"
sed 's/{"index": 3, "type": 13, "text": "grub_cmd: ls"},//' "$v/ccel.json" >"$v/less.json"
run -q log make -o "$v/less.log" "$v/less.json"
set_registers "$v/less.log"
run --root "$r" log verify --live
want_rc 5
want_out "Verdict: does not add up"
want_err "RTMR2: event 3 did not happen, or was not measured"
finish

begin "log verify --live: a realm"
mv "$misc/tdx_guest" "$v/tdx_guest"
mkdir -p "$misc/arm_cca_guest/measurements"
cat >"$v/realm.json" <<'END'
{"s2sz": 41, "ram": [{"base": "0x40000000", "size": "0x40000000"}],
 "vcpu": {"pc": "0x40200000"}, "log": {"base": "0x60000000", "size": 4096},
 "events": [{"index": 1, "type": 5, "text": "REM0"}]}
END
run -q log make -o "$v/realm.log" "$v/realm.json"
run -q log rim "$v/realm.json"
python3 - "$misc/arm_cca_guest/measurements" "$(cat "$T/out")" <<'END'
import hashlib, os, sys
values = [bytes.fromhex(sys.argv[2]),
          hashlib.sha256(bytes(32) + hashlib.sha256(b"REM0").digest()).digest()]
for i, name in enumerate(("rim", "rem0", "rem1", "rem2", "rem3")):
    with open(os.path.join(sys.argv[1], name + ":sha256"), "wb") as f:
        f.write(values[i] if i < 2 else bytes(32))
END
run --root "$r" log verify --live --database "$v/db" "$v/realm.log"
want_rc 0
want_out "RIM       matches"
want_out "REM0      matches"
want_out "Verdict: adds up"
rm -rf "$misc/arm_cca_guest"
mv "$v/tdx_guest" "$misc/tdx_guest"
finish

begin "log verify --live: what cannot be compared"
set_registers "$v/ccel.log"
printf '{"dialect": "tpm", "events": [{"index": 4, "type": 4, "data": "00000000"}]}\n' >"$v/tpm.json"
run -q log make -o "$v/tpm.log" "$v/tpm.json"
run --root "$r" log verify --live "$v/tpm.log"
want_rc 1
want_err "is a log of PCRs, and /sys/devices/virtual/misc/tdx_guest/measurements has other registers"
run --root "$r" log verify --live --realm "$v/realm.log"
want_rc 1
want_err "has no sha384 digests, as the registers of /sys/devices/virtual/misc/tdx_guest/measurements"
printf 'short' >"$mr/rtmr2:sha384"
run --root "$r" log verify --live
want_rc 1
want_err "/rtmr2:sha384: has 5 bytes; the digests of its algorithm have 48"
head -c 100 /dev/zero >"$mr/rtmr2:sha384"
run --root "$r" log verify --live
want_rc 1
want_err "has 65 bytes or more"
rm "$mr"/*
run --root "$r" log verify --live
want_rc 4
want_err "the kernel of this machine shows no measurement registers"
rm -r "$mr"
run --root "$r" log verify --live
want_rc 4
want_err "a TDX guest needs Linux 6.16"
run log verify "$v/ccel.log"
want_rc 2
want_err "verify: needs --report, --token and --key, --live, or --registers"
finish
