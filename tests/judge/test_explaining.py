"""Each rule in plain English: generated, so that whatever a pack says, and only that, is said."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

import pytest

from shared import clauses, packs, rulebook, rules, saying
from shared.checklist import Checklist
from shared.clocks import parse_clock
from shared.conditions import CONDITIONS
from shared.counts import COUNTS
from shared.english import clock_words
from shared.explaining import explain
from shared.patterns import PATTERNS

ENGLAND = packs.rule_docs()["england"]
RULES = {rule["id"]: rule for rule in ENGLAND["rules"]}
CHECKLIST = packs.checklist()
Path = tuple[Any, ...]


def said(doc: dict[str, Any], checklist: Checklist = CHECKLIST) -> str:
    """All that is said of a pack."""
    passages = explain(rules.from_doc(doc, checklist), checklist)
    return "\n".join("\n".join([p.heading, p.text, *p.points, p.ending]) for p in passages)


def small(rule_id: str) -> dict[str, Any]:
    """The bundled pack with one rule only, and those that it may name."""
    kept = {rule_id, "R01", "R03"} if rule_id == "R04" else {rule_id}
    doc = copy.deepcopy(ENGLAND)
    doc["rules"] = [rule for rule in doc["rules"] if rule["id"] in kept]
    return doc


def leaves(doc: Any, path: Path = ()) -> Iterator[Path]:
    """Where each single value stands."""
    if isinstance(doc, dict | list):
        for key, part in doc.items() if isinstance(doc, dict) else enumerate(doc):
            yield from leaves(part, (*path, key))
    else:
        yield path


def at(doc: Any, path: Path) -> Any:
    for step in path:
        doc = doc[step]
    return doc


def put(doc: Any, path: Path, value: Any) -> Any:
    changed = copy.deepcopy(doc)
    at(changed, path[:-1])[path[-1]] = value
    return changed


def dropped(doc: Any, path: Path) -> Any:
    changed = copy.deepcopy(doc)
    del at(changed, path[:-1])[path[-1]]
    return changed


POOLS: dict[str, list[str]] = {
    "for": ["child", "children", "household"],
    "status": ["signed_off"],
    "same": ["concern", "item_and_child"],
    "count": ["dates", "agencies", "items", "sections"],
    **dict.fromkeys(("level", "at_least", "below"), ["L", "S", "I"]),
    **dict.fromkeys(("concern_open", "concern_open_before"), ["S", "I"]),
    **dict.fromkeys(("do", "who", "rungs", "decided_by", "before"), list(ENGLAND["labels"])),
    "basis": list(CHECKLIST.bases),
    "agency": rulebook.schema()["$defs"]["agency"]["enum"],
    "on": rulebook.schema()["$defs"]["event_name"]["enum"],
    "event": rulebook.schema()["$defs"]["event_name"]["enum"],
    "kind": rulebook.schema()["$defs"]["decision_kind"]["enum"],
    "term": list(ENGLAND["terms"]),
    "plan": ["any", "none", "child_in_need"],
    "plan_in_force": ["any", "child_in_need"],
    "blocked_by": ["open_concern", "not_seen"],
    "rule": ["R01", "R99"],
}
# What has one value only says something by being there.
ONLY = {"same_day", "earlier_plan", "not_yet_home", "plan_condition", "not_seen", "overdue"}
# Where the rest of the pack leaves no other value.
FIXED = {
    ("R02", "for"),  # it asks what was last answered about the child
    ("R05", "when", "count"),  # of a term, only visits are counted
    ("R06", "for"),
    ("R06", "on", 0),
    ("R11", "when", "count"),  # only on dates does one happening count once
    ("R11", "when", "same"),  # only then do sections go together
    ("R18", "on", 0),
    ("seen", "every", 2, "plan"),  # only without a plan does an open concern count
    *(
        ("terms", "failed_access", "all", 2, "without", "all", *rest, "term")
        for rest in ((0,), (1, "not", "earlier"))
    ),  # the other term would name itself
    *(("ladder", "times", n, "level") for n in range(4)),  # each level has its lines
}
ITEMS = ("answer", "latest", "not_answered", "evidence_about", "together")


def others(doc: Any, path: Path) -> Iterator[Any]:
    """The document with one leaf changed, in ways of which some may not be allowed."""
    value, key = at(doc, path), next(step for step in reversed(path) if isinstance(step, str))
    if isinstance(path[-1], int) and len(at(doc, path[:-1])) > 1:
        yield dropped(doc, path)
    if isinstance(value, bool):
        yield put(doc, path, not value)
    elif isinstance(value, int):
        yield put(doc, path, value + 1)
    elif key in POOLS:
        yield from (put(doc, path, other) for other in POOLS[key] if other != value)
        yield from [dropped(doc, path)] if key in ("same", "basis", "agency") else []
    elif key == "one_happening":
        yield dropped(doc, path)
    elif key in ("why", "name"):
        yield put(doc, path, f"{value} and more")
    else:
        yield from other_codes(doc, path, key)


def other_codes(doc: Any, path: Path, key: str) -> Iterator[Any]:
    """The document with another item, section or option in place of one."""
    value, around = at(doc, path), at(doc, path[: path.index(key)])
    named = around.get("answer", around.get("latest", around.get("not_answered")))
    if key in ITEMS:
        sections = [section.code for section in CHECKLIST.sections]
        for other in sorted({*CHECKLIST.items, *sections} - {value}):
            yield put(doc, path, other)
            if key == "answer" and "by" not in path:
                yield put(doc, path, [value, other])
            if "in" in around and other in CHECKLIST.items:
                options = [*CHECKLIST.items[other].levels][:1]
                yield put(put(doc, path, other), (*path[:-1], "in"), options)
    items = [CHECKLIST.items[code] for code in (named, key) if code in CHECKLIST.items]
    codes = [c for i in items for c in (*i.levels, *(b.code for b in i.bands))]
    yield from (put(doc, path, code) for code in codes if code != value)


def is_said(doc: Any, path: Path) -> bool:
    """Whether a change of this leaf changes what is said; AssertionError where none is allowed."""
    before = said(doc)
    for changed in others(doc, path):
        try:
            return said(changed) != before
        except (rules.BadPack, KeyError, ValueError):
            continue
    raise AssertionError(f"nothing else can stand at {path}")


@pytest.mark.parametrize("rule_id", RULES)
def test_whatever_changes_in_a_rule_changes_its_paragraph(rule_id: str) -> None:
    doc = small(rule_id)
    n = next(n for n, rule in enumerate(doc["rules"]) if rule["id"] == rule_id)
    tried = 0
    for path in leaves(doc["rules"][n]):
        if path[-1] in ONLY or path == ("id",) or (rule_id, *path) in FIXED:
            continue
        assert is_said(doc, ("rules", n, *path)), path
        tried += 1
    assert tried > 5


@pytest.mark.parametrize("section", ["seen", "ladder", "terms"])
def test_whatever_changes_in_a_section_changes_its_paragraph(section: str) -> None:
    doc = copy.deepcopy(ENGLAND)
    doc["rules"] = [RULES[id] for id in ("R01", "R03", "R04", "R05")]
    for path in leaves(doc[section]):
        if (section, *path) not in FIXED:
            assert is_said(doc, (section, *path)), path


@pytest.mark.parametrize("rule_id", RULES)
def test_a_clock_that_is_changed_to_any_other_is_told(rule_id: str) -> None:
    doc = small(rule_id)
    clocks = [{"elapsed": {"minutes": 7}}, {"working_days": 17}, {"calendar_days": 17},
              {"elapsed": {"days": 3}}, {"before": "first_night_at_home"}]  # fmt: skip
    n = len(doc["rules"]) - 1
    for path in {
        path[: path.index("due") + 1] for path in leaves(doc["rules"][n]) if "due" in path
    }:
        for clock in clocks:
            if at(doc["rules"][n], path) == clock:
                continue
            text = said(put(doc, ("rules", n, *path), clock))
            words = "the first night" if "before" in clock else clock_words(parse_clock(clock))
            assert words in text and text != said(doc)


def test_every_word_of_the_language_is_said() -> None:
    assert {*clauses.CLAUSES, *saying.JOINED} == set(CONDITIONS | COUNTS | PATTERNS)


# Conditions of every kind that the bundled rules have not, and what is said of them.
WORDS = [
    ({"not": {"answer": "SLP-05", "in": ["wet"]}}, "household",
     "when “Is the sleep surface clean and dry?” (SLP-05) is not answered “Damp, soaked,"),
    ({"not": {"child_under_months": 24}}, "child", "when the child is not under 2 years old"),
    ({"not": {"child_under_months": 1}}, "children", "when no child under 1 month lives there"),
    ({"not": {"plan_in_force": "any"}}, "child", "when the child is on no plan"),
    ({"plan_in_force": ["early_help", "child_in_need"]}, "household",
     "when an early help or child in need plan is in force"),
    ({"not": {"any": [{"unborn_child": True}, {"earlier_plan": True}]}}, "household",
     "when it is not so that either a child is expected, or the family has or had a plan before"),
    ({"not": {"not": {"unborn_child": False}}}, "household", "when no child is expected"),
    ({"without": {"term": "failed_access"}}, "household",
     "when it is not known that “failed access” applies"),
    ({"all": [{"without": {"rule": "R03"}}, {"without": {"unborn_child": True}}]}, "household",
     "when it is not known that R03 (No-access condition met) is met as well and it is not known"),
    ({"event": "decision", "kind": ["lower_level"], "to": ["N", "L"], "agency": ["gp"]},
     "household", "when it is a decision that lowers a level to none or low, by the GP"),
    ({"event": "closure_request", "kind": ["close", "end"]}, "household",
     "when it is a request to close the case or to end a plan"),
    ({"event": "plan", "kind": ["child_protection"]}, "household",
     "when it is the start of a child protection plan"),
    ({"event": ["visit", "report"], "agency": ["police"]}, "household",
     "when it is a visit or a report from another agency, by the police"),
    ({"answer": "SLP-09", "in": ["far", "mild"]}, "child",
     "“under 14 or 24 or more degrees Celsius” or “14 to under 16 or over 20 to under 24 degrees"),
    ({"answer": "HLT-05", "at_least": "S", "basis": ["seen", "from_record"]}, "child",
     "at level significant or above and on the basis “seen” or “from the record”"),
    ({"answer": ["SLP-05", "HYG-02"], "below": "S"}, "household",
     "(SLP-05) or “Kitchen, bathroom and floors where the child lies or crawls” (HYG-02) is "
     "answered below significant"),
    ({"answer": "any", "except": ["ENG-05"]}, "household", "any question but “Overall, how"),
    ({"answer": ["SLP", "FED-03"]}, "household",
     "when a question of “Sleep (infant under 12 months, night and naps)” (SLP) or “Is there "
     "enough milk and food for the next 24 hours?” (FED-03) is answered"),
    ({"answer": ["ACC", "CHD", "SLP", "FED", "HYG", "SAF", "HLT", "PAR", "ENG"]}, "household",
     "when a question of any section is answered"),
    ({"count": "visits", "at_least": 1, "within_days": 1, "of": {"term": "failed_access"}},
     "household", "“failed access” applies to at least one visit within one day"),
    ({"count": "agencies", "at_least": 1, "within_days": 9, "of": {"answer": "any"}}, "household",
     "when, by at least one agency within nine days, this one among them, any question is"),
    ({"count": "dates", "at_least": 3, "within_days": 60, "same": "concern", "together": ["SLP"],
      "of": {"answer": "SLP"}}, "household", "all of SLP counts as one concern"),
    ({"earlier": {"term": "failed_access"}}, "household",
     "when, at any time before, “failed access” applied to another visit"),
    ({"not": {"earlier": {"term": "failed_access"}, "within_days": 7}}, "household",
     "when, within the seven days before, “failed access” applied to no other visit"),
    ({"any": [{"answer": "SLP", "at_least": "I"},
              {"earlier": {"answer": "SLP", "at_least": "I"}, "within_days": 9}]}, "household",
     "when (now or within the nine days before) a question of"),
    ({"any": [{"answer": "SLP", "at_least": "I"}, {"unborn_child": True},
              {"earlier": {"answer": "SLP", "at_least": "I"}, "within_days": 9}]}, "household",
     "is answered at level immediate danger (now or within the nine days before), or a child is"),
    ({"not_answered": "ENG-04", "for_days": 9}, "household", "(ENG-04) has had no answer for nine"),
    ({"all": [{"any": [{"unborn_child": True}, {"earlier_plan": True}, {"not_yet_home": True}]},
              {"without": {"unborn_child": False}}]}, "household",
     "when, unless it is known that no child is expected, one of these is so: (a) a child is"),
    ({"any": [{"unborn_child": True}]}, "household", "when a child is expected"),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "scope", "words"), WORDS, ids=range(len(WORDS)))
def test_conditions_of_every_kind_are_said(condition: Any, scope: str, words: str) -> None:
    rule = dict(RULES["R04"], id="X1", when=condition, **{"for": scope})
    pack = rules.from_doc({**ENGLAND, "rules": [RULES["R03"], rule]}, CHECKLIST)
    text = saying.Saying(CHECKLIST, pack, scope).when(condition)
    assert words in text, text
    assert rulebook.misfits({**ENGLAND, "rules": [rule]}, rulebook.schema()) == []


def test_a_paragraph_reads_well_and_whole() -> None:
    passages = {passage.id: passage for passage in explain(packs.england(), CHECKLIST)}
    refused = passages["R05"]
    assert refused.heading == "R05. Two failed or refused accesses in 14 days"
    assert refused.text == (
        "Level: significant. Looked at after a visit, for the family as a whole. It is met when "
        "“failed access” applies to at least two visits within 14 days, this one among them. Then "
        "required:"
    )
    assert refused.points == (
        "Record a manager's decision (the team manager): within eight hours; a decision on the "
        "escalation does this.",
        "See that the child is seen (the team manager): within 24 hours, if a child under 12 "
        "months lives there; otherwise within one working day.",
        "Hold a strategy discussion (the team manager): the same day, if either a child under 12 "
        "months lives there, or a plan is in force.",
    )
    assert refused.ending == (
        "Whoever is on the ladder may decide it. Why: Closing the door to the outside world is a "
        "known pattern; each refusal was logged singly."
    )
    assert passages["R17"].ending.startswith("Only the service manager may decide it.")
    assert "before the first night at home" in " ".join(passages["R15"].points)


def test_no_code_is_left_where_there_are_words() -> None:
    text = said(ENGLAND)
    assert set(RULES) <= set(re.findall(r"R\d\d", text))
    assert not re.findall(r"\b[a-z]+_[a-z_]+\b", text)
    assert "None" not in re.sub(r"“[^”]*”", "", text)
