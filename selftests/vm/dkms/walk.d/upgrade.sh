# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034,SC2016,SC2086,SC2164
#
# Installs again, upgrades and downgrades, and builds for a kernel that fails.
# Takes tree and version. Sets later: the kernel that is hidden from make, but for
# moments.
# The variables are those of ../walk, whose paths have no blanks.

list >$walk/installed
run "make dkms-install, again" make dkms-install
check "dkms has the version once" only_version "$version"
same "nothing else has changed" $walk/installed

# One kernel is enough from here on, and the other is the later one.
later=$(kernels | grep -vx "$running" | tail -n 1)
mv "/lib/modules/$later/build" "/lib/modules/$later/build.away"

cp -a "$tree" $walk/newer
echo 99.9.9 >$walk/newer/VERSION
run "upgrade" make -C $walk/newer dkms-install
check "dkms has the new version only" only_version 99.9.9
check "$running has the new modules" have_modules "$running" 99.9.9
mv "/lib/modules/$later/build.away" "/lib/modules/$later/build"
run "dkms builds for a kernel that comes later" dkms autoinstall -k "$later"
check "$later has the new modules" have_modules "$later" 99.9.9
mv "/lib/modules/$later/build" "/lib/modules/$later/build.away"
# what dkms has of a kernel that was removed without its knowledge
state=/var/lib/dkms/ccguest
cp -a "$state/99.9.9/$running" $state/99.9.9/5.98.0-gone
ln -s 99.9.9/5.98.0-gone/x86_64 $state/kernel-5.98.0-gone-x86_64
run "downgrade" make dkms-install
check "the state of a kernel that is gone is gone" eval \
	'! find $state -name "*5.98.0-gone*" | grep .'
check "dkms has the old version only" only_version "$version"
check "no module of the new version is left" eval \
	'! find /lib/modules/*/updates -name "*.ko*" -exec modinfo -F version {} + |
		grep -vx "$version"'


#
# A kernel that fails
#

broken=5.99.0-broken
mkdir -p /lib/modules/$broken/build
echo 'modules: ; @echo error: this kernel is broken; exit 1' \
	>/lib/modules/$broken/build/Makefile
# a running kernel whose headers are not installed
echo 5.97.0-bare >$walk/running
run "a kernel that fails does not stop the others" make dkms-install
says "it is named" "failed for $broken"
says "the running kernel without headers is named" \
	"install linux-headers-5.97.0-bare"
check "$running has its modules" have_modules "$running" "$version"
echo $broken >$walk/running
refuse "the running kernel's failure is one" "the running kernel, $broken," \
	make dkms-install
echo "$running" >$walk/running
rm -rf /lib/modules/$broken
mv "/lib/modules/$running/build" "/lib/modules/$running/build.away"
refuse "no kernel with headers is a failure" "no kernel got the modules" \
	make dkms-install
says "it names the package" "linux-headers-$running"
mv "/lib/modules/$running/build.away" "/lib/modules/$running/build"
run "make dkms-install with headers" make dkms-install
check "$running has its modules" have_modules "$running" "$version"
