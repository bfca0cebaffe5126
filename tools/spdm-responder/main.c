// SPDX-License-Identifier: GPL-2.0-only
/*
 * spdm-responder: parser of the command line.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "responder.h"

enum {
	OPT_PORT = 256, OPT_SLOT, OPT_VERSIONS, OPT_ASYM, OPT_HASH, OPT_CAPS, OPT_MUTUAL,
	OPT_PORTION, OPT_OPAQUE, OPT_TRANSFER, OPT_CHUNKS, OPT_USAGE, OPT_MEASURE, OPT_DELAY,
	OPT_TRANSCRIPT, OPT_FAULT, OPT_SEED, OPT_LATER_SLOT, OPT_LATER_VERSIONS, OPT_LATER_HASH,
	OPT_ONCE, OPT_DEVICE, OPT_ALGORITHMS, OPT_VERSION,
};

static const struct option options[] = {
	{ "port", required_argument, NULL, OPT_PORT },
	{ "slot", required_argument, NULL, OPT_SLOT },
	{ "versions", required_argument, NULL, OPT_VERSIONS },
	{ "asym", required_argument, NULL, OPT_ASYM },
	{ "hash", required_argument, NULL, OPT_HASH },
	{ "capabilities", required_argument, NULL, OPT_CAPS },
	{ "mutual-auth", optional_argument, NULL, OPT_MUTUAL },
	{ "portion", required_argument, NULL, OPT_PORTION },
	{ "opaque", required_argument, NULL, OPT_OPAQUE },
	{ "transfer-size", required_argument, NULL, OPT_TRANSFER },
	{ "chunks", no_argument, NULL, OPT_CHUNKS },
	{ "key-usage", required_argument, NULL, OPT_USAGE },
	{ "measurement", required_argument, NULL, OPT_MEASURE },
	{ "delay", required_argument, NULL, OPT_DELAY },
	{ "transcript", required_argument, NULL, OPT_TRANSCRIPT },
	{ "fault", required_argument, NULL, OPT_FAULT },
	{ "seed", required_argument, NULL, OPT_SEED },
	{ "later-slot", required_argument, NULL, OPT_LATER_SLOT },
	{ "later-versions", required_argument, NULL, OPT_LATER_VERSIONS },
	{ "later-hash", required_argument, NULL, OPT_LATER_HASH },
	{ "once", no_argument, NULL, OPT_ONCE },
	{ "device", required_argument, NULL, OPT_DEVICE },
	{ "algorithms", required_argument, NULL, OPT_ALGORITHMS },
	{ "verbose", no_argument, NULL, 'v' },
	{ "quiet", no_argument, NULL, 'q' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, OPT_VERSION },
	{}
};

/* Which options belong to which command. */
static bool certs_only(int c)
{
	return c == OPT_DEVICE || c == OPT_ALGORITHMS;
}

static bool any_mode(int c)
{
	return c < 256 || c == OPT_VERSION;
}

static const struct {
	const char *name;
	uint32_t bits;
} caps[] = {
	{ "CACHE", 1u << 0 }, { "CERT", CAP_CERT }, { "CHAL", CAP_CHAL },
	{ "MEAS_NO_SIG", CAP_MEAS_NO_SIG }, { "MEAS_SIG", CAP_MEAS_SIG },
	{ "MEAS_FRESH", 1u << 5 }, { "ENCRYPT", CAP_ENCRYPT }, { "MAC", CAP_MAC },
	{ "MUT_AUTH", CAP_MUT_AUTH }, { "KEY_EX", CAP_KEY_EX }, { "PSK", CAP_PSK },
	{ "PSK_WITH_CONTEXT", 1u << 11 }, { "ENCAP", CAP_ENCAP }, { "HBEAT", CAP_HBEAT },
	{ "KEY_UPD", CAP_KEY_UPD }, { "HANDSHAKE_IN_CLEAR", CAP_HANDSHAKE_CLEAR },
	{ "PUB_KEY_ID", CAP_PUB_KEY_ID }, { "CHUNK", CAP_CHUNK },
	{ "ALIAS_CERT", 1u << 18 }, { "SET_CERT", 1u << 19 },
	{ "CSR", 1u << 20 }, { "CERT_INSTALL_RESET", 1u << 21 }, { "EP_INFO_NO_SIG", 1u << 22 },
	{ "EP_INFO_SIG", CAP_EP_INFO_SIG }, { "MEL", 1u << 24 }, { "EVENT", CAP_EVENT },
	{ "MULTI_KEY_ONLY", CAP_MULTI_KEY_ONLY }, { "MULTI_KEY_NEG", CAP_MULTI_KEY_NEG },
	{ "GET_KEY_PAIR_INFO", 1u << 28 }, { "SET_KEY_PAIR_INFO", 1u << 29 },
	{ "SET_KEY_PAIR_RESET", CAP_SET_KEY_PAIR_RESET }, { "LARGE_RESP", CAP_LARGE_RESP },
};

