/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libccguest: PCI devices, and whether the kernel has authenticated them.
 */
#ifndef LIBCCGUEST_DEVICE_H
#define LIBCCGUEST_DEVICE_H

#include <ccguest/cert.h>
#include <ccguest/ctx.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Number of certificate slots of a device: DSP0274, GET_CERTIFICATE. */
#define CCG_SLOTS	8
/* Largest number of failures in struct ccg_evidence. */
#define CCG_FAILURES_MAX	64
/* Size of the text of a device's address, including the terminating NUL. */
#define CCG_BDF_TEXT	20
/* Size of the text of a device's name, including the terminating NUL. */
#define CCG_DEVICE_NAME	96
/* Size of the name of a TSM, as "tsm0", including the terminating NUL. */
#define CCG_TSM_NAME	16
/* A hint for devices that the kernel could not authenticate. */
#define CCG_SPDM_MESSAGES \
	"Documentation/spdm.md, \"Messages\", tells what to do"

/**
 * enum ccg_device_state - the result of a device's authentication
 * @CCG_DEVICE_PLAIN: the device does not support authentication, or this
 *		      kernel does not authenticate devices
 * @CCG_DEVICE_PENDING: the kernel has not authenticated the device yet
 * @CCG_DEVICE_RESET: the kernel has not authenticated the device since it was
 *		      reset
 * @CCG_DEVICE_AUTHENTICATED: the device is authenticated
 * @CCG_DEVICE_UNPROVED: the authentication failed: the chain is trusted, but the
 *			 device did not prove that it has the private key
 * @CCG_DEVICE_UNAUTHENTICATED: the authentication failed: no chain is trusted, and
 *				the device proved nothing
 * @CCG_DEVICE_UNKNOWN: the kernel could not find out whether the device can be
 *			authenticated
 * @CCG_DEVICE_CONNECTED: the platform's TSM has a connection to the device; the
 *			  kernel has not verified the certificates
 * @CCG_DEVICE_DISCONNECTED: the platform's TSM has no connection to the device
 * @CCG_DEVICE_REPLACED: the authentication failed: the chain is trusted, but its
 *			 key is not that of the last success
 * @CCG_DEVICE_UNTRUSTED: the authentication failed: no chain is trusted. The device
 *			  proved that it has the private key of one
 */
enum ccg_device_state {
	CCG_DEVICE_PLAIN,
	CCG_DEVICE_PENDING,
	CCG_DEVICE_RESET,
	CCG_DEVICE_AUTHENTICATED,
	CCG_DEVICE_UNPROVED,
	CCG_DEVICE_UNAUTHENTICATED,
	CCG_DEVICE_UNKNOWN,
	CCG_DEVICE_CONNECTED,
	CCG_DEVICE_DISCONNECTED,
	CCG_DEVICE_REPLACED,
	CCG_DEVICE_UNTRUSTED,
};

/**
 * struct ccg_doe_protocol - a protocol of a data object exchange mailbox
 * @vendor: Vendor ID of the organization that defined the protocol
 * @type: the vendor's number of the protocol
 */
struct ccg_doe_protocol {
	uint16_t vendor;
	uint8_t type;
};

/**
 * struct ccg_device - one PCI device
 * @bdf: its address, as "0000:00:03.0"
 * @vendor: Vendor ID
 * @device: Device ID
 * @subsystem_vendor: Subsystem Vendor ID
 * @subsystem_device: Subsystem ID
 * @class_code: three bytes
 * @revision: Revision ID
 * @name: names of vendor and device in pci.ids, or NULL
 * @class_name: name of the class in pci.ids, or NULL
 * @driver: name of the bound driver, or NULL
 * @header_type: layout of the configuration header; 0xff if unknown
 * @extended: the extended configuration space could be read; @n_doe, @doe and
 *	      @serial are valid
 * @n_doe: number of DOE mailboxes
 * @doe: offsets of the first 8 mailboxes in configuration space
 * @serial: Device Serial Number; 0 if the device has none
 * @listed: the kernel lists @protocols
 * @n_protocols: number of @protocols
 * @protocols: protocols of all mailboxes, each once
 * @cma: the device has an attribute "authenticated"
 * @by_tsm: the platform's TSM authenticates the device, not pci_cma
 * @tsm: name of the TSM that is connected to the device, or empty
 * @state: the result of its authentication
 * @gated: pci_cma lets no driver bind to the device until it is authenticated
 */
