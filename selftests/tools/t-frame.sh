# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# Common to all verbs: options, help, exit status, closed and full outputs.

area "$T/good.bin" "$DISK=$MARKER" "$A=x$MARKER"

begin "no arguments: usage on standard error"
run
want_rc 2
no_out
want_err "Usage: ccguest"
finish

begin "--version is the file VERSION"
run --version
want_rc 0
want_out "ccguest $(cat "$top/VERSION")"
no_err
finish

for args in help --help -h "help status" "help secret" "help secret list" \
	"secret --help" "secret list --help" "status --help" "help help" \
	"secret read --help" "secret wipe -h" "secret build --help" \
	"help device" "device --help" "device authenticate -h" \
	"device certificates --help" "help keyring" "keyring add --help"; do
	begin "$args: help on standard output"
	# shellcheck disable=SC2086
	run $args
	want_rc 0
	want_out "Usage: ccguest"
	want_out "--json"
	no_err
	finish
done

begin "every verb is in the help of its group, with its options"
run help --list-options
cp "$T/out" "$T/list"
while IFS='	' read -r kind scope word _; do
	case $kind in
	verb | group)
		[ "$scope" = - ] && scope=
		# shellcheck disable=SC2086
		run_plain help $scope
		;;
	option)
		[ "$scope" = - ] && scope=
		# shellcheck disable=SC2086
		run_plain help $scope
		;;
	*) bad "list-options: $kind" ;;
	esac
	want_rc 0
	want_out "$word"
done <"$T/list"
[ "$(grep -c ^verb "$T/list")" -ge 5 ] || bad "too few verbs"
finish

# bad STATUS WORDS ARGS...: a usage error that names WORDS
bad_args()
{
	words=$1
	shift
	begin "bad arguments: ccguest $*"
	run_plain "$@"
	want_rc 2
	no_out
	want_err "$words"
	want_err "ccguest: hint: ccguest help"
	finish
}

# bad_address ADDRESS: a usage error that names it
bad_address()
{
	begin "bad arguments: --connect=$1"
	run_plain device certificates --connect="$1"
	want_rc 2
	no_out
	want_err "ccguest: $1: is not of the form HOST:PORT"
	finish
}

bad_args "frob: unknown command" frob
bad_args "frob: unknown command" help frob
bad_args "frob: unknown verb" help secret frob
bad_args "list again: unknown verb" help secret list again
bad_args "too many" help --list-options secret
bad_args "--json: is not supported by help" help --json
bad_args "--frob: unknown option" --frob
bad_args "--frob: unknown option" status --frob
bad_args "--frob=1: unknown option" secret list --frob=1
bad_args "-x: unknown option" -x
bad_args "-x: unknown option" secret list -qx
bad_args "--color: needs an argument" --color
bad_args "-F: needs an argument" secret list -F
bad_args "--root: needs an argument" status --root
bad_args "--quiet=1: takes no argument" --quiet=1 status
bad_args "--names=1: takes no argument" secret list --names=1
bad_args "yaml: --json is pretty or short" --json=yaml status
bad_args "sometimes: --color is" status --color=sometimes
bad_args "--from: is not supported by this command" keyring remove -F "$T/good.bin" 1
bad_args "--from: names a tree" --root "$T" status -F "$T"
bad_args "--from: is not supported by this command" secret build -F "$T/good.bin" "$A:/dev/null"
bad_args "now: too many" status now
bad_args "secret: a verb is missing" secret
bad_args "secret: a verb is missing" --json secret -q
bad_args "frob: unknown verb" secret frob
bad_args "x: too many" secret list x
bad_args "read: an argument is missing" secret read
bad_args "two: too many" secret read one two
# With -F, so that a failure cannot wipe a secret of this machine.
bad_args "wipe: needs the GUIDs" secret wipe -F "$T/none.bin"
bad_args "cannot be used with --all" secret wipe --all "$A" -F "$T/none.bin"
bad_args "build: an argument is missing" secret build
bad_args "is not of the form GUID:FILE" secret build "$A"
bad_args "is not of the form GUID:FILE" secret build "$A:"
bad_args "--names: cannot be used with --json" secret list --json --names -F "$T/good.bin"

bad_args "device: a verb is missing" device
bad_args "authenticate: needs the address of a device, --all or --connect" device authenticate
bad_args "certificates: needs the address of a device, or --connect" device certificates --pem
bad_args "--san: needs --connect" device authenticate --san=x 00:03.0
bad_args "00:03.0: cannot be used with --connect" device certificates --connect=localhost:1 00:03.0
for address in h h: :1 h:0 h:65536 h:x h:+1 ::1:1 "[]:1" "[::1]" "[::1:1"; do
	bad_address "$address"
done
# The arguments are checked before a connection is made.
set -- --connect=127.0.0.1:1 --ca="$T/none.pem"
bad_args "0: --timeout is a number from 1 to 86400" \
	device authenticate "$@" --timeout=0
