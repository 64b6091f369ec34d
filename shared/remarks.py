"""What in a rule pack can be used and is still likely to be a mistake."""

from __future__ import annotations

from collections.abc import Iterator

from shared.looking import Doc
from shared.proofreading import Fault, mappings
from shared.spelling import did_you_mean, quoted


def remarks(doc: Doc) -> Iterator[Fault]:
    """Each with its path: codes without words, roles nobody on the ladder has, what never is."""
    labels = doc.get("labels", {})
    for place, code in _coded(doc):
        if code not in labels:
            yield place, f"{quoted(code)} has no words under labels.{did_you_mean(code, labels)}"
    rungs = doc["ladder"]["rungs"]
    unclaimed = ""
    for n, rule in enumerate(doc["rules"]):
        for k, role in enumerate(rule.get("decided_by", ())):
            if role not in rungs:
                near = did_you_mean(role, rungs)
                words = f"{quoted(role)} is not on the ladder, so nobody may decide as it.{near}"
                yield ("rules", n, "decided_by", k), words
        yield from _never(rule, n)
        if unclaimed:
            words = f"{unclaimed} stands above this rule and takes what this one would show"
            yield ("rules", n, "id"), f"{words}: move {unclaimed} to the end"
        elif any("unclaimed" in each for _, each in mappings(rule["when"])):
            unclaimed = rule["id"]
    named = {each["term"] for _, each in mappings(doc) if isinstance(each.get("term"), str)}
    for term in doc.get("terms", {}):
        if term not in named:
            yield ("terms", term), f"nothing uses the term {quoted(term)}"


def _coded(doc: Doc) -> Iterator[Fault]:
    """Every code that people read in words: actions, roles, what comes before."""
    for n, role in enumerate(doc["ladder"]["rungs"]):
        yield ("ladder", "rungs", n), role
    for n, rule in enumerate(doc["rules"]):
        for path, each in mappings(rule["actions"], ("rules", n, "actions")):
            for key in ("do", "who", "before"):
                if key in each:
                    yield (*path, key), each[key]


def _never(rule: Doc, n: int) -> Iterator[Fault]:
    """Events that a condition of a rule asks for and that the rule is not looked at after."""
    for path, each in mappings(rule, ("rules", n)):
        events = each.get("event", ())
        for event in [events] if isinstance(events, str) else events:
            if event not in rule["on"]:
                words = f"{rule['id']} is not looked at after {quoted(event)}, so this never holds"
                yield (*path, "event"), f"{words}: add it under 'on'"
