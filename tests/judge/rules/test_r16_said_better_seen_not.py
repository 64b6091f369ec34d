"""R16, said to be better and seen not to be."""

from __future__ import annotations

import pytest

ANNOUNCED, UNANNOUNCED = "2026-03-02T10:30", "2026-03-20T10:30"


@pytest.mark.parametrize(
    ("answer", "fires"),
    [("contra", True), ("worse", False), ("same", False), ("unseen", False), ("seen", False)],
)
@pytest.mark.parametrize("source", ["visit", "report"])
def test_said_to_be_better_and_seen_that_it_is_not(family, answer, fires, source):
    home = family(ada="2026-01-10", ben="2023-01-10")
    home.visit("2026-02-02T10:30", {"SLP-05 ada": "wet"})
    if source == "visit":
        home.visit(ANNOUNCED, {"ENG-01 SLP-05:ada": answer})
    else:
        home.report(ANNOUNCED, "early_help", {"ENG-01 SLP-05:ada": answer})
    assert home.evidence("R16") == ({"e2 ENG-01 SLP-05:ada"} if fires else set())
    assert home.children("R16") == ([("ada",)] if fires else [])
    if fires:
        assert home.fired("R16")[0].level == "S"


@pytest.mark.parametrize(
    ("kind", "to", "basis", "fires"),
    [
        ("lower_level", "N", "told_by_parent", True),
        ("lower_level", "L", "told_by_parent", True),
        ("lower_level", "S", "told_by_parent", True),  # from I
        ("close_concern", None, "told_by_parent", True),
        ("lower_level", "N", "seen", False),
        ("lower_level", "N", "from_record", False),
        ("close_concern", None, "seen", False),
        ("close_concern", None, "told_by_child", False),
        ("close_concern", None, "told_by_professional", False),
        ("lower_level", "N", "told_by_family_or_neighbour", False),
        ("decide", None, "told_by_parent", False),
        ("refuse_referral", None, "told_by_parent", False),
        ("decline_strategy_discussion", None, "told_by_parent", False),
    ],
)
def test_a_decision_on_what_a_parent_said(family, kind, to, basis, fires):
    home = family(ada="2026-01-10", ben="2023-01-10")
    home.visit("2026-02-02T10:30", {"HYG-01 ada": ["bad"]})
    named = {"item": "HYG-01", "about": "ada"} if to or kind == "close_concern" else {}
    decision = home.rule_on(ANNOUNCED, kind, to=to, basis=basis, **named)
    assert home.evidence("R16") == ({decision} if fires else set())
    assert home.children("R16") == ([("ada",)] if fires else [])


# One item on an announced visit, then on one that was not.
@pytest.mark.parametrize(
    ("item", "announced", "unannounced", "fires"),
    [
        ("SLP-05 ada", "clean", "wet", True),
        ("SLP-05 ada", "stain", "foul", True),
        ("HYG-02", "filthy", "hazard", True),
        ("PAR-04 mother", "strain", "over", True),
        ("ENG-05 ada", "L", "S", True),
        ("ACC-01", "in", "refused", True),
        ("SLP-05 ada", "wet", "foul", False),  # no level higher
        ("HYG-02", "hazard", "filthy", False),
        ("SLP-05 ada", "clean", "stain", False),  # below S
        ("SLP-05 ada", "unk", "wet", False),  # nothing to compare with
        ("SLP-05 ada", None, "wet", False),
        ("SLP-05 ada", "clean", "unk", False),
    ],
)
def test_worse_unannounced_than_announced(family, item, announced, unannounced, fires):
    home = family()
    said = {item: announced} if announced else {}
    home.visit(ANNOUNCED, {"ACC-02": "ann"} | said)
    home.visit(UNANNOUNCED, {"ACC-02": "unann", item: unannounced})
    assert bool(home.fired("R16")) == fires
    if fires:
        assert home.evidence("R16") >= {f"e2 {item}"}
        assert {each.split()[0] for each in home.evidence("R16")} <= {"e1", "e2"}


@pytest.mark.parametrize(
    ("first", "second", "fires"),
    [
        ("ann", "unann", True),
        ("ann", "ann", False),
        ("unann", "unann", False),
        ("drop", "unann", False),
        ("ann", "drop", False),
        (None, "unann", False),
        ("ann", None, False),
    ],
)
def test_it_takes_an_announced_and_an_unannounced_visit(family, first, second, fires):
    home = family()
    for at, expected, mattress in ((ANNOUNCED, first, "clean"), (UNANNOUNCED, second, "wet")):
        how = {"ACC-02": expected} if expected else {}
        home.visit(at, how | {"SLP-05 ada": mattress})
    assert bool(home.fired("R16")) == fires


