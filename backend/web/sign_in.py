"""Signing in and out; what was typed when a session ended comes back after signing in again."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend import access, problems
from backend.web import kept_words, words
from backend.web.kept_words import Kept

bp = Blueprint("sign_in", __name__)

REFUSED = "The name or password is not right"
MISSING = {"username": "Enter your user name", "password": "Enter your password"}


@bp.get("/login")
@access.anyone
def login() -> str:
    """The sign-in form; `next` in the address is where to go afterwards."""
    return form_page(Kept(fields={}))


@bp.post("/login")
@access.anyone
def login_send() -> str | Response | tuple[str, int]:
    """Sign in. The words for a wrong name and for a wrong password are the same."""
    kept = kept_words.of_sign_in(request.form)
    username, password = request.form.get("username", ""), request.form.get("password", "")
    missing = {field: text for field, text in MISSING.items() if not request.form.get(field)}
    if missing:
        return form_page(kept, missing), 422
    try:
        session_id = access.sign_in(username, password)
    except problems.TooMany as wait:
        until = words.clock_time(wait.until)
        return form_page(kept, {"username": f"Too many tries. Try again after {until}"}), 429
    if session_id is None:
        return form_page(kept, {"username": REFUSED}), 422
    if kept.typed:
        page = Response(resumed(kept), mimetype="text/html")
        return access.set_session_cookie(page, session_id)
    place = access.safe_next(request.args.get("next"), url_for("queue.listing"))
    return access.set_session_cookie(redirect(place), session_id)


@bp.post("/logout")
@access.anyone
def logout() -> Response:
    """Sign out, and say so on the sign-in page."""
    return access.sign_out(redirect(url_for("sign_in.login", signed="out")))


def signed_out(refused: Kept) -> tuple[str, int]:
    """The sign-in form in place of a page, holding what a form sent without a session held."""
    return form_page(refused, ended=True), 401


def resumed(kept: Kept) -> str:
    """What was typed before the session or the form ran out, ready to be sent again."""
    return render_template("resumed.html", heading="Check what you typed", kept=kept, bare=True)


def form_page(kept: Kept, wrong: dict[str, str] | None = None, *, ended: bool = False) -> str:
    """The sign-in form, with what is wrong with it and what it carries along."""
    return render_template(
        "sign_in.html",
        heading="Sign in",
        wrong=wrong or {},
        errors=[{"text": text, "href": f"#{field}"} for field, text in (wrong or {}).items()],
        kept=kept,
        ended=ended,
        signed_out=request.args.get("signed") == "out",
        username=request.form.get("username", ""),
        next=request.args.get("next"),
    )
