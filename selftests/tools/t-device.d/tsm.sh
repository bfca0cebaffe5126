# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with ../t-device.sh and lib.sh
#
# ccguest device, for devices that the kernel leaves to the platform's TSM. Takes
# r, pci, dev and device() of t-device.sh.

# tsm_tree: one device is connected, one is not, and one is not left to the TSM.
tsm_tree()
{
	tree "$r"
	device "$dev" caps=0x2e@0x100 authenticated=tsm0 tsm/connect=tsm0 \
		spdm/state=taken spdm/version=1.2 spdm/slot=0
	device "$pci/0000:00:04.0" caps=0x2e@0x100 authenticated= tsm/connect=
	device "$pci/0000:00:05.0" caps=0x2e@0x100 authenticated=0 \
		spdm/state=reset
	mkdir -p "$r/sys/class/tsm/tsm0"
}

begin "device: devices of the TSM"
tsm_tree
run --root "$r" device list
want_rc 0
no_err
want_out "0000:00:03.0  tsm0          CMA "
want_out "0000:00:04.0  disconnected  CMA "
want_out "0000:00:05.0  reset         CMA "
run --root "$r" device list --json
want_json '[(x["tsm"], x["state"], x["cma"]) for x in d["devices"]] == [("tsm0", "connected", True), (None, "disconnected", True), (None, "reset", True)]'
run --root "$r" device show 00:03.0
want_out "state      connected"
want_out "tsm        tsm0"
no_out "1.2"
run --root "$r" device show 00:04.0
want_out "state      disconnected"
want_out "tsm        none"
run --root "$r" device show 00:03.0 --json
want_json 'd["tsm"] == "tsm0" and d["state"] == "connected"'
want_json '(d["spdm"]["version"], d["spdm"]["slot"]) == (None, None)'
# A device cannot choose what is printed here, but the kernel can be newer.
for text in 1 tsm tsmx tsm0x tsm1234567890123 "tsm0 tsm1"; do
	echo "$text" >"$dev/tsm/connect"
	run --root "$r" device list --json
	want_json '(d["devices"][0]["tsm"], d["devices"][0]["state"]) == (None, "unknown")'
done
finish

begin "device authenticate: connects to the TSM"
tsm_tree
run --root "$r" device authenticate 00:04.0
want_rc 0
want_out "0000:00:04.0: connected to tsm0"
want_err "must verify the evidence of tsm0"
[ "$(cat "$pci/0000:00:04.0/tsm/connect")" = tsm0 ] || bad "not connected"
[ "$(cat "$pci/0000:00:04.0/authenticated")" = "" ] || bad "re was written"
tsm_tree
run --root "$r" device authenticate --all --json
want_rc 0
want_json '[(x["bdf"][8:10], x["authenticated"], x["tsm"], x["state"]) for x in d["devices"]] == [("03", False, "tsm0", "connected"), ("04", False, "tsm0", "connected"), ("05", True, None, "reset")]'
# A connection is kept: nothing is written.
tsm_tree
echo tsm5 >"$dev/tsm/connect"
run --root "$r" device authenticate 00:03.0
want_rc 0
want_out "0000:00:03.0: connected to tsm5"
[ "$(cat "$dev/tsm/connect")" = tsm5 ] || bad "connected again"
finish

begin "device authenticate: no TSM"
tsm_tree
rmdir "$r/sys/class/tsm/tsm0"
for less in /tsm ""; do
	run --root "$r" device authenticate 00:04.0
	want_rc 4
	want_out "0000:00:04.0: not authenticated"
	want_err "0000:00:04.0: this platform has no TSM that can connect to the device"
	want_err "hint: the kernel leaves the device to a TSM: /sys/bus/pci/devices/0000:00:04.0/tsm/connect accepts a name in /sys/class/tsm"
	rmdir "$r/sys/class$less"
done
run --root "$r" device authenticate 00:04.0 --json
want_rc 4
want_json '[(x["authenticated"], x["errno"], x["tsm"]) for x in d["devices"]] == [(False, "ENXIO", None)]'
finish
