"""Why an escalation was raised, as one plain sentence that names what was seen and when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from shared.checklist import Checklist
from shared.clocks import LONDON, day_of
from shared.escalation import Evidence
from shared.facts import Household
from shared.looking import Doc
from shared.rules import Pack, Rule


class Raised(Protocol):
    """What an escalation and a finding have in common."""

    @property
    def raised_at(self) -> datetime: ...
    @property
    def evidence(self) -> list[Evidence]: ...
    @property
    def blockers(self) -> list[dict[str, Any]]: ...
    @property
    def children(self) -> tuple[str, ...]: ...


BASIS_WORDS = {
    "seen": "seen",
    "told_by_child": "told by the child",
    "told_by_parent": "told by a parent",
    "told_by_family_or_neighbour": "told by family or a neighbour",
    "told_by_professional": "told by a professional",
    "from_record": "from the record",
}
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
COUNTED = {
    "dates": "dates",
    "visits": "times",
    "agencies": "agencies",
    "items": "concerns",
    "sections": "areas",
}


BLOCKER_WORDS = {
    "open_concern": ("concern still open", "concerns still open"),
    "action_not_done": ("required action not done", "required actions not done"),
    "not_seen": ("child not seen in time", "children not seen in time"),
    "could_not_check": ("core question not answered", "core questions not answered"),
    "disagreement": ("disagreement on record", "disagreements on record"),
}


def sentence(
    rule: Rule, raised: Raised, household: Household, checklist: Checklist, pack: Pack
) -> str:
    """One sentence: what was seen about whom, when, by whom, and the count or run it makes."""
    if raised.blockers:
        said = f"Asked for {dates(e.at for e in raised.evidence)} with {_blocking(raised)}"
    elif raised.evidence[0].action:
        action = pack.label(raised.evidence[0].action)
        said = f"“{action}” was due by {moment(raised.raised_at)}, with no record that it was done"
    elif rule.raised_by_time:
        who = listed([name_of(child, household) for child in raised.children])
        said = f"{who} had to be seen by {moment(raised.raised_at)}"
    else:
        groups = [same for same in _alike(raised.evidence) if same[0].item]
        clauses = [_clause(same, household, checklist, pack) for same in groups]
        said = "; ".join(clauses) or "Recorded " + dates(e.at for e in raised.evidence)
    tail = pattern_words(rule.doc["when"])
    return f"{said}{': ' + tail if tail else ''}."


def _blocking(raised: Raised) -> str:
    counts = Counter(blocker["kind"] for blocker in raised.blockers)
    return listed([f"{n} {BLOCKER_WORDS[kind][n > 1]}" for kind, n in counts.items()])


def moment(at: datetime) -> str:
    """`17:00 on 2 March 2026`, London time."""
    local = at.astimezone(LONDON)
    return f"{local:%H:%M} on {_day(local.date().isoformat())}"


def _alike(evidence: Sequence[Evidence]) -> list[list[Evidence]]:
    """Evidence gathered by item, answer, whom it is about and basis, in order of first mention."""
    together: dict[object, list[Evidence]] = {}
    for item in evidence:
        together.setdefault((item.item, item.answer, item.about, item.basis), []).append(item)
    return list(together.values())


def _clause(same: list[Evidence], household: Household, checklist: Checklist, pack: Pack) -> str:
    first = same[0]
    about = f" about {name_of(first.about, household)}" if first.about else ""
    agencies = list(dict.fromkeys(pack.label(e.agency) for e in same if e.agency))
    by = f" by {listed(agencies)}" if agencies else ""
    basis = BASIS_WORDS.get(first.basis, first.basis)
    item = first.item or ""
    if first.basis == "seen" and item.startswith("ACC"):
        basis = "recorded"
    said = answer_words(checklist, item, first.answer)
    return f"{said} ({item}){about}, {basis} {dates(e.at for e in same)}{by}"


def answer_words(
    checklist: Checklist, item_code: str, answer: str | tuple[str, ...] | float | None
) -> str:
    """An answer as the checklist words it: the options' labels, or the number with its unit."""
    item = checklist.items[item_code]
    if isinstance(answer, (int, float)):
        return f"{item.question.rstrip('?')}: {answer:g}"
    labels: Mapping[str, str] = {option.code: option.label for option in item.options}
    codes = answer if isinstance(answer, tuple) else (answer,)
    return listed([labels.get(code or "", code or "") for code in codes])


def name_of(person: str | None, household: Household) -> str:
    """The name of a child or adult; the id where no name is recorded."""
    names = {child.id: child.name for child in household.children}
    names.update({adult.id: adult.name for adult in household.adults})
    return names.get(person or "") or person or ""


def listed(words: Sequence[str]) -> str:
    """`a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return ", ".join(words[:-1]) + " and " + words[-1]


def dates(moments: Iterable[datetime]) -> str:
    """`on 2 March, 20 March and 15 April 2026`, by the London calendar; a span when over four."""
    days = sorted({day_of(moment) for moment in moments})
    if len(days) > 4:
        return (
            f"on {len(days)} dates from {_day(days[0].isoformat())} to {_day(days[-1].isoformat())}"
        )
    one_year = len({day.year for day in days}) == 1
    words = [_day(day.isoformat(), with_year=not one_year or day is days[-1]) for day in days]
    return "on " + listed(words)


MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def _day(iso: str, *, with_year: bool = True) -> str:
    year, month, day = iso.split("-")
    return f"{int(day)} {MONTHS[int(month) - 1]}" + (f" {year}" if with_year else "")


def pattern_words(when: Doc) -> str:
    """The count or run a rule asks for, in words: `three dates within 60 days`."""
    if "count" in when:
        number = NUMBERS[when["at_least"]] if when["at_least"] < len(NUMBERS) else when["at_least"]
        return f"{number} {COUNTED[when['count']]} within {when['within_days']} days"
    if "running" in when:
        return f"{NUMBERS[when['running']]} answers running"
    if "rising" in when:
        return "rising each time"
    if "plan_condition" in when:
        return "the plan in force says what must then be done"
    return ""
