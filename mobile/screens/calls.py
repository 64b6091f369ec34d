"""The sheet in which a call is logged: how it ended, its reference, anything said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mobile.widgets.button import BigButton
from mobile.widgets.field import TextField
from mobile.widgets.lines import Line
from mobile.widgets.painted import PaintedButton
from mobile.widgets.sheet import Sheet
from mobile.widgets.words import Words
from mobile.wording import clock_words

TITLE = "Log: {label}"
WHEN = "Logged at {time}"
HOW = "How did it end?"
OUTCOMES = {
    "call_police": ("Police are coming", "Police attended", "Attended, did not enter", "Declined"),
    "call_999": ("Help is coming", "Attended", "Declined"),
    "tell_manager": ("Spoke to them", "Left a message", "No answer"),
}
OTHERS = ("Done", "Not possible")
REFERENCE = "Reference or log number"
REFERENCE_HINT = "For example P-1234"
NOTE = "Anything said (optional)"
SAVE = "Save the log"
CHOOSE = "Say how it ended."


class OutcomeSheet(Sheet):
    """Chosen outcome, reference and note until they are saved."""

    def __init__(self, todo: Any, now: Any, save: Callable[[str, str, str], None]) -> None:
        super().__init__(title=TITLE.format(label=todo.label))
        self._save, self._outcome = save, ""
        self._choices = {
            words: PaintedButton(act=self._choose, payload=words, least=52, auto_height=True,
                                 size_hint_y=None, pad=[14, 8])
            for words in OUTCOMES.get(todo.action, OTHERS)
        }  # fmt: skip
        self._problem = Words(role="strong", tone="immediate", text="")
        self._reference = TextField(label=REFERENCE, hint=REFERENCE_HINT)
        self._note = TextField(label=NOTE, many=True, lines_high=2)
        self.fill(
            Words(text=WHEN.format(time=clock_words(now)), tone="soft", role="small"),
            Words(text=HOW, role="label"), *self._choices.values(), self._problem,
            self._reference, self._note, BigButton(label=SAVE, icon="check", act=self._done),
        )  # fmt: skip
        self._dress()

    def _choose(self, words: str) -> None:
        self._outcome = words
        self._problem.text = ""
        self._dress()

    def _dress(self) -> None:
        for words, button in self._choices.items():
            chosen = words == self._outcome
            button.ground = "wash" if chosen else "touch"
            button.lines = (Line(words, "strong" if chosen else "body",
                                 "on_wash" if chosen else "ink",
                                 "radio-on" if chosen else "radio-off",
                                 "primary" if chosen else "faint", 24),)  # fmt: skip

    def _done(self, _: object) -> None:
        if not self._outcome:
            self._problem.text = CHOOSE
            return
        self.close()
        self._save(self._outcome, self._reference.value.strip(), self._note.value.strip())


def ask_outcome(layer: Any, todo: Any, now: Any, save: Callable[[str, str, str], None]) -> None:
    """Ask how a call ended; `save` gets the outcome, the reference and the note."""
    OutcomeSheet(todo, now, save).open(layer)
