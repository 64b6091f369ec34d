"""One visit in progress: every answer its own durable row, and the visit that is made of them.

One tap to durable: a screen calls `Draft.answer`; the answer is checked against the checklist and
the state changes at once; the future that comes back is done when the store has committed the row.
What could not be written (a full phone) stays on the screen and is written with the next tap.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from mobile.asked import (
    Row,
    SectionProgress,
    about_words,
    could_not_check_value,
    last_time,
    level,
    progress,
)
from mobile.caseload import History
from mobile.given import Given, Key, as_answer, to_row
from mobile.store import Store, StoreProblem
from shared.checklist import LONGEST_WORDS, Asked, Checklist, answer_value, applicable, check_answer
from shared.clocks import day_of
from shared.facts import Answer, Child, Household, Visit
from shared.reading import refuse_unfit_text
from shared.rules import Pack

ACCESS, EXPECTED = "ACC-01", "ACC-02"
EVERYONE = "everyone"


class Refused(Exception):
    """An answer that does not fit its question; `problems` say why in plain words."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = list(problems)


class NotFinished(Refused):
    """The visit cannot be finished yet; `problems` list what is missing."""


class AlreadyFinished(StoreProblem):
    """The visit was finished, so nothing more can be entered in it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the visit she is: a section, and perhaps a question about somebody."""

    section: str
    item: str | None = None
    about: str | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """What a draft keeps from its start, whatever is pulled meanwhile."""

    id: str
    household: Household
    checklist: Checklist
    rules: Pack
    started_at: datetime
    concerns: tuple[str, ...] = ()
    agreed: tuple[str, ...] = ()


Finish = Callable[[Visit], "Future[str]"]


