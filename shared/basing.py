"""A local rule pack that says only in what it differs from a bundled one, made whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from shared.looking import Doc
from shared.proofreading import Fault, Path, nearest_code
from shared.spelling import did_you_mean, listed, quoted

# What a local pack changes key by key; the rest of what it says is its own.
_BY_KEY = ("seen", "ladder", "terms", "labels")


def bundled_for(doc: Doc, bases: Mapping[str, Doc]) -> Doc | None:
    """The bundled pack that a pack is based on; None where it is based on none that is there."""
    return bases.get(str(doc.get("based_on", "")).partition("/")[0])


def merged(base: Doc, local: Doc) -> dict[str, Any]:
    """The whole pack: the base with what a local pack replaces, adds and leaves out.

    A rule of the base keeps its place; a new one stands before the rule that it names. Merging
    the result again changes nothing.
    """
    own = {rule["id"]: rule for rule in local.get("rules", ())}
    left_out = local.get("leave_out", ())
    rules: list[Doc] = []
    for rule in base["rules"]:
        rules += [each for each in own.values() if each.get("before") == rule["id"]]
        if rule["id"] not in left_out:
            rules.append(own.get(rule["id"], rule))
    by_key = {key: {**base.get(key, {}), **local.get(key, {})} for key in _BY_KEY}
    name = f"{base['id']}/{base['version']}"
    return {**base, **local, "based_on": name, **by_key, "rules": rules}


def misbased(local: Doc, bases: Mapping[str, Doc]) -> Iterator[Fault]:
    """What keeps a pack from being made whole, each with its path."""
    if "based_on" not in local:
        if "leave_out" in local:
            yield ("leave_out",), "'leave_out' goes with based_on: leave the rule out of this file"
        for n, rule in enumerate(local["rules"]):
            if "before" in rule:
                yield ("rules", n, "before"), "'before' goes with based_on: put the rule there"
        return
    name, _, version = local["based_on"].partition("/")
    base = bases.get(name)
    if base is None:
        words = f"there is no bundled pack {quoted(name)}: it can be {listed(bases)}"
        yield ("based_on",), f"{words}.{did_you_mean(name, bases)}"
    elif version and version != str(base["version"]):
        yield ("based_on",), f"the bundled {name} is version {base['version']}, not {version}"
    else:
        yield from _against(local, base)


def _against(local: Doc, base: Doc) -> Iterator[Fault]:
    name, known = f"{base['id']}/{base['version']}", [rule["id"] for rule in base["rules"]]
    if local["id"] == base["id"]:
        words = f"{quoted(local['id'])} is the bundled pack's"
        yield ("id",), f"{words}: give this one an id of its own"
    for n, left in enumerate(local.get("leave_out", ())):
        if left == base["ladder"]["rule"]:
            yield ("leave_out", n), f"{left} is the ladder of {name}: change it under ladder"
        elif left not in known:
            yield ("leave_out", n), f"{name} has no rule {quoted(left)}.{nearest_code(left, known)}"
    own: set[str] = set()
    for n, rule in enumerate(local.get("rules", ())):
        path: Path = ("rules", n)
        if rule["id"] in own:
            yield (*path, "id"), f"there are two rules {rule['id']}"
        own.add(rule["id"])
        if rule["id"] in local.get("leave_out", ()):
            yield (*path, "id"), f"{rule['id']} is in leave_out as well"
        yield from _placed(rule, name, known, path)


def _placed(rule: Doc, name: str, known: list[str], path: Path) -> Iterator[Fault]:
    """A rule of the base keeps its place; a new one says before which of them it stands."""
    before = rule.get("before")
    if rule["id"] in known:
        if before is not None:
            words = f"{rule['id']} replaces a rule of {name} and keeps its place"
            yield (*path, "before"), f"{words}: leave 'before' out"
    elif before is None:
        near = nearest_code(rule["id"], known)
        words = f"{name} has no rule {quoted(rule['id'])} to replace.{near}"
        yield (*path, "id"), f"{words} A new rule says where it stands: before: {known[-1]}"
    elif before not in known:
        near = nearest_code(before, known)
        yield (*path, "before"), f"{name} has no rule {quoted(before)}.{near}"


def authors_path(path: Path, whole: Doc, local: Doc) -> Path | None:
    """Where in the author's file a part of the whole pack stands; None where it is the base's."""
    if whole is local:
        return path
    head, *rest = path
    if head == "rules" and rest:
        rule = whole["rules"][rest[0]]
        for n, own in enumerate(local.get("rules", ())):
            if own is rule:
                return ("rules", n, *rest[1:])
        return None
    if head in _BY_KEY and rest:
        return path if rest[0] in local.get(head, {}) else None
    return path if head in local else None


def differences(whole: Doc, base: Doc) -> list[str]:
    """In what a whole pack differs from its base, in words: `replaces R04 and R23`."""
    before = {rule["id"]: rule for rule in base["rules"]}
    after = {rule["id"]: rule for rule in whole["rules"]}
    replaced = [id for id in after if id in before and after[id] != before[id]]
    added = [id for id in after if id not in before]
    left = [id for id in before if id not in after]
    sections = [key for key in ("seen", "ladder", "terms") if whole.get(key) != base.get(key)]
    words = {"replaces": replaced, "adds": added, "leaves out": left, "changes": sections}
    return [f"{verb} {listed(what)}" for verb, what in words.items() if what]
