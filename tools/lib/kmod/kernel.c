// SPDX-License-Identifier: GPL-2.0-only
/*
 * Facts about the kernel: its release, log, keys and symbols, and which modules
 * it accepts.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <ccguest/ctx.h>
#include <ccguest/module.h>
#include <ccguest/text.h>

#include "core/ctx.h"
#include "core/io.h"
#include "kmod/kernel.h"
#include "kmod/proc_keys.h"

/* The longest record of the kernel's log has 8192 bytes. */
#define LINE_LEN	8200
/* Bounds for files that have no size. */
#define LINES_MAX	1048576
#define TEXT_MAX	1048576

/* ---- lines of files ---- */

/**
 * struct lines - a file of the machine that is read line by line
 * @file: the file
 * @left: how many more lines are read
 * @failed: reading ended before the end of the file
 * @line: the last one
 * @buf: for stdio, which takes no size without one
 */
struct lines {
	FILE *file;
	unsigned int left;
	bool failed;
	char line[LINE_LEN];
	char buf[2 * LINE_LEN];
};

static int open_lines(struct ccg_ctx *ctx, const char *path, struct lines *l)
{
	int fd, rc;

	l->left = LINES_MAX;
	l->failed = false;
	fd = ccg_open(ctx, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return fd;
	l->file = fdopen(fd, "r");
	if (!l->file) {
		rc = -errno;
		close(fd);
		return rc;
	}
	/* The kernel's log gives whole records only. */
	setvbuf(l->file, l->buf, _IOFBF, sizeof(l->buf));
	return 0;
}

static bool next_line(struct lines *l)
{
	while (l->left) {
		l->left--;
		if (fgets(l->line, sizeof(l->line), l->file)) {
			l->line[strcspn(l->line, "\n")] = '\0';
			return true;
		}
		/* EPIPE: records were overwritten before they were read. */
		if (!ferror(l->file) || errno != EPIPE) {
			/* EAGAIN: that was the last record for now. */
			l->failed = ferror(l->file) && errno != EAGAIN;
			return false;
		}
		clearerr(l->file);
	}
	l->failed = true;
	return false;
}

/* ---- its release ---- */

/**
 * ccg_release - find out the release of the kernel
 * @ctx: the context
 * @releasep: set to the release, as from uname -r; free it with free()
 *
 * /proc of the root directory can name another kernel than the running one.
 *
 * Return: 0; -EINVAL if /proc of the root directory names no release; or
 * another negative errno.
 */
int ccg_release(struct ccg_ctx *ctx, char **releasep)
{
	static const char path[] = "/proc/sys/kernel/osrelease";
	struct utsname uts;
	char *text;

	if (!ccg_read_text(ctx, path, sizeof(uts.release), &text)) {
		text[strcspn(text, "\n")] = '\0';
		/* It becomes part of a path. */
		if (*text && *text != '.' && !strchr(text, '/')) {
			*releasep = text;
			return 0;
		}
		free(text);
		return ccg_fail(ctx, -EINVAL, CCG_FAILED, path,
				"is not the release of a kernel");
	}
	if (uname(&uts))
		return ccg_fail_errno(ctx, -errno, "uname");
	*releasep = strdup(uts.release);
	return *releasep ? 0 : ccg_fail_errno(ctx, -ENOMEM, "uname");
}

/* ---- what the kernel's log says of a module ---- */

/*
 * "PRIORITY,SEQUENCE,TIME,FLAGS;TEXT", where PRIORITY is below 8 for the
 * kernel's own messages. Lines of other kinds belong to the record before them.
 */
static const char *kernel_text(const char *line)
{
	const char *end, *text;
	uint64_t priority;

	if (ccg_parse_number(line, 10, 7, &priority, &end) || *end != ',')
		return NULL;
	text = strchr(end, ';');
	return text ? text + 1 : NULL;
}

/* What the module, or the kernel's loader, says of the module; or NULL. */
static const char *text_about(const char *text, const char *name)
{
	char blacklisted[128];
	size_t len = strlen(name);

	if (!strncmp(text, name, len) && !strncmp(text + len, ": ", 2))
		return text + len + 2;
	snprintf(blacklisted, sizeof(blacklisted), "Module %s is blacklisted",
		 name);
	return strcmp(text, blacklisted) ? NULL : text;
}

/* Such messages come with a load, whatever comes of it. */
static bool is_neutral(const char *about)
{
	return strstr(about, "taint") || strstr(about, "unknown parameter");
}

/**
 * ccg_kernel_log - find the last thing that the kernel's log says of a module
 * @ctx: the context
 * @name: the module's name
 * @said: set to it; empty where there is nothing
 * @size: size of @said
 *
 * Return: 0; or a negative errno where the log cannot be read.
 */
int ccg_kernel_log(struct ccg_ctx *ctx, const char *name, char *said,
		   size_t size)
{
	const char *text, *about;
	struct lines l;
	int rc;

	said[0] = '\0';
	rc = open_lines(ctx, "/dev/kmsg", &l);
	if (rc)
		return rc;
	while (next_line(&l)) {
		text = kernel_text(l.line);
		about = text ? text_about(text, name) : NULL;
		if (about && !is_neutral(about))
			snprintf(said, size, "%s", about);
	}
	fclose(l.file);
	return l.failed ? -EIO : 0;
}

/**
 * ccg_securityfs_mounted - find out whether securityfs is at its place
 * @ctx: the context
 *
 * Return: whether it is.
 */
bool ccg_securityfs_mounted(struct ccg_ctx *ctx)
{
	char *text, *line, *save = NULL, *save2;
	const char *dir, *type;
	bool found = false;

	if (ccg_read_text(ctx, "/proc/mounts", TEXT_MAX, &text))
		return false;
	for (line = strtok_r(text, "\n", &save); line && !found;
	     line = strtok_r(NULL, "\n", &save)) {
		save2 = NULL;
		if (!strtok_r(line, " ", &save2))
			continue;
		dir = strtok_r(NULL, " ", &save2);
		type = strtok_r(NULL, " ", &save2);
		found = dir && type && !strcmp(dir, CCG_SECURITYFS) &&
			!strcmp(type, CCG_SECURITYFS_TYPE);
	}
	free(text);
	return found;
}

/* ---- which modules the kernel takes ---- */

/**
 * ccg_lockdown - find out what the kernel is locked down to
 * @ctx: the context
 *
 * Return: "none", "integrity", "confidentiality" or "unknown".
 */
const char *ccg_lockdown(struct ccg_ctx *ctx)
{
	static const char *const states[] = {
		"none", "integrity", "confidentiality",
	};
	const char *state = "unknown";
	char mark[32], *text;
	size_t i;

	if (ccg_read_text(ctx, CCG_SECURITYFS "/lockdown", 128, &text))
		return state;
	for (i = 0; i < ARRAY_SIZE(states); i++) {
		snprintf(mark, sizeof(mark), "[%s]", states[i]);
		if (strstr(text, mark))
			state = states[i];
	}
	free(text);
	return state;
}

/**
 * ccg_kernel_flag - find out whether a parameter of the kernel is set
 * @ctx: the context
 * @path: its file
 *
 * Return: whether the file says 1 or Y.
 */
bool ccg_kernel_flag(struct ccg_ctx *ctx, const char *path)
{
	bool set;
	char *text;

	if (ccg_read_text(ctx, path, 16, &text))
		return false;
	set = text[0] == 'Y' || text[0] == '1';
	free(text);
	return set;
}

/**
 * ccg_signatures - find out whether the kernel takes signed modules only
 * @ctx: the context
 * @rule: set to who demands it, a phrase; empty where nobody does
 * @size: size of @rule
 *
 * Return: whether it does.
 */
enum ccg_tristate ccg_signatures(struct ccg_ctx *ctx, char *rule, size_t size)
{
	const char *lockdown = ccg_lockdown(ctx);

	rule[0] = '\0';
	if (!strcmp(lockdown, "integrity") ||
	    !strcmp(lockdown, "confidentiality")) {
		snprintf(rule, size,
			 "kernel lockdown (%s) takes signed modules only",
			 lockdown);
		return CCG_PRESENT;
	}
	if (ccg_kernel_flag(ctx, "/sys/module/module/parameters/sig_enforce")) {
		snprintf(rule, size,
			 "module.sig_enforce takes signed modules only");
		return CCG_PRESENT;
	}
	/* Where there is no such file, there is no lockdown. */
	return ccg_securityfs_mounted(ctx) ? CCG_ABSENT : CCG_UNKNOWN;
}

/*
 * A description is "NAME: KEYID: ..." or "ORGANIZATION: NAME: KEYID: ...". The
 * type asymmetric is cut to nine characters.
 */
static bool is_key_of(const struct ccg_proc_key *key, const char *signer)
{
	const char *at = strncmp(key->type, "asymm", 5) ? NULL : key->rest;
	size_t len = strlen(signer);

	while (at) {
		at += strspn(at, ": ");
		if (!strncmp(at, signer, len) && at[len] == ':')
			return true;
		at = strstr(at, ": ");
	}
	return false;
}

/**
 * ccg_kernel_has_key - find out whether the kernel has a key
 * @ctx: the context
 * @signer: name in a signature, or NULL
 *
 * By name only: a module's file tells the serial number of its signer's
 * certificate, and the kernel the identifier of a key. Root sees all keys of
 * the kernel, others none.
 *
 * Return: whether it has one of that name.
 */
enum ccg_tristate ccg_kernel_has_key(struct ccg_ctx *ctx, const char *signer)
{
	static const char builtin[] = ".builtin_trusted_keys: ";
	bool all = false, has = false;
	struct ccg_proc_key key;
	char *text, *pos;

	if (!signer || !*signer ||
	    ccg_read_text(ctx, "/proc/keys", TEXT_MAX, &text))
		return CCG_UNKNOWN;
	pos = text;
	while (ccg_proc_keys_next(&pos, &key)) {
		all = all || !strncmp(key.rest, builtin, sizeof(builtin) - 1);
		has = has || is_key_of(&key, signer);
	}
	free(text);
	if (has)
		return CCG_PRESENT;
	return all ? CCG_ABSENT : CCG_UNKNOWN;
}

/* ---- what it exports ---- */

/**
 * ccg_kernel_lacks - find out whether the kernel lacks a function
 * @ctx: the context
 * @name: a function that modules may call wherever there is one
 *
 * Return: true where it is known to lack it.
 */
bool ccg_kernel_lacks(struct ccg_ctx *ctx, const char *name)
{
	bool any = false, has = false;
	const char *symbol;
	struct lines l;

	if (open_lines(ctx, "/proc/kallsyms", &l))
		return false;
	/* "ADDRESS T NAME" */
	while (!has && next_line(&l)) {
		symbol = strstr(l.line, " T ");
		any = any || symbol;
		has = symbol && !strcmp(symbol + 3, name);
	}
	fclose(l.file);
	return any && !has && !l.failed;
}
