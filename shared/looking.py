"""What a condition is given to look at, and how it picks the answers it means."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from shared.checklist import Checklist
from shared.entries import Concern, Entry, Observation
from shared.facts import Child, Event
from shared.history import History
from shared.items import RANKS, Meaning


@dataclass(slots=True, eq=False)
class Blank:
    """A question that applied on a visit and was not answered, as proof that it was not."""

    entry: Entry
    item: str
    about: str | None
    # This gap as evidence, once a rule has asked for it.
    kept: Any = None

    @property
    def event(self) -> Event:
        """The visit."""
        return self.entry.event


Proof = Observation | Entry | Blank
Answer = list[Proof] | Literal[False] | None
Test = Callable[["Look"], Answer]
Doc = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wake:
    """What an event must have for a look at it to be worth while; None: whatever it has.

    `events` are the names of the events that can, `answer` tells which answer can.
    """

    events: frozenset[str] | None = None
    answer: Callable[[Meaning], bool] | None = None

    def only_on(self, events: frozenset[str] | None) -> Wake:
        """The same on fewer events."""
        if events is None or self.events is None:
            return Wake(self.events if events is None else events, self.answer)
        return Wake(self.events & events, self.answer)


ALWAYS = (Wake(),)


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition compiled: `test` looks at an event; it can only hold where one `wakes`."""

    test: Test
    wakes: tuple[Wake, ...] = ALWAYS


Make = Callable[[Doc, "Vocabulary"], Condition]


class Standing(Protocol):
    """What conditions ask of the case beside its history: see `engine.Case`."""

    book: Any

    def blockers(self, entry: Entry, kinds: Sequence[str]) -> list[dict[str, Any]]:
        """What stands against the request that `entry` makes."""


@dataclass(slots=True)
class Look:
    """One look at one event: for the whole household, or for one `child` of it.

    `seen` are the answers that any condition of the pack means; the others need no look.
    `asks` is set where it matters whether an answer is "no" or was never given; `open` gathers the
    questions that would tell. `runs` gathers the words and the proof of each count or run met.
    """

    history: History
    entry: Entry
    case: Standing
    child: Child | None = None
    seen: Collection[Observation] = ()
    met: dict[str, bool] = field(default_factory=dict)
    claimed: set[int] = field(default_factory=set)
    blockers: list[dict[str, Any]] = field(default_factory=list)
    children: tuple[str, ...] = ()
    now: datetime | None = None
    asks: bool = False
    open: list[Concern] = field(default_factory=list)
    runs: list[tuple[str, list[Proof]]] = field(default_factory=list)
    proof: Sequence[Proof] = ()

    def begin(self, child: Child | None) -> None:
        """Look again, with another rule or for another child."""
        self.child, self.children, self.proof = child, (), ()
        if self.blockers:
            self.blockers = []
        if self.runs:
            self.runs = []

    def elsewhere(self, entry: Entry) -> Look:
        """A look at another event of the same history, for the household."""
        return Look(self.history, entry, self.case, seen=entry.said.values())

    @property
    def at(self) -> datetime:
        """The moment looked at: when the event happened, or when time raised something."""
        return self.now or self.entry.event.at

    def concerns(self, seen: Observation) -> bool:
        """Whether an observation is about this look's child, or about the whole household."""
        return self.child is None or self.is_about(seen.answer.about)

    def is_about(self, about: str | None) -> bool:
        """Whether something about a person, a concern or the household is for this look."""
        child = child_of(self.history.child_ids, about)
        return self.child is None or child is None or child == self.child.id

    def is_open(self, items: Collection[str]) -> bool:
        """Whether any of these questions was left open at the event, for this look."""
        unknown = self.history.asking.unknown(self.entry)
        left = [each for each in unknown if each[0] in items and self.is_about(each[1])]
        self.open.extend(left)
        return bool(left)


def child_of(children: frozenset[str], about: str | None) -> str | None:
    """The child that an answer is about: `ada`, and of the concern `SLP-05:ada` as well."""
    if about is None or about in children:
        return about
    whom = about.rpartition(":")[2]
    return whom if whom in children else None


class BadCondition(ValueError):
    """A condition the language does not have; the schema catches this first, with its line."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What conditions may say: the words of the language, the checklist's items, the terms."""

    checklist: Checklist
    conditions: Mapping[str, Make]
    terms: dict[str, Condition]
    selectors: list[Selector]

    def select(self, doc: Doc) -> Selector:
        """Which answers a condition means."""
        found = Selector(doc, self.checklist)
        self.selectors.append(found)
        return found

    def compile(self, doc: Doc) -> Condition:
        """One condition to a function. Raises BadCondition for a word the language lacks."""
        for word, make in self.conditions.items():
            if word in doc:
                return make(doc, self)
        raise BadCondition(f"no condition among {sorted(doc)}")


