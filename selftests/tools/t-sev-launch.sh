# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2154 # variables are shared with lib.sh
#
# ccguest sev launch, against a QMP server over the firmware in software, and
# against QEMU.

python_tests sev-launch sev_launch_tests.py "$T/ccguest" "$T/sev-launch" \
	"$out/ccguest.objs/test/soft-psp" "$top/tools/man/ccguest-json.5"
