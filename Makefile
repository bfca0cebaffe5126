# SPDX-License-Identifier: GPL-2.0-only
#
# Builds and tests ccguest. `make help` lists the targets; the modules' own
# build is in Kbuild, the tools' in tools/Makefile.

KDIR	?= /lib/modules/$(shell uname -r)/build
PREFIX	?= /usr/local
DESTDIR	?=
DKMS	?= dkms

VERSION	:= $(shell cat VERSION)
DKMS_SRC = $(DESTDIR)/usr/src/ccguest-$(VERSION)
# What DKMS builds from, and nothing else.
DKMS_FILES = Kbuild Makefile VERSION COPYING compat lib drivers \
	     $(wildcard include)

# Kernel names for architectures, so that ARCH= may be what uname -m says.
ifneq ($(ARCH),)
KARCH := ARCH=$(patsubst x86_64,x86,$(patsubst aarch64,arm64,$(ARCH)))
endif
KARGS = -C "$(KDIR)" M="$(CURDIR)" $(KARCH)

ifneq ($(DESTDIR),$(abspath $(DESTDIR)))
ifneq ($(DESTDIR),$(abspath $(DESTDIR))/)
$(error DESTDIR is '$(DESTDIR)': give it as an absolute path)
endif
endif

MODULES	 = $(patsubst drivers/%/Kbuild,%,$(wildcard drivers/*/Kbuild))
RELEASE	 = $(or $(shell cat "$(KDIR)/include/config/kernel.release" \
		 2>/dev/null),$(shell uname -r))
MODDIR	 = $(DESTDIR)/lib/modules/$(RELEASE)

V ?= 0
ifeq ($(V),0)
MAKEFLAGS += --no-print-directory
Q := @
endif
export V PREFIX DESTDIR

all: modules tools

modules:
	$(Q)test -e "$(KDIR)/Makefile" || { \
		echo "ccguest: no kernel headers in $(KDIR): install" \
		     "linux-headers-$$(uname -r), or set KDIR" >&2; exit 1; }
	$(Q)$(MAKE) $(KARGS) modules

modules_install: modules
	$(Q)$(MAKE) $(KARGS) INSTALL_MOD_DIR=updates \
		$(if $(DESTDIR),INSTALL_MOD_PATH="$(DESTDIR)") modules_install

modules_clean:
	$(Q)$(MAKE) $(KARGS) clean

tools:
	$(Q)$(MAKE) -C tools all

install: modules_install
	$(Q)$(MAKE) -C tools install

# modules_install puts each module below its path in this tree.
uninstall:
	$(Q)$(MAKE) -C tools uninstall
	$(Q)rm -f $(foreach m,$(MODULES),"$(MODDIR)/updates/drivers/$(m)/$(m).ko"*)
	$(Q)$(if $(DESTDIR),:,depmod -a "$(RELEASE)")

dkms-install: dkms-files
	$(Q)$(DKMS) status -m ccguest -v $(VERSION) | grep -q . && \
		$(DKMS) remove -m ccguest -v $(VERSION) --all || :
	$(Q)$(DKMS) add -m ccguest -v $(VERSION)
	$(Q)done=; for dir in /lib/modules/*/build; do \
		kernel=$$(basename "$$(dirname "$$dir")"); \
		test -e "$$dir/Makefile" || continue; \
		rc=0; \
		$(DKMS) install -m ccguest -v $(VERSION) -k "$$kernel" || rc=$$?; \
		case $$rc in \
		0)	done=1 ;; \
		77)	echo "ccguest: not for kernel $$kernel" >&2 ;; \
		*)	exit $$rc ;; \
		esac; \
	done; \
	test -n "$$done" || { \
		echo "ccguest: installed for no kernel: install" \
		     "linux-headers-$$(uname -r) and try again" >&2; exit 1; }

dkms-uninstall:
	$(Q)$(DKMS) remove -m ccguest -v $(VERSION) --all
	$(Q)rm -rf "$(DKMS_SRC)"

dkms-files:
	$(Q)rm -rf "$(DKMS_SRC)"
	$(Q)mkdir -p "$(DKMS_SRC)"
	$(Q)cp -r $(DKMS_FILES) "$(DKMS_SRC)"
	$(Q)find "$(DKMS_SRC)" \( -name '*.o' -o -name '*.ko' -o -name '*.mod' \
		-o -name '*.mod.c' -o -name '.*.cmd' \) -delete
	$(Q)sed 's/#MODULE_VERSION#/$(VERSION)/' dkms.conf >"$(DKMS_SRC)/dkms.conf"

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

clean:
	$(Q)$(MAKE) -C tools clean
	$(Q)find . -maxdepth 3 ! -path './.git/*' ! -path './tools/*' \
		! -path './selftests/*' \( -name '.module-common.c' -o -name '*.o' -o -name '*.ko' -o -name '*.mod' \
		-o -name '*.mod.c' -o -name '.*.cmd' -o -name modules.order \
		-o -name Module.symvers \) -delete

help:
	@echo 'Build'
	@echo '  all             modules and tools (default)'
	@echo '  modules         kernel modules for the running kernel, or KDIR=...'
	@echo '  tools           the command ccguest'
	@echo '  clean           remove what was built in this tree'
	@echo 'Install'
	@echo '  dkms-install    modules by DKMS, for every kernel with headers'
	@echo '  dkms-uninstall  undo that'
	@echo '  install         modules for this kernel, and tools (PREFIX, DESTDIR)'
	@echo '  uninstall       undo that'
	@echo 'Test (in virtual machines; downloads into ~/.cache/ccguest, or CCGUEST_CACHE)'
	@echo '  demo            guests that show their secrets, drive and log'
	@echo '  check-quick     style, units, the tools, one guest: a few minutes'
	@echo '  check           what a change must pass: half an hour'
	@echo '  check-long      every test there is, for releases: hours'
	@echo '  style           checkpatch, shellcheck, spelling, SPDX, kernel-doc'
	@echo '  analyze         sparse and W=1 for every kernel, clang analyzer'
	@echo '  fuzz            fuzz targets, FUZZ_RUNS=N inputs each'
	@echo '  bench           how fast ccguest log is, against tpm2_eventlog and openssl'
	@echo 'V=1 shows the commands.'

.PHONY: all modules modules_install modules_clean tools install uninstall dkms-install \
	dkms-uninstall dkms-files check check-quick check-long demo style analyze fuzz bench clean help
.DELETE_ON_ERROR:
