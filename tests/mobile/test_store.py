"""The sealed store: durable, private, whole, and honest about what went wrong."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from concurrent.futures import wait
from pathlib import Path
from types import SimpleNamespace

import pytest

from mobile.store import (
    FILE,
    StorageFull,
    Store,
    StoreClosed,
    StoreDamaged,
    StoreProblem,
    WrongKey,
)

KEY = bytes(range(32))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path / "phone", KEY)
    yield made
    made.close()


def put(store: Store, row: str, plain: bytes) -> None:
    put_soon(store, row, plain).result()


def put_soon(store: Store, row: str, plain: bytes):  # type: ignore[no-untyped-def]
    def job(db: sqlite3.Connection) -> None:
        sealed = store.seal("answer", row, plain)
        db.execute("INSERT OR REPLACE INTO answer VALUES (?, 'd', ?)", (row, sealed))

    return store.write(job)


def get(store: Store, row: str) -> bytes:
    return store.unseal(
        "answer", row, store.read("SELECT sealed FROM answer WHERE row = ?", (row,))[0][0]
    )


def test_what_was_written_is_there_in_a_new_process(tmp_path: Path) -> None:
    first = Store(tmp_path / "phone", KEY)
    put(first, "a", b"seen")
    first.close()
    again = Store(tmp_path / "phone", KEY)
    assert get(again, "a") == b"seen"
    again.close()


def test_every_commit_reaches_the_disk(store: Store) -> None:
    pragmas = store.write(
        lambda db: [
            db.execute(f"PRAGMA {p}").fetchone()[0] for p in ("journal_mode", "synchronous")
        ]
    )
    assert pragmas.result() == ["wal", 2]


def test_the_folder_and_its_files_are_private(store: Store) -> None:
    put(store, "a", b"x")
    assert store.folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o077 for path in store.folder.iterdir()} == {0}


def test_a_failing_job_changes_nothing_and_the_next_one_works(store: Store) -> None:
    def job(db: sqlite3.Connection) -> None:
        db.execute("INSERT INTO answer VALUES ('half', 'd', x'00')")
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        store.write(job).result()
    assert store.read("SELECT * FROM answer") == []
    put(store, "a", b"x")
    assert get(store, "a") == b"x"


def test_writes_of_many_threads_are_all_kept(store: Store) -> None:
    futures = []

    def writing(thread: int) -> None:
        futures.extend(put_soon(store, f"{thread}-{n}", b"x") for n in range(50))

    threads = [threading.Thread(target=writing, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wait(futures)
    assert store.read("SELECT count(*) FROM answer")[0][0] == 200


def test_closing_finishes_what_was_asked_and_refuses_more(tmp_path: Path) -> None:
    store = Store(tmp_path / "phone", KEY)
    futures = [put_soon(store, str(n), b"x") for n in range(100)]
    store.close()
    assert all(future.exception() is None for future in futures)
    with pytest.raises(StoreClosed):
        put(store, "late", b"x")
    with pytest.raises(StoreClosed):
        store.read("SELECT 1")


def test_a_second_copy_of_the_app_is_refused_in_words(store: Store) -> None:
    code = (
        "import sys; from pathlib import Path; from mobile.store import Store, StoreInUse\n"
        "try: Store(Path(sys.argv[1]), bytes(range(32)))\n"
        "except StoreInUse as why: sys.exit(str(why))\n"
    )
    second = subprocess.run(
        [sys.executable, "-c", code, store.folder], capture_output=True, text=True, check=False
    )
    assert second.returncode == 1
    assert "already open" in second.stderr
    put(store, "a", b"still mine")


def test_the_lock_dies_with_its_process(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from mobile.store import Store\n"
        "Store(Path(sys.argv[1]), bytes(range(32))); os.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", code, tmp_path / "phone"], check=False)
    Store(tmp_path / "phone", KEY).close()


def test_a_wrong_key_is_told_from_a_damaged_file(tmp_path: Path) -> None:
    store = Store(tmp_path / "phone", KEY)
    for n in range(200):
        put_soon(store, str(n), bytes(400))
    store.close()
    with pytest.raises(WrongKey, match="another key"):
        Store(tmp_path / "phone", bytes(32))
    path = tmp_path / "phone" / FILE
    raw = bytearray(path.read_bytes())
    raw[8192:12288] = os.urandom(4096)
    path.write_bytes(raw)
    with pytest.raises(StoreDamaged, match="Nothing was deleted"):
        Store(tmp_path / "phone", KEY)
    path.write_bytes(b"not a database, whatever it is" * 400)
    with pytest.raises(StoreDamaged):
        Store(tmp_path / "phone", KEY)
    assert path.exists()


def test_a_store_of_a_newer_app_is_left_alone(tmp_path: Path) -> None:
    store = Store(tmp_path / "phone", KEY)
    store.write(lambda db: db.execute("PRAGMA user_version = 99")).result()
    store.close()
    with pytest.raises(StoreProblem, match="newer version"):
        Store(tmp_path / "phone", KEY)


def test_values_moved_to_another_place_do_not_open(store: Store) -> None:
    put(store, "a", b"clean")
    put(store, "b", b"foul")
    store.write(
        lambda db: db.execute(
            "UPDATE answer SET sealed = (SELECT sealed FROM answer WHERE row = 'b') WHERE row = 'a'"
        )
    ).result()
    with pytest.raises(StoreDamaged):
        get(store, "a")
    sealed = store.seal("answer", "a", b"x")
    elsewhere = [("draft", "a", "sealed"), ("answer", "b", "sealed"), ("answer", "a", "status")]
    for table, row, column in elsewhere:
        with pytest.raises(StoreDamaged):
            store.unseal(table, row, sealed, column)


@pytest.mark.parametrize("where", [0, 12, 20, -1])
def test_a_changed_byte_is_noticed(store: Store, where: int) -> None:
    sealed = bytearray(store.seal("answer", "a", b"some words"))
    sealed[where] ^= 1
    with pytest.raises(StoreDamaged):
        store.unseal("answer", "a", bytes(sealed))
    with pytest.raises(StoreDamaged):
        store.unseal("answer", "a", b"short")


def test_nothing_leaves_the_outbox_without_a_receipt_of_the_same_hash(store: Store) -> None:
    def add(db: sqlite3.Connection) -> None:
        db.execute(
            "INSERT INTO outbox (row, household, parcel, urgent, state, sha256, for_office, sealed)"
            " VALUES ('v', 'h', 'v', 0, 'safe', 'aa', x'00', x'00')"
        )
        db.execute("INSERT INTO receipt VALUES ('v', 'another hash', 'now', 'e')")

    store.write(add).result()
    delete = "DELETE FROM outbox"
    with pytest.raises(sqlite3.IntegrityError, match="not yet safe"):
        store.write(lambda db: db.execute(delete)).result()
    with pytest.raises(sqlite3.IntegrityError, match="never deleted"):
        store.write(lambda db: db.execute("DELETE FROM receipt")).result()
    store.write(
        lambda db: db.execute("INSERT INTO receipt VALUES ('v', 'aa', 'now', 'e')")
    ).result()
    store.write(lambda db: db.execute(delete)).result()
    assert store.read("SELECT * FROM outbox") == []


def test_a_full_phone_keeps_the_last_good_state_and_says_so(store: Store) -> None:
    put(store, "a", b"first")
    pages = store.write(lambda db: db.execute("PRAGMA page_count").fetchone()[0]).result()
    store.write(lambda db: db.execute(f"PRAGMA max_page_count = {pages}")).result()
    with pytest.raises(StorageFull, match="not being saved"):
        put(store, "b", bytes(100_000))
    assert "full" in store.trouble
    assert get(store, "a") == b"first"
    store.write(lambda db: db.execute("PRAGMA max_page_count = 1000000")).result()
    assert store.trouble == ""
    put(store, "b", bytes(100_000))
    assert len(get(store, "b")) == 100_000


def test_no_room_for_the_files_themselves(tmp_path: Path) -> None:
    code = textwrap.dedent("""
        import os, resource, signal, sys
        from pathlib import Path
        from mobile.store import Store, StorageFull
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        store = Store(Path(sys.argv[1]), bytes(range(32)))
        def put(n):
            row = f"row{n}"
            sealed = store.seal("answer", row, os.urandom(900))
            store.write(lambda db: db.execute(
                "INSERT INTO answer VALUES (?, 'd', ?)", (row, sealed))).result()
        limit = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, limit[1]))
        n = 0
        try:
            while True:
                put(n); n += 1
        except StorageFull as full:
            print(n, store.trouble == str(full))
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        put("after"); store.close()
    """)
    child = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "phone"], capture_output=True, text=True, check=True
    )
    saved, said = child.stdout.split()
    assert int(saved) > 20
    assert said == "True"
    store = Store(tmp_path / "phone", KEY)
    assert store.read("SELECT count(*) FROM answer")[0][0] == int(saved) + 1
    store.close()


WRITER = """
import sys
from pathlib import Path
from mobile.store import Store
store = Store(Path(sys.argv[1]), bytes(range(32)))
start = int(sys.argv[2])
def put(n):
    row = f"r{n}"
    sealed = store.seal("answer", row, str(n).encode() * 50)
    sql = "INSERT INTO answer VALUES (?, 'd', ?)"
    return store.write(lambda db: db.execute(sql, (row, sealed)))
