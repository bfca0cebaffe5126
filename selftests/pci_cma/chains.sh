#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The module's verdict on each chain of ../chains/table.py, which userland judges
# too. A drive has the chain in slot 0; the row's certificates are in .cma, as
# `ccguest keyring add` adds them, or only their keys.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

DIR=$CERTS/chains
T=$(printf '\t')

LAPSED=

# lapse: adds the keys of another CA, which expire. Only so can root set a time-out:
# the keys are in a keyring of root's too.
lapse() {
	for _type in asymmetric spdm_certificate; do
		_id=$(keyctl padd $_type "" @u <"$CERTS/p256/ca.der")
		keyctl link "$_id" %:.cma
		keyctl timeout "$_id" 1
	done
	sleep 2
}

# judge N NAME ROOT TRUSTED KEPT VALIDITY POLICY ERRNO SENTENCE
judge() {
	mark
	distrust_all
	for _cert in $4; do
		keyctl padd asymmetric "" %:.cma <"$DIR/$_cert.der" >/dev/null
		[ "$5" = 0 ] || keyctl padd spdm_certificate "" %:.cma \
			<"$DIR/$_cert.der" >/dev/null
	done
	[ -z "$LAPSED" ] || lapse
	[ "$7" = - ] || printf '%b' "$7" |
		keyctl padd cma_policy "" %:.cma >/dev/null
	echo "$6" >$P/validity
	on "$(rig plug dut "--slot=0=@certs@/chains/$1.der:@certs@/chains/leaf.key:@certs@/chains/$3.der")"
	until_ok 20 test -e "$D/spdm/state"
	_rc=$(re)
	if [ "$8" = 0 ]; then
		check "$2: authenticated" \
			"[ \"$_rc $(get authenticated)\" = '0 1' ]"
	else
		check "$2: $8, $9" "[ \"$_rc $(get authenticated)\" = '$8 0' ] &&
			get spdm/failure | grep -qF '$9'"
	fi
	get spdm/failure | sed 's/^/# /'
	unplug
}

need_devices
[ -e "$DIR/rows" ] || skip_all "no $DIR/rows"
# Each row has another key.
modprobe spdm pin=off
modprobe pci_cma automatic=0
echo 60 >/sys/module/spdm/parameters/timeout
ktap_print_header
grep "${T}root trusted, left out$T" "$DIR/rows" >"$TMP/again"
ktap_set_plan "$(cat "$DIR/rows" "$TMP/again" | wc -l)"

while IFS=$T read -r n name root trusted kept validity policy errno text; do
	judge "$n" "$name" "$root" "$trusted" "$kept" "$validity" "$policy" \
		"$errno" "$text"
done <"$DIR/rows"

# A key that has expired, of another CA, changes nothing.
LAPSED=1
while IFS=$T read -r n name root trusted kept validity policy errno text; do
	judge "$n" "$name, an expired key beside it" "$root" "$trusted" "$kept" \
		"$validity" "$policy" "$errno" "$text"
done <"$TMP/again"

rmmod pci_cma spdm
ktap_finished
