"""The rule language: the bundled pack in it, and a mistake is named with its line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shared import packs, rulebook
from shared.reading import read_yaml

HERE = Path(__file__).parent
ENGLAND = packs.rule_packs()["england"]


def test_the_bundled_pack_fits_its_schema_and_holds_all_26_rules():
    from jsonschema import Draft202012Validator

    doc, _ = read_yaml(ENGLAND.encode(), limit=10**6)
    Draft202012Validator.check_schema(rulebook.schema())
    assert list(Draft202012Validator(rulebook.schema()).iter_errors(doc)) == []
    ids = {rule["id"] for rule in doc["rules"]} | {doc["ladder"]["rule"]}
    assert ids == {f"R{n:02}" for n in range(1, 27)}


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
    for rule in pack.rules:
        assert rule.why
        for action in rule.actions:
            assert pack.label(action.code) != action.code.replace("_", " "), action.code