bad_args "x: --timeout is a number" device authenticate "$@" --timeout=x
bad_args "99999999999999999999: --timeout is a number" \
	device certificates --connect=127.0.0.1:1 --timeout=99999999999999999999
bad_args "0: --repeat is a number" device authenticate "$@" --repeat=0
bad_args "1.5: --versions is one of" device authenticate "$@" --versions=1.5
bad_args "1.2-1.1: --versions is" device authenticate "$@" --versions=1.2-1.1
bad_args "1.1-: --versions is" device authenticate "$@" --versions=1.1-
bad_args "1.1-1.22: --versions is" device authenticate "$@" --versions=1.1-1.22
bad_args "dsa: --asym is a list" device authenticate "$@" --asym=dsa
bad_args "ecdsa-p256,: --asym is" device authenticate "$@" --asym=ecdsa-p256,
bad_args "md5: --hash is a list" device authenticate "$@" --hash=md5
bad_args "often: --validity is off, warn" device authenticate "$@" --validity=often
bad_args "--san: needs a name" device authenticate "$@" --san=
bad_args "measurements: needs --connect" device measurements
bad_args "--raw: needs --connect" device measurements --raw 00:03.0
bad_args "00:03.0: cannot be used with --connect" device measurements --connect=h:1 00:03.0
bad_args "measurements: needs --ca=FILE" device measurements --connect=h:1
set -- --connect=127.0.0.1:1 --ca="$T/none.pem"
bad_args "0: --index is a number from 1 to 254" device measurements "$@" --index=0
bad_args "255: --index is a number from 1 to 254" device measurements "$@" --index=255
bad_args "--count: cannot be used with --index" device measurements "$@" --count --index=1
bad_args "0011: --nonce is 64 hexadecimal digits" device measurements "$@" --nonce=0011
bad_args "x: --nonce is 64 hexadecimal digits" device measurements "$@" --nonce=x
bad_args "--ca: cannot be used with --unsigned" device measurements "$@" --unsigned
bad_args "--nonce: cannot be used with --unsigned" \
	device measurements --connect=h:1 --unsigned --nonce=00
bad_args "8: --slot is a number from 0 to 7" \
	device certificates --connect=127.0.0.1:1 --slot=8
bad_args "give only one of --json, --pem and --der" device certificates --connect=h:1 --pem --der
bad_args "give only one of --json, --pem and --der" device certificates --connect=h:1 --pem --json

begin "--der does not go to a terminal"
run_tty device certificates --connect=127.0.0.1:1 --der
want_rc 2
want_out "is a terminal"
finish

# Options cannot be abbreviated: --a is not --all.
for word in --a --al --al=1; do
	bad_args "$word: unknown option" secret wipe "$word" -F "$T/good.bin"
done
for word in --jso --jso=short --roo --roo=/ --fro --verb --he --vers; do
	bad_args "$word: unknown option" "$word" secret list -F "$T/good.bin"
	bad_args "$word: unknown option" secret "$word" list -F "$T/good.bin"
	bad_args "$word: unknown option" secret list -F "$T/good.bin" "$word"
done
bad_args "--forc: unknown option" secret read --forc "$A" -F "$T/good.bin"
bad_args "--outpu: unknown option" secret read "$A" -F "$T/good.bin" --outpu
bad_args "--all=: takes no argument" secret wipe --all= -F "$T/none.bin"
bad_args "--=: unknown option" status --=

begin "an abbreviated option wipes nothing; a word behind -- is not an option"
cp "$T/good.bin" "$T/w.bin"
run secret wipe --a -F "$T/w.bin"
want_rc 2
cmp -s "$T/good.bin" "$T/w.bin" || bad "wiped"
run secret wipe -F "$T/w.bin" -- --a
want_rc 2
want_err "--a: is neither a GUID nor a known name"
run secret read -F --jso "$A"
want_rc 1
want_err "--jso: No such file"
finish

begin "an unknown option is named as it was typed, escaped"
run "$(printf -- '--\033[31mred')"
want_rc 2
want_err '--\x1b[31mred: unknown option'
finish

for args in "-F $T/good.bin secret list" "secret -F $T/good.bin list" \
	"secret list -F $T/good.bin" "secret list --from=$T/good.bin" \
	"secret list --from $T/good.bin"; do
	begin "global options may stand anywhere: ${args%/good*}"
	# shellcheck disable=SC2086
	run $args
	want_rc 0
	want_out "$DISK"
	finish
done

begin "options behind operands, POSIXLY_CORRECT or not"
run secret show "$A" -F "$T/good.bin"
want_rc 0
want_out "$A"
export POSIXLY_CORRECT=1
run secret show "$A" -F "$T/good.bin"
unset POSIXLY_CORRECT
want_rc 0
want_out "$A"
finish

begin "-- ends the options"
run secret read -F "$T/good.bin" -- --force
want_rc 2
want_err "--force: is neither a GUID nor a known name"
run -- secret read -F "$T/good.bin" -- "$A"
want_rc 0
want_out "x$MARKER"
finish

