"""Documents: every event goes out and comes back whole, and nothing hostile gets further."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import facts
from shared.wire import (
    BadDocument,
    aad_of,
    content_hash,
    encode,
    event_from_doc,
    event_to_doc,
    place,
)

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
VISIT = {
    "v": 1,
    "type": "visit",
    "id": "e1",
    "household": "family-1",
    "at": "2026-02-03T10:30:00+00:00",
    "by": "hv-1",
    "agency": "health_visiting",
    "answers": [{"item": "ACC-01", "answer": "in"}],
}
COMMON = {key: VISIT[key] for key in ("v", "id", "household", "at")}
PLAN = {
    **COMMON,
    "type": "plan",
    "action": "start",
    "plan": "p1",
    "kind": "child_protection",
    "children": ["ada"],
}


def problems(doc):
    with pytest.raises(BadDocument) as refused:
        event_from_doc(doc, NOW)
    return {place(path): words for path, words in refused.value.problems}


@given(st.data())
def test_every_event_goes_out_and_comes_back(any_event, data):
    event = data.draw(any_event)
    raw = encode(event_to_doc("family-1", event))
    household, back = event_from_doc(json.loads(raw), event.received_at)
    assert (household, back) == ("family-1", event)
    assert encode(event_to_doc(household, back)) == raw
    assert "received_at" not in json.loads(raw)


def test_the_encoding_is_the_same_whatever_the_order_and_spelling():
    doc = event_to_doc("family-1", event_from_doc(VISIT, NOW)[1])
    turned = dict(reversed(list(doc.items())))
    assert encode(doc) == encode(turned)
    assert encode({"b": 1, "a": "é"}) == '{"a":"é","b":1}'.encode()
    assert content_hash(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    with pytest.raises(ValueError):
        encode({"a": float("nan")})
    assert aad_of("e1") == b"threshold-event/1|e1"


def test_moments_are_held_in_utc_and_the_office_says_when_it_received():
    event = event_from_doc(VISIT | {"at": "2026-07-01T10:30+01:00"}, NOW)[1]
    assert event.at == datetime(2026, 7, 1, 9, 30, tzinfo=UTC)
    assert (event.at.tzinfo, event.received_at) == (UTC, NOW)
    assert "received_at" in problems(VISIT | {"received_at": "2026-02-03T10:30:00+00:00"})


def test_a_basis_left_out_is_seen_on_a_visit_and_from_record_on_a_report():
    visit = event_from_doc(VISIT, NOW)[1]
    report = event_from_doc(VISIT | {"type": "report", "agency": "hospital"}, NOW)[1]
    assert isinstance(visit, facts.Visit) and visit.answers[0].basis == "seen"
    assert isinstance(report, facts.Report) and report.answers[0].basis == "from_record"


def test_outcomes_left_out_are_those_of_the_rule():
    event = event_from_doc(PLAN | {"conditions": [{"code": "no_access"}]}, NOW)[1]
    assert isinstance(event, facts.PlanStarted)
    assert event.no_access == facts.NoAccess()
    without = event_from_doc(PLAN, NOW)[1]
    assert isinstance(without, facts.PlanStarted) and without.no_access is None


@pytest.mark.parametrize(
    ("change", "where", "words"),
    [
        ({"v": 2}, "v", "whole number"),
        ({"v": True}, "v", "whole number"),
        ({"type": "vist"}, "type", "Did you mean 'visit'?"),
        ({"type": ["visit"]}, "type", "is no type of event"),
        ({"id": ""}, "id", "is no id"),
        ({"id": "a b"}, "id", "is no id"),
        ({"id": 7}, "id", "takes words"),
        ({"at": "2026-02-03T10:30"}, "at", "with offset"),
        ({"at": "2026-02-30T10:30+00:00"}, "at", "no date and time"),
        ({"at": "2026-02-03T10:30+99:00"}, "at", "no date and time"),
        ({"at": "0001-01-01T00:00+14:00"}, "at", "no date and time"),
        ({"at": "1066-10-14T10:30+00:00"}, "at", "too far off"),
        ({"at": 5}, "at", "with offset"),
        ({"by": "x" * 201}, "by", "200 characters"),
        ({"by": None}, "by", "cannot be empty"),
        ({"agency": "helth_visiting"}, "agency", "Did you mean 'health_visiting'?"),
        ({"answrs": []}, "answrs", "Did you mean 'answers'?"),
        ({"answers": {}}, "answers", "list of answers"),
        ({"answers": [3]}, "answers[0]", "keys and values"),
        ({"answers": [{}]}, "answers[0].answer", "missing"),
        ({"answers": [{"item": "A", "answer": True}]}, "answers[0].answer", "a word, a list"),
        ({"answers": [{"item": "A", "answer": None}]}, "answers[0].answer", "a word, a list"),
        ({"answers": [{"item": "A", "answer": float("nan")}]}, "answers[0].answer", "ordinary"),
        ({"answers": [{"item": "A", "answer": 10**400}]}, "answers[0].answer", "ordinary"),
        ({"answers": [{"item": "A", "answer": []}]}, "answers[0].answer", "at least one"),
        ({"answers": [{"item": "A", "answer": ["a", 1]}]}, "answers[0].answer", "holds words"),
        ({"answers": [{"item": "A", "answer": "in", "basis": "sean"}]}, "answers[0].basis", "seen"),
        ({"answers": [{"item": "A", "answer": "in", "basis": []}]}, "answers[0].basis", "seen"),
        ({"answers": [{"item": "A", "answer": "in", "abuot": "x"}]}, "answers[0].abuot", "about"),
        ({"answers": [{"item": "A", "answer": "in", "note": 3}]}, "answers[0].note", "words"),
        ({"answers": [{"item": "A", "answer": "a\x00"}]}, "answers[0].answer", "U+0000"),
        ({"answers": [{"item": "A", "answer": "in", "note": "\u202e"}]}, "answers[0].note", "202E"),
        ({"answers": [{"item": "A", "answer": "in"}] * 501}, "answers", "more than 500"),
        ({"shown": "R03"}, "shown", "a list"),
        ({"shown": ["R03", {}]}, "shown[1]", "takes words"),
    ],
)
def test_what_is_wrong_with_a_visit_is_said_where_it_is(change, where, words):
    found = problems(VISIT | change)
    assert words in found[where], found


@pytest.mark.parametrize(
    ("doc", "where"),
    [
        ({**COMMON, "type": "visit", "agency": "gp"}, "answers"),
        ({**COMMON, "type": "visit", "answers": []}, "agency"),
        ({**PLAN, "kind": "child_protecton"}, "kind"),
        ({**PLAN, "children": []}, "children"),
        ({**PLAN, "see_every": {"working_days": 0}}, "see_every.working_days"),
        ({**PLAN, "see_every": 10}, "see_every"),
        ({**PLAN, "conditions": [{"code": "noaccess"}]}, "conditions[0].code"),
        ({**PLAN, "conditions": [{"code": "no_access", "outcomes": []}]}, "conditions[0].outcomes"),
        ({**PLAN, "conditions": [{"code": "no_access"}] * 2}, "conditions"),
        ({**PLAN, "actions": [{"code": "x", "who": "vistor"}]}, "actions[0].who"),
        ({**PLAN, "action": "end"}, "kind"),
        ({**COMMON, "type": "plan", "action": "start", "plan": "p1"}, "children"),
        ({**COMMON, "type": "birth"}, "child"),
        ({**COMMON, "type": "closure_request", "kind": "step_down"}, "plan"),
        ({**COMMON, "type": "decision", "kind": "decide"}, "rule"),
        ({**COMMON, "type": "decision", "kind": "lower_level", "item": "SLP-05"}, "to"),
        (
            {**COMMON, "type": "decision", "kind": "decide", "rule": "R1", "on": "e", "to": "I"},
            "to",
        ),
        ({**COMMON, "type": "disagree", "reason": " "}, "reason"),
        ({**COMMON, "type": "acknowledge", "rule": "R03"}, "on"),
        ({**COMMON, "type": "action_done", "action": "x"}, "action"),
        ({**COMMON, "type": "action_done", "action": "x", "rule": "R03"}, "action"),
        (
            {**COMMON, "type": "household", "household_record": {"children": [{"id": "a"}]}},
            "household_record.children[0].born",
        ),
        (
            {
                **COMMON,
                "type": "household",
                "household_record": {"adults": [{"id": "a"}, {"id": "a"}]},
            },
            "household_record.adults[1].id",
        ),
        (
            {
                **COMMON,
                "type": "household",
                "household_record": {
                    "children": [{"id": "a", "born": "2026-01-01", "bottle_fed": 1}]
                },
            },
            "household_record.children[0].bottle_fed",
        ),
    ],
)
def test_what_is_wrong_with_other_events_is_said_where_it_is(doc, where):
    assert where in problems(doc)


def test_all_problems_are_told_at_once():
    assert set(problems(VISIT | {"at": "x", "agency": "y", "extra": 1})) == {
        "at",
        "agency",
        "extra",
    }


def test_a_document_of_nothing_but_mistakes_is_soon_done_with():
    keys = {f"kye{n}": 1 for n in range(20_000)}
    assert len(problems(VISIT | keys)) <= 20
    assert len(problems(VISIT | {"answers": [keys] * 400})) <= 20 * 20


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*VISIT, *PLAN, "item", "x"]), inner, max_size=5)
    ),
    max_leaves=15,
)


@given(JSON, st.sampled_from([*VISIT, *PLAN]))
def test_hostile_documents_raise_nothing_else(value, key):
    for doc in (value, VISIT | {key: value}, PLAN | {key: value}):
        try:
            event_from_doc(doc, NOW)
        except BadDocument as refused:
            assert refused.problems
            assert all(isinstance(words, str) for _, words in refused.problems)
            assert str(refused)
