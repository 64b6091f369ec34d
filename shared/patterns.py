"""The conditions that look back: counts within days, runs, rises, what was there before."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from shared.checklist import applicable
from shared.clocks import add_working_days, day_of
from shared.facts import Report
from shared.history import RANKS, SIGNIFICANT, Concern, Entry, History, Observation
from shared.looking import (
    Answer,
    Doc,
    Look,
    Make,
    Proof,
    Test,
    Vocabulary,
    items_of,
    selector,
    truth,
)


def _count(doc: Doc, words: Vocabulary) -> Test:
    if "term" in doc["of"]:
        return _count_visits(doc, words)
    means = selector(doc["of"], words.checklist)
    items = items_of(doc["of"], words.checklist)
    group = _group(doc, words)
    once = doc.get("one_happening") == "once"
    tally = _dates_of_happenings if once else TALLIES[doc["count"]]
    days, least = doc["within_days"], doc["at_least"]
    least_level = doc["of"].get("at_least")

    def test(look: Look) -> Answer:
        gathered: dict[Concern, list[Observation]] = {
            group(seen): []
            for seen in look.entry.observations
            if means(seen) and look.concerns(seen)
        }
        if not gathered:
            return False
        for seen in look.history.within(look.entry, days, items, at_least=least_level):
            if means(seen) and look.concerns(seen) and (key := group(seen)) in gathered:
                gathered[key].append(seen)
        found: list[Proof] = []
        for seen_together in gathered.values():
            if tally(seen_together) >= least:
                found.extend(sorted(seen_together, key=lambda seen: seen.order))
        return found or False

    return test


def _group(doc: Doc, words: Vocabulary) -> Callable[[Observation], Concern]:
    """What counts as the same: a concern (some sections are one), an item about one, anything."""
    same = doc.get("same", "anything")
    together = {
        item.code: item.section
        for item in words.checklist.items.values()
        if item.section in doc.get("together", ())
    }
    if same == "concern":
        return lambda seen: (together.get(seen.item, seen.item), None)
    if same == "item_and_child":
        return lambda seen: seen.concern
    return lambda seen: ("", None)


def _count_visits(doc: Doc, words: Vocabulary) -> Test:
    term, days, least = words.terms[doc["of"]["term"]], doc["within_days"], doc["at_least"]

    def test(look: Look) -> Answer:
        if not term(look):
            return False
        found: list[Proof] = []
        met = 0
        for visit in look.history.visits_within(look.entry, days):
            answer = term(Look(look.history, visit, look.case))
            if answer:
                met += 1
                found.extend(answer)
        return found if met >= least else False

    return test


def _dates(observations: Iterable[Observation]) -> int:
    return len({seen.day for seen in observations})


def _dates_of_happenings(observations: Iterable[Observation]) -> int:
    """Separate dates, where one happening reported twice (the same event reference) is one.

    It counts on whichever of its dates makes one more.
    """
    days: set[int] = set()
    reported: dict[str, set[int]] = {}
    for seen in observations:
        reference = seen.event.event_ref if isinstance(seen.event, Report) else None
        (reported.setdefault(reference, set()) if reference else days).add(seen.day)
    for dates in sorted(reported.values(), key=len):
        days.update(sorted(dates - days)[:1])
    return len(days)


def _agencies(observations: Iterable[Observation]) -> int:
    """Different agencies; members of the public, and others, count by who they are."""
    return len(
        {
            (s.event.agency, s.event.by if s.event.agency in ("public", "other") else "")
            for s in observations
        }
    )


TALLIES: dict[str, Callable[[list[Observation]], int]] = {
    "dates": _dates,
    "agencies": _agencies,
    "items": lambda observations: len({seen.item for seen in observations}),
    "sections": lambda observations: len({seen.item[:3] for seen in observations}),
}


def _successive(look: Look, seen: Observation) -> list[Observation]:
    """Answers to the same item about the same one, up to `seen`; what could not be checked, or
    has no level, is passed over."""
    history = look.history.about[seen.concern]
    return [s for s in history[: look.history.until(look.entry, history)] if s.rank >= 0]


def _running(doc: Doc, words: Vocabulary) -> Test:
    means, times = selector(doc["of"], words.checklist), doc["running"]

    def test(look: Look) -> Answer:
        found: list[Proof] = []
        for seen in look.entry.observations:
            if means(seen) and look.concerns(seen):
                last = _successive(look, seen)[-times:]
                if len(last) == times and all(means(s) for s in last):
                    found.extend(last)
        return found or False

    return test


def _rising(doc: Doc, words: Vocabulary) -> Test:
    steps = doc["rising"] + 1

    def test(look: Look) -> Answer:
        found: list[Proof] = []
        for seen in look.entry.observations:
            last = _successive(look, seen)[-steps:] if look.concerns(seen) else []
            ranks = [s.rank for s in last]
            if len(last) == steps and all(a < b for a, b in zip(ranks, ranks[1:], strict=False)):
                found.extend(last)
        return found or False

    return test


def _rising_total(doc: Doc, words: Vocabulary) -> Test:
    visits, least = doc["rising_total"], RANKS[doc["at_least"]]

    def serious(visit: Entry) -> list[Proof]:
        return [seen for seen in visit.observations if seen.rank >= least]

    def test(look: Look) -> Answer:
        if not look.entry.completed:
            return False
        completed = [v for v in look.history.visits_within(look.entry) if v.completed][-visits:]
        totals = [len({s.item for s in v.observations if s.rank >= least}) for v in completed]
        rises = all(a < b for a, b in zip(totals, totals[1:], strict=False))
        if len(completed) < visits or not rises:
            return False
        return [seen for visit in completed for seen in serious(visit)]

    return test


def _earlier(doc: Doc, words: Vocabulary) -> Test:
    """Something that had happened before this event, at most `within_days` dates earlier."""
    days = doc.get("within_days")
    if "term" in doc["earlier"]:
        return _earlier_visit(words.terms[doc["earlier"]["term"]], days)
    means = selector(doc["earlier"], words.checklist)
    items = items_of(doc["earlier"], words.checklist)

    def test(look: Look) -> Answer:
        back = days if days is not None else look.entry.day
        found: list[Proof] = [
            seen
            for seen in look.history.within(look.entry, back, items)
            if seen.order < look.entry.order and means(seen) and look.concerns(seen)
        ]
        return found or False

    return test


def _earlier_visit(term: Test, days: int | None) -> Test:
    def test(look: Look) -> Answer:
        for visit in look.history.visits_within(look.entry, days):
            if visit is not look.entry and (answer := term(Look(look.history, visit, look.case))):
                return answer
        return False

    return test


def _earlier_plan(doc: Doc, words: Vocabulary) -> Test:
    def test(look: Look) -> Answer:
        at = look.entry.event.at
        return truth(any(p[0].event.at < at for p in look.history.plans.values()))

    return test


def _latest(doc: Doc, words: Vocabulary) -> Test:
    item, options = doc["latest"], frozenset(doc["in"])

    def test(look: Look) -> Answer:
        about = look.child.id if look.child else None
        seen = look.history.about.get((item, about), [])
        last = seen[: look.history.until(look.entry, seen)][-1:]
        return [last[0]] if last and options.intersection(last[0].codes) else False

    return test


def _unchecked(doc: Doc, words: Vocabulary) -> Test:
    """The same core item that applies is U or blank on so many completed visits running."""
    visits = doc["unchecked_core_items"]

    def test(look: Look) -> Answer:
        if not look.entry.completed:
            return False
        last = [v for v in look.history.visits_within(look.entry) if v.completed][-visits:]
        gaps = [unchecked_core(look.history, visit) for visit in last]
        if len(gaps) < visits:
            return False
        both = set.intersection(*(set(gap) for gap in gaps))
        found: list[Proof] = [s for v in last for s in v.observations if s.concern in both]
        return (found or [look.entry]) if both else False

    return test


def unchecked_core(history: History, visit: Entry) -> list[tuple[str, str | None]]:
    """The core items that applied on a visit and were answered U, or not at all."""
    day = day_of(visit.event.at)
    answered = {s.concern for s in visit.observations if s.level != "U"}
    return [
        (asked.item.code, asked.about)
        for asked in applicable(history.checklist, history.household, day)
        if asked.item.core and (asked.item.code, asked.about) not in answered
    ]


def _not_answered_for(doc: Doc, words: Vocabulary) -> Test:
    """An item that nobody answered, other than `except`, for so many days while a plan ran."""
    item, days, other = doc["not_answered"], doc["for_days"], set(doc.get("except", ()))

    def test(look: Look) -> Answer:
        plans = look.history.plans_in_force(look.entry.event.at)
        seen = look.history.answered.get(item, [])
        told = [s.day for s in seen[: look.history.until(look.entry, seen)] if set(s.codes) - other]
        begun = [day_of(plan.at).toordinal() for plan in plans]
        since = max([*told[-1:], min(begun, default=look.entry.day)])
        return [look.entry] if plans and look.entry.day - since > days else False

    return test


def _worse_than_announced(doc: Doc, words: Vocabulary) -> Test:
    """An item at S or above on an unannounced visit, higher than on the latest announced one."""
    days = doc["worse_than_announced"]

    def test(look: Look) -> Answer:
        if "unann" not in look.entry.codes("ACC-02"):
            return False
        earlier = [v for v in look.history.visits_within(look.entry, days) if v is not look.entry]
        announced = [v for v in earlier if "ann" in v.codes("ACC-02")]
        found: list[Proof] = []
        for seen in look.entry.observations:
            if seen.rank >= SIGNIFICANT and look.concerns(seen):
                before = [s for v in announced for s in v.observations if s.concern == seen.concern]
                if before and 0 <= before[-1].rank < seen.rank:
                    found.extend([before[-1], seen])
        return found or False

    return test


def _not_seen_for(doc: Doc, words: Vocabulary) -> Test:
    """No agency has recorded this child as seen, by the pack, for so many working days."""
    days = doc["not_seen_for"]["working_days"]

    def test(look: Look) -> Answer:
        book = look.case.book
        clock, child = book.rules.seen, look.child
        if child is None:
            return False
        seen = [
            s.day
            for s in look.history.about.get((clock.item, child.id), [])
            if clock.counts(s) and s.order[0] <= look.at
        ]
        if not seen:
            return []
        limit = add_working_days(date.fromordinal(seen[-1]), days, book.holidays)
        return truth(day_of(look.at) > limit)

    return test


PATTERNS: dict[str, Make] = {
    "count": _count,
    "running": _running,
    "rising": _rising,
    "rising_total": _rising_total,
    "earlier": _earlier,
    "earlier_plan": _earlier_plan,
    "latest": _latest,
    "unchecked_core_items": _unchecked,
    "not_answered": _not_answered_for,
    "not_seen_for": _not_seen_for,
    "worse_than_announced": _worse_than_announced,
}