static void print_names(void)
{
	size_t i;

	printf("\nAlgorithms, in the order of preference:\n ");
	for (i = 0; i < n_asyms; i++)
		if (asym_exists(&asyms[i]))
			printf(" %s", asyms[i].name);
	printf("\n ");
	for (i = 0; i < n_hashes; i++)
		printf(" %s", hashes[i].name);
	printf("\n\nCapabilities (not all announced features exist):\n ");
	for (i = 0; i < ARRAY_SIZE(caps); i++)
		printf(" %s%s", caps[i].name, i % 7 == 6 ? "\n " : "");
	printf("\n\nMessages, by the name of the request or of the response:\n ");
	for (i = 0; i < n_messages - 1; i++)
		printf(" %s", messages[i].req_name);
	printf("\n\nFaults:\n");
	fault_list(stdout);
}

static const char help[] =
"Usage: spdm-responder [OPTION...]\n"
"       spdm-responder certs DIR --device=DEVICE [--algorithms=LIST]\n"
"\n"
"An SPDM responder to test requesters against, on 127.0.0.1, for QEMU's spdm_port\n"
"or anything that speaks its protocol. `certs` makes certificate chains for it.\n"
"\n"
"Options:\n"
"  --port=N                  port to listen on, default 2323; 0 is any free port\n"
"  --slot=N=CHAIN[:KEY[:ROOT]]\n"
"                            chain and key of slot N, PEM or DER; repeatable;\n"
"                            default KEY: CHAIN with .key, or leaf.key beside CHAIN;\n"
"                            ROOT: for RootHash, if CHAIN begins below its root\n"
"  --versions=LIST           1.0,1.1,1.2,1.3,1.4 (default), or a range: 1.1-1.2\n"
"  --asym=LIST               signature algorithms, default all\n"
"  --hash=LIST               hash algorithms, default all\n"
"  --capabilities=LIST       names or a number, default\n"
"                            CERT,CHAL,MEAS_SIG,LARGE_RESP\n"
"  --mutual-auth[=force]     ask for basic mutual authentication\n"
"  --portion=BYTES           largest portion of a certificate chain\n"
"  --opaque=BYTES            opaque data in signed responses, up to 1024\n"
"  --transfer-size=BYTES     own DataTransferSize, 42 to 4608\n"
"  --chunks                  large responses in chunks (CHUNK_CAP); large is above\n"
"                            either side's DataTransferSize\n"
"  --key-usage=N=MASK        KeyUsageMask of slot N, default 0xf; repeatable\n"
"  --measurement=N=TYPE[/raw|/digest]:VALUE\n"
"                            measurement N; VALUE is text or @FILE; repeatable;\n"
"                            the first one replaces the three default ones\n"
"  --delay=[MESSAGE=]MS      wait before the response; repeatable\n"
"  --transcript=FILE         write all messages into FILE; - is standard output\n"
"  --fault=NAME[@MESSAGE][:COUNT]\n"
"                            make a fault, COUNT times; repeatable\n"
"  --seed=N                  seed of the random faults\n"
"  --later-slot=N=CHAIN[:KEY[:ROOT]]\n"
"  --later-versions=LIST\n"
"  --later-hash=LIST\n"
"                            as without later-, after the first CHALLENGE_AUTH\n"
"  --once                    end after the first connection\n"
"  -v, --verbose             print each message\n"
"  -q, --quiet               print errors only\n"
"  -h, --help                print this\n"
"  --version                 print the version\n"
"\n"
"Options of certs:\n"
"  --device=VENDOR:DEVICE:CLASS:REV:SSVID:SSID[:SERIAL]\n"
"                            hexadecimal; QEMU's NVMe is 1b36:0010:010802:02:1af4:1100\n"
"  --algorithms=LIST         rsa2048 rsa3072 rsa4096 p256 p384 p521 (default), and\n"
"                            mldsa44 mldsa65 mldsa87, which need OpenSSL 3.5\n";

