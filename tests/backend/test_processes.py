"""The office as real processes: gunicorn on loopback, commands, a kill in mid-work."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from backend import audit, rebuild
from shared import facts

ROOT = Path(__file__).parents[2]
LIMIT = 60.0
one_database = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture
def environment(url: str, tmp_path: Path) -> dict[str, str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return {
        **{k: v for k, v in os.environ.items() if not k.startswith("THRESHOLD_")},
        "THRESHOLD_MODE": "demonstration",
        "THRESHOLD_DATABASE_URL": url,
        "THRESHOLD_PORT": str(port),
        "THRESHOLD_TICK_SECONDS": "0.2",
        "THRESHOLD_SECRET_KEY": "k" * 40,
        "THRESHOLD_OFFICE_KEYS": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    }


def command(environment: dict[str, str], *words: str, **more: Any) -> Any:
    line = [sys.executable, "-m", "backend.cli", *words]
    return subprocess.run(
        line, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=2 * LIMIT, **more
    )


@contextlib.contextmanager
def process(environment: dict[str, str], *words: str) -> Iterator[subprocess.Popen[str]]:
    line = [sys.executable, "-m", "backend.cli", *words]
    running = subprocess.Popen(line, env=environment, cwd=ROOT, start_new_session=True, text=True)
    try:
        yield running
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGTERM)
        running.wait(LIMIT)


def until(true: Callable[[], Any], what: str) -> Any:
    """Wait until something holds, and return it."""
    end, pause = time.monotonic() + LIMIT, threading.Event()
    while time.monotonic() < end:
        held = true()
        if held:
            return held
        pause.wait(0.02)
    raise AssertionError(f"not within {LIMIT} s: {what}")


class Phone:
    """A phone that speaks to a running office over its socket."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.address = f"http://127.0.0.1:{environment['THRESHOLD_PORT']}"
        self.token = ""

    def call(self, path: str, body: Any = None) -> Any:
        """The reply as JSON, None when nobody answers."""
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(f"{self.address}/api/v1/{path}", data=data)  # noqa: S310
        request.add_header("Content-Type", "application/json")
        request.add_header("Authorization", f"Bearer {self.token}")
        try:
            with urllib.request.urlopen(request, timeout=LIMIT) as reply:  # noqa: S310
                return json.load(reply)
        except urllib.error.HTTPError as refused:
            with refused:
                return json.load(refused)
        except OSError:
            return None

    def enrol(self, code: str) -> None:
        self.token = self.call("enrol", {"code": code, "device_name": "a phone"})["token"]


def test_an_office_serves_moves_clocks_and_stops(world: Any, environment: dict[str, str]) -> None:
    environment["THRESHOLD_DATABASE_URL"] = world.settings.database_url
    phone = Phone(environment)
    with process(environment, "serve") as server, contextlib.ExitStack() as also:
        if not world.db.is_sqlite:
            also.enter_context(process(environment, "worker"))
        until(lambda: phone.call("health"), "the office answers")
        phone.enrol(command(environment, "device", "enrol-code", "hv-amara").stdout.strip())
        wet = facts.Answer(item="SLP-05", value="wet", about="ada")
        # Seen weeks ago and sent only now: overdue as soon as the worker looks.
        old = world.visit(wet, at=world.recorded("h1").at)
        items = [world.sealed("h1", world.recorded("h1")), world.sealed("h1", old)]
        reply = phone.call("events", {"items": items})
        assert [each["state"] for each in reply["receipts"]] == ["stored", "stored"]
        overdue = until(
            lambda: [row for row in world.rows("escalations") if row["rule"] == "R18"],
            "the worker raises what is overdue",
        )
        # The manager's decision on what was wet; and she has not been seen since, so R06 asked too.
        late = {json.loads(row["document"])["evidence"][0]["action"] for row in overdue}
        assert late == {"manager_decision", "visit_child", "strategy_discussion"}
        os.kill(server.pid, signal.SIGTERM)
        assert server.wait(LIMIT) == 0
    assert_whole(world)


