"""What is on record for one household: its escalations and its plans' actions, found quickly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from shared.escalation import Escalation, Evidence
from shared.gate import Demand

EvidenceKey = tuple[str, str | None, str | None, str | None]


class Record:
    """The escalations of one household in the order they were raised, and its plans' actions."""

    def __init__(self) -> None:
        self.escalations: list[Escalation] = []
        self.plan_actions: list[Demand] = []
        self._of_rule: dict[str, list[Escalation]] = defaultdict(list)
        self._by_event: dict[tuple[str, str], list[Escalation]] = defaultdict(list)
        self._by_subject: dict[str, Escalation] = {}
        self._held: dict[str, set[EvidenceKey]] = {}

    def put(self, escalation: Escalation) -> None:
        """Put an escalation on record."""
        self.escalations.append(escalation)
        self._of_rule[escalation.rule].append(escalation)
        self._held[escalation.id] = set()
        if escalation.subject:
            self._by_subject[escalation.subject] = escalation
        self._index(escalation, escalation.evidence)

    def add_evidence(self, escalation: Escalation, evidence: Iterable[Evidence]) -> list[Evidence]:
        """Add what is not yet on an escalation; return what was new."""
        held = self._held[escalation.id]
        new = [each for each in evidence if each.key not in held]
        escalation.evidence.extend(new)
        self._index(escalation, new)
        return new

    def _index(self, escalation: Escalation, evidence: Iterable[Evidence]) -> None:
        held = self._held[escalation.id]
        for each in evidence:
            held.add(each.key)
            named = self._by_event[escalation.rule, each.event]
            if not any(other is escalation for other in named):
                named.append(escalation)

    def holding(self, rule: str, evidence: Sequence[Evidence]) -> Escalation | None:
        """The first escalation of a rule that already holds all of this evidence."""
        keys = {each.key for each in evidence}
        for escalation in self._by_event.get((rule, evidence[-1].event), ()):
            if keys <= self._held[escalation.id]:
                return escalation
        return None

    def open_for(self, rule: str, children: Iterable[str]) -> Escalation | None:
        """The oldest open escalation of a rule that shares a child; with no child, one without."""
        wanted = set(children)
        still_open = self._of_rule[rule] = [e for e in self._of_rule[rule] if e.is_open]
        for escalation in still_open:
            if wanted.intersection(escalation.children) or not (wanted or escalation.children):
                return escalation
        return None

    def named(self, rule: str | None, on: str | None) -> list[Escalation]:
        """The escalations of a rule whose evidence includes an event."""
        return list(self._by_event.get((rule or "", on or ""), ()))

    def about(self, subjects: Iterable[str]) -> list[Escalation]:
        """The escalations that time raised because these demands were overdue."""
        return [self._by_subject[each] for each in subjects if each in self._by_subject]

    def is_raised(self, subject: str) -> bool:
        """Whether time has raised this already."""
        return subject in self._by_subject

    def raised(self, subject: str, escalation: Escalation) -> None:
        """Note that time has raised this, on an escalation that was there before."""
        self._by_subject.setdefault(subject, escalation)

    def demands(self) -> Iterator[Demand]:
        """Every required action, of escalations and of plans."""
        for escalation in self.escalations:
            for action in escalation.actions:
                yield Demand(action, escalation, None, escalation.children)
        yield from self.plan_actions
