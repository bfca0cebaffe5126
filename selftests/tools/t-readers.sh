# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# Every option and argument that names a file is given files of other kinds.

r=$T/readers
mkdir -p "$r/dir"
openssl ecparam -name secp384r1 -genkey -noout -out "$r/key" 2>/dev/null
openssl req -x509 -new -key "$r/key" -subj /CN=reader -days 30 \
	-out "$r/pem" 2>/dev/null
openssl x509 -in "$r/pem" -outform DER -out "$r/der"
openssl pkey -in "$r/key" -pubout -out "$r/pub"
openssl pkey -in "$r/key" -pubout -outform DER -out "$r/pub.der"
openssl pkcs8 -topk8 -in "$r/key" -v2 aes-256-cbc -passout pass:x \
	-out "$r/encrypted"
openssl ec -in "$r/key" -aes256 -passout pass:x -out "$r/encrypted.ec" \
	2>/dev/null
printf '\0' >"$r/nul"
printf '{"registers": []}\0' >"$r/jsonnul"
: >"$r/empty"
echo '{"a": [1, {"b": null}]}' >"$r/json"
echo '[]' >"$r/array"
echo null >"$r/null"
mkfifo "$r/fifo"
cat >"$r/realm.json" <<'END'
{"s2sz": 41, "breakpoints": 5, "watchpoints": 3, "pmu_counters": 6, "cpus": 1,
 "ram": [{"base": "0x40000000", "size": "0x40000000"}], "images": [],
 "log": {"base": "0x50000000", "size": 4096}}
END
run -q log make -o "$r/log" "$r/realm.json"
[ "$rc" -eq 0 ] || echo "# no log: $(cat "$T/err")"
area "$r/area" "$DISK=x"

# refuses KIND STATUS MESSAGE ARGS...: @ in ARGS is the file of that kind
refuses()
{
	kind=$1
	status=$2
	message=$3
	shift 3
	file=$r/$kind
	writer=
	case $kind in
	zero)
		file=/dev/zero
		;;
	fifo)
		: >"$r/fifo" &
		writer=$!
		;;
	esac
	for word; do
		shift
		set -- "$@" "$(printf '%s' "$word" | sed "s|@|$file|")"
	done
	run "$@"
	[ -z "$writer" ] || end_helper "$writer"
	[ "$rc" -eq "$status" ] || bad "$kind: exit status $rc, not $status"
	no_out
	# The path; and the reason, where one is given.
	grep -q "^ccguest: $file" "$T/err" ||
		bad "$kind: does not name $file: $(head -c 500 "$T/err")"
	want_err "$message"
}

DIRECTORY="Is a directory"
LONG="is longer than the"
NO_LOG="event 0: "

for verb in show replay "verify --registers $r/array"; do
	begin "readers: log $verb"
	for kind in nul empty der pem json fifo pub.der encrypted; do
		# shellcheck disable=SC2086
		refuses $kind 1 "$NO_LOG" log $verb @
		# shellcheck disable=SC2086
		refuses $kind 1 "$NO_LOG" log $verb -F @
	done
	# shellcheck disable=SC2086
	refuses dir 1 "$DIRECTORY" log $verb @
	finish
done
begin "readers: log show, a file without an end"
refuses zero 1 "$LONG" log show @
finish

for verb in rim "make -o $r/out"; do
	begin "readers: log ${verb%% *}"
	# shellcheck disable=SC2086
	{
		refuses nul 1 "is not JSON: a NUL, at offset 0" log $verb @
		refuses jsonnul 1 "is not JSON: a NUL, at offset 17" log $verb @
		refuses empty 1 "the file is empty" log $verb @
		refuses fifo 1 "the file is empty" log $verb @
		refuses dir 1 "$DIRECTORY" log $verb @
		refuses der 1 "is not JSON" log $verb @
		refuses pem 1 "is not JSON" log $verb @
		refuses log 1 "is not JSON" log $verb @
		refuses array 1 "is not the description of a guest" log $verb @
		refuses null 1 "is not the description of a guest" log $verb @
		refuses json 1 "a: is not a member" log $verb @
		refuses zero 1 "$LONG" log $verb @
	}
	[ ! -e "$r/out" ] || bad "wrote a file"
	finish
