// SPDX-License-Identifier: GPL-2.0-only
/*
 * Texts at given places of an XML document, with libxml2.
 *
 * The document comes from a host. A document type declaration is refused before
 * libxml2 reads the declaration: so there are no entities but the five of XML,
 * and no other files. Whatever this code reads occurs once, and has no
 * namespace.
 *
 * libxml2 is loaded when a document is read. Only `ccguest sev domain` needs it,
 * and its dependencies (ICU) are large: every other command would start slower,
 * and every guest of the tests would carry them.
 */
#include <dlfcn.h>
#include <errno.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xmlerror.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/ctx.h"
#include "sev/xml.h"

/* The headers and the library must be of the same ABI. */
#if LIBXML_VERSION >= 21400
#define LIBRARY	"libxml2.so.16"
#else
#define LIBRARY	"libxml2.so.2"
#endif

/* Options of the parser: no network, nothing on standard error. */
#if LIBXML_VERSION >= 21300
#define OPTIONS	(XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | \
		 XML_PARSE_NOCDATA | XML_PARSE_NO_XXE)
#else
#define OPTIONS	(XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | \
		 XML_PARSE_NOCDATA)
#endif

/**
 * struct library - functions of libxml2
 * @handle: from dlopen()
 * @new_parser: xmlNewParserCtxt()
 * @free_parser: xmlFreeParserCtxt()
 * @stop: xmlStopParser()
 * @read: xmlCtxtReadMemory()
 * @last_error: xmlCtxtGetLastError()
 * @root: xmlDocGetRootElement()
 * @line: xmlGetLineNo()
 * @content: xmlNodeGetContent()
 * @free_doc: xmlFreeDoc()
 * @free: the variable xmlFree
 */
struct library {
	void *handle;
	typeof(xmlNewParserCtxt) *new_parser;
	typeof(xmlFreeParserCtxt) *free_parser;
	typeof(xmlStopParser) *stop;
	typeof(xmlCtxtReadMemory) *read;
	typeof(xmlCtxtGetLastError) *last_error;
	typeof(xmlDocGetRootElement) *root;
	typeof(xmlGetLineNo) *line;
	typeof(xmlNodeGetContent) *content;
	typeof(xmlFreeDoc) *free_doc;
	xmlFreeFunc *free;
};

/**
 * struct reading - a document that is being read
 * @lib: libxml2
 * @fault: set to the reason of a failure
 * @depth: number of elements that are open
 * @start: libxml2's own handler of a start tag
 * @end: libxml2's own handler of an end tag
 */
struct reading {
	struct library lib;
	struct sev_xml_fault *fault;
	int depth;
	startElementNsSAX2Func start;
	endElementNsSAX2Func end;
};

static const struct {
	const char *name;
	size_t offset;
} symbols[] = {
	{ "xmlNewParserCtxt", offsetof(struct library, new_parser) },
	{ "xmlFreeParserCtxt", offsetof(struct library, free_parser) },
	{ "xmlStopParser", offsetof(struct library, stop) },
	{ "xmlCtxtReadMemory", offsetof(struct library, read) },
	{ "xmlCtxtGetLastError", offsetof(struct library, last_error) },
	{ "xmlDocGetRootElement", offsetof(struct library, root) },
	{ "xmlGetLineNo", offsetof(struct library, line) },
	{ "xmlNodeGetContent", offsetof(struct library, content) },
	{ "xmlFreeDoc", offsetof(struct library, free_doc) },
	{ "xmlFree", offsetof(struct library, free) },
};

__printf(3, 4)
static int refuse(struct reading *r, long line, const char *why, ...)
{
	va_list ap;

	/* The first reason counts: libxml2 adds others when it is stopped. */
	if (*r->fault->why)
		return -EBADMSG;
	r->fault->line = line;
	va_start(ap, why);
	vsnprintf(r->fault->why, sizeof(r->fault->why), why, ap);
	va_end(ap);
	return -EBADMSG;
}

