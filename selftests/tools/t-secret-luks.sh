# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# cryptsetup and a passphrase that ends with a NUL, as GRUB needs it: the
# command of Documentation/efi_secret.md opens the disk; the secret's file as
# key file does not.

# luks FILE OPTION...: makes a disk with the passphrase in $T/typed
luks()
{
	image=$1
	shift
	truncate -s 20M "$image"
	cryptsetup luksFormat -q --disable-locks --type luks2 "$@" \
		--luks2-metadata-size 16k --luks2-keyslots-size 1m \
		--key-file "$T/typed" "$image" >"$T/log" 2>&1 ||
		bad "luksFormat: $(cat "$T/log")"
}

# opens FILE COMMAND...: whether the output of COMMAND opens the disk
opens()
{
	image=$1
	shift
	"$@" | cryptsetup open --disable-locks --test-passphrase \
		--key-file=- "$image" >"$T/log" 2>&1
}

# documented FILE: the line of the page, with FILE in place of its disk
documented()
{
	sed -n 's/^ *# \(ccguest secret read --strip .*\) root$/\1/p' \
		"$top/Documentation/efi_secret.md" >"$T/line"
	[ "$(wc -l <"$T/line")" -eq 1 ] || bad "not one line: $(cat "$T/line")"
	sed -i "s|^ccguest |$T/ccguest -F $T/luks.bin |
		s|/dev/vda3|--disable-locks --test-passphrase $1|" "$T/line"
	sh "$T/line" >"$T/log" 2>&1
}

begin "luks: with a NUL after the passphrase"
if have cryptsetup; then
	printf 'pass %s' "$MARKER" >"$T/typed"
	area "$T/luks.bin" "$DISK=pass $MARKER\\0"
	luks "$T/argon2id.img" --pbkdf argon2id --pbkdf-memory 64 \
		--pbkdf-parallel 1 --pbkdf-force-iterations 4
	luks "$T/pbkdf2.img" --pbkdf pbkdf2 --pbkdf-force-iterations 1000
	opens "$T/argon2id.img" cat "$T/typed" || bad "$(cat "$T/log")"
	opens "$T/argon2id.img" "$T/ccguest" secret read luks-key \
		-F "$T/luks.bin" && bad "argon2id takes the NUL"
	grep -q "No key available with this passphrase" "$T/log" ||
		bad "$(cat "$T/log")"
	# HMAC pads its key with NULs
	opens "$T/pbkdf2.img" "$T/ccguest" secret read luks-key \
		-F "$T/luks.bin" || bad "PBKDF2 refuses the NUL"
	documented "$T/argon2id.img" || bad "argon2id: $(cat "$T/log")"
	documented "$T/pbkdf2.img" || bad "PBKDF2: $(cat "$T/log")"
	finish

	begin "luks: with a newline after the passphrase"
	area "$T/luks.bin" "$DISK=pass $MARKER\\n"
	for image in "$T/argon2id.img" "$T/pbkdf2.img"; do
		opens "$image" "$T/ccguest" secret read luks-key \
			-F "$T/luks.bin" && bad "$image takes the newline"
		documented "$image" || bad "$image: $(cat "$T/log")"
	done
	rm -f "$T"/*.img
	finish
else
	skip "no cryptsetup, install cryptsetup-bin"
fi
