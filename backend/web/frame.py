"""What every page shares: the navigation, the addresses of built files, words as filters."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from flask import Flask, request, url_for
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

from backend import access, escalations
from backend.web import words
from shared import packs

BUILT = Path(__file__).parent / "static" / "built"


def set_up(app: Flask) -> None:
    """Give the templates GOV.UK Frontend's macros, our words and the frame's parts."""
    ours = app.jinja_loader
    theirs = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    app.jinja_loader = ChoiceLoader([loader for loader in (ours, theirs) if loader])
    app.jinja_env.filters.update(
        level_word=words.level,
        label=packs.label,
        iso=words.iso,
        moment=lambda at: words.moment(at, access.now()),
        long_moment=long_moment,
        ago=lambda at: words.ago(at, access.now()),
        count_of=words.count,
    )
    app.jinja_env.globals.update(
        built=built, navigation=navigation, partnership=partnership, rules_name=rules_name
    )


def built(name: str) -> str:
    """The address of a built file; its version makes browsers fetch a new build."""
    version = BUILT / "version.txt"
    mark = version.read_text() if version.exists() else "none"
    return url_for("static", filename=f"built/{name}", v=mark)


def long_moment(at: datetime) -> str:
    """A moment in full: "Sunday 22 November 2026, 14:05"."""
    return f"{words.whole_day(words.day_of(at))}, {words.clock_time(at)}"


def partnership() -> str:
    """The name of the partnership whose office this is."""
    return access.office().settings.partnership


def rules_name() -> str:
    """The rules in force, in words: "the rules “england”, version 1"."""
    pack = access.office().book.rules
    return f"the rules “{pack.id}”, version {pack.version}"


def navigation(*, counts: bool = True) -> list[dict[str, object]]:
    """The main navigation for the reader, the current page marked."""
    actor = access.actor()
    entries = [("Escalations", "queue.listing", ("queue", "escalation"))]
    entries.append(("Families", "household.listing", ("household",)))
    if actor.is_supervisor:
        entries.append(("Needs a person", "needs_a_person.listing", ("needs_a_person",)))
        entries.append(("Devices", "devices.listing", ("devices",)))
    return [
        {"text": text, "href": url_for(endpoint), "active": request.blueprint in blueprints}
        for text, endpoint, blueprints in entries
    ]


def reader_counts() -> escalations.Counts:
    """What waits for the reader, for the queue's head."""
    return escalations.counts(access.db(), access.actor(), access.now())
