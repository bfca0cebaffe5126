# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2154 # variables are shared with lib.sh
#
# ccguest device authenticate --connect with each chain of ../chains/table.py.
# The kernel module gets the same chains: ../pci_cma/chains.sh. ONLY=REGEX of the
# environment picks tests.

if [ ! -x "$out/spdm-responder" ]; then
	begin "device --connect with each chain"
	skip "no spdm-responder"
elif ! have openssl; then
	begin "device --connect with each chain"
	skip "no command openssl"
else
	python_tests chains chains_tests.py "$T/ccguest" \
		"$out/spdm-responder" "$T/chains" "$here/../chains"
fi
