"""Before leaving: what must be done now and whom to call, what was not answered, and the end."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, ListProperty, StringProperty

from mobile.cannot_tell import HOUSEHOLD, rules_words
from mobile.screens import Place
from mobile.screens.calls import ask_outcome
from mobile.screens.doing import finding_rows, met_rows
from mobile.screens.help999 import RowsFor999
from mobile.screens.unknown import question_row, unknown_rows
from mobile.screens.words import PROPOSAL
from mobile.widgets import load_kv
from mobile.widgets.cards import callout, card, heading
from mobile.widgets.lines import Line
from mobile.wording import count_words

LOOKING = "Looking at what you recorded…"
NOW = "Before you leave"
NO_ACTION = "Nothing you recorded asks for a call before you leave."
NO_ACTION_WORDS = (
    "The office reads it with the whole history and may still ask something of you. "
    "If something worries you that no question asked about, say so in a note and call your manager."
)
MISSING = "Not answered"
MISSING_CORE = "Core questions come first. What stays open is recorded as not answered."
COULD_NOT = "Could not check"
ALL_ANSWERED = "Every question has an answer."
BLOCKED = "This visit cannot be finished yet"
MORE = "and {number} more"
SHOWN = 8
FINISH = "Finish visit"
FINISHING = "Saving…"
FINISHED = "The visit is saved on this device. It is sent as soon as there is signal."
LEFT_OPEN = "Could not be told: {rules}."


class LeavingScreen(Place):
    """The review of a draft; finishing makes it a visit."""

    rows = ListProperty([])
    family = StringProperty("")
    can_finish = BooleanProperty(False)
    finishing = BooleanProperty(False)

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.draft: Any = None
        self._found: Any = None
        self._opened: set[str] = set()

    def enter(self, **what: Any) -> None:
        """Look at the draft off the main thread."""
        self.rows, self.draft, self._opened = [heading(LOOKING)], None, set()
        self.can_finish = self.finishing = False
        self.ids.list.to_top()
        self._look(what["draft"])

    def refresh(self) -> None:
        """Look again: a call may have been logged, the history may have grown."""
        if self.draft is not None and not self.finishing:
            self._look(self.draft.id)

    def go_on(self) -> None:
        """Back to the questions, where they were left."""
        if self.draft is not None:
            self.app.go("section", draft=self.draft.id)

    def _look(self, draft_id: str) -> None:
        app = self.app

        def read() -> Any:
            now = app.now()
            draft = app.phone.drafts.open(draft_id, now)
            page = app.phone.families.page(draft.household.id, now)
            history = app.phone.caseload.history(draft.household.id, now)
            return draft, app.phone.guidance.of_draft(draft, now), page, history

        app.work(read, lambda found: self.show(*found))

    def show(self, draft: Any, advice: Any, page: Any, history: Any) -> None:
        """Set what the screen says."""
        self.draft, self._found = draft, (draft, advice, page, history)
        self.family = page.row.name
        blocking = draft.blocking()
        self.can_finish = not blocking
        made: list[dict[str, Any]] = []
        if blocking:
            made.append(callout("significant", "attention", BLOCKED,
                                *(Line(words, gap=6) for words in blocking)))  # fmt: skip
        made += met_rows(advice)
        for shown in advice.findings:
            made += finding_rows(shown, self._call, self._log, self._opened, self._unfold)
        if not advice.findings:
            made.append(card(Line(NO_ACTION, "strong", "ink", "info", "primary"),
                             Line(NO_ACTION_WORDS, "body", "soft", gap=8)))  # fmt: skip
        made += unknown_rows(advice, self._opened, self._unfold, self._go_to)
        if any(shown.level == "I" for shown in advice.findings):
            made += RowsFor999(page, history, self.app.now()).rows(self.app.call)
        made += self._missing(draft.unanswered()) + self._gaps(draft)
        self.rows = [*made, heading(PROPOSAL)]

    def _missing(self, unanswered: list[Any]) -> list[dict[str, Any]]:
        if not unanswered:
            return [card(Line(ALL_ANSWERED, "strong", "ink", "tick", "fine"))]
        first = sorted(unanswered, key=lambda row: not row.item.core)
        count = count_words(len(unanswered), "question", "questions")
        made = [heading(MISSING, count)]
        made += [
            question_row(row.item.question, row.about_words or HOUSEHOLD, self._go_to, row)
            for row in first[:SHOWN]
        ]
        if len(first) > SHOWN:
            made.append(card(Line(MORE.format(number=len(first) - SHOWN), "body", "soft"),
                             ground="none", pad=(4, 4)))  # fmt: skip
        return made

    def _gaps(self, draft: Any) -> list[dict[str, Any]]:
        gaps = [row for row in draft.rows() if row.level == "U"]
        if not gaps:
            return []
        made = [heading(COULD_NOT, count_words(len(gaps), "question", "questions"))]
        return made + [
            question_row(row.item.question, _whom_and_why(row), self._go_to, row) for row in gaps
        ]

    def _unfold(self, what: str) -> None:
        self._opened ^= {what}
        self.show(*self._found)

    def _go_to(self, row: Any) -> None:
        from mobile.draft import Place as Where

        where = Where(row.item.section, row.item.code, row.about)
        self.app.go("section", draft=self.draft.id, to=where)

    def _call(self, todo: Any) -> None:
        self.app.call(todo.contact.label, todo.contact.number)

    def _log(self, what: tuple[Any, Any]) -> None:
        shown, todo = what
        app, draft = self.app, self.draft

        def save(outcome: str, reference: str, note: str) -> None:
            _, future = app.phone.drafts.log_call(
                draft.household.id, todo.on or draft.id, todo.action, app.now(), rule=shown.rule,
                reference=reference, outcome=outcome, note=note,
            )  # fmt: skip
            app.saved(future, lambda _: self.refresh())

        ask_outcome(app.layer, todo, app.now(), save)

    def finish(self) -> None:
        """Make it a visit; the screen changes when it is durable."""
        if not self.can_finish or self.finishing:
            return
        self.finishing = True
        app = self.app
        advice = self._found[1]
        app.saved(self.draft.finish(app.now(), shown=advice.rules), self._finished, self._failed)

    def _finished(self, _: str) -> None:
        unknown = rules_words(self._found[1].cannot_tell)
        self.draft, self.finishing = None, False
        app = self.app
        app.phone.courier.nudge()
        app.go("families", top=True)
        told = f"{FINISHED} {LEFT_OPEN.format(rules=unknown)}" if unknown else FINISHED
        app.tell(told, "device", above=app.screens.current_screen.ids.bottom.height)

    def _failed(self, error: Exception) -> None:
        self.finishing = False
        self.app.trouble(error)


def _whom_and_why(row: Any) -> str:
    whom = row.about_words or HOUSEHOLD
    return f"{whom}: {row.given.reason}" if row.given.reason else whom


load_kv(__file__)
