"""The conditions that look back: runs, rises, what was there before, what was never found out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from shared.clocks import day_of, last_day, parse_clock
from shared.counts import run_words, said
from shared.entries import Entry, Observation
from shared.facts import Visit
from shared.history import SIGNIFICANT
from shared.items import RANKS
from shared.looking import (
    Answer,
    Blank,
    Condition,
    Doc,
    Look,
    Make,
    Proof,
    Vocabulary,
    at_least,
    truth,
    woken_by,
)


def _last(
    look: Look, seen: Observation, many: int, counts: Callable[[Observation], bool]
) -> list[Observation]:
    """The latest so many answers that count, up to `seen`, in order."""
    found: list[Observation] = []
    for each in look.history.successive(seen):
        if counts(each):
            found.append(each)
            if len(found) == many:
                break
    return found[::-1]


def _known(seen: Observation) -> bool:
    """What could not be checked, or has no level, neither ends nor makes a run."""
    return seen.meaning.rank >= 0


def _running(doc: Doc, words: Vocabulary) -> Condition:
    means, times = words.select(doc["of"]), doc["running"]

    in_words = run_words(doc)

    def counts(seen: Observation) -> bool:
        """What does not count as the concern is no sign that it is gone, either."""
        return means(seen) or (_known(seen) and not means.leaves_out(seen.meaning))

    def test(look: Look) -> Answer:
        found: list[Proof] = []
        for seen in look.seen:
            if means(seen) and look.concerns(seen):
                last = _last(look, seen, times, counts)
                if len(last) == times and all(means(each) for each in last):
                    found.extend(last)
        return said(in_words, look, found)

    return Condition(test, woken_by(means.means))


def _rising(doc: Doc, words: Vocabulary) -> Condition:
    steps = doc["rising"] + 1

    in_words = run_words(doc)

    def test(look: Look) -> Answer:
        about, found = look.history.about, list[Proof]()
        for concern, seen in look.entry.said.items():
            # Most answers have no such run before them, which their number alone can tell.
            if seen.meaning.rank > 0 and len(about[concern]) >= steps and look.concerns(seen):
                last = _last(look, seen, steps, _known)
                ranks = [each.meaning.rank for each in last]
                if len(last) == steps and _rises(ranks):
                    found.extend(last)
        return said(in_words, look, found)

    return Condition(test, at_least(RANKS["L"]))


def _rises(numbers: list[int]) -> bool:
    return all(a < b for a, b in zip(numbers, numbers[1:], strict=False))


def _rising_total(doc: Doc, words: Vocabulary) -> Condition:
    visits, least = doc["rising_total"], RANKS[doc["at_least"]]

    in_words = run_words(doc)

    def serious(visit: Entry) -> list[Observation]:
        return [seen for seen in visit.said.values() if seen.meaning.rank >= least]

    def test(look: Look) -> Answer:
        # To have risen at each visit there must be at least so many now.
        if not look.entry.completed or len(serious(look.entry)) < visits - 1:
            return False
        completed = look.history.completed_by(look.entry, visits)
        items = [len({seen.item for seen in serious(visit)}) for visit in completed]
        concerns = [len(serious(visit)) for visit in completed]
        if len(completed) < visits or not (_rises(items) or _rises(concerns)):
            return False
        # The visit itself is proof too: it is the family that this is about, not one child.
        found: list[Proof] = [look.entry, *(s for visit in completed for s in serious(visit))]
        return said(in_words, look, found)

    return Condition(test, at_least(least))


def _earlier(doc: Doc, words: Vocabulary) -> Condition:
    days = doc.get("within_days")
    if "term" in doc["earlier"]:
        return _earlier_visit(words.terms[doc["earlier"]["term"]], days)
    means = words.select(doc["earlier"])
    only_worrying = means.only_worrying

    def test(look: Look) -> Answer:
        history, entry = look.history, look.entry
        back = days if days is not None else entry.day
        if only_worrying:
            window = history.worrying_within(entry, back)
        else:
            window = history.answers_within(entry, back, means.means)
        found: list[Proof] = [seen for seen in means.pick(look, window) if seen.entry is not entry]
        return found or False

    return Condition(test)


def _earlier_visit(term: Condition, days: int | None) -> Condition:
    def test(look: Look) -> Answer:
        back = days if days is not None else look.entry.day
        for visit in look.history.visits_within(look.entry, back):
            if visit.order < look.entry.order:
                answer = term.test(look.elsewhere(visit))
                if answer:
                    return answer
        return False

    return Condition(test)


def _earlier_plan(doc: Doc, words: Vocabulary) -> Condition:
    def test(look: Look) -> Answer:
        before = look.entry.order
        first = [steps[0] for steps in look.history.plans.values()]
        return [step for step in first if step.order < before] or False

    return Condition(test)


def _latest(doc: Doc, words: Vocabulary) -> Condition:
    """The latest answer to an item that says something; what could not be checked says nothing."""
    item, options = doc["latest"], frozenset(doc["in"])

    def test(look: Look) -> Answer:
        line = look.history.about.get((item, look.child.id if look.child else None), [])
        last: list[Observation] = []
        for n in range(look.history.until(look.entry, line) - 1, -1, -1):
            seen = line[n]
            # Of one minute, each counts: nobody knows which of two people looked last.
            if last and seen.order[0] < last[0].order[0]:
                break
            if seen.meaning.level != "U":
                last.append(seen)
        if not last:
            return None if look.asks else False
        return [seen for seen in last if options.intersection(seen.codes)] or False

    return Condition(test)


def _unchecked(doc: Doc, words: Vocabulary) -> Condition:
    """The same core item that applies is U or blank on so many completed visits running."""
    visits = doc["unchecked_core_items"]

    in_words = run_words(doc)

    def test(look: Look) -> Answer:
        if not look.entry.completed:
            return False
        asking = look.history.asking
        gaps = asking.unchecked_core(look.entry)
        last = look.history.completed_by(look.entry, visits) if gaps else []
        if len(last) < visits:
            return False
        for visit in last[:-1]:
            before = asking.unchecked_core(visit)
            gaps = [gap for gap in gaps if gap in before]
        found: list[Proof] = [
            visit.said.get(gap) or Blank(visit, *gap)
            for gap in gaps
            for visit in last
            if look.is_about(gap[1])
        ]
        return said(in_words, look, found)

    return Condition(test)


def _not_answered_for(doc: Doc, words: Vocabulary) -> Condition:
    """An item that nobody answered, other than `except`, for so many days while a plan ran."""
    item, days, other = doc["not_answered"], doc["for_days"], set(doc.get("except", ()))

    def test(look: Look) -> Answer:
        entry = look.entry
        if not look.history.plans or not isinstance(entry.event, Visit):
            return False
        begun = [
            look.history.begun(plan.plan, look.at).day
            for plan in look.history.plans_in_force(look.at)
        ]
        if not begun:
            return False
        since = min(begun)
        line = look.history.about.get((item, None), [])
        for n in range(look.history.until(entry, line) - 1, -1, -1):
            if set(line[n].codes) - other:
                since = max(since, line[n].entry.day)
                break
        return [Blank(entry, item, None)] if entry.day - since >= days else False

    return Condition(test)


def _worse_than_announced(doc: Doc, words: Vocabulary) -> Condition:
    """An item at S or above on an unannounced visit, higher than on the latest announced one."""
    days = doc["worse_than_announced"]

    in_words = run_words(doc)

    def test(look: Look) -> Answer:
        if "unann" not in look.entry.codes("ACC-02"):
            return False
        found: list[Proof] = []
        for seen in look.entry.said.values():
            if seen.meaning.rank >= SIGNIFICANT and look.concerns(seen):
                before = _announced(look, seen, days)
                if before and before.meaning.rank < seen.meaning.rank:
                    found.extend([before, seen])
        return said(in_words, look, found)

    return Condition(test, at_least(SIGNIFICANT))


def _announced(look: Look, seen: Observation, days: int) -> Observation | None:
    """The answer on the latest announced visit, of so many days, that found it out."""
    for each in look.history.successive(seen):
        if each.entry.day < seen.entry.day - days:
            break
        if each is not seen and _known(each) and "ann" in each.entry.codes("ACC-02"):
            return each
    return None


def _not_seen_for(doc: Doc, words: Vocabulary) -> Condition:
    """No agency has recorded this child as seen, by the pack, for so many days."""
    clock = parse_clock(doc["not_seen_for"])

    def test(look: Look) -> Answer:
        book, child = look.case.book, look.child
        if child is None:
            return False
        at = look.at.timestamp()
        for seen in reversed(look.history.about.get((book.rules.seen.item, child.id), [])):
            if seen.entry.order[0] <= at and book.rules.seen.counts(seen):
                day = date.fromordinal(seen.entry.day)
                return truth(day_of(look.at) >= last_day(clock, day, book.holidays))
        return []

    return Condition(test)


PATTERNS: dict[str, Make] = {
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
