"""What a single condition says in plain English, from its definition and the checklist's words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from shared.because import BLOCKER_WORDS
from shared.clocks import parse_clock
from shared.english import age_words, length_words, listed, many, number
from shared.looking import Doc
from shared.quoting import LEVEL_WORDS, Quoting, at_or_above, on_basis

EVENTS = {
    "visit": "a visit",
    "report": "a report from another agency",
    "plan": "the start of a plan",
    "closure_request": "a request to close or step down",
    "decision": "a decision",
    "disagree": "a disagreement",
    "pregnancy": "a pregnancy",
    "birth": "a birth",
    "discharge": "a discharge from hospital",
    "return_home": "a return home",
}
DECISIONS = {
    "lower_level": "lowers a level",
    "close_concern": "closes a concern",
    "refuse_referral": "refuses a referral",
    "decline_strategy_discussion": "declines a strategy discussion",
    "decide": "answers an escalation",
}
CLOSURES = {
    "close": "to close the case",
    "step_down": "to step a plan down",
    "end": "to end a plan",
}
TALLIED = {
    "dates": ("on", "date"),
    "agencies": ("by", "agency"),
    "items": ("for", "different question"),
    "sections": ("in", "section"),
}
_SEVERAL = {"agency": "agencies"}


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition in words; `opposite` says that it is not so.

    `joined`: 0 for a single thing, 1 for several, 2 for several with letters.
    """

    text: str
    opposite: str = ""
    joined: int = 0

    @property
    def denied(self) -> str:
        """That it is not so."""
        return self.opposite or f"it is not so that {self.text}"


@dataclass(frozen=True, slots=True)
class Subject:
    """What conditions speak of: the checklist, a pack's words, and one child or a family."""

    quoting: Quoting
    label: Callable[[str], str]
    names: Mapping[str, str]
    of_child: bool


def term_words(name: str) -> str:
    """`failed access` for `failed_access`."""
    return name.replace("_", " ")


def plan_words(kinds: Sequence[str], label: Callable[[str], str]) -> str:
    """`a child protection or child in need plan`."""
    words = listed([label(kind) for kind in kinds], "or")
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words} plan"


def _term(of: Subject, doc: Doc) -> Clause:
    """That a named condition holds."""
    name = term_words(doc["term"])
    return Clause(f"“{name}” applies", f"“{name}” does not apply")


def _rule(of: Subject, doc: Doc) -> Clause:
    """That another rule is met."""
    rule = f"{doc['rule']} ({of.names[doc['rule']]})"
    return Clause(f"{rule} is met as well", f"{rule} is not met")


def _answer(of: Subject, doc: Doc) -> Clause:
    """That something was answered so."""
    subject, how = of.quoting.asked_and_answer(doc)
    return Clause(f"{subject} is answered{how}", f"{subject} is not answered{how}")


def _event(of: Subject, doc: Doc) -> Clause:
    """What kind of event it is."""
    words = _event_words(of, doc)
    return Clause(f"it is {words}", f"it is not {words}")


def _event_words(of: Subject, doc: Doc) -> str:
    named = [doc["event"]] if isinstance(doc["event"], str) else list(doc["event"])
    words = listed([EVENTS[name] for name in named], "or")
    kinds = doc.get("kind", ())
    if kinds and named == ["decision"]:
        words += f" that {listed([DECISIONS[kind] for kind in kinds], 'or')}"
    elif kinds and named == ["closure_request"]:
        words = f"a request {listed([CLOSURES[kind] for kind in kinds], 'or')}"
    elif kinds:
        words = f"the start of {plan_words(kinds, of.label)}"
    if "to" in doc:
        words += f" to {listed([LEVEL_WORDS[level] for level in doc['to']], 'or')}"
    if "basis" in doc:
        words += f", {on_basis(doc['basis'])}"
    if "agency" in doc:
        by = listed([of.label(agency) for agency in doc["agency"]], "or")
        words = f"a report from {by}" if named == ["report"] else f"{words}, by {by}"
    return words


