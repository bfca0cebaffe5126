/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libccguest: authenticating a device over a TCP connection.
 *
 * The SPDM requester (DSP0274) is lib/spdm_req.c, which the kernel module uses
 * too. The connection carries PCIe DOE data objects, as QEMU's option spdm_port
 * does.
 */
#ifndef LIBCCGUEST_AUTH_H
#define LIBCCGUEST_AUTH_H

#include <ccguest/ctx.h>
#include <ccguest/device.h>
#include <ccguest/policy.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A set of trusted certificates. */
struct ccg_trust;

/**
 * ccg_trust_new - make an empty set of trusted certificates
 * @ctx: the context
 * @tp: set to the set; free it with ccg_trust_free()
 *
 * Return: 0 or -ENOMEM.
 */
int ccg_trust_new(struct ccg_ctx *ctx, struct ccg_trust **tp);

/**
 * ccg_trust_free - free a set of trusted certificates
 * @t: the set, or NULL
 *
 * Close every connection that uses @t before.
 */
void ccg_trust_free(struct ccg_trust *t);

/**
 * ccg_trust_add - trust the certificates in a file
 * @t: the set
 * @path: the file, certificates in DER, one after the other, or in PEM; "-" for
 *	  standard input
 *
 * Return: as ccg_certs_load(); also -EBADMSG if OpenSSL cannot use a
 * certificate.
 */
int ccg_trust_add(struct ccg_trust *t, const char *path);

/**
 * enum ccg_validity - how the validity dates of certificates are treated
 * @CCG_VALIDITY_OFF: they are ignored
 * @CCG_VALIDITY_WARN: a violation is reported, and the certificate is accepted
 * @CCG_VALIDITY_ENFORCE: a violation is an error
 */
enum ccg_validity {
	CCG_VALIDITY_OFF,
	CCG_VALIDITY_WARN,
	CCG_VALIDITY_ENFORCE,
};

/**
 * struct ccg_auth_step - a request and its response
 * @request: name of the request
 * @response: name of the response; NULL if there was none
 * @sent: length of the request in bytes
 * @received: length of the response in bytes, padding included
 * @us: microseconds from the request to the response
 */
struct ccg_auth_step {
	const char *request;
	const char *response;
	size_t sent;
	size_t received;
	uint64_t us;
};

/**
 * struct ccg_auth_options - how to authenticate
 * @san: name that the device's certificate must contain, or NULL; with @rule,
 *	 the name that PCIe gives the device
 * @rule: rule of a policy for the device, which decides alone; or NULL. Keep the
 *	  policy until the connection is closed.
 * @validity: how the validity dates of certificates are treated
 * @min_version: lowest version of SPDM, 0x10 to 0x14
 * @max_version: highest version of SPDM, 0x10 to 0x14
 * @asym: signature algorithms to offer, see ccg_auth_parse_asym()
 * @pqc_asym: post-quantum signature algorithms to offer in SPDM 1.4
 * @hash: hash algorithms to offer, see ccg_auth_parse_hash()
 * @timeout_ms: limit in milliseconds for connecting, and for each
 *		authentication; it does not cover name resolution
 * @chains_only: only the chains are of interest: a device that is not trusted is not
 *		 asked for a proof
 * @step: called after each exchange, or NULL
 * @arg: first argument of @step
 */
struct ccg_auth_options {
	const char *san;
	const struct ccg_rule *rule;
	enum ccg_validity validity;
	uint8_t min_version;
	uint8_t max_version;
	uint32_t asym;
	uint32_t pqc_asym;
	uint32_t hash;
	unsigned int timeout_ms;
	bool chains_only;
	void (*step)(void *arg, const struct ccg_auth_step *step);
	void *arg;
};

/**
 * ccg_auth_defaults - set the default options
 * @options: set: all versions and algorithms, CCG_VALIDITY_WARN, a limit of 30
 *	     seconds, no name, no callback. ML-DSA is among the algorithms if
 *	     OpenSSL has it, from version 3.5 on.
 */
void ccg_auth_defaults(struct ccg_auth_options *options);

/**
 * ccg_auth_parse_versions - read versions of SPDM
 * @options: min_version and max_version are set
 * @text: one version, or the lowest and the highest: 1.2 or 1.0-1.2
 *
 * Return: 0; -EINVAL if @text has another form. The reason is not noted in a
 * context.
 */
int ccg_auth_parse_versions(struct ccg_auth_options *options, const char *text);

