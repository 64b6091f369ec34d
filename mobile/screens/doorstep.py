"""The doorstep: two taps record that there was no access; then what the plan demands, at once."""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock
from kivy.properties import BooleanProperty, ListProperty, ObjectProperty, StringProperty

from mobile.screens import Place, editing
from mobile.screens.calls import ask_outcome
from mobile.screens.doing import PLAN_SAYS, condition_lines, finding_rows, met_rows
from mobile.screens.help999 import LABEL as LABEL_999
from mobile.screens.help999 import NUMBER as NUMBER_999
from mobile.screens.help999 import RowsFor999
from mobile.screens.unknown import unknown_rows
from mobile.screens.words import PROPOSAL
from mobile.widgets import load_kv
from mobile.widgets.cards import callout, card, heading, touch_card
from mobile.widgets.lines import Line
from mobile.widgets.stepper import chips
from mobile.wording import child_words, clock_words, day_of, due_words

ASK = "What happened at the door?"
NO_ACCESS = "No access"
STILL_TO_DO, THE_VISIT = "Still to do", "The visit"
EXPECTED = "Did the family expect you?"
EXPECTED_CHIPS = (("ann", "Expected"), ("unann", "Not expected"), ("drop", "They moved it"))
EXPECTED_FIRST = "This decides what must happen next, so please say it first."
ICONS = {
    "refused": "no-hand", "out": "knock", "hide": "ear", "gone": "gone", "unsafe": "leave",
    "alarm": "octagon",
}  # fmt: skip
ORDER = ("refused", "out", "hide", "gone", "unsafe")
WITHHELD = "Let in, but a child was kept from me"
WHICH_CHILD = "Which child were you not allowed to see?"
RECORDED = "{what}, {time}"
SAVED = "Saved on this device {time}"
OUTCOMES = {
    "refused": "Refused", "out": "No answer", "hide": "Signs of someone in",
    "gone": "Family gone", "unsafe": "Left, not safe", "alarm": "Child in danger",
}  # fmt: skip
PLAN_COUNTS = "The plan's condition counts this"
NOTHING_MORE = "The office sees this as soon as it is sent, and decides what happens next."


