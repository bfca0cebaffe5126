/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * spdm-responder: an SPDM responder for authors of requesters.
 *
 * The responder is written from DSP0274 (SPDM 1.0 to 1.4) and shares no code
 * with lib/, so that a misreading of the specification does not affect both
 * sides.
 */
#ifndef RESPONDER_H
#define RESPONDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "alg.h"

#ifndef __printf
#define __printf(fmt, args)	__attribute((__format__(printf, fmt, args)))
#endif
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

enum { EXIT_DONE, EXIT_FAILED, EXIT_USAGE };

/* Longest reply that QEMU accepts, with the DOE header. */
#define OBJECT_MAX	0x1200
#define DOE_HEADER	8
#define MSG_MAX		(OBJECT_MAX - DOE_HEADER)
/* Longest response in chunks. */
#define LARGE_MAX	0x12000

/* Minor version of the latest SPDM version. */
#define MINOR_MAX	4

#define N_SLOTS		8
#define N_CHAINS	64
#define N_FAULTS	32
#define NONCE_LEN	32
#define CONTEXT_LEN	8
#define OPAQUE_MAX	1024
#define N_MEASURES	64
/* Bytes of one value: DMTFSpecMeasurementValueSize has 16 bits. */
#define MEASURE_MAX	4096

/* DSP0274, table "SPDM request codes" and "SPDM response codes". */
enum {
	DIGESTS = 0x01, CERTIFICATE = 0x02, CHALLENGE_AUTH = 0x03,
	VERSION = 0x04, CHUNK_RESPONSE = 0x06, MEASUREMENTS = 0x60, CAPABILITIES = 0x61,
	ALGORITHMS = 0x63, ERROR = 0x7f,
	GET_DIGESTS = 0x81, GET_CERTIFICATE = 0x82, CHALLENGE = 0x83,
	GET_VERSION = 0x84, CHUNK_GET = 0x86, GET_MEASUREMENTS = 0xe0, GET_CAPABILITIES = 0xe1,
	NEGOTIATE_ALGORITHMS = 0xe3, RESPOND_IF_READY = 0xff,
};

/* DSP0274, table "Error code and error data". */
enum {
	E_INVALID_REQUEST = 0x01, E_UNEXPECTED_REQUEST = 0x04,
	E_UNSPECIFIED = 0x05, E_UNSUPPORTED_REQUEST = 0x07,
	E_RESPONSE_TOO_LARGE = 0x0d, E_REQUEST_TOO_LARGE = 0x0e,
	E_LARGE_RESPONSE = 0x0f, E_DATA_TOO_LARGE = 0x12,
	E_VERSION_MISMATCH = 0x41, E_RESPONSE_NOT_READY = 0x42,
};

/*
 * DSP0274, tables "Flag fields definitions for the Requester" and "... for the
 * Responder".
 */
#define CAP_CERT		0x00000002u
#define CAP_CHAL		0x00000004u
#define CAP_MEAS_NO_SIG		0x00000008u
#define CAP_MEAS_SIG		0x00000010u
#define CAP_MEAS		0x00000018u
#define CAP_ENCRYPT		0x00000040u
#define CAP_MAC			0x00000080u
#define CAP_MUT_AUTH		0x00000100u
#define CAP_KEY_EX		0x00000200u
#define CAP_PSK			0x00000400u
#define CAP_PSK_RESERVED	0x00000800u	/* in a requester's flags */
#define CAP_ENCAP		0x00001000u
#define CAP_HBEAT		0x00002000u
#define CAP_KEY_UPD		0x00004000u
#define CAP_HANDSHAKE_CLEAR	0x00008000u
#define CAP_PUB_KEY_ID		0x00010000u
#define CAP_CHUNK		0x00020000u
#define CAP_EP_INFO		0x00c00000u
#define CAP_EP_INFO_SIG		0x00800000u
#define CAP_EVENT		0x02000000u
#define CAP_MULTI_KEY_ONLY	0x04000000u
#define CAP_MULTI_KEY_NEG	0x08000000u
#define CAP_MULTI_KEY		0x0c000000u
#define CAP_SET_KEY_PAIR_RESET	0x40000000u
#define CAP_LARGE_RESP		0x80000000u

/* DSP0274 1.3, table "KeyUsageMask", in DIGESTS. */
#define USE_CHALLENGE		0x0002
#define USE_MEASUREMENTS	0x0004
#define USE_DEFAULT		0x000f

/**
 * struct chain - a certificate chain for a slot
 * @slot: the slot
 * @der: certificates in DER, one after the other
 * @len: length of @der in bytes
 * @root: certificate for RootHash; NULL for the first one of @der
 * @root_len: length of the certificate for RootHash in bytes
 * @key: private key of the leaf
 * @later: used after the first CHALLENGE_AUTH, in place of the slot's other chains
 */
struct chain {
	unsigned int slot;
	uint8_t *der;
	size_t len;
	uint8_t *root;
	size_t root_len;
	EVP_PKEY *key;
	bool later;
};

/**
 * struct fault - a fault that the user requested
 * @kind: index in the table of faults
 * @row: row in messages[] that the fault is limited to; -1 for all
 * @code: error code of the ERROR response
 * @left: number of further times; negative for no limit
 */
struct fault {
	const struct fault_kind *kind;
	int row;
	uint8_t code;
	long left;
};

/**
 * struct measure - a measurement
 * @index: its index
 * @type: DMTFSpecMeasurementValueType without the bit for raw values
 * @form: which form it has: both, only raw, only the digest
 * @value: the measured bytes
 * @len: their number
 */
