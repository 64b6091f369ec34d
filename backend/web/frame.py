"""What every page shares: the navigation, the addresses of built files, words as filters."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from flask import Flask, request, url_for
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

from backend import access
from backend.web import words
from shared import packs
from shared.clocks import day_of

# Words, endpoint, the blueprints it stands for, and whether it is for supervisors only.
NAVIGATION = (
    ("Escalations", "queue.listing", ("queue", "escalation"), False),
    ("Families", "household.listing", ("household",), False),
    ("Needs a person", "needs_a_person.listing", ("needs_a_person",), True),
    ("Devices", "devices.listing", ("devices",), True),
)
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
        begin=words.begin,
        sentence=words.sentence,
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
    return f"{words.whole_day(day_of(at))}, {words.clock_time(at)}"


def partnership() -> str:
    """The name of the partnership whose office this is."""
    return access.office().settings.partnership


def rules_name() -> str:
    """The rules in force, in words: "the rules “england”, version 1"."""
    pack = access.office().book.rules
    return f"the rules “{pack.id}”, version {pack.version}"


def navigation() -> list[dict[str, object]]:
    """The main navigation for the reader, the current page marked."""
    actor = access.actor()
    return [
        {"text": text, "href": url_for(endpoint), "active": request.blueprint in blueprints}
        for text, endpoint, blueprints, for_supervisors in NAVIGATION
        if actor.is_supervisor or not for_supervisors
    ]