static int print_help(void)
{
	fputs(help, stdout);
	print_names();
	printf("\nExit status: 0 done, 1 failed, 2 usage.\n");
	return EXIT_DONE;
}

/* Parses a number from @min to @max. */
static int take_number(const char *name, const char *arg, unsigned long min, unsigned long max,
		       unsigned long *n)
{
	char *end;

	errno = 0;
	*n = strtoul(arg, &end, 0);
	if (*arg < '0' || *arg > '9' || *end || errno || *n < min || *n > max)
		return error("%s: --%s is a number from %lu to %lu", arg, name, min, max);
	return 0;
}

/* Returns the next word of a list with commas; NULL at the end. */
static const char *next_word(const char **list, size_t *len)
{
	const char *word = *list;

	if (!word)
		return NULL;
	*len = strcspn(word, ",");
	*list = word[*len] ? word + *len + 1 : NULL;
	return word;
}

static int minor_of(const char *word)
{
	return word[0] == '1' && word[1] == '.' && word[2] >= '0' && word[2] <= '0' + MINOR_MAX ?
	       word[2] - '0' : -1;
}

static int set_versions(unsigned int *versions, const char *list)
{
	const char *word, *arg = list;
	int first, last;
	size_t len;

	*versions = 0;
	while ((word = next_word(&list, &len))) {
		first = minor_of(word);
		last = len == 7 && word[3] == '-' ? minor_of(word + 4) : first;
		if ((len != 3 && len != 7) || first < 0 || last < first)
			return error("%s: --versions is a list of 1.0 to 1.%d", arg,
				     MINOR_MAX);
		for (; first <= last; first++)
			*versions |= 1u << first;
	}
	return 0;
}

static int set_asyms(struct config *cfg, const char *list)
{
	const char *word, *arg = list;
	size_t i, len, n = 0;

	while ((word = next_word(&list, &len)) && n < n_asyms) {
		for (i = 0; i < n_asyms && !same_name(asyms[i].name, word, len); i++)
			;
		if (i == n_asyms)
			return error("%s: --asym: %.*s is unknown; --help lists them", arg,
				     (int)len, word);
		if (!asym_exists(&asyms[i]))
			return pqc_missing("asym", asyms[i].name);
		cfg->asyms[n++] = &asyms[i];
	}
	cfg->asyms[n] = NULL;
	return 0;
}

static int set_hashes(const struct hash **set, const char *list)
{
	const char *word, *arg = list;
	size_t i, len, n = 0;

	while ((word = next_word(&list, &len)) && n < n_hashes) {
		for (i = 0; i < n_hashes && !same_name(hashes[i].name, word, len); i++)
			;
		if (i == n_hashes)
			return error("%s: --hash: %.*s is unknown; --help lists them", arg,
				     (int)len, word);
		set[n++] = &hashes[i];
	}
	set[n] = NULL;
	return 0;
}

static int set_caps(struct config *cfg, const char *list)
{
	const char *word, *arg = list;
	unsigned long n;
	size_t i, len;

	cfg->caps = 0;
	if (*list >= '0' && *list <= '9') {
		if (take_number("capabilities", list, 0, 0xffffffff, &n))
			return -1;
		cfg->caps = n;
		return 0;
	}
	while ((word = next_word(&list, &len))) {
		for (i = 0; i < ARRAY_SIZE(caps) && !same_name(caps[i].name, word, len); i++)
			;
		if (i == ARRAY_SIZE(caps))
			return error("%s: --capabilities: %.*s is unknown; --help lists them", arg,
				     (int)len, word);
		cfg->caps |= caps[i].bits;
	}
	return 0;
}

static int set_mutual(struct config *cfg, const char *arg)
{
	if (arg && strcmp(arg, "force"))
		return error("%s: --mutual-auth is alone or =force", arg);
	cfg->mutual = arg ? 2 : 1;
	return 0;
}

