"""R17, closing or stepping down: what stands against a request, and who may sign it."""

from __future__ import annotations

import pytest

from shared.facts import ClosureRequest

OLDER, INFANT = "2023-01-10", "2026-01-10"
VISIT, REQUEST = "2026-03-02T10:30", "2026-03-04T10:00"
KNOWN = {"ENG-04": ["none"]}


def kinds(home) -> set[str]:
    return {blocker["kind"] for e in home.fired("R17") for blocker in e.blockers}


# Histories with just one thing standing against closing, all else done.
def concern(home):
    home.full_visit(VISIT, KNOWN | {"HYG-04": "no"})
    home.decide("2026-03-02T12:00", "R26", home.fired("R26")[0].evidence[0].event)


def action_required(home):
    home.full_visit(VISIT, KNOWN)
    home.report("2026-03-02T12:00", "gp", {"HLT-05 ada": "key"})
    home.full_visit("2026-03-02T14:00", KNOWN | {"HLT-05 ada": 0.0})  # no concern any more


def child_not_seen(home):
    """On the plan of 1 December, last seen on 2 December, due on 2 January."""
    seen = home.full_visit("2025-12-02T10:30", KNOWN)
    home.until("2026-01-05T08:00")
    for code in ("visit_child", "strategy_discussion"):
        home.done("2026-01-02T18:00", code, rule="R06", on=seen)


def blank(home):
    home.full_visit(VISIT, KNOWN, blank="PAR-01")


def unknown(home):
    home.full_visit(VISIT, KNOWN | {"ACC-04": ["notask"]})


def disagreement(home):
    home.full_visit(VISIT, KNOWN)
    on = home.disagree("2026-03-02T12:00", "gp")
    for action in home.fired("R25")[0].actions:
        home.done("2026-03-02T13:00", action.code, rule="R25", on=on)


def nothing(home):
    home.full_visit(VISIT, KNOWN)


ALONE = [
    (concern, {"open_concern"}),
    (action_required, {"action_not_done"}),
    (child_not_seen, {"not_seen"}),
    (blank, {"could_not_check"}),
    (unknown, {"could_not_check"}),
    (disagreement, {"disagreement"}),
    (nothing, set()),
]


@pytest.mark.parametrize("kind", ["close", "step_down", "end"])
@pytest.mark.parametrize(("history", "blockers"), ALONE)
def test_each_kind_of_blocker_alone_and_none(family, kind, history, blockers):
    home = family(ada=OLDER)
    plan = home.plan("2025-12-01T09:00", "child_in_need")
    if history is not child_not_seen:
        home.full_visit("2025-12-16T10:30", KNOWN)
        home.full_visit("2026-01-12T10:30", KNOWN)
        home.full_visit("2026-02-05T10:30", KNOWN)
    history(home)
    at = "2026-01-05T10:00" if history is child_not_seen else REQUEST
    request = home.ask(at, kind, plan=None if kind == "close" else plan)
    assert kinds(home) == blockers
    assert home.children("R17") == ([("ada",)] if blockers else [])
    assert {held.split()[0] for held in home.evidence("R17")} == ({request} if blockers else set())


def test_all_of_them_at_once(family):
    home = family(ada=INFANT)
    plan = home.plan("2026-01-20T09:00")
    home.full_visit("2026-01-22T10:30", {"ACC-03 ada": "asleep", "SLP-04 ada": "gap"})
    home.visit("2026-02-02T10:30", {"SLP-02 ada": "told"})
    home.disagree("2026-02-10T09:00")
    home.ask(REQUEST, "step_down", plan=plan)
    assert kinds(home) == {
        "open_concern",
        "action_not_done",
        "not_seen",
        "could_not_check",
        "disagreement",
    }


def test_a_blocker_says_what_it_is(family):
    home = family(ada=INFANT)
    visit = home.full_visit(VISIT, {"HYG-04": "no"}, blank="PAR-01")
    home.ask("2026-03-02T15:00")
    by_kind = {blocker["kind"]: blocker for blocker in home.fired("R17")[0].blockers}
    assert by_kind["open_concern"]["item"] == "HYG-04"
    assert by_kind["open_concern"]["event"] == visit
    assert by_kind["action_not_done"]["rule"] == "R26"
    assert by_kind["action_not_done"]["action"] == "manager_decision"
    assert by_kind["could_not_check"]["item"] == "PAR-01"


