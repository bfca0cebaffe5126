// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of event types, registers, algorithms and dialects.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <ccguest/log.h>

#include "cc_log.h"
#include "core/ctx.h"

static const struct {
	const char *name;
	const char *text;
} dialects[CC_LOG_N_DIALECTS] = {
	[CC_LOG_UNDETERMINED] = { "undetermined", "undetermined" },
	[CC_LOG_TPM] = { "tpm", "TPM" },
	[CC_LOG_TPM12] = { "tpm12", "TPM 1.2" },
	[CC_LOG_CCEL] = { "ccel", "firmware of a guest without a TPM" },
	[CC_LOG_CSV] = { "csv", "Hygon CSV" },
	[CC_LOG_AGENT] = {
		"aael", "Attestation Agent of Confidential Containers"
	},
	[CC_LOG_REALM_QEMU_RFC] = {
		"realm-qemu-rfc", "Arm CCA realm, QEMU before 10"
	},
	[CC_LOG_REALM_QEMU] = {
		"realm-qemu", "Arm CCA realm, QEMU 10 and later"
	},
	[CC_LOG_REALM_KVMTOOL] = { "realm-kvmtool", "Arm CCA realm, kvmtool" },
	[CC_LOG_REALM_DOC] = {
		"realm-doc", "Arm CCA realm, measurement-log document"
	},
	[CC_LOG_REALM_BLOBS] = {
		"realm-blobs", "Arm CCA realm, without its parameters"
	},
	[CC_LOG_REALM_OTHER] = { "realm", "Arm CCA realm" },
};

static const char *const quirks[CC_LOG_N_QUIRKS] = {
	[CC_LOG_Q_ALG_0] = "a digest of NO_ACTION has algorithm 0",
	[CC_LOG_Q_NO_DIGEST] = "an event has no digest",
	[CC_LOG_Q_FEWER_DIGESTS] = "an event has fewer digests than there are algorithms",
	[CC_LOG_Q_VENDOR_BEHIND] = "vendor bytes follow the stated size of the header",
	[CC_LOG_Q_INDEX_NONE] = "an event belongs to no register",
	[CC_LOG_Q_CREATE_PAD] = "REALM_CREATE is padded",
	[CC_LOG_Q_RIPAS_ORDER] = "memory is not in ascending order",
	[CC_LOG_Q_RIPAS_OVERLAP] = "memory is declared twice",
	[CC_LOG_Q_RECS_RUNNABLE] = "more than one vCPU is runnable",
	[CC_LOG_Q_REC_STOPPED] = "a vCPU is not runnable, and so not measured",
	[CC_LOG_Q_TRAILING] = "bytes after the end are not padding",
	[CC_LOG_Q_NO_ACTION_DIGEST] = "NO_ACTION has a digest; it extends no register",
	[CC_LOG_Q_INDEX_NV] = "the index of NO_ACTION is not that of a register",
	[CC_LOG_Q_TAG_FORM] = "the data of EVENT_TAG are not a tag",
	[CC_LOG_Q_TAGS] = "EVENT_TAG has more than one tag",
	[CC_LOG_Q_LOCALITY_PAD] = "StartupLocality is padded with zeros; it sets PCR 0",
	[CC_LOG_Q_LOCALITY_FORM] = "StartupLocality is malformed; it has no effect on PCR 0",
	[CC_LOG_Q_LOCALITY_INDEX] =
		"StartupLocality is not an event of PCR 0; it has no effect on PCR 0",
	[CC_LOG_Q_LOCALITY_LATE] =
		"StartupLocality is not the first event of PCR 0; it has no effect on PCR 0",
	[CC_LOG_Q_SEPARATOR_TWICE] = "a separator more than its register can have",
	[CC_LOG_Q_SEPARATOR_AFTER] =
		"an event extends a register behind the separator that ends its events",
};

