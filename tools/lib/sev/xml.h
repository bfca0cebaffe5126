/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: texts at given places of an XML document.
 */
#ifndef CCGUEST_SEV_XML_H
#define CCGUEST_SEV_XML_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* Limit for the length of a document in bytes, and for its depth. */
#define SEV_XML_MAX		1048576
#define SEV_XML_DEPTH_MAX	64

/* The element exists; its contents are not read. */
#define SEV_XML_EXISTS		"?"
/* Namespace of QEMU's elements in the XML of libvirt. */
#define SEV_XML_QEMU		"http://libvirt.org/schemas/domain/qemu/1.0"

/**
 * struct sev_xml_place - a place in a document
 * @path: names of the elements below the root element, with slashes
 * @attr: name of an attribute; NULL for the text of the element; or
 *	  SEV_XML_EXISTS
 * @ns: namespace of the elements, or NULL
 */
struct sev_xml_place {
	const char *path;
	const char *attr;
	const char *ns;
};

/**
 * struct sev_xml_fault - why a document is refused
 * @line: line of the fault; 0 if there is none
 * @why: the reason
 */
struct sev_xml_fault {
	long line;
	char why[256];
};

int ccg_sev_xml_read(const uint8_t *xml, size_t len, const char *root,
		     const struct sev_xml_place *places, char **values,
		     size_t n, struct sev_xml_fault *fault);

/**
 * sev_xml_free - free the texts from ccg_sev_xml_read()
 * @values: the texts
 * @n: their number
 */
static inline void sev_xml_free(char **values, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(values[i]);
}

#endif /* CCGUEST_SEV_XML_H */
