# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# The output of ccguest log about the Device Tree that a realm's log names.

d=$T/trees
mkdir -p "$d/images"
printf 'a kernel\n' >"$d/images/kernel"
head -c 9000 /dev/zero >"$d/images/initrd"

# dtb FILE [ARGS...]: a tree that fits the log; ARGS add nodes.
dtb()
{
	_file=$1
	shift
	python3 "$here/mkdtb.py" "$_file" \
		/ '#address-cells=w:2' '#size-cells=w:2' 'model=s:linux,dummy-virt' \
		/memory@40000000 device_type=s:memory \
			reg=q:0x40000000,0x10000000,0x50000000,0x30000000 \
		/chosen 'bootargs=s:quiet init=/x\x1b[31m' \
			linux,initrd-start=w:0x48000000 \
			linux,initrd-end=q:0x48002328 \
		/reserved-memory '#address-cells=w:2' '#size-cells=w:1' \
		/reserved-memory/event-log@60000000 \
			compatible=s:some,other\\0cc-event-log \
			reg=w:0,0x60000000,4096 \
		"$@"
}

# realm TREE: makes the log of a realm with this tree.
realm()
{
	cat >"$d/realm.json" <<-END
	{"s2sz": 41,
	 "ram": [{"base": "0x40000000", "size": "0x40000000"}],
	 "images": [{"name": "KERNEL", "file": "images/kernel", "base": "0x40200000"},
	            {"name": "INITRD", "file": "images/initrd", "base": "0x48000000"},
	            {"name": "DTB", "file": "$1", "base": "0x4a000000"}],
	 "vcpu": {"pc": "0x40200000", "x0": "0x4a000000"},
	 "log": {"base": "0x60000000", "size": 4096}}
	END
	run -q log make -o "$d/realm.log" "$d/realm.json"
	want_rc 0
}

# show TREE: shows the log of a realm with this tree.
show()
{
	realm "images/$1"
	run log show --json --images "$d/images" "$d/realm.log"
	want_rc 0
}

# says PYTHON: an expression on the JSON of the tree.
says()
{
	want_json "(lambda t: $1)(d['events'][5]['device_tree'])"
}

begin "log show: the Device Tree, by its digest"
dtb "$d/images/good"
show good
says "t['source'].endswith('/images/good') and t['measured'] is True"
says "t['model'] == 'linux,dummy-virt'"
says "t['memory'] == [{'base': '0x40000000', 'size': 1 << 28}, {'base': '0x50000000', 'size': 3 << 28}]"
says "t['boot_args'] == 'quiet init=/x\x1b[31m'"
says "(t['initrd_start'], t['initrd_end'], t['initrd_event']) == ('0x48000000', '0x48002328', 5)"
says "t['logs'] == [{'base': '0x60000000', 'size': 4096}] and t['log_agrees'] is True"
says "'fault' not in t"
want_json "[e['event'] for e in d['events'] if 'device_tree' in e] == [6]"
no_err "event 6"
run log show -v --images "$d/images" "$d/realm.log"
want_out ': linux,dummy-virt, 1.0 GiB, initrd at 0x48000000, "quiet init=/x\x1b[31m"'
want_out 'BootArgs: "quiet init=/x\x1b[31m"'
no_out "$(printf '\033')"
run log show --yaml --images "$d/images" "$d/realm.log"
want_out '  DeviceTree:'
want_out '    LogAgrees: "Yes"'
run log show "$d/realm.log"
want_rc 0
no_out "dummy-virt"
finish

begin "log show: no file has the Device Tree's digest"
rm "$d/images/good"
run log show --images "$d/images" "$d/realm.log"
want_rc 0
want_err "event 6: $d/images has no file with the Device Tree's digest"
no_out "dummy-virt"
run log show --images "$d/nothing" "$d/realm.log"
want_rc 1
want_err "$d/nothing"
finish

