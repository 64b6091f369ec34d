"""Quiet families: lived in, never alarming, and the same from the same seed and number."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

import pytest

from backend.simulation import rates
from backend.simulation.chance import Chance
from backend.simulation.making import NEAR_MISSES, PATTERNS, Options, make
from shared import packs
from shared.checklist import level_of
from shared.facts import BASES

MANY = 400


@pytest.fixture(scope="module")
def quiet() -> list[dict]:
    """Many quiet families."""
    return [make(packs.book(), n, Options(seed=5, quiet_share=1))[0] for n in range(MANY)]


def visits(family: dict) -> list[dict]:
    return [each for each in family["events"] if each["type"] == "visit"]


def every_answer(families: list[dict]) -> list[dict]:
    return [a for f in families for e in f["events"] for a in e.get("answers", ())]


def share(families: list[dict], holds) -> float:
    return sum(map(bool, map(holds, families))) / len(families)


def test_nothing_in_them_is_alarming(quiet) -> None:
    items = packs.checklist().items
    grave = set()
    for each in every_answer(quiet):
        value = each["answer"]
        level = level_of(items[each["item"]], tuple(value) if isinstance(value, list) else value)
        if level in "SI":
            grave.add((each["item"], value if isinstance(value, str) else "number"))
    # The two that the table of rates names: a hot day, and a toddler who is with relatives.
    assert grave == {("SLP-09", "number"), ("ACC-03", "absent")}


def test_they_have_from_three_to_about_fifty_visits(quiet) -> None:
    counts = [len(visits(each)) for each in quiet]
    assert min(counts) >= 3
    assert 30 <= max(counts) <= 60
    assert len(set(counts)) > 20


def test_the_first_visit_asks_everything_and_later_ones_the_core(quiet) -> None:
    one_baby = [f for f in quiet if len(f["children"]) == 1 and "born" in f["children"][0]]
    whole, others = [], []
    for family in one_baby:
        born = date.fromisoformat(family["children"][0]["born"])
        held = [v for v in visits(family) if len(v["answers"]) > 2]
        after = [v for v in held if 9 <= (datetime.fromisoformat(v["at"]).date() - born).days < 250]
        whole += [len(v["answers"]) for v in after if _age(v, born) <= 14]
        others += [len(v["answers"]) for v in after if _age(v, born) > 70]
    assert 35 <= sum(whole) / len(whole) <= 55
    assert 10 <= sum(others) / len(others) <= 25


def _age(visit: dict, born: date) -> int:
    return (datetime.fromisoformat(visit["at"]).date() - born).days


def test_ordinary_life_is_in_them(quiet) -> None:
    said = {(each["item"], str(each["answer"])) for each in every_answer(quiet)}
    for item, code in (
        ("HYG-02", "mess"),
        ("ACC-02", "drop"),
        ("SLP-07", "['plain']"),
        ("SLP-05", "stain"),
        ("SLP-06", "['toy']"),
        ("HLT-01", "minor"),
        ("HLT-03", "fits"),
        ("FED-01", "na"),
        ("SLP-02", "told"),
    ):
        assert (item, code) in said
    assert {each.get("basis", "seen") for each in every_answer(quiet)} == set(BASES)
    assert share(quiet, lambda f: any(c["id"] == "c2" for c in f["children"])) > 0
    assert share(quiet, lambda f: any("born" not in c for c in f["children"])) > 0
    assert share(quiet, lambda f: any(e["type"] == "report" for e in f["events"])) > 0


def test_a_small_mark_is_only_on_a_child_who_walks(quiet) -> None:
    for family in quiet:
        born = {c["id"]: c.get("born") for c in family["children"]}
        for event in family["events"]:
            for each in event.get("answers", ()):
                if (each["item"], each["answer"]) == ("HLT-01", "minor"):
                    assert _age(event, date.fromisoformat(born[each["about"]])) >= 390


def test_what_happens_happens_about_as_often_as_assumed(quiet) -> None:
    moved = Counter(_moved(v) for f in quiet for v in visits(f))
    assert moved[True] / moved.total() == pytest.approx(rates.MOVED, abs=0.01)
    late = Counter(_days_late(v) > 0 for f in quiet for v in visits(f))
    assert late[True] / late.total() == pytest.approx(rates.RECEIVED_DAYS_LATER, abs=0.01)
    smokes = share(quiet, lambda f: ("SLP-11", ["out"]) in _pairs(f))
    assert smokes == pytest.approx(rates.SMOKES_OUTSIDE, abs=0.05)
    plans = share(quiet, lambda f: any(e["type"] == "plan" for e in f["events"]))
    assert plans == pytest.approx(rates.CARE["plan"], abs=0.03)


def _moved(visit: dict) -> bool:
    return any(a == {"item": "ACC-02", "answer": "drop"} for a in visit["answers"])


def _days_late(visit: dict) -> int:
    received = datetime.fromisoformat(visit.get("received_at", visit["at"]))
    return (received.date() - datetime.fromisoformat(visit["at"]).date()).days


def _pairs(family: dict) -> list:
    return [(each["item"], each["answer"]) for each in every_answer([family])]


def test_children_on_a_plan_are_visited_in_time(quiet) -> None:
    held = 0
    for family in quiet:
        marks = [e for e in family["events"] if e["type"] == "plan"]
        if marks:
            held += 1
            until = marks[1]["at"] if len(marks) > 1 else "9999"
            seen = [v["at"] for v in visits(family) if len(v["answers"]) > 2]
            days = [marks[0]["at"], *(at for at in seen if marks[0]["at"] < at < until)]
            dates = [datetime.fromisoformat(each).date() for each in days]
            gaps = [(b - a).days for a, b in zip(dates, dates[1:], strict=False)]
            assert max(gaps) <= 28, family["id"]
    assert held > 10


def test_so_many_visits_as_are_asked_for() -> None:
    made = [make(packs.book(), n, Options(seed=5, visits=50))[1] for n in range(40)]
    about = [each["visits"] for each in made if each["quiet"] and "near_miss" not in each]
    assert 48 <= sum(about) / len(about) <= 54


def test_every_pattern_and_near_miss_comes_by_itself() -> None:
    options = Options(seed=1, quiet_share=0)
    chosen = {_planted(make(packs.book(), number, options)[1]) for number in range(600)}
    assert chosen == {*PATTERNS, *NEAR_MISSES}


def _planted(truth: dict) -> str:
    return truth.get("near_miss") or truth["planted"][0]["pattern"]


def test_draws_are_those_that_every_python_makes() -> None:
    chance = Chance(1, 2)
    assert [chance.whole(1, 100) for _ in range(8)] == [9, 83, 56, 44, 52, 97, 43, 67]
