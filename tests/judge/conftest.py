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
    Arrival,
    Child,
    ClosureRequest,
    Decision,
    Disagreed,
    Event,
    Household,
    NoAccess,
    PlanEnded,
    PlanStarted,
    Report,
    Visit,
)

# What a completed visit must check of the home, and of each child; of an infant her sleep too.
HOME_WELL = {"ACC-01": "in", "ACC-04": ["all"], "PAR-01": ["none"]}
CHILD_WELL = {"ACC-03": "handled", "CHD-01": ["ok"], "HLT-01": "none", "ENG-05": "N"}
SLEEP_WELL = {"SLP-01": ["own"], "SLP-02": "both", "SLP-07": ["never"]}


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def london(moment: datetime | None) -> str | None:
    """A moment as tests write it, to the minute."""
    return f"{moment.astimezone(LONDON):%Y-%m-%dT%H:%M}" if moment else None


def child(name: str, said: str) -> Child:
    """`"2026-01-10"`: born; `"due 2026-06-01"`; or both, `"due 2026-06-01 born 2026-05-20"`."""
    words = said.split() if " " in said else ["born", said]
    days = {
        what: date.fromisoformat(day) for what, day in zip(words[::2], words[1::2], strict=True)
    }
    return Child(id=name, **days)


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

    def __init__(self, book: packs.Book, **born: str) -> None:
        children = tuple(child(name, said) for name, said in born.items())
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

    def full_visit(
        self, at: str, said: dict[str, Any] | None = None, *, blank: str = "", **more: Any
    ) -> str:
        """A visit that checks all that must be checked and finds it well, but for what is said.

        `blank`: an item to leave out, as `"PAR-01"` or `"ACC-03 ada"`.
        """
        found: dict[str, Any] = dict(HOME_WELL)
        for each in self.household.children:
            if each.born is None:
                continue
            infant = (moment(at).date() - each.born).days < 365
            of_child = CHILD_WELL | (SLEEP_WELL if infant else {})
            found |= {f"{item} {each.id}": answer for item, answer in of_child.items()}
        found.pop(blank, None)
        return self.visit(at, found | (said or {}), **more)

    def make_visit(self, at: str, said: dict[str, Any], **more: Any) -> Visit:
        given = {"ACC-01": "in", **said} if "ACC-01" not in said else said
        fields = {"agency": "health_visiting", "by": "hv-1"} | more
        return Visit(**self._when(at), answers=answers(given), **fields)

    def report(
        self,
        at: str,
        agency: str,
        said: dict[str, Any],
        ref: str | None = None,
        *,
        by: str = "x",
        received: str | None = None,
    ) -> str:
        event = Report(**self._when(at), agency=agency, by=by, answers=answers(said), event_ref=ref)
        self.tell(event, at=received)
        return event.id

    def plan(
        self,
        at: str,
        kind: str = "child_protection",
        *,
        received: str | None = None,
        **more: Any,
    ) -> str:
        fields = {"children": tuple(c.id for c in self.household.children)} | more
        event = PlanStarted(**self._when(at), plan=f"p{next(self.ids)}", kind=kind, **fields)
        self.tell(event, at=received)
        return event.plan

    def no_access_plan(self, at: str, **more: Any) -> str:
        return self.plan(at, no_access=more.pop("no_access", NoAccess()), **more)

    def end(self, at: str, plan: str, *, received: str | None = None) -> None:
        self.tell(PlanEnded(**self._when(at), plan=plan), at=received)

    def arrive(self, at: str, kind: str, child: str, *, received: str | None = None) -> str:
        """A pregnancy, birth, discharge or return_home of a child."""
        event = Arrival(**self._when(at), kind=kind, child=child, agency="hospital")
        self.tell(event, at=received)
        return event.id

    def ask(self, at: str, kind: str = "close", **more: Any) -> str:
        """Social care asks to close the case, or to step a plan down or end it."""
        fields = {"agency": "social_care", "by": "sw"} | more
        event = ClosureRequest(**self._when(at), kind=kind, **fields)
        self.tell(event)
        return event.id

    def disagree(self, at: str, agency: str = "gp") -> str:
        event = Disagreed(**self._when(at), agency=agency, by="x", reason="Too soon")
        self.tell(event)
        return event.id

    def rule_on(self, at: str, kind: str, *, received: str | None = None, **more: Any) -> str:
        """A decision of any kind but `decide`: lower_level, close_concern and so on."""
        fields = {"by": "tm", "role": "team_manager", "reason": "why"} | more
        event = Decision(**self._when(at), kind=kind, **fields)
        self.tell(event, at=received)
        return event.id

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

    def children(self, rule: str) -> list[tuple[str, ...]]:
        """For whom each escalation of a rule was raised."""
        return [escalation.children for escalation in self.fired(rule)]

    def evidence(self, rule: str) -> set[str]:
        """All evidence of a rule: `{"e1 SLP-05 ada", "e2 PAR-01", "e3"}`."""
        return {
            " ".join(filter(None, (held.event, held.item, held.about, held.action)))
            for escalation in self.fired(rule)
            for held in escalation.evidence
        }

    def due(self, rule: str, code: str) -> list[str | None]:
        """The due times, in London, of an action over all escalations of a rule."""
        return [
            london(action.due_at)
            for escalation in self.fired(rule)
            for action in escalation.actions
            if action.code == code
        ]

    def required(self, rule: str) -> dict[str, str | None]:
        """All that the one escalation of a rule requires: `{"call_police visitor": due}`."""
        (escalation,) = self.fired(rule)
        by_whom = {f"{a.code} {a.who}": london(a.due_at) for a in escalation.actions}
        assert len(by_whom) == len(escalation.actions), "an action is required twice"
        return by_whom

    def raised(self, rule: str) -> list[tuple[str | None, str | None]]:
        """When each escalation of a rule was raised, and when the office could know."""
        return [(london(e.raised_at), london(e.received_at)) for e in self.fired(rule)]

    def ladder(self, rule: str, until: str) -> list[tuple[str, str | None]]:
        (escalation,) = self.fired(rule)
        return [
            (rung.role, london(rung.at))
            for rung in engine.told(self.case, escalation, moment(until))
        ]

    def _when(self, at: str) -> dict[str, Any]:
        return {"id": f"e{next(self.ids)}", "at": moment(at), "received_at": moment(at)}


@pytest.fixture
def family() -> Callable[..., Family]:
    """Make a family: `family(ada="2026-01-10", cam="due 2026-06-01")`; `book=`: another pack."""

    def make(book: packs.Book | None = None, **born: str) -> Family:
        return Family(book or packs.book(), **(born or {"ada": "2026-01-10"}))

    return make
