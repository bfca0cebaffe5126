// SPDX-License-Identifier: GPL-2.0-only
/*
 * The files of a device in sysfs, which are described in
 * Documentation/ABI/testing/sysfs-devices-spdm.
 *
 * The struct device belongs to another subsystem, so the functions of the
 * files look up the struct spdm_dev. It exists as long as the files: sysfs
 * waits for readers and writers when a file is removed.
 */
#include "internal.h"

#include <linux/bitops.h>
#include <linux/kobject.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#define UEVENT_PAUSE	(HZ / 50)

static LIST_HEAD(devices);
static DEFINE_SPINLOCK(devices_lock);

static const char *const states[] = {
	[SPDM_PENDING] = "pending",
	[SPDM_RESET] = "reset",
	[SPDM_AUTHENTICATED] = "authenticated",
	[SPDM_UNPROVED] = "unproved",
	[SPDM_UNTRUSTED] = "untrusted",
	[SPDM_UNAUTHENTICATED] = "unauthenticated",
	[SPDM_REPLACED] = "replaced",
	[SPDM_UNKNOWN] = "unknown",
	[SPDM_TAKEN] = "taken",
};

/* Called by the files of @dev only: never returns NULL. */
static struct spdm_dev *spdm_find(const struct device *dev)
{
	struct spdm_dev *sd, *found = NULL;

	spin_lock(&devices_lock);
	list_for_each_entry(sd, &devices, node) {
		if (sd->dev == dev) {
			found = sd;
			break;
		}
	}
	spin_unlock(&devices_lock);
	return found;
}

static bool is_ours(struct device *dev);

/*
 * Does the platform's TSM have the device, or did it have the device? If the
 * kernel replaced the file authenticated, this is so even after the TSM left.
 */
static bool is_taken(const struct spdm_dev *sd)
{
	const struct spdm_transport *t = sd->transport;

	return (t && t->is_taken && t->is_taken(sd->priv)) || !is_ours(sd->dev);
}

/* Copy the result, without the text: the text needs the lock. */
static struct spdm_result get_result(const struct device *dev)
{
	struct spdm_dev *sd = spdm_find(dev);
	struct spdm_result res;

	mutex_lock(&sd->lock);
	res = sd->result;
	if (spdm_is_stale(sd))
		res.state = SPDM_RESET;
	mutex_unlock(&sd->lock);
	if (is_taken(sd))
		res.state = SPDM_TAKEN;
	/* Proofs of before a reset or a sleep may be those of another device. */
	if (res.state == SPDM_PENDING || res.state == SPDM_RESET ||
	    res.state == SPDM_TAKEN) {
		res.slot = SPDM_NO_SLOT;
		res.proved = 0;
	}
	res.failure = NULL;
	return res;
}

static ssize_t authenticated_show(struct device *dev,
				  struct device_attribute *attr, char *buf)
{
	enum spdm_state state = get_result(dev).state;

	if (state == SPDM_UNKNOWN)
		return -ENOTTY;
	return sysfs_emit(buf, "%d\n", state == SPDM_AUTHENTICATED);
}

static ssize_t authenticated_store(struct device *dev,
				   struct device_attribute *attr,
				   const char *buf, size_t count)
{
	struct spdm_dev *sd = spdm_find(dev);

	if (!sd->transport)
		return -ENOTTY;
	if (!sysfs_streq(buf, "re"))
		return -EINVAL;
	return spdm_dev_authenticate(sd) ?: count;
}
static DEVICE_ATTR_RW(authenticated);

/* The kernel's TSM code may replace the file with one of its own. */
static bool is_ours(struct device *dev)
{
	struct kernfs_node *kn = sysfs_get_dirent(dev->kobj.sd,
					dev_attr_authenticated.attr.name);
	bool ours = kn && kn->priv == &dev_attr_authenticated.attr;

	sysfs_put(kn);
	return ours;
}

static ssize_t state_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	return sysfs_emit(buf, "%s\n", states[get_result(dev).state]);
}
static DEVICE_ATTR_RO(state);

static ssize_t failure_show(struct device *dev, struct device_attribute *attr,
			    char *buf)
{
	struct spdm_dev *sd = spdm_find(dev);
	ssize_t len;

	mutex_lock(&sd->lock);
	len = sysfs_emit(buf, "%s", sd->result.failure ?: "");
	mutex_unlock(&sd->lock);
	return len;
}
static DEVICE_ATTR_RO(failure);