def assert_whole(world: Any) -> None:
    """What is stored is what the events say, and the audit is unbroken."""
    with world.db.writing() as session:
        now = datetime.now(UTC)
        for household in rebuild.households(session):
            found = rebuild.again(session, household, world.office.book, now, replace=False)
            assert found == []
        assert audit.verify(session) == []


def test_what_has_a_receipt_survives_a_kill(world: Any, environment: dict[str, str]) -> None:
    """kill -9 while visits stream in: every receipt that left names an event that is there."""
    environment["THRESHOLD_DATABASE_URL"] = world.settings.database_url
    phone, receipts = Phone(environment), []
    visits = [world.visit() for _ in range(400)]
    with process(environment, "serve") as server:
        until(lambda: phone.call("health"), "the office answers")
        phone.enrol(world.code("hv-amara"))
        phone.call("events", {"items": [world.sealed("h1", world.recorded("h1"))]})
        enough = threading.Event()

        def kill() -> None:
            enough.wait(LIMIT)
            os.killpg(server.pid, signal.SIGKILL)

        killer = threading.Thread(target=kill)
        killer.start()
        for visit in visits:
            reply = phone.call("events", {"items": [world.sealed("h1", visit)]})
            if reply is None:
                break
            receipts += reply["receipts"]
            if len(receipts) == 15:
                enough.set()
        killer.join()
    stored = {row["id"]: row["sha256"] for row in world.rows("events")}
    assert len(receipts) >= 15
    assert {each["state"] for each in receipts} == {"stored"}
    assert all(stored[each["id"]] == each["sha256"] for each in receipts)
    assert_whole(world)


@one_database
def test_an_unsafe_office_does_not_start(environment: dict[str, str]) -> None:
    done = command(environment | {"THRESHOLD_MODE": "production"}, "serve")
    assert done.returncode == 1
    assert "will not start" in done.stderr
    assert "Traceback" not in done.stderr


@one_database
def test_the_demonstration_is_only_for_demonstrations(environment: dict[str, str]) -> None:
    done = command(environment | {"THRESHOLD_MODE": "development"}, "demo", "load")
    assert done.returncode == 1
    assert "Only where THRESHOLD_MODE is demonstration" in done.stderr


@one_database
def test_an_empty_database_is_migrated_and_filled(
    environment: dict[str, str], tmp_path: Path
) -> None:
    environment["THRESHOLD_DATABASE_URL"] = f"sqlite:///{tmp_path}/new/threshold.db"
    assert "migrate" in command(environment, "rebuild", "--check").stderr
    assert command(environment, "migrate").returncode == 0
    loaded = command(environment, "demo", "load", "--enrol-code-for", "hv-amara", "--json")
    told = json.loads(loaded.stdout)
    assert {each["username"] for each in told["logins"]} == {
        "hv-amara",
        "sw-jon",
        "tm-ruth",
        "sm-dev",
    }
    assert told["code"]
    assert told["families"] >= 12
    assert command(environment, "rebuild", "--check").returncode == 0
    assert "whole" in command(environment, "audit", "verify").stdout
    again = command(environment, "demo", "load")
    assert again.returncode == 1
    assert "empty" in again.stderr


@one_database
def test_a_person_is_added_and_shut_out(environment: dict[str, str]) -> None:
    words = ["user", "add", "hv-new", "--name", "Nia", "--role", "practitioner"]
    words += ["--agency", "health_visiting", "--team", "north"]
    weak = command(environment, *words, input="short\n")
    assert weak.returncode == 1
    assert "14" in weak.stderr
    assert command(environment, *words, input="rakes quietly in the loft\n").returncode == 0
    assert command(environment, *words, input="rakes quietly in the loft\n").returncode == 1
    assert command(environment, "user", "disable", "hv-new").returncode == 0
