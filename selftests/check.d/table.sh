# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # variables of ../check
#
# Reads the table of the steps. Takes table, its path. Sets nothing.

# steps: the lines of the table.
steps() {
	grep -v -e '^#' -e '^[[:space:]]*$' "$table"
}

# field STEP N: a field of the step's line; N may be a range, as for cut.
field() {
	steps | tr -s '\t ' ' ' | awk -v step="$1" '$1 == step' |
		cut -d ' ' -f "$2"
}

# of_tier TIER: the names of its steps.
of_tier() {
	steps | awk -v tier="$1" '
		BEGIN { size["quick"] = 1; size["check"] = 2; size["long"] = 3 }
		size[$2] <= size[tier] { print $1 }'
}

# named STEP|GROUP...: the names of those steps, in the order of the table.
named() {
	for want; do
		steps | awk -v want="$want" '
			$1 == want || index($1, want "-") == 1 { found = 1 }
			END { exit !found }' || {
			say "no step or group '$want' (check --list)"
			return 2
		}
	done
	steps | awk -v wanted="$*" '
		BEGIN { n = split(wanted, want, " ") }
		{
			for (i = 1; i <= n; i++)
				if ($1 == want[i] ||
				    index($1, want[i] "-") == 1) {
					print $1
					break
				}
		}'
}

# needs STEP: its preparations, one per line.
needs() {
	echo host
	field "$1" 3 | tr , '\n' | grep -vx -e - || :
}

# base PREPARATION: the preparations that another one is made from.
base() {
	case $1 in
	host)		;;
	kernel-debug)	echo host source ;;
	# the tools for arm64 are built in the root bookworm
	guest-arm64-*)	echo host source root-bookworm "kernel-${1#guest-}" ;;
	guest-*)	echo host source "kernel-${1#guest-}" ;;
	*)		echo host ;;
	esac
}

# preparations STEP...: all that these steps need, bases first.
preparations() {
	for _step; do
		for _need in $(needs "$_step"); do
			base "$_need" | tr ' ' '\n'
			echo "$_need"
		done
	done | awk '!seen[$0]++'
}

# fetch_words PREPARATION: the arguments of selftests/vm/fetch for it.
fetch_words() {
	case $1 in
	host)		echo host-packages check ;;
	source)		echo source 6.12 ;;
	root-trixie-dkms) echo root trixie-dkms firmware amdsev ;;
	root-*)		echo root "${1#root-}" ;;
	kernel-*)	echo kernel "${1#kernel-}" ;;
	guest-arm64-*)	echo sysroot arm64 sysroot dev-arm64 firmware arm64 ;;
	guest-*)	echo sysroot amd64 firmware amdsev firmware ovmf ;;
	esac
}