begin "log show: the Device Tree names the log and the initrd elsewhere"
dtb "$d/images/elsewhere" /chosen linux,initrd-start=w:0x47fff000 \
	/reserved-memory/event-log@60000000 reg=w:0,0x60001000,4096
show elsewhere
want_err "event 6: $d/images/elsewhere has another address of the log than the LOG event"
want_err "event 6: $d/images/elsewhere names an initrd that no event measures"
says "t['log_agrees'] is False and 'initrd_event' not in t"
dtb "$d/images/doc" /log compatible=s:confidential-computing-event-log \
	log-base=w:0x60000000 log-size=q:4096 \
	/reserved-memory/event-log@60000000 compatible=s:other
show doc
says "t['log_agrees'] is True and len(t['logs']) == 1"
python3 "$here/mkdtb.py" "$d/images/bare"
show bare
want_err "has another address of the log"
says "t.keys() == {'source', 'measured', 'size', 'log_agrees'}"
finish

# broken WHY ARGS...: ccguest refuses a tree with these nodes.
broken()
{
	_why=$1
	shift
	dtb "$d/images/broken" "$@"
	refused "$_why"
}

refused()
{
	show broken
	want_err "event 6: $d/images/broken is not a Device Tree"
	says "t['fault'].startswith('$1')"
	says "not t.keys() & {'model', 'memory', 'boot_args', 'logs', 'log_agrees'}"
}

begin "log show: Device Trees that are refused"
broken "bootargs: is not a string" /chosen bootargs=x:6162
broken "bootargs: is not a string" /chosen bootargs=x:
broken "bootargs: is not a string" /chosen bootargs=x:610062
broken "linux,initrd-start: 3 bytes, not 4 or 8" /chosen linux,initrd-start=x:010203
broken "linux,initrd-end: does not go" /chosen linux,initrd-end=w:0x47ffffff
broken "memory: address and size overflow" /memory@40000000 reg=q:0xffffffffffffffff,1
broken "memory: reg is missing" /memory@40000000 reg=w:1,2,3
broken "memory: reg is missing" /memory@40000000 reg=x:
broken "memory: addresses of 3 cells, sizes of 2" / '#address-cells=w:3'
broken "cc-event-log: addresses of 2 cells, sizes of -14" /reserved-memory '#size-cells=w:9'
broken "memory: more than 16 pieces" /memory@40000000 \
	"reg=q:$(seq -s , 1 34)"
broken "log-base: it or log-size is missing" /log \
	compatible=s:confidential-computing-event-log log-base=w:1
# word OFFSET VALUE: changes a word of the header.
word()
{
	dtb "$d/images/broken"
	printf %08x "$2" | sed 's/../\\x&/g' >"$T/word"
	# shellcheck disable=SC2059 # it is made for that
	env printf "$(cat "$T/word")" | dd of="$d/images/broken" bs=1 \
		seek="$1" conv=notrunc 2>/dev/null
}
word 0 1
refused "header: FDT_ERR_BADMAGIC"
word 4 4096
refused "totalsize: 4096, limit "
word 8 4000
refused "header: FDT_ERR_TRUNCATED"
word 20 16
refused "version: 16, 17 at least"
word 56 7
refused "structure: FDT_ERR_BADSTRUCTURE"
word 56 9
refused "structure: "
dtb "$d/images/broken" / "$(printf '%0300d' 0)=w:1"
refused "strings: a name without an end, or longer than 255"
head -c 39 "$d/images/bare" >"$d/images/broken"
refused "size: 39 bytes, 40 at least"
printf x >"$d/images/broken"
refused "size: 1 bytes"
finish