static ssize_t version_show(struct device *dev, struct device_attribute *attr,
			    char *buf)
{
	u8 v = get_result(dev).version;

	return v ? sysfs_emit(buf, "%u.%u\n", v >> 4, v & 15) :
		   sysfs_emit(buf, "none\n");
}
static DEVICE_ATTR_RO(version);

static ssize_t asym_algorithm_show(struct device *dev,
				   struct device_attribute *attr, char *buf)
{
	const struct spdm_asym *asym = get_result(dev).asym;

	return sysfs_emit(buf, "%s\n", asym ? asym->name : "none");
}
static DEVICE_ATTR_RO(asym_algorithm);

static ssize_t hash_algorithm_show(struct device *dev,
				   struct device_attribute *attr, char *buf)
{
	const struct spdm_hash *hash = get_result(dev).hash;

	return sysfs_emit(buf, "%s\n", hash ? hash->name : "none");
}
static DEVICE_ATTR_RO(hash_algorithm);

static ssize_t slot_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	u8 slot = get_result(dev).slot;

	return slot == SPDM_NO_SLOT ? sysfs_emit(buf, "none\n") :
				      sysfs_emit(buf, "%u\n", slot);
}
static DEVICE_ATTR_RO(slot);

static ssize_t proved_slot_show(struct device *dev,
				struct device_attribute *attr, char *buf)
{
	u8 proved = get_result(dev).proved;

	return proved ? sysfs_emit(buf, "%d\n", ffs(proved) - 1) :
			sysfs_emit(buf, "none\n");
}
static DEVICE_ATTR_RO(proved_slot);

/* Signatures are counted from 0. The newest one is always kept. */
static ssize_t evidence_show(struct device *dev, struct device_attribute *attr,
			     char *buf)
{
	u32 n = get_result(dev).n_signatures;

	return n ? sysfs_emit(buf, "%u\n", n - 1) : sysfs_emit(buf, "none\n");
}
static DEVICE_ATTR_RO(evidence);

static ssize_t pin_show(struct device *dev, struct device_attribute *attr,
			char *buf)
{
	return spdm_pin_show(spdm_find(dev), buf);
}

static ssize_t pin_store(struct device *dev, struct device_attribute *attr,
			 const char *buf, size_t count)
{
	return spdm_pin_store(spdm_find(dev), buf, count);
}
static DEVICE_ATTR_RW(pin);

static struct attribute *spdm_attrs[] = {
	&dev_attr_state.attr,
	&dev_attr_failure.attr,
	&dev_attr_version.attr,
	&dev_attr_asym_algorithm.attr,
	&dev_attr_hash_algorithm.attr,
	&dev_attr_slot.attr,
	&dev_attr_proved_slot.attr,
	&dev_attr_evidence.attr,
	&dev_attr_pin.attr,
	NULL
};

static const struct attribute_group spdm_group = {
	.name = "spdm",
	.attrs = spdm_attrs,
};

static ssize_t slot_read(struct file *file, struct kobject *kobj,
			 bin_attr_const struct bin_attribute *attr, char *buf,
			 loff_t off, size_t count)
{
	struct spdm_dev *sd = spdm_find(kobj_to_dev(kobj));
	size_t slot = (size_t)attr->private;
	ssize_t len = 0;

	mutex_lock(&sd->lock);
	if (sd->result.certs_len[slot])
		len = memory_read_from_buffer(buf, count, &off,
					      sd->chains + sd->result.certs[slot],
					      sd->result.certs_len[slot]);
	mutex_unlock(&sd->lock);
	return len;
}

#define SLOT(n)								\
static bin_attr_const struct bin_attribute slot##n = {			\
	.attr = { .name = "slot" #n, .mode = 0444 },			\
	.size = SPDM_CHAINS_MAX,					\
	.private = (void *)n,						\
	.read = slot_read,						\
}

SLOT(0);
SLOT(1);
SLOT(2);
SLOT(3);
SLOT(4);
SLOT(5);
SLOT(6);
SLOT(7);

static bin_attr_const struct bin_attribute *bin_attr_const slots[] = {
	&slot0, &slot1, &slot2, &slot3, &slot4, &slot5, &slot6, &slot7, NULL
};

static const struct attribute_group certificates_group = {
	.name = "certificates",
	.bin_attrs = slots,
};

/* sysfs refuses a second file of a name with a call trace: check first. */
static bool has_file(struct device *dev, const char *name)
{
	struct kernfs_node *kn = sysfs_get_dirent(dev->kobj.sd, name);
	bool found = kn;

	sysfs_put(kn);
	return found;
}

