"""A visit's questions: one section, one child at a time; each answer saved as it is given."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from kivy.properties import ListProperty, NumericProperty, StringProperty

from mobile.screens import Place, editing
from mobile.screens import questions as q
from mobile.widgets import load_kv
from mobile.widgets.cards import callout, heading, touch_card
from mobile.widgets.lines import Line
from mobile.widgets.sheet import ListSheet
from mobile.wording import BASES, child_words, day_of

OPENING = "Opening the visit…"
PROGRESS = "{answered} of {asked}  ·  {name}"
NEXT = "Next"
LEAVING = "Before leaving"
REVIEW = "See what to do, and finish"
SECTIONS = "Sections"
JUMP = "Next question without an answer"
ALL_DONE = "Every question has an answer"
DONE_OF = "{answered} of {asked} answered"
NOT_SAVED = "Not saved yet"
WHO_TOLD = "Who told you?"
TOLD = {
    "told_by_parent": "A parent or carer",
    "told_by_child": "The child",
    "told_by_family_or_neighbour": "Family or a neighbour",
    "told_by_professional": "A professional",
}
NOTE_TITLE = "Note"
NOTE_HINT = "What was said? What did you see?"
ALSO_TITLE = "Also record"
WHY_TITLE = "Why could it not be checked?"
WHY_HINT = "Asleep in another room, not asked because…"
WHY_HELP = "It is recorded as not checked. It never counts as no concern."
REMOVE_GAP = "I could check it after all"
NUMBER_HINT = "For example {example}"


class SectionScreen(Place):
    """Shows one page of an open draft. The draft is the only state; the screen reads it."""

    rows = ListProperty([])
    title = StringProperty(OPENING)
    subtitle = StringProperty("")
    next_words = StringProperty(NEXT)
    done = NumericProperty(0.0)

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.draft: Any = None
        self.page: q.Page | None = None
        self._pages: list[q.Page] = []
        self._pending: dict[Any, int] = {}
        self._help: set[Any] = set()
        self._acts = q.Acts(self.choose, self.step, self.write, self.note, self.also,
                            self.basis, self.could_not, self.help)  # fmt: skip

    # coming and going

    def enter(self, **what: Any) -> None:
        """Open the draft off the main thread and come back to where it was left."""
        app, draft = self.app, what["draft"]
        to = what.get("to")
        if self.draft is not None and self.draft.id == draft:
            self._opened(self.draft, to)
            return
        self.title, self.subtitle, self.rows = OPENING, "", []
        app.work(lambda: app.phone.drafts.open(draft, app.now()), lambda d: self._opened(d, to))

    def on_leave(self, *_: object) -> None:
        """Remember the question at the top, so that she comes back to it."""
        if self.draft is not None and self.page is not None and self.app.phone is not None:
            self._remember(self._top_key())

    def refresh(self) -> None:
        """Nothing the office sends changes a draft."""

    def _opened(self, draft: Any, to: Any = None) -> None:
        if self.draft is None or self.draft.id != draft.id:
            self.draft, self._pending, self._help = draft, {}, set()
        place = to or draft.place
        self._read_pages()
        at = (place.section, place.about)
        page = next((p for p in self._pages if (p.section, p.about) == at), None)
        if page is None:
            page = next((p for p in self._pages if p.section == place.section), self._pages[0])
        self.page = page
        self.show()
        if place.item:
            self._scroll_to((place.item, place.about))
        else:
            self.ids.list.to_top()

    def show(self) -> None:
        """Set what the screen says from the draft as it stands."""
        self._read_pages()
        page, draft = self.page, self.draft
        found = q.rows_of(draft, page)
        trouble = self.app.phone.store.trouble
        made: list[dict[str, Any]] = (
            [callout("immediate", "attention", NOT_SAVED, Line(trouble))] if trouble else []
        )
        for number, row in enumerate(found, 1):
            made += q.question(row, number, len(found), self._acts, open_help=row.key in self._help,
                               pending=bool(self._pending.get(row.key)))  # fmt: skip
        self.rows = made or q.nothing_asked()
        answered = sum(row.given.is_answered for row in found)
        self.title = page.about_name
        short = page.section_name.split(" (")[0]
        self.subtitle = PROGRESS.format(name=short, answered=answered, asked=len(found))
        after = self._after()
        self.next_words = _page_words(page, after) if after else LEAVING
        sections = draft.sections()
        self.done = sum(s.answered for s in sections) / max(1, sum(s.asked for s in sections))

    def _read_pages(self) -> None:
        draft = self.draft
        today = day_of(draft.started_at)
        names = {child.id: child_words(child, today) for child in draft.household.children}
        self._pages = q.pages_of(draft, names)

    def _after(self) -> q.Page | None:
        place = self._pages.index(self.page) if self.page in self._pages else -1
        return self._pages[place + 1] if place + 1 < len(self._pages) else None

    # from page to page

    def forward(self) -> None:
        """The next page, or what to do before leaving."""
        after = self._after()
        if after is None:
            self.app.go("leaving", draft=self.draft.id)
        else:
            self.turn_to(after)

    def backward(self) -> None:
        """The page before this one."""
        place = self._pages.index(self.page) if self.page in self._pages else 0
        if place > 0:
            self.turn_to(self._pages[place - 1])
        else:
            self.app.back()

    def turn_to(self, page: q.Page) -> None:
        """Show another page from its top, and remember it."""
        self.page = page
        self.show()
        self.ids.list.to_top()
        self._remember(None)

    def list_sections(self) -> None:
        """All pages with their counts, over the screen."""
        sheet = ListSheet(title=SECTIONS)

        def go(page: q.Page) -> None:
            sheet.close()
            self.turn_to(page)

        def jump(_: object) -> None:
            sheet.close()
            self.jump()

        def leave(_: object) -> None:
            sheet.close()
            self.app.go("leaving", draft=self.draft.id)

        left = self.draft.next_unanswered()
        made = [touch_card(jump, None, Line(JUMP if left else ALL_DONE, "strong", "on_wash",
                                            "down" if left else "tick"), ground="wash",
                           trail="")]  # fmt: skip
        section = ""
        for page in self._pages:
            if page.section != section:
                section = page.section
                made.append(heading(page.section_name))
            made.append(self._section_row(page, go))
        made.append(heading(LEAVING))
        made.append(touch_card(leave, None, Line(REVIEW, "strong", "ink", "door", "primary")))
        sheet.rows = made
        sheet.open(self.app.layer)

    def _section_row(self, page: q.Page, go: Callable[[Any], None]) -> dict[str, Any]:
        found = q.rows_of(self.draft, page)
        answered = sum(row.given.is_answered for row in found)
        whole = answered == len(found)
        words = DONE_OF.format(answered=answered, asked=len(found))
        return touch_card(
            go, page,
            Line(page.about_name, "strong", "ink", "tick-full" if whole else "dot",
                 "fine" if whole else "faint", end=words),
            ground="wash" if page == self.page else "card", gap=8, trail="", least=56,
        )  # fmt: skip

    def jump(self) -> None:
        """Go to the next question that has no answer."""
        place = self.draft.next_unanswered()
        if place is not None:
            self._opened(self.draft, place)

    # what is done to a question; each gets (key, what)

    def choose(self, payload: tuple[Any, str]) -> None:
        """An option was touched."""
        key, code = payload
        row = self._row(key)
        if row.item.kind != "multi":
            if row.given.value != code or row.given.reason:
                self._change(key, lambda now: self.draft.answer(key[0], code, now, key[1]))
            return
        codes = q.toggled(row, code)
        if codes:
            self._change(key, lambda now: self.draft.answer(key[0], codes, now, key[1]))
        else:
            self._change(key, lambda now: self.draft.clear(key[0], now, key[1]))

    def step(self, payload: tuple[str, Any]) -> None:
        """Less, more, or type the number."""
        what, key = payload
        row = self._row(key)
        value = row.given.value
        if what == "type":
            self._type_number(key, value)
            return
        start = 18.0 if row.item.unit.startswith("degrees") else 0.0
        size = 0.5 if row.item.unit.startswith("degrees") else 1.0
        if isinstance(value, int | float):
            start = max(value + (size if what == "more" else -size), -10 if size < 1 else 0)
        self._change(key, lambda now: self.draft.answer(key[0], start, now, key[1]))

    def _type_number(self, key: Any, value: Any) -> None:
        row = self._row(key)

        def save(text: str) -> str:
            try:
                number = float(text.replace(",", "."))
            except ValueError:
                return f"“{text}” is not a number."
            return self._change(key, lambda now: self.draft.answer(key[0], number, now, key[1]))

        shown = f"{value:g}" if isinstance(value, int | float) else ""
        hint = NUMBER_HINT.format(example="18.5" if row.item.unit.startswith("degrees") else "2")
        editing.ask_words(self.app.layer, row.item.question, shown, save, hint=hint, number=True)

    def write(self, payload: tuple[Any, Any]) -> None:
        """Write the text that answers a question."""
        key = payload[0]
        row = self._row(key)

        def save(text: str) -> None:
            if text:
                self._change(key, lambda now: self.draft.answer(key[0], text, now, key[1]))
            else:
                self._change(key, lambda now: self.draft.clear(key[0], now, key[1]))

        editing.write(self.app.layer, row.item.question, str(row.given.value or ""), save,
                      hint=NOTE_HINT, help_words=row.item.help)  # fmt: skip

    def note(self, payload: tuple[Any, Any]) -> None:
        """Write a note beside a question."""
        key = payload[0]
        row = self._row(key)
        editing.write(
            self.app.layer, NOTE_TITLE, row.given.note,
            lambda text: self._change(key, lambda now: self.draft.note(key[0], text, now, key[1])),
            hint=NOTE_HINT, label=row.item.question,
        )  # fmt: skip

    def also(self, payload: tuple[Any, Any]) -> None:
        """Write what the question records besides."""
        key = payload[0]
        row = self._row(key)
        editing.write(
            self.app.layer, ALSO_TITLE, row.given.also,
            lambda text: self._change(key, lambda now: self.draft.also(key[0], text, now, key[1])),
            label=row.item.also_records,
        )  # fmt: skip

    def basis(self, payload: tuple[str, Any]) -> None:
        """Say how it is known; 'told' asks by whom."""
        name, key = payload

        def save(basis: str) -> None:
            self._change(key, lambda now: self.draft.basis(key[0], basis, now, key[1]))

        if name == "told":
            choices = [(code, words, "speech") for code, words in TOLD.items() if code in BASES]
            editing.pick(self.app.layer, WHO_TOLD, choices, save)
        else:
            save(name)

    def could_not(self, payload: tuple[Any, Any]) -> None:
        """Say why it could not be checked."""
        key = payload[0]
        row = self._row(key)

        def save(text: str) -> str:
            return self._change(
                key, lambda now: self.draft.could_not_check(key[0], text, now, key[1])
            )

        def remove() -> None:
            self._change(key, lambda now: self.draft.clear(key[0], now, key[1]))

        editing.ask_words(
            self.app.layer, WHY_TITLE, row.given.reason, save, hint=WHY_HINT, help_words=WHY_HELP,
            remove=(REMOVE_GAP, remove) if row.given.reason else None,
        )  # fmt: skip

    def help(self, payload: tuple[Any, bool]) -> None:
        """Open or fold the help of a question."""
        key, is_open = payload
        (self._help.add if is_open else self._help.discard)(key)
        self.show()

    # saving

    @property
    def is_saving(self) -> bool:
        """Whether an answer on this screen is not yet committed."""
        return any(self._pending.values())

    def _row(self, key: Any) -> Any:
        return self.draft.row(key[0], key[1])

    def _change(self, key: Any, change: Callable[[Any], Future[Any]]) -> str:
        """Make a change and show it; "Saved" is said only when it is committed.

        Gives "", or why the change was refused.
        """
        from mobile.draft import Refused

        app = self.app
        try:
            future = change(app.now())
        except Refused as refused:
            app.tell(str(refused), "attention", self.ids.bottom.height)
            return str(refused)
        self._pending[key] = self._pending.get(key, 0) + 1
        self._remember(key)
        self.show()
        app.saved(future, lambda _: self._settled(key), lambda e: self._failed(key, e))
        return ""

    def _settled(self, key: Any) -> None:
        self._pending[key] -= 1
        if self.page is not None:
            self.show()

    def _failed(self, key: Any, error: Exception) -> None:
        """It stays on the screen, said not to be saved; the next tap tries again."""
        self.app.trouble(error)

    def _remember(self, key: Any) -> None:
        item, about = key or (None, self.page.about)
        self.app.saved(
            self.draft.go(self.page.section, self.app.now(), item, about), lambda _: None
        )

    def _top_key(self) -> Any:
        """The question at the top of what is in sight; None at the top of the page."""
        rows = self.ids.list
        if rows.scroll_y >= 1 or not rows.data:
            return None
        total = sum(row["row_size"][1] for row in rows.data)
        top = max(0.0, total - rows.height) * (1 - rows.scroll_y)
        for row in rows.data:
            top -= row["row_size"][1]
            if top < 0:
                return row.get("key")
        return None

    def _scroll_to(self, key: Any) -> None:
        rows = self.ids.list
        number = next((n for n, row in enumerate(self.rows) if row.get("key") == key), 0)
        rows.show_row(number)


def _page_words(here: q.Page, after: q.Page) -> str:
    if after.section == here.section:
        return f"{NEXT}: {after.about_name}"
    return f"{NEXT}: {after.section_name}"


load_kv(__file__)
