"""How an escalation climbs while nobody answers it (R24)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from shared.clocks import Clock, Holidays, due
from shared.escalation import Escalation
from shared.rules import Pack


@dataclass(frozen=True, slots=True)
class Rung:
    """Who is told, and when."""

    role: str
    at: datetime


def climb(escalation: Escalation, pack: Pack, holidays: Holidays) -> Iterator[Rung]:
    """Every rung, with the time it is reached if nothing more is done.

    The first is told at receipt. Not acknowledged within the first time it climbs one rung, and
    one more after each repeat. Acknowledged, it rests until twice the first time from receipt;
    undecided by then it climbs again. A decision ends it. What is done counts from when the
    office knew of it.
    """
    times = pack.times[escalation.ladder_row]
    start = escalation.received_at
    at = due(times.first, start, holidays)
    rest_until = due(_twice(times.first), start, holidays)
    acknowledged, decided = (
        escalation.acknowledged_received_at,
        escalation.decided_received_at,
    )
    rests = acknowledged is not None and acknowledged < rest_until
    yield Rung(pack.rungs[0], start)
    for role in pack.rungs[1:]:
        if rests and acknowledged is not None and acknowledged <= at:
            at, rests = rest_until, False
        if decided is not None and decided <= at:
            return
        yield Rung(role, at)
        at = due(times.repeat, at, holidays)


def told(escalation: Escalation, pack: Pack, holidays: Holidays, now: datetime) -> list[Rung]:
    """The rungs that have been told by `now`."""
    return [rung for rung in climb(escalation, pack, holidays) if rung.at <= now]


def next_rung(escalation: Escalation, pack: Pack, holidays: Holidays, now: datetime) -> Rung | None:
    """The rung that is told next if nothing is done; None at the end, or once decided."""
    return next((r for r in climb(escalation, pack, holidays) if r.at > now), None)


def row_for(level: str, has_child_under: dict[int, bool], pack: Pack) -> int:
    """Which of the pack's ladder times holds for a level: the first that fits."""
    for row, times in enumerate(pack.times):
        months = times.child_under_months
        if times.level == level and (months is None or has_child_under[months]):
            return row
    raise LookupError(f"the ladder of {pack.name} has no times for level {level}")


def _twice(clock: Clock) -> Clock:
    return Clock(clock.kind, clock.amount * 2) if clock.amount is not None else clock
