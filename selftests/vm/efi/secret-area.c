// SPDX-License-Identifier: GPL-2.0-only
/*
 * EFI application of the test rig. Makes a confidential-computing secret area,
 * an event log, or both, and starts the kernel. The rig uses it if the firmware
 * has no secret area (stock OVMF, any arm64 firmware), or not of the kind that
 * a test needs.
 *
 * QEMU's fw_cfg device has the inputs as files:
 *   opt/org.ccguest/area	struct area_request (absent: no area)
 *   opt/org.ccguest/secret	content of the area (absent: zeroes)
 *   opt/org.ccguest/log-request	struct log_request
 *   opt/org.ccguest/log	an event log
 *   opt/org.ccguest/kernel	kernel image with EFI stub
 *   opt/org.ccguest/initrd
 *   opt/org.ccguest/cmdline	ASCII
 *
 * fw_cfg is much faster than a FAT volume, and is the same on both
 * architectures.
 */

#include <stdnoreturn.h>

#include "uefi.h"

#define PAGE			4096ULL
#define PAGES(size)		(((size) + PAGE - 1) / PAGE)
#define BELOW_4G		0xffffffffULL

/* sizeof(EFI_SYSTEM_TABLE), of which uefi.h has only a part */
#define SYSTAB_LEN		120

/* Below the memory that firmware allocates for itself. */
#if defined(__aarch64__)
#define BALLAST_BELOW		0x50000000ULL
#else
#define BALLAST_BELOW		0x10000000ULL
#endif

/* The request of selftests/vm/lib/qemu.sh on the host; little-endian. */
struct area_request {
	uint32_t magic;
	uint32_t memory_type;	/* of the area's pages */
	uint32_t flags;
	uint32_t padding_tables; /* other configuration tables before */
	uint64_t pages;		/* to allocate */
	uint64_t base;		/* valid with AREA_BASE */
	uint64_t size;		/* valid with AREA_SIZE */
	uint64_t offset;	/* added to the base */
	uint64_t locator;	/* valid with AREA_LOCATOR */
	uint64_t ballast;	/* pages of runtime data below BALLAST_BELOW */
};

#define AREA_MAGIC		0x61726561
#define AREA_NO_TABLE		1
#define AREA_BASE		2
#define AREA_SIZE		4
#define AREA_LOCATOR		8

/* The value of the configuration table. */
struct locator {
	uint64_t base, size;
};

static const struct efi_guid secret_area_guid = {
	0xadf956ad, 0xe98c, 0x484c,
	{ 0xae, 0x11, 0xb5, 0x1c, 0x7d, 0x33, 0x64, 0x47 }
};

static const struct efi_guid loaded_image_guid = {
	0x5b1b31a1, 0x9562, 0x11d2,
	{ 0x8e, 0x3f, 0x00, 0xa0, 0xc9, 0x69, 0x72, 0x3b }
};

static const struct efi_guid device_path_guid = {
	0x09576e91, 0x6d3f, 0x11d2,
	{ 0x8e, 0x39, 0x00, 0xa0, 0xc9, 0x69, 0x72, 0x3b }
};

static const struct efi_guid load_file2_guid = {
	0x4006c0c1, 0xfcb3, 0x403e,
	{ 0x99, 0x6d, 0x4a, 0x6c, 0x87, 0x24, 0xe0, 0x6d }
};

/*
 * The device path under which the kernel's EFI stub looks for an initrd:
 * LINUX_EFI_INITRD_MEDIA_GUID, then the end node.
 */
static struct {
	uint8_t type, subtype, len[2];
	struct efi_guid guid;
	uint8_t end[4];
} initrd_path = {
	4, 3, { 20, 0 },
	{ 0x5568e427, 0x68fc, 0x4f3d,
	  { 0xac, 0x74, 0xca, 0x55, 0x52, 0x31, 0xcc, 0x68 } },
	{ 0x7f, 0xff, 4, 0 },
};

static struct efi_system_table *st;

/*
 * The compiler may call memset() and memcpy() for structures, with any options.
 * With -fno-builtin it does not replace the loops below by such calls.
 */
void *memset(void *to, int c, uint64_t len)
{
	for (uint64_t i = 0; i < len; i++)
		((uint8_t *)to)[i] = (uint8_t)c;
	return to;
}

void *memcpy(void *to, const void *from, uint64_t len)
{
	for (uint64_t i = 0; i < len; i++)
		((uint8_t *)to)[i] = ((const uint8_t *)from)[i];
	return to;
}

static void print(const char *text)
{
	uint16_t c[2] = { 0, 0 };

	for (; *text; text++) {
		c[0] = (uint8_t)*text;
		st->out->output(st->out, c);
	}
}

