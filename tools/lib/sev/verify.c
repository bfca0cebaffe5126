// SPDX-License-Identifier: GPL-2.0-only
/*
 * The verdict on a certificate chain, and on the reports that its PEK signs.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

#include <ccguest/sev.h>
#include <ccguest/text.h>

#include "core/ctx.h"
#include "sev/chain.h"
#include "sev/report.h"

static const struct {
	enum ccg_sev_role signer;
	enum ccg_sev_role target;
} links[CCG_SEV_N_LINKS] = {
	{ CCG_SEV_PEK, CCG_SEV_PDH },
	{ CCG_SEV_OCA, CCG_SEV_OCA },
	{ CCG_SEV_OCA, CCG_SEV_PEK },
	{ CCG_SEV_CEK, CCG_SEV_PEK },
	{ CCG_SEV_ASK, CCG_SEV_CEK },
	{ CCG_SEV_ARK, CCG_SEV_ARK },
	{ CCG_SEV_ARK, CCG_SEV_ASK },
};

static void name_algorithm(const struct sev_cert *cert, char text[16])
{
	unsigned int hash = ccg_sev_hash_bits(cert->key.algo);
	bool dh = cert->usage == SEV_USAGE_PDH;

	if (ccg_sev_algo_is_rsa(cert->key.algo))
		snprintf(text, 16, "R%u R%u", cert->key.bits, hash);
	else
		snprintf(text, 16, "EP%u %c%u", cert->key.bits, dh ? 'D' : 'E',
			 hash);
}

static int describe(const struct sev_cert *cert, struct ccg_sev_cert *out)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned int len;

	out->present = true;
	name_algorithm(cert, out->algorithm);
	if (ccg_sev_body_digest(cert, digest, &len))
		return -ENOMEM;
	ccg_hex(digest, len, out->digest);
	return 0;
}

/* Finds the generation of the ASK that signed the CEK. */
static void find_generation(const struct ccg_sev_chain *c,
			    struct ccg_sev_verdict *v)
{
	const struct sev_root *root;
	struct sev_cert ask, ark;

	root = ccg_sev_root_of(&c->certs[CCG_SEV_CEK], &ask, &ark);
	if (!root)
		return;
	v->generation = root->name;
	v->pinned = c->have_ca &&
		    ccg_sev_same_body(&ask, &c->certs[CCG_SEV_ASK]) &&
		    ccg_sev_same_body(&ark, &c->certs[CCG_SEV_ARK]);
}

/* The firmware exports a CEK whose two signatures are not used. */
static bool has_amd_signature(const struct sev_cert *cek)
{
	for (size_t i = 0; i < cek->n_sigs; i++)
		if (cek->sigs[i].usage == SEV_USAGE_ASK)
			return true;
	return false;
}

static bool has(const struct ccg_sev_chain *c, enum ccg_sev_role role)
{
	if (role == CCG_SEV_PDH)
		return true;
	return role < CCG_SEV_ASK ? c->have_sev : c->have_ca;
}

static bool check_link(const struct ccg_sev_chain *c, struct ccg_sev_link *l)
{
	const char *why = "the certificate of the signer is missing";

	l->valid = has(c, l->signer) && has(c, l->target) &&
		   !ccg_sev_check_sig(&c->certs[l->signer],
				      &c->certs[l->target], &why);
	snprintf(l->why, sizeof(l->why), "%s", l->valid ? "" : why);
	return l->valid;
}

int ccg_sev_chain_verify(struct ccg_sev_chain *c, struct ccg_sev_verdict *v)
{
	int i;

	*v = (struct ccg_sev_verdict) { .built_in = c->built_in };
	for (i = 0; i < CCG_SEV_N_ROLES; i++) {
		v->certs[i].usage = ccg_sev_role_name(i);
		if (has(c, i) && describe(&c->certs[i], &v->certs[i]))
			return ccg_fail_errno(c->ctx, -ENOMEM, c->path);
	}
	if (c->have_sev) {
		v->cek_unsigned = !has_amd_signature(&c->certs[CCG_SEV_CEK]);
		find_generation(c, v);
	}
	v->valid = v->pinned;
	for (i = 0; i < CCG_SEV_N_LINKS; i++) {
		v->links[i].signer = links[i].signer;
		v->links[i].target = links[i].target;
		if (!check_link(c, &v->links[i]))
			v->valid = false;
	}
	return 0;
}

static int fail_unsigned(struct ccg_sev_chain *c)
{
	ccg_fail(c->ctx, -EKEYREJECTED, CCG_UNVERIFIED, c->path,
		 "the certificate chain is not valid: the CEK has no signature of AMD");
	ccg_hint(c->ctx,
		 "on the host, ccguest sev show cek-url prints the URL of its certificate at AMD's key server; then use --cek FILE");
	return -EKEYREJECTED;
}

int ccg_sev_verdict_fail(struct ccg_sev_chain *c,
			 const struct ccg_sev_verdict *v)
{
	const struct ccg_sev_link *l;

	if (v->valid)
		return 0;
	if (!c->have_sev)
		return ccg_fail(c->ctx, -EKEYREJECTED, CCG_UNVERIFIED, c->path,
				"the file has only the PDH, which proves nothing");
	if (v->cek_unsigned)
		return fail_unsigned(c);
	for (l = v->links; c->have_ca && l < v->links + CCG_SEV_N_LINKS; l++)
		if (!l->valid)
			return ccg_fail(c->ctx, -EKEYREJECTED, CCG_UNVERIFIED,
					c->path,
					"the certificate chain is not valid: %s signed by %s: %s",
					ccg_sev_role_name(l->target),
					ccg_sev_role_name(l->signer), l->why);
	if (c->have_ca)
		return ccg_fail(c->ctx, -EKEYREJECTED, CCG_UNVERIFIED, c->path,
				"the certificate chain is not valid: ASK and ARK are not AMD's");
	return ccg_fail(c->ctx, -EKEYREJECTED, CCG_UNVERIFIED, c->path,
			"the certificate chain is not valid: no ASK of AMD that is known here signed the CEK");
}

int ccg_sev_report_verify(const struct ccg_sev_chain *c, const uint8_t *buf,
			  size_t len, struct ccg_sev_report *r, const char **why)
{
	struct sev_cert signed_part;
	struct sev_fault fault;

	if (ccg_sev_report_parse(buf, len, r, &signed_part, &fault)) {
		*why = fault.what;
		return -EBADMSG;
	}
	*why = "the chain has no PEK";
	if (!c->have_sev)
		return -ENODATA;
	if (ccg_sev_check_sig(&c->certs[CCG_SEV_PEK], &signed_part, why))
		return -EKEYREJECTED;
	*why = NULL;
	return 0;
}
