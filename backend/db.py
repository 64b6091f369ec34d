"""The database: opened safely, read in one snapshot, written by one writer at a time on SQLite."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from backend.problems import Busy

BUSY_MS = 10_000
RETRIES = 4
# To be tried again on PostgreSQL: serialisation failure, deadlock, lock not available, and a key
# that another transaction has just taken (which the next try will see and answer).
_TRY_AGAIN = ("40001", "40P01", "55P03", "23505")

Answer = TypeVar("Answer")


class Database:
    """One database, SQLite or PostgreSQL, behind the same two doors: `reading` and `writing`."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite(url) if self.is_sqlite else _postgresql(url)
        self._write_engine = self.engine.execution_options(writing=True)
        # Threads of this process queue here in turn; SQLite's own waiting is by polling.
        self._turn = threading.Lock()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session for reading; nothing it does is kept."""
        with Session(self.engine, autoflush=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session for writing; without a commit nothing it did is kept."""
        turn: AbstractContextManager[Any] = self._turn if self.is_sqlite else nullcontext()
        with turn, Session(self._write_engine) as session:
            yield session

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


def again(attempt: Callable[[], Answer]) -> Answer:
    """Return what `attempt` (one whole transaction) returns, trying again when the database asks.

    Raises Busy when it still asks after the last try: the caller may send again, nothing is lost.
    """
    for _ in range(RETRIES):
        try:
            return attempt()
        except DBAPIError as error:
            if not _asks_again(error):
                raise
    raise Busy


def insert_into(session: Session, table: type[Any]) -> postgresql.Insert | sqlite.Insert:
    """Return an insert that can say what to do on a conflict, for this session's database."""
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def _asks_again(error: DBAPIError) -> bool:
    if getattr(error.orig, "sqlstate", None) in _TRY_AGAIN:
        return True
    return isinstance(error, OperationalError) and "database is locked" in str(error.orig)


def _sqlite(url: str) -> Engine:
    path = make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        # Ours alone to read; SQLite gives its other files the same rights.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    engine = create_engine(url, connect_args={"check_same_thread": False}, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, below
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {BUSY_MS}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
        "wal_autocheckpoint = 4000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes the lock before it reads, so what it read still holds when it writes.
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _postgresql(url: str) -> Engine:
    return create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        hide_parameters=True,  # families' words have no place in error messages
        connect_args={"options": "-c timezone=UTC -c lock_timeout=10s"},
    )
