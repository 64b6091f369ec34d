"""What someone typed into a form is never lost: it is handed back when the form is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Request

from backend import access

# Fields with free words, by the label that they have where they are typed.
WORDS = {"reason": "Your reason", "words": "What you found out and did"}
AGAINST = "against_"
CARRIED = ("version", "outcome", *WORDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A form that could not be taken, to be sent again: where to, and what it held."""

    action: str = ""
    fields: Mapping[str, str]

    @property
    def typed(self) -> dict[str, str]:
        """The free words in it, by field."""
        return {name: text for name, text in self.fields.items() if label_of(name)}

    @property
    def rest(self) -> dict[str, str]:
        """What goes back with them unseen."""
        return {name: text for name, text in self.fields.items() if not label_of(name)}


def label_of(name: str) -> str:
    """The label of a field with free words; '' for any other."""
    if name.startswith(AGAINST):
        return f"Why thing {name.removeprefix(AGAINST)} may stand"
    return WORDS.get(name, "")


def of_request(request: Request) -> Kept:
    """The form of a request that was refused for want of a session or a token."""
    return Kept(action=request.path, fields=_carried(request.form))


def of_sign_in(form: Mapping[str, str]) -> Kept:
    """The form that a sign-in page carried along."""
    held = {name.removeprefix("kept_"): text for name, text in form.items()}
    # A form is only ever sent back to this site.
    return Kept(action=access.safe_next(form.get("kept_action"), "/"), fields=_carried(held))


def _carried(form: Mapping[str, str]) -> dict[str, str]:
    carried = [name for name in form if name in CARRIED or name.startswith(AGAINST)]
    return {name: form[name] for name in carried if form[name]}
