"""R24, the ladder that every escalation climbs until somebody answers."""

from __future__ import annotations

import pytest

from shared import packs
from shared.facts import Acknowledged, Decision

ROLES = ["team_manager", "service_manager", "head_of_service", "director"]
LATER = "2027-06-01T00:00"


def low_book() -> packs.Book:
    """The bundled pack with R22 at level L, of which the pack itself has no rule."""
    documents = packs.documents()
    rules = documents["rules"]["rules"]
    changed = [rule | {"level": "L"} if rule["id"] == "R22" else rule for rule in rules]
    return packs.from_documents(documents | {"rules": documents["rules"] | {"rules": changed}})


def raised(family, level, received="2026-03-06T10:00", seen=None, **more):
    """A home with one escalation, of R01 at level I and else of R22, and its rule."""
    born = {"S, infant": "2026-01-10"}.get(level, "2023-01-10")
    book = low_book() if level == "L" else None
    home = family(book, ada=born, **more)
    said = {"CHD-01 ada": ["ill"]} if level == "I" else {"SAF-04 ada": "ext"}
    home.visit(seen or received, said, received=received)
    return home, "R01" if level == "I" else "R22"


# When each rung is told, from receipt, where nobody answers.
CLIMBS = [
    ("I", "2026-03-06T16:00", "2026-03-06T16:30", "2026-03-06T17:00", "2026-03-06T17:30"),
    ("I", "2026-04-03T23:45", "2026-04-04T00:15", "2026-04-04T00:45", "2026-04-04T01:15"),
    ("I", "2026-03-29T00:45", "2026-03-29T02:15", "2026-03-29T02:45", "2026-03-29T03:15"),
    ("S, infant", "2026-03-06T16:00", "2026-03-06T18:00", "2026-03-06T22:00", "2026-03-07T02:00"),
    ("S, infant", "2026-12-24T22:00", "2026-12-25T00:00", "2026-12-25T04:00", "2026-12-25T08:00"),
    ("S, infant", "2026-03-28T23:00", "2026-03-29T02:00", "2026-03-29T06:00", "2026-03-29T10:00"),
    ("S, infant", "2026-10-24T23:00", "2026-10-25T01:00", "2026-10-25T04:00", "2026-10-25T08:00"),
    ("S", "2026-03-06T16:00", "2026-03-09T17:00", "2026-03-10T17:00", "2026-03-11T17:00"),
    ("S", "2026-04-02T18:00", "2026-04-07T17:00", "2026-04-08T17:00", "2026-04-09T17:00"),
    ("S", "2026-12-23T10:00", "2026-12-24T17:00", "2026-12-29T17:00", "2026-12-30T17:00"),
    ("S", "2026-10-24T10:00", "2026-10-26T17:00", "2026-10-27T17:00", "2026-10-28T17:00"),
    ("L", "2026-03-06T16:00", "2026-03-11T17:00", "2026-03-13T17:00", "2026-03-17T17:00"),
    ("L", "2026-04-02T18:00", "2026-04-09T17:00", "2026-04-13T17:00", "2026-04-15T17:00"),
]


@pytest.mark.parametrize(("level", *(f"rung_{n}" for n in range(4))), CLIMBS)
def test_unanswered_it_climbs_to_the_end_of_the_ladder(
    family, level, rung_0, rung_1, rung_2, rung_3
):
    home, rule = raised(family, level, rung_0)
    told = [rung_0, rung_1, rung_2, rung_3]
    assert home.ladder(rule, LATER) == list(zip(ROLES, told, strict=True))
    for n, at in enumerate(told, 1):
        assert len(home.ladder(rule, at)) == n


def test_it_counts_from_receipt_and_not_from_what_was_seen(family):
    home, rule = raised(family, "I", "2026-03-06T16:00", seen="2026-03-06T10:00")
    assert [at for _, at in home.ladder(rule, "2026-03-06T16:30")] == [
        "2026-03-06T16:00",
        "2026-03-06T16:30",
    ]


@pytest.mark.parametrize(
    ("sibling", "second"),
    [
        ("2025-03-07", "2026-03-06T12:00"),  # 12 months tomorrow
        ("2025-03-06", "2026-03-09T17:00"),  # 12 months today
        ("due 2026-04-01", "2026-03-09T17:00"),  # not born yet
    ],
)
def test_any_child_under_12_months_of_the_household_makes_it_quicker(family, sibling, second):
    home, rule = raised(family, "S", ben=sibling)
    assert home.ladder(rule, LATER)[1] == ("service_manager", second)


