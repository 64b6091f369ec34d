"""What cannot be told, as rows: each immediate rule, why not, and the questions that would tell."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from mobile.widgets.cards import callout, card, heading, touch_card
from mobile.widgets.lines import Line
from mobile.wording import count_words

NOT_A_NO = "An open question is not a “no”"
CANNOT_TELL, COULD_NOT_TELL = "{rule}: cannot be told yet", "{rule}: could not be told"
NOT_READ = "What this phone cannot read"

Act = Callable[[Any], None]


def unknown_rows(
    advice: Any, opened: Collection[str], unfold: Act, go_to: Act | None = None
) -> list[dict[str, Any]]:
    """Said as a gap, never as "no". Without `go_to` the visit is finished: nothing leads back."""
    made: list[dict[str, Any]] = []
    if advice.incomplete:
        made.append(callout("gap", "question", NOT_READ, Line(advice.incomplete, gap=6)))
    if advice.cannot_tell:
        rules = count_words(len(advice.cannot_tell), "rule", "rules")
        made.append(heading(NOT_A_NO, rules))
    title = CANNOT_TELL if go_to else COULD_NOT_TELL
    for each in advice.cannot_tell:
        folds = len(each.questions) > 1
        shown = not folds or each.rule in opened
        made.append(_rule_row(each, title, shown, unfold if folds else None))
        if shown:
            made += [
                question_row(q.item.question, q.whom_and_why, go_to, q) for q in each.questions
            ]
    return made


def question_row(
    question: str, whom_and_why: str, go_to: Act | None, payload: Any
) -> dict[str, Any]:
    """A question that is open: a touch leads to it, where there is a way."""
    lines = (Line(question, "body"), Line(whom_and_why, "small", "gap", "question", icon_size=18))
    if go_to is None:
        return card(*lines, gap=8)
    return touch_card(go_to, payload, *lines, gap=8, least=56)


def _rule_row(each: Any, title: str, shown: bool, unfold: Act | None) -> dict[str, Any]:
    lines = (Line(title.format(rule=each.name), "strong", "ink", "question", "gap"),
             Line(each.whom_and_why, "small", "ink"))  # fmt: skip
    if unfold is None:
        return card(*lines, ground="gap", gap=8)
    return touch_card(unfold, each.rule, *lines, ground="gap", gap=8,
                      trail="up" if shown else "down", trail_tone="gap")  # fmt: skip
