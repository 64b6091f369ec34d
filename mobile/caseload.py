"""The families on this phone: what was pulled from the office, and what was recorded here since."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mobile.outbox import Item, Outbox
from mobile.store import Store
from mobile.wording import frames
from shared import engine, packs
from shared.documents import VERSION, read_back
from shared.facts import Event, Household

LOG = logging.getLogger("threshold.caseload")
NO_CURSOR = 0


@dataclass(frozen=True, slots=True)
class Contact:
    """Someone to call: `label` says who answers."""

    label: str
    number: str


@dataclass(frozen=True, slots=True)
class History:
    """One family's facts: all that was pulled, then what was recorded here and not yet pulled.

    `unread` counts records that this version of the app cannot read: with any, an absence in
    the history proves nothing.
    """

    household: Household
    events: tuple[Event, ...]
    case: engine.Case
    unread: int = 0


class Caseload:
    """Reads of the pulled caseload, and its one write: a page, whole, with its cursor."""

    def __init__(self, store: Store, outbox: Outbox) -> None:
        self._store = store
        self._outbox = outbox
        self._books: dict[str, packs.Book] = {}
        self._kept: dict[str, History] = {}
        self._changes = 0
        self._guard = threading.Lock()

    @property
    def changes(self) -> int:
        """Grows whenever a family may read differently: what was drawn from it is then old."""
        return self._changes

    def changed(self, *households: str) -> None:
        """Say that these families may read differently now; with none named, that all may."""
        with self._guard:
            self._changes += 1
            for household in households or list(self._kept):
                self._kept.pop(household, None)

    def cursor(self) -> int:
        """How far the office's changes have been applied here."""
        return int(self._store.document("cursor") or NO_CURSOR)

    @property
    def loaded(self) -> bool:
        """Whether the first pull was ever complete; until then, no families means "not yet"."""
        return bool(self._store.document("loaded")) and self.book() is not None

    def book(self) -> packs.Book | None:
        """The checklist, rules and holidays the office sent last; None before the first pull."""
        names = self._store.document("packs-held")
        if names is None:
            return None
        wanted = "|".join(sorted(f"{kind}={name}" for kind, name in names.items()))
        if wanted not in self._books:
            self._books = {wanted: packs.from_documents(self._store.document("packs"))}
        return self._books[wanted]

    def pack_names(self) -> Mapping[str, str]:
        """The names of the packs held, by kind; empty before the first pull."""
        return self._store.document("packs-held") or {}

    def put_packs(self, documents: Mapping[str, Any], names: Mapping[str, str]) -> Future[None]:
        """Hold new packs. Drafts keep the checklist they began with, so each version stays.

        ValueError when the documents are no packs: what is held then stays.
        """
        book = packs.from_documents(documents)

        def job(db: sqlite3.Connection) -> None:
            self._store.put_document(db, "packs", dict(documents))
            self._store.put_document(db, "packs-held", dict(names))
            name = f"checklist {book.checklist.name}"
            self._store.put_document(db, name, documents["checklist"])

        return self._tell(self._store.write(job))

    def contacts(self) -> list[Contact]:
        """Whom to call, held for when there is no signal."""
        return [Contact(**each) for each in self._store.document("contacts") or []]

    def person(self, user: str) -> str:
        """A colleague's name, or the bare id where it is not known here."""
        people = self._store.document("people") or {}
        found = people.get(user)
        return str(found["name"]) if found else user

    def households(self) -> list[dict[str, Any]]:
        """The summary kept for each family: id, name, record, last visit, plans."""
        rows = self._store.read("SELECT row, sealed FROM household")
        return [self._store.unseal_doc("household", row, sealed) for row, sealed in rows]

    def household(self, household: str) -> dict[str, Any] | None:
        """The summary of one family; None when it is not on this phone."""
        row = self._store.blind("household", household)
        found = self._store.read("SELECT sealed FROM household WHERE row = ?", (row,))
        return self._store.unseal_doc("household", row, found[0][0]) if found else None

    def escalations(self, household: str | None = None) -> list[dict[str, Any]]:
        """Escalations as the office last told them: of one family, or of all."""
        row = None if household is None else self._store.blind("household", household)
        rows = self._store.read(
            "SELECT row, sealed FROM escalation WHERE ?1 IS NULL OR household = ?1", (row,)
        )
        return [self._store.unseal_doc("escalation", row, sealed) for row, sealed in rows]

    def history(self, household: str, now: datetime) -> History:
        """One family's history, with what was recorded here judged as the office will judge it.

        KeyError when the family is not on this phone.
        """
        kept = self._kept.get(household)
        if kept is not None:
            return kept
        before = self._changes
        loaded = self._load(household)
        with self._guard:  # what changed while it was read makes it old already
            if before == self._changes:
                self._kept[household] = loaded
        return loaded

    def apply(self, page: Mapping[str, Any]) -> Future[None]:
        """Apply one page of the office's changes and its cursor: all of it, or none."""
        touched = {each["document"]["household"] for each in page["events"]}
        touched |= {each["household"] for each in page["escalations"]} | set(page["gone"])
        touched |= {each["id"] for each in page["households"]}
        return self._tell(self._store.write(lambda db: self._apply(db, page)), touched)

    def note_own(self, db: sqlite3.Connection, document: Mapping[str, Any]) -> None:
        """Inside a job: bring the family's summary up to date with an event recorded here."""
        self._fold(db, str(document["household"]), [document])

    def _tell(self, future: Future[Any], touched: set[str] | None = None) -> Future[Any]:
        def tell(done: Future[Any]) -> None:
            if done.exception() is None and touched != set():
                self.changed(*(touched or ()))

        future.add_done_callback(tell)
        return future

    def _apply(self, db: sqlite3.Connection, page: Mapping[str, Any]) -> None:
        store = self._store
        for each in page["households"]:
            self._put_household(db, each["id"], dict(each))
        fresh: dict[str, list[Mapping[str, Any]]] = {}
        for each in page["events"]:
            document = each["document"]
            household, row = document["household"], store.blind("event", document["id"])
            fresh.setdefault(household, []).append(document)
            held = {"document": document, "received_at": each["received_at"]}
            db.execute(
                "INSERT OR REPLACE INTO event VALUES (?, ?, ?, ?)",
                (
                    row,
                    store.blind("household", household),
                    each["cursor"],
                    store.seal_doc("event", row, held),
                ),
            )
        for household, documents in fresh.items():
            self._fold(db, household, documents)
        for each in page["escalations"]:
            row = store.blind("escalation", each["id"])
            db.execute(
                "INSERT OR REPLACE INTO escalation VALUES (?, ?, ?)",
                (
                    row,
                    store.blind("household", each["household"]),
                    store.seal_doc("escalation", row, each),
                ),
            )
        for household in page["gone"]:
            self._forget(db, household)
        people = {each["id"]: each for each in page["people"]}
        store.put_document(db, "people", {**(store.document("people") or {}), **people})
        store.put_document(db, "contacts", page["contacts"])
        store.put_document(db, "packs-offered", page["packs"])
        store.put_document(db, "cursor", page["cursor"])
        if not page["more"]:
            store.put_document(db, "loaded", True)

    def _forget(self, db: sqlite3.Connection, household: str) -> None:
        """A family that moved away: what was downloaded goes, what was recorded here stays."""
        row = self._store.blind("household", household)
        db.execute("DELETE FROM household WHERE row = ?", (row,))
        db.execute("DELETE FROM event WHERE household = ?", (row,))
        db.execute("DELETE FROM escalation WHERE household = ?", (row,))

    def _put_household(
        self, db: sqlite3.Connection, household: str, changes: Mapping[str, Any]
    ) -> None:
        row = self._store.blind("household", household)
        found = db.execute("SELECT sealed FROM household WHERE row = ?", (row,)).fetchone()
        known = self._store.unseal_doc("household", row, found[0]) if found else {}
        doc = {"id": household, "name": "", "plans": {}, "last_visit": None, **known, **changes}
        db.execute(
            "INSERT OR REPLACE INTO household VALUES (?, ?)",
            (row, self._store.seal_doc("household", row, doc)),
        )

    def _fold(
        self, db: sqlite3.Connection, household: str, documents: Sequence[Mapping[str, Any]]
    ) -> None:
        row = self._store.blind("household", household)
        found = db.execute("SELECT sealed FROM household WHERE row = ?", (row,)).fetchone()
        summary = self._store.unseal_doc("household", row, found[0]) if found else {}
        self._put_household(db, household, folded(summary, documents))

    def _load(self, household: str) -> History:
        book = self.book()
        summary = self.household(household)
        if book is None or summary is None:
            raise KeyError(household)
        rows = self._store.read(
            "SELECT row, sealed FROM event WHERE household = ? ORDER BY cursor",
            (self._store.blind("household", household),),
        )
        held = [self._store.unseal_doc("event", row, sealed) for row, sealed in rows]
        events: list[Event] = []
        unread = 0
        for each in held:
            received_at = datetime.fromisoformat(each["received_at"])
            try:
                events.append(_checked(each["document"], received_at))
            except (KeyError, TypeError, ValueError, AttributeError):
                unread += 1
        docs = [
            {key: value for key, value in doc.items() if key != "household"}
            for doc in self.escalations(household)
        ]
        bare = Household(id=household, name=summary["name"])
        case, judged = _case(bare, book, events, docs)
        unread += len(events) - len(judged)
        pulled = {each["document"]["id"] for each in held}
        own = [item for item in self._outbox.of_household(household) if item.id not in pulled]
        for parcel in _parcels(own):
            try:
                engine.receive(case, parcel, max(event.received_at for event in parcel))
            except Exception as error:
                LOG.error("could not judge: %s\n%s", type(error).__name__, frames(error))
                unread += len(parcel)
            judged.extend(parcel)
        return History(case.household, tuple(judged), case, unread)


