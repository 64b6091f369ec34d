"""A pack's document compiled: what is kept of it, what may be left out, what is refused."""

from __future__ import annotations

import copy

import pytest

from shared import packs
from shared.clocks import Clock
from shared.looking import BadCondition
from shared.rules import BadPack, from_doc

RULE = {
    "id": "OWN-1",
    "name": "Own",
    "level": "S",
    "on": ["visit"],
    "for": "child",
    "when": {"answer": "HYG-02", "at_least": "S"},
    "actions": [{"do": "call", "who": "visitor", "due": {"working_days": 2}}],
    "why": "Because.",
}


def small(**other):
    """The smallest pack there can be, with some parts changed."""
    doc = {
        "format": "threshold-rules/1",
        "id": "own",
        "version": 7,
        "title": "Own",
        "status": "proposal",
        "seen": {
            "by": {"answer": "ACC-03", "in": ["handled"]},
            "every": [{"plan": "any", "calendar_days": 28}],
        },
        "ladder": {
            "rule": "R24",
            "name": "Nobody",
            "why": "So.",
            "rungs": ["team_manager", "director"],
            "times": [
                {"level": "S", "first": {"same_day": True}, "repeat": {"elapsed": {"hours": 4}}}
            ],
        },
        "rules": [RULE],
    }
    return copy.deepcopy(doc | other)


def compiled(doc):
    return from_doc(doc, packs.checklist())


def test_what_is_kept_of_a_pack():
    doc = small(labels={"call": "Call them"})
    pack = compiled(doc)
    assert (pack.id, pack.version, pack.name) == ("own", 7, "own/7")
    assert pack.to_doc() is doc
    assert pack.rungs == ("team_manager", "director")
    (times,) = pack.times
    assert (times.level, times.child_under_months) == ("S", None)
    assert times.first.kind == "same_day"
    assert pack.label("call") == "Call them"
    assert pack.label("team_manager") == "team manager"
    assert compiled(small()).label("head_of_service") == "head of service"


def test_what_may_be_left_out_of_seen():
    seen = compiled(small()).seen
    assert (seen.item, seen.at_most, seen.calendar_under_months) == ("ACC-03", None, None)
    (interval,) = seen.every
    assert (interval.plan, interval.clock) == ("any", Clock("calendar_days", 28))
    assert (interval.concern_open, interval.child_under_months) == (None, None)


def test_the_youngest_may_be_counted_in_calendar_days():
    doc = small()
    doc["seen"]["at_most"] = {"child_under_months": 3, "calendar_days": 7}
    assert compiled(doc).seen.at_most == (3, Clock("calendar_days", 7))


def test_what_is_kept_of_a_rule():
    rule = compiled(small()).rule("OWN-1")
    assert (rule.name, rule.level, rule.scope, rule.why) == ("Own", "S", "child", "Because.")
    assert (rule.on_device, rule.raised_by_time, rule.decided_by) == (False, False, None)
    assert rule.on == {"visit"}
    assert rule.doc == RULE
    (action,) = rule.actions
    assert (action.code, action.who, action.done_by_deciding) == ("call", "visitor", False)
    with pytest.raises(StopIteration):
        compiled(small()).rule("OWN-2")


@pytest.mark.parametrize(
    ("change", "path", "words"),
    [
        (
            {"rules": [RULE | {"when": {"answer": "HYG-99", "at_least": "S"}}]},
            ("rules", 0, "when", "answer"),
            "the checklist has no item or section 'HYG-99'. Did you mean 'HYG-",
        ),
        (
            {"rules": [RULE, RULE | {"id": "OWN-2", "when": {"moon": "full"}}]},
            ("rules", 1, "when"),
            "no condition among ['moon']",
        ),
        (
            {"terms": {"odd": {"moon": "full"}}},
            ("terms", "odd"),
            "no condition among ['moon']",
        ),
        (
            {
                "rules": [
                    RULE | {"actions": [RULE["actions"][0] | {"if": {"moon": "full"}}]},
                ]
            },
            ("rules", 0, "actions", 0, "if"),
            "no condition among ['moon']",
        ),
        (
            {"terms": {"one": {"not": {"term": "two"}}, "two": {"any": [{"term": "one"}]}}},
            None,
            "these terms name one another in a circle: ",
        ),
    ],
)
def test_what_is_refused_is_said_with_its_place(change, path, words):
    with pytest.raises(BadPack) as refused:
        compiled(small(**change))
    assert str(refused.value).startswith(words)
    if path is None:
        assert refused.value.path[0] == "terms"
        named = str(refused.value).removeprefix(words).split(", ")
        assert refused.value.path[1] == named[0]
        assert sorted(set(named)) == ["one", "two"]
    else:
        assert refused.value.path == path


def test_a_condition_that_the_language_lacks_is_the_cause():
    with pytest.raises(BadPack) as refused:
        compiled(small(terms={"odd": {"moon": "full"}}))
    assert isinstance(refused.value.__cause__, BadCondition)
    assert BadPack("x").path == ()
