"""Words that more than one screen says."""

from __future__ import annotations

OK = "OK"
CANCEL = "Cancel"
SAVE = "Save"
TROUBLE = "That did not work"
CALLING = "{label}: {words}"
LOADING = "One moment…"
PROPOSAL = "Levels and times are proposals until your partnership has signed them off."


def is_for_people(error: Exception) -> bool:
    """Whether the error's words were written for the person who reads them."""
    return type(error).__module__.startswith("mobile.")
