// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest sev args: arguments of QEMU, elements of libvirt
 *
 * Sources: QEMU qapi/qom.json, SevGuestProperties and SevSnpGuestProperties;
 * libvirt src/conf/schemas/domaincommon.rng.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd_sev_args.h"
#include "cmd_sev_launch.h"

#define QEMU_ARGS_MAX	12

/**
 * struct qemu_args - arguments of QEMU
 * @list: the options and their values; the value of an option without a value
 *	  is NULL
 * @n: their number
 */
struct qemu_args {
	struct {
		const char *name;
		char *value;
	} list[QEMU_ARGS_MAX];
	size_t n;
};

/**
 * struct text - a text that is being written
 * @f: the stream
 * @buf: the text, when the stream is closed
 * @len: its length
 */
struct text {
	FILE *f;
	char *buf;
	size_t len;
};

static void text_open(struct text *t)
{
	*t = (struct text) {};
	t->f = open_memstream(&t->buf, &t->len);
	if (!t->f)
		out_no_memory();
}

static char *text_close(struct text *t)
{
	if (fclose(t->f))
		out_no_memory();
	return t->buf;
}

static void add(struct qemu_args *q, const char *name, char *value)
{
	q->list[q->n].name = name;
	q->list[q->n++].value = value;
}

static void add_copy(struct qemu_args *q, const char *name, const char *value)
{
	char *copy;

	if (!value)
		return;
	copy = strdup(value);
	if (!copy)
		out_no_memory();
	add(q, name, copy);
}

/* A comma separates properties; two commas are a comma of the value. */
static void put_property(FILE *f, const char *name, const char *value)
{
	if (!value)
		return;
	fprintf(f, ",%s=", name);
	for (; *value; value++) {
		if (*value == ',')
			putc(',', f);
		putc(*value, f);
	}
}

static char *qemu_object(const struct sev_args *a)
{
	bool snp = a->kind == CCG_LAUNCH_SNP;
	struct text t;

	text_open(&t);
	fputs(snp ? "sev-snp-guest,id=sev0" : "sev-guest,id=sev0", t.f);
	fprintf(t.f, ",cbitpos=%" PRIu64 ",reduced-phys-bits=%" PRIu64,
		a->cbitpos, a->phys_bits);
	fprintf(t.f, ",policy=0x%" PRIx64, a->policy);
	if (a->cmd->opt[ARGS_KERNEL] || a->hashes)
		put_property(t.f, "kernel-hashes", a->hashes ? "on" : "off");
	if (a->cmd->opt[ARGS_VMSA])
		put_property(t.f, "legacy-vm-type", a->legacy ? "on" : "off");
	put_property(t.f, "dh-cert-file", a->godh_path);
	put_property(t.f, "session-file", a->session_path);
	put_property(t.f, "id-block", a->block);
	put_property(t.f, "id-auth", a->auth);
	if (a->has_author)
		put_property(t.f, "author-key-enabled", "on");
	put_property(t.f, "host-data", a->host_data);
	return text_close(&t);
}

static char *qemu_drive(const char *firmware)
{
	struct text t;

	text_open(&t);
	fputs("if=pflash,format=raw,unit=0,readonly=on", t.f);
	put_property(t.f, "file", firmware);
	return text_close(&t);
}

/* The owner of a guest with SEV or SEV-ES lets the guest run: -S. */
static void qemu_collect(const struct sev_args *a, struct qemu_args *q)
{
	const char *const *opt = a->cmd->opt;
	bool snp = a->kind == CCG_LAUNCH_SNP;
	char cpus[24];

	add_copy(q, "-machine", "confidential-guest-support=sev0");
	add(q, "-object", qemu_object(a));
	if (!snp)
		add(q, "-S", NULL);
	if (snp)
		add_copy(q, "-bios", opt[ARGS_FIRMWARE]);
	else if (opt[ARGS_FIRMWARE])
		add(q, "-drive", qemu_drive(opt[ARGS_FIRMWARE]));
	add_copy(q, "-kernel", opt[ARGS_KERNEL]);
	add_copy(q, "-initrd", opt[ARGS_INITRD]);
	add_copy(q, "-append", a->cmdline);
	/* QEMU takes 010 for 8. */
	snprintf(cpus, sizeof(cpus), "%" PRIu64, a->cpus);
	add_copy(q, "-smp", a->cpus ? cpus : NULL);
	add_copy(q, "-cpu", opt[ARGS_CPU]);
}