class DoorstepScreen(Place):
    """First the question; after one tap, and once it is durable, what has to happen."""

    rows = ListProperty([])
    title = StringProperty(NO_ACCESS)
    subtitle = StringProperty("")
    clock_lines = ObjectProperty(())
    recorded = BooleanProperty(False)

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.household = ""
        self.visit: str | None = None
        self._expected: str | None = None
        self._saving = False
        self._family: Any = None
        self._advice: Any = None
        self._opened: set[str] = set()
        self._due: Any = None
        self._at: Any = None
        self._what = ""
        self._ticking = Clock.schedule_interval(self._tick, 1)
        self._ticking.cancel()

    # coming and going

    def enter(self, **what: Any) -> None:
        """Ask what happened, or with `visit` show again what has to be done about it."""
        if what.get("visit") != self.visit:
            self._what, self._at = STILL_TO_DO, None
        self.household, self.visit = what["household"], what.get("visit")
        self._expected, self._saving, self._due, self._opened = None, False, None, set()
        self.recorded, self.clock_lines, self.subtitle, self.rows = False, (), "", []
        self.title = NO_ACCESS
        self.refresh()

    def on_leave(self, *_: object) -> None:
        """The clock need not run unseen."""
        self._ticking.cancel()

    def refresh(self) -> None:
        """Read the family, and the advice if the visit is recorded."""
        app, household, visit = self.app, self.household, self.visit

        def read() -> Any:
            page = app.phone.families.page(household, app.now())
            history = app.phone.caseload.history(household, app.now())
            advice = app.phone.guidance.of_visit(household, visit, app.now()) if visit else None
            return page, history, advice

        app.work(read, self._read)

    def _read(self, found: Any) -> None:
        page, history, advice = found
        self._family = (page, history)
        if advice is None:
            self.ask()
        else:
            self.show(advice)

    # the question

    def ask(self) -> None:
        """Show what may have happened; one tap records it."""
        page, _ = self._family
        self.subtitle = page.row.name
        made: list[dict[str, Any]] = []
        if page.conditions:
            lines = condition_lines(page.conditions, brief=True)
            made.append(callout("low", "shield", PLAN_SAYS, *lines))
        made.append(heading(EXPECTED))
        made.append(chips(self._say_expected, None,
                          *((code, words, "", self._expected == code)
                            for code, words in EXPECTED_CHIPS)))  # fmt: skip
        made.append(heading(ASK))
        labels = {option.code: option.label for option in self.app.phone.drafts.doorstep_outcomes()}
        counts = {words for condition in page.conditions for words in condition.counts}
        made += [_outcome(self.choose, code, labels[code], ICONS[code], counts) for code in ORDER]
        made.append(_outcome(self.withheld, None, WITHHELD, "withheld", counts))
        self.rows = made

    def danger(self) -> None:
        """A child is in danger now: recorded with one tap, and 999 with what to say."""
        if self.recorded:
            self.app.call(LABEL_999, NUMBER_999)
        else:
            self.choose("alarm")

    def _say_expected(self, payload: tuple[str, Any]) -> None:
        self._expected = payload[0]
        self.ask()

    def choose(self, outcome: str) -> None:
        """Record it: one tap, one commit; the screen changes when it is durable."""
        if self._saving or self.visit:
            return
        if outcome == "out" and self._expected is None:
            choices = [(code, words, "dot") for code, words in EXPECTED_CHIPS]
            editing.pick(self.app.layer, EXPECTED, choices,
                         lambda code: self._record(outcome, code), EXPECTED_FIRST)  # fmt: skip
            return
        self._record(outcome, self._expected)

    def _record(self, outcome: str, expected: str | None) -> None:
        if self._saving:
            return
        self._saving = True
        app, phone, now = self.app, self.app.phone, self.app.now()

        def record(rules: tuple[str, ...]) -> None:
            visit, future = phone.drafts.doorstep(
                self.household, outcome, now, expected=expected, shown=rules
            )
            app.saved(future, lambda _: self._recorded(visit, outcome), self._not_saved)

        def unjudged(error: Exception) -> None:
            record(())  # what happened is kept, whatever became of the advice
            app.trouble(error)

        app.work(
            lambda: phone.guidance.doorstep(self.household, outcome, now, expected=expected).rules,
            record, unjudged,
        )  # fmt: skip

    def _recorded(self, visit: str, outcome: str) -> None:
        self._saving = False
        self.visit, self._at = visit, self.app.now()
        self._what = OUTCOMES[outcome]
        self.app.replace_here(household=self.household, visit=visit)
        self.app.phone.courier.nudge()
        self.refresh()

    def _not_saved(self, error: Exception) -> None:
        self._saving = False
        self.app.trouble(error)

    def withheld(self, _: object) -> None:
        """Let in, but a child was withheld: an ordinary visit with that answer, saved at once."""
        _, history = self._family
        today = day_of(self.app.now())
        children = [c for c in history.household.children if c.born is not None and c.born <= today]
        if len(children) == 1:
            self._withheld_from(children[0].id)
            return
        choices = [(child.id, child_words(child, today), "child") for child in children]
        editing.pick(self.app.layer, WHICH_CHILD, choices, self._withheld_from)

    def _withheld_from(self, child: str) -> None:
        if self._saving:
            return
        self._saving = True
        app = self.app

        def begun(found: Any) -> None:
            draft, _ = found
            now = app.now()
            draft.answer("ACC-01", "part", now)
            future = draft.answer("ACC-03", "withheld", now, child)
            app.saved(future, lambda _: app.go("leaving", draft=draft.id), self._not_saved)

        app.work(lambda: app.phone.drafts.start(self.household, app.now()), begun, self._not_saved)

    # what has to happen

    def show(self, advice: Any) -> None:
        """Set what the screen says: the demand in full, whom to call, by when, what was logged."""
        page, history = self._family
        if not self.recorded:
            self.ids.list.to_top()
        self.recorded, self._advice = True, advice
        self.title = self._title(advice)
        self.subtitle = page.row.name
        danger = RowsFor999(page, history, self.app.now()).rows(self.app.call)
        in_danger = any(each.rule == "R01" for each in advice.findings)
        made = self._saved_row() + (danger if in_danger else [])
        made += met_rows(advice)
        for shown in advice.findings:
            made += finding_rows(shown, self._call, self._log, self._opened, self._unfold)
        if not advice.findings:
            made.append(card(Line(advice.headline, "strong"),
                             Line(NOTHING_MORE, "body", "soft")))  # fmt: skip
        made += unknown_rows(advice, self._opened, self._unfold)
        made += [] if in_danger else danger
        made.append(heading(PROPOSAL))
        self.rows = made
        self._start_clock(advice)

    def _title(self, advice: Any) -> str:
        todo = [each for shown in advice.findings for each in shown.actions]
        if self._what == STILL_TO_DO and not any(each.mine and not each.done for each in todo):
            return THE_VISIT
        return self._what or NO_ACCESS

    def _unfold(self, what: str) -> None:
        self._opened ^= {what}
        self.show(self._advice)

    def _saved_row(self) -> list[dict[str, Any]]:
        """How safe her own visit is, in the words of the outbox."""
        state = self.app.phone.sync.state_of(self.visit)
        if state is None and self._at is None:
            return []  # another phone's visit: the office has it
        words = state.words if state else SAVED.format(time=clock_words(self._at))
        icon = {"safe": "safe", "sending": "sending", "attention": "attention"}.get(
            state.state if state else "", "device"
        )
        return [{"view": "Plain", "ground": "none", "pad": (4, 8),
                 "lines": (Line(words, "label", "soft", icon, icon_size=20),)}]  # fmt: skip

    def _start_clock(self, advice: Any) -> None:
        todo = [
            a for f in advice.findings for a in f.actions if a.mine and a.has_date and not a.done
        ]
        self._due = min(todo, key=lambda a: a.due_at) if todo else None
        self._tick()
        if self._due is not None and self.app.screen_name == "doorstep":
            self._ticking()

    def _tick(self, *_: object) -> None:
        if self._due is None:
            self.clock_lines = ()
            self._ticking.cancel()
            return
        now = self.app.now()
        seconds = int((self._due.due_at - now).total_seconds())
        words = due_words(self._due.due_at, now)
        if 0 < seconds < 2 * 3600:
            words = f"by {clock_words(self._due.due_at)}, {_countdown(seconds)} left"
        icon = "clock" if seconds > 0 else "clock-late"
        self.clock_lines = (Line(f"{self._due.label}: {words}", "strong", "immediate", icon),)

    # calling and logging

    def _call(self, todo: Any) -> None:
        self.app.call(todo.contact.label, todo.contact.number)

    def _log(self, what: tuple[Any, Any]) -> None:
        shown, todo = what
        app, visit = self.app, self.visit

        def save(outcome: str, reference: str, note: str) -> None:
            _, future = app.phone.drafts.log_call(
                self.household, todo.on or visit, todo.action, app.now(), rule=shown.rule,
                reference=reference, outcome=outcome, note=note,
            )  # fmt: skip
            app.saved(future, self._logged)

        ask_outcome(app.layer, todo, app.now(), save)

    def _logged(self, _: object) -> None:
        self.app.phone.courier.nudge()
        self.refresh()


def _outcome(
    act: Any, payload: str | None, words: str, icon: str, counts: set[str]
) -> dict[str, Any]:
    """One thing that may have happened, marked where the plan's condition counts it."""
    counted = words in counts or (payload is None and bool(counts))
    mark = (Line(PLAN_COUNTS, "small", "low", "shield", icon_size=16, gap=2),) if counted else ()
    return touch_card(act, payload, Line(words, "strong", "ink", icon, "primary", 24), *mark,
                      ground="touch", least=60, gap=8, trail="", pad=(16, 8))  # fmt: skip


def _countdown(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


load_kv(__file__)
