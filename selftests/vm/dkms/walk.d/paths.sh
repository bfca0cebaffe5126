# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034,SC2016,SC2086,SC2164
#
# A strict umask; make clean and make -n; paths with blanks.
# The variables are those of ../walk, whose paths have no blanks.

private_install() {
	umask 077
	mkdir $walk/private
	cd $walk/private
	tar --no-same-permissions -xf ../ccguest-*.tar.gz
	cd ccguest-*/
	make dkms-install && make -C tools install
}
run "umask 077" eval '(private_install)'
unreadable() {
	find "/lib/modules/$running" /usr/local /usr/src/ccguest-* \
		\( -type f ! -perm -444 -o -type d ! -perm -555 \) -print
}
equal "users may read what was installed" "" "$(unreadable)"
check "a user may run ccguest" as_user ccguest --version
run "out again" eval 'make dkms-uninstall && make -C tools uninstall'
run "make install under umask 077" eval '(umask 077; make install)'
equal "users may read what was installed" "" \
	"$(find "/lib/modules/$running" /usr/local \
		\( -type f ! -perm -444 -o -type d ! -perm -555 \) -print)"
run "out again" make uninstall
same "nothing is left behind" $walk/fresh

#
# Paths, make -n, make clean
#

run "make clean" make clean
(cd "$tree" && find . | sort) >$walk/tree.clean
tar -C $walk/newer --strip-components=1 --one-top-level=fresh \
	-xf $walk/ccguest-*.tar.gz
check "make clean leaves the tree as it came" eval \
	'(cd $walk/newer/fresh && find . | sort) | diff - $walk/tree.clean'

# untouched NAME: nothing was written, here or in the system.
untouched() {
	same "$1: the system is as it was" $walk/fresh
	(cd "$tree" && find . | sort) >$walk/tree.now
	check "$1: the tree is as it was" diff $walk/tree.clean $walk/tree.now
}

for target in install uninstall dkms-install dkms-uninstall modules; do
	run "make -n $target" make -n "$target"
done
untouched "make -n"
for var in DESTDIR PREFIX KDIR; do
	refuse "$var with a blank" "$var is '$walk/a 3'" \
		make install "$var=$walk/a 3"
done
for var in DESTDIR PREFIX O; do
	refuse "tools: $var with a blank" "$var is '$walk/a 3'" \
		make -C tools install "$var=$walk/a 3"
done
refuse "a DESTDIR that is relative" "absolute path" make install DESTDIR=dest
refuse "make dkms-install DESTDIR=" "this system only" \
	make dkms-install DESTDIR=$walk/dest
untouched "refused"
check "no folder with a blank was made" eval \
	'! find / -xdev -name "a 3" | grep . && ! find "$tree" -name 3 | grep .'
cp -a "$tree" "$walk/a tree"
refuse "a tree with a blank in its path" "Move the tree" \
	make -C "$walk/a tree"
refuse "a tree with a blank in its path, tools" "Move the tree" \
	make -C "$walk/a tree/tools"
