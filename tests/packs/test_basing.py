"""A pack that says only in what it differs: how it is made whole, and what keeps it from that."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import packs
from shared.basing import differences, merged
from shared.rulebook import UnfitPack, check_pack, read_pack

ENGLAND = packs.rule_docs()["england"]
IDS = [rule["id"] for rule in ENGLAND["rules"]]
HEAD = """\
format: threshold-rules/1
id: here
version: 3
title: Ours
status: proposal
"""
RULE = """\
  - id: {id}
    {more}name: A stained sheet
    level: S
    "on": [visit]
    for: child
    when: {when}
    actions: [{{do: tell_manager, who: visitor, due: {{working_days: 3}}}}]
    why: Made up for a test.
"""
STAIN = "{answer: SLP-05, in: [stain]}"


def rule(id: str, more: str = "", when: str = STAIN) -> str:
    return RULE.format(id=id, more=f"{more}\n    " if more else "", when=when)


def read(text: str) -> Any:
    return read_pack((HEAD + text).encode(), packs.checklist(), packs.rule_docs())


def refused(text: str) -> list[tuple[str, str]]:
    """(the text of the line, the message) of each problem."""
    with pytest.raises(UnfitPack) as raised:
        read(text)
    lines = (HEAD + text).splitlines()
    return [(lines[each.line - 1], each.message) for each in raised.value.problems]


@pytest.mark.parametrize("name", ["england", "england/1"])
def test_a_pack_that_changes_nothing_is_the_base_under_its_own_name(name):
    pack = read(f"based_on: {name}\n")
    assert (pack.name, pack.doc["based_on"]) == ("here/3", "england/1")
    for key in ("seen", "ladder", "terms", "rules", "labels"):
        assert pack.doc[key] == ENGLAND[key]
    assert differences(pack.doc, ENGLAND) == []


def test_a_rule_of_the_base_is_replaced_whole_and_keeps_its_place():
    pack = read("based_on: england\nrules:\n" + rule("R08"))
    assert [each.id for each in pack.rules] == IDS
    assert pack.rule("R08").name == "A stained sheet"
    assert "on_device" not in pack.rule("R08").doc
    assert differences(pack.doc, ENGLAND) == ["replaces R08"]


def test_a_new_rule_stands_before_the_rule_it_names_and_may_be_asked_for():
    new = rule("OUR-1", "before: R04") + rule("OUR-2", "before: R26") + rule("OUR-3", "before: R04")
    pack = read("based_on: england\nrules:\n" + new + rule("R07", when="{rule: OUR-1}"))
    ids = [each.id for each in pack.rules]
    assert ids[ids.index("R03") :][:4] == ["R03", "OUR-1", "OUR-3", "R04"]
    assert ids[-2:] == ["OUR-2", "R26"]
    assert differences(pack.doc, ENGLAND) == ["replaces R07", "adds OUR-1, OUR-3, OUR-2"]


def test_rules_are_left_out_and_a_new_one_may_stand_where_one_was():
    pack = read("based_on: england\nleave_out: [R13, R12]\nrules:\n" + rule("OUR-1", "before: R13"))
    ids = [each.id for each in pack.rules]
    assert ids == [id if id != "R12" else "OUR-1" for id in IDS if id != "R13"]
    assert differences(pack.doc, ENGLAND) == ["adds OUR-1", "leaves out R12, R13"]


def test_sections_are_changed_key_by_key():
    pack = read(
        "based_on: england\n"
        "seen: {at_most: {child_under_months: 6, working_days: 3}}\n"
        "ladder: {rungs: [named_nurse, team_manager]}\n"
        "terms: {moved_by_family: {answer: ACC-02, in: [drop]}, ours: {term: failed_access}}\n"
        "labels: {call_999: Ring 999, ours: Ours}\n"
    )
    doc = pack.doc
    assert doc["seen"]["every"] == ENGLAND["seen"]["every"]
    assert doc["seen"]["at_most"]["working_days"] == 3
    assert pack.rungs == ("named_nurse", "team_manager")
    assert doc["ladder"]["times"] == ENGLAND["ladder"]["times"]
    assert list(doc["terms"]) == ["moved_by_family", "failed_access", "ours"]
    assert (pack.label("call_999"), pack.label("call_police")) == ("Ring 999", "Call the police")
    assert differences(doc, ENGLAND) == ["changes seen, ladder, terms"]


@given(
    replaced=st.sets(st.sampled_from(IDS), max_size=5),
    left=st.sets(st.sampled_from(IDS), max_size=5),
    added=st.lists(st.sampled_from(IDS), max_size=4),
)
def test_every_rule_is_there_once_in_the_bases_order_and_merging_again_changes_nothing(
    replaced, left, added
):
    new = [{"id": f"NEW-{n}", "before": before} for n, before in enumerate(added)]
    own = [{"id": id, "name": "Ours"} for id in sorted(replaced - left)] + new
    local = {"id": "here", "based_on": "england", "leave_out": sorted(left), "rules": own}
    before = json.dumps([ENGLAND, local])
    whole = merged(ENGLAND, local)
    ids = [each["id"] for each in whole["rules"]]
    assert len(ids) == len(set(ids)) == len(IDS) - len(left) + len(new)
    assert [id for id in ids if id in IDS] == [id for id in IDS if id not in left]
    assert all(each in whole["rules"] for each in own)
    for each in new:
        behind = ids[ids.index(each["id"]) :]
        followed = [id for id in behind if id in IDS]
        following = [id for id in IDS[IDS.index(each["before"]) :] if id not in left]
        assert followed == following
    assert merged(ENGLAND, whole) == whole
    assert json.dumps([ENGLAND, local]) == before  # neither was touched


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("based_on: englnd\n", "based_on: englnd", "Did you mean 'england'?"),
        ("based_on: wales\n", "based_on: wales", "no bundled pack 'wales': it can be england"),
        ("based_on: england/2\n", "based_on: england/2", "england is version 1, not 2"),
        ("based_on: England\n", "based_on: England", "does not fit"),
        ("based_on: [england]\n", "based_on: [england]", "should be words"),
        ("based_on: england\nleave_out: [R4]\n", "leave_out: [R4]", "Did you mean 'R04'?"),
        ("based_on: england\nleave_out: [R24]\n", "leave_out: [R24]", "change it under ladder"),
        ("based_on: england\nleave_out: [R13, R13]\n", "leave_out: [R13, R13]", "twice"),
        ("based_on: england\nrules:\n" + rule("R4"), "  - id: R4",
         "england/1 has no rule 'R4' to replace. Did you mean 'R04'? A new rule says where it "
         "stands: before: R26"),
        ("based_on: england\nrules:\n" + rule("NEW-1"), "  - id: NEW-1", "before: R26"),
        ("based_on: england\nrules:\n" + rule("NEW-1", "before: R9"), "    before: R9",
         "Did you mean 'R09'?"),
        ("based_on: england\nrules:\n" + rule("R04", "before: R09"), "    before: R09",
         "keeps its place"),
        ("based_on: england\nrules:\n" + rule("R08") + rule("R08"), "  - id: R08", "two rules R08"),
        ("based_on: england\nleave_out: [R08]\nrules:\n" + rule("R08"), "  - id: R08",
         "R08 is in leave_out as well"),
        ("based_on: england\nrules:\n" + rule("NEW-1", "before: R26", "{answer: SLP-5}"),
         "    when: {answer: SLP-5}", "Did you mean 'SLP-05'?"),
        ("based_on: england\nrules:\n" + rule("NEW-1", "before: R26", "{term: ours}"),
         "    when: {term: ours}", "no term is called 'ours'"),
        ("based_on: england\nrules:\n" + rule("NEW-1", "before: R04", "{rule: R05}"),
         "    when: {rule: R05}", "R05 does not stand above this rule"),
        ("based_on: england\nterms: {ours: {term: ours}}\n", "terms: {ours: {term: ours}}",
         "circle"),
        ("based_on: england\nladder: {times: [{level: I, first: {same_day: true}, repeat: "
         "{same_day: true}}]}\n", "ladder: {times: [{level: I, first: {same_day: true}, repeat: "
         "{same_day: true}}]}", "no line for every family at level S"),
        ("based_on: england\nseen: {}\n", "seen: {}", "this is empty"),
        ("based_on: england\nseen: {evry: []}\n", "seen: {evry: []}", "Did you mean 'every'?"),
        ("rules:\n" + rule("R08"), "format: threshold-rules/1", "needs 'seen', 'ladder'"),
        # What is wrong stands in the base, and why in this file.
        ("based_on: england\nleave_out: [R03]\n", "leave_out: [R03]",
         "in england/1, R04/when/all/1/not/rule: there is no rule 'R03'"),
    ],
)  # fmt: skip
def test_what_keeps_a_pack_from_being_made_whole_is_said_at_its_line(text, line, message):
    found = refused(text)
    assert any(at == line and message in words for at, words in found), found


def test_the_bundled_packs_own_id_is_taken():
    text = (HEAD + "based_on: england\n").replace("id: here", "id: england")
    with pytest.raises(UnfitPack, match="give this one an id of its own"):
        read_pack(text.encode(), packs.checklist(), packs.rule_docs())


def test_what_becomes_odd_in_the_base_by_a_change_is_said():
    text = HEAD + "based_on: england\nladder: {rungs: [team_manager, director]}\n"
    _, remarks = check_pack(text.encode(), packs.checklist(), packs.rule_docs())
    assert [str(each) for each in remarks] == [
        "line 6: based_on: in england/1, R17/decided_by/0: 'service_manager' is not on the ladder, "
        "so nobody may decide as it. Did you mean 'team_manager'?"
    ]


def test_what_is_odd_in_the_base_itself_is_not_the_authors_to_hear():
    bases = {"england": {**ENGLAND, "labels": {}}}
    text = HEAD + "based_on: england\nleave_out: [R13]\n"
    assert check_pack(text.encode(), packs.checklist(), bases)[1] == []
