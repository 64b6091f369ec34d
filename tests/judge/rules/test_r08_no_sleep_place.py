"""R08, no safe sleep place tonight."""

from __future__ import annotations

import pytest

SEEN = "2026-03-06T10:30"


@pytest.mark.parametrize(
    ("said", "fires"),
    [
        ({"SLP-02 ada": "none"}, True),
        ({"SLP-02 ada": "fixed"}, True),
        ({"SLP-02 ada": "refused"}, False),
        ({"SLP-02 ada": "told"}, False),
        ({"SLP-02 ada": "one"}, False),
        ({"SLP-02 ada": "both"}, False),
        ({"SLP-01 ada": ["own", "none"]}, True),
        ({"SLP-01 ada": ["adultbed", "sofa", "seat", "soft", "sib"]}, False),
        ({"SLP-01 ada": ["unk"]}, False),
        ({"SLP-04 ada": "gap"}, True),
        ({"SLP-04 ada": "softs"}, True),
        ({"SLP-04 ada": "slope"}, True),
        ({"SLP-04 ada": "cover"}, False),
        ({"SLP-04 ada": "good"}, False),
        ({"SLP-04 ada": "unk"}, False),
        ({"SLP-05 ada": "foul"}, False),
        ({"SLP-12 ada": "wont"}, False),
    ],
)
@pytest.mark.parametrize("source", ["visit", "report"])
def test_no_safe_place(family, said, fires, source):
    home = family()
    if source == "visit":
        home.visit(SEEN, said)
    else:
        home.report(SEEN, "midwifery", said)
    (item,) = said
    assert home.evidence("R08") == ({f"e1 {item}"} if fires else set())


def test_each_child_by_herself_with_all_that_was_seen(family):
    home = family(ada="2026-01-10", ben="2026-01-10", cam="2025-09-10")
    said = {"SLP-04 ada": "gap", "SLP-01 ada": ["none"], "SLP-04 ben": "slope"}
    home.visit(SEEN, said | {"SLP-04 cam": "cover"})
    assert home.children("R08") == [("ada",), ("ben",)]
    assert home.evidence("R08") == {"e1 SLP-01 ada", "e1 SLP-04 ada", "e1 SLP-04 ben"}
    assert home.fired("R08")[0].level == "S"


@pytest.mark.parametrize(
    ("at", "tonight", "in_use"),
    [
        (SEEN, "2026-03-06T23:59", "2026-03-10T17:00"),
        ("2026-03-06T19:59", "2026-03-06T23:59", "2026-03-10T17:00"),
        ("2026-03-06T20:01", "2026-03-07T00:01", "2026-03-10T17:00"),
        ("2026-04-02T10:30", "2026-04-02T23:59", "2026-04-08T17:00"),
        ("2026-04-04T10:30", "2026-04-04T23:59", "2026-04-08T17:00"),  # Easter Saturday
        ("2026-03-28T23:00", "2026-03-29T04:00", "2026-03-31T17:00"),
        ("2026-12-24T10:30", "2026-12-24T23:59", "2026-12-30T17:00"),
    ],
)
def test_what_it_requires_of_whom_and_by_when(family, at, tonight, in_use):
    home = family()
    home.visit(at, {"SLP-04 ada": "gap"})
    assert home.required("R08") == {
        "provide_sleep_place team_manager": tonight,
        "sleep_place_seen_in_use visitor": in_use,
    }
