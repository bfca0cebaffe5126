// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit test of the guests of libvirt in libccguest: descriptions in XML, reports
 * of virsh, programs. TAP on standard output.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/ctx.h>
#include <ccguest/domain.h>
#include <ccguest/program.h>
#include <ccguest/sev.h>

#include "../lib/tap.h"
#include "core/ctx.h"

/* ---- guests of libvirt ---- */

#define XML_SEV(inside)	"<domain>" inside "</domain>"
#define LAUNCH_SECURITY	"<launchSecurity type='sev'><policy>0x10</policy></launchSecurity>"

static void test_domain_texts(struct ccg_ctx *ctx)
{
	static const struct {
		const char *xml;
		/*
		 * Beginning of the reason; NULL if the description is accepted.
		 * The words of libxml2 depend on its version.
		 */
		const char *why;
	} cases[] = {
		{ XML_SEV(""), NULL },
		{ XML_SEV(LAUNCH_SECURITY), NULL },
		{ "", "line 1: " },
		{ "<domain>", "line 1: " },
		{ "<!DOCTYPE domain>" XML_SEV(""),
		  "line 1: a document type declaration (DOCTYPE) is not accepted" },
		{ XML_SEV("<os/>") "<x/>", "line 1: " },
		{ "<domainx/>", "line 1: the root element is not <domain> without a namespace" },
		{ "<d:domain xmlns:d='urn:d'/>",
		  "line 1: the root element is not <domain> without a namespace" },
		{ XML_SEV(LAUNCH_SECURITY "\n" LAUNCH_SECURITY),
		  "line 2: launchSecurity: the element occurs twice" },
		{ XML_SEV("<name>a<b/></name>"),
		  "line 1: name: expected a text without elements and comments" },
		{ XML_SEV("<vcpu>0</vcpu>"), "vcpu: expected a number of virtual CPUs" },
		{ XML_SEV("<vcpu current='0'>1</vcpu>"),
		  "vcpu: expected a number of virtual CPUs" },
		{ XML_SEV("<os><loader/><kernel></kernel></os>"), NULL },
		{ XML_SEV("<os><loader> </loader></os>"),
		  "os/loader: expected an absolute path" },
		{ XML_SEV("<os><initrd>i</initrd></os>"),
		  "os/initrd: expected an absolute path" },
	};
	struct ccg_domain *d;
	const char *why;
	bool good;
	int rc;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		rc = ccg_domain_parse(ctx, "xml", (const uint8_t *)cases[i].xml,
				      strlen(cases[i].xml), &d);
		if (!rc)
			ccg_domain_free(d);
		why = ccg_error(ctx)->why;
		good = !rc;
		if (cases[i].why)
			good = rc == -EBADMSG &&
			       !strncmp(why, cases[i].why, strlen(cases[i].why));
		ok(good, "domain: %.60s", cases[i].xml);
		if (rc)
			printf("# %s\n", why);
	}
}

static void test_domain_values(struct ccg_ctx *ctx)
{
	static const char xml[] = {
		"<domain><vcpu current=' 3 '>8</vcpu><os><nvram><source file='/n'/></nvram><cmdline>a&lt;<![CDATA[<b>]]>&#x20;c</cmdline></os><features><smm/></features><launchSecurity type='sev'><policy> 10 </policy><dhCert> </dhCert><session>A\nA</session></launchSecurity><x:os xmlns:x='urn:x'/></domain>",
	};
	const struct ccg_domain_info *i;
	struct ccg_domain_finding f;
	struct ccg_domain *d;
	size_t n = 0;

	if (ccg_domain_parse(ctx, "xml", (const uint8_t *)xml, strlen(xml), &d)) {
		ok(false, "domain: %s", ccg_error(ctx)->why);
		return;
	}
	i = ccg_domain_info(d);
	ok(i->cpus == 3 && i->has_store && i->needs_smm && !i->loader, "domain: values");
	ok(!strcmp(i->cmdline, "a<<b> c"), "domain: command line");
	ok(i->policy == 0x10, "domain: a policy is hexadecimal");
	ok(!i->has_cert && i->has_session, "domain: a blank certificate");
	while (ccg_domain_finding(d, n, &f))
		n++;
	ok(n == 4, "domain: %zu findings", n);
	ccg_domain_free(d);
}

