"""The case file: what authors write is read as they mean it; what does not fit is refused whole."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import facts, packs
from shared.casefile import BadCase, moved, read_case, to_doc
from shared.clocks import LONDON

SEEDS = Path(__file__).parents[2] / "seeds"
CASES = sorted(
    p for p in SEEDS.rglob("*.yaml") if p.name != "people.yaml" and p.parent.name != "packs"
)

HEAD = """\
format: threshold-case/1
id: example-1
title: One line
children:
  - {id: ada, born: 2026-01-10, gestation_weeks: 36, birth_weight_g: 2400, bottle_fed: true}
adults:
  - id: mother
events:
"""
VISIT = """\
  - id: e1
    type: visit
    at: 2026-02-03T10:30
    agency: health_visiting
    answers:
      - {item: ACC-01, answer: in}
"""
PLAN = """\
  - {id: p, type: plan, at: 2026-02-04T11:00, action: start, plan: p1, kind: child_protection,
     children: [ada], see_every: {working_days: 10}, conditions: [{code: no_access}],
     actions: [{code: cot_provided, who: visitor, due: 2026-02-20}]}
"""


def read(text, name="case.yaml"):
    raw = text if isinstance(text, bytes) else text.encode()
    return read_case(raw, checklist=packs.checklist(), name=name)


def events(text):
    return [event for event in read(HEAD + text).events[1:]]


def refusals(text, name="case.yaml"):
    with pytest.raises(BadCase) as bad:
        read(text, name)
    return bad.value.problems


def refusal(text):
    problems = refusals(text)
    assert len(problems) == 1, [str(each) for each in problems]
    return problems[0]


def test_the_household_comes_first_and_events_in_the_order_received():
    later = VISIT.replace("e1", "e0").replace("T10:30", "T10:30\n    received_at: 2026-02-05T09:00")
    case = read(HEAD + later + VISIT)
    assert [event.id for event in case.events] == ["household", "e1", "e0"]
    assert isinstance(case.events[0], facts.HouseholdRecorded)
    assert case.household.children[0].born == date(2026, 1, 10)
    assert case.household.adults == (facts.Adult(id="mother"),)


def test_events_received_together_keep_the_order_of_the_file():
    text = "".join(VISIT.replace("e1", f"e{n}") for n in (3, 1, 2))
    assert [event.id for event in events(text)] == ["e3", "e1", "e2"]


@pytest.mark.parametrize(
    ("said", "utc"),
    [
        ("2026-02-03T10:30", "2026-02-03T10:30+00:00"),
        ("2026-07-03T10:30", "2026-07-03T09:30+00:00"),
        ("2026-07-03 10:30", "2026-07-03T09:30+00:00"),
        ("2026-07-03T10:30:15", "2026-07-03T09:30:15+00:00"),
        ("2026-07-03T10:30Z", "2026-07-03T10:30+00:00"),
        ("2026-07-03T10:30+05:00", "2026-07-03T05:30+00:00"),
        ("2026-10-25T01:30", "2026-10-25T00:30+00:00"),  # twice that night; the first is meant
        ('"2026-02-03T10:30"', "2026-02-03T10:30+00:00"),
    ],
)
def test_times_are_london_when_they_carry_no_offset(said, utc):
    event = events(VISIT.replace("2026-02-03T10:30", said))[0]
    assert event.at == event.received_at == datetime.fromisoformat(utc)
    assert event.at.tzinfo is UTC


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("2026-02-30T10:30", "no date and time in the calendar"),
        ("2026-02-03T25:00", "no date and time in the calendar"),
        ("2026-03-29T01:30", "clocks went forward"),
        ("2026-02-03", "it takes a date and time"),
        ("yesterday", "it takes a date and time"),
        ("2026-02-03T10:30+99:00", "no date and time in the calendar"),
        ("1066-10-14T10:30", "too far off"),
        ("9999-12-31T23:59", "too far off"),
        ("20260203", "it takes a date and time"),
        ("[2026]", "it takes a date and time"),
        ("~", "this is missing"),
    ],
)
def test_a_time_without_meaning_is_refused(said, words):
    problem = refusal(HEAD + VISIT.replace("2026-02-03T10:30", said))
    assert words in problem.message
    assert (problem.line, problem.path) == (11, "events[0].at")


def test_a_plan_action_dated_without_a_time_is_due_at_five():
    plan = events(VISIT + PLAN)[1]
    assert isinstance(plan, facts.PlanStarted)
    assert plan.actions[0].due == datetime(2026, 2, 20, 17, 0, tzinfo=LONDON)
    assert plan.no_access == facts.NoAccess()
    assert plan.see_every == 10


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ("{item: ACC-04, answer: no}", ("no",)),
        ("{item: ACC-04, answer: [no, putoff]}", ("no", "putoff")),
        ("{item: ENG-05, answer: N}", "N"),
        ("{item: FED-03, answer: yes}", "yes"),
        ("{item: HLT-05, answer: 2}", 2),
        ("{item: HLT-05, answer: key}", "key"),
        ("{item: SLP-09, answer: 25.5}", 25.5),
        ("{item: PAR-01, answer: none}", ("none",)),
        ("{item: SLP-07, answer: [plain, alc]}", ("plain", "alc")),
        ("{item: CHD-04, answer: Put down at seven.}", "Put down at seven."),
    ],
)
def test_answers_are_read_as_their_author_means_them(answer, value):
    visit = events(VISIT + f"      - {answer}\n")[0]
    assert isinstance(visit, facts.Visit)
    assert visit.answers[1].value == value
    assert visit.answers[1].basis == "seen"
    child = packs.checklist().items[visit.answers[1].item].per == "child"
    assert visit.answers[1].about == ("ada" if child else None)


def test_a_basis_left_out_on_a_report_is_from_the_record():
    report = VISIT.replace("type: visit", "type: report").replace("health_visiting", "hospital")
    event = events(report)[0]
    assert isinstance(event, facts.Report)
    assert event.answers[0].basis == "from_record"


TWINS = HEAD.replace("adults:", "  - {id: ben, born: 2026-01-10}\nadults:")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("{item: SLP-99, answer: wet}", ["no item 'SLP-99'", "Did you mean"]),
        ("{item: SLP-05, answer: wett}", ["no answer 'wett'", "Did you mean 'wet'?"]),
        ("{item: SLP-05, answer: wet, about: eda}", ["no child", "Did you mean 'ada'?"]),
        ("{item: SLP-05, answer: wet, basis: sene}", ["not one of", "Did you mean 'seen'?"]),
        ("{item: SLP-05, anser: wet}", ["no key 'anser'", "Did you mean 'answer'?"]),
        ("{item: HYG-02, answer: ok, about: ada}", ["about the household"]),
        ("{item: SLP-09, answer: true}", ["a word, a list of words or a number"]),
        ("{item: HLT-05, answer: true}", ["a word, a list of words or a number"]),
        ("{item: SLP-09, answer: NaN}", ["no answer 'NaN'", "a number or unk"]),
        ("{item: SLP-09, answer: '25'}", ["a number or unk"]),
        ("{item: SLP-05, answer: [wet, stain]}", ["takes one answer"]),
        ("{item: SLP-05, answer: ~}", ["a word, a list of words or a number"]),
        ("{item: SLP-07, answer: []}", ["at least one"]),
        ("{item: SLP-07, answer: [alc, alc]}", ["more than once"]),
        ("{item: HLT-05, answer: -1}", ["cannot be -1"]),
        ("{item: 5, answer: wet}", ["takes words"]),
        ("wet", ["keys and values"]),
        ("{item: SLP-05, answer: wet, note: 12}", ["takes words (in quotes"]),
        ("{item: ACC-01, answer: out}", ["must answer ACC-01", "once"]),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_where_it_is(answer, words):
    problems = refusals(HEAD + VISIT + f"      - {answer}\n")
    assert any(all(word in str(each) for word in words) for each in problems), problems
    assert "ACC-01" in words[0] or problems[0].line == 15


def test_which_of_several_children_must_be_said():
    problem = refusal(TWINS + VISIT + "      - {item: SLP-05, answer: wet}\n")
    assert "needs 'about'" in problem.message


def test_a_visit_must_answer_the_first_question():
    without = VISIT.replace("ACC-01, answer: in", "ACC-02, answer: ann")
    assert "ACC-01" in refusal(HEAD + without).message
    empty = VISIT.replace("      - {item: ACC-01, answer: in}\n", "      []\n")
    assert "at least one answer" in refusal(HEAD + empty).message


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("format: threshold-case/1", "format: threshold-case/2", 1, "threshold-case/1"),
        ("id: example-1", "id: example 1", 2, "letters, digits"),
        ("id: example-1", "id: 7", 2, "letters, digits"),
        ("title: One line", "titel: One line", 3, "Did you mean 'title'?"),
        ("title: One line", "title: 2022", 3, "takes words"),
        ("title: One line", "sources: a book", 3, "a list of words"),
        ("born: 2026-01-10", "born: 2026-02-30", 5, "no date in the calendar"),
        ("born: 2026-01-10", "born: 2026-01-10T10:00", 5, "takes a date"),
        ("born: 2026-01-10, ", "", 5, "born, or due"),
        ("born:", "bron:", 5, "Did you mean 'born'?"),
        ("gestation_weeks: 36", "gestation_weeks: true", 5, "whole number"),
        ("gestation_weeks: 36", "gestation_weeks: 36.5", 5, "whole number"),
        ("gestation_weeks: 36", "gestation_weeks: 360", 5, "from 20 to 45"),
        ("bottle_fed: true", "bottle_fed: yes", 5, "true or false"),
        ("id: mother", "id: ada", 7, "used twice"),
        ("id: mother", "id: [ada]", 7, "takes words"),
        ("id: mother", "mother", 7, "keys and values"),
        ("type: visit", "type: vist", 10, "Did you mean 'visit'?"),
        ("type: visit", "type: household", 10, "no type of event"),
        ("type: visit", "type: 3", 10, "no type of event"),
        ("agency: health_visiting", "agency: helth_visiting", 12, "Did you mean 'health_visiting'"),
        ("agency: health_visiting", "agncy: health_visiting", 12, "Did you mean 'agency'?"),
        ("agency: health_visiting", "by: hv-1", 9, "missing"),
        ("agency: health", "received_at: 2026-02-02T09:00\n    agency: health", 12, "before it"),
        ("id: e1", "id: a b", 9, "is no id"),
        ("id: e1", "id: 12", 9, "takes words"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_line(old, new, line, words):
    text = (HEAD + VISIT).replace(old, new, 1)
    problems = refusals(text)
    assert any(each.line == line and words in each.message for each in problems), problems


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ("{id: e1, type: disagree, at: 2026-02-04T10:00, reason: x}", "used already, on line 9"),
        ("{id: x, type: birth, at: 2026-02-04T10:00, child: adda}", "Did you mean 'ada'?"),
        ("{id: x, type: plan, at: 2026-02-05T10:00, action: end, plan: p2}", "no plan 'p2'"),
        ("{id: x, type: plan, at: 2026-02-03T10:00, action: end, plan: p1}", "not in force"),
        (
            "{id: x, type: plan, at: 2026-02-04T10:00, action: start, plan: p1, kind: care, "
            "children: [ada]}",
            "started already",
        ),
        ("{id: x, type: acknowledge, at: 2026-02-04T10:00, rule: R03, on: e9}", "no event 'e9'"),
        ("{id: x, type: acknowledge, at: 2026-02-04T10:00, rule: R99, on: e1}", "no rule 'R99'"),
        ("{id: x, type: acknowledge, at: 2026-02-04T10:00, rule: R24, on: e1}", "no rule 'R24'"),
        (
            "{id: x, type: acknowledge, at: 2026-02-04T10:00, rule: R03, on: e1, role: manager}",
            "is not one of visitor",
        ),
        (
            "{id: x, type: action_done, at: 2026-02-04T10:00, rule: R03, on: e1, "
            "action: call_polise}",
            "Did you mean 'call_police'?",
        ),
        (
            "{id: x, type: action_done, at: 2026-02-04T10:00, plan: p1, action: cot}",
            "no action of plan p1 'cot'",
        ),
        ("{id: x, type: action_done, at: 2026-02-04T10:00, action: cot}", "names the escalation"),
        (
            "{id: x, type: decision, at: 2026-02-04T10:00, kind: lower_level, item: SLP-5, to: N, "
            "about: ada}",
            "Did you mean 'SLP-05'?",
        ),
        (
            "{id: x, type: decision, at: 2026-02-04T10:00, kind: close_concern, item: SLP-05, "
            "about: mother}",
            "about one child",
        ),
        ("{id: x, type: decision, at: 2026-02-04T10:00, kind: decide}", "needs this"),
        ("{id: x, type: closure_request, at: 2026-02-04T10:00, kind: stepdown}", "step_down"),
        ("{id: x, type: closure_request, at: 2026-02-04T10:00, kind: step_down}", "which plan"),
        ("visit", "keys and values"),
    ],
)
def test_references_to_nothing_are_refused(event, words):
    problems = refusals(HEAD + VISIT + PLAN + f"  - {event}\n")
    assert any(words in each.message for each in problems), problems


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("conditions: [{code: no_access}]", "conditions: [{code: noaccess}]", "no_access"),
        ("{code: no_access}", "{code: no_access, outcomes: [refusd]}", "Did you mean 'refused'?"),
        ("{code: no_access}", "{code: no_access, outcomes: []}", "1 to"),
        ("who: visitor", "who: vistor", "Did you mean 'visitor'?"),
        ("due: 2026-02-20", "due: 2026-02-31", "no date in the calendar"),
        ("due: 2026-02-20", "due: soon", "it takes a date"),
        ("kind: child_protection", "kind: child_protecton", "Did you mean 'child_protection'?"),
        ("children: [ada]", "children: [eda]", "Did you mean 'ada'?"),
        ("children: [ada]", "children: ada", "takes a list"),
        ("{working_days: 10}", "10", "keys and values"),
        ("{working_days: 10}", "{working_days: 0}", "from 1 to 260"),
    ],
)
def test_a_plan_that_does_not_fit_is_refused(old, new, words):
    problems = refusals(HEAD + VISIT + PLAN.replace(old, new))
    assert any(words in each.message for each in problems), problems


def test_a_plan_may_end_and_begin_again():
    end = "  - {id: x, type: plan, at: 2026-03-04T11:00, action: end, plan: p1}\n"
    again = PLAN.replace("id: p,", "id: q,").replace("2026-02-04", "2026-03-05")
    assert len(events(VISIT + PLAN + end + again)) == 4


def test_a_pregnancy_is_of_a_child_not_yet_born():
    head = HEAD.replace("adults:", "  - {id: bea, due: 2026-06-01}\nadults:")
    case = read(head + "  - {id: e5, type: pregnancy, at: 2026-02-04T10:00, child: bea}\n")
    assert case.events[1] == facts.Arrival(
        id="e5",
        at=datetime(2026, 2, 4, 10, tzinfo=UTC),
        received_at=datetime(2026, 2, 4, 10, tzinfo=UTC),
        kind="pregnancy",
        child="bea",
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "empty"),
        (b"# nothing\n", "no document"),
        (b"- 1", "keys and values"),
        (b"7", "keys and values"),
        (b"\xef\xbb\xbfformat: x", "byte order mark"),
        ((HEAD + VISIT).encode("utf-16"), "not UTF-8"),
        (HEAD.encode() + b"  - \xff", "not UTF-8"),
        (b"a: " + b"[" * 10_000, "nested"),
        (b'{"a":' * 10_000, "nested"),
        (b"a: &a [x]\nb: [*a, *a]", "anchors"),
        (b"a: !!python/name:os.system ", "tags"),
        (b"x" * 2_000_001, "too large"),
        (b"a: 1\na: 2", "used twice"),
        (b"\x00\x00", "cannot be kept"),
        (HEAD.encode(), "at least one event"),
        (HEAD.replace("events:", "events: {}").encode(), "at least one event"),
        ((HEAD.split("children:")[0] + "events: []").encode(), "at least one child"),
    ],
)
def test_hostile_files_are_refused(text, words):
    for name in ("case.yaml", "case.json", "case"):
        problems = refusals(text, name)
        assert name == "case.json" or any(words in each.message for each in problems), problems


def test_several_problems_are_told_at_once_and_their_number_is_capped():
    text = HEAD.replace("title", "titel") + VISIT.replace("in}", "inn}").replace(
        "visit\n", "vist\n"
    )
    assert len(refusals(text)) == 2
    many = "".join(VISIT.replace("e1", f"e{n}").replace("in}", "inn}") for n in range(50))
    with pytest.raises(BadCase) as bad:
        read(HEAD + many)
    assert len(bad.value.problems) == 20
    assert bad.value.more == 30
    assert "case.yaml: line 14: events[0].answers[0]: ACC-01" in str(bad.value)
    assert str(bad.value).endswith("case.yaml: and 30 more")


ASSUMED = HEAD.replace("ada, born", "ada, assumed: the day, born") + VISIT.replace(
    "    agency", "    assumed: 'the date, and who came'\n    agency"
)


def test_what_is_assumed_is_a_remark_and_no_part_of_the_event():
    case = read(ASSUMED)
    assert case.assumed == {"e1": "the date, and who came"}
    assert case.births_assumed == {"ada": "the day"}
    assert case.events == read(HEAD + VISIT).events
    assert read(json.dumps(to_doc(case)).encode(), "case.json") == case
    later = moved(case, 3, lambda event: f"new-{event.id}")
    assert later.assumed == {"new-e1": "the date, and who came"}
    assert later.births_assumed == case.births_assumed


@pytest.mark.parametrize("value", ["true", "''", "' '", "3", "[the date]", "", "x" * 301])
@pytest.mark.parametrize(
    ("said", "place"), [("'the date, and who came'", "events[0]"), ("the day", "children[0]")]
)
def test_what_is_assumed_is_said_in_words(value, said, place):
    problem = refusal(ASSUMED.replace(f"assumed: {said}", f"assumed: {value}"))
    assert problem.path == f"{place}.assumed"
    assert "words" in problem.message


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_case_file_goes_to_json_and_back(path):
    case = read(path.read_bytes(), path.name)
    raw = json.dumps(to_doc(case)).encode()
    assert read(raw, "case.json") == case
    assert case.id == path.stem


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
@pytest.mark.parametrize("days", [-400, 0, 131])
def test_a_case_can_be_moved_in_time(path, days):
    case = read(path.read_bytes())
    later = moved(case, days, lambda event: f"new-{event.id}")
    for old, new in zip(case.events, later.events, strict=True):
        assert new.id == f"new-{old.id}"
        apart = new.at.astimezone(LONDON).replace(tzinfo=None) - old.at.astimezone(LONDON).replace(
            tzinfo=None
        )
        assert apart == timedelta(days=days)
        if getattr(old, "on", None):
            assert new.on == f"new-{old.on}"
    assert moved(later, -days, lambda event: event.id.removeprefix("new-")) == case
    for old_child, new_child in zip(case.household.children, later.household.children, strict=True):
        if old_child.born:
            assert (new_child.born - old_child.born).days == days
    recorded = later.events[0]
    assert isinstance(recorded, facts.HouseholdRecorded)
    assert recorded.household == later.household


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
SOUND = to_doc(read(HEAD + VISIT + PLAN))
PATHS = [
    (),
    ("format",),
    ("id",),
    ("sources",),
    ("children",),
    ("children", 0),
    ("children", 0, "id"),
    ("children", 0, "born"),
    ("adults",),
    ("events",),
    ("events", 0),
    ("events", 0, "id"),
    ("events", 0, "type"),
    ("events", 0, "at"),
    ("events", 0, "received_at"),
    ("events", 0, "answers"),
    ("events", 0, "answers", 0),
    ("events", 0, "answers", 0, "item"),
    ("events", 0, "answers", 0, "answer"),
    ("events", 1, "plan"),
    ("events", 1, "children"),
    ("events", 1, "see_every"),
    ("events", 1, "conditions"),
    ("events", 1, "actions"),
    ("events", 1, "actions", 0),
    ("events", 1, "actions", 0, "due"),
]


@given(st.sampled_from(PATHS), VALUES)
def test_anything_anywhere_is_read_or_refused(path, value):
    doc = json.loads(json.dumps(SOUND))
    at = doc
    for step in path[:-1]:
        at = at[step]
    if path:
        at[path[-1]] = value
    else:
        doc = value
    for name in ("case.json", "case.yaml"):
        try:
            read(json.dumps(doc).encode(), name)
        except BadCase as bad:
            assert bad.problems
            assert str(bad)
