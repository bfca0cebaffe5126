// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of lib/x509_cma.c and lib/x509_text.c. The tests build subject
 * alternative names byte by byte; test_x509_walk.c has those of OpenSSL.
 */
#include "../../lib/x509_cma.h"
#include "../../lib/x509_text.h"
#include "tap.h"

#include <stdlib.h>

#define DETAIL 64

/* otherName 2.23.147 with a UTF8String of @len bytes, 128 to 200. */
static size_t put_name(u8 *buf, const void *name, size_t len)
{
	const u8 head[] = {
		0xa0, 0x81, len + 11, 0x06, 3, 0x67, 0x81, 0x13,
		0xa0, 0x81, len + 3, 0x0c, 0x81, len,
	};

	memcpy(buf, head, sizeof(head));
	memcpy(buf + sizeof(head), name, len);
	return sizeof(head) + len;
}

static void test_details(void)
{
	u8 san[300], name[150];
	struct x509_cert cert = { .raw = san, .san = san };
	struct x509_fault fault;
	char *detail = malloc(DETAIL), want[200];
	int rc;

	memset(name, 0x1b, sizeof(name));
	memset(want, 'x', sizeof(want) - 1);
	want[sizeof(want) - 1] = '\0';

	cert.san_len = put_name(san, name, sizeof(name));
	rc = x509_check_cma_name(&cert, "this", &fault, detail, DETAIL);
	ok(rc == -EKEYREJECTED && strlen(detail) < DETAIL &&
	   !strncmp(detail, "expected this, found \\x1b", 25) &&
	   !strcmp(detail + strlen(detail) - 4, "\\x1b"),
	   "a long name that is found is cut between two characters");
	rc = x509_check_cma_name(&cert, want, &fault, detail, DETAIL);
	ok(rc == -EKEYREJECTED && strlen(detail) == DETAIL - 1,
	   "a long name that is expected is cut");

	cert.san_len = put_name(san, want, 199);
	detail[0] = '\0';
	rc = x509_check_cma_name(&cert, want, &fault, detail, DETAIL);
	ok(!rc && !detail[0], "the expected name is accepted, without a detail");
	san[12] = 0x16;
	rc = x509_check_cma_name(&cert, want, &fault, detail, DETAIL);
	ok(rc == -EBADMSG && !detail[0] && !strcmp(fault.field, "otherName"),
	   "no string of that kind: malformed");

	cert.san = NULL;
	rc = x509_check_cma_name(&cert, "this", &fault, detail, DETAIL);
	ok(rc == -EKEYREJECTED && !strcmp(detail, "expected this") &&
	   !strcmp(fault.what, "Leaf certificate has no Subject Alternative Name"),
	   "no name at all: the one that is expected");
	free(detail);
}

int main(void)
{
	test_details();
	return tap_done();
}
