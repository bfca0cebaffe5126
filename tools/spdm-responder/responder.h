/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * spdm-responder: an SPDM responder for people who write requesters.
 *
 * Written against DSP0274 (SPDM 1.0 to 1.3). It shares no code with lib/, so
 * that a misreading of the specification does not cancel itself out.
 */
#ifndef RESPONDER_H
#define RESPONDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <openssl/evp.h>

#ifndef __printf
#define __printf(fmt, args)	__attribute((__format__(printf, fmt, args)))
#endif
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

enum { EXIT_DONE, EXIT_FAILED, EXIT_USAGE };

/* QEMU takes no more than this in one reply, the DOE header included. */
#define OBJECT_MAX	0x1200
#define DOE_HEADER	8
#define MSG_MAX		(OBJECT_MAX - DOE_HEADER)

#define N_SLOTS		8
#define N_CHAINS	64
#define N_FAULTS	32
#define HASH_MAX	64
#define NONCE_LEN	32
#define CONTEXT_LEN	8
#define OPAQUE_MAX	1024

/* DSP0274, table "SPDM request codes" and "SPDM response codes". */
enum {
	DIGESTS = 0x01, CERTIFICATE = 0x02, CHALLENGE_AUTH = 0x03,
	VERSION = 0x04, MEASUREMENTS = 0x60, CAPABILITIES = 0x61,
	ALGORITHMS = 0x63, ERROR = 0x7f,
	GET_DIGESTS = 0x81, GET_CERTIFICATE = 0x82, CHALLENGE = 0x83,
	GET_VERSION = 0x84, GET_MEASUREMENTS = 0xe0, GET_CAPABILITIES = 0xe1,
	NEGOTIATE_ALGORITHMS = 0xe3, RESPOND_IF_READY = 0xff,
};

/* DSP0274, table "Error code and error data". */
enum {
	E_INVALID_REQUEST = 0x01, E_UNEXPECTED_REQUEST = 0x04,
	E_UNSPECIFIED = 0x05, E_UNSUPPORTED_REQUEST = 0x07,
	E_RESPONSE_TOO_LARGE = 0x0d, E_LARGE_RESPONSE = 0x0f,
	E_VERSION_MISMATCH = 0x41, E_RESPONSE_NOT_READY = 0x42,
};

/* DSP0274, table "Flag fields definitions for the Responder". */
#define CAP_CERT		0x00000002u
#define CAP_CHAL		0x00000004u
#define CAP_MEAS_NO_SIG		0x00000008u
#define CAP_MEAS_SIG		0x00000010u
#define CAP_MEAS		0x00000018u
#define CAP_MUT_AUTH		0x00000100u
#define CAP_MULTI_KEY_ONLY	0x04000000u
#define CAP_MULTI_KEY_NEG	0x08000000u
#define CAP_MULTI_KEY		0x0c000000u

/**
 * struct asym - a signature algorithm
 * @name: what it is called on the command line
 * @bit: in BaseAsymAlgo
 * @type: EVP_PKEY_RSA or EVP_PKEY_EC
 * @bits: size of the key
 * @sig_len: bytes of a signature
 * @pss: RSA with PSS padding
 */
struct asym {
	const char *name;
	uint32_t bit;
	int type;
	int bits;
	size_t sig_len;
	bool pss;
};

/**
 * struct hash - a hash algorithm
 * @name: what it is called on the command line
 * @bit: in BaseHashAlgo
 * @md: what OpenSSL calls it
 * @size: bytes of a digest
 */
struct hash {
	const char *name;
	uint32_t bit;
	const char *md;
	size_t size;
};

/**
 * struct chain - a certificate chain for a slot
 * @slot: the slot
 * @der: the certificates, as they are sent
 * @len: bytes of them
 * @root_len: bytes of the first certificate
 * @key: the leaf's private key
 */
struct chain {
	unsigned int slot;
	uint8_t *der;
	size_t len;
	size_t root_len;
	EVP_PKEY *key;
};

/**
 * struct fault - a fault to make
 * @kind: row in the table of faults
 * @row: only in this row of the table of messages; -1 for all
 * @code: error code to answer with
 * @left: how often; negative for always
 */
struct fault {
	const struct fault_kind *kind;
	int row;
	uint8_t code;
	long left;
};

/**
 * struct config - what the command line asks for
 * @port: to listen on
 * @versions: bit n for SPDM 1.n
 * @asyms: in the order of preference, ends with NULL
 * @hashes: in the order of preference, ends with NULL
 * @caps: capability flags
 * @mutual: 1: ask for basic mutual authentication, where both sides know it;
 *          2: always
 * @portion: bytes of a certificate portion at most
 * @opaque: bytes of opaque data
 * @chains: the certificate chains
 * @n_chains: how many
 * @faults: the faults
 * @n_faults: how many
 * @delays: milliseconds, by row in the table of messages
 * @transcript: file for the transcript, or NULL
 * @once: end with the first connection
 * @seed: for random faults
 */
