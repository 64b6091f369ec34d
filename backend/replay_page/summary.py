"""What a replay comes to, in plain words and a few counts; never a score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backend.replay_page.telling import begin
from backend.replay_page.told import EscalationTold, History, is_of_what_was_not_done
from backend.replay_words import when
from backend.replaying import Replay
from shared import facts
from shared.clocks import LONDON, day_of


@dataclass(frozen=True, slots=True)
class RuleTotal:
    """What one rule comes to. `missed`: required actions whose time passed without them."""

    rule: str
    name: str
    level: str
    first: EscalationTold
    raised: int
    required: int
    missed: int
    furthest: str


@dataclass(frozen=True, slots=True)
class Summary:
    """The top of the page: large figures with their words, sentences, and the rules' totals."""

    figures: list[tuple[str, str]]
    sentences: list[str]
    assumed: list[str]
    totals: list[RuleTotal]


def summary(done: Replay, history: History) -> Summary:
    """What a replay comes to."""
    totals = _totals(done, history)
    return Summary(
        figures=list(_figures(done, history, totals)) if totals else [],
        sentences=list(_sentences(done, history, totals)),
        assumed=list(_assumed(done, history)),
        totals=totals,
    )


def _day(each: EscalationTold) -> str:
    local = each.raised.raised_at.astimezone(LONDON)
    return f"{local.day} {local:%B %Y}"


def _totals(done: Replay, history: History) -> list[RuleTotal]:
    by_rule: dict[str, list[EscalationTold]] = {}
    for each in history.escalations:
        by_rule.setdefault(each.raised.rule, []).append(each)
    return [
        RuleTotal(
            rule=rule,
            name=same[0].raised.rule_name,
            level=same[0].raised.level,
            first=same[0],
            raised=len(same),
            required=sum(len(each.clocks) for each in same),
            missed=sum(_missed(each) for each in same),
            furthest=_furthest(done, same),
        )
        for rule, same in by_rule.items()
    ]


def _missed(each: EscalationTold) -> int:
    return sum(clock.state in ("overdue", "late") for clock in each.clocks)


def _furthest(done: Replay, same: Sequence[EscalationTold]) -> str:
    """The highest rung that was told of any of these."""
    told = max((each.told for each in same), key=len)
    return begin(told[-1].role) if told else ""


def _figures(
    done: Replay, history: History, totals: Sequence[RuleTotal]
) -> Iterator[tuple[str, str]]:
    raised = history.escalations
    days = (day_of(done.until) - day_of(raised[0].raised.raised_at)).days
    before = f", {days:,} days before the end of this history" if days > 1 else ""
    yield _day(raised[0]), f"the first would have been raised{before}"
    yield f"{len(raised):,}", f"escalations, under {_count(len(totals), 'rule')}"
    required = sum(each.required for each in totals)
    if required:
        missed = sum(each.missed for each in totals)
        yield f"{missed:,} of {required:,}", "required actions not on record as done in time"
    unanswered = sum(not each.answers for each in raised)
    yield f"{unanswered:,} of {len(raised):,}", "escalations with no answer on record"


def _sentences(done: Replay, history: History, totals: Sequence[RuleTotal]) -> Iterator[str]:
    visits = sum(isinstance(each.event, facts.Visit) for each in history.events)
    reports = sum(isinstance(each.event, facts.Report) for each in history.events)
    if not history.events:
        yield f"Nothing had been recorded by {when(done.until)}."
        return
    yield (
        f"From {history.events[0].when} to {when(done.until)}, "
        f"{_count(len(history.events), 'thing')} {_was(len(history.events))} recorded, among them "
        f"{_count(visits, 'visit')} and {_count(reports, 'report')}."
    )
    if not totals:
        yield "On this history the rules would have raised nothing."
        return
    raised = history.escalations
    undone = sum(is_of_what_was_not_done(each) for each in raised)
    first = raised[0].raised
    yield (
        f"The first, on {_day(raised[0])}, would have been {first.rule} {first.rule_name}, for "
        f"{raised[0].children}: {first.because}"
    )
    if undone:
        yield (
            f"Of {_count(len(raised), 'escalation')}, {len(raised) - undone:,} "
            f"{_was(len(raised) - undone)} for what was seen, asked for or left unseen, and "
            f"{undone:,} because an action that was required had not been done."
        )
    top = done.book.rules.label(done.book.rules.rungs[-1])
    reached = sum(len(each.told) == len(done.book.rules.rungs) for each in raised)
    if reached:
        share = f"all {reached:,}" if reached == len(raised) else f"{reached:,}"
        yield f"With no answer in time, {share} would have climbed to the {top}."


def _assumed(done: Replay, history: History) -> Iterator[str]:
    """Which dates are assumed, and what that means for those that the rules derive."""
    known = len(history.events)
    events = sum(bool(each.assumed) for each in history.events)
    births = len(done.case.births_assumed)
    if not events and not births:
        yield "The case file does not say of any date that it is assumed."
        return
    if events:
        share = f"All {known:,}" if events == known else f"{events:,} of the {known:,}"
        yield f"{share} records below have a date that is assumed, not public or not known."
    if births:
        yield f"{_count(births, 'child has', 'children have')} a date of birth that is assumed."
    yield (
        "The sign ≈ stands at each such date, and at each escalation that rests on one; beside the "
        "record it is said what is assumed. Every day and time on which something would have been "
        "raised, due or passed on follows from these."
    )


def _count(number: int, noun: str, plural: str = "") -> str:
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def _was(number: int) -> str:
    return "was" if number == 1 else "were"
