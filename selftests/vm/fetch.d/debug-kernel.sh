# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034,SC2030,SC2031 # variables of ../fetch
#
# The debug kernel: built from Debian's kernel source with ../debug.config, in
# the root bookworm. Takes release, arch and out of describe_kernel().
# describe_debug_kernel() sets source, fragment, kdir, log and version.

describe_debug_kernel() {
	source=$CCGUEST_CACHE/src/linux-6.12
	kdir=/ccguest/kdir/debug
	log=$CCGUEST_CACHE/logs/kernel-debug.log
	fragment=$VM_DIR/debug.config
	version=$(cat "$source/.ccguest-version" 2>/dev/null || :)
}

# debug_kernel_make ARGUMENT...: runs make in the root, where the source and the
# build folder have the paths that later builds of modules use.
debug_kernel_make() {
	in_root bookworm nice -n 10 make -C /ccguest/src/linux-6.12 \
		O=/ccguest/kdir/debug KBUILD_BUILD_USER=ccguest \
		KBUILD_BUILD_HOST=ccguest LOCALVERSION= -j"$(nproc)" "$@"
}

debug_kernel_build() {
	debug_kernel_make bzImage modules &&
		debug_kernel_make modules_install INSTALL_MOD_STRIP=1 \
			INSTALL_MOD_PATH="/ccguest/${work#"$CCGUEST_CACHE/"}/install"
}

# debug_kernel_progress: a line for people, while the build runs.
debug_kernel_progress() {
	say "kernel debug: $(grep -c '^  [A-Z]' "$log") steps of about 2500," \
		"$((($(date +%s) - start) / 60)) min"
}

# debug_kernel_stamp: changes with the source, the fragment, and the number 1,
# which stands for the recipe in this file.
debug_kernel_stamp() {
	(echo "1 $version"; cat "$fragment") | sha256sum | cut -d' ' -f1
}

# debug_kernel_is_there: whether it was built from this source and fragment.
debug_kernel_is_there() {
	[ -n "$version" ] && [ -e "$CCGUEST_CACHE/kdir/debug/Makefile" ] &&
		[ "$(cat "$out/stamp" 2>/dev/null)" = "$(debug_kernel_stamp)" ]
}

# debug_config_lost FRAGMENT CONFIG: the options of FRAGMENT that are not in
# effect.
debug_config_lost() {
	awk '
		/^# CONFIG_[A-Z0-9_]+ is not set$/ { name = $2; value = "" }
		/^CONFIG_/ {
			name = $0; sub(/=.*/, "", name)
			value = substr($0, length(name) + 2)
		}
		!name { next }
		NR == FNR { want[name] = value; name = ""; next }
		{ have[name] = value; name = "" }
		END {
			for (name in want)
				if (want[name] != have[name])
					print name "=" want[name]
		}' "$1" "$2"
}

debug_kernel_configure() {
	kernel_config=$CCGUEST_CACHE/kdir/debug/.config
	cp "$fragment" "$CCGUEST_CACHE/kdir/debug/ccguest.config"
	{
		debug_kernel_make tinyconfig &&
		# as merge_config.sh does: the last setting of an option wins
		cat "$source/kernel/configs/kvm_guest.config" "$fragment" \
			>>"$kernel_config" &&
		debug_kernel_make olddefconfig
	} >>"$log" 2>&1 </dev/null || {
		tail -n 40 "$log" >&2
		die "kernel debug: cannot configure (see above, or $log)"
	}
	bad=$(debug_config_lost "$fragment" "$kernel_config")
	[ -z "$bad" ] ||
		die "kernel debug: $fragment: not in effect:" \
		    "$(echo "$bad" | tr '\n' ' ')"
}

# debug_kernel_collect: what was built, into $work/kernel.
debug_kernel_collect() {
	rel=$(cat "$CCGUEST_CACHE/kdir/debug/include/config/kernel.release")
	cp "$CCGUEST_CACHE/kdir/debug/arch/x86/boot/bzImage" "$work/kernel/vmlinuz"
	cp "$kernel_config" "$work/kernel/config"
	mv "$work/install/lib/modules/$rel" "$work/kernel/modules"
	rm -f "$work/kernel/modules/build" "$work/kernel/modules/source"
	kernel_describe
	debug_kernel_stamp >"$work/kernel/stamp"
}

# fetch_debug_kernel: fetch_kernel calls it, in its subshell.
fetch_debug_kernel() {
	! debug_kernel_is_there || return 0
	need_root "building a kernel in a build root"
	fetch_source 6.12
	lock kernel-debug
	describe_debug_kernel
	! debug_kernel_is_there || return 0
	workdir
	cache_dir kdir/debug
	cache_dir kernels
	cache_dir logs

	start=$(date +%s)
	say "kernel debug: configuring $version"
	mkdir "$work/kernel"
	: >"$log"
	debug_kernel_configure
	say "kernel debug: building (7 to 10 minutes on 2 idle cores)"
	start_ticker 30 debug_kernel_progress
	debug_kernel_build >>"$log" 2>&1 </dev/null || {
		tail -n 40 "$log" >&2
		die "kernel debug: the build failed (see above, or $log)"
	}
	stop_ticker
	debug_kernel_collect
	publish "$work/kernel" "$out"
	say "kernel debug: ready, $(($(date +%s) - start)) s"
}
