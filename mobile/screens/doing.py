"""What has to be done, as rows: findings with their actions, calls, and how each ended."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from mobile.widgets.cards import callout, card, level_line, todo_lines
from mobile.widgets.lines import Line
from mobile.widgets.pair import pair
from mobile.wording import shortened

CALL = "Call"
LOG = "Log the call"
DONE = "Mark as done"
COUNTS = "It counts when:"
PLAN_SAYS = "The plan says"

Act = Callable[[Any], None]


def condition_lines(conditions: list[Any], *, brief: bool = False) -> tuple[Line, ...]:
    """Each condition of a plan in full; `brief` leaves out what counts as meeting it, unless
    the plan has no words of its own."""
    made: list[Line] = []
    for condition in conditions:
        made.append(Line(condition.title, "strong", gap=8))
        if condition.words:
            made.append(Line(condition.words, gap=4))
        if brief and condition.words:
            continue
        made.append(Line(COUNTS, "small", "soft", gap=8))
        made += [Line(words, "small", "ink", "bullet", "soft", 18, gap=3)
                 for words in condition.counts]  # fmt: skip
    return tuple(made)


def met_rows(advice: Any) -> list[dict[str, Any]]:
    """The plan's conditions as this visit meets them, or does not."""
    return [
        callout("immediate" if condition.met else "low", "shield", PLAN_SAYS,
                *condition_lines([condition], brief=True))
        for condition in advice.conditions
    ]  # fmt: skip


def escalation_rows(escalation: Any, opened: Collection[str], unfold: Act) -> list[dict[str, Any]]:
    """One of the office's escalations: its level, why, what is required, and what they said."""
    why, more = _why(escalation, escalation.id, opened, unfold)
    lines = [
        level_line(escalation.level, "", icon_size=18),
        Line(escalation.name, "heading", gap=8),
        why,
        Line(escalation.state, "strong", "ink", "gavel", "soft", gap=12),
    ]
    if escalation.reason:
        lines.append(Line(f"“{escalation.reason}”", "body", "ink", gap=4))
    for todo in escalation.actions:
        lines += todo_lines(todo)
    mark = {"I": "immediate", "S": "significant"}.get(escalation.level, "")
    return [card(*lines, mark=mark, **more)]


def finding_rows(
    shown: Any, call: Act, log: Act | None, opened: Collection[str], unfold: Act
) -> list[dict[str, Any]]:
    """One finding of the phone's own: what it means in plain words, and each thing to do."""
    why, more = _why(shown, f"why {shown.rule}", opened, unfold)
    made = [
        card(
            level_line(shown.level, "", icon_size=18), Line(shown.name, "heading", gap=8), why,
            edge="top" if shown.actions else "all", gap=0 if shown.actions else 12, **more,
        )
    ]  # fmt: skip
    mine = sorted(shown.actions, key=lambda todo: (not todo.mine, todo.due_at))
    for number, todo in enumerate(mine, 1):
        made += _todo_rows(shown, todo, number == len(mine), call, log)
    return made


def _why(
    raised: Any, key: str, opened: Collection[str], unfold: Act
) -> tuple[Line, dict[str, Any]]:
    """Why it was raised; a long reason is cut short until its card is touched."""
    short = shortened(raised.because)
    if short == raised.because:
        return Line(raised.because, "body", "soft"), {}
    whole = key in opened
    touch = {"view": "PaintedButton", "act": unfold, "payload": key}
    return (
        Line(raised.because if whole else short, "body", "soft"),
        {**touch, "trail": "up" if whole else "down"},
    )


def _todo_rows(
    shown: Any, todo: Any, last: bool, call: Act, log: Act | None
) -> list[dict[str, Any]]:
    buttons = todo.mine and not todo.done
    closes = last and not buttons
    made = [card(*todo_lines(todo, gap=0), edge="bottom" if closes else "none",
                 gap=12 if closes else 0, pad=(16, 8))]  # fmt: skip
    if not buttons:
        return made
    can_call = todo.contact is not None
    left = CALL if can_call else ""
    log_words = LOG if can_call else DONE

    def touched(what: tuple[str, Any]) -> None:
        side, (finding, which) = what
        if side == "left" and can_call:
            call(which)
        elif log is not None:
            log((finding, which))

    if can_call and log is not None:
        made.append(pair(left, log_words, act=touched, payload=(shown, todo), last=last,
                         icons=("phone", "phone-log")))  # fmt: skip
    elif can_call or log is not None:
        made.append(pair(left or log_words, act=touched, payload=(shown, todo), last=last,
                         icons=("phone" if can_call else "check", "")))  # fmt: skip
    return made
