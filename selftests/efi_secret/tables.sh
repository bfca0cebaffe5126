#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Tables as a hostile host may make them: the module shows all secrets of a
# table, or refuses it with a message that has the offset, and shows none.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

need_area
T=$TMP/table
ktap_print_header
ktap_set_plan 37

# refused WHAT MESSAGE: the module refuses the table in $T, and logs MESSAGE.
refused() {
	put <"$T"
	mark
	modprobe efi_secret 2>"$TMP/err"
	rc=$?
	check "$1: refused" "[ $rc -ne 0 ] && ! grep -q '^efi_secret ' /proc/modules"
	check "$1: says why" "since_mark | grep -qF \"efi_secret: $2\""
	check "$1: nothing is shown" "[ ! -e ${COCO%/coco} ]"
}

# shown WHAT NAMES: the module shows the table in $T as these files.
shown() {
	put <"$T"
	mark
	modprobe efi_secret
	check "$1" "[ \"\$(ls $COCO | tr '\n' ' ')\" = '${2:+$2 }' ]"
	rmmod efi_secret
}

: | table_claiming 0 >"$T"
refused "header length 0" \
	"secret area is corrupted: table is shorter than its header (at offset 16: 0, limit 20)"
: | table_claiming 19 >"$T"
refused "header length 19" \
	"secret area is corrupted: table is shorter than its header (at offset 16: 19, limit 20)"
: | table_claiming $((AREA_SIZE + 1)) >"$T"
refused "header longer than the area" \
	"secret area is corrupted: table is longer than the area (at offset 16: $((AREA_SIZE + 1)), limit $AREA_SIZE)"
: | table_claiming 4294967295 >"$T"
refused "header length 2^32-1" \
	"secret area is corrupted: table is longer than the area (at offset 16: 4294967295, limit $AREA_SIZE)"
{ entry "$A" one; entry "$B" two 0; } | table >"$T"
refused "entry length 0" \
	"secret area is corrupted: entry 1: entry is shorter than its header (at offset 59: 0, limit 20)"
{ entry "$A" one; entry "$B" two 19; } | table >"$T"
refused "entry length 19" \
	"secret area is corrupted: entry 1: entry is shorter than its header (at offset 59: 19, limit 20)"
{ entry "$A" one; entry "$B" two 24; } | table >"$T"
refused "entry past the end" \
	"secret area is corrupted: entry 1: entry is longer than the rest of the table (at offset 59: 24, limit 23)"
{ entry "$A" one; entry "$B" two 4294967295; } | table >"$T"
refused "entry length 2^32-1" \
	"secret area is corrupted: entry 1: entry is longer than the rest of the table (at offset 59: 4294967295, limit 23)"
{ entry "$A" one; entry "$B" two 4294967276; } | table >"$T"
refused "entry length that wraps" \
	"secret area is corrupted: entry 1: entry is longer than the rest of the table (at offset 59: 4294967276, limit 23)"
: >"$T"
refused "area of zeros" "secret area is not populated"

: | table >"$T"
shown "no entries" ""
{ entry "$A" one; printf '\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0'; } | table >"$T"
shown "padding inside the table's length" "$A_NAME"
{ entry "$A" one; entry "$B" two; } | table_claiming $((20 + 23)) >"$T"
shown "data behind the table is not shown" "$A_NAME"

# As many entries as fit, which is more than the in-tree driver's 64.
n=$(((AREA_SIZE - 20) / 20))
i=0
while [ $i -lt $n ]; do
	# shellcheck disable=SC2059
	printf "$(printf '\\%03o\\%03o' $(((i >> 8) + 1)) $((i & 255)))"
	printf '\1\1\1\1\1\1\1\1\1\1\1\1\1\1'
	le32 20
	i=$((i + 1))
done >"$TMP/many"
table <"$TMP/many" | put
mark
modprobe efi_secret
check "as many entries as fit ($n)" "[ \"\$(ls $COCO | wc -l)\" = $n ]"
rmmod efi_secret

# Duplicates: the first one is shown; unlink wipes all of them.
{ entry "$A" first; entry "$B" other; entry "$A" second; } | table | put
mark
modprobe efi_secret
check "duplicate: the first is shown, with a warning" \
	"[ \"\$(cat $COCO/$A_NAME)\" = first ] &&
	since_mark | grep -q 'more than one entry $A_NAME'"
rm "$COCO/$A_NAME"
rmmod efi_secret
check "duplicate: unlink wipes both" \
	"! get | grep -q -e first -e second && get | grep -q other"

i=0
while [ $i -lt 50 ]; do
	entry "$A" ""
	i=$((i + 1))
done | table | put
mark
modprobe efi_secret
check "50 duplicates: one file, two lines" \
	"[ \"\$(ls $COCO)\" = $A_NAME ] &&
	[ \$(since_mark | grep -c -e 'more than one entry $A_NAME' \
	-e '49 entries of the secret area are duplicates') = 2 ]"
rmmod efi_secret

put <"$TMP/original"
ktap_finished
