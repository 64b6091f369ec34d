"""What holds whatever happens to a family: repeatability, order of receipt, and no take-backs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared import engine, packs
from shared.checklist import Checklist
from shared.facts import (
    Adult,
    Answer,
    Child,
    Event,
    Household,
    NoAccess,
    PlanStarted,
    Report,
    Visit,
)

BOOK = packs.book()
HOME = Household(
    id="family",
    children=(Child(id="ada", born=date(2026, 1, 10)), Child(id="ben", born=date(2023, 5, 1))),
    adults=(Adult(id="mother"),),
)
START = datetime(2026, 1, 12, 9, tzinfo=UTC)


def about(item: str, checklist: Checklist) -> st.SearchStrategy[str | None]:
    per = checklist.items[item].per
    if per == "child":
        return st.sampled_from(["ada", "ben"])
    return st.just("mother" if per == "adult" else None)


@st.composite
def answer(draw: st.DrawFn) -> Answer:
    kinds = ("choice", "multi")
    items = [
        c
        for c, i in BOOK.checklist.items.items()
        if i.kind in kinds and i.section in ("ACC", "SLP", "HYG", "SAF")
    ]
    item = draw(st.sampled_from(items))
    code = draw(st.sampled_from([o.code for o in BOOK.checklist.items[item].options]))
    return Answer(
        item=item,
        value=(code,) if BOOK.checklist.items[item].kind == "multi" else code,
        about=draw(about(item, BOOK.checklist)),
        basis=draw(st.sampled_from(["seen", "told_by_parent"])),
    )


@st.composite
def history(draw: st.DrawFn) -> list[Event]:
    events: list[Event] = []
    hours = draw(st.lists(st.integers(0, 24 * 90), min_size=1, max_size=9, unique=True))
    for n, hour in enumerate(hours):
        at = START + timedelta(hours=hour)
        said = draw(st.lists(answer(), max_size=4, unique_by=lambda a: (a.item, a.about)))
        entry = tuple(a for a in said if a.item != "ACC-01")
        outcome = draw(st.sampled_from(["in", "out", "refused", "hide"]))
        when = {"id": f"e{n}", "at": at, "received_at": at, "agency": "health_visiting", "by": "hv"}
        if n == 0 and draw(st.booleans()):
            plan = {"plan": "p", "kind": "child_protection", "children": ("ada",)}
            events.append(PlanStarted(**when, **plan, no_access=NoAccess()))
        elif draw(st.booleans()):
            events.append(Visit(**when, answers=(Answer(item="ACC-01", value=outcome), *entry)))
        else:
            events.append(Report(**{**when, "agency": "hospital"}, answers=entry))
    return events


def judged(events: list[Event]) -> engine.Case:
    """All events received one after the other, after everything had happened."""
    case = engine.Case(HOME, BOOK)
    late = START + timedelta(days=120)
    for n, event in enumerate(events):
        received = late + timedelta(seconds=n)
        engine.receive(case, [replace(event, received_at=received)], received)
    return case


def facts(case: engine.Case) -> set[tuple[str, str, str | None, str | None]]:
    """What was found: each rule with each piece of evidence, whatever escalation holds it."""
    return {
        (escalation.rule, held.event, held.item, held.about)
        for escalation in case.escalations
        for held in escalation.evidence
        if escalation.rule not in ("R18", "R26")
    }


@given(history())
def test_the_same_events_give_the_same_case(events):
    first, again = judged(events), judged(events)
    assert [e.to_doc() for e in first.escalations] == [e.to_doc() for e in again.escalations]


@given(history(), st.randoms(use_true_random=False))
def test_any_order_of_receipt_leaves_every_fact_that_the_order_of_happening_fires(events, random):
    happened = sorted(events, key=lambda event: event.at)
    received = events[:]
    random.shuffle(received)
    assert facts(judged(happened)) <= facts(judged(received))


@given(history(), answer())
def test_adding_a_concern_never_removes_a_fact(events, more):
    last = max(event.at for event in events)
    extra = Visit(
        id="extra",
        at=last - timedelta(hours=1),
        received_at=last,
        answers=(Answer(item="ACC-01", value="in"), *([more] if more.item != "ACC-01" else [])),
    )
    assert facts(judged(events)) <= facts(judged([*events, extra]))


@given(history())
def test_a_case_stored_and_loaded_goes_on_the_same(events):
    half = len(events) // 2
    whole = judged(events)
    late = START + timedelta(days=120)
    first = judged(events[:half])
    stored = [escalation.to_doc() for escalation in first.escalations]
    held = [e.event for e in sorted(first.history.entries, key=lambda entry: entry.order[-1])]
    case = engine.load(HOME, BOOK, held, stored, first.now)
    for n, event in enumerate(events[half:], half):
        received = late + timedelta(seconds=n)
        engine.receive(case, [replace(event, received_at=received)], received)
    assert [e.to_doc() for e in case.escalations] == [e.to_doc() for e in whole.escalations]


@given(history(), st.lists(st.integers(0, 400), max_size=5))
def test_when_the_clock_is_looked_at_does_not_matter(events, hours):
    late = START + timedelta(days=120)
    end = late + timedelta(days=30)
    once, often = judged(events), judged(events)
    engine.advance(once, end)
    for hour in sorted(hours):
        engine.advance(often, late + timedelta(hours=hour))
    engine.advance(often, end)
    assert [e.to_doc() for e in once.escalations] == [e.to_doc() for e in often.escalations]


@given(history())
def test_no_significant_answer_is_silent(events):
    case = judged(events)
    spoken = {(h.event, h.item, h.about) for e in case.escalations for h in e.evidence}
    for entry in case.history.entries:
        for seen in entry.observations:
            if seen.rank >= 2:
                assert (seen.event.id, seen.item, seen.about) in spoken
