"""R20, not brought to appointments."""

from __future__ import annotations

import pytest

SEEN = "2026-03-02T10:30"
TWO_YEARS_TOMORROW, TWO_YEARS_TODAY = "2024-03-03", "2024-03-02"


@pytest.mark.parametrize(
    ("born", "plan", "missed", "fires"),
    [
        (TWO_YEARS_TOMORROW, None, 2.0, True),
        (TWO_YEARS_TOMORROW, None, 5.0, True),
        (TWO_YEARS_TOMORROW, None, 1.0, False),
        (TWO_YEARS_TOMORROW, None, 0.0, False),
        (TWO_YEARS_TODAY, None, 2.0, False),
        (TWO_YEARS_TODAY, ("child_in_need", "ada", None), 2.0, True),
        (TWO_YEARS_TODAY, ("early_help", "ada", None), 3.0, True),
        (TWO_YEARS_TODAY, ("child_protection", "ada", None), 1.0, False),
        (TWO_YEARS_TODAY, ("child_protection", "ben", None), 2.0, False),  # the other child's
        (TWO_YEARS_TODAY, ("child_protection", "ada", "2026-03-01T23:59"), 2.0, False),
        (TWO_YEARS_TODAY, ("child_protection", "ada", "2026-03-02T10:30"), 2.0, True),
        (TWO_YEARS_TODAY, None, "key", True),
        ("2015-01-10", None, "key", True),
    ],
)
@pytest.mark.parametrize("source", ["visit", "report"])
def test_how_many_at_what_age_and_on_what_plan(family, born, plan, missed, fires, source):
    home = family(ada=born, ben="2021-01-10")
    if plan:
        kind, child, ended = plan
        name = home.plan("2026-02-20T09:00", kind, children=(child,))
        if ended:
            home.end(ended, name)
    if source == "visit":
        event = home.visit(SEEN, {"HLT-05 ada": missed})
    else:
        event = home.report(SEEN, "gp", {"HLT-05 ada": (missed, "from_record")})
    assert home.evidence("R20") == ({f"{event} HLT-05 ada"} if fires else set())
    assert home.children("R20") == ([("ada",)] if fires else [])


@pytest.mark.parametrize(("on", "fires"), [("2026-02-28", True), ("2026-03-01", False)])
def test_born_on_29_february(family, on, fires):
    home = family(ada="2024-02-29")
    home.visit(f"{on}T10:30", {"HLT-05 ada": 2.0})
    assert bool(home.fired("R20")) == fires


@pytest.mark.parametrize(
    ("started", "fires"), [("2026-03-02T10:30", True), ("2026-03-02T10:31", False)]
)
def test_a_plan_that_began(family, started, fires):
    home = family(ada="2021-01-10")
    if fires:
        home.plan(started)
    home.visit(SEEN, {"HLT-05 ada": 2.0})
    if not fires:
        home.plan(started)
    assert bool(home.fired("R20")) == fires


@pytest.mark.parametrize(
    ("at", "two", "five"),
    [
        (SEEN, "2026-03-04T17:00", "2026-03-09T17:00"),
        ("2026-04-02T18:00", "2026-04-08T17:00", "2026-04-13T17:00"),
        ("2026-10-24T22:30", "2026-10-27T17:00", "2026-10-30T17:00"),
        ("2026-12-24T10:30", "2026-12-30T17:00", "2027-01-05T17:00"),
    ],
)
def test_what_it_requires_of_whom_and_by_when(family, at, two, five):
    home = family()
    home.visit(at, {"HLT-05 ada": "key"})
    assert home.required("R20") == {"health_call named_nurse": two, "visit_child visitor": five}
    assert home.fired("R20")[0].level == "S"
