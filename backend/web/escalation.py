"""One escalation: why it was raised, what is required, who has been told, and what to do now."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend import access, escalations, problems
from backend.web import decision_form, escalation_words, words
from backend.web.decision_form import Draft

bp = Blueprint("escalation", __name__, url_prefix="/escalations/<escalation_id>")


@bp.get("")
@access.signed_in()
def page(escalation_id: str) -> str:
    """The escalation, whole."""
    return show(escalation_id)


@bp.post("/acknowledge")
@access.signed_in()
def acknowledge(escalation_id: str) -> Response | tuple[str, int]:
    """Take the escalation up: one button."""
    office = access.office()
    try:
        escalations.acknowledge(
            access.db(),
            access.actor(),
            escalation_id,
            version=version(),
            book=office.book,
            now=access.now(),
        )
    except problems.Stale as stale:
        return show(escalation_id, stale=stale.detail), 409
    access.commit()
    return redirect(url_for("escalation.page", escalation_id=escalation_id, done="taken-up"))


@bp.post("/decision")
@access.signed_in()
def decide(escalation_id: str) -> Response | tuple[str, int]:
    """Record a decision with its reason; what was typed is kept whatever happens."""
    session, actor, book = access.db(), access.actor(), access.office().book
    view = escalations.one(session, actor, escalation_id, book=book)
    blockers = escalation_words.blockers_of(view, book, access.now())
    draft = Draft.from_form(request.form, blockers)
    wrong = decision_form.errors_of(draft, blockers)
    if wrong:
        return show(escalation_id, draft, errors=wrong), 422
    try:
        escalations.decide(
            session,
            actor,
            escalation_id,
            version=version(),
            reason=decision_form.reason_of(draft, blockers),
            book=book,
            now=access.now(),
        )
    except problems.Stale as stale:
        return show(escalation_id, draft, stale=stale.detail), 409
    except problems.Invalid as invalid:
        return show(escalation_id, draft, errors=dict(invalid.fields)), 422
    access.commit()
    return redirect(url_for("escalation.page", escalation_id=escalation_id, done="decided"))


def version() -> int:
    """The version that the form was opened on; -1, which is never current, when it is not told."""
    told = request.form.get("version", "")
    return int(told) if told.isdecimal() and len(told) < 10 else -1


def show(
    escalation_id: str,
    draft: Draft | None = None,
    *,
    errors: dict[str, str] | None = None,
    stale: str = "",
) -> str:
    """The page, with a form that holds `draft`, its errors, or word that it changed meanwhile."""
    if stale:  # what was read before the refusal is out of date
        access.db().rollback()
    now = access.now()
    book = access.office().book
    view = escalations.one(access.db(), access.actor(), escalation_id, book=book)
    shown = escalation_words.present(view, book, now)
    return render_template(
        "escalation.html",
        heading=f"{shown.family}: {shown.row.rule}",
        shown=shown,
        view=view,
        draft=draft or Draft(),
        wrong=errors or {},
        errors=[{"text": text, "href": f"#{field}"} for field, text in (errors or {}).items()],
        stale=stale,
        done=request.args.get("done", ""),
        outcome_items=[
            {"value": code, "text": text}
            for code, text in decision_form.outcomes(shown.blockers).items()
        ],
        proposal=words.PROPOSAL,
        longest=decision_form.LONGEST,
    )
