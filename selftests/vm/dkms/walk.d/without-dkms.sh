# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034,SC2016,SC2086,SC2164
#
# Removes the DKMS installation, and installs and removes without DKMS.
# Takes later of upgrade.sh.
# The variables are those of ../walk, whose paths have no blanks.

refuse "make install finds DKMS" "run 'make dkms-uninstall' first" make install
says "make install names the version" "DKMS has ccguest $version"
check "make install has written no module" eval \
	'[ ! -e "/lib/modules/$running/updates/drivers" ]'

# as one who removes the source by hand
rm -rf "/usr/src/ccguest-$version"
run "make dkms-uninstall" make dkms-uninstall
run "make -C tools uninstall" make -C tools uninstall
mv "/lib/modules/$later/build.away" "/lib/modules/$later/build"
same "nothing is left behind" $walk/fresh
run "make dkms-uninstall, again" make dkms-uninstall
says "there is nothing to remove" "nothing to remove"
mv "/lib/modules/$later/build" "/lib/modules/$later/build.away"

#
# Without DKMS
#

list >$walk/fresh
run "make install" make install
for m in $(modules "$running"); do
	check "modprobe finds $m" is_module "$running" "$m" "$version" \
		"updates/drivers/$m"
done
list >$walk/installed
run "make install, again" make install
same "nothing has changed" $walk/installed
refuse "make dkms-install finds make install" \
	"run 'make modules_uninstall KDIR=/lib/modules/$running/build' first" \
	make dkms-install
same "make dkms-install has changed nothing" $walk/installed
run "make dkms-uninstall finds make install" make dkms-uninstall
says "it says who removes them" "'make uninstall' removes them"
run "make uninstall" make uninstall
same "make uninstall leaves nothing" $walk/fresh
run "make uninstall, again" make uninstall

run "make install DESTDIR=" make install DESTDIR=$walk/dest
same "the system is as it was" $walk/fresh
equal "the modules are below DESTDIR" "$(modules "$running" | wc -w)" \
	"$(find "$walk/dest/lib/modules/$running/updates" -name '*.ko*' | wc -l)"
check "the tools are below DESTDIR" $walk/dest/usr/local/bin/ccguest --version
run "make uninstall DESTDIR=" make uninstall DESTDIR=$walk/dest
equal "DESTDIR has no file left" "" "$(find $walk/dest -type f | grep -v '/modules\.')"
