"""What a visitor to an ordinary family answers: nearly all is well, and a few small things."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from backend.simulation import rates
from backend.simulation.chance import Chance
from backend.simulation.rates import ONE_OFFS, OneOff
from shared.checklist import Asked, applicable
from shared.facts import Child, Household
from shared.items import Checklist, Item

Doc = dict[str, Any]
Value = str | list[str] | int | float
Whom = tuple[str, str | None]

ALWAYS = {"ACC-02", "HLT-02"}
_USUAL_BASIS = {
    "told_by_parent": "CHD-04 SLP-01 SLP-03 SLP-07 SLP-08 SLP-11 SLP-12 FED-02 SAF-03 SAF-04 "
    "PAR-02 PAR-03 PAR-05 PAR-06 HLT-03",
    "from_record": "CHD-05 FED-04 HLT-05 HLT-06",
    "told_by_professional": "ENG-04",
}
BASIS = {item: basis for basis, items in _USUAL_BASIS.items() for item in items.split()}
_INSTEAD = {"told_by_parent": 0.85, "told_by_family_or_neighbour": 0.1, "told_by_child": 0.05}
_MOVES_BY_DAY = ((120, "nroll"), (210, "rolls"), (300, "crawl"), (390, "cruise"), (9999, "walk"))
_DAYS = (
    "Slept in three stretches, fed well, out in the pram in the morning.",
    "Two naps, a bath, an hour at the park with the grandparents.",
    "A long night with a cold; played on the mat by ten.",
    "Nursery until three, then home; tea, story, bed at seven.",
)
_CALM = ("Nothing here worries me.", "Calm and settled.", "Warm, tired, managing.")
_LOW = "A small worry I cannot put a name to; will look again next time."
_ONE_OFFS = {
    item: [each for each in ONE_OFFS if each.item == item]
    for item in dict.fromkeys(each.item for each in ONE_OFFS)
}


@dataclass(frozen=True, slots=True)
class Habit:
    """What a family answers at every visit from one day to another."""

    value: Value
    since: date = date.min
    until: date = date.max
    note: str = ""


@dataclass(slots=True)
class Answering:
    """Answers for one family; `habits` by item and whom it is about."""

    checklist: Checklist
    chance: Chance
    habits: dict[Whom, list[Habit]] = field(default_factory=dict)
    room: float = 18.0
    thermometer: bool = True

    def ordinary(
        self,
        household: Household,
        day: date,
        *,
        whole: bool,
        also: Iterable[str] = (),
        seen: Mapping[str, str],
    ) -> list[Doc]:
        """Return the answers of a visit: the whole checklist, or its core and a few more.

        `also`: items asked in any case. `seen`: how each child was seen (ACC-03).
        """
        chance = self.chance
        wanted = ALWAYS.union(also)
        born = {child.id: child for child in household.children}
        found: list[Doc] = []
        for asked in applicable(self.checklist, household, day):
            item = asked.item
            if item.code in ("ACC-01", "ACC-03"):
                continue
            if not (whole or item.core or item.code in wanted):
                if not chance.happens(rates.ALSO_ASKED):
                    continue
            elif chance.happens(rates.LEFT_BLANK):
                continue
            child = born.get(asked.about or "")
            if child is None or seen[child.id] not in ("absent", "absent_ok"):
                found += self._answer(asked, day, child)
        seen_docs = [answer("ACC-03", how, about) for about, how in seen.items()]
        return [answer("ACC-01", "in"), *seen_docs, *found]

    def _answer(self, asked: Asked, day: date, child: Child | None) -> Iterator[Doc]:
        item, about = asked.item, asked.about
        value, note = self._value(item, about, day, child)
        yield answer(item.code, value, about, self._basis(item.code), note)
        if item.code == "HLT-01" and value == "minor":
            yield answer("HLT-03", "fits", about, "told_by_parent")

    def _basis(self, code: str) -> str:
        usual = BASIS.get(code, "seen")
        if usual == "seen" and self.chance.happens(rates.TOLD_NOT_SEEN):
            return self.chance.weighed(_INSTEAD)
        return usual

    def _value(
        self, item: Item, about: str | None, day: date, child: Child | None
    ) -> tuple[Value, str]:
        chance = self.chance
        if item.code == "ENG-05":
            worried = chance.happens(rates.MILD_WORRY)
            return ("L", _LOW) if worried else ("N", chance.pick(_CALM))
        if item.code == "SLP-09":
            return self._temperature(day), ""
        for habit in self.habits.get((item.code, about), ()):
            if habit.since <= day <= habit.until:
                return habit.value, habit.note
        if item.code == "CHD-04":
            return chance.pick(_DAYS), ""
        if item.code == "ENG-04" and chance.happens(rates.AGENCIES_NOT_ASKED):
            return ["unk"], ""
        age = (day - child.born).days if child and child.born else None
        one_off = self._one_off(item.code, age)
        if one_off:
            return fitting(item, one_off.answer), one_off.note
        unchecked = _unchecked(item)
        if unchecked and chance.happens(rates.COULD_NOT_CHECK):
            return fitting(item, unchecked), ""
        return plain(item, age), ""

    def _one_off(self, code: str, age: int | None) -> OneOff | None:
        left = self.chance.draw() if code in _ONE_OFFS else 1.0
        for each in _ONE_OFFS.get(code, ()):
            if age is None or each.from_day <= age <= each.to_day:
                left -= each.rate
                if left < 0:
                    return each
        return None

    def _temperature(self, day: date) -> Value:
        summer = day.month in (6, 7, 8)
        if not self.thermometer:
            return "unk"
        if summer and self.chance.happens(rates.HOT_DAY):
            return 24 + self.chance.whole(0, 5) / 2
        warmth = self.room + (2 if summer else -1 if day.month in (12, 1, 2) else 0)
        return warmth + self.chance.whole(-2, 2) / 2


def answer(
    item: str, value: Value, about: str | None = None, basis: str = "seen", note: str = ""
) -> Doc:
    """Return an answer as a case file holds it; what it may leave out is left out."""
    doc: Doc = {"item": item, "answer": value}
    if about is not None:
        doc["about"] = about
    if basis != "seen":
        doc["basis"] = basis
    if note:
        doc["note"] = note
    return doc


def plain(item: Item, age: int | None) -> Value:
    """Return the answer to an item where all is well; `age` in days, where it is about a child."""
    if item.code == "HLT-02":
        return next(code for day, code in _MOVES_BY_DAY if (age or 0) < day)
    if item.kind == "text":
        return _DAYS[0]
    if item.kind == "number":
        return 18 if item.code == "SLP-09" else 0
    return fitting(item, next(each.code for each in item.options if each.level in "-N"))


def fitting(item: Item, code: str) -> Value:
    """Return an option as an answer to its item: alone, in a list, or as the number it is."""
    if item.kind == "multi":
        return [code]
    return int(code) if item.kind == "number" and code.isdigit() else code


def _unchecked(item: Item) -> str | None:
    return next((each.code for each in item.options if each.level == "U"), None)
