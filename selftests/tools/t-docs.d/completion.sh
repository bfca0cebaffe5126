# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with ../t-docs.sh and lib.sh
#
# Completion of bash and zsh against the lists for programs. Takes options and
# functions of t-docs.sh.

begin "completion: every option, and no others"
scopes >"$T/scopes"
echo >>"$T/scopes"
while read -r scope; do
	# Before the verb of a group, only global options are valid.
	options "$scope" >"$T/want"
	# shellcheck disable=SC2086
	complete_words ccguest $scope - >"$T/have"
	cmp -s "$T/want" "$T/have" ||
		bad "ccguest $scope: $(diff "$T/want" "$T/have")"
done <"$T/scopes"
finish

begin "completion: every command and verb, and no others"
awk -F"$tab" '$1 == "group" { print $3 }' "$T/options" | sort >"$T/groups"
complete_words ccguest "" >"$T/have"
cmp -s "$T/groups" "$T/have" || bad "$(diff "$T/groups" "$T/have")"
complete_words ccguest -v --json -F "$T/x" "" >"$T/have"
cmp -s "$T/groups" "$T/have" || bad "behind options: $(diff "$T/groups" "$T/have")"
complete_words ccguest help "" >"$T/have"
cmp -s "$T/groups" "$T/have" || bad "help: $(diff "$T/groups" "$T/have")"
while read -r group; do
	[ "$group" != help ] || continue
	# Of a verb of two words, the first word.
	awk -F"$tab" -v g="$group" '$1 == "verb" && $2 == g {
		sub(" .*", "", $3); print $3 }' \
		"$T/options" | sort -u >"$T/want"
	[ -s "$T/want" ] || echo >"$T/want"
	for before in "" help; do
		# shellcheck disable=SC2086
		complete_words ccguest $before "$group" "" >"$T/have"
		cmp -s "$T/want" "$T/have" ||
			bad "$before $group: $(diff "$T/want" "$T/have")"
	done
done <"$T/groups"
awk -F"$tab" '$1 == "verb" && $3 ~ / / { sub(" .*", "", $3); print $2 " " $3 }' \
	"$T/options" | sort -u >"$T/topics"
while read -r group topic; do
	awk -F"$tab" -v g="$group" -v t="$topic " '$1 == "verb" && $2 == g &&
		index($3, t) == 1 { sub(".* ", "", $3); print $3 }' \
		"$T/options" | sort >"$T/want"
	complete_words ccguest "$group" "$topic" "" >"$T/have"
	cmp -s "$T/want" "$T/have" ||
		bad "$group $topic: $(diff "$T/want" "$T/have")"
done <"$T/topics"
finish

# offers WANTED WORDS...: checks bash's completions of the last word of WORDS;
# WANTED has the words in order, separated by spaces
offers()
{
	want=$1
	shift
	got=$(complete_words "$@" | tr '\n' ' ')
	[ "$got" = "$want" ] || bad "$*: $got"
}

begin "completion: values"
offers "pretty short " ccguest --json = ""
offers "short " ccguest --json = s
offers "always auto never " ccguest --color = ""
offers "always auto " ccguest --color a
offers "never " ccguest secret list --color = n
area "$T/c.bin" "$DISK=x" "$A=y" "$C=z"
offers "$DISK $A $C disk-passphrase luks-key " \
	ccguest -F "$T/c.bin" secret read ""
offers "$DISK $A $C disk-passphrase luks-key " \
	ccguest --from = "$T/c.bin" secret wipe ""
offers "luks-key " ccguest secret -F "$T/c.bin" show lu
offers "$A " ccguest --root "$T/examples" -F "$T/c.bin" secret show aaaa
r=$T/root
live_tree "$r"
offers "$DISK $A $B disk-passphrase luks-key " \
	ccguest --root "$r" secret wipe ""
offers " " ccguest --root "$T/nowhere" secret wipe ""
for bdf in 0000:00:03.0 0000:00:1f.2 0001:00:03.0; do
	python3 "$here/mkpci.py" "$r/sys/bus/pci/devices/$bdf" caps=0x2e@0x100
