"""Every planted pattern makes its rules fire at its moment; no near miss does, under the pack."""

from __future__ import annotations

from functools import cache

import orjson
import pytest

from backend.alarm_counts import fires
from backend.replaying import Replay, read_raw, replay
from backend.simulation.making import NEAR_MISSES, PATTERNS, Options, make
from shared import packs

# R24 is how every escalation climbs: it is told of no family.
EVERY_RULE = {f"R{number:02}" for number in range(1, 27)} - {"R24"}
FAMILIES = range(8)


@cache
def family(name: str, number: int) -> tuple[Replay, list[dict]]:
    """The replay of a family that holds this, and what the truth says of it."""
    doc, truth = make(packs.book(), number, Options(seed=26), name)
    book = packs.book()
    done = replay(read_raw(orjson.dumps(doc), "family.json", book), book)
    return done, truth.get("must_not_fire") or truth["planted"]


def named(patterns) -> list:
    """Each pattern with each rule that the truth names for it."""
    return [
        pytest.param(name, rule, id=f"{name}-{rule}")
        for name in patterns
        for rule in sorted({rule for due in truth_of(name) for rule in due["rules"]})
    ]


def truth_of(name: str) -> list[dict]:
    truth = make(packs.book(), 0, Options(seed=26), name)[1]
    return truth.get("must_not_fire") or truth["planted"]


@pytest.mark.parametrize(("name", "rule"), named(PATTERNS))
def test_a_planted_pattern_makes_its_rule_fire(name: str, rule: str) -> None:
    for number in FAMILIES:
        done, dues = family(name, number)
        for due in dues:
            if rule in due["rules"]:
                assert fires(done, rule, due["from"], by_time=due.get("by_time", False)), number


@pytest.mark.parametrize(("name", "rule"), named(NEAR_MISSES))
def test_a_near_miss_leaves_its_rule_silent(name: str, rule: str) -> None:
    for number in FAMILIES:
        done, dues = family(name, number)
        for due in dues:
            assert not fires(done, rule, due["from"], by_time=due.get("by_time", False)), number


@pytest.mark.parametrize("kind", [PATTERNS, NEAR_MISSES], ids=["planted", "near misses"])
def test_every_rule_has_one(kind) -> None:
    assert {rule for name in kind for due in truth_of(name) for rule in due["rules"]} == EVERY_RULE


def test_what_is_asked_of_a_moment_is_whether_it_fired_then() -> None:
    done, (due,) = family("left-with-a-child", 1)
    assert fires(done, "R22", due["from"])
    assert not fires(done, "R22", "2022-01-01T10:00:00+00:00")
    assert not fires(done, "R22", "2030-01-01T10:00:00+00:00")
    assert fires(done, "R22", "2030-01-01T10:00:00+00:00", by_time=True)
