/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to this room: contents of events that tpm2_eventlog does not decode.
 */
#ifndef CCGUEST_LOG_WORDS_H
#define CCGUEST_LOG_WORDS_H

#include <ccguest/log.h>

#include "core/text.h"
#include "log/efi.h"

/* text.c */
bool ccg_is_text(const u8 *p, size_t len);
bool ccg_is_utf16(const u8 *p, size_t len);
void ccg_put_text(struct ccg_text *l, const u8 *p, size_t len);
void ccg_put_utf16(struct ccg_text *l, const u8 *p, size_t n);
void ccg_put_string(struct ccg_text *l, const u8 *p, size_t len);
void ccg_put_size(struct ccg_text *l, uint64_t size);
void ccg_put_count(struct ccg_text *l, size_t n, const char *what);

/* tags.c */
bool ccg_tags_words(struct ccg_text *l, const struct cc_log_event *ev);
bool ccg_tags_decode(struct ccg_sink *s, const struct cc_log_event *ev);

/* signatures.c */
bool ccg_signature_lists_words(struct ccg_text *l, const struct efi_var *var);
bool ccg_signature_words(struct ccg_text *l, const u8 *p, size_t len);
char *ccg_signature_subject(const u8 *der, size_t len);
const u8 *ccg_signature_list_check(const u8 *p, const u8 *end);

/* records.c */
bool ccg_records_words(struct ccg_text *l, const struct cc_log_event *ev);
bool ccg_records_decode(struct ccg_sink *s, const struct cc_log_event *ev);

#endif /* CCGUEST_LOG_WORDS_H */