/* The host finds this line in the console. The VM ends at once. */
static noreturn void fail(const char *what, uint64_t status)
{
	char hex[] = "0123456789abcdef\r\n";

	for (int i = 0; i < 16; i++)
		hex[i] = "0123456789abcdef"[(status >> (60 - 4 * i)) & 15];
	print("\r\nccguest-rig: set-up failed: secret-area.efi: ");
	print(what);
	print(": EFI status ");
	print(hex);
	st->rt->reset_system(EFI_RESET_SHUTDOWN, status, 0, 0);
	for (;;)
		;
}

static void *allocate(int type, uint64_t max, uint64_t size, const char *what)
{
	uint64_t address = max;
	uint64_t status;

	status = st->bs->allocate_pages(EFI_ALLOCATE_MAX_ADDRESS, type,
					PAGES(size), &address);
	if (status)
		fail(what, status);
	return (void *)(uintptr_t)address;
}

/*
 * QEMU's fw_cfg device (docs/specs/fw_cfg.rst), through its DMA interface;
 * all numbers are big-endian.
 */
#define FW_CFG_FILE_DIR		0x19
#define FW_CFG_FILES		256	/* more than QEMU ever has */
#define FW_CFG_DMA_ERROR	1
#define FW_CFG_DMA_READ		2
#define FW_CFG_DMA_SELECT	8

struct fw_cfg_dma {
	uint32_t control, length;
	uint64_t address;
};

struct fw_cfg_file {
	uint32_t size;
	uint16_t select, reserved;
	char name[56];
};

#if defined(__x86_64__)
static void fw_cfg_start(uint64_t address)
{
	uint32_t high = __builtin_bswap32((uint32_t)(address >> 32));
	uint32_t low = __builtin_bswap32((uint32_t)address);

	__asm__ volatile("outl %0, %w1" : : "a"(high), "d"(0x514) : "memory");
	__asm__ volatile("outl %0, %w1" : : "a"(low), "d"(0x518) : "memory");
}
#elif defined(__aarch64__)
/* At this address in QEMU's "virt" machine, in all its versions. */
#define FW_CFG_MMIO_DMA		(0x09020000ULL + 16)

static void fw_cfg_start(uint64_t address)
{
	__asm__ volatile("dsb sy\n\tstr %0, [%1]" : :
			 "r"(__builtin_bswap64(address)),
			 "r"(FW_CFG_MMIO_DMA) : "memory");
}
#else
#error "no fw_cfg for this architecture"
#endif

static void fw_cfg_read(uint16_t select, void *to, uint32_t len)
{
	static struct fw_cfg_dma dma;
	uint32_t control;

	dma.length = __builtin_bswap32(len);
	dma.address = __builtin_bswap64((uintptr_t)to);
	dma.control = __builtin_bswap32(FW_CFG_DMA_READ | FW_CFG_DMA_SELECT |
					(uint32_t)select << 16);
	fw_cfg_start((uintptr_t)&dma);
	do {
		/* the device writes it */
		control = __atomic_load_n(&dma.control, __ATOMIC_ACQUIRE);
		control = __builtin_bswap32(control);
	} while (control & ~(uint32_t)FW_CFG_DMA_ERROR);
	if (control)
		fail("fw_cfg read", EFI_UNSUPPORTED);
	__asm__ volatile("" : : : "memory");
}

