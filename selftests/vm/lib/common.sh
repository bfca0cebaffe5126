# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Functions that the scripts of the virtual machine rig share. A script sets
# VM_DIR (selftests/vm) and VM_NAME (its name for messages) before it sources
# this file. Sets CCGUEST_CACHE, CCGUEST_SRC, VM_TREE, LC_ALL and PATH.

: "${VM_DIR:?}" "${VM_NAME:?}"

# The tree whose sources are built. Tests set CCGUEST_SRC to another tree.
VM_TREE=$(CDPATH='' cd -- "$VM_DIR/../.." && pwd)
CCGUEST_SRC=${CCGUEST_SRC:-$VM_TREE}

CCGUEST_CACHE=${CCGUEST_CACHE:-${HOME:-/root}/.cache/ccguest}
export CCGUEST_CACHE CCGUEST_SRC

# Scripts parse messages and the output of tools: these must not be translated.
LC_ALL=C.UTF-8
export LC_ALL

# mke2fs and depmod are in sbin, which may be missing from a user's path.
PATH=$PATH:/usr/sbin:/sbin
export PATH

say() {
	printf 'vm: %s: %s\n' "$VM_NAME" "$*" >&2
}

warn() {
	printf 'vm: %s: warning: %s\n' "$VM_NAME" "$*" >&2
}

# die TEXT: every script of the rig ends with 2 on an error of set-up; 1 means
# that a test failed.
die() {
	printf 'vm: %s: error: %s\n' "$VM_NAME" "$*" >&2
	exit 2
}

case $CCGUEST_CACHE in
/*) ;;
*) die "CCGUEST_CACHE is '$CCGUEST_CACHE': set it to an absolute path" ;;
esac
case $CCGUEST_CACHE in
*[!A-Za-z0-9/._+@~-]*)
	die "CCGUEST_CACHE is '$CCGUEST_CACHE': use a path without blanks" \
	    "and special characters, make cannot handle them" ;;
esac

need_root() {
	[ "$(id -u)" = 0 ] ||
		die "$1 needs root: run the command as root or with sudo"
}

cache_dir() {
	mkdir -p "$CCGUEST_CACHE/$1" ||
		die "cannot create $CCGUEST_CACHE/$1: set CCGUEST_CACHE to a" \
		    "folder that can be written"
}

# lock NAME [-s]: takes a lock of the cache, which this (sub)shell holds until
# it ends; -s: a shared one. Tells when another process holds the lock. A caller
# that starts a long-lived child closes descriptor 9 for it.
lock() {
	cache_dir lock
	exec 9>"$CCGUEST_CACHE/lock/$1"
	flock -n ${2:+"$2"} 9 && return 0
	say "waiting for another run that works on $1"
	flock ${2:+"$2"} 9 || die "cannot lock $CCGUEST_CACHE/lock/$1"
}

# publish NEW FINAL: renames a finished folder or file to its final name, and
# removes the older one of that name.
publish() {
	_old=
	if [ -d "$2" ] && [ ! -L "$2" ]; then
		_old=$2.old.$$
		mv -T -- "$2" "$_old"
	fi
	mv -T -- "$1" "$2" || die "cannot move $1 to $2"
	[ -z "$_old" ] || rm -rf -- "$_old"
}

# kernel_field ID FIELD: a field of the table ../kernels, whose head line has
# the names of the fields.
kernel_field() {
	awk -v id="$1" -v field="$2" '
		/^# *id / { for (i = 2; i <= NF; i++) col[$i] = i - 1 }
		/^#/ || NF == 0 { next }
		$1 == id && (field in col) { print $col[field]; found = 1 }
		END { exit !found }' "$VM_DIR/kernels" ||
		die "no kernel '$1': one of $(kernel_ids | tr '\n' ' ')"
}

kernel_ids() {
	awk '/^#/ || NF == 0 { next } { print $1 }' "$VM_DIR/kernels"
}

# in_root NAME COMMAND...: runs a command in a build root, with /proc (objtool
# needs it) and the cache at /ccguest. A mount namespace of its own ends the
# mounts with the command.
in_root() {
	_root=$CCGUEST_CACHE/roots/$1
	shift
	in_root_dir "$_root" "$@"
}

in_root_dir() {
	_root=$1
	shift
	mkdir -p "$_root/ccguest"
	# shellcheck disable=SC2016 # expanded by the inner shell
	unshare --mount --propagation private sh -ec '
		root=$1 cache=$2
		shift 2
		mount -t proc proc "$root/proc"
		mount --bind "$cache" "$root/ccguest"
		exec chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin \
			HOME=/root LC_ALL=C.UTF-8 TERM=dumb \
			DEBIAN_FRONTEND=noninteractive "$@"
	' in_root "$_root" "$CCGUEST_CACHE" "$@"
}

# build_test_module ID SOURCE OUT: builds a module that only tests use, in OUT, a
# folder of the cache that does not exist.
build_test_module() {
	_kernel=$CCGUEST_CACHE/kernels/$1
	cp -r "$2" "$3" || return 1
	case $(cat "$_kernel/arch") in
	arm64)	_cross='ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu-' ;;
	*)	_cross= ;;
	esac
	# shellcheck disable=SC2086 # a list
	in_root "$(cat "$_kernel/root")" make -C "$(cat "$_kernel/kdir")" \
		M="/ccguest${3#"$CCGUEST_CACHE"}" $_cross modules
}

# install_commands: the commands of README's section "Install it", one per line.
install_commands() {
	awk '
		/^## / { on = $0 == "## Install it" }
		!on || !sub(/^    /, "") { next }
		sub(/ *\\$/, "") { line = line $0; next }
		{ print line $0; line = "" }
	' "$VM_TREE/README.md" | sed 's/  *#.*//; s/  */ /g'
}

