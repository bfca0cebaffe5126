# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Functions that the tests of pci_cma share.
#
# The tests need a guest of `selftests/vm/run --responder ...`. It has a drive
# at 0000:00:03.0 that authenticates with /rig/spdm-certs/p384/good.der, and
# gets more drives by guest/rig.

# shellcheck source-path=SCRIPTDIR source=../ktap.sh
. "$(dirname "$0")/ktap.sh"

BUS=/sys/bus/pci/devices
FIRST=0000:00:03.0
CERTS=/rig/spdm-certs
P=/sys/module/pci_cma/parameters
KEY=
export FIRST CERTS P KEY

sysfs() {
	"$(dirname "$0")/sysfs" "$@"
}

# on ADDRESS: selects the device for the other functions. Sets AT and D.
on() {
	AT=$1
	D=$BUS/$1
}

# until_ok SECONDS COMMAND...
until_ok() {
	_tries=$(($1 * 100))
	shift
	until "$@"; do
		_tries=$((_tries - 1))
		[ $_tries -gt 0 ] || return 1
		usleep 10000
	done
}

get() {
	cat "$D/$1" 2>/dev/null
}

settled() {
	[ -e "$D/spdm/state" ] && [ "$(get spdm/state)" != pending ]
}

authenticated() {
	[ "$(get authenticated)" = 1 ]
}

# signatures: the number of the signatures that the device has made.
signatures() {
	find "$D/signatures/" -name '[0-9]*_signature' | wc -l
}

# plug OPTION...: plugs a drive whose responder has these options, selects it,
# and waits until pci_cma has examined it.
plug() {
	on "$(rig plug dut "$@")" && until_ok 20 settled
}

# slot_of_pciehp: the slot of the selected device, where pciehp manages that.
slot_of_pciehp() {
	ls -d /sys/bus/pci_express/drivers/pciehp/*:pcie* >/dev/null 2>&1 &&
		grep -lx "${AT%.*}" /sys/bus/pci/slots/*/address
}

pressed() {
	[ "$(dmesg | grep -c 'pciehp: .*will power off')" -gt "$1" ]
}

# unplug: QEMU presses the button of the slot. pciehp would wait 5 s for a second
# press.
unplug() {
	_slot=$(slot_of_pciehp) || { rig unplug dut; return; }
	_presses=$(dmesg | grep -c 'pciehp: .*will power off')
	rig unplug dut &
	until_ok 4 pressed "$_presses" && echo 0 >"${_slot%/*}/power"
	wait $!
}

# re: prints what the write returned, 0 or a negative errno.
re() {
	sysfs write "$D/authenticated" re
}

trust() {
	KEY=$(keyctl padd asymmetric "" %:.cma <"$CERTS/$1.der")
}

distrust_all() {
	keyctl clear %:.cma
}

# said TEXT: is TEXT in the kernel's log of the device? The word before its
# address is "pci", or the name of the driver that is bound.
said() {
	since_mark | grep -qF " $AT: SPDM: $1"
}

# states SECONDS COMMAND...: the states in the uevents of the device
states() {
	_ms=$(($1 * 1000))
	shift
	sysfs uevents $_ms "$@" | grep -o "/$AT .*SPDM_STATE=[a-z]*" |
		sed 's/.*=//' | tr '\n' ' '
}

# Tests call this first; it ends them where there is nothing to test with.
need_devices() {
	[ "$(id -u)" = 0 ] || skip_all "run as root"
	modinfo pci_cma >/dev/null 2>&1 || skip_all "no module pci_cma"
	[ -e /dev/virtio-ports/org.ccguest.ask ] ||
		skip_all "no drives: start the guest with --responder"
	[ -e "$BUS/$FIRST" ] || skip_all "no device $FIRST"
	on $FIRST
}

# bus_reset_states: resets the bus of the device, and prints as states. The write
# fails in QEMU, whose root ports do not report the link.
bus_reset_states() {
	states 6 sh -c "echo bus >$D/reset_method; echo 1 2>/dev/null >$D/reset"
}

state_is() {
	[ "$(get spdm/state)" = "$1" ]
}

# sleepless: prints why this machine cannot suspend; nothing if it can.
sleepless() {
	if [ -s /rig/no-suspend ]; then
		cat /rig/no-suspend
	elif ! grep -q deep /sys/power/mem_sleep 2>/dev/null; then
		echo "this machine does not sleep"
	fi
}
