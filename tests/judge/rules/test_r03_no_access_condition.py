"""R03, a plan's no-access condition: it counts the outcomes of a visit that it names."""

from __future__ import annotations

import pytest

from shared.facts import NoAccess, PlanStarted

SEEN = "2026-03-02T10:30"


def home_with_plan(family, **plan):
    home = family(ada="2026-01-10", ben="2021-01-10", cam="2019-01-10")
    home.no_access_plan("2026-02-01T09:00", **({"children": ("ada", "ben")} | plan))
    return home


# What the visit says, for which children the condition is met, and the evidence (e3 is the visit).
BY_DEFAULT = [
    ({"ACC-01": "hide"}, ("ada", "ben"), {"ACC-01"}),
    ({"ACC-01": "refused"}, ("ada", "ben"), {"ACC-01"}),
    ({"ACC-01": "gone"}, ("ada", "ben"), {"ACC-01"}),
    ({"ACC-01": "out", "ACC-02": "ann"}, ("ada", "ben"), {"ACC-01", "ACC-02"}),
    ({"ACC-01": "in", "ACC-03 ada": "withheld"}, ("ada",), {"ACC-03 ada"}),
    ({"ACC-01": "part", "ACC-03 ben": "absent"}, ("ben",), {"ACC-03 ben"}),
    ({"ACC-01": "refused", "ACC-02": "drop"}, ("ada", "ben"), {"ACC-01"}),
    ({"ACC-01": "in"}, None, set()),
    ({"ACC-01": "part"}, None, set()),
    ({"ACC-01": "out"}, None, set()),
    ({"ACC-01": "out", "ACC-02": "unann"}, None, set()),
    ({"ACC-01": "out", "ACC-02": "drop"}, None, set()),
    ({"ACC-01": "unsafe"}, None, set()),
    ({"ACC-01": "alarm"}, None, set()),
    ({"ACC-01": "in", "ACC-02": "ann"}, None, set()),
    ({"ACC-01": "in", "ACC-03 cam": "withheld"}, None, set()),  # not on the plan
    ({"ACC-01": "in", "ACC-03 ada": "absent_ok"}, None, set()),
    ({"ACC-01": "in", "ACC-03 ada": "glimpse"}, None, set()),
    ({"ACC-01": "in", "ACC-03 ada": "asleep"}, None, set()),
    ({"ACC-01": "in", "ACC-03 ada": "risk"}, None, set()),
]


@pytest.mark.parametrize(("said", "children", "evidence"), BY_DEFAULT)
def test_counted_by_default(family, said, children, evidence):
    home = home_with_plan(family)
    home.visit(SEEN, said)
    assert home.children("R03") == ([children] if children else [])
    assert home.evidence("R03") == {f"e3 {item}" for item in evidence}
    if children:
        assert home.fired("R03")[0].level == "I"
        assert not home.fired("R04")


def test_the_plan_may_be_about_another_child_of_the_household(family):
    home = home_with_plan(family, children=("cam",), kind="child_in_need")
    home.visit(SEEN, {"ACC-01": "refused"})
    assert home.children("R03") == [("cam",)]


def test_two_children_kept_from_view_are_each_in_danger(family):
    home = home_with_plan(family)
    home.visit(SEEN, {"ACC-03 ada": "withheld", "ACC-03 ben": "withheld", "ACC-03 cam": "absent"})
    assert home.children("R03") == [("ada", "ben")]  # judged once for the family
    assert home.evidence("R03") == {"e3 ACC-03 ada", "e3 ACC-03 ben"}
    assert "e3 ACC-03 cam" in home.evidence("R04") | home.evidence("R26")


# A condition's own list: each outcome it names, and one that the default would have counted.
OUTCOMES = [
    ("hide", {"ACC-01": "hide"}, {"ACC-01": "refused"}),
    ("refused", {"ACC-01": "refused"}, {"ACC-01": "hide"}),
    ("gone", {"ACC-01": "gone"}, {"ACC-01": "refused"}),
    ("out_announced", {"ACC-01": "out", "ACC-02": "ann"}, {"ACC-01": "refused"}),
    ("out", {"ACC-01": "out", "ACC-02": "unann"}, {"ACC-01": "refused"}),
    ("absent", {"ACC-03 ada": "absent"}, {"ACC-03 ada": "withheld"}),
    ("withheld", {"ACC-03 ada": "withheld"}, {"ACC-03 ada": "absent"}),
    ("unsafe", {"ACC-01": "unsafe"}, {"ACC-01": "refused"}),
    ("glimpse", {"ACC-03 ada": "glimpse"}, {"ACC-03 ada": "absent"}),
]


