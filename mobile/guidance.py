"""What to do before leaving: what a visit sets off, why, what the plan demands, whom to call."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from mobile.cannot_tell import CannotTell, cannot_tell
from mobile.caseload import Caseload, Contact, History
from mobile.draft import Draft
from mobile.drafts import Drafts
from mobile.given import Given, Key
from mobile.plans import ConditionShown, conditions
from mobile.todo import Todo, todos
from mobile.wording import LEVELS, count_words, frames
from shared import engine
from shared.checklist import rank
from shared.escalation import Escalation
from shared.facts import ActionDone, Visit

LOG = logging.getLogger("threshold.guidance")
PLAN_CONDITION = "plan_condition"
JUDGE_YOURSELF = (
    "Act on what you saw and heard. If a child may be in danger now, call 999. "
    "Tell your manager. The visit can be finished and sent as usual."
)


@dataclass(frozen=True, slots=True)
class Shown:
    """One rule that the visit meets: why, in a sentence, and what it requires."""

    rule: str
    name: str
    level: str
    level_words: str
    because: str
    actions: list[Todo]
    on: str


@dataclass(frozen=True, slots=True)
class Advice:
    """All that the "before leaving" screen says. `rules` go with the visit as what was shown.

    `cannot_tell` are the immediate rules of which the visit does not say whether they hold.
    """

    headline: str
    findings: list[Shown]
    conditions: list[ConditionShown]
    cannot_tell: list[CannotTell]
    contacts: list[Contact]
    rules: tuple[str, ...]
    incomplete: str = ""


class Guidance:
    """Judges a visit on the phone with the same engine, packs and history as the office."""

    def __init__(self, caseload: Caseload, drafts: Drafts) -> None:
        self._caseload = caseload
        self._drafts = drafts

    def doorstep(
        self, household: str, outcome: str, now: datetime, *, expected: str | None = None
    ) -> Advice:
        """What a closed door would set off, before anything is recorded. Raises Refused."""
        visit = self._drafts.doorstep_visit(household, outcome, now, expected=expected)
        return self._of(self._caseload.history(household, now), visit, now)

    def of_draft(self, draft: Draft, now: datetime) -> Advice:
        """What the visit as it stands would set off, and what cannot be told yet.

        KeyError when the family is no longer on this phone.
        """
        history = self._caseload.history(draft.household.id, now)
        given = {row.key: row.given for row in draft.entered()}
        return self._of(history, draft.visit(now), now, given)

    def of_visit(self, household: str, visit_id: str, now: datetime) -> Advice:
        """What a finished visit set off, with what was done about it since."""
        history = self._caseload.history(household, now)
        return self._advice(history, history.case, visit_id, now, {})

    def _of(
        self,
        history: History,
        visit: Visit,
        now: datetime,
        given: Mapping[Key, Given] | None = None,
    ) -> Advice:
        """Try the visit on a case of its own, with the calls already logged for it."""
        try:
            return self._tried(history, visit, now, given or {})
        except Exception as error:  # she must not be left without the numbers to call
            LOG.error("could not judge: %s\n%s", type(error).__name__, frames(error))
            return Advice(
                headline="This phone could not work out what applies.",
                findings=[],
                conditions=conditions(history.case, now),
                cannot_tell=[],
                contacts=self._caseload.contacts(),
                rules=(),
                incomplete=JUDGE_YOURSELF,
            )

    def _tried(
        self, history: History, visit: Visit, now: datetime, given: Mapping[Key, Given]
    ) -> Advice:
        calls = [e for e in history.events if isinstance(e, ActionDone) and e.on == visit.id]
        before = [event for event in history.events if event not in calls]
        docs = [escalation.to_doc() for escalation in history.case.escalations]
        trial = engine.load(history.household, history.case.book, before, docs, history.case.now)
        engine.receive(trial, [visit, *calls], now)
        return self._advice(history, trial, visit.id, now, given)

    def _advice(
        self,
        history: History,
        case: engine.Case,
        visit_id: str,
        now: datetime,
        given: Mapping[Key, Given],
    ) -> Advice:
        contacts = self._caseload.contacts()
        raised = [e for e in case.escalations if any(p.event == visit_id for p in e.evidence)]
        raised.sort(key=lambda each: -rank(each.level))
        findings = [_shown(e, visit_id, case, contacts, now) for e in raised]
        conditional = {r.id for r in case.book.rules.rules if PLAN_CONDITION in r.doc["when"]}
        met = any(each.rule in conditional for each in raised)
        unknown = cannot_tell(case, visit_id, given)
        return Advice(
            headline=_headline(findings, unknown),
            findings=findings,
            conditions=conditions(case, now, met=met),
            cannot_tell=unknown,
            contacts=contacts,
            rules=tuple(dict.fromkeys(each.rule for each in findings)),
            incomplete=_incomplete(history),
        )


def _shown(
    escalation: Escalation,
    visit_id: str,
    case: engine.Case,
    contacts: Sequence[Contact],
    now: datetime,
) -> Shown:
    mine = [action for action in escalation.actions if action.required_by == visit_id]
    return Shown(
        rule=escalation.rule,
        name=escalation.rule_name,
        level=escalation.level,
        level_words=LEVELS[escalation.level],
        because=escalation.because,
        actions=todos(mine, case, contacts, now),
        on=visit_id,
    )


def _headline(findings: Sequence[Shown], unknown: Sequence[CannotTell]) -> str:
    if not findings:
        return (
            "Nothing recorded here sets anything off, and not everything could be told."
            if unknown
            else "Nothing recorded here sets anything off."
        )
    mine = [todo for shown in findings for todo in shown.actions if todo.mine]
    left = sorted((todo for todo in mine if not todo.done), key=lambda todo: todo.due_at)
    if not left:
        return "You have done your part." if mine else "Others will be told. Nothing falls to you."
    things = count_words(len(left), "thing to do", "things to do")
    return f"{things}. First: {left[0].label}, {left[0].due_words}."


def _incomplete(history: History) -> str:
    if not history.unread:
        return ""
    records = count_words(history.unread, "record", "records")
    return (
        f"{records} of this family cannot be read by this version of the app. "
        "More may apply than is shown. Update the app when you can."
    )
