// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policies for reports: the checks of reports of SEV-SNP.
 */
#include <string.h>

#include "core/text.h"
#include "report/policy_job.h"

static const struct ccg_snp *snp_of(const struct policy_job *j)
{
	return j->fields;
}

/* ---- the guest ---- */

static int check_measurement(const struct policy_job *j)
{
	int rc = ccg_policy_check_field(j, SNP_MEASUREMENT);

	if (rc || j->v->checks[j->v->n - 1].result != CCG_CHECK_FAILED)
		return rc;
	return ccg_check_hint(j->v,
			      "the guest was started with another image, kernel or number of processors: `ccguest sev measure` calculates measurements");
}

static int check_chip(const struct policy_job *j)
{
	const struct ccg_snp *s = snp_of(j);

	if (j->p->rules[SNP_CHIP_ID].set &&
	    ccg_is_zero(s->chip_id, sizeof(s->chip_id)))
		return ccg_check_add(j->v, "chip_id", CCG_CHECK_FAILED,
				     "the host masks CHIP_ID");
	return ccg_policy_check_field(j, SNP_CHIP_ID);
}

static int check_identity(const struct policy_job *j)
{
	int rc = check_measurement(j);

	for (int i = SNP_HOST_DATA; !rc && i < SNP_CHIP_ID; i++)
		rc = ccg_policy_check_field(j, i);
	return rc ? rc : check_chip(j);
}

static int check_product(const struct policy_job *j)
{
	if (!j->p->rules[SNP_PRODUCT].set)
		return ccg_policy_no_rule(j, "expected_product");
	return ccg_policy_check_word(j, "expected_product", SNP_PRODUCT,
				     ccg_snp_product_name(snp_of(j)->product));
}

static int check_guest_svn(const struct policy_job *j)
{
	const struct rule *r = &j->p->rules[SNP_MIN_GUEST_SVN];
	uint32_t svn = snp_of(j)->guest_svn;

	if (!r->set)
		return ccg_policy_no_rule(j, "min_guest_svn");
	if (svn >= r->number)
		return ccg_check_add(j->v, "min_guest_svn", CCG_CHECK_OK, "%u", svn);
	return ccg_check_add(j->v, "min_guest_svn", CCG_CHECK_FAILED,
			     "%u; expected %ju or more", svn, (uintmax_t)r->number);
}

/* Without a rule, software at VMPL 0 must have asked for the report. */
static int check_vmpl(const struct policy_job *j)
{
	const struct rule *r = &j->p->rules[SNP_VMPL];
	uint64_t accepted = r->set ? r->number : 1;
	uint32_t vmpl = snp_of(j)->vmpl;
	struct ccg_text why = { 0 };
	int rc;

	if (vmpl < 64 && accepted & 1ULL << vmpl)
		return ccg_check_add(j->v, "vmpl", CCG_CHECK_OK, "%u", vmpl);
	ccg_text_put(&why, "%u; expected", vmpl);
	for (unsigned int i = 0; i < 64; i++)
		if (accepted & 1ULL << i)
			ccg_text_put(&why, " %u", i);
	rc = ccg_policy_add_text(j, "vmpl", CCG_CHECK_FAILED, &why);
	return rc ? rc :
	       ccg_check_hint(j->v,
			      "software with fewer rights than VMPL 0 asked for the report; if this is meant, accept it by snp.vmpl");
}

static int check_policy(const struct policy_job *j)
{
	const struct policy_mask m = {
		.name = "policy", .bits = snp_of(j)->policy & ~0xffffULL,
		.require = SNP_POLICY_REQUIRE, .forbid = SNP_POLICY_FORBID,
		.allow = SNP_POLICY_ALLOW,
	};
	int rc;

	if (!(m.bits & CCG_SNP_POLICY_MUST_BE_1))
		return ccg_check_add(j->v, "policy", CCG_CHECK_FAILED,
				     "bit 17 is 0, which no platform accepts");
	rc = ccg_policy_check_mask(j, &m);
	if (rc || j->v->checks[j->v->n - 1].result != CCG_CHECK_FAILED ||
	    !(m.bits & CCG_SNP_POLICY_DEBUG))
		return rc;
	return ccg_check_hint(j->v,
			      "the host can read and change the memory of a guest with debug");
}

/* ---- versions ---- */

static int check_version(const struct policy_job *j, const char *name,
			 enum policy_id id, uint64_t have)
{
	const struct rule *r = &j->p->rules[id];
	unsigned int parts = ccg_policy_members[id].len;
	struct ccg_text why = { 0 };
	bool good = have >= r->number;

	if (!r->set)
		return ccg_policy_no_rule(j, name);
	for (unsigned int i = parts; i--; )
		ccg_text_put(&why, "%u%s", (unsigned int)(have >> 8 * i & 0xff),
			     i ? "." : "");
	for (unsigned int i = parts; !good && i--; )
		ccg_text_put(&why, "%s%u", i + 1 == parts ? "; expected at least " : ".",
			     (unsigned int)(r->number >> 8 * i & 0xff));
	return ccg_policy_add_text(j, name, good ? CCG_CHECK_OK : CCG_CHECK_FAILED,
				   &why);
}

static uint64_t version_number(const uint8_t v[3])
{
	return (uint64_t)v[0] << 16 | v[1] << 8 | v[2];
}

/* ---- the TCB ---- */

