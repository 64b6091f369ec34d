"""R26, significant and no other rule: no answer at S may end in silence."""

from __future__ import annotations

import pytest

from shared import packs

SEEN = "2026-03-06T10:30"

# Every answer at level S by itself, on a first visit to an infant, and the rule that takes it up.
TAKEN_BY = [
    ("ACC-01", "hide refused gone unsafe", "R04"),
    ("ACC-03 ada", "absent withheld", "R04"),
    ("ACC-04", "no same", "R26"),
    ("ACC-05", "risk unk", "R26"),
    ("CHD-01 ada", "flat distress", "R26"),
    ("CHD-02 ada", "cold", "R26"),
    ("CHD-03 ada", "rough", "R21"),
    ("CHD-03 ada", "restrained", "R26"),
    ("CHD-05 ada", "behind", "R26"),
    ("SLP-01 ada", "sofa", "R07"),
    ("SLP-01 ada", "none", "R08"),
    ("SLP-01 ada", "seat soft", "R26"),
    ("SLP-02 ada", "refused", "R23"),
    ("SLP-02 ada", "fixed", "R08"),
    ("SLP-03 ada", "side front varies wedge", "R26"),
    ("SLP-04 ada", "gap softs slope", "R08"),
    ("SLP-05 ada", "wet foul", "R26"),
    ("SLP-06 ada", "pillow bumper heat cord", "R26"),
    ("SLP-07 ada", "smoke alc drug small clutter sofa", "R07"),
    ("SLP-08 ada", "sep", "R26"),
    ("SLP-10 ada", "swadbad face", "R26"),
    ("SLP-11", "in", "R26"),
    ("SLP-12 ada", "coming wont", "R26"),
    ("FED-01 ada", "dirty", "R26"),
    ("FED-02 ada", "wrong", "R26"),
    ("FED-03", "short", "R26"),
    ("FED-04 ada", "falls", "R26"),
    ("HYG-01 ada", "sore", "R26"),
    ("HYG-02", "filthy", "R26"),
    ("HYG-03", "strong", "R26"),
    ("HYG-04", "no", "R26"),
    ("SAF-01", "off", "R26"),
    ("SAF-02", "choke drugs dog", "R26"),
    ("SAF-03", "unfit", "R22"),
    ("SAF-04 ada", "ext", "R22"),
    ("HLT-01 ada", "nonmob worry", "R02"),
    ("HLT-03 ada", "unlikely vague none", "R26"),
    ("HLT-04 ada", "untreated", "R19"),
    ("HLT-05 ada", "key", "R20"),
    ("HLT-06 ada", "open", "R19"),
    ("PAR-01", "smell affected", "R10"),
    ("PAR-02 mother", "reg dep", "R10"),
    ("PAR-04 mother", "over", "R26"),
    ("PAR-05", "now", "R26"),
    ("PAR-06", "gap", "R15"),
    ("ENG-01 HYG-02", "contra", "R16"),
    ("ENG-01 HYG-02", "worse", "R26"),
    ("ENG-02 cot", "not", "R26"),
    ("ENG-03", "pattern threat", "R26"),
    ("ENG-04", "two", "R14"),
    ("ENG-05 ada", "S", "R26"),
]
EACH = [(item, answer, rule) for item, answers, rule in TAKEN_BY for answer in answers.split()]


def test_the_table_holds_every_answer_at_s():
    at_s = {
        (item.code, option.code)
        for item in packs.checklist().items.values()
        for option in item.options
        if option.level == "S"
    }
    assert {(item.split()[0], answer) for item, answer, _ in EACH} == at_s


@pytest.mark.parametrize(("item", "answer", "rule"), EACH)
def test_every_answer_at_s_is_taken_up(family, item, answer, rule):
    home = family()
    many = packs.checklist().items[item.split()[0]].kind == "multi"
    home.visit(SEEN, {item: [answer] if many else answer})
    assert home.rules() == {rule}
    assert f"e1 {item}" in home.evidence(rule)


