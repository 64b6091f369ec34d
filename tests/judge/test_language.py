"""The rule language: the bundled pack in it, its schema, and what is no pack at all."""

from __future__ import annotations

import json

import pytest

from shared import facts, packs, proofreading, rulebook, wire
from shared.conditions import CONDITIONS, EVENT_NAMES
from shared.counts import COUNTS
from shared.patterns import PATTERNS
from shared.reading import read_yaml

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


def properties(schema, path=()):
    """Every property of a schema, with its path."""
    for key, part in schema.items() if isinstance(schema, dict) else ():
        if key == "properties":
            for word, one in part.items():
                yield (*path, word), one
                yield from properties(one, (*path, word))
        elif isinstance(part, dict):
            yield from properties(part, (*path, key))
        elif isinstance(part, list):
            for n, one in enumerate(part):
                yield from properties(one, (*path, key, n))


def test_an_editor_can_explain_every_word():
    schema = rulebook.schema()
    found = [(path, one) for path, one in properties(schema) if path[0] != "else"]
    assert len(found) > 100
    for path, one in found:
        for ref in [one["$ref"]] if set(one) == {"$ref"} else []:
            one = schema["$defs"][ref.rpartition("/")[2]]
        assert len(one.get("description", "")) > 9, path


def condition_words() -> set[str]:
    """The words that a condition of the schema can start with."""
    schema = rulebook.schema()
    found = set()
    for form in schema["$defs"]["condition"]["oneOf"]:
        found.add(schema["$defs"][form["$ref"].rpartition("/")[2]]["required"][0])
    return found


def test_the_schema_has_the_words_that_are_compiled_and_no_others():
    assert condition_words() == set(CONDITIONS | COUNTS | PATTERNS)


def test_the_schema_lists_what_events_can_say():
    defs = rulebook.schema()["$defs"]
    assert defs["agency"]["enum"] == list(facts.AGENCIES)
    assert defs["basis"]["enum"] == list(facts.BASES)
    assert defs["decision_kind"]["enum"] == list(facts.DECISIONS)
    assert defs["closure_kind"]["enum"] == list(wire.CLOSURES)
    assert defs["plan_kind"]["anyOf"][0]["enum"] == list(wire.PLAN_KINDS)
    assert wire.PLAN_KINDS == proofreading.PLAN_KINDS
    assert set(defs["event_name"]["enum"]) == {*EVENT_NAMES.values(), *facts.ARRIVALS}
    decision = defs["by_event_decision"]["properties"]
    assert decision["to"]["items"]["enum"] == list(wire.LEVELS_TO)
