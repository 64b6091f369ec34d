"""What a pattern is: a few events added to a quiet family, and what must come of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.simulation.family import Family, Said

_TRIES = 30


@dataclass(frozen=True, slots=True)
class Due:
    """The rules that must fire (for a near miss: must not) at a moment, or by it where time alone
    raises them. `at` is when the event happened that completes the pattern: the clock in London."""

    rules: tuple[str, ...]
    at: datetime
    by_time: bool = False


Pattern = Callable[[Family], list[Due]]


def must(at: datetime, *rules: str) -> list[Due]:
    """Return that these rules must fire at this moment."""
    return [Due(rules, at)]


def days(family: Family, ages: tuple[int, int], *gaps: int) -> list[datetime]:
    """Return hours on a day when the baby is within these ages (in days), and so many days later.

    The first is a little later where that lets all of them fall on working days.
    """
    start = family.born + timedelta(days=family.chance.whole(*ages))
    for wait in range(_TRIES):
        found = [start + timedelta(days=wait + gap) for gap in (0, *gaps)]
        if all(family.holidays.is_working_day(day) for day in found):
            break
    return [family.hour(day) for day in found]


def alone(family: Family, at: datetime, before: int = 0, after: int = 0) -> None:
    """Leave so many days before and after a moment to the pattern: nothing else was told then."""
    family.clear(at - timedelta(days=before), at + timedelta(days=after))


def from_the_start(family: Family, until: datetime) -> None:
    """Leave everything up to a moment to the pattern."""
    family.clear(datetime.min, until)


def visits(family: Family, at: Sequence[datetime], *said: Said) -> datetime:
    """Tell a visit at each of these moments, and return the last."""
    for moment, each in zip(at, said, strict=True):
        family.plain_visit(moment, each)
    return at[-1]


def start_plan(family: Family, at: datetime, kind: str, **more: object) -> None:
    """Tell that a plan for every born child begins."""
    children = [each.id for each in family.children if each.born]
    family.add(
        "plan",
        at,
        by=family.worker,
        agency="social_care",
        action="start",
        plan="p1",
        kind=kind,
        children=children,
        **more,
    )


def ask_to_close(family: Family, at: datetime) -> None:
    """Tell that the social worker asks to close the case."""
    family.add("closure_request", at, by=family.worker, agency="social_care", kind="close")


def decide(family: Family, at: datetime, kind: str, reason: str, **more: str) -> None:
    """Tell a team manager's decision."""
    who = {"by": "tm-1", "agency": "social_care", "role": "team_manager"}
    family.add("decision", at, **who, kind=kind, reason=reason, **more)
