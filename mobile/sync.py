"""Sending what was recorded and pulling what changed: one procedure, read from top to bottom.

The protocol's MUSTs (each has its test in tests/mobile/test_sync.py under the same number):

 1. The phone names its events itself; sending one again MUST change nothing.
 2. An item is safe only when a receipt names its id and the very hash of what was sent.
 3. Nothing is deleted before such a receipt; the store enforces it.
 4. A visit and the calls logged for it MUST travel in one request, the visit first.
 5. What is urgent MUST go first; nothing MAY wait for something else to succeed.
 6. One refused or unreadable item MUST NOT hold up the others; it needs attention, with a reason.
 7. 401 and 403 MUST keep everything.
 8. Whatever is not the office's own JSON (a sign-in page, a redirect, a cut reply) is "offline".
 9. A page of changes and its cursor MUST be applied in one transaction, or not at all.
10. The cursor is the office's number, never a clock.
11. A new epoch MUST make the phone offer again what it holds, and pull from the beginning.
12. After a failure the phone MUST wait longer each time, by chance, and as long as it is asked to.
13. Pulling MUST NOT touch drafts or the outbox.
14. New packs are fetched when the office offers others than are held; drafts keep their checklist.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from mobile.caseload import NO_CURSOR, Caseload
from mobile.outbox import Outbox, Verdict
from mobile.planning import (
    Ask,
    Done,
    FetchPacks,
    Here,
    Pull,
    Send,
    StartOver,
    Step,
    There,
    Waiting,
    look_again_after,
    next_step,
    verdict,
    wait_after,
)
from mobile.store import Store, StoreProblem
from mobile.transport import CANNOT_READ, Busy, Health, Offline, Refused, Strange, TransportProblem
from mobile.wording import frames

LOG = logging.getLogger("threshold.sync")
OUR_FAULT = "Sending failed for a reason this app does not know. Everything is kept. Call support."
UNPROVEN = (
    "The office's receipt did not match what was sent. It is kept here and will be sent again."
)


class Network(Protocol):
    """The office, as `transport.Office` reaches it."""

    def health(self) -> Health:
        """Whether the office answers."""

    def send(self, items: list[tuple[str, bytes]]) -> list[dict[str, Any]]:
        """Send sealed events; the office's receipts."""

    def caseload(self, cursor: int) -> dict[str, Any]:
        """One page of changes."""

    def packs(self) -> dict[str, Any]:
        """The packs in force."""


@dataclass(frozen=True, slots=True)
class Round:
    """How one round of sending and pulling ended."""

    sent: int = 0
    problem: TransportProblem | StoreProblem | None = None
    finished_at: datetime | None = None


