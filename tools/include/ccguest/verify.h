/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libccguest: verifying a measurement log against registers.
 */
#ifndef LIBCCGUEST_VERIFY_H
#define LIBCCGUEST_VERIFY_H

#include <ccguest/cca.h>
#include <ccguest/ctx.h>
#include <ccguest/log.h>
#include <ccguest/report.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A message about a Device Tree that is not verified. */
#define CCG_TREE_CLAIMED	"the Device Tree and its boot arguments are CLAIMED"

/* Largest number of expected registers. */
#define CCG_EXPECTED_MAX	128

/**
 * enum ccg_belief - how far an event can be trusted
 * @CCG_FORGED: a digest of the event is not that of its data, although the data
 *		are what is hashed for events of this type
 * @CCG_CLAIMED: only the log says so
 * @CCG_CONSISTENT: a register confirms the digest of the event, but the digest
 *		    does not cover all of the event's data
 * @CCG_VERIFIED: a register confirms the data of the event
 * @CCG_N_BELIEFS: number of levels
 */
enum ccg_belief {
	CCG_FORGED,
	CCG_CLAIMED,
	CCG_CONSISTENT,
	CCG_VERIFIED,
	CCG_N_BELIEFS,
};

/**
 * enum ccg_verdict - the verdict on a log
 * @CCG_VERDICT_ADDS_UP: the log adds up to all expected registers, and events extend at
 *		 least one of them
 * @CCG_VERDICT_TREE: as CCG_VERDICT_ADDS_UP, but no register confirms a Device Tree
 * @CCG_VERDICT_NOTHING: no event extends one of the expected registers
 * @CCG_VERDICT_UNLOGGED: a register was extended without an event
 * @CCG_VERDICT_UNKNOWN: the value of a register cannot be computed from the log
 * @CCG_VERDICT_UNEXPLAINED: a register has another value than the log gives, and
 *			     it is not known whether the log is wrong
 * @CCG_VERDICT_FORGED: an event is CCG_FORGED
 * @CCG_VERDICT_DIFFERS: the log gives another value of a register
 */
enum ccg_verdict {
	CCG_VERDICT_ADDS_UP,
	CCG_VERDICT_TREE,
	CCG_VERDICT_NOTHING,
	CCG_VERDICT_UNLOGGED,
	CCG_VERDICT_UNKNOWN,
	CCG_VERDICT_UNEXPLAINED,
	CCG_VERDICT_FORGED,
	CCG_VERDICT_DIFFERS,
};

/**
 * enum ccg_match - how a register compares with the log, from good to bad
 * @CCG_MATCHES: the log gives the value of the register
 * @CCG_UNLOGGED: the register was extended, but the log has no event for it
 * @CCG_UNKNOWN_VALUE: the value cannot be computed from the log
 * @CCG_UNEXPLAINED: the log gives another value, no single fault of the log explains
 *		     the register, and this machine's kernel can extend it: either it
 *		     was extended without an event, or the log is wrong
 * @CCG_DIFFERS: the log gives another value
 */
enum ccg_match {
	CCG_MATCHES,
	CCG_UNLOGGED,
	CCG_UNKNOWN_VALUE,
	CCG_UNEXPLAINED,
	CCG_DIFFERS,
};

/**
 * struct ccg_expected - the expected value of a register, and the comparison
 * @index: number of the register in the log
 * @alg: its hash algorithm, see lib/cc_log.h
 * @len: length of @value in bytes
 * @value: the expected value
 * @computed: the value that the log gives
 * @runtime: the value was read on this machine, whose kernel can extend the register
 * @match: the result of the comparison
 * @extended: an event extends the register, or it is a RIM that was computed
 */
struct ccg_expected {
	uint32_t index;
	uint16_t alg;
	size_t len;
	uint8_t value[64];
	uint8_t computed[64];
	bool runtime;
	enum ccg_match match;
	bool extended;
};

/**
 * struct ccg_verify - what to verify a log against, and the result
 * @images: directory of known-good images, or NULL
 * @database: directory for the digests of their granules
 * @rmm: 1 for RMM 1.0, 2 for RMM 2.0, 0 to try both
 * @blocks: block sizes in which the host declares memory, see
 *	    ccg_ripas_blocks(); 0 to try all
 * @padded: values that extend a REM are padded
 * @realm: register 0 is a RIM, even if the log does not look like a realm's
 * @n_expected: number of @expected
 * @expected: the expected registers, and how they compare
 * @n_events: number of events
 * @trust: how far each event can be trusted, from the first event after the
 *	   header on
 * @data: how the data of each event compare with its digests
 * @n_trust: number of events of each level of trust
 * @forged: number of the first event that is forged, or 0
 * @rmm_found: version of RMM that gives the RIM, 0 for none
 * @blocks_found: block sizes that give the RIM; 0 for none, or if the RMM does
 *		  not measure them
 * @worst: the worst result of @expected
 * @verdict: the verdict on the log
 * @culprit: the fault, a phrase; or empty
 * @good: the verdict is CCG_VERDICT_ADDS_UP
 */