struct measure {
	uint8_t index;
	uint8_t type;
	enum { FORM_ANY, FORM_RAW, FORM_DIGEST } form;
	uint8_t *value;
	size_t len;
};

/**
 * struct config - the configuration
 * @port: TCP port to listen on
 * @versions: bit n is set for SPDM 1.n
 * @asyms: signature algorithms in the order of preference; ends with NULL
 * @hashes: hash algorithms in the order of preference; ends with NULL
 * @later_versions: versions after the first CHALLENGE_AUTH; 0: the same
 * @later_hashes: hash algorithms then; empty: the same
 * @challenged: a CHALLENGE_AUTH was sent
 * @caps: capability flags
 * @mutual: 1: request basic mutual authentication if both sides support it; 2:
 *	    request it always
 * @portion: limit for a certificate portion in bytes
 * @opaque: length of the opaque data in bytes
 * @transfer_size: DataTransferSize that CAPABILITIES announces, in bytes; with
 *		   chunks, no longer response is sent at once
 * @chunks: announce CHUNK_CAP, whatever @caps has
 * @key_usage: KeyUsageMask of each slot
 * @chains: the certificate chains
 * @n_chains: number of @chains
 * @measures: the measurements, in the order of the record
 * @n_measures: number of @measures; 0 for the default ones
 * @faults: the faults
 * @n_faults: number of @faults
 * @delays: delays in milliseconds, by row in messages[]
 * @transcript: file for the transcript, or NULL
 * @once: exit after the first connection
 * @seed: seed of the random faults
 */
struct config {
	uint16_t port;
	unsigned int versions;
	const struct asym *asyms[16];
	const struct hash *hashes[16];
	unsigned int later_versions;
	const struct hash *later_hashes[16];
	bool challenged;
	uint32_t caps;
	int mutual;
	size_t portion;
	size_t opaque;
	size_t transfer_size;
	bool chunks;
	uint16_t key_usage[N_SLOTS];
	struct chain chains[N_CHAINS];
	size_t n_chains;
	struct measure measures[N_MEASURES];
	size_t n_measures;
	struct fault faults[N_FAULTS];
	size_t n_faults;
	unsigned int delays[16];
	const char *transcript;
	bool once;
	uint64_t seed;
};

/**
 * struct msg - a response under construction
 * @len: number of bytes so far
 * @data: the bytes
 * @row: row in messages[] of the request
 * @signer: slot whose key signs the response, or -1
 * @context_at: offset of the requester's context, or 0
 * @opaque_at: offset of OpaqueDataLength, or 0
 * @sig_at: offset of the signature, or 0
 * @what: how to send the response
 */
struct msg {
	size_t len;
	uint8_t data[LARGE_MAX + 8];
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
 * Return: the memory. The process ends if there is none.
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
 * Return: @status; EXIT_FAILED if @status is 0 and the output could not be
 * written.
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
 * message_name - get the name of a message
 * @msg: the message
 * @len: its length in bytes
 * @tmp: buffer of eight characters
 *
 * Return: the name; for an unknown code, the code as text in @tmp.
 */
const char *message_name(const uint8_t *msg, size_t len, char *tmp);

/**
 * put - append bytes to a response
 * @m: the response
 * @data: the bytes
 * @len: their number
 *
 * Bytes past the end of @m->data are dropped. The caller checks the length of a response
 * that could become longer.
 */
void put(struct msg *m, const void *data, size_t len);

/**
 * put8 - append a byte to a response
 * @m: the response
 * @v: the value
 */
void put8(struct msg *m, unsigned int v);

/**
 * put16 - append two bytes to a response, little-endian
 * @m: the response
 * @v: the value
 */
void put16(struct msg *m, unsigned int v);

/**
 * put32 - append four bytes to a response, little-endian
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
 * error_name - get the name of an error code
 * @code: the code
 *
 * Return: the name.
 */
const char *error_name(uint8_t code);

/* slot.c */

/**
 * chain_load - load a certificate chain and its key
 * @cfg: the configuration to add the chain to
 * @later: for use after the first CHALLENGE_AUTH
 * @arg: N=CHAIN[:KEY]; the default for KEY is CHAIN with the suffix .key, or
 *	 leaf.key in the same folder
 *
 * Return: 0, or -1 after an error was printed.
 */
int chain_load(struct config *cfg, bool later, const char *arg);

/**
 * chains_check - check that some version can send each chain
 * @cfg: the configuration, complete
 *
 * Return: 0, or -1 after an error was printed.
 */
int chains_check(const struct config *cfg);

/**
 * chains_free - free all certificate chains
 * @cfg: the configuration
 */
void chains_free(struct config *cfg);

/* meas.c */

/**
 * measure_add - add a measurement to the configuration
 * @cfg: the configuration
 * @arg: N=TYPE[/raw|/digest]:VALUE; VALUE is text, or @FILE for the bytes of a
 *	 file
 *
 * Return: 0, or -1 after an error was printed.
 */
int measure_add(struct config *cfg, const char *arg);

/**
 * measures_default - set the default measurements, if there are none
 * @cfg: the configuration
 */
void measures_default(struct config *cfg);

/**
 * measures_free - free the measurements
 * @cfg: the configuration
 */
void measures_free(struct config *cfg);

/* fault.c */
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
 * @dir: '>' for a request, '<' for a reply
 * @cmd: the command
 * @type: the transport
 * @data: its data
 * @len: length of @data
 */
void transcript_note(char dir, uint32_t cmd, uint32_t type, const uint8_t *data, size_t len);

/**
 * transcript_object - record a data object
 * @dir: '>' for a request, '<' for a reply
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
