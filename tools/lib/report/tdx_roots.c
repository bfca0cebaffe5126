// SPDX-License-Identifier: GPL-2.0-only
/*
 * The root of Intel above the certificates of quotes of TDX.
 */
#include "report/tdx_verify.h"

/* SHA-256 of certificates in DER. */
static const char *const roots[] = {
	/* Intel SGX Root CA, 2018 to 2049 */
	"44a0196b2b99f889b8e149e95b807a350e7424964399e885a7cbb8ccfab674d3",
};

/**
 * ccg_tdx_root_at - get the hash of a root
 * @i: number of the root
 *
 * Return: SHA-256 of its certificate in DER, in hexadecimal; NULL if there are no
 * more roots.
 */
const char *ccg_tdx_root_at(size_t i)
{
	return i < ARRAY_SIZE(roots) ? roots[i] : NULL;
}