/* The profile, table 14. */
static const struct {
	uint32_t type;
	const char *name;
} types[] = {
	{ 0x00, "EV_PREBOOT_CERT" },
	{ 0x01, "EV_POST_CODE" },
	{ 0x02, "EV_UNUSED" },
	{ 0x03, "EV_NO_ACTION" },
	{ 0x04, "EV_SEPARATOR" },
	{ 0x05, "EV_ACTION" },
	{ 0x06, "EV_EVENT_TAG" },
	{ 0x07, "EV_S_CRTM_CONTENTS" },
	{ 0x08, "EV_S_CRTM_VERSION" },
	{ 0x09, "EV_CPU_MICROCODE" },
	{ 0x0a, "EV_PLATFORM_CONFIG_FLAGS" },
	{ 0x0b, "EV_TABLE_OF_DEVICES" },
	{ 0x0c, "EV_COMPACT_HASH" },
	{ 0x0d, "EV_IPL" },
	{ 0x0e, "EV_IPL_PARTITION_DATA" },
	{ 0x0f, "EV_NONHOST_CODE" },
	{ 0x10, "EV_NONHOST_CONFIG" },
	{ 0x11, "EV_NONHOST_INFO" },
	{ 0x12, "EV_OMIT_BOOT_DEVICE_EVENTS" },
	{ 0x13, "EV_POST_CODE2" },
	{ 0x80000001, "EV_EFI_VARIABLE_DRIVER_CONFIG" },
	{ 0x80000002, "EV_EFI_VARIABLE_BOOT" },
	{ 0x80000003, "EV_EFI_BOOT_SERVICES_APPLICATION" },
	{ 0x80000004, "EV_EFI_BOOT_SERVICES_DRIVER" },
	{ 0x80000005, "EV_EFI_RUNTIME_SERVICES_DRIVER" },
	{ 0x80000006, "EV_EFI_GPT_EVENT" },
	{ 0x80000007, "EV_EFI_ACTION" },
	{ 0x80000008, "EV_EFI_PLATFORM_FIRMWARE_BLOB" },
	{ 0x80000009, "EV_EFI_HANDOFF_TABLES" },
	{ 0x8000000a, "EV_EFI_PLATFORM_FIRMWARE_BLOB2" },
	{ 0x8000000b, "EV_EFI_HANDOFF_TABLES2" },
	{ 0x8000000c, "EV_EFI_VARIABLE_BOOT2" },
	{ 0x8000000d, "EV_EFI_GPT_EVENT2" },
	{ 0x80000010, "EV_EFI_HCRTM_EVENT" },
	{ 0x800000e0, "EV_EFI_VARIABLE_AUTHORITY" },
	{ 0x800000e1, "EV_EFI_SPDM_FIRMWARE_BLOB" },
	{ 0x800000e2, "EV_EFI_SPDM_FIRMWARE_CONFIG" },
	{ 0x800000e3, "EV_EFI_SPDM_DEVICE_POLICY" },
	{ 0x800000e4, "EV_EFI_SPDM_DEVICE_AUTHORITY" },
};

static const struct {
	uint16_t alg;
	const char *name;
} algs[] = {
	{ CC_ALG_SHA1, "sha1" },
	{ CC_ALG_SHA256, "sha256" },
	{ CC_ALG_SHA384, "sha384" },
	{ CC_ALG_SHA512, "sha512" },
	{ CC_ALG_SM3, "sm3_256" },
	{ CC_ALG_SHA3_256, "sha3_256" },
	{ CC_ALG_SHA3_384, "sha3_384" },
	{ CC_ALG_SHA3_512, "sha3_512" },
};

const char *ccg_log_dialect_name(const struct cc_log *log)
{
	return dialects[log->dialect].name;
}

const char *ccg_log_dialect_text(const struct cc_log *log)
{
	return dialects[log->dialect].text;
}

const char *ccg_log_quirk_text(unsigned int quirk)
{
	return quirk < CC_LOG_N_QUIRKS ? quirks[quirk] : NULL;
}

const char *ccg_log_type_name(uint32_t type)
{
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (types[i].type == type)
			return types[i].name;
	return NULL;
}

bool ccg_log_type_number(const char *name, uint64_t *type)
{
	if (!strncasecmp(name, "EV_", strlen("EV_")))
		name += strlen("EV_");
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (!strcasecmp(types[i].name + strlen("EV_"), name)) {
			*type = types[i].type;
			return true;
		}
	return false;
}

const char *ccg_log_alg_name(uint16_t alg)
{
	for (size_t i = 0; i < ARRAY_SIZE(algs); i++)
		if (algs[i].alg == alg)
			return algs[i].name;
	return NULL;
}

void ccg_log_register_name(const struct cc_log *log, uint32_t index,
			   char *text, size_t size)
{
	if (index > CC_INDEX_PCR_MAX)
		snprintf(text, size, "-");
	else if (cc_log_uses_pcrs(log))
		snprintf(text, size, "PCR %u", index);
	else if (log->is_realm)
		snprintf(text, size, index ? "REM%u" : "RIM", index - 1);
	else if (cc_log_has_alg(log, CC_ALG_SM3) || !index)
		snprintf(text, size, "MR%u", index);
	else
		snprintf(text, size, "RTMR%u", index - 1);
}

bool ccg_log_uses_pcrs(const struct cc_log *log)
{
	return cc_log_uses_pcrs(log);
}