struct ccg_verify {
	const char *images;
	const char *database;
	int rmm;
	unsigned int blocks;
	bool padded;
	bool realm;
	size_t n_expected;
	struct ccg_expected expected[CCG_EXPECTED_MAX];
	size_t n_events;
	enum ccg_belief *trust;
	enum ccg_data_match *data;
	size_t n_trust[CCG_N_BELIEFS];
	size_t forged;
	int rmm_found;
	unsigned int blocks_found;
	enum ccg_match worst;
	enum ccg_verdict verdict;
	char culprit[512];
	bool good;
};

/**
 * ccg_verify_token - expect the measurements of a token
 * @v: the verification
 * @t: the token from ccg_token_verify()
 */
void ccg_verify_token(struct ccg_verify *v, const struct ccg_token *t);

/**
 * ccg_verify_registers - expect the registers in a file
 * @ctx: the context
 * @log: the log that will be verified
 * @file: an object in the form of `ccguest log replay --json` and
 *	  `ccguest log rim --json`, "-" for standard input
 * @v: the verification
 *
 * Return: 0; -EINVAL if the file has another form; -EFBIG if it is longer than
 * 1 MiB; or another negative errno.
 */
int ccg_verify_registers(struct ccg_ctx *ctx, struct ccg_log *log,
			 const char *file, struct ccg_verify *v);

/**
 * ccg_verify_report - expect the registers of a report
 * @ctx: the context
 * @log: the log that will be verified
 * @r: the report; call ccg_report_verify() first: this function does not
 * @v: the verification
 *
 * A quote of TDX has RTMR0 to RTMR3, and a token of Arm CCA has the RIM and the REMs.
 *
 * Return: 0; -EOPNOTSUPP with class CCG_UNSUPPORTED if a report of this kind has no
 * registers that events extend; or -EINVAL if @log is not a log of such a guest.
 */
int ccg_verify_report(struct ccg_ctx *ctx, struct ccg_log *log,
		      const struct ccg_report *r, struct ccg_verify *v);

/**
 * ccg_verify_live - expect the registers that the kernel of this machine reads
 * @ctx: the context
 * @log: the log that will be verified
 * @v: the verification
 *
 * The kernel reads them from the hardware. Nobody signs them, so they prove nothing
 * to another machine.
 *
 * Return: 0; -ENODEV with class CCG_UNSUPPORTED if the kernel shows no registers;
 * -EAGAIN if they change while they are read; -EINVAL if @log is not a log of this
 * kind of machine; or another negative errno.
 */
int ccg_verify_live(struct ccg_ctx *ctx, struct ccg_log *log,
		    struct ccg_verify *v);

/**
 * ccg_verify_log - compare a log with the expected registers
 * @ctx: the context
 * @log: the log; it is rewound
 * @v: what to verify against; the result is set; free it with ccg_verify_free()
 *
 * Return: 0 whatever the result is; -EPERM if others may write to
 * @v->database; or another negative errno if there is no result.
 */
int ccg_verify_log(struct ccg_ctx *ctx, struct ccg_log *log,
		   struct ccg_verify *v);

/**
 * ccg_verify_tree - get how far a Device Tree can be trusted
 * @v: the verification, after ccg_verify_log()
 * @t: the tree
 *
 * Return: the level of trust; CCG_CLAIMED if no event measures the tree.
 */
enum ccg_belief ccg_verify_tree(const struct ccg_verify *v,
				const struct ccg_tree *t);

/**
 * ccg_verify_trees - take the Device Trees of a log into the verdict
 * @v: the verification, after ccg_verify_log(); CCG_VERDICT_ADDS_UP becomes
 *     CCG_VERDICT_TREE if a tree is not verified
 * @trees: the trees
 */
void ccg_verify_trees(struct ccg_verify *v, const struct ccg_trees *trees);

/**
 * ccg_verdict_text - get the text of a verdict
 * @verdict: the verdict
 *
 * Return: a phrase.
 */
const char *ccg_verdict_text(enum ccg_verdict verdict);

/**
 * ccg_verify_free - free the result of ccg_verify_log()
 * @v: the verification
 */
void ccg_verify_free(struct ccg_verify *v);

#ifdef __cplusplus
}
#endif

#endif /* LIBCCGUEST_VERIFY_H */
