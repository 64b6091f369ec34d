"""A damaged store: set aside, never deleted, and every row that still opens carried into a new one.

Each row is read by itself, so that one garbled page costs only what lies on it, and each sealed
value must open under its own place before it is taken over. What was pulled comes anew from the
office; what was recorded here is what matters.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from mobile.store import FILE, NOT_A_DATABASE, Store, StoreDamaged
from mobile.wording import count_words

# Where not even the number of rows can be read: more than a phone collects in years.
MOST_ROWS = 200_000
NO_SUCH_TABLE = 1  # SQLITE_ERROR: the statement itself cannot be prepared
# The tables whose rows exist nowhere else, in an order that keeps a draft before its answers.
OURS = ("document", "draft", "answer", "receipt", "outbox")
SEALED = {"document": ("sealed",), "draft": ("sealed",), "answer": ("sealed",),
          "outbox": ("sealed", "status")}  # fmt: skip
# Made by a new store itself, or to be pulled again from the beginning.
NOT_CARRIED = ("key-check", "cursor", "loaded")


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What was carried over, in words, and where the damaged file lies now."""

    words: str
    damaged: Path
    rows: dict[str, int]


def set_aside(folder: Path, key: bytes, now: datetime) -> Salvaged:
    """Move a damaged store out of the way and carry what opens into a new one, then close it.

    The damaged file stays beside it for support. Raises a StoreProblem when the new store cannot
    be made.
    """
    damaged = folder / f"damaged-{now:%Y%m%dT%H%M%S}.db"
    for ending in ("-wal", "-shm", ""):
        beside = folder / (FILE + ending)
        if beside.exists():
            beside.rename(damaged.with_name(damaged.name + ending))
    store = Store(folder, key)
    try:
        rows = {table: _carry(store, damaged, table) for table in OURS}
    finally:
        store.close()
    records = count_words(rows["outbox"], "finished record", "finished records")
    drafts = count_words(rows["draft"], "visit in progress", "visits in progress")
    return Salvaged(
        words=(
            f"The records on this device were damaged and have been set aside. "
            f"{records} and {drafts} could be kept. Tell support before you go on."
        ),
        damaged=damaged,
        rows=rows,
    )


def _carry(store: Store, damaged: Path, table: str) -> int:
    carried = 0
    for row in _rows(damaged, table):
        if table == "document" and row["row"] in NOT_CARRIED:
            continue
        if _opens(store, table, row):
            store.write(lambda db, row=row: _insert(db, table, row)).result()  # type: ignore[misc]
            carried += 1
    return carried


def _rows(damaged: Path, table: str) -> Iterator[dict[str, Any]]:
    """Every row of a table that can still be read, one by one."""
    try:
        db = sqlite3.connect(damaged, isolation_level=None)
    except sqlite3.Error:
        return
    try:
        db.row_factory = sqlite3.Row
        for rowid in range(1, _last(db, table) + 1):
            sql = f"SELECT * FROM {table} WHERE rowid = ?"  # noqa: S608  one of OURS
            try:
                found = db.execute(sql, (rowid,)).fetchone()
            except sqlite3.DatabaseError as error:
                if error.sqlite_errorcode in (NO_SUCH_TABLE, NOT_A_DATABASE):
                    return
                continue
            if found is not None:
                yield dict(found)
    finally:
        db.close()


def _last(db: sqlite3.Connection, table: str) -> int:
    try:
        sql = f"SELECT max(rowid) FROM {table}"  # noqa: S608  one of OURS
        return int(db.execute(sql).fetchone()[0] or 0)
    except sqlite3.DatabaseError:
        return MOST_ROWS


def _opens(store: Store, table: str, row: dict[str, Any]) -> bool:
    try:
        for column in SEALED.get(table, ()):
            if row[column] is not None:
                store.unseal(table, str(row["row"]), row[column], column)
    except (StoreDamaged, TypeError):
        return False
    return True


def _insert(db: sqlite3.Connection, table: str, row: dict[str, Any]) -> None:
    columns = ", ".join(row)
    places = ", ".join("?" * len(row))
    sql = f"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({places})"  # noqa: S608  our columns
    db.execute(sql, tuple(row.values()))
