/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to the log reader. cc_log.c uses cc_log_header.c, cc_log_content.c and
 * cc_log_realm.c, and all of them use cc_log_note.c.
 */
#ifndef CCGUEST_LIB_CC_LOG_INTERNAL_H
#define CCGUEST_LIB_CC_LOG_INTERNAL_H

#include "cc_log.h"

/**
 * cc_log_refuse - note why a log is refused
 * @log: the log
 * @fault: set
 * @what: the fault in words
 * @field: name of the field
 * @offset: offset of the field in the log, in bytes
 * @value: value of the field
 * @limit: the limit that the value violates
 *
 * Return: -EBADMSG.
 */
int cc_log_refuse(const struct cc_log *log, struct cc_log_fault *fault,
		  const char *what, const char *field, size_t offset,
		  u64 value, u64 limit);

/**
 * cc_log_note - note a quirk
 * @log: the log
 * @quirk: the quirk
 * @offset: offset of the quirk in bytes; the log keeps the first offset only
 */
void cc_log_note(struct cc_log *log, enum cc_log_quirk quirk, size_t offset);

/**
 * cc_log_find_alg - find an algorithm that a log declares
 * @log: the log
 * @id: the algorithm
 *
 * Return: the algorithm, NULL if the log does not declare it.
 */
const struct cc_alg *cc_log_find_alg(const struct cc_log *log, u16 id);

/**
 * cc_log_is_cc - find out whether a log is known to have no PCRs
 * @log: the log, from the events so far
 *
 * Return: true if the registers are measurement registers.
 */
bool cc_log_is_cc(const struct cc_log *log);

bool cc_log_is_zero(const u8 *p, size_t len);
int cc_log_header(struct cc_log *log, struct cc_log_fault *fault);
bool cc_log_is_spec_id(const struct cc_log_event *ev);
void cc_log_content(struct cc_log *log, struct cc_log_event *ev);
int cc_log_realm_event(struct cc_log *log, struct cc_log_event *ev,
		       struct cc_log_fault *fault);

#endif /* CCGUEST_LIB_CC_LOG_INTERNAL_H */
