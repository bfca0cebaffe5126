// SPDX-License-Identifier: GPL-2.0-only
/*
 * For builds without libxml2, instead of xml.c.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sev/xml.h"

int ccg_sev_xml_read(const uint8_t *xml, size_t len, const char *root,
		     const struct sev_xml_place *places, char **values,
		     size_t n, struct sev_xml_fault *fault)
{
	(void)xml;
	(void)len;
	(void)root;
	(void)places;
	memset(values, 0, n * sizeof(*values));
	*fault = (struct sev_xml_fault) {};
	snprintf(fault->why, sizeof(fault->why),
		 "this ccguest was built without libxml2");
	return -ENOTSUP;
}