struct ccg_device {
	char bdf[CCG_BDF_TEXT];
	uint16_t vendor;
	uint16_t device;
	uint16_t subsystem_vendor;
	uint16_t subsystem_device;
	uint32_t class_code;
	uint8_t revision;
	char *name;
	char *class_name;
	char *driver;
	uint8_t header_type;
	bool extended;
	size_t n_doe;
	uint16_t doe[8];
	uint64_t serial;
	bool listed;
	size_t n_protocols;
	struct ccg_doe_protocol *protocols;
	bool cma;
	bool by_tsm;
	char tsm[CCG_TSM_NAME];
	enum ccg_device_state state;
	bool gated;
};

/**
 * struct ccg_devices - PCI devices, sorted by address
 * @ctx: the context
 * @n: number of @devices
 * @devices: the devices
 */
struct ccg_devices {
	struct ccg_ctx *ctx;
	size_t n;
	struct ccg_device *devices;
};

/**
 * struct ccg_failure - one reason why an authentication failed
 * @stage: version, capabilities, algorithms, digests, certificate, chain,
 *	   challenge or signature; NULL if the kernel's text has another form
 * @slot: the slot, or -1
 * @code: a negative errno, or 0
 * @text: a sentence
 */
struct ccg_failure {
	char *stage;
	int slot;
	int code;
	char *text;
};

/**
 * struct ccg_slot - one certificate slot of a device
 * @size: number of bytes in @der; 0 if the slot is empty
 * @der: the certificates as the device sent them, or NULL
 * @certs: the certificates before the first malformed one, or NULL
 * @error: why the certificates, or the rest of them, cannot be shown; or NULL
 */
struct ccg_slot {
	size_t size;
	uint8_t *der;
	struct ccg_certs *certs;
	char *error;
};

/**
 * struct ccg_pin - what must stay as it was at the last success
 * @leaf: SHA-256 digest of the leaf's public key (subjectPublicKeyInfo), in
 *	  hexadecimal; NULL if there is no pin
 * @device: the same of the device certificate; that of the leaf if the chain has
 *	    none
 * @version: version of SPDM; the lowest that is accepted
 * @asym: signature algorithm; the weakest that is accepted
 * @hash: hash algorithm; the weakest that is accepted
 */
struct ccg_pin {
	char *leaf;
	char *device;
	char *version;
	char *asym;
	char *hash;
};

/**
 * struct ccg_evidence - details of a device's authentication
 * @version: version of SPDM, or NULL
 * @asym: signature algorithm, or NULL; from the kernel, the name in DSP0274;
 *	  from ccg_auth_run(), a name for ccg_auth_parse_asym()
 * @hash: hash algorithm, or NULL; its name has the same forms
 * @slot: the slot of the certificates that were used, or -1
 * @proved: the slot whose key the device proved to have, trusted or not, or -1;
 *	    only from ccg_device_evidence()
 * @newest: number of the newest signature that the kernel keeps, or -1; only from
 *	    ccg_device_evidence()
 * @n_failures: number of @failures
 * @failures: why the last authentication failed
 * @slots: the certificates
 * @pin: the pin; only from ccg_device_evidence()
 */
struct ccg_evidence {
	char *version;
	char *asym;
	char *hash;
	int slot;
	int proved;
	int64_t newest;
	size_t n_failures;
	struct ccg_failure failures[CCG_FAILURES_MAX];
	struct ccg_slot slots[CCG_SLOTS];
	struct ccg_pin pin;
};

/**
 * ccg_bdf_parse - read the address of a PCI device
 * @text: as 0000:00:03.0 or 00:03.0
 * @bdf: set to the address in the form of sysfs, CCG_BDF_TEXT bytes
 *
 * Return: 0; -EINVAL if @text is not an address. The reason is not noted in a
 * context.
 */
int ccg_bdf_parse(const char *text, char *bdf);

/**
 * ccg_devices_get - read PCI devices from sysfs
 * @ctx: the context
 * @bdf: address of a device, as 0000:00:03.0 or 00:03.0; NULL for all devices
 * @dp: set to the devices; free them with ccg_devices_free()
 *
 * Return: 0; -EINVAL with class CCG_USAGE if @bdf is not an address; -ENOENT
 * with class CCG_NOT_FOUND if there is no such device, with class
 * CCG_UNSUPPORTED if this machine has no PCI; -E2BIG if there are more than
 * 65536 devices; or another negative errno.
 */
int ccg_devices_get(struct ccg_ctx *ctx, const char *bdf,
		    struct ccg_devices **dp);

