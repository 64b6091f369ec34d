"""The kinds of value that documents are made of: words, ids, moments, days, lists of answers."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from math import isfinite
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from shared.facts import BASES
from shared.reading import refuse_unfit_text
from shared.spelling import did_you_mean, listed, quoted

MOST_ANSWERS = 500
# Nobody reads more, and finding the nearest word to each of a million would keep a server busy.
MOST_PROBLEMS = 20
LONGEST_NAME = 200
LONGEST_TEXT = 20_000
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")
_WORD = re.compile(r"[a-z][a-z0-9_]{0,63}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_YEARS = range(1990, 2101)


class Text(fields.String):
    """Words that can be kept: bounded, and without characters that a database or screen refuses."""

    def __init__(self, longest: int = LONGEST_TEXT, *, least: int = 0, **more: Any) -> None:
        super().__init__(**more)
        self.longest, self.least = longest, least

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        _check_words(text, self.longest, self.least)
        return text


class Id(Text):
    """A name for a thing within its document or record: letters, digits and . _ : -"""

    def __init__(self, **more: Any) -> None:
        super().__init__(64, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not _ID.fullmatch(text):
            raise ValidationError(f"{quoted(text)} is no id: letters, digits and . _ : - only")
        return text


class Word(Text):
    """One of some words; `open_to_others` when an area may have words of its own."""

    def __init__(
        self, words: tuple[str, ...], *, open_to_others: bool = False, **more: Any
    ) -> None:
        super().__init__(64, **more)
        self.words, self.open_to_others = words, open_to_others

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text in self.words:
            return text
        near = did_you_mean(text, self.words)
        if self.open_to_others and not near and _WORD.fullmatch(text):
            return text
        most = len(self.words)
        raise ValidationError(f"{quoted(text)} is not one of {listed(self.words, most)}.{near}")


class Moment(fields.Field[datetime]):
    """A date and time with its offset from UTC, held in UTC."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        if not isinstance(value, str) or not _MOMENT.fullmatch(value):
            raise ValidationError("this takes a date and time with offset: 2026-02-03T10:30+00:00")
        try:
            moment = datetime.fromisoformat(value).astimezone(UTC)
        except (ValueError, OverflowError):
            raise ValidationError(f"{quoted(value)} is no date and time") from None
        if moment.year not in _YEARS:
            raise ValidationError(f"{quoted(value)} is too far off")
        return moment

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return value.astimezone(UTC).isoformat() if value is not None else None


class Day(fields.Field[date]):
    """A calendar date."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            raise ValidationError("this takes a date: 2026-02-03")
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise ValidationError(f"{quoted(value)} is no date in the calendar") from None
        if day.year not in _YEARS:
            raise ValidationError(f"{quoted(value)} is too far off")
        return day


class YesOrNo(fields.Field[bool]):
    """True or false, and nothing that merely looks like it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("this takes true or false")
        return value


class Answers(fields.Field[list[dict[str, Any]]]):
    """The answers of a visit or report, checked by hand: nesting schemas costs seven times more."""

    _LONGEST = {
        "item": 64,
        "about": 130,
        "note": LONGEST_TEXT,
        "also": LONGEST_TEXT,
        "reason": LONGEST_TEXT,
    }
    _KEYS = ("answer", "basis", *_LONGEST)

    def __init__(self, basis: str) -> None:
        super().__init__(required=True)
        self.basis = basis

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, list):
            raise ValidationError("this takes a list of answers")
        if len(value) > MOST_ANSWERS:
            raise ValidationError(f"this has more than {MOST_ANSWERS} answers")
        problems: dict[int, Any] = {}
        found = []
        for index, doc in enumerate(value):
            wrong = self._problems(doc)
            if wrong:
                problems[index] = wrong
                if len(problems) >= MOST_PROBLEMS:
                    break
            else:
                found.append({"basis": self.basis, **doc})
        if problems:
            raise ValidationError(problems)
        return found

    def _problems(self, doc: Any) -> dict[str, list[str]] | list[str]:
        if not isinstance(doc, dict):
            return ["an answer has keys and values: item, answer"]
        wrong: dict[str, list[str]] = {}
        for key in ("item", "answer"):
            if key not in doc:
                wrong[key] = ["this is missing"]
        for key, value in doc.items():
            words = self._problem(key, value)
            if words:
                wrong[key] = [words]
                if len(wrong) >= MOST_PROBLEMS:
                    break
        return wrong

    def _problem(self, key: str, value: Any) -> str | None:
        if key == "answer":
            return _answer_problem(value)
        if key == "basis":
            if isinstance(value, str) and value in BASES:
                return None
            return f"{quoted(value)} is not one of {listed(BASES)}.{did_you_mean(value, BASES)}"
        longest = self._LONGEST.get(key)
        if longest is None:
            return f"there is no key {quoted(key)} in an answer.{did_you_mean(key, self._KEYS)}"
        if isinstance(value, str):
            return _words_problem(value, longest)
        if key == "about" and value is None:
            return None
        return "this takes words (in quotes, where it is a number)"


def _answer_problem(value: Any) -> str | None:
    if isinstance(value, str):
        return _words_problem(value, LONGEST_TEXT, 1)
    if isinstance(value, list):
        if not value or len(value) > 100 or not all(isinstance(each, str) for each in value):
            return "a list of answers holds words, at least one"
        return next((words for each in value if (words := _words_problem(each, 64))), None)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "an answer is a word, a list of words or a number"
    if not (isinstance(value, int) or isfinite(value)) or abs(value) > 1e15:
        return "an answer is an ordinary number"
    return None


def _words_problem(text: str, longest: int, least: int = 0) -> str | None:
    if len(text) > longest:
        return f"this has more than {longest:,} characters"
    if least and len(text.strip()) < least:
        return "this cannot be empty"
    unfit = refuse_unfit_text(text)
    return f"this {unfit}" if unfit else None


def _check_words(text: str, longest: int, least: int) -> None:
    problem = _words_problem(text, longest, least)
    if problem:
        raise ValidationError(problem)


def whole(least: int, most: int, **more: Any) -> fields.Integer:
    """Return a field for a whole number within bounds."""
    words = f"this takes a whole number from {least:,} to {most:,}"
    within = validate.Range(least, most, error=words)
    return fields.Integer(strict=True, validate=within, **more)


def list_of(inner: Any, most: int, least: int = 0, **more: Any) -> fields.List[Any]:
    """Return a field for a list of bounded length."""
    words = f"this takes {least} to {most} of them"
    return fields.List(inner, validate=validate.Length(least, most, error=words), **more)


class Strict(Schema):
    """A document in which an unknown key is an error."""

    class Meta:
        unknown = RAISE