@pytest.mark.parametrize(("outcome", "said", "other"), OUTCOMES)
def test_counted_as_the_plan_says(family, outcome, said, other):
    home = home_with_plan(family, no_access=NoAccess(outcomes=(outcome,)))
    home.visit(SEEN, other)
    assert not home.fired("R03")
    assert home.fired("R04")  # a failed access all the same
    home.visit("2026-03-03T10:30", said)
    assert home.fired("R03")


def test_a_plan_without_the_condition(family):
    home = family()
    home.plan("2026-02-01T09:00")
    home.visit(SEEN, {"ACC-01": "refused"})
    assert home.fired("R04")
    assert not home.fired("R03")


def test_a_report_is_not_a_visit(family):
    home = home_with_plan(family)
    home.report(SEEN, "midwifery", {"ACC-01": "refused", "ACC-03 ada": "withheld"})
    assert not home.fired("R03")


@pytest.mark.parametrize(
    ("ended", "fires"),
    [
        ("2026-03-01T23:59", False),  # the day before
        ("2026-03-02T10:29", False),
        ("2026-03-02T10:30", True),  # it holds at the minute it ends
        ("2026-03-02T10:31", True),
    ],
)
def test_a_plan_that_ended(family, ended, fires):
    home = family()
    home.end(ended, home.no_access_plan("2026-02-01T09:00"))
    home.visit(SEEN, {"ACC-01": "refused"})
    assert bool(home.fired("R03")) == fires
    assert bool(home.fired("R04")) != fires


@pytest.mark.parametrize(
    ("started", "fires"),
    [("2026-03-02T10:29", True), ("2026-03-02T10:30", True), ("2026-03-02T10:31", False)],
)
@pytest.mark.parametrize("told_first", ["plan", "visit"])
def test_a_plan_that_began(family, started, fires, told_first):
    home = family()
    begun = {"kind": "pre_birth", "children": ("ada",), "no_access": NoAccess()}
    plan = PlanStarted(**home._when(started), plan="p", **begun)
    visit = home.make_visit(SEEN, {"ACC-01": "refused"})
    for event in (plan, visit) if told_first == "plan" else (visit, plan):
        home.tell(event, at="2026-03-02T12:00")
    assert bool(home.fired("R03")) == fires


@pytest.mark.parametrize(
    "ended",
    [
        "2026-02-10T09:00",
        "2026-03-01T08:59",
        "2026-03-01T09:00",  # renewed at one conference: ended and begun at one minute
    ],
)
def test_a_plan_that_begins_again(family, ended):
    home = family()
    plan = home.no_access_plan("2026-02-01T09:00")
    home.end(ended, plan)
    begun = {"kind": "child_protection", "children": ("ada",), "no_access": NoAccess()}
    home.tell(PlanStarted(**home._when("2026-03-01T09:00"), plan=plan, **begun))
    visit = home.visit(SEEN, {"ACC-01": "refused"})
    assert home.evidence("R03") == {f"{visit} ACC-01"}


def test_between_two_times_that_it_was_in_force(family):
    home = family()
    plan = home.no_access_plan("2026-02-01T09:00")
    home.end("2026-02-10T09:00", plan)
    home.visit("2026-02-20T09:00", {"ACC-01": "refused"})
    assert not home.fired("R03")


def test_of_two_plans_the_one_that_counts_the_outcome(family):
    home = home_with_plan(family, children=("ada",), no_access=NoAccess(outcomes=("hide",)))
    home.no_access_plan("2026-02-01T09:00", kind="child_in_need", children=("ben",))
    home.visit(SEEN, {"ACC-01": "refused"})
    assert home.children("R03") == [("ben",)]


@pytest.mark.parametrize(
    ("at", "an_hour", "discussion"),
    [
        (SEEN, "2026-03-02T11:30", "2026-03-02T23:59"),
        ("2026-03-06T20:01", "2026-03-06T21:01", "2026-03-07T00:01"),
        ("2026-04-03T19:59", "2026-04-03T20:59", "2026-04-03T23:59"),
        ("2026-03-29T00:30", "2026-03-29T02:30", "2026-03-29T23:59"),
        ("2026-10-24T23:00", "2026-10-25T00:00", "2026-10-25T02:00"),
    ],
)
def test_what_it_requires_of_whom_and_by_when(family, at, an_hour, discussion):
    home = home_with_plan(family)
    home.visit(at, {"ACC-01": "refused"})
    assert home.required("R03") == {
        "call_police visitor": an_hour,
        "tell_manager visitor": an_hour,
        "strategy_discussion team_manager": discussion,
    }
