# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# Tests spdm-responder with a requester in Python that shares no code with it,
# and its certificates with the openssl command. Recorded conversations of other
# programs, if there are any, prove the requester. ONLY=REGEX of the environment
# selects tests.

responder=$out/spdm-responder

responder_help()
{
	begin "spdm-responder: help, man page and completion have the same options"
	"$responder" --help | grep -oE '^ +(-[a-z], )?--[a-z-]+|^ +-[a-z],' |
		grep -oE -e '--?[a-z][a-z-]*' | sort -u >"$T/want"
	[ "$(wc -l <"$T/want")" -ge 20 ] || bad "too few: $(cat "$T/want")"
	sed 's/\\&//g' "$top/tools/man/spdm-responder.1" | grep '^\.It' |
		grep -o 'Fl -*[A-Za-z][a-z-]*' | sed 's/^Fl /-/' | sort -u >"$T/have"
	cmp -s "$T/want" "$T/have" || bad "man page: $(diff "$T/want" "$T/have")"
	{
		responder_words -
		responder_words certs -
	} | sort -u >"$T/have"
	cmp -s "$T/want" "$T/have" || bad "completion: $(diff "$T/want" "$T/have")"
	finish

	begin "spdm-responder: help, man page and completion have the same faults"
	"$responder" --help | sed -n '/^Faults:/,/^$/s/^  \([a-zA-Z-]*\) .*/\1/p' |
		sort >"$T/want"
	[ "$(wc -l <"$T/want")" -ge 20 ] || bad "too few: $(cat "$T/want")"
	sed -n '/^\.Sh FAULTS/,/^\.El/s/^\.It Cm //p' \
		"$top/tools/man/spdm-responder.1" |
		sed 's/ Ns Ar code/CODE/; s/ , /\n/g' | sort >"$T/have"
	cmp -s "$T/want" "$T/have" || bad "man page: $(diff "$T/want" "$T/have")"
	responder_words --fault = "" | sed 's/error-Busy/error-CODE/' |
		sort >"$T/have"
	cmp -s "$T/want" "$T/have" || bad "completion: $(diff "$T/want" "$T/have")"
	finish
}

# responder_words WORDS...: bash's completions of the last word
responder_words()
{
	bash -c '
		. "$1"
		shift
		compopt() { :; }
		COMP_WORDS=(spdm-responder "$@")
		COMP_CWORD=$#
		_spdm_responder
		printf "%s\n" "${COMPREPLY[@]}"' bash \
		"$top/tools/completion/spdm-responder.bash" "$@"
}

if [ -x "$responder" ] && ! have openssl; then
	begin "spdm-responder"
	skip "no command openssl"
elif [ -x "$responder" ]; then
	responder_help
	python_tests spdm-responder responder_tests.py "$responder" \
		"$T/spdm-responder" "${VECTORS:-$top/../shared/vectors}/spdm"
else
	begin "spdm-responder"
	skip "not built"
fi
