// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parser of attestation reports of SEV-SNP.
 *
 * SEV Secure Nested Paging Firmware ABI Specification (AMD 56860),
 * ATTESTATION_REPORT. All integers are little-endian.
 */
#include <errno.h>
#include <string.h>

#include "core/text.h"
#include "env.h"
#include "report/report.h"

#define SNP_VERSION		0x000
#define SNP_GUEST_SVN		0x004
#define SNP_POLICY		0x008
#define SNP_FAMILY_ID		0x010
#define SNP_IMAGE_ID		0x020
#define SNP_VMPL		0x030
#define SNP_SIGNATURE_ALGO	0x034
#define SNP_CURRENT_TCB		0x038
#define SNP_PLATFORM_INFO	0x040
#define SNP_KEY_INFO		0x048
#define SNP_RESERVED_1		0x04c
#define SNP_REPORT_DATA		0x050
#define SNP_MEASUREMENT		0x090
#define SNP_HOST_DATA		0x0c0
#define SNP_ID_KEY_DIGEST	0x0e0
#define SNP_AUTHOR_KEY_DIGEST	0x110
#define SNP_REPORT_ID		0x140
#define SNP_REPORT_ID_MA	0x160
#define SNP_REPORTED_TCB	0x180
#define SNP_CPUID		0x188
#define SNP_RESERVED_2		0x18b
#define SNP_CHIP_ID		0x1a0
#define SNP_COMMITTED_TCB	0x1e0
#define SNP_CURRENT_VERSION	0x1e8
#define SNP_COMMITTED_VERSION	0x1ec
#define SNP_LAUNCH_TCB		0x1f0
#define SNP_LAUNCH_MITIGATIONS	0x1f8
#define SNP_CURRENT_MITIGATIONS	0x200
#define SNP_RESERVED_3		0x208
/* R and S, 72 bytes each, are in front of bytes that must be zero. */
#define SNP_SIGNATURE_REST	(CCG_SNP_SIGNED_LEN + 2 * 72)

#define SNP_OLDEST		2
#define SNP_NEWEST		5
#define SNP_WITH_CPUID		3
#define SNP_WITH_MITIGATIONS	5

#define KEY_INFO_SIGNING_SHIFT	2
#define KEY_INFO_SIGNING_MASK	0x7U
#define KEY_INFO_KNOWN		0x1fU

/* On Turin and later, the identifier of a chip has eight bytes. */
#define SHORT_CHIP_ID		8

/* Offset of the first byte from @from to before @to that is not zero, or -1. */
static int first_set(const uint8_t *buf, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (buf[i])
			return i;
	return -1;
}

static int find_reserved(const struct ccg_snp *s)
{
	const struct {
		size_t from, to;
	} zeros[] = {
		{ SNP_RESERVED_1, SNP_REPORT_DATA },
		{ s->has_cpuid ? SNP_RESERVED_2 : SNP_CPUID, SNP_CHIP_ID },
		{ SNP_CURRENT_VERSION + 3, SNP_COMMITTED_VERSION },
		{ SNP_COMMITTED_VERSION + 3, SNP_LAUNCH_TCB },
		{ s->has_mitigations ? SNP_RESERVED_3 : SNP_LAUNCH_MITIGATIONS,
		  CCG_SNP_SIGNED_LEN },
		{ SNP_SIGNATURE_REST, CCG_SNP_REPORT_LEN },
	};
	int at;

	if (s->key_info & 0xff & ~KEY_INFO_KNOWN)
		return SNP_KEY_INFO;
	at = first_set(s->bytes, SNP_KEY_INFO + 1, SNP_RESERVED_1);
	for (size_t i = 0; at < 0 && i < ARRAY_SIZE(zeros); i++)
		at = first_set(s->bytes, zeros[i].from, zeros[i].to);
	return at;
}

/*
 * Reports of version 2 do not name the processor. A short chip ID is that of
 * Turin. A long one is that of Milan or Genoa, whose TCB versions have the same
 * form: the signer's certificate tells which of them signed. A masked chip ID
 * tells nothing.
 */
static void guess_product(struct ccg_snp *s, enum ccg_snp_product *layout)
{
	if (ccg_is_zero(s->chip_id, sizeof(s->chip_id)))
		return;
	if (ccg_is_zero(s->chip_id + SHORT_CHIP_ID, sizeof(s->chip_id) - SHORT_CHIP_ID))
		s->product = CCG_SNP_TURIN;
	*layout = s->product == CCG_SNP_UNKNOWN ? CCG_SNP_MILAN : s->product;
}

static void decode_tcbs(struct ccg_snp *s, enum ccg_snp_product layout)
{
	ccg_snp_tcb_decode(get_unaligned_le64(s->bytes + SNP_CURRENT_TCB), layout,
			   &s->current_tcb);
	ccg_snp_tcb_decode(get_unaligned_le64(s->bytes + SNP_REPORTED_TCB), layout,
			   &s->reported_tcb);
	ccg_snp_tcb_decode(get_unaligned_le64(s->bytes + SNP_COMMITTED_TCB), layout,
			   &s->committed_tcb);
	ccg_snp_tcb_decode(get_unaligned_le64(s->bytes + SNP_LAUNCH_TCB), layout,
			   &s->launch_tcb);
}

void ccg_snp_set_product(struct ccg_snp *s, enum ccg_snp_product product)
{
	if (s->has_cpuid)
		return;
	s->product = product;
	decode_tcbs(s, product);
}

