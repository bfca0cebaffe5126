// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finding the places of logs: in the Device Tree, in ACPI, from the EFI stub.
 * The host controls all of them. This file does not read the memory that they
 * name; snapshot.c checks the places first.
 */
#include "cc_event_log.h"

#include <linux/acpi.h>
#include <linux/ctype.h>
#include <linux/efi.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/of_address.h>
#include <linux/string.h>

/* Add a place; NULL if there are too many. */
static struct cc_place *new_place(struct cc_places *all, enum cc_origin origin)
{
	struct cc_place *place;

	/* A Device Tree may have thousands; each prints a line. */
	if (all->seen == CC_PLACES_MAX) {
		pr_err("more than %d event logs: the others are ignored\n",
		       CC_PLACES_MAX);
		return NULL;
	}
	all->seen++;
	place = &all->places[all->n++];
	place->origin = origin;
	return place;
}

/* Drop the last place, which is malformed. */
static void drop_place(struct cc_places *all, const char *why)
{
	struct cc_place *place = &all->places[--all->n];

	pr_err("%s: refused: %s\n", place->source, why);
	memset(place, 0, sizeof(*place));
}

/* Device Tree -------------------------------------------------------------- */

/*
 * QEMU and kvmtool make the first one: a child of /reserved-memory with "reg".
 * The measurement-log document of veraison/cca-realm-measurements has the
 * second one.
 */
static const struct of_device_id dt_logs[] = {
	{ .compatible = "cc-event-log" },
	{ .compatible = "confidential-computing-event-log" },
	{ }
};
MODULE_DEVICE_TABLE(of, dt_logs);

static int read_cells(const struct device_node *np, const char *name, u64 *val)
{
	int len = 0;
	const u8 *value = of_get_property(np, name, &len);

	return value ? place_cells(value, len, val) : -ENODATA;
}

static const char *read_node(struct device_node *np, struct cc_place *place)
{
	struct resource res;

	if (of_find_property(np, "log-base", NULL)) {
		if (read_cells(np, "log-base", &place->base))
			return "log-base is not a number of one or two cells";
		if (read_cells(np, "log-size", &place->size))
			return "log-size is not a number of one or two cells";
		return NULL;
	}
	if (of_address_to_resource(np, 0, &res))
		return "no address: neither log-base nor a valid reg";
	/* Both the end and this size are computed modulo 2^64. */
	place->base = res.start;
	place->size = resource_size(&res);
	return NULL;
}

static void find_in_dt(struct cc_places *all)
{
	struct device_node *np;

	for_each_matching_node(np, dt_logs) {
		struct cc_place *place;
		const char *why;

		if (!of_device_is_available(np))
			continue;
		place = new_place(all, CC_FROM_DT);
		if (!place) {
			of_node_put(np);
			return;
		}
		scnprintf(place->source, sizeof(place->source), "dt:%pOF", np);
		for (char *c = place->source; *c; c++)
			if (!isascii(*c) || !isgraph(*c))
				*c = '?';
		why = read_node(np, place);
		if (why)
			drop_place(all, why);
	}
}

/* ACPI --------------------------------------------------------------------- */

static void find_in_acpi(struct cc_places *all)
{
	struct acpi_table_header *table;
	struct cc_place *place;
	u8 ccel[PLACE_CCEL_LEN];
	size_t len;

	if (acpi_disabled)
		return;
	/* There is one table of that name only. */
	if (ACPI_FAILURE(acpi_get_table("CCEL", 1, &table)))
		return;
	len = min_t(size_t, table->length, sizeof(ccel));
	memcpy(ccel, table, len);
	acpi_put_table(table);

	place = new_place(all, CC_FROM_ACPI);
	if (!place)
		return;
	strscpy(place->source, "acpi:CCEL", sizeof(place->source));
	if (place_ccel(ccel, len, &place->base, &place->size))
		drop_place(all, "the table is shorter than 56 bytes");
}

/* EFI ---------------------------------------------------------------------- */

static_assert(PLACE_EFI_LOG_LEN ==
	      offsetof(struct linux_efi_tpm_eventlog, log));

/*
 * The EFI stub gets a log by the TCG2 protocol, or else by the protocol for
 * confidential computing. In the kernel only a TPM driver shows this log.
 */
static void find_in_efi(struct cc_places *all)
{
	u8 table[PLACE_EFI_LOG_LEN];
	struct cc_place *place;
	int rc;

	if (!efi_enabled(EFI_CONFIG_TABLES) || !efi.tpm_log ||
	    efi.tpm_log == EFI_INVALID_TABLE_ADDR)
		return;
	place = new_place(all, CC_FROM_EFI);
	if (!place)
		return;
	strscpy(place->source, "efi:tpm-event-log", sizeof(place->source));
	rc = firmware_read(efi.tpm_log, table, sizeof(table));
	if (rc) {
		drop_place(all, rc == -ENOMEM ? "no memory to read its table" :
			   "its table is not in memory that the firmware reserved");
		return;
	}
	if (place_efi_log(table, sizeof(table), efi.tpm_log, &place->base,
			  &place->size))
		drop_place(all, "it is not in the form of TPM 2.0");
}

void cc_find_places(struct cc_places *all)
{
	if (IS_ENABLED(CONFIG_OF))
		find_in_dt(all);
	if (IS_ENABLED(CONFIG_ACPI))
		find_in_acpi(all);
	if (IS_ENABLED(CONFIG_EFI))
		find_in_efi(all);
}
