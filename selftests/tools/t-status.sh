# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# ccguest status, on fake machines that --root names, and on this one.

r=$T/root

begin "status: this machine"
run status
want_rc 0
no_err
want_out "kernel      $(uname -r) ($(uname -m))"
run status --json
want_rc 0
want_json 'd["schema"] == "ccguest/status/1"'
want_json 'd["kernel"]["release"] == "'"$(uname -r)"'"'
want_json 'd["version"] == "'"$(cat "$top/VERSION")"'"'
finish

begin "status: a user other than root"
run_user status
want_rc 0
no_err
finish

begin "status: an empty machine"
rm -rf "$r"
mkdir "$r"
run --root "$r" status
want_rc 0
no_err
want_out "efi         no"
want_out "securityfs  not mounted"
want_out "lockdown    unknown"
run --root "$r" status --json
want_json '[m["name"] for m in d["modules"]] == ["efi_secret", "spdm", "pci_cma", "cc_event_log"]'
want_json 'all(m["state"] == "missing" and m["origin"] is None and m["file"] is None for m in d["modules"])'
want_json '[s["command"] for s in d["next"]] == ["mount -t securityfs securityfs /sys/kernel/security"]'
want_json '[f["state"] for f in d["facilities"] ] == ["unknown"] * 2 + ["absent"] * 10'
finish

begin "status: a fresh guest: install the modules"
tree "$r"
run --root "$r" status
want_rc 0
want_out "kernel      6.99.0-test (x86_64)"
want_out "efi         yes"
want_out "securityfs  mounted"
want_out "efi_secret    missing"
want_out "make dkms-install"
run --root "$r" status --json
want_json 'd["efi"] and d["securityfs"] and d["kernel"] == {"release": "6.99.0-test", "arch": "x86_64"}'
want_json '[s["command"] for s in d["next"]] == ["make dkms-install"]'
finish

# module FILE KEY=VALUE...: makes an object file with that modinfo
module()
{
	file=$1
	shift
	mkdir -p "${file%/*}"
	{
		printf 'const char info[] __attribute__((section(".modinfo"), used)) =\n'
		printf '"%s\\0"\n' "$@"
		echo ';'
	} >"$T/mod.c"
	${CC:-cc} -c -o "$file" "$T/mod.c"
}

mods=$r/lib/modules/6.99.0-test
# The author by which ccguest recognizes its modules.
ours="author=The ccguest developers"
version=$(cat "$top/VERSION")

if have depmod; then
	# shellcheck source-path=SCRIPTDIR source=t-status.d/advice.sh
	. "$here/t-status.d/advice.sh"
	# shellcheck source-path=SCRIPTDIR source=t-status.d/modules.sh
	. "$here/t-status.d/modules.sh"
else
	begin "status: installed modules"
	skip "no depmod, install kmod"
fi

begin "status: -F is a saved tree"
live_tree "$r"
run --root "$r" status --json
cp "$T/out" "$T/want"
run status --json -F "$r"
want_rc 0
out_is "$T/want"
run status -F "$T/no-such-tree"
want_rc 1
want_err "$T/no-such-tree: No such file or directory"
run status -F "$T/want"
want_rc 1
want_err "$T/want: Not a directory"
finish

begin "status: loaded modules"
live_tree "$r"
for m in spdm pci_cma; do
	mkdir -p "$r/sys/module/$m"
	echo live >"$r/sys/module/$m/initstate"
done
printf 'OE\n' >"$r/sys/module/efi_secret/taint"
echo "$version" >"$r/sys/module/efi_secret/version"
printf '\n' >"$r/sys/module/spdm/taint"
run --root "$r" status --json
want_json '[m["state"] for m in d["modules"]] == ["loaded", "loaded", "loaded", "missing"]'
want_json '[m["origin"] for m in d["modules"]] == [None, "in-tree", None, None]'
want_json 'd["modules"][0]["version"] == "'"$version"'"'
want_json '[f for f in d["facilities"] if f["name"] == "secrets"] == [{"name": "secrets", "state": "present", "detail": "3 secrets in /sys/kernel/security/secrets/coco"}]'
want_json '[s["command"] for s in d["next"]] == ["ccguest secret list"]'
run --root "$r" status
want_out "efi_secret    loaded"
no_out "$MARKER"
finish

