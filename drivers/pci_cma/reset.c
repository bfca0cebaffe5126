// SPDX-License-Identifier: GPL-2.0-only
/*
 * Resets of devices. A Conventional Reset ends a device's SPDM state, and the
 * device may be another one after it; a Function Level Reset does not (PCIe
 * r6.1, 6.6.2). The kernel tells nobody about resets. So this file sets kprobes
 * on the functions that each reset and each recovery from an error calls:
 *
 *	pci_bridge_secondary_bus_reset	the devices below a bridge are about to
 *					be reset
 *	pci_uevent_ers			recovery from an error (AER, DPC) begins
 *					or ends
 *	pci_restore_state		the device was reset or resumed; its
 *					configuration is being restored
 *	pcie_reset_flr, pci_af_flr	the reset was a Function Level Reset
 *	pci_save_state			another reset or suspend begins
 *
 * The device's state becomes "reset" in the handler, which must not sleep. A
 * work authenticates the device.
 */
#include "pci_cma.h"

#include <linux/jiffies.h>
#include <linux/kprobes.h>
#include <linux/pci.h>
#include <linux/pm_runtime.h>
#include <linux/printk.h>
#include <linux/ptrace.h>
#include <linux/rculist.h>
#include <linux/sched.h>

/* A reset, or a recovery from an error, takes no longer, or is not noticed. */
#define RESET_MAX	(10 * HZ)

/* A driver may restore the configuration again and again. */
#define RESTART_PAUSE	(2 * HZ)

/* An argument, which is a pointer, of the function that the probe is on. */
#define ARG(regs, n)	((void *)regs_get_kernel_argument(regs, n))

/* The caller is in a read-side critical section of RCU. */
static struct cma_dev *find_rcu(const struct pci_dev *pdev)
{
	struct cma_dev *cd;

	list_for_each_entry_rcu(cd, &cma_devs, node)
		if (cd->pdev == pdev)
			return cd;
	return NULL;
}

/* The device has no result; it is authenticated after this delay. */
static void distrust(struct cma_dev *cd, unsigned long delay)
{
	WRITE_ONCE(cd->flr, NULL);
	if (READ_ONCE(cd->assigned) || READ_ONCE(cd->asleep))
		return;
	spdm_dev_distrust(cd->spdm);
	cma_restart_after(cd, delay);
}

/* Before the end of the reset, the mailbox does not work. */
static void reset_begins(struct cma_dev *cd)
{
	WRITE_ONCE(cd->quiet_until, get_jiffies_64() + RESET_MAX);
	distrust(cd, RESET_MAX + 1);
}

static void reset_ends(struct cma_dev *cd)
{
	u64 now = get_jiffies_64();
	u64 next = READ_ONCE(cd->restarted) + RESTART_PAUSE;

	WRITE_ONCE(cd->quiet_until, now);
	distrust(cd, time_before64(now, next) ? next - now : 0);
}

static bool is_below(struct pci_dev *pdev, const struct pci_dev *bridge)
{
	do
		pdev = pci_upstream_bridge(pdev);
	while (pdev && pdev != bridge);
	return pdev;
}

static int on_bus_reset(struct kprobe *p, struct pt_regs *regs)
{
	struct pci_dev *bridge = ARG(regs, 0);
	struct cma_dev *cd;

	rcu_read_lock();
	list_for_each_entry_rcu(cd, &cma_devs, node)
		if (is_below(cd->pdev, bridge))
			reset_begins(cd);
	rcu_read_unlock();
	return 0;
}

static int on_recovery(struct kprobe *p, struct pt_regs *regs)
{
	pci_ers_result_t result =
		(__force pci_ers_result_t)regs_get_kernel_argument(regs, 1);
	bool ends = result == PCI_ERS_RESULT_RECOVERED ||
		    result == PCI_ERS_RESULT_DISCONNECT;
	struct cma_dev *cd;

	rcu_read_lock();
	cd = find_rcu(ARG(regs, 0));
	if (cd && ends)
		reset_ends(cd);
	else if (cd)
		reset_begins(cd);
	rcu_read_unlock();
	return 0;
}

