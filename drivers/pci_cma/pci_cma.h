/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Declarations for the files of this module.
 */
#ifndef PCI_CMA_H
#define PCI_CMA_H

#define pr_fmt(fmt)	KBUILD_MODNAME ": " fmt
#define dev_fmt(fmt)	"CMA: " fmt

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/spdm.h>
#include <linux/workqueue.h>

struct device;
struct key;
struct pci_dev;
struct pci_doe_mb;
struct task_struct;
struct x509_fault;
struct x509_path;

/**
 * struct cma_dev - a PCI device that may be authenticated
 * @node: node in the list of all devices
 * @pdev: the device, a reference
 * @mb: mailbox for SPDM; NULL if the kernel could not set one up
 * @serial: serial number of the device, 0 if it has none
 * @no_d3cold: this module has disabled D3cold for the device
 * @assigned: a driver has the device that assigns devices to guests
 * @asleep: the system sleeps, or the device has not woken up yet
 * @powering: an authentication powers the device on
 * @arrived: the device arrived after the module was loaded
 * @authenticated: the device is authenticated; protected by the lock of gate.c
 * @unbound: a driver was unbound from the device, and none was bound since
 * @attach: tries drivers after the gate has opened
 * @taken: 1 after the platform's TSM was seen to have the device; the kernel's
 *	   log says so
 * @flr: the task that has just done a Function Level Reset, or NULL
 * @quiet_until: when the device will have been reset, in jiffies: before, it is
 *		 not authenticated
 * @restarted: when @restart started an authentication, in jiffies
 * @restart: starts an authentication after a reset
 * @wake: device that is told of wake-ups, or NULL
 * @spdm: the device in module spdm
 */
struct cma_dev {
	struct list_head node;
	struct pci_dev *pdev;
	struct pci_doe_mb *mb;
	u64 serial;
	bool no_d3cold;
	bool assigned;
	bool asleep;
	bool powering;
	bool arrived;
	bool authenticated;
	bool unbound;
	struct work_struct attach;
	atomic_t taken;
	struct task_struct *flr;
	u64 quiet_until;
	u64 restarted;
	struct delayed_work restart;
	struct device *wake;
	struct spdm_dev *spdm;
};

/* main.c */

/*
 * All devices. RCU protects readers. A device is destroyed later than a grace
 * period after its removal from the list.
 */
extern struct list_head cma_devs;

/* The keyring .cma; exists while there are devices. */
extern struct key *cma_keyring;

/**
 * cma_restart - start an authentication after a reset
 * @work: restart of a device
 */
void cma_restart(struct work_struct *work);

/**
 * cma_restart_after - start an authentication after a delay
 * @cd: device
 * @delay: the delay in jiffies; an earlier call has no effect any more
 *
 * Context: any, except NMI.
 */
void cma_restart_after(struct cma_dev *cd, unsigned long delay);

/**
 * cma_wake_up - a device has woken up: authenticate it
 * @pdev: device
 */
void cma_wake_up(const struct pci_dev *pdev);

/**
 * cma_attach - try drivers for a device
 * @cd: device
 */
void cma_attach(struct cma_dev *cd);

/**
 * cma_gate_update_all - call cma_gate_update() for each device
 */
void cma_gate_update_all(void);

/* gate.c */

/**
 * cma_gate_update - open or close the gate of a device
 * @cd: device
 */
void cma_gate_update(struct cma_dev *cd);

/**
 * cma_gate_changed - the state of a device changed
 * @priv: device
 * @authenticated: the device is authenticated now
 *
 * See struct spdm_transport.
 */
void cma_gate_changed(void *priv, bool authenticated);

/**
 * cma_gate_refuse - close the gate of a device that cannot be authenticated
 * @pdev: device
 * @arrived: the device arrived after the module was loaded
 */
void cma_gate_refuse(struct pci_dev *pdev, bool arrived);

/**
 * cma_attach_work - try drivers after the gate has opened
 * @work: attach of a device
 */
void cma_attach_work(struct work_struct *work);

/**
 * cma_gate_exit - open all gates
 *
 * No driver is tried.
 */
void cma_gate_exit(void);

/* device.c */

/**
 * cma_dev_create - register a device, if it may be authenticated
 * @pdev: device
 * @keyring: the trusted certificates
 *
 * May sleep. The device must not be removed until the function returns.
 *
 * Return: the device; NULL if the device has no mailbox for SPDM, or if the
 * kernel's TSM code authenticates the device; or an ERR_PTR.
 */
struct cma_dev *cma_dev_create(struct pci_dev *pdev, struct key *keyring);

/**
 * cma_dev_destroy - unregister a device
 * @cd: device
 *
 * The device is no longer in cma_devs. Waits for an exchange that runs. The
 * device must not be removed until the function returns.
 */
void cma_dev_destroy(struct cma_dev *cd);

/* policy.c */

/**
 * cma_policy_init - register the key type cma_policy
 *
 * Return: 0; -EEXIST if the kernel has a key type of this name.
 */
int cma_policy_init(void);

/**
 * cma_policy_exit - remove the key type, and all keys of this type
 *
 * No device exists any more.
 */
void cma_policy_exit(void);

/**
 * cma_policy_judge - check the certificates of a device against the policy
 * @pdev: device
 * @path: its certificates, from the trusted one to the leaf
 * @name: the name that PCIe gives the device
 * @fault: set if the result is negative
 * @detail: set to more about @fault
 * @size: of @detail in bytes
 *
 * Context: process context; may sleep. Takes no lock of this module. The policy
 * is a key that does not change, and this function holds a reference to it.
 *
 * Return: 0; 1 if there is no policy, or no rule for the device; -EKEYREJECTED
 * if a requirement is not met, or the policy has expired or was revoked;
 * -EBADMSG; -ENOMEM.
 */
int cma_policy_judge(struct pci_dev *pdev, const struct x509_path *path,
		     const char *name, struct x509_fault *fault, char *detail,
		     size_t size);

/* wake.c */

/**
 * cma_wake_create - have cma_wake_up() called when a device wakes up
 * @pdev: device
 *
 * Return: a child of the device, for cma_wake_destroy(); NULL if there is no
 * memory.
 */
struct device *cma_wake_create(struct pci_dev *pdev);

/**
 * cma_wake_destroy - end the calls of cma_wake_up() for a device
 * @wake: result of cma_wake_create()
 */
void cma_wake_destroy(struct device *wake);

/* reset.c */

/**
 * cma_reset_init - notice resets of devices
 *
 * If this kernel cannot, the function says so in the kernel's log.
 */
void cma_reset_init(void);

/**
 * cma_reset_exit - no longer notice resets of devices
 */
void cma_reset_exit(void);

#endif /* PCI_CMA_H */
