"""What is wrong with a rule pack that fits its schema: names of nothing, lines that never hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from shared.checklist import Checklist
from shared.items import Item
from shared.looking import Doc, Selector, items_of
from shared.spelling import did_you_mean, listed, quoted

Path = tuple[str | int, ...]
Fault = tuple[Path, str]
PLAN_KINDS = ("child_protection", "child_in_need", "early_help", "pre_birth", "looked_after")


def faults(doc: Doc, checklist: Checklist) -> Iterator[Fault]:
    """What is wrong, each with its path: a pack with any of it would judge otherwise than it reads.

    The document fits the schema of the rule language.
    """
    for path, each in mappings({key: part for key, part in doc.items() if key != "labels"}):
        yield from _answers(each, checklist, path)
        yield from _terms(each, doc.get("terms", {}), path)
        yield from _plan_kinds(each, path)
        yield from _counted(each, path)
    for name, term in doc.get("terms", {}).items():
        yield from _of_one_event(term, ("terms", name))
    for n, rule in enumerate(doc["rules"]):
        yield from _rule(rule, doc, checklist, ("rules", n))
    yield from _seen(doc["seen"], checklist)
    yield from _ladder(doc["ladder"]["times"], doc["rules"])


def mappings(doc: Any, path: Path = ()) -> Iterator[tuple[Path, Doc]]:
    """Every mapping in a document, by its path, from the outside in."""
    if isinstance(doc, Mapping):
        yield path, doc
        for key, part in doc.items():
            yield from mappings(part, (*path, key))
    elif isinstance(doc, list):
        for n, part in enumerate(doc):
            yield from mappings(part, (*path, n))


def _each(doc: Doc, key: str, path: Path) -> Iterator[tuple[Path, str]]:
    """The words under a key that takes one or several, each with its path."""
    value = doc.get(key, ())
    if isinstance(value, str):
        yield (*path, key), value
    else:
        yield from (((*path, key, n), word) for n, word in enumerate(value))


def _answers(doc: Doc, checklist: Checklist, path: Path) -> Iterator[Fault]:
    sections = [section.code for section in checklist.sections]
    everything = [*checklist.items, *sections]
    found: list[Fault] = []
    for key in ("latest", "not_answered"):
        found += _unknown(_each(doc, key, path), [*checklist.items], "item")
    if doc.get("answer") != "any":
        found += _unknown(_each(doc, "answer", path), everything, "item or section")
    found += _unknown(_each(doc, "evidence_about", path), everything, "item or section")
    found += _unknown(_each(doc, "together", path), sections, "section")
    if "answer" in doc:
        found += _unknown(_each(doc, "except", path), [*checklist.items], "item")
    yield from found
    if not found and (named := _items(doc, checklist)):
        yield from _options(doc, named, checklist, path)


def _unknown(said: Iterator[tuple[Path, str]], known: Sequence[str], what: str) -> list[Fault]:
    return [
        (path, f"the checklist has no {what} {quoted(word)}.{nearest_code(word, known)}")
        for path, word in said
        if word not in known
    ]


def nearest_code(code: str, known: Sequence[str]) -> str:
    """`did_you_mean` for codes with numbers, where SLP-2 stands for SLP-02, and R5 for R05."""
    bare = re.compile(r"(?<=\D)0+(?=\d)")
    short = {bare.sub("", each): each for each in known}
    return did_you_mean(short.get(bare.sub("", code), code), known)


def _items(doc: Doc, checklist: Checklist) -> list[Item]:
    """The items whose answers a condition names."""
    if "answer" in doc:
        return [checklist.items[code] for code in items_of(doc, checklist)]
    return [checklist.items[doc[key]] for key in ("latest", "not_answered") if key in doc]


def _options(doc: Doc, items: list[Item], checklist: Checklist, path: Path) -> Iterator[Fault]:
    codes = [item.code for item in items]
    options = [option for item in items for option in _codes(item)]
    who = listed(codes) if len(codes) < 4 else "none of these items"
    has = f"{who} has no answer" if len(codes) < 4 else f"{who} has an answer"
    for place, option in _each(doc, "except" if "not_answered" in doc else "in", path):
        if option not in options:
            yield place, f"{has} {quoted(option)}.{did_you_mean(option, options)}"
    for code, left in doc.get("ignoring", {}).items():
        here = (*path, "ignoring", code)
        if code not in codes:
            yield here, f"{quoted(code)} is not what answer names.{did_you_mean(code, codes)}"
        else:
            known = _codes(checklist.items[code])
            for option in left:
                if option not in known:
                    near = did_you_mean(option, known)
                    yield here, f"{code} has no answer {quoted(option)}.{near}"
    single = all(item.kind != "multi" for item in items)
    if single and ("at_least" in doc or "below" in doc) and not Selector(doc, checklist).possible:
        yield path, f"no answer to {listed(codes, 4)} is like this, so it never holds"


def _codes(item: Item) -> list[str]:
    return [*item.levels, *(band.code for band in item.bands)]


def _terms(doc: Doc, terms: Mapping[str, Doc], path: Path) -> Iterator[Fault]:
    name = doc.get("term")
    if isinstance(name, str) and name not in terms:
        yield (*path, "term"), f"no term is called {quoted(name)}.{did_you_mean(name, terms)}"


def _plan_kinds(doc: Doc, path: Path) -> Iterator[Fault]:
    """An area may have kinds of its own, but none that reads like a slip of a known one."""
    for key in ("plan_in_force", "plan", "kind" if doc.get("event") == "plan" else ""):
        for place, kind in _each(doc, key, path):
            near = did_you_mean(kind, PLAN_KINDS)
            if near and kind not in PLAN_KINDS:
                yield place, f"{quoted(kind)} is no kind of plan.{near}"


def _counted(doc: Doc, path: Path) -> Iterator[Fault]:
    if "together" in doc and doc.get("same") != "concern":
        yield (*path, "together"), "'together' goes with same: concern"
    if "one_happening" in doc and doc["count"] != "dates":
        yield (*path, "one_happening"), "'one_happening' goes with count: dates"


def _of_one_event(term: Doc, path: Path) -> Iterator[Fault]:
    """A term is looked at for earlier visits too, of which no rule has been looked at."""
    for place, each in mappings(term, path):
        for word in ("rule", "unclaimed", "evidence_about"):
            if word in each:
                yield (*place, word), f"{quoted(word)} cannot stand in a term, only in a rule"


def _rule(rule: Doc, doc: Doc, checklist: Checklist, path: Path) -> Iterator[Fault]:
    rules, n = doc["rules"], path[-1]
    above = [each["id"] for each in rules[:n]]
    if rule["id"] in above:
        yield (*path, "id"), f"there are two rules {rule['id']}"
    if rule["id"] == doc["ladder"]["rule"]:
        yield (*path, "id"), f"{rule['id']} is the ladder's"
    yield from _raised_by(rule, path)
    for place, each in mappings(rule, path):
        yield from _rules_asked(each, above, [other["id"] for other in rules], place)
        yield from _for_whom(each, rule["for"], checklist, place)
    for place, each in mappings(rule["when"], (*path, "when")):
        if "evidence_about" in each:
            yield place, "'evidence_about' is for the if of an action, not for when"
    for k, action in enumerate(rule["actions"]):
        yield from _lines(action.get("first_of", ()), (*path, "actions", k, "first_of"))


def _raised_by(rule: Doc, path: Path) -> Iterator[Fault]:
    forms = "when: {not_seen: in_time} or {overdue: required_action}"
    by_time = [word for word in ("not_seen", "overdue") if word in rule["when"]]
    if "time" in rule["on"] and len(rule["on"]) > 1:
        yield (*path, "on"), "'time' stands alone: write a second rule for the events"
    elif "time" in rule["on"] and not by_time:
        yield (*path, "when"), f"a rule with on: [time] takes {forms}"
    elif by_time and "time" not in rule["on"]:
        yield (*path, "when"), f"{quoted(by_time[0])} goes with on: [time]"


def _rules_asked(doc: Doc, above: list[str], every: list[str], path: Path) -> Iterator[Fault]:
    name = doc.get("rule")
    if isinstance(name, str) and name not in above:
        if name in every:
            words = f"{name} does not stand above this rule, so this cannot ask for it"
        else:
            words = f"there is no rule {quoted(name)}.{nearest_code(name, above)}"
        yield (*path, "rule"), words


def _for_whom(doc: Doc, whom: str, checklist: Checklist, path: Path) -> Iterator[Fault]:
    """Items asked about another than the rule is for are never found."""
    if "not_seen_for" in doc and whom != "child":
        yield (*path, "not_seen_for"), "'not_seen_for' goes with a rule that is for: child"
    latest, other = (checklist.items.get(doc.get(key, "")) for key in ("latest", "not_answered"))
    if latest and latest.per not in ("child", "household"):
        yield (*path, "latest"), f"{latest.code} is asked neither about a child nor the household"
    elif latest and (latest.per == "child") != (whom == "child"):
        about = "each child" if latest.per == "child" else "the household"
        fits = "for: child" if latest.per == "child" else "for: household"
        yield (*path, "latest"), f"{latest.code} is asked about {about}: the rule must be {fits}"
    if other and other.per != "household":
        yield (*path, "not_answered"), f"{other.code} is not asked about the household"


def _seen(seen: Doc, checklist: Checklist) -> Iterator[Fault]:
    item = checklist.items.get(seen["by"]["answer"])
    path: Path = ("seen", "by", "answer")
    if item is None and seen["by"]["answer"] in (*(s.code for s in checklist.sections), "any"):
        yield path, "this is one item, which is asked about each child"
    elif item and item.per != "child":
        yield path, f"{item.code} is not asked about each child"
    taken: set[str] = set()
    for n, line in enumerate(seen["every"]):
        path, plan = ("seen", "every", n), line["plan"]
        if plan == "none":
            continue
        for word in ("concern_open", "child_under_months"):
            if word in line:
                yield (*path, word), f"{quoted(word)} goes with plan: none"
        kinds = {plan} if isinstance(plan, str) else {*plan}
        if "any" in taken or kinds <= taken:
            yield path, "this line is never reached: one above it holds for these plans"
        taken |= kinds


def _ladder(times: Sequence[Doc], rules: Sequence[Doc]) -> Iterator[Fault]:
    held = {line["level"] for line in times if "child_under_months" not in line}
    for level in "LSI":
        ids = [rule["id"] for rule in rules if rule["level"] == level]
        if ids and level not in held:
            words = f"there is no line for every family at level {level}"
            yield ("ladder", "times"), f"{words}, which rules have: {listed(ids, 4)}"
    for n, line in enumerate(times):
        months = line.get("child_under_months", 0)
        for above in times[:n]:
            most = above.get("child_under_months")
            if above["level"] == line["level"] and (most is None or 0 < months <= most):
                words = "this line is never reached: one above it holds for these escalations"
                yield ("ladder", "times", n), words
                break


def _lines(lines: Sequence[Doc], path: Path) -> Iterator[Fault]:
    for n, line in enumerate(lines[:-1]):
        if "if" not in line:
            yield (*path, n + 1), "this line is never reached: the one above it has no if"
            return