#ifdef CONFIG_PM
static bool is_resuming(const struct pci_dev *pdev)
{
	return READ_ONCE(pdev->dev.power.runtime_status) == RPM_RESUMING;
}
#else
static bool is_resuming(const struct pci_dev *pdev)
{
	return false;
}
#endif

static void restored(struct cma_dev *cd)
{
	if (READ_ONCE(cd->flr) == current) {
		WRITE_ONCE(cd->flr, NULL);
		return;
	}
	/* The device was suspended. It keeps its state, except in D3cold. */
	if (is_resuming(cd->pdev) && cd->pdev->no_d3cold)
		return;
	/* An authentication has powered the device on, and follows. */
	if (READ_ONCE(cd->powering))
		spdm_dev_distrust(cd->spdm);
	else
		reset_ends(cd);
}

static int on_restore(struct kprobe *p, struct pt_regs *regs)
{
	struct cma_dev *cd;

	rcu_read_lock();
	cd = find_rcu(ARG(regs, 0));
	if (cd)
		restored(cd);
	rcu_read_unlock();
	return 0;
}

static void note_flr(const struct pci_dev *pdev, struct task_struct *task)
{
	struct cma_dev *cd;

	rcu_read_lock();
	cd = find_rcu(pdev);
	if (cd)
		WRITE_ONCE(cd->flr, task);
	rcu_read_unlock();
}

static int on_save(struct kprobe *p, struct pt_regs *regs)
{
	note_flr(ARG(regs, 0), NULL);
	return 0;
}

/* These functions also tell whether the device has FLR: argument probe. */
static int on_flr(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	bool probe = regs_get_kernel_argument(regs, 1) & 1;

	*(struct pci_dev **)ri->data = ARG(regs, 0);
	return probe;
}

/* After a failed FLR, the kernel tries another kind of reset. */
static int on_flr_return(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	if (!(int)regs_return_value(regs))
		note_flr(*(struct pci_dev **)ri->data, current);
	return 0;
}

static struct kprobe restore_probe = {
	.symbol_name = "pci_restore_state",
	.pre_handler = on_restore,
};

static struct kprobe recovery_probe = {
	.symbol_name = "pci_uevent_ers",
	.pre_handler = on_recovery,
};

static struct kprobe bus_reset_probe = {
	.symbol_name = "pci_bridge_secondary_bus_reset",
	.pre_handler = on_bus_reset,
};

static struct kprobe save_probe = {
	.symbol_name = "pci_save_state",
	.pre_handler = on_save,
};

#define FLR_PROBE(name) {						\
	.kp.symbol_name = name,						\
	.entry_handler = on_flr,					\
	.handler = on_flr_return,					\
	.data_size = sizeof(struct pci_dev *),				\
}

static struct kretprobe flr_probes[] = {
	FLR_PROBE("pcie_reset_flr"),
	FLR_PROBE("pci_af_flr"),
};

static struct kprobe *const probes[] = {
	&restore_probe, &recovery_probe, &bus_reset_probe, &save_probe,
};

static bool has_probe[ARRAY_SIZE(probes)];
static bool has_flr_probe[ARRAY_SIZE(flr_probes)];

/*
 * Without pci_uevent_ers, the kernel does not recover from errors. Without the
 * probe on pci_save_state, a flag of an FLR could outlive its reset.
 */
void cma_reset_init(void)
{
	int rc;

	for (size_t i = 0; i < ARRAY_SIZE(probes); i++) {
		rc = register_kprobe(probes[i]);
		has_probe[i] = !rc;
		if (!rc || (rc == -ENOENT && probes[i] == &recovery_probe))
			continue;
		pr_notice("resets of devices are not noticed: no kprobe on %s, error %d. Write \"re\" to authenticated after a reset\n",
			  probes[i]->symbol_name, rc);
		break;
	}
	if (!has_probe[ARRAY_SIZE(probes) - 1])
		return;
	for (size_t i = 0; i < ARRAY_SIZE(flr_probes); i++)
		has_flr_probe[i] = !register_kretprobe(&flr_probes[i]);
}

void cma_reset_exit(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(flr_probes); i++)
		if (has_flr_probe[i])
			unregister_kretprobe(&flr_probes[i]);
	for (size_t i = 0; i < ARRAY_SIZE(probes); i++)
		if (has_probe[i])
			unregister_kprobe(probes[i]);
}
