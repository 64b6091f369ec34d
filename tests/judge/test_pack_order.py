"""A pack means the same in whatever order its keys arrive, and a circle of terms is refused."""

from __future__ import annotations

import json

import pytest

from shared import packs, rules


def test_keys_sorted_on_the_way_to_the_phone_change_nothing() -> None:
    sent = json.loads(json.dumps(packs.documents(), sort_keys=True))
    assert list(sent["rules"]["terms"]) != list(packs.documents()["rules"]["terms"])
    book = packs.from_documents(sent)
    assert [rule.id for rule in book.rules.rules] == [rule.id for rule in packs.england().rules]


def test_a_circle_of_terms_is_refused_with_their_names() -> None:
    doc = dict(packs.england().to_doc())
    doc["terms"] = doc["terms"] | {"one": {"not": {"term": "two"}}, "two": {"term": "one"}}
    with pytest.raises(rules.BadPack, match="circle"):
        rules.from_doc(doc, packs.checklist())
