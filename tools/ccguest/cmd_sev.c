// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest sev: functions that several verbs share
 */
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include <ccguest/sev.h>

#include "cmd_sev.h"

/**
 * struct marks - the marks of the picture
 * @self: valid self-signature
 * @bad_self: invalid self-signature
 * @arrow: valid signature
 * @bad_arrow: invalid signature
 */
struct marks {
	const char *self;
	const char *bad_self;
	const char *arrow;
	const char *bad_arrow;
};

static const struct marks ascii = { "*", "#", "^", "x" };

/* U+2022, U+2B11; struck out with U+0337, U+0338. */
static const struct marks utf8 = {
	"\xe2\x80\xa2", "\xe2\x80\xa2\xcc\xb7",
	"\xe2\xac\x91", "\xe2\xac\x91\xcc\xb8",
};

/* The row of each signer: column of its marks, and the certificate above. */
static const struct {
	enum ccg_sev_role signer;
	enum ccg_sev_role target;
	int column;
} rows[] = {
	{ CCG_SEV_PEK, CCG_SEV_PDH, 0 },
	{ CCG_SEV_OCA, CCG_SEV_PEK, 3 },
	{ CCG_SEV_CEK, CCG_SEV_PEK, 3 },
	{ CCG_SEV_ASK, CCG_SEV_CEK, 6 },
	{ CCG_SEV_ARK, CCG_SEV_ASK, 9 },
};

static const struct marks *choose_marks(void)
{
	locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	const struct marks *m = &ascii;

	if (!locale)
		return m;
	if (!strcmp(nl_langinfo_l(CODESET, locale), "UTF-8"))
		m = &utf8;
	freelocale(locale);
	return m;
}

static const struct ccg_sev_link *find_link(const struct ccg_sev_verdict *v,
					    enum ccg_sev_role signer,
					    enum ccg_sev_role target)
{
	for (size_t i = 0; i < CCG_SEV_N_LINKS; i++)
		if (v->links[i].signer == signer && v->links[i].target == target)
			return &v->links[i];
	return NULL;
}

static void print_mark(const struct ccg_sev_link *l, const char *good,
		       const char *bad)
{
	if (!l)
		putchar(' ');
	else
		out_colored(l->valid ? OUT_GOOD : OUT_BAD,
			    l->valid ? good : bad);
}

static void print_cert(const struct ccg_sev_cert *cert)
{
	if (cert->present)
		printf("%s %s %s\n", cert->usage, cert->algorithm, cert->digest);
	else
		printf("%s -\n", cert->usage);
}

void sev_picture(const struct ccg_sev_verdict *v)
{
	const struct marks *m = choose_marks();

	print_cert(&v->certs[CCG_SEV_PDH]);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		enum ccg_sev_role signer = rows[i].signer;

		printf("%*s", rows[i].column, "");
		print_mark(find_link(v, signer, signer), m->self, m->bad_self);
		print_mark(find_link(v, signer, rows[i].target), m->arrow,
			   m->bad_arrow);
		putchar(' ');
		print_cert(&v->certs[signer]);
	}
	printf("\n %s = self signed, %s = signs, %s = invalid self sign, %s = invalid signs\n",
	       m->self, m->arrow, m->bad_self, m->bad_arrow);
}
