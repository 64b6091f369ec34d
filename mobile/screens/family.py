"""One family: what the plan demands, what the office said, who they are, and the two ways on."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, ListProperty, StringProperty

from mobile.screens import Place
from mobile.screens.doing import condition_lines, escalation_rows
from mobile.widgets import load_kv
from mobile.widgets.cards import callout, card, heading, touch_card
from mobile.widgets.lines import Line
from mobile.wording import moment_words

OPENING = "Opening…"
PLAN = "Plan and its conditions"
NO_ACCESS = "The plan says"
OFFICE = "From the office"
STILL_TO_DO = "Still to do by you"
NOTHING_OPEN = "Nothing is open with the office for this family."
PEOPLE = "The family"
EARLIER = "What happened before"
NO_HISTORY = "No visit or report is on this phone yet."
START, RESUME = "Start visit", "Continue visit"
GONE = "This family is no longer on this phone."
CALL_FAMILY = "Call the family"
LEFT_OPEN = "Could not be told: {rules}"
COULD_NOT_TELL = "Could not be told, {visit}"


class FamilyScreen(Place):
    """Everything needed before the doorbell."""

    rows = ListProperty([])
    name_words = StringProperty(OPENING)
    address = StringProperty("")
    start_words = StringProperty(START)
    ready = BooleanProperty(True)

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.household = ""
        self._page: Any = None
        self._opened: set[str] = set()
        self._starting = False

    def enter(self, **what: Any) -> None:
        """Read the family off the main thread."""
        if what["household"] != self.household:
            self.household = what["household"]
            self.rows, self.name_words, self.address, self.ready = [], OPENING, "", True
            self._opened = set()
            self.ids.list.to_top()
        self._starting = False
        self.refresh()

    def refresh(self) -> None:
        """Read it again."""
        app, household = self.app, self.household
        app.work(lambda: app.phone.families.page(household, app.now()), self._read, self._failed)

    def _read(self, page: Any) -> None:
        if page.row.id == self.household:
            self.show(page)

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, KeyError) or error.args != (self.household,):
            self.app.trouble(error)
            return
        self.ready = False
        self.rows = [callout("low", "info", GONE)]

    def show(self, page: Any) -> None:
        """Set what the screen says."""
        row, self._page = page.row, page
        self.ready = True
        self.name_words, self.address = row.name, row.address
        self.start_words = RESUME if row.draft else START
        self.rows = (
            self._still_to_do(page)
            + self._plan(page)
            + self._left_open(page)
            + self._office(page)
            + self._people(page)
            + self._earlier(page)
        )

    def _still_to_do(self, page: Any) -> list[dict[str, Any]]:
        """What each visit still asks of her, first what is due first; a tap goes back to it."""
        asked: dict[str, list[Any]] = {}
        running = [each for each in page.escalations if each.is_open]
        mine = [todo for each in running for todo in each.actions if todo.mine and not todo.done]
        for todo in sorted(mine, key=lambda each: each.due_at):
            asked.setdefault(todo.on, []).append(todo)
        return [
            touch_card(self._to_visit, visit, Line(STILL_TO_DO, "label", "immediate", "clock"),
                       *(Line(f"{todo.label}, {todo.due_words}", "body") for todo in todos), gap=8)
            for visit, todos in asked.items()
        ]  # fmt: skip

    def _left_open(self, page: Any) -> list[dict[str, Any]]:
        """The immediate rules that the latest visit could not tell; a tap shows the questions."""
        now = self.app.now()
        return [
            touch_card(
                self._to_visit, each.entry.event.id,
                Line(COULD_NOT_TELL.format(visit=moment_words(each.entry.event.at, now)), "label",
                     "gap", "question"),
                *(Line(rule.in_a_line, "body", gap=6) for rule in each.cannot_tell), gap=8)
            for each in page.left_open
        ]  # fmt: skip

    def _to_visit(self, visit: str) -> None:
        self.app.go("doorstep", household=self.household, visit=visit)

    def _plan(self, page: Any) -> list[dict[str, Any]]:
        made = []
        if page.row.plan:
            made.append(callout("low", "shield", page.row.plan,
                                *condition_lines(page.conditions)))  # fmt: skip
        return made

    def _office(self, page: Any) -> list[dict[str, Any]]:
        if not page.escalations:
            return [heading(OFFICE), card(Line(NOTHING_OPEN, "body", "soft", "info"))]
        made = [heading(OFFICE)]
        for escalation in page.escalations:
            made += escalation_rows(escalation, self._opened, self._unfold)
        return made

    def _unfold(self, escalation: str) -> None:
        self._opened ^= {escalation}
        self.show(self._page)

    def _people(self, page: Any) -> list[dict[str, Any]]:
        lines = [Line(words, "body", "ink", "child", "primary", gap=8) for words in
                 page.row.children]  # fmt: skip
        lines += [Line(words, "body", "ink", "adult", "faint", gap=8) for words in page.adults]
        lines.append(Line(page.row.address, "body", "ink", "place", "faint", gap=8))
        made = [heading(PEOPLE), card(*lines)]
        numbers = [(CALL_FAMILY, page.phone)] if page.phone else []
        numbers += [(contact.label, contact.number) for contact in page.contacts]
        made += [
            touch_card(lambda who: self.app.call(*who), (label, number),
                       Line(label, "strong", "ink", "phone", "primary", end=number),
                       gap=8, trail="", least=56)
            for label, number in numbers
        ]  # fmt: skip
        return made

    def _earlier(self, page: Any) -> list[dict[str, Any]]:
        made = [heading(EARLIER)]
        if not page.history:
            return [*made, card(Line(NO_HISTORY, "body", "soft", "history"))]
        return made + [history_card(row) for row in page.history]

    # the two ways on

    def start(self) -> None:
        """Start a visit, or go on with the one not finished."""
        if not self.ready or self._starting:
            return
        self._starting = True
        app = self.app
        app.work(lambda: app.phone.drafts.start(self.household, app.now()), self._started,
                 self._not_started)  # fmt: skip

    def _started(self, begun: Any) -> None:
        draft, future = begun
        self.app.saved(future, lambda _: self._go_on(draft.id), self._not_started)

    def _go_on(self, draft: str) -> None:
        self._starting = False
        self.app.go("section", draft=draft)

    def _not_started(self, error: Exception) -> None:
        self._starting = False
        self.app.trouble(error)

    def no_access(self) -> None:
        """She was not let in."""
        if self.ready:
            self.app.go("doorstep", household=self.household)


def history_card(row: Any) -> dict[str, Any]:
    """What happened once: when, and what it was, with its level in shape and word."""
    from mobile.theme import LEVELS

    lines = [Line(row.at_words, "small", "soft"), Line(row.words, "body")]
    if row.level in "SIL" and row.level:
        tone, icon, name = LEVELS[row.level]
        lines.append(Line(name, "label", tone, icon, icon_size=18, gap=6))
    if row.left_open:
        lines.append(Line(LEFT_OPEN.format(rules=row.left_open), "small", "gap", "question",
                          icon_size=18, gap=6))  # fmt: skip
    return card(*lines, gap=8)


load_kv(__file__)