begin "status: lockdown"
for state in none integrity confidentiality; do
	echo none integrity confidentiality | sed "s/$state/[$state]/" \
		>"$r/sys/kernel/security/lockdown"
	run --root "$r" status --json
	want_json 'd["lockdown"] == "'$state'"'
done
echo frob >"$r/sys/kernel/security/lockdown"
run --root "$r" status --json
want_json 'd["lockdown"] == "unknown"'
finish

# facility NAME STATE DETAIL: status reports this facility so
facility()
{
	run --root "$r" status --json
	want_json '[(f["state"], "'"$3"'" in f["detail"]) for f in d["facilities"] if f["name"] == "'"$1"'"] == [("'"$2"'", True)]'
}

begin "status: processor's flags"
printf 'processor\t: 0\nflags\t\t: fpu sev sev_es hypervisor\nbugs\t: sev_snp\n\nprocessor\t: 1\nflags\t: sev_snp tdx_guest\n' \
	>"$r/proc/cpuinfo"
facility cpu-sev present "flags sev sev_es: offered"
facility cpu-tdx absent "no flag"
printf 'flags\t\t: fpu sev\n' >"$r/proc/cpuinfo"
facility cpu-sev absent "this is a host"
printf 'flags\t\t: tdx_guest hypervisor\n' >"$r/proc/cpuinfo"
facility cpu-tdx present "tdx_guest"
printf 'processor\t: 0\nFeatures\t: fp asimd sev\n' >"$r/proc/cpuinfo"
facility cpu-sev absent "no AMD SEV flag"
python3 -c 'print("flags : " + "sev sev_es sev_snp " * 5000, end="")' >"$r/proc/cpuinfo"
run --root "$r" status --json
want_rc 0
rm "$r/proc/cpuinfo"
facility cpu-sev unknown "No such file"
facility cpu-tdx unknown "No such file"
finish

begin "status: sources of attestation reports"
facility sev-guest absent "no /dev/sev-guest"
: >"$r/dev/sev-guest"
facility sev-guest present "/dev/sev-guest"
mkdir -p "$r/sys/devices/virtual/misc/tdx_guest"
facility tdx-guest present "/sys/devices/virtual/misc/tdx_guest"
mkdir -p "$r/sys/module/arm_cca_guest"
facility cca-guest present arm_cca_guest
mkdir -p "$r/sys/kernel/config/tsm/report"
facility tsm-report present "/sys/kernel/config/tsm/report, provider arm_cca_guest"
mkdir -p "$r/sys/module/sev_guest"
facility tsm-report present "/sys/kernel/config/tsm/report, provider sev_guest"
rmdir "$r/sys/module/sev_guest" "$r/sys/module/arm_cca_guest"
facility tsm-report present "/sys/kernel/config/tsm/report"
run --root "$r" status
no_out ", provider"
finish

begin "status: keyring, which only root sees"
cat >"$r/proc/keys" <<END
0a1b2c3d I------     1 perm 1f0b0000  1000     0 keyring   .cma: empty
0a1b2c3e I------     1 perm 1f0b0000     0     0 keyring   .cmax: 1
0a1b2c3e I------     1 perm 1f0b0000     0     0 user      .cma: 1
junk
END
facility cma-keyring absent "no keyring .cma"
echo "0a1b2c3f I------     1 perm 1f0b0000     0     0 keyring   .cma: 1" \
	>>"$r/proc/keys"
facility cma-keyring present "keyring .cma"
finish

begin "status: the policy for devices"
facility device-policy absent "no /etc/ccguest/device-policy"
mkdir -p "$r/etc/ccguest"
printf '# no rule\nany colour red\n' >"$r/etc/ccguest/device-policy"
facility device-policy unknown "line 2"
printf 'any name none\n' >"$r/etc/ccguest/device-policy"
facility device-policy present "1 rule in /etc/ccguest/device-policy"
rm -r "$r/etc/ccguest"
finish