static void compare_part(const struct policy_job *j, struct ccg_text *why,
			 const char *which, const struct ccg_snp_tcb *tcb, int part)
{
	const struct rule *r = &j->p->rules[SNP_MIN_FMC + part];
	const char *sep = why->len ? "; " : "";

	if (!r->set)
		return;
	if (!(tcb->has & 1U << part))
		ccg_text_put(why, "%s%s has no %s that is known", sep, which,
			     ccg_snp_part_name(part));
	else if (tcb->svn[part] < r->number)
		ccg_text_put(why, "%s%s has %s %u, expected %ju or more", sep, which,
			     ccg_snp_part_name(part), tcb->svn[part],
			     (uintmax_t)r->number);
}

/*
 * The certificate of the signer proves REPORTED_TCB. The host chooses it, up to the
 * committed TCB. Therefore the TCBs that run now and that ran at launch are compared
 * too.
 */
static int check_tcb(const struct policy_job *j)
{
	const struct ccg_snp *s = snp_of(j);
	struct ccg_text why = { 0 };
	bool set = false;

	for (int part = 0; part < CCG_SNP_N_PARTS; part++) {
		set |= j->p->rules[SNP_MIN_FMC + part].set;
		compare_part(j, &why, "REPORTED_TCB", &s->reported_tcb, part);
		compare_part(j, &why, "CURRENT_TCB", &s->current_tcb, part);
		compare_part(j, &why, "LAUNCH_TCB", &s->launch_tcb, part);
	}
	if (!set)
		return ccg_policy_no_rule(j, "min_tcb");
	if (why.bad || why.len)
		return ccg_policy_add_text(j, "min_tcb", CCG_CHECK_FAILED, &why);
	return ccg_check_add(j->v, "min_tcb", CCG_CHECK_OK,
			     "REPORTED_TCB, CURRENT_TCB and LAUNCH_TCB are not older");
}

/* Without a known product, the parts of a TCB are not known. */
static bool is_provisional(const struct ccg_snp *s)
{
	if (version_number(s->committed_version) < version_number(s->current_version))
		return true;
	for (int part = 0; part < CCG_SNP_N_PARTS; part++)
		if (s->committed_tcb.svn[part] < s->current_tcb.svn[part])
			return true;
	return !s->current_tcb.has && s->current_tcb.raw != s->committed_tcb.raw;
}

static int check_provisional(const struct policy_job *j)
{
	const struct rule *r = &j->p->rules[SNP_ALLOW_PROVISIONAL];
	bool provisional = is_provisional(snp_of(j));
	int rc;

	if (!provisional)
		return ccg_check_add(j->v, "provisional", CCG_CHECK_OK,
				     "the firmware is committed");
	if (!r->set)
		return ccg_check_add(j->v, "provisional", CCG_CHECK_SKIPPED,
				     "the host can go back to older firmware, and no rule refuses this");
	if (r->number)
		return ccg_check_add(j->v, "provisional", CCG_CHECK_SKIPPED,
				     "the host can go back to older firmware, which the policy allows");
	rc = ccg_check_add(j->v, "provisional", CCG_CHECK_FAILED,
			   "the host can go back to older firmware: COMMITTED is below CURRENT");
	return rc ? rc :
	       ccg_check_hint(j->v,
			      "the operator of the host commits firmware with `snphost commit`");
}

static int check_mitigations(const struct policy_job *j)
{
	const struct rule *r = &j->p->rules[SNP_MITIGATIONS];
	const struct ccg_snp *s = snp_of(j);
	uint64_t both = s->launch_mitigations & s->current_mitigations;

	if (!r->set)
		return ccg_policy_no_rule(j, "mitigations");
	if (!s->has_mitigations)
		return ccg_check_add(j->v, "mitigations", CCG_CHECK_FAILED,
				     "a report of version %u does not have them",
				     s->version);
	if (r->number & ~both)
		return ccg_check_add(j->v, "mitigations", CCG_CHECK_FAILED,
				     "missing at launch or now: %#jx",
				     (uintmax_t)(r->number & ~both));
	return ccg_check_add(j->v, "mitigations", CCG_CHECK_OK, "%#jx",
			     (uintmax_t)both);
}

/* ---- all ---- */

static int check_guest(const struct policy_job *j)
{
	int rc = check_identity(j);

	if (!rc)
		rc = check_guest_svn(j);
	if (!rc)
		rc = check_vmpl(j);
	if (!rc)
		rc = check_policy(j);
	return rc ? rc : check_version(j, "min_abi", SNP_MIN_ABI,
				       snp_of(j)->policy & 0xffff);
}

static int check_platform(const struct policy_job *j)
{
	const struct policy_mask m = {
		.name = "platform_info", .bits = snp_of(j)->platform_info,
		.require = SNP_PLATFORM_REQUIRE, .forbid = SNP_PLATFORM_FORBID,
		.allow = N_MEMBERS,
	};
	int rc = check_product(j);

	if (!rc)
		rc = ccg_policy_check_mask(j, &m);
	if (!rc)
		rc = check_tcb(j);
	if (!rc)
		rc = check_version(j, "min_firmware", SNP_MIN_FIRMWARE,
				   version_number(snp_of(j)->current_version));
	if (!rc)
		rc = check_provisional(j);
	return rc ? rc : check_mitigations(j);
}

/**
 * ccg_policy_check_snp - make the checks of a policy for a report of SEV-SNP
 * @p: the policy
 * @s: the report
 * @v: the checks are added
 *
 * Return: 0 or -ENOMEM.
 */
int ccg_policy_check_snp(const struct ccg_report_policy *p,
			 const struct ccg_snp *s, struct ccg_report_verdict *v)
{
	const struct policy_job j = { p, "snp", "SEV-SNP", s, v };
	int rc = ccg_policy_check_rules(&j);

	if (!rc)
		rc = ccg_policy_check_data(&j, s->report_data,
					   sizeof(s->report_data));
	if (!rc)
		rc = check_guest(&j);
	return rc ? rc : check_platform(&j);
}
