"""What the rules said on invented families, counted against the truth about each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from backend.replaying import Replay
from shared.escalation import Escalation

Doc = dict[str, Any]
MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Heard:
    """What the rules said on one family.

    `raised`: escalations by rule and by who must act first. `spoke`: by rule, how often people
    were told, since an escalation that is open gathers what meets its rule again. `echoes`: how
    many only say that what another one asked for was not done. `items`: escalations by rule and
    by each item in their evidence, or each kind of blocker. `held`: what the truth says of each
    rule (pattern, rule, when), and whether it came so.
    """

    raised: Counter[tuple[str, str]]
    spoke: Counter[str]
    echoes: int
    items: Counter[tuple[str, str]]
    held: list[tuple[Doc, bool]]


def listen(done: Replay, truth: Mapping[str, Any]) -> Heard:
    """Return what a replay says of a family whose truth is known.

    A rule that the pack does not have is left out of `held`.
    """
    raised = Counter((each.rule, _first_to_act(each)) for each in done.escalations)
    spoke: Counter[str] = Counter()
    for each in done.escalations:
        spoke[each.rule] += _times(each)
    known = {rule.id for rule in done.book.rules.rules}
    held = []
    for due in truth.get("must_not_fire") or truth["planted"]:
        for rule in due["rules"]:
            if rule in known:
                said = {"case": truth["case"], "pattern": due["pattern"], "rule": rule}
                fired = fires(done, rule, due["from"], by_time=due.get("by_time", False))
                held.append((said | {"from": due["from"]}, fired != ("near_miss" in truth)))
    items = Counter((each.rule, item) for each in done.escalations for item in _items(each))
    return Heard(raised, spoke, sum(map(_is_echo, done.escalations)), items, held)


def fires(done: Replay, rule: str, moment: str, *, by_time: bool = False) -> bool:
    """Tell whether a rule fires at a moment, or joins what is open; `by_time`: by that moment."""
    at = datetime.fromisoformat(moment)
    for each in done.escalations:
        if each.rule == rule and each.raised_at <= at:
            now = (e.at == at for e in each.evidence)
            if by_time or each.raised_at == at or any(now):
                return True
    return False


def _first_to_act(escalation: Escalation) -> str:
    dated = [(action.due_at, action.who) for action in escalation.actions if action.due_at]
    if dated:
        return min(dated, key=lambda each: each[0])[1]
    # What is due before something that has no date yet: whoever is named first.
    return escalation.actions[0].who if escalation.actions else ""


def _items(escalation: Escalation) -> set[str]:
    blockers = {str(each["kind"]).replace("_", " ") for each in escalation.blockers}
    return blockers | {each.item for each in escalation.evidence if each.item is not None}


def _is_echo(escalation: Escalation) -> bool:
    return any(each.action is not None for each in escalation.evidence)


def _times(escalation: Escalation) -> int:
    if escalation.subject is not None:
        return 1  # raised by time, once for what it is about
    told = {each.event for each in escalation.evidence if each.at >= escalation.raised_at}
    return max(1, len(told))


@dataclass(slots=True)
class Counts:
    """The sum over families, quiet ones apart from those that hold something."""

    families: Counter[str] = field(default_factory=Counter)
    visits: int = 0
    raised: Counter[tuple[str, str]] = field(default_factory=Counter)
    spoke: Counter[str] = field(default_factory=Counter)
    echoes: int = 0
    items: Counter[tuple[str, str]] = field(default_factory=Counter)
    with_alert: Counter[str] = field(default_factory=Counter)
    came: dict[str, Counter[tuple[str, bool]]] = field(default_factory=lambda: defaultdict(Counter))
    failures: list[Doc] = field(default_factory=list)

    def add(self, truth: Mapping[str, Any], heard: Heard) -> None:
        """Count one family."""
        kind = "near_misses" if "near_miss" in truth else "quiet" if truth["quiet"] else "planted"
        self.families[kind] += 1
        if kind == "quiet":
            self.visits += truth["visits"]
            self.raised += heard.raised
            self.spoke += heard.spoke
            self.echoes += heard.echoes
            self.items += heard.items
            self.with_alert.update({rule for rule, _ in heard.raised})
            self.with_alert["any"] += bool(heard.raised)
        for said, came in heard.held:
            self.came[kind][said["rule"], came] += 1
            if not came:
                self.failures.append({"kind": kind} | said)

    def to_doc(self, rules: Mapping[str, str]) -> Doc:
        """Return the report as plain data; `rules` gives each rule of the pack its name."""
        all_raised = sum(self.raised.values())
        return {
            "families": {k: self.families[k] for k in ("quiet", "planted", "near_misses")},
            "quiet": {
                "visits": self.visits,
                "raised": all_raised,
                "per_100_visits": self._rate(all_raised),
                "echoes": self.echoes,
                "per_100_visits_without_echoes": self._rate(all_raised - self.echoes),
                "families_with_an_alert": self.with_alert["any"],
                "rules": [self._rule(rule, name) for rule, name in rules.items()],
                "first_to_act": self._first_to_act(),
            },
            "planted": list(self._came("planted", rules, ("found", "missed"))),
            "near_misses": list(self._came("near_misses", rules, ("silent", "fired"))),
            "failures": self.failures[:MOST_NAMED],
            "more_failures": max(0, len(self.failures) - MOST_NAMED),
        }

    def _rate(self, count: int) -> float | None:
        return round(100 * count / self.visits, 2) if self.visits else None

    def _rule(self, rule: str, name: str) -> Doc:
        count = sum(n for (each, _), n in self.raised.items() if each == rule)
        return {
            "rule": rule,
            "name": name,
            "raised": count,
            "per_100_visits": self._rate(count),
            "spoke": self.spoke[rule],
            "spoke_per_100_visits": self._rate(self.spoke[rule]),
            "families": self.with_alert[rule],
            "first_to_act": {who: n for (each, who), n in self.raised.items() if each == rule},
            "items": {item: n for (each, item), n in self.items.most_common() if each == rule},
        }

    def _first_to_act(self) -> list[Doc]:
        by_role: Counter[str] = Counter()
        for (_, who), count in self.raised.items():
            by_role[who] += count
        return [
            {"role": role, "raised": count, "per_100_visits": self._rate(count)}
            for role, count in sorted(by_role.items(), key=lambda each: (-each[1], each[0]))
        ]

    def _came(self, kind: str, rules: Mapping[str, str], words: tuple[str, str]) -> Iterator[Doc]:
        for rule, name in rules.items():
            well, badly = (self.came[kind][rule, came] for came in (True, False))
            if well or badly:
                yield {"rule": rule, "name": name, words[0]: well, words[1]: badly}
