# SPDX-License-Identifier: GPL-2.0-only
"""The launches of guests for bench.py: SEV-ES with 8 CPUs, SNP with 64. The
firmware has 4 MiB. Like OVMF.amdsev.fd of edk2, SNP's consists mostly of erased
flash: 839 of its 1024 pages equal the page before them.
"""
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


class SnpLaunch:
    """The firmware of a SNP guest, and the commands that print its digest."""
    CPUS = 64
    ERASED = 839

    def __init__(self, ccguest, folder):
        self.firmware = os.path.join(folder, "OVMF.snp.fd")
        image = sev_model.image(pages=1024 - self.ERASED)
        with open(self.firmware, "wb") as f:
            f.write(b"\xff" * (self.ERASED * sev_model.PAGE) + image)
        self.ours = [ccguest, "sev", "measure", "snp", "--firmware", self.firmware,
                     "--cpus", str(self.CPUS), "--cpu", "EPYC-v4"]
        self.theirs = ["sev-snp-measure", "--mode", "snp", "--ovmf", self.firmware,
                       "--vcpus", str(self.CPUS), "--vcpu-type", "EPYC-v4"]
