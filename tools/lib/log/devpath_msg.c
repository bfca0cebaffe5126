// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messaging nodes of UEFI device paths as text; UEFI 2.10, 10.3.4 and 10.6.1.6.
 */
#include <inttypes.h>
#include <string.h>

#include "log/devpath.h"
#include "log/utf16.h"

#define GUID_LEN	16
#define IPV4_LEN	4
#define IPV6_LEN	16
/* An address of a DNS node has this length for both protocols. */
#define DNS_ADDRESS_LEN	16
#define PROTOCOL_TCP	6
#define PROTOCOL_UDP	17

/* NVM Express: type of a Namespace Identifier. REST: a vendor's service. */
#define NVME_EUI64	1
#define NVME_UUID	3
#define REST_VENDOR	0xff

#define MSG(subtype)	DP_NODE(DP_MESSAGING, subtype)

/**
 * ccg_devpath_string - append a string that ends at a NUL or with its node
 * @t: the text
 * @p: the string
 * @len: number of bytes up to the end of the node
 */
void ccg_devpath_string(struct ccg_text *t, const u8 *p, size_t len)
{
	ccg_text_bytes(t, p, strnlen((const char *)p, len));
}

/**
 * ccg_devpath_vendor - append a node with a vendor's GUID
 * @t: the text
 * @n: the node, with at least a GUID
 * @name: name of the node
 */
void ccg_devpath_vendor(struct ccg_text *t, const struct devpath_node *n,
			const char *name)
{
	ccg_text_put(t, "%s(", name);
	ccg_text_guid(t, n->p);
	if (n->len > GUID_LEN) {
		ccg_text_put(t, ",");
		ccg_text_hex(t, n->p + GUID_LEN, n->len - GUID_LEN);
	}
	ccg_text_put(t, ")");
}

/* Storage ------------------------------------------------------------------ */

static void put_ata(struct ccg_text *t, const struct devpath_node *n)
{
	ccg_text_put(t, "Ata(%s,%s,%u)", n->p[0] == 1 ? "Secondary" : "Primary",
		     n->p[1] == 1 ? "Slave" : "Master",
		     get_unaligned_le16(n->p + 2));
}

static void put_scsi(struct ccg_text *t, const struct devpath_node *n)
{
	ccg_text_put(t, "%s(%u,%u)", n->efivar ? "SCSI" : "Scsi",
		     get_unaligned_le16(n->p), get_unaligned_le16(n->p + 2));
}

static void put_fibre(struct ccg_text *t, const struct devpath_node *n)
{
	ccg_text_put(t, "Fibre(0x%" PRIx64 ",0x%" PRIx64 ")",
		     get_unaligned_le64(n->p + 4), get_unaligned_le64(n->p + 12));
}

static void put_fibre_ex(struct ccg_text *t, const struct devpath_node *n)
{
	ccg_text_put(t, "FibreEx(0x");
	ccg_text_hex(t, n->p + 4, 8);
	ccg_text_put(t, ",0x");
	ccg_text_hex(t, n->p + 12, 8);
	ccg_text_put(t, ")");
}

/* Device and topology information of SAS. */
static void put_sas_topology(struct ccg_text *t, unsigned int info)
{
	unsigned int bytes = info & 0xf;

	if (info & 0x80 || bytes > 2)
		ccg_text_put(t, ",0x%x,0,0,0", info);
	else if (!bytes)
		ccg_text_put(t, ",NoTopology,0,0,0");
	else
		ccg_text_put(t, ",%s,%s,%s,%u", info & 0x10 ? "SATA" : "SAS",
			     info & 0x20 ? "External" : "Internal",
			     info & 0x40 ? "Expanded" : "Direct",
			     bytes == 1 ? 0 : (info >> 8) + 1);
}

static void put_sas_ex(struct ccg_text *t, const struct devpath_node *n)
{
	ccg_text_put(t, "SasEx(0x");
	ccg_text_hex(t, n->p, 8);
	ccg_text_put(t, ",0x");
	ccg_text_hex(t, n->p + 8, 8);
	ccg_text_put(t, ",0x%x", get_unaligned_le16(n->p + 18));
	put_sas_topology(t, get_unaligned_le16(n->p + 16));
	ccg_text_put(t, ")");
}

static void put_sata(struct ccg_text *t, const struct devpath_node *n)
{
	ccg_text_put(t, "Sata(%u,%u,%u)", get_unaligned_le16(n->p),
		     get_unaligned_le16(n->p + 2), get_unaligned_le16(n->p + 4));
}

static void put_nvme(struct ccg_text *t, const struct devpath_node *n)
{
	ccg_text_put(t, "NVMe(0x%" PRIx32, get_unaligned_le32(n->p));
	for (size_t i = 0; i < 8; i++)
		ccg_text_put(t, "%c%02X", i ? '-' : ',', n->p[4 + i]);
	ccg_text_put(t, ")");
}

static void put_iscsi(struct ccg_text *t, const struct devpath_node *n)
{
	unsigned int options = get_unaligned_le16(n->p + 2);
	const char *auth = options & 0x1000 ? "CHAP_UNI" : "CHAP_BI";

	ccg_text_put(t, "iSCSI(");
	ccg_devpath_string(t, n->p + 14, n->len - 14);
	ccg_text_put(t, ",0x%x,0x", get_unaligned_le16(n->p + 12));
	ccg_text_hex(t, n->p + 4, 8);
	ccg_text_put(t, ",%s,%s,%s,%s)", options & 2 ? "CRC32C" : "None",
		     options & 8 ? "CRC32C" : "None",
		     options & 0x800 ? "None" : auth,
		     get_unaligned_le16(n->p) ? "reserved" : "TCP");
}

static void put_ufs(struct ccg_text *t, const struct devpath_node *n)
{
	ccg_text_put(t, "UFS(%u,%u)", n->p[0], n->p[1]);
}

static void put_nvdimm(struct ccg_text *t, const struct devpath_node *n)
{
	ccg_text_put(t, "NVDIMM(");
	ccg_text_guid(t, n->p);
	ccg_text_put(t, ")");
}

/* A UUID has its bytes in the order of its text, unlike a GUID of UEFI. */
static void put_uuid(struct ccg_text *t, const u8 *p)
{
	static const size_t groups[] = { 4, 2, 2, 2, 6 };

	ccg_text_put(t, "urn:uuid:");
	for (size_t i = 0; i < ARRAY_SIZE(groups); p += groups[i++]) {
		ccg_text_put(t, "%s", i ? "-" : "");
		ccg_text_hex(t, p, groups[i]);
	}
}

/* Type of the namespace's identifier, the identifier, name of the subsystem. */
static void put_nvme_of(struct ccg_text *t, const struct devpath_node *n)
{
	ccg_text_put(t, "NVMEoF(");
	ccg_devpath_string(t, n->p + 17, n->len - 17);
	ccg_text_put(t, ",");
	if (n->p[0] == NVME_UUID)
		put_uuid(t, n->p + 1);
	else
		ccg_text_hex(t, n->p + 1, n->p[0] == NVME_EUI64 ? 8 : 16);
	ccg_text_put(t, ")");
}

/* Network ------------------------------------------------------------------ */

static void put_mac(struct ccg_text *t, const struct devpath_node *n)
{
	/* Of Ethernet, 6 of the 32 bytes are used. */
	bool ethernet = n->p[32] <= 1;

	ccg_text_put(t, "MAC(");
	ccg_text_hex(t, n->p, ethernet ? 6 : 32);
	ccg_text_put(t, ",%u)", n->p[32]);
}

static void put_ipv4(struct ccg_text *t, const u8 *p)
{
	ccg_text_put(t, "%u.%u.%u.%u", p[0], p[1], p[2], p[3]);
}

static void put_ipv6(struct ccg_text *t, const u8 *p)
{
	for (size_t i = 0; i < IPV6_LEN; i += 2)
		ccg_text_put(t, "%s%02x%02x", i ? ":" : "", p[i], p[i + 1]);
}

static void put_protocol(struct ccg_text *t, unsigned int protocol)
{
	if (protocol == PROTOCOL_TCP)
		ccg_text_put(t, ",TCP");
	else if (protocol == PROTOCOL_UDP)
		ccg_text_put(t, ",UDP");
	else
		ccg_text_put(t, ",%u", protocol);
}

/* Local and remote address, two ports, protocol, origin; gateway and mask. */
static void put_ipv4_node(struct ccg_text *t, const struct devpath_node *n)
{
	const u8 *p = n->p;

	ccg_text_put(t, "IPv4(");
	put_ipv4(t, p + IPV4_LEN);
	put_protocol(t, get_unaligned_le16(p + 12));
	ccg_text_put(t, ",%s,", p[14] ? "Static" : "DHCP");
	put_ipv4(t, p);
	if (n->len >= 15 + 2 * IPV4_LEN) {
		ccg_text_put(t, ",");
		put_ipv4(t, p + 15);
		ccg_text_put(t, ",");
		put_ipv4(t, p + 15 + IPV4_LEN);
	}
	ccg_text_put(t, ")");
}

/* As IPv4, with a prefix length in front of the gateway, and no mask. */
static void put_ipv6_node(struct ccg_text *t, const struct devpath_node *n)
{
	static const char *const origins[] = {
		"Static", "StatelessAutoConfigure", "StatefulAutoConfigure",
	};
	const u8 *p = n->p;

	ccg_text_put(t, "IPv6(");
	put_ipv6(t, p + IPV6_LEN);
	put_protocol(t, get_unaligned_le16(p + 36));
	ccg_text_put(t, ",%s,", origins[p[38] < 2 ? p[38] : 2]);
	put_ipv6(t, p);
	if (n->len >= 40 + IPV6_LEN) {
		ccg_text_put(t, ",%u,", p[39]);
		put_ipv6(t, p + 40);
	}
	ccg_text_put(t, ")");
}

static void put_dns(struct ccg_text *t, const struct devpath_node *n)
{
	const u8 *p = n->p + 1;

	ccg_text_put(t, "Dns(");
	for (size_t left = n->len - 1; left >= DNS_ADDRESS_LEN;
	     left -= DNS_ADDRESS_LEN, p += DNS_ADDRESS_LEN) {
		if (p > n->p + 1)
			ccg_text_put(t, ",");
		if (n->p[0])
			put_ipv6(t, p);
		else
			put_ipv4(t, p);
	}
	ccg_text_put(t, ")");
}

static void put_uri(struct ccg_text *t, const struct devpath_node *n)
{
	ccg_text_put(t, "Uri(");
	ccg_devpath_string(t, n->p, n->len);
	ccg_text_put(t, ")");
}

/* A service of a vendor has the vendor's GUID, and data. */
static void put_rest(struct ccg_text *t, const struct devpath_node *n)
{
	ccg_text_put(t, "RestService(0x%x,0x%x", n->p[0], n->p[1]);
	if (n->p[0] == REST_VENDOR && n->len >= 2 + GUID_LEN) {
		ccg_text_put(t, ",");
		ccg_text_guid(t, n->p + 2);
		ccg_text_put(t, ",");
		ccg_text_hex(t, n->p + 2 + GUID_LEN, n->len - 2 - GUID_LEN);
	}
	ccg_text_put(t, ")");
}

static void put_vlan(struct ccg_text *t, const struct devpath_node *n)
{
	ccg_text_put(t, "Vlan(%u)", get_unaligned_le16(n->p));
}

static void put_wifi(struct ccg_text *t, const struct devpath_node *n)
{
	ccg_text_put(t, "Wi-Fi(");
	ccg_devpath_string(t, n->p, 32);
	ccg_text_put(t, ")");
}

static void put_bluetooth(struct ccg_text *t, const struct devpath_node *n)
{
	ccg_text_put(t, "Bluetooth(");
	ccg_text_hex(t, n->p, 6);
	ccg_text_put(t, ")");
}

static void put_bluetooth_le(struct ccg_text *t, const struct devpath_node *n)
{
	ccg_text_put(t, "BluetoothLE(");
	ccg_text_hex(t, n->p, 6);
	ccg_text_put(t, ",0x%02x)", n->p[6]);
}

static void put_infiniband(struct ccg_text *t, const struct devpath_node *n)
{
	ccg_text_put(t, "Infiniband(0x%" PRIx32 ",", get_unaligned_le32(n->p));
	ccg_text_guid(t, n->p + 4);
	for (size_t i = 20; i < 44; i += 8)
		ccg_text_put(t, ",0x%" PRIx64, get_unaligned_le64(n->p + i));
	ccg_text_put(t, ")");
}

/* Other buses -------------------------------------------------------------- */

static void put_usb(struct ccg_text *t, const struct devpath_node *n)
{
	ccg_text_put(t, "USB(%u,%u)", n->p[0], n->p[1]);
}

static void put_usb_class(struct ccg_text *t, const struct devpath_node *n)
{
	ccg_text_put(t, "UsbClass(0x%x,0x%x,%u,%u,%u)",
		     get_unaligned_le16(n->p), get_unaligned_le16(n->p + 2),
		     n->p[4], n->p[5], n->p[6]);
}

static void put_usb_wwid(struct ccg_text *t, const struct devpath_node *n)
{
	ccg_text_put(t, "UsbWwid(0x%x,0x%x,0x%x,\"",
		     get_unaligned_le16(n->p + 2), get_unaligned_le16(n->p + 4),
		     get_unaligned_le16(n->p));
	ccg_text_utf16(t, n->p + 6, (n->len - 6) / 2);
	ccg_text_put(t, "\")");
}

static void put_1394(struct ccg_text *t, const struct devpath_node *n)
{
	ccg_text_put(t, "I1394(%016" PRIx64 ")", get_unaligned_le64(n->p + 4));
}

static void put_i2o(struct ccg_text *t, const struct devpath_node *n)
{
	ccg_text_put(t, "I2O(0x%" PRIx32 ")", get_unaligned_le32(n->p));
}

static void put_unit(struct ccg_text *t, const struct devpath_node *n)
{
	ccg_text_put(t, "Unit(0x%x)", n->p[0]);
}

static void put_slot(struct ccg_text *t, const struct devpath_node *n)
{
	ccg_text_put(t, "%s(%u)", n->id == MSG(26) ? "SD" : "eMMC", n->p[0]);
}

static void put_uart(struct ccg_text *t, const struct devpath_node *n)
{
	static const char parities[] = "DNEOMS";
	static const char *const stops[] = { "D", "1", "1.5", "2" };
	u64 baud = get_unaligned_le64(n->p + 4);
	const u8 *p = n->p + 12;

	if (baud)
		ccg_text_put(t, "Uart(%" PRIu64 ",", baud);
	else
		ccg_text_put(t, "Uart(DEFAULT,");
	if (p[0])
		ccg_text_put(t, "%u,", p[0]);
	else
		ccg_text_put(t, "DEFAULT,");
	ccg_text_put(t, "%c,%s)",
		     p[1] < sizeof(parities) - 1 ? parities[p[1]] : 'x',
		     p[2] < ARRAY_SIZE(stops) ? stops[p[2]] : "x");
}

/* Nodes of vendors with a form of their own. */
static void put_flow_control(struct ccg_text *t, const struct devpath_node *n)
{
	static const char *const names[] = { "None", "Hardware", "XonXoff" };
	u32 flow = get_unaligned_le32(n->p + GUID_LEN);

	if (flow < ARRAY_SIZE(names))
		ccg_text_put(t, "UartFlowCtrl(%s)", names[flow]);
	else
		ccg_text_put(t, "UartFlowCtrl(%" PRIu32 ")", flow);
}

/* Reserved, address, LUN, topology, relative target port. */
static void put_sas(struct ccg_text *t, const struct devpath_node *n)
{
	const u8 *p = n->p + GUID_LEN;

	ccg_text_put(t, "SAS(0x%" PRIx64 ",0x%" PRIx64 ",0x%x",
		     get_unaligned_le64(p + 4), get_unaligned_le64(p + 12),
		     get_unaligned_le16(p + 22));
	put_sas_topology(t, get_unaligned_le16(p + 20));
	ccg_text_put(t, ",0x%" PRIx32 ")", get_unaligned_le32(p));
}

static void put_debug_port(struct ccg_text *t, const struct devpath_node *n)
{
	(void)n;
	ccg_text_put(t, "DebugPort()");
}

/* The GUIDs in the form of EFI, and the number of bytes after them. */
static const struct {
	u8 guid[GUID_LEN];
	size_t len;
	void (*put)(struct ccg_text *t, const struct devpath_node *n);
} vendors[] = {
	{ { 0x9d, 0x9a, 0x49, 0x37, 0x2f, 0x54, 0x89, 0x4c,
	    0xa0, 0x26, 0x35, 0xda, 0x14, 0x20, 0x94, 0xe4 }, 4, put_flow_control },
	{ { 0xb4, 0xdd, 0x87, 0xd4, 0x8b, 0x00, 0xd9, 0x11,
	    0xaf, 0xdc, 0x00, 0x10, 0x83, 0xff, 0xca, 0x4d }, 24, put_sas },
	{ { 0xd2, 0xe8, 0xa4, 0xeb, 0x58, 0x38, 0xec, 0x41,
	    0xa2, 0x81, 0x26, 0x47, 0xba, 0x96, 0x60, 0xd0 }, 0, put_debug_port },
};

static void put_vendor(struct ccg_text *t, const struct devpath_node *n)
{
	for (size_t i = 0; i < ARRAY_SIZE(vendors) && !n->efivar; i++) {
		if (n->len != GUID_LEN + vendors[i].len ||
		    memcmp(n->p, vendors[i].guid, GUID_LEN))
			continue;
		vendors[i].put(t, n);
		return;
	}
	ccg_devpath_vendor(t, n, "VenMsg");
}

/* The nodes, and the smallest length of the bytes after their header. */
static const struct {
	unsigned int id;
	size_t min;
	void (*put)(struct ccg_text *t, const struct devpath_node *n);
} nodes[] = {
	{ MSG(1), 4, put_ata },
	{ MSG(2), 4, put_scsi },
	{ MSG(3), 20, put_fibre },
	{ MSG(4), 12, put_1394 },
	{ MSG(5), 2, put_usb },
	{ MSG(6), 4, put_i2o },
	{ MSG(9), 44, put_infiniband },
	{ MSG(10), GUID_LEN, put_vendor },
	{ MSG(11), 33, put_mac },
	{ MSG(12), 15, put_ipv4_node },
	{ MSG(13), 39, put_ipv6_node },
	{ MSG(14), 15, put_uart },
	{ MSG(15), 7, put_usb_class },
	{ MSG(16), 6, put_usb_wwid },
	{ MSG(17), 1, put_unit },
	{ MSG(18), 6, put_sata },
	{ MSG(19), 14, put_iscsi },
	{ MSG(20), 2, put_vlan },
	{ MSG(21), 20, put_fibre_ex },
	{ MSG(22), 20, put_sas_ex },
	{ MSG(23), 12, put_nvme },
	{ MSG(24), 0, put_uri },
	{ MSG(25), 2, put_ufs },
	{ MSG(26), 1, put_slot },
	{ MSG(27), 6, put_bluetooth },
	{ MSG(28), 32, put_wifi },
	{ MSG(29), 1, put_slot },
	{ MSG(30), 7, put_bluetooth_le },
	{ MSG(31), 1, put_dns },
	{ MSG(32), GUID_LEN, put_nvdimm },
	{ MSG(33), 2, put_rest },
	{ MSG(34), 17, put_nvme_of },
};

/**
 * ccg_devpath_messaging - append a messaging node
 * @t: the text
 * @n: the node
 *
 * Return: false if the node is not known, or is too short.
 */
bool ccg_devpath_messaging(struct ccg_text *t, const struct devpath_node *n)
{
	for (size_t i = 0; i < ARRAY_SIZE(nodes); i++) {
		if (nodes[i].id != n->id)
			continue;
		if (n->len < nodes[i].min)
			return false;
		nodes[i].put(t, n);
		return true;
	}
	return false;
}
