"""Every mistake that an author of rules can make is named at its line, with what was expected."""

from __future__ import annotations

import pytest

from shared import packs, rulebook

ENGLAND = packs.rule_packs()["england"]
R01 = "when: {answer: any, at_least: I}"
CLOCK = "who: visitor, due: {elapsed: {minutes: 15}}"

# (what stands in the bundled pack, what the author wrote, what the message says)
MISTAKES = [
    # A word that is missing, or is none.
    ("    name: Immediate danger\n    level", "    level", "a rule needs 'name'"),
    ("why: Children Act", "whi: Children Act", "Did you mean 'why'?"),
    ("on_device: true", "on_devise: true", "Did you mean 'on_device'?"),
    ("name: Nobody has answered", "nam: Nobody has answered", "Did you mean 'name'?"),
    (R01, "when: {anser: any, at_least: I}", "Did you mean 'answer'?"),
    (R01, "when: {answer: any, at_lest: I}", "Did you mean 'at_least'?"),
    (R01, "when: {at_least: I}", "'at_least' goes with 'answer', 'count', 'rising_total'"),
    (R01, "when: {in: [wet]}", "'in' goes with 'answer', 'latest', which is missing here"),
    (R01, "when: {answer: any, term: failed_access}", "'answer' and 'term' cannot stand together"),
    ("{count: visits,", "{cuont: visits,", "Did you mean 'count'?"),
    ("within_days: 14, of", "of", "a count of visits needs 'within_days'"),
    ("{rising_total: 3, at_least: S}", "{rising_total: 3}", "needs 'at_least'"),
    ("do: child_seen\n        who: team_manager\n        first_of:\n          - {",
     "do: child_seen\n        who: team_manager\n        frst_of:\n          - {",
     "Did you mean 'first_of'?"),
    (CLOCK, "who: visitor", "an action needs one of due, first_of"),
    (CLOCK, "who: visitor, dew: {working_days: 2}", "Did you mean 'due'?"),
    ("at_most: {child_under_months: 3, ", "at_most: {", "needs 'child_under_months'"),
    ("plan: any, working_days: 20", "plan: any, wrking_days: 20", "Did you mean 'working_days'?"),
    ("rungs: [team_manager", "rings: [team_manager", "Did you mean 'rungs'?"),
    ("status: proposal\n", "", "a rule pack needs 'status'"),
    ("when: {overdue: required", "when: {overdu: required", "Did you mean 'overdue'?"),
    # A value that is none of those allowed.
    ('level: I\n    "on"', 'level: s\n    "on"', "'s' is not one of L, S, I. Did you mean 'S'?"),
    ("for: household\n    on_device", "for: family\n    on_device", "child, children, household"),
    ('"on": [visit, report]\n    for: children', '"on": [vist]\n    for: children',
     "Did you mean 'visit'?"),
    ("status: proposal", "status: signed-off", "Did you mean 'signed_off'?"),
    ("format: threshold-rules/1", "format: threshold-rules/2", "should be 'threshold-rules/1'"),
    ("due: {same_day: true}", "due: {same_day: false}", "should be 'true', not 'false'"),
    ("agency: [hospital]", "agency: [hospitals]", "Did you mean 'hospital'?"),
    ("kind: [lower_level, close_concern],", "kind: [lower_levels],", "Did you mean 'lower_level'?"),
    ("basis: [told_by_parent]", "basis: [told_by_parents]", "Did you mean 'told_by_parent'?"),
    ("{event: disagree}", "{event: disagrees}", "Did you mean 'disagree'?"),
    ("birth, discharge, return_home]}", "births]}", "Did you mean 'birth'?"),
    ("{event: disagree}", "{event: disagree, kind: [x]}", "'kind' is not a word of the rule"),
    ("{count: visits,", "{count: visit,", "Did you mean 'visits'?"),
    ("of: {term: failed_access}", "of: {answer: SLP}", "a term needs 'term'"),
    ("count: sections", "count: visits", "a term needs 'term'"),
    ("when: {not_seen: in_time}", "when: {not_seen: in_tim}", "should be 'in_time'"),
    ("blocked_by: [open_concern", "blocked_by: [open_concerns", "Did you mean 'open_concern'?"),
    # A value of another kind.
    ("on_device: true", "on_device: yes", "should be true or false, not 'yes'"),
    ("{unborn_child: true}", "{unborn_child: 1}", "should be true or false"),
    ("within_days: 14, of", "within_days: many, of", "should be a whole number, not 'many'"),
    ("within_days: 14, of", "within_days: 14.0, of", "should be a whole number"),
    ("version: 1", "version: one", "should be a whole number, not 'one'"),
    ('"on": [visit, report]\n    for: children', '"on": visit\n    for: children',
     "should be in a list: [visit]"),
    ("HLT-01, in: [nonmob]", "HLT-01, in: nonmob", "should be in a list: [nonmob]"),
    ('HLT-05, in: ["2"]', "HLT-05, in: [2]", 'put it in quotes, "2"'),
    (R01, "when: yes", "'yes' is not a condition. What must be so, such as"),
    (R01, "when:", "this is empty. What must be so"),
    (R01, "when: [{answer: any}]", "a list is not a condition"),
    ("why: The Coventry plan said this, and it was not done.", "why:", "this is empty"),
    ("rungs: [team_manager, service_manager, head_of_service, director]", "rungs: []", "is empty"),
    ('[visit, report]\n    for: children', '[visit, visit]\n    for: children', "twice"),
    ("id: R03", "id: r03", "'r03' does not fit. A rule's id has a capital letter"),
    ("do: call_999", "do: Call 999", "A code has small letters, digits and _"),
    ("moved_by_family:\n", "Moved by family:\n", "a name has small letters, digits and _"),
    # A clock.
    ("{due: {working_days: 5}}\n    why: A missing", "{due: {working_days: 5, calendar_days: 7}}\n"
     "    why: A missing", "'working_days' and 'calendar_days' cannot stand together"),
    (CLOCK, "who: visitor, due: {elapsed: {minute: 15}}", "Did you mean 'minutes'?"),
    (CLOCK, "who: visitor, due: {elapsed: {hours: 1, minutes: 15}}", "cannot stand together"),
    (CLOCK, "who: visitor, due: {elapsed: 15}", "'15' is not a length of time"),
    (CLOCK, "who: visitor, due: 15", "'15' is not a due time"),
    (CLOCK, "who: visitor, due: {working_days: 0}", "0 is out of range: this is a whole"),
    (CLOCK, "who: visitor, due: {elapsed: {hours: 999999}}", "999999 is out of range"),
    (CLOCK, "who: visitor, due: {elapsed: {hours: 1}}, first_of: []", "'first_of' cannot stand"),
    ("within_days: 14, of", "within_days: 0, of", "out of range"),
    ("not_seen_for: {working_days: 20}", "not_seen_for: {elapsed: {days: 20}}", "working_days"),
    # What the checklist has not.
    ("answer: SLP-02, in: [none", "answer: SLP-20, in: [none", "no item or section 'SLP-20'"),
    ("answer: SLP-02, in: [none", "answer: SLP-2, in: [none", "Did you mean 'SLP-02'?"),
    ("in: [none, fixed]", "in: [none, fixd]", "SLP-02 has no answer 'fixd'. Did you mean 'fixed'?"),
    ("ignoring: {SLP-01: [adultbed]", "ignoring: {SLP-01: [adltbed]", "Did you mean 'adultbed'?"),
    ("ignoring: {SLP-01: [adultbed]", "ignoring: {HLT-01: [none]", "is not what answer names"),
    ("together: [HYG, FED]", "together: [HYG, FEED]", "Did you mean 'FED'?"),
    ("except: [unk]", "except: [uk]", "ENG-04 has no answer 'uk'. Did you mean 'unk'?"),
    ("{evidence_about: [SLP]}", "{evidence_about: [SLPP]}", "Did you mean 'SLP'?"),
    ("by: {answer: ACC-03, in: [handled, awake]}", "by: {answer: ACC-01, in: [in]}",
     "ACC-01 is not asked about each child"),
    ("{latest: HLT-02, in: [nroll, rolls, dis]}", "{latest: SAF-01, in: [ok]}",
     "the rule must be for: household"),
    ("HLT-06, in: [open]}", "HLT-06, in: [open], at_least: I}", "so it never holds"),
    ("{plan_in_force: [child_protection]}", "{plan_in_force: [child_protecton]}",
     "Did you mean 'child_protection'?"),
    # Terms and rules that are not there, or not there yet.
    ("{term: moved_by_family}\n            -", "{term: moved_by_famly}\n            -",
     "no term is called 'moved_by_famly'. Did you mean 'moved_by_family'?"),
    ("{term: moved_by_family}\n            -", "{term: failed_access}\n            -",
     "these terms name one another in a circle"),
    ("not: {rule: R03}", "not: {rule: R30}", "there is no rule 'R30'. Did you mean 'R03'?"),
    ("not: {rule: R03}", "not: {rule: R05}", "R05 does not stand above this rule"),
    ("not: {earlier: {term: moved_by_family}, within_days: 60}", "not: {rule: R03}",
     "'rule' cannot stand in a term"),
    ("id: R03", "id: R01", "there are two rules R01"),
    ("id: R03", "id: R24", "R24 is the ladder's"),
    ("id: R01", "id: R01\n    before: R02", "'before' goes with based_on"),
    ("status: proposal", "leave_out: [R01]\nstatus: proposal", "'leave_out' goes with based_on"),
    # Lines that would never hold, or rules that would never be met.
    ("plan: [child_protection], working_days: 10", "plan: any, working_days: 10",
     "this line is never reached"),
    ("plan: any, working_days: 20", "plan: any, concern_open: S, working_days: 20",
     "'concern_open' goes with plan: none"),
    ("level: S\n      child_under_months: 12\n", "level: I\n      child_under_months: 12\n",
     "this line is never reached"),
    ("- {if: {child_under_months: 12}, due: {elapsed: {hours: 24}}}",
     "- {due: {elapsed: {hours: 24}}}", "this line is never reached"),
    ("    - {level: S, first: {working_days: 1}, repeat: {working_days: 1}}\n", "",
     "there is no line for every family at level S"),
    ('"on": [time]\n    for: child', '"on": [visit]\n    for: child', "goes with on: [time]"),
    ('"on": [time]\n    for: child', '"on": [time, visit]\n    for: child', "'time' stands alone"),
    ('"on": [visit]\n    for: household\n    on_device', '"on": [time]\n    for: household\n    '
     "on_device", "a rule with on: [time] takes when: {not_seen: in_time}"),
    ("when: {plan_condition: no_access}", "when: {not_seen_for: {working_days: 9}}",
     "goes with a rule that is for: child"),
    ("when: {plan_condition: no_access}", "when: {evidence_about: [SLP]}", "not for when"),
    ("same: concern\n", "same: item_and_child\n", "'together' goes with same: concern"),
    ("count: dates\n      at_least: 3", "count: items\n      at_least: 3",
     "'one_happening' goes with count: dates"),
    # What is no YAML.
    ("  - id: R02\n", "\t- id: R02\n", "there is a tab here"),
    ("    name: Injury in", "    name: Injury: in", "words that hold ': ' go in quotes"),
    ("    name: Injury in", "   name: Injury in", "not indented like those"),
    ("in: [none, fixed]}", "in: [none, fixed}", "a bracket is not closed"),
    ("why: Odds of", "why: @Odds of", "put the words in quotes"),
    ("cot_provided: Provide a cot", "visit_child: Provide a cot", "is used twice"),
]  # fmt: skip

