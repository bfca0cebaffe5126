# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034,SC2030,SC2031 # variables of ../fetch
#
# Kernels of Debian's packages: image, modules, configuration and headers.
# Takes VM_DIR and the functions of apt.sh. describe_kernel() sets id, release,
# arch, from and out; kernel_resolve() sets rel, image and headers.

# kernel_resolve FLAVOUR SERIES,...: looks for the newest version of the first
# series that has an image and headers and, for a foreign architecture, host
# programs for its headers. Sets rel (as uname -r prints it), image (packages)
# and headers; status 1 where there is none.
kernel_resolve() {
	flavour=$1
	for series in $(echo "$2" | tr ',' ' '); do
		_pattern=$(printf '%s' "$series" | sed 's/\./\\./g')
		for headers in $(apt-cache pkgnames linux-headers- |
			grep -E "^linux-headers-${_pattern}[.][0-9][^-]*(-[0-9]+)?-$flavour\$" |
			sort -rV); do
			rel=${headers#linux-headers-}
			_version=$(package_version "$headers")
			[ -n "$_version" ] || continue
			kernel_image || continue
			kernel_kbuild || continue
			return 0
		done
	done
	return 1
}

# kernel_image: sets image: a signed or unsigned package with exactly this
# version. Newer kernels have image and modules in packages of their own.
kernel_image() {
	for image in "linux-binary-$rel" "linux-binary-unsigned-$rel" \
		"linux-image-$rel" "linux-image-$rel-unsigned"; do
		[ "$(package_version "$image")" = "$_version" ] || continue
		case $image in
		linux-binary-*)
			_m=linux-modules-$rel
			[ "$(package_version "$_m")" = "$_version" ] || continue
			image="$image $_m"
			# has modules.builtin and modules.order
			_m=linux-base-$rel
			[ "$(package_version "$_m")" != "$_version" ] ||
				image="$image $_m" ;;
		esac
		return 0
	done
	return 1
}

# kernel_kbuild: the headers of another architecture are used with the host
# programs (linux-kbuild) of this one, which must have the same version.
kernel_kbuild() {
	[ "$arch" != amd64 ] || return 0
	kbuild=linux-kbuild-${rel%-"$flavour"}
	[ "$(APT_CONFIG=$CCGUEST_CACHE/apt/$release-amd64/apt.conf \
		package_version "$kbuild")" = "$_version" ]
}

describe_kernel() {
	id=$1
	release=$(kernel_field "$id" release) || exit 2
	arch=$(kernel_field "$id" arch)
	from=$(kernel_field "$id" from)
	out=$CCGUEST_CACHE/kernels/$id
	[ "$from" != source ] || describe_debug_kernel
}

# kernel_is_there: the headers are in the root: without them a kernel is not
# complete.
kernel_is_there() {
	if [ "$from" = source ]; then
		debug_kernel_is_there
		return
	fi
	[ -e "$out/kdir" ] &&
		[ -e "$CCGUEST_CACHE/roots/$release$(cat "$out/kdir")/Makefile" ]
}

# kernel_unpack_image: vmlinuz and modules, into $work/kernel.
kernel_unpack_image() {
	# shellcheck disable=SC2086 # a list of package names
	download "kernel $id" $image
	say "kernel $id: unpacking"
	# shellcheck disable=SC2086 # a list of files
	unpack "$work/image" $debs
	forget_debs
	mkdir "$work/kernel"
	for dir in "$work/image/lib/modules/$rel" \
		"$work/image/usr/lib/modules/$rel"; do
		[ ! -d "$dir" ] || break
	done
	[ -d "$dir" ] || die "kernel $id: no modules in $image"
	for file in "$work/image/boot/vmlinuz-$rel" "$dir/vmlinuz" \
		"$dir/vmlinuz.unsigned"; do
		[ ! -f "$file" ] || break
	done
	[ -f "$file" ] || die "kernel $id: no vmlinuz in $image"
	mv "$file" "$work/kernel/vmlinuz"
	# the links lead to build trees of another machine
	rm -f "$dir/build" "$dir/source" "$dir/vmlinuz.unsigned" \
		"$dir/System.map" "$dir/config"
	mkdir -p "$work/depmod/lib/modules"
	mv "$dir" "$work/depmod/lib/modules/$rel"
	depmod -b "$work/depmod" "$rel" ||
		die "kernel $id: depmod failed"
	mv "$work/depmod/lib/modules/$rel" "$work/kernel/modules"
}