class Selector:
    """Which answers a condition means; see `answer` in the schema."""

    def __init__(self, doc: Doc, checklist: Checklist) -> None:
        self.items = frozenset(items_of(doc, checklist))
        self._options = frozenset(doc["in"]) if "in" in doc else None
        self._least = RANKS[doc["at_least"]] if "at_least" in doc else None
        self._below = RANKS[doc["below"]] if "below" in doc else None
        self._bases = frozenset(doc["basis"]) if "basis" in doc else None
        self._leave_out = [Selector(other, checklist) for other in doc.get("unless", ())]
        self._ignored: Mapping[str, Sequence[str]] = doc.get("ignoring", {})
        self._checklist = checklist
        everything = {key: doc[key] for key in doc if key not in ("unless", "ignoring")}
        self._whole = Selector(everything, checklist) if len(everything) < len(doc) else None
        # The same few hundred meanings come again and again: each is worked out once.
        self._known: dict[Meaning, bool] = {}

        meant = [m for code in self.items for m in _each_alone(checklist, code) if self._mean(m)]
        # The items that can be answered so at all, and whether that is always at L or above.
        self.possible = frozenset(meaning.item for meaning in meant)
        self.only_worrying = self._least is not None or all(m.rank >= RANKS["L"] for m in meant)

    def means(self, meaning: Meaning) -> bool:
        """Whether an answer that says this is meant, whoever gave it on whatever basis."""
        known = self._known.get(meaning)
        if known is None:
            known = self._known[meaning] = self._mean(meaning)
        return known

    def leaves_out(self, meaning: Meaning) -> bool:
        """Whether an answer is not meant only because of what is ignored or left out."""
        return self._whole is not None and self._whole.means(meaning) and not self.means(meaning)

    def __call__(self, seen: Observation) -> bool:
        """Whether this observation is meant."""
        known = self._known.get(seen.meaning)
        if known is None:
            known = self.means(seen.meaning)
        return known and (self._bases is None or seen.answer.basis in self._bases)

    def pick(self, look: Look, seen: Iterable[Observation]) -> list[Observation]:
        """Those of some observations that are meant and concern a look."""
        known, bases = self._known, self._bases
        found = []
        for each in seen:
            means = known.get(each.meaning)
            if means is None:
                means = self.means(each.meaning)
            if means and (bases is None or each.answer.basis in bases):
                found.append(each)
        if look.child is None or not found:
            return found
        return [each for each in found if look.is_about(each.answer.about)]

    def _mean(self, meaning: Meaning) -> bool:
        if meaning.item not in self.items:
            return False
        codes = [c for c in meaning.codes if c not in self._ignored.get(meaning.item, ())]
        rank = meaning.rank
        if len(codes) < len(meaning.codes):
            levels = self._checklist.items[meaning.item].levels
            rank = max((RANKS[levels[code]] for code in codes), default=RANKS["-"])
        if self._least is not None and rank < self._least:
            return False
        if self._below is not None and rank >= self._below:
            return False
        if self._options is not None and self._options.isdisjoint(codes):
            return False
        return not any(other.means(meaning) for other in self._leave_out)


def _each_alone(checklist: Checklist, code: str) -> Iterator[Meaning]:
    """What each option and each band of an item says by itself."""
    item = checklist.items[code]
    said = [(each.code, each.level) for each in item.options]
    said += [(each.code, each.level) for each in item.bands]
    for option, level in said:
        yield Meaning(code, item.section, (option,), level, RANKS[level])


def items_of(doc: Doc, checklist: Checklist) -> tuple[str, ...]:
    """The item codes an answer condition names: one, several, `any`, or whole sections."""
    named = doc["answer"]
    if named == "any":
        return tuple(c for c in checklist.items if c not in doc.get("except", ()))
    codes = [named] if isinstance(named, str) else list(named)
    found: list[str] = []
    for code in codes:
        section = [item.code for item in checklist.items.values() if item.section == code]
        found.extend(section or [code])
    return tuple(code for code in found if code not in doc.get("except", ()))


def woken_by(answer: Callable[[Meaning], bool]) -> tuple[Wake, ...]:
    """Woken by an answer that says certain things, on whatever event."""
    return (Wake(answer=answer),)


def at_least(rank: int) -> tuple[Wake, ...]:
    """Woken by any answer of at least this rank."""
    return woken_by(lambda meaning: meaning.rank >= rank)


def truth(value: bool) -> Answer:
    """A plain yes or no as an answer without evidence of its own."""
    return [] if value else False
