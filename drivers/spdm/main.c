// SPDX-License-Identifier: GPL-2.0-only
/*
 * spdm: authenticates devices that speak SPDM (DMTF DSP0274). The module that
 * finds the devices provides the transport.
 *
 * The protocol is in lib/, where it is tested and fuzzed without a kernel. This
 * module provides hashes, keys, time and memory, and shows the results.
 *
 * An authentication runs in a workqueue, so that several devices are
 * authenticated at the same time. A device has one authentication at a time. A
 * caller that requests an authentication while one runs waits for the next one:
 * the running one may have read the keyring already.
 */
#include "internal.h"

#include <linux/device.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

/*
 * A caller of spdm_dev_wait() may hold locks that other tasks wait for. The
 * kernel reports tasks that are blocked for 120 seconds.
 */
#define WAIT_MAX	(60 * HZ)

static struct workqueue_struct *spdm_wq;

static void spdm_work(struct work_struct *work)
{
	struct spdm_dev *sd = container_of(work, struct spdm_dev, work);
	unsigned long n;
	int rc;

	spin_lock(&sd->count_lock);
	n = ++sd->started;
	spin_unlock(&sd->count_lock);

	rc = spdm_run_once(sd);

	spin_lock(&sd->count_lock);
	sd->done = n;
	sd->rc = rc;
	spin_unlock(&sd->count_lock);
	wake_up_all(&sd->wait);
}

/* Has authentication @n ended? *@rc is set to the last result. */
static bool has_ended(struct spdm_dev *sd, unsigned long n, int *rc)
{
	bool ended;

	spin_lock(&sd->count_lock);
	ended = (long)(sd->done - n) >= 0;
	*rc = sd->rc;
	spin_unlock(&sd->count_lock);
	return ended;
}

/* Start an authentication; returns its number. */
static unsigned long start(struct spdm_dev *sd)
{
	unsigned long n;

	spin_lock(&sd->count_lock);
	n = sd->started + 1;
	sd->wanted = n;
	spin_unlock(&sd->count_lock);
	queue_work(spdm_wq, &sd->work);
	return n;
}

void spdm_dev_start(struct spdm_dev *sd)
{
	if (sd->transport && !READ_ONCE(sd->gone))
		start(sd);
}
EXPORT_SYMBOL_SPDM(spdm_dev_start);

int spdm_dev_wait(struct spdm_dev *sd)
{
	unsigned long want;
	int rc;

	spin_lock(&sd->count_lock);
	want = sd->wanted;
	spin_unlock(&sd->count_lock);
	return wait_event_killable_timeout(sd->wait, has_ended(sd, want, &rc) ||
					   READ_ONCE(sd->gone),
					   WAIT_MAX) < 0 ? -EINTR : 0;
}
EXPORT_SYMBOL_SPDM(spdm_dev_wait);

void spdm_dev_quiesce(struct spdm_dev *sd)
{
	flush_work(&sd->work);
}
EXPORT_SYMBOL_SPDM(spdm_dev_quiesce);

int spdm_dev_authenticate(struct spdm_dev *sd)
{
	unsigned long want;
	int rc = 0;

	if (!sd->transport)
		return -ENOTTY;
	if (READ_ONCE(sd->gone))
		return -ENODEV;
	want = start(sd);
	if (wait_event_killable(sd->wait, has_ended(sd, want, &rc) ||
				READ_ONCE(sd->gone)))
		return -EINTR;
	return has_ended(sd, want, &rc) ? rc : -ENODEV;
}
EXPORT_SYMBOL_SPDM(spdm_dev_authenticate);

bool spdm_is_stale(const struct spdm_dev *sd)
{
	return (sd->result.state == SPDM_AUTHENTICATED ||
		sd->result.state == SPDM_UNPROVED ||
		sd->result.state == SPDM_REPLACED ||
		sd->result.state == SPDM_UNTRUSTED ||
		sd->result.state == SPDM_UNAUTHENTICATED) &&
	       sd->result.distrusts != atomic_read(&sd->distrusts);
}

/* The files show the state at once; this work wakes up their readers. */
static void spdm_distrust_work(struct work_struct *work)
{
	struct spdm_dev *sd = container_of(work, struct spdm_dev,
					   distrust_work);

	mutex_lock(&sd->lock);
	if (spdm_is_stale(sd)) {
		if (sd->result.state == SPDM_AUTHENTICATED)
			dev_info(sd->dev, "Reset: no longer authenticated\n");
		sd->result.state = SPDM_RESET;
		spdm_sysfs_changed(sd, SPDM_NEWS_STATE);
	}
	mutex_unlock(&sd->lock);
	wake_up_all(&sd->wait);
}

