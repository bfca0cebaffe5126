// SPDX-License-Identifier: GPL-2.0-only
/*
 * Facts about the kernel: release, log, keys and symbols, and the modules that
 * the kernel accepts.
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
/* Limit for files whose size stat() does not tell, in lines. */
#define LINES_MAX	1048576
#define TEXT_MAX	1048576

/* ---- files, line by line ---- */

/**
 * struct lines - a file that is read line by line
 * @file: the file
 * @left: limit for the number of further lines
 * @failed: reading ended before the end of the file
 * @line: the last line that was read
 * @buf: buffer for stdio, which is not resized
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
	/* A read of /dev/kmsg returns whole records only. */
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
			/* EAGAIN: the log has no further record now. */
			l->failed = ferror(l->file) && errno != EAGAIN;
			return false;
		}
		clearerr(l->file);
	}
	l->failed = true;
	return false;
}

/* ---- release ---- */

/**
 * ccg_release - get the release of the kernel
 * @ctx: the context
 * @releasep: set to the release, as from uname -r; free it with free()
 *
 * /proc of the root directory can name another kernel than the running kernel.
 *
 * Return: 0; -EINVAL if /proc of the root directory has no valid release; or
 * another negative errno.
 */
int ccg_release(struct ccg_ctx *ctx, char **releasep)
{
	static const char path[] = "/proc/sys/kernel/osrelease";
	struct utsname uts;
	char *text;

	if (!ccg_read_text(ctx, path, sizeof(uts.release), &text)) {
		text[strcspn(text, "\n")] = '\0';
		/* The release becomes a part of a path. */
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

/* ---- log ---- */

/*
 * Returns the TEXT of "PRIORITY,SEQUENCE,TIME,FLAGS;TEXT" if PRIORITY is below
 * 8: a message of the kernel. Other lines continue a record.
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

/* The message of the module, or of the kernel's loader; or NULL. */
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

/* The kernel also logs these messages if a module loads well. */
static bool is_neutral(const char *about)
{
	return strstr(about, "taint") || strstr(about, "unknown parameter");
}

/**
 * ccg_kernel_log - get the kernel's last message about a module
 * @ctx: the context
 * @name: name of the module
 * @said: set to the message; empty if there is none
 * @size: size of @said in bytes
 *
 * Return: 0; or a negative errno if the log cannot be read.
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
 * ccg_securityfs_mounted - find out whether securityfs is mounted
 * @ctx: the context
 *
 * Return: true if it is mounted at CCG_SECURITYFS.
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

/* ---- acceptance of modules ---- */

/**
 * ccg_lockdown - get the kernel's lockdown mode
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
 * ccg_kernel_flag - read a boolean parameter of the kernel
 * @ctx: the context
 * @path: absolute path of the parameter's file
 *
 * Return: true if the file begins with 1 or Y.
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
 * ccg_signatures - find out whether the kernel accepts signed modules only
 * @ctx: the context
 * @rule: set to the rule that demands signatures, a phrase; or empty
 * @size: size of @rule in bytes
 *
 * Return: whether a rule demands signatures.
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
	/* A mounted securityfs without the file means no lockdown. */
	return ccg_securityfs_mounted(ctx) ? CCG_ABSENT : CCG_UNKNOWN;
}

/*
 * A description is "NAME: KEYID: ..." or "ORGANIZATION: NAME: KEYID: ...".
 * /proc/keys cuts the type "asymmetric" to nine characters.
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
 * @signer: name of the signer in a module's signature, or NULL
 *
 * The function compares names only: a signature has the serial number of the
 * signer's certificate, but /proc/keys has the identifier of the key. Root sees
 * all keys of the kernel; other users see none.
 *
 * Return: whether the kernel has a key of that name.
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

/* ---- exported functions ---- */

/**
 * ccg_kernel_lacks - find out whether the kernel lacks a function
 * @ctx: the context
 * @name: a function that kernels export if they have it
 *
 * Return: true if the kernel certainly lacks the function.
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
