"""The questions of one page of a visit as rows for the screen: what is asked, chosen and saved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mobile.widgets.cards import callout
from mobile.widgets.lines import Line
from mobile.widgets.stepper import chips, stepper
from mobile.wording import BASES, clock_words

HOUSEHOLD = "The whole household"
CONCERNS = "Open concerns"
AGREED = "What was agreed"
NUMBER = "{number} of {count}"
CORE = "Core question"
HELP = "How to answer this"
MANY = "Choose all that are true"
TAP_TO_WRITE = "Tap to write"
ADD_NOTE = "Add a note"
SAY_WHY = "Say why (needed)"
COULD_NOT = "Could not check"
COULD_NOT_WHY = "Could not check: {reason}"
ALSO = "Also record: {what}"
SAVED = "Saved {time}"
SAVING = "Saving…"
LAST_TIME = "Last time. {words}"
SEEN, TOLD, RECORD = "Seen", "Told", "From record"
# Answers that cannot be true together with another one of the same question.
ALONE = frozenset({"none", "clear", "never", "all", "ok", "unk", "notask"})

Act = Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class Page:
    """One section about one person, or about the household: what is on the screen at once."""

    section: str
    about: str | None
    per: str
    section_name: str
    about_name: str


@dataclass(frozen=True, slots=True)
class Acts:
    """What can be done to a question; each is called with (key, what)."""

    choose: Act
    step: Act
    write: Act
    note: Act
    also: Act
    basis: Act
    could_not: Act
    help: Act


def pages_of(draft: Any, child_names: dict[str, str]) -> list[Page]:
    """Every page of the visit, in the checklist's order of sections, the household first."""
    names = {section.code: section.name for section in draft.checklist.sections}
    found: dict[tuple[str, str | None, str], Page] = {}
    for row in draft.rows():
        page = _page(row, names[row.item.section], child_names)
        found.setdefault((page.section, page.about, page.per), page)
    order = list(names)
    return sorted(found.values(), key=lambda page: (order.index(page.section), _rank(page)))


def _rank(page: Page) -> int:
    return ["household", "child", "adult", "open_concern", "agreed_action"].index(page.per)


def _page(row: Any, section_name: str, child_names: dict[str, str]) -> Page:
    per, about = row.item.per, row.about
    if per == "open_concern":
        return Page(row.item.section, None, per, section_name, CONCERNS)
    if per == "agreed_action":
        return Page(row.item.section, None, per, section_name, AGREED)
    name = child_names.get(about or "", row.about_words) if about else HOUSEHOLD
    return Page(row.item.section, about, per, section_name, name)


def rows_of(draft: Any, page: Page) -> list[Any]:
    """The questions of one page."""
    return [row for row in draft.rows(page.section)
            if row.item.per == page.per and page.about in (None, row.about)]  # fmt: skip


def question(
    row: Any, number: int, count: int, acts: Acts, *, open_help: bool, pending: bool
) -> list[dict[str, Any]]:
    """All rows of one question. Nothing is chosen that she did not choose."""
    key = row.key
    made = [_head(row, number, count)]
    if row.item.help:
        made.append(_help(row.item.help, key, acts, open_help))
    made += _answers(row, acts)
    if row.given.reason:
        made.append(_could_not(row, acts))
    if row.given.value is not None and row.item.kind != "text" and not row.given.reason:
        made.append(_basis(row, acts))
    made += _extras(row, acts)
    if pending or row.given.saved_at:
        made.append(_saved(row, pending))
    for each in made:
        each["key"] = key
    return made


def _head(row: Any, number: int, count: int) -> dict[str, Any]:
    note = NUMBER.format(number=number, count=count)
    lines = [Line(CORE if row.item.core else "", "label", "primary", end=note)]
    if row.item.per in ("open_concern", "agreed_action"):
        lines.append(Line(row.about_words, "strong", "primary"))
    lines.append(Line(row.item.question, "heading", gap=6))
    if row.last is not None:
        words = LAST_TIME.format(words=row.last.words)
        lines.append(Line(words, "small", "soft", "history", icon_size=18, gap=8))
    return {"view": "Plain", "ground": "none", "pad": (4, 10), "lines": tuple(lines)}


def _help(words: str, key: Any, acts: Acts, is_open: bool) -> dict[str, Any]:
    lines = [Line(HELP, "label", "primary", "info", icon_size=20)]
    if is_open:
        lines.append(Line(words, "body", "ink", gap=8))
    return {"ground": "sunk" if is_open else "none", "pad": (4 if not is_open else 14, 12),
            "least": 48, "gap": 6, "lines": tuple(lines), "act": acts.help,
            "payload": (key, not is_open)}  # fmt: skip


