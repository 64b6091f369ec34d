"""What a person sees when a page or form is refused, in plain words with a reference."""

from __future__ import annotations

from flask import Flask, request

from backend import access
from backend.web import kept_words, sign_in

WORDS = {
    400: (
        "This request could not be read",
        "Nothing was recorded. Go back to the page you came from and try again.",
    ),
    401: ("Sign in first", "You are not signed in, or your session has ended."),
    403: (
        "You may not do this",
        "Your role does not include it. Nothing was changed. "
        "If you think it should, ask the person who looks after accounts.",
    ),
    404: (
        "Page not found",
        "There is no such page, or it is about a family outside your team. "
        "Check the address, or find the family from the list.",
    ),
    405: ("This page works differently", "Go back and use the button on the page."),
    409: (
        "There is new information",
        "Nothing was recorded. Go back, read the page again, and then answer.",
    ),
    413: ("That is too large", "Nothing was recorded. Shorten what you wrote and send it again."),
    422: ("There is something to put right", "Nothing was recorded. Go back and check the form."),
    429: ("Too many tries", "Wait a little, and then try again."),
    500: (
        "Sorry, something went wrong",
        "It is our fault, not yours. Nothing was half-recorded: what was saved before is safe. "
        "Try again in a few minutes.",
    ),
    503: ("The office is busy", "Nothing was recorded. Try again in a moment."),
}


def words_for(status: int) -> tuple[str, str]:
    """The title and the explanation for a status."""
    return WORDS.get(status, WORDS[500 if status >= 500 else 400])


def form_refused() -> tuple[str, int] | None:
    """A page for a form that came without a session or token, holding what was typed.

    None when nothing was typed, so that the ordinary refusal will do.
    """
    kept = kept_words.of_request(request)
    if not kept.typed:
        return None
    if access.actor() is None:
        return sign_in.signed_out(kept)
    return sign_in.resumed(kept), 400


def set_up(app: Flask) -> None:
    """Give the error page its words, and the app the page for a refused form."""
    app.jinja_env.globals.update(words_for=words_for)
    app.extensions["threshold_pages"] = form_refused
