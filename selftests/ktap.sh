# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What the shell tests of all modules share; sourced from the directory of the
# test, into which it is installed.

# shellcheck source=/dev/null
. "$(dirname "$0")/../kselftest/ktap_helpers.sh"

TMP=$(mktemp -d)
trap 'rm -rf "$TMP" || :' EXIT

mark() {
	MARK="ccguest-test-$$-$((MARK_NO += 1))"
	echo "$MARK" >/dev/kmsg
}

# What the kernel said since the mark.
since_mark() {
	dmesg | sed "1,/$MARK/d"
}

# iomem NAME: where memory of that name begins and ends, a line for each.
iomem() {
	sed -n "s/^ *\([0-9a-f]*\)-\([0-9a-f]*\) : $1\$/0x\1 0x\2/p" /proc/iomem
}

skip_all() {
	ktap_print_header
	ktap_skip_all "$@"
	exit "$KSFT_SKIP"
}

# check TEXT CONDITION: a test, with what the kernel said if it fails.
check() {
	if eval "$2"; then
		ktap_test_pass "$1"
	else
		ktap_print_msg "failed: $2"
		since_mark | sed 's/^/# /'
		ktap_test_fail "$1"
	fi
}
