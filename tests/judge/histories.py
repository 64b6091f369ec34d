"""Invented histories for Hypothesis: everything that can happen to one family, in a few months."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from shared import engine, packs
from shared.facts import (
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
    PlanAction,
    PlanEnded,
    PlanStarted,
    Report,
    Visit,
)

BOOK = packs.book()
HOME = Household(
    id="family",
    children=(
        Child(id="ada", born=date(2026, 1, 10)),
        Child(id="ben", born=date(2023, 5, 1)),
        Child(id="cam", due=date(2026, 6, 1)),
    ),
    adults=(Adult(id="mother"),),
)
START = datetime(2026, 1, 12, 9, tzinfo=UTC)
# After all that happens, and after every clock that it starts.
LATE = START + timedelta(days=150)
AGENCIES = ("health_visiting", "social_care", "hospital", "public")
OUTCOMES = ("in", "in", "part", "out", "refused", "hide")


def about(item: str) -> st.SearchStrategy[str | None]:
    per = BOOK.checklist.items[item].per
    if per == "child":
        return st.sampled_from(["ada", "ben"])
    if per == "open_concern":
        return st.sampled_from(["SLP-05:ada", "HYG-02"])
    return st.just("mother" if per == "adult" else None)


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    """One answer; what worries somebody is likelier than in life."""
    fit = [
        item
        for item in BOOK.checklist.items.values()
        if item.options and item.code != "ACC-01" and item.per != "agreed_action"
    ]
    item = draw(st.sampled_from(fit))
    code = draw(st.sampled_from([option.code for option in item.options]))
    return Answer(
        item=item.code,
        value=(code,) if item.kind == "multi" else code,
        about=draw(about(item.code)),
        basis=draw(st.sampled_from(["seen", "seen", "told_by_parent"])),
    )


@st.composite
def visits(draw: st.DrawFn, when: dict[str, object]) -> Event:
    said = draw(st.lists(answers(), max_size=5, unique_by=lambda a: (a.item, a.about)))
    if draw(st.booleans()):
        outcome = Answer(item="ACC-01", value=draw(st.sampled_from(OUTCOMES)))
        return Visit(**when, answers=(outcome, *said))
    reference = draw(st.sampled_from([None, "attendance-7"]))
    return Report(**when, answers=tuple(said), event_ref=reference)


@st.composite
def others(draw: st.DrawFn, when: dict[str, object], acts: bool) -> Event:
    """A plan, an arrival, a request, a decision, a disagreement; with `acts` what people did."""
    at = when["at"]
    assert isinstance(at, datetime)
    due = PlanAction(code="cot_provided", who="visitor", due=at + timedelta(days=9))
    child = draw(st.sampled_from(["ada", "ben"]))
    kinds = ["child_protection", "child_in_need"]
    decision = draw(st.sampled_from(["lower_level", "close_concern", "refuse_referral"]))
    choice = [
        PlanStarted(
            **when,
            plan=draw(st.sampled_from(["p", "q"])),
            kind=draw(st.sampled_from(kinds)),
            children=draw(st.sampled_from([("ada",), ("ada", "ben")])),
            no_access=draw(st.sampled_from([None, NoAccess()])),
            actions=draw(st.sampled_from([(), (due,)])),
        ),
        PlanEnded(**when, plan=draw(st.sampled_from(["p", "q"]))),
        Arrival(**when, kind=draw(st.sampled_from(["pregnancy", "discharge"])), child="cam"),
        ClosureRequest(**when, kind="close"),
        Disagreed(**when, reason="too soon"),
        Decision(**when, kind=decision, item="SLP-05", about=child, to="N", basis="told_by_parent"),
    ]
    if acts:
        rule = draw(st.sampled_from(["R01", "R04", "R05", "R08", "R11", "R26"]))
        on = f"e{draw(st.integers(0, 8))}"
        choice.append(Decision(**when, kind="decide", rule=rule, on=on, role="team_manager"))
        action = draw(st.sampled_from(["tell_manager", "child_seen", "review_run"]))
        choice.append(ActionDone(**when, action=action, rule=rule, on=on))
    return draw(st.sampled_from(choice))


@st.composite
def histories(draw: st.DrawFn, *, acts: bool = True) -> list[Event]:
    """Up to nine events, in no order; each received as it happened."""
    events: list[Event] = []
    hours = draw(st.lists(st.integers(0, 24 * 90), min_size=1, max_size=9, unique=True))
    for n, hour in enumerate(hours):
        at = START + timedelta(hours=hour)
        agency = draw(st.sampled_from(AGENCIES))
        when = {"id": f"e{n}", "at": at, "received_at": at, "agency": agency, "by": "someone"}
        kind = visits(when) if draw(st.integers(0, 2)) else others(when, acts)
        events.append(draw(kind))
    return events


def lived(events: list[Event]) -> engine.Case:
    """Each event received as it happened, the clocks run until all has happened."""
    case = engine.Case(HOME, BOOK)
    for event in sorted(events, key=lambda event: event.at):
        engine.receive(case, [event], event.at)
    engine.advance(case, LATE)
    return case


def received(events: list[Event]) -> engine.Case:
    """The events one after the other in the order given, all after everything had happened."""
    case = engine.Case(HOME, BOOK)
    for n, event in enumerate(events):
        at = LATE + timedelta(seconds=n)
        engine.receive(case, [replace(event, received_at=at)], at)
    engine.advance(case, LATE + timedelta(days=1))
    return case


Fact = tuple[str, str, str | None, str | None, str | None]


def facts(case: engine.Case, *but: str) -> set[Fact]:
    """What was found: each rule with each piece of evidence, whatever escalation holds it.

    Of R06 the child and the event that the time was counted from.
    """
    return {
        (escalation.rule, held.event, None, escalation.children[0], None)
        if escalation.rule == "R06"
        else (escalation.rule, held.event, held.item, held.about, held.action)
        for escalation in case.escalations
        for held in escalation.evidence
        if escalation.rule not in but
    }