@pytest.mark.parametrize(
    ("later", "still"),
    [
        ({"HYG-04": "yes"}, False),
        ({"HYG-04": "few"}, False),
        ({"HYG-04": ("yes", "told_by_parent")}, True),
        ({"HYG-04": ("yes", "told_by_child")}, True),
        ({"HYG-04": ("few", "told_by_professional")}, True),
        ({"HYG-04": ("yes", "from_record")}, True),
        ({"HYG-04": "unk"}, True),
        ({"HYG-02": "ok"}, True),
        ({}, True),
    ],
)
def test_a_concern_is_open_until_it_is_seen_to_be_better(family, later, still):
    home = family(ada=INFANT)
    home.full_visit(VISIT, {"HYG-04": "no"})
    home.full_visit("2026-03-03T10:30", later)
    home.ask(REQUEST)
    assert ("open_concern" in kinds(home)) == still


@pytest.mark.parametrize(
    ("decision", "still"),
    [
        ({"kind": "lower_level", "item": "HYG-01", "about": "ada", "to": "N"}, False),
        ({"kind": "lower_level", "item": "HYG-01", "about": "ada", "to": "L"}, False),
        ({"kind": "lower_level", "item": "HYG-01", "about": "ada", "to": "S"}, True),
        ({"kind": "close_concern", "item": "HYG-01", "about": "ada"}, False),
        ({"kind": "close_concern", "item": "HYG-01", "about": "ben"}, True),
        ({"kind": "close_concern", "item": "HYG-02"}, True),
        ({"kind": "refuse_referral"}, True),
    ],
)
def test_or_until_a_decision_that_names_it(family, decision, still):
    home = family(ada=INFANT, ben=OLDER)
    home.full_visit(VISIT, {"HYG-01 ada": ["sore"]})
    home.rule_on("2026-03-03T10:00", **decision, basis="seen")
    home.ask(REQUEST)
    assert ("open_concern" in kinds(home)) == still


@pytest.mark.parametrize("told_first", ["filthy", "ok"])
def test_a_concern_and_a_better_answer_of_one_minute(family, told_first):
    """Two practitioners on one visit disagree: nothing was seen to be better since."""
    home = family(ada=OLDER)
    for found in ("filthy", "ok")[:: 1 if told_first == "filthy" else -1]:
        agency = "social_care" if found == "ok" else "health_visiting"
        home.full_visit(VISIT, {"HYG-02": found}, agency=agency)
    home.ask(REQUEST)
    assert "open_concern" in kinds(home)


def test_a_concern_that_comes_again_after_it_was_closed_is_open(family):
    home = family(ada=INFANT)
    home.full_visit(VISIT, {"HYG-04": "no"})
    home.rule_on("2026-03-02T12:00", "close_concern", item="HYG-04", basis="seen")
    home.full_visit("2026-03-03T10:30", {"HYG-04": ("no", "told_by_parent")})
    home.ask(REQUEST)
    assert "open_concern" in kinds(home)


@pytest.mark.parametrize(
    ("visits", "blocked"),
    [
        # The latest completed visit is what counts.
        ([{"PAR-01": ["unk"]}, {}], False),
        ([{}, {"PAR-01": ["unk"]}], True),
        ([{"PAR-01": ["unk"]}, {"ACC-01": "out", "ACC-02": "drop"}], True),
        ([{}, {"ACC-01": "part", "HLT-01 ada": "unk"}], True),
        ([{}, {"CHD-03 ada": "none"}], False),  # not a core item
        ([{}, {"SLP-02 ada": "told"}], True),
    ],
)
def test_what_the_latest_completed_visit_did_not_check(family, visits, blocked):
    home = family(ada=INFANT)
    for at, said in zip((VISIT, "2026-03-03T10:30"), visits, strict=True):
        if "ACC-01" in said and said["ACC-01"] == "out":
            home.visit(at, said)
        else:
            home.full_visit(at, said)
    home.ask(REQUEST)
    assert ("could_not_check" in kinds(home)) == blocked


