"""Real processes for the journeys: the office under gunicorn, the phone, and a browser."""

from __future__ import annotations

import json
import select
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from backend.demo_run import Demonstration, free_port
from tests.journeys.browser import one_page

ROOT = Path(__file__).parents[2]
REPLY_LIMIT_S = 60.0


class Phone:
    """The app in its own process; `phone.tap("Save")` is a method of `mobile.driver.Driver`."""

    def __init__(self, demo: Demonstration) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("phone.py")), str(demo.phone_home)],
            cwd=ROOT,
            env={**demo.environment, "PYTHONPATH": str(ROOT), "KIVY_NO_CONSOLELOG": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._reply() == "open"

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda *words: self._do(name, *words)

    def _do(self, name: str, *words: object) -> Any:
        assert self.process.stdin is not None
        self.process.stdin.write((json.dumps([name, *words], default=str) + "\n").encode())
        self.process.stdin.flush()
        return self._reply()

    def _reply(self) -> Any:
        assert self.process.stdout is not None
        ready = select.select([self.process.stdout], [], [], REPLY_LIMIT_S)[0]
        assert ready, "the app did not answer"
        line = self.process.stdout.readline()
        assert line, f"the app ended with {self.process.wait()}"
        reply = json.loads(line)
        assert "wrong" not in reply, reply["wrong"]
        return reply.get("value")

    def kill(self) -> None:
        """End it as the system ends an app: at once and without a word."""
        self.process.kill()
        self.process.communicate()  # which also closes its pipes


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demonstration]:
    """An office with the invented families, running, and a phone enrolled with it."""
    made = Demonstration(tmp_path / "demo", free_port(8600, 200))
    try:
        loaded = made.make_office()
        made.start_office()
        made.enrol_phone(loaded["code"])
        yield made
    finally:
        made.stop_all()


@pytest.fixture
def open_phone(demo: Demonstration) -> Iterator[Callable[[], Phone]]:
    """Opens the app; every one still open is ended after the test."""
    opened: list[Phone] = []

    def go() -> Phone:
        opened.append(Phone(demo))
        return opened[-1]

    yield go
    for phone in opened:
        phone.kill()


@pytest.fixture
def page() -> Iterator[Page]:
    """A supervisor's browser that reaches nothing but this machine."""
    with one_page() as page:
        yield page