@pytest.mark.parametrize(
    ("item", "answer", "rule"),
    [
        ("SLP-09 ada", 13.9, "R26"),
        ("SLP-09 ada", 24.0, "R26"),
        ("HLT-05 ada", 2.0, "R20"),
        ("SLP-09 ada", 23.9, None),
        ("SLP-09 ada", 14.0, None),
        ("HLT-05 ada", 1.0, None),
    ],
)
def test_a_number_by_its_band(family, item, answer, rule):
    home = family()
    home.visit(SEEN, {item: answer})
    assert home.rules() == ({rule} if rule else set())


@pytest.mark.parametrize(
    ("born", "said"),
    [
        ("2023-01-10", {"PAR-01": ["smell"]}),
        ("2023-01-10", {"PAR-02 mother": "dep"}),
        ("2023-01-10", {"HLT-01 ada": "worry", "HLT-02 ada": "walk"}),
        ("2023-01-10", {"HLT-05 ada": 2.0}),
        ("2023-01-10", {"SLP-07 ada": ["sofa"]}),
    ],
)
def test_what_a_rule_leaves_by_age(family, born, said):
    home = family(ada=born)
    home.visit(SEEN, said)
    assert home.rules() == {"R26"}


def test_a_report_of_what_only_a_visit_makes_a_failed_access(family):
    home = family()
    home.report(SEEN, "midwifery", {"ACC-01": "refused", "ACC-03 ada": "withheld"})
    assert home.evidence("R26") == {"e1 ACC-01", "e1 ACC-03 ada"}


@pytest.mark.parametrize(
    "said",
    [
        {"HYG-03": ["some"]},
        {"HYG-02": "mess", "SLP-05 ada": "stain"},
        {"SLP-07 ada": ["plain"]},
        {"CHD-03 ada": "none"},
        {"ENG-05 ada": "L"},
        {"ACC-01": "part"},
        {"CHD-01 ada": ["ill"]},  # R01 has it
        {},
    ],
)
def test_below_s_and_above_it(family, said):
    home = family()
    home.visit(SEEN, said)
    assert home.rules() <= {"R01"}


def test_it_takes_only_what_no_other_rule_took_at_that_event(family):
    home = family()
    home.visit(SEEN, {"SLP-04 ada": "gap", "CHD-03 ada": "restrained", "HYG-02": "mess"})
    assert home.evidence("R26") == {"e1 CHD-03 ada"}
    assert home.evidence("R08") == {"e1 SLP-04 ada"}


def test_an_answer_that_other_rules_take_up_at_a_later_event(family):
    home = family()
    home.visit(SEEN, {"SLP-05 ada": "wet"})
    home.visit("2026-03-07T10:30", {"SLP-05 ada": "wet"})
    assert home.evidence("R26") == {"e1 SLP-05 ada"}
    assert home.evidence("R09") == {"e1 SLP-05 ada", "e2 SLP-05 ada"}


def test_for_whom(family):
    home = family(ada="2026-01-10", ben="2023-01-10", cam="2021-01-10")
    home.visit(SEEN, {"CHD-02 ben": "cold", "CHD-05 cam": "behind"})
    assert home.children("R26") == [("ben",), ("cam",)]
    for said in ({"PAR-05": "now"}, {"PAR-04 mother": "over"}):
        home = family(ada="2026-01-10", ben="2023-01-10")
        home.visit(SEEN, said)
        assert home.children("R26") == [("ada", "ben")]


def test_it_stands_whatever_comes_late(family):
    """What another rule takes up only later, by a late event, was on record already."""
    home = family()
    home.visit("2026-03-20T10:30", {"SLP-05 ada": "wet"})
    home.visit(SEEN, {"SLP-05 ada": "wet"}, received="2026-03-21T09:00")
    assert home.evidence("R26") >= {"e1 SLP-05 ada"}
    assert home.fired("R09")


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (SEEN, "2026-03-09T17:00"),
        ("2026-03-02T10:30", "2026-03-03T17:00"),
        ("2026-04-02T23:30", "2026-04-07T17:00"),
        ("2026-03-28T22:30", "2026-03-30T17:00"),
        ("2026-12-24T10:30", "2026-12-29T17:00"),
    ],
)
def test_what_it_requires_of_whom_and_by_when(family, at, due):
    home = family()
    home.visit(at, {"HYG-03": ["strong"]})
    assert home.required("R26") == {"manager_decision team_manager": due}
    assert home.fired("R26")[0].level == "S"
