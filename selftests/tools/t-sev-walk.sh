# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# The commands of Documentation/sev-launch.md, as written, with a platform in
# software.

python_tests sev-walk walk_tests.py "$top/Documentation/sev-launch.md" \
	"$out/ccguest.objs/test/walk/ccguest" "$out/ccguest.objs/test/soft-psp" "$T/sev-walk"
