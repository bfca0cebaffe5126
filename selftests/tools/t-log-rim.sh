# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# Descriptions of realms that no RMM creates: ccguest log rim and make refuse them.

r=$T/rim
mkdir -p "$r"
printf 'an image\n' >"$r/k"
: >"$r/empty"
ram='"ram": [{"base": "0x40000000", "size": "0x10000"}]'

# refused NAME DESCRIPTION MESSAGE: both verbs refuse DESCRIPTION
refused()
{
	printf '%s' "$2" >"$r/realm.json"
	for verb in rim "make -o $r/log"; do
		# shellcheck disable=SC2086
		run log $verb "$r/realm.json"
		want_rc 1
		no_out
		want_err "$r/realm.json: $3"
		[ ! -e "$r/log" ] || bad "$verb: wrote a log"
	done
}

# images IMAGE...: an array of images, each NAME:BASE
images()
{
	_sep=
	printf '"images": ['
	for _i; do
		printf '%s{"name": "%s", "file": "%s", "base": "%s"}' \
			"$_sep" "${_i%:*}" "${_i%:*}" "${_i#*:}"
		_sep=', '
	done
	printf ']'
}

begin "log rim and make: realms that no RMM creates"
event="gives a log that is refused: event"
refused overlap "{$ram, $(images k:0x40000000 k:0x40000010)}" \
	"$event 5: blob shares a granule with another"
refused "overlap without RAM" "{\"rmm\": \"2.0\", $(images k:0x40000000 k:0x40000010)}" \
	"$event 4: blob shares a granule with another"
refused outside "{$ram, $(images k:0x90000000)}" "$event 4: blob is not in memory"
refused "half outside" "{$ram, $(images k:0x4000fffc)}" \
	"$event 4: blob is not in memory"
refused empty "{$ram, $(images empty:0x40000000)}" "$event 4: blob is empty"
refused "log outside" "{$ram, \"log\": {\"base\": \"0x50000000\", \"size\": 4096}}" \
	"$event 4: blob is not in memory"
refused "log on an image" "{$ram, $(images k:0x40000000), \"log\": {\"base\": \"0x40000000\", \"size\": 4096}}" \
	"$event 5: blob shares a granule with another"
refused "shared half" '{"s2sz": 33, "ram": [{"base": "0x100000000", "size": 4096}]}' \
	"$event 3: memory is not in the protected half"
for dialect in tpm ccel csv realm-blobs realm-kvmtool realm-doc realm-qemu; do
	printf '{"dialect": "%s", "sve_vl": 16, %s}' "$dialect" "$ram" >"$r/realm.json"
	run log rim "$r/realm.json"
	want_rc 1
	want_err "$event 2: no such vector length"
done
refused "RMM 1.0 without RAM" "{$(images k:0x40000000)}" "ram: is missing"
refused breakpoints "{\"breakpoints\": 255, $ram}" "$event 2: no such number of breakpoints"
refused watchpoints "{\"watchpoints\": 64, $ram}" "$event 2: no such number of watchpoints"
refused counters "{\"pmu_counters\": 32, $ram}" "$event 2: no such number of counters"
refused "image LOG" "{$ram, \"images\": [{\"name\": \"LOG\", \"file\": \"k\", \"base\": \"0x40000000\"}]}" \
	"name: LOG is the name of the log"
refused sve "{\"s2sz\": 33, \"sve_vl\": 255, $ram}" "$event 2: no such vector length"
finish

begin "log rim and make: members and numbers"
refused unknown "{$ram, \"breakpoint\": 5}" "breakpoint: is not a member"
refused hash "{$ram, \"hash_algo\": \"sha512\"}" "hash_algo: is not a member"
refused twice "{$ram, \"s2sz\": 40, \"s2sz\": 40}" "an object has two members"
refused escaped "{$ram, \"s2sz\": 40, \"s2s\\u007a\": 41}" "an object has two members"
refused null '{"vcpu": {"pc": null}}' "pc: is null"
refused "null, hash" '{"hash": null}' "hash: is null"
refused "text and data" '{"events": [{"index": 1, "type": 5, "text": "x", "data": "00"}]}' \
	"text: an event has a text or data, not both"
for dialect in aael tpm12; do
	refused $dialect "{\"dialect\": \"$dialect\", $ram}" "dialect: '$dialect' is not known"
done
refused 2^64 '{"vcpu": {"pc": 18446744073709551616}}' \
	"the integer at offset 16 has more than 64 bits"
refused "2^64, text" '{"vcpu": {"pc": "18446744073709551616"}}' "pc: is not a number"
refused "many digits" '{"vcpu": {"pc": 184467440737095516160}}' "the integer at offset 16"
refused "-2^63 - 1" '{"vcpu": {"pc": -9223372036854775809}}' "the integer at offset 16"
refused fraction '{"vcpu": {"pc": 99999999999999999999.5}}' "pc: is not a number"
refused exponent '{"vcpu": {"pc": 1e3}}' "pc: is not a number"
for pc in 18446744073709551615 '"18446744073709551615"'; do
	printf '{"vmm_version": "9.99999999999999999999", "vcpu": {"pc": %s}}' "$pc" >"$r/realm.json"
	run log rim "$r/realm.json"
	want_rc 0
	run log make -o "$r/log" "$r/realm.json"
	want_rc 0
	run log show --json "$r/log"
	want_json '[e["details"] for e in d["events"]][-1]["rec_create"]["pc"] == "0xffffffffffffffff"'
	rm -f "$r/log"
done
finish

begin "log show: counts of a realm"
printf '{"sve_vl": 1, "breakpoints": 5, "watchpoints": 3, "pmu_counters": 6, %s}' \
	"$ram" >"$r/realm.json"
run log make -o "$r/log" "$r/realm.json"
want_rc 0
run log show "$r/log"
want_out "SVE vectors of 256 bits, 6 counters, 6 breakpoints, 4 watchpoints"
run log show --json "$r/log"
want_json 'd["events"][1]["details"]["realm_create"]["num_bps"] == 5'
printf '{"pmu_counters": 1, %s}' "$ram" >"$r/realm.json"
run log make -o "$r/log" "$r/realm.json"
run log show "$r/log"
want_out "SHA-256, 1 counter, 1 breakpoint, 1 watchpoint"
finish