/**
 * ccg_devices_free - free devices
 * @d: the devices, or NULL
 */
void ccg_devices_free(struct ccg_devices *d);

/**
 * struct ccg_device_event - a uevent of a PCI device
 * @lost: the kernel had to drop uevents: read all devices again; the other
 *	  members are not set
 * @removed: the device was removed
 * @spdm: pci_cma sent the uevent: there is a new result of an authentication, or new
 *	  evidence
 * @bdf: address of the device
 */
struct ccg_device_event {
	bool lost;
	bool removed;
	bool spdm;
	char bdf[CCG_BDF_TEXT];
};

/**
 * ccg_uevent_parse - read a uevent of the kernel
 * @data: the uevent: texts, each with a terminating NUL
 * @len: length of @data in bytes
 * @event: set to what the uevent says
 *
 * Return: false if the uevent is malformed, or not about a PCI device.
 */
bool ccg_uevent_parse(const char *data, size_t len, struct ccg_device_event *event);

/**
 * ccg_uevents_open - listen to the kernel's uevents
 * @ctx: the context
 * @fdp: set to a socket that can be polled; close it with close()
 *
 * The running kernel is meant, whatever the root directory of @ctx is. A uevent
 * only says that something may have changed: read the device to see the state.
 *
 * Return: 0 or a negative errno.
 */
int ccg_uevents_open(struct ccg_ctx *ctx, int *fdp);

/**
 * ccg_uevents_read - get the next uevent of a PCI device
 * @ctx: the context
 * @fd: the socket from ccg_uevents_open()
 * @event: set to the uevent
 *
 * Uevents of other devices, and messages of other senders, are skipped.
 *
 * Return: 0; -EAGAIN if there is no uevent now, which is not noted in the
 * context; or another negative errno.
 */
int ccg_uevents_read(struct ccg_ctx *ctx, int fd, struct ccg_device_event *event);

/**
 * ccg_device_attr - read a text file of a device in sysfs
 * @ctx: the context
 * @dev: the device
 * @name: path of the file below the device's directory
 * @textp: set to the first line; free it with free()
 *
 * Return: 0 or a negative errno. The reason is not noted in the context.
 */
int ccg_device_attr(struct ccg_ctx *ctx, const struct ccg_device *dev,
		    const char *name, char **textp);

/**
 * ccg_device_cma_name - get the name that a device's certificate must contain
 * @dev: the device
 * @name: set to the name, CCG_DEVICE_NAME bytes
 *
 * PCIe r6.1, 6.31.3.
 *
 * Return: false if the configuration space could not be read.
 */
bool ccg_device_cma_name(const struct ccg_device *dev, char *name);

/**
 * ccg_device_evidence - read the details of a device's authentication
 * @ctx: the context
 * @dev: the device
 * @evidencep: set to the details; free them with ccg_evidence_free()
 *
 * Details that the kernel does not show are left empty. So are all details of a
 * device that is left to the platform's TSM.
 *
 * Return: 0 or -ENOMEM.
 */
int ccg_device_evidence(struct ccg_ctx *ctx, const struct ccg_device *dev,
			struct ccg_evidence **evidencep);

/**
 * ccg_evidence_free - free the details from ccg_device_evidence()
 * @e: the details, or NULL
 */
void ccg_evidence_free(struct ccg_evidence *e);

/**
 * ccg_devices_authenticate - make the kernel authenticate devices again
 * @d: the devices; their state is read again afterwards
 * @results: set to the kernel's answer for each device: 0 or a negative errno;
 *	     -ENOENT if the device cannot be authenticated; -ENXIO if it is left
 *	     to the platform's TSM, and no TSM can connect to it
 *
 * The kernel authenticates the devices in parallel, so that a slow device does
 * not delay the others. A device that is left to the platform's TSM is connected
 * to the first TSM that can connect to it. A connection that exists is kept.
 *
 * Return: 0 or -ENOMEM.
 */
int ccg_devices_authenticate(struct ccg_devices *d, int *results);

/**
 * ccg_authenticate_class - get the class of a failed authentication
 * @rc: the answer for the device from ccg_devices_authenticate()
 *
 * Return: CCG_UNVERIFIED if the device answered but could not prove its
 * identity; CCG_UNSUPPORTED if it cannot be authenticated; otherwise CCG_FAILED.
 */
enum ccg_class ccg_authenticate_class(int rc);

#ifdef __cplusplus
}
#endif

#endif /* LIBCCGUEST_DEVICE_H */
