/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Loads and unloads a module without a child process. Before it includes this
 * file, a test defines MODULE, the name of the module.
 */
#ifndef CCGUEST_TEST_MODULE_H
#define CCGUEST_TEST_MODULE_H

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Opens the file that modprobe would load; -1 if there is none. */
static inline int open_module(void)
{
	char path[PATH_MAX] = "";
	FILE *p = popen("modinfo -n " MODULE " 2>/dev/null", "r");

	if (!p)
		return -1;
	if (!fgets(path, sizeof(path), p))
		path[0] = '\0';
	pclose(p);
	path[strcspn(path, "\n")] = '\0';
	return open(path, O_RDONLY | O_CLOEXEC);
}

static inline int load_module(int fd)
{
	return syscall(SYS_finit_module, fd, "", 0) ? -errno : 0;
}

static inline int unload_module(void)
{
	return syscall(SYS_delete_module, MODULE, O_NONBLOCK) ? -errno : 0;
}

#endif /* CCGUEST_TEST_MODULE_H */
