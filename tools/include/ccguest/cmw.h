/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libccguest: RATS Conceptual Message Wrappers (RFC 9999): collections of evidence,
 * endorsements and reference values, in CBOR and JSON; and reports of
 * configfs-tsm in the form that the project Veraison has registered.
 */
#ifndef LIBCCGUEST_CMW_H
#define LIBCCGUEST_CMW_H

#include <ccguest/cca.h>
#include <ccguest/ctx.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Limits of a collection: length in bytes of its CBOR or JSON, records and
 * collections in it, depth of collections, length of a text.
 */
#define CCG_CMW_LEN_MAX		33554432
#define CCG_CMW_ITEMS_MAX	256
#define CCG_CMW_DEPTH_MAX	4
#define CCG_CMW_TEXT_MAX	255

/* Type of the collections of ccguest: the namespace of their labels. */
#define CCG_CMW_EVIDENCE	"urn:uuid:45a645bd-4d58-4458-88e8-cc73d4510d02"

/* Media types of a report of configfs-tsm: struct ccg_tsm_report. */
#define CCG_CMW_TSM_CBOR	"application/vnd.veraison.tsm-report+cbor"
#define CCG_CMW_TSM_JSON	"application/vnd.veraison.tsm-report+json"

/* Kinds of messages, bits of struct ccg_cmw_item.ind. */
enum ccg_cmw_ind {
	CCG_CMW_REFERENCE_VALUES = 1 << 0,
	CCG_CMW_ENDORSEMENTS = 1 << 1,
	CCG_CMW_EVIDENCE_IND = 1 << 2,
	CCG_CMW_RESULTS = 1 << 3,
	CCG_CMW_POLICY = 1 << 4,
};

/* The two serializations of a wrapper. */
enum ccg_cmw_form { CCG_CMW_CBOR, CCG_CMW_JSON };

/* A collection. */
struct ccg_cmw;

/**
 * struct ccg_cmw_item - a record in a collection, or a collection in it
 * @label: its label, UTF-8; NULL if the label is @number, which only CBOR allows
 * @number: its label if @label is NULL
 * @type: media type of @value; NULL if the type is @format, which only CBOR allows
 * @format: CoAP Content-Format of @value if @type is NULL
 * @tagged: in CBOR, a tag has the type: there is no @type, and @ind is 0
 * @ind: kinds of the messages in @value; 0 if @type says the kind
 * @value: the message
 * @len: length of @value in bytes, not 0
 * @nested: the collection; @type, @format, @ind and @value are not used then. NULL
 *	    for a record.
 */
struct ccg_cmw_item {
	const char *label;
	int64_t number;
	const char *type;
	uint16_t format;
	bool tagged;
	uint32_t ind;
	const uint8_t *value;
	size_t len;
	struct ccg_cmw *nested;
};

/**
 * ccg_cmw_new - make a collection
 * @ctx: the context
 * @type: its type, an absolute URI or an OID; NULL for none
 * @cp: set to the collection, which is empty; free it with ccg_cmw_free()
 *
 * Return: 0; -EINVAL if @type has another form; or -ENOMEM.
 */
int ccg_cmw_new(struct ccg_ctx *ctx, const char *type, struct ccg_cmw **cp);

/**
 * ccg_cmw_add - add a record to a collection
 * @c: the collection
 * @item: the record; its members are copied
 *
 * Return: 0; -EINVAL if the record is invalid, or @c has an item with its label;
 * -E2BIG if @c has CCG_CMW_ITEMS_MAX items; or -ENOMEM.
 */
int ccg_cmw_add(struct ccg_cmw *c, const struct ccg_cmw_item *item);

/**
 * ccg_cmw_add_nested - add a collection to a collection
 * @c: the collection
 * @label: the label of the new collection
 * @type: its type, or NULL
 * @nestedp: set to the new collection, which belongs to @c
 *
 * Return: as ccg_cmw_add(); -E2BIG also if collections are nested deeper than
 * CCG_CMW_DEPTH_MAX.
 */
int ccg_cmw_add_nested(struct ccg_cmw *c, const char *label, const char *type,
		       struct ccg_cmw **nestedp);

/**
 * ccg_cmw_type - get the type of a collection
 * @c: the collection
 *
 * Return: a URI or an OID; NULL if the collection has no type.
 */
const char *ccg_cmw_type(const struct ccg_cmw *c);

/**
 * ccg_cmw_at - get an item of a collection
 * @c: the collection
 * @i: number of the item, from 0
 *
 * Return: the item; NULL if there are no more.
 */
