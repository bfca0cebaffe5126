# SPDX-License-Identifier: GPL-2.0-only
#
# Builds and tests ccguest. `make help` lists the targets. Kbuild builds the
# modules, tools/Makefile builds the tools.

include paths.mk

KDIR	?= /lib/modules/$(shell uname -r)/build
PREFIX	?= /usr/local
DESTDIR	?=

VERSION	:= $(shell cat VERSION)
DKMS_SRC = $(DESTDIR)/usr/src/ccguest-$(VERSION)

# Translates ARCH= from the name of `uname -m` to the name of the kernel.
ifneq ($(ARCH),)
KARCH := ARCH=$(patsubst x86_64,x86,$(patsubst aarch64,arm64,$(ARCH)))
endif
# Modules for a kernel that clang built must be built with clang.
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

# make -n must not call the kernel's build system, which writes files even with
# -n. make runs a recipe line with the word $(MAKE) even with -n, so such a line
# uses $(KMAKE). Without -n, the plus connects the line to make's job server.
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

# Refuses `make install` if DKMS has installed the same modules.
no-dkms:
	$(Q)$(if $(DESTDIR),:,scripts/dkms absent)

# Runs depmod, because the kernel's build system does not run depmod without a
# System.map. The headers of most distributions have no System.map.
modules_install: no-dkms modules
	$(KRUN)umask 022; $(KMAKE) INSTALL_MOD_DIR=updates cmd_depmod=: \
		$(if $(DESTDIR),INSTALL_MOD_PATH="$(DESTDIR)") modules_install
	$(Q)$(if $(DESTDIR),:,umask 022; \
		depmod -a "$$(scripts/kernel-release "$(KDIR)" $(KARCH))")

# Removes each module from the folder with the module's path in this tree, where
# modules_install puts the module.
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

# Writes a tarball of the committed files.
dist:
	$(Q)test -z "$$(git status --porcelain --untracked-files=no)" || \
		echo "ccguest: the tarball does not have the uncommitted changes" >&2
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

# Removes the files that the kernel's clean target removes. The kernel's headers
# are not needed.
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
	@echo '  clean           remove the files that were built in this tree'
	@echo 'Install'
	@echo '  dkms-install    modules by DKMS, for every kernel with headers'
	@echo '  dkms-uninstall  remove these modules from DKMS'
	@echo '  install         modules for this kernel, and tools (PREFIX, DESTDIR)'
	@echo '  uninstall       remove these modules and tools'
	@echo '  modules_install, modules_uninstall   the modules alone'
	@echo '  dist            the source as ccguest-$(VERSION).tar.gz'
	@echo 'Test (in virtual machines; downloads into ~/.cache/ccguest, or CCGUEST_CACHE)'
	@echo '  demo            guests that show their secrets, drive and log'
	@echo '  check-quick     style, units, the tools, one guest: a few minutes'
	@echo '  check           the tests for every change: half an hour'
	@echo '  check-long      all tests, for releases: more than an hour'
	@echo '  style           checkpatch, shellcheck, spelling, SPDX, kernel-doc, pages'
	@echo '  analyze         sparse and W=1 for every kernel, clang analyzer'
	@echo '  fuzz            fuzz targets, FUZZ_RUNS=N inputs each'
	@echo '  bench           speed of ccguest log, sev and device, against other programs'
	@echo 'V=1 shows the commands.'

.PHONY: all modules modules_install modules_uninstall modules_clean modules-all \
	no-dkms tools install uninstall dkms-install dkms-uninstall dkms-files dist \
	check check-quick check-long demo style analyze fuzz bench clean help
.DELETE_ON_ERROR:
