"""A family under the bundled rules, to which tests tell what happens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from itertools import count
from typing import Any

import pytest

from shared import engine, packs
from shared.clocks import LONDON
from shared.escalation import Escalation
from shared.facts import (
    Acknowledged,
    ActionDone,
    Adult,
    Answer,
    Child,
    Decision,
    Event,
    Household,
    NoAccess,
    PlanStarted,
    Report,
    Visit,
)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def answers(said: dict[str, Any]) -> tuple[Answer, ...]:
    """`{"SLP-05 ada": "wet"}` or, with a basis, `{"SLP-05 ada": ("wet", "told_by_parent")}`."""
    given = []
    for key, value in said.items():
        item, _, about = key.partition(" ")
        basis = "seen"
        if isinstance(value, tuple):
            value, basis = value
        value = tuple(value) if isinstance(value, list) else value
        given.append(Answer(item=item, value=value, about=about or None, basis=basis))
    return tuple(given)


class Family:
    """Tells a case what happened, by London time, and reads what was set off."""

    def __init__(self, book: packs.Book, **born: str | None) -> None:
        children = tuple(
            Child(id=name, born=date.fromisoformat(day) if day else None)
            for name, day in born.items()
        )
        adults = (Adult(id="mother"), Adult(id="father"))
        self.household = Household(id="family", children=children, adults=adults)
        self.case = engine.Case(self.household, book)
        self.ids = count(1)

    def tell(self, *events: Event, at: str | None = None) -> list[engine.Change]:
        received = moment(at) if at else events[0].received_at
        return engine.receive(
            self.case, [replace(event, received_at=received) for event in events], received
        )

    def visit(
        self, at: str, said: dict[str, Any], *, received: str | None = None, **more: Any
    ) -> str:
        event = self.make_visit(at, said, **more)
        self.tell(event, at=received)
        return event.id

    def make_visit(self, at: str, said: dict[str, Any], **more: Any) -> Visit:
        given = {"ACC-01": "in", **said} if "ACC-01" not in said else said
        fields = {"agency": "health_visiting", "by": "hv-1"} | more
        return Visit(**self._when(at), answers=answers(given), **fields)

    def report(self, at: str, agency: str, said: dict[str, Any], ref: str | None = None) -> str:
        event = Report(
            **self._when(at), agency=agency, by="x", answers=answers(said), event_ref=ref
        )
        self.tell(event)
        return event.id

    def plan(self, at: str, kind: str = "child_protection", **more: Any) -> str:
        fields = {"children": tuple(c.id for c in self.household.children)} | more
        event = PlanStarted(**self._when(at), plan=f"p{next(self.ids)}", kind=kind, **fields)
        self.tell(event)
        return event.plan

    def no_access_plan(self, at: str, **more: Any) -> str:
        return self.plan(at, no_access=more.pop("no_access", NoAccess()), **more)

    def acknowledge(self, at: str, rule: str, on: str) -> None:
        self.tell(Acknowledged(**self._when(at), rule=rule, on=on, by="tm", role="team_manager"))

    def decide(self, at: str, rule: str, on: str, role: str = "team_manager") -> None:
        self.tell(
            Decision(
                **self._when(at), kind="decide", rule=rule, on=on, role=role, by=role, reason="why"
            )
        )

    def done(self, at: str, action: str, *, received: str | None = None, **where: str) -> None:
        self.tell(ActionDone(**self._when(at), action=action, **where), at=received)

    def until(self, at: str) -> None:
        engine.advance(self.case, moment(at))

    def fired(self, rule: str | None = None) -> list[Escalation]:
        return [e for e in self.case.escalations if rule in (None, e.rule)]

    def overdue(self, action: str) -> list[Escalation]:
        """What R18 has raised about one action."""
        return [e for e in self.fired("R18") if e.evidence[0].action == action]

    def rules(self) -> set[str]:
        return {e.rule for e in self.case.escalations}

    def due(self, rule: str, code: str) -> list[str]:
        """The due times, in London, of an action over all escalations of a rule."""
        return [
            f"{action.due_at.astimezone(LONDON):%Y-%m-%dT%H:%M}"
            for escalation in self.fired(rule)
            for action in escalation.actions
            if action.code == code
        ]

    def ladder(self, rule: str, until: str) -> list[tuple[str, str]]:
        (escalation,) = self.fired(rule)
        return [
            (rung.role, f"{rung.at.astimezone(LONDON):%Y-%m-%dT%H:%M}")
            for rung in engine.told(self.case, escalation, moment(until))
        ]

    def _when(self, at: str) -> dict[str, Any]:
        return {"id": f"e{next(self.ids)}", "at": moment(at), "received_at": moment(at)}


@pytest.fixture
def family() -> Callable[..., Family]:
    """Make a family: `family(ada="2026-01-10")`; `book=` for another pack."""

    def make(book: packs.Book | None = None, **born: str | None) -> Family:
        return Family(book or packs.book(), **(born or {"ada": "2026-01-10"}))

    return make