begin "-q: no notes and no report, but JSON"
for v in "" -v; do
	area "$T/w.bin" "$DISK=$MARKER" "$A=x" "$A=y"
	# shellcheck disable=SC2086
	run -q $v secret read "$A" -o "$T/q.out" -F "$T/w.bin"
	want_rc 0
	no_out
	no_err
	# shellcheck disable=SC2086
	run -q $v secret build -o "$T/q.out" "$A:/dev/null"
	want_rc 0
	no_out
	no_err
	# shellcheck disable=SC2086
	run -q $v secret list -F "$T/w.bin"
	want_out "$DISK"
	no_err
	# shellcheck disable=SC2086
	run -q $v secret wipe "$DISK" -F "$T/w.bin"
	want_rc 0
	no_out
	no_err
	# shellcheck disable=SC2086
	run -q $v --json secret wipe --all -F "$T/w.bin"
	want_rc 0
	want_json '[s["wiped"] for s in d["secrets"]] == [True]'
	no_err
done
run help
no_out "results and errors only"
want_out "print only errors and the requested data"
finish

begin "--json=short is one line, --json and --json=pretty are the same"
run --json=short secret list -F "$T/good.bin"
[ "$(wc -l <"$T/out")" -eq 1 ] || bad "not one line"
run --json=pretty secret list -F "$T/good.bin"
cp "$T/out" "$T/pretty"
run --json secret list -F "$T/good.bin"
out_is "$T/pretty"
finish

begin "colours: never to a file, on demand, on a terminal unless NO_COLOR"
run status
no_out "$(printf '\033')"
run status --color=always
want_out "$(printf '\033')"
run --json --color=always status
no_out "$(printf '\033')"
run_tty status
want_rc 0
want_out "$(printf '\033')"
NO_COLOR=1 run_tty status
no_out "$(printf '\033')"
NO_COLOR='' run_tty status
want_out "$(printf '\033')"
TERM=dumb run_tty status
no_out "$(printf '\033')"
run_tty status --color=never
no_out "$(printf '\033')"
finish

begin "--root: not a directory, not there"
run --root "$T/good.bin" status
want_rc 1
want_err "$T/good.bin: Not a directory"
run --root "$T/nowhere" status
want_rc 1
want_err "$T/nowhere: No such file"
finish

for args in "status" "status --json" "help" "--version" "--help" \
	"help --list-options" "help --list-names" \
	"secret list -F $T/good.bin" "secret list --names -F $T/good.bin" \
	"secret list --json -F $T/good.bin" "secret show -F $T/good.bin" \
	"secret show --json -F $T/good.bin" \
	"secret read $DISK -F $T/good.bin" \
	"secret build $A:$T/good.bin"; do
	begin "full standard output: $(echo "$args" | sed 's/ -F.*//; s/:.*//')"
	rc=0
	# shellcheck disable=SC2086
	"$T/ccguest" $args >/dev/full 2>"$T/err" </dev/null || rc=$?
	: >"$T/out"
	after "$args"
	want_rc 1
	want_err "ccguest: standard output: No space left on device"
	finish

	begin "closed standard output: $(echo "$args" | sed 's/ -F.*//; s/:.*//')"
	rc=0
	# shellcheck disable=SC2086
	"$T/ccguest" $args >&- 2>"$T/err" </dev/null || rc=$?
	after "$args"
	want_rc 1
	want_err "ccguest: standard output: Bad file descriptor"
	finish

	begin "reader of the pipe is gone: $(echo "$args" | sed 's/ -F.*//; s/:.*//')"
	rc=0
	# shellcheck disable=SC2086
	python3 -c 'import os, subprocess, sys
r, w = os.pipe()
os.close(r)
sys.exit(subprocess.run(sys.argv[1:], stdout=w).returncode)' \
		"$T/ccguest" $args 2>"$T/err" </dev/null || rc=$?
	: >"$T/out"
	after "$args"
	want_rc 0
	no_err
	finish
done

begin "a wipe is done although its report cannot be written"
cp "$T/good.bin" "$T/w.bin"
rc=0
"$T/ccguest" secret wipe --all -F "$T/w.bin" >/dev/full 2>"$T/err" ||
	rc=$?
want_rc 1
grep -qa "$MARKER" "$T/w.bin" && bad "still there"
finish

begin "files do not take the place of closed standard descriptors"
cp "$T/good.bin" "$T/w.bin"
rc=0
"$T/ccguest" secret wipe "$A" -F "$T/w.bin" <&- >&- 2>&- || rc=$?
want_rc 1
area "$T/cmp.bin" "$DISK=$MARKER" "$ZERO=$(printf 'x%s' "$MARKER" | sed 's/./\\0/g')"
cmp -s "$T/w.bin" "$T/cmp.bin" || bad "file was damaged"
finish

begin "messages to a closed standard error are no crash"
rc=0
"$T/ccguest" secret list -F "$T/nowhere" >"$T/out" 2>&- || rc=$?
want_rc 1
finish