# Where the message stands on another line than the one that was changed: that line's text.
ELSEWHERE = {
    "    level": "  - id: R01",
    "    - {level: S, first: {working_days: 1}, repeat: {working_days: 1}}\n": "times:",
    "status: proposal\n": "format: threshold",
    "count: items\n      at_least: 3": "one_happening: once",
    "count: visits": "of: {answer: [ACC",
    "same: item_and_child\n": "together: [HYG",
    "level: I\n      child_under_months: 12\n": "- level: I",
    "- {due: {elapsed: {hours: 24}}}": "- {due: {working_days: 1}}",
    "plan: any, working_days: 10": "plan: any, working_days: 20",
    '"on": [visit]\n    for: child': "when: {not_seen: in_time}",
    '"on": [time]\n    for: household\n    on_device': "when: {plan_condition",
    "{term: failed_access}\n            -": "failed_access:",
    "visit_child: Provide a cot": "visit_child: Visit",
}


def problems(text: str) -> list[rulebook.Problem]:
    with pytest.raises(rulebook.UnfitPack) as raised:
        rulebook.read_pack(text.encode(), packs.checklist(), packs.rule_docs())
    return raised.value.problems


@pytest.mark.parametrize(("old", "new", "words"), MISTAKES, ids=range(len(MISTAKES)))
def test_a_mistake_is_named_at_its_line(old: str, new: str, words: str) -> None:
    assert old in ENGLAND
    text = ENGLAND.replace(old, new, 1)
    found = [each for each in problems(text) if words in each.message]
    assert found, [str(each) for each in problems(text)]
    lines = text.splitlines()
    start = ENGLAND[: ENGLAND.index(old)].count("\n") + 1
    elsewhere = ELSEWHERE.get(new or old)
    if elsewhere is None:
        assert start <= found[0].line <= start + new.count("\n")
    else:
        assert elsewhere in lines[found[0].line - 1]