def _checked(document: Mapping[str, Any], received_at: datetime) -> Event:
    """An event the office checked when it came. ValueError for a version newer than this app."""
    if document["v"] != VERSION:
        raise ValueError(f"version {document['v']} of a document")
    return read_back(document, received_at)


def _case(
    household: Household, book: packs.Book, events: list[Event], docs: Sequence[Mapping[str, Any]]
) -> tuple[engine.Case, list[Event]]:
    """The family's case, and the events in it: one that the engine stumbles over is left out.

    A fault in one record must not keep her from recording the next visit.
    """
    try:
        return engine.load(household, book, events, docs, None), list(events)
    except Exception as error:
        LOG.error("could not load: %s\n%s", type(error).__name__, frames(error))
    fit: list[Event] = []
    for event in events:
        try:
            engine.load(household, book, [*fit, event], [], None)
            fit.append(event)
        except Exception as error:
            LOG.error("left a record out: %s\n%s", type(error).__name__, frames(error))
    return engine.load(household, book, fit, [], None), fit


def folded(summary: Mapping[str, Any], documents: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What the list of families shows, brought up to date with some of the family's events."""
    doc = {"plans": {}, "last_visit": None, "record": None, "recorded_at": "", **summary}
    doc["plans"] = dict(doc["plans"])
    for event in documents:
        match event["type"]:
            case "household" if _later(event["at"], doc["recorded_at"]):
                doc["record"], doc["recorded_at"] = event["household_record"], event["at"]
            case "visit" if _later(event["at"], (doc["last_visit"] or {}).get("at", "")):
                access = [a["answer"] for a in event["answers"] if a["item"] == "ACC-01"]
                doc["last_visit"] = {
                    "at": event["at"],
                    "by": event.get("by", ""),
                    "access": access[0] if access else "",
                }
            case "plan":
                plan = {**doc["plans"].get(event["plan"], {})}
                if event["action"] == "start":
                    conditions = [each["code"] for each in event.get("conditions") or []]
                    plan.update(kind=event["kind"], conditions=conditions, start=event["at"])
                else:
                    plan["end"] = event["at"]
                doc["plans"][event["plan"]] = plan
    return doc


def _later(at: str, than: str) -> bool:
    return not than or datetime.fromisoformat(at) >= datetime.fromisoformat(than)


def _parcels(items: Sequence[Item]) -> list[list[Event]]:
    """Own events grouped as they travel: a visit first, then the calls logged for it."""
    parcels: dict[str, list[Event]] = {}
    for item in sorted(items, key=lambda each: each.id != each.parcel):
        at = datetime.fromisoformat(item.document["at"])
        parcels.setdefault(item.parcel, []).append(read_back(item.document, at))
    return list(parcels.values())
