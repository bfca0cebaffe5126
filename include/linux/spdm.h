/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * spdm: authenticates a device over any transport. The module for the
 * transport makes a struct spdm_dev for each device. The device's directory in
 * sysfs has the files of Documentation/ABI/testing/sysfs-devices-spdm then.
 *
 * The functions are exported in the symbol namespace CCGUEST_SPDM.
 */
#ifndef _LINUX_SPDM_H
#define _LINUX_SPDM_H

#include <linux/types.h>

#include "../../lib/x509_policy.h"

struct device;
struct key;
struct spdm_dev;
struct x509_fault;
struct x509_path;

/**
 * struct spdm_transport - how to talk to a device, and the rules for it
 * @begin: called at the start of each authentication, before all other
 *	   functions. May sleep. Returns 0 or a negative errno, which ends the
 *	   authentication. -EAGAIN ends it without a result.
 * @end: called at its end, if @begin returned 0
 * @exchange: send a request and receive the response, which may be padded to a
 *	      multiple of four bytes. May sleep; must return in bounded time.
 *	      Returns the length of the response or a negative errno.
 * @check_leaf: check the transport's rule for the device's certificates, as
 *		check_leaf() of struct x509_chain_ops in lib/x509_chain.h; NULL
 *		if the transport has no rule
 * @is_taken: check whether another part of the kernel has taken the device over;
 *	      NULL if none can
 * @changed: called when the state of the device changed, with whether the device is
 *	     authenticated now; NULL if nobody wants to know. May sleep; must not
 *	     call functions of this header.
 * @validity: get the policy for certificates outside their validity;
 *	      called at the start of each authentication
 * @rsp_max: the longest response that the transport can carry, in bytes
 * @keyring_name: name of the keyring in messages
 */
struct spdm_transport {
	int (*begin)(void *priv);
	void (*end)(void *priv);
	int (*exchange)(void *priv, const void *req, size_t req_len, void *rsp,
			size_t rsp_max);
	int (*check_leaf)(void *priv, const struct x509_path *path,
			  struct x509_fault *fault, char *detail, size_t size);
	bool (*is_taken)(void *priv);
	void (*changed)(void *priv, bool authenticated);
	enum x509_validity (*validity)(void *priv);
	size_t rsp_max;
	const char *keyring_name;
};

/**
 * spdm_dev_create - register a device
 * @dev: device
 * @transport: how to talk to it; NULL if the device should have a transport but
 *	       none works: then its files return ENOTTY
 * @priv: for the functions of @transport
 * @keyring: the trusted certificates; must outlive the device
 *
 * Makes the device's files. Nothing is sent yet. May sleep.
 *
 * Return: the device, for spdm_dev_destroy(), or an ERR_PTR: -ENOMEM; -EEXIST
 * if the device has files of these names already.
 */
struct spdm_dev *spdm_dev_create(struct device *dev,
				 const struct spdm_transport *transport,
				 void *priv, struct key *keyring);

/**
 * spdm_dev_start - start an authentication
 * @sd: device
 *
 * Returns at once. If an authentication is running, another one follows it.
 */
void spdm_dev_start(struct spdm_dev *sd);

/**
 * spdm_dev_wait - wait for the authentications that were started
 * @sd: device
 *
 * Takes no longer than twice the parameter timeout and one exchange, since one
 * authentication may run, and another one wait for its turn; and no longer than
 * 60 seconds. A fatal signal ends the wait.
 *
 * Return: 0; -EINTR after a signal.
 */
int spdm_dev_wait(struct spdm_dev *sd);

/**
 * spdm_dev_quiesce - wait until no authentication runs
 * @sd: device, after spdm_dev_suspend()
 *
 * Uninterruptible. Takes no longer than one exchange.
 */
void spdm_dev_quiesce(struct spdm_dev *sd);

/**
 * spdm_dev_authenticate - authenticate a device, and wait for the result
 * @sd: device
 *
 * The authentication starts after the call. A fatal signal ends the wait, and
 * not the authentication.
 *
 * Return: 0; -EINTR after a signal; -ENOTTY if the device has no working
 * transport; -ENODEV if the device is being removed; the errno that
 * spdm_dev_suspend() got; -EAGAIN if spdm_dev_distrust() was called meanwhile, if
 * the device was suspended and resumed meanwhile, or if the transport could not
 * begin; or the errno of spdm_authenticate() in lib/spdm_req.c.
 */
int spdm_dev_authenticate(struct spdm_dev *sd);

/**
 * spdm_dev_distrust - a device was reset: drop the result
 * @sd: device
 *
 * The state becomes "reset" at once. An authentication that runs ends at its
 * next exchange, without a result. Starts none: see spdm_dev_start().
 *
 * Context: any, except NMI.
 */
void spdm_dev_distrust(struct spdm_dev *sd);

/**
 * spdm_dev_suspend - send nothing more to a device
 * @sd: device
 * @why: result of authentications until the device is resumed: -EAGAIN if the
 *	 system goes to sleep, -EBUSY if somebody else talks to the device
 *
 * The state becomes "pending": later there may be another device. An
 * authentication that runs ends at its next exchange; spdm_dev_quiesce() waits
 * for its end. No other one sends a message. May sleep.
 */
void spdm_dev_suspend(struct spdm_dev *sd, int why);

/**
 * spdm_dev_resume - allow authentications again
 * @sd: device
 *
 * Starts none: see spdm_dev_start().
 */
void spdm_dev_resume(struct spdm_dev *sd);

/**
 * spdm_dev_stop - a device is being removed
 * @sd: device
 *
 * An authentication that runs ends at its next exchange. Call this for all
 * devices before spdm_dev_destroy(), so that their authentications end at the
 * same time.
 */
void spdm_dev_stop(struct spdm_dev *sd);

/**
 * spdm_dev_destroy - unregister a device
 * @sd: device
 *
 * Waits for an exchange that runs. After this the files are gone, and nothing
 * uses the transport, its private data and the keyring. The device must stay
 * in sysfs until the function returns.
 */
void spdm_dev_destroy(struct spdm_dev *sd);

#endif /* _LINUX_SPDM_H */
