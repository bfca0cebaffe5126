# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # variables of ../selftest
#
# Cases: options that cannot work, and the scripts' own EXIT traps.

case_set_up_errors() {
	vm --exec true --kernel nonsense
	refused "no kernel 'nonsense'"
	vm --test no_such_test
	refused 'no selftests/no_such_test'
	vm --exec true --secrets /nonexistent
	refused 'no such file'
	vm --exec true --firmware seabios --secrets /etc/hostname
	refused 'needs --firmware amdsev or ovmf'
	vm --exec true --shell
	refused 'exclude each other'
	vm
	refused 'one of --test, --exec, --shell'
	vm --exec true --file /nonexistent:/tmp/x
	refused 'there is no /nonexistent'
	vm --exec true --file /etc/hostname:relative
	refused 'SRC:DST'
	vm --exec true --timeout soon
	refused 'a number'
	head -c 4000 /dev/zero >"$dir/large"
	vm --exec true --secrets "$dir/large"
	refused '4000 bytes; the firmware.s *$|4000 bytes; .* area has 3072'
	vm --exec true --area bogus
	refused "unknown word 'bogus'"
	vm --exec true --log /nonexistent
	refused 'no such file'
	vm --exec true --log-spec base=1
	refused 'go with --log'
	vm --exec true --log /etc/hostname --log-source dt
	refused 'not for amd64'
	vm --exec true --log /etc/hostname --log-source bogus
	refused 'dt, uefi-dt, ccel or efi'
	vm --exec true --log /etc/hostname --log-spec bogus
	refused "unknown word 'bogus'"
	vm --exec true --qemu -nonsense
	expect_status 2
	expect err 'QEMU failed'
	expect err 'nonsense'
	vm --exec true --kmod no_such_module
	expect_status 2
	expect err "no module 'no_such_module'"
}

# Under "set -e" a trap ends at its first command that fails, with the status of
# that command. cleanup() of ../run and the trap of ../initramfs run here with a
# program rm that fails. ../check-tests has all traps of the tree.
case_exit_traps() {
	mkdir "$dir/bin"
	cat >"$dir/bin/rm" <<-"EOF"
	#!/bin/sh
	/bin/rm "$@"
	case $* in
	*tmp/run.??????|*tmp/ccguest.??????|*tmp/initramfs.??????) exit 9 ;;
	esac
	EOF
	chmod 755 "$dir/bin/rm"
	PATH=$dir/bin:$PATH
	vm --ask --exec 'exit 42'
	expect_status 42
	vm --ask --exec true
	expect_status 0
}
