// SPDX-License-Identifier: GPL-2.0-only
/*
 * The policy that a session was opened for.
 *
 * SEV API (55766), LAUNCH_START: the last bytes of a session are a MAC of the
 * policy, made with TIK.
 */
#include <errno.h>

#include <openssl/crypto.h>

#include <ccguest/sev.h>

#include "core/ctx.h"
#include "env.h"
#include "sev/session.h"

_Static_assert(CCG_SEV_SESSION_LEN == SEV_SESSION_LEN, "one length");

int ccg_sev_session_has_policy(struct ccg_ctx *ctx, const uint8_t *session,
			       const uint8_t *tik, uint32_t policy, bool *has)
{
	uint8_t policy_le[4], mac[SEV_MAC_LEN];
	const struct sev_part part = { policy_le, sizeof(policy_le) };

	put_unaligned_le32(policy, policy_le);
	if (!ccg_sev_hmac(tik, SEV_KEY_LEN, &part, 1, mac))
		return ccg_fail_errno(ctx, -ENOMEM, "HMAC-SHA256");
	*has = !CRYPTO_memcmp(mac, session + SEV_SESSION_LEN - SEV_MAC_LEN,
			      sizeof(mac));
	return 0;
}
