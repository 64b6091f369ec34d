"""One invented family and what has been told of it so far, as a case file in the making."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from backend.simulation.answering import BASIS, Answering, Doc, Value, answer, plain
from backend.simulation.chance import Chance
from shared.checklist import applicable
from shared.clocks import Holidays
from shared.facts import Adult, Child, Household

Said = Mapping[str, Any]


@dataclass(slots=True)
class Told:
    """One event; `at` and `received` are times in Europe/London, as on the clock on the wall."""

    at: datetime
    doc: Doc
    received: datetime | None = None


@dataclass(slots=True)
class Family:
    """A family; the first of `children` is the baby its history is about."""

    id: str
    title: str
    chance: Chance
    answering: Answering
    holidays: Holidays
    children: list[Child]
    adults: list[str]
    visitor: str
    worker: str
    told: list[Told] = field(default_factory=list)
    _count: int = 0

    @property
    def baby(self) -> str:
        """The id of the child whom the history is about."""
        return self.children[0].id

    @property
    def born(self) -> date:
        """The baby's birthday."""
        born = self.children[0].born
        if born is None:
            raise ValueError("this baby is not born yet")
        return born

    def household(self) -> Household:
        """Return who the family is, to ask which items apply."""
        adults = tuple(Adult(id=each) for each in self.adults)
        return Household(id=self.id, children=tuple(self.children), adults=adults)

    def working_day(self, day: date, step: int = 1) -> date:
        """Return a day, or the next working day after it (before it, with a step of -1)."""
        while not self.holidays.is_working_day(day):
            day += timedelta(days=step)
        return day

    def at_age(self, days: int) -> datetime:
        """Return an hour of the working day on which the baby is about so many days old."""
        return self.hour(self.working_day(self.born + timedelta(days=days)))

    def hour(self, day: date) -> datetime:
        """Return some hour of a visitor's day."""
        return datetime.combine(day, time(9, 15)) + timedelta(minutes=15 * self.chance.whole(0, 26))

    def add(self, kind: str, at: datetime, /, **more: Any) -> str:
        """Tell an event of this type, and return its id."""
        received = more.pop("received", None)
        self._count += 1
        name = f"e{self._count}"
        self.told.append(Told(at, {"id": name, "type": kind, **more}, received))
        return name

    def visit(
        self, at: datetime, answers: Sequence[Doc], *, social: bool = False, **more: Any
    ) -> str:
        """Tell a visit by the health visitor, or by the social worker."""
        by, agency = (self.worker, "social_care") if social else (self.visitor, "health_visiting")
        return self.add("visit", at, by=by, agency=agency, answers=list(answers), **more)

    def plain_visit(
        self,
        at: datetime,
        said: Said | None = None,
        *,
        expected: str = "ann",
        **more: Any,
    ) -> str:
        """Tell a visit on which every core item is as it should be, but for what is said.

        `said`: answers by item, such as {"SLP-05": "wet"}; about the baby, the first adult or
        the household, as the item asks. A value with a basis is a pair.
        """
        said = said or {}
        if "ACC-01" in said:
            return self.visit(at, [*self.answers({"ACC-02": expected}), *self.answers(said)])
        asked = applicable(self.answering.checklist, self.household(), at.date())
        born = {child.id: child.born for child in self.children}
        answers = self.answers({"ACC-01": "in", "ACC-02": expected} | dict(said))
        for item, about in ((each.item, each.about) for each in asked if each.item.core):
            mine = about in (None, self.baby, self.adults[0])
            if item.code != "ACC-01" and not (mine and item.code in said):
                day = born.get(about or "")
                age = (at.date() - day).days if day else None
                basis = BASIS.get(item.code, "seen")
                answers.append(answer(item.code, plain(item, age), about, basis))
        return self.visit(at, [each for each in answers if each["answer"] is not None], **more)

    def report(self, at: datetime, agency: str, said: Said, **more: Any) -> str:
        """Tell what another agency told; `said` is as for a visit."""
        answers = self.answers(said, "told_by_professional")
        return self.add("report", at, by=f"{agency}-1", agency=agency, answers=answers, **more)

    def answers(self, said: Said, basis: str = "seen") -> list[Doc]:
        """Return answers by item as a case file holds them; None stands for no answer."""
        items = self.answering.checklist.items
        whom = {"child": self.baby, "adult": self.adults[0]}
        found = []
        for code, value in said.items():
            item, _, about = code.partition(" ")
            given: tuple[Value, str] = value if isinstance(value, tuple) else (value, basis)
            single = items[item].kind == "multi" and isinstance(given[0], str)
            kept: Value = [str(given[0])] if single else given[0]
            found.append(answer(item, kept, about or whom.get(items[item].per), given[1]))
        return found

    def clear(self, since: datetime, until: datetime) -> None:
        """Take out what was told of these days: they are a pattern's own."""
        self.told = [each for each in self.told if not since <= each.at <= until]

    def expect(self, name: str, due: date) -> None:
        """Add an unborn child to the family."""
        self.children.append(Child(id=name, due=due))

    def doc(self) -> Doc:
        """Return the case file."""
        self.told.sort(key=lambda each: each.at)
        return {
            "format": "threshold-case/1",
            "id": self.id,
            "title": self.title,
            "sources": ["Invented by threshold simulate; no real family"],
            "children": [_child_doc(each) for each in self.children],
            "adults": [{"id": each} for each in self.adults],
            "events": [_event_doc(each) for each in self.told],
        }


def _child_doc(child: Child) -> Doc:
    doc: Doc = {"id": child.id}
    for key in ("born", "due"):
        day = getattr(child, key)
        if day is not None:
            doc[key] = day.isoformat()
    for key in ("gestation_weeks", "birth_weight_g", "bottle_fed"):
        value = getattr(child, key)
        if value is not None:
            doc[key] = value
    return doc


def _event_doc(told: Told) -> Doc:
    doc = {"id": told.doc["id"], "type": told.doc["type"], "at": _text(told.at)}
    if told.received is not None:
        doc["received_at"] = _text(told.received)
    return doc | told.doc


def _text(at: datetime) -> str:
    return at.isoformat(timespec="minutes")
