// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the profile says about the contents of events: tags, StartupLocality,
 * separators. Nothing here refuses an event: odd contents are a quirk.
 */
#include "cc_log_internal.h"

#define TAG_HEADER	8

static const char locality_signature[CC_LOG_SIGNATURE_LEN] = "StartupLocality";
/* TPM2_Startup() comes from locality 0 or 3; with an H-CRTM, from 4. */
#define LOCALITY_MAX	4

/* Tags --------------------------------------------------------------------- */

/**
 * cc_tag_next - get the next tag of an EVENT_TAG
 * @data: data of the event
 * @size: length of @data in bytes
 * @pos: offset of the tag; set to the offset behind the tag
 * @tag: set if the result is true
 *
 * Return: false at the end of the data, and if no whole tag is there.
 */
bool cc_tag_next(const u8 *data, size_t size, size_t *pos, struct cc_tag *tag)
{
	size_t left = size - *pos;
	const u8 *p = data + *pos;

	if (left < TAG_HEADER)
		return false;
	tag->id = get_unaligned_le32(p);
	tag->data = p + TAG_HEADER;
	tag->size = get_unaligned_le32(p + 4);
	if (tag->size > left - TAG_HEADER)
		return false;
	*pos += TAG_HEADER + tag->size;
	return true;
}

/**
 * cc_tags_count - count the tags of an EVENT_TAG
 * @data: data of the event
 * @size: length of @data in bytes
 *
 * The profile, 10.4.2.1, has one tag in an event. Some writers add more.
 *
 * Return: number of tags; 0 if the data are something else.
 */
size_t cc_tags_count(const u8 *data, size_t size)
{
	struct cc_tag tag;
	size_t pos = 0, n = 0;

	while (cc_tag_next(data, size, &pos, &tag))
		n++;
	return pos == size ? n : 0;
}

static void note_tags(struct cc_log *log, const struct cc_log_event *ev)
{
	size_t n;

	if (ev->type != CC_EV_EVENT_TAG)
		return;
	n = cc_tags_count(ev->data, ev->size);
	if (!n)
		cc_log_note(log, CC_LOG_Q_TAG_FORM, ev->data_offset);
	if (n > 1)
		cc_log_note(log, CC_LOG_Q_TAGS, ev->data_offset);
}

/* StartupLocality ---------------------------------------------------------- */

/* coreboot pads the event with zeros. */
static bool is_locality_form(const struct cc_log_event *ev)
{
	size_t end = sizeof(locality_signature) + 1;

	return ev->size >= end && ev->data[end - 1] <= LOCALITY_MAX &&
	       cc_log_is_zero(ev->data + end, ev->size - end);
}

/* The profile, 10.4.5.3. */
static void take_locality(struct cc_log *log, struct cc_log_event *ev)
{
	size_t len = sizeof(locality_signature);

	if (ev->type != CC_EV_NO_ACTION || ev->size < len ||
	    memcmp(ev->data, locality_signature, len))
		return;
	if (!is_locality_form(ev)) {
		cc_log_note(log, CC_LOG_Q_LOCALITY_FORM, ev->data_offset);
		return;
	}
	if (ev->index) {
		cc_log_note(log, CC_LOG_Q_LOCALITY_INDEX, ev->offset);
		return;
	}
	if (log->started || log->located) {
		cc_log_note(log, CC_LOG_Q_LOCALITY_LATE, ev->offset);
		return;
	}
	if (ev->size > len + 1)
		cc_log_note(log, CC_LOG_Q_LOCALITY_PAD, ev->data_offset + len + 1);
	log->located = true;
	ev->has_locality = true;
	ev->locality = ev->data[len];
}

/* Separators --------------------------------------------------------------- */

/*
 * SHA-1, TPM 1.2, or a register above 4 tell that the registers are PCRs. A log
 * that tells nothing is treated as one of measurement registers here, so that
 * nothing is flagged by mistake.
 */
static bool is_pcr_log(const struct cc_log *log)
{
	return !cc_log_is_cc(log) && (log->max_index > CC_INDEX_MR_MAX ||
				      cc_log_has_alg(log, CC_ALG_SHA1));
}

/*
 * Firmware separates each of PCR 0 to 7 once; the profile, "Procedure for Pre-OS
 * to OS-Present Transition". Measurement register 1 stands for PCR 0, 1 and 7,
 * register 2 for PCR 2 to 6; UEFI 2.10, 38.4.1.
 */
static unsigned int separators_max(const struct cc_log *log, u32 index)
{
	if (is_pcr_log(log))
		return index <= 7 ? 1 : 255;
	switch (index) {
	case 0:
		return 1;
	case 1:
		return 3;
	case 2:
		return 5;
	default:
		return 255;
	}
}

/*
 * Boot entries follow the separator of PCR 1, applications and partition tables
 * those of PCR 4 and 5, authorities that of PCR 7.
 */
static bool is_closed(const struct cc_log_event *ev)
{
	switch (ev->index) {
	case 0:
	case 2:
	case 3:
	case 6:
		return true;
	case 7:
		return ev->type != CC_EV_EFI_AUTHORITY &&
		       ev->type != CC_EV_SPDM_AUTHORITY;
	default:
		return false;
	}
}

static void note_separators(struct cc_log *log, const struct cc_log_event *ev)
{
	u8 *n;

	if (ev->type == CC_EV_NO_ACTION || ev->index > CC_INDEX_PCR_MAX)
		return;
	n = &log->separators[ev->index];
	if (ev->type == CC_EV_SEPARATOR) {
		if (*n >= separators_max(log, ev->index))
			cc_log_note(log, CC_LOG_Q_SEPARATOR_TWICE, ev->offset);
		*n += *n < 255;
	} else if (*n && is_pcr_log(log) && is_closed(ev)) {
		cc_log_note(log, CC_LOG_Q_SEPARATOR_AFTER, ev->offset);
	}
}

/**
 * cc_log_content - note the odd contents of an event
 * @log: the log
 * @ev: the event; its locality is set
 */
void cc_log_content(struct cc_log *log, struct cc_log_event *ev)
{
	note_tags(log, ev);
	take_locality(log, ev);
	note_separators(log, ev);
	if (ev->type != CC_EV_NO_ACTION && !ev->index)
		log->started = true;
}
