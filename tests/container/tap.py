# SPDX-License-Identifier: LGPL-2.1-or-later
"""unittest with rows and TAP: every row of a table is a test, and a line."""

import argparse
import fnmatch
import os
import subprocess
import sys
import time
import traceback
import unittest
from pathlib import Path

import landlock
import sandbox
import sanitizers
from harness import SLOWNESS, Failed

# Seconds. libvirt's own wait was a whole one.
SOON = 0.9 * SLOWNESS
NO_SKIP = os.environ.get('CONFINEMENT_NO_SKIP', '0') not in ('', '0')


class Sandbox:
    """What the tests are told about their run."""
    build = work = tag = None
    instances = {}
    failed = {}

    @classmethod
    def instance(cls, kind):
        """The one instance of that class, made when first asked for."""
        if kind in cls.failed:
            raise AssertionError(cls.failed[kind])
        if kind not in cls.instances:
            try:
                cls.instances[kind] = kind(cls.build, cls.work, cls.tag)
            except Exception as error:
                cls.failed[kind] = f'no instance: {error}'
                raise
        return cls.instances[kind]


def skip(why):
    """The only way to skip a whole test. CONFINEMENT_NO_SKIP turns it into a failure."""
    if NO_SKIP:
        raise AssertionError(f'must not be skipped: {why}')
    raise unittest.SkipTest(why)


def rows(table):
    """test(self, *row[1:]) for each row; row[0] names it. A table may be a
    dictionary or any iterable of sequences."""
    def mark(function):
        function.rows = table
        return function
    return mark


def bind(function, row):
    def test(self):
        return function(self, *row[1:])
    return test


class Case(unittest.TestCase):
    # Why a part of the test was not tried; makes it a skipped one unless it fails.
    left_out = ''

    def __init_subclass__(cls):
        for name, function in list(vars(cls).items()):
            if hasattr(function, 'rows'):
                delattr(cls, name)
                for row in function.rows:
                    full = f'{name} {row[0]}'
                    assert full not in vars(cls), f'two rows {full}'
                    setattr(cls, full, bind(function, row))

    def leave_out(self, why):
        """Skips a part of the test only. The other parts are still tried."""
        if NO_SKIP:
            self.fail(f'must not be left out: {why}')
        self.left_out = why

    def assertNothingLeft(self, instance, before, timeout=5.0):
        """Processes on their way out get a moment, nothing else is forgiven."""
        end = time.monotonic() + timeout * SLOWNESS
        while new := instance.snapshot() - before:
            if time.monotonic() > end:
                self.fail('left behind: ' + ', '.join(sorted(new)))
            time.sleep(0.01)

    def assertLeavesNothing(self, domain):
        """Not even where init has done what its job says."""
        domain.define()
        before = domain.instance.snapshot()
        domain.start()
        domain.results()
        domain.instance.virsh('destroy', domain.name)
        self.assertNothingLeft(domain.instance, before)

    def assertStartFails(self, domain, texts):
        """With a message that has all texts, and nothing is left behind.
        Returns the seconds that it took."""
        domain.define()
        before = domain.instance.snapshot()
        begun = time.monotonic()
        status, _, error = domain.instance.run('start', domain.name)
        seconds = time.monotonic() - begun
        print(f'# {seconds:.2f} s: {error!r}')
        self.assertNotEqual(status, 0)
        for text in texts:
            self.assertIn(text, error)
        self.assertNotIn('Timed out', error)
        self.assertEqual(domain.state(), 'shut off')
        self.assertNothingLeft(domain.instance, before)
        return seconds

    def assertStartFailsSoon(self, domain, texts):
        """Within less than libvirt's own wait, unless the machine is busy: then
        once in several times."""
        for _ in range(5):
            if (seconds := self.assertStartFails(domain, texts)) < SOON:
                return
        self.assertLess(seconds, SOON)


class TapResult(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.number = 0
        self.bad = 0
        self.begun = 0.0

    def startTest(self, test):
        super().startTest(test)
        self.begun = time.monotonic()

    def line(self, test, good, note=''):
        self.number += 1
        self.bad += not good
        seconds = time.monotonic() - self.begun
        name = test.id().split('.', 1)[-1].replace('#', '').replace('test_', '')
        print(f"{'ok' if good else 'not ok'} {self.number} - {name}{note}")
        if not note and os.environ.get('CONFINEMENT_TIMES'):
            print(f'# {seconds:.2f} s')
        sys.stdout.flush()

    def tell(self, test, error):
        self.line(test, False)
        brief = (AssertionError, Failed)
        lines = (traceback.format_exception_only(*error[:2])
                 if isinstance(error[1], brief)
                 else traceback.format_exception(*error, limit=-4))
        for text in lines:
            print('# ' + text.rstrip().replace('\n', '\n# '))
        sys.stdout.flush()

    def addSuccess(self, test):
        if test.left_out:
            self.addSkip(test, test.left_out)
        else:
            self.line(test, True)

    def addSkip(self, test, reason):
        self.line(test, True, f' # SKIP {reason}')

    def addError(self, test, error):
        if (isinstance(error[1], Failed) and not NO_SKIP
                and (why := landlock.refusal(str(error[1])))):
            self.addSkip(test, why)
        else:
            self.tell(test, error)

    def addFailure(self, test, error):
        self.tell(test, error)


def flatten(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from flatten(test)
        else:
            yield test


def run_all(tests):
    result = TapResult()
    try:
        for test in tests:
            test.run(result)
    except KeyboardInterrupt:
        print('Bail out! interrupted', flush=True)
        result.bad += 1
    finally:
        for instance in Sandbox.instances.values():
            instance.stop()
        for path in Sandbox.work.iterdir():
            sanitizers.collect(path)
        (Sandbox.work / 'over').touch()
    return 1 if result.bad or result.number != len(tests) else 0


def tell_reports(number, build):
    """The last point, where libvirt is built with sanitizers; returns the exit status."""
    found = sanitizers.end(build)
    print(f"{'not ok' if found else 'ok'} {number} - sanitizers find nothing")
    for text in found:
        print('# ' + text.replace('\n', '\n# '))
    return 1 if found else 0


def main(prepare=lambda build: None):
    """For the end of a test file. prepare(build) is called while there still is
    a network; if it fails, so will the tests that need it."""
    parser = argparse.ArgumentParser()
    parser.add_argument('--build', required=True, type=Path)
    parser.add_argument('patterns', nargs='*',
                        help='only tests whose names match, * and ? allowed')
    options = parser.parse_args()
    loader = unittest.TestLoader()
    tests = [test for test in
             flatten(loader.loadTestsFromModule(sys.modules['__main__']))
             if not options.patterns or
             any(fnmatch.fnmatch(test.id(), f'*{p}*') for p in options.patterns)]
    if not tests:
        print('1..0\nBail out! no test')
        sys.exit(1)
    if os.geteuid() != 0:
        print('1..0 # SKIP not root')
        sys.exit(1 if NO_SKIP else 0)

    sanitizers.begin(options.build.resolve())
    try:
        prepare(options.build.resolve())
    except (OSError, subprocess.SubprocessError) as error:
        print(f'# {error}')

    def run(work, tag):
        Sandbox.build, Sandbox.work, Sandbox.tag = (options.build.resolve(),
                                                    work, tag)
        return run_all(tests)

    print('TAP version 13')
    print(f'1..{len(tests) + bool(sanitizers.directory)}', flush=True)
    status = sandbox.supervise(options.build.resolve(), run)
    if sanitizers.directory:
        status = tell_reports(len(tests) + 1, options.build.resolve()) or status
    sys.exit(status)
