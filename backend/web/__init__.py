"""The supervisor's pages: one blueprint for each thing that people come to do."""

from __future__ import annotations

from flask import Flask

from backend.web import (
    devices,
    escalation,
    frame,
    help,
    household,
    kept_words,
    needs_a_person,
    queue,
    refusals,
    sign_in,
)

BLUEPRINTS = (
    sign_in.bp,
    queue.bp,
    escalation.bp,
    household.bp,
    needs_a_person.bp,
    devices.bp,
    help.bp,
)


def init_app(app: Flask) -> None:
    """Register the pages, their words and their refusals."""
    frame.set_up(app)
    refusals.set_up(app)
    app.jinja_env.globals.update(typed_labels=kept_words.WORDS)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
