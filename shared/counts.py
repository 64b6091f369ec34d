"""The conditions that count: the same seen on so many dates, by so many agencies, within days."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from shared.english import number
from shared.entries import Concern, Observation
from shared.facts import Event, Report
from shared.looking import Answer, Condition, Doc, Look, Make, Proof, Vocabulary, woken_by

_COUNTED = {
    "dates": "dates",
    "visits": "times",
    "agencies": "agencies",
    "items": "concerns",
    "sections": "areas",
}


def run_words(doc: Doc) -> str:
    """The count or run a condition asks for, in words: `three dates within 60 days`."""
    if "count" in doc:
        what = _COUNTED[doc["count"]]
        return f"{number(doc['at_least'])} {what} within {doc['within_days']} days"
    if "running" in doc:
        return f"{number(doc['running'])} answers running"
    if "rising" in doc:
        return f"worse {number(doc['rising'])} times running"
    if "rising_total" in doc:
        return f"more such concerns at each of {number(doc['rising_total'])} visits running"
    if "unchecked_core_items" in doc:
        return f"not found out on {number(doc['unchecked_core_items'])} visits running"
    if "worse_than_announced" in doc:
        return "worse than on the latest announced visit"
    return ""


def said(words: str, look: Look, found: list[Proof]) -> Answer:
    """The proof of a count or run, noted with its words; False where there is none."""
    if found:
        look.runs.append((words, found))
    return found or False


def _count(doc: Doc, words: Vocabulary) -> Condition:
    if "term" in doc["of"]:
        return _count_visits(doc, words)
    counting = _Counting(doc, words)
    return Condition(counting.test, woken_by(counting.means.means))


class _Counting:
    """Counts answers that are alike, over the days before and at an event that adds one."""

    def __init__(self, doc: Doc, words: Vocabulary) -> None:
        self.means = words.select(doc["of"])
        self._group, self._words = _group(doc), run_words(doc)
        self._least, self._days = doc["at_least"], doc["within_days"]
        once = doc.get("one_happening") == "once"
        self._tally = _dates_of_happenings if once else TALLIES[doc["count"]]

    def test(self, look: Look) -> Answer:
        group = self._group
        gathered: dict[Concern, list[Observation]] = {
            group(seen): [] for seen in self.means.pick(look, look.seen)
        }
        if not gathered:
            return None if look.asks and self._one_more_would(look) else False
        for seen in self._window(look):
            if (key := group(seen)) in gathered:
                gathered[key].append(seen)
        found: list[Proof] = []
        for together in gathered.values():
            if self._tally(together) >= self._least:
                found.extend(together)
        return said(self._words, look, found)

    def _window(self, look: Look) -> list[Observation]:
        if self.means.only_worrying:
            found = look.history.worrying_within(look.entry, self._days)
        else:
            found = look.history.answers_within(look.entry, self._days, self.means.means)
        return self.means.pick(look, found)

    def _one_more_would(self, look: Look) -> bool:
        """Whether an answer that is missing today could be the one that makes up the number."""
        enough = self._tally(self._window(look)) + 1 >= self._least
        return enough and look.is_open(self.means.possible)


def _group(doc: Doc) -> Callable[[Observation], Concern]:
    """What counts as the same: a concern (some sections are one), an item about one, anything."""
    same = doc.get("same", "anything")
    sections = doc.get("together", ())
    if same == "concern":
        return lambda seen: (
            seen.meaning.section if seen.meaning.section in sections else seen.meaning.item,
            None,
        )
    if same == "item_and_child":
        return lambda seen: seen.concern
    return lambda seen: ("", None)


def _count_visits(doc: Doc, words: Vocabulary) -> Condition:
    term, days, least = words.terms[doc["of"]["term"]], doc["within_days"], doc["at_least"]
    in_words = run_words(doc)

    def test(look: Look) -> Answer:
        if not term.test(look):
            return False
        found: list[Proof] = []
        met = 0
        for visit in look.history.visits_within(look.entry, days):
            answer = term.test(look.elsewhere(visit))
            if answer:
                met += 1
                found.extend(answer)
        return said(in_words, look, found) if met >= least else False

    return Condition(test, term.wakes)


def _dates(observations: Iterable[Observation]) -> int:
    return len({seen.entry.day for seen in observations})


def _dates_of_happenings(observations: Iterable[Observation]) -> int:
    """Separate dates, where one happening reported twice (the same event reference) is one.

    It counts on whichever of its dates makes one more.
    """
    days: set[int] = set()
    reported: dict[str, set[int]] = {}
    for seen in observations:
        reference = seen.event.event_ref if isinstance(seen.event, Report) else None
        (reported.setdefault(reference, set()) if reference else days).add(seen.entry.day)
    taken: dict[int, str] = {}
    placed = [_finds_a_date(each, reported, days, taken, set()) for each in reported]
    return len(days) + sum(placed)


def _finds_a_date(
    happening: str,
    reported: Mapping[str, set[int]],
    days: set[int],
    taken: dict[int, str],
    tried: set[int],
) -> bool:
    """Give a happening a date of its own, moving others to another of theirs if need be."""
    for day in sorted(reported[happening] - days - tried):
        tried.add(day)
        other = taken.get(day)
        if other is None or _finds_a_date(other, reported, days, taken, tried):
            taken[day] = happening
            return True
    return False


def _agencies(observations: Iterable[Observation]) -> int:
    """Different agencies; members of the public, and others, count by who they are.

    Those who gave no name are not known to be one person.
    """
    return len({(s.event.agency, _person(s.event)) for s in observations})


def _person(event: Event) -> str:
    return event.by or event.id if event.agency in ("public", "other") else ""


TALLIES: dict[str, Callable[[list[Observation]], int]] = {
    "dates": _dates,
    "agencies": _agencies,
    "items": lambda observations: len({seen.meaning.item for seen in observations}),
    "sections": lambda observations: len({seen.meaning.section for seen in observations}),
}


COUNTS: dict[str, Make] = {"count": _count}
