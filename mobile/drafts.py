"""Starting and resuming visits, finishing them, the doorstep, and the calls logged for a visit."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from mobile.caseload import Caseload, History
from mobile.draft import (
    ACCESS,
    EXPECTED,
    Begun,
    Draft,
    NotFinished,
    Place,
    Refused,
)
from mobile.given import Given, Key, from_row
from mobile.outbox import Outbox, Wrapped, new_id
from mobile.store import Store, StoreDamaged
from mobile.wording import frames, initials
from shared import engine, wire
from shared.checklist import Checklist, Option, check_answer
from shared.entries import by_end_of
from shared.facts import ActionDone, Answer, Event, Household, HouseholdRecorded, Visit

LOG = logging.getLogger("threshold.drafts")
LET_IN = ("in", "part")
IMMEDIATE = "I"
VISITOR = "visitor"


@dataclass(frozen=True, slots=True)
class DraftCard:
    """A visit in progress, for the list of what to go on with."""

    id: str
    household: str
    family: str
    initials: str
    started_at: datetime
    saved_at: datetime
    place: Place
    answered: int
    asked: int


class Drafts:
    """The visits in progress on this phone."""

    def __init__(self, store: Store, caseload: Caseload, outbox: Outbox) -> None:
        self._store = store
        self._caseload = caseload
        self._outbox = outbox
        self._open: dict[str, Draft] = {}
        self._guard = threading.Lock()

    def cards(self, now: datetime) -> list[DraftCard]:
        """The visits in progress with something in them, the latest first."""
        drafts = []
        for (row,) in self._store.read("SELECT row FROM draft"):
            with suppress(KeyError):  # finished meanwhile
                drafts.append(self.open(row, now))
        drafts = [draft for draft in drafts if not draft.is_finishing]
        cards = [_card(draft) for draft in drafts if _last_saved(draft) is not None]
        return sorted(cards, key=lambda card: card.saved_at, reverse=True)

    def start(self, household: str, now: datetime) -> tuple[Draft, Future[datetime]]:
        """Begin a visit, or go on with the one in progress for this family.

        One in which nothing was entered yet begins anew, at `now`. KeyError when the family is
        not on this phone.
        """
        unused: list[str] = []
        for (row,) in self._store.read(
            "SELECT row FROM draft WHERE household = ?",
            (self._store.blind("household", household),),
        ):
            draft = self.open(row, now)
            if draft.is_finishing:
                continue
            if _last_saved(draft) is not None:
                return draft, draft.go(
                    draft.place.section, now, draft.place.item, draft.place.about
                )
            unused.append(row)
        draft = self._draft(self._begin(household, now), self._caseload.history(household, now))
        self._open[draft.id] = draft
        return draft, self._store.write(lambda db: self._begin_rows(db, draft, unused, now))

    def open(self, draft_id: str, now: datetime) -> Draft:
        """A visit in progress, as it was left. KeyError when there is none of that id."""
        with self._guard:  # two threads may ask; there is one draft
            if draft_id not in self._open:
                self._open[draft_id] = self._load(draft_id, now)
            return self._open[draft_id]

    def doorstep_outcomes(self) -> list[Option]:
        """What may have happened at the door when she was not let in."""
        book = self._caseload.book()
        options = book.checklist.items[ACCESS].options if book else ()
        return [option for option in options if option.code not in LET_IN]

    def doorstep_visit(
        self,
        household: str,
        outcome: str,
        now: datetime,
        *,
        expected: str | None = None,
        note: str = "",
    ) -> Visit:
        """The visit that a closed door makes; nothing is stored. Raises Refused."""
        history = self._caseload.history(household, now)
        checklist = history.case.book.checklist
        answers = [Answer(item=ACCESS, value=outcome, note=note)]
        if expected is not None:
            answers.append(Answer(item=EXPECTED, value=expected))
        problems = [p for a in answers for p in check_answer(checklist, a, history.household)]
        if problems:
            raise Refused(problems)
        by, agency = self._who()
        return Visit(
            id=new_id(now),
            at=now,
            received_at=now,
            answers=tuple(answers),
            checklist=checklist.name,
            left_at=now,
            by=by,
            agency=agency,
        )

    def doorstep(
        self,
        household: str,
        outcome: str,
        now: datetime,
        *,
        expected: str | None = None,
        note: str = "",
        shown: tuple[str, ...] = (),
    ) -> tuple[str, Future[str]]:
        """Record a visit at which she was not let in: whole, in one commit, ready to be sent.

        The screen changes when the future is done. Raises Refused.
        """
        visit = self.doorstep_visit(household, outcome, now, expected=expected, note=note)
        visit = replace(visit, shown=shown)
        return visit.id, self._send(household, visit)

    def log_call(
        self,
        household: str,
        visit_id: str,
        action: str,
        now: datetime,
        *,
        rule: str,
        reference: str = "",
        outcome: str = "",
        note: str = "",
    ) -> tuple[str, Future[str]]:
        """Record that an action was done (a call, its reference, its outcome).

        `visit_id` is an event of the escalation's evidence; the record travels with that visit
        when the visit has not been sent yet.
        """
        by, agency = self._who()
        event = ActionDone(
            id=new_id(now),
            at=now,
            received_at=now,
            action=action,
            rule=rule,
            on=visit_id,
            note=note,
            reference=reference,
            outcome=outcome,
            by=by,
            agency=agency,
        )
        return event.id, self._put(self._wrap(household, event, visit_id, urgent=True))

    def _begin(self, household: str, now: datetime) -> Begun:
        history = self._caseload.history(household, now)
        book = history.case.book
        return Begun(
            id=new_id(now),
            household=history.household,
            checklist=book.checklist,
            rules=book.rules,
            started_at=now,
            concerns=_open_concerns(history, now),
            agreed=_agreed_actions(history),
        )

    def _draft(
        self,
        begun: Begun,
        history: History | None,
        given: Mapping[Key, Given] | None = None,
        place: Place | None = None,
    ) -> Draft:
        draft = Draft(
            begun,
            history,
            self._store,
            lambda db: self._put_begun(db, draft),
            lambda visit: self._finish(draft, visit),
            given=given,
            place=place,
        )
        return draft

    def _begin_rows(
        self, db: sqlite3.Connection, draft: Draft, unused: list[str], now: datetime
    ) -> datetime:
        for row in unused:
            _drop(db, row)
        self._put_begun(db, draft)
        return now

    def _put_begun(self, db: sqlite3.Connection, draft: Draft) -> None:
        begun, place = draft.begun, draft.place
        by, agency = self._who()
        recorded = HouseholdRecorded(
            id=begun.id,
            at=begun.started_at,
            received_at=begun.started_at,
            household=begun.household,
            by=by,
            agency=agency,
        )
        doc = {
            "household": wire.event_to_doc(begun.household.id, recorded),
            "checklist": begun.checklist.name,
            "started_at": begun.started_at.isoformat(),
            "concerns": begun.concerns,
            "agreed": begun.agreed,
            "place": [place.section, place.item, place.about],
        }
        db.execute(
            "INSERT OR REPLACE INTO draft VALUES (?, ?, ?)",
            (
                begun.id,
                self._store.blind("household", begun.household.id),
                self._store.seal_doc("draft", begun.id, doc),
            ),
        )

    def _load(self, draft_id: str, now: datetime) -> Draft:
        found = self._store.read("SELECT sealed FROM draft WHERE row = ?", (draft_id,))
        book = self._caseload.book()
        if not found or book is None:
            raise KeyError(draft_id)
        doc = self._store.unseal_doc("draft", draft_id, found[0][0])
        started_at = datetime.fromisoformat(doc["started_at"])
        household, recorded = wire.event_from_doc(doc["household"], started_at)
        held = self._store.document(f"checklist {doc['checklist']}")
        begun = Begun(
            id=draft_id,
            household=_household_of(recorded),
            checklist=Checklist.from_doc(held),
            rules=book.rules,
            started_at=started_at,
            concerns=tuple(doc["concerns"]),
            agreed=tuple(doc["agreed"]),
        )
        try:
            history = self._caseload.history(household, now)
        except KeyError:  # the family moved away meanwhile; what was seen is still hers to finish
            history = None
        return self._draft(begun, history, self._answers(draft_id), Place(*doc["place"]))

    def _answers(self, draft_id: str) -> dict[Key, Given]:
        rows = self._store.read("SELECT row, sealed FROM answer WHERE draft = ?", (draft_id,))
        docs = [self._store.unseal_doc("answer", row, sealed) for row, sealed in rows]
        return dict(from_row(doc) for doc in docs)

    def _finish(self, draft: Draft, visit: Visit) -> Future[str]:
        by, agency = self._who()
        return self._send(draft.household.id, replace(visit, by=by, agency=agency), draft.id)

    def _send(self, household: str, visit: Visit, draft: str | None = None) -> Future[str]:
        urgent = self._is_urgent(household, visit)
        return self._put(self._wrap(household, visit, visit.id, urgent=urgent), draft)

    def _wrap(self, household: str, event: Event, parcel: str, *, urgent: bool) -> Wrapped:
        try:
            return self._outbox.wrap(household, event, parcel=parcel, urgent=urgent)
        except wire.BadDocument as problem:
            raise NotFinished([words for _, words in problem.problems]) from problem

    def _put(self, wrapped: Wrapped, draft: str | None = None) -> Future[str]:
        """Into the outbox and, where it was one, out of the drafts: in one commit."""

        def job(db: sqlite3.Connection) -> str:
            self._outbox.add(db, wrapped)
            self._caseload.note_own(db, wire.event_to_doc(wrapped.household, wrapped.event))
            if draft is not None:
                _drop(db, draft)
            return wrapped.event.id

        def done(future: Future[str]) -> None:
            if future.exception() is None:
                self._caseload.changed(wrapped.household)
                self._open.pop(draft or "", None)

        future = self._store.write(job)
        future.add_done_callback(done)
        return future

    def _is_urgent(self, household: str, visit: Visit) -> bool:
        """Whether it sets off something at level I on what is known here: then it goes first.

        What cannot be judged is urgent, and is saved all the same.
        """
        try:
            case = self._caseload.history(household, visit.received_at).case
            return any(each.rule.level == IMMEDIATE for each in engine.assess(case, visit))
        except Exception as error:
            LOG.error("could not judge a visit: %s\n%s", type(error).__name__, frames(error))
            return True

    def _who(self) -> tuple[str, str]:
        """The practitioner and her agency, as every event says."""
        identity = self._store.document("identity")
        return identity["user_id"], identity["agency"]


def _drop(db: sqlite3.Connection, draft: str) -> None:
    db.execute("DELETE FROM answer WHERE draft = ?", (draft,))
    db.execute("DELETE FROM draft WHERE row = ?", (draft,))


def _last_saved(draft: Draft) -> datetime | None:
    """When something was last entered; None when nothing is."""
    saved = [row.given.saved_at for row in draft.entered() if row.given.saved_at]
    return max(saved, default=None)


def _card(draft: Draft) -> DraftCard:
    rows = draft.rows()
    family = draft.household.name or draft.household.id
    return DraftCard(
        id=draft.id,
        household=draft.household.id,
        family=family,
        initials=initials(family),
        started_at=draft.started_at,
        saved_at=_last_saved(draft) or draft.started_at,
        place=draft.place,
        answered=sum(row.given.is_answered for row in rows),
        asked=len(rows),
    )


def _open_concerns(history: History, now: datetime) -> tuple[str, ...]:
    """What ENG-01 asks about: each open concern as "ITEM" or "ITEM:person"."""
    found = history.case.history.open_concerns(by_end_of(now))
    return tuple(f"{seen.item}:{seen.about}" if seen.about else seen.item for seen in found)


def _agreed_actions(history: History) -> tuple[str, ...]:
    """What ENG-02 asks about: actions of plans, and the visitor's own, not on record as done."""
    case = history.case
    undone = [
        demand.action.code
        for demand in case.record.demands()
        if demand.action.done_at is None and (demand.plan or demand.action.who == VISITOR)
    ]
    return tuple(dict.fromkeys(undone))


def _household_of(event: Event) -> Household:
    if not isinstance(event, HouseholdRecorded):
        raise StoreDamaged("A visit in progress on this device is damaged.")
    return event.household
