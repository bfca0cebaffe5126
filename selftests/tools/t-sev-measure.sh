# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with lib.sh
#
# ccguest sev vmsa, measure, validate.

# Hundreds of runs: valgrind runs the verbs once.
if [ "${valgrind:-}" ]; then
	mkdir "$T/sev"
	PYTHONPATH=$here PYTHONDONTWRITEBYTECODE=1 python3 -c 'import sys, sev_model
open(sys.argv[1], "wb").write(sev_model.image())' "$T/sev/fw"
	begin "sev: measure, validate, vmsa"
	run sev vmsa build "$T/sev/page" --cpu EPYC-Milan
	want_rc 0
	run sev vmsa show "$T/sev/page"
	want_rc 0
	run sev measure snp --firmware "$T/sev/fw" --cpus 2 --cpu EPYC \
		--kernel "$T/sev/page"
	want_rc 0
	run sev validate sev-es --firmware "$T/sev/fw" --cpus 2 --cpu EPYC \
		--digest "$(printf %064d 0)"
	want_rc 5
	finish
else
	python_tests sev-measure sev_measure_tests.py "$T/ccguest" \
		"$T/sev-measure"
fi