def _answers(row: Any, acts: Acts) -> list[dict[str, Any]]:
    if row.item.kind == "text":
        return [_writing(row, acts)]
    made: list[dict[str, Any]] = []
    if row.item.kind == "number":
        value = row.given.value
        shown = f"{value:g}" if isinstance(value, int | float) else ""
        unit = "°C" if row.item.unit.startswith("degrees") else ""
        made.append(stepper(acts.step, row.key, shown, unit))
    if row.item.kind == "multi":
        made.append({"view": "Plain", "ground": "none", "pad": (4, 4),
                     "lines": (Line(MANY, "small", "soft"),)})  # fmt: skip
    return made + [_option(row, option, acts) for option in row.item.options]


def _option(row: Any, option: Any, acts: Acts) -> dict[str, Any]:
    value = row.given.value
    chosen = option.code in value if isinstance(value, tuple) else value == option.code
    kind = "box" if row.item.kind == "multi" else "radio"
    icon = f"{kind}-{'on' if chosen else 'off'}"
    tone = "on_wash" if chosen else "ink"
    return {
        "ground": "wash" if chosen else "touch", "least": 56, "gap": 8, "pad": (14, 12),
        "lines": (Line(option.label, "strong" if chosen else "body", tone, icon,
                       "primary" if chosen else "faint", 24),),
        "act": acts.choose, "payload": (row.key, option.code),
    }  # fmt: skip


def _writing(row: Any, acts: Acts) -> dict[str, Any]:
    words = row.given.value
    line = Line(words, "body") if words else Line(TAP_TO_WRITE, "body", "soft")
    return {"ground": "touch", "least": 112, "gap": 8, "lines": (line,), "act": acts.write,
            "payload": (row.key, None), "trail": "pencil"}  # fmt: skip


def _could_not(row: Any, acts: Acts) -> dict[str, Any]:
    words = COULD_NOT_WHY.format(reason=row.given.reason)
    return {"ground": "gap", "least": 56, "gap": 8, "pad": (14, 12),
            "lines": (Line(words, "body", "gap", "question", icon_size=24),),
            "act": acts.could_not, "payload": (row.key, None), "trail": "pencil"}  # fmt: skip


def _basis(row: Any, acts: Acts) -> dict[str, Any]:
    basis = row.given.basis
    told = basis.startswith("told_by_")
    told_words = BASES[basis].capitalize() if told else TOLD
    return chips(
        acts.basis, row.key,
        ("seen", SEEN, "eye", basis == "seen"),
        ("told", told_words, "ear", told),
        ("from_record", RECORD, "record", basis == "from_record"),
    )  # fmt: skip


def _extras(row: Any, acts: Acts) -> list[dict[str, Any]]:
    given, key, made = row.given, row.key, []
    if row.item.also_records and given.is_answered:
        what = ALSO.format(what=row.item.also_records)
        lines = (Line(what, "small", "soft"), *([Line(given.also)] if given.also else []))
        made.append({"ground": "sunk", "least": 56, "gap": 8, "pad": (14, 10), "lines": lines,
                     "act": acts.also, "payload": (key, None), "trail": "pencil"})  # fmt: skip
    if given.note:
        made.append({"ground": "sunk", "least": 56, "gap": 8, "pad": (14, 12),
                     "lines": (Line(given.note, "body", "ink", "note", "soft"),),
                     "act": acts.note, "payload": (key, None), "trail": "pencil"})  # fmt: skip
    needs_why = row.item.note_required and row.item.kind != "text" and given.value is not None
    todo = [] if given.note else [
        ("note", SAY_WHY if needs_why else ADD_NOTE, "note-add", needs_why)
    ]  # fmt: skip
    if not given.reason:
        todo.append(("could_not", COULD_NOT, "unseen", False))

    def touched(what: tuple[str, Any]) -> None:
        (acts.note if what[0] == "note" else acts.could_not)((what[1], None))

    if todo:
        made.append(chips(touched, key, *todo))
    return made


def _saved(row: Any, pending: bool) -> dict[str, Any]:
    words = SAVING if pending else SAVED.format(time=clock_words(row.given.saved_at))
    icon = "sending" if pending else "device"
    return {"view": "Plain", "ground": "none", "pad": (4, 4), "gap": 20,
            "lines": (Line(words, "small", "soft", icon, icon_size=18),)}  # fmt: skip


def toggled(row: Any, code: str) -> tuple[str, ...]:
    """The chosen codes after touching one of a question with several answers."""
    chosen = row.given.value if isinstance(row.given.value, tuple) else ()
    if code in chosen:
        return tuple(each for each in chosen if each != code)
    if code in ALONE:
        return (code,)
    order = [option.code for option in row.item.options]
    kept = {each for each in chosen if each not in ALONE} | {code}
    return tuple(sorted(kept, key=order.index))


def gap_row(page_rows: list[dict[str, Any]], key: Any) -> int:
    """The number of the first row of a question in the list."""
    return next((n for n, row in enumerate(page_rows) if row.get("key") == key), 0)


def nothing_asked() -> list[dict[str, Any]]:
    """For a page that no longer asks anything, after an answer elsewhere."""
    return [callout("low", "info", "Nothing is asked here today.")]
