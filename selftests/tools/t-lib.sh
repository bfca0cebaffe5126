# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# Tests libccguest and its build.

begin "lib: all global names have the prefix"
nm -g --defined-only "$out/libccguest.a" | awk 'NF == 3 { print $3 }' |
	grep -v '^ccg_\|^cc_\|^cma_\|^secret_table_\|^der_\|^spdm_\|^x509_\|^place_\|^__odr_asan' >"$T/names" || :
[ ! -s "$T/names" ] || bad "$(cat "$T/names")"
nm -g --defined-only "$out/libccguest.a" | grep -q ' T ccg_secrets_open$' ||
	bad "nm finds nothing"
finish

begin "lib: never prints, never exits"
# Two files write() to files of the kernel, which take all bytes at once.
nm -A -u "$out/libccguest.a" |
	grep -v ':get_\(azure\|tsm\)\.o: *U write$' |
	awk '{ print $NF }' | sort -u |
	grep -xE 'v?d?f?printf|__v?f?printf_chk|f?puts|f?putc|putchar|perror|fwrite|write|std(out|err)|_?exit|_Exit|abort|__assert_fail|err|errx|warn|warnx|v?syslog' \
		>"$T/names" || :
[ ! -s "$T/names" ] || bad "$(cat "$T/names")"
finish

begin "lib: headers and library have the same functions"
sed -n '/^typedef/d; s/^[A-Za-z].*[ *]\(ccg_[a-z0-9_]*\)(.*/\1/p' \
	"$top"/tools/include/ccguest/*.h "$top"/tools/lib/*/*.h | sort -u >"$T/want"
nm -g --defined-only "$out/libccguest.a" | awk '$2 == "T" { print $3 }' |
	grep ^ccg_ | sort -u >"$T/have"
cmp -s "$T/want" "$T/have" || bad "$(diff "$T/want" "$T/have")"
finish

begin "lib: each public header stands alone, in C and in C++"
for h in "$top"/tools/include/ccguest/*.h; do
	echo "#include <ccguest/${h##*/}>" >"$T/h.c"
	${CC:-cc} -std=c11 -Wall -Wextra -Werror -fsyntax-only \
		-I"$top/tools/include" "$T/h.c" >"$T/h.log" 2>&1 ||
		bad "$(cat "$T/h.log")"
	have g++ || continue
	g++ -Wall -Wextra -Werror -fsyntax-only -x c++ \
		-I"$top/tools/include" "$T/h.c" >"$T/h.log" 2>&1 ||
		bad "$(cat "$T/h.log")"
done
finish

begin "lib: every public function is documented in its header"
sed -n 's/^ \* \(ccg_[a-z0-9_]*\) - .*/\1/p' "$top"/tools/include/ccguest/*.h |
	sort -u >"$T/have"
sed -n '/^typedef/d; s/^[A-Za-z].*[ *]\(ccg_[a-z0-9_]*\)(.*/\1/p' \
	"$top"/tools/include/ccguest/*.h | sort -u >"$T/want"
[ -s "$T/want" ] || bad "no function found in the headers"
cmp -s "$T/want" "$T/have" || bad "$(diff "$T/want" "$T/have")"
finish

# unit FILE TEXT: compiles TEXT to FILE.
unit() {
	mkdir -p "${1%/*}"
	echo "$2" | ${CC:-cc} -c -x c -o "$1" -
}

begin "lib: selftests/layers.py finds what breaks the layers"
t=$T/layers
mkdir -p "$t/tools/lib/low" "$t/tools/lib/high" "$t/tools/ccguest" \
	"$t/tools/include/ccguest"
touch "$t/tools/lib/high/b.c" "$t/tools/ccguest/c.c"
# An object without a source file was built from an older tree.
unit "$t/o/ccguest/gone.o" 'void ccg_b(void); void d(void) { ccg_b(); }'
printf 'low\nhigh\n' >"$t/tools/lib/rooms"
echo '#include "high/b.h"' >"$t/tools/lib/low/a.c"
echo ' * ccg_a - is public' >"$t/tools/include/ccguest/a.h"
unit "$t/o/lib/low/a.o" 'void ccg_b(void); void ccg_a(void) { ccg_b(); }'
unit "$t/o/lib/high/b.o" 'void ccg_a(void); void ccg_b(void) { ccg_a(); }'
unit "$t/o/ccguest/c.o" 'void ccg_a(void); void ccg_b(void);
	void c(void) { ccg_a(); ccg_b(); }'
cat >"$T/want" <<END
low is below high: low/a.o uses ccg_b of high/b.o
a circle: high/b.o, low/a.o
low is below high: low/a.c includes a header of high
ccguest/c.o uses ccg_b of high/b.o, which is not public
END
! python3 "$top/selftests/layers.py" "$t" "$t/o" >"$T/have" 2>&1 ||
	bad "it finds nothing"
