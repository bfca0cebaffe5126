#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Bad devices: each chain and each fault that spdm-responder(1) can make, with
# its exact result. None of these devices appears as authenticated.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

# chains: lines CHAIN STAGE SLOT ERRNO SENTENCE. The root of each chain, or its
# issuer, is trusted.
chains() {
	cat <<-EOT
	ca-leaf	chain	0	-129	Slot 0: Leaf certificate is that of a CA: certificate 2
	intermediate-no-ca	chain	0	-129	Slot 0: Certificate is not that of a CA: certificate 1
	pathlen-exceeded	chain	0	-129	Slot 0: Certificate chain is too long for its CA: certificate 1
	forty-certificates	-	-	0	-
	wrong-usage	chain	0	-129	Slot 0: Leaf certificate is not for signing: certificate 2
	wrong-eku	chain	0	-129	Slot 0: Leaf certificate is not for a responder: certificate 2
	unknown-critical	chain	0	-129	Slot 0: Certificate has an unknown critical extension: certificate 2
	swapped-order	chain	0	-129	Slot 0: Certificate is not issued by the one before it: certificate 1
	no-san	chain	0	-129	Slot 0: Leaf certificate has no Subject Alternative Name: expected Vendor=1b36:
	wrong-san	chain	0	-129	Slot 0: Leaf certificate is for another device: expected Vendor=1b36:Device=0010:CC=010802:REV=02:SSVID=1af4:SSID=1100, found Vendor=1b36:Device=0011:
	self-signed-leaf	chain	0	-126	Root certificate for slot 0 not found in .cma keyring: CN=Test device
	other-root	chain	0	-126	Root certificate for slot 0 not found in .cma keyring: CN=Test other root p384
	unrelated-root	chain	0	-129	Slot 0: Certificate is not issued by the one before it: certificate 1
	trailing-bytes	certificate	0	-71	Slot 0: Malformed certificate chain: Certificates at offset
	EOT
}

