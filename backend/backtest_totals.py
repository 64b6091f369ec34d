"""What a back-test of many families comes to: one family after another added up, as plain data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate
from typing import Any

from backend.backtesting import Compared, Counts, RuleCompared
from shared.clocks import LONDON
from shared.packs import Book
from shared.rules import Pack

# How a rule may change for a family in which it fires under either pack.
CHANGES = ("only_under_a", "only_under_b", "earlier_under_b", "later_under_b", "otherwise")


@dataclass(slots=True)
class _Rule:
    """One rule, over all families; what is counted for pack A stands before that for B."""

    raised: list[int] = field(default_factory=lambda: [0, 0])
    only: list[int] = field(default_factory=lambda: [0, 0])
    families: list[int] = field(default_factory=lambda: [0, 0])
    other_level: int = 0
    changes: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {kind: [] for kind in CHANGES}
    )

    def add(self, one: RuleCompared, family: Mapping[str, Any]) -> None:
        for n, side in enumerate((one.a, one.b)):
            self.raised[n] += side.raised
            self.only[n] += side.only
            self.families[n] += side.raised > 0
        self.other_level += one.other_level
        kind = change(one)
        if kind:
            self.changes[kind].append({**family, "a": one.a._asdict(), "b": one.b._asdict()})


@dataclass(slots=True)
class Totals:
    """What was added up so far. Families are listed in the order in which they are added."""

    families: int = 0
    rules: dict[str, _Rule] = field(default_factory=dict)
    unreadable: list[dict[str, str]] = field(default_factory=list)
    not_begun: int = 0
    _begun: Counter[int] = field(default_factory=Counter)
    _ended: Counter[int] = field(default_factory=Counter)
    _told: tuple[Counter[tuple[str, int]], Counter[tuple[str, int]]] = field(
        default_factory=lambda: (Counter(), Counter())
    )
    _asked: tuple[Counter[tuple[str, int]], Counter[tuple[str, int]]] = field(
        default_factory=lambda: (Counter(), Counter())
    )

    def add(self, path: str, one: Compared) -> None:
        """Count one family in; `path` is where its case file lies below the folder."""
        self.families += 1
        if one.months is None:
            self.not_begun += 1
        else:
            self._begun[one.months[0]] += 1
            self._ended[one.months[1] + 1] += 1
        family = {"case": one.case, "path": path}
        for rule in one.rules:
            self.rules.setdefault(rule.rule, _Rule()).add(rule, family)
        for sums, counts in ((self._told, one.told), (self._asked, one.asked)):
            for total, more in zip(sums, counts, strict=True):
                _add(total, more)

    def cannot_read(self, path: str, message: str) -> None:
        """Note a file that is not fit, and why."""
        self.unreadable.append({"path": path, "message": message})

    def to_doc(
        self, a: Book, b: Book, sources: tuple[str, str], until: datetime | None
    ) -> dict[str, Any]:
        """Return it all as plain data that JSON can hold; docs/backtest.md describes it."""
        months = self._months()
        in_view = list(accumulate(self._begun[each] - self._ended[each] for each in months))
        covered = sum(each > 0 for each in in_view)
        packs = (a.rules, b.rules)
        return {
            "packs": {
                side: {
                    "id": pack.id,
                    "version": pack.version,
                    "title": pack.doc["title"],
                    "from": source,
                }
                for side, pack, source in zip("ab", packs, sources, strict=True)
            },
            "until": until.astimezone(LONDON).isoformat() if until else None,
            "families": self.families,
            "not_begun": self.not_begun,
            "months": [month_name(each) for each in months],
            "families_by_month": in_view,
            "months_covered": covered,
            "rules": [self._rule_doc(rule, packs) for rule in _rule_ids(packs)],
            "told": _load(self._told, _roles(packs), packs, months, covered),
            "actions": _load(self._asked, _who(packs), packs, months, covered),
            "unreadable": self.unreadable,
        }

    def _months(self) -> range:
        return range(min(self._begun), max(self._ended)) if self._begun else range(0)

    def _rule_doc(self, rule: str, packs: tuple[Pack, Pack]) -> dict[str, Any]:
        total = self.rules.get(rule, _Rule())
        known = [next((r for r in pack.rules if r.id == rule), None) for pack in packs]
        return {
            "rule": rule,
            "name": next(each.name for each in reversed(known) if each),
            "level": {s: k.level if k else None for s, k in zip("ab", known, strict=True)},
            "escalations": {
                **dict(zip("ab", total.raised, strict=True)),
                "both": total.raised[0] - total.only[0],
                "only_a": total.only[0],
                "only_b": total.only[1],
                "other_level": total.other_level,
            },
            "families": dict(zip("ab", total.families, strict=True)),
            "changes": total.changes,
        }


def change(one: RuleCompared) -> str | None:
    """Return how a rule changes for a family, one of CHANGES; None where it does not."""
    a, b = one.a, one.b
    if not a.raised or not b.raised:
        return "only_under_a" if a.raised else "only_under_b"
    if a.first != b.first:
        return "earlier_under_b" if str(b.first) < str(a.first) else "later_under_b"
    return "otherwise" if a.only or b.only else None


def month_name(month: int) -> str:
    """Return 2026-03 for a number of months since the year 0."""
    return f"{month // 12:04}-{month % 12 + 1:02}"


def _add(total: Counter[tuple[str, int]], more: Counts) -> None:
    for key, count in more.items():
        total[key] += count


def _rule_ids(packs: Sequence[Pack]) -> list[str]:
    """Every rule of either pack: those of A in its order, then what only B has."""
    return list(dict.fromkeys(rule.id for pack in packs for rule in pack.rules))


def _roles(packs: Sequence[Pack]) -> list[str]:
    return list(dict.fromkeys(role for pack in packs for role in pack.rungs))


def _who(packs: Sequence[Pack]) -> list[str]:
    actions = (action for pack in packs for rule in pack.rules for action in rule.actions)
    return list(dict.fromkeys(action.who for action in actions))


def _load(
    sums: Sequence[Counter[tuple[str, int]]],
    roles: Iterable[str],
    packs: tuple[Pack, Pack],
    months: Sequence[int],
    covered: int,
) -> list[dict[str, Any]]:
    return [
        {
            "role": role,
            "label": (packs[1] if role in packs[1].labels else packs[0]).label(role),
            **{
                s: _series(total, role, months, covered)
                for s, total in zip("ab", sums, strict=True)
            },
        }
        for role in roles
    ]


def _series(
    total: Counter[tuple[str, int]], role: str, months: Sequence[int], covered: int
) -> dict[str, Any]:
    by_month = [total[role, month] for month in months]
    most = max(by_month, default=0)
    peak = {"month": month_name(months[by_month.index(most)]), "count": most} if most else None
    mean = round(sum(by_month) / covered, 2) if covered else None
    return {"mean": mean, "peak": peak, "by_month": by_month}