for n in range(start, start + 100000):
    put(n).result()
    sys.stdout.write(f"{n}\\n"); sys.stdout.flush()
"""


def test_kill_at_random_moments_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    chance = random.Random(2)
    folder = tmp_path / "phone"
    acknowledged: list[int] = []
    for _ in range(40):
        child = subprocess.Popen(
            [sys.executable, "-c", WRITER, folder, str(len(acknowledged))],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert child.stdout is not None
        for _ in range(chance.randrange(1, 120)):
            acknowledged.append(int(child.stdout.readline()))
        child.send_signal(signal.SIGKILL)
        # What it acknowledged before the signal reached it counts as well.
        acknowledged.extend(int(line) for line in child.stdout.read().splitlines() if line)
        child.wait()
        child.stdout.close()
        store = Store(folder, KEY)
        held = {row for (row,) in store.read("SELECT row FROM answer")}
        lost = [n for n in acknowledged if f"r{n}" not in held]
        # One more than acknowledged may be there: committed, and killed before saying so.
        for extra in held - {f"r{n}" for n in acknowledged}:
            acknowledged.append(int(extra[1:]))
        store.close()
        assert lost == []
    assert len(acknowledged) > 1000


def test_one_tap_is_one_small_commit(store: Store) -> None:
    before = (store.folder / (FILE + "-wal")).stat().st_size
    put(store, "a", b"an answer of some forty bytes, sealed and bound")
    grown = (store.folder / (FILE + "-wal")).stat().st_size - before
    assert grown <= 4 * (4096 + 24)


def test_a_nearly_full_phone_is_told_before_the_visit(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert store.space_warning() == ""
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=12_345_678))
    assert store.space_warning().startswith("This phone is nearly full: 12 MB left.")
