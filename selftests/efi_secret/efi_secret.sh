#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# efi_secret shows the secrets of the area, and wipes a secret whose file is
# unlinked.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

need_area
ktap_print_header
ktap_set_plan 32

# A binary secret with NULs and newlines, one of two pages, an empty one.
BINARY=$(printf 'a\001\033[31m\177z')
LONG=$(seq 1 200 | tr '\n' ' ')
C='\077\174\203\203\126\023\312\115\213\176\323\240\265\103\022\306'
C_NAME=83837c3f-1356-4dca-8b7e-d3a0b54312c6

{ entry "$A" "$BINARY"; entry "$ZERO" gone; entry "$B" "$LONG"
  entry "$C" ""; } | table >"$TMP/table"
put <"$TMP/table"
mark
check "loads" "modprobe efi_secret"
check "logs the number of secrets, and how it found the area" \
	"since_mark | grep -q 'efi_secret: created 3 entries in securityfs .*, found through \(EFI memory map\|kernel\))'"
check "a file per secret, none for the deleted one" \
	"[ \"\$(ls $COCO | tr '\n' ' ')\" = '$B_NAME $A_NAME $C_NAME ' ]"
check "directories are 0755 root:root" \
	"[ \"\$(stat -c '%a %u:%g' $COCO $COCO/..)\" = '755 0:0
755 0:0' ]"
check "files are 0440 root:root" \
	"[ \"\$(stat -c '%a %u:%g' $COCO/* | uniq)\" = '440 0:0' ]"
check "the sizes of the files are correct" \
	"[ \"\$(stat -c %s $COCO/$A_NAME $COCO/$B_NAME $COCO/$C_NAME |
	tr '\n' ' ')\" = '${#BINARY} ${#LONG} 0 ' ]"
check "binary secret" \
	"printf %s \"\$BINARY\" | cmp - $COCO/$A_NAME"
check "long secret" "printf %s \"\$LONG\" | cmp - $COCO/$B_NAME"
check "long secret, byte by byte" \
	"dd if=$COCO/$B_NAME bs=1 2>/dev/null | cmp - $COCO/$B_NAME"
check "read from the middle" \
	"[ \"\$(dd if=$COCO/$B_NAME bs=1 skip=100 count=20 2>/dev/null)\" = \
	\"\$(printf %s \"\$LONG\" | cut -c 101-120)\" ]"
check "empty secret" "[ -z \"\$(cat $COCO/$C_NAME)\" ]"
check "other users cannot read" \
	"! su -s /bin/sh nobody -c 'cat $COCO/$A_NAME' >/dev/null 2>&1"
check "other users cannot remove" \
	"! su -s /bin/sh nobody -c 'rm -f $COCO/$A_NAME' >/dev/null 2>&1"
check "cannot be written" "! dd if=/dev/zero of=$COCO/$A_NAME count=1 conv=notrunc 2>/dev/null"
check "cannot be truncated" \
	"! truncate -s 1 $COCO/$A_NAME 2>/dev/null &&
	! dd if=/dev/null of=$COCO/$A_NAME 2>/dev/null &&
	[ \$(stat -c %s $COCO/$A_NAME) = ${#BINARY} ]"
check "nothing can be created" \
	"! mkdir $COCO/x 2>/dev/null && ! touch $COCO/x 2>/dev/null"
check "nothing can be renamed" \
	"! mv $COCO/$A_NAME $COCO/x 2>/dev/null && [ -e $COCO/$A_NAME ]"

# unlink wipes GUID and data in the area, and keeps the length and the others.
exec 5<"$COCO/$B_NAME"
check "unlink" "rm $COCO/$B_NAME"
check "the file is gone" "[ ! -e $COCO/$B_NAME ]"
check "an open descriptor reads no secret" \
	"[ -z \"\$(cat <&5 2>/dev/null)\" ] && ! cat <&5 >/dev/null 2>&1"
exec 5<&-
{ entry "$A" "$BINARY"; entry "$ZERO" gone; entry "$ZERO" "$LONG" |
  head -c 20; head -c ${#LONG} /dev/zero; entry "$C" ""; } |
	table >"$TMP/wiped"
check "GUID and data are zero in the area, nothing else has changed" \
	"get | head -c \$(wc -c <$TMP/wiped) | cmp - $TMP/wiped"
check "unlink of an empty secret" "rm $COCO/$C_NAME"
check "unlink of a file that does not exist" "! rm $COCO/$C_NAME 2>/dev/null"

check "unloads" "rmmod efi_secret"
check "no file is left after the unload" "[ ! -e ${COCO%/coco} ]"
check "the other secrets are still in the area" \
	"get | head -c 60 | cmp -n 46 - $TMP/table"
mark
modprobe efi_secret
check "a wiped secret does not come back" \
	"[ \"\$(ls $COCO)\" = $A_NAME ]"
check "no secret is ever logged" \
	"! since_mark | grep -q -e '31m' -e '100 101 102'"
rmmod efi_secret

# A process may hold a directory or an open file while the module unloads.
modprobe efi_secret
check "the module unloads while a process holds a directory" \
	"(cd $COCO && rmmod efi_secret && ! ls $A_NAME 2>/dev/null &&
	! cat $A_NAME 2>/dev/null && ! rm $A_NAME 2>/dev/null </dev/null)"
check "loads again while a directory is held" \
	"modprobe efi_secret && [ \"\$(ls $COCO)\" = $A_NAME ]"
exec 6<"$COCO/$A_NAME"
check "does not unload while a file is open" \
	"! rmmod efi_secret 2>/dev/null"
exec 6<&-
check "unloads once the file is closed" "rmmod efi_secret"

put <"$TMP/original"
ktap_finished
