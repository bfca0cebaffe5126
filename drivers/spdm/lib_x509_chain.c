// SPDX-License-Identifier: GPL-2.0-only
#include "../../lib/x509_chain.c"
