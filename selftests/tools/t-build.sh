# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2154 # variables are shared with lib.sh
#
# The Makefile's builds of modules: with clang for a kernel that clang built, and
# for a folder of kernels. The kernels are fakes: a Makefile and a configuration.

k=$T/kernels
native=$(uname -m)
case $native in
x86_64)	symbol=X86_64 foreign=ARM64 other=aarch64-linux-gnu-gcc ;;
*)	symbol=ARM64 foreign=X86_64 other=x86_64-linux-gnu-gcc ;;
esac

# kernel NAME SYMBOL... <RECIPE: a fake kernel, whose make runs RECIPE
kernel()
{
	name=$1
	shift
	mkdir -p "$k/$name/include/config" "$k/$name/include/generated"
	for symbol_; do
		echo "CONFIG_$symbol_=y"
	done >"$k/$name/include/config/auto.conf"
	echo "#define UTS_RELEASE \"$name\"" \
		>"$k/$name/include/generated/utsrelease.h"
	{ echo 'modules:'; sed 's/^/	/'; } >"$k/$name/Makefile"
}

# clang_flags SETTING...: "LLVM=1" if make would build the modules with clang
clang_flags()
{
	make -n -C "$top" modules KDIR="$k/clang" "$@" 2>"$T/err" |
		grep -o 'LLVM=[^ ]*' | sort -u | tr '\n' ' '
}

kernel clang $symbol CC_IS_CLANG <<'EOF'
@:
EOF

begin "build: clang builds modules for a kernel that clang built"
[ "$(clang_flags)" = "LLVM=1 " ] || bad "no LLVM=1: $(cat "$T/err")"
[ -z "$(clang_flags CC=gcc)" ] || bad "CC=gcc is not kept"
[ "$(clang_flags LLVM=-19)" != "LLVM=1 " ] || bad "LLVM=-19 is not kept"
finish

begin "build: the default compiler builds modules for other kernels"
echo "CONFIG_$symbol=y" >"$k/clang/include/config/auto.conf"
[ -z "$(clang_flags)" ] || bad "LLVM: $(clang_flags)"
finish

# all STATUS: runs modules-all
all()
{
	rc=0
	make -s -C "$top" modules-all HEADERS="$k" >"$T/out" 2>&1 || rc=$?
	[ "$rc" = "$1" ] || bad "status $rc: $(cat "$T/out")"
}

# line WORDS...: a line with these words, separated by any blanks
line()
{
	tr -s ' ' <"$T/out" | grep -qx -e "$*" || bad "no line '$*': $(cat "$T/out")"
}

begin "build: modules-all names what it built and what it left out"
rm -r "$k/clang"
kernel 6.99.0-good $symbol <<'EOF'
@touch $(M)/drivers/b.ko $(M)/drivers/a.ko
EOF
kernel 6.99.1-s390 S390 </dev/null
mkdir "$k/6.99.2-sources"
: >"$k/6.99.2-sources/Makefile"
all 0
line ok 6.99.0-good a b
line left out 6.99.1-s390 neither x86-64 nor arm64
line left out 6.99.2-sources the kernel is not configured
line 1 ok, 0 failed
finish

begin "build: modules-all names the compiler that it needs"
kernel 6.99.3-foreign $foreign <<'EOF'
@touch $(M)/drivers/a.ko
EOF
all 0
if have "$other"; then
	line ok 6.99.3-foreign a
else
	line left out 6.99.3-foreign no command "$other"
fi
finish

begin "build: modules-all goes on after a kernel that fails, and fails"
kernel 6.98.0-broken $symbol <<'EOF'
@echo 'drivers/a.c:1: error: no such thing'; exit 1
EOF
kernel 6.98.1-empty $symbol <<'EOF'
@echo 'no module was built, error'
EOF
all 2
line failed 6.98.0-broken
line " drivers/a.c:1: error: no such thing"
line failed 6.98.1-empty
line ok 6.99.0-good a b
grep -q ' ok, 2 failed$' "$T/out" || bad "no sum: $(cat "$T/out")"
finish

begin "build: modules-all finds kernels as /lib/modules has them"
mv "$k" "$k.all"
mkdir -p "$k/6.99.0-good"
mv "$k.all/6.99.0-good" "$k/6.99.0-good/build"
all 0
line ok 6.99.0-good a b
finish

begin "build: modules-all without a kernel fails and says where it looked"
rm -r "$k"
mkdir "$k"
all 2
grep -q "no kernel to build for in $k" "$T/out" || bad "$(cat "$T/out")"
finish