static void parse_product(struct ccg_snp *s)
{
	enum ccg_snp_product layout = CCG_SNP_UNKNOWN;

	s->has_cpuid = s->version >= SNP_WITH_CPUID;
	if (s->has_cpuid) {
		s->cpu_family = s->bytes[SNP_CPUID];
		s->cpu_model = s->bytes[SNP_CPUID + 1];
		s->cpu_stepping = s->bytes[SNP_CPUID + 2];
		s->product = ccg_snp_product_of(s->cpu_family, s->cpu_model);
		layout = s->product;
	} else {
		guess_product(s, &layout);
	}
	decode_tcbs(s, layout);
}

/* The report has the build first, and the major number last. */
static void parse_version(const uint8_t *p, uint8_t version[3])
{
	version[0] = p[2];
	version[1] = p[1];
	version[2] = p[0];
}

static void parse_digests(struct ccg_snp *s)
{
	const uint8_t *buf = s->bytes;

	memcpy(s->family_id, buf + SNP_FAMILY_ID, sizeof(s->family_id));
	memcpy(s->image_id, buf + SNP_IMAGE_ID, sizeof(s->image_id));
	memcpy(s->report_data, buf + SNP_REPORT_DATA, sizeof(s->report_data));
	memcpy(s->measurement, buf + SNP_MEASUREMENT, sizeof(s->measurement));
	memcpy(s->host_data, buf + SNP_HOST_DATA, sizeof(s->host_data));
	memcpy(s->id_key_digest, buf + SNP_ID_KEY_DIGEST, sizeof(s->id_key_digest));
	memcpy(s->author_key_digest, buf + SNP_AUTHOR_KEY_DIGEST,
	       sizeof(s->author_key_digest));
	memcpy(s->report_id, buf + SNP_REPORT_ID, sizeof(s->report_id));
	memcpy(s->report_id_ma, buf + SNP_REPORT_ID_MA, sizeof(s->report_id_ma));
	memcpy(s->chip_id, buf + SNP_CHIP_ID, sizeof(s->chip_id));
}

static void parse_numbers(struct ccg_snp *s)
{
	const uint8_t *buf = s->bytes;

	s->guest_svn = get_unaligned_le32(buf + SNP_GUEST_SVN);
	s->policy = get_unaligned_le64(buf + SNP_POLICY);
	s->vmpl = get_unaligned_le32(buf + SNP_VMPL);
	s->signature_algo = get_unaligned_le32(buf + SNP_SIGNATURE_ALGO);
	s->platform_info = get_unaligned_le64(buf + SNP_PLATFORM_INFO);
	s->key_info = get_unaligned_le32(buf + SNP_KEY_INFO);
	s->signing_key = s->key_info >> KEY_INFO_SIGNING_SHIFT & KEY_INFO_SIGNING_MASK;
	parse_version(buf + SNP_CURRENT_VERSION, s->current_version);
	parse_version(buf + SNP_COMMITTED_VERSION, s->committed_version);
	s->has_mitigations = s->version >= SNP_WITH_MITIGATIONS;
	if (!s->has_mitigations)
		return;
	s->launch_mitigations = get_unaligned_le64(buf + SNP_LAUNCH_MITIGATIONS);
	s->current_mitigations = get_unaligned_le64(buf + SNP_CURRENT_MITIGATIONS);
}

/**
 * ccg_snp_parse - parse an attestation report
 * @buf: the bytes
 * @len: number of bytes, CCG_SNP_REPORT_LEN
 * @s: set to the fields
 * @fault: set to the reason of a failure
 *
 * Bytes that must be zero, the algorithm of the signature and the kind of the key
 * are checked by the verification, not here: a report that fails can be shown.
 *
 * Return: 0 or -EBADMSG.
 */
int ccg_snp_parse(const uint8_t *buf, size_t len, struct ccg_snp *s,
		  struct report_fault *fault)
{
	*s = (struct ccg_snp) { .reserved = -1 };
	if (len < CCG_SNP_REPORT_LEN)
		return ccg_fault_at(fault, len, "the report is truncated: %zu bytes of %d",
				    len, CCG_SNP_REPORT_LEN);
	if (len > CCG_SNP_REPORT_LEN)
		return ccg_fault_at(fault, CCG_SNP_REPORT_LEN, "%zu bytes follow the report",
				    len - CCG_SNP_REPORT_LEN);
	s->version = get_unaligned_le32(buf + SNP_VERSION);
	if (s->version < SNP_OLDEST || s->version > SNP_NEWEST)
		return ccg_fault_at(fault, SNP_VERSION,
				    "VERSION is %u; versions %d to %d are known",
				    s->version, SNP_OLDEST, SNP_NEWEST);
	memcpy(s->bytes, buf, sizeof(s->bytes));
	parse_numbers(s);
	parse_digests(s);
	parse_product(s);
	s->reserved = find_reserved(s);
	return 0;
}

void ccg_snp_key_path(const struct ccg_snp *s, enum ccg_snp_product product,
		      char *path, size_t size)
{
	struct ccg_text t = { .buf = path, .size = size, .fixed = true };

	*path = '\0';
	if (s->product != CCG_SNP_UNKNOWN)
		product = s->product;
	if (product == CCG_SNP_UNKNOWN || s->signing_key != CCG_SNP_VCEK ||
	    ccg_is_zero(s->chip_id, sizeof(s->chip_id)))
		return;
	ccg_snp_vcek_path(&t, product, s->chip_id, sizeof(s->chip_id), s->reported_tcb.raw);
}
