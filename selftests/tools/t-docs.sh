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
	sed 's/\\&//g' "$1" | grep '^\.' | grep -o 'Fl -*[A-Za-z][a-z0-9-]*' |
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

# shellcheck source-path=SCRIPTDIR source=t-docs.d/completion.sh
. "$here/t-docs.d/completion.sh"
