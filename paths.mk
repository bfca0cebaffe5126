# SPDX-License-Identifier: GPL-2.0-only
#
# Refuses paths with blanks or colons before the build writes a file: make and
# the kernel's build system split paths at these characters. The Makefiles of
# this tree include this file.

bad_path = $(filter-out 1,$(words [$(1)]))$(findstring :,$(1))
$(if $(call bad_path,$(CURDIR)),$(error ccguest: this tree is in '$(CURDIR)': \
make cannot handle a path with blanks or colons. Move the tree, for example \
to /usr/local/src/ccguest))
$(foreach v,DESTDIR PREFIX KDIR O HEADERS,$(if $(call bad_path,$($(v))),\
$(error ccguest: $(v) is '$($(v))': make cannot handle a path with blanks or \
colons. Use another path)))

ifneq ($(filter-out /%,$(DESTDIR)),)
$(error ccguest: DESTDIR is '$(DESTDIR)': give it as an absolute path)
endif