# faults: lines FAULT STAGE SLOT ERRNO SENTENCE. A fault that can be in any
# message is in each message once; each other fault is there.
faults() {
	cat <<-EOT
	drop@GET_VERSION	version	-	-110	No response
	hang-up@GET_CERTIFICATE	version	-	-110	No response
	truncate@GET_VERSION	version	-	-5	Truncated version response: 8 bytes, at least 16 wanted
	truncate@GET_CAPABILITIES	capabilities	-	-5	Truncated capabilities response: 8 bytes, at least 20 wanted
	truncate@NEGOTIATE_ALGORITHMS	algorithms	-	-5	Truncated algorithms response: 16 bytes, at least 36 wanted
	truncate@GET_DIGESTS	digests	-	-5	Truncated digests response: 24 bytes, at least 52 wanted
	truncate@GET_CERTIFICATE	certificate	0	-5	Slot 0: Truncated certificate response
	truncate@CHALLENGE	challenge	0	-5	Slot 0: Truncated challenge_auth response
	oversize@GET_CAPABILITIES	capabilities	-	-71	Malformed capabilities response: length of the message at offset 20
	garbage@GET_DIGESTS	digests	-	-71	Malformed digests response
	flip-bit@GET_VERSION	signature	0	-129	Slot 0: Cannot verify challenge_auth signature
	flip-bit@GET_CERTIFICATE	certificate	0	-71	Slot 0: Certificate chain does not match its digest
	bad-signature	signature	0	-129	Slot 0: Cannot verify challenge_auth signature
	wrong-code@GET_CAPABILITIES	capabilities	-	-71	Malformed capabilities response: RequestResponseCode at offset 1 (0x1 against 0x61)
	wrong-version@NEGOTIATE_ALGORITHMS	algorithms	-	-71	Malformed algorithms response: SPDMVersion at offset 0
	wrong-slot@GET_CERTIFICATE	certificate	0	-71	Slot 0: Malformed certificate response: SlotID at offset 2 (0x1 against 0x0)
	wrong-slot@CHALLENGE	challenge	0	-71	Slot 0: Malformed challenge_auth response: SlotID at offset 2 (0x1 against 0x0)
	bad-length@GET_VERSION	version	-	-5	Truncated version response
	bad-length@GET_CAPABILITIES	capabilities	-	-71	Malformed capabilities response: DataTransferSize at offset 12 (0x29 against 0x2a)
	bad-length@NEGOTIATE_ALGORITHMS	algorithms	-	-71	Malformed algorithms response: Length at offset 4 (0x28 against 0x24)
	bad-length@GET_CERTIFICATE	certificate	0	-5	Slot 0: Truncated certificate response
	bad-length@CHALLENGE	challenge	0	-5	Slot 0: Truncated challenge_auth response
	bad-remainder	certificate	0	-22	Slot 0: Invalid request (ERROR 0x01, data 0x00) in answer to GET_CERTIFICATE
	bad-digest	certificate	0	-71	Slot 0: Certificate chain does not match its digest
	bad-cert-chain-hash	challenge	0	-71	Slot 0: Malformed challenge_auth response: CertChainHash at offset 4
	bad-slot-mask@GET_DIGESTS	digests	-	-71	Malformed digests response: ProvisionedSlotMask at offset 3 (0x81 against 0x1)
	bad-slot-mask@CHALLENGE	challenge	0	-71	Slot 0: Malformed challenge_auth response: SlotMask at offset 3 (0x81 against 0x1)
	bad-context	challenge	0	-71	Slot 0: Malformed challenge_auth response: RequesterContext
	two-algorithms	algorithms	-	-71	Malformed algorithms response: BaseAsymSel at offset 12
	no-algorithm	algorithms	-	-71	No common supported algorithms: BaseAsymSel at offset 12
	foreign-algorithm	algorithms	-	-71	Malformed algorithms response: BaseAsymSel at offset 12 (0x800
	bad-root-hash	certificate	0	-71	Slot 0: Malformed certificate chain: RootHash at offset 4
	bad-chain-length	certificate	0	-71	Slot 0: Malformed certificate chain: Length at offset 0
	error-Busy@GET_DIGESTS	digests	-	-110	Responder wants more time than there is
	error-ResponseNotReady@CHALLENGE:1	-	-	0	-
	error-Unspecified@GET_CERTIFICATE	certificate	0	-5	Slot 0: Unspecified error (ERROR 0x05, data 0x00) in answer to GET_CERTIFICATE
	error-InvalidRequest@NEGOTIATE_ALGORITHMS	algorithms	-	-22	Invalid request (ERROR 0x01, data 0x00) in answer to NEGOTIATE_ALGORITHMS: likely none in common; offered rsassa-2048
	error-InvalidRequest@CHALLENGE	challenge	0	-22	Slot 0: Invalid request (ERROR 0x01, data 0x00) in answer to CHALLENGE
	extra-algorithms	-	-	0	-
	error-RequestResynch	version	-	-104	Request resynchronization (ERROR 0x43, data 0x00) in answer to GET_VERSION
	EOT
}

# lacks: lines OPTIONS STAGE SLOT ERRNO SENTENCE, for capabilities.
lacks() {
	cat <<-EOT
	--capabilities=CHAL	capabilities	-	-93	Responder cannot send certificates: Flags.CERT_CAP
	--capabilities=CHAL,PUB_KEY_ID	capabilities	-	-93	Responder has a provisioned key and no certificates, which is not supported: Flags.CERT_CAP
	--capabilities=CERT	capabilities	-	-93	Responder cannot be challenged: Flags.CHAL_CAP
	--capabilities=CERT,MEAS_NO_SIG	capabilities	-	-93	Responder cannot be challenged: Flags.CHAL_CAP
	--capabilities=CERT,MEAS_SIG	-	-	0	-
	--capabilities=CERT,MEAS_SIG --versions=1.1	-	-	0	-
	--capabilities=CERT,MEAS_SIG --fault=bad-signature	signature	0	-129	Slot 0: Cannot verify measurements signature
	--capabilities=CERT,MEAS_SIG --fault=wrong-slot@GET_MEASUREMENTS	measurements	0	-71	Slot 0: Malformed measurements response: SlotID at offset 3 (0x1 against 0x0)
	--capabilities=CERT,CHAL,MULTI_KEY_ONLY	-	-	0	-
	--transfer-size=42	-	-	0	-
	--versions=1.3 --transfer-size=42	challenge	0	-90	Slot 0: Request is too long for the responder: 44 bytes, at most 42 wanted
	--capabilities=CERT,CHAL,MULTI_KEY_NEG --key-usage=0=0xd	challenge	0	-129	Slot 0: Key of the slot may not sign challenges: KeyUsageMask is 0xd, without ChallengeUse (0x2)
	EOT
}

# refused WHAT STAGE SLOT ERRNO SENTENCE OPTION...: plugs a drive whose
# responder has these options, and compares the result.
refused() {
	what=$1
	errno=$4
	text=$5
	line="$2 $3 $4 $5"
	# a device is challenged also if its chain is not trusted; the chain of a
	# key that may not sign challenges is not looked at, and that of a key that
	# the device does not have (swapped-order) ends with another one
	case $2$text in
	*KeyUsageMask*)	state=unauthenticated ;;
	challenge* | measurements* | signature*)	state=unproved ;;
	chain*)	state=untrusted ;;
	*)	state=unauthenticated ;;
	esac
	[ "$what" != swapped-order ] || state=unauthenticated
	shift 5
	mark
	plug "$@"
	rc=$(re)
	if [ "$errno" = 0 ]; then
		check "$what: authenticated" "[ $rc = 0 ] && [ \"\$(get authenticated)\" = 1 ]"
	else
		check "$what: $errno" "[ \"$rc $(get authenticated) $(get \
			spdm/state)\" = '$errno 0 $state' ]"
		check "$what: $text" \
			"get spdm/failure | grep -qF '$line' && said '$text'"
	fi
	unplug
}

need_devices
# Each drive has another key.
modprobe spdm pin=off
modprobe pci_cma
echo 2 >/sys/module/spdm/parameters/timeout
trust p384/ca
T=$(printf '\t')
{ chains; faults; lacks; } >"$TMP/all"
ktap_print_header
# two tests for each refusal, one for a device that is accepted, and the last
# one
ktap_set_plan "$(awk -F "$T" '{ n += 1 + ($4 != 0) } END { print n + 1 }' \
	"$TMP/all")"

# shellcheck disable=SC2086 # the words of $what
while IFS=$T read -r what stage slot errno text; do
	case $what in
	--*)	set -- --slot=0=@certs@/p384/good.der $what ;;
	*)	set -- "--slot=0=@certs@/p384/$what.der"
		[ -e "$CERTS/p384/$what.der" ] ||
			set -- --slot=0=@certs@/p384/good.der "--fault=$what" ;;
	esac
	refused "$what" "$stage" "$slot" "$errno" "$text" "$@"
done <"$TMP/all"
on $FIRST
mark
check "a good device is still authenticated" "[ \$(re) = 0 ]"

rmmod pci_cma spdm
ktap_finished
