// SPDX-License-Identifier: GPL-2.0-only
/*
 * The transcript file has the format of the recorded conversations in
 * selftests. Each message has a line with number, direction, name and sizes,
 * and then the payload in hexadecimal with the padding of DOE. All other frames
 * are comments.
 */
#include <errno.h>
#include <string.h>

#include "responder.h"

static FILE *file;
static const char *file_name;
static unsigned int number;

int transcript_open(const char *path, int argc, char **argv)
{
	int i;

	file_name = path;
	file = !strcmp(path, "-") ? stdout : fopen(path, "we");
	if (!file)
		return error("%s: %s", path, strerror(errno));
	fputs("# spdm-responder", file);
	for (i = 1; i < argc; i++)
		fprintf(file, " %s", argv[i]);
	fputs("\n# requester: unknown\n"
	      "# lines: NN dir(>req <rsp) NAME; next line = SPDM payload hex (DOE padding to dword kept at the end)\n",
	      file);
	return 0;
}

static void put_hex(const uint8_t *data, size_t len)
{
	while (len--)
		fprintf(file, "%02x", *data++);
	fputc('\n', file);
}

void transcript_note(char dir, uint32_t cmd, uint32_t type, const uint8_t *data, size_t len)
{
	if (!file)
		return;
	fprintf(file, "# %c socket cmd=%#06x transport=%u len=%zu ", dir, cmd, type, len);
	put_hex(data, len);
	fflush(file);
}

void transcript_object(char dir, const uint8_t *object, size_t len)
{
	char tmp[8];

	if (!file)
		return;
	if (len < DOE_HEADER) {
		transcript_note(dir, 1, 2, object, len);
		return;
	}
	fprintf(file, "%02u %c %s doe_vid=%04x doe_type=%02x doe_len_dw=%u payload_bytes=%zu\n",
		number++, dir, object[2] ? message_name(object + 8, len - 8, tmp) : "DOE_DISCOVERY",
		get16(object), object[2], get32(object + 4), len - 8);
	put_hex(object + 8, len - 8);
	fflush(file);
}

int transcript_close(void)
{
	int err;

	if (!file)
		return 0;
	err = ferror(file) ? EIO : 0;
	if (file != stdout && fclose(file) && !err)
		err = errno;
	file = NULL;
	return err ? error("%s: %s", file_name, strerror(err)) : 0;
}
