"""Collects what the benchmarks measured and prints it as one table at the end."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pytest


@dataclass
class Figures:
    """The measurements of one run: what was measured, and the figure with its unit."""

    rows: list[tuple[str, str]] = field(default_factory=list)

    @property
    def full(self) -> bool:
        """Whether this is `make bench`, which takes its time, or the quick look in `make test`."""
        return os.environ.get("THRESHOLD_BENCH") == "full"

    def say(self, what: str, figure: str) -> None:
        """Put one line into the table."""
        self.rows.append((what, figure))

    def median_s(self, work: Callable[[], object], times: int) -> float:
        """The median time of one call in seconds, after one call that is not counted."""
        work()
        taken = []
        for _ in range(times):
            start = time.perf_counter()
            work()
            taken.append(time.perf_counter() - start)
        return statistics.median(taken)

    def side_by_side(
        self, works: Mapping[str, Callable[[], float]], rounds: int
    ) -> dict[str, float]:
        """The median of what each work says it took, the works taking turns.

        A machine that does other things meanwhile then hits all alike. One round is not counted.
        """
        taken: dict[str, list[float]] = {name: [] for name in works}
        for _ in range(rounds + 1):
            for name, work in works.items():
                taken[name].append(work())
        return {name: statistics.median(each[1:]) for name, each in taken.items()}


FIGURES = pytest.StashKey[Figures]()


@pytest.fixture(scope="session")
def figures(pytestconfig: pytest.Config) -> Figures:
    """Where a benchmark says what it measured."""
    return pytestconfig.stash.setdefault(FIGURES, Figures())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table."""
    figures = terminalreporter.config.stash.get(FIGURES, None)
    if figures is None or not figures.rows:
        return
    terminalreporter.section("measured")
    width = max(len(what) for what, _ in figures.rows)
    for what, figure in figures.rows:
        terminalreporter.write_line(f"{what:<{width}}  {figure}")
