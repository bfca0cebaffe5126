# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # variables of ../run
#
# The options of ../run: defaults, parsing, checks, and what the options leave
# open. Takes scratch (the folder of this run, with a folder rig in it), VM_DIR
# and CCGUEST_*. Sets a variable per option, and
#	arch, kernel	architecture and folder of the kernel $id
#	collections	the folders of $tests
#	drives		a line "NAME PORT[,hotplug]" or "NAME responder" per drive
#	responders	a line "NAME OPTIONS" per responder to start
# and fills $scratch/rig/files and $scratch/rig/filemap.

tab=$(printf '\t')
newline='
'

id=6.12
mode=
tests=
commands=
firmware=
secrets=
secrets_size=0
area=
log=
log_source=
log_spec=
log_app=
files=0
kmods=
modules=
module_source=
tools=
extra=
append=
memory=
smp=2
limit=
in_tree=
verbose=
keep=
dry_run=
drives=
drive_count=0
swap=
responders=
ask=
qmp=

# Seconds without output before init, and without a sign of life after it,
# until a guest is ended. Tests of the rig make them short.
stall=${CCGUEST_STALL:-90}
silence=${CCGUEST_SILENCE:-180}

set_mode() {
	[ -z "$mode" ] || [ "$mode" = "$1" ] ||
		die "--$mode and --$1 exclude each other (run --help)"
	mode=$1
}

# number OPTION VALUE: ends the run unless VALUE is a number above 0.
number() {
	case $2 in
	''|*[!0-9]*|????????*|0) die "$1 is '$2': expected a number above 0" ;;
	esac
}

# add_drive PORT[,hotplug], add_drive responder OPTIONS: adds a line to
# $drives and, for a responder to start, to $responders.
add_drive() {
	drive_count=$((drive_count + 1))
	[ $drive_count -le 9 ] || die "no room for more than nine SPDM drives"
	_name=spdm$drive_count
	drives="$drives$_name $1$newline"
	ask=1
	[ "$1" = responder ] || return 0
	case $2 in
	*"$newline"*)	die "--responder: newline in the options: give them on one line" ;;
	esac
	responders="$responders$_name $2$newline"
}

add_spdm_port() {
	case ${1%,hotplug} in
	''|*[!0-9]*|??????*|0)
		die "--nvme-spdm '$1': expected PORT or PORT,hotplug" ;;
	esac
	add_drive "$1"
}

# add_file SRC:DST: copies SRC into the folder that becomes /rig of the guest,
# and adds DST to the list of destinations.
add_file() {
	_src=${1%:*}
	_dst=${1##*:}
	case $1 in
	?*:/*)	;;
	*)	die "--file $1: expected SRC:DST, DST an absolute path" ;;
	esac
	case $_dst in
	*"$tab"*|*"$newline"*) die "--file $1: no tabs or newlines in DST" ;;
	esac
	[ -e "$_src" ] || die "--file $1: there is no $_src"
	files=$((files + 1))
	mkdir -p "$scratch/rig/files/$files"
	cp -rL --preserve=mode -- "$_src" "$scratch/rig/files/$files/" ||
		die "--file $1: cannot copy $_src"
	printf '%s\t%s\n' "$files" "$_dst" >>"$scratch/rig/filemap"
}

list_tests() {
	grep -ls kselftest.mk "$CCGUEST_SRC"/selftests/*/Makefile |
		sed 's|/Makefile$||; s|.*/||'
}

# parse_options ARGUMENT...: the command line.
parse_options() {
	while [ $# -gt 0 ]; do
		case $1 in
		--log|--log-source|--log-spec|--kernel|--firmware|--secrets|\
		--file|--kmod|--qemu|--append|--memory|--smp|--timeout|--area|\
		--modules|--module-source|--tools|--swap|--exec|--test|--nvme-spdm|--responder|--qmp)
			[ $# -gt 1 ] || die "$1 needs a value (run --help)" ;;
		--*=*)	# --option=value, as many people write it
			_value=${1#*=}
			_option=${1%%=*}
			shift
			set -- "$_option" "$_value" "$@"
			continue ;;
		esac
		case $1 in
		--kernel)	id=$2 ;;
		--firmware)	firmware=$2 ;;
		--secrets)	secrets=$2 ;;
		--file)		add_file "$2" ;;
		--kmod)		kmods="$kmods $2" ;;
		--nvme-spdm)	add_spdm_port "$2" ;;
		--responder)	add_drive responder "$2" ;;
		--ask)		ask=1; shift; continue ;;
		--qmp)		qmp=$2 ;;
		--qemu)		extra="$extra$2$newline" ;;
		--append)	append="$append $2" ;;
		--swap)		number --swap "$2"
				swap=$2 kmods="$kmods virtio_blk" ;;
		--memory)	number --memory "$2"; memory=$2 ;;
		--smp)		number --smp "$2"; smp=$2 ;;
		--timeout)	number --timeout "$2"; limit=$2 ;;
		--area)		area=$2 ;;
		--log)		log=$2 ;;
		--log-source)	log_source=$2 ;;
		--log-spec)	log_spec=$2 ;;
		--modules)	modules=$2 ;;
		--module-source) module_source=$2 ;;
		--tools)	tools=$2 ;;
		--exec)		set_mode exec; commands="$commands$2$newline" ;;
		--test)
			set_mode test
			shift
			while [ $# -gt 0 ]; do
				case $1 in
				-*)	break ;;
				*[!A-Za-z0-9_.:+-]*|'')
					die "--test: there is no test '$1'" ;;
				esac
				tests="$tests $1"
				shift
			done
			[ -n "$tests" ] ||
				die "--test needs a name (run --list)"
			continue ;;
		--shell)	set_mode shell; shift; continue ;;
		-v|--verbose)	verbose=1; shift; continue ;;
		--keep)		keep=1; shift; continue ;;
		--in-tree-driver) in_tree=1; shift; continue ;;
		--dry-run)	dry_run=1; shift; continue ;;
		--list)		list_tests; exit 0 ;;
		-h|--help)	usage; exit 0 ;;
		*)		die "unknown argument '$1' (run --help)" ;;
		esac
		shift 2
	done
}

