// SPDX-License-Identifier: GPL-2.0-only
/*
 * The firmware of SEV in software, for tests: a platform with a certificate
 * chain, which starts a guest, measures, and decrypts secrets. Written from the
 * SEV API (55766); shares no code with libccguest. Its ASK and ARK are not AMD's.
 *
 *	soft-psp platform DIR [rome]
 *		makes a platform in DIR: sev.chain, ca.chain, cek.cert, keys; its ASK
 *		and ARK have the form of Naples, or of Rome and later
 *	soft-psp command DIR NUMBER
 *		a command of <linux/psp-sev.h>; see soft-psp-platform.c
 *	soft-psp start DIR GODH SESSION POLICY
 *		LAUNCH_START with files in base64; keeps the keys in DIR
 *	soft-psp measure DIR DIGEST API_MAJOR API_MINOR BUILD
 *		LAUNCH_MEASURE: prints MAC and nonce in base64
 *	soft-psp attest DIR NONCE
 *		ATTESTATION with a nonce in base64: prints the report in base64
 *	soft-psp secret DIR HEADER PAYLOAD
 *		LAUNCH_SECRET with files in base64: writes the table to standard
 *		output
 *
 * Exit status: 0; 1 if the firmware would refuse, with one line on standard
 * error; 2 for other failures.
 */
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

#include "soft-psp.h"

const char *dir;

_Noreturn void die(const char *what)
{
	fprintf(stderr, "soft-psp: %s\n", what);
	exit(2);
}

_Noreturn void refuse(const char *why)
{
	fprintf(stderr, "soft-psp: %s\n", why);
	exit(1);
}

void le32(u8 *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = v >> (8 * i);
}

uint32_t get32(const u8 *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}

/* ---- files ---- */

FILE *open_in_dir(const char *name, const char *mode)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, mode);
	if (!f)
		die(path);
	return f;
}

void save(const char *name, const void *buf, size_t len)
{
	FILE *f = open_in_dir(name, "wb");

	if (fwrite(buf, 1, len, f) != len || fclose(f))
		die(name);
}

void load(const char *name, void *buf, size_t len)
{
	FILE *f = open_in_dir(name, "rb");

	if (fread(buf, 1, len, f) != len)
		die(name);
	fclose(f);
}

/* Reads base64 from a file, as QEMU and libvirt do. */
static size_t load_base64(const char *path, u8 *buf, size_t max)
{
	static char text[65536];
	FILE *f = fopen(path, "r");
	size_t n, pad = 0;
	int len;

	if (!f)
		die(path);
	n = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	while (n && text[n - 1] == '\n')
		n--;
	while (pad < 2 && n > pad && text[n - 1 - pad] == '=')
		pad++;
	if (n % 4 || n / 4 * 3 > max + 2)
		die(path);
	len = EVP_DecodeBlock(buf, (u8 *)text, n);
	if (len < 0)
		die("not base64");
	return len - pad;
}

static void print_base64(const u8 *buf, size_t len)
{
	char text[512];

	EVP_EncodeBlock((u8 *)text, buf, len);
	puts(text);
}

/* ---- launch ---- */

/**
 * struct guest - what the firmware keeps of a guest
 * @tek: Transport Encryption Key
 * @tik: Transport Integrity Key
 * @policy: policy of the guest
 * @measure: the measurement
 * @digest: the launch digest
 */
struct guest {
	u8 tek[16];
	u8 tik[16];
	u8 policy[4];
	u8 measure[32];
	u8 digest[32];
};

static void mac(const u8 *key, size_t key_len, const void *msg, size_t len, u8 *out)
{
	unsigned int n;

	if (!HMAC(EVP_sha256(), key, key_len, msg, len, out, &n) || n != 32)
		die("HMAC");
}

static void derive(const u8 *key, size_t key_len, const char *label, const u8 *context,
		   size_t context_len, u8 *out)
{
	size_t n = strlen(label);
	u8 msg[64] = { 1 }, block[32];

	memcpy(msg + 4, label, n);
	if (context_len)
		memcpy(msg + 4 + n + 1, context, context_len);
	le32(msg + 4 + n + 1 + context_len, 128);
	mac(key, key_len, msg, 4 + n + 1 + context_len + 4, block);
	memcpy(out, block, 16);
}

static void decrypt(const u8 *key, const u8 *iv, const u8 *in, int len, u8 *out)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int n;

	if (!ctx || EVP_DecryptInit_ex(ctx, EVP_aes_128_ctr(), NULL, key, iv) != 1 ||
	    EVP_DecryptUpdate(ctx, out, &n, in, len) != 1 || n != len)
		die("AES");
	EVP_CIPHER_CTX_free(ctx);
}

EVP_PKEY *cert_key(const u8 *cert)
{
	u8 point[97] = { 4 };
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	char curve[] = "P-384";
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string("group", curve, 0),
		OSSL_PARAM_construct_octet_string("pub", point, sizeof(point)),
		OSSL_PARAM_construct_end(),
	};
	EVP_PKEY *key = NULL;

	for (int i = 0; i < 48; i++) {
		point[1 + i] = cert[20 + 47 - i];
		point[49 + i] = cert[92 + 47 - i];
	}
	if (!ctx || EVP_PKEY_fromdata_init(ctx) != 1)
		die("key");
	if (EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
		key = NULL;
	EVP_PKEY_CTX_free(ctx);
	return key;
}

static void check_godh(const u8 *g, size_t len)
{
	if (len != CERT)
		refuse("the owner's certificate has another length");
	if (get32(g) != 1 || get32(g + 8) != 0x1003 || get32(g + 12) != 3 || get32(g + 16) != 2)
		refuse("the owner's certificate has other fields");
	if (get32(g + 0x414) != 0x1000 || get32(g + 0x61c) != 0x1000)
		refuse("the owner's certificate is signed");
}