done
python3 "$here/mkpci.py" "$r/sys/bus/pci/devices/0000:00:00.0"
offers "0000:00:00.0 0000:00:03.0 0000:00:1f.2 0001:00:03.0 " \
	ccguest --root "$r" device show ""
offers "0000:00:03.0 0000:00:1f.2 0001:00:03.0 " \
	ccguest --root "$r" device authenticate ""
offers "00:03.0 " ccguest --root "$r" device certificates 0001 : ""
offers "00:03.0 00:1f.2 " ccguest --root "$r" device certificates 0000 :
offers "03.0 " ccguest --root "$r" device show 0000 : 00 : 03
offers "1f.2 " ccguest --root "$r" device authenticate 00 : 1
offers "0000:00:1f.2 " ccguest --root "$r" device show 0000:00:1
offers "0 1 2 3 4 5 6 7 " ccguest device certificates --slot = ""
offers "$T/c.bin " ccguest keyring add "$T/c.b"
offers "debug-allowed disk-passphrase " ccguest secret build d
offers "$T/c.bin " ccguest secret build luks-key : "$T/c.b"
offers "$T/c.bin " ccguest secret list -F "$T/c.b"
offers "$T/c.bin " ccguest secret list --from = "$T/c.b"
offers "enforce " ccguest device authenticate --validity = e
offers "sha256 sha3-256 sha3-384 sha3-512 sha384 sha512 " \
	ccguest device authenticate --hash = sha
offers "sha256,sha384 " ccguest device authenticate --hash = sha256,sha38
offers "rsapss-2048 rsapss-3072 rsapss-4096 " \
	ccguest device certificates --asym rsap
offers "$T/c.bin " ccguest device authenticate --ca = "$T/c.b"
offers "1G 2M 4K 512G auto " ccguest log verify --ripas-blocks = ""
offers "1G 2M 4K 512G " ccguest log rim --ripas-blocks = ""
offers "1G 2M 4K 512G " ccguest log endorse --ripas-blocks = ""
offers "comid comid-json corim corim-json " ccguest log endorse --format = ""
finish

# ---- zsh ----

