# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# Policies for reports: the unit tests, and that the table of members, the schema
# and the man page agree.

tests=$out/ccguest.objs/test
schema=$top/tools/schema/report-policy.schema.json
page=$top/tools/man/ccguest-report-policy.5

for unit in report-policy report-policy-json; do
	rc=0
	# shellcheck disable=SC2086 # words
	$prefix "$tests/test-$unit" >"$T/unit.out" 2>"$T/unit.err" || rc=$?
	unit_results "$unit: "
	begin "$unit: the unit test ends"
	[ "$rc" -eq 0 ] || bad "ended with $rc: $(cat "$T/unit.err")"
	grep -qx '1\.\.[0-9]*' "$T/unit.out" || bad "did not come to an end"
	finish
done

"$tests/test-report-policy" members | sort >"$T/members"
"$tests/test-report-policy" names | sort -u >"$T/names"

# Prints the members of the schema (members), or the names in it (names).
in_schema()
{
	python3 - "$schema" "$1" <<'END'
import json
import re
import sys

schema = json.load(open(sys.argv[1], encoding="utf-8"))
TOP = {"schema", "$schema", "allow_everything"}


def resolve(node):
    while "$ref" in node:
        node = schema["$defs"][node["$ref"].split("/")[-1]]
    return node


def names(node):
    """Names of a list of bits, or of words."""
    if "oneOf" in node:
        return node["oneOf"][0].get("enum", [])
    pattern = node.get("items", {}).get("pattern", "")
    return re.findall(r"(?<=\|)[a-z][a-z0-9_]*", pattern)


def walk(node, path):
    if "properties" not in node:
        if sys.argv[2] == "members":
            print(path)
        for name in names(node) if sys.argv[2] == "names" else []:
            if name != "unknown" or path == "cca.lifecycle":
                print(path, name, sep="\t")
        return
    # An object that takes unknown members would hide mistakes.
    assert node["additionalProperties"] is False, path
    for name, value in node["properties"].items():
        if path or name not in TOP:
            walk(resolve(value), (path + "." if path else "") + name)


walk(schema, "")
END
}

for what in members names; do
	begin "the schema has the $what of the table"
	in_schema $what 2>"$T/err" | sort >"$T/have"
	[ ! -s "$T/err" ] || bad "$(cat "$T/err")"
	[ "$(wc -l <"$T/$what")" -ge 50 ] || bad "too few $what"
	cmp -s "$T/$what" "$T/have" || bad "$(diff "$T/$what" "$T/have")"
	finish
done

begin "the man page has the members of the table, and no others"
sed -n '/^\.It Va/{
	:more
	/\\$/{
		N
		s/\\\n//
		bmore
	}
	s/^\.It Va //
	s/ : .*//
	p
}' "$page" | tr -d ' ' | tr , '\n' | sort >"$T/have"
cmp -s "$T/members" "$T/have" || bad "$(diff "$T/members" "$T/have")"
finish

begin "the man page has the names of the table"
tr ' ' '\n' <"$page" | sort -u >"$T/words"
cut -f 2 "$T/names" | sort -u | comm -23 - "$T/words" >"$T/lacks"
[ ! -s "$T/lacks" ] || bad "not in the page: $(cat "$T/lacks")"
finish

# The examples are policies: a rule that is not in the schema would be an error.
begin "the examples of the man page are in the form of the schema"
sed -n '/^\.Bd/,/^\.Ed/p' "$page" | sed '/^\.Bd/d; s/^\.Ed$/\x01/' >"$T/policies"
python3 - "$T/policies" "$T/members" >"$T/lacks" 2>&1 <<'END' || bad "$(cat "$T/lacks")"
import json
import sys

members = open(sys.argv[2], encoding="utf-8").read().split()
blocks = open(sys.argv[1], encoding="utf-8").read().replace("\\c\n", "")
blocks = blocks.split("\x01\n")[:-1]
assert len(blocks) >= 2


def walk(value, path):
    if path in members:
        return
    assert isinstance(value, dict), path
    for name in value:
        if path or name != "schema":
            walk(value[name], (path + "." if path else "") + name)


for block in blocks:
    policy = json.loads(block)
    assert policy["schema"] == "ccguest/report-policy/1"
    walk(policy, "")
END
finish
