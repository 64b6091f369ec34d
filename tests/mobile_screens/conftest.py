"""The real app on a practice phone, driven by touches in an offscreen window."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mobile.driver import Driver
from mobile.practice import PIN, make_practice_phone


@pytest.fixture(scope="session")
def practice_phone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A practice phone that nobody has used; copied, never opened."""
    home = tmp_path_factory.mktemp("practice") / "phone"
    make_practice_phone(home, datetime.now(UTC))
    return home


@pytest.fixture
def home(practice_phone: Path, tmp_path: Path) -> Path:
    """A practice phone of this test's own."""
    return Path(shutil.copytree(practice_phone, tmp_path / "phone"))


@pytest.fixture
def start() -> Iterator[Callable[..., Driver]]:
    """Opens the app on a phone's folder, at the PIN; every one is closed after the test."""
    made: list[Driver] = []

    def go(folder: Path, **options: object) -> Driver:
        made.append(Driver.start(folder, **options))
        return made[-1]

    yield go
    for driver in made:
        if driver.is_open:
            driver.close()


@pytest.fixture
def unlocked(start: Callable[..., Driver]) -> Callable[..., Driver]:
    """Opens the app and unlocks it."""

    def go(folder: Path, **options: object) -> Driver:
        driver = start(folder, **options)
        driver.enter_pin(PIN)
        driver.on("families")
        driver.wait_text("Hartley")
        return driver

    return go


@pytest.fixture(scope="module")
def app(practice_phone: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driver]:
    """One unlocked app for a whole file; tests leave what they recorded."""
    folder = shutil.copytree(practice_phone, tmp_path_factory.mktemp("module") / "phone")
    driver = Driver.start(Path(folder))
    driver.enter_pin(PIN)
    driver.on("families")
    driver.wait_text("No signal")
    # What these tests show must not be replaced by a round of the courier that happens to end.
    driver.app.phone.courier.on_change = lambda: None
    yield driver
    driver.close()


@pytest.fixture
def at_families(app: Driver) -> Driver:
    """That app, back at the list of families with nothing over it."""
    for over in [w for w in app.app.layer.children if hasattr(w, "close")]:
        over.close()
    app.app.go("families", top=True)
    app.on("families")
    app.wait_text("Most urgent first")
    return app