# install_packages: the packages of README's `apt install`, one per line,
# without the headers of the running kernel.
# shellcheck disable=SC2016 # README's own text
install_packages() {
	install_commands | sed -n 's/linux-headers-$(uname -r) //
		s/^apt install //p' | tr ' ' '\n'
}

# copy_sources DIR: copies the tree, without the files that git ignores or that
# a build makes. Only a file whose contents differ is copied, and it gets the
# time of the copy: so also a file with older contents is newer than its object.
# Objects of an earlier build in DIR stay.
copy_sources() {
	[ -e "$CCGUEST_SRC/Makefile" ] ||
		die "$CCGUEST_SRC has no Makefile: set CCGUEST_SRC to a" \
		    "source tree"
	rsync -rlp --checksum --delete-after --exclude=.git \
		--exclude=/modules --exclude='*.o' --exclude='*.ko' \
		--exclude='*.a' --exclude='*.so' --exclude='*.mod' \
		--exclude='*.mod.c' --exclude='.*.cmd' --exclude='*.symvers' \
		--exclude=modules.order --exclude=.module-common.c \
		--filter=':- .gitignore' "$CCGUEST_SRC/" "$1/" ||
		die "cannot copy $CCGUEST_SRC to $1"
}

# start_ticker SECONDS COMMAND...: runs a command in the background, every so
# many seconds, until stop_ticker.
ticker_pid=
start_ticker() {
	(
		_seconds=$1
		shift
		nap=
		trap 'kill $nap 2>/dev/null; exit 0' TERM
		while :; do
			sleep "$_seconds" &
			nap=$!
			wait "$nap"
			"$@"
		done
	) </dev/null 9>&- &
	ticker_pid=$!
}

# stop_ticker: never fails; may be called more than once.
stop_ticker() {
	[ -n "$ticker_pid" ] || return 0
	kill "$ticker_pid" 2>/dev/null || :
	wait "$ticker_pid" 2>/dev/null || :
	ticker_pid=
}

# human BYTES: prints a size as people write it.
human() {
	awk -v b="$1" 'BEGIN {
		if (b >= 1e9) printf "%.1f GB", b / 1e9
		else if (b >= 1e6) printf "%.0f MB", b / 1e6
		else printf "%.0f kB", b / 1e3 }'
}