struct config {
	uint16_t port;
	unsigned int versions;
	const struct asym *asyms[16];
	const struct hash *hashes[16];
	uint32_t caps;
	int mutual;
	size_t portion;
	size_t opaque;
	struct chain chains[N_CHAINS];
	size_t n_chains;
	struct fault faults[N_FAULTS];
	size_t n_faults;
	unsigned int delays[16];
	const char *transcript;
	bool once;
	uint64_t seed;
};

/**
 * struct msg - a response under construction
 * @len: bytes so far
 * @data: the bytes
 * @row: row in the table of messages of the request it answers
 * @signer: the slot whose key is to sign it, or -1
 * @context_at: where the requester's context is echoed, or 0
 * @opaque_at: where the length of the opaque data is, or 0
 * @sig_at: where the signature starts, or 0
 * @what: what is to become of it
 */
struct msg {
	size_t len;
	uint8_t data[OBJECT_MAX];
	int row;
	int signer;
	size_t context_at;
	size_t opaque_at;
	size_t sig_at;
	enum { SEND, SEND_NOTHING, STALL, HANG_UP } what;
};

/**
 * struct message - a request and its response
 * @req: code of the request
 * @rsp: code of the response
 * @req_name: name of the request
 * @rsp_name: name of the response
 */
struct message {
	uint8_t req;
	uint8_t rsp;
	const char *req_name;
	const char *rsp_name;
};

/* out.c */
extern int verbosity;

/**
 * xalloc - realloc() that does not fail
 * @old: memory, or NULL
 * @size: its new size
 *
 * Return: the memory; where there is none, the process ends.
 */
void *xalloc(void *old, size_t size);

/**
 * xstrdup - strdup() that does not fail
 * @s: the string
 *
 * Return: the copy; free it with free().
 */
char *xstrdup(const char *s);

/**
 * error - print an error in one line
 * @fmt: format of the error, and its arguments
 *
 * Return: -1.
 */
__printf(1, 2) int error(const char *fmt, ...);

/**
 * note - print a note in one line
 * @level: 0 to print it unless -q was given, 1 to print it with -v
 * @fmt: format of the note, and its arguments
 */
__printf(2, 3) void note(int level, const char *fmt, ...);

/**
 * out_close - flush and close standard output
 * @status: the exit status so far
 *
 * Return: @status; EXIT_FAILED where @status is 0 and the output could not be written.
 */
int out_close(int status);

/* msg.c */
static inline uint16_t get16(const uint8_t *p)
{
	return p[0] | p[1] << 8;
}

static inline uint32_t get32(const uint8_t *p)
{
	return get16(p) | (uint32_t)get16(p + 2) << 16;
}

static inline void set16(uint8_t *p, unsigned int v)
{
	p[0] = v;
	p[1] = v >> 8;
}

static inline void set32(uint8_t *p, uint32_t v)
{
	set16(p, v);
	set16(p + 2, v >> 16);
}

extern const struct message messages[];
extern const size_t n_messages;
/**
 * message_row - find a message by the code of its request or response
 * @code: the code
 *
 * Return: its row in messages[]; -1 for an unknown code.
 */
int message_row(uint8_t code);

/**
 * message_by_name - find a message by name
 * @name: the name
 * @len: length of @name
 *
 * Return: its row in messages[]; -1 for an unknown name.
 */
int message_by_name(const char *name, size_t len);

/**
 * message_name - name a message for people
 * @msg: the message
 * @len: its length in bytes
 * @tmp: room for eight characters
 *
 * Return: the name; for an unknown code, the code in @tmp.
 */
const char *message_name(const uint8_t *msg, size_t len, char *tmp);

/**
 * put - append bytes to a response
 * @m: the response
 * @data: the bytes
 * @len: their number
 *
 * Bytes beyond OBJECT_MAX are dropped. A caller whose response could be that long
 * checks its length.
 */
void put(struct msg *m, const void *data, size_t len);

/**
 * put8 - append a byte to a response
 * @m: the response
 * @v: the value
 */
void put8(struct msg *m, unsigned int v);

/**
 * put16 - append two bytes to a response, little endian
 * @m: the response
 * @v: the value
 */
void put16(struct msg *m, unsigned int v);

/**
 * put32 - append four bytes to a response, little endian
 * @m: the response
 * @v: the value
 */
void put32(struct msg *m, uint32_t v);

