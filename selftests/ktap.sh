# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Functions that the shell tests of all modules share. It is installed into the
# directory of a test, which sources it. Sets TMP, a scratch folder.

# shellcheck source=/dev/null
. "$(dirname "$0")/../kselftest/ktap_helpers.sh"

TMP=$(mktemp -d)
trap 'rm -rf "$TMP" || :' EXIT

# mark: writes a line to the kernel's log, for since_mark.
mark() {
	MARK="ccguest-test-$$-$((MARK_NO += 1))"
	echo "$MARK" >/dev/kmsg
}

# since_mark: the kernel's log after the last mark.
since_mark() {
	dmesg | sed "1,/$MARK/d"
}

# iomem NAME: first and last address of each range of that name in /proc/iomem.
iomem() {
	sed -n "s/^ *\([0-9a-f]*\)-\([0-9a-f]*\) : $1\$/0x\1 0x\2/p" /proc/iomem
}

skip_all() {
	ktap_print_header
	ktap_skip_all "$@"
	exit "$KSFT_SKIP"
}

# check TEXT CONDITION: a test. If it fails, prints the kernel's log since the
# mark.
check() {
	if eval "$2"; then
		ktap_test_pass "$1"
	else
		ktap_print_msg "failed: $2"
		since_mark | sed 's/^/# /'
		ktap_test_fail "$1"
	fi
}
