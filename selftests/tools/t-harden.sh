# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2154 # variables are shared with lib.sh
#
# The programs are built with the default flags that harden them.

# calls PROGRAM PATTERN: the functions of other libraries that it calls
calls()
{
	nm -D --undefined-only "$1" | awk '{ print $2 }' | sed 's/@.*//' |
		grep -x "$2"
}

for program in ccguest spdm-responder; do
	# WITH_RESPONDER=no leaves it out.
	[ -e "$out/$program" ] || continue

	begin "harden: $program is a position-independent executable"
	readelf -hW "$out/$program" | grep -q '^ *Type: *DYN ' ||
		bad "$(readelf -hW "$out/$program" | grep Type:)"
	readelf -dW "$out/$program" | grep -q 'FLAGS_1.*PIE' ||
		bad "no PIE in the dynamic section"
	finish

	begin "harden: $program has RELRO and BIND_NOW"
	readelf -lW "$out/$program" | grep -q '^ *GNU_RELRO ' ||
		bad "no segment GNU_RELRO"
	readelf -dW "$out/$program" | grep -q 'FLAGS_1.*NOW' ||
		bad "no NOW in the dynamic section"
	finish

	begin "harden: $program has stack canaries"
	calls "$out/$program" '__stack_chk_\(fail\|guard\)' >/dev/null ||
		bad "no call of __stack_chk_fail"
	finish

	begin "harden: $program has fortified calls"
	calls "$out/$program" '__[a-z]*printf_chk' >"$T/calls" || :
	# The sanitizers replace the functions that would be fortified.
	if [ -n "$sanitize" ]; then
		[ ! -s "$T/calls" ] || bad "with sanitizers: $(cat "$T/calls")"
	else
		[ -s "$T/calls" ] || bad "no call of __printf_chk or the like"
	fi
	finish
done

# flags SETTING...: what the compiler would get for one file
flags()
{
	make -n -C "$top/tools" O="$T/harden" "$@" |
		grep -- '-c -o .*/main\.o' | head -n 1
}

# holds SETTING WANTED UNWANTED: patterns of that
holds()
{
	flags "$1" >"$T/line"
	grep -q -- "$2" "$T/line" || bad "$1: no $2: $(cat "$T/line")"
	[ -z "$3" ] || ! grep -q -- "$3" "$T/line" ||
		bad "$1: $3: $(cat "$T/line")"
}

begin "harden: the user's flags win"
holds CFLAGS=-O0 ' -O0 ' _FORTIFY_SOURCE
holds CFLAGS="-O2 -D_FORTIFY_SOURCE=1" ' -D_FORTIFY_SOURCE=1 ' \
	'_FORTIFY_SOURCE=[23]'
holds CFLAGS="-O2 -fno-stack-protector" \
	'-fstack-protector-strong .* -fno-stack-protector ' ''
holds CFLAGS="-O2 -fno-pie -no-pie" ' -fno-pie ' ' -fPIE '
holds SANITIZE=address ' -fsanitize=address ' _FORTIFY_SOURCE
finish
