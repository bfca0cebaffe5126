# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # variables of ../selftest
#
# Cases: the output and the status of --exec, and the kernel reports that fail
# it.

case_exec_binary() {
	python3 -c 'import sys
sys.stdout.buffer.write(bytes(range(256)) * 4)' >"$dir/bytes"
	vm --file "$dir/bytes:/root/bytes" --exec 'cat bytes'
	expect_status 0
	cmp "$dir/bytes" "$dir/out" || fail "bytes differ"
	[ ! -s "$dir/err" ] || fail "something on stderr"
}

# shellcheck disable=SC2016 # for the guest's shell
case_exec_long() {
	vm --exec 'i=0
	while [ $i -lt 16384 ]; do
		printf "%063d\n" $i
		i=$((i + 1))
	done
	exit 1'
	expect_status 1
	seq -f '%063.0f' 0 16383 >"$dir/bytes"
	[ "$(wc -c <"$dir/bytes")" = 1048576 ] || fail "wrong test"
	cmp "$dir/bytes" "$dir/out" || fail "output differs"
}

case_exec_streams() {
	vm --exec 'echo one
		echo two >&2
		echo three >/dev/stderr
		echo four >/dev/stdout
		sh -c "echo five; echo six >&2"
		# a process that is left behind does not delay the end
		sleep 1000 &
		exit 42'
	expect_status 42
	printf '%s\n' one two three four five six >"$dir/bytes"
	cmp "$dir/bytes" "$dir/out" || fail "output differs"
}

case_exec_status() {
	mkdir -p "$dir/folder/sub"
	echo "it's" >"$dir/folder/sub/file"
	printf '#!/bin/sh\necho run\n' >"$dir/prog"
	chmod 755 "$dir/prog"
	vm --file "$dir/folder:/srv/it" --file "$dir/prog:/usr/local/bin/" \
		--append 'one="two words"' --kmod ext4 \
		--exec 'cat /srv/it/sub/file
		prog
		modprobe ext4 && grep -o ext4 /proc/filesystems
		grep -o "one=.*words" /proc/cmdline
		exit 255'
	expect_status 255
	printf '%s\n' "it's" run ext4 'one="two words' >"$dir/bytes"
	cmp "$dir/bytes" "$dir/out" || fail "output differs"
}

case_exec_reset() {
	vm --exec 'printf before; echo b >/proc/sysrq-trigger'
	expect_status 3
	[ "$(cat "$dir/out")" = before ] || fail "output is lost"
	expect err 'LOST VM: it was reset or switched off'
	expect err 'logs: /'
}

case_exec_panic() {
	vm --exec 'printf before; echo c >/proc/sysrq-trigger'
	expect_status 3
	[ "$(cat "$dir/out")" = before ] || fail "output is lost"
	expect err 'LOST VM: panic after .* sysrq triggered crash'
	expect err 'Kernel panic - not syncing'
}

case_exec_poweroff() {
	vm --exec 'echo o >/proc/sysrq-trigger; sleep 60'
	expect_status 3
	expect err 'LOST VM: it was reset or switched off'
}

case_exec_hang() {
	vm --timeout 15 --exec 'echo started; while :; do :; done'
	expect_status 124
	expect out '^started$'
	expect err 'TIME-OUT after 15 s'
}

case_exec_report() {
	report='echo "<4>WARNING: CPU: 0 PID: 1 at made/up.c" >/dev/kmsg'
	vm --exec "$report"' && echo "all is well"'
	expect_status 1
	[ "$(cat "$dir/out")" = "all is well" ] || fail "output differs"
	expect err 'KERNEL REPORT: the commands ended with status 0'
	expect err 'WARNING: .*made/up'
	vm --exec "$report && exit 42"
	expect_status 42
	expect err 'KERNEL REPORT: the commands ended with status 42'
}

case_exec_taint() {
	vm --exec 'echo 512 >/proc/sys/kernel/tainted'
	expect_status 1
	expect err 'KERNEL REPORT'
	expect err 'unexpected taint: 512'
	# a guest cannot silence the line that tells the taint
	vm --exec 'echo off >/proc/sys/kernel/printk_devkmsg
		echo 512 >/proc/sys/kernel/tainted'
	expect_status 1
	expect err 'unexpected taint: 512'
	vm --exec 'dmesg -c >/dev/null'
	expect_status 1
	expect err 'KERNEL REPORT'
	expect err 'kernel log does not start at boot'
}

case_exec_forged() {
	vm --exec 'echo RESULT 0 >/dev/virtio-ports/org.ccguest.verdict
		ls -l /proc/self/fd | grep -c vport
		echo b >/proc/sysrq-trigger'
	expect_status 3
	expect out 'usy'
	expect out '^0$'
}

case_exec_closed_stdout() {
	{
		vm_status=0
		"$VM_DIR/run" --kernel "$kernel" --modules "$dir/modules" \
			--tools none --exec 'echo first; yes | head -c 200000
			exit 7' 2>"$dir/err" </dev/null || vm_status=$?
		echo $vm_status >"$dir/status"
	} | head -n 1 >"$dir/out"
	status=$(cat "$dir/status")
	expect_status 7
	expect out '^first$'
}
