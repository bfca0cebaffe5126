# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2154 # variables are shared with lib.sh
#
# The variables of an outer make do not reach the tests. This file runs
# run-tests with all of them set.

if [ -z "${CCGUEST_NESTED:-}" ]; then
	begin "run-tests: an outer make's variables do not matter"
	env CCGUEST_NESTED=1 V=1 PREFIX=/nowhere DESTDIR="$T/nowhere" \
		O="$T/nowhere" ARCH=frob KDIR=/nowhere BINDIR=/nowhere \
		MANDIR=/nowhere COMPLETIONDIR=/nowhere ZSHDIR=/nowhere \
		UNITDIR=/nowhere RULESDIR=/nowhere WERROR=frob \
		SANITIZE=frob MAKELEVEL=1 GNUMAKEFLAGS=--trace \
		MAKEFLAGS="w -- V=1 O=$T/nowhere SANITIZE=frob PREFIX=/nowhere" \
		"$here/run-tests" O="${out%/sanitize}" \
		${sanitize:+--sanitize} env >"$T/log" 2>&1 ||
		bad "$(cat "$T/log")"
	[ ! -e "$T/nowhere" ] || bad "went to the outer make's directory"
	finish
else
	begin "run-tests: the variables of an outer make are not set"
	for name in V PREFIX DESTDIR O ARCH KDIR BINDIR MANDIR COMPLETIONDIR \
		ZSHDIR UNITDIR RULESDIR WERROR SANITIZE MAKEFLAGS MFLAGS GNUMAKEFLAGS MAKELEVEL; do
		if env | grep -q "^$name="; then
			bad "$name is set"
		fi
	done
	make -C "$top/tools" install WERROR=1 O="$out" SANITIZE="$sanitize" \
		DESTDIR="$T/dest" >"$T/log" 2>&1 || bad "$(cat "$T/log")"
	[ -x "$T/dest/usr/local/bin/ccguest" ] || bad "installed elsewhere"
	unit=$T/dest/usr/local/lib/systemd/system/ccguest-cma.service
	grep -q "^ExecStart=-/usr/local/bin/ccguest keyring load" "$unit" ||
		bad "the unit calls another ccguest"
	# The last command, whose status counts, fails where pci_cma is not
	# loaded.
	tree "$T/unit"
	mkdir -p "$T/unit/etc/ccguest/cma.d"
	if ! grep -q ' keyring  *\.cma: ' /proc/keys 2>/dev/null; then
		last=$(grep '^ExecStart=' "$unit" | tail -n 1)
		case $last in
		*"ExecStart=/usr/local/bin/ccguest "*) ;;
		*) bad "the status of $last does not count" ;;
		esac
		# shellcheck disable=SC2086 # words
		run --root "$T/unit" ${last#*ccguest }
		want_rc 4
		success=$(sed -n 's/^SuccessExitStatus=//p' "$unit")
		[ "$success" = 3 ] || bad "$success is success too"
	fi
	if have systemd-analyze; then
		# this test only needs the command to exist
		sed "s|/usr/local/bin|$T|" "$unit" >"$T/ccguest-cma.service"
		systemd-analyze verify --man=no "$T/ccguest-cma.service" \
			>"$T/log" 2>&1 || bad "$(cat "$T/log")"
		# As Documentation/building.md says; since systemd 250.
		if systemd-analyze security --help | grep -q -e --offline &&
			! systemd-analyze security --no-pager --offline=true \
				--threshold=15 "$T/ccguest-cma.service" \
				>"$T/log" 2>&1
		then
			bad "$(tail -n 3 "$T/log")"
		fi
	fi
	finish
fi
