"""A document read back from storage is the same event as when it was checked on its way in."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared import casefile, documents, packs, wire

RECEIVED = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SEEDS = Path(__file__).parents[2] / "seeds"
CASES = sorted(
    p for p in SEEDS.rglob("*.yaml") if p.name != "people.yaml" and p.parent.name != "packs"
)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_event_of_every_seed(path: Path) -> None:
    case = casefile.read_case(path.read_bytes(), checklist=packs.checklist(), name=path.name)
    assert case.events
    for event in case.events:
        doc = json.loads(wire.encode(wire.event_to_doc("h1", event)))
        assert documents.read_back(doc, RECEIVED) == wire.event_from_doc(doc, RECEIVED)[1]


def test_what_may_be_left_out_is_filled_in_the_same() -> None:
    base = {"v": 1, "id": "e1", "household": "h1", "at": "2026-02-03T10:30:00+00:00"}
    short = [
        {"type": "visit", "agency": "health_visiting", "answers": [{"item": "X", "answer": 1}]},
        {"type": "report", "agency": "gp", "answers": [{"item": "X", "answer": ["a"]}]},
        {"type": "household", "household_record": {}},
        {"type": "plan", "action": "end", "plan": "p1"},
        {"type": "birth", "child": "ada"},
        {"type": "household", "household_record": {"children": [{"id": "a", "due": "2026-03-01"}]}},
    ]
    for more in short:
        doc = base | more
        assert documents.read_back(doc, RECEIVED) == wire.event_from_doc(doc, RECEIVED)[1]