int spdm_sysfs_add(struct spdm_dev *sd)
{
	struct kobject *kobj = &sd->dev->kobj;
	int rc;

	if (has_file(sd->dev, dev_attr_authenticated.attr.name) ||
	    has_file(sd->dev, spdm_group.name) ||
	    has_file(sd->dev, certificates_group.name) ||
	    has_file(sd->dev, "signatures"))
		return -EEXIST;
	rc = spdm_evidence_add(sd);
	if (rc)
		return rc;

	spin_lock(&devices_lock);
	list_add(&sd->node, &devices);
	spin_unlock(&devices_lock);

	rc = sysfs_create_file(kobj, &dev_attr_authenticated.attr);
	if (rc)
		goto forget;
	rc = sysfs_create_group(kobj, &spdm_group);
	if (rc)
		goto remove_file;
	rc = sysfs_create_group(kobj, &certificates_group);
	if (rc)
		goto remove_group;
	return 0;

remove_group:
	sysfs_remove_group(kobj, &spdm_group);
remove_file:
	sysfs_remove_file(kobj, &dev_attr_authenticated.attr);
forget:
	spin_lock(&devices_lock);
	list_del(&sd->node);
	spin_unlock(&devices_lock);
	spdm_evidence_remove(sd);
	return rc;
}

void spdm_sysfs_remove(struct spdm_dev *sd)
{
	struct kobject *kobj = &sd->dev->kobj;

	sysfs_remove_group(kobj, &certificates_group);
	sysfs_remove_group(kobj, &spdm_group);
	if (is_ours(sd->dev))
		sysfs_remove_file(kobj, &dev_attr_authenticated.attr);

	spin_lock(&devices_lock);
	list_del(&sd->node);
	spin_unlock(&devices_lock);
}

/* One uevent for all news: whoever sees a new state finds its evidence. */
static void send_uevent(struct spdm_dev *sd)
{
	char state[32], evidence[32];
	char *env[3] = {};
	size_t n = 0;

	if (sd->news & SPDM_NEWS_STATE) {
		snprintf(state, sizeof(state), "SPDM_STATE=%s",
			 states[sd->result.state]);
		env[n++] = state;
	}
	if (sd->news & SPDM_NEWS_EVIDENCE) {
		snprintf(evidence, sizeof(evidence), "SPDM_EVIDENCE=%u",
			 sd->result.n_signatures - 1);
		env[n++] = evidence;
	}
	sd->news = 0;
	kobject_uevent_env(&sd->dev->kobj, KOBJ_CHANGE, env);
}

/*
 * The kernel sets state_add_uevent_sent just before it sends "add". Hence a
 * pause after the flag was seen.
 */
void spdm_uevent_work(struct work_struct *work)
{
	struct spdm_dev *sd = container_of(to_delayed_work(work),
					   struct spdm_dev, uevent_work);

	mutex_lock(&sd->lock);
	if (!sd->announced && sd->add_seen) {
		sd->announced = true;
		send_uevent(sd);
	} else if (!sd->announced) {
		sd->add_seen = sd->dev->kobj.state_add_uevent_sent;
		schedule_delayed_work(&sd->uevent_work, UEVENT_PAUSE);
	}
	mutex_unlock(&sd->lock);
}

/* The caller holds the lock. */
static bool is_authenticated(const struct spdm_dev *sd)
{
	return sd->result.state == SPDM_AUTHENTICATED && !spdm_is_stale(sd);
}

static void notify_state(struct spdm_dev *sd)
{
	if (sd->transport->changed)
		sd->transport->changed(sd->priv, is_authenticated(sd));
	sysfs_notify(&sd->dev->kobj, NULL, dev_attr_authenticated.attr.name);
	sysfs_notify(&sd->dev->kobj, spdm_group.name, dev_attr_state.attr.name);
}

void spdm_sysfs_changed(struct spdm_dev *sd, u8 news)
{
	if (news & SPDM_NEWS_STATE)
		notify_state(sd);
	if (news & SPDM_NEWS_EVIDENCE)
		sysfs_notify(&sd->dev->kobj, spdm_group.name,
			     dev_attr_evidence.attr.name);
	sd->news |= news;
	if (!sd->news)
		return;
	if (sd->announced)
		send_uevent(sd);
	else
		schedule_delayed_work(&sd->uevent_work, UEVENT_PAUSE);
}