static void shared_secret(const u8 *godh, u8 z[48])
{
	FILE *f = open_in_dir("pdh.key", "r");
	EVP_PKEY *own = PEM_read_PrivateKey(f, NULL, NULL, NULL), *peer = cert_key(godh);
	EVP_PKEY_CTX *ctx = own ? EVP_PKEY_CTX_new(own, NULL) : NULL;
	size_t len = 48;

	fclose(f);
	if (!peer)
		refuse("the owner's key is not a point of P-384");
	if (!ctx || EVP_PKEY_derive_init(ctx) != 1 || EVP_PKEY_derive_set_peer(ctx, peer) != 1 ||
	    EVP_PKEY_derive(ctx, z, &len) != 1 || len != 48)
		die("ECDH");
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(own);
	EVP_PKEY_free(peer);
}

static void start(const char *godh_file, const char *session_file, const char *policy)
{
	u8 godh[CERT + 3], s[128 + 3], z[48], master[16], kek[16], kik[16], m[32], keys[32];
	struct guest g = {};

	check_godh(godh, load_base64(godh_file, godh, CERT));
	if (load_base64(session_file, s, 128) != 128)
		refuse("the session has another length");
	shared_secret(godh, z);
	derive(z, 48, "sev-master-secret", s, 16, master);
	derive(master, 16, "sev-kek", NULL, 0, kek);
	derive(master, 16, "sev-kik", NULL, 0, kik);
	mac(kik, 16, s + 16, 32, m);
	if (memcmp(m, s + 64, 32))
		refuse("the MAC of the wrapped keys is wrong");
	decrypt(kek, s + 48, s + 16, 32, keys);
	memcpy(g.tek, keys, 16);
	memcpy(g.tik, keys + 16, 16);
	le32(g.policy, strtoul(policy, NULL, 0));
	mac(g.tik, 16, g.policy, 4, m);
	if (memcmp(m, s + 96, 32))
		refuse("the MAC of the policy is wrong");
	save("guest", &g, sizeof(g));
}

static void measure(const char *digest, char **version)
{
	u8 msg[8 + 32 + 16] = { 4 }, out[48];
	struct guest g;
	size_t len;

	load("guest", &g, sizeof(g));
	for (int i = 0; i < 3; i++)
		msg[1 + i] = strtoul(version[i], NULL, 0);
	memcpy(msg + 4, g.policy, 4);
	if (!OPENSSL_hexstr2buf_ex(msg + 8, 32, &len, digest, '\0') || len != 32)
		die("the digest has 64 digits");
	if (RAND_bytes(out + 32, 16) != 1)
		die("random bytes");
	memcpy(msg + 40, out + 32, 16);
	mac(g.tik, 16, msg, sizeof(msg), out);
	memcpy(g.measure, out, 32);
	memcpy(g.digest, msg + 8, 32);
	save("guest", &g, sizeof(g));
	print_base64(out, sizeof(out));
}

static void attest(const char *nonce)
{
	u8 report[208] = {}, bytes[18];
	struct guest g;

	load("guest", &g, sizeof(g));
	if (strlen(nonce) != 24 || EVP_DecodeBlock(bytes, (const u8 *)nonce, 24) != 18)
		die("a nonce has 16 bytes");
	memcpy(report, bytes, 16);
	memcpy(report + 16, g.digest, 32);
	memcpy(report + 48, g.policy, 4);
	le32(report + 52, 0x1002);
	le32(report + 56, 2);
	sign_with_pek(report, 52, report + 64);
	print_base64(report, sizeof(report));
}

static void secret(const char *header_file, const char *payload_file)
{
	static u8 payload[16384 + 3], table[16384], msg[1 + 4 + 16 + 8 + 16384 + 32];
	u8 header[52 + 3], m[32];
	struct guest g;
	size_t len;

	load("guest", &g, sizeof(g));
	if (load_base64(header_file, header, 52) != 52)
		refuse("the header has another length");
	len = load_base64(payload_file, payload, 16384);
	if (!len || len % 16 || len > 16384)
		refuse("the length of the payload is not a multiple of 16, 16384 at most");
	if (get32(header))
		refuse("flags are set");
	msg[0] = 1;
	memcpy(msg + 1, header, 20);
	le32(msg + 21, len);
	le32(msg + 25, len);
	memcpy(msg + 29, payload, len);
	memcpy(msg + 29 + len, g.measure, 32);
	mac(g.tik, 16, msg, 29 + len + 32, m);
	if (memcmp(m, header + 20, 32))
		refuse("the MAC of the packet is wrong");
	decrypt(g.tek, header + 4, payload, len, table);
	if (fwrite(table, 1, len, stdout) != len || fflush(stdout))
		die("standard output");
}

int main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[1] : "";

	dir = argv[2];
	if (!strcmp(what, "platform") && argc == 3)
		platform(0);
	else if (!strcmp(what, "platform") && argc == 4 && !strcmp(argv[3], "rome"))
		platform(1);
	else if (!strcmp(what, "command") && argc == 4)
		command(strtoul(argv[3], NULL, 0));
	else if (!strcmp(what, "start") && argc == 6)
		start(argv[3], argv[4], argv[5]);
	else if (!strcmp(what, "measure") && argc == 7)
		measure(argv[3], argv + 4);
	else if (!strcmp(what, "attest") && argc == 4)
		attest(argv[3]);
	else if (!strcmp(what, "secret") && argc == 5)
		secret(argv[3], argv[4]);
	else
		die("usage: soft-psp platform|command|start|measure|attest|secret DIR ...");
	return 0;
}