# Received at 10:00 on Friday 6 March: acknowledged when, and when the further rungs are told.
ACKNOWLEDGED = [
    ("I", "2026-03-06T10:01", ["2026-03-06T11:00", "2026-03-06T11:30", "2026-03-06T12:00"]),
    ("I", "2026-03-06T10:29", ["2026-03-06T11:00", "2026-03-06T11:30", "2026-03-06T12:00"]),
    # After one rung it rests until twice the first time.
    ("I", "2026-03-06T10:45", ["2026-03-06T10:30", "2026-03-06T11:00", "2026-03-06T11:30"]),
    # Later than that, it delays nothing.
    ("I", "2026-03-06T11:10", ["2026-03-06T10:30", "2026-03-06T11:00", "2026-03-06T11:30"]),
    ("S, infant", "2026-03-06T11:00", ["2026-03-06T14:00", "2026-03-06T18:00", "2026-03-06T22:00"]),
    ("S, infant", "2026-03-06T13:00", ["2026-03-06T12:00", "2026-03-06T14:00", "2026-03-06T18:00"]),
    ("S", "2026-03-06T15:00", ["2026-03-10T17:00", "2026-03-11T17:00", "2026-03-12T17:00"]),
    ("S", "2026-03-10T09:00", ["2026-03-09T17:00", "2026-03-10T17:00", "2026-03-11T17:00"]),
    ("L", "2026-03-10T09:00", ["2026-03-16T17:00", "2026-03-18T17:00", "2026-03-20T17:00"]),
]


@pytest.mark.parametrize(("level", "acknowledged", "told"), ACKNOWLEDGED)
def test_acknowledged_it_rests_until_twice_the_first_time(family, level, acknowledged, told):
    home, rule = raised(family, level)
    home.acknowledge(acknowledged, rule, "e1")
    expected = ["2026-03-06T10:00", *told]
    assert home.ladder(rule, LATER) == list(zip(ROLES, expected, strict=True))


@pytest.mark.parametrize(
    ("acknowledged", "decided", "rungs"),
    [
        (None, "2026-03-06T10:10", 1),
        (None, "2026-03-06T10:40", 2),
        (None, "2026-03-06T11:10", 3),
        (None, "2026-03-06T11:40", 4),
        ("2026-03-06T10:20", "2026-03-06T10:50", 1),
        ("2026-03-06T10:20", "2026-03-06T11:10", 2),
        ("2026-03-06T10:20", "2026-03-06T11:50", 3),
    ],
)
def test_decided_it_stops_and_whoever_was_told_stays_told(family, acknowledged, decided, rungs):
    home, rule = raised(family, "I")
    if acknowledged:
        home.acknowledge(acknowledged, rule, "e1")
    home.decide(decided, rule, "e1")
    assert [role for role, _ in home.ladder(rule, LATER)] == ROLES[:rungs]


def test_an_answer_counts_from_when_the_office_knows_of_it(family):
    answered, decided = raised(family, "I")[0], raised(family, "I")[0]
    when = answered._when("2026-03-06T10:20")
    acknowledgement = Acknowledged(**when, rule="R01", on="e1", role="team_manager")
    answered.tell(acknowledgement, at="2026-03-06T10:40")
    assert [at for _, at in answered.ladder("R01", "2026-03-06T11:00")] == [
        "2026-03-06T10:00",
        "2026-03-06T10:30",
        "2026-03-06T11:00",
    ]
    decision = Decision(**when, kind="decide", rule="R01", on="e1", role="team_manager")
    decided.tell(decision, at="2026-03-06T10:40")
    assert [role for role, _ in decided.ladder("R01", LATER)] == ROLES[:2]


def test_what_time_raises_climbs_from_its_due_time(family):
    home = family(ada="2023-01-10")
    home.plan("2026-03-02T09:00")
    home.until("2026-03-16T18:00")
    assert home.ladder("R06", LATER) == list(
        zip(
            ROLES,
            ["2026-03-16T17:00", "2026-03-17T17:00", "2026-03-18T17:00", "2026-03-19T17:00"],
            strict=True,
        )
    )


def test_it_is_no_escalation_of_its_own(family):
    home, _ = raised(family, "S")
    home.until("2026-06-01T09:00")
    assert not home.fired("R24")