static void put_shell(const char *word)
{
	static const char plain[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789%+,-./:=@_";

	if (*word && strspn(word, plain) == strlen(word)) {
		fputs(word, stdout);
		return;
	}
	putchar('\'');
	for (; *word; word++) {
		if (*word == '\'')
			fputs("'\\'", stdout);
		putchar(*word);
	}
	putchar('\'');
}

static void qemu_print(const struct qemu_args *q)
{
	for (size_t i = 0; i < q->n; i++) {
		fputs(q->list[i].name, stdout);
		if (q->list[i].value) {
			putchar(' ');
			put_shell(q->list[i].value);
		}
		puts(i + 1 < q->n ? " \\" : "");
	}
}

/* Printable characters only: no control character needs an escape. */
static void put_xml(FILE *f, const char *text)
{
	for (; *text; text++) {
		if (*text == '&')
			fputs("&amp;", f);
		else if (*text == '<')
			fputs("&lt;", f);
		else if (*text == '>')
			fputs("&gt;", f);
		else
			putc(*text, f);
	}
}

static void put_element(FILE *f, const char *name, const char *value)
{
	if (!value)
		return;
	fprintf(f, "  <%s>", name);
	put_xml(f, value);
	fprintf(f, "</%s>\n", name);
}

/* QEMU takes the firmware of SNP with -bios only: type='rom'. */
static void put_os(FILE *f, const struct sev_args *a)
{
	const char *const *opt = a->cmd->opt;
	bool snp = a->kind == CCG_LAUNCH_SNP;

	if (!opt[ARGS_FIRMWARE] && !opt[ARGS_KERNEL])
		return;
	fputs("<os>\n  <type arch='x86_64' machine='q35'>hvm</type>\n", f);
	if (opt[ARGS_FIRMWARE]) {
		fprintf(f, "  <loader readonly='yes' type='%s' stateless='yes'>",
			snp ? "rom" : "pflash");
		put_xml(f, opt[ARGS_FIRMWARE]);
		fputs("</loader>\n", f);
	}
	put_element(f, "kernel", opt[ARGS_KERNEL]);
	put_element(f, "initrd", opt[ARGS_INITRD]);
	put_element(f, "cmdline", a->cmdline);
	fputs("</os>\n", f);
}

/* What the measurement covers besides launchSecurity, in the order of libvirt. */
static void put_guest(FILE *f, const struct sev_args *a)
{
	const char *const *opt = a->cmd->opt;

	if (a->cpus)
		fprintf(f, "<vcpu>%" PRIu64 "</vcpu>\n", a->cpus);
	put_os(f, a);
	if (!opt[ARGS_CPU])
		return;
	if (!strcmp(opt[ARGS_CPU], "host")) {
		fputs("<cpu mode='host-passthrough'/>\n", f);
		return;
	}
	fputs("<cpu mode='custom' match='exact'>\n  <model fallback='forbid'>", f);
	put_xml(f, opt[ARGS_CPU]);
	fputs("</model>\n</cpu>\n", f);
}

static char *libvirt_elements(const struct sev_args *a)
{
	const char *const *opt = a->cmd->opt;
	bool snp = a->kind == CCG_LAUNCH_SNP;
	struct text t;

	text_open(&t);
	put_guest(t.f, a);
	fprintf(t.f, "<launchSecurity type='%s'", snp ? "sev-snp" : "sev");
	if (opt[ARGS_KERNEL] || a->hashes)
		fprintf(t.f, " kernelHashes='%s'", a->hashes ? "yes" : "no");
	fputs(a->has_author ? " authorKey='yes'>\n" : ">\n", t.f);
	if (opt[ARGS_CBITPOS])
		fprintf(t.f, "  <cbitpos>%" PRIu64 "</cbitpos>\n", a->cbitpos);
	if (opt[ARGS_PHYS_BITS])
		fprintf(t.f, "  <reducedPhysBits>%" PRIu64 "</reducedPhysBits>\n",
			a->phys_bits);
	fprintf(t.f, "  <policy>0x%" PRIx64 "</policy>\n", a->policy);
	put_element(t.f, "dhCert", a->godh);
	put_element(t.f, "session", a->session);
	put_element(t.f, "idBlock", a->block);
	put_element(t.f, "idAuth", a->auth);
	put_element(t.f, "hostData", a->host_data);
	fputs("</launchSecurity>\n", t.f);
	return text_close(&t);
}

static void print_json(const struct sev_args *a, const struct qemu_args *q,
		       const char *element)
{
	struct json_object *o = out_json(a->cmd), *array;

	out_json_str(o, "kind", sev_kind_name(a->kind));
	out_json_hex(o, "policy", a->policy);
	if (a->cmd->opt[ARGS_KERNEL])
		out_json_bool(o, "kernel_hashes", a->hashes);
	else
		out_json_add(o, "kernel_hashes", NULL);
	if (a->libvirt) {
		out_json_add(o, "arguments", NULL);
	} else {
		array = out_json_array(o, "arguments");
		for (size_t i = 0; i < q->n; i++) {
			out_json_str(array, NULL, q->list[i].name);
			if (q->list[i].value)
				out_json_str(array, NULL, q->list[i].value);
		}
	}
	out_json_str(o, "element", element);
	out_json_add(o, "advice", json_object_get(a->advice));
	out_json_print(a->cmd, o);
}

void sev_args_print(const struct sev_args *a)
{
	struct qemu_args q = {};
	char *element = a->libvirt ? libvirt_elements(a) : NULL;

	if (!element)
		qemu_collect(a, &q);
	if (a->cmd->json)
		print_json(a, &q, element);
	else if (element)
		fputs(element, stdout);
	else
		qemu_print(&q);
	for (size_t i = 0; i < q.n; i++)
		free(q.list[i].value);
	free(element);
}
