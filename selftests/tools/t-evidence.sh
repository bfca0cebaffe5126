# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# ccguest device evidence and device verify, with spdm-responder as the device,
# and with a fake sysfs; and the commands of Documentation/verifier.md, as written.

if [ ! -x "$out/spdm-responder" ]; then
	begin "device evidence"
	skip "no spdm-responder"
elif ! have openssl; then
	begin "device evidence"
	skip "no command openssl"
else
	python_tests evidence evidence_tests.py "$T/ccguest" \
		"$out/spdm-responder" "$T/evidence"
	python_tests verifier verifier_walk.py "$top/Documentation/verifier.md" \
		"$T/ccguest" "$out/spdm-responder" "$T/verifier"
fi
