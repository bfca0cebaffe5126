# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# Tests ccguest log with files, and with the log of a machine.

mkdir -p "$T/measured"
l=$T/measured

# The log of a guest, and the files that it was made from.
printf 'a kernel\n' >"$l/kernel"
printf 'a device tree\n' >"$l/dtb"
cat >"$l/realm.json" <<'END'
{"s2sz": 41, "breakpoints": 5, "watchpoints": 3, "pmu_counters": 6, "cpus": 2,
 "ram": [{"base": "0x40000000", "size": "0x40000000"}],
 "images": [{"name": "KERNEL", "file": "kernel", "base": "0x40200000"},
            {"name": "DTB", "file": "dtb", "base": "0x48000000"}],
 "vcpu": {"pc": "0x40200000", "x0": "0x48000000"},
 "log": {"base": "0x60000000", "size": 4096}}
END
cat >"$l/tpm.json" <<'END'
{"dialect": "tpm", "events": [
 {"index": 4, "type": "0x80000007", "text": "Calling EFI Application from Boot Option"},
 {"index": 7, "type": "0x80000001", "data": "61dfe48bca93d211aa0d00e098032b8c0a00000000000000010000000000000053006500630075007200650042006f006f00740001"},
 {"index": 8, "type": 13, "data": "677275625f636d643a201b5b33316d72656400"}]}
END
# The log of a machine, with padding.
run -q log make -o "$l/realm.log" "$l/realm.json"
[ "$rc" -eq 0 ] || echo "# no log: $(cat "$T/err")"
run -q log make -o "$l/tpm.log" "$l/tpm.json"

begin "log show: a realm"
run log show "$l/realm.log"
want_rc 0
want_out "Arm CCA realm, QEMU before 10 (name and layout of VM VERSION)"
want_out "KERNEL at 0x40200000, 9 bytes"
want_out "vCPU entry 0x40200000"
want_out "realm of 41 bits, SHA-256, 6 counters, 6 breakpoints, 4 watchpoints"
want_out "QEMU 9.1, 1.0 GiB, 2 CPUs"
want_out "LOG at 0x60000000, 4.0 KiB, not measured"
want_err "REALM_CREATE is padded, at offset"
run log show -v "$l/realm.log"
want_out "sha256 $(sha256sum "$l/dtb" | cut -d ' ' -f 1)"
want_out "NumWPs: 3"
run -q log show "$l/realm.log"
no_err
finish

begin "log show: a TPM"
run log show "$l/tpm.log"
want_rc 0
want_out "TPM (SHA-1 is declared)"
want_out "SecureBoot is on"
want_out 'grub_cmd: \x1b[31mred'
no_out "$(printf '\033')"
no_err
run log show --yaml "$l/tpm.log"
want_rc 0
want_out 'String: "grub_cmd: \x1b[31mred\0"'
want_out 'Enabled: "Yes"'
want_out "pcrs:"
no_out "$(printf '\033')"
run log show --yaml=1 "$l/tpm.log"
want_out 'VariableData: "01"'
finish

begin "log show: JSON"
run log show --json "$l/tpm.log"
want_rc 0
want_json 'd["schema"] == "ccguest/log-show/2" and d["dialect"] == "tpm"'
want_json '[e["index"] for e in d["events"]] == [4, 7, 8]'
want_json 'd["events"][1]["details"]["variable_data"] == {"enabled": True}'
want_json 'd["events"][2]["details"]["string"] == "grub_cmd: \x1b[31mred\0"'
want_json 'd["end"] == d["size"] and d["quirks"] == []'
want_json 'd["header"]["number_of_algorithms"] == 2'
run log show --json=short "$l/realm.log"
want_json 'd["events"][1]["details"]["realm_create"]["s2sz"] == 41'
want_json 'd["size"] == 4096 and d["trailing_bytes"] == 0'
finish

