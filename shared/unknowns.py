"""What an event leaves open: the immediate rules of which nobody can say yet whether they hold."""

from __future__ import annotations

from dataclasses import dataclass

from shared.entries import Concern, Entry
from shared.history import History
from shared.looking import Look, Standing
from shared.rules import Pack


@dataclass(frozen=True, slots=True)
class Unknown:
    """One immediate rule that cannot be told, for a child or the family, and what would tell."""

    rule: str
    name: str
    child: str | None
    questions: tuple[Concern, ...]


def unknowns(history: History, entry: Entry, case: Standing, pack: Pack) -> list[Unknown]:
    """The immediate rules (those that a phone judges by itself) that an event leaves open.

    A rule that holds is not among them, and neither is one that does not whatever is answered.
    """
    found = []
    for rule in pack.rules:
        if not rule.on_device or not rule.may_meet(entry.event):
            continue
        for child in history.household.children if rule.scope == "child" else (None,):
            look = Look(history, entry, case, child, seen=entry.said.values(), asks=True)
            if rule.when(look) is None:
                questions = tuple(sorted(set(look.open), key=str))
                found.append(Unknown(rule.id, rule.name, child.id if child else None, questions))
    return found
