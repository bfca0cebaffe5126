# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034 # variables are shared with the tests
#
# Functions of the tests t-*.sh. run-tests sources this file, and sets T (a
# directory of this run), here, top, out, sanitize and valgrind.

: "${T:?}" "${here:?}" "${top:?}" "${out:?}" "${sanitize=}"

count=0
failed=0
skipped=0
test_name=
problems=

# Every secret of the tests has this text. It must not be in JSON or a message.
MARKER=tOpSeCrEt
# The zero GUID, and some without a meaning.
ZERO=00000000-0000-0000-0000-000000000000
A=aaaaaaaa-0001-4000-8000-00000000000a
B=bbbbbbbb-0002-4000-8000-00000000000b
C=cccccccc-0003-4000-8000-00000000000c
DISK=736869e5-84f0-4973-92ec-06879ce3da0b
LIVE=sys/kernel/security/secrets/coco
# Options by which openssl issues an expired certificate: since 3.4 it has
# -not_after, and refuses days below 0.
EXPIRED="-days -1"
if openssl x509 -help 2>&1 | grep -q -e -not_after; then
	EXPIRED="-not_before 20200101000000Z -not_after 20200102000000Z"
fi
export EXPIRED

if [ "${valgrind:-}" ]; then
	prefix="valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=all --suppressions=$here/valgrind.supp --log-file=$T/valgrind.%p"
else
	prefix=
fi

begin()
{
	test_name=$1
	problems=
}

bad()
{
	problems="$problems$1
"
}

finish()
{
	if [ "$problems" ]; then
		result "not ok" "$test_name" "$problems"
	else
		result ok "$test_name" ""
	fi
}

# result "ok"|"not ok" NAME LINES
result()
{
	count=$((count + 1))
	echo "$1 $count - $2"
	if [ "$1" != ok ]; then
		failed=$((failed + 1))
		printf '%s' "$3" | sed 's/^/#   /'
	fi
}

skip()
{
	count=$((count + 1))
	skipped=$((skipped + 1))
	echo "ok $count - $test_name # SKIP $1"
}

# end_helper PID: ends a process beside a test, which may wait for a pipe.
end_helper()
{
	kill "$1" 2>/dev/null || :
	wait "$1" || :
}

have()
{
	command -v "$1" >/dev/null 2>&1
}

# after ARGS...: checks each run: rc, $T/out, $T/err.
after()
{
	case $rc in
	0 | 1 | 2 | 3 | 4 | 5) ;;
	*) bad "ccguest $*: ended with $rc: $(head -c 2000 "$T/err")" ;;
	esac
	if grep -qa "ERROR: .*Sanitizer\|runtime error:" "$T/err"; then
		bad "ccguest $*: $(head -c 4000 "$T/err")"
	fi
	if grep -qa "$MARKER" "$T/err"; then
		bad "ccguest $*: a secret in a message"
	fi
	if LC_ALL=C grep -qa "[^[:print:]	]" "$T/err"; then
		bad "ccguest $*: raw bytes in a message"
	fi
	# an error is one line, with at most one more line for a hint
	if [ "$rc" -ne 0 ] && ! grep -q '^ccguest: [^:]*.*: \|^Usage: ' "$T/err"
	then
		bad "ccguest $*: exit status $rc without a message"
	fi
	case " $* " in
	*" --json"*)
		if grep -qa "$MARKER" "$T/out"; then
			bad "ccguest $*: a secret in JSON"
		fi
		if [ -s "$T/out" ] &&
			! python3 -m json.tool "$T/out" >/dev/null 2>"$T/json"
		then
			bad "ccguest $*: not JSON: $(cat "$T/json")"
		fi
		;;
	esac
	for log in "$T"/valgrind.*; do
		[ -e "$log" ] || continue
		if grep -q 'ERROR SUMMARY\|Invalid\|uninitialised\|lost in' "$log"
		then
			bad "ccguest $*: $(cat "$log")"
		fi
		rm -f "$log"
	done
}

# run ARGS...: sets rc, writes $T/out and $T/err
run()
{
	rc=0
	# shellcheck disable=SC2086
	$prefix "$T/ccguest" "$@" </dev/null >"$T/out" 2>"$T/err" || rc=$?
	after "$@"
}

# run_plain ARGS...: run without valgrind, for paths that other runs cover
run_plain()
{
	rc=0
	"$T/ccguest" "$@" </dev/null >"$T/out" 2>"$T/err" || rc=$?
	after "$@"
}

# run_user ARGS...: run as a user other than root
run_user()
{
	rc=0
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --reuid=65534 --regid=65534 --clear-groups \
			"$T/ccguest" "$@" </dev/null >"$T/out" 2>"$T/err" ||
			rc=$?
	else
		"$T/ccguest" "$@" </dev/null >"$T/out" 2>"$T/err" || rc=$?
	fi
	after "$@"
}

# run_tty ARGS...: run with a terminal as standard output
run_tty()
{
	rc=0
	python3 -c 'import os, pty, sys
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))' \
		"$T/ccguest" "$@" </dev/null >"$T/out" 2>"$T/err" || rc=$?
}

want_rc()
{
	[ "$rc" -eq "$1" ] ||
		bad "exit status $rc instead of $1: $(head -c 2000 "$T/err")"
}

want_out()
{
	grep -qaF -e "$1" "$T/out" ||
		bad "not in the output: $1; but: $(head -c 2000 "$T/out")"
}

