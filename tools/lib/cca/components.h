/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: expected claims of a token in JSON, and lists of expected
 * software components.
 */
#ifndef CCGUEST_CCA_COMPONENTS_H
#define CCGUEST_CCA_COMPONENTS_H

#include <ccguest/cca.h>

struct json_object;

/* Size of the reason of a fault. */
#define CCA_FAULT	256

/**
 * struct claim - a claim, and its name in JSON
 * @name: the name
 * @value: the value in the token
 * @text: the value is text; otherwise JSON has hexadecimal digits
 */
struct claim {
	const char *name;
	const struct ccg_bytes *value;
	bool text;
};

const struct claim *ccg_claim_find(const struct claim *claims, size_t n,
				   const char *name);
const char *ccg_claim_compare(const struct claim *c, struct json_object *want,
			      bool *same);

bool ccg_components_valid(struct json_object *list, char why[CCA_FAULT]);
bool ccg_components_match(const struct ccg_token *t, struct json_object *list,
			  bool others, const char *name, char why[CCA_FAULT]);

#endif /* CCGUEST_CCA_COMPONENTS_H */
