# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# Checks that help, man pages and completion agree with each other and with the
# command.

man=$top/tools/man
completion=$top/tools/completion/ccguest.bash
tab=$(printf '\t')

run help --list-options
cp "$T/out" "$T/options"
run help --list-names
cp "$T/out" "$T/names"

# Verbs that have options or may have options: "secret list", "status".
scopes()
{
	awk -F"$tab" '$1 == "verb" { print $2 " " $3 }
		$1 == "group" { print $3 }' "$T/options"
}

# options SCOPE: prints the options of SCOPE and the global options
options()
{
	awk -F"$tab" -v s="$1" '$1 == "option" && ($2 == s || $2 == "-") {
		print $3 }' "$T/options" | sort
}

begin "the lists for programs have the documented form"
[ "$(awk -F"$tab" 'NF != 4' "$T/options" | wc -l)" -eq 0 ] || bad "options"
[ "$(awk -F"$tab" 'NF != 5' "$T/names" | wc -l)" -eq 0 ] || bad "names"
[ "$(awk -F"$tab" '$1 == "option"' "$T/options" | wc -l)" -ge 20 ] ||
	bad "too few options"
finish

for page in "$man"/*.[15]; do
	begin "${page##*/}: no complaint"
	if ! have mandoc && ! have groff; then
		skip "neither mandoc nor groff"
		continue
	fi
	if have mandoc; then
		# Pages of other packages may be missing on this machine.
		mandoc -T lint "$page" 2>&1 |
			grep -v 'referenced manual not found\|outdated mandoc.db' \
			>"$T/lint" || :
		[ ! -s "$T/lint" ] || bad "$(cat "$T/lint")"
	fi
	if have groff; then
		groff -ww -mandoc -Tutf8 -z "$page" >"$T/lint" 2>&1 || :
		[ ! -s "$T/lint" ] || bad "$(cat "$T/lint")"
	fi
	sections="SYNOPSIS ENVIRONMENT FILES EXIT.STATUS"
	[ "$page" = "${page%.5}" ] || sections=
	for section in NAME DESCRIPTION $sections EXAMPLES SEE.ALSO; do
		grep -qx ".Sh $section" "$page" || bad "no section $section"
	done
	finish
done

# Prints the options that a man page describes.
page_options()
{
	sed 's/\\&//g' "$1" | grep '^\.' | grep -o 'Fl -*[A-Za-z][a-z-]*' |
		sed 's/^Fl /-/' | sort -u
}

begin "every group has a page, every page a group"
awk -F"$tab" '$1 == "group" && $3 != "help" { print "ccguest-" $3 ".1" }' \
	"$T/options" | sort >"$T/want"
(cd "$man" && ls ccguest-*.1) | sort >"$T/have"
cmp -s "$T/want" "$T/have" || bad "$(diff "$T/want" "$T/have")"
awk -F"$tab" '$1 == "group" { print $3 }' "$T/options" | while read -r g; do
	grep -qx "\.It Cm $g" "$man/ccguest.1" || echo "$g"
done >"$T/lacks"
[ ! -s "$T/lacks" ] || bad "not in ccguest.1: $(cat "$T/lacks")"
finish

begin "ccguest.1 has all global options, and those of help, and no others"
{
	options -
	options help
} | sort -u >"$T/want"
page_options "$man/ccguest.1" >"$T/have"
cmp -s "$T/want" "$T/have" || bad "$(diff "$T/want" "$T/have")"
finish

