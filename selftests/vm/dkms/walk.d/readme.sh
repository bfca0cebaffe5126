# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034,SC2016,SC2086,SC2164
#
# README's commands, and the state that they lead to. Takes walk and running. Sets
# tree (the unpacked source) and version.
# The variables are those of ../walk, whose paths have no blanks.

# installed PACKAGE...
installed() {
	for package; do
		dpkg-query -W -f '${db:Status-Status}\n' "$package" |
			grep -qx installed || {
			echo "$package is not installed"
			return 1
		}
	done
}

# readme_command COMMAND: in this shell, since README changes into folders.
readme_command() {
	case $1 in
	'apt install '*)
		eval "check 'README: $1' installed ${1#apt install }" ;;
	dnf*)	echo "# not run here: $1" ;;
	'modprobe '*)
		check "README: $1" modprobe --show-depends -S "$running" \
			"${1#modprobe }" ;;
	*)
		if eval "$1" >$log 2>&1 </dev/null; then
			ok "README: $1"
		else
			not_ok "README: $1" "$(tail -n 40 $log)"
		fi ;;
	esac
}


cd $walk
list >$walk/fresh
while read -r line <&3; do
	[ -z "$line" ] || readme_command "$line"
done 3<$walk/commands
tree=$PWD
version=$(cat VERSION)

check "README has tar, apt, make and modprobe" eval \
	'for word in tar apt make modprobe; do
		grep -q "^$word " $walk/commands || exit 1
	done'
for k in $(kernels); do
	check "$k has its modules, signed" have_modules "$k" "$version"
done
check "dkms has the version" only_version "$version"
check "the certificate for mokutil is DER" \
	openssl x509 -inform DER -in /var/lib/dkms/mok.pub -noout
check "the signing key is its owner's only" \
	eval '[ "$(stat -c %a /var/lib/dkms/mok.key)" = 600 ]'
equal "ccguest is of this tree" "ccguest $version" "$(ccguest --version)"
check "a user may run ccguest" as_user ccguest --version