/* [MESSAGE=]MS */
static int set_delay(struct config *cfg, const char *arg)
{
	const char *eq = strchr(arg, '=');
	unsigned long ms;
	size_t i;
	int row;

	if (take_number("delay", eq ? eq + 1 : arg, 0, 3600000, &ms))
		return -1;
	if (eq) {
		row = message_by_name(arg, eq - arg);
		if (row < 0)
			return error("%s: --delay: %.*s is not a message; --help lists them", arg,
				     (int)(eq - arg), arg);
		cfg->delays[row] = ms;
		return 0;
	}
	for (i = 0; i < n_messages; i++)
		cfg->delays[i] = ms;
	return 0;
}

/* N=MASK */
static int set_usage(struct config *cfg, const char *arg)
{
	unsigned long mask;

	if (arg[0] < '0' || arg[0] >= '0' + N_SLOTS || arg[1] != '=')
		return error("%s: --key-usage is N=MASK, with N from 0 to 7", arg);
	if (take_number("key-usage", arg + 2, 0, 0xffff, &mask))
		return -1;
	cfg->key_usage[arg[0] - '0'] = mask;
	return 0;
}

/**
 * struct line - options that are not part of struct config
 * @dir: folder for the files of certs, or NULL
 * @certs: the command is `certs`
 * @device: --device
 * @algorithms: --algorithms
 * @serve_opt: an option of serving that the user gave, or NULL
 * @certs_opt: an option of certs that the user gave, or NULL
 * @tell: whether to run, or to print the help or the version instead
 */
struct line {
	const char *dir;
	bool certs;
	const char *device;
	const char *algorithms;
	const char *serve_opt;
	const char *certs_opt;
	enum { RUN, HELP, TELL_VERSION } tell;
};

static int set_number(struct config *cfg, int c, const char *arg)
{
	unsigned long n;

	switch (c) {
	case OPT_PORT:
		if (take_number("port", arg, 0, 65535, &n))
			return -1;
		cfg->port = n;
		return 0;
	case OPT_PORTION:
		if (take_number("portion", arg, 1, MSG_MAX - 8, &n))
			return -1;
		cfg->portion = n;
		return 0;
	case OPT_OPAQUE:
		if (take_number("opaque", arg, 0, OPAQUE_MAX, &n))
			return -1;
		cfg->opaque = n;
		return 0;
	case OPT_TRANSFER:
		if (take_number("transfer-size", arg, 42, OBJECT_MAX, &n))
			return -1;
		cfg->transfer_size = n;
		return 0;
	default:
		if (take_number("seed", arg, 0, ~0ul, &n))
			return -1;
		cfg->seed = n;
		return 0;
	}
}

static int set_serve_option(struct config *cfg, int c, const char *arg)
{
	switch (c) {
	case OPT_SLOT:
		return chain_load(cfg, false, arg);
	case OPT_VERSIONS:
		return set_versions(&cfg->versions, arg);
	case OPT_ASYM:
		return set_asyms(cfg, arg);
	case OPT_HASH:
		return set_hashes(cfg->hashes, arg);
	case OPT_CAPS:
		return set_caps(cfg, arg);
	case OPT_MUTUAL:
		return set_mutual(cfg, arg);
	case OPT_DELAY:
		return set_delay(cfg, arg);
	case OPT_USAGE:
		return set_usage(cfg, arg);
	case OPT_MEASURE:
		return measure_add(cfg, arg);
	case OPT_FAULT:
		return fault_add(cfg, arg);
	case OPT_LATER_SLOT:
		return chain_load(cfg, true, arg);
	case OPT_LATER_VERSIONS:
		return set_versions(&cfg->later_versions, arg);
	case OPT_LATER_HASH:
		return set_hashes(cfg->later_hashes, arg);
	case OPT_TRANSCRIPT:
		cfg->transcript = arg;
		return 0;
	case OPT_CHUNKS:
		cfg->chunks = true;
		return 0;
	case OPT_ONCE:
		cfg->once = true;
		return 0;
	default:
		return set_number(cfg, c, arg);
	}
}

