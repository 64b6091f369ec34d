"""Small case files, replayed under the bundled rules and under a local pack."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from backend.replaying import read_book, read_raw, read_until, replay, to_json

PACKS = Path(__file__).parents[2] / "seeds" / "packs"
ENGLAND = read_book(None)
Raised = list[dict[str, Any]]


class Family:
    """One child, and what is recorded of her; `under` replays it with a pack."""

    def __init__(self, born: str) -> None:
        self.events: list[dict[str, Any]] = []
        self.born = born
        self._ids = count(1)

    def tell(self, at: str, type: str, **fields: Any) -> str:
        event = {"id": f"e{next(self._ids)}", "type": type, "at": at, "by": "x", **fields}
        self.events.append(event)
        return event["id"]

    def visit(self, at: str, **said: Any) -> str:
        """A visit: `ACC_03="awake"` answers ACC-03."""
        said = {"ACC_01": "in", **said}
        answers = [{"item": item.replace("_", "-"), "answer": said[item]} for item in said]
        return self.tell(at, "visit", agency="health_visiting", answers=answers)

    def plan(self, at: str, kind: str, **fields: Any) -> str:
        begun = {"action": "start", "plan": f"{kind}-1", "kind": kind, "children": ["ada"]}
        return self.tell(at, "plan", **begun, **fields)

    def under(self, pack: str, until: str, rule: str | None = None) -> Raised:
        """What a pack of the seeds, or `england`, raises by then."""
        book = ENGLAND if pack == "england" else read_book(str(PACKS / f"{pack}.yaml"))
        children = [{"id": "ada", "born": self.born}]
        case = {"format": "threshold-case/1", "id": "case", "children": children, "adults": []}
        raw = json.dumps({**case, "events": self.events}).encode()
        done = to_json(replay(read_raw(raw, "case.json", book), book, read_until(until)))
        return [each for each in done["escalations"] if rule in (None, each["rule"])]


def dues(raised: Raised) -> dict[str, str]:
    """By when each action is due, to the minute, in London."""
    return {
        action["code"]: (action["due_at"] or "")[:16]
        for each in raised
        for action in each["actions"]
    }


@pytest.fixture
def family() -> Callable[..., Family]:
    """Make a family: a child of two and a half unless `born` says otherwise."""
    return lambda born="2023-09-01": Family(born)
