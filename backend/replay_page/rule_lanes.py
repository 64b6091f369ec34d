"""Below the axis: a lane for each rule that fired, with its escalations and their clocks."""

from __future__ import annotations

from collections.abc import Sequence

from backend.replay_page.crowding import PITCH, spread
from backend.replay_page.picture import Climb, Demand, Lane, Mark, Row, Stroke, bar, depth, span
from backend.replay_page.telling import begin
from backend.replay_page.timescale import NARROWEST, Timescale
from backend.replay_page.told import LEVELS, EscalationTold, is_of_what_was_not_done
from backend.replaying import Replay
from shared.checklist import worst


def rule_lanes(done: Replay, raised: Sequence[EscalationTold], scale: Timescale) -> list[Lane]:
    """The lanes in the order their rules first fired; last, what only says that nobody acted."""
    end = scale.place(done.until)
    by_rule: dict[str, list[EscalationTold]] = {}
    for each in raised:
        by_rule.setdefault(each.raised.rule, []).append(each)
    # Otherwise as first raised.
    ordered = sorted(by_rule.values(), key=lambda same: is_of_what_was_not_done(same[0]))
    lanes = [_lane(same, scale, end) for same in ordered]
    climbs = [Climb(escalation=each, rungs=each.told[1:]) for each in raised if each.told[1:]]
    return [*lanes, _climbing(done, climbs, scale)] if climbs else lanes


def _lane(same: Sequence[EscalationTold], scale: Timescale, end: float) -> Lane:
    rule = same[0].raised
    demands: dict[str, list[Demand]] = {}
    for each in same:
        for clock in each.clocks:
            demand = Demand(escalation=each, clock=clock)
            demands.setdefault(clock.action, []).append(demand)
    return Lane(
        rule=rule.rule,
        name=rule.rule_name,
        rows=[
            _escalations(same, scale, end),
            *(_clocks(action, each, scale, end) for action, each in demands.items()),
        ],
    )


def _escalations(same: Sequence[EscalationTold], scale: Timescale, end: float) -> Row:
    spots = spread([scale.place(each.raised.raised_at) for each in same], NARROWEST)
    marks, strokes = [], []
    for spot in spots:
        told = [same[index] for index in spot.members]
        marks.append(
            Mark(
                kind="escalation",
                name=_name(told),
                href=told[0].anchor,
                x=spot.x,
                level=spot.level,
                told=told,
                shape=worst(each.raised.level for each in told),
                is_assumed=any(each.rests_on_assumed for each in told),
            )
        )
        for each in told:
            strokes += _standing(each, scale, end, spot.level)
    return Row(
        name="Raised",
        note=f"{len(same):,} raised",
        levels=depth([mark.level for mark in marks]),
        strokes=strokes,
        marks=marks,
    )


def _name(told: Sequence[EscalationTold]) -> str:
    first, last = told[0], told[-1]
    rule = f"{first.raised.rule} {first.raised.rule_name}"
    if len(told) > 1:
        return f"{rule}: {len(told)} raised, {span(first.when, last.when)}"
    return f"{rule}: {LEVELS[first.raised.level]}, raised {first.when}"


def _standing(each: EscalationTold, scale: Timescale, end: float, level: int) -> list[Stroke]:
    """The line of an escalation that stands open, and where somebody answered it."""
    raised = each.raised
    decided = scale.place(raised.decided_at) if raised.decided_at else None
    strokes = [bar("open", scale.place(raised.raised_at), decided or end, level)]
    if raised.acknowledged_at:
        at = scale.place(raised.acknowledged_at)
        strokes.append(Stroke(kind="acknowledged", x=at, level=level))
    if decided is not None:
        strokes.append(Stroke(kind="decided", x=decided, level=level))
    return strokes


