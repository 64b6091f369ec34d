"""The checklist: whole, level by level; what applies today; what an answer may be."""

import json
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import packs
from shared.checklist import (
    LEVELS,
    Checklist,
    answer_value,
    applicable,
    check_answer,
    level_of,
    rank,
    worst,
)
from shared.facts import BASES, Adult, Answer, Child, Household

LIST = packs.checklist()
TODAY = date(2026, 3, 2)
ADA = Child(id="ada", born=date(2025, 12, 10))
FAMILY = Household(id="f", children=(ADA,), adults=(Adult(id="mother"), Adult(id="father")))

# Counted apart from the file, so that a line lost from it is noticed here.
SIZES = {"ACC": 5, "CHD": 5, "SLP": 12, "FED": 4, "HYG": 4, "SAF": 4, "HLT": 6, "PAR": 6, "ENG": 5}
CORE = ["ACC-01", "ACC-03", "ACC-04", "CHD-01", "SLP-01", "SLP-02", "SLP-07", "HLT-01"]
CORE += ["PAR-01", "ENG-05"]


def codes(household, day=TODAY, **more):
    return {each.item.code for each in applicable(LIST, household, day, **more)}


def test_every_item_is_there():
    found = [each.section for each in LIST.items.values()]
    assert {code: found.count(code) for code in SIZES} == SIZES
    assert LIST.name == "infant-home-visit/1"
    assert LIST.bases == BASES
    assert [each.code for each in LIST.items.values() if each.core] == CORE
    assert sum(len(each.options) for each in LIST.items.values()) == 259
    kinds = [each.kind for each in LIST.items.values()]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "choice": 36, "multi": 12, "number": 2, "text": 1,
    }  # fmt: skip


def test_the_file_says_that_levels_are_proposals():
    text = (packs.files("shared.packs") / "checklists/infant-home-visit-1.yaml").read_text("utf-8")
    assert "PROPOSAL" in text[:600]
    assert "sign" in text[:600]


def test_codes_are_well_formed_and_levels_known():
    for item in LIST.items.values():
        assert re.fullmatch(r"[A-Z]{3}-\d\d", item.code)
        assert item.help
        assert all(option.level in LEVELS and option.label for option in item.options)


def test_it_goes_through_json_and_back():
    assert Checklist.from_doc(json.loads(json.dumps(LIST.to_doc()))) == LIST


@pytest.mark.parametrize(
    ("code", "value", "level"),
    [
        ("ACC-01", "in", "N"),
        ("ACC-01", "alarm", "I"),
        ("ACC-02", "ann", "-"),
        ("ACC-04", ("all",), "N"),
        ("SLP-07", ("plain", "alc"), "S"),
        ("SLP-07", ("plain", "unk"), "L"),
        ("SLP-07", ("never", "unk"), "U"),
        ("CHD-04", "He was put down at seven.", "-"),
        ("SLP-09", 13.9, "S"),
        ("SLP-09", 14, "L"),
        ("SLP-09", 15.99, "L"),
        ("SLP-09", 16, "N"),
        ("SLP-09", 20, "N"),
        ("SLP-09", 20.1, "L"),
        ("SLP-09", 24, "S"),
        ("SLP-09", "unk", "U"),
        ("HLT-05", 0, "N"),
        ("HLT-05", 1, "L"),
        ("HLT-05", 7, "S"),
        ("HLT-05", "key", "S"),
        ("ENG-05", "N", "N"),
    ],
)
def test_levels(code, value, level):
    assert level_of(LIST.items[code], value) == level
    assert answer_value(LIST.items[code], value) == value


def test_levels_are_in_order():
    assert sorted("ISLUN-", key=rank) == list("-NULSI")
    assert worst([]) == "-"
    assert worst("NUL") == "L"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(item="SLP-99", value="x"), ["no item 'SLP-99'", "Did you mean 'SLP-"]),
        (Answer(item="ACC-01", value="refusd"), ["'refusd'", "Did you mean 'refused'"]),
        (Answer(item="ACC-01", value=("in",)), ["one answer"]),
        (Answer(item="ACC-01", value=1), ["one answer"]),
        (Answer(item="ACC-01", value="in", basis="sen"), ["basis 'sen'", "Did you mean 'seen'"]),
        (Answer(item="ACC-01", value="in", about="ada"), ["no 'about'"]),
        (Answer(item="SLP-05", value="wet"), ["needs 'about'"]),
        (Answer(item="SLP-05", value="wet", about="ade"), ["no child", "Did you mean 'ada'"]),
        (Answer(item="PAR-02", value="reg", about="ada"), ["no adult", "mother, father"]),
        (Answer(item="SLP-07", value=(), about="ada"), ["at least one"]),
        (Answer(item="SLP-07", value=("alc", "alc"), about="ada"), ["more than once"]),
        (Answer(item="SLP-07", value=("alc", "beer"), about="ada"), ["'beer'"]),
        (Answer(item="SLP-09", value=True, about="ada"), ["takes a number"]),
        (Answer(item="SLP-09", value=float("nan"), about="ada"), ["ordinary number"]),
        (Answer(item="SLP-09", value=float("inf"), about="ada"), ["ordinary number"]),
        (Answer(item="SLP-09", value="warm", about="ada"), ["a number or unk"]),
        (Answer(item="HLT-05", value=1.5, about="ada"), ["cannot be 1.5"]),
        (Answer(item="HLT-05", value=-1, about="ada"), ["cannot be -1"]),
        (Answer(item="CHD-04", value="  ", about="ada"), ["takes words"]),
        (Answer(item="ENG-01", value="seen", about="SLP-05"), ["no child"]),
        (Answer(item="ENG-01", value="seen", about="HYG-02:ada"), ["write HYG-02"]),
        (Answer(item="ENG-01", value="seen", about="cot"), ["names no concern"]),
        (Answer(item="ENG-02", value="done", about="a b"), ["names no action"]),
    ],
)
def test_what_is_wrong_is_said_in_words(answer, words):
    problems = check_answer(LIST, answer, FAMILY)
    assert len(problems) == 1
    assert all(each in problems[0] for each in words), problems


