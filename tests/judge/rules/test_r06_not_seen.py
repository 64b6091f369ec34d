"""R06, a child not seen for too long: by which day, on a plan or with a concern open."""

from __future__ import annotations

import pytest

from shared.facts import PlanStarted

OLDER, INFANT, NEWBORN = "2023-01-10", "2025-09-01", "2026-01-10"
HANDLED = {"ACC-03 ada": "handled"}


def raised(home) -> list[tuple[tuple[str, ...], str]]:
    """For whom it was raised, and for what time."""
    return [
        (escalation.children, at)
        for escalation, (at, _) in zip(home.fired("R06"), home.raised("R06"), strict=True)
    ]


def assert_due(home, due: str) -> None:
    """Not raised a minute before; raised as of the due time a minute after."""
    before = home.raised("R06")
    home.until(f"{due}T16:59")
    assert home.raised("R06") == before
    home.until(f"{due}T17:01")
    assert home.raised("R06") == [*before, (f"{due}T17:00", f"{due}T17:00")]


INTERVALS = [
    # born, kind of plan, its see_every, last seen, due
    (OLDER, "child_protection", None, "2026-03-02", "2026-03-16"),
    (OLDER, "child_in_need", None, "2026-03-02", "2026-03-30"),
    (OLDER, "early_help", None, "2026-03-02", "2026-03-30"),
    (OLDER, "looked_after", None, "2026-03-02", "2026-03-30"),
    (OLDER, "pre_birth", None, "2026-03-02", "2026-03-30"),
    (OLDER, "child_in_need", 15, "2026-03-02", "2026-03-23"),
    (OLDER, "child_protection", 15, "2026-03-02", "2026-03-23"),
    (OLDER, "child_protection", 3, "2026-03-02", "2026-03-05"),
    # Over Easter, 1 January and both nights on which the clocks change.
    (OLDER, "child_protection", None, "2026-04-02", "2026-04-20"),
    (OLDER, "child_protection", None, "2026-12-21", "2027-01-07"),
    (OLDER, "child_protection", None, "2026-03-16", "2026-03-30"),
    (OLDER, "child_protection", None, "2026-10-12", "2026-10-26"),
    (OLDER, "child_protection", 1, "2026-03-06", "2026-03-09"),
    # Under 12 months: 7/5 of it in calendar days, rounded up, if that is earlier.
    (INFANT, "child_protection", None, "2026-03-02", "2026-03-16"),
    (INFANT, "child_protection", None, "2026-04-02", "2026-04-16"),
    (INFANT, "child_in_need", None, "2026-04-02", "2026-04-30"),
    (INFANT, "child_protection", 3, "2026-04-02", "2026-04-07"),
    (INFANT, "child_protection", 2, "2026-03-06", "2026-03-09"),
    (INFANT, "child_protection", 1, "2026-03-06", "2026-03-08"),  # a Sunday
    ("2026-05-01", "child_protection", None, "2026-12-21", "2027-01-04"),
    ("2025-04-03", "child_protection", None, "2026-04-02", "2026-04-16"),  # 12 months tomorrow
    ("2025-04-02", "child_protection", None, "2026-04-02", "2026-04-20"),  # 12 months today
    ("2024-02-29", "child_protection", 2, "2025-02-28", "2025-03-03"),  # no 29 February
    # Under 3 months: never more than 5 working days.
    (NEWBORN, "child_protection", None, "2026-03-02", "2026-03-09"),
    (NEWBORN, "child_in_need", None, "2026-03-02", "2026-03-09"),
    (NEWBORN, "child_protection", 10, "2026-03-02", "2026-03-09"),
    (NEWBORN, "child_protection", 3, "2026-03-02", "2026-03-05"),
    (NEWBORN, "child_protection", None, "2026-04-02", "2026-04-09"),
    ("2025-12-03", "child_protection", None, "2026-03-02", "2026-03-09"),  # 3 months tomorrow
    ("2025-12-02", "child_protection", None, "2026-03-02", "2026-03-16"),  # 3 months today
    ("2025-11-30", "child_protection", None, "2026-02-28", "2026-03-06"),  # no 30 February
    ("2025-11-30", "child_protection", None, "2026-03-01", "2026-03-13"),
]


@pytest.mark.parametrize(("born", "kind", "see_every", "seen", "due"), INTERVALS)
def test_the_interval_of_a_plan(family, born, kind, see_every, seen, due):
    home = family(ada=born)
    home.plan(f"{seen}T09:00", kind, see_every=see_every)
    home.visit(f"{seen}T10:30", HANDLED)
    assert_due(home, due)
    assert home.children("R06") == [("ada",)]
    assert home.evidence("R06") == {"e3 ACC-03 ada"}
    assert home.fired("R06")[0].level == "S"