begin "log show: events of a register or of a type"
# want_shown NUMBERS ARGS...: text and JSON show the events of these numbers
want_shown()
{
	want=$1
	shift
	run log show "$@"
	want_rc 0
	have=$(sed -n 's/^ *\([0-9]\{1,\}\)  .*/\1/p' "$T/out" | tr '\n' ' ')
	[ "$have" = "$want" ] || bad "$*: $have, not $want"
	run log show --json "$@"
	want_rc 0
	want_json '"".join("%d " % e["event"] for e in d["events"]) == "'"$want"'"'
}
want_shown "1 2 3 " "$l/tpm.log"
want_shown "2 " --register=7 "$l/tpm.log"
want_shown "2 3 " --register "PCR 7" --register pcr8 "$l/tpm.log"
want_shown "3 " --type ev_ipl "$l/tpm.log"
want_shown "1 3 " --type=IPL --type=0x80000007 "$l/tpm.log"
want_shown "3 " --type=13 "$l/tpm.log"
want_shown "1 " --type=EFI_ACTION --type=IPL --register=4 "$l/tpm.log"
no_err
for args in --register=9 "--register=4 --type=IPL" --register=- --type=0x77; do
	# shellcheck disable=SC2086
	want_shown "" $args "$l/tpm.log"
	want_err "ccguest: no event matches --register and --type"
done
run -q log show --register=9 "$l/tpm.log"
no_err
want_shown "1 2 3 4 5 6 7 " --register=RIM "$l/realm.log"
want_shown "" --register=rem0 "$l/realm.log"
run log show --yaml --register=7 "$l/tpm.log"
want_rc 0
[ "$(grep EventNum "$T/out" | tr -dc '0-9\n' | tr '\n' ' ')" = "0 2 " ] ||
	bad "$(grep EventNum "$T/out")"
cp "$T/out" "$l/filtered.yaml"
run log show --yaml "$l/tpm.log"
sed -n '/^pcrs:/,$p' "$T/out" >"$l/pcrs"
sed -n '/^pcrs:/,$p' "$l/filtered.yaml" | cmp -s - "$l/pcrs" ||
	bad "other registers"
for args in --register=24 --register=REM0 --register= --register=x \
	--register=-1 --type=EV_ --type= --type=x --type=0x100000000; do
	run log show "$args" "$l/tpm.log"
	want_rc 2
	no_out
	want_err "${args#*=}: ${args%%=*} is a number"
done
finish

