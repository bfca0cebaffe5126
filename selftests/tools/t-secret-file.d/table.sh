# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with ../t-secret-file.sh and lib.sh
#
# Tables with duplicates, deleted entries and faults. Takes f.

begin "duplicates: the first one is used, the others are reported"
area "$T/dup.bin" "$A=first" "$B=other" "$A=second $MARKER" "$A=third"
run secret list -F "$T/dup.bin"
want_rc 0
want_err "entry 2 at offset 70 is a hidden duplicate of $A"
want_err "entry 3 at offset"
[ "$(grep -c "$A" "$T/out")" -eq 1 ] || bad "shown more than once"
run -q secret list -F "$T/dup.bin"
no_err
run secret read "$A" -F "$T/dup.bin"
printf first >"$T/want"
out_is "$T/want"
run secret list --json -F "$T/dup.bin"
want_json '[s["entry"] for s in d["secrets"]] == [0, 1]'
want_json '[s["entry"] for s in d["hidden_duplicates"]] == [2, 3]'
run secret list --names -F "$T/dup.bin"
[ "$(wc -l <"$T/out")" -eq 2 ] || bad "--names shows them"
finish

begin "duplicates: a wipe takes them all"
cp "$T/dup.bin" "$T/w.bin"
run secret wipe "$A" -F "$T/w.bin"
want_rc 0
run secret list --json -F "$T/w.bin"
want_json '[s["guid"] for s in d["secrets"]] == ["'"$B"'"] and d["deleted"] == 3'
grep -qa "first\|second\|third" "$T/w.bin" && bad "still there"
cp "$T/dup.bin" "$T/w.bin"
run secret wipe --all -F "$T/w.bin"
want_rc 0
grep -qa "first\|second\|third\|other" "$T/w.bin" && bad "--all: still there"
finish

begin "deleted entries only"
area "$T/del.bin" "$ZERO=gone" "$ZERO="
run secret list --json -F "$T/del.bin"
want_rc 0
want_json 'd["secrets"] == [] and d["deleted"] == 2 and d["hidden_duplicates"] == []'
finish

begin "trailing fragment in the table"
area "$T/tail.bin" "$A=abc" "raw=1234567890123456789"
run secret list -v -F "$T/tail.bin"
want_rc 0
want_out "$A"
want_err "19 bytes behind the last entry"
run secret list --json -F "$T/tail.bin"
want_json 'd["trailing_bytes"] == 19'
finish

begin "a header without entries"
area "$T/empty.bin"
run secret list -F "$T/empty.bin"
want_rc 0
want_err "no secrets"
run secret show -F "$T/empty.bin"
want_rc 0
no_out
want_err "no secrets"
finish

# corrupt NAME MESSAGE: each verb refuses the area in $T/bad.bin
corrupt()
{
	begin "corrupt: $1"
	cp "$T/bad.bin" "$T/bad.copy"
	for verb in "list" "list --json" "list --names" "show" "show --json" \
		"read $A" "read $A -o $T/none" "wipe $A" "wipe --all"; do
		case $verb in
		show | "wipe --all") runner=run ;;
		*) runner=run_plain ;;
		esac
		# shellcheck disable=SC2086
		$runner secret $verb -F "$T/bad.bin"
		want_rc 1
		no_out
		want_err "$T/bad.bin: corrupt secret table: $2"
	done
	[ ! -e "$T/none" ] || bad "wrote a file"
	cmp -s "$T/bad.bin" "$T/bad.copy" || bad "changed the file"
	finish
}

for n in 0 1 19; do
	area "$T/bad.bin" "$A@$n=abc" "$B=$MARKER"
	corrupt "length $n of the first entry" \
		"entry 0: entry is shorter than its header (at offset 36: $n, limit 20)"
	area "$T/bad.bin" "$B=$MARKER" "$A@$n=abc"
	corrupt "length $n of the last entry" \
		"entry 1: entry is shorter than its header (at offset 65: $n, limit 20)"
done
area "$T/bad.bin" "$A=abc" "$B@24=xyz"
corrupt "one byte past the end" \
	"entry 1: entry is longer than the rest of the table (at offset 59: 24, limit 23)"
for n in 0xffffffff 0x80000000 0x7fffffff 0xffffffec; do
	area --size 4096 "$T/bad.bin" "$A=abc" "$B@$n=xyz"
	corrupt "length $n" \
		"entry 1: entry is longer than the rest of the table (at offset 59: $((n)), limit 23)"
done
area --size 4096 "$T/bad.bin" "$A=abc" "$ZERO@0=xyz"
corrupt "length 0 of a deleted entry" \
	"entry 1: entry is shorter than its header (at offset 59: 0, limit 20)"
for n in 0 1 19; do
	area --length $n "$T/bad.bin" "$A=abc"
	corrupt "table length $n" \
		"header: table is shorter than its header (at offset 16: $n, limit 20)"
done
for n in 44 65536 0xffffffff; do
	area --length $n "$T/bad.bin" "$A=abc"
	corrupt "table length $n of an area of 43" \
		"header: table is longer than the area (at offset 16: $((n)), limit 43)"
done
for n in 0 1 16 19; do
	area --cut $n "$T/bad.bin" "$A=abc"
	[ $n -eq 1 ] && words=byte || words=bytes
	corrupt "area of $n $words" \
		"area is shorter than a header: it has $n $words, a header has 20"
	begin "corrupt: area of $n $words has no offset 16"
	run secret list -F "$T/bad.bin"
	no_err "offset"
	finish
done
area --cut 42 "$T/bad.bin" "$A=abc"
corrupt "area that was cut off" "header: table is longer than the area"

begin "area that is not populated"
head -c 4096 /dev/zero >"$T/zero.bin"
area --no-header "$T/nohdr.bin" "$A=abc"
for x in zero nohdr; do
	for verb in list show "read $A" "wipe --all"; do
		# shellcheck disable=SC2086
		run secret $verb -F "$T/$x.bin"
		want_rc 3
		no_out
		want_err "secret area is not populated"
		want_err "ccguest: hint: "
	done
done
finish