cmp -s "$T/want" "$T/have" || bad "$(diff "$T/want" "$T/have")"
unit "$t/o/lib/low/a.o" 'void ccg_a(void) {}'
unit "$t/o/ccguest/c.o" 'void ccg_a(void); void c(void) { ccg_a(); }'
echo >"$t/tools/lib/low/a.c"
python3 "$top/selftests/layers.py" "$t" "$t/o" >"$T/have" 2>&1 ||
	bad "$(cat "$T/have")"
finish

# Reports each test of the C program as a test of this script.
mkdir "$T/unit"
prefix_unit=
if [ "${valgrind:-}" ]; then
	# The test reads uninitialized memory on purpose.
	prefix_unit="env FLIP_STEP=101 valgrind -q --error-exitcode=99 --undef-value-errors=no --leak-check=full --errors-for-leak-kinds=all --log-file=$T/unit.log"
fi
rc=0
# shellcheck disable=SC2086
$prefix_unit "$out/ccguest.objs/test/test-libccguest" "$T/unit" \
	"$top/selftests/fuzz/corpus/x509_walk" \
	>"$T/unit.out" 2>"$T/unit.err" || rc=$?
unit_results ""
begin "lib: the unit tests succeed"
[ "$rc" -eq 0 ] || bad "ended with $rc: $(cat "$T/unit.err" "$T"/unit.log 2>/dev/null)"
[ ! -s "$T/unit.err" ] || bad "$(cat "$T/unit.err")"
grep -qx '1\.\.[0-9]*' "$T/unit.out" || bad "did not come to an end"
finish

# ---- build ----

begin "build: install, uninstall leave nothing"
make -s -C "$top/tools" WERROR=1 O="$out" SANITIZE="$sanitize" install \
	DESTDIR="$T/dest" PREFIX=/usr >"$T/log" 2>&1 || bad "$(cat "$T/log")"
(cd "$T/dest" && find . -type f | sort) >"$T/have"
cat >"$T/want" <<END
./usr/bin/ccguest
./usr/lib/systemd/system/ccguest-cma.service
./usr/lib/udev/rules.d/90-ccguest-cma.rules
./usr/share/bash-completion/completions/ccguest
./usr/share/ccguest/report-policy.schema.json
./usr/share/man/man1/ccguest-device.1
./usr/share/man/man1/ccguest-keyring.1
./usr/share/man/man1/ccguest-log.1
./usr/share/man/man1/ccguest-report.1
./usr/share/man/man1/ccguest-secret.1
./usr/share/man/man1/ccguest-sev.1
./usr/share/man/man1/ccguest-status.1
./usr/share/man/man1/ccguest.1
./usr/share/man/man5/ccguest-device-policy.5
./usr/share/man/man5/ccguest-json.5
./usr/share/man/man5/ccguest-report-policy.5
./usr/share/zsh/site-functions/_ccguest
./usr/share/zsh/site-functions/_spdm-responder
END
# without OpenSSL, the responder is not built
[ ! -e "$out/spdm-responder" ] || cat >>"$T/want" <<END
./usr/bin/spdm-responder
./usr/share/bash-completion/completions/spdm-responder
./usr/share/man/man1/spdm-responder.1
END
sort -o "$T/want" "$T/want"
cmp -s "$T/want" "$T/have" || bad "$(diff "$T/want" "$T/have")"
make -s -C "$top/tools" uninstall DESTDIR="$T/dest" PREFIX=/usr \
	>"$T/log" 2>&1 || bad "$(cat "$T/log")"
[ -z "$(find "$T/dest" -type f)" ] || bad "left: $(find "$T/dest" -type f)"
finish

# A compiler that makes one object for every file: the test is of the Makefile.
b=$T/build
mkdir "$b"
unit "$T/any.o" 'int any;'
cat >"$T/cc" <<END
#!/bin/sh
while [ \$# -gt 1 ]; do
	[ "\$1" != -o ] || [ "\$2" = /dev/null ] || cp "$T/any.o" "\$2"
	shift
done
END
chmod +x "$T/cc"

# build_with CFLAGS
build_with() {
	make -C "$top/tools" O="$b" CC="$T/cc" CFLAGS="$1" >"$T/log" 2>&1 ||
		bad "$(cat "$T/log")"
}

begin "build: other flags rebuild all objects, the same flags none; clean"
: >"$b/bystander"
build_with -O0
build_with -O0
grep -q ' CC \| LD ' "$T/log" && bad "built again: $(cat "$T/log")"
# The dependency file of an object that "all" does not build.
stale=$b/ccguest.objs/test/test-libccguest.d
mkdir -p "${stale%/*}"
echo 'test-libccguest.o: /nowhere/test-libccguest.c' >"$stale"
build_with -O1
[ ! -e "$stale" ] || bad "a dependency file of other settings is left"
objects=$(find "$b" -name '*.o' | wc -l)
[ "$objects" -gt 100 ] || bad "$objects objects"
[ "$(grep -c ' CC ' "$T/log")" -eq "$objects" ] ||
	bad "not all built again: $(cat "$T/log")"
make -s -C "$top/tools" O="$b" clean >"$T/log" 2>&1 || bad "$(cat "$T/log")"
[ "$(find "$b" -type f)" = "$b/bystander" ] || bad "left: $(find "$b")"
finish
