# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# ccguest device ... --connect: the requester in userland, against
# spdm-responder and against servers that are not responders. connect-table/ has
# the outcome of each fault and each broken chain. ONLY=REGEX of the environment
# picks tests.

if [ ! -x "$out/spdm-responder" ]; then
	begin "device --connect"
	skip "no spdm-responder"
elif ! have openssl; then
	begin "device --connect"
	skip "no command openssl"
else
	# the sanitizers replace the allocator themselves
	if [ -z "${sanitize:-}${valgrind:-}" ]; then
		FAILALLOC=$T/failalloc-connect.so
		export FAILALLOC
		${CC:-cc} -O1 -Wall -Wextra -Werror -shared -fPIC \
			-o "$FAILALLOC" "$here/failalloc.c"
		COUNTPARSE=$T/countparse.so
		export COUNTPARSE
		${CC:-cc} -O1 -Wall -Wextra -Werror -shared -fPIC \
			-o "$COUNTPARSE" "$here/countparse.c"
	fi
	python_tests connect connect_tests.py "$T/ccguest" \
		"$out/spdm-responder" "$T/connect" \
		"$here/connect-table"
fi
