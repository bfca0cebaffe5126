/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ccguest keyring: its verbs, and functions that several verbs share
 */
#ifndef CCGUEST_CMD_KEYRING_H
#define CCGUEST_CMD_KEYRING_H

#include <ccguest/cert.h>
#include <ccguest/keyring.h>

#include "cli.h"
#include "out_json.h"

extern const struct verb keyring_list;
extern const struct verb keyring_add;
extern const struct verb keyring_remove;
extern const struct verb keyring_load;

/* The option --keyring. */
#define KEYRING_OPT							\
	{								\
		"keyring", 0, "KEYRING",				\
		"the keyring, by name or number; .cma if not given"	\
	}

/**
 * struct keyring_adding - certificates that are being added to a keyring
 * @cmd: the command
 * @k: the keyring
 * @o: the JSON object that is printed, or NULL
 * @array: the array of certificates in @o
 * @n: number of certificates that have been added
 * @status: exit status so far
 */
struct keyring_adding {
	struct cmd *cmd;
	struct ccg_keyring *k;
	struct json_object *o;
	struct json_object *array;
	size_t n;
	int status;
};

/**
 * keyring_open - open a keyring
 * @cmd: the command
 * @opt: index of --keyring in the verb's options
 * @kp: set to the keyring; close it with ccg_keyring_close()
 *
 * Return: 0 or the exit status.
 */
int keyring_open(struct cmd *cmd, size_t opt, struct ccg_keyring **kp);

/**
 * keyring_id_text - format the number of a key
 * @id: the number
 * @text: set to the number in hexadecimal
 * @size: size of @text in bytes
 */
void keyring_id_text(int32_t id, char *text, size_t size);

/**
 * keyring_note_changed - print the next step after a change of a keyring
 */
void keyring_note_changed(void);

/**
 * keyring_json_id - add the number of a key, in decimal and in hexadecimal
 * @o: the object
 * @id: the number
 */
void keyring_json_id(struct json_object *o, int32_t id);

/**
 * keyring_json - add the name and the number of a keyring
 * @o: the object
 * @k: the keyring
 */
void keyring_json(struct json_object *o, const struct ccg_keyring *k);

/**
 * keyring_key_name - get a name of a key for messages
 * @key: the key
 *
 * Return: the subject; or the error if the key could not be read.
 */
const char *keyring_key_name(const struct ccg_key *key);

/**
 * keyring_json_key - add the description of a key
 * @o: the object
 * @key: the key
 */
void keyring_json_key(struct json_object *o, const struct ccg_key *key);

/**
 * keyring_json_cert - add the description of a certificate
 * @o: the object
 * @path: path of the file with the certificate
 * @cert: the certificate
 */
void keyring_json_cert(struct json_object *o, const char *path,
		       const struct ccg_cert *cert);

/**
 * keyring_note_cert - print notes about a certificate that may be a mistake
 * @path: path of the file with the certificate
 * @cert: the certificate
 *
 * A certificate that is not of a CA, or is out of date, is allowed.
 */
void keyring_note_cert(const char *path, const struct ccg_cert *cert);

/**
 * keyring_each_file - read the certificates of all files of a directory
 * @cmd: the command
 * @d: the directory
 * @use: called for each file with certificates, which it frees
 * @arg: first argument of @use
 *
 * Prints why a file cannot be used, and continues with the next file.
 *
 * Return: 0, or the exit status of the first file that cannot be used.
 */
int keyring_each_file(struct cmd *cmd, struct ccg_cert_dir *d,
		      void (*use)(void *arg, const char *path,
				  struct ccg_certs *certs), void *arg);

/**
 * keyring_list_files - list certificates in files, instead of the kernel's keys
 * @cmd: the command, with -F
 *
 * Return: the exit status.
 */
int keyring_list_files(struct cmd *cmd);

/**
 * keyring_start_adding - open the keyring that certificates are added to
 * @a: set; call keyring_end_adding() after success
 * @cmd: the command
 * @opt: index of --keyring in the verb's options
 *
 * Return: 0 or the exit status.
 */
int keyring_start_adding(struct keyring_adding *a, struct cmd *cmd, size_t opt);

/**
 * keyring_note_failure - print the library's description of its last failure
 * @a: the certificates that are being added
 *
 * The first failure sets the exit status. The other certificates are still
 * added.
 */
void keyring_note_failure(struct keyring_adding *a);

/**
 * keyring_add_certs - add certificates, and free them
 * @a: the certificates that are being added
 * @path: path of the file with the certificates
 * @certs: the certificates
 */
void keyring_add_certs(struct keyring_adding *a, const char *path,
		       struct ccg_certs *certs);

/**
 * keyring_end_adding - print the JSON object and close the keyring
 * @a: the certificates that are being added
 *
 * Return: the exit status.
 */
int keyring_end_adding(struct keyring_adding *a);

#endif /* CCGUEST_CMD_KEYRING_H */
