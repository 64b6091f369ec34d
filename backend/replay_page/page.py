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
from backend.replay_page.telling import (
    LEVELS,
    EscalationTold,
    EventTold,
    History,
    begin,
    iso,
    tell,
)
from backend.replay_page.timescale import timescale
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


def chronology(history: History) -> list[EventTold | EscalationTold]:
    """What was recorded and what was raised, as it happened; a record before what it raised."""
    entries: list[tuple[datetime, int, EventTold | EscalationTold]] = [
        (each.at.astimezone(UTC), 0, each) for each in history.events
    ]
    entries += [(each.raised.raised_at.astimezone(UTC), 1, each) for each in history.escalations]
    return [each for _, _, each in sorted(entries, key=lambda entry: entry[:2])]
