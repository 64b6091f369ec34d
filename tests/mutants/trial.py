"""Run the judge's tests on one mutant after another, and count those that no test notices.

The tests are collected once. Each mutant then lives in a process of its own, forked from there,
that makes its one change and runs the tests until one fails.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# A test that goes on for ever has noticed.
SECONDS = 120
SURVIVED, KILLED, REFUSED = 0, 1, 3


class Refused(Exception):
    """A change that is no mutant: the program says of itself that it is a mistake."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: the part it counts for, where it is, what it is, and how to make it.

    Tests of files whose name starts with one of `first` are the likeliest to notice.
    """

    part: str
    where: str
    change: str
    make: Callable[[], None]
    first: tuple[str, ...] = ()


class Trial:
    """A pytest plugin that, in place of running the tests, runs them once for each mutant."""

    def __init__(self, mutants: Iterable[Mutant], jobs: int) -> None:
        self.mutants, self.jobs = mutants, jobs
        self.tried: Counter[str] = Counter()
        self.killed: Counter[str] = Counter()
        self.running: dict[int, Mutant] = {}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Leave out the tests that fail as things stand, then try each mutant."""
        failing = _failing(session)
        session.items = [item for item in session.items if item.nodeid not in failing]
        for name in failing:
            _say(f"left out, since it fails without any change: {name}")
        for mutant in self.mutants:
            if len(self.running) == self.jobs:
                self._finish()
            self._start(session, mutant)
        while self.running:
            self._finish()
        return True

    def _start(self, session: pytest.Session, mutant: Mutant) -> None:
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            code = KILLED
            try:
                signal.alarm(SECONDS)
                _be_silent()
                mutant.make()
                code = _outcome(session, mutant)
            except Refused:
                code = REFUSED
            finally:
                os._exit(code)
        self.running[child] = mutant

    def _finish(self) -> None:
        child, status = os.wait()
        mutant = self.running.pop(child)
        if os.waitstatus_to_exitcode(status) == REFUSED:
            return
        self.tried[mutant.part] += 1
        if status:
            self.killed[mutant.part] += 1
        else:
            _say(f"survived: {mutant.where}: {mutant.change}")

    def table(self) -> str:
        """How many were killed, by part."""
        rows = [(part, self.killed[part], n) for part, n in sorted(self.tried.items())]
        rows.append(("all", self.killed.total(), self.tried.total()))
        return "\n".join(
            f"{part:24} {killed:5} of {n:5} killed, {100 * killed / max(n, 1):5.1f} %"
            for part, killed, n in rows
        )


def _failing(session: pytest.Session) -> list[str]:
    """The tests that fail without any change, found in a process that is then gone."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        _be_silent()
        for item, following in pairwise([*session.items, None]):
            before = session.testsfailed
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if session.testsfailed > before:
                os.write(write, f"{item.nodeid}\n".encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as said:
        failing = said.read().split("\n")[:-1]
    os.waitpid(child, 0)
    return failing


def _be_silent() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _outcome(session: pytest.Session, mutant: Mutant) -> int:
    """Run the tests, the likeliest first, until one fails."""
    items = sorted(session.items, key=lambda item: not item.path.name.startswith(mutant.first))
    for item, following in pairwise([*items, None]):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return KILLED
    return SURVIVED


def run(mutants: Iterable[Mutant], tests: Sequence[str], jobs: int) -> int:
    """Try the mutants and print what survived and how many did not; 0, or pytest's error."""
    trial = Trial(mutants, jobs)
    began = time.monotonic()
    # -s: a process that is forked would share what pytest captures into. That a test fails is all
    # that matters, and to show why would take longer than the test.
    quiet = ["-q", "-s", "--no-header", "--no-summary", "--tb=no", "--assert=plain"]
    without = ["-p", "no:cacheprovider", "-p", "no:xdist"]
    code = pytest.main([*quiet, *without, *(str(ROOT / each) for each in tests)], [trial])
    _say(f"\n{trial.table()}\n{time.monotonic() - began:.0f} seconds, {jobs} at a time")
    return 0 if code in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED) else int(code)