for page in "$man"/ccguest-*.1; do
	group=${page##*/ccguest-}
	group=${group%.1}
	begin "${page##*/}: all options of its verbs, and no unknown ones"
	page_options "$page" >"$T/have"
	awk -F"$tab" -v g="$group" '$1 == "option" &&
		($2 == g || index($2, g " ") == 1) { print $3 }' \
		"$T/options" | sort -u >"$T/want"
	comm -23 "$T/want" "$T/have" >"$T/lacks"
	[ ! -s "$T/lacks" ] || bad "not in the page: $(cat "$T/lacks")"
	{
		cat "$T/want"
		options -
	} | sort -u | comm -13 - "$T/have" >"$T/unknown"
	[ ! -s "$T/unknown" ] || bad "not in the command: $(cat "$T/unknown")"
	awk -F"$tab" -v g="$group" '$1 == "verb" && $2 == g { print $3 }' \
		"$T/options" | while read -r v; do
		grep -q "^\.Nm ccguest $group $v\$" "$page" &&
			grep -qx "\.It Cm $v" "$page" || echo "$v"
	done >"$T/lacks"
	[ ! -s "$T/lacks" ] || bad "no verb in the page: $(cat "$T/lacks")"
	finish
done

begin "ccguest-secret.1 has all known names, and no others"
sed -n '/^\.Sh KNOWN NAMES/,/^\.El/p' "$man/ccguest-secret.1" |
	awk '/^\.It Cm/ { gsub(",", ""); name = $3; alias = $5 ? $5 : ($4 ? $4 : "-") }
	/^[0-9a-f-]*:$/ { sub(":", ""); print $0 "\t" name "\t" alias }' |
	sort >"$T/have"
cut -f 1-3 "$T/names" | sort >"$T/want"
[ "$(wc -l <"$T/want")" -ge 8 ] || bad "too few names"
cmp -s "$T/want" "$T/have" || bad "$(diff "$T/want" "$T/have")"
finish

begin "the help of secret has all known names"
run help secret
cut -f 1,2 "$T/names" | tr '\t' '\n' >"$T/words"
while read -r word; do
	want_out "$word"
done <"$T/words"
finish

# ---- examples ----

begin "the man pages' examples match the output of the command"
r=$T/root
live_tree "$r"
rm -f "$r/$LIVE"/*
mkdir -p "$T/examples"
printf 'correct horse\0' >"$T/examples/passphrase"
printf '{"a": 1}\n' >"$T/examples/token.json"
printf 'a kernel\n' >"$T/examples/Image"
printf 'an initrd\n' >"$T/examples/initrd"
cat >"$T/examples/realm.json" <<END
{"s2sz": 41, "breakpoints": 5, "watchpoints": 3, "pmu_counters": 6,
 "ram": [{"base": "0x40000000", "size": "0x40000000"}],
 "images": [{"name": "KERNEL", "file": "Image", "base": "0x40200000"},
            {"name": "INITRD", "file": "initrd", "base": "0x48000000"}],
 "vcpu": {"pc": "0x40200000", "x0": "0x47000000"},
 "log": {"base": "0x60000000", "size": 4096}}
END
cp "$T/examples/passphrase" "$r/$LIVE/$DISK"
cp "$T/examples/token.json" "$r/$LIVE/e6f5a162-d67f-4750-a67c-5d065f2a9910"
chmod 440 "$r/$LIVE"/*
tree "$T/fresh"
release=6.12.95+deb12-cloud-amd64
echo "$release" >"$T/fresh/proc/sys/kernel/osrelease"
echo "[none] integrity confidentiality" >"$T/fresh/sys/kernel/security/lockdown"
for d in 0 1 2 3 4; do
	mkdir "$T/fresh/sys/bus/pci/devices/0000:00:0$d.0"
done
mkdir -p "$T/fresh/lib/modules/$release/build" \
	"$T/fresh/lib/modules/$release/updates/dkms"
printf 'const char i[] __attribute__((section(".modinfo"), used)) = "version=0.1.0\\0author=The ccguest developers";\n' |
	${CC:-cc} -c -x c -o "$T/fresh/lib/modules/$release/updates/dkms/efi_secret.ko" -
depmod -b "$T/fresh" "$release" 2>/dev/null || :
: >"$T/fresh/dev/kmsg"
cp -r "$T/fresh" "$T/refused"
echo "6,1,0,-;efi_secret: the firmware has no confidential-computing secret area" \
	>"$T/refused/dev/kmsg"
if ! python3 - "$man" "$T/ccguest" "$r" "$T/fresh" "$T/refused" "$T/examples" \
	>"$T/examples.log" 2>&1 <<'END'
import glob, re, subprocess, sys
man, command, live, fresh, refused, cwd = sys.argv[1:]
checked = wrong = 0
for page in sorted(glob.glob(man + "/*.1")):
    for block in re.findall(r"^\.Bd .*\n((?:.*\n)*?)\.Ed$", open(page).read(), re.M):
        block = block.replace("\\&", "").replace("\\e", "\\")
        for part in re.split(r"^(?=[$#] )", block, flags=re.M):
            line, _, want = part.partition("\n")
            if not re.match(r"[$#] ccguest [^|]*$", line) or not want:
                continue
            words = line[2:].split()
            # These need a kernel or a responder: guest-tests, connect_tests.py.
            if words[1] in ("device", "keyring"):
                continue
            words[0] = command
            root = fresh if "status" in words else live
            if "was refused" in want:
                root = refused
            got = subprocess.run(words[:1] + ["--root", root] + words[1:],
                                 cwd=cwd, capture_output=True, text=True)
            out = (got.stdout + got.stderr).replace(root, "")
            # json-c 0.16 breaks the line in an empty list, later ones do not.
            out = re.sub(r"\[\n *\]", "[]", out)
            checked += 1
            if out != want:
                wrong += 1
                print("%s: %s\n%s" % (page, line, out))
sys.exit(wrong or checked < 10)
END
then
	bad "$(cat "$T/examples.log")"
fi
finish

# ---- completion ----

# complete WORDS...: prints bash's completions of the last word, one per line
complete_words()
{
	PATH="$T:$PATH" bash -c '
		. "$1"
		shift
		compopt() { :; }
		COMP_WORDS=("$@")
		COMP_CWORD=$(($# - 1))
		COMP_LINE="$*"
		COMP_LINE=${COMP_LINE// = /=}
		COMP_LINE=${COMP_LINE% = }
		COMP_POINT=${#COMP_LINE}
		_ccguest
		printf "%s\n" "${COMPREPLY[@]}"' bash "$completion" "$@" | sort
}

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
	awk -F"$tab" -v g="$group" '$1 == "verb" && $2 == g { print $3 }' \
		"$T/options" | sort >"$T/want"
	[ -s "$T/want" ] || echo >"$T/want"
	for before in "" help; do
		# shellcheck disable=SC2086
		complete_words ccguest $before "$group" "" >"$T/have"
		cmp -s "$T/want" "$T/have" ||
			bad "$before $group: $(diff "$T/want" "$T/have")"
	done
done <"$T/groups"
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
		awk -F"$tab" -v g="$group" '$1 == "verb" && $2 == g { print $3 }' \
			"$T/options" | sort >"$T/want"
		for before in "" help; do
			# shellcheck disable=SC2086
			zsh_words _ccguest ccguest $before "$group" "" \
				>"$T/have"
			cmp -s "$T/want" "$T/have" ||
				bad "$before $group: $(cat "$T/have")"
		done
	done <"$T/groups"
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
