"""Three answers: the immediate rules a visit leaves open, and the questions that would tell."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mobile.asked import about_words, value_words
from mobile.given import Given, Key
from mobile.wording import count_words, frames
from shared import engine
from shared.english import listed
from shared.entries import Entry
from shared.items import Item

LOG = logging.getLogger("threshold.cannot_tell")
NOT_ANSWERED, COULD_NOT_CHECK = "not answered", "could not check"
HOUSEHOLD = "The household"
NOT_WORKED_OUT = "this phone could not work it out"


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """One question that would tell, about whom, and why it does not: not answered, or why not."""

    item: Item
    about: str | None
    about_words: str
    why: str

    @property
    def whom_and_why(self) -> str:
        """ "Ada: not answered"."""
        return f"{self.about_words or HOUSEHOLD}: {self.why}"

    @property
    def is_answered(self) -> bool:
        """Whether it was answered, only not with what would tell."""
        return self.why != NOT_ANSWERED


@dataclass(frozen=True, slots=True)
class CannotTell:
    """One immediate rule that is neither said to hold nor said not to, and what would tell.

    `children` are the names of those it cannot be told for; none: it is about the whole family.
    `questions` begin with the core ones, in the checklist's order; none: this phone could not run
    the rule.
    """

    rule: str
    name: str
    children: tuple[str, ...]
    questions: tuple[OpenQuestion, ...]

    @property
    def why_words(self) -> str:
        """How many questions would tell: "14 questions not answered, 2 could not be checked"."""
        if not self.questions:
            return NOT_WORKED_OUT
        checked = sum(each.is_answered for each in self.questions)
        blank = len(self.questions) - checked
        if not checked:
            return f"{count_words(blank, 'question', 'questions')} not answered"
        if not blank:
            return f"{count_words(checked, 'question', 'questions')} could not be checked"
        return (
            f"{count_words(blank, 'question', 'questions')} not answered, "
            f"{checked} could not be checked"
        )

    @property
    def whom_and_why(self) -> str:
        """ "Ada and Ben: 2 questions not answered"."""
        return ": ".join(filter(None, (listed(self.children), self.why_words)))

    @property
    def in_a_line(self) -> str:
        """ "Hazardous shared sleep, Ada: 2 questions open"."""
        rule = ", ".join(filter(None, (self.name, listed(self.children))))
        count = len(self.questions)
        return f"{rule}: {count_words(count, 'question', 'questions')} open" if count else rule


@dataclass(frozen=True, slots=True)
class OpenVisit:
    """A finished visit that left immediate rules open."""

    entry: Entry
    cannot_tell: tuple[CannotTell, ...]


def cannot_tell(
    case: engine.Case, event_id: str, given: Mapping[Key, Given] | None = None
) -> list[CannotTell]:
    """What an event on record leaves open, a rule at a time, in the order of the rules.

    `given` is what a draft holds and its visit has no answer for: why a thing was not checked.
    """
    by_rule: dict[str, list[engine.Unknown]] = {}
    try:
        for unknown in engine.cannot_tell(case, event_id):
            by_rule.setdefault(unknown.rule, []).append(unknown)
    except Exception as error:  # then nothing can be told, and nothing else of her work is lost
        LOG.error("could not judge: %s\n%s", type(error).__name__, frames(error))
        return [CannotTell(r.id, r.name, (), ()) for r in case.book.rules.rules if r.on_device]
    entry = case.history.by_id[event_id]
    return [_rule(same, case, entry, given or {}) for same in by_rule.values()]


def left_open(case: engine.Case) -> list[OpenVisit]:
    """What the latest completed visit and each attempt since left open, the latest first.

    Nothing is asked at a closed door, so it takes nothing off what the visit before left open.
    """
    visits = case.history.visits
    since = next((n for n in range(len(visits) - 1, -1, -1) if visits[n].completed), 0)
    read = (OpenVisit(v, tuple(cannot_tell(case, v.event.id))) for v in reversed(visits[since:]))
    return [each for each in read if each.cannot_tell]


def rules_words(rules: tuple[CannotTell, ...] | list[CannotTell], most: int = 3) -> str:
    """The names of the rules in a line: "Immediate danger, Hazardous shared sleep and 3 more"."""
    names = [each.name for each in rules]
    if len(names) > most:
        names = [*names[: most - 1], f"{len(names) - most + 1} more"]
    return listed(names)


def _rule(
    same: Sequence[engine.Unknown], case: engine.Case, entry: Entry, given: Mapping[Key, Given]
) -> CannotTell:
    """One rule for all the children it cannot be told for, each question once."""
    checklist = case.book.checklist
    place = {item.code: (not item.core, n) for n, item in enumerate(checklist.items.values())}
    keys = dict.fromkeys(key for unknown in same for key in unknown.questions)
    children = {unknown.child for unknown in same}
    return CannotTell(
        rule=same[0].rule,
        name=same[0].name,
        children=tuple(c.name or c.id for c in case.household.children if c.id in children),
        questions=tuple(
            _question(case, entry, key, given.get(key, Given()))
            for key in sorted(keys, key=lambda each: place[each[0]])
        ),
    )


def _question(case: engine.Case, entry: Entry, key: Key, given: Given) -> OpenQuestion:
    item, seen = case.book.checklist.items[key[0]], entry.said.get(key)
    why, checked = given.reason, bool(given.reason)
    if seen is not None:
        why, checked = seen.answer.reason or value_words(item, seen.answer.value), True
    return OpenQuestion(
        item=item,
        about=key[1],
        about_words=about_words(key[1], item, case.household, case.book.rules),
        why=f"{COULD_NOT_CHECK}: {why}" if checked else NOT_ANSWERED,
    )
