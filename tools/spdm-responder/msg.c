// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of messages and errors; functions that build messages.
 */
#include <string.h>

#include "responder.h"

const struct message messages[] = {
	{ GET_VERSION, VERSION, "GET_VERSION", "VERSION" },
	{ GET_CAPABILITIES, CAPABILITIES, "GET_CAPABILITIES", "CAPABILITIES" },
	{ NEGOTIATE_ALGORITHMS, ALGORITHMS, "NEGOTIATE_ALGORITHMS", "ALGORITHMS" },
	{ GET_DIGESTS, DIGESTS, "GET_DIGESTS", "DIGESTS" },
	{ GET_CERTIFICATE, CERTIFICATE, "GET_CERTIFICATE", "CERTIFICATE" },
	{ CHALLENGE, CHALLENGE_AUTH, "CHALLENGE", "CHALLENGE_AUTH" },
	{ GET_MEASUREMENTS, MEASUREMENTS, "GET_MEASUREMENTS", "MEASUREMENTS" },
	{ CHUNK_GET, CHUNK_RESPONSE, "CHUNK_GET", "CHUNK_RESPONSE" },
	{ RESPOND_IF_READY, ERROR, "RESPOND_IF_READY", "ERROR" },
};

const size_t n_messages = ARRAY_SIZE(messages);

static const struct {
	uint8_t code;
	const char *name;
} errors[] = {
	{ 0x01, "InvalidRequest" }, { 0x03, "Busy" },
	{ 0x04, "UnexpectedRequest" }, { 0x05, "Unspecified" },
	{ 0x06, "DecryptError" }, { 0x07, "UnsupportedRequest" },
	{ 0x08, "RequestInFlight" }, { 0x09, "InvalidResponseCode" },
	{ 0x0a, "SessionLimitExceeded" }, { 0x0b, "SessionRequired" },
	{ 0x0c, "ResetRequired" }, { 0x0d, "ResponseTooLarge" },
	{ 0x0e, "RequestTooLarge" }, { 0x0f, "LargeResponse" },
	{ 0x10, "MessageLost" }, { 0x11, "InvalidPolicy" },
	{ 0x12, "DataTooLarge" },
	{ 0x41, "VersionMismatch" }, { 0x42, "ResponseNotReady" },
	{ 0x43, "RequestResynch" }, { 0x44, "OperationFailed" },
	{ 0x45, "NoPendingRequests" }, { 0x46, "RequestSessionTerminated" },
	{ 0x47, "InvalidState" }, { 0xff, "VendorDefined" },
};

int message_row(uint8_t code)
{
	size_t i;

	for (i = 0; i < n_messages; i++)
		if (messages[i].req == code || messages[i].rsp == code)
			return (int)i;
	return -1;
}

int message_by_name(const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < n_messages; i++)
		if (same_name(messages[i].req_name, name, len) ||
		    same_name(messages[i].rsp_name, name, len))
			return (int)i;
	return -1;
}

const char *message_name(const uint8_t *msg, size_t len, char *tmp)
{
	int row;

	if (len < 2)
		return "EMPTY";
	row = message_row(msg[1]);
	if (row >= 0)
		return messages[row].req == msg[1] ? messages[row].req_name :
						     messages[row].rsp_name;
	snprintf(tmp, 8, "0x%02x", msg[1]);
	return tmp;
}

int error_by_name(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(errors); i++)
		if (same_name(errors[i].name, name, strlen(name)))
			return errors[i].code;
	return -1;
}

const char *error_name(uint8_t code)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(errors); i++)
		if (errors[i].code == code)
			return errors[i].name;
	return "reserved";
}

void put(struct msg *m, const void *data, size_t len)
{
	if (len > sizeof(m->data) - m->len)
		len = sizeof(m->data) - m->len;
	if (len)
		memcpy(m->data + m->len, data, len);
	m->len += len;
}

void put8(struct msg *m, unsigned int v)
{
	uint8_t b = v;

	put(m, &b, 1);
}

void put16(struct msg *m, unsigned int v)
{
	put8(m, v);
	put8(m, v >> 8);
}

void put32(struct msg *m, uint32_t v)
{
	put16(m, v);
	put16(m, v >> 16);
}
