# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# bash completion for ccguest. This file lists commands, verbs and options,
# because a call of ccguest at each key would be slow. A test compares the lists
# with `ccguest help --list-options`. GUIDs and known names come from ccguest.

# Secrets of this machine, by GUID and by known name.
_ccguest_secrets()
{
	local guids guid name alias

	guids=$("${_ccguest_with[@]}" secret list --names 2>/dev/null)
	printf '%s\n' "$guids"
	while IFS=$'\t' read -r guid name alias _; do
		[[ $'\n'$guids$'\n' == *$'\n'"$guid"$'\n'* ]] || continue
		printf '%s\n' "$name"
		[[ $alias == - ]] || printf '%s\n' "$alias"
	done < <("${_ccguest_with[0]}" help --list-names 2>/dev/null)
}

# All known names.
_ccguest_names()
{
	"${_ccguest_with[0]}" help --list-names 2>/dev/null |
		cut -f 2,3 | tr '\t' '\n' | grep -vx -e -
}

# Addresses of devices. bash splits words at colons: the words before the
# current word must match the address, and are not offered again.
_ccguest_bdfs()
{
	local word=$cur before bdfs bdf i=$COMP_CWORD

	while [[ ${COMP_WORDS[i]} == : || ${COMP_WORDS[i - 1]} == : ]]; do
		((i--))
		word=${COMP_WORDS[i]}$word
	done
	before=${word%"$cur"}
	[[ $cur == : ]] && before=$word
	bdfs=$("${_ccguest_with[@]}" device list --bdfs "$@" 2>/dev/null)
	# Domain 0000 may be omitted.
	[[ $'\n'$bdfs == *$'\n'"$word"* ]] || bdfs=${bdfs//0000:/}
	for bdf in $bdfs; do
		[[ $bdf == "$word"* ]] && COMPREPLY+=("${bdf#"$before"}")
	done
}

_ccguest_keys()
{
	"${_ccguest_with[0]}" keyring list --ids "${_ccguest_keyring[@]}" \
		2>/dev/null
}

# Completes the current word from a list of words.
_ccguest_reply()
{
	local IFS=$'\n'

	mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur")
}

_ccguest_files()
{
	mapfile -t COMPREPLY < <(compgen -f -- "$1")
	compopt -o filenames 2>/dev/null
}

# GUID:FILE; ":" may or may not be a word of its own.
_ccguest_guid_file()
{
	if [[ $prev == : ]]; then
		_ccguest_files "$cur"
	elif [[ $cur == : ]]; then
		_ccguest_files ''
	else
		_ccguest_reply "$(_ccguest_names)"
		compopt -o nospace 2>/dev/null
	fi
}

# The numbers of the logs of this machine, and files.
_ccguest_logs()
{
	local -a numbers

	mapfile -t numbers < <(compgen -W \
		"$("${_ccguest_with[@]}" log list --names 2>/dev/null)" -- "$cur")
	_ccguest_files "$cur"
	COMPREPLY+=("${numbers[@]}")
}

# Completes the word after the last comma.
_ccguest_list()
{
	local head='' words

	[[ $cur == *,* ]] && head=${cur%,*},
	if [[ $1 == --hash ]]; then
		words='sha256 sha384 sha512 sha3-256 sha3-384 sha3-512'
	else
		words='rsassa-2048 rsassa-3072 rsassa-4096 rsapss-2048 rsapss-3072
			rsapss-4096 ecdsa-p256 ecdsa-p384 ecdsa-p521
			mldsa-44 mldsa-65 mldsa-87'
	fi
	mapfile -t COMPREPLY < <(compgen -P "$head" -W "$words" -- "${cur##*,}")
	compopt -o nospace 2>/dev/null
}

_ccguest()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local global='--json -v --verbose -q --quiet --color --root -F --from -h --help --version'
	local launch='--firmware --firmware-digest --kernel --initrd --cmdline --cpus --cpu --vmm --features --vmsa --vmsa-cpu0 --vmsa-cpu1 --api --build --policy --tik --nonce'
	local connect='--connect --timeout --versions --asym --hash'
	local trust='--ca --san --validity --policy --bdf --id'
	# First words of verbs of two words.
	local topics='secret report idblock vmsa'
	local options='' group='' verb='' word i
	local -a _ccguest_with=("${COMP_WORDS[0]}") _ccguest_keyring=()

	COMPREPLY=()

	# bash splits words at "=" and ":", which become words of their own.
	if [[ $prev == = ]]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	elif [[ $cur == = ]]; then
		prev=${COMP_WORDS[COMP_CWORD - 1]}
		cur=
	fi

	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		case $word in
		-F | --from | --root)
			# The names of secrets come from this file too.
			[[ ${COMP_WORDS[i + 1]} == = ]] && ((i++))
			((i++))
			((i < COMP_CWORD)) && _ccguest_with+=("$word" "${COMP_WORDS[i]}")
			;;
		--keyring)
			[[ ${COMP_WORDS[i + 1]} == = ]] && ((i++))
			((i++))
			((i < COMP_CWORD)) && _ccguest_keyring=("$word" "${COMP_WORDS[i]}")
			;;
		--rpv | --launch | --profile | --tag-id | --tag-version | --creator | --regid | \
			--color | -o | --output | --size | --connect | --timeout | --versions | \
			--allow-unknown | --reference | --asym | --hash | --ca | --san | --validity | --until | --bdf | --id | --repeat | --slot | --dir | \
			--place | --images | --database | --token | --key | --nonce | --report | --crl | --at | \
			--register | --type | --registers | --rmm | --ripas-blocks | --rem-extend | \
			--sev | --oca | --cek | --firmware | --firmware-digest | --kernel | \
			--initrd | --cmdline | --cpus | --cpu | --vmm | --features | \
			--vmsa | --vmsa-cpu0 | --vmsa-cpu1 | --api | --build | --policy | \
			--tik | --launch-digest | --format | --digest | --measurement | \
			--index | -n | --name | --tek | --tk | --header | --payload | \
			--id-key | --author-key | --family | --image | --svn | --block | --auth | \
			--kernel-hashes | --cbitpos | --reduced-phys-bits | --host-data | \
			--qmp | --secret | --gpa | -c | -s | --data | --privlevel | --provider)
			[[ ${COMP_WORDS[i + 1]} == = ]] && ((i++))
			((i++))
			;;
		--json | --yaml)
			[[ ${COMP_WORDS[i + 1]} == = ]] && ((i += 2))
			;;
		-*) ;;
		*)
			if [[ -z $group ]]; then
				group=$word
			elif [[ -z $verb ]]; then
				verb=$word
			elif [[ $group == sev && " $topics " == *" $verb "* ]]; then
				verb+=" $word"
			fi
			;;
		esac
	done

	case $prev in
	--json)
		if [[ ${COMP_LINE:0:COMP_POINT} =~ --json=[a-z]*$ ]]; then
			_ccguest_reply $'pretty\nshort'
			return
		fi
		;;
	--yaml)
		if [[ ${COMP_LINE:0:COMP_POINT} =~ --yaml=[12]?$ ]]; then
			_ccguest_reply $'1\n2'
			return
		fi
		;;
	--color)
		_ccguest_reply $'auto\nalways\nnever'
		return
		;;
	--root | --dir)
		mapfile -t COMPREPLY < <(compgen -d -- "$cur")
		compopt -o filenames 2>/dev/null
		return
		;;
	-F | --from | -o | --output | --ca | --reference | --sev | --oca | --cek | --token | --key | --registers | --launch | --report | --crl | \
		--firmware | --kernel | --initrd | --vmsa-cpu0 | --vmsa-cpu1 | --tik | \
		--tek | --tk | --header | --payload | --id-key | --author-key | --block | --auth | --qmp | --data)
		_ccguest_files "$cur"
		return
		;;
	--policy)
		[[ $group == sev ]] || _ccguest_files "$cur"
		return
		;;
	--provider)
		_ccguest_reply $'tsm\nsev-guest\nazure'
		return
		;;
	--bdf)
		_ccguest_bdfs --all
		return
		;;
	-s | --secret)
		_ccguest_guid_file
		return
		;;
	--until)
		_ccguest_reply $'authenticated\nunauthenticated\nunproved\nuntrusted\nreplaced\npending\nreset\nunknown\nconnected\ndisconnected'
		return
		;;
	--validity)
		_ccguest_reply $'off\nwarn\nenforce'
		return
		;;
	--versions)
		_ccguest_reply $'1.0\n1.1\n1.2\n1.3\n1.4'
		return
		;;
	--slot)
		_ccguest_reply $'0\n1\n2\n3\n4\n5\n6\n7'
		return
		;;
	--asym | --hash)
		_ccguest_list "$prev"
		return
		;;
	--images | --database)
		mapfile -t COMPREPLY < <(compgen -d -- "$cur")
		compopt -o filenames 2>/dev/null
		return
		;;
	--rmm)
		_ccguest_reply $'1.0\n2.0\nauto'
		return
		;;
	--ripas-blocks)
		if [[ $verb == rim || $verb == endorse ]]; then
			_ccguest_reply $'4K\n2M\n1G\n512G'
		else
			_ccguest_reply $'4K\n2M\n1G\n512G\nauto'
		fi
		return
		;;
	--allow-unknown)
		_ccguest_reply $'negotiation\nfreshness\nmeasurements'
		return
		;;
	--allow-lifecycle)
		_ccguest_reply $'unknown\nassembly-and-test\nrot-provisioning\nnon-rot-debug\nrecoverable-rot-debug\ndecommissioned'
		return
		;;
	--cpu)
		_ccguest_reply $'EPYC\nEPYC-Rome\nEPYC-Milan\nEPYC-Genoa\nEPYC-Turin\nhost'
		return
		;;
	--vmm)
		_ccguest_reply $'qemu\nkrun\nec2\ngce'
		return
		;;
	--vmsa)
		_ccguest_reply $'legacy\ninit2'
		return
		;;
	--format)
		if [[ $verb == args ]]; then
			_ccguest_reply $'qemu\nlibvirt'
		elif [[ $verb == endorse ]]; then
			_ccguest_reply $'corim\ncomid\ncorim-json\ncomid-json'
		else
			_ccguest_reply $'hex\nbase64'
		fi
		return
		;;
	--kernel-hashes)
		_ccguest_reply $'on\noff'
		return
		;;
	--rem-extend)
		_ccguest_reply $'tf-rmm\npadded'
		return
		;;
	--firmware-digest | --cmdline | --cpus | --features | --api | --build | \
		--launch-digest | --digest | --measurement | --index | --cbitpos | \
		--reduced-phys-bits | --host-data | --gpa)
		return
		;;
	-c | -n | --name | --family | --image | --svn | --register | --type | --size | --place | --nonce | --keyring | --connect | --timeout | --san | --id | --repeat)
		return
		;;
	esac

	case $group in
	device)
		case $verb in
		list) options='-a --all --bdfs' ;;
		show) options='' ;;
		authenticate) options="-a --all $connect $trust --repeat" ;;
		measurements) options="$connect $trust --nonce --index --count --raw --unsigned" ;;
		evidence) options="$connect --nonce --slot -o --output --cbor" ;;
		verify) options="$trust --nonce --reference --versions --asym --hash --allow-unknown" ;;
		certificates) options="$connect --slot --pem --der --force" ;;
		watch) options='--until --timeout' ;;
		esac
		;;
	keyring)
		case $verb in
		list) options='--keyring --ids' ;;
		add | remove) options='--keyring' ;;
		load) options='--keyring --dir --policy' ;;
		esac
		;;
	secret)
		case $verb in
		list) options='--names' ;;
		show) options='' ;;
		read) options='-o --output --strip --force' ;;
		wipe) options='--all' ;;
		build) options='-o --output --size --force --allow-duplicates --allow-zero-guid' ;;
		esac
		;;
	log)
		case $verb in
		list) options='--names' ;;
		show) options='--strict --realm --place --yaml --images --register --type' ;;
		replay) options='--strict --realm --place' ;;
		verify) options='--strict --realm --place --images --database --token --key --nonce --allow-lifecycle --reference --registers --rmm --ripas-blocks --rem-extend --live --report --crl --at --policy' ;;
		rim) options='--ripas-blocks' ;;
		make) options='-o --output' ;;
		export) options='--strict --realm --place --cel-json --cel-cbor --cel-tlv -o --output' ;;
		token) options='--key --nonce --allow-lifecycle --reference' ;;
		endorse) options='-o --output --format --registers --launch --rpv --ripas-blocks --profile --id --tag-id --tag-version --creator --regid' ;;
		esac
		;;
	report)
		case $verb in
		get) options='--nonce --data --privlevel --provider -o --output' ;;
		show) options='' ;;
		verify) options='--nonce --certs --crl --at --key --require-chip --csp-id --policy --expect --measurement --expect-launch --host-data --id-key-digest --author-key-digest --min-guest-svn --vmpl --min-tcb --min-firmware --report-data' ;;
		esac
		;;
	sev)
		case $verb in
		verify) options='--sev --oca --cek --ca' ;;
		session) options='-n --name --oca --cek --ca --insecure' ;;
		'secret build') options='--tik --tek --tk --measurement --firmware --header --payload --raw' ;;
		'report verify') options='--digest --nonce --policy --oca --cek --ca' ;;
		'idblock build') options='--digest --id-key --author-key --family --image --svn --policy --block --auth --raw' ;;
		'vmsa build' | 'vmsa update') options='--cpu --vmm --features --vmsa --firmware --index' ;;
		measure) options="$launch --firmware-only --launch-digest --format" ;;
		validate) options="$launch --digest --measurement" ;;
		export) options='-f --full --cek --ca' ;;
		provision | reset | rotate) options='--yes' ;;
		args) options='--format -n --name --policy --firmware --kernel --initrd --cmdline --kernel-hashes --cpus --cpu --vmsa --cbitpos --reduced-phys-bits --block --auth --host-data' ;;
		launch) options="$launch --qmp --timeout --tek --tk --secret --gpa --dry-run" ;;
		domain) options="$launch --digest --measurement -c --connect --tek --tk -s --secret --header --payload --gpa --trust-xml --insecure --ignore-config --timeout" ;;
		esac
		;;
	status) options='' ;;
	help) options='--list-options --list-names' ;;
	esac

	if [[ $cur == -* ]]; then
		_ccguest_reply "${options// /$'\n'}"$'\n'"${global// /$'\n'}"
		return
	fi

	case $group in
	'')
		_ccguest_reply $'status\nsecret\ndevice\nkeyring\nlog\nreport\nsev\nhelp'
		;;
	device)
		case $verb in
		'') _ccguest_reply $'list\nshow\nauthenticate\ncertificates\nmeasurements\nevidence\nverify\nwatch' ;;
		# ":" may or may not be part of a word.
		show) _ccguest_bdfs --all ;;
		authenticate | certificates | evidence | watch) _ccguest_bdfs ;;
		verify) _ccguest_files "$cur" ;;
		esac
		;;
	keyring)
		case $verb in
		'') _ccguest_reply $'list\nadd\nremove\nload' ;;
		add) _ccguest_files "$cur" ;;
		remove) _ccguest_reply "$(_ccguest_keys)" ;;
		esac
		;;
	secret)
		case $verb in
		'')
			_ccguest_reply $'list\nshow\nread\nwipe\nbuild'
			;;
		show | read | wipe)
			_ccguest_reply "$(_ccguest_secrets)"
			;;
		build) _ccguest_guid_file ;;
		esac
		;;
	log)
		case $verb in
		'') _ccguest_reply $'list\nshow\nreplay\nverify\nrim\nmake\nexport\ntoken\nendorse' ;;
		show | replay | verify | export) _ccguest_logs ;;
		rim | make | token | endorse) _ccguest_files "$cur" ;;
		esac
		;;
	report)
		case $verb in
		'') _ccguest_reply $'get\nshow\nverify' ;;
		show | verify) _ccguest_files "$cur" ;;
		esac
		;;
	sev)
		case $verb in
		'') _ccguest_reply $'verify\nsession\nsecret\nreport\nidblock\nvmsa\nmeasure\nvalidate\nargs\nlaunch\ndomain\nok\nshow\nexport\ngenerate\nprovision\nreset\nrotate' ;;
		session | export | generate | provision) _ccguest_files "$cur" ;;
		ok) _ccguest_reply $'sev\nes\nsnp' ;;
		show) _ccguest_reply $'version\nstate\nflags\nguests\nidentifier\ncek-url\nsnp-status\nvcek-url' ;;
		secret) _ccguest_reply $'build' ;;
		'secret build') _ccguest_guid_file ;;
		report) _ccguest_reply $'verify' ;;
		'report verify') _ccguest_files "$cur" ;;
		idblock) _ccguest_reply $'build\nshow\nverify' ;;
		'idblock show' | 'idblock verify') _ccguest_files "$cur" ;;
		measure | validate | args) _ccguest_reply $'sev\nsev-es\nsnp' ;;
		launch)
			if [[ $prev == : || $cur == : ]]; then
				_ccguest_guid_file
			else
				_ccguest_reply $'sev\nsev-es\nsnp'
			fi
			;;
		domain) _ccguest_files "$cur" ;;
		vmsa) _ccguest_reply $'build\nshow\nupdate' ;;
		'vmsa '*) _ccguest_files "$cur" ;;
		esac
		;;
	help)
		case $verb in
		'') _ccguest_reply $'status\nsecret\ndevice\nkeyring\nlog\nreport\nsev\nhelp' ;;
		sev) _ccguest_reply $'verify\nsession\nsecret\nreport\nidblock\nvmsa\nmeasure\nvalidate\nargs\nlaunch\ndomain\nok\nshow\nexport\ngenerate\nprovision\nreset\nrotate' ;;
		device) _ccguest_reply $'list\nshow\nauthenticate\ncertificates\nmeasurements\nevidence\nverify\nwatch' ;;
		keyring) _ccguest_reply $'list\nadd\nremove\nload' ;;
		log) _ccguest_reply $'list\nshow\nreplay\nverify\nrim\nmake\nexport\ntoken\nendorse' ;;
		report) _ccguest_reply $'get\nshow\nverify' ;;
		secret) _ccguest_reply $'list\nshow\nread\nwipe\nbuild' ;;
		esac
		;;
	esac
}

complete -F _ccguest ccguest
