/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libccguest: the evidence of a device, for a verifier elsewhere: collecting and
 * verifying.
 */
#ifndef LIBCCGUEST_EVIDENCE_H
#define LIBCCGUEST_EVIDENCE_H

#include <ccguest/auth.h>
#include <ccguest/device.h>
#include <ccguest/measure.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * enum ccg_object - the objects of the evidence
 * @CCG_OBJECT_CERT0: certificates of slot 0 in DER, one after the other; those of
 *		      the other slots follow
 * @CCG_OBJECT_VCA: the negotiation: GET_VERSION, VERSION, GET_CAPABILITIES,
 *		    CAPABILITIES, NEGOTIATE_ALGORITHMS, ALGORITHMS
 * @CCG_OBJECT_MEASUREMENTS: MEASUREMENTS, with its signature
 * @CCG_OBJECT_REQUEST: the GET_MEASUREMENTS
 * @CCG_OBJECT_CHALLENGE: the messages from GET_DIGESTS to CHALLENGE_AUTH, with
 *			  its signature
 * @CCG_OBJECT_ALGORITHMS: a line with the names of the signature algorithm and of
 *			   the hash algorithm, which nothing signs
 * @CCG_N_OBJECTS: number of objects
 *
 * The first ten have the numbers and the names of the kernel's family
 * device-evidence. That family has neither the request nor the challenge.
 */
enum ccg_object {
	CCG_OBJECT_CERT0,
	CCG_OBJECT_VCA = CCG_SLOTS,
	CCG_OBJECT_MEASUREMENTS,
	CCG_OBJECT_REQUEST,
	CCG_OBJECT_CHALLENGE,
	CCG_OBJECT_ALGORITHMS,
	CCG_N_OBJECTS,
};

/**
 * struct ccg_object_bytes - an object
 * @data: its bytes, or NULL if there is no such object
 * @len: their number
 */
struct ccg_object_bytes {
	uint8_t *data;
	size_t len;
};

/**
 * struct ccg_objects - the evidence of a device
 * @ctx: the context
 * @of: the objects, by enum ccg_object
 */
struct ccg_objects {
	struct ccg_ctx *ctx;
	struct ccg_object_bytes of[CCG_N_OBJECTS];
};

/**
 * ccg_object_name - get the name of an object
 * @object: the object
 *
 * Return: the name, as "cert0"; also the name of its file.
 */
const char *ccg_object_name(enum ccg_object object);

/**
 * ccg_objects_free - free evidence
 * @o: the evidence, or NULL
 */
void ccg_objects_free(struct ccg_objects *o);

/**
 * ccg_objects_load - read evidence from files
 * @ctx: the context
 * @path: a directory that has a file for each object, as ccg_objects_save()
 *	  makes; or a file with the JSON of ccguest device evidence; "-" for
 *	  standard input
 * @op: set to the evidence; free it with ccg_objects_free()
 *
 * Return: 0; -EBADMSG if the file has no evidence; -EFBIG if an object is too
 * long; or another negative errno.
 */
int ccg_objects_load(struct ccg_ctx *ctx, const char *path,
		     struct ccg_objects **op);

/**
 * ccg_objects_save - write evidence into a new directory
 * @o: the evidence
 * @path: the directory, which must not exist, or be empty
 *
 * The directory appears under @path when all files are on disk. The files have
 * mode 0600. If the process is killed meanwhile, a directory @path.XXXXXX
 * remains.
 *
 * Return: 0; -EEXIST if @path exists and is not an empty directory; or another
 * negative errno.
 */
int ccg_objects_save(const struct ccg_objects *o, const char *path);

/**
 * ccg_objects_cbor - encode evidence as claims of draft-poirier-rats-eat-da
 * @o: the evidence, collected or verified
 * @bufp: set to the CBOR; free it with free()
 * @lenp: set to its length
 *
 * Return: 0; -EBADMSG if the evidence is malformed; -ENOMEM.
 */
int ccg_objects_cbor(const struct ccg_objects *o, uint8_t **bufp, size_t *lenp);

/**
 * ccg_auth_collect - collect the evidence of a device over a connection
 * @a: the connection; its trusted certificates are not used
 * @nonce: the nonce of the request, CCG_NONCE_LEN bytes; NULL for random bytes
 * @slot: slot whose key must sign; -1 for the first one whose key can
 * @op: set to the evidence; free it with ccg_objects_free()
 *
 * The device signs its measurements or, if it does not sign measurements, a
 * challenge. The signature is verified with the key of the certificate that the
 * device sent. Nobody decides whether that certificate can be trusted.
 *
 * Return: as ccg_auth_run().
 */
int ccg_auth_collect(struct ccg_auth *a, const uint8_t *nonce, int slot,
		     struct ccg_objects **op);

/**
 * ccg_device_collect - collect the evidence of a device from the kernel
 * @d: the devices; the first one is meant
 * @nonce: a nonce, CCG_NONCE_LEN bytes: the device is authenticated with this
 *	   nonce; NULL for the newest evidence that the kernel has kept
 * @op: set to the evidence; free it with ccg_objects_free()
 *
 * Return: 0; -ENOENT with class CCG_NOT_FOUND if the kernel has kept no
 * signature, and with class CCG_UNVERIFIED if the device gave none for @nonce;
 * -EBADMSG if the evidence is malformed; or another negative errno.
 */
