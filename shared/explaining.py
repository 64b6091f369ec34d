"""A rule pack in plain English: each rule as a paragraph, generated from its definition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shared.checklist import Checklist
from shared.clauses import EVENTS, plan_words, term_words
from shared.clocks import parse_clock
from shared.english import age_words, clock_words, length_words, listed
from shared.looking import Doc
from shared.quoting import LEVEL_WORDS, at_or_above
from shared.rules import Pack
from shared.saying import Saying

_SCOPES = {
    "child": "for each child by herself",
    "children": "for each child that the answers are about, or else for the family as a whole",
    "household": "for the family as a whole",
}
_BY_TIME = {
    "overdue": (
        "It is met when a required action, or an action dated in a plan, has passed its due time "
        "with no record that it was done."
    ),
    "not_seen": (
        "It is met when the child has not been seen by the time that the part on being seen says."
    ),
}
_TIME = (
    "Hours are real hours from when it happened, through nights, weekends and holidays. The same "
    "day lasts until 23:59, and never less than four hours. Working days, those of England and "
    "Wales, and calendar days end at 17:00; the day it happened is not counted. “Within 14 days” "
    "of things that repeat means that their dates lie 14 days apart or fewer."
)


@dataclass(frozen=True, slots=True)
class Passage:
    """One part of a pack explained: a heading, a paragraph, a list, and how it ends."""

    id: str
    heading: str
    text: str
    points: tuple[str, ...] = ()
    ending: str = ""


def explain(pack: Pack, checklist: Checklist) -> list[Passage]:
    """Every part of a pack in plain English, in order: time, seen, terms, rules, the ladder."""
    doc = pack.doc
    time = Passage("time", "How time is counted", _TIME)
    passages = [time, _seen(doc["seen"], pack, checklist)]
    for name, term in doc.get("terms", {}).items():
        words = Saying(checklist, pack).when(term)
        passages.append(Passage(name, f"“{term_words(name)}”", f"This applies {words}."))
    passages += [_rule(rule, pack, checklist) for rule in doc["rules"]]
    return [*passages, _ladder(doc["ladder"], pack)]


def _rule(doc: Doc, pack: Pack, checklist: Checklist) -> Passage:
    saying = Saying(checklist, pack, doc["for"])
    by_time = next((words for word, words in _BY_TIME.items() if word in doc["when"]), "")
    met = by_time or f"It is met {saying.when(doc['when'])}."
    about = f"Level: {LEVEL_WORDS[doc['level']]}. {_looked_at(doc)} {_SCOPES[doc['for']]}."
    device = " The phone judges it too, before the visitor leaves." * doc.get("on_device", False)
    return Passage(
        id=doc["id"],
        heading=f"{doc['id']}. {doc['name']}",
        text=f"{about}{device} {met} Then required:",
        points=tuple(_action(action, saying, pack) for action in doc["actions"]),
        ending=f"{_decider(doc, pack)} Why: {_ended(doc['why'])}",
    )


def _looked_at(doc: Doc) -> str:
    if "time" in doc["on"]:
        return "Looked at as time passes,"
    return f"Looked at after {listed([EVENTS[name] for name in doc['on']], 'or')},"


def _decider(doc: Doc, pack: Pack) -> str:
    if "decided_by" not in doc:
        return "Whoever is on the ladder may decide it."
    return f"Only {listed([_the(role, pack) for role in doc['decided_by']], 'or')} may decide it."


def _action(doc: Doc, saying: Saying, pack: Pack) -> str:
    lines = doc.get("first_of", [doc])
    ways = [_way(line, saying, pack, n) for n, line in enumerate(lines)]
    when = "; ".join(ways)
    if "if" in lines[-1]:
        when += "; not otherwise" if len(lines) > 1 else ""
    deciding = "; a decision on the escalation does this" * doc.get("done_by_deciding", False)
    return f"{pack.label(doc['do'])} ({_the(doc['who'], pack)}): {when}{deciding}."


def _way(line: Doc, saying: Saying, pack: Pack, n: int) -> str:
    """When an action is due, and under what condition."""
    due = line["due"]
    when = (
        f"before {pack.label(due['before'])}" if "before" in due else clock_words(parse_clock(due))
    )
    if "if" in line:
        return f"{'else ' * (n > 0)}{when}, {saying.if_(line['if'])}"
    return f"otherwise {when}" if n > 0 else when


def _the(role: str, pack: Pack) -> str:
    label = pack.label(role)
    return label if label.startswith(("the ", "a ", "an ")) else f"the {label}"


def _ended(words: str) -> str:
    return words if words.endswith((".", "!", "?")) else f"{words}."


def _seen(doc: Doc, pack: Pack, checklist: Checklist) -> Passage:
    saying = Saying(checklist, pack)
    by = saying.when(doc["by"])
    limit = doc.get("at_most")
    ending = "Where a plan says itself how often, that holds instead."
    if limit:
        age = age_words(limit["child_under_months"])
        ending += f" For a child under {age} never longer than {_interval(limit)}."
    if "calendar_days_too" in doc:
        age = age_words(doc["calendar_days_too"]["child_under_months"])
        ending += (
            f" For a child under {age} working days run out as calendar days too, seven for every "
            "five, whichever is earlier."
        )
    return Passage(
        id="seen",
        heading="When a child counts as seen, and how often that must be",
        text=(
            f"A child counts as seen after a visit {by}. She must be seen again, counted from "
            "when she was last seen, or from the start of what asks for it if that is later:"
        ),
        points=tuple(_line(line, doc["every"][:n], pack) for n, line in enumerate(doc["every"])),
        ending=ending,
    )


def _line(line: Doc, above: Sequence[Doc], pack: Pack) -> str:
    plan = line["plan"]
    if plan == "none":
        level = at_or_above(line.get("concern_open", "S"))
        months = line.get("child_under_months")
        child = f"a child under {age_words(months)}" if months else "a child"
        return f"{child} on no plan, while a concern {level} is open: within {_interval(line)}."
    other = any(each["plan"] != "none" for each in above)
    if plan == "any":
        return f"a child on any {'other ' * other}plan: within {_interval(line)}."
    return f"a child on {plan_words(plan, pack.label)}: within {_interval(line)}."


def _interval(line: Doc) -> str:
    days = {key: line[key] for key in ("working_days", "calendar_days") if key in line}
    return length_words(parse_clock(days))


def _ladder(doc: Doc, pack: Pack) -> Passage:
    first, *above = [_the(role, pack) for role in doc["rungs"]]
    then = f" Above stand {listed(above)}, in this order." if above else ""
    return Passage(
        id=doc["rule"],
        heading=f"{doc['rule']}. {doc['name']}",
        text=(
            f"This is how every escalation climbs. When the office receives it, {first} is told."
            f"{then} If nobody acknowledges it in time, the next is told, and one more each time "
            "the time runs out again. Acknowledged, it rests until twice the first time has gone "
            "by; with no decision by then it climbs on until there is one. Whoever was told stays "
            "told. The time to answer:"
        ),
        points=tuple(_times(line) for line in doc["times"]),
        ending=f"Why: {_ended(doc['why'])}",
    )


def _times(line: Doc) -> str:
    months = line.get("child_under_months")
    where = f", with a child under {age_words(months)} in the family" if months else ""
    first, repeat = (length_words(parse_clock(line[key])) for key in ("first", "repeat"))
    return f"{LEVEL_WORDS[line['level']]}{where}: {first} at first, then {repeat} for each above."
