/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * spdm: authenticates a device over any transport. The module that knows the
 * transport makes a struct spdm_dev per device, and from then on the device's
 * sysfs directory has the files of Documentation/ABI/testing/sysfs-devices-spdm.
 */
#ifndef _LINUX_SPDM_H
#define _LINUX_SPDM_H

#include <linux/types.h>

struct device;
struct key;
struct spdm_dev;

/* Room that a device's name takes at most, as PCIe r6.1, 6.31.3 has it. */
#define SPDM_NAME_MAX	96

/**
 * struct spdm_transport - how to talk to a device
 * @exchange: send a request and get its response, which may be padded to a
 *	      multiple of four bytes; may sleep, must come back in bounded time.
 *	      Returns the response's length or a negative errno.
 * @rsp_max: the longest response that it can carry, in bytes
 * @keyring_name: what messages call @keyring
 */
struct spdm_transport {
	int (*exchange)(void *priv, const void *req, size_t req_len, void *rsp,
			size_t rsp_max);
	size_t rsp_max;
	const char *keyring_name;
};

/**
 * enum spdm_validity - what is made of the time that a certificate is valid in
 * @SPDM_VALIDITY_OFF: nothing
 * @SPDM_VALIDITY_WARN: it is logged
 * @SPDM_VALIDITY_ENFORCE: a certificate outside of it is refused
 */
enum spdm_validity {
	SPDM_VALIDITY_OFF,
	SPDM_VALIDITY_WARN,
	SPDM_VALIDITY_ENFORCE,
};

/**
 * struct spdm_policy - what is asked of a device's certificates
 * @name: the name that the leaf must have; empty if none is asked for
 * @validity: what is made of their time
 */
struct spdm_policy {
	char name[SPDM_NAME_MAX];
	enum spdm_validity validity;
};

struct spdm_dev *spdm_dev_create(struct device *dev,
				 const struct spdm_transport *transport,
				 void *priv, struct key *keyring,
				 void (*policy)(void *priv,
						struct spdm_policy *policy));
int spdm_dev_authenticate(struct spdm_dev *sd);
void spdm_dev_start(struct spdm_dev *sd);
void spdm_dev_wait(struct spdm_dev *sd);
void spdm_dev_suspend(struct spdm_dev *sd);
void spdm_dev_resume(struct spdm_dev *sd);
void spdm_dev_stop(struct spdm_dev *sd);
void spdm_dev_destroy(struct spdm_dev *sd);

#endif /* _LINUX_SPDM_H */
