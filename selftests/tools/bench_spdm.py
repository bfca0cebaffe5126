# SPDX-License-Identifier: GPL-2.0-only
"""
SPDM responders for bench.py: each waits before it answers, as devices do.
"""
import os
import subprocess
import time

from responder_process import Process

DEVICE = "1b36:0010:010802:02:1af4:1100"


class Devices:
    """N responders that wait MS milliseconds before each response."""

    def __init__(self, ccguest, work, n, ms):
        responder = os.path.join(os.path.dirname(ccguest), "spdm-responder")
        pki = os.path.join(work, "pki")
        subprocess.run([responder, "certs", pki, "--device=" + DEVICE, "-q",
                        "--algorithms=p384"], check=True)
        chain = os.path.join(pki, "p384", "good.der")
        self.command = [ccguest, "-q", "device", "authenticate",
                        "--ca=" + os.path.join(pki, "p384", "ca.pem")]
        self.processes = [
            Process([responder, "--port=0", "--slot=0=" + chain,
                     "--delay=%d" % ms], os.path.join(work, "responder-%d" % i))
            for i in range(n)]

    def authenticate(self, n):
        """Authenticates N devices at the same time. Returns the elapsed time."""
        before = time.monotonic()
        children = [subprocess.Popen(self.command +
                                     ["--connect=localhost:%d" % p.port])
                    for p in self.processes[:n]]
        if any([child.wait() for child in children]):
            raise SystemExit("bench: a device is not authenticated")
        return time.monotonic() - before

    def stop(self):
        for p in self.processes:
            p.stop()