int ccg_device_collect(struct ccg_devices *d, const uint8_t *nonce,
		       struct ccg_objects **op);

/**
 * enum ccg_step - the steps of a verification
 * @CCG_STEP_OBJECTS: the objects are complete and well-formed
 * @CCG_STEP_NEGOTIATION: version and algorithms are accepted, and are signed
 * @CCG_STEP_CHAIN: the chain of the signer is trusted, and is the signed one
 * @CCG_STEP_SIGNATURE: the key of the chain signed the answer
 * @CCG_STEP_FRESHNESS: the answer has the nonce of the verifier
 * @CCG_STEP_MEASUREMENTS: the measurements are those of the reference
 * @CCG_N_STEPS: number of steps
 */
enum ccg_step {
	CCG_STEP_OBJECTS,
	CCG_STEP_NEGOTIATION,
	CCG_STEP_CHAIN,
	CCG_STEP_SIGNATURE,
	CCG_STEP_FRESHNESS,
	CCG_STEP_MEASUREMENTS,
	CCG_N_STEPS,
};

/**
 * enum ccg_finding - the verdict of a step
 * @CCG_FOUND_UNKNOWN: cannot be known
 * @CCG_FOUND_ACCEPTED: cannot be known, and the caller accepts that
 * @CCG_FOUND_GOOD: passed
 * @CCG_FOUND_BAD: failed
 */
enum ccg_finding {
	CCG_FOUND_UNKNOWN,
	CCG_FOUND_ACCEPTED,
	CCG_FOUND_GOOD,
	CCG_FOUND_BAD,
};

/**
 * ccg_step_name - get the name of a step
 * @step: the step
 *
 * Return: one word, as "freshness".
 */
const char *ccg_step_name(enum ccg_step step);

/* The measurements that a verifier expects. */
struct ccg_reference;

/**
 * ccg_reference_load - read the expected measurements
 * @ctx: the context
 * @path: the file: lines "INDEX TYPE VALUE", or the JSON of ccguest device
 *	  measurements; "-" for standard input
 * @rp: set to the measurements; free them with ccg_reference_free()
 *
 * Return: 0; -EBADMSG if the file is malformed, or has no measurement; -EFBIG if
 * it is too long; or another negative errno.
 */
int ccg_reference_load(struct ccg_ctx *ctx, const char *path,
		       struct ccg_reference **rp);

/**
 * ccg_reference_free - free expected measurements
 * @r: the measurements, or NULL
 */
void ccg_reference_free(struct ccg_reference *r);

/**
 * struct ccg_objects_want - what a verifier demands
 * @trust: the trusted certificates
 * @options: the accepted versions and algorithms; name, rule and validity as in
 *	     an authentication
 * @nonce: the nonce of the verifier, CCG_NONCE_LEN bytes; or NULL
 * @reference: the expected measurements; or NULL
 * @accept: mask of the steps (1 << enum ccg_step) that need not be known: negotiation,
 *	    freshness, measurements; other bits are ignored
 */
struct ccg_objects_want {
	const struct ccg_trust *trust;
	const struct ccg_auth_options *options;
	const uint8_t *nonce;
	const struct ccg_reference *reference;
	unsigned int accept;
};

/**
 * struct ccg_objects_verdict - the result of a verification
 * @proven: every step passed, or was accepted
 * @found: the verdict of each step
 * @why: the reason of each verdict
 * @slot: the slot of the signer, or -1
 * @version: version of SPDM, as "1.2", or NULL
 * @asym: signature algorithm, or NULL
 * @hash: hash algorithm, or NULL
 * @proof: the signed message
 * @nonce: the nonce of the request; zeros unless @proof is set
 * @device_nonce: the nonce of the device
 * @certs: the certificates of the signer, or NULL
 * @anchor: subject of the trusted certificate, or empty
 * @expired: the validity date that was violated and accepted, or empty
 * @named: 1 if the certificate has the required name, -1 if it has not, 0 if
 *	   none was required
 * @measures: the measurements; they are proven only if @proven is true
 */
struct ccg_objects_verdict {
	bool proven;
	enum ccg_finding found[CCG_N_STEPS];
	char why[CCG_N_STEPS][512];
	int slot;
	const char *version;
	const char *asym;
	const char *hash;
	enum ccg_proof proof;
	uint8_t nonce[CCG_NONCE_LEN];
	uint8_t device_nonce[CCG_NONCE_LEN];
	struct ccg_certs *certs;
	char anchor[512];
	char expired[512];
	int named;
	struct ccg_measurements measures;
};

/**
 * ccg_objects_verify - verify evidence
 * @o: the evidence
 * @want: what the verifier demands
 * @v: set; free its members with ccg_objects_verdict_clear(), also on failure
 *
 * Return: 0, with a verdict; or -ENOMEM.
 */
int ccg_objects_verify(const struct ccg_objects *o,
		       const struct ccg_objects_want *want,
		       struct ccg_objects_verdict *v);

/**
 * ccg_objects_verdict_clear - free the members of a verdict
 * @v: the verdict
 */
void ccg_objects_verdict_clear(struct ccg_objects_verdict *v);

#ifdef __cplusplus
}
#endif

#endif /* LIBCCGUEST_EVIDENCE_H */
