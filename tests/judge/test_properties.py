"""What holds whatever happens to a family: repeatability, order of receipt, and no take-backs."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from shared import engine, packs, wire
from shared.facts import Report, Visit
from tests.judge.histories import (
    BOOK,
    HOME,
    LATE,
    answers,
    facts,
    histories,
    lived,
    received,
)


def docs(case: engine.Case) -> list[dict[str, object]]:
    return [escalation.to_doc() for escalation in case.escalations]


def for_whom(case: engine.Case, *but: str) -> set[tuple[str, str]]:
    """Each rule that fired, with each child it fired for."""
    return {(e.rule, child) for e in case.escalations for child in e.children if e.rule not in but}


@given(histories())
def test_the_same_events_give_the_same_case(events):
    assert docs(lived(events)) == docs(lived(events))
    assert docs(received(events)) == docs(received(events))


@given(histories(acts=False), st.randoms(use_true_random=False))
def test_any_order_of_receipt_leaves_every_fact_that_the_order_of_happening_fires(events, random):
    shuffled = events[:]
    random.shuffle(shuffled)
    assert facts(lived(events)) <= facts(received(shuffled))


@given(histories(), st.randoms(use_true_random=False))
def test_and_where_people_acted_all_but_what_became_overdue(events, random):
    """One act answers all that was asked by then, so what is grouped decides what is overdue."""
    shuffled = events[:]
    random.shuffle(shuffled)
    assert facts(lived(events), "R18", "R17") <= facts(received(shuffled))


@given(histories(), answers(), st.integers(0, 24 * 90))
def test_adding_a_concern_never_removes_a_fact(events, more, hour):
    """Not R26, which says that no other rule has: another may now. R06 (and what R18 says of its
    actions) may count from the new concern, so there the rule and the child are compared."""
    assume(BOOK.checklist.meaning(more.item, more.value).rank >= 1)
    first = min(event.at for event in events)
    at = first + timedelta(hours=hour)
    extra = Report(
        id="extra",
        at=at,
        received_at=at,
        agency="gp",
        answers=(replace(more, basis="told_by_parent"),),
    )
    before, after = lived(events), lived([*events, extra])
    assert facts(before, "R06", "R18", "R26") <= facts(after)
    assert for_whom(before, "R26") <= for_whom(after)


@given(histories(), st.data())
def test_removing_a_seen_better_answer_never_removes_a_fact(events, data):
    """Taken out: an answer at N or L that was seen, of an item that could have been worse."""
    found = [
        (event, answer)
        for event in events
        if isinstance(event, Visit | Report)
        for answer in event.answers
        if answer.basis == "seen"
        and answer.item not in ("ACC-01", "ACC-02")
        and BOOK.checklist.meaning(answer.item, answer.value).level == "N"
    ]
    if not found:
        return
    event, answer = data.draw(st.sampled_from(found))
    kept = tuple(each for each in event.answers if each is not answer)
    fewer = [replace(e, answers=kept) if e is event else e for e in events]
    gained = facts(lived(events), "R13", "R26") - facts(lived(fewer))
    assert gained == set()


@given(histories())
def test_a_case_stored_and_loaded_goes_on_the_same(events):
    half = len(events) // 2
    whole = received(events)
    first = engine.Case(HOME, BOOK)
    held = []
    for n, event in enumerate(events[:half]):
        at = LATE + timedelta(seconds=n)
        held.append(replace(event, received_at=at))
        engine.receive(first, held[-1:], at)
    case = engine.load(HOME, BOOK, held, docs(first), first.now)
    for n, event in enumerate(events[half:], half):
        at = LATE + timedelta(seconds=n)
        engine.receive(case, [replace(event, received_at=at)], at)
    engine.advance(case, LATE + timedelta(days=1))
    assert docs(case) == docs(whole)


@given(histories(), st.lists(st.integers(0, 24 * 150), max_size=5))
def test_when_the_clock_is_looked_at_does_not_matter(events, hours):
    often = engine.Case(HOME, BOOK)
    first = min(event.at for event in events)
    looks = sorted(first + timedelta(hours=hour) for hour in hours)
    for event in sorted(events, key=lambda event: event.at):
        for look in [look for look in looks if look < event.at]:
            engine.advance(often, look)
        engine.receive(often, [event], event.at)
    for look in looks:
        if look > max(event.at for event in events):
            engine.advance(often, look)
    engine.advance(often, LATE)
    assert docs(often) == docs(lived(events))


@given(histories())
def test_repetition_changes_nothing(events):
    """A clock looked at twice, and the same visit assessed twice, leave the case as it was."""
    case = lived(events)
    before = docs(case)
    engine.advance(case, LATE)
    for event in events:
        if isinstance(event, Visit | Report):
            again = replace(event, id="again", at=LATE, received_at=LATE)
            assert engine.assess(case, again) == engine.assess(case, again)
    assert docs(case) == before


ON_THE_PHONE = packs.from_documents(json.loads(json.dumps(packs.documents())))
ON_DEVICE = {rule.id for rule in BOOK.rules.rules if rule.on_device}


@given(histories())
def test_the_phone_says_before_leaving_what_the_office_says_when_it_comes(events):
    """From the packs and events as they crossed the network; its own rules, each with its proof."""
    last = max(events, key=lambda event: event.at)
    if not isinstance(last, Visit):
        return
    earlier = [event for event in events if event is not last]
    office = lived(earlier) if earlier else engine.Case(HOME, BOOK)
    pulled = [
        wire.event_from_doc(wire.event_to_doc("family", event), event.received_at)[1]
        for event in sorted(earlier, key=lambda event: event.at)
    ]
    phone = engine.load(HOME, ON_THE_PHONE, pulled, docs(office), office.now)
    shown = {
        (finding.rule.id, each.event, each.item, each.about, None)
        for finding in engine.assess(phone, last)
        for each in finding.evidence
        if finding.rule.id in ON_DEVICE
    }
    engine.receive(office, [last], LATE)
    others = {rule.id for rule in BOOK.rules.rules} - ON_DEVICE
    assert facts(office, *others) - facts(lived(earlier), *others) <= shown
    assert shown <= facts(office, *others)
    assert docs(phone) == docs(lived(earlier))


@given(histories())
def test_no_significant_answer_is_silent(events):
    case = received(events)
    spoken = {(h.event, h.item, h.about) for e in case.escalations for h in e.evidence}
    for entry in case.history.entries:
        for seen in entry.observations:
            if seen.rank >= 2:
                assert (seen.event.id, seen.item, seen.about) in spoken


@given(histories())
def test_what_was_never_answered_is_never_taken_for_no(events):
    """Answering N where there was a blank can only close what was open, never raise more."""
    visits = [event for event in events if isinstance(event, Visit)]
    case = lived(events)
    for event in visits:
        for unknown in engine.cannot_tell(case, event.id):
            assert unknown.questions
            answered = {(answer.item, answer.about) for answer in event.answers}
            levels = {
                (a.item, a.about): BOOK.checklist.meaning(a.item, a.value).level
                for a in event.answers
            }
            for question in unknown.questions:
                assert (
                    question not in answered or levels[question] == "U" or question[0] == "HLT-02"
                )