# carry LOG TREE OUT [EVENT]: puts the tree into the log, in the form of the
# measurement-log document, before event EVENT (default 2).
carry()
{
	run log show --json "$1"
	python3 - "$T/out" "$@" <<-'END'
	import json, struct, sys
	shown, log, tree, out, nr = (sys.argv[1:] + ["2"])[:5]
	at = json.load(open(shown))["events"][int(nr) - 1]["offset"]
	log, tree = open(log, "rb").read(), open(tree, "rb").read()
	data = b"DTB".ljust(16, b"\0") + tree
	event = struct.pack("<3IH", 0, 3, 1, 0xb) + bytes(32)
	event += struct.pack("<I", len(data)) + data
	open(out, "wb").write(log[:at] + event + log[at:-len(event)])
	END
}

begin "log show: a log that carries its Device Tree"
dtb "$d/good"
realm good
carry "$d/realm.log" "$d/good" "$d/carried.log"
run log show --json "$d/carried.log"
want_rc 0
want_json '[e["event"] for e in d["events"] if "device_tree" in e] == [2]'
want_json 'd["events"][1]["device_tree"]["measured"] is True'
want_json 'd["events"][1]["device_tree"]["initrd_event"] == 6'
want_json 'd["events"][1]["details"] is None'
# Behind the event with its digest: then ccguest does not look for it elsewhere.
carry "$d/realm.log" "$d/good" "$d/carried.log" 8
mkdir "$d/no-images"
run log show --json --images "$d/no-images" "$d/carried.log"
want_rc 0
no_err "event 8"
no_err "event 6"
want_json '[e["event"] for e in d["events"] if "device_tree" in e] == [8]'
want_json 'd["events"][7]["device_tree"]["measured"] is True'
# In an event whose name does not mention a tree.
python3 - "$d/carried.log" "$d/renamed.log" <<'END'
import sys
log = open(sys.argv[1], "rb").read()
name = bytes([3]) + b"DTB"
assert log.count(name) == 1
open(sys.argv[2], "wb").write(log.replace(name, bytes([3]) + b"XYZ"))
END
run log show --json "$d/renamed.log"
want_rc 0
no_err "event 8"
want_json 'd["events"][7]["device_tree"]["measured"] is True'
carry "$d/realm.log" "$d/images/bare" "$d/carried.log"
run log show --json "$d/carried.log"
want_err "event 2: the event itself is not the Device Tree that was measured: no event has its digest"
want_json 'd["events"][1]["device_tree"]["measured"] is False'
cp "$d/realm.log" "$d/many.log"
for i in 2 3 4 5 6 7 8 9; do
	run log show "$d/many.log"
	no_err "more Device Trees"
	carry "$d/many.log" "$d/images/bare" "$d/more.log"
	mv "$d/more.log" "$d/many.log"
done
run log show "$d/many.log"
want_err "event $i: the event itself is followed by more Device Trees"
# The measured tree is one of eight; its event comes behind them.
cp "$d/realm.log" "$d/many.log"
cp "$d/good" "$d/images/good"
for i in 1 2 3 4 5 6 7 8 9; do
	carry "$d/many.log" "$d/images/$([ $i = 7 ] && echo good || echo bare)" \
		"$d/more.log"
	mv "$d/more.log" "$d/many.log"
done
run log show --json "$d/many.log"
want_err "followed by more Device Trees"
measured='[e["device_tree"]["measured"] for e in d["events"] if "device_tree" in e]'
want_json "$measured == [i == 2 for i in range(8)]"
no_err "event 4: "
carry "$d/realm.log" "$d/images/kernel" "$d/carried.log"
run log show --json "$d/carried.log"
want_rc 0
want_err "event 2: the event itself is not a Device Tree"
want_json 'd["events"][1]["details"].startswith(b"DTB\0".hex())'
finish

