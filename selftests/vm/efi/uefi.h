/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The declarations of the UEFI specification (2.10) that secret-area.c needs.
 * So its build needs no other headers. Unused members only keep the offsets of
 * the others.
 */
#ifndef VM_EFI_UEFI_H
#define VM_EFI_UEFI_H

#include <stdint.h>

/* A status is a uint64_t, a handle a void *, a character a uint16_t. */
#define EFI_ERROR_BIT		0x8000000000000000ULL
#define EFI_INVALID_PARAMETER	(EFI_ERROR_BIT | 2)
#define EFI_UNSUPPORTED		(EFI_ERROR_BIT | 3)
#define EFI_BUFFER_TOO_SMALL	(EFI_ERROR_BIT | 5)
#define EFI_NOT_FOUND		(EFI_ERROR_BIT | 14)

struct efi_guid {
	uint32_t a;
	uint16_t b, c;
	uint8_t d[8];
};

/* 7.2: AllocatePages() */
enum {
	EFI_ALLOCATE_ANY,
	EFI_ALLOCATE_MAX_ADDRESS,
	EFI_ALLOCATE_ADDRESS,
};

enum {
	EFI_RESERVED = 0,
	EFI_LOADER_DATA = 2,
	EFI_BOOT_SERVICES_DATA = 4,
	EFI_RUNTIME_DATA = 6,
	EFI_ACPI_RECLAIM = 9,
	EFI_ACPI_NVS = 10,
	EFI_MEMORY_TYPES = 16,
};

struct efi_table_header {
	uint64_t signature;
	uint32_t revision, size, crc, reserved;
};

/* 4.4 */
struct efi_boot_services {
	struct efi_table_header hdr;
	void *raise_tpl, *restore_tpl;
	uint64_t (*allocate_pages)(int how, int type, uint64_t pages,
				   uint64_t *address);
	void *free_pages, *get_memory_map, *allocate_pool, *free_pool;
	void *create_event, *set_timer, *wait_for_event, *signal_event;
	void *close_event, *check_event;
	uint64_t (*install_protocol)(void **handle,
				     const struct efi_guid *protocol,
				     int type, void *interface);
	void *reinstall_protocol, *uninstall_protocol;
	uint64_t (*handle_protocol)(void *handle,
				    const struct efi_guid *protocol,
				    void **interface);
	void *reserved, *register_protocol_notify, *locate_handle;
	void *locate_device_path;
	uint64_t (*install_config_table)(const struct efi_guid *guid,
					 void *table);
	uint64_t (*load_image)(uint8_t boot_policy, void *parent,
			       void *path, void *buffer, uint64_t size,
			       void **image);
	uint64_t (*start_image)(void *image, uint64_t *exit_size,
				uint16_t **exit_data);
	void *exit, *unload_image, *exit_boot_services, *monotonic_count;
	void *stall, *set_watchdog, *connect, *disconnect, *open_protocol;
	void *close_protocol, *open_information, *protocols_per_handle;
	void *locate_handle_buffer;
	uint64_t (*locate_protocol)(const struct efi_guid *protocol,
				    void *registration, void **interface);
};

struct efi_text_output {
	void *reset;
	uint64_t (*output)(struct efi_text_output *self,
			   const uint16_t *text);
};

/* 7.5.1 */
struct efi_runtime_services {
	struct efi_table_header hdr;
	void *time[4], *virtual[2], *variable[3], *high_count;
	void (*reset_system)(int type, uint64_t status, uint64_t size,
			     void *data);
};

#define EFI_RESET_SHUTDOWN	2

/* 4.3 */
struct efi_system_table {
	struct efi_table_header hdr;
	uint16_t *vendor;
	uint32_t revision;
	void *in_handle;
	void *in;
	void *out_handle;
	struct efi_text_output *out;
	void *err_handle;
	struct efi_text_output *err;
	struct efi_runtime_services *rt;
	struct efi_boot_services *bs;
};

/* 9.1 */
struct efi_loaded_image {
	uint32_t revision;
	void *parent;
	struct efi_system_table *st;
	void *device;
	void *path, *reserved;
	uint32_t options_size;
	void *options;
};

/* 20.2 */
struct efi_acpi_table {
	uint64_t (*install)(struct efi_acpi_table *self, void *table,
			    uint64_t size, uint64_t *key);
};

/* 13.2 */
struct efi_load_file {
	uint64_t (*load_file)(struct efi_load_file *self, void *path,
			      uint8_t boot_policy, uint64_t *size,
			      void *buffer);
};

#endif
