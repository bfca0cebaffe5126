# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# bash completion for ccguest. Commands, verbs and options are written down
# here, because asking the command at each key would be slow; a test compares
# them with `ccguest help --list-options`. GUIDs and known names are asked for.

# The secrets at hand, by GUID and by known name.
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

# The words between which to choose for the current word.
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

_ccguest()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local global='--json -v --verbose -q --quiet --color --root -F --from -h --help --version'
	local options='' group='' verb='' word i
	local -a _ccguest_with=("${COMP_WORDS[0]}")

	COMPREPLY=()

	# bash makes words of "=" and ":", which stand alone then.
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
			# The secrets come from there too.
			[[ ${COMP_WORDS[i + 1]} == = ]] && ((i++))
			((i++))
			((i < COMP_CWORD)) && _ccguest_with+=("$word" "${COMP_WORDS[i]}")
			;;
		--color | -o | --output | --size | --place | --images | --database | --token | --key | --nonce | --registers | --rmm | --rem-extend)
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
	--root)
		mapfile -t COMPREPLY < <(compgen -d -- "$cur")
		compopt -o filenames 2>/dev/null
		return
		;;
	-F | --from | -o | --output | --token | --key | --registers)
		_ccguest_files "$cur"
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
	--rem-extend)
		_ccguest_reply $'tf-rmm\npadded'
		return
		;;
	--size | --place | --nonce)
		return
		;;
	esac

	case $group in
	secret)
		case $verb in
		list) options='--names' ;;
		show) options='' ;;
		read) options='-o --output --force' ;;
		wipe) options='--all' ;;
		build) options='-o --output --size --force --allow-duplicates --allow-zero-guid' ;;
		esac
		;;
	log)
		case $verb in
		show) options='--strict --realm --place --yaml' ;;
		replay) options='--strict --realm --place' ;;
		verify) options='--strict --realm --place --images --database --token --key --nonce --registers --rmm --rem-extend' ;;
		make) options='-o --output' ;;
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
		_ccguest_reply $'status\nsecret\nlog\nhelp'
		;;
	secret)
		case $verb in
		'')
			_ccguest_reply $'list\nshow\nread\nwipe\nbuild'
			;;
		show | read | wipe)
			_ccguest_reply "$(_ccguest_secrets)"
			;;
		build)
			# GUID:FILE; ":" may or may not be a word of its own.
			if [[ $prev == : ]]; then
				_ccguest_files "$cur"
			elif [[ $cur == : ]]; then
				_ccguest_files ''
			else
				_ccguest_reply "$(_ccguest_names)"
				compopt -o nospace 2>/dev/null
			fi
			;;
		esac
		;;
	log)
		case $verb in
		'') _ccguest_reply $'show\nreplay\nverify\nrim\nmake' ;;
		show | replay | verify | rim | make) _ccguest_files "$cur" ;;
		esac
		;;
	help)
		case $verb in
		'') _ccguest_reply $'status\nsecret\nlog\nhelp' ;;
		log) _ccguest_reply $'show\nreplay\nverify\nrim\nmake' ;;
		secret) _ccguest_reply $'list\nshow\nread\nwipe\nbuild' ;;
		esac
		;;
	esac
}

complete -F _ccguest ccguest
