/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ccguest log show: the events to print, by register and by type
 */
#ifndef CCGUEST_CMD_LOG_FILTER_H
#define CCGUEST_CMD_LOG_FILTER_H

#include "cmd_log.h"

/**
 * struct log_filter - the events to print
 * @registers: bit mask of the registers' numbers; 0 for all registers
 * @unassigned: events that belong to no register are printed too
 * @n_types: number of @types; 0 for all types
 * @types: types of events
 * @n_matched: number of events for which log_filter_has() returned true
 * @n_forged: number of events for which log_filter_compare() found another
 *	      digest
 * @forged: number of the first such event
 * @failed: log_filter_compare() could not compute a digest
 */
struct log_filter {
	uint32_t registers;
	bool unassigned;
	size_t n_types;
	uint32_t *types;
	size_t n_matched;
	size_t n_forged;
	size_t forged;
	bool failed;
};

/**
 * log_filter_init - read the options that choose events
 * @f: set to the filter; free it with log_filter_free(), also after a failure
 * @cmd: the command
 * @log: the log, for the names of its registers
 * @opt_register: index of --register in the verb's options
 * @opt_type: index of --type in the verb's options
 *
 * Return: 0 or the exit status.
 */
int log_filter_init(struct log_filter *f, const struct cmd *cmd,
		    const struct cc_log *log, size_t opt_register,
		    size_t opt_type);

/**
 * log_filter_has - test whether an event is to be printed
 * @f: the filter; it counts the events
 * @ev: the event
 *
 * Return: true if the event is to be printed.
 */
bool log_filter_has(struct log_filter *f, const struct cc_log_event *ev);

/**
 * log_filter_compare - compare the data of a printed event with its digests
 * @f: the filter; it counts the events whose data have other digests
 * @log: the log
 * @ev: the event
 *
 * Return: the result; see ccg_log_data_match().
 */
enum ccg_data_match log_filter_compare(struct log_filter *f,
				       struct ccg_log *log,
				       const struct cc_log_event *ev);

/**
 * log_filter_status - report events whose data have other digests
 * @f: the filter, after all events
 * @cmd: the command
 * @log: the log
 *
 * Return: the exit status.
 */
int log_filter_status(const struct log_filter *f, struct cmd *cmd,
		      const struct ccg_log *log);

/**
 * log_filter_note - print a note if events were chosen and none matched
 * @f: the filter, after all events
 */
void log_filter_note(const struct log_filter *f);

/**
 * log_filter_free - free a filter
 * @f: the filter
 */
void log_filter_free(struct log_filter *f);

#endif /* CCGUEST_CMD_LOG_FILTER_H */
