"""The nearest valid word to one that was mistyped."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: object, words: Iterable[str]) -> str | None:
    """Return the valid word most like the given one, or None when none is like it."""
    valid = {each.lower(): each for each in words}
    # Comparing is quadratic in length, and no valid word is longer than this.
    found = get_close_matches(str(word)[:64].lower(), list(valid), n=1, cutoff=0.6)
    return valid[found[0]] if found else None


def did_you_mean(word: object, words: Iterable[str]) -> str:
    """Return a sentence, with a space before it, that names the nearest word; "" without one."""
    found = nearest(word, words)
    return f" Did you mean '{found}'?" if found else ""


def quoted(value: object, longest: int = 40) -> str:
    """Return a value as it can be shown in a message: quoted, printable, and never long."""
    text = value[: longest + 1] if isinstance(value, str) else repr(value)[: longest + 1]
    shown = "".join(each if each.isprintable() else "?" for each in text)
    return f"'{shown[:longest]}…'" if len(shown) > longest else f"'{shown}'"


def listed(words: Iterable[str], most: int = 12) -> str:
    """Return words as a list to read: "a, b, c", cut off after `most` with how many more."""
    every = list(words)
    more = f" and {len(every) - most} more" if len(every) > most else ""
    return ", ".join(every[:most]) + more
