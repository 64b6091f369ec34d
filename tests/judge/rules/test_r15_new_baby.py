"""R15, an earlier concern and a new or unborn baby."""

from __future__ import annotations

import pytest

NOW = "2026-03-02T10:30"
UNBORN, AT_HOME = "due 2026-06-01", "2026-02-20"
ARRIVALS = ("pregnancy", "birth", "discharge", "return_home")


@pytest.mark.parametrize(
    ("answer", "fires"),
    [("gap", True), ("new", False), ("cover", False), ("no", False), ("unk", False)],
)
@pytest.mark.parametrize("source", ["visit", "report"])
def test_said_on_a_visit_or_a_report(family, answer, fires, source):
    home = family(ada="2023-01-10", cam=UNBORN)
    if source == "visit":
        home.visit(NOW, {"PAR-06": answer})
    else:
        home.report(NOW, "midwifery", {"PAR-06": answer})
    assert home.evidence("R15") == ({"e1 PAR-06"} if fires else set())


# What the household has from before, and whether any arrival of a baby then fires.
BEFORE = [
    ([], False),
    ([("visit", "2026-02-01T10:00", {"HYG-02": "filthy"})], True),
    ([("visit", "2016-02-01T10:00", {"HYG-02": "filthy"})], True),  # from any time
    ([("visit", "2026-03-02T10:29", {"HYG-02": "filthy"})], True),
    ([("report", "2026-02-01T10:00", {"CHD-02 ada": ("cold", "told_by_parent")})], True),
    ([("report", "2026-02-01T10:00", {"PAR-04 mother": "harm"})], True),
    ([("report", "2026-02-01T10:00", {"SLP-05 cam": "wet"})], True),
    ([("visit", "2026-02-01T10:00", {"ACC-01": "refused"})], True),
    ([("visit", "2026-02-01T10:00", {"ENG-05 ada": "S"})], True),
    (
        [
            ("visit", "2026-02-01T10:00", {"HYG-02": "filthy"}),
            ("visit", "2026-02-08T10:00", {"HYG-02": "ok"}),  # seen to be better since
        ],
        True,
    ),
    ([("visit", "2026-02-01T10:00", {"HYG-02": "mess", "PAR-05": "past"})], False),
    ([("visit", "2026-02-01T10:00", {"SLP-02 ada": "told"})], False),
    ([("plan", "2026-02-01T10:00", "child_in_need")], True),
    ([("plan", "2016-02-01T10:00", "early_help")], True),
    ([("ended plan", "2016-02-01T10:00", "child_protection")], True),
]


@pytest.mark.parametrize("kind", ARRIVALS)
@pytest.mark.parametrize(("before", "fires"), BEFORE)
def test_an_arrival_and_what_was_there_before(family, kind, before, fires):
    home = family(ada="2015-01-10", cam=UNBORN if kind == "pregnancy" else AT_HOME)
    for what, at, said in before:
        if what == "visit":
            home.visit(at, said)
        elif what == "report":
            home.report(at, "gp", said)
        else:
            plan = home.plan(at, said, children=("ada",))
            if what == "ended plan":
                home.end(f"{at[:4]}-02-20T10:00", plan)
    arrival = home.arrive(NOW, kind, "cam")
    assert home.children("R15") == ([("cam",)] if fires else [])
    if fires:
        assert arrival in home.evidence("R15")
        assert home.fired("R15")[0].level == "S"


@pytest.mark.parametrize(
    "said",
    [
        {"CHD-02 ada": "cold"},
        {"FED-03": "short"},
        {"SAF-01": "off"},
        {"HLT-04 ada": "untreated"},
        {"ENG-03": "threat"},
        {"ACC-04": ["no"]},
    ],
)
def test_an_earlier_answer_of_every_section(family, said):
    home = family(ada="2015-01-10", cam=UNBORN)
    home.report("2019-02-01T10:00", "gp", said)
    home.arrive(NOW, "pregnancy", "cam")
    assert home.fired("R15")


def test_no_other_event_is_the_arrival_of_a_baby(family):
    home = family(ada="2015-01-10", cam=UNBORN)
    home.visit("2026-02-01T10:00", {"HYG-02": "filthy"})
    home.end(NOW, home.plan("2026-02-02T10:00", "pre_birth"))
    home.visit(NOW, {"HYG-02": "filthy"})
    home.report(NOW, "midwifery", {"HYG-02": "filthy"})
    home.rule_on(NOW, "refuse_referral")
    home.disagree(NOW)
    home.ask(NOW)
    assert not home.fired("R15")


@pytest.mark.parametrize("kind", ARRIVALS)
def test_what_comes_after_is_not_earlier(family, kind):
    home = family(ada="2015-01-10", cam=UNBORN if kind == "pregnancy" else AT_HOME)
    home.arrive(NOW, kind, "cam")
    home.visit("2026-03-02T10:31", {"HYG-02": "filthy"})
    home.plan("2026-03-03T10:00", children=("ada",))
    assert not home.fired("R15")


@pytest.mark.parametrize("told_first", ["arrival", "concern"])
def test_a_concern_on_record_of_the_same_minute(family, told_first):
    """A midwife's two records of one call: whose arrives first must not matter."""
    home = family(ada="2015-01-10", cam=UNBORN)
    for what in ("arrival", "concern")[:: 1 if told_first == "arrival" else -1]:
        if what == "arrival":
            home.arrive(NOW, "pregnancy", "cam")
        else:
            home.report(NOW, "midwifery", {"PAR-05": "now"})
    assert home.fired("R15")


def test_evidence_is_the_arrival_and_the_earlier_concern(family):
    home = family(ada="2015-01-10", cam=UNBORN)
    concern = home.visit("2026-02-01T10:00", {"HYG-02": "filthy", "HYG-04": "few"})
    arrival = home.arrive(NOW, "pregnancy", "cam")
    assert home.evidence("R15") == {arrival, f"{concern} HYG-02"}


def test_evidence_is_the_arrival_and_the_earlier_plan(family):
    home = family(ada="2015-01-10", cam=UNBORN)
    home.end("2016-02-01T10:00", home.plan("2015-03-01T10:00"))
    arrival = home.arrive(NOW, "pregnancy", "cam")
    assert home.evidence("R15") == {arrival, "e1"}


def test_what_is_learnt_late_of_before(family):
    home = family(ada="2015-01-10", cam=UNBORN)
    home.arrive(NOW, "pregnancy", "cam")
    home.report("2024-02-01T10:00", "police", {"PAR-05": "acute"}, received="2026-03-10T09:00")
    assert home.raised("R15") == [(NOW, "2026-03-10T09:00")]
    assert home.fired("R15")[0].late


DUE = [
    # the arrival, at, the referral, the check of the sleep place (24 hours, once there is a home
    # to sleep in), the meeting
    ("pregnancy", NOW, "2026-03-03T17:00", None, "2026-03-09T17:00"),
    ("birth", NOW, "2026-03-03T17:00", None, "2026-03-09T17:00"),
    ("discharge", NOW, "2026-03-03T17:00", "2026-03-03T10:30", None),
    ("return_home", NOW, "2026-03-03T17:00", "2026-03-03T10:30", None),
    ("birth", "2026-04-02T18:00", "2026-04-07T17:00", None, "2026-04-13T17:00"),
    ("discharge", "2026-04-02T18:00", "2026-04-07T17:00", "2026-04-03T18:00", None),
    ("discharge", "2026-03-28T18:00", "2026-03-30T17:00", "2026-03-29T19:00", None),
    ("return_home", "2026-10-24T18:00", "2026-10-26T17:00", "2026-10-25T17:00", None),
    ("discharge", "2026-12-24T16:00", "2026-12-29T17:00", "2026-12-25T16:00", None),
]


@pytest.mark.parametrize(("kind", "at", "referral", "check", "meeting"), DUE)
def test_what_it_requires_of_whom_and_by_when(family, kind, at, referral, check, meeting):
    home = family(ada="2015-01-10", cam=UNBORN if kind == "pregnancy" else AT_HOME)
    home.visit("2026-02-01T10:00", {"HYG-02": "filthy"})
    home.arrive(at, kind, "cam")
    expected = {
        "pre_birth_or_new_baby_referral visitor": referral,
        "home_sleep_check visitor": check,
    }
    if meeting:
        expected["discharge_meeting team_manager"] = meeting
    assert home.required("R15") == expected
    assert [
        action.before
        for action in home.fired("R15")[0].actions
        if action.code == "home_sleep_check"
    ] == ["" if check else "first_night_at_home"]


def test_a_baby_who_comes_home_brings_the_check_with_its_time(family):
    home = family(ada="2015-01-10", cam="due 2026-03-10 born 2026-03-02")
    home.visit("2026-02-01T10:00", {"HYG-02": "filthy"})
    home.arrive("2026-02-20T10:00", "pregnancy", "cam")
    home.arrive("2026-03-02T06:00", "birth", "cam")
    home.arrive("2026-03-06T15:00", "discharge", "cam")
    assert home.children("R15") == [("cam",)]  # one escalation, which gathers
    assert "2026-03-07T15:00" in home.due("R15", "home_sleep_check")
    assert len(home.due("R15", "discharge_meeting")) == 2
    home.until("2026-03-08T09:00")
    assert home.overdue("home_sleep_check")


def test_what_has_no_time_yet_is_not_overdue(family):
    home = family(ada="2015-01-10", cam=UNBORN)
    home.visit("2026-02-01T10:00", {"HYG-02": "filthy"})
    home.arrive(NOW, "pregnancy", "cam")
    home.until("2026-05-30T09:00")
    assert not home.overdue("home_sleep_check")
    assert home.overdue("discharge_meeting")


@pytest.mark.parametrize("source", ["visit", "report"])
@pytest.mark.parametrize(
    ("baby", "arrived", "check", "meeting"),
    [
        (UNBORN, None, None, "2026-03-09T17:00"),
        (AT_HOME, "birth", None, "2026-03-09T17:00"),  # in hospital still
        # Nobody on record is away, so the baby may come home any day.
        (AT_HOME, "discharge", "2026-03-03T10:30", None),
        ("due 2027-01-01", None, "2026-03-03T10:30", None),
    ],
)
def test_told_of_on_a_visit_or_in_a_report(family, source, baby, arrived, check, meeting):
    home = family(ada="2023-01-10", cam=baby)
    if arrived:
        home.arrive("2026-02-21T10:00", arrived, "cam")
    if source == "visit":
        home.visit(NOW, {"PAR-06": "gap"})
    else:
        home.report(NOW, "midwifery", {"PAR-06": "gap"})
    expected = {
        "pre_birth_or_new_baby_referral visitor": "2026-03-03T17:00",
        "home_sleep_check visitor": check,
    }
    if meeting:
        expected["discharge_meeting team_manager"] = meeting
    assert home.required("R15") == expected
