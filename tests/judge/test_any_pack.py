"""Whatever an author writes is a pack that can be used, or is refused with its lines."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.replaying import read_book, read_file, replay
from shared import packs, rulebook
from shared.explaining import explain
from shared.packs import Book

ENGLAND = packs.rule_packs()["england"]
SEEDS = Path(__file__).parents[2] / "seeds"
CASE = read_file(str(SEEDS / "coventry-2022.yaml"), read_book(None))
LOCAL = {
    **{key: packs.rule_docs()["england"][key] for key in ("format", "title", "version", "status")},
    "id": "local",
    "based_on": "england/1",
    "leave_out": ["R13"],
    "seen": {"every": [{"plan": "any", "working_days": 5}]},
}
JUNK: list[Any] = [
    None, True, False, 0, -1, 3, 1.5, 10**17, "", "x", "S", "R03", "R24", "SLP-05", "any", "none",
    "child", "time", "visit", "wet", "team_manager", "failed_access", "x" * 3000, "\u00e9", [], {},
    [[]], ["visit"], ["time"], ["SLP"], [1], {"answer": "SLP-05"}, {"any": []}, {"rule": "R03"},
    {"term": "failed_access"}, {"not_seen": "in_time"}, {"same_day": True}, {"working_days": 2},
]  # fmt: skip
SIGNS = ["", "\t", ":", "- ", "'", '"', "{", "]", "#", "\n", "  ", "&a ", "!!x "]


def nodes(doc: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where every part of a document stands."""
    parts = enumerate(doc) if isinstance(doc, list) else ()
    if isinstance(doc, dict):
        parts = doc.items()
    return [path, *(inner for key, part in parts for inner in nodes(part, (*path, key)))]


def at(doc: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        doc = doc[step]
    return doc


@st.composite
def documents(draw: st.DrawFn) -> Any:
    """A few of the bundled rules, or a local pack, with something in it changed."""
    doc = copy.deepcopy(packs.rule_docs()["england"])
    rules = doc["rules"]
    some = draw(st.sets(st.sampled_from(range(len(rules))), min_size=1, max_size=4))
    doc["rules"] = [rule for n, rule in enumerate(rules) if n in some or rule["id"] == "R03"]
    if draw(st.booleans()):
        doc = copy.deepcopy(LOCAL) | {"rules": [r for r in doc["rules"] if r["id"] != "R13"]}
    doc.pop("labels", None)
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from([path for path in nodes(doc) if path] or [()]))
        if not path:
            break
        around = at(doc, path[:-1])
        if draw(st.booleans()):
            del around[path[-1]]
        else:  # something else, or another part of the same pack
            part = draw(
                st.sampled_from(JUNK) | st.sampled_from(nodes(doc)).map(lambda p: at(doc, p))
            )
            around[path[-1]] = copy.deepcopy(part)
    return doc


@st.composite
def texts(draw: st.DrawFn) -> bytes:
    """The beginning of the bundled pack's text, with characters, lines or bytes changed."""
    text = ENGLAND[: ENGLAND.index("  - id: R03")]
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 30)))
        put = draw(st.sampled_from(SIGNS) | st.text(max_size=5))
        text = text[:start] + put + text[end:]
    return text.encode("utf-8", "surrogatepass")


def read(raw: bytes) -> Any:
    """The pack, or None where it is refused; a refusal has lines of the text and words."""
    try:
        return rulebook.check_pack(raw, packs.checklist(), packs.rule_docs())[0]
    except rulebook.UnfitPack as unfit:
        assert unfit.problems
        lines = raw.count(b"\n") + 1
        for problem in unfit.problems:
            assert 1 <= problem.line <= lines
            assert problem.message.strip() and len(problem.message) < 2000
        return None


@given(documents())
def test_a_document_is_refused_or_can_be_judged_with(doc: Any) -> None:
    pack = read(json.dumps(doc).encode())
    if pack is not None:
        replay(CASE, Book(packs.checklist(), pack, packs.holidays()))
        assert all(passage.text for passage in explain(pack, packs.checklist()))


@pytest.mark.parametrize(
    "when",
    [
        {"event": "report", "agency": ["hospital"]},
        {"child_under_months": 60},
        {"not": {"plan_in_force": "any"}},
    ],
)
def test_a_rule_that_asks_for_no_answer_is_raised_on_its_event(when: Any) -> None:
    doc = copy.deepcopy(packs.rule_docs()["england"])
    doc["rules"] = [dict(doc["rules"][0], **{"on": ["report"], "for": "household", "when": when})]
    pack = read(json.dumps(doc).encode())
    raised = replay(CASE, Book(packs.checklist(), pack, packs.holidays())).escalations
    assert raised and all(each.evidence for each in raised)


@given(texts())
def test_a_text_is_refused_or_is_a_pack(raw: bytes) -> None:
    read(raw)


@pytest.mark.parametrize("doc", [None, True, 3, "x", [], {}, {"based_on": "england"}, {"rules": 1}])
def test_what_has_nothing_of_a_pack_is_refused(doc: Any) -> None:
    assert read(json.dumps(doc).encode()) is None