def _clocks(action: str, demands: Sequence[Demand], scale: Timescale, end: float) -> Row:
    """One action's clocks: each bar runs to its due time, and turns when that has passed."""
    asked = sorted(demands, key=lambda each: each.clock.required_at)
    spots = spread(
        [scale.place(each.clock.required_at) for each in asked], NARROWEST, levels=1, alike=PITCH
    )
    strokes = [stroke for each in asked for stroke in _bars(each, scale, end)]
    layers = ("waiting", "overdue", "running", "turn", "done")  # what is drawn later lies on top
    marks = []
    left = 0
    for spot, following in zip(spots, [*(each.x for each in spots[1:]), 100.0], strict=True):
        told = [asked[index] for index in spot.members]
        left += sum(each.clock.state == "overdue" for each in told)
        reach = min(following, max(_until(each, scale, end) for each in told))
        turned = max(_turned(each, scale) for each in told)
        marks.append(
            Mark(
                kind="clock",
                name=_clock_name(action, told),
                href=told[0].escalation.anchor,
                x=spot.x,
                width=round(reach - spot.x, 3),
                told=told,
                caption=_overdue_words(left, reach - turned),
                caption_x=round(turned - spot.x, 3),
            )
        )
    return Row(
        name=action,
        note=_in_time(asked),
        strokes=sorted(strokes, key=lambda each: layers.index(each.kind)),
        marks=marks,
    )


def _in_time(asked: Sequence[Demand]) -> str:
    """How many were done in time, of those whose time is up or that are done."""
    states = [each.clock.state for each in asked]
    if states.count("running") == len(states):
        return f"{len(states):,} not due yet"
    return f"{states.count('done'):,} of {len(states) - states.count('running'):,} in time"


def _until(demand: Demand, scale: Timescale, end: float) -> float:
    done_at = demand.clock.done_at
    return scale.place(done_at) if done_at else end


def _turned(demand: Demand, scale: Timescale) -> float:
    """Where a clock's bar turns, its time having passed; never on top of where it begins."""
    begins = scale.place(demand.clock.required_at)
    due = demand.clock.due_at
    running = bar("running", begins, scale.place(due) if due else 100.0)
    return running.x + running.width


def _bars(demand: Demand, scale: Timescale, end: float) -> list[Stroke]:
    clock = demand.clock
    begins, until = scale.place(clock.required_at), _until(demand, scale, end)
    turned = _turned(demand, scale)
    kind = "running" if clock.due_at else "waiting"
    strokes = [bar(kind, begins, min(turned, until))]
    if clock.state in ("overdue", "late"):
        strokes += [bar("overdue", turned, until), Stroke(kind="turn", x=turned)]
    if clock.done_at:
        strokes.append(Stroke(kind="done", x=max(until, turned if clock.state == "late" else 0)))
    return strokes


def _clock_name(action: str, told: Sequence[Demand]) -> str:
    first = told[0].clock
    if len(told) == 1:
        return f"{action}: {first.due}, {first.outcome}"
    missed = sum(each.clock.state in ("overdue", "late") for each in told)
    last = told[-1].clock.due
    return f"{action}: {len(told)} times, {first.due}, the last {last}; {missed} not in time"


def _overdue_words(left: int, width: float) -> str:
    """How many stand overdue from a bar on, where there is room to say it."""
    words = f"{left} overdue"
    return words if left and width * NARROWEST / 100 > 12 + 7 * len(words) else ""


def _climbing(done: Replay, climbs: Sequence[Climb], scale: Timescale) -> Lane:
    """The lane of the ladder: who was told because nobody had answered."""
    ladder = done.book.rules.doc["ladder"]
    ordered = sorted(climbs, key=lambda each: each.rungs[0].at)
    spots = spread([scale.place(each.rungs[0].at) for each in ordered], NARROWEST)
    marks = []
    for spot in spots:
        told = [ordered[index] for index in spot.members]
        top = max((each.rungs for each in told), key=len)[-1]
        first = told[0].rungs[0].when
        marks.append(
            Mark(
                kind="climb",
                name=f"{ladder['rule']} {ladder['name']}: {_times(len(told))} from {first}, "
                f"as far as the {top.role}",
                href=told[0].escalation.anchor,
                x=spot.x,
                level=spot.level,
                told=told,
                shape="climb",
            )
        )
    row = Row(
        name="Told, since nobody had answered",
        note=f"{len(climbs):,} climbed",
        levels=depth([mark.level for mark in marks]),
        marks=marks,
    )
    return Lane(rule=ladder["rule"], name=begin(ladder["name"]), rows=[row])


def _times(number: int) -> str:
    return "1 climbs" if number == 1 else f"{number} climb"
