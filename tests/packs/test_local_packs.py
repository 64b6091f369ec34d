"""The local packs of the seeds: short, sound, proposals, and elsewhere the same as England's."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from backend.cli import main
from backend.replaying import read_book, read_file, replay
from shared import packs
from shared.packs import Book
from shared.rulebook import check_pack
from shared.rules import from_doc
from tests.packs.conftest import PACKS

NAMES = sorted(path.stem for path in PACKS.glob("*.yaml"))
SEEDS = PACKS.parent
# What each replaces or adds; R17, R18 and R26 are about the other rules.
OWN = {
    "knowsley": {"R04", "KNO-1", "KNO-2"},
    "southwark": {"R06", "R23"},
    "lincolnshire": {"R25"},
}
ABOUT_OTHERS = {"R17", "R18", "R26"}


def read(name: str):
    raw = (PACKS / f"{name}.yaml").read_bytes()
    return check_pack(raw, packs.checklist(), packs.rule_docs())


def test_there_are_three():
    assert set(OWN) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_local_pack_is_a_proposal_and_says_its_source_and_what_it_cannot_say(name):
    text = (PACKS / f"{name}.yaml").read_text()
    assert text.startswith("# yaml-language-server: $schema=../../shared/packs/rules.schema.json\n")
    remarks = " ".join(line.strip("# ") for line in text.splitlines() if line.startswith("#"))
    for words in ("PROPOSAL", "Source:", "What this cannot say:"):
        assert words in remarks
    pack, odd = read(name)
    assert (pack.id, pack.doc["status"], pack.doc["based_on"]) == (name, "proposal", "england/1")
    assert odd == []
    assert pack.rules[-1].id == "R26"


@pytest.mark.parametrize("name", NAMES)
def test_what_a_local_pack_does_not_say_is_as_in_england(name):
    pack, _ = read(name)
    england = {rule["id"]: rule for rule in packs.rule_docs()["england"]["rules"]}
    for rule in pack.doc["rules"]:
        assert (rule == england.get(rule["id"])) is (rule["id"] not in OWN[name])
    assert pack.doc["ladder"] == packs.rule_docs()["england"]["ladder"]


@pytest.mark.parametrize("name", NAMES)
def test_on_the_families_of_the_seeds_the_other_rules_fire_as_before(name):
    theirs = read_book(str(PACKS / f"{name}.yaml"))
    found = []
    for path in [SEEDS / "coventry-2022.yaml", *(SEEDS / "demo").glob("*.yaml")]:
        if path.stem == "people":
            continue
        case = read_file(str(path), packs.book())
        england, local = (
            {
                (each.rule, each.children, each.raised_at, each.level)
                for each in replay(case, book).escalations
                if each.rule not in OWN[name] | ABOUT_OTHERS
            }
            for book in (packs.book(), theirs)
        )
        assert england == local, path
        found += england
    assert len(found) > 20


@pytest.mark.parametrize("name", NAMES)
def test_the_whole_pack_is_what_a_phone_is_sent(name):
    pack, _ = read(name)
    sent = json.loads(json.dumps(pack.to_doc(), sort_keys=True))
    again = from_doc(sent, packs.checklist())
    assert [rule.id for rule in again.rules] == [rule.id for rule in pack.rules]
    assert again.to_doc() == pack.to_doc()
    case = read_file(str(SEEDS / "coventry-2022.yaml"), packs.book())
    books = [Book(packs.checklist(), each, packs.holidays()) for each in (pack, again)]
    first, second = (replay(case, book).escalations for book in books)
    assert first == second


@pytest.mark.parametrize("name", NAMES)
def test_a_case_can_be_replayed_under_it(name):
    words = [str(SEEDS / "demo/two-refusals.yaml"), "--rules", str(PACKS / f"{name}.yaml")]
    done = CliRunner().invoke(main, ["replay", *words, "--format", "json"])
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["rules"] == {"id": name, "version": 1}