/**
 * ccg_auth_parse_asym - read signature algorithms
 * @options: asym and pqc_asym are set
 * @text: names separated by commas, as ecdsa-p384, rsassa-3072, mldsa-87
 *
 * Return: 0; -EINVAL if a name is unknown; -EOPNOTSUPP if OpenSSL lacks ML-DSA and
 * @text has a name of it; -ENOMEM. The reason is not noted in a context.
 */
int ccg_auth_parse_asym(struct ccg_auth_options *options, const char *text);

/**
 * ccg_auth_parse_hash - read hash algorithms
 * @options: hash is set
 * @text: names separated by commas, as sha256, sha3-512
 *
 * Return: 0; -EINVAL if a name is unknown; -ENOMEM. The reason is not noted in
 * a context.
 */
int ccg_auth_parse_hash(struct ccg_auth_options *options, const char *text);

/**
 * enum ccg_proof - the message that proved the possession of a key
 * @CCG_PROOF_NONE: none
 * @CCG_PROOF_CHALLENGE: CHALLENGE_AUTH
 * @CCG_PROOF_MEASUREMENTS: MEASUREMENTS with a signature
 */
enum ccg_proof {
	CCG_PROOF_NONE,
	CCG_PROOF_CHALLENGE,
	CCG_PROOF_MEASUREMENTS,
};

/**
 * struct ccg_auth_result - the result of an authentication, as far as it got
 * @authenticated: the device proved that it has the key of a trusted chain
 * @trusted: bit mask of the slots whose chain is trusted
 * @proved: bit mask of the slots for which the device proved that it has the
 *	    private key of the last certificate. If @trusted is 0, one slot is asked
 *	    all the same: then @proved says nothing about trust
 * @named: bit mask of the slots whose certificate has a required name
 * @misnamed: bit mask of the slots whose certificate lacks every required name;
 *	      slots in neither mask have a name that nobody checked
 * @proof: the message of the proof; CCG_PROOF_NONE if @proved is 0
 * @evidence: details, also if the authentication failed; it can hold failures
 *	      of other slots even if @authenticated is true
 * @flags: capabilities of the device
 * @anchor: subject of the trusted certificate of the chain; NULL unless
 *	    @authenticated is true
 * @expired: which validity date was violated and accepted; NULL unless
 *	     @authenticated is true and there was a violation
 * @messages: number of requests sent
 * @sent: number of bytes in the requests
 * @received: number of bytes in the responses, padding included
 * @fetched: number of chains that were read in this authentication
 * @us: duration in microseconds
 */
struct ccg_auth_result {
	bool authenticated;
	uint8_t trusted;
	uint8_t proved;
	uint8_t named;
	uint8_t misnamed;
	enum ccg_proof proof;
	struct ccg_evidence evidence;
	uint32_t flags;
	const char *anchor;
	const char *expired;
	uint32_t messages;
	uint64_t sent;
	uint64_t received;
	uint32_t fetched;
	uint64_t us;
};

/* A connection to a device. */
struct ccg_auth;

/**
 * ccg_auth_open - connect to a device
 * @ctx: the context
 * @address: HOST:PORT; HOST is a name, an IPv4 address, or an IPv6 address in
 *	     brackets
 * @trust: the trusted certificates; keep them until the connection is closed
 * @options: how to authenticate
 * @ap: set to the connection; close it with ccg_auth_close()
 *
 * Return: 0; -EINVAL with class CCG_USAGE if @address has another form;
 * -EHOSTUNREACH if the name cannot be resolved; -ETIMEDOUT after
 * @options->timeout_ms; or another negative errno.
 */
int ccg_auth_open(struct ccg_ctx *ctx, const char *address,
		  const struct ccg_trust *trust,
		  const struct ccg_auth_options *options,
		  struct ccg_auth **ap);

/**
 * ccg_auth_run - authenticate the device
 * @a: the connection
 *
 * The function can be called again. Certificate chains that have not changed
 * are not read again. ccg_auth_result() has the details.
 *
 * Return: 0; or a negative errno, with class CCG_UNVERIFIED if the device
 * answered and is not authenticated, and with class CCG_FAILED if the
 * connection failed or the device did not answer in time (-ETIMEDOUT).
 */
int ccg_auth_run(struct ccg_auth *a);

/**
 * ccg_auth_result - get the result of the last authentication
 * @a: the connection
 *
 * Return: the result, valid until the next authentication or until @a is
 * closed.
 */
const struct ccg_auth_result *ccg_auth_result(const struct ccg_auth *a);

/**
 * ccg_auth_close - close a connection
 * @a: the connection, or NULL
 */
void ccg_auth_close(struct ccg_auth *a);

#ifdef __cplusplus
}
#endif

#endif /* LIBCCGUEST_AUTH_H */
