"""Case files and rule packs written for these tests, so that what they come to can be told by hand.

Every child is two years old and on no plan, so an S escalation climbs by working days.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from shared import packs

HEAD = """\
format: threshold-case/1
id: {id}
children: [{{id: ada, born: 2024-02-01}}]
events:
"""


def case(name: str, *events: str) -> str:
    """A case file of these events, each a line of YAML's flow style without its braces."""
    return HEAD.format(id=name) + "".join(f"  - {{{event}}}\n" for event in events)


def visit(id: str, at: str, answer: str = "ACC-01, answer: in", *, received: str = "") -> str:
    """A visit; `answer` is the item and what was answered, ACC-01 included where it is not that."""
    answers = [answer] if answer.startswith("ACC-01") else ["ACC-01, answer: in", answer]
    listed = ", ".join(f"{{item: {each}}}" for each in answers)
    more = f", received_at: {received}" if received else ""
    by = "by: hv-1, agency: health_visiting"
    return f"id: {id}, type: visit, at: {at}{more}, {by}, answers: [{listed}]"


def refused(id: str, at: str, *, received: str = "") -> str:
    """A visit at which nobody was let in."""
    return visit(id, at, "ACC-01, answer: refused", received=received)


def decided(id: str, at: str, rule: str, on: str) -> str:
    """A team manager's decision on the escalation of a rule."""
    return (
        f"id: {id}, type: decision, at: {at}, by: tm-1, role: team_manager, kind: decide, "
        f"rule: {rule}, on: {on}, reason: Seen at nursery"
    )


CASES = {
    "calm": case("calm", visit("v1", "2026-03-02T10:30")),
    # Refused twice within 14 days, and not within 7.
    "ten-days": case(
        "ten-days", refused("v1", "2026-03-20T10:30"), refused("v2", "2026-03-30T10:30")
    ),
    "five-days": case(
        "five-days", refused("v1", "2026-03-02T10:30"), refused("v2", "2026-03-07T10:30")
    ),
    # Ten days apart and then five: with 14 days it fires on the second, with 7 on the third.
    "thrice": case(
        "thrice",
        refused("v1", "2026-03-02T10:30"),
        refused("v2", "2026-03-12T10:30"),
        refused("v3", "2026-03-17T10:30"),
    ),
    # The first pair is five days apart and decided on, the second ten.
    "twice-over": case(
        "twice-over",
        refused("v1", "2026-02-02T10:30"),
        refused("v2", "2026-02-07T10:30"),
        decided("d1", "2026-02-08T09:00", "R05", "v2"),
        refused("v3", "2026-04-01T10:30"),
        refused("v4", "2026-04-11T10:30"),
    ),
    "shut-away": case("shut-away", visit("v1", "2026-03-05T10:30", "SAF-04, answer: ext")),
    "no-bed": case("no-bed", visit("v1", "2026-03-06T10:30", "SLP-01, answer: none")),
    "stained": case("stained", visit("v1", "2026-03-09T10:30", "SLP-05, answer: stain")),
}

ADDED = {
    "id": "R90",
    "name": "A stained sheet",
    "level": "L",
    "on": ["visit"],
    "for": "child",
    "when": {"answer": "SLP-05", "in": ["stain"]},
    "actions": [{"do": "tell_manager", "who": "named_nurse", "due": {"working_days": 3}}],
    "why": "Made up for a test.",
}


def pack(only: Iterable[str] = (), **changes: Any) -> str:
    """The bundled rules as YAML, under the id `draft`, changed.

    `only`: leave only these rules. `drop`: a rule to leave out. `add`: one to put last. `days`: the
    window of R05. `levels`: a level for each of some rules. `rungs`: the ladder's.
    """
    doc = yaml.safe_load(packs.rule_packs()["england"])
    doc.update(id="draft", title="A draft")
    doc["rules"] = [
        rule
        for rule in doc["rules"]
        if rule["id"] != changes.get("drop") and (not only or rule["id"] in only)
    ]
    for rule in doc["rules"]:
        rule["level"] = changes.get("levels", {}).get(rule["id"], rule["level"])
        if rule["id"] == "R05":
            rule["when"]["within_days"] = changes.get("days", 14)
    doc["rules"] += [changes["add"]] if "add" in changes else []
    doc["ladder"]["rungs"] = changes.get("rungs", doc["ladder"]["rungs"])
    return yaml.safe_dump(doc, sort_keys=False)


def put(folder: Path, cases: Iterable[str] = CASES) -> Path:
    """Write some of the case files below a folder, some of them deeper; returns the folder."""
    for n, name in enumerate(cases):
        path = folder / ("east" if n % 2 else "") / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(CASES[name], encoding="utf-8")
    return folder
