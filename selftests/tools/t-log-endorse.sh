# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2154 # variables are shared with lib.sh
#
# Reference values as CoRIM: ccguest log endorse.

python_tests "log endorse" endorse_tests.py "$T/ccguest" "$T/endorse"
