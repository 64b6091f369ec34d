"""What the rules ask of a new visit, as a programmer would write it for this once: the peer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shared.facts import Answer, Visit
from shared.items import Checklist

Levels = dict[tuple[str, str], str]
FAILED = ("out", "hide", "refused", "gone", "unsafe")


def levels_of(checklist: Checklist) -> Levels:
    """The level of each option of each item."""
    items = checklist.items.values()
    return {(item.code, option.code): option.level for item in items for option in item.options}


def judge(levels: Levels, visits: Sequence[Visit], new: Visit) -> list[tuple[str, Any]]:
    """The rules that one visit of a family without a plan meets, each with its answers."""
    said = [(answer, _level(levels, answer)) for answer in new.answers]
    findings: list[tuple[str, Any]] = [("R01", a) for a, level in said if level == "I"]
    findings += [("R04", a) for a, _ in said if a.item == "ACC-01" and a.value in FAILED]
    findings += [("R08", a) for a, _ in said if a.item == "SLP-02" and a.value in ("none", "fixed")]
    findings += [("R22", a) for a, _ in said if a.item == "SAF-04" and a.value == "ext"]
    findings += [("R11", run) for run in _runs(levels, visits, new)]
    return findings + [("R26", a) for a, level in said if level == "S"]


def _runs(levels: Levels, visits: Sequence[Visit], new: Visit) -> list[list[Answer]]:
    runs = {_concern(a): [a] for a in new.answers if _counts(levels, a)}
    dates = {concern: {new.at.date()} for concern in runs}
    for visit in visits:
        if 0 <= (new.at - visit.at).days <= 60:
            for answer in visit.answers:
                concern = _concern(answer)
                if concern in runs and _counts(levels, answer):
                    runs[concern].append(answer)
                    dates[concern].add(visit.at.date())
    return [run for concern, run in runs.items() if len(dates[concern]) >= 3]


def _concern(answer: Answer) -> str:
    section = answer.item[:3]
    return section if section in ("HYG", "FED") else answer.item


def _counts(levels: Levels, answer: Answer) -> bool:
    return answer.item[:3] not in ("ACC", "ENG") and _level(levels, answer) in "LSI"


def _level(levels: Levels, answer: Answer) -> str:
    codes = answer.value if isinstance(answer.value, tuple) else (answer.value,)
    found = [levels.get((answer.item, str(code)), "-") for code in codes]
    return next((each for each in "ISLUN" if each in found), "-")