class Draft:
    """A visit in progress. Reads are instant; every change gives back a future of its saving."""

    def __init__(
        self,
        begun: Begun,
        history: History | None,
        store: Store,
        row_of: Callable[[sqlite3.Connection], None],
        finish: Finish,
        *,
        given: Mapping[Key, Given] | None = None,
        place: Place | None = None,
    ) -> None:
        self.id = begun.id
        self.household = begun.household
        self.checklist = begun.checklist
        self.started_at = begun.started_at
        self.begun = begun
        self.place = place or Place(begun.checklist.sections[0].code)
        self._history = history
        self._store = store
        self._finish = finish
        self._put_begun = row_of
        self._given: dict[Key, Given] = dict(given or {})
        self._unsaved: dict[Key, Given] = {}
        self._guard = threading.Lock()
        self._finished: Future[str] | None = None

    # -- what is asked ------------------------------------------------------------------------

    def asked(self) -> list[Asked]:
        """Every question that applies today, answers given so far considered."""
        return applicable(
            self.checklist,
            self.household,
            day_of(self.started_at),
            open_concerns=self.begun.concerns,
            agreed_actions=self.begun.agreed,
            answers=self.answers(),
        )

    def sections(self) -> list[SectionProgress]:
        """Each section that asks something today, and how far it is."""
        return progress(self.checklist, self.asked(), self._given)

    def children(self) -> list[Child]:
        """The children that questions are asked about today."""
        asked = {each.about for each in self.asked()}
        return [child for child in self.household.children if child.id in asked]

    def rows(self, section: str | None = None, about: str | None = EVERYONE) -> list[Row]:
        """Today's questions: of one section or all, about one person (None: the household)."""
        return [
            self._row(each)
            for each in self.asked()
            if section in (None, each.item.section) and about in (EVERYONE, each.about)
        ]

    def row(self, item: str, about: str | None = None) -> Row:
        """One question as it stands, asked today or not. KeyError for an unknown item."""
        return self._row(Asked(self.checklist.items[item], about))

    def unanswered(self) -> list[Row]:
        """What was asked today and is neither answered nor said to be impossible to check."""
        return [row for row in self.rows() if not row.given.is_answered]

    def next_unanswered(self) -> Place | None:
        """The next question without an answer, from where she is, going round; None when done."""
        rows = self.rows()
        here = [(r.item.code, r.about) for r in rows].index(self._here(rows)) if rows else 0
        for row in [*rows[here:], *rows[:here]]:
            if not row.given.is_answered:
                return Place(row.item.section, row.item.code, row.about)
        return None

    def set_aside(self) -> list[Row]:
        """What was entered for questions that no longer apply: kept here, not in the visit."""
        asked = {(each.item.code, each.about) for each in self.asked()}
        return [row for row in self.entered() if row.key not in asked]

    def entered(self) -> list[Row]:
        """Every question that something was entered for."""
        return [self.row(*key) for key, given in self._given.items() if not given.is_empty]

    def answers(self) -> list[Answer]:
        """Every answer given so far, in the order of the questions given."""
        found = (as_answer(key, given) for key, given in self._given.items())
        return [answer for answer in found if answer is not None]

    # -- what she does ------------------------------------------------------------------------

    def answer(
        self,
        item: str,
        value: object,
        now: datetime,
        about: str | None = None,
        *,
        basis: str | None = None,
    ) -> Future[datetime]:
        """Answer a question; a note already typed stays. Raises Refused, and nothing changes."""
        question = self.checklist.items[item]
        try:
            fit = answer_value(question, value)
        except ValueError as problem:
            raise Refused([str(problem)]) from None
        before = self._at(item, about)
        given = replace(before, value=fit, basis=basis or before.basis, reason="")
        self._check(item, about, given)
        return self._enter((item, about), given, now)

    def note(
        self, item: str, text: str, now: datetime, about: str | None = None
    ) -> Future[datetime]:
        """Write what she saw or heard beside a question, answered or not. Raises Refused."""
        _check_words(text)
        return self._enter((item, about), replace(self._at(item, about), note=text), now)

    def also(
        self, item: str, text: str, now: datetime, about: str | None = None
    ) -> Future[datetime]:
        """Write what the item records besides: people, rooms, dates, exact words."""
        _check_words(text)
        return self._enter((item, about), replace(self._at(item, about), also=text), now)

    def basis(
        self, item: str, basis: str, now: datetime, about: str | None = None
    ) -> Future[datetime]:
        """Say how she knows: seen, told by whom, or from the record."""
        given = replace(self._at(item, about), basis=basis)
        self._check(item, about, given)
        return self._enter((item, about), given, now)

    def could_not_check(
        self, item: str, reason: str, now: datetime, about: str | None = None
    ) -> Future[datetime]:
        """Say that it could not be checked, and why: a gap on record, never a blank."""
        if not reason.strip():
            raise Refused(["Say why it could not be checked."])
        _check_words(reason)
        value = could_not_check_value(self.checklist.items[item])
        given = replace(self._at(item, about), value=value, reason=reason)
        return self._enter((item, about), given, now)

    def clear(self, item: str, now: datetime, about: str | None = None) -> Future[datetime]:
        """Take an answer back. `restore` with what `row` gave before undoes it."""
        return self._enter((item, about), Given(), now)

    def restore(self, row: Row, now: datetime) -> Future[datetime]:
        """Put back what a row held: the undo of `clear`."""
        return self._enter(row.key, row.given, now)

    def go(
        self, section: str, now: datetime, item: str | None = None, about: str | None = None
    ) -> Future[datetime]:
        """Remember where she is, so that she comes back to the same place."""
        self.place = Place(section, item, about)
        return self._save({}, now)

    @property
    def is_finishing(self) -> bool:
        """Whether it is on its way into the outbox, or there."""
        return self._finished is not None and not _failed(self._finished)

    def blocking(self) -> list[str]:
        """Why the visit cannot be finished yet; [] when it can. Gaps do not stand in the way."""
        if self._at(ACCESS, None).value is None:
            return [f"Say what happened at the door: {self.checklist.items[ACCESS].question}"]
        return [
            problem
            for answer in self._to_send()
            for problem in check_answer(self.checklist, answer, self.household)
        ]

    def visit(
        self, now: datetime, *, by: str = "", agency: str = "", shown: Sequence[str] = ()
    ) -> Visit:
        """The visit as it stands, as the event it will be."""
        return Visit(
            id=self.id,
            at=self.started_at,
            received_at=now,
            by=by,
            agency=agency,
            answers=tuple(self._to_send()),
            checklist=self.checklist.name,
            left_at=now,
            shown=tuple(shown),
        )

    def finish(self, now: datetime, shown: Sequence[str] = ()) -> Future[str]:
        """Make it a visit in the outbox, in one commit; the visit's id. Twice gives the same one.

        Raises NotFinished with what is missing.
        """
        if self._finished is not None and self.is_finishing:
            return self._finished
        problems = self.blocking()
        if problems:
            raise NotFinished(problems)
        self._finished = self._finish(self.visit(now, shown=shown))
        return self._finished

    # -- within -------------------------------------------------------------------------------

    def _at(self, item: str, about: str | None) -> Given:
        return self._given.get((item, about), Given())

    def _row(self, asked: Asked) -> Row:
        item, key = asked.item, (asked.item.code, asked.about)
        given = self._given.get(key, Given())
        today = day_of(self.started_at)
        return Row(
            item=item,
            about=asked.about,
            about_words=about_words(asked.about, item, self.household, self.begun.rules),
            given=given,
            level=level(item, given),
            last=last_time(self._history, key, item, today) if self._history else None,
        )

    def _here(self, rows: Sequence[Row]) -> Key:
        """The row she is at: the one named, else the first of the section, else the first."""
        at = self.place
        named = [r for r in rows if r.key == (at.item, at.about)]
        inside = [r for r in rows if r.item.section == at.section]
        return (named or inside or list(rows))[0].key

    def _check(self, item: str, about: str | None, given: Given) -> None:
        answer = as_answer((item, about), given)
        problems = check_answer(self.checklist, answer, self.household) if answer else []
        if problems:
            raise Refused(problems)

    def _to_send(self) -> list[Answer]:
        """Answers in the checklist's order; what could not be put into one goes beside ACC-01."""
        found, gaps = [], []
        for row in self.rows():
            answer = row.answer
            if answer is not None:
                found.append(answer)
            elif not row.given.is_empty:
                gaps.append(_gap(row))
        return [_with_gaps(each, gaps) if each.item == ACCESS else each for each in found]

    def _enter(self, key: Key, given: Given, now: datetime) -> Future[datetime]:
        given = replace(given, saved_at=now)
        # A new dictionary each time: another thread may be reading the one before.
        self._given = {**self._given, key: given}
        return self._save({key: given}, now)

    def _save(self, changed: Mapping[Key, Given], now: datetime) -> Future[datetime]:
        """Commit what changed, and whatever an earlier commit could not write."""
        with self._guard:
            self._unsaved.update(changed)
            rows = dict(self._unsaved)

        def job(db: sqlite3.Connection) -> datetime:
            if db.execute("SELECT 1 FROM outbox WHERE row = ?", (self.id,)).fetchone():
                raise AlreadyFinished("This visit is finished. Start a new one to add to it.")
            known = db.execute("SELECT 1 FROM draft WHERE row = ?", (self.id,)).fetchone()
            if not known or not changed:
                self._put_begun(db)
            for key, given in rows.items():
                self._put(db, key, given)
            return now

        future = self._store.write(job)
        future.add_done_callback(lambda done: self._saved(rows) if not _failed(done) else None)
        return future

    def _saved(self, rows: Mapping[Key, Given]) -> None:
        with self._guard:
            for key, given in rows.items():
                if self._unsaved.get(key) is given:
                    del self._unsaved[key]

    def _put(self, db: sqlite3.Connection, key: Key, given: Given) -> None:
        row = self._store.blind("answer", self.id, key[0], key[1] or "")
        doc = to_row(key, given)
        db.execute(
            "INSERT OR REPLACE INTO answer VALUES (?, ?, ?)",
            (row, self.id, self._store.seal_doc("answer", row, doc)),
        )


def _gap(row: Row) -> str:
    """What was written beside a question that has no answer, in words that stand alone."""
    whom = f" ({row.about_words})" if row.about_words else ""
    why = f"could not check: {row.given.reason}" if row.given.reason else "not answered"
    words = [each for each in (row.given.note, row.given.also) if each]
    return f"{row.item.code}{whom}: " + "; ".join([why, *words])


def _with_gaps(answer: Answer, gaps: Sequence[str]) -> Answer:
    return replace(answer, note="\n".join([each for each in (answer.note, *gaps) if each]))


def _check_words(text: str) -> None:
    """Refuse now, while she is typing, what the office would refuse later."""
    why = refuse_unfit_text(text)
    if why:
        raise Refused([f"The text {why}."])
    if len(text) > LONGEST_WORDS:
        raise Refused([f"That is too long: {LONGEST_WORDS} characters fit here."])


def _failed(future: Future[Any]) -> bool:
    return future.done() and future.exception() is not None
