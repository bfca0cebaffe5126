# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034,SC2030,SC2031 # variables of ../fetch
#
# --estimate: what there is to download and build. Takes ../sizes and the
# functions describe_WHAT and WHAT_is_there of the other parts, which fetch_WHAT
# asks too. Sets wanted: names of ../sizes.

# is_there WHAT NAME: the answer of fetch itself. Status 2: no such name.
is_there() (
	_what=$(echo "$1" | tr - _)
	"describe_$_what" "$2"
	"${_what}_is_there"
)

# want WHAT NAME: adds it, and what it is made from, to $wanted, unless it is
# there.
want() {
	_rc=0
	is_there "$1" "$2" || _rc=$?
	case $_rc in
	0)	return 0 ;;
	2)	exit 2 ;;
	esac
	wanted="$wanted $1-$2"
	case $1 in
	host-packages)	return 0 ;;
	kernel)
		want root "$(kernel_field "$2" release)"
		[ "$(kernel_field "$2" from)" != source ] ||
			want source 6.12
		[ "$2" != debug ] || wanted="$wanted builds" ;;
	esac
	case $wanted in
	*" apt"*)	;;
	*)		[ -d "$CCGUEST_CACHE/apt" ] || wanted="$wanted apt" ;;
	esac
}

# tell_estimate: the sum of $wanted, for people.
tell_estimate() {
	if [ -z "$wanted" ]; then
		say "nothing to download"
		return 0
	fi
	# shellcheck disable=SC2046 # three numbers
	set -- $(echo "$wanted" | tr ' ' '\n' | sort -u | awk '
		NR == FNR { if ($1 !~ /^#/) { d[$1] = $2; s[$1] = $3; t[$1] = $4 }
			next }
		{ download += d[$1]; disk += s[$1]; time += t[$1] }
		END { print download * 1e6, disk * 1e6, int(time / 60) + 1 }
		' "$VM_DIR/sizes" -)
	cache_dir .
	_free=$(df -Pk "$CCGUEST_CACHE" | awk 'NR == 2 { print $4 * 1024 }')
	say "first, about $(human "$1") to download, $(human "$2") of disk" \
		"(most of it in $CCGUEST_CACHE), $3 minutes on 2 idle cores, for:"
	say "  $(echo "$wanted" | tr ' ' '\n' | sort -u | tr '\n' ' ')"
	[ "$(echo "$_free $2" | awk '{ print ($1 < $2) }')" = 0 ] ||
		warn "$CCGUEST_CACHE has only $(human "$_free") free: make room," \
			"or set CCGUEST_CACHE to another folder"
}
