# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # variables of ../run
#
# What a guest of ../run boots from: kernel, firmware, modules, tools and
# certificates, the initramfs, the kernel's command line, the folder of logs.
# Takes the variables of options.sh and scratch. Sets
#	modules, tools, certs	folders
#	cmdline		the kernel's command line
#	logs		the folder of this run's logs
#	serial, stream	where QEMU writes the console and the guest's output

# get_inputs: downloads and builds what is not there yet.
get_inputs() {
	"$VM_DIR/fetch" kernel "$id" sysroot "$arch"
	case $firmware in
	seabios|none)	;;
	*)	"$VM_DIR/fetch" firmware "$firmware" ;;
	esac
	[ -z "$tests" ] || "$VM_DIR/fetch" source 6.12
	if [ -z "$modules" ]; then
		"$VM_DIR/build" "$id"
		modules=$CCGUEST_CACHE/build/$id/modules
	fi
	[ -d "$modules" ] || die "--modules $modules: there is no such folder"
	[ -z "$module_source" ] || add_test_module
	case $tools in
	'')	tools=$("$VM_DIR/guest-tools" "$arch") || exit 2 ;;
	none)	tools= ;;
	*)	[ -d "$tools" ] || die "--tools $tools: there is no such folder" ;;
	esac
	certs=
	[ -z "$ask" ] || certs=$("$VM_DIR/spdm-certs") || exit 2
	kmemleak=0
	! grep -q '^CONFIG_DEBUG_KMEMLEAK=y' "$kernel/config" || kmemleak=1
}

# add_test_module: builds the module of $module_source, and puts it beside ours.
add_test_module() {
	[ -e "$module_source/Kbuild" ] ||
		die "--module-source $module_source: there is no Kbuild in it"
	build_test_module "$id" "$module_source" "$scratch/test-module" \
		>"$scratch/test-module.log" 2>&1 || {
		cat "$scratch/test-module.log" >&2
		die "cannot build $module_source for $id (above)"
	}
	mkdir "$scratch/modules"
	cp "$modules"/*.ko "$scratch/test-module"/*.ko "$scratch/modules/" ||
		die "cannot copy the modules"
	modules=$scratch/modules
}

# The guest's init reads these parameters: see guest/README.
print_parameters() {
	echo "MODE=$mode"
	echo "TESTS='$tests'"
	echo "KMEMLEAK=$kmemleak"
	echo "ASK=${ask:-0}"
	[ "$mode" = shell ] || return 0
	case ${TERM-} in
	''|*[!A-Za-z0-9+._-]*)	echo SHELL_TERM=vt100 ;;
	*)			echo "SHELL_TERM=$TERM" ;;
	esac
	_size=$(stty size 2>/dev/null) || _size=
	case $_size in
	''|0*|*' 0')	_size='24 80' ;;
	esac
	echo "SHELL_ROWS=${_size% *}"
	echo "SHELL_COLS=${_size#* }"
}

# make_initramfs: $scratch/initrd, with $scratch/rig as /rig in the guest.
make_initramfs() {
	print_parameters >"$scratch/rig/param"
	printf '%s' "$commands" >"$scratch/rig/commands"
	awk -v id="$id" '$1 == id { $1 = ""; sub(/^ /, ""); print }' \
		"$VM_DIR/no-suspend" >"$scratch/rig/no-suspend"
	[ -z "$ask" ] || (cd "$certs" &&
		find . '(' -name '*.der' -o -name rows ')' -print0 |
		cpio --quiet --null -pdm "$scratch/rig/spdm-certs") ||
		die "cannot copy $certs"
	set -- "$id" "$scratch/initrd" --run "$scratch/rig" \
		--modules "$modules"
	[ -z "$tools" ] || set -- "$@" --tools "$tools"
	for name in $kmods; do
		set -- "$@" --kmod "$name"
	done
	for collection in $collections; do
		set -- "$@" --test "$collection"
		# modules of the kernel that the tests load
		_list=$CCGUEST_SRC/selftests/$collection/modules
		[ -e "$_list" ] || continue
		for name in $(sed 's/#.*//' "$_list" | tr '\n' ' '); do
			set -- "$@" --kmod "$name"
		done
	done
	"$VM_DIR/initramfs" "$@"
}

# make_cmdline: sets cmdline. The console's log gets all messages. A fault that
# the kernel notices itself becomes a panic, which ends the VM.
make_cmdline() {
	case $arch in
	# no_timer_check: on a busy machine the emulated timer may be too late
	# for the kernel's check of it, which ends in a panic
	amd64)	cmdline="console=ttyS0 no_timer_check" ;;
	arm64)	cmdline=console=ttyAMA0 ;;
	esac
	cmdline="$cmdline loglevel=8 log_buf_len=4M panic=-1"
	# init writes to the log: no program in the guest may limit that
	cmdline="$cmdline printk.devkmsg=on"
	if [ "$mode" != shell ]; then
		cmdline="$cmdline oops=panic panic_on_warn=1"
		cmdline="$cmdline softlockup_panic=1 hung_task_panic=1"
	fi
	[ "$kmemleak" = 0 ] || cmdline="$cmdline kmemleak=on"
	# TCG now and then loses the interrupt of a processor that sleeps. A
	# tick that QEMU repeats by itself replaces it. Without it, a one-shot
	# timer that is lost stops all timers of the kernel.
	[ "$arch" != amd64 ] || [ "$smp" = 1 ] ||
		cmdline="$cmdline nohz=off highres=off"
	# with all its checks on, the debug kernel's grace periods are long
	[ "$id" != debug ] || cmdline="$cmdline rcupdate.rcu_expedited=1"
	# With 5-level paging, KASAN of 6.12 takes an interrupt that arrives
	# while identify_cpu() clears the processor's features for a bad access
	[ "$id" != debug ] || cmdline="$cmdline no5lvl"
	# the debug kernel has a driver efi_secret built in, which would bind
	# before ours
	[ "$id" != debug ] || [ -n "$in_tree" ] ||
		cmdline="$cmdline initcall_blacklist=efi_secret_driver_init"
	cmdline="$cmdline$append"
}

# make_logs: sets logs, a new folder, so that no file of an earlier VM is taken
# for one of this VM; removes old folders.
make_logs() {
	cache_dir logs
	find "$CCGUEST_CACHE/logs" -mindepth 1 -maxdepth 1 -type d \
		-name '2*-*' -mtime +30 -exec rm -rf {} + 2>/dev/null || :
	# left behind by runs that were killed, and by --keep
	find "$CCGUEST_CACHE/tmp" -mindepth 1 -maxdepth 1 -name 'run.*' \
		-mtime +1 -exec rm -rf {} + 2>/dev/null || :
	name=$id-$mode$(echo "$tests" | tr ' :' '-.')
	logs=$CCGUEST_CACHE/logs/$(date +%Y%m%d-%H%M%S)-$name.$$
	mkdir "$logs" || die "cannot make $logs"
}

# name_streams: sets serial and stream: files in the logs, or named pipes
# where start_streams copies what QEMU writes.
name_streams() {
	serial=$logs/serial
	stream=$logs/$mode
	[ -z "$dry_run" ] || return 0
	if [ "$mode" != shell ]; then
		stream=$scratch/stream
		mkfifo "$stream"
	fi
	if [ -n "$verbose" ]; then
		serial=$scratch/serial
		mkfifo "$serial"
	fi
}
