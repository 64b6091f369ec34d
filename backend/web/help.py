"""How to read these pages, and whom to ask: always at the same place on every page."""

from __future__ import annotations

from flask import Blueprint, render_template

from backend import access

bp = Blueprint("help", __name__)


@bp.get("/help")
@access.anyone
def page() -> str:
    """What the levels, states and times mean."""
    settings = access.office().settings
    return render_template("help.html", heading="How to read these pages", settings=settings)