# kernel_headers: the headers and their host programs, into the root. They are
# unpacked, not installed: as packages they depend on the kernel itself and run
# its hooks, and those of another architecture do not install. They are unpacked
# into the scratch folder first: in the root, /lib is a link.
kernel_headers() {
	_deps=$(apt-cache show --no-all-versions "$headers" |
		sed -n 's/^Depends: //p' | tr ',' '\n' |
		sed 's/^ *//; s/[ :].*//')
	_common=$(echo "$_deps" | grep '^linux-headers-.*-common$' || :)
	kbuild=$(echo "$_deps" | grep '^linux-kbuild-' || :)
	if [ -z "$_common" ] || [ -z "$kbuild" ]; then
		die "kernel $id: $headers depends on no common headers or no" \
		    "linux-kbuild"
	fi
	_version=$(package_version "$headers")
	download "kernel $id" "$headers" "$_common"
	# shellcheck disable=SC2086 # a list of files
	unpack "$work/headers" $debs
	forget_debs
	# host programs run on this architecture
	(
		arch=amd64
		apt_state "$release" "$arch"
		download "kernel $id" "$kbuild"
		# shellcheck disable=SC2086
		unpack "$work/headers" $debs
		forget_debs
	) || exit 2
	(
		lock "root-$release"
		for _dir in "$work"/headers/usr/src/linux-* \
			"$work"/headers/usr/lib/linux-kbuild-*; do
			kernel_headers_put "$_dir" "$CCGUEST_CACHE/roots/$release"
		done
	) || exit 2
}

# kernel_headers_put DIR ROOT: moves one unpacked folder into the root.
kernel_headers_put() {
	_to=$2/${1#"$work/headers/"}
	_stamp=${_to%/*}/.${_to##*/}.version
	# kernels of one version share it, and one may be in use now
	[ "$(cat "$_stamp" 2>/dev/null)" != "$_version" ] || return 0
	publish "$1" "$_to"
	echo "$_version" >"$_stamp"
}

# kernel_describe: the files by which ../build and ../run know the kernel.
kernel_describe() {
	echo "$rel" >"$work/kernel/release"
	echo "$arch" >"$work/kernel/arch"
	echo "$release" >"$work/kernel/root"
	echo "$kdir" >"$work/kernel/kdir"
}

fetch_kernel() (
	describe_kernel "$1"
	fetch_root "$release"
	if [ "$from" = source ]; then
		fetch_debug_kernel
		exit 0
	fi
	! kernel_is_there || exit 0
	need_root "unpacking kernels into a build root"
	lock "kernel-$id"
	! kernel_is_there || exit 0
	apt_state "$release" amd64
	apt_state "$release" "$arch"
	workdir

	flavour=$(kernel_field "$id" flavour)
	series=$(kernel_field "$id" series)
	if ! kernel_resolve "$flavour" "$series"; then
		apt_state_update "$release" "$arch"
		kernel_resolve "$flavour" "$series" ||
			die "kernel $id: $release has no $flavour kernel of" \
			    "series $series with headers"
	fi
	say "kernel $id: $rel"
	kernel_unpack_image
	kernel_headers
	kdir=/usr/src/$headers
	[ -e "$CCGUEST_CACHE/roots/$release$kdir/Makefile" ] ||
		die "kernel $id: no $kdir in the root $release"
	cp "$CCGUEST_CACHE/roots/$release$kdir/.config" "$work/kernel/config" ||
		die "kernel $id: no configuration in $headers"
	kernel_describe
	cache_dir kernels
	publish "$work/kernel" "$out"
	say "kernel $id: ready"
)
