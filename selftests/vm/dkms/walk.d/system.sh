# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034,SC2016,SC2086,SC2164
#
# The state of the system: its files, kernels, and the modules that are installed.
# Takes walk, the folder of this run, running and version.
# The variables are those of ../walk, whose paths have no blanks.

# list: every file of the system with its mode, and the target of each link.
# Leaves out the files of depmod, whose names stay the same, the key that dkms
# keeps, and the folders of /usr/local.
list() {
	find / -xdev \( -path /proc -o -path $walk -o -path /ccguest \
		-o -path /tmp -o -path /var/log \) -prune \
		-o \( -path /usr/local/\* -type d \) \
		-o \( -name 'modules.*' -path /usr/lib/modules/\* \) \
		-o -path /var/lib/dkms/mok.key -o -path /var/lib/dkms/mok.pub \
		-o -printf '%M %p %l\n' | sort
}

# same NAME LIST: a test: the system has the files of the list, and no others.
same() {
	list >$walk/now
	if diff "$2" $walk/now >$walk/diff; then
		ok "$1"
	else
		not_ok "$1" "$(grep '^[<>]' $walk/diff | head -n 30)"
	fi
}

# kernels: the kernels of the root that have headers.
kernels() {
	for dir in /lib/modules/*/build; do
		[ ! -e "$dir/Makefile" ] || basename "$(dirname "$dir")"
	done
}

# modules KERNEL: the modules that it gets. 6.1 does not export pci_doe().
modules() {
	echo efi_secret cc_event_log
	case $1 in
	6.1.*)	;;
	*)	echo spdm pci_cma ;;
	esac
}

# is_module KERNEL MODULE VERSION FOLDER: modprobe finds the module in FOLDER.
is_module() {
	file=$(modinfo -k "$1" -F filename "$2")
	case $file in
	"/lib/modules/$1/$4/$2.ko"*) ;;
	*)	echo "$2 is $file, not in /lib/modules/$1/$4"
		return 1 ;;
	esac
	modprobe --show-depends -S "$1" "$2" | grep -qF "insmod $file" || return
	[ "$(modinfo -F version "$file")" = "$3" ] || {
		echo "$file is not version $3"
		return 1
	}
	modinfo -F vermagic "$file" | grep -qF "$1 "
}

# have_modules KERNEL VERSION: DKMS has installed the kernel's modules, signed with
# its key, and nothing else is there.
have_modules() {
	for m in $(modules "$1"); do
		is_module "$1" "$m" "$2" updates/dkms || return
		[ "$(modinfo -k "$1" -F signer "$m")" = \
			"DKMS module signing key" ] || {
			echo "$m is not signed by DKMS"
			return 1
		}
	done
	[ "$(find "/lib/modules/$1/updates" -type f | wc -l)" = \
		"$(modules "$1" | wc -w)" ]
}

# only_version VERSION: DKMS has that version only, installed for each kernel.
only_version() {
	[ "$(cd /usr/src && echo ccguest-*)" = "ccguest-$1" ] || {
		ls -d /usr/src/ccguest*
		return 1
	}
	dkms status >$walk/status
	for k in $(kernels); do
		grep -qF "ccguest/$1, $k, x86_64: installed" $walk/status || {
			cat $walk/status
			return 1
		}
	done
	! grep -v "^ccguest/$1, " $walk/status
}

# as_user COMMAND...: as a user without rights, with the usual umask.
as_user() {
	setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}
