"""A family's past as a programmer would keep it for `by_hand` alone: what those rules ask for."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from shared.clocks import LONDON, under_months
from shared.facts import Household, PlanStarted, Visit
from shared.items import RANKS, Checklist

LOW, SIGNIFICANT, IMMEDIATE = 1, 2, 3
FAILED = {"out", "hide", "refused", "gone", "unsafe"}
HIDDEN = {"absent", "withheld"}
# What does not count against a family in these two questions.
IGNORED = {"SLP-01": {"adultbed"}, "SLP-07": {"plain", "tired"}}

Key = tuple[str, str | None, str | None]


class Seen(NamedTuple):
    """One answer: `rank` is its level as a number, `net` the same without what is ignored."""

    key: Key
    day: int
    item: str
    about: str | None
    codes: tuple[str, ...]
    rank: int
    net: int
    announced: bool
    agency: tuple[str, str]


@dataclass(slots=True)
class Reading:
    """A visit as it was read: its answers by question, and what of them worries."""

    visit: Visit
    day: int
    said: dict[tuple[str, str | None], Seen] = field(default_factory=dict)
    worrying: list[Seen] = field(default_factory=list)
    completed: bool = False
    gaps: set[tuple[str, str | None]] = field(default_factory=set)
    failed: list[Seen] = field(default_factory=list)
    moved: bool = False

    def codes(self, item: str) -> tuple[str, ...]:
        """What was answered about the household."""
        seen = self.said.get((item, None))
        return seen.codes if seen else ()


class Past:
    """What has been read of a family, in the order it happened; its children are all born."""

    def __init__(
        self, checklist: Checklist, family: Household, plan: PlanStarted | None = None
    ) -> None:
        self.family, self.plan = family, plan
        self.lines: dict[tuple[str, str | None], list[Seen]] = {}
        self.worrying: list[Seen] = []
        self.days: list[int] = []
        self.completed: list[Reading] = []
        self.failed: list[Reading] = []
        self.moved_on: int | None = None
        self.agencies_named_on: int | None = None
        self.plan_day = plan.at.astimezone(LONDON).date().toordinal() if plan else 0
        self._core = [item for item in checklist.items.values() if item.core]
        self._checklist = checklist
        self._known: dict[tuple[str, Any], tuple[tuple[str, ...], int, int]] = {}

    def read(self, visit: Visit) -> Reading:
        """A visit, not yet part of the past."""
        local = visit.at.astimezone(LONDON).date()
        now = Reading(visit, local.toordinal())
        values = {answer.item: answer.value for answer in visit.answers if answer.item[:3] == "ACC"}
        announced = values.get("ACC-02") == "ann"
        agency = visit.agency
        who = (agency, (visit.by or visit.id) if agency in ("public", "other") else "")
        known, said, day, id = self._known, now.said, now.day, visit.id
        for answer in visit.answers:
            item, about, value = answer.item, answer.about, answer.value
            codes, rank, net = known.get((item, value)) or self._learn(item, value)
            said[item, about] = seen = Seen(
                (id, item, about), day, item, about, codes, rank, net, announced, who
            )
            if rank >= LOW:
                now.worrying.append(seen)
        now.completed = values.get("ACC-01") in ("in", "part")
        if now.completed:
            now.gaps = self._gaps(now, local)
        self._at_the_door(now, announced=values.get("ACC-02"))
        return now

    def _learn(self, item: str, value: Any) -> tuple[tuple[str, ...], int, int]:
        """The codes of an answer, its rank, and its rank without what is ignored."""
        about = self._checklist.items[item]
        if about.kind == "text":
            return (), RANKS["-"], RANKS["-"]
        if isinstance(value, str | tuple):
            codes = value if isinstance(value, tuple) else (value,)
            ranks = {code: RANKS[about.levels[code]] for code in codes}
        else:
            band = about.band_of(value)
            assert band is not None
            codes, ranks = (band.code,), {band.code: RANKS[band.level]}
        left = [rank for code, rank in ranks.items() if code not in IGNORED.get(item, ())]
        found = self._known[item, value] = (codes, max(ranks.values()), max(left, default=-2))
        return found

    def _gaps(self, now: Reading, today: Any) -> set[tuple[str, str | None]]:
        """What every visit must check and this one did not find out."""
        asked: list[tuple[str, str | None]] = []
        for item in self._core:
            if item.per == "household":
                asked.append((item.code, None))
                continue
            months = item.applies.get("child_under_months")
            asked += [
                (item.code, child.id)
                for child in self.family.children
                if child.born
                and child.born <= today
                and (months is None or under_months(child.born, today, months))
            ]
        said = now.said
        return {each for each in asked if each not in said or said[each].rank == RANKS["U"]}

    def _at_the_door(self, now: Reading, announced: Any) -> None:
        """Whether access failed; moved by the family, a visit is excused once in 60 days."""
        outcome = now.said.get(("ACC-01", None))
        now.moved = bool(outcome and outcome.codes == ("out",) and announced == "drop")
        if now.moved and not (self.moved_on is not None and self.moved_on >= now.day - 60):
            return
        if outcome and outcome.codes[0] in FAILED:
            now.failed.append(outcome)
        for child in self.family.children:
            seen = now.said.get(("ACC-03", child.id))
            if seen and seen.codes[0] in HIDDEN:
                now.failed.append(seen)

    def add(self, now: Reading) -> None:
        """Make a visit part of the past; it is later than all before it."""
        for concern, seen in now.said.items():
            # What was not found out, or has no level, neither makes nor ends a run.
            if seen.rank >= 0 or concern[0] == "HLT-02":
                self.lines.setdefault(concern, []).append(seen)
        self.worrying += now.worrying
        self.days += [now.day] * len(now.worrying)
        if now.completed:
            self.completed.append(now)
        if now.failed:
            self.failed.append(now)
        if now.moved:
            self.moved_on = now.day
        if set(now.codes("ENG-04")) - {"unk"}:
            self.agencies_named_on = now.day

    def within(self, now: Reading, days: int) -> list[Seen]:
        """What worried in the days before a visit, and at it."""
        return self.worrying[bisect_left(self.days, now.day - days) :] + now.worrying

    def line(self, seen: Seen) -> list[Seen]:
        """The earlier answers to the same about the same that found it out."""
        return self.lines.get((seen.item, seen.about), [])

    def latest(self, item: str, about: str | None) -> Seen | None:
        """The latest earlier answer that says something."""
        line = self.lines.get((item, about))
        return line[-1] if line else None

    def run(self, seen: Seen, many: int) -> list[Seen]:
        """The latest answers to the same about the same, this one last."""
        return [*self.lines.get((seen.item, seen.about), ())[1 - many :], seen]

    def infant_under(self, months: int, now: Reading, child: str | None = None) -> bool:
        """Whether a child, or that child, is under so many months."""
        today = now.visit.at.astimezone(LONDON).date()
        return any(
            under_months(each.born, today, months)
            for each in self.family.children
            if each.born and child in (None, each.id)
        )

    def on_plan(self, child: str | None = None) -> bool:
        """Whether a plan is in force, for that child."""
        return self.plan is not None and child in (None, *self.plan.children)
