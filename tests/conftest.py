"""What every test shares: repeatable property tests, and which tests run alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

HERE = Path(__file__).parent
RUN_ALONE = ("mobile_screens", "journeys", "bench")

# The same examples every time, so that a red run is red for the next person too; no deadline,
# since a shared machine may stall at any moment.
settings.register_profile(
    "threshold",
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("long", settings.get_profile("threshold"), max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "threshold"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that open a Kivy window, of which a process holds one, or that measure."""
    for item in items:
        if item.path.relative_to(HERE).parts[0] in RUN_ALONE:
            item.add_marker(pytest.mark.alone)
