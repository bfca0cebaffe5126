/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: parser of /proc/keys.
 */
#ifndef CCGUEST_KMOD_PROC_KEYS_H
#define CCGUEST_KMOD_PROC_KEYS_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct ccg_proc_key - one line of /proc/keys
 * @id: serial number of the key
 * @timeout: remaining time until the key expires, as the kernel prints it
 * @uid: user ID of the owner
 * @type: its type, cut to nine characters
 * @rest: description of the key, and the text that the key type appends
 *
 * Do not trust a line: a description can contain a newline, so any user can add
 * lines.
 */
struct ccg_proc_key {
	int32_t id;
	const char *timeout;
	const char *uid;
	const char *type;
	const char *rest;
};

bool ccg_proc_keys_next(char **text, struct ccg_proc_key *key);

#endif /* CCGUEST_KMOD_PROC_KEYS_H */