begin "log replay"
run log replay "$l/tpm.log"
want_rc 0
want="$(printf 'Calling EFI Application from Boot Option' | sha256sum | cut -d ' ' -f 1)"
want=$(python3 -c 'import hashlib, sys
print(hashlib.sha256(bytes(32) + bytes.fromhex(sys.argv[1])).hexdigest())' "$want")
want_out "PCR 4     sha256          1  $want"
run log replay --json "$l/tpm.log"
want_json 'len(d["registers"]) == 6'
run log replay "$l/realm.log"
want_rc 0
no_out RIM
finish

begin "log: standard input, -F, and a pipe"
rc=0
"$T/ccguest" log show - <"$l/tpm.log" >"$T/out" 2>"$T/err" || rc=$?
want_rc 0
want_out "standard input"
run log show -F "$l/tpm.log"
want_rc 0
run log show -F "$l/tpm.log" "$l/tpm.log"
want_rc 2
rm -f "$T/pipe"
mkfifo "$T/pipe"
cat "$l/tpm.log" >"$T/pipe" &
run log show "$T/pipe"
end_helper $!
want_rc 0
finish

begin "log: this machine's"
tree "$T/lr"
run --root "$T/lr" log show
want_rc 4
want_err "this machine shows no log"
want_err "module cc_event_log is not installed for this kernel"
want_err "hint: make dkms-install"
mkdir -p "$T/lr/sys/firmware/acpi/tables/data"
cp "$l/tpm.log" "$T/lr/sys/firmware/acpi/tables/data/CCEL"
run --root "$T/lr" log show
want_rc 0
want_out "/sys/firmware/acpi/tables/data/CCEL"
mkdir -p "$T/lr/sys/kernel/security/cc_event_log/0"
cp "$l/realm.log" "$T/lr/sys/kernel/security/cc_event_log/0/binary_measurements"
run --root "$T/lr" log show
want_rc 0
want_out "cc_event_log/0/binary_measurements"
finish

begin "log list, and a log by number"
tree "$T/ln"
n=$T/ln/sys/kernel/security/cc_event_log
for verb in list "list --names" "list --json" "show 0" "replay 0" \
	"verify --registers $l/none 0"; do
	# shellcheck disable=SC2086
	run --root "$T/ln" log $verb
	want_rc 4
	no_out
	want_err "cc_event_log: there is no such directory: "
	want_err "module cc_event_log is not installed for this kernel"
	want_err "hint: make dkms-install"
done
mkdir -p "$n"
run --root "$T/ln" log list
want_rc 0
no_out
want_err "no logs"
run --root "$T/ln" log list --json
want_rc 0
want_json 'd == {"schema": "ccguest/log-list/1", "logs": []}'
for i in 0 2 10; do
	mkdir "$n/$i"
	printf 'acpi:CCEL\n' >"$n/$i/source"
	printf '0x7f000000\n' >"$n/$i/base"
	cp "$l/tpm.log" "$n/$i/binary_measurements"
done
cp "$l/realm.log" "$n/2/binary_measurements"
printf 'dt:/a\033[31m\n' >"$n/2/source"
rm "$n/10/source" "$n/10/base"
mkdir "$n/x"
run --root "$T/ln" log list
want_rc 0
no_err
size=$(stat -c %s "$l/tpm.log")
want_out "LOG  SOURCE         DIALECT         EVENTS  SIZE"
want_out "  0  acpi:CCEL      tpm                  3   $size"
want_out '  2  dt:/a\x1b[31m  realm-qemu-rfc       7  4096'
want_out " 10  -              tpm                  3   $size"
[ "$(wc -l <"$T/out")" -eq 4 ] || bad "not three logs"
run --root "$T/ln" log list --names
want_rc 0
[ "$(tr '\n' ' ' <"$T/out")" = "0 2 10 " ] || bad "$(cat "$T/out")"
run --root "$T/ln" log list --names --json
want_rc 2
run --root "$T/ln" log list --json
want_rc 0
want_json 'd["logs"][0] == {"number": 0, "source": "acpi:CCEL", "base": "0x7f000000", "error": None, "path": "/sys/kernel/security/cc_event_log/0/binary_measurements", "dialect": "tpm", "events": 3, "size": '"$size"'}'
want_json '[(x["number"], x["source"], x["base"]) for x in d["logs"][1:]] == [(2, "dt:/a\x1b[31m", "0x7f000000"), (10, None, None)]'
run --root "$T/ln" log show 2
want_rc 0
want_out "cc_event_log/2/binary_measurements"
want_out "Arm CCA realm"
run --root "$T/ln" log show
want_out "cc_event_log/0/binary_measurements"
run --root "$T/ln" log replay 10
want_rc 0
want_out "PCR 4     sha256          1"
run log replay --json "$l/tpm.log"
cp "$T/out" "$l/numbered.json"
run --root "$T/ln" log verify --registers "$l/numbered.json" 0
want_rc 0
want_out "Verdict: adds up"
for number in 1 4294967295; do
	run --root "$T/ln" log show "$number"
	want_rc 3
	no_out
	want_err "ccguest: $number: there is no log of this number in /sys/kernel/security/cc_event_log"
	want_err "hint: ccguest log list lists the logs; ./$number names a file"
done
run --root "$T/ln" log show 2 -F "$l/tpm.log"
want_rc 2
cp "$l/tpm.log" "$l/7"
run log show "$l/7"
want_rc 0
: >"$n/2/binary_measurements"
rm "$n/10/binary_measurements"
run --root "$T/ln" log list
want_rc 1
want_out "  0  acpi:CCEL  "
want_out '  2  dt:/a\x1b[31m  -'
want_err "cc_event_log/2/binary_measurements: event 0: log is shorter"
run --root "$T/ln" log list --json
want_json '[(x["number"], x["error"] is None) for x in d["logs"]] == [(0, True), (2, False), (10, False)]'
finish

begin "log: a malformed one is refused, with the place and the reason"
head -c 100 "$l/tpm.log" >"$l/cut.log"
for verb in replay "verify --registers $l/none"; do
	# shellcheck disable=SC2086
	run log $verb "$l/cut.log"
	want_rc 1
	no_out
	want_err "$l/cut.log: event 1: event is cut off: event at offset"
done
head -c 31 "$l/tpm.log" >"$l/cut.log"
run log show "$l/cut.log"
want_rc 1
want_err "event 0: log is shorter than a header: log at offset 0 is 0x1f, limit 0x20"
run log show --strict "$l/realm.log"
want_rc 1
want_err "event 1: algorithm is not declared"
run log show --place=0x60000000+4096 "$l/realm.log"
want_rc 0
run log show --place=0x60001000+4096 "$l/realm.log"
want_rc 1
want_err "log was not found there: log base at offset"
: >"$l/empty"
run log show "$l/empty"
want_rc 1
run log show "$l/nowhere"
want_rc 1
want_err "$l/nowhere: No such file"
run log show "$l"
want_rc 1
truncate -s 65M "$l/large"
run log show "$l/large"
want_rc 1
want_err "is longer than the 67108864 bytes allowed here"
rm "$l/large"
finish

begin "log: bytes after the end are reported"
cp "$l/realm.log" "$l/hid.log"
printf hid | dd of="$l/hid.log" bs=1 seek=4000 conv=notrunc 2>/dev/null
run log show "$l/hid.log"
want_rc 0
want_err "bytes after the end are not padding, at offset 4000"
want_err "3 bytes after the end are not padding"
finish

begin "log: usage"
run log show --yaml=3 "$l/tpm.log"
want_rc 2
run log show --yaml --json "$l/tpm.log"
want_rc 2
for place in "" 1 0x1000 1+ +1 1+x -1+1 1+1+1; do
	run log show --place="$place" "$l/tpm.log"
	want_rc 2
	want_err "is of the form ADDRESS+SIZE"
done
run log verify "$l/tpm.log"
want_rc 2
run log verify --token="$l/x" "$l/tpm.log"
want_rc 2
run log verify --registers="$l/x" --nonce=00 "$l/tpm.log"
want_rc 2
run log verify --registers="$l/x" --rmm=3 "$l/tpm.log"
want_rc 2
run log verify --registers="$l/x" --rem-extend=x "$l/tpm.log"
want_rc 2
run log verify --registers="$l/x" --ripas-blocks=3M "$l/tpm.log"
want_rc 2
want_err "3M: --ripas-blocks is 4K, 2M, 1G or 512G"
run log rim --ripas-blocks=auto "$l/realm.json"
want_rc 2
run log verify --token="$l/x" --key="$l/x" --nonce=0 "$l/tpm.log"
want_rc 2
run log make "$l/realm.json"
want_rc 2
finish

# bad_json TEXT MESSAGE: checks that TEXT is refused with MESSAGE
bad_json()
{
	printf '%s' "$1" >"$l/bad.json"
	run log rim "$l/bad.json"
	want_rc 1
	no_out
	want_err "$2"
}

begin "log rim: invalid descriptions"
bad_json '' "is not JSON: the file is empty"
bad_json '[]' "is not the description of a guest: expected a JSON object"
bad_json '{"s2sz": 40' "is not JSON: the text ends too early, at offset 11"
bad_json '{"s2sz" 40}' "is not JSON: object property name separator"
bad_json '{"s2sz": 40} x' "is not JSON: unexpected character, at offset 13"
bad_json '{"s2sz": 40, "s2sz": 41}' "two members of the same name"
bad_json '{"ram": [null, {"base": 0, "base": 0}]}' "two members of the same"
bad_json '{"s2": 40}' "s2: is not a member of this object"
bad_json '{"ram": [{"bas": 0, "size": 4096}]}' "bas: is not a member"
bad_json '{"ram": [null]}' "ram: is not an object"
bad_json '{"log": []}' "log: is not an object"
bad_json '{"images": [{"title": "x"}]}' "title: is not a member"
bad_json '{"vcpu": {"x8": 1}}' "x8: is not a member"
bad_json '{"events": [{"register": 1}]}' "register: is not a member"
# Commas, brackets and quotes in strings, and white space, are not values.
bad_json '{"vmm": "a,b[{\"nu,\\", "images" : [ ] , "events": [	], "hash":
	"md5"}' "hash: 'md5' is not known"
