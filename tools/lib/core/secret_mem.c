// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory for secrets. The host can read pages that a guest swaps out, and a
 * core file or a child process can leave the guest. Therefore these pages are
 * locked in memory, excluded from core files, empty in child processes, and
 * overwritten before they are freed.
 *
 *	head page		its length; read-only, so that a write before
 *				the secret faults
 *	pages of the secret	the secret ends where the last of them ends
 *	guard page		no access, so that an access behind the secret
 *				faults
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <ccguest/file.h>

#include "core/ctx.h"

/**
 * struct head - contents of the head page
 * @map_len: length of all pages
 * @len: length of the secret
 */
struct head {
	size_t map_len;
	size_t len;
};

static size_t page_size(void)
{
	return sysconf(_SC_PAGESIZE);
}

static void protect(struct ccg_ctx *ctx, uint8_t *pages, size_t len)
{
	/* Before mlock(): a copy in a child process is not locked. */
	madvise(pages, len, MADV_WIPEONFORK);
	madvise(pages, len, MADV_DONTDUMP);
	ccg_lock_memory(ctx, pages, len);
}

uint8_t *ccg_secret_alloc(struct ccg_ctx *ctx, size_t len)
{
	size_t page = page_size(), room;
	struct head *head;
	uint8_t *map;

	if (!len)
		len = 1;
	room = (len + page - 1) / page * page;
	map = mmap(NULL, page + room + page, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (map == MAP_FAILED)
		return NULL;
	head = (struct head *)map;
	*head = (struct head) { .map_len = page + room + page, .len = len };
	if (mprotect(map, page, PROT_READ) ||
	    mprotect(map + page + room, page, PROT_NONE)) {
		munmap(map, page + room + page);
		return NULL;
	}
	protect(ctx, map + page, room);
	return map + page + room - len;
}

void ccg_secret_free(void *secret)
{
	const struct head *head;
	size_t page = page_size();
	uint8_t *map;

	if (!secret)
		return;
	map = (uint8_t *)((uintptr_t)secret / page * page) - page;
	head = (const struct head *)map;
	explicit_bzero(secret, head->len);
	munmap(map, head->map_len);
}

void ccg_lock_memory(struct ccg_ctx *ctx, const void *p, size_t len)
{
	if (mlock(p, len) && !ctx->lock_error)
		ctx->lock_error = -errno;
}

int ccg_lock_error(const struct ccg_ctx *ctx)
{
	return ctx->lock_error;
}
