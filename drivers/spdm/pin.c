// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pin of a device: the keys, the version and the algorithms of its last
 * success. A device with another key, or with less than that, fails, until root
 * clears the pin.
 *
 * A pin is kept under the name of the device, which is its slot. So a pin
 * outlives resets, sleep, the removal of the device, and the module for the
 * transport: the host can remove a device and plug another one at any time, and
 * a pin that ended with the device would protect against nothing. Memory for the
 * pin is allocated when the device arrives, so that no pin is lost for lack of
 * memory.
 */
#include "internal.h"

#include <crypto/sha2.h>
#include <linux/err.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

/* Limit for the pins of all slots: a host could use a new slot again and again. */
#define PINS_MAX	4096

/**
 * struct spdm_pinned - the pin of a slot
 * @node: node in the list of all pins
 * @pin: the pin; protected by the lock of the device that is there
 * @name: name of the bus and of the device
 */
struct spdm_pinned {
	struct list_head node;
	struct spdm_pin pin;
	char name[];
};

static const char *const policies[] = {
	[SPDM_PIN_OFF] = "off",
	[SPDM_PIN_LEAF] = "leaf",
	[SPDM_PIN_DEVICE] = "device",
};

static enum spdm_pin_policy policy = SPDM_PIN_LEAF;

static int policy_set(const char *val, const struct kernel_param *kp)
{
	int i = sysfs_match_string(policies, val);

	if (i < 0)
		return i;
	WRITE_ONCE(policy, i);
	return 0;
}

static int policy_get(char *buf, const struct kernel_param *kp)
{
	return sprintf(buf, "%s\n", policies[READ_ONCE(policy)]);
}

static const struct kernel_param_ops policy_ops = {
	.set = policy_set,
	.get = policy_get,
};
module_param_cb(pin, &policy_ops, NULL, 0644);
MODULE_PARM_DESC(pin, "key that must stay the same: leaf (default), device or off");

static bool allow_downgrade;
module_param(allow_downgrade, bool, 0644);
MODULE_PARM_DESC(allow_downgrade, "accept a lower version or a weaker algorithm than at the last success (default N)");

static LIST_HEAD(pins);
static size_t n_pins;
static DEFINE_MUTEX(pins_lock); /* pins, n_pins */

/* The caller holds pins_lock. */
static struct spdm_pinned *find(const char *name)
{
	struct spdm_pinned *p;

	list_for_each_entry(p, &pins, node)
		if (!strcmp(p->name, name))
			return p;
	return NULL;
}

/* The caller holds pins_lock. */
static struct spdm_pinned *add(const char *name)
{
	size_t size = strlen(name) + 1;
	struct spdm_pinned *p;

	if (n_pins >= PINS_MAX)
		return ERR_PTR(-ENOSPC);
	p = kzalloc(struct_size(p, name, size), GFP_KERNEL);
	if (!p)
		return ERR_PTR(-ENOMEM);
	memcpy(p->name, name, size);
	list_add_tail(&p->node, &pins);
	n_pins++;
	return p;
}

int spdm_pin_attach(struct spdm_dev *sd)
{
	struct spdm_pinned *p;
	char *name;

	name = kasprintf(GFP_KERNEL, "%s:%s", dev_bus_name(sd->dev),
			 dev_name(sd->dev));
	if (!name)
		return -ENOMEM;
	mutex_lock(&pins_lock);
	p = find(name) ?: add(name);
	mutex_unlock(&pins_lock);
	kfree(name);
	if (IS_ERR(p))
		return PTR_ERR(p);
	sd->pinned = p;
	return 0;
}

/* The caller holds pins_lock. */
static void forget(struct spdm_pinned *p)
{
	list_del(&p->node);
	n_pins--;
	kfree(p);
}

void spdm_pin_detach(struct spdm_dev *sd)
{
	mutex_lock(&pins_lock);
	if (!sd->pinned->pin.version)
		forget(sd->pinned);
	sd->pinned = NULL;
	mutex_unlock(&pins_lock);
}

void spdm_pin_exit(void)
{
	struct spdm_pinned *p, *next;

	list_for_each_entry_safe(p, next, &pins, node)
		forget(p);
}

static noinline_for_stack
int describe(const struct spdm_conn *c, const struct spdm_chain *chain,
	     size_t anchor, struct spdm_pin *pin)
{
	struct x509_cert device, leaf;
	int rc;

	rc = spdm_pin_find(chain->certs, chain->certs_len, anchor, &device,
			   &leaf);
	if (rc)
		return rc;
	pin->version = c->version;
	pin->asym = c->asym;
	pin->hash = c->hash;
	sha256(leaf.key, leaf.key_len, pin->leaf);
	sha256(device.key, device.key_len, pin->device);
	return 0;
}

/* Returns 0; or the errno of a downgrade that is not allowed. */
static int check_downgrade(struct spdm_run *run, u8 slot,
			   const struct spdm_pin *last,
			   struct spdm_fault *fault)
{
	int rc = spdm_pin_downgrade(last, &run->pin, fault);

	if (!rc || !READ_ONCE(allow_downgrade))
		return rc;
	dev_warn(run->sd->dev, "Slot %u: %s: %s\n", slot, fault->what,
		 fault->detail);
	return 0;
}

int spdm_pin_check(struct spdm_run *run, u8 slot, const struct spdm_conn *c,
		   const struct spdm_chain *chain, size_t anchor,
		   struct spdm_fault *fault)
{
	enum spdm_pin_policy p = READ_ONCE(policy);
	struct spdm_dev *sd = run->sd;
	struct spdm_pin last;
	int rc;

	run->pin.version = 0;
	if (p == SPDM_PIN_OFF)
		return 0;
	rc = describe(c, chain, anchor, &run->pin);
	if (rc)
		return rc;
	mutex_lock(&sd->lock);
	last = sd->pinned->pin;
	mutex_unlock(&sd->lock);
	rc = check_downgrade(run, slot, &last, fault);
	if (rc)
		return rc;
	rc = spdm_pin_other(&last, &run->pin, p, fault);
	if (rc)
		run->replaced = true;
	return rc;
}

void spdm_pin_keep(struct spdm_dev *sd)
{
	if (sd->run.pin.version)
		sd->pinned->pin = sd->run.pin;
}

ssize_t spdm_pin_show(struct spdm_dev *sd, char *buf)
{
	const struct spdm_pin *pin = &sd->pinned->pin;
	ssize_t len;

	mutex_lock(&sd->lock);
	if (!pin->version) {
		len = sysfs_emit(buf, "none\n");
		goto unlock;
	}
	len = sysfs_emit(buf, "leaf %*phN\ndevice %*phN\n", SPDM_PIN_LEN,
			 pin->leaf, SPDM_PIN_LEN, pin->device);
	len += sysfs_emit_at(buf, len, "version %u.%u\n", pin->version >> 4,
			     pin->version & 15);
	len += sysfs_emit_at(buf, len, "asym_algorithm %s\nhash_algorithm %s\n",
			     pin->asym->name, pin->hash->name);
unlock:
	mutex_unlock(&sd->lock);
	return len;
}

ssize_t spdm_pin_store(struct spdm_dev *sd, const char *buf, size_t count)
{
	if (!sysfs_streq(buf, "clear"))
		return -EINVAL;
	mutex_lock(&sd->lock);
	memset(&sd->pinned->pin, 0, sizeof(sd->pinned->pin));
	mutex_unlock(&sd->lock);
	dev_info(sd->dev, "Pin cleared: the next success sets another one\n");
	return count;
}
