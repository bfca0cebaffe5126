# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# bash completion for spdm-responder. A test compares it with --help.

# Completes the current word from a list of words.
_spdm_responder_reply()
{
	mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur")
}

_spdm_responder_files()
{
	mapfile -t COMPREPLY < <(compgen -f -- "$1")
	compopt -o filenames 2>/dev/null
}

# Completes the word after the last comma.
_spdm_responder_list()
{
	local head=

	[[ $cur != *,* ]] || head=${cur%,*},
	mapfile -t COMPREPLY < <(compgen -P "$head" -W "$1" -- "${cur##*,}")
	compopt -o nospace 2>/dev/null
}

_spdm_responder()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local common='-v --verbose -q --quiet -h --help --version'
	local serve='--port --slot --versions --asym --hash --capabilities --mutual-auth
		--portion --opaque --transfer-size --chunks --key-usage --measurement --delay --transcript --fault
		--seed --later-slot --later-versions --later-hash --once'
	local messages='GET_VERSION GET_CAPABILITIES NEGOTIATE_ALGORITHMS GET_DIGESTS
		GET_CERTIFICATE CHALLENGE GET_MEASUREMENTS CHUNK_GET'
	local certs='' word

	COMPREPLY=()

	# bash splits words at "=" and ":", which become words of their own.
	if [[ $prev == = ]]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
		# --slot=N=FILE
		[[ $prev != [0-7] ]] || prev=--transcript
	elif [[ $prev == : ]]; then
		prev=--transcript
	elif [[ $cur == = ]]; then
		cur=
	fi

	for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		[[ $word != certs ]] || certs=1
	done

	case $prev in
	--fault)
		if [[ $cur == *@* ]]; then
			mapfile -t COMPREPLY < <(compgen -P "${cur%@*}@" -W "$messages" -- "${cur##*@}")
			return
		fi
		_spdm_responder_reply 'drop stall hang-up truncate oversize flip-bit garbage
			bad-signature wrong-code wrong-version wrong-slot bad-length
			bad-remainder bad-large-form huge-portion bad-digest bad-cert-chain-hash bad-slot-mask
			bad-context bad-blocks bad-index bad-measurement-spec
			bad-value-size measurements-changed bad-handle bad-sequence huge-sequence bad-last-chunk
			short-chunk empty-chunk bad-large-size huge-large-size two-algorithms no-algorithm foreign-algorithm
			both-selections foreign-pqc
			extra-algorithms bad-root-hash bad-chain-length error-Busy'
		compopt -o nospace 2>/dev/null
		return
		;;
	--versions | --later-versions)
		_spdm_responder_list '1.0 1.1 1.2 1.3 1.4'
		return
		;;
	--asym)
		_spdm_responder_list 'ecdsa-p256 ecdsa-p384 ecdsa-p521 rsassa-2048 rsassa-3072
			rsassa-4096 rsapss-2048 rsapss-3072 rsapss-4096 mldsa-44 mldsa-65 mldsa-87'
		return
		;;
	--hash | --later-hash)
		_spdm_responder_list 'sha256 sha384 sha512 sha3-256 sha3-384 sha3-512'
		return
		;;
	--capabilities)
		_spdm_responder_list 'CERT CHAL MEAS_NO_SIG MEAS_SIG MUT_AUTH CHUNK MULTI_KEY_ONLY MULTI_KEY_NEG LARGE_RESP'
		return
		;;
	--algorithms)
		_spdm_responder_list 'rsa2048 rsa3072 rsa4096 p256 p384 p521 mldsa44 mldsa65 mldsa87'
		return
		;;
	--delay)
		_spdm_responder_reply "$messages"
		return
		;;
	--transcript)
		_spdm_responder_files "$cur"
		return
		;;
	--port | --portion | --opaque | --transfer-size | --key-usage | --measurement | --seed | --device | --slot |\
		--later-slot)
		return
		;;
	esac

	if [[ $cur == -* && $certs ]]; then
		_spdm_responder_reply "--device --algorithms $common"
	elif [[ $cur == -* ]]; then
		_spdm_responder_reply "$serve $common"
	elif [[ $certs ]]; then
		mapfile -t COMPREPLY < <(compgen -d -- "$cur")
		compopt -o filenames 2>/dev/null
	else
		_spdm_responder_reply certs
	fi
}

complete -F _spdm_responder spdm-responder