static int set_option(struct config *cfg, struct line *l, int c, int index)
{
	if (!any_mode(c)) {
		if (certs_only(c))
			l->certs_opt = options[index].name;
		else
			l->serve_opt = options[index].name;
	}
	switch (c) {
	case 'v':
		verbosity = 1;
		return 0;
	case 'q':
		verbosity = -1;
		return 0;
	case 'h':
		l->tell = HELP;
		return 0;
	case OPT_VERSION:
		l->tell = TELL_VERSION;
		return 0;
	case OPT_DEVICE:
		l->device = optarg;
		return 0;
	case OPT_ALGORITHMS:
		l->algorithms = optarg;
		return 0;
	default:
		return set_serve_option(cfg, c, optarg);
	}
}

static int check_line(const struct config *cfg, const struct line *l, int words)
{
	if (l->tell)
		return 0;
	if (words > (l->certs ? 2 : 0))
		return error("too many arguments; see --help");
	if (l->certs && !l->dir)
		return error("certs: needs the name of a folder; see --help");
	if (l->certs && !l->device)
		return error("certs: needs --device, e.g. --device=1b36:0010:010802:02:1af4:1100");
	if (l->certs && l->serve_opt)
		return error("--%s: is not an option of certs", l->serve_opt);
	if (!l->certs && l->certs_opt)
		return error("--%s: is an option of certs only", l->certs_opt);
	if (!l->certs && !cfg->n_chains && cfg->caps & (CAP_CERT | CAP_CHAL))
		return error("no slot: give --slot=0=CHAIN:KEY; the command certs makes chains");
	return l->certs ? 0 : chains_check(cfg);
}

static int parse_line(struct config *cfg, struct line *l, int argc, char **argv)
{
	int c, index = 0;

	opterr = 0;
	while ((c = getopt_long(argc, argv, ":vqh", options, &index)) != -1) {
		if (c == ':')
			return error("%s: needs an argument; see --help", argv[optind - 1]);
		if (c == '?')
			return error("%s: unknown option, or takes no argument; see --help",
				     argv[optind - 1]);
		if (set_option(cfg, l, c, index))
			return -1;
	}
	l->certs = optind < argc && !strcmp(argv[optind], "certs");
	if (optind < argc && !l->certs)
		return error("%s: unknown command; see --help", argv[optind]);
	l->dir = optind + 1 < argc ? argv[optind + 1] : NULL;
	if (cfg->mutual)
		cfg->caps |= CAP_MUT_AUTH | CAP_ENCAP;
	if (cfg->chunks)
		cfg->caps |= CAP_CHUNK;
	return check_line(cfg, l, argc - optind);
}

static void set_defaults(struct config *cfg)
{
	size_t i, n = 0;

	cfg->port = 2323;
	cfg->versions = (1u << (MINOR_MAX + 1)) - 1;
	cfg->caps = CAP_CERT | CAP_CHAL | CAP_MEAS_SIG | CAP_LARGE_RESP;
	cfg->transfer_size = OBJECT_MAX;
	for (i = 0; i < N_SLOTS; i++)
		cfg->key_usage[i] = USE_DEFAULT;
	for (i = 0; i < n_asyms; i++)
		if (asym_exists(&asyms[i]))
			cfg->asyms[n++] = &asyms[i];
	for (i = 0; i < n_hashes; i++)
		cfg->hashes[i] = &hashes[i];
}

static int run(struct config *cfg, const struct line *l, int argc, char **argv)
{
	int status;

	if (l->tell == HELP)
		return print_help();
	if (l->tell == TELL_VERSION) {
		printf("spdm-responder %s\n", CCGUEST_VERSION);
		return EXIT_DONE;
	}
	if (l->certs)
		return certs(l->dir, l->device, l->algorithms) ? EXIT_FAILED : EXIT_DONE;
	if (cfg->transcript && transcript_open(cfg->transcript, argc, argv))
		return EXIT_FAILED;
	measures_default(cfg);
	status = serve(cfg);
	return transcript_close() ? EXIT_FAILED : status;
}

int main(int argc, char **argv)
{
	static struct config cfg;
	struct line l = {};
	int status = EXIT_USAGE;

	/* A write to a closed pipe must not end the process. */
	signal(SIGPIPE, SIG_IGN);
	set_defaults(&cfg);
	if (!parse_line(&cfg, &l, argc, argv))
		status = run(&cfg, &l, argc, argv);
	chains_free(&cfg);
	measures_free(&cfg);
	return out_close(status);
}