begin "status: PCI devices"
facility pci-authenticated absent "none of 0 PCI devices"
for x in 0:1 1:0 2:0 3:x 4:; do
	mkdir "$r/sys/bus/pci/devices/0000:00:0${x%:*}.0"
	[ "$x" = 4: ] || echo "${x#*:}" >"$r/sys/bus/pci/devices/0000:00:0${x%:*}.0/authenticated"
done
facility pci-authenticated present "4 of 5 PCI devices: 1 authenticated, 2 not, 1 unknown"
facility pci-tsm absent "no /sys/class/tsm/tsm*"
mkdir -p "$r/sys/class/tsm/tsm0"
facility pci-tsm present "/sys/class/tsm/tsm0, for no PCI device"
for x in 0:tsm0 4:; do
	mkdir "$r/sys/bus/pci/devices/0000:00:0${x%:*}.0/tsm"
	echo "${x#*:}" >"$r/sys/bus/pci/devices/0000:00:0${x%:*}.0/tsm/connect"
done
facility pci-tsm present "2 PCI devices are left to tsm0: pci_cma has nothing to do there"
facility pci-authenticated present "3 of 5 PCI devices: 0 authenticated, 2 not, 1 unknown"
rm -r "$r/sys/class/tsm"
facility pci-tsm absent "2 PCI devices are left to a TSM that is missing"
rm -r "$r/sys/bus/pci"
facility pci-tsm absent "no /sys/class/tsm"
facility pci-authenticated absent "no PCI"
finish

begin "status: the advice for devices that are not authenticated"
tree "$r"
d=$r/sys/bus/pci/devices/0000:00:03.0
mkdir "$d"
# next_is COMMAND: status advises that command, and no other
next_is()
{
	run --root "$r" status --json
	want_rc 0
	want_json '[s["command"] for s in d["next"] if s["command"].startswith("ccguest")] == ['"$1"']'
}
next_is ""
echo 0 >"$d/authenticated"
# Without the keyring, the advice is to load the module.
next_is ""
echo "0a1b2c3f I------     1 perm 1f0f0000     0     0 keyring   .cma: empty" \
	>"$r/proc/keys"
next_is '"ccguest keyring add FILE"'
facility cma-keyring present "keyring .cma in /proc/keys, empty"
sed -i 's/empty/2/' "$r/proc/keys"
next_is '"ccguest device authenticate --all -v"'
# No certificate can change this failure.
mkdir "$d/spdm"
echo "signature 0 -129 Slot 0: Cannot verify challenge_auth signature" \
	>"$d/spdm/failure"
next_is '"ccguest device authenticate 0000:00:03.0 -v"'
want_json '[s["why"] for s in d["next"] if "0000:00:03.0" in s["command"]] == ["Slot 0: Cannot verify challenge_auth signature; Documentation/spdm.md, \"Messages\", tells what to do"]'
echo "chain 1 -126 Root certificate for slot 1 not found" \
	>>"$d/spdm/failure"
next_is '"ccguest device authenticate --all -v"'
echo 1 >"$d/authenticated"
next_is ""
finish

begin "status: event logs"
facility cc-event-log absent "no /sys/kernel/security/cc_event_log"
mkdir -p "$r/sys/kernel/security/cc_event_log/0"
facility cc-event-log present "1 log in"
finish

begin "status: hostile text in the tree is escaped or refused"
printf '\033[31mred' >"$r/proc/sys/kernel/arch"
run --root "$r" status
want_rc 0
want_out '\x1b[31mred'
no_out "$(printf '\033')"
for release in ../../etc .. "" "a/b"; do
	echo "$release" >"$r/proc/sys/kernel/osrelease"
	run --root "$r" status
	want_rc 1
	no_out
	want_err "/proc/sys/kernel/osrelease: is not the release of a kernel"
done
finish