bad_json '{"hash": "md5"}' "hash: 'md5' is not known"
bad_json '{"hash": 1}' "hash: is not a string"
bad_json '{"s2sz": 53}' "s2sz: expected 32 to 52, found 53"
bad_json '{"s2sz": 256}' "s2sz: is more than 255"
bad_json '{"s2sz": -1}' "s2sz: is not a number"
bad_json '{"s2sz": NaN}' "is not JSON: NaN and Infinity are not numbers, at offset 9"
bad_json '{"s2sz": -Infinity}' "is not JSON: NaN and Infinity are not numbers, at offset 10"
bad_json '{"s2sz": "NaN"}' "s2sz: is not a number"
bad_json '{"s2sz": "x"}' "s2sz: is not a number"
bad_json '{"s2sz": "0x30 "}' "s2sz: is not a number"
bad_json '{"ram": {}}' "ram: is not an array"
bad_json '{"ram": [{"base": 1, "size": 4096}]}' "is not one or more whole granules of 4096 bytes"
bad_json '{"ram": [{"base": 4096}]}' "is not one or more whole granules of 4096 bytes"
bad_json '{"images": [{"file": "x"}]}' "is missing"
bad_json '{"images": [{"name": "x"}]}' "is missing"
bad_json '{"images": [{"name": "x", "file": "none"}]}' "No such file"
bad_json '{"images": [{"name": "a\u0000b", "file": "none"}]}' "has a NUL"
bad_json '{"dialect": "realm"}' "'realm' is not known"
bad_json '{"vmm": "123456789012345678901234567890123"}' "more than 31 characters"
bad_json '{"log": {"base": 0, "size": "0x100001"}}' "too large"
printf '{"dialect": "realm-qemu", "hash": "sha256", "log": {"size": 4096}}' >"$l/bad.json"
run log make -o "$l/none" "$l/bad.json"
want_rc 0
printf '{"dialect": "realm-qemu", "vmm_version": "9.1"}' >"$l/bad.json"
run log make -o "$l/none" "$l/bad.json"
want_rc 1
want_err "is recognized as dialect realm-qemu-rfc"
finish