begin "log show: the Device Tree of this machine"
tree "$T/dr"
mkdir -p "$T/dr/sys/firmware" "$T/dr/sys/kernel/security/cc_event_log/0"
cp "$d/realm.log" "$T/dr/sys/kernel/security/cc_event_log/0/binary_measurements"
run --root "$T/dr" log show
want_rc 0
no_out "dummy-virt"
cp "$d/good" "$T/dr/sys/firmware/fdt"
run --root "$T/dr" log show -v
want_rc 0
want_out "linux,dummy-virt"
want_out 'Measured: "Yes"'
want_out 'Source: "/sys/firmware/fdt"'
dtb "$T/dr/sys/firmware/fdt" /chosen bootargs=s:another
run --root "$T/dr" log show -v
want_rc 0
want_out ': not the measured tree, linux,dummy-virt, 1.0 GiB'
want_out 'Measured: "No"'
want_err "event 6: /sys/firmware/fdt is not the Device Tree that was measured: no event has its digest"
# A user who may not read the tree sees the log without it.
chmod 0 "$T/dr/sys/firmware/fdt"
chmod 644 "$T/dr/sys/kernel/security/cc_event_log/0/binary_measurements"
run_user --root "$T/dr" log show
want_rc 0
no_err "run as root"
no_out "dummy-virt"
# The log of another machine does not belong to this machine's tree.
run --root "$T/dr" log show "$d/realm.log"
no_out "dummy-virt"
finish

begin "log verify: which Device Trees are trusted"
cp "$d/good" "$d/images/good"
realm images/good
rm -rf "$T/dtb-db"
run log rim --json "$d/realm.json"
cp "$T/out" "$d/rim.json"
verify_tree()
{
	run "$@" log verify --images "$d/images" --database "$T/dtb-db" \
		--registers "$d/rim.json" "$d/$which"
}
claimed="the Device Tree and its boot arguments are CLAIMED"
which=realm.log
verify_tree
want_rc 0
want_out "Device Tree of event 6: VERIFIED"
no_err CLAIMED
carry "$d/realm.log" "$d/images/bare" "$d/carried.log"
which=carried.log
verify_tree
want_rc 5
want_out "Device Tree of event 2: CLAIMED"
want_out "Verdict: the Device Tree is not verified"
want_err "event 2: $claimed"
verify_tree -q
want_rc 5
want_out "Verdict: the Device Tree is not verified"
verify_tree --json
want_rc 5
want_json 'd["verdict"] == "the Device Tree is not verified" and d["adds_up"] is False'
want_json 'd["culprit"] == "event 2: '"$claimed"'"'
want_json 'd["device_trees"] == [{"event": 2, "trust": "CLAIMED"}, {"event": 7, "trust": "VERIFIED"}]'
# More trees than are decoded; the eight are verified.
cp "$d/rim.json" "$d/rim-small.json"
sed 's/"size": 4096/"size": 65536/' "$d/realm.json" >"$d/large.json"
run log rim --json "$d/large.json"
cp "$T/out" "$d/rim.json"
run -q log make -o "$d/many.log" "$d/large.json"
for i in 1 2 3 4 5 6 7 8 9; do
	carry "$d/many.log" "$d/good" "$d/more.log"
	mv "$d/more.log" "$d/many.log"
done
which=many.log
verify_tree --json
want_rc 5
want_json '{t["trust"] for t in d["device_trees"]} == {"VERIFIED"}'
want_json 'd["culprit"] == "more than 8 Device Trees: the others are not decoded"'
mv "$d/rim-small.json" "$d/rim.json"
sed 's/\("value": *"\)......../\100000000/' "$d/rim.json" >"$d/rim2.json"
mv "$d/rim2.json" "$d/rim.json"
which=realm.log
verify_tree
want_rc 5
want_err "event 6: $claimed"
# An error comes before any verdict.
sed 's/{/{"dialect": "realm-blobs", /;q' "$d/realm.json" >"$d/blobs.json"
sed 1d "$d/realm.json" >>"$d/blobs.json"
run -q log make -o "$d/blobs.log" "$d/blobs.json"
want_rc 0
for json in "" --json; do
	# shellcheck disable=SC2086
	run log verify $json --images "$d/nothing" --database "$T/dtb-db" \
		--registers "$d/rim.json" "$d/blobs.log"
	want_rc 1
	no_out
	want_err "$d/nothing: No such file"
done
finish