static int open_library(struct reading *r)
{
	struct library *lib = &r->lib;
	void *symbol;

	lib->handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	for (size_t i = 0; lib->handle && i < ARRAY_SIZE(symbols); i++) {
		symbol = dlsym(lib->handle, symbols[i].name);
		if (!symbol) {
			dlclose(lib->handle);
			lib->handle = NULL;
			break;
		}
		memcpy((char *)lib + symbols[i].offset, &symbol, sizeof(symbol));
	}
	if (lib->handle)
		return 0;
	refuse(r, 0, "needs " LIBRARY ": install libxml2 (Debian: libxml2 or libxml2-16)");
	return -ENOTSUP;
}

/* ---- parsing ---- */

static void stop(struct reading *r, xmlParserCtxtPtr parser, const char *why)
{
	refuse(r, parser->input ? parser->input->line : 0, "%s", why);
	r->lib.stop(parser);
}

/* Called before anything inside the declaration is read. */
static void on_doctype(void *arg, const xmlChar *name, const xmlChar *id,
		       const xmlChar *system)
{
	xmlParserCtxtPtr parser = arg;

	(void)name;
	(void)id;
	(void)system;
	stop(parser->_private, parser,
	     "a document type declaration (DOCTYPE) is not accepted");
}

static void on_start(void *arg, const xmlChar *name, const xmlChar *prefix,
		     const xmlChar *uri, int n_namespaces,
		     const xmlChar **namespaces, int n_attributes,
		     int n_defaulted, const xmlChar **attributes)
{
	xmlParserCtxtPtr parser = arg;
	struct reading *r = parser->_private;

	if (++r->depth > SEV_XML_DEPTH_MAX)
		stop(r, parser, "elements are nested too deeply");
	else
		r->start(arg, name, prefix, uri, n_namespaces, namespaces,
			 n_attributes, n_defaulted, attributes);
}

static void on_end(void *arg, const xmlChar *name, const xmlChar *prefix,
		   const xmlChar *uri)
{
	xmlParserCtxtPtr parser = arg;
	struct reading *r = parser->_private;

	r->depth--;
	r->end(arg, name, prefix, uri);
}

/* libxml2 reports other errors after the first one. */
#if LIBXML_VERSION >= 21200
static void on_error(void *arg, const xmlError *e)
#else
static void on_error(void *arg, xmlError *e)
#endif
{
	xmlParserCtxtPtr parser = arg;
	struct reading *r = parser->_private;

	if (e->level != XML_ERR_FATAL || e->code == XML_ERR_NO_MEMORY)
		return;
	refuse(r, e->line, "%s", e->message ? e->message : "is malformed");
	r->fault->why[strcspn(r->fault->why, "\n")] = '\0';
}

static int describe(struct reading *r, xmlParserCtxtPtr parser)
{
	const xmlError *e = r->lib.last_error(parser);

	if (!*r->fault->why && e && e->code == XML_ERR_NO_MEMORY)
		return -ENOMEM;
	return refuse(r, 0, "is not well-formed XML");
}

static int parse(struct reading *r, const uint8_t *xml, size_t len,
		 xmlDocPtr *docp)
{
	xmlParserCtxtPtr parser = r->lib.new_parser();
	int rc = 0;

	*docp = NULL;
	if (!parser)
		return -ENOMEM;
	parser->_private = r;
	r->start = parser->sax->startElementNs;
	r->end = parser->sax->endElementNs;
	parser->sax->startElementNs = on_start;
	parser->sax->endElementNs = on_end;
	parser->sax->internalSubset = on_doctype;
	parser->sax->serror = on_error;
	*docp = r->lib.read(parser, (const char *)xml, len, NULL, NULL, OPTIONS);
	if (!*docp || *r->fault->why)
		rc = describe(r, parser);
	r->lib.free_parser(parser);
	return rc;
}

/* ---- places ---- */

static bool is_in(const xmlNs *ns, const char *want)
{
	if (!ns || !want)
		return !ns && !want;
	return ns->href && !strcmp((const char *)ns->href, want);
}

static bool has_name(const xmlNode *node, const char *name, size_t len)
{
	return node->type == XML_ELEMENT_NODE &&
	       strlen((const char *)node->name) == len &&
	       !memcmp(node->name, name, len);
}

