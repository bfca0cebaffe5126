// SPDX-License-Identifier: GPL-2.0-only
/*
 * SEV-SNP: products, TCB versions, and the path of a VCEK's certificate.
 *
 * SEV Secure Nested Paging Firmware ABI Specification (AMD 56860), TCB_VERSION;
 * Versioned Chip Endorsement Key Certificate and KDS Interface Specification (AMD
 * 57230).
 */
#include <errno.h>
#include <string.h>

#include <ccguest/platform.h>

#include "core/ctx.h"
#include "sev/snp.h"

/* Number of bytes of the chip's identifier in the path. */
#define LONG_CHIP_ID	64
#define SHORT_CHIP_ID	8

/* Byte of each part in a TCB version, from the lowest; -1 if there is none. */
typedef int8_t tcb_layout[CCG_SNP_N_PARTS];

static const tcb_layout milan_layout = {
	[CCG_SNP_FMC] = -1,
	[CCG_SNP_BOOTLOADER] = 0,
	[CCG_SNP_TEE] = 1,
	[CCG_SNP_SNP] = 6,
	[CCG_SNP_MICROCODE] = 7,
};

static const tcb_layout turin_layout = {
	[CCG_SNP_FMC] = 0,
	[CCG_SNP_BOOTLOADER] = 1,
	[CCG_SNP_TEE] = 2,
	[CCG_SNP_SNP] = 3,
	[CCG_SNP_MICROCODE] = 7,
};

static const struct {
	const char *name;
	const tcb_layout *layout;
	size_t chip_id_len;
} products[CCG_SNP_N_PRODUCTS] = {
	[CCG_SNP_MILAN] = { "Milan", &milan_layout, LONG_CHIP_ID },
	[CCG_SNP_GENOA] = { "Genoa", &milan_layout, LONG_CHIP_ID },
	[CCG_SNP_TURIN] = { "Turin", &turin_layout, SHORT_CHIP_ID },
	[CCG_SNP_VENICE] = { "Venice", &turin_layout, SHORT_CHIP_ID },
};

/* Combined family and model of processors, both ends inclusive. */
static const struct {
	uint8_t family, first, last;
	enum ccg_snp_product product;
} models[] = {
	{ 0x19, 0x00, 0x0f, CCG_SNP_MILAN },
	{ 0x19, 0x10, 0x1f, CCG_SNP_GENOA },
	{ 0x19, 0xa0, 0xaf, CCG_SNP_GENOA },
	{ 0x1a, 0x00, 0x11, CCG_SNP_TURIN },
	{ 0x1a, 0x50, 0x57, CCG_SNP_VENICE },
	{ 0x1a, 0x90, 0xaf, CCG_SNP_VENICE },
	{ 0x1a, 0xc0, 0xc7, CCG_SNP_VENICE },
};

/* Names as in JSON, and the name of the parameter at AMD's key service. */
static const struct {
	const char *name, *spl;
} parts[CCG_SNP_N_PARTS] = {
	[CCG_SNP_FMC] = { "fmc", "fmcSPL" },
	[CCG_SNP_BOOTLOADER] = { "bootloader", "blSPL" },
	[CCG_SNP_TEE] = { "tee", "teeSPL" },
	[CCG_SNP_SNP] = { "snp", "snpSPL" },
	[CCG_SNP_MICROCODE] = { "microcode", "ucodeSPL" },
};

/**
 * ccg_snp_product_of - find the product of a processor
 * @family: family of the processor, with the extended family
 * @model: model, with the extended model
 *
 * Return: the product, or CCG_SNP_UNKNOWN.
 */
enum ccg_snp_product ccg_snp_product_of(unsigned int family, unsigned int model)
{
	for (size_t i = 0; i < ARRAY_SIZE(models); i++)
		if (models[i].family == family && models[i].first <= model &&
		    model <= models[i].last)
			return models[i].product;
	return CCG_SNP_UNKNOWN;
}

const char *ccg_snp_product_name(enum ccg_snp_product product)
{
	return products[product].name;
}

const char *ccg_snp_part_name(enum ccg_snp_part part)
{
	return parts[part].name;
}

/**
 * ccg_snp_tcb_decode - split a TCB version
 * @raw: its eight bytes, as a little-endian number
 * @product: the product; CCG_SNP_UNKNOWN for a version whose parts are not known
 * @tcb: set to the parts
 */
void ccg_snp_tcb_decode(uint64_t raw, enum ccg_snp_product product,
			struct ccg_snp_tcb *tcb)
{
	const tcb_layout *layout = products[product].layout;

	*tcb = (struct ccg_snp_tcb) { .raw = raw };
	for (size_t i = 0; layout && i < ARRAY_SIZE(*layout); i++) {
		if ((*layout)[i] < 0)
			continue;
		tcb->has |= 1U << i;
		tcb->svn[i] = raw >> 8 * (*layout)[i];
	}
}

/**
 * ccg_snp_product_find - find a product by its name
 * @name: name as at AMD's key service, or NULL
 *
 * Return: the product; CCG_SNP_UNKNOWN if no product with SNP has this name.
 */
enum ccg_snp_product ccg_snp_product_find(const char *name)
{
	for (size_t i = 0; name && i < ARRAY_SIZE(products); i++)
		if (products[i].name && !strcmp(products[i].name, name))
			return i;
	return CCG_SNP_UNKNOWN;
}

int ccg_snp_tcb_parse(const char *product, uint64_t raw, struct ccg_snp_tcb *tcb)
{
	enum ccg_snp_product found = ccg_snp_product_find(product);

	if (found == CCG_SNP_UNKNOWN)
		return -ENOENT;
	ccg_snp_tcb_decode(raw, found, tcb);
	return 0;
}

/**
 * ccg_snp_vcek_path - write the path of a VCEK's certificate at AMD's key service
 * @t: the text to append to
 * @product: the product, not CCG_SNP_UNKNOWN
 * @chip: identifier of the chip
 * @len: length of @chip in bytes; later bytes than the product's are left out
 * @tcb: TCB in the certificate
 */
void ccg_snp_vcek_path(struct ccg_text *t, enum ccg_snp_product product, const uint8_t *chip,
		       size_t len, uint64_t tcb)
{
	struct ccg_snp_tcb v;
	char sep = '?';

	if (len > products[product].chip_id_len)
		len = products[product].chip_id_len;
	ccg_snp_tcb_decode(tcb, product, &v);
	ccg_text_put(t, "/vcek/v1/%s/", products[product].name);
	ccg_text_hex(t, chip, len);
	for (size_t i = 0; i < CCG_SNP_N_PARTS; i++) {
		if (!(v.has & 1U << i))
			continue;
		ccg_text_put(t, "%c%s=%02u", sep, parts[i].spl, v.svn[i]);
		sep = '&';
	}
}
