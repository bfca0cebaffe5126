# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # variables of ../selftest
#
# Starts guests for the cases of ../selftest and looks at their results. Takes
# dir (the folder of this run), kernel and VM_DIR. Sets
#	status	the exit status of ../run; its output is in $dir/out and $dir/err
#	pid	the process of ../run, where it runs beside the case

# vm ARGUMENT...: runs ../run without our modules and tools, and sets status.
vm() {
	status=0
	"$VM_DIR/run" --kernel "$kernel" --modules "$dir/modules" \
		--tools none "$@" >"$dir/out" 2>"$dir/err" </dev/null ||
		status=$?
}

# start_vm ARGUMENT...: the same beside the case, with whose end it ends.
start_vm() {
	"$VM_DIR/run" --kernel "$kernel" --modules "$dir/modules" \
		--tools none "$@" >"$dir/out" 2>"$dir/err" </dev/null &
	pid=$!
	trap '! kill $pid 2>/dev/null || wait $pid || :' EXIT
}

# started REGEX: waits for a line of output of that VM.
started() {
	until grep -qE -- "$1" "$dir/out"; do
		kill -0 "$pid" 2>/dev/null || fail "no '$1', and it has ended"
		sleep 0.5
	done
}

# end_vm: waits for the end of that VM, and sets status.
end_vm() {
	status=0
	wait "$pid" || status=$?
}

# vm_processes: the processes of that VM. They have the name of its log folder
# in their arguments.
vm_processes() {
	pgrep -f "exec.$pid(/| )" || :
}

# took SECONDS BEFORE: fails if more than SECONDS have passed since BEFORE.
took() {
	_took=$(($(date +%s) - $2))
	[ $_took -le "$1" ] || fail "it took $_took s, more than $1"
}

# collection NAME: makes a folder of kselftests. stdin has the files, each after
# a line "== FILE".
collection() {
	CCGUEST_SRC=$dir/tree
	export CCGUEST_SRC
	mkdir -p "$CCGUEST_SRC/selftests/$1"
	cp "$VM_DIR/../kselftest.mk" "$CCGUEST_SRC/selftests/"
	(
		cd "$CCGUEST_SRC/selftests/$1" || exit
		awk '/^== / { file = $2; next } { print >file }'
		{
			for file in *.sh; do
				[ ! -e "$file" ] || echo "TEST_PROGS += $file"
			done
			for file in *.c; do
				[ ! -e "$file" ] ||
					echo "TEST_GEN_PROGS += ${file%.c}"
			done
			echo 'include ../kselftest.mk'
		} >Makefile
		chmod 755 -- *.sh 2>/dev/null || :
	)
}

fail() {
	echo "# $*"
	return 1
}

expect_status() {
	[ "$status" = "$1" ] || fail "status $status, expected $1"
}

# expect out|err REGEX, expect_not out|err REGEX: a line of $dir/out or
# $dir/err.
expect() {
	grep -qE -- "$2" "$dir/$1" || fail "no '$2' in std$1"
}

expect_not() {
	! grep -E -- "$2" "$dir/$1" || fail "'$2' in std$1"
}

# refused REGEX: ../run ended with 2, and one line of error, which says so.
refused() {
	expect_status 2
	expect err "$1"
	[ "$(grep -c 'vm: run: error:' "$dir/err")" = 1 ] ||
		fail "not one line of error"
}