@pytest.mark.parametrize(
    ("kinds", "due"),
    [
        (("child_protection", "child_in_need"), "2026-03-16"),
        (("child_in_need", "child_protection"), "2026-03-16"),
        (("early_help", "looked_after"), "2026-03-30"),
    ],
)
def test_of_two_plans_the_shorter_interval(family, kinds, due):
    home = family(ada=OLDER)
    for kind in kinds:
        home.plan("2026-02-23T09:00", kind)
    home.visit("2026-03-02T10:30", HANDLED)
    assert_due(home, due)


@pytest.mark.parametrize(
    ("seen", "due"),
    [
        ("2026-03-05T10:30", "2026-03-19"),
        ("2026-02-20T10:30", "2026-03-16"),  # seen before the plan began
        (None, "2026-03-16"),
    ],
)
def test_from_the_last_time_seen_or_the_plans_start_if_later(family, seen, due):
    home = family(ada=OLDER)
    if seen and seen < "2026-03-02":
        home.visit(seen, HANDLED)
    home.plan("2026-03-02T18:00")
    if seen and seen > "2026-03-02":
        home.visit(seen, HANDLED)
    assert_due(home, due)


def test_evidence_is_the_plan_where_it_counts_from_the_plan(family):
    home = family(ada=OLDER)
    home.plan("2026-03-02T09:00")
    home.until("2026-03-17T09:00")
    assert {held.split()[0] for held in home.evidence("R06")} == {"e1"}


@pytest.mark.parametrize(
    ("item", "counts"),
    [
        ({"ACC-03 ada": "handled"}, True),
        ({"ACC-03 ada": "awake"}, True),
        ({"ACC-03 ada": "asleep"}, False),
        ({"ACC-03 ada": "glimpse"}, False),
        ({"ACC-03 ada": "absent_ok"}, False),
        ({"ACC-03 ada": "absent"}, False),
        ({"ACC-03 ada": "withheld"}, False),
        ({"ACC-03 ada": "risk"}, False),
        ({"ACC-03 ben": "handled"}, False),
        ({}, False),
    ],
)
def test_only_handled_or_awake_counts_as_seen(family, item, counts):
    home = family(ada=OLDER, ben=OLDER)
    home.plan("2026-03-02T09:00", children=("ada",))
    home.visit("2026-03-09T10:30", item, agency="midwifery")
    home.until("2026-03-16T17:01")
    assert bool(home.fired("R06")) != counts


def test_only_on_a_visit(family):
    home = family(ada=OLDER)
    home.plan("2026-03-02T09:00")
    home.report("2026-03-09T10:30", "nursery", {"ACC-03 ada": "awake"})
    assert_due(home, "2026-03-16")


def test_seen_at_the_very_minute_is_in_time(family):
    home = family(ada=OLDER)
    home.plan("2026-03-02T09:00")
    home.visit("2026-03-16T17:00", HANDLED)
    home.until("2026-03-29T09:00")
    assert not home.fired("R06")


@pytest.mark.parametrize(
    ("ended", "fires"),
    [("2026-03-15T17:00", False), ("2026-03-16T16:59", False), ("2026-03-16T17:01", True)],
)
def test_a_plan_that_ended(family, ended, fires):
    home = family(ada=OLDER)
    home.end(ended, home.plan("2026-03-02T09:00"))
    home.until("2026-04-16T09:00")
    assert bool(home.fired("R06")) == fires


def test_each_child_by_herself(family):
    home = family(ada=OLDER, ben=INFANT, cam=OLDER)
    home.plan("2026-03-02T09:00", children=("ada", "ben"))
    home.visit("2026-03-05T10:30", {"ACC-03 ada": "awake", "ACC-03 ben": "asleep"})
    home.until("2026-03-18T09:00")
    assert raised(home) == [(("ben",), "2026-03-16T17:00")]
    home.until("2026-03-20T09:00")
    assert raised(home)[1:] == [(("ada",), "2026-03-19T17:00")]


@pytest.mark.parametrize(
    ("born", "due"),
    [
        ("2026-03-14", "2026-03-20"),  # a Saturday
        ("2026-04-01", "2026-04-08"),  # before Easter: 7 days come before 5 working days
    ],
)
def test_an_unborn_child_is_counted_from_birth(family, born, due):
    home = family(ada=f"due 2026-03-28 born {born}")
    home.plan("2026-01-05T09:00", "child_protection")
    home.until(f"{born}T09:00")
    assert not home.fired("R06")
    assert_due(home, due)


def test_a_child_not_born_yet_cannot_be_seen(family):
    home = family(cam="due 2026-06-01")
    home.plan("2026-01-05T09:00", "pre_birth")
    home.until("2026-05-31T09:00")
    assert not home.fired("R06")


# On no plan: an infant in a household with an open concern.
FILTHY = {"HYG-02": "filthy"}


