"""The sealed local store: one SQLite file, one writer thread, every sensitive value encrypted.

One tap to durable: a screen calls `Store.write(job)`; the writer thread begins a transaction, runs
the job, commits (WAL, synchronous=FULL: on the disk, not only handed over), and only then the
future is done and the screen may say "Saved". A job that fails is rolled back whole.
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

T = TypeVar("T")
Job = Callable[[sqlite3.Connection], T]

FILE = "threshold.db"
SCHEMA_VERSION = 1
RECORD_VERSION = 1
NONCE_BYTES = 12
# A long visit takes well under a megabyte; the rest is for the database's own needs.
LITTLE_SPACE = 50_000_000
KEY_CHECK = b"this key opens this store"
# Extended codes of SQLITE_IOERR share its low byte.
FULL, INPUT_OUTPUT, CORRUPT, NOT_A_DATABASE = 13, 10, 11, 26

SCHEMA = """
CREATE TABLE document (row TEXT PRIMARY KEY, sealed BLOB NOT NULL) STRICT;
CREATE TABLE household (row TEXT PRIMARY KEY, sealed BLOB NOT NULL) STRICT;
CREATE TABLE event (
  row TEXT PRIMARY KEY, household TEXT NOT NULL, cursor INTEGER NOT NULL, sealed BLOB NOT NULL
) STRICT;
CREATE INDEX event_of_household ON event (household, cursor);
CREATE TABLE escalation (
  row TEXT PRIMARY KEY, household TEXT NOT NULL, sealed BLOB NOT NULL
) STRICT;
CREATE INDEX escalation_of_household ON escalation (household);
CREATE TABLE draft (row TEXT PRIMARY KEY, household TEXT NOT NULL, sealed BLOB NOT NULL) STRICT;
CREATE TABLE answer (row TEXT PRIMARY KEY, draft TEXT NOT NULL, sealed BLOB NOT NULL) STRICT;
CREATE INDEX answer_of_draft ON answer (draft);
CREATE TABLE outbox (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  row TEXT NOT NULL UNIQUE,
  household TEXT NOT NULL,
  parcel TEXT NOT NULL,
  urgent INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'safe', 'kept', 'conflict', 'refused')),
  sha256 TEXT NOT NULL,
  for_office BLOB NOT NULL,
  sealed BLOB NOT NULL,
  status BLOB
) STRICT;
CREATE TABLE receipt (
  row TEXT NOT NULL, sha256 TEXT NOT NULL, received_at TEXT NOT NULL, epoch TEXT NOT NULL,
  PRIMARY KEY (row, sha256)
) STRICT;
-- Nothing leaves the outbox before the office has said, by its hash, that it holds the same.
CREATE TRIGGER outbox_needs_receipt BEFORE DELETE ON outbox
WHEN NOT EXISTS (SELECT 1 FROM receipt WHERE row = OLD.row AND sha256 = OLD.sha256)
BEGIN SELECT RAISE(ABORT, 'not yet safe with the office'); END;
CREATE TRIGGER receipts_stay BEFORE DELETE ON receipt
BEGIN SELECT RAISE(ABORT, 'receipts are never deleted'); END;
"""


class StoreProblem(Exception):
    """The store could not do what was asked; the words are for the person holding the phone."""


class StorageFull(StoreProblem):
    """No room, or the device refused to write: the last good state is kept."""


class StoreInUse(StoreProblem):
    """Another running copy of the app has this store open."""


class StoreDamaged(StoreProblem):
    """The file is damaged, or a record in it was tampered with: not a matter of the key."""


class WrongKey(StoreProblem):
    """The store is whole, but sealed with another key."""


class StoreClosed(StoreProblem):
    """The store was locked while something still wanted to write."""


class Store:
    """The open store. Reads may come from any thread; writes go through the one writer."""

    def __init__(self, folder: Path, key: bytes) -> None:
        """Open, or make, the store in `folder`; raises a StoreProblem that says what is wrong."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        self.folder = folder
        self.trouble = ""  # why the last write failed, in words; "" once one succeeded
        self._cipher = AESGCM(_subkey(key, b"records"))
        self._index_key = _subkey(key, b"row names")
        self._lock_file = _lock(folder / "lock")
        self._reading = threading.RLock()
        self._closing = threading.Lock()
        self._closed = False
        try:
            self._writer_db, self._reader_db = self._open(folder / FILE)
        except BaseException:
            _unlock(self._lock_file)
            raise
        self._jobs: queue.SimpleQueue[tuple[Job[Any], Future[Any]] | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._run, name="store writer", daemon=True)
        self._writer.start()

    def write(self, job: Job[T]) -> Future[T]:
        """Run `job` in one durable transaction; the future is done once it is on the disk."""
        future: Future[T] = Future()
        with self._closing:
            if self._closed:
                future.set_exception(StoreClosed("The app is locked. Unlock it and try again."))
            else:
                self._jobs.put((job, future))
        return future

    def read(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """Rows of a query over what is committed."""
        with self._reading, _problems_in_words():
            if self._closed:
                raise StoreClosed("The app is locked. Unlock it and try again.")
            return self._reader_db.execute(sql, values).fetchall()

    def seal(self, table: str, row: str, plain: bytes, column: str = "sealed") -> bytes:
        """A value sealed for this one place: moved anywhere else it will not open."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, _place(table, row, column))

    def unseal(self, table: str, row: str, sealed: bytes, column: str = "sealed") -> bytes:
        """The value sealed for this place. Raises StoreDamaged when it was not."""
        try:
            nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
            return self._cipher.decrypt(nonce, rest, _place(table, row, column))
        except (InvalidTag, ValueError):
            raise StoreDamaged(f"A record on this device is damaged ({table}).") from None

    def seal_doc(self, table: str, row: str, doc: object, column: str = "sealed") -> bytes:
        """A JSON document, sealed for this place."""
        return self.seal(table, row, json.dumps(doc, separators=(",", ":")).encode(), column)

    def unseal_doc(self, table: str, row: str, sealed: bytes, column: str = "sealed") -> Any:
        """The JSON document sealed for this place."""
        return json.loads(self.unseal(table, row, sealed, column))

    def blind(self, *names: str) -> str:
        """A row's name that tells nothing without the key: of a household, of an answer."""
        mac = HMAC(self._index_key, SHA256())
        mac.update("|".join(names).encode())
        return mac.finalize()[:16].hex()

    def document(self, row: str) -> Any:
        """One of the single documents (identity, cursor, packs ...), None when there is none."""
        found = self.read("SELECT sealed FROM document WHERE row = ?", (row,))
        return self.unseal_doc("document", row, found[0][0]) if found else None

    def put_document(self, db: sqlite3.Connection, row: str, doc: object) -> None:
        """Set a single document, inside a job."""
        db.execute(
            "INSERT OR REPLACE INTO document VALUES (?, ?)",
            (row, self.seal_doc("document", row, doc)),
        )

    def space_warning(self) -> str:
        """What to say before a visit when the phone is nearly full; "" when it is not."""
        left = shutil.disk_usage(self.folder).free
        if left >= LITTLE_SPACE:
            return ""
        return (
            f"This phone is nearly full: {left // 1_000_000} MB left. "
            "Free some space before the visit, or answers may not be saved."
        )

    def close(self) -> None:
        """Finish what was asked, then close. Asking again does nothing."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
            self._jobs.put(None)
        self._writer.join()
        with self._reading:
            self._reader_db.close()
        self._writer_db.close()
        _unlock(self._lock_file)

    def _run(self) -> None:
        while (work := self._jobs.get()) is not None:
            job, future = work
            if not future.set_running_or_notify_cancel():
                continue
            try:
                result = self._commit(job)
            except BaseException as error:  # whatever it is, it belongs to who asked
                self.trouble = str(error) if isinstance(error, StoreProblem) else self.trouble
                future.set_exception(error)
            else:
                self.trouble = ""
                future.set_result(result)

    def _commit(self, job: Job[T]) -> T:
        db = self._writer_db
        try:
            with _problems_in_words():
                db.execute("BEGIN IMMEDIATE")
                result = job(db)
                db.execute("COMMIT")
                return result
        finally:
            if db.in_transaction:
                db.execute("ROLLBACK")

    def _open(self, path: Path) -> tuple[sqlite3.Connection, sqlite3.Connection]:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        writer = _connect(path)
        try:
            with _problems_in_words():
                if writer.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                    raise StoreDamaged(DAMAGED)
                self._prepare(writer)
            self._check_key(writer)
            return writer, _connect(path)
        except BaseException:
            writer.close()
            raise

    def _prepare(self, db: sqlite3.Connection) -> None:
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA_VERSION:
            raise StoreProblem("A newer version of this app made these records. Update the app.")
        if version == 0:
            self._create(db)

    def _create(self, db: sqlite3.Connection) -> None:
        db.execute("BEGIN IMMEDIATE")
        for statement in _statements(SCHEMA):
            db.execute(statement)
        sealed = self.seal("document", "key-check", KEY_CHECK)
        db.execute("INSERT INTO document VALUES ('key-check', ?)", (sealed,))
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        db.execute("COMMIT")

    def _check_key(self, db: sqlite3.Connection) -> None:
        """Tell a wrong key from a damaged file: the file passed its own check already."""
        found = db.execute("SELECT sealed FROM document WHERE row = 'key-check'").fetchone()
        try:
            if found is not None and self.unseal("document", "key-check", found[0]) == KEY_CHECK:
                return
        except StoreDamaged:
            pass
        raise WrongKey("The records on this device were sealed with another key. Call support.")


DAMAGED = (
    "The records on this device are damaged. Nothing was deleted. "
    "Keep the app as it is and call support."
)


@contextmanager
def _problems_in_words() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in (FULL, INPUT_OUTPUT):
            raise StorageFull(
                "This phone is full: answers are not being saved. "
                "Everything saved before is kept. Free some space and try again."
            ) from error
        if code in (CORRUPT, NOT_A_DATABASE):
            raise StoreDamaged(DAMAGED) from error
        raise


def _connect(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5)
    try:
        with _problems_in_words():
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            db.execute("PRAGMA secure_delete = ON")
            db.execute("PRAGMA journal_size_limit = 4194304")
    except BaseException:
        db.close()
        raise
    return db


def _statements(script: str) -> Iterator[str]:
    """The script's statements one by one, so that they share one transaction."""
    statement = ""
    for line in script.splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _place(table: str, row: str, column: str) -> bytes:
    return f"{table}|{row}|{column}|{RECORD_VERSION}".encode()


def _subkey(key: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, None, b"threshold store 1: " + purpose).derive(key)


def _lock(path: Path) -> int:
    """Hold the lock file, or say that another copy of the app does. It dies with the process."""
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(file)
        raise StoreInUse(
            "Threshold is already open on this device. Close the other window first."
        ) from None
    return file


def _unlock(file: int) -> None:
    os.close(file)
