/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: files that mark keys as used.
 */
#ifndef CCGUEST_SEV_USED_H
#define CCGUEST_SEV_USED_H

#include <ccguest/file.h>
#include <ccguest/sev.h>

#include "core/text.h"

/**
 * struct sev_marks - the marks of one use
 * @paths: names of the files
 * @text: contents of each file
 */
struct sev_marks {
	char *paths[CCG_SEV_USE_KEYS];
	struct ccg_text text;
};

int ccg_sev_key_unmarked(struct ccg_ctx *ctx, const char *key);
int ccg_sev_marks_make(struct ccg_ctx *ctx, const struct ccg_sev_use *use,
		       struct sev_marks *marks, struct ccg_new_file *files,
		       size_t *n);
void ccg_sev_marks_free(struct sev_marks *marks);

#endif /* CCGUEST_SEV_USED_H */