/* Finds the only child of @node with a name. */
static int find_child(struct reading *r, xmlNodePtr node, const char *name,
		      size_t len, const char *ns, xmlNodePtr *childp)
{
	xmlNodePtr child;

	*childp = NULL;
	for (child = node->children; child; child = child->next) {
		if (!has_name(child, name, len) || !is_in(child->ns, ns))
			continue;
		if (*childp)
			return refuse(r, r->lib.line(child),
				      "%.*s: the element occurs twice",
				      (int)len, name);
		*childp = child;
	}
	return 0;
}

static int copy_content(struct reading *r, xmlNodePtr node, char **valuep)
{
	xmlChar *text = r->lib.content(node);

	*valuep = text ? strdup((const char *)text) : NULL;
	if (text)
		(*r->lib.free)(text);
	return *valuep ? 0 : -ENOMEM;
}

static int read_text(struct reading *r, xmlNodePtr node, const char *path,
		     char **valuep)
{
	xmlNodePtr child;

	for (child = node->children; child; child = child->next)
		if (child->type != XML_TEXT_NODE)
			return refuse(r, r->lib.line(node),
				      "%s: expected a text without elements and comments",
				      path);
	return copy_content(r, node, valuep);
}

static int read_attribute(struct reading *r, xmlNodePtr node, const char *name,
			  char **valuep)
{
	xmlAttrPtr a;

	for (a = node->properties; a; a = a->next)
		if (!a->ns && !strcmp((const char *)a->name, name))
			return copy_content(r, (xmlNodePtr)a, valuep);
	return 0;
}

/* Leaves the value NULL if the document does not have the place. */
static int read_place(struct reading *r, xmlNodePtr node,
		      const struct sev_xml_place *place, char **valuep)
{
	const char *path = place->path;
	size_t len;
	int rc;

	for (; *path; path += len + !!path[len]) {
		len = strcspn(path, "/");
		rc = find_child(r, node, path, len, place->ns, &node);
		if (rc || !node)
			return rc;
	}
	if (!place->attr)
		return read_text(r, node, place->path, valuep);
	if (strcmp(place->attr, SEV_XML_EXISTS))
		return read_attribute(r, node, place->attr, valuep);
	*valuep = strdup("");
	return *valuep ? 0 : -ENOMEM;
}

static int read_places(struct reading *r, xmlDocPtr doc, const char *root,
		       const struct sev_xml_place *places, char **values,
		       size_t n)
{
	xmlNodePtr node = r->lib.root(doc);
	int rc = 0;

	if (!node || !has_name(node, root, strlen(root)) || node->ns)
		return refuse(r, node ? r->lib.line(node) : 0,
			      "the root element is not <%s> without a namespace",
			      root);
	for (size_t i = 0; !rc && i < n; i++)
		rc = read_place(r, node, &places[i], &values[i]);
	return rc;
}

/**
 * ccg_sev_xml_read - read texts of a document
 * @xml: the document
 * @len: its length in bytes
 * @root: name of the root element
 * @places: the places to read
 * @values: set to the text of each place, or to NULL if there is none; free them
 *	    with sev_xml_free(), also on failure
 * @n: number of @places
 * @fault: set to the reason if the document is refused
 *
 * Return: 0; -EFBIG if the document is too long; -EBADMSG if it is not
 * well-formed, or is refused; -ENOTSUP if there is no libxml2; or -ENOMEM.
 */
int ccg_sev_xml_read(const uint8_t *xml, size_t len, const char *root,
		     const struct sev_xml_place *places, char **values,
		     size_t n, struct sev_xml_fault *fault)
{
	struct reading r = { .fault = fault };
	xmlDocPtr doc;
	int rc;

	memset(values, 0, n * sizeof(*values));
	*fault = (struct sev_xml_fault) {};
	if (len > SEV_XML_MAX) {
		refuse(&r, 0, "is longer than %d bytes", SEV_XML_MAX);
		return -EFBIG;
	}
	rc = open_library(&r);
	if (rc)
		return rc;
	rc = parse(&r, xml, len, &doc);
	if (!rc)
		rc = read_places(&r, doc, root, places, values, n);
	if (doc)
		r.lib.free_doc(doc);
	dlclose(r.lib.handle);
	return rc;
}
