"""kill -9 of the real app at random moments: nothing that the screen showed as saved is lost.

Two phones are killed side by side, a hundred times each, going on with the same visit after every
kill. Each life is the whole app: window, PIN at its real cost, touches. Three to four minutes on
two busy cores; KILLS=20 in the environment makes a quick run of it.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mobile.phone import Phone
from mobile.ports import DesktopDevice
from mobile.practice import PIN, make_practice_phone
from mobile.store import Store
from mobile.vault import Vault

ROOT = Path(__file__).parents[2]
KILLS, PHONES = int(os.environ.get("KILLS", "200")), 2
LONGEST_LIFE = 0.5  # seconds of answering before the kill, at most
PATIENCE = 30.0
Key = tuple[str, str | None]


@dataclass
class Knowledge:
    """What one phone's screen has shown: last saved for each question, and taps since."""

    saved: dict[Key, Any] = field(default_factory=dict)
    maybe: dict[Key, Any] = field(default_factory=dict)
    shown: int = 0

    def take(self, word: str, question: list[Any], value: Any) -> None:
        """Read one line of the app's."""
        key = (question[0], question[1])
        fit = tuple(value) if isinstance(value, list) else value
        if word == "tap":
            self.maybe[key] = fit
        else:
            self.saved[key] = fit
            self.maybe.pop(key, None)
            self.shown += 1

    def settle(self, held: dict[Key, Any]) -> None:
        """After a kill: each question holds what was shown as saved, or the tap that followed."""
        for key, value in self.saved.items():
            allowed = [value] + ([self.maybe[key]] if key in self.maybe else [])
            assert held[key] in allowed, f"{key}: {held[key]!r} is held, {value!r} was shown saved"
        for key in self.maybe:
            self.saved[key] = held[key]
        self.maybe.clear()


class Nursery:
    """The process that forks one life after another, and its pipe."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("answering_child.py"))],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "KIVY_HOME": str(folder)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self._rest = b""

    def live(self, home: Path, seed: int) -> None:
        """Begin a life on the phone in `home`."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{home} {seed}\n".encode())
        self.process.stdin.flush()

    def lines(self, until: float) -> list[list[Any]]:
        """What was told up to a moment, or as soon as something was."""
        assert self.process.stdout is not None
        out = self.process.stdout.fileno()
        if not select.select([out], [], [], max(0.0, until - time.monotonic()))[0]:
            return []
        *whole, self._rest = (self._rest + os.read(out, 1 << 16)).split(b"\n")
        return [json.loads(line) for line in whole]

    def close(self) -> str:
        """End it and the life it may still have; what went wrong in any of them."""
        os.killpg(self.process.pid, signal.SIGKILL)
        return self.process.communicate()[1].decode(errors="replace")


def kill_often(home: Path, key: bytes, kills: int, seed: int) -> tuple[int, int]:
    """Kill the app on this phone so often; (kills, answers shown as saved in all)."""
    draft = begin_visit(home, key)
    chance, known, nursery = random.Random(seed), Knowledge(), Nursery(home.parent / f"kivy-{seed}")
    try:
        for number in range(kills):
            nursery.live(home, seed * 1000 + number)
            one_life(nursery, known, chance.uniform(0.0, LONGEST_LIFE))
            known.settle(held_by(home, key, draft))
    finally:
        wrong = nursery.close()
    assert "Traceback" not in wrong, wrong
    return kills, known.shown


def one_life(nursery: Nursery, known: Knowledge, length: float) -> None:
    """Wait until it answers, let it go on for so long, and kill it in the middle."""
    pid, end = 0, time.monotonic() + PATIENCE
    answering = False
    while time.monotonic() < end and not (pid and not is_alive(pid)):
        for word, *values in nursery.lines(end):
            if word == "pid":
                pid = values[0]
            elif word == "answering":
                answering, end = True, time.monotonic() + length
            else:
                known.take(word, *values)
    assert answering, "the app did not come as far as the questions"
    os.kill(pid, signal.SIGKILL)
    while is_alive(pid):
        time.sleep(0.001)
    while told := nursery.lines(time.monotonic()):
        for word, *values in told:
            known.take(word, *values)


def is_alive(pid: int) -> bool:
    """Whether the process is still there; the one that forked it does not keep the dead."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def begin_visit(home: Path, key: bytes) -> str:
    """A visit in progress, to be gone on with by every life; its id."""
    phone = Phone(Store(home, key))
    draft, begun = phone.drafts.start("begum", datetime.now(UTC))
    begun.result()
    draft.answer("ACC-01", "in", datetime.now(UTC)).result()
    phone.lock()
    return draft.id


def held_by(home: Path, key: bytes, draft: str) -> dict[Key, Any]:
    """What the store holds for each question, opened as the app would after a kill."""
    phone = Phone(Store(home, key))
    try:
        rows = phone.drafts.open(draft, datetime.now(UTC))
        return {row.key: row.given.value for row in [*rows.rows(), *rows.set_aside()]}
    finally:
        phone.lock()


def test_nothing_shown_as_saved_is_lost_in_200_kills(tmp_path: Path) -> None:
    homes = [tmp_path / f"phone-{number}" for number in range(PHONES)]
    for home in homes:
        make_practice_phone(home, datetime.now(UTC))
    keys = [Vault(DesktopDevice(home)).unlock(PIN) for home in homes]
    with ThreadPoolExecutor(PHONES) as side_by_side:
        shares = [KILLS // PHONES] * PHONES
        each = list(side_by_side.map(kill_often, homes, keys, shares, range(PHONES)))
    assert sum(kills for kills, _ in each) == KILLS
    assert sum(shown for _, shown in each) > KILLS  # it was killed while answering, not before
