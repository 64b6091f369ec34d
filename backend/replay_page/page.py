"""The page itself: what was laid out and put in words, set in HTML with all it needs inside."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from backend.replay_page.picture import Picture
from backend.replay_page.recorded_rows import recorded_rows
from backend.replay_page.rule_lanes import rule_lanes
from backend.replay_page.summary import summary
from backend.replay_page.telling import begin, iso, tell
from backend.replay_page.timescale import timescale
from backend.replay_page.told import (
    LEVELS,
    EscalationTold,
    EventTold,
    History,
    is_of_what_was_not_done,
)
from backend.replay_words import NOTE, when
from backend.replaying import Replay

_TEMPLATES = Path(__file__).parent / "templates"


def page(done: Replay) -> str:
    """Return a replay as one HTML page: styles, script and picture within it, nothing fetched."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters |= {"iso": iso, "begin": begin}
    script = (_TEMPLATES / "cards.js").read_text("utf-8")
    history = tell(done)
    return environment.get_template("page.html").render(
        case=done.case,
        rules=done.book.rules,
        until=when(done.until),
        picture=draw(done, history),
        summary=summary(done, history),
        chronology=chronology(history),
        levels=LEVELS,
        note=NOTE,
        script=script,
        script_hash=b64encode(sha256(script.encode()).digest()).decode(),
    )


def draw(done: Replay, history: History) -> Picture:
    """The picture of a replay, as numbers."""
    moments = [each.at for each in history.events]
    moments += [each.raised.raised_at for each in history.escalations]
    first = min(moments, default=done.until - timedelta(days=1))
    scale = timescale(first, done.until)
    return Picture(
        scale=scale,
        end=scale.place(done.until),
        seen=recorded_rows(done, history.events, scale),
        lanes=rule_lanes(done, history.escalations, scale),
    )


def chronology(history: History) -> list[EventTold | list[EscalationTold]]:
    """What was recorded and what was raised, as it happened; a record before what it raised.

    Escalations of one rule and moment that ask the same and told the same people are together.
    """
    entries: list[tuple[datetime, int, EventTold | list[EscalationTold]]] = [
        (each.at.astimezone(UTC), 0, each) for each in history.events
    ]
    alike: dict[object, list[EscalationTold]] = {}
    for each in history.escalations:
        together = alike.setdefault(_likeness(each), [])
        if not together:
            entries.append((each.raised.raised_at.astimezone(UTC), 1, together))
        together.append(each)
    return [each for _, _, each in sorted(entries, key=lambda entry: entry[:2])]


def _likeness(each: EscalationTold) -> object:
    """What two rows of the table must have in common to be one; who alone shares with nobody."""
    if not is_of_what_was_not_done(each) or each.answers:
        return each.anchor
    asked = tuple((clock.action, clock.who, clock.due, clock.outcome) for clock in each.clocks)
    told = tuple((rung.role, rung.when) for rung in each.told)
    return (each.raised.rule, each.when, each.late, asked, told)
