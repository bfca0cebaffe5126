# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2154 # variables are shared with lib.sh
#
# ccguest sev launch, against a QMP server over the firmware in software, and
# against QEMU.

# launches NAME SCRIPT
launches()
{
	python_tests "$1" "$2" "$T/ccguest" "$T/$1" "$out/ccguest.objs/test/soft-psp" \
		"$top/tools/man/ccguest-json.5"
}

launches sev-launch sev_launch_tests.py
# Hundreds of runs, some of which wait for the end of a time.
[ "${valgrind:-}" ] || launches sev-launch-faults sev_launch_faults.py
