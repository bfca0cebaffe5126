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
# that command. So each trap of the tree runs in a shell where rm, kill and wait
# fail. The functions that traps name are replaced there. At the end, cleanup()
# of ../run and the trap of ../initramfs run with a program rm that fails.
case_exit_traps() {
	grep -rIhE '^[^#]*trap .* EXIT$' "$VM_TREE/selftests" \
		--exclude-dir=corpus | sort -u >"$dir/traps"
	[ "$(grep -c . "$dir/traps")" -gt 5 ] || fail "no traps found"
	while read -r line; do
		status=0
		sh -euc '
			rm() { return 9; }
			kill() { return 9; }
			wait() { return 9; }
			cleanup() { :; }
			finish() { :; }
			leave() { :; }
			leave_workdir() { :; }
			set_up_failed() { :; }
			pid=1 ticker=1 work= dir= T= TMP= scratch= trash= area=
			eval "$1; set -e"
			trap "exit 143" TERM
			exit 7' trap "$line" >"$dir/out" 2>&1 || status=$?
		[ $status = 7 ] || {
			cat "$dir/out"
			fail "not to its end, or not with its status: $line"
		}
	done <"$dir/traps"
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