const struct ccg_cmw_item *ccg_cmw_at(const struct ccg_cmw *c, size_t i);

/**
 * ccg_cmw_find - find an item of a collection
 * @c: the collection
 * @label: its label
 *
 * Return: the item; NULL if there is none.
 */
const struct ccg_cmw_item *ccg_cmw_find(const struct ccg_cmw *c,
					const char *label);

/**
 * ccg_cmw_write - serialize a collection
 * @c: the collection
 * @form: the serialization
 * @bufp: set to the bytes; free them with free()
 * @lenp: set to their number
 *
 * The same collection gives the same bytes.
 *
 * Return: 0; -EINVAL if @c or a collection in it is empty, or an item has no form
 * in JSON; or -ENOMEM.
 */
int ccg_cmw_write(const struct ccg_cmw *c, enum ccg_cmw_form form,
		  uint8_t **bufp, size_t *lenp);

/**
 * ccg_cmw_is - recognise a collection by its first byte
 * @buf: the bytes
 * @len: their number
 *
 * Return: true if @buf begins as a collection in CBOR or JSON does.
 */
bool ccg_cmw_is(const uint8_t *buf, size_t len);

/**
 * ccg_cmw_parse - read a collection
 * @ctx: the context
 * @what: its name, for errors
 * @buf: the bytes, in CBOR or JSON
 * @len: their number
 * @cp: set to the collection; free it with ccg_cmw_free()
 *
 * Nothing is verified: anybody can wrap anything. The limits above hold. Items of
 * CBOR with indefinite lengths are refused.
 *
 * Return: 0; -EBADMSG with class CCG_UNVERIFIED if @buf is no such collection;
 * -EFBIG if it is longer than CCG_CMW_LEN_MAX; or -ENOMEM.
 */
int ccg_cmw_parse(struct ccg_ctx *ctx, const char *what, const uint8_t *buf,
		  size_t len, struct ccg_cmw **cp);

/**
 * ccg_cmw_free - free a collection, and those in it
 * @c: the collection, or NULL
 */
void ccg_cmw_free(struct ccg_cmw *c);

/* ---- reports of configfs-tsm ---- */

/**
 * struct ccg_tsm_report - what configfs-tsm gives a guest
 * @provider: name of the driver, for example "sev_guest"
 * @outblob: the report, quote or token
 * @auxblob: the certificates of SEV-SNP; p is NULL if there are none
 * @service_provider: name of the service that made @manifestblob, or NULL
 * @manifestblob: manifest of the service; p is NULL if there is none
 */
struct ccg_tsm_report {
	const char *provider;
	struct ccg_bytes outblob;
	struct ccg_bytes auxblob;
	const char *service_provider;
	struct ccg_bytes manifestblob;
};

/**
 * ccg_tsm_report_write - serialize a report of configfs-tsm
 * @ctx: the context
 * @r: the report
 * @form: CBOR gives CCG_CMW_TSM_CBOR, JSON gives CCG_CMW_TSM_JSON
 * @bufp: set to the bytes; free them with free()
 * @lenp: set to their number
 *
 * Return: 0; -EINVAL if @r has no provider or no report, or a manifest without a
 * service; or -ENOMEM.
 */
int ccg_tsm_report_write(struct ccg_ctx *ctx, const struct ccg_tsm_report *r,
			 enum ccg_cmw_form form, uint8_t **bufp, size_t *lenp);

/**
 * ccg_tsm_report_parse - read a report of configfs-tsm
 * @ctx: the context
 * @what: its name, for errors
 * @form: its serialization
 * @buf: the bytes
 * @len: their number
 * @rp: set to the report; free it with ccg_tsm_report_free()
 *
 * Return: 0; -EBADMSG with class CCG_UNVERIFIED if @buf is no such report; -EFBIG
 * if it is longer than CCG_CMW_LEN_MAX; or -ENOMEM.
 */
int ccg_tsm_report_parse(struct ccg_ctx *ctx, const char *what,
			 enum ccg_cmw_form form, const uint8_t *buf, size_t len,
			 struct ccg_tsm_report **rp);

/**
 * ccg_tsm_report_free - free a report of ccg_tsm_report_parse()
 * @r: the report, or NULL
 */
void ccg_tsm_report_free(struct ccg_tsm_report *r);

#ifdef __cplusplus
}
#endif

#endif /* LIBCCGUEST_CMW_H */