class Sync:
    """Sends and pulls, one round at a time, and knows when to try again."""

    def __init__(
        self,
        store: Store,
        outbox: Outbox,
        caseload: Caseload,
        network: Network,
        *,
        now: Callable[[], datetime],
        random: Callable[[], float],
    ) -> None:
        self._store = store
        self._outbox = outbox
        self._caseload = caseload
        self._network = network
        self._now = now
        self._random = random
        self._one_at_a_time = threading.Lock()
        self._failures = 0
        self._setbacks: Counter[str] = Counter()
        self._pruned = False
        self.sending: frozenset[str] = frozenset()
        self.last = Round()
        self.try_again_at: datetime | None = None
        self.planned_wait = 0.0
        self.held_back = False  # the office itself asked to be left alone
        self.on_sending: Callable[[], None] = lambda: None

    def round(self) -> Round:
        """Send what waits, pull what changed; never raises for what the network or disk does."""
        with self._one_at_a_time:
            there, sent = There(parcels_at_once=1 if self._failures > 1 else None), 0
            problem: TransportProblem | StoreProblem | None = None
            try:
                while not isinstance(step := next_step(self._here(), there), Done):
                    there, safe = self._take(step, there)
                    sent += safe
                if there.unproven:
                    problem = Strange(UNPROVEN)
            except (TransportProblem, StoreProblem) as error:
                problem = error
            except Exception as error:  # a fault of ours must neither stop sending nor be hidden
                LOG.error("round failed: %s\n%s", type(error).__name__, frames(error))
                problem = Strange(f"{OUR_FAULT} ({type(error).__name__})")
            finally:
                self.sending = frozenset()
            if problem is None and not self._pruned:
                self._outbox.prune(self._now())  # once each time the app is opened is enough
                self._pruned = True
            self.last = Round(sent, problem, self._now())
            self._plan_next()
            return self.last

    def contact(self) -> datetime | None:
        """When the office was last reached; None if never."""
        doc = self._store.document("contact")
        return datetime.fromisoformat(doc["at"]) if doc else None

    def clock_ahead(self) -> timedelta:
        """How far this phone's clock was ahead of the office's at the last contact."""
        doc = self._store.document("contact")
        return timedelta(seconds=doc["clock_ahead_seconds"] if doc else 0)

    def _here(self) -> Here:
        return Here(
            waiting=tuple(
                Waiting(*each, setbacks=self._setbacks[each[0]]) for each in self._outbox.waiting()
            ),
            cursor=self._caseload.cursor(),
            epoch=self._store.document("identity")["epoch"],
            packs_held=self._caseload.pack_names(),
            packs_offered=self._store.document("packs-offered") or {},
        )

    def _take(self, step: Step, there: There) -> tuple[There, int]:
        match step:
            case Ask():
                return replace(there, epoch=self._ask()), 0
            case StartOver(epoch):
                self._start_over(epoch)
                return there, 0
            case Send(ids):
                return self._send(ids, there)
            case Pull(cursor):
                return replace(there, pulled=self._pull(cursor)), 0
            case FetchPacks():
                self._fetch_packs()
                return replace(there, packs_fetched=True), 0
        return there, 0

    def _ask(self) -> str:
        health = self._network.health()
        now = self._now()
        # How far this phone's clock is off, so that people can be told; nothing is reckoned by it.
        offset = (now - health.time).total_seconds()
        doc = {"at": now.isoformat(), "clock_ahead_seconds": round(offset)}
        self._store.write(lambda db: self._store.put_document(db, "contact", doc)).result()
        return health.epoch

    def _start_over(self, epoch: str) -> None:
        identity = {**self._store.document("identity"), "epoch": epoch}

        def job(db: sqlite3.Connection) -> None:
            self._outbox.offer_again(db)
            self._store.put_document(db, "cursor", NO_CURSOR)
            self._store.put_document(db, "identity", identity)

        self._store.write(job).result()

    def _send(self, ids: tuple[str, ...], there: There) -> tuple[There, int]:
        items = self._outbox.sealed(ids)
        hashes = {id_: sha256 for id_, _, sha256 in items}
        self.sending = frozenset(ids)
        self.on_sending()
        tried = there.tried | self.sending
        try:
            receipts = self._network.send([(id_, box) for id_, box, _ in items])
        except Refused as problem:
            return self._split(ids, hashes, there, problem), 0
        except Busy as problem:
            self._setbacks.update(ids if problem.fault else ())
            raise
        found = [verdict(receipt, hashes) for receipt in receipts]
        verdicts = [each for each in found if each is not None]
        safe = self._outbox.settle(verdicts, there.epoch or "").result()
        self.sending = frozenset()
        unproven = there.unproven or len(verdicts) < len(items)
        return replace(there, tried=tried, unproven=unproven), safe

    def _split(
        self, ids: tuple[str, ...], hashes: Mapping[str, str], there: There, problem: Refused
    ) -> There:
        """The whole request was refused: send less at once, until the culprit is alone."""
        parcels = {parcel for id_, parcel, _, _ in self._outbox.waiting() if id_ in hashes}
        if len(parcels) > 1:
            return replace(there, parcels_at_once=len(parcels) // 2)
        reason = f"The office refused it: {problem} Nothing is lost: it is kept on this device."
        verdicts = [Verdict(id_, "refused", hashes[id_], reason=reason) for id_ in ids]
        self._outbox.settle(verdicts, there.epoch or "").result()
        return replace(there, tried=there.tried | frozenset(ids))

    def _pull(self, cursor: int) -> bool:
        """Apply one page; whether it was the last."""
        page = self._network.caseload(cursor)
        if page["more"] and page["cursor"] <= cursor:
            raise Strange(CANNOT_READ)  # it would never end
        try:
            self._caseload.apply(page).result()
        except (KeyError, TypeError, ValueError) as error:
            raise Strange(CANNOT_READ) from error
        return not page["more"]

    def _fetch_packs(self) -> None:
        offered = self._store.document("packs-offered")
        try:
            self._caseload.put_packs(self._network.packs(), offered).result()
        except (KeyError, TypeError, ValueError) as error:
            raise Strange(CANNOT_READ) from error

    def _plan_next(self) -> None:
        problem = self.last.problem
        self.held_back = isinstance(problem, Busy)
        if problem is None:
            self._failures, self.try_again_at = 0, None
            return
        self._failures += 1
        if isinstance(problem, TransportProblem) and not isinstance(problem, Offline):
            asked = problem.retry_after if isinstance(problem, Busy) else 0.0
            seconds = wait_after(self._failures, self._random(), asked)
        else:
            seconds = look_again_after(self._failures, self._random())
        self.planned_wait = seconds
        self.try_again_at = self._now() + timedelta(seconds=seconds)