want_err()
{
	grep -qaF -e "$1" "$T/err" ||
		bad "not in the messages: $1; but: $(head -c 2000 "$T/err")"
}

no_out()
{
	if [ $# -eq 0 ]; then
		[ ! -s "$T/out" ] ||
			bad "unexpected output: $(head -c 2000 "$T/out")"
	elif grep -qaF -e "$1" "$T/out"; then
		bad "in the output: $1"
	fi
}

no_err()
{
	if [ $# -eq 0 ]; then
		[ ! -s "$T/err" ] ||
			bad "unexpected message: $(head -c 2000 "$T/err")"
	elif grep -qaF -e "$1" "$T/err"; then
		bad "in the messages: $1"
	fi
}

# out_is FILE: the output has the bytes of FILE
out_is()
{
	cmp "$T/out" "$1" >"$T/cmp" 2>&1 || bad "output: $(cat "$T/cmp")"
}

# want_json EXPRESSION: in Python, where d is the JSON output. ccguest-json(5)
# has all members of d.
want_json()
{
	python3 - "$T/out" "$1" "$top/tools/man/ccguest-json.5" \
		>"$T/json" 2>&1 <<'END' ||
import json, re, sys
d = json.load(open(sys.argv[1], encoding="utf-8"))
known = set()
for line in open(sys.argv[3], encoding="utf-8"):
    if re.match(r"\.(It|Pq|Po)? ?Va ", line):
        known.update(re.findall(r"[a-z][a-z0-9_]*", line))
def unknown(v):
    if isinstance(v, dict):
        return [k for k in v if k not in known] + unknown(list(v.values()))
    return sum(map(unknown, v), []) if isinstance(v, list) else []
if unknown(d):
    sys.exit("not in ccguest-json(5): %s" % unknown(d))
if not eval(sys.argv[2]):
    sys.exit(json.dumps(d))
END
		bad "not true: $1: $(tail -c 2000 "$T/json")"
}

area()
{
	python3 "$here/mkarea.py" "$@"
}

# tree DIR: an empty fake machine that booted through EFI
tree()
{
	rm -rf "$1"
	mkdir -p "$1/proc/sys/kernel" "$1/sys/firmware/efi" "$1/sys/module" \
		"$1/sys/kernel/security" "$1/sys/bus/pci/devices" "$1/dev" \
		"$1/lib/modules/6.99.0-test/build"
	echo 6.99.0-test >"$1/proc/sys/kernel/osrelease"
	echo x86_64 >"$1/proc/sys/kernel/arch"
	cat >"$1/proc/mounts" <<END
sysfs /sys sysfs rw,nosuid,nodev,noexec,relatime 0 0
securityfs /sys/kernel/security securityfs rw,nosuid,nodev,noexec 0 0
END
	printf 'processor\t: 0\nflags\t\t: fpu vme hypervisor\nbugs\t\t:\n' \
		>"$1/proc/cpuinfo"
	: >"$1/proc/keys"
}

# A fake machine with three secrets.
live_tree()
{
	tree "$1"
	mkdir -p "$1/sys/module/efi_secret" "$1/$LIVE"
	echo live >"$1/sys/module/efi_secret/initstate"
	printf 'passphrase %s\0' "$MARKER" >"$1/$LIVE/$DISK"
	printf '\033[31m%s\001\377' "$MARKER" >"$1/$LIVE/$A"
	: >"$1/$LIVE/$B"
	chmod 0440 "$1/$LIVE"/*
}

# unit_results PREFIX: the tests of the TAP in $T/unit.out, their names after PREFIX
unit_results()
{
	while read -r line; do
		case $line in
		"ok "*) result ok "$1${line#ok * - }" "" ;;
		"not ok "*) result "not ok" "$1${line#not ok * - }" "" ;;
		"1.."*) ;;
		*) echo "# $line" ;;
		esac
	done <"$T/unit.out"
}

# python_tests NAME SCRIPT ARGS...: makes TAP of the output of SCRIPT in this
# directory: a line per test, with ok, "not ok" or skip, a tab, name, tab,
# reason. The names of the tests begin with NAME. A directory NAME is for the
# script's files.
python_tests()
{
	name=$1
	script=$2
	shift 2
	mkdir -p "$T/$name"
	# shellcheck disable=SC2086
	PYTHONDONTWRITEBYTECODE=1 SANITIZED=$sanitize \
		python3 "$here/$script" "$@" $prefix \
		>"$T/$name.out" 2>"$T/$name.err" ||
		printf 'not ok\t%s\tended with %s\n' "$script" $? \
			>>"$T/$name.out"
	while IFS='	' read -r verdict what why; do
		if [ "$verdict" = skip ]; then
			begin "$name: $what"
			skip "$why"
			continue
		fi
		result "$verdict" "$name: $what" "$why
"
	done <"$T/$name.out"
	if [ -s "$T/$name.err" ]; then
		result "not ok" "$name: nothing on standard error" \
			"$(tail -n 20 "$T/$name.err")
"
	fi
	for log in "$T"/valgrind.*; do
		[ -s "$log" ] || continue
		if grep -q 'ERROR SUMMARY\|Invalid\|uninitialised\|lost in' "$log"
		then
			result "not ok" "$name: valgrind" "$(cat "$log")
"
		fi
	done
	rm -rf "$T"/valgrind.* "${T:?}/$name"
}