# check_options: refuses combinations that cannot work, and sets what the
# command line leaves open.
check_options() {
	[ -n "$mode" ] ||
		die "one of --test, --exec, --shell is needed (run --help)"
	[ "$mode" != shell ] || [ -n "$dry_run" ] ||
		{ [ -t 0 ] && [ -t 1 ]; } ||
		die "--shell needs a terminal; for commands from elsewhere" \
		    "use --exec"
	arch=$(kernel_field "$id" arch)
	kernel=$CCGUEST_CACHE/kernels/$id
	if [ -n "$secrets" ]; then
		[ -f "$secrets" ] ||
			die "--secrets $secrets: there is no such file"
		secrets_size=$(wc -c <"$secrets") ||
			die "--secrets $secrets: it cannot be read"
	fi
	log_options
	choose_firmware
	check_area
	find_collections
	case $id in
	debug)	: "${memory:=2048}" "${limit:=900}" ;;
	arm64*)	: "${memory:=512}" "${limit:=600}" ;;
	*)	: "${memory:=512}" "${limit:=300}" ;;
	esac
}

choose_firmware() {
	case $arch:$firmware in
	*:none)	;;
	amd64:)
		if [ -n "$area" ]; then firmware=ovmf
		elif [ -n "$secrets" ]; then firmware=amdsev
		# after a resume, SeaBIOS has lost PCI's extended config space
		elif [ -n "$ask" ]; then firmware=ovmf
		else firmware=seabios
		fi ;;
	amd64:amdsev|amd64:ovmf|amd64:seabios)	;;
	amd64:*)	die "--firmware $firmware: expected amdsev, ovmf or seabios" ;;
	arm64:)		firmware=arm64 ;;
	arm64:*)	die "--firmware $firmware: $id has its one firmware" ;;
	esac
}

# Firmware without a secret area of its own gets one by an EFI program.
check_area() {
	case $firmware in
	seabios)
		[ -z "$secrets$area" ] ||
			die "a secret area needs --firmware amdsev or ovmf" ;;
	amdsev)
		[ -z "$area" ] ||
			die "--area goes with --firmware ovmf (or arm64)" ;;
	*)	[ -z "$secrets" ] || area=${area:-reserved} ;;
	esac
}

find_collections() {
	collections=
	for name in $tests; do
		case " $collections " in
		*" ${name%%:*} "*)	;;
		*)	collections="$collections ${name%%:*}" ;;
		esac
		[ -e "$CCGUEST_SRC/selftests/${name%%:*}/Makefile" ] ||
			die "--test $name: there is no selftests/${name%%:*}" \
			    "(run --list)"
	done
}
