# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# The verdict of ccguest log verify: forged events, registers that prove nothing.

v=$T/verdict
mkdir -p "$v"

# Hundreds of runs, so without valgrind; t-log.sh runs it on each verb.
if [ -z "${valgrind:-}" ]; then
	mkdir "$v/forged"
	python_tests "log: forged" forged_tests.py "$T/ccguest" "$v/forged"
fi

begin "log verify -q: the exit status and the verdict stay"
cat >"$v/tpm.json" <<'END'
{"dialect": "tpm", "events": [
 {"index": 5, "type": "0x80000007", "text": "Exit Boot Services Invocation"}]}
END
run log make -o "$v/tpm.log" "$v/tpm.json"
want_rc 0
run log replay --json "$v/tpm.log"
cp "$T/out" "$v/registers.json"
sed 's/Invocation/Imvocation/' "$v/tpm.log" >"$v/forged.log"
run -q log verify --registers "$v/registers.json" "$v/tpm.log"
want_rc 0
want_out "Events: 1 verified, 0 consistent, 0 claimed, 0 forged"
want_out "Verdict: adds up"
no_err
run -q log verify --registers "$v/registers.json" "$v/forged.log"
want_rc 5
want_out "1  PCR 5  FORGED  Exit Boot Services Imvocation"
want_out "Verdict: forged"
want_err "$v/forged.log: forged"
run -q log show "$v/forged.log"
want_rc 5
want_out "FORGED Exit Boot Services Imvocation"
want_err "$v/forged.log: forged"
finish
