# SPDX-License-Identifier: GPL-2.0-only
"""Tests with names, in the order in which they are defined.

Each outcome is a line for lib.sh: "ok", "skip" or "not ok", the name, and the
reason, with tabs between them.
"""
import os
import re


class Skipped(Exception):
    """The test cannot run here."""


class Tests:
    """A list of tests. An object of it is the decorator of a test function."""

    def __init__(self):
        self.tests = []

    def __call__(self, name):
        def add(f):
            self.tests.append((name, f))
            return f
        return add

    def run(self, few, always, before=None):
        """Runs the tests.

        If few is set, only those run whose names match this expression.
        Otherwise ONLY in the environment may be such an expression. Tests
        whose names start with always run in any case. before(name) is called
        before each test.
        """
        only = few or os.environ.get("ONLY")
        for name, f in self.tests:
            if only and not re.search(only, name) and not name.startswith(always):
                continue
            if before:
                before(name)
            line = "ok\t%s" % name
            try:
                f()
            except Skipped as e:
                line = "skip\t%s\t%s" % (name, e)
            except Exception as e:  # pylint: disable=broad-except
                why = "%s: %s" % (type(e).__name__, e)
                line = "not ok\t%s\t%s" % (name, re.sub("[\n\t]", " ", why))
            print(line, flush=True)