@pytest.mark.parametrize(("born", "blocked"), [("2025-03-04", True), ("2025-03-03", False)])
def test_only_what_applies_to_the_child(family, born, blocked):
    """Sleep is core under 12 months, by age on the visit's date."""
    home = family(ada=born)
    home.full_visit("2026-03-03T10:30", blank="SLP-01 ada")
    if not blocked:  # then the visit asks nothing of sleep
        assert not home.rules()
    home.ask(REQUEST)
    assert ("could_not_check" in kinds(home)) == blocked


def test_a_family_nobody_ever_got_in_to_is_not_closed_in_silence(family):
    home = family(ada=INFANT)
    home.ask(REQUEST)
    assert kinds(home) == {"could_not_check"}


@pytest.mark.parametrize(
    ("agency", "blockers"),
    [("gp", {"action_not_done", "disagreement"}), ("social_care", {"action_not_done"})],
)
def test_another_agencys_disagreement(family, agency, blockers):
    home = family(ada=INFANT)
    home.full_visit(VISIT)
    home.disagree("2026-03-02T12:00", agency)  # R25 asks that they talk
    home.ask(REQUEST)
    assert kinds(home) == blockers


@pytest.mark.parametrize(
    ("at", "blocked"), [("2026-03-16T16:59", False), ("2026-03-16T17:01", True)]
)
def test_a_child_on_the_plan_not_seen_within_the_interval(family, at, blocked):
    home = family(ada=OLDER)
    plan = home.plan(f"{VISIT[:10]}T09:00")
    home.full_visit(VISIT, KNOWN)
    home.ask(at, "end", plan=plan)
    assert ("not_seen" in kinds(home)) == blocked


def test_a_request_that_arrives_late_meets_all_that_is_known_by_then(family):
    home = family(ada=INFANT)
    home.full_visit(VISIT)
    home.full_visit("2026-03-04T10:30", {"HYG-04": "no"})
    request = ClosureRequest(**home._when("2026-03-03T10:00"), kind="close", by="sw")
    home.tell(request, at="2026-03-05T10:00")
    assert "open_concern" in kinds(home)


@pytest.mark.parametrize(
    ("role", "signs"),
    [
        ("visitor", False),
        ("team_manager", False),
        ("head_of_service", False),
        ("director", False),
        ("service_manager", True),
    ],
)
def test_only_a_service_manager_signs(family, role, signs):
    home = family(ada=INFANT)
    request = home.ask(REQUEST)
    home.decide("2026-03-04T12:00", "R17", request, role=role)
    assert home.fired("R17")[0].is_open != signs
    home.until("2026-03-20T09:00")
    assert bool(home.overdue("closure_signoff")) != signs


def test_nobody_records_a_sign_off_as_done(family):
    home = family(ada=INFANT)
    request = home.ask(REQUEST)
    home.done("2026-03-04T11:00", "closure_signoff", rule="R17", on=request)
    assert home.fired("R17")[0].actions[0].done_at is None


def test_signed_the_concerns_stay_and_count_in_later_windows(family):
    home = family(ada=INFANT)
    home.full_visit(VISIT, {"HYG-04": "no"})
    home.full_visit("2026-03-03T10:30", {"HYG-04": "no"})
    home.decide("2026-03-04T12:00", "R17", home.ask(REQUEST), role="service_manager")
    home.ask("2026-03-05T10:00")
    assert [e.is_open for e in home.fired("R17")] == [False, True]
    assert "open_concern" in {blocker["kind"] for blocker in home.fired("R17")[1].blockers}
    home.report("2026-04-20T10:00", "gp", {"HYG-02": "mess"})
    assert home.fired("R11")


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (REQUEST, "2026-03-06T17:00"),
        ("2026-03-06T18:00", "2026-03-10T17:00"),
        ("2026-04-02T10:00", "2026-04-08T17:00"),
        ("2026-12-24T10:00", "2026-12-30T17:00"),
    ],
)
def test_what_it_requires_of_whom_and_by_when(family, at, due):
    home = family(ada=INFANT)
    home.ask(at)
    assert home.required("R17") == {"closure_signoff service_manager": due}
    assert home.fired("R17")[0].level == "S"
