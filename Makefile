# SPDX-License-Identifier: GPL-2.0-only
#
# Builds and tests ccguest. `make help` lists the targets; the modules' own
# build is in Kbuild, the tools' in tools/Makefile.

include paths.mk

KDIR	?= /lib/modules/$(shell uname -r)/build
PREFIX	?= /usr/local
DESTDIR	?=

VERSION	:= $(shell cat VERSION)
DKMS_SRC = $(DESTDIR)/usr/src/ccguest-$(VERSION)

# Kernel names for architectures, so that ARCH= may be what uname -m says.
ifneq ($(ARCH),)
KARCH := ARCH=$(patsubst x86_64,x86,$(patsubst aarch64,arm64,$(ARCH)))
endif
# A kernel that clang built takes modules that clang built.
ifeq ($(origin LLVM)$(origin CC),undefineddefault)
KLLVM = $(if $(shell grep -sx CONFIG_CC_IS_CLANG=y \
	"$(KDIR)/include/config/auto.conf"),LLVM=1)
endif
KARGS = -C "$(KDIR)" M="$(CURDIR)" $(KARCH) $(KLLVM)

MODULES	 = $(patsubst drivers/%/Kbuild,%,$(wildcard drivers/*/Kbuild))

V ?= 0
ifeq ($(V),0)
MAKEFLAGS += --no-print-directory
Q := @
endif
export V PREFIX DESTDIR

# make -n must not enter the kernel's build system, which writes even then: a
# recipe line that has the word $(MAKE) in it runs under make -n too. The plus
# gives the line make's job server.
dry	:= $(findstring n,$(filter-out --%,$(firstword -$(MAKEFLAGS))))
KRUN	 = $(if $(dry),,+)$(Q)
KMAKE	 = $(MAKE) $(KARGS)

all: modules tools

modules:
	$(Q)test -e "$(KDIR)/Makefile" || { \
		echo "ccguest: no kernel headers in $(KDIR): install" \
		     "linux-headers-$$(uname -r) (Fedora: kernel-devel), or" \
		     "set KDIR" >&2; exit 1; }
	$(KRUN)$(KMAKE) modules

# Two installations of the same modules get in each other's way.
no-dkms:
	$(Q)$(if $(DESTDIR),:,scripts/dkms absent)

# depmod is run here: the kernel's build system leaves it out where there is no
# System.map, as with most headers of distributions.
modules_install: no-dkms modules
	$(KRUN)umask 022; $(KMAKE) INSTALL_MOD_DIR=updates cmd_depmod=: \
		$(if $(DESTDIR),INSTALL_MOD_PATH="$(DESTDIR)") modules_install
	$(Q)$(if $(DESTDIR),:,umask 022; \
		depmod -a "$$(scripts/kernel-release "$(KDIR)" $(KARCH))")

# modules_install puts each module below its path in this tree.
modules_uninstall:
	$(Q)release=$$(scripts/kernel-release "$(KDIR)" $(KARCH)) || exit 1; \
	cd "$(DESTDIR)/lib/modules/$$release" 2>/dev/null || exit 0; \
	for m in $(MODULES); do \
		test -d "updates/drivers/$$m" || continue; \
		rm -f "updates/drivers/$$m/$$m.ko"*; \
		rmdir -p --ignore-fail-on-non-empty "updates/drivers/$$m"; \
	done; \
	$(if $(DESTDIR),:,umask 022; depmod -a "$$release")
	$(Q)$(if $(DESTDIR),:,scripts/dkms remind)

modules-all:
	$(Q)test -d "$(HEADERS)" || { \
		echo "ccguest: HEADERS is '$(HEADERS)': set it to a folder of" \
		     "kernel headers, for example /usr/src" >&2; exit 2; }
	$(KRUN)scripts/modules-all "$(HEADERS)"

modules_clean:
	$(KRUN)$(KMAKE) clean

tools:
	$(Q)$(MAKE) -C tools all

install: modules_install
	$(Q)$(MAKE) -C tools install

uninstall: modules_uninstall
	$(Q)$(MAKE) -C tools uninstall

dkms-install dkms-uninstall:
	$(Q)test -z "$(DESTDIR)" || { \
		echo "ccguest: $@ works on this system only, DESTDIR is" \
		     "'$(DESTDIR)': leave it out, or see dkms-files" >&2; \
		exit 2; }
	$(Q)scripts/dkms $(@:dkms-%=%)

dkms-files:
	$(Q)scripts/dkms files "$(DKMS_SRC)"

# The tarball of what is committed.
dist:
	$(Q)test -z "$$(git status --porcelain --untracked-files=no)" || \
		echo "ccguest: what is not committed is not in the tarball" >&2
	$(Q)git archive --prefix=ccguest-$(VERSION)/ \
		-o ccguest-$(VERSION).tar.gz HEAD
	@echo ccguest-$(VERSION).tar.gz

check:
	$(Q)selftests/check

check-quick check-long:
	$(Q)selftests/check --$(@:check-%=%)

demo:
	$(Q)selftests/demo

style:
	$(Q)selftests/check style

analyze:
	$(Q)selftests/check analyze

fuzz:
	$(Q)selftests/fuzz/run $(FUZZ_RUNS)

bench:
	$(Q)selftests/bench

# What the kernel's own clean removes, also where its headers are gone.
clean:
	$(Q)$(MAKE) -C tools clean
	$(Q)find . \( -path ./.git -o -path ./tools -o -path ./selftests \) \
		-prune -o -type f \( -name '*.o' -o -name '*.ko' \
		-o -name '*.mod' -o -name '*.mod.c' -o -name '.*.cmd' \
		-o -name '.*.d' -o -name '.*.tmp' -o -name .module-common.c \
		-o -name modules.order -o -name Module.symvers \) \
		-exec rm -f {} +

help:
	@echo 'Build'
	@echo '  all             modules and tools (default)'
	@echo '  modules         kernel modules for the running kernel, or KDIR=...'
	@echo '  modules-all     modules for every kernel with headers in HEADERS=DIR'
	@echo '  tools           the command ccguest'
	@echo '  clean           remove what was built in this tree'
	@echo 'Install'
	@echo '  dkms-install    modules by DKMS, for every kernel with headers'
	@echo '  dkms-uninstall  undo that'
	@echo '  install         modules for this kernel, and tools (PREFIX, DESTDIR)'
	@echo '  uninstall       undo that'
	@echo '  modules_install, modules_uninstall   the modules alone'
	@echo '  dist            the source as ccguest-$(VERSION).tar.gz'
	@echo 'Test (in virtual machines; downloads into ~/.cache/ccguest, or CCGUEST_CACHE)'
	@echo '  demo            guests that show their secrets, drive and log'
	@echo '  check-quick     style, units, the tools, one guest: a few minutes'
	@echo '  check           what a change must pass: half an hour'
	@echo '  check-long      every test there is, for releases: more than an hour'
	@echo '  style           checkpatch, shellcheck, spelling, SPDX, kernel-doc'
	@echo '  analyze         sparse and W=1 for every kernel, clang analyzer'
	@echo '  fuzz            fuzz targets, FUZZ_RUNS=N inputs each'
	@echo '  bench           how fast ccguest log is, against tpm2_eventlog and openssl'
	@echo 'V=1 shows the commands.'

.PHONY: all modules modules_install modules_uninstall modules_clean modules-all \
	no-dkms tools install uninstall dkms-install dkms-uninstall dkms-files dist \
	check check-quick check-long demo style analyze fuzz bench clean help
.DELETE_ON_ERROR:
