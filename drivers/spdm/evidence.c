// SPDX-License-Identifier: GPL-2.0-only
/*
 * The evidence: the signatures of a device, and the bytes that they cover. A
 * verifier who does not trust this kernel can verify the signatures again. The
 * files are in the directory signatures/ of the device.
 *
 * The newest signatures are kept, up to the size that the parameter
 * max_signatures_size gives. The newest one is always kept.
 */
#include "internal.h"

#include <linux/err.h>
#include <linux/kobject.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

static unsigned int max_signatures_size = SZ_64K;
module_param(max_signatures_size, uint, 0644);
MODULE_PARM_DESC(max_signatures_size, "bytes of signed transcripts kept per device (default 65536)");

enum signature_file {
	FILE_SIGNATURE,
	FILE_TRANSCRIPT,
	FILE_REQUESTER_NONCE,
	FILE_RESPONDER_NONCE,
	FILE_HASH_ALGORITHM,
	FILE_PREFIX,
	FILE_TYPE,
	FILE_CHAIN,
	N_FILES
};

static const char *const file_names[] = {
	[FILE_SIGNATURE] = "signature",
	[FILE_TRANSCRIPT] = "transcript",
	[FILE_REQUESTER_NONCE] = "requester_nonce",
	[FILE_RESPONDER_NONCE] = "responder_nonce",
	[FILE_HASH_ALGORITHM] = "hash_algorithm",
	[FILE_PREFIX] = "combined_spdm_prefix",
	[FILE_TYPE] = "type",
	[FILE_CHAIN] = "certificate_chain",
};

#define FILE_NAME_MAX	40

/**
 * struct spdm_signature - a signature, and the bytes that it covers
 * @node: node in the device's list, oldest first
 * @size: memory of the signature, in bytes
 * @n_files: number of @attrs that have a file
 * @attrs: its files; the size of each is the length of its content
 * @names: their names
 * @data: their contents, one after the other
 */
struct spdm_signature {
	struct list_head node;
	size_t size;
	size_t n_files;
	struct bin_attribute attrs[N_FILES];
	char names[N_FILES][FILE_NAME_MAX];
	u8 data[];
};

static ssize_t signature_read(struct file *file, struct kobject *kobj,
			      bin_attr_const struct bin_attribute *attr,
			      char *buf, loff_t off, size_t count)
{
	return memory_read_from_buffer(buf, count, &off, attr->private,
				       attr->size);
}

static ssize_t nonce_write(struct file *file, struct kobject *kobj,
			   bin_attr_const struct bin_attribute *attr, char *buf,
			   loff_t off, size_t count)
{
	struct spdm_dev *sd = attr->private;

	/* The whole nonce, in one write. */
	if (off || count != sizeof(sd->next_nonce))
		return -EINVAL;
	mutex_lock(&sd->lock);
	memcpy(sd->next_nonce, buf, sizeof(sd->next_nonce));
	sd->has_next_nonce = true;
	mutex_unlock(&sd->lock);
	return count;
}

int spdm_nonce(void *ctx, u8 nonce[SPDM_NONCE_LEN])
{
	struct spdm_dev *sd = ((struct spdm_run *)ctx)->sd;
	bool given;

	mutex_lock(&sd->lock);
	given = sd->has_next_nonce;
	sd->has_next_nonce = false;
	if (given)
		memcpy(nonce, sd->next_nonce, sizeof(sd->next_nonce));
	mutex_unlock(&sd->lock);
	return given ? 0 : get_random_bytes_wait(nonce, SPDM_NONCE_LEN);
}

void spdm_record(struct spdm_run *run, const u8 *data, size_t len)
{
	size_t size = run->transcript_size;
	u8 *buf;

	if (run->transcript_lost)
		return;
	if (len > size - run->transcript_len) {
		size = max(2 * size, run->transcript_len + len);
		buf = kvmalloc(size, GFP_KERNEL);
		if (!buf) {
			run->transcript_lost = true;
			return;
		}
		if (run->transcript_len)
			memcpy(buf, run->transcript, run->transcript_len);
		kvfree(run->transcript);
		run->transcript = buf;
		run->transcript_size = size;
	}
	memcpy(run->transcript + run->transcript_len, data, len);
	run->transcript_len += len;
}

/* The content of a file. */
struct content {
	const void *data;
	size_t len;
};

static struct spdm_signature *make_signature(const struct content *c)
{
	struct spdm_signature *s;
	size_t size = sizeof(*s);
	u8 *data;

	for (size_t i = 0; i < N_FILES; i++)
		size += c[i].len;
	s = kvzalloc(size, GFP_KERNEL);
	if (!s)
		return NULL;
	s->size = size;
	data = s->data;
	for (size_t i = 0; i < N_FILES; i++) {
		sysfs_bin_attr_init(&s->attrs[i]);
		s->attrs[i].attr.name = s->names[i];
		s->attrs[i].attr.mode = 0444;
		s->attrs[i].size = c[i].len;
		s->attrs[i].private = data;
		s->attrs[i].read = signature_read;
		memcpy(data, c[i].data, c[i].len);
		data += c[i].len;
	}
	return s;
}

static void drop_signature(struct spdm_dev *sd, struct spdm_signature *s)
{
	while (s->n_files)
		sysfs_remove_bin_file(sd->signatures, &s->attrs[--s->n_files]);
	kvfree(s);
}

static int show_signature(struct spdm_dev *sd, struct spdm_signature *s, u32 n)
{
	for (; s->n_files < N_FILES; s->n_files++) {
		size_t i = s->n_files;
		int rc;

		snprintf(s->names[i], FILE_NAME_MAX, "%u_%s", n, file_names[i]);
		rc = sysfs_create_bin_file(sd->signatures, &s->attrs[i]);
		if (rc)
			return rc;
	}
	return 0;
}

/* Drop the oldest signatures while they take too much memory. */
static void make_room(struct spdm_dev *sd)
{
	size_t max = READ_ONCE(max_signatures_size);
	struct spdm_signature *s, *next;

	list_for_each_entry_safe(s, next, &sd->signature_list, node) {
		if (sd->signatures_size <= max ||
		    list_is_last(&s->node, &sd->signature_list))
			return;
		list_del(&s->node);
		sd->signatures_size -= s->size;
		drop_signature(sd, s);
	}
}

void spdm_signature(void *ctx, u8 slot, const struct spdm_proof *proof)
{
	struct spdm_run *run = ctx;
	struct spdm_dev *sd = run->sd;
	const struct spdm_req *r = &sd->req;
	const struct spdm_slot *chain = &r->slots[slot];
	size_t head = sizeof(struct spdm_chain_header) + r->c.hash->len;
	const char *type = spdm_signed_context(proof->what);
	u8 prefix[SPDM_PREFIX_LEN];
	struct content c[N_FILES] = {
		[FILE_SIGNATURE] = { proof->signature, r->c.asym->sig_len },
		[FILE_TRANSCRIPT] = { run->transcript, run->transcript_len },
		[FILE_REQUESTER_NONCE] = { proof->req_nonce,
					   SPDM_NONCE_LEN },
		[FILE_RESPONDER_NONCE] = { proof->rsp_nonce,
					   SPDM_NONCE_LEN },
		[FILE_HASH_ALGORITHM] = { r->c.hash->alg,
					  strlen(r->c.hash->alg) },
		[FILE_PREFIX] = { prefix, sizeof(prefix) },
		[FILE_TYPE] = { type, strlen(type) },
		[FILE_CHAIN] = { r->chains + chain->offset + head,
				 chain->len - head },
	};
	struct spdm_signature *s = NULL;
	int rc = -ENOMEM;

	spdm_combined_prefix(r->c.version, proof->what, prefix);
	if (r->c.version < SPDM_VER_12)
		c[FILE_PREFIX].len = 0;
	if (!run->transcript_lost)
		s = make_signature(c);
	if (s)
		rc = show_signature(sd, s, sd->n_signatures);
	if (rc) {
		dev_warn(sd->dev, "Signature is not kept: error %d\n", rc);
		if (s)
			drop_signature(sd, s);
		return;
	}
	sd->n_signatures++;
	sd->signatures_size += s->size;
	list_add_tail(&s->node, &sd->signature_list);
	make_room(sd);
}

int spdm_evidence_add(struct spdm_dev *sd)
{
	int rc;

	INIT_LIST_HEAD(&sd->signature_list);
	sd->signatures = kobject_create_and_add("signatures", &sd->dev->kobj);
	if (!sd->signatures)
		return -ENOMEM;
	sysfs_bin_attr_init(&sd->nonce_attr);
	sd->nonce_attr.attr.name = "next_requester_nonce";
	sd->nonce_attr.attr.mode = 0200;
	sd->nonce_attr.size = SPDM_NONCE_LEN;
	sd->nonce_attr.private = sd;
	sd->nonce_attr.write = nonce_write;
	rc = sysfs_create_bin_file(sd->signatures, &sd->nonce_attr);
	if (rc)
		kobject_put(sd->signatures);
	return rc;
}

void spdm_evidence_remove(struct spdm_dev *sd)
{
	struct spdm_signature *s, *next;

	sysfs_remove_bin_file(sd->signatures, &sd->nonce_attr);
	list_for_each_entry_safe(s, next, &sd->signature_list, node) {
		list_del(&s->node);
		drop_signature(sd, s);
	}
	kobject_del(sd->signatures);
	kobject_put(sd->signatures);
}
