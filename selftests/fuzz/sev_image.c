// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the input is a firmware image.
 *
 * Checks that the tables of an accepted image are inside of the image, and that
 * the offset of a fault is.
 */
#include <errno.h>

#include "sev/image.h"
#include "fuzz.h"

static void check_metadata(struct ccg_sev_image *img, const u8 *buf, size_t len)
{
	struct sev_fault fault = {};
	struct ccg_sev_section s;
	u64 all = 0;
	int rc = ccg_sev_metadata_parse(img, buf, len, &fault);

	require(!rc || (rc == -EBADMSG && fault.what && fault.offset < len));
	if (rc)
		return;
	require(img->sections <= len);
	require(img->n_sections <= (len - img->sections) / 12);
	for (u32 i = 0; i < img->n_sections; i++) {
		s = ccg_sev_section_at(img, buf, i);
		require(s.size && !(s.address % SEV_PAGE) && !(s.size % SEV_PAGE));
		require((u64)s.address + s.size <= 1ULL << 32);
		all += s.size;
	}
	require(all <= 1ULL << 32);
}

int LLVMFuzzerTestOneInput(const u8 *buf, size_t len)
{
	struct sev_fault fault = {};
	struct ccg_sev_image img;
	int rc = ccg_sev_image_parse(&img, buf, len, &fault);
	size_t vars = ccg_sev_vars_len(buf, len);

	require(!rc || (rc == -EBADMSG && fault.what && fault.offset < len));
	require(!vars || (vars < len && !(vars % SEV_PAGE)));
	require(!ccg_sev_is_igvm(buf, len) || buf[0] == 'I');
	if (rc)
		return 0;
	require(img.has_table || !(img.has_reset || img.has_metadata ||
				   img.secret.present || img.hashes.present));
	if (img.has_metadata)
		check_metadata(&img, buf, len);
	return 0;
}
