"""The packs: whole, the same as JSON, and readable where there is no YAML at all."""

import json
import subprocess
import sys

import pytest

from shared import packs

WITHOUT_YAML = """
import json, sys
sys.modules["yaml"] = None
sys.modules["jsonschema"] = None
from shared import packs
book = packs.from_documents(json.loads(sys.stdin.read()))
print(book.checklist.name, book.rules.name, book.holidays.last, len(book.rules.rules))
"""


def test_the_bundled_book_is_whole():
    book = packs.book()
    assert book is packs.book()
    assert (book.checklist, book.holidays) == (packs.checklist(), packs.holidays())
    assert book.rules.id == "england"
    assert "england" in packs.rule_packs()
    assert packs.label("team_manager")


def test_a_phone_reads_them_without_yaml():
    sent = json.dumps(packs.documents())
    done = subprocess.run(  # this interpreter, our own words
        [sys.executable, "-c", WITHOUT_YAML], input=sent, capture_output=True, text=True, check=True
    )
    rules = packs.england()
    assert done.stdout.split() == [
        "infant-home-visit/1",
        rules.name,
        "2028-12-26",
        str(len(rules.rules)),
    ]


def test_documents_read_back_equal():
    book = packs.from_documents(json.loads(json.dumps(packs.documents())))
    assert book.checklist == packs.checklist()
    assert book.holidays == packs.holidays()
    assert book.rules.to_doc() == packs.england().to_doc()


@pytest.mark.parametrize(
    "doc", [None, {}, [], {"checklist": {}, "rules": {}, "holidays": {}}, {"checklist": {}}]
)
def test_other_documents_are_refused(doc):
    with pytest.raises(ValueError):
        packs.from_documents(doc)


@pytest.mark.parametrize(
    "change",
    [{"format": "x"}, {"dates": []}, {"dates": [3]}, {"last": "2020-01-01"}, {"last": "soon"}],
)
def test_a_spoiled_table_of_holidays_is_refused(change):
    with pytest.raises(ValueError):
        packs.holidays_from_doc(packs.holidays_to_doc(packs.holidays()) | change)