def _count(of: Subject, doc: Doc) -> Clause:
    """So many of something within a window."""
    window = f"within {many(doc['within_days'], 'day')}, this one among them"
    least = f"at least {number(doc['at_least'])}"
    if "term" in doc["of"]:
        name = term_words(doc["of"]["term"])
        visits = "visit" if doc["at_least"] == 1 else "visits"
        return Clause(f"“{name}” applies to {least} {visits} {window}", joined=1)
    how, one = TALLIED[doc["count"]]
    what = one if doc["at_least"] == 1 else _SEVERAL.get(one, f"{one}s")
    alike = {
        "concern": "the same concern comes up: ",
        "item_and_child": "the same question about one child comes up: ",
    }
    same = alike.get(doc.get("same", ""), "")
    tail = [f"{how} {least} {what} {window}, {same}{of.quoting.answered(doc['of'])}"]
    if "together" in doc:
        sections = [f"all of {of.quoting.question(code)}" for code in doc["together"]]
        one = "count as one concern each" if len(sections) > 1 else "counts as one concern"
        tail.append(f"{listed(sections)} {one}")
    if "one_happening" in doc:
        tail.append("reports of one happening count once")
    return Clause("; ".join(tail), joined=1)


def _running(of: Subject, doc: Doc) -> Clause:
    """The same question answered so time after time."""
    times = f"{number(doc['running'])} times running"
    answered = of.quoting.answered(doc["of"])
    return Clause(f"the same question about one child comes up {times}: {answered}", joined=1)


def _rising(of: Subject, doc: Doc) -> Clause:
    """The same question getting worse."""
    times = f"{number(doc['rising'])} times running"
    return Clause(f"the answer to the same question has got worse {times}")


def _rising_total(of: Subject, doc: Doc) -> Clause:
    """More and more questions at a level."""
    visits = many(doc["rising_total"], "completed visit")
    level = at_or_above(doc["at_least"])
    return Clause(
        f"over {visits} running the number of questions answered {level} has risen each time"
    )


def _earlier(of: Subject, doc: Doc) -> Clause:
    """Something that was so before."""
    days = doc.get("within_days")
    back = f"within the {many(days, 'day')} before" if days else "at any time before"
    if "term" in doc["earlier"]:
        applied = f"“{term_words(doc['earlier']['term'])}” applied to"
        return Clause(f"{back}, {applied} another visit", f"{back}, {applied} no other visit")
    subject, how = of.quoting.asked_and_answer(doc["earlier"])
    was, was_not = (f"{back}, {subject} {verb} answered{how}" for verb in ("was", "was not"))
    return Clause(was, was_not)


def _earlier_plan(of: Subject, doc: Doc) -> Clause:
    """A plan before."""
    return Clause("the family has or had a plan before", "the family never had a plan before")


def _latest(of: Subject, doc: Doc) -> Clause:
    """The latest answer by then."""
    item = of.quoting.item(doc["latest"])
    options = of.quoting.options(doc["in"], [item])
    question = of.quoting.question(doc["latest"])
    return Clause(f"the latest answer to {question} is {options}")


def _unchecked_core_items(of: Subject, doc: Doc) -> Clause:
    """The same core question never found out."""
    visits = many(doc["unchecked_core_items"], "completed visit")
    return Clause(f"the same core question was not found out on {visits} running")


def _not_answered(of: Subject, doc: Doc) -> Clause:
    """A question that nobody has answered for a while."""
    item = of.quoting.item(doc["not_answered"])
    other = of.quoting.options(doc["except"], [item]) if "except" in doc else ""
    answer = f"no answer but {other}" if other else "no answer"
    question, days = of.quoting.question(doc["not_answered"]), many(doc["for_days"], "day")
    return Clause(f"a plan is in force and by a visit {question} has had {answer} for {days}")


