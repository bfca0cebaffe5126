// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest device: authenticate, certificates
 */
#include "device.h"

static const struct opt authenticate_opts[] = {
	DEVICE_CONNECT_OPTS,
	[AUTH_CA] = {
		"ca", 0, "FILE", "trust the certificates in FILE, DER or PEM; again for more"
	},
	[AUTH_SAN] = {
		"san", 0, "NAME", "the name that the device must have"
	},
	[AUTH_VALIDITY] = {
		"validity", 0, "WHAT", "of certificates: off, warn (default) or enforce"
	},
	[AUTH_REPEAT] = {
		"repeat", 0, "N", "authenticate N times, over one connection"
	},
};

static const struct opt certificates_opts[] = {
	DEVICE_CONNECT_OPTS,
	[CERTS_SLOT] = { "slot", 0, "N", "only the chain in slot N" },
	[CERTS_PEM] = { "pem", 0, NULL, "print the certificates as PEM" },
	[CERTS_DER] = { "der", 0, NULL, "write the chain of one slot as it is" },
	[CERTS_FORCE] = {
		"force", 0, NULL, "write --der to a terminal too"
	},
};

static const struct verb verbs[] = {
	{
		.name = "authenticate",
		.args = "",
		.summary = "Authenticates a device",
		.opts = authenticate_opts,
		.n_opts = ARRAY_SIZE(authenticate_opts),
		.run = device_authenticate_connect,
	},
	{
		.name = "certificates",
		.args = "",
		.summary = "Shows the certificate chains of a device",
		.opts = certificates_opts,
		.n_opts = ARRAY_SIZE(certificates_opts),
		.run = device_certificates_connect,
	},
};

const struct group device_group = {
	.name = "device",
	.summary = "PCI devices, and whether they are genuine",
	.verbs = verbs,
	.n_verbs = ARRAY_SIZE(verbs),
};