done

begin "readers: log verify --registers"
reader="log verify --registers @ $r/log"
# shellcheck disable=SC2086
{
	refuses nul 1 "is not JSON: a NUL, at offset 0" $reader
	refuses jsonnul 1 "is not JSON: a NUL, at offset 17" $reader
	refuses empty 1 "the file is empty" $reader
	refuses fifo 1 "the file is empty" $reader
	refuses dir 1 "$DIRECTORY" $reader
	refuses der 1 "is not JSON" $reader
	refuses pem 1 "is not JSON" $reader
	refuses area 1 "is not JSON" $reader
	refuses json 1 "has no array 'registers'" $reader
	refuses array 1 "has no array 'registers'" $reader
	refuses null 1 "has no array 'registers'" $reader
	refuses zero 1 "$LONG" $reader
}
finish

begin "readers: log verify --token"
reader="log verify --token @ --key $r/pub $r/log"
# shellcheck disable=SC2086
{
	for kind in nul empty fifo der pem json array area; do
		refuses $kind 5 "" $reader
	done
	refuses dir 1 "$DIRECTORY" $reader
	refuses zero 1 "$LONG" $reader
}
finish

begin "readers: log verify --key"
nonce=$(printf '%0128d' 1)
if PYTHONDONTWRITEBYTECODE=1 python3 "$here/mint-token" "$r" realm.json \
	"$nonce" >"$r/token" 2>"$r/mint"
then
	reader="log verify --token $r/token --nonce $nonce --key @ $r/log"
	# shellcheck disable=SC2086
	{
		for kind in nul jsonnul empty fifo der pub.der json array null \
			log key pem; do
			refuses $kind 1 "has no public key for this token" \
				$reader
		done
		refuses dir 1 "$DIRECTORY" $reader
		refuses zero 1 "$LONG" $reader
		for kind in encrypted encrypted.ec; do
			refuses $kind 1 "is an encrypted key" $reader
			want_err "hint: openssl pkey -in FILE -pubout"
		done
	}
	# Neither may a pass phrase be asked for where there is a terminal.
	for kind in encrypted encrypted.ec; do
		# shellcheck disable=SC2046,SC2086
		run_tty $(echo "$reader" | sed "s|@|$r/$kind|")
		want_rc 1
		want_out "is an encrypted key"
		no_out "Enter PEM"
	done
	# The reader reads the right file.
	run log verify --token "$r/token" --nonce "$nonce" \
		--key "$r/platform.key.pub" "$r/log"
	want_rc 0
else
	bad "$(cat "$r/mint")"
fi
finish

begin "readers: log verify --images, --database"
cat >"$r/realm-images.json" <<END
{"s2sz": 41, "cpus": 1, "ram": [{"base": "0x40000000", "size": "0x40000000"}],
 "images": [{"name": "KERNEL", "file": "$r/json", "base": "0x40000000"}],
 "log": {"base": "0x50000000", "size": 4096}}
END
run -q log make -o "$r/images.log" "$r/realm-images.json"
want_rc 0
run log rim --json "$r/realm-images.json"
want_rc 0
cp "$T/out" "$r/images.rim"
for option in images database; do
	other=database
	[ $option = images ] || other=images
	mkdir -p "$r/$other.dir"
	cp "$r/json" "$r/images.dir/" 2>/dev/null || :
	reader="log verify --$option=@ --$other=$r/$other.dir"
	reader="$reader --registers=$r/images.rim $r/images.log"
	for kind in nul empty der pem log; do
		# shellcheck disable=SC2086
		refuses $kind 1 "Not a directory" $reader
	done
done
# Files of every kind among the known-good images, and in the database.
mkdir "$r/kinds"
for kind in nul empty der pem json log fifo dir; do
	ln "$r/$kind" "$r/kinds/" 2>/dev/null || cp -R "$r/$kind" "$r/kinds/"
done
run log verify --images="$r/kinds" --database="$r/fresh" \
	--registers="$r/images.rim" "$r/images.log"