static void test_domain_forms(void)
{
	static const struct {
		const char *machine;
		int form;
	} cases[] = {
		{ "pc-q35-9.0", CCG_VMSA_LEGACY }, { "pc-i440fx-2.12", CCG_VMSA_LEGACY },
		{ "pc-q35-9.1", CCG_VMSA_INIT2 }, { "pc-q35-10.0", CCG_VMSA_INIT2 },
		{ "q35", -1 }, { "pc-q35-rhel9.4.0", -1 }, { "pc-q35-9.1.0", -1 },
		{ "pc-q35-", -1 }, { "pc-q35-9", -1 }, { NULL, -1 },
	};
	enum ccg_vmsa_form form;
	const char *machine;
	bool good;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		machine = cases[i].machine;
		good = ccg_domain_form(machine, &form);
		if (good)
			good = (int)form == cases[i].form;
		else
			good = cases[i].form < 0;
		ok(good, "domain: machine %s", machine ? machine : "NULL");
	}
}

static void test_report(struct ccg_ctx *ctx)
{
	static const char text[] =
		"sev-measurement: AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4v\r\n"
		"sev-api-major : 1\nsev-api-minor : 2\nsev-build-id:3\nsev-policy : 4294967295";
	struct ccg_domain_report r;
	size_t len;
	int rc;

	ok(!ccg_domain_report_parse(ctx, text, strlen(text), &r) && r.has_measurement &&
	   r.measurement[47] == 0x2f && r.has_platform && r.api_major == 1 && r.api_minor == 2 &&
	   r.build == 3 && r.policy == 0xffffffff, "report: values");
	for (len = 0; len < strlen(text) - 10; len++) {
		rc = ccg_domain_report_parse(ctx, text, len, &r);
		if ((rc && rc != -EBADMSG) || (!rc && r.has_platform))
			break;
	}
	ok(len == strlen(text) - 10, "report: cut short at %zu", len);
	ok(!ccg_domain_report_parse(ctx, "", 0, &r) && !r.has_platform, "report: empty");
	ok(ccg_domain_report_parse(ctx, "sev-policy: 1\0", 14, &r) == -EBADMSG, "report: a NUL");
}

static void test_programs(struct ccg_ctx *ctx)
{
	static const struct {
		const char *script;
		int rc;
		const char *text;
	} cases[] = {
		{ "printf 12345678", 0, "12345678" },
		{ "printf 123456789", -EFBIG, "the output is longer than 8 bytes" },
		{ "echo one >&2; echo two >&2; exit 3", -EIO, "exit status 3: one two" },
		{ "kill -15 $$", -EIO, "ended by signal 15" },
		{ "exec sleep 60", -ETIMEDOUT, "no result within 1 s" },
		{ "exec sleep 60 >/dev/null 2>&1", -ETIMEDOUT, "no result within 1 s" },
		{ "cat; echo $LC_ALL", 0, "C\n" },
		/* Its own child keeps the output open. */
		{ "printf ab; sleep 3 & exit 0", 0, "ab" },
		{ "sleep 3 & echo no >&2; exit 4", -EIO, "exit status 4: no" },
		{ "printf 123456789; sleep 3 &", -EFBIG, "the output is longer than 8 bytes" },
	};
	static const char *const nothing[] = { "/nonexistent/program", NULL };
	static const char *const failing[] = { "sh", "-c", "exit 3", NULL };
	struct ccg_program p = { "test", nothing, 1, 8 };
	const char *text;
	char *buf;
	size_t len;
	int rc;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *const argv[] = { "sh", "-c", cases[i].script, NULL };

		p.argv = argv;
		rc = ccg_program_run(ctx, &p, &buf, &len);
		text = rc ? ccg_error(ctx)->why : buf;
		ok(rc == cases[i].rc && !strcmp(text, cases[i].text), "program: %s",
		   cases[i].script);
		if (!rc)
			free(buf);
	}
	signal(SIGCHLD, SIG_IGN);
	p.argv = failing;
	ok(ccg_program_run(ctx, &p, &buf, &len) == -EIO &&
	   !strcmp(ccg_error(ctx)->why, "exit status 3") &&
	   signal(SIGCHLD, SIG_DFL) == SIG_IGN, "program: SIGCHLD is ignored");
	p.argv = nothing;
	ok(ccg_program_run(ctx, &p, &buf, &len) == -ENOENT &&
	   ccg_error(ctx)->kind == CCG_UNSUPPORTED, "program: is not installed");
}

static void test_domains(void)
{
	struct ccg_ctx *ctx;

	if (ccg_ctx_new(&ctx))
		abort();
	test_domain_texts(ctx);
	test_domain_values(ctx);
	test_domain_forms();
	test_report(ctx);
	test_programs(ctx);
	ccg_ctx_free(ctx);
}

int main(void)
{
	test_domains();
	return tap_done();
}
