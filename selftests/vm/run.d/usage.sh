# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# The help text of ../run. Takes CCGUEST_CACHE and kernel_ids() of
# ../lib/common.sh; sets nothing.

usage() {
	cat <<EOF
usage: selftests/vm/run [OPTION...] --test NAME...
       selftests/vm/run [OPTION...] --exec 'SHELL COMMANDS'
       selftests/vm/run [OPTION...] --shell

Boots a kernel in QEMU, with our modules ready for modprobe and our tools in
the path, and runs tests, commands or a shell in it.

What to run
  --test NAME...     kselftests: selftests/NAME, or one test NAME:TEST; KTAP
                     on stdout. Afterwards all our modules must unload, the
                     kernel's log must be free of reports, and no memory may
                     have leaked.
  --exec COMMANDS    shell commands. Only their output is on stdout, and
                     their exit status is the result. A report in the
                     kernel's log (warning, oops, sanitizer, lockdep...) or a
                     taint that our modules do not cause fails the run: the
                     status is 1 where the commands ended with 0, else the
                     status of the commands, and stderr says
                     "ID: KERNEL REPORT:". Modules may stay loaded, and leaks
                     are not looked for: use --test for that
  --shell            an interactive shell in the guest

The machine
  --kernel ID        one of: $(kernel_ids | tr '\n' ' ')(default 6.12)
  --firmware NAME    amdsev, ovmf or seabios (amd64; default amdsev with
                     --secrets, ovmf with --area or SPDM devices, else
                     seabios); arm64 has only one UEFI firmware
  --secrets FILE     content of the confidential-computing secret area, as
                     'ccguest secret build' makes it. With amdsev the
                     firmware has the area; else an EFI program makes one.
  --file SRC:DST     put a file or folder of this machine at DST in the guest
  --kmod NAME        add a module of the kernel, and the modules it needs
  --nvme-spdm PORT[,hotplug]
                     an NVMe drive with DOE, whose SPDM responder listens on
                     127.0.0.1:PORT. May be repeated: the first drive is at
                     0000:00:03.0, the next at 0000:00:04.0... QEMU cannot
                     unplug these drives. With ,hotplug the drive is in a
                     root port of its own, and QEMU can unplug it. Their QMP
                     names are spdm1, spdm2...
  --responder OPTS   an NVMe drive, and a spdm-responder with these options
                     for it, which ends with the VM; @certs@ in OPTS stands
                     for the folder that selftests/vm/spdm-certs prints
  --ask              let the guest plug and unplug such drives, in four
                     spare root ports: run 'rig' in the guest. The two
                     options above imply --ask.
  --qmp SOCKET       let QEMU listen on SOCKET for QMP
  --qemu ARG         one more argument for QEMU (one word per --qemu)
  --append ARGS      more words on the kernel's command line
  --memory MB        default 512 (debug: 2048)
  --swap MB          an empty disk /dev/vda of this size, and its driver
  --smp N            processors, default 2. Use 1 unless the test needs two
                     processors: QEMU without KVM now and then loses a timer
                     of a guest that has two
  --timeout SECONDS  time limit of the whole VM; default 300 (debug 900,
                     arm64 600); --shell has no limit. A guest that has
                     started its tests or commands, and then gives no sign of
                     life for 180 s (CCGUEST_SILENCE), is ended earlier
  --log FILE         an event log of measurements, placed as a VMM or
                     firmware would
  --log-source NAME  how the kernel finds the log: dt (arm64 without
                     firmware; default there), uefi-dt (arm64: firmware and a
                     Device Tree), ccel (ACPI; default of amd64) or efi (the
                     table of the kernel's EFI stub). With firmware other
                     than amdsev, an EFI program places the log, unless a
                     Device Tree names it

For tests of the modules and of the rig
  --area SPEC        a secret area as no good firmware makes it (ovmf,
                     arm64). SPEC is a list with commas:
                     reserved (default), ram (the kernel will use it), acpi,
                     runtime, loader: the area's memory type; none: no
                     configuration table; base=N, size=N: the values in the
                     table, true or not; offset=N: added to the base;
                     locator=N: address of the table itself; tables=N: N
                     other tables first; ballast=N: N bytes of runtime data
                     below the firmware's own, which start with a copy of
                     the system table
  --log-spec SPEC    a log as no good VMM or firmware places it. SPEC is a
                     list with commas:
                     base=N, size=N: the values announced, true or not;
                     at=N: the real address; area=N: bytes for the log
                     (64 KiB); unreserved: in RAM that is not reserved;
                     trees: doc1, doc2: the other form, with one cell or two;
                     reserve=N: reserve that, in a node of the same name;
                     pool, disabled, no-address, bad-cells: a fault of the
                     node; twin: a second node; nodes=N: N more nodes;
                     also=BASE:SIZE, also=WORD: one more node of the form
                     doc2, with these values or this fault; may be repeated;
                     ccel: table=N: its length; cc-type=N;
                     EFI program: nvs, acpi, reserved, runtime, ram, loader:
                     the memory type; version=N: of the table with efi
  --in-tree-driver   let the debug kernel's own efi_secret driver bind
  --modules DIR      take our modules from DIR, do not build them
  --module-source DIR
                     build the module of DIR (a Kbuild and its sources) for
                     the kernel, and put it in beside ours
  --tools DIR        take our tools from DIR: a tree whose root is the
                     guest's; none: no tools

Otherwise
  -v, --verbose      the guest's console on stderr while it runs
  --keep             keep the initramfs and other temporary files for a day
  --dry-run          print QEMU's command line, do not run it
  --list             print the names for --test
  -h, --help

Exit status: 0 passed, 1 a test failed, 2 the rig could not be set up, 3 the
VM was lost (panic, reset, power-off), 4 the VM was lost by QEMU's own fault
(QEMU aborts; or, before a module of ours is loaded, it loses a timer, or the
kernel is silent for 90 s before init, twice), 124 time-out. With --exec, the
status of the commands, unless the VM was lost. stderr tells which.
Logs of every run are in $CCGUEST_CACHE/logs.
EOF
}