@pytest.mark.parametrize(
    ("announced", "unannounced", "fires"),
    [
        ("2026-03-02T10:30", "2026-05-01T10:30", True),  # 60 days
        ("2026-03-02T10:30", "2026-05-02T10:30", False),
        ("2026-11-20T10:30", "2027-01-19T10:30", True),
        ("2026-11-20T10:30", "2027-01-20T10:30", False),
        ("2026-03-02T09:00", "2026-03-02T16:00", True),
        ("2026-03-02T16:00", "2026-03-02T09:00", False),  # announced afterwards
    ],
)
def test_within_the_60_days_before(family, announced, unannounced, fires):
    home = family()
    told = [(announced, "ann", "clean"), (unannounced, "unann", "wet")]
    for at, how, mattress in sorted(told):
        home.visit(at, {"ACC-02": how, "SLP-05 ada": mattress})
    assert bool(home.fired("R16")) == fires


@pytest.mark.parametrize(
    ("earlier", "fires"),
    [
        (["clean", "stain"], True),
        (["clean", "wet"], False),  # the latest announced visit saw it already
        (["wet", "clean"], True),
        (["clean", None], True),  # the latest that looked
    ],
)
def test_compared_with_the_latest_announced_visit(family, earlier, fires):
    home = family()
    for at, mattress in zip(("2026-02-20T10:30", ANNOUNCED), earlier, strict=True):
        said = {"SLP-05 ada": mattress} if mattress else {}
        home.visit(at, {"ACC-02": "ann"} | said)
    home.visit(UNANNOUNCED, {"ACC-02": "unann", "SLP-05 ada": "wet"})
    assert bool(home.fired("R16")) == fires


def test_of_the_same_child_whatever_agency(family):
    home = family(ada="2026-01-10", ben="2025-06-10")
    home.visit(ANNOUNCED, {"ACC-02": "ann", "SLP-05 ada": "clean"}, agency="social_care")
    home.visit("2026-03-10T10:30", {"ACC-02": "unann", "SLP-05 ben": "wet"})
    assert not home.fired("R16")
    home.visit(UNANNOUNCED, {"ACC-02": "unann", "SLP-05 ada": "wet"})
    assert home.children("R16") == [("ada",)]


def test_each_child_by_herself(family):
    home = family(ada="2026-01-10", ben="2025-06-10")
    for at, how, answer in ((ANNOUNCED, "ann", "clean"), (UNANNOUNCED, "unann", "wet")):
        home.visit(at, {"ACC-02": how, "SLP-05 ada": answer, "SLP-05 ben": answer})
    assert home.children("R16") == [("ada",), ("ben",)]


def test_a_report_in_between_is_no_visit(family):
    home = family()
    home.visit(ANNOUNCED, {"ACC-02": "ann", "SLP-05 ada": "clean"})
    home.report("2026-03-10T10:30", "gp", {"SLP-05 ada": "wet"})
    assert not home.fired("R16")
    home.visit(UNANNOUNCED, {"ACC-02": "unann", "SLP-05 ada": "wet"})
    assert home.fired("R16")


def test_what_a_late_announced_visit_shows(family):
    home = family()
    home.visit(UNANNOUNCED, {"ACC-02": "unann", "SLP-05 ada": "wet"})
    said = {"ACC-02": "ann", "SLP-05 ada": "clean"}
    home.visit(ANNOUNCED, said, received="2026-03-24T09:00")
    assert home.raised("R16") == [(UNANNOUNCED, "2026-03-24T09:00")]
    assert home.fired("R16")[0].late


@pytest.mark.parametrize(
    ("at", "two", "five"),
    [
        ("2026-03-02T10:30", "2026-03-04T17:00", "2026-03-09T17:00"),
        ("2026-04-02T18:00", "2026-04-08T17:00", "2026-04-13T17:00"),
        ("2026-03-28T22:30", "2026-03-31T17:00", "2026-04-07T17:00"),
        ("2026-12-24T10:30", "2026-12-30T17:00", "2027-01-05T17:00"),
    ],
)
def test_what_it_requires_of_whom_and_by_when(family, at, two, five):
    home = family()
    home.visit("2026-02-02T10:30", {"HYG-02": "filthy"})
    home.rule_on(at, "close_concern", item="HYG-02", basis="told_by_parent")
    assert home.required("R16") == {
        "unannounced_visit visitor": five,
        "manager_decision team_manager": two,
    }
