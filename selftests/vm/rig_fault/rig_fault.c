// SPDX-License-Identifier: GPL-2.0-only
/*
 * When loaded, makes one of the faults that the rig must detect. Only the tests
 * of the rig use this module; it is never installed.
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/slab.h>

static char *fault = "none";
module_param(fault, charp, 0);
MODULE_PARM_DESC(fault, "none, warn, oops, stay, leak, overflow, atomic or locks");

static DEFINE_MUTEX(one);
static DEFINE_MUTEX(two);

/* Nobody has the address afterwards, neither the stack nor a register. */
static noinline void leak(void)
{
	for (int i = 0; i < 16; i++)
		memset(kmalloc(512, GFP_KERNEL | __GFP_NOFAIL), i, 512);
}

static noinline void overflow(void)
{
	char *p = kmalloc(16, GFP_KERNEL);
	size_t len = 16;

	if (!p)
		return;
	OPTIMIZER_HIDE_VAR(len);
	WRITE_ONCE(p[len], 0);
	kfree(p);
}

static noinline void sleep_in_atomic(void)
{
	preempt_disable();
	might_sleep();
	preempt_enable();
}

static noinline void lock_both_ways(void)
{
	mutex_lock(&one);
	mutex_lock(&two);
	mutex_unlock(&two);
	mutex_unlock(&one);
	mutex_lock(&two);
	mutex_lock(&one);
	mutex_unlock(&one);
	mutex_unlock(&two);
}

static int __init rig_fault_init(void)
{
	pr_info("%s\n", fault);
	if (!strcmp(fault, "warn"))
		WARN(1, "asked for\n");
	else if (!strcmp(fault, "oops"))
		WRITE_ONCE(*(int *)8, 0);
	else if (!strcmp(fault, "stay"))
		__module_get(THIS_MODULE);
	else if (!strcmp(fault, "leak"))
		leak();
	else if (!strcmp(fault, "overflow"))
		overflow();
	else if (!strcmp(fault, "atomic"))
		sleep_in_atomic();
	else if (!strcmp(fault, "locks"))
		lock_both_ways();
	else if (strcmp(fault, "none"))
		return -EINVAL;
	return 0;
}
module_init(rig_fault_init);

static void __exit rig_fault_exit(void)
{
}
module_exit(rig_fault_exit);

MODULE_DESCRIPTION("Faults for the tests of the test rig");
MODULE_LICENSE("GPL");