@pytest.mark.parametrize(
    "answer",
    [
        Answer(item="SLP-05", value="wet", about="ada", basis="told_by_parent"),
        Answer(item="SLP-07", value=("plain", "tired"), about="ada"),
        Answer(item="PAR-02", value="none", about="father"),
        Answer(item="ENG-01", value="seen", about="SLP-05:ada"),
        Answer(item="ENG-01", value="seen", about="HYG-02"),
        Answer(item="ENG-01", value="worse", about="PAR-04:mother"),
        Answer(item="ENG-02", value="done", about="cot_provided"),
        Answer(item="ENG-05", value="N", about="ada"),
    ],
)
def test_a_sound_answer_is_let_through(answer):
    assert check_answer(LIST, answer, FAMILY) == []


@given(st.text(max_size=200), st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4).map(tuple), max_leaves=6,
))  # fmt: skip
def test_no_answer_whatever_breaks_the_check(word, value):
    for item in [word, *LIST.items]:
        answer = Answer(item=item, value=value, about="ada", basis=word)
        assert all(isinstance(each, str) for each in check_answer(LIST, answer, FAMILY))


def test_what_is_asked_depends_on_age():
    baby, toddler = codes(FAMILY), codes(Household(id="f", children=(
        Child(id="tom", born=date(2023, 9, 1)),
    )))  # fmt: skip
    assert {"SLP-01", "SLP-08", "FED-01", "SLP-11", "PAR-03"} <= baby
    assert {"SLP-05", "CHD-05", "PAR-03"} <= toddler
    assert not {"SLP-01", "SLP-08", "FED-01", "FED-04", "SLP-11"} & toddler
    assert "SLP-08" not in codes(FAMILY, date(2026, 6, 10))
    assert "SLP-01" in codes(FAMILY, date(2026, 12, 9))
    assert "SLP-01" not in codes(FAMILY, date(2026, 12, 10))


def test_an_unborn_child_is_asked_nothing_about():
    unborn = Household(id="f", children=(Child(id="bea", due=date(2026, 4, 1)),))
    asked = applicable(LIST, unborn, TODAY)
    assert all(each.item.per == "household" for each in asked)
    due_home = Child(id="bea", due=date(2026, 4, 1), born=date(2026, 3, 3))
    both = Household(id="f", children=(due_home,))
    assert all(each.about is None for each in applicable(LIST, both, TODAY))
    assert any(each.about == "bea" for each in applicable(LIST, both, date(2026, 3, 3)))


@pytest.mark.parametrize(("bottle", "asked"), [(None, True), (True, True), (False, False)])
def test_not_knowing_how_a_baby_is_fed_counts_as_bottles(bottle, asked):
    child = Child(id="ada", born=ADA.born, bottle_fed=bottle)
    assert ("FED-01" in codes(Household(id="f", children=(child,)))) is asked


def test_the_account_of_an_injury_is_asked_when_there_is_one():
    def with_mark(mark):
        return codes(FAMILY, answers=[Answer(item="HLT-01", value=mark, about="ada")])

    assert "HLT-03" not in codes(FAMILY)
    assert not any("HLT-03" in with_mark(mark) for mark in ("none", "known", "unk"))
    assert all("HLT-03" in with_mark(mark) for mark in ("minor", "nonmob", "worry", "grave"))


def test_concerns_actions_children_and_adults_each_have_their_own():
    twins = Household(
        id="f",
        children=(ADA, Child(id="ben", born=ADA.born)),
        adults=(Adult(id="mother"),),
    )
    asked = applicable(
        LIST, twins, TODAY, open_concerns=["SLP-05:ada", "HYG-02"], agreed_actions=["cot_provided"]
    )
    about = {code: [e.about for e in asked if e.item.code == code] for code in LIST.items}
    assert about["SLP-01"] == ["ada", "ben"]
    assert about["PAR-02"] == ["mother"]
    assert about["ACC-01"] == [None]
    assert about["ENG-01"] == ["SLP-05:ada", "HYG-02"]
    assert about["ENG-02"] == ["cot_provided"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda doc: doc.pop("items"),
        lambda doc: doc.update(format="other"),
        lambda doc: doc["items"].append(doc["items"][0]),
        lambda doc: doc["items"][0].update(kind="essay"),
        lambda doc: doc["items"][0].update(options=[]),
        lambda doc: doc["items"][0]["options"][0].update(level="X"),
        lambda doc: doc.update(items=[3]),
    ],
)
def test_a_spoiled_document_is_no_checklist(spoil):
    doc = LIST.to_doc()
    spoil(doc)
    with pytest.raises(ValueError):
        Checklist.from_doc(doc)
