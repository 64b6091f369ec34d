"""R01, immediate danger: any answer at level I, on any item, from a visit or a report."""

from __future__ import annotations

import pytest

from shared import packs

# An item, its answer of immediate danger, and the nearest that is not.
DANGER = [
    ("ACC-01", "alarm", "unsafe"),
    ("ACC-03 ada", "risk", "withheld"),
    ("ACC-05", "barred", "unk"),
    ("CHD-01 ada", ["ok", "ill"], ["flat", "distress"]),
    ("CHD-02 ada", "hostile", "cold"),
    ("CHD-03 ada", "violent", "restrained"),
    ("SLP-02 ada", "none", "fixed"),
    ("SLP-07 ada", ["plain", "tonight"], ["smoke", "alc", "drug", "small", "clutter", "sofa"]),
    ("FED-01 ada", "none", "dirty"),
    ("FED-03", "none", "short"),
    ("FED-04 ada", "dry", "falls"),
    ("HYG-01 ada", ["bad"], ["sore"]),
    ("HYG-02", "hazard", "filthy"),
    ("SAF-01", "danger", "off"),
    ("SAF-02", ["acute"], ["choke", "drugs", "dog"]),
    ("SAF-03", "alone", "unfit"),
    ("HLT-01 ada", "grave", "worry"),
    ("HLT-04 ada", "emerg", "untreated"),
    ("PAR-01", ["affected", "charge"], ["smell", "affected"]),
    ("PAR-03", "nobody", "unclear"),
    ("PAR-04 mother", "harm", "over"),
    ("PAR-05", "acute", "now"),
    ("ENG-05 ada", "I", "S"),
]


def test_the_table_holds_every_item_that_has_such_an_answer():
    items = packs.checklist().items.values()
    with_danger = {item.code for item in items if any(o.level == "I" for o in item.options)}
    assert {key.split()[0] for key, *_ in DANGER} == with_danger


@pytest.mark.parametrize(("item", "danger", "nearest"), DANGER)
def test_every_answer_of_danger_and_not_its_neighbour(family, item, danger, nearest):
    home = family(ada="2026-01-10", ben="2023-01-10")
    home.visit("2026-03-02T10:30", {item: nearest})
    assert not home.fired("R01")
    home.visit("2026-03-02T11:30", {item: danger})
    code, _, about = item.partition(" ")
    assert home.evidence("R01") == {f"e2 {item}"}
    assert home.children("R01") == [("ada",) if about == "ada" else ("ada", "ben")]
    assert home.fired("R01")[0].level == "I"
    assert home.fired("R01")[0].evidence[0].item == code


@pytest.mark.parametrize(("item", "danger", "nearest"), DANGER)
def test_from_a_report_as_from_a_visit(family, item, danger, nearest):
    home = family()
    home.report("2026-03-02T10:30", "police", {item: nearest})
    assert not home.fired("R01")
    home.report("2026-03-02T11:30", "public", {item: (danger, "told_by_family_or_neighbour")})
    assert home.evidence("R01") == {f"e2 {item}"}


@pytest.mark.parametrize(
    "said", [{"CHD-03 ada": "none"}, {"HLT-01 ada": "unk"}, {"PAR-03": "unk"}, {}]
)
def test_what_could_not_be_checked_is_not_danger(family, said):
    home = family()
    home.visit("2026-03-02T10:30", said)
    assert not home.fired("R01")


def test_one_escalation_a_child_with_all_that_was_seen(family):
    home = family(ada="2026-01-10", ben="2023-01-10")
    said = {"CHD-01 ada": ["ill"], "HLT-04 ada": "emerg", "CHD-03 ben": "violent"}
    home.visit("2026-03-02T10:30", said | {"CHD-02 ben": "cold"})
    assert home.children("R01") == [("ada",), ("ben",)]
    assert home.evidence("R01") == {"e1 CHD-01 ada", "e1 HLT-04 ada", "e1 CHD-03 ben"}


@pytest.mark.parametrize(
    ("at", "call", "manager", "discussion"),
    [
        ("2026-03-02T10:30", "2026-03-02T10:30", "2026-03-02T10:45", "2026-03-02T23:59"),
        ("2026-03-02T19:59", "2026-03-02T19:59", "2026-03-02T20:14", "2026-03-02T23:59"),
        ("2026-03-02T20:00", "2026-03-02T20:00", "2026-03-02T20:15", "2026-03-03T00:00"),
        ("2026-04-03T20:01", "2026-04-03T20:01", "2026-04-03T20:16", "2026-04-04T00:01"),
        ("2026-12-31T23:50", "2026-12-31T23:50", "2027-01-01T00:05", "2027-01-01T03:50"),
        # The clocks go forward at 01:00 on 29 March, and back at 02:00 on 25 October.
        ("2026-03-28T22:30", "2026-03-28T22:30", "2026-03-28T22:45", "2026-03-29T03:30"),
        ("2026-03-29T00:50", "2026-03-29T00:50", "2026-03-29T02:05", "2026-03-29T23:59"),
        ("2026-10-24T22:30", "2026-10-24T22:30", "2026-10-24T22:45", "2026-10-25T01:30"),
    ],
)
def test_what_it_requires_of_whom_and_by_when(family, at, call, manager, discussion):
    home = family()
    home.visit(at, {"CHD-01 ada": ["ill"]})
    assert home.required("R01") == {
        "call_999 visitor": call,
        "tell_manager visitor": manager,
        "strategy_discussion team_manager": discussion,
    }
