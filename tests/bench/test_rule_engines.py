"""The judge beside zen-engine, JSON Logic and hand-written Python: 25 rules, 50 earlier visits.

All must give the same answer on all 200 families before any of them is timed. Then each goes
through the families in turn, round after round, so that what else the machine does hits all alike.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import pytest

from shared.entries import Entry
from tests.bench import rule_work, rules_as_pack, rules_by_hand, rules_elsewhere
from tests.bench.rules_elsewhere import with_visits
from tests.bench.timing import each_us

# Guards, each a ratio of two figures of one run; docs/performance.md has what was seen.
ALLOWED_TIMES_BY_HAND = 12.0
LEAST_TIMES_FASTER_THAN_ZEN = 2.0

zen = rules_elsewhere.zen_native()
zen_on_facts = rules_elsewhere.zen_on_facts()
json_logic_on_facts = rules_elsewhere.json_logic_on_facts()


class Family:
    """One family in the form that each engine takes, its earlier visits indexed."""

    def __init__(self, scenario: rule_work.Scenario) -> None:
        self.scenario, self.new = scenario, scenario.new
        self.ours = rules_as_pack.Family(scenario)
        self.history = rules_by_hand.History(scenario.earlier)
        self.text = rules_elsewhere.as_text(scenario)
        self.entry: Entry | None = None

    def take_in(self) -> None:
        """Index the new visit for our judge."""
        self.entry = self.ours.take_in()

    def take_back(self) -> None:
        """Forget it again."""
        self.ours.take_back(self.entry)

    def judge(self) -> list[object]:
        """What the new visit, indexed, sets off."""
        return self.ours.judge(self.entry)


@dataclass(frozen=True)
class Work:
    """What is timed for a family, with what goes before and after it and is not."""

    run: Callable[[Family], object]
    before: Callable[[Family], object] | None = None
    after: Callable[[Family], object] | None = None


WORKS = {
    "judge": Work(Family.judge, Family.take_in, Family.take_back),
    "by hand": Work(lambda f: rules_by_hand.judge(f.new, f.history)),
    "zen": Work(lambda f: zen(f.text)),
    "zen, facts": Work(lambda f: with_visits(zen_on_facts, f.new, f.history)),
    "JSON Logic, facts": Work(lambda f: with_visits(json_logic_on_facts, f.new, f.history)),
    "facts": Work(lambda f: rules_by_hand.facts(f.new, f.history)),
    "index": Work(Family.take_in, None, Family.take_back),
    "index by hand": Work(
        lambda f: f.history.add(f.new), None, lambda f: f.history.take_back(f.new)
    ),
}


@pytest.fixture(scope="module")
def families() -> Iterator[list[Family]]:
    gc.disable()  # 300,000 objects that all stay
    made = [Family(scenario) for scenario in rule_work.scenarios()]
    gc.freeze()
    gc.enable()
    yield made
    gc.unfreeze()


def test_every_engine_gives_the_same_answer(families) -> None:
    met = set()
    for family in families:
        right = rule_work.fired_slowly(family.scenario)
        met |= right.keys()
        family.take_in()
        assert rules_as_pack.fired(family.judge()) == right
        family.take_back()
        for name in ("by hand", "zen", "zen, facts", "JSON Logic, facts"):
            assert WORKS[name].run(family) == right, name
    assert met == {rule.id for rule in rule_work.RULES}


def test_25_rules_on_one_visit(figures, families) -> None:
    sweeps = {name: partial(sweep_us, families, work) for name, work in WORKS.items()}
    took = figures.side_by_side(sweeps, 40 if figures.full else 3)
    ours, hand = took["judge"], took["by hand"]
    figures.say("25 rules, 50 earlier visits, with evidence: the judge", f"{ours:.1f} µs")
    for name, words in (
        ("by hand", "written by hand in Python, over a sorted history"),
        ("zen", "zen-engine (Rust), over all visits as JSON text"),
        ("zen, facts", "zen-engine (Rust), with the making of facts by hand"),
        ("JSON Logic, facts", "JSON Logic (Rust), with the making of facts by hand"),
    ):
        figures.say(f"  {words}", f"{took[name]:.1f} µs: {took[name] / ours:.2f} of ours")
    figures.say("  the making of facts alone", f"{took['facts']:.1f} µs")
    figures.say(
        "  to index the new visit of 32 answers beforehand",
        f"{took['index']:.1f} µs; by hand {took['index by hand']:.1f} µs",
    )
    assert ours / hand < ALLOWED_TIMES_BY_HAND
    assert took["zen"] / ours > LEAST_TIMES_FASTER_THAN_ZEN


def sweep_us(families: list[Family], work: Work) -> float:
    """The processor time of one work a family, in µs."""
    for family in families if work.before else ():
        work.before(family)
    took = each_us(work.run, families)
    for family in families if work.after else ():
        work.after(family)
    return took