def _worse_than_announced(of: Subject, doc: Doc) -> Clause:
    """Worse seen than shown."""
    back = many(doc["worse_than_announced"], "day")
    return Clause(
        "on an unannounced visit a question is answered at level significant or above, and "
        f"worse than on the latest announced visit of the {back} before"
    )


def _not_seen_for(of: Subject, doc: Doc) -> Clause:
    """A child whom nobody saw for so long."""
    days = length_words(parse_clock(doc["not_seen_for"]))
    return Clause(f"no agency has recorded the child as seen for {days}")


def _child_under_months(of: Subject, doc: Doc) -> Clause:
    """A child's age."""
    age = age_words(doc["child_under_months"])
    if of.of_child:
        return Clause(f"the child is under {age} old", f"the child is not under {age} old")
    return Clause(f"a child under {age} lives there", f"no child under {age} lives there")


def _unborn_child(of: Subject, doc: Doc) -> Clause:
    """A child who is expected."""
    words = ("a child is expected", "no child is expected")
    return Clause(*words if doc["unborn_child"] else words[::-1])


def _not_yet_home(of: Subject, doc: Doc) -> Clause:
    """A child who has not come home yet."""
    return Clause(
        "the child is unborn, or born and not yet home", "the child is born and has come home"
    )


def _plan_in_force(of: Subject, doc: Doc) -> Clause:
    """A plan that runs."""
    kinds = doc["plan_in_force"]
    plan = plan_words(kinds, of.label) if kinds != "any" else "a plan"
    none = f"no {plan.partition(' ')[2]}"
    if of.of_child:
        return Clause(f"the child is on {plan}", f"the child is on {none}")
    return Clause(f"{plan} is in force", f"{none} is in force")


def _plan_condition(of: Subject, doc: Doc) -> Clause:
    """A plan's own condition."""
    return Clause(
        "a plan in force has a no-access condition, and what happened is one of the outcomes "
        "that it counts"
    )


def _concern_open_before(of: Subject, doc: Doc) -> Clause:
    """A concern that was open already."""
    level = at_or_above(doc["concern_open_before"])
    return Clause(f"a concern {level} was open before", f"no concern {level} was open before")


def _blocked_by(of: Subject, doc: Doc) -> Clause:
    """What stands against closing."""
    things = [f"a {BLOCKER_WORDS[kind][0]}" for kind in doc["blocked_by"]]
    return Clause(f"one of these stands against it: {listed(things, 'or')}")


def _unclaimed(of: Subject, doc: Doc) -> Clause:
    """An answer that no rule above took."""
    answered = of.quoting.answered(doc["unclaimed"])
    return Clause(f"{answered}, and no rule above has taken that answer as its evidence")


def _evidence_about(of: Subject, doc: Doc) -> Clause:
    """What the evidence is about."""
    things = of.quoting.listed(doc["evidence_about"], "or")
    return Clause(f"what set it off is about {things}", f"what set it off is not about {things}")


CLAUSES: dict[str, Callable[[Subject, Doc], Clause]] = {
    "term": _term,
    "rule": _rule,
    "event": _event,
    "count": _count,
    "running": _running,
    "rising": _rising,
    "rising_total": _rising_total,
    "earlier": _earlier,
    "earlier_plan": _earlier_plan,
    "latest": _latest,
    "unchecked_core_items": _unchecked_core_items,
    "not_answered": _not_answered,
    "worse_than_announced": _worse_than_announced,
    "not_seen_for": _not_seen_for,
    "child_under_months": _child_under_months,
    "unborn_child": _unborn_child,
    "not_yet_home": _not_yet_home,
    "plan_in_force": _plan_in_force,
    "plan_condition": _plan_condition,
    "concern_open_before": _concern_open_before,
    "blocked_by": _blocked_by,
    "unclaimed": _unclaimed,
    "evidence_about": _evidence_about,
    "answer": _answer,
}
