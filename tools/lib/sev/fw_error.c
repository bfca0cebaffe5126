// SPDX-License-Identifier: GPL-2.0-only
/*
 * The errors of the firmware of SEV: names, meanings, and what to do.
 *
 * SEV API (55766), appendix "Status codes"; SNP firmware ABI (56860).
 */
#include "core/ctx.h"
#include "sev/answer.h"

#define UPDATE	"update the BIOS, or the firmware in /lib/firmware/amd, and restart the host"

static const struct sev_fw_error errors[] = {
	{ 0x01, "INVALID_PLATFORM_STATE", "the platform is in another state",
	  "stop all guests with SEV, and load the module ccp again" },
	{ 0x02, "INVALID_GUEST_STATE", "the guest is in another state", NULL },
	{ 0x03, "INVALID_CONFIG", "the configuration of the platform is invalid",
	  "check the settings of SEV in the BIOS" },
	{ SEV_FW_INVALID_LEN, "INVALID_LEN", "a buffer is too small",
	  "the firmware is newer than this version of ccguest" },
	{ 0x05, "ALREADY_OWNED", "the platform has an owner",
	  "ccguest sev reset removes the owner" },
	{ 0x06, "INVALID_CERTIFICATE", "a certificate is invalid",
	  "make a new key and certificate with ccguest sev generate" },
	{ 0x07, "POLICY_FAILURE", "the guest's policy does not allow this", NULL },
	{ 0x08, "INACTIVE", "the guest is inactive", NULL },
	{ 0x09, "INVALID_ADDRESS", "an address is invalid", NULL },
	{ 0x0a, "BAD_SIGNATURE", "a signature is wrong",
	  "the key must be the one of the certificate" },
	{ 0x0b, "BAD_MEASUREMENT", "a measurement is wrong", NULL },
	{ 0x0c, "ASID_OWNED", "the ASID is in use", NULL },
	{ 0x0d, "INVALID_ASID", "the ASID is invalid", NULL },
	{ 0x0e, "WBINVD_REQUIRED", "the caches must be flushed", NULL },
	{ 0x0f, "DFFLUSH_REQUIRED", "the data fabric must be flushed", NULL },
	{ 0x10, "INVALID_GUEST", "there is no such guest", NULL },
	{ 0x11, "INVALID_COMMAND", "the firmware does not know the command",
	  UPDATE },
	{ 0x12, "ACTIVE", "the guest is active", NULL },
	{ 0x13, "HWERROR_PLATFORM", "the hardware has a fault",
	  "restart the host" },
	{ 0x14, "HWERROR_UNSAFE",
	  "the hardware has a fault, and the memory is not safe",
	  "restart the host" },
	{ 0x15, "UNSUPPORTED", "the firmware does not support this", UPDATE },
	{ 0x16, "INVALID_PARAM", "a parameter is invalid", NULL },
	{ 0x17, "RESOURCE_LIMIT", "the firmware has no more resources",
	  "stop guests with SEV" },
	{ 0x18, "SECURE_DATA_INVALID", "the stored data of the platform are damaged",
	  "ccguest sev reset makes new data" },
	{ 0x19, "INVALID_PAGE_SIZE", "a page has another size", NULL },
	{ 0x1a, "INVALID_PAGE_STATE", "a page is in another state", NULL },
	{ 0x1b, "INVALID_MDATA_ENTRY", "the metadata of a page are invalid", NULL },
	{ 0x1c, "INVALID_PAGE_OWNER", "a page belongs to another guest", NULL },
	{ 0x1d, "AEAD_OFLOW", "a counter of messages overflowed", NULL },
	{ 0x1f, "EXIT_RING_BUFFER", "the firmware left the mode of the ring buffer",
	  NULL },
	{ 0x20, "RMP_INIT_REQUIRED", "the reverse map table was not initialized",
	  "enable SEV-SNP in the BIOS, and restart the host" },
	{ 0x21, "BAD_SVN", "the security version of the firmware is too low",
	  NULL },
	{ 0x22, "BAD_VERSION", "the version of the firmware is too low", NULL },
	{ 0x23, "SHUTDOWN_REQUIRED", "the platform must be shut down first",
	  "load the module ccp again" },
	{ 0x24, "UPDATE_FAILED", "the update of the firmware failed", NULL },
	{ 0x25, "RESTORE_REQUIRED", "the committed firmware must be restored",
	  "restart the host" },
	{ 0x26, "RMP_INITIALIZATION_FAILED",
	  "the initialization of the reverse map table failed",
	  "restart the host" },
	{ 0x27, "INVALID_KEY", "the key does not exist", NULL },
	{ 0x28, "SHUTDOWN_INCOMPLETE", "the platform was not shut down completely",
	  "restart the host" },
	{ 0x30, "INCORRECT_BUFFER_LENGTH", "a buffer has another length", NULL },
	{ 0x31, "EXPAND_BUFFER_LENGTH_REQUEST", "a buffer is too small", NULL },
	{ 0x32, "SPDM_REQUEST", "the firmware waits for a device", NULL },
	{ 0x33, "SPDM_ERROR", "a device answered with an error", NULL },
};

/**
 * ccg_sev_fw_error_at - get an error by its place in the list
 * @i: the place, from 0
 *
 * Return: the error, NULL after the last.
 */
const struct sev_fw_error *ccg_sev_fw_error_at(size_t i)
{
	return i < ARRAY_SIZE(errors) ? &errors[i] : NULL;
}

/**
 * ccg_sev_fw_error - find an error of the firmware
 * @code: its number
 *
 * Return: the error; NULL if it is not known.
 */
const struct sev_fw_error *ccg_sev_fw_error(uint32_t code)
{
	for (size_t i = 0; i < ARRAY_SIZE(errors); i++)
		if (errors[i].code == code)
			return &errors[i];
	return NULL;
}
