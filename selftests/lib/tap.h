/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Report of a unit test in TAP: one line per check, the plan at the end.
 */
#ifndef CCGUEST_TAP_H
#define CCGUEST_TAP_H

#include <stdio.h>

static unsigned int tap_count, tap_failed;

/* Reports one check; @name is a printf format. */
#define ok(cond, ...) do {						\
	int ok_ = !!(cond);						\
									\
	printf("%sok %u - ", ok_ ? "" : "not ", ++tap_count);		\
	printf(__VA_ARGS__);						\
	putchar('\n');							\
	if (!ok_) {							\
		tap_failed++;						\
		printf("# %s:%d: %s\n", __FILE__, __LINE__, #cond);	\
	}								\
} while (0)

/* Ends main(): prints the plan, and returns the exit status. */
static inline int tap_done(void)
{
	printf("1..%u\n", tap_count);
	if (fflush(stdout) || ferror(stdout))
		return 1;
	return tap_failed ? 1 : 0;
}

#endif /* CCGUEST_TAP_H */
