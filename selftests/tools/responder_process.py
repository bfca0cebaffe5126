# SPDX-License-Identifier: GPL-2.0-only
"""
A running spdm-responder, for the tests that need one.
"""
import signal
import subprocess


class Process:
    """Runs a command that prints its port on 127.0.0.1; .port has the number."""

    def __init__(self, cmd, log):
        self.err = open(log, "w+", encoding="latin-1")
        # pylint: disable=consider-using-with
        self.proc = subprocess.Popen(cmd, stdout=subprocess.PIPE, stderr=self.err, text=True,
                                     stdin=subprocess.DEVNULL)
        line = self.proc.stdout.readline()
        if "listening on 127.0.0.1:" not in line:
            self.proc.wait()
            raise AssertionError("does not listen: " + self.errors())
        self.port = int(line.rsplit(":", 1)[1])

    def errors(self):
        """Returns the responder's standard error so far."""
        self.err.seek(0)
        return self.err.read()

    def stop(self):
        """Ends the responder, and checks status 0. Returns standard error."""
        if self.proc.poll() is None:
            self.proc.send_signal(signal.SIGTERM)
        status = self.proc.wait(60)
        self.proc.stdout.close()
        text = self.errors()
        self.err.close()
        if status or "Sanitizer" in text or "runtime error" in text:
            raise AssertionError("ended with %s: %s" % (status, text[-2000:]))
        return text

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if kind:
            self.proc.kill()
            self.proc.wait()
            self.proc.stdout.close()
            self.err.close()
        else:
            self.stop()
