"""What docs/rule-language.md shows is what the language takes, and nothing is left out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from shared import packs, rulebook
from shared.conditions import CONDITIONS
from shared.counts import COUNTS
from shared.patterns import PATTERNS
from shared.reading import read_yaml

TEXT = (Path(__file__).parents[2] / "docs/rule-language.md").read_text()
WHEN, CLOCKS = (
    re.findall(r"^\| `(\{.*?\})` \|", TEXT.partition(heading)[2].partition("\n## ")[0], re.M)
    for heading in ("## What must be so", "## Clocks")
)
BLOCKS = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
HEAD = (
    "format: threshold-rules/1\nid: ours\nversion: 1\ntitle: Ours\nstatus: proposal\n"
    "based_on: england/1\nrules:\n"
)
RULE = """\
  - id: OURS-1
    before: R26
    name: Ours
    level: S
    "on": [visit, report, decision]
    for: {scope}
    when: {when}
    actions:
      - {{do: tell_manager, who: visitor, if: {if_}, due: {due}}}
    why: Made up.
"""


def read(text: str) -> Any:
    return rulebook.check_pack(text.encode(), packs.checklist(), packs.rule_docs())[0]


def rule(when: str = "{unborn_child: true}", if_: str = "{earlier_plan: true}",
         due: str = "{same_day: true}") -> str:  # fmt: skip
    scope = "child" if when.startswith(("{latest: HLT", "{not_seen_for")) else "household"
    return HEAD + RULE.format(scope=scope, when=when, if_=if_, due=due)


def test_the_pack_in_ten_lines_has_ten_and_can_be_used():
    pack = next(block for block in BLOCKS if "based_on" in block)
    assert len(pack.splitlines()) == 10
    assert read(pack).name == "ours/1"


def test_the_rule_that_is_shown_is_one():
    shown = next(block for block in BLOCKS if block.startswith("- id:"))
    assert read(HEAD + re.sub("^", "  ", shown, flags=re.MULTILINE)).rule("R08")


@pytest.mark.parametrize("example", WHEN)
def test_each_condition_that_is_shown_is_one(example: str):
    aside = {"if_": example} if "evidence_about" in example else {"when": example}
    assert read(rule(**aside)).rule("OURS-1")


@pytest.mark.parametrize("example", CLOCKS)
def test_each_clock_that_is_shown_is_one(example: str):
    assert read(rule(due=example)).rule("OURS-1")


def test_every_word_has_an_example():
    shown = {next(iter(read_yaml(each.encode(), limit=10**4)[0])) for each in WHEN}
    assert shown == set(CONDITIONS | COUNTS | PATTERNS)
    assert len(CLOCKS) == 5


def test_every_other_word_is_spoken_of():
    defs = rulebook.schema()["$defs"]
    words = {*defs["rule"]["properties"], *defs["seen"]["properties"]}
    words |= {*defs["by_count"]["properties"], *defs["answers"]["properties"]}
    words |= {word for form in defs["action"]["oneOf"] for word in form["properties"]}
    words |= {*rulebook.schema()["properties"], "rungs", "times", "first", "repeat"}
    coded = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]*)`", TEXT) + BLOCKS)))
    assert words - coded == set()