@pytest.mark.parametrize(
    ("born", "events", "due"),
    [
        (INFANT, [("visit", "2026-03-02T10:30", HANDLED | FILTHY)], "2026-03-16"),
        (INFANT, [("visit", "2026-04-02T10:30", HANDLED | FILTHY)], "2026-04-16"),
        (
            INFANT,  # from the concern, if later
            [
                ("visit", "2026-03-02T10:30", HANDLED),
                ("report", "2026-03-05T10:30", FILTHY),
            ],
            "2026-03-19",
        ),
        (
            INFANT,  # from when she was last seen, if later
            [
                ("report", "2026-03-02T10:30", FILTHY),
                ("visit", "2026-03-05T10:30", HANDLED),
            ],
            "2026-03-19",
        ),
        (INFANT, [("report", "2026-03-05T10:30", FILTHY)], "2026-03-19"),  # never seen
        (INFANT, [("report", "2026-03-05T10:30", {"CHD-02 ben": "cold"})], "2026-03-19"),
        (INFANT, [("report", "2026-03-05T10:30", {"PAR-04 mother": "over"})], "2026-03-19"),
        (NEWBORN, [("visit", "2026-03-02T10:30", HANDLED | FILTHY)], "2026-03-09"),
        ("2025-03-03", [("visit", "2026-03-02T10:30", HANDLED | FILTHY)], "2026-03-16"),
    ],
)
def test_an_infant_on_no_plan_with_a_concern_open(family, born, events, due):
    home = family(ada=born, ben=OLDER)
    for kind, at, said in events:
        home.visit(at, said) if kind == "visit" else home.report(at, "gp", said)
    assert_due(home, due)
    assert home.children("R06") == [("ada",)]


@pytest.mark.parametrize(
    ("born", "said", "after"),
    [
        (OLDER, HANDLED | FILTHY, None),
        ("2025-03-02", HANDLED | FILTHY, None),  # 12 months that day
        (INFANT, HANDLED | {"HYG-02": "mess"}, None),  # no concern reached S
        (INFANT, HANDLED, None),
        (INFANT, HANDLED | FILTHY, "seen"),
        (INFANT, HANDLED | FILTHY, "decided"),
        ("due 2026-06-01", FILTHY, None),
    ],
)
def test_no_plan_and_no_such_infant_or_no_such_concern(family, born, said, after):
    home = family(ada=born)
    home.visit("2026-03-02T10:30", said)
    if after == "seen":
        home.visit("2026-03-10T10:30", {"HYG-02": "ok"})
    if after == "decided":
        home.rule_on("2026-03-10T10:30", "close_concern", item="HYG-02", basis="seen")
    home.until("2026-05-30T09:00")
    assert not home.fired("R06")


def test_a_concern_only_said_to_be_better_is_open(family):
    home = family(ada=INFANT)
    home.visit("2026-03-02T10:30", HANDLED | FILTHY)
    home.visit("2026-03-10T10:30", {"HYG-02": ("ok", "told_by_parent")})
    assert_due(home, "2026-03-16")


def test_an_infant_on_a_plan_has_the_plans_interval(family):
    home = family(ada=INFANT)
    home.plan("2026-03-02T09:00", "child_in_need")
    home.visit("2026-03-02T10:30", HANDLED | FILTHY)
    assert_due(home, "2026-03-30")


@pytest.mark.parametrize(
    ("started", "seen", "ended", "due"),
    [
        # The plan ends before its own interval has passed: the concern counts again.
        ("2026-02-02", "2026-02-20", "2026-03-01T10:00", "2026-03-06T17:00"),
        # By then she is unseen for longer than a concern allows: due as it ends.
        ("2026-01-05", "2026-02-02", "2026-02-27T10:00", "2026-02-27T10:00"),
    ],
)
def test_an_infant_whose_plan_ends_with_a_concern_open(family, started, seen, ended, due):
    home = family(ada=INFANT)
    plan = home.plan(f"{started}T09:00", "child_in_need")
    home.visit(f"{seen}T10:30", HANDLED | FILTHY)
    home.end(ended, plan)
    home.until("2026-04-30T09:00")
    assert raised(home) == [(("ada",), due)]


def test_a_concern_closed_and_come_again_counts_anew(family):
    home = family(ada=INFANT)
    home.report("2026-03-02T10:30", "gp", FILTHY)
    home.visit("2026-03-05T10:30", {"HYG-02": "ok"})
    home.report("2026-03-09T10:30", "gp", FILTHY)
    assert_due(home, "2026-03-23")


@pytest.mark.parametrize("ended", ["2026-03-04T08:59", "2026-03-04T09:00"])
def test_a_plan_renewed(family, ended):
    """Ended and begun again at one conference, it is in force and counts from there."""
    home = family(ada=OLDER)
    plan = home.plan("2026-03-02T09:00")
    home.end(ended, plan)
    again = {"plan": plan, "kind": "child_protection", "children": ("ada",)}
    home.tell(PlanStarted(**home._when("2026-03-04T09:00"), **again))
    assert_due(home, "2026-03-18")
