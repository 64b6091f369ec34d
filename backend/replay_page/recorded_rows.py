"""Above the axis: the children, and what was seen, planned, asked for and answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time

from backend.replay_page.crowding import MOST_LEVELS, spread
from backend.replay_page.picture import Mark, Row, Stroke, bar, captioned, depth, span
from backend.replay_page.timescale import NARROWEST, Timescale
from backend.replay_page.told import EventTold
from backend.replaying import Replay
from shared import facts
from shared.because import name_of
from shared.checklist import worst
from shared.clocks import LONDON
from shared.facts import Child

_ARRIVALS = {"pregnancy": "Pregnancy known", "birth": "Born", "discharge": "Home from hospital"}
_ARRIVALS |= {"return_home": "Returned home"}
_ASKED = {
    "close": "To close the case",
    "step_down": "To step the plan down",
    "end": "To end a plan",
}
_VISITED = {"refused": "Refused", "hide": "Nobody came to the door"}

Words = Callable[[EventTold], str]


def recorded_rows(done: Replay, events: Sequence[EventTold], scale: Timescale) -> list[Row]:
    """The rows above the axis; those for visits, reports and answers are there when empty."""

    def of(*types: type[facts.Event]) -> list[EventTold]:
        return [each for each in events if isinstance(each.event, types)]

    rows = [_child(done, child, of(facts.Arrival), scale) for child in done.case.household.children]
    rows.append(_row("Visits", of(facts.Visit), scale, _visited))
    rows.append(_row("Reports", of(facts.Report), scale))
    if plans := of(facts.PlanStarted, facts.PlanEnded):
        rows.append(_plans(plans, scale, scale.place(done.until)))
    if asked := of(facts.ClosureRequest):
        rows.append(_row("Requests to close", asked, scale, _asked, "request"))
    answers = of(facts.Decision, facts.Disagreed, facts.Acknowledged, facts.ActionDone)
    rows.append(_row("Answers, decisions, actions done", answers, scale, _answered, "answer"))
    return rows


def _row(
    name: str,
    events: Sequence[EventTold],
    scale: Timescale,
    caption: Words = lambda told: "",
    shape: str = "",
) -> Row:
    marks = _marks(events, scale, caption, lambda told: shape or told.level)
    return Row(
        name=name,
        empty="" if events else "None recorded",
        note=f"{len(events):,} recorded" if events else "",
        levels=depth([mark.level for mark in marks]),
        marks=marks,
    )


def _marks(
    events: Sequence[EventTold],
    scale: Timescale,
    caption: Words,
    shape: Words,
    levels: int = MOST_LEVELS,
) -> list[Mark]:
    """Marks for events in the order they happened, each as grave as the gravest it stands for."""
    spots = spread([scale.place(each.at) for each in events], NARROWEST, levels=levels)
    marks, captions = [], []
    for spot in spots:
        told = [events[index] for index in spot.members]
        first, last = told[0], told[-1]
        shapes = [shape(each) for each in told]
        graded = all(len(each) == 1 for each in shapes)
        marks.append(
            Mark(
                kind="event",
                name=f"{first.title}, {first.when}"
                if len(told) == 1
                else f"{len(told)} records, {span(first.when, last.when)}",
                href=first.anchor,
                x=spot.x,
                level=spot.level,
                told=told,
                shape=worst(shapes) if graded else shapes[0],
                is_assumed=any(each.assumed for each in told),
            )
        )
        captions.append(caption(first) if len(told) == 1 else "")
    return captioned(marks, captions)


def _visited(told: EventTold) -> str:
    answers = told.event.answers if isinstance(told.event, facts.Visit) else ()
    code = next((each.value for each in answers if each.item == "ACC-01"), "")
    return _VISITED.get(str(code), "")


def _asked(told: EventTold) -> str:
    return _ASKED.get(told.event.kind, "") if isinstance(told.event, facts.ClosureRequest) else ""


def _answered(told: EventTold) -> str:
    match told.event:
        case facts.Decision():
            return "Decision"
        case facts.Disagreed():
            return "Disagreement"
        case facts.Acknowledged():
            return "Acknowledged"
    return "Done"


def _child(done: Replay, child: Child, arrivals: Sequence[EventTold], scale: Timescale) -> Row:
    own = [each for each in arrivals if _arrival(each).child == child.id]
    marks = _marks(
        own, scale, lambda told: _ARRIVALS[_arrival(told).kind], lambda told: _arrival(told).kind
    )
    born = f"born {_day(child.born)}" if child.born else "unborn"
    if child.born is None and child.due:
        born = f"unborn, due {_day(child.due)}"
    assumed = child.id in done.case.births_assumed
    return Row(
        name=name_of(child.id, done.case.household),
        detail=f"{born} ≈" if assumed else born,
        levels=depth([mark.level for mark in marks]),
        strokes=_life(done, child, own, scale),
        marks=marks,
    )


def _arrival(told: EventTold) -> facts.Arrival:
    assert isinstance(told.event, facts.Arrival)  # noqa: S101 - who asks has chosen these
    return told.event


def _life(done: Replay, child: Child, own: Sequence[EventTold], scale: Timescale) -> list[Stroke]:
    """Unborn since the pregnancy was known, then a child; up to the end of the replay."""
    end = scale.place(done.until)
    born = end
    if child.born is not None:
        born = min(end, scale.place(datetime.combine(child.born, time(), LONDON)))
    known = [scale.place(each.at) for each in own if _arrival(each).kind == "pregnancy"]
    since = known[0] if known else born if child.born else 0.0
    strokes = [bar("unborn", since, born)] if since < born else []
    return [*strokes, bar("life", born, end)] if born < end else strokes


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _plans(events: Sequence[EventTold], scale: Timescale, end: float) -> Row:
    """Each plan as a span, those in force together one under another."""
    begun: dict[str, tuple[float, int]] = {}
    strokes: list[Stroke] = []
    on_level: list[list[EventTold]] = [[] for _ in range(MOST_LEVELS)]
    for each in events:
        x = scale.place(each.at)
        if isinstance(each.event, facts.PlanStarted):
            taken = {level for _, level in begun.values()}
            level = next((n for n in range(MOST_LEVELS) if n not in taken), MOST_LEVELS - 1)
            begun[each.event.plan] = (x, level)
        elif isinstance(each.event, facts.PlanEnded):
            since, level = begun.pop(each.event.plan)
            strokes.append(bar("plan", since, x, level))
        on_level[level].append(each)
    strokes += [bar("plan", since, end, level) for since, level in begun.values()]
    marks: list[Mark] = []
    for level, here in enumerate(on_level):
        on = _marks(here, scale, _plan_words, lambda told: "plan", levels=1)
        marks += [replace(mark, level=level) for mark in on]
    levels = [stroke.level for stroke in strokes]
    return Row(name="Plans in force", levels=depth(levels), strokes=strokes, marks=marks)


def _plan_words(told: EventTold) -> str:
    if not isinstance(told.event, facts.PlanStarted):
        return "Ends"
    words = f"{told.event.kind.replace('_', ' ').capitalize()} plan"
    return f"{words}, with a no-access condition" if told.event.no_access else words
