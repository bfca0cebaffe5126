// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pin of a device: what must stay as it was at the last success.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/ctx.h>
#include <ccguest/device.h>

#include "core/ctx.h"
#include "core/io.h"
#include "env.h"
#include "pci/device.h"
#include "pci/evidence.h"

#define PIN_TEXT_MAX	4096

/* "WORD VALUE"; other lines are ignored. */
static int take_line(char *line, void *arg)
{
	struct ccg_pin *pin = arg;
	const struct {
		const char *word;
		char **value;
	} words[] = {
		{ "leaf", &pin->leaf },
		{ "device", &pin->device },
		{ "version", &pin->version },
		{ "asym_algorithm", &pin->asym },
		{ "hash_algorithm", &pin->hash },
	};
	char *value = strchr(line, ' ');
	size_t i;

	if (!value)
		return 0;
	*value++ = '\0';
	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if (strcmp(line, words[i].word) || *words[i].value)
			continue;
		*words[i].value = strdup(value);
		return *words[i].value ? 0 : -ENOMEM;
	}
	return 0;
}

/**
 * ccg_pin_get - read the pin of a device
 * @ctx: the context
 * @dev: the device
 * @pin: set; its members are NULL if there is no pin
 *
 * Return: 0 or -ENOMEM.
 */
int ccg_pin_get(struct ccg_ctx *ctx, const struct ccg_device *dev,
		struct ccg_pin *pin)
{
	return ccg_attr_lines(ctx, dev, "spdm/pin", PIN_TEXT_MAX, take_line, pin);
}

/**
 * ccg_pin_clear - free the members of a pin
 * @pin: the pin; empty afterwards
 */
void ccg_pin_clear(struct ccg_pin *pin)
{
	free(pin->leaf);
	free(pin->device);
	free(pin->version);
	free(pin->asym);
	free(pin->hash);
	*pin = (struct ccg_pin) {};
}
