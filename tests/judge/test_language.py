"""The rule language: all 26 rules can be said in it, and a mistake is named with its line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shared import packs, rulebook, rules
from shared.reading import read_yaml

HERE = Path(__file__).parent
ENGLAND = packs.rule_packs()["england"]


@pytest.fixture(scope="module")
def all_26():
    doc, _ = read_yaml(ENGLAND.encode(), limit=10**6)
    others, _ = read_yaml((HERE / "other_rules.yaml").read_bytes(), limit=10**6)
    doc["rules"] = doc["rules"][:-1] + others + doc["rules"][-1:]
    return doc


@pytest.fixture(scope="module")
def whole_book(all_26):
    bundled = packs.book()
    return packs.Book(
        bundled.checklist, rules.from_doc(all_26, bundled.checklist), bundled.holidays
    )


def test_all_26_rules_can_be_said(all_26):
    from jsonschema import Draft202012Validator

    Draft202012Validator.check_schema(rulebook.schema())
    assert list(Draft202012Validator(rulebook.schema()).iter_errors(all_26)) == []
    ids = {rule["id"] for rule in all_26["rules"]} | {all_26["ladder"]["rule"]}
    assert ids == {f"R{n:02}" for n in range(1, 27)}


@pytest.mark.parametrize(
    ("rule", "events"),
    [
        ("R02", [{"HLT-02 ada": "rolls"}, {"HLT-01 ada": "worry"}]),
        ("R07", [{"PAR-01": ["smell"]}, {"SLP-07 ada": ["plain"]}]),
        ("R09", [{"SLP-06 ada": ["toy"]}, {"SLP-06 ada": ["unk"]}, {"SLP-06 ada": ["loose"]}]),
        ("R10", [{"PAR-03": "unclear"}]),
        ("R12", [{"HYG-02": "mess", "SAF-01": "lim", "FED-03": "low", "HLT-04 ada": "delay"}]),
        ("R13", [{"HYG-02": "ok"}, {"HYG-02": "mess"}, {"HYG-02": "filthy"}]),
        ("R16", [{"ACC-02": "ann", "HYG-02": "ok"}, {"ACC-02": "unann", "HYG-02": "filthy"}]),
        ("R20", [{"HLT-05 ada": 2.0}]),
        ("R21", [{"CHD-01 ada": ["flat"]}, {"CHD-01 ada": ["distress"]}]),
        ("R23", [{}, {}]),
    ],
)
def test_the_other_rules_fire_on_their_last_event_and_not_before(family, whole_book, rule, events):
    home = family(book=whole_book, ada="2026-01-10")
    for n, said in enumerate(events):
        assert not home.fired(rule)
        home.visit(f"2026-03-{n + 2:02}T10:30", said)
    assert home.fired(rule)


def test_two_agencies_and_a_medical_question(family, whole_book):
    home = family(book=whole_book, ada="2026-01-10")
    home.visit("2026-03-02T10:30", {"HYG-02": "mess"})
    assert not home.fired("R14")
    home.report("2026-03-03T10:30", "hospital", {"HYG-01 ada": "sore"})
    assert {"R14", "R19"} <= home.rules()


def test_a_child_not_seen_is_raised_by_time_alone(family, whole_book):
    home = family(book=whole_book, ada="2026-01-10")
    home.plan("2026-02-02T09:00")
    home.visit("2026-02-04T10:30", {"ACC-03 ada": "handled"})
    home.until("2026-02-11T17:00")
    assert not home.fired("R06")
    home.until("2026-02-11T17:01")  # under 3 months: 5 working days, 7 calendar days
    (escalation,) = home.fired("R06")
    assert [e.event for e in escalation.evidence] == ["e3"]


def test_the_pack_as_json_judges_the_same():
    again = packs.from_documents(json.loads(json.dumps(packs.documents())))
    assert again.rules.to_doc() == packs.england().to_doc()
    assert [rule.id for rule in again.rules.rules] == [rule.id for rule in packs.england().rules]


def changed(old: str, new: str) -> bytes:
    assert old in ENGLAND
    return ENGLAND.replace(old, new, 1).encode()


def line_of(text: str, pack: bytes) -> int:
    return next(n for n, line in enumerate(pack.decode().splitlines(), 1) if text in line)


@pytest.mark.parametrize(
    ("old", "new", "words", "on_line"),
    [
        ("on_device: true", "on_devise: true", ["on_devise", "on_device"], "on_devise"),
        (
            "{answer: SLP-02, in: [none, fixed]}",
            "{answer: SLP-20, in: [none]}",
            ["SLP-20"],
            "SLP-20",
        ),
        ("in: [none, fixed]", "in: [none, fixd]", ["fixd", "fixed"], "fixd"),
        ("within_days: 14", "within_days: many", ["many", "integer"], "many"),
        ("{term: failed_access}", "{term: failed_acess}", ["failed_acess"], None),
        ("level: I\n", "level: X\n", ["'X'", "S, I"], "level: X"),
        ("due: {same_day: true}", "due: {same_day: false}", ["True"], "same_day: false"),
        ("{count: visits,", "{cuont: visits,", ["cuont", "count"], "cuont"),
        ("id: R03", "id: R01", ["two rules R01"], None),
    ],
)
def test_a_mistake_is_named_with_its_line_and_the_nearest_word(old, new, words, on_line):
    pack = changed(old, new)
    with pytest.raises(rulebook.UnfitPack) as raised:
        rulebook.read_pack(pack, packs.checklist())
    text = str(raised.value)
    assert all(word in text for word in words), text
    if on_line:
        assert line_of(on_line, pack) in {problem.line for problem in raised.value.problems}


@pytest.mark.parametrize("raw", [b"", b"\xff", b"[1]", b"rules: [", b"a: &a [*a]", b"format: 1"])
def test_what_is_no_pack_at_all_is_refused(raw):
    with pytest.raises(rulebook.UnfitPack):
        rulebook.read_pack(raw, packs.checklist())


def test_the_bundled_pack_is_sound_and_says_it_is_a_proposal():
    pack = rulebook.read_pack(ENGLAND.encode(), packs.checklist())
    assert pack.doc["status"] == "proposal"
    held = {"R01", "R03", "R04", "R05", "R08", "R11", "R17", "R18", "R22", "R26"}
    assert {rule.id for rule in pack.rules} == held
    for rule in pack.rules:
        assert rule.why
        for action in rule.actions:
            assert pack.label(action.code) != action.code.replace("_", " "), action.code