void spdm_dev_distrust(struct spdm_dev *sd)
{
	if (!sd->transport)
		return;
	atomic_inc(&sd->distrusts);
	queue_work(spdm_wq, &sd->distrust_work);
}
EXPORT_SYMBOL_SPDM(spdm_dev_distrust);

/*
 * Not by a freezable workqueue: a notifier of the bus, which waits for an
 * authentication, holds the rescan lock that the suspend needs.
 */
void spdm_dev_suspend(struct spdm_dev *sd, int why)
{
	mutex_lock(&sd->lock);
	atomic_inc(&sd->distrusts);
	WRITE_ONCE(sd->suspended, why);
	if (sd->transport && sd->result.state != SPDM_PENDING) {
		sd->result.state = SPDM_PENDING;
		spdm_sysfs_changed(sd, SPDM_NEWS_STATE);
	}
	mutex_unlock(&sd->lock);
	wake_up_all(&sd->wait);
}
EXPORT_SYMBOL_SPDM(spdm_dev_suspend);

void spdm_dev_resume(struct spdm_dev *sd)
{
	mutex_lock(&sd->lock);
	WRITE_ONCE(sd->suspended, 0);
	mutex_unlock(&sd->lock);
}
EXPORT_SYMBOL_SPDM(spdm_dev_resume);

void spdm_dev_stop(struct spdm_dev *sd)
{
	WRITE_ONCE(sd->gone, true);
	wake_up_all(&sd->wait);
}
EXPORT_SYMBOL_SPDM(spdm_dev_stop);

struct spdm_dev *spdm_dev_create(struct device *dev,
				 const struct spdm_transport *transport,
				 void *priv, struct key *keyring)
{
	struct spdm_dev *sd;
	int rc;

	sd = kzalloc(sizeof(*sd), GFP_KERNEL);
	if (!sd)
		return ERR_PTR(-ENOMEM);
	sd->dev = get_device(dev);
	sd->transport = transport;
	sd->priv = priv;
	sd->keyring = keyring;
	sd->result.state = transport ? SPDM_PENDING : SPDM_UNKNOWN;
	sd->result.slot = SPDM_NO_SLOT;
	INIT_WORK(&sd->work, spdm_work);
	INIT_WORK(&sd->distrust_work, spdm_distrust_work);
	INIT_DELAYED_WORK(&sd->uevent_work, spdm_uevent_work);
	sd->add_seen = dev->kobj.state_add_uevent_sent;
	sd->announced = sd->add_seen;
	init_waitqueue_head(&sd->wait);
	spin_lock_init(&sd->count_lock);
	mutex_init(&sd->lock);
	spdm_run_offer(sd);

	rc = spdm_pin_attach(sd);
	if (rc)
		goto err_dev;
	rc = spdm_sysfs_add(sd);
	if (!rc)
		return sd;
	spdm_pin_detach(sd);
err_dev:
	put_device(sd->dev);
	kfree(sd);
	return ERR_PTR(rc);
}
EXPORT_SYMBOL_SPDM(spdm_dev_create);

void spdm_dev_destroy(struct spdm_dev *sd)
{
	spdm_dev_stop(sd);
	/* After this call, no other authentication can start. */
	spdm_sysfs_remove(sd);
	cancel_work_sync(&sd->work);
	cancel_work_sync(&sd->distrust_work);
	cancel_delayed_work_sync(&sd->uevent_work);
	/* No authentication runs now: no signature is added. */
	spdm_evidence_remove(sd);

	spdm_pin_detach(sd);
	kvfree(sd->chains);
	kfree(sd->result.failure);
	mutex_destroy(&sd->lock);
	put_device(sd->dev);
	kfree(sd);
}
EXPORT_SYMBOL_SPDM(spdm_dev_destroy);

static int __init spdm_init(void)
{
	int rc;

	spdm_run_init();
	rc = spdm_anchor_init();
	if (rc)
		return rc;
	spdm_wq = alloc_workqueue("spdm", WQ_UNBOUND, 0);
	if (spdm_wq)
		return 0;
	spdm_anchor_exit();
	return -ENOMEM;
}
module_init(spdm_init);

static void __exit spdm_exit(void)
{
	destroy_workqueue(spdm_wq);
	spdm_anchor_exit();
	spdm_pin_exit();
}
module_exit(spdm_exit);

MODULE_DESCRIPTION("SPDM requester: authenticates devices (DMTF DSP0274)");
MODULE_AUTHOR("The ccguest developers");
MODULE_LICENSE("GPL");
MODULE_VERSION(CCGUEST_VERSION);