# zsh_words FUNCTION WORDS...: prints zsh's completions of the last word, one
# per line, without the prefix that compset removes
zsh_words()
{
	# shellcheck disable=SC2016 # zsh expands them
	PATH="$T:${out:?}:$PATH" timeout 60 zsh -f -c '
		compset() {
			local before=$PREFIX
			[[ $1 == -P ]] || return 1
			if [[ $2 == 1 ]]; then
				PREFIX=${PREFIX#$~3}
			else
				PREFIX=${PREFIX##$~2}
			fi
			[[ $PREFIX != $before ]]
		}
		compadd() {
			while [[ $1 != -- ]]; do shift; done
			shift
			print -rl -- ${(M)@:#$PREFIX*}
		}
		_files() { print -r -- "files${1:-} of $PREFIX"; }
		file=$1
		shift 2
		words=("$@") CURRENT=$# PREFIX=$@[-1]
		. $file' zsh "$top/tools/completion/$1" "$@" 2>&1 | sed '/^$/d' |
		sort
}

# zsh_offers WANTED WORDS...: as offers, for zsh
zsh_offers()
{
	want=$1
	shift
	got=$(zsh_words "_$1" "$@" | tr '\n' ' ')
	[ "$got" = "$want" ] || bad "$*: $got"
}

zsh_tests()
{
	begin "zsh completion: every option, and no others"
	while read -r scope; do
		options "$scope" >"$T/want"
		# shellcheck disable=SC2086
		zsh_words _ccguest ccguest $scope - >"$T/have"
		cmp -s "$T/want" "$T/have" ||
			bad "ccguest $scope: $(diff "$T/want" "$T/have")"
	done <"$T/scopes"
	finish

	begin "zsh completion: every command and verb, and no others"
	zsh_words _ccguest ccguest -v --json -F "$T/x" "" >"$T/have"
	cmp -s "$T/groups" "$T/have" || bad "$(diff "$T/groups" "$T/have")"
	zsh_words _ccguest ccguest help "" >"$T/have"
	cmp -s "$T/groups" "$T/have" || bad "help: $(cat "$T/have")"
	while read -r group; do
		[ "$group" != help ] || continue
		awk -F"$tab" -v g="$group" '$1 == "verb" && $2 == g {
			sub(" .*", "", $3); print $3 }' \
			"$T/options" | sort -u >"$T/want"
		for before in "" help; do
			# shellcheck disable=SC2086
			zsh_words _ccguest ccguest $before "$group" "" \
				>"$T/have"
			cmp -s "$T/want" "$T/have" ||
				bad "$before $group: $(cat "$T/have")"
		done
	done <"$T/groups"
	zsh_offers "build " ccguest sev secret ""
	finish

	begin "zsh completion: values"
	zsh_offers "pretty short " ccguest --json=
	zsh_offers "short " ccguest --json=s
	zsh_offers "always auto " ccguest --color a
	zsh_offers "never " ccguest secret list --color=n
	zsh_offers "$DISK $A $C disk-passphrase luks-key " \
		ccguest -F "$T/c.bin" secret read ""
	zsh_offers "$DISK $A $C disk-passphrase luks-key " \
		ccguest --from="$T/c.bin" secret wipe ""
	zsh_offers "luks-key " ccguest secret -F "$T/c.bin" show lu
	zsh_offers "$DISK $A $B disk-passphrase luks-key " \
		ccguest --root "$r" secret wipe ""
	zsh_offers "" ccguest --root "$T/nowhere" secret wipe ""
	zsh_offers "0000:00:00.0 0000:00:03.0 0000:00:1f.2 0001:00:03.0 " \
		ccguest --root "$r" device show ""
	zsh_offers "0000:00:1f.2 " \
		ccguest --root "$r" device authenticate 0000:00:1
	zsh_offers "0 1 2 3 4 5 6 7 " ccguest device certificates --slot=
	zsh_offers "files of $T/c.b " ccguest keyring add "$T/c.b"
	zsh_offers "files of x " ccguest secret list -F x
	zsh_offers "files-/ of x " ccguest keyring load --dir x
	zsh_offers "debug-allowed disk-passphrase " ccguest secret build d
	zsh_offers "files of x " ccguest secret build luks-key:x
	zsh_offers "files of x " ccguest sev secret build luks-key:x
	zsh_offers "sha384 " ccguest device authenticate --hash=sha256,sha38
	zsh_offers "rsapss-2048 rsapss-3072 rsapss-4096 " \
		ccguest device certificates --asym rsap
	zsh_offers "1G 2M 4K 512G auto " ccguest log verify --ripas-blocks ""
	zsh_offers "1G 2M 4K 512G " ccguest log rim --ripas-blocks=
	finish

	begin "zsh completion: spdm-responder"
	if [ ! -x "$out/spdm-responder" ]; then
		skip "no spdm-responder"
		return
	fi
	"$out/spdm-responder" --help | grep -oE '^ +(-[a-z], )?--[a-z-]+|^ +-[a-z],' |
		grep -oE -e '--?[a-z][a-z-]*' | sort -u >"$T/want"
	{
		zsh_words _spdm-responder spdm-responder -
		zsh_words _spdm-responder spdm-responder certs -
	} | sort -u >"$T/have"
	cmp -s "$T/want" "$T/have" || bad "$(diff "$T/want" "$T/have")"
	"$out/spdm-responder" --help |
		sed -n '/^Faults:/,/^$/s/^  \([a-zA-Z-]*\) .*/\1/p' |
		sort >"$T/want"
	zsh_words _spdm-responder spdm-responder --fault= |
		sed 's/error-Busy/error-CODE/' | sort >"$T/have"
	cmp -s "$T/want" "$T/have" || bad "$(diff "$T/want" "$T/have")"
	zsh_offers "GET_DIGESTS " spdm-responder --fault drop@GET_D
	zsh_offers "p256 p384 p521 " spdm-responder certs --algorithms rsa2048,p
	zsh_offers "files of b " spdm-responder --slot 0=a:b
	zsh_offers "files-/ of b " spdm-responder certs b
	finish
}

if have zsh; then
	zsh_tests
else
	begin "zsh completion"
	skip "no zsh, install zsh"
fi