want_rc 0
for kind in nul empty der json dir; do
	for file in "$r/fresh"/*; do
		rm -rf "$file"
		cp -R "$r/$kind" "$file"
	done
	run log verify --images="$r/kinds" --database="$r/fresh" \
		--registers="$r/images.rim" "$r/images.log"
	[ "$rc" -eq 0 ] || [ $kind = dir ] || bad "$kind: $(cat "$T/err")"
done
finish

begin "readers: log verify --nonce"
for nonce in "" x 0 0x00 00: "00 00" "$(printf '%0130d' 1)" "@$r/pem"; do
	run log verify --token "$r/token" --key "$r/pub" --nonce "$nonce" \
		"$r/log"
	want_rc 2
	want_err "--nonce is 1 to 64 bytes, in hexadecimal"
done
finish

begin "readers: keyring list -F, keyring add"
# shellcheck disable=SC2086
{
	for kind in nul empty fifo json array pub log pub.der key encrypted; do
		refuses $kind 1 "holds no certificate" keyring list -F @
	done
	refuses zero 1 "$LONG" keyring list -F @
}
run keyring list -F "$r/pem"
want_rc 0
run keyring list --keyring=@u --json
if [ "$rc" -eq 0 ]; then
	want_json 'd["keyring"]["hex"]'
	ring=$(python3 -c 'import json, sys
print(json.load(open(sys.argv[1]))["keyring"]["hex"])' "$T/out")
	for kind in nul empty fifo json array pub log pub.der key encrypted; do
		refuses $kind 1 "holds no certificate" keyring add \
			"--keyring=$ring" @
	done
	refuses dir 1 "$DIRECTORY" keyring add "--keyring=$ring" @
	refuses zero 1 "$LONG" keyring add "--keyring=$ring" @
fi
finish

begin "readers: spdm-responder --slot"
if [ -x "$out/spdm-responder" ]; then
	for kind in encrypted encrypted.ec; do
		rc=0
		python3 -c 'import os, pty, sys
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))' \
			"$out/spdm-responder" --slot "0=$r/pem:$r/$kind" \
			</dev/null >"$T/out" 2>"$T/err" || rc=$?
		[ "$rc" -eq 1 ] || [ "$rc" -eq 2 ] || bad "exit status $rc"
		want_out "$r/$kind: is an encrypted key"
		no_out "Enter PEM"
	done
	finish
else
	skip "no spdm-responder"
fi

begin "readers: secret -F"
for verb in list "show --json" "read luks-key" "wipe --all"; do
	# shellcheck disable=SC2086
	{
		refuses nul 1 "area is shorter than a header" secret $verb -F @
		refuses empty 1 "area is shorter than a header" \
			secret $verb -F @
		refuses dir 1 "$DIRECTORY" secret $verb -F @
		for kind in der pem log pub.der; do
			refuses $kind 3 "secret area is not populated" \
				secret $verb -F @
		done
	}
done
refuses zero 1 "$LONG" secret list -F @
refuses fifo 1 "area is shorter than a header" secret list -F @
refuses fifo 1 "" secret wipe --all -F @
finish

# Any bytes are a secret.
begin "readers: secret build"
refuses dir 1 "$DIRECTORY" secret build -o "$r/out" "$A:@"
refuses zero 1 "$LONG" secret build -o "$r/out" "$A:@"
[ ! -e "$r/out" ] || bad "wrote a file"
for kind in nul empty der pem json; do
	run secret build -o "$r/out" "$A:$r/$kind"
	want_rc 0
	run secret read -F "$r/out" "$A"
	cmp -s "$T/out" "$r/$kind" || bad "$kind: other bytes"
	rm -f "$r/out"
done
finish

begin "readers: device authenticate --ca"
reader="device authenticate --connect=localhost:1 --ca=@"
# shellcheck disable=SC2086
{
	for kind in nul empty fifo json array pub log pub.der; do
		refuses $kind 1 "holds no certificate" $reader
	done
	refuses dir 1 "$DIRECTORY" $reader
	refuses zero 1 "$LONG" $reader
}
finish
