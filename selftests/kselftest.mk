# SPDX-License-Identifier: GPL-2.0-only
#
# Included at the end of each selftests/<module>/Makefile, after TEST_PROGS,
# TEST_GEN_PROGS and so on are set as for the kernel's own kselftests.
#
# lib.mk, the C harness and the runner are those of Debian's linux-source,
# used where they were unpacked: KSFT_SRC is their folder. Headers may be
# included as "kselftest_harness.h" or, as in the kernel's tree, as
# "../kselftest_harness.h".

CCGUEST_CACHE	?= $(HOME)/.cache/ccguest
KSFT_SRC	?= $(CCGUEST_CACHE)/src/linux-6.12/tools/testing/selftests
TOP		:= $(realpath $(dir $(lastword $(MAKEFILE_LIST)))..)

ifeq ($(wildcard $(KSFT_SRC)/lib.mk),)
$(error no kselftest files in $(KSFT_SRC): run selftests/vm/fetch source 6.12)
endif

# lib.mk leaves this empty below another make, and would write to /.
OUTPUT		?= $(CURDIR)

# Programs run in guests with any C library, or none.
CFLAGS		+= -O2 -g -Wall -Wextra -Wno-unused-parameter
CFLAGS		+= -I$(KSFT_SRC) -I$(KSFT_SRC)/kselftest -I$(TOP)/lib
LDFLAGS		+= -static

include $(KSFT_SRC)/lib.mk