begin "log verify: invalid files of registers"
for text in '' '[]' '{}' '{"registers": []}' '{"registers": [1]}' \
	'{"registers": [{"register": "PCR 4", "algorithm": "sha256", "value": "00"}]}' \
	'{"registers": [{"register": "PCR 99", "algorithm": "sha256", "value": "00"}]}' \
	'{"registers": [{"register": "PCR 4", "algorithm": "md5", "value": "00"}]}'
do
	printf '%s' "$text" >"$l/bad.json"
	run log verify --database "$l/db" --registers "$l/bad.json" "$l/tpm.log"
	want_rc 1
	no_out
done
run log replay --json "$l/tpm.log"
sed 's/"value": "./"value": "0/' "$T/out" >"$l/other.json"
cp "$T/out" "$l/good.json"
run log verify --database "$l/db" --registers "$l/good.json" "$l/tpm.log"
want_rc 0
want_out "1  PCR 4  VERIFIED"
want_out "2  PCR 7  VERIFIED"
want_out "3  PCR 8  VERIFIED"
want_out "Verdict: adds up"
run log verify --database "$l/db" --registers "$l/other.json" "$l/tpm.log"
want_rc 5
want_out "Verdict: does not add up"
want_err "does not add up"
finish

# Hundreds of runs, so without valgrind; the tests above run it on each verb.
if [ "${valgrind:-}" ]; then
	:
elif ! have openssl; then
	begin "log: rim, make, verify: results of log_tests.py"
	skip "no openssl"
else
	# One run tests each byte of the tokens, the others each eleventh.
	FLIP_STEP=$([ "${sanitize:-}" ] && echo 11 || echo 1)
	export FLIP_STEP
	# The sanitizers replace the allocator.
	tests_py="log_tests tamper_tests token_tests"
	if [ -z "${sanitize:-}" ]; then
		tests_py="$tests_py alloc_tests"
		${CC:-cc} -O1 -Wall -Wextra -Werror -shared -fPIC \
			-o "$T/failalloc.so" "$here/failalloc.c"
	fi
	for py in $tests_py; do
		mkdir "$l/$py"
		rc=0
		PYTHONDONTWRITEBYTECODE=1 python3 "$here/$py.py" "$T/ccguest" "$l/$py" \
			"$T/failalloc.so" >"$l/results" \
			2>"$l/trouble" || rc=$?
		[ "$rc" -le 1 ] && [ ! -s "$l/trouble" ] ||
			echo "not ok $py.py: ended early: $(tail -n 1 "$l/trouble")" >>"$l/results"
		while IFS= read -r line; do
			case $line in
			"ok "*)
				result ok "log: ${line#ok }" ""
				;;
			*)
				result "not ok" "log: ${line#not ok }" ""
				;;
			esac
		done <"$l/results"
	done
fi
