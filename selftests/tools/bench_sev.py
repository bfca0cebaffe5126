# SPDX-License-Identifier: GPL-2.0-only
"""The launch of a SEV-ES guest for bench.py: a firmware of 4 MiB, 8 CPUs."""
import os
import subprocess

import sev_model

API, BUILD, POLICY, CPUS = (1, 40), 40, 5, 8
FAMILY, MODEL, STEPPING = 25, 1, 1


class Launch:
    """Files of the launch, and the commands that check its measurement."""

    def __init__(self, ccguest, folder):
        self.firmware = os.path.join(folder, "OVMF.fd")
        self.tk = os.path.join(folder, "tk.bin")
        with open(self.firmware, "wb") as f:
            f.write(sev_model.image(pages=1024))
        with open(self.tk, "wb") as f:
            f.write(bytes(range(32)))
        self.ours = [
            ccguest, "sev", "measure", "sev-es", "--firmware", self.firmware,
            "--cpus", str(CPUS), "--cpu", "%d/%d/%d" % (FAMILY, MODEL, STEPPING),
            "--vmsa", "legacy", "--api", "%d.%d" % API, "--build", str(BUILD),
            "--policy", str(POLICY), "--tik", self.tk, "--nonce", "00" * 16]
        measurement = subprocess.run(self.ours, stdout=subprocess.PIPE, check=True).stdout
        self.libvirt = [
            "virt-qemu-sev-validate", "--measurement", measurement.decode().strip(),
            "--api-major", str(API[0]), "--api-minor", str(API[1]), "--build-id", str(BUILD),
            "--policy", str(POLICY), "--firmware", self.firmware, "--num-cpus", str(CPUS),
            "--cpu-family", str(FAMILY), "--cpu-model", str(MODEL),
            "--cpu-stepping", str(STEPPING), "--tk", self.tk]
