/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading memory whose address comes from the firmware. Each module that
 * needs these functions is linked with an object of its own.
 *
 * firmware.c has the functions that all architectures share. firmware_x86.c and
 * firmware_arm64.c have the others; Kbuild chooses one of the two.
 */
#ifndef CCGUEST_COMMON_FIRMWARE_H
#define CCGUEST_COMMON_FIRMWARE_H

#include "../../lib/place.h"

#include <linux/types.h>

/**
 * firmware_limits - get the limits of any range that the firmware names
 *
 * Return: the limits of this machine; the caller may narrow them.
 */
struct place_limits firmware_limits(void);

/**
 * firmware_range_readable - check whether a range may be read
 * @addr: physical address, from the firmware
 * @size: in bytes
 *
 * Return: true if the range is valid on this machine, and lies in memory
 * that the firmware reported as its own at boot. False if the kernel uses
 * the memory, and for the memory of devices.
 */
bool firmware_range_readable(u64 addr, u64 size);

/**
 * firmware_read - copy memory whose address comes from the firmware
 * @addr: physical address
 * @buf: set to the copy
 * @len: length in bytes
 *
 * The host may change the memory during the call; it cannot change the copy.
 *
 * Context: process context, may sleep.
 * Return: 0; -EFAULT if firmware_range_readable() returns false; -ENOMEM.
 */
int firmware_read(u64 addr, void *buf, size_t len);

/**
 * firmware_address_bits - get the address bits that this machine uses
 *
 * Each architecture has its own. The mask does not have the bit that
 * distinguishes private from shared memory.
 *
 * Return: mask of the bits.
 */
u64 firmware_address_bits(void);

/**
 * firmware_reserved - check whether the firmware kept a range for itself
 * @addr: physical address; place_check() has accepted the range
 * @size: in bytes
 *
 * Each architecture has its own.
 *
 * Return: true if the kernel does not use the range as RAM, because the
 * firmware reported the range as its own at boot.
 */
bool firmware_reserved(u64 addr, u64 size);

/**
 * firmware_map - map memory that the firmware kept
 * @addr: physical address
 * @size: in bytes
 *
 * In a confidential guest on x86 the mapping is of private (encrypted)
 * memory. Call it only after firmware_range_readable() returned true, or
 * after a check that is as strict. Each architecture has its own.
 *
 * Context: process context, may sleep.
 * Return: the mapping, or NULL.
 */
void *firmware_map(u64 addr, size_t size);

/**
 * firmware_unmap - undo firmware_map()
 * @mapping: return value of firmware_map()
 */
void firmware_unmap(void *mapping);

/**
 * firmware_flush - write changes in a mapping back to memory
 * @start: address in the mapping
 * @size: in bytes
 */
void firmware_flush(void *start, size_t size);

#endif /* CCGUEST_COMMON_FIRMWARE_H */
