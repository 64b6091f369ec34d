"""Over which stretches of time a plan was in force, and how it stood."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from shared.entries import Entry
from shared.facts import PlanEnded, PlanStarted


@dataclass(slots=True)
class PlanRun:
    """One stretch: the entries that began and changed the plan, and what ended it, if it did."""

    steps: list[Entry] = field(default_factory=list)
    ended: Entry | None = None

    @property
    def begun(self) -> Entry:
        """What began it."""
        return self.steps[0]

    def plan_at(self, moment: float) -> PlanStarted | None:
        """The plan as it stood at a moment; at its first and its last one it is in force."""
        if self.ended is not None and self.ended.order[0] < moment:
            return None
        stood = [step.event for step in self.steps if step.order[0] <= moment]
        return stood[-1] if stood and isinstance(stood[-1], PlanStarted) else None

    @property
    def plan(self) -> PlanStarted:
        """The plan as it last stood."""
        last = self.steps[-1].event
        assert isinstance(last, PlanStarted)  # noqa: S101  (only those are steps; for the type)
        return last


def runs_of(steps: Sequence[Entry]) -> Iterator[PlanRun]:
    """Each stretch of one plan, from its beginnings and ends in the order they happened.

    Ended and begun again at one minute, in whatever order that was received, it is renewed.
    """
    run: PlanRun | None = None
    for _, together in groupby(steps, key=lambda step: step.order[0]):
        at_once = list(together)
        ends = [step for step in at_once if isinstance(step.event, PlanEnded)]
        starts = [step for step in at_once if not isinstance(step.event, PlanEnded)]
        if run is not None and ends:
            run.ended, ends = ends[0], []
            yield run
            run = None
        if starts:
            run = run or PlanRun()
            run.steps.extend(starts)
        if run is not None and ends:
            run.ended = ends[0]
            yield run
            run = None
    if run is not None:
        yield run