static int same(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

/* Finds a file: its selector and size, or 0 if there is none. */
static uint16_t fw_cfg_find(const char *name, uint32_t *size)
{
	static struct {
		uint32_t count;
		struct fw_cfg_file file[FW_CFG_FILES];
	} dir;
	static uint32_t count;

	if (!count) {
		fw_cfg_read(FW_CFG_FILE_DIR, &dir.count, sizeof(dir.count));
		count = __builtin_bswap32(dir.count);
		if (!count || count > FW_CFG_FILES)
			fail("fw_cfg directory", EFI_UNSUPPORTED);
		fw_cfg_read(FW_CFG_FILE_DIR, &dir,
			    sizeof(dir.count) + count * sizeof(dir.file[0]));
	}
	for (uint32_t i = 0; i < count; i++) {
		if (same(dir.file[i].name, name)) {
			*size = __builtin_bswap32(dir.file[i].size);
			return __builtin_bswap16(dir.file[i].select);
		}
	}
	*size = 0;
	return 0;
}

static void *fw_cfg_load(const char *name, uint64_t max, uint32_t *size)
{
	uint16_t select = fw_cfg_find(name, size);
	void *data;

	if (!select || !*size)
		fail(name, EFI_NOT_FOUND);
	data = allocate(EFI_LOADER_DATA, max, *size, name);
	fw_cfg_read(select, data, *size);
	return data;
}

static uint64_t load_initrd(struct efi_load_file *self, void *path,
			    uint8_t boot_policy, uint64_t *size, void *buffer)
{
	uint16_t select;
	uint32_t len;

	(void)self;
	(void)path;
	if (boot_policy)
		return EFI_UNSUPPORTED;
	if (!size)
		return EFI_INVALID_PARAMETER;
	select = fw_cfg_find("opt/org.ccguest/initrd", &len);
	if (!select)
		return EFI_NOT_FOUND;
	if (!buffer || *size < len) {
		*size = len;
		return EFI_BUFFER_TOO_SMALL;
	}
	*size = len;
	fw_cfg_read(select, buffer, len);
	return 0;
}

static void install_area(void)
{
	static struct area_request req;
	struct locator *locator;
	uint32_t size, secret_size;
	uint16_t select;
	uint8_t *area = 0;
	uint64_t status;

	select = fw_cfg_find("opt/org.ccguest/area", &size);
	if (!select)
		return;
	if (size != sizeof(req))
		fail("opt/org.ccguest/area", EFI_NOT_FOUND);
	fw_cfg_read(select, &req, sizeof(req));
	if (req.magic != AREA_MAGIC || req.memory_type >= EFI_MEMORY_TYPES)
		fail("opt/org.ccguest/area", EFI_INVALID_PARAMETER);

	for (uint32_t i = 0; i < req.padding_tables; i++) {
		struct efi_guid guid = secret_area_guid;

		guid.a = i;
		guid.b = 0;
		status = st->bs->install_config_table(&guid, &initrd_path);
		if (status)
			fail("configuration table (padding)", status);
	}
	if (req.ballast) {
		area = allocate(EFI_RUNTIME_DATA, BALLAST_BELOW,
				req.ballast * PAGE, "ballast");
		memset(area, 0, req.ballast * PAGE);
		memcpy(area, st, SYSTAB_LEN);
		area = 0;
	}
	if (req.pages) {
		area = allocate((int)req.memory_type, BELOW_4G,
				req.pages * PAGE, "secret area");
		memset(area, 0, req.pages * PAGE);
		select = fw_cfg_find("opt/org.ccguest/secret", &secret_size);
		if (secret_size > req.pages * PAGE)
			fail("opt/org.ccguest/secret", EFI_BUFFER_TOO_SMALL);
		if (select && secret_size)
			fw_cfg_read(select, area, secret_size);
	}
	if (req.flags & AREA_NO_TABLE)
		return;

	locator = allocate(EFI_ACPI_RECLAIM, BELOW_4G, sizeof(*locator),
			   "locator");
	locator->base = req.flags & AREA_BASE ? req.base : (uintptr_t)area;
	locator->base += req.offset;
	locator->size = req.flags & AREA_SIZE ? req.size : req.pages * PAGE;
	if (req.flags & AREA_LOCATOR)
		locator = (struct locator *)(uintptr_t)req.locator;
	status = st->bs->install_config_table(&secret_area_guid, locator);
	if (status)
		fail("configuration table", status);
}

/* The request of selftests/vm/log-place on the host; little-endian. */
struct log_request {
	uint32_t magic;
	uint32_t memory_type;	/* of the log's pages */
	uint32_t flags;
	uint32_t version;	/* of the log's format, with LOG_TPM */
	uint64_t pages;		/* to allocate */
	uint64_t base;		/* valid with LOG_BASE */
	uint64_t size;		/* stated size of the log */
	uint32_t table_len;	/* with LOG_CCEL: of the table */
	uint32_t cc_type;
};

#define LOG_MAGIC		0x6c6f6763
#define LOG_CCEL		1
#define LOG_TPM			2
#define LOG_BASE		4

/* ACPI 6.5, 5.2.34 */
struct ccel {
	char signature[4];
	uint32_t len;
	uint8_t revision, checksum;
	char oem_id[6], oem_table_id[8];
	uint32_t oem_revision;
	char creator_id[4];
	uint32_t creator_revision;
	uint8_t cc_type, cc_subtype;
	uint16_t reserved;
	uint64_t log_len, log_addr;
};

static const struct efi_guid acpi_table_guid = {
	0xffe06bdd, 0x6107, 0x46a6,
	{ 0x7b, 0xb2, 0x5a, 0x9c, 0x7e, 0xc5, 0x27, 0x5c }
};

/* LINUX_EFI_TPM_EVENT_LOG_GUID, which the kernel's EFI stub would install. */
static const struct efi_guid tpm_log_guid = {
	0xb7799cb0, 0xeca2, 0x4943,
	{ 0x96, 0x67, 0x1f, 0xae, 0x07, 0xb7, 0x47, 0xfa }
};

static void install_ccel(const struct log_request *req, uint64_t base)
{
	static struct ccel ccel = {
		.signature = { 'C', 'C', 'E', 'L' },
		.revision = 1,
		.oem_id = { 'C', 'C', 'G', 'S', 'T', ' ' },
		.oem_table_id = { 'R', 'I', 'G', ' ', ' ', ' ', ' ', ' ' },
		.creator_id = { 'C', 'C', 'G', 'S' },
	};
	struct efi_acpi_table *acpi;
	uint64_t key, status;

	ccel.len = req->table_len;
	ccel.cc_type = (uint8_t)req->cc_type;
	ccel.log_len = req->size;
	ccel.log_addr = base;
	status = st->bs->locate_protocol(&acpi_table_guid, 0, (void **)&acpi);
	if (!status)
		status = acpi->install(acpi, &ccel, req->table_len, &key);
	if (status)
		fail("CCEL", status);
}

/* struct linux_efi_tpm_eventlog: sizes of the log and of a part, version. */
#define TPM_HEADER		9

static void install_tpm_log(const struct log_request *req, uint8_t *header)
{
	uint32_t size = (uint32_t)req->size;
	uint64_t status;

	memset(header, 0, TPM_HEADER);
	memcpy(header, &size, sizeof(size));
	header[8] = (uint8_t)req->version;
	if (req->flags & LOG_BASE)
		header = (uint8_t *)(uintptr_t)req->base;
	status = st->bs->install_config_table(&tpm_log_guid, header);
	if (status)
		fail("configuration table (event log)", status);
}

static void install_log(void)
{
	static struct log_request req;
	uint32_t size, offset;
	uint16_t select;
	uint8_t *log;

	select = fw_cfg_find("opt/org.ccguest/log-request", &size);
	if (!select)
		return;
	if (size != sizeof(req))
		fail("opt/org.ccguest/log-request", EFI_NOT_FOUND);
	fw_cfg_read(select, &req, sizeof(req));
	offset = req.flags & LOG_TPM ? TPM_HEADER : 0;
	select = fw_cfg_find("opt/org.ccguest/log", &size);
	if (req.magic != LOG_MAGIC || req.memory_type >= EFI_MEMORY_TYPES ||
	    req.table_len > sizeof(struct ccel) || !select ||
	    size > req.pages * PAGE - offset)
		fail("opt/org.ccguest/log-request", EFI_INVALID_PARAMETER);

	log = allocate((int)req.memory_type, BELOW_4G, req.pages * PAGE, "log");
	memset(log, 0, req.pages * PAGE);
	if (size)
		fw_cfg_read(select, log + offset, size);
	if (req.flags & LOG_TPM)
		install_tpm_log(&req, log);
	if (req.flags & LOG_CCEL)
		install_ccel(&req, req.flags & LOG_BASE ? req.base :
			     (uintptr_t)log);
}

static uint16_t *load_cmdline(uint32_t *bytes)
{
	uint32_t len;
	const uint8_t *text;
	uint16_t *wide;

	text = fw_cfg_load("opt/org.ccguest/cmdline", BELOW_4G, &len);
	*bytes = (len + 1) * (uint32_t)sizeof(*wide);
	wide = allocate(EFI_LOADER_DATA, BELOW_4G, *bytes, "command line");
	for (uint32_t i = 0; i < len; i++)
		wide[i] = text[i];
	wide[len] = 0;
	return wide;
}

uint64_t efi_main(void *self, struct efi_system_table *system_table)
{
	static struct efi_load_file initrd = { load_initrd };
	struct efi_loaded_image *image;
	void *initrd_handle = 0, *kernel;
	uint64_t status;
	uint32_t size;
	void *data;

	st = system_table;
	install_area();
	install_log();

	status = st->bs->install_protocol(&initrd_handle, &device_path_guid,
					  0, &initrd_path);
	if (!status)
		status = st->bs->install_protocol(&initrd_handle,
						  &load_file2_guid, 0, &initrd);
	if (status)
		fail("initrd protocol", status);

	data = fw_cfg_load("opt/org.ccguest/kernel", ~0ULL, &size);
	status = st->bs->load_image(0, self, 0, data, size, &kernel);
	if (status)
		fail("cannot load the kernel", status);
	status = st->bs->handle_protocol(kernel, &loaded_image_guid,
					 (void **)&image);
	if (status)
		fail("loaded image", status);
	image->options = load_cmdline(&image->options_size);
	status = st->bs->start_image(kernel, 0, 0);
	fail("cannot start the kernel", status);
}