/**
 * error_by_name - find an error code by name
 * @name: the name
 *
 * Return: the code; -1 for an unknown name.
 */
int error_by_name(const char *name);

/**
 * error_name - name an error code
 * @code: the code
 *
 * Return: the name.
 */
const char *error_name(uint8_t code);

/* alg.c */
extern const struct asym asyms[];
extern const struct hash hashes[];
extern const size_t n_asyms, n_hashes;
/**
 * same_name - compare the name of an algorithm
 * @a: the name
 * @b: what the user wrote
 * @len: length of @b
 *
 * Return: whether both are the same name. Upper and lower case are the same, and "-" and
 * "_" are ignored: ECDSA_P256, SHA_256.
 */
bool same_name(const char *a, const char *b, size_t len);

/**
 * key_fits - find out whether a key fits a signature algorithm
 * @asym: the algorithm
 * @key: the key
 *
 * Return: whether the key can sign with @asym.
 */
bool key_fits(const struct asym *asym, const EVP_PKEY *key);

/**
 * hash_new() - allocate a hash context
 *
 * Return: the context; free it with EVP_MD_CTX_free().
 */
EVP_MD_CTX *hash_new(void);

/**
 * hash_start - start a hash
 * @ctx: the context
 * @hash: the algorithm
 */
void hash_start(EVP_MD_CTX *ctx, const struct hash *hash);

/**
 * hash_add - add bytes to a hash
 * @ctx: the context
 * @data: the bytes
 * @len: their number
 */
void hash_add(EVP_MD_CTX *ctx, const void *data, size_t len);

/**
 * hash_end - end a hash
 * @ctx: the context
 * @digest: set to the digest
 */
void hash_end(EVP_MD_CTX *ctx, uint8_t *digest);

/**
 * hash_of - hash bytes
 * @hash: the algorithm
 * @data: the bytes
 * @len: their number
 * @digest: set to the digest
 */
void hash_of(const struct hash *hash, const void *data, size_t len, uint8_t *digest);

/**
 * sign - sign a digest
 * @asym: the signature algorithm
 * @hash: the hash algorithm
 * @key: the private key
 * @digest: the digest
 * @sig: set to the signature, which has @asym->sig_len bytes
 *
 * Return: whether OpenSSL could sign.
 */
bool sign(const struct asym *asym, const struct hash *hash, EVP_PKEY *key,
	  const uint8_t *digest, uint8_t *sig);

/* slot.c */

/**
 * chain_load - load a certificate chain and its key
 * @cfg: the configuration to add the chain to
 * @arg: N=CHAIN[:KEY]; without KEY, it is the file of CHAIN with .key, or leaf.key beside
 *       it
 *
 * Return: 0, or -1 after an error was printed.
 */
int chain_load(struct config *cfg, const char *arg);

/**
 * chains_free - free all certificate chains
 * @cfg: the configuration
 */
void chains_free(struct config *cfg);

/* fault.c */
enum fault_when { ON_REQUEST, ON_SLOTS, ON_CONTENT, ON_WIRE };
/**
 * fault_add - add a fault to the configuration
 * @cfg: the configuration
 * @arg: NAME[@MESSAGE][:COUNT]
 *
 * Return: 0, or -1 after an error was printed.
 */
int fault_add(struct config *cfg, const char *arg);

/**
 * fault_list - list all faults
 * @f: the file to print to
 */
void fault_list(FILE *f);

/* transcript.c */

/**
 * transcript_open - start the transcript file
 * @path: the file
 * @argc: number of words on the command line
 * @argv: the words
 *
 * Return: 0, or -1 after an error was printed.
 */
int transcript_open(const char *path, int argc, char **argv);

/**
 * transcript_note - record a command of the socket protocol
 * @dir: direction
 * @cmd: the command
 * @type: the transport
 * @data: its data
 * @len: length of @data
 */
void transcript_note(char dir, uint32_t cmd, uint32_t type, const uint8_t *data, size_t len);

/**
 * transcript_object - record a data object
 * @dir: direction
 * @object: the object, with its header
 * @len: its length in bytes
 */
void transcript_object(char dir, const uint8_t *object, size_t len);

/**
 * transcript_close() - end the transcript file
 *
 * Return: 0, or -1 after an error was printed.
 */
int transcript_close(void);

/* server.c */

/**
 * serve - listen on the port, and serve one connection after another
 * @cfg: the configuration
 *
 * Return: the exit status.
 */
int serve(struct config *cfg);

/* certs.c */

/**
 * certs - create certificate chains for tests
 * @dir: folder for the files
 * @device: name of the device
 * @algorithms: list of algorithms
 *
 * Return: the exit status.
 */
int certs(const char *dir, const char *device, const char *algorithms);

#endif
