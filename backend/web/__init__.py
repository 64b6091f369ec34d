"""The supervisor's pages: one blueprint for each thing that people come to do.

A supervisor comes with three questions. Is a child in danger that nobody has taken up? What is
due today, of whom, and what is late already? What has been sent that nobody could read? The
queue answers them in that order. She opens one escalation, reads why it was raised and on what
basis, sees what is required and who has been told, says that she takes it up, looks at the
family's record, and writes down what she decides and why. Each page works without scripts, and
whatever she typed comes back to her when a form is refused.
"""

from __future__ import annotations

from flask import Flask

from backend.web import (
    decision_form,
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
    app.jinja_env.globals.update(
        label_of=kept_words.label_of, outcome_words=decision_form.outcome_words
    )
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
