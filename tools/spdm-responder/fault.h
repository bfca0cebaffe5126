/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of faults.
 */
#ifndef FAULT_H
#define FAULT_H

#include "conn.h"

/**
 * enum fault_when - when a fault is applied
 * @ON_REQUEST: instead of the response
 * @ON_SLOTS: when the slots are filled
 * @ON_CONTENT: to a response before it is signed
 * @ON_SIGNED: to a response with its signature
 * @ON_WIRE: to the message that is sent
 */
enum fault_when { ON_REQUEST, ON_SLOTS, ON_CONTENT, ON_SIGNED, ON_WIRE };

/**
 * struct fault_kind - a fault
 * @name: name on the command line
 * @when: when it is applied
 * @make: changes the response; returns false if it has no field to change. NULL
 *	  for ON_REQUEST and ON_SLOTS
 * @text: text for --help
 */
struct fault_kind {
	const char *name;
	enum fault_when when;
	bool (*make)(struct conn *c, struct msg *m);
	const char *text;
};

/* fault_kinds.c */
extern const struct fault_kind fault_kinds[];
extern const size_t n_fault_kinds;

#endif
