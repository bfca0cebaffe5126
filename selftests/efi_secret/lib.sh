# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Functions that the tests of efi_secret share.
#
# The tests write tables of their own into the secret area, byte by byte,
# through /dev/mem (the area is not RAM, so CONFIG_STRICT_DEVMEM allows that).
# The code under test has no part in it. The tests need a guest whose firmware
# has a secret area with a table in it.

# shellcheck source-path=SCRIPTDIR source=../ktap.sh
. "$(dirname "$0")/ktap.sh"

COCO=/sys/kernel/security/secrets/coco

# GUIDs in EFI's byte order, as printf takes them.
HEADER='\102\365\164\036\335\161\146\115\226\076\357\102\207\377\027\073'
ZERO='\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0'
# 736869e5-84f0-4973-92ec-06879ce3da0b, 43ced044-42ec-487a-88b7-261bda359f24
A='\345\151\150\163\360\204\163\111\222\354\006\207\234\343\332\013'
B='\104\320\316\103\354\102\172\110\210\267\046\033\332\065\237\044'
A_NAME=736869e5-84f0-4973-92ec-06879ce3da0b
B_NAME=43ced044-42ec-487a-88b7-261bda359f24
export COCO ZERO A B A_NAME B_NAME

le32() {
	# shellcheck disable=SC2059 # the format is the point
	printf "$(printf '\\%03o\\%03o\\%03o\\%03o' $(($1 & 255)) \
		$(($1 >> 8 & 255)) $(($1 >> 16 & 255)) $(($1 >> 24 & 255)))"
}

# entry GUID DATA [LENGTH]: an entry, with a length that may be wrong.
entry() {
	# shellcheck disable=SC2059
	printf "$1"
	le32 "${3:-$((20 + ${#2}))}"
	printf '%s' "$2"
}

# table_claiming LENGTH: a header with that length, and the entries of stdin.
table_claiming() {
	# shellcheck disable=SC2059
	printf "$HEADER"
	le32 "$1"
	cat
}

# table: the same with the true length.
table() {
	cat >"$TMP/entries"
	table_claiming $((20 + $(wc -c <"$TMP/entries"))) <"$TMP/entries"
}

# find_area: sets AREA and AREA_SIZE, from the module's message.
find_area() {
	modprobe efi_secret || return 1
	rmmod efi_secret
	set -- "$(dmesg | sed -n 's/.*efi_secret:.*(area at \(0x[0-9a-f]*\), size \(0x[0-9a-f]*\),.*/\1 \2/p' | tail -n 1)"
	AREA=${1% *}
	AREA_SIZE=$((${1#* }))
	[ -n "$AREA" ]
}

# put: writes stdin to the area, and zeros after it.
put() {
	"$(dirname "$0")/physmem" write "$AREA" "$AREA_SIZE"
}

get() {
	"$(dirname "$0")/physmem" read "$AREA" "$AREA_SIZE"
}

# need_area: tests call it first. It skips them where there is no area.
need_area() {
	[ "$(id -u)" = 0 ] || skip_all "run as root"
	modinfo efi_secret >/dev/null 2>&1 || skip_all "no module efi_secret"
	find_area || skip_all "this guest has no populated secret area"
	get >"$TMP/original"
}
