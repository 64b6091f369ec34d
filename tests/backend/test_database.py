"""What the databases hold to: one schema, a record that is fixed, an order of commits."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from backend import audit, feed, intake, migrations, rebuild, worker
from backend.tables import Table
from shared import facts

WET = facts.Answer(item="SLP-05", value="wet", about="ada")
ACTION = audit.Action(actor="someone", action="tested", objects={"thing": "x"}, fields=["b", "a"])


def write(world: Any, *actions: audit.Action) -> None:
    with world.db.writing() as session:
        audit.append(session, datetime.now(UTC), actions)
        session.commit()


def broken(world: Any) -> list[tuple[int, str]]:
    with world.db.reading() as session:
        return [(each.seq, each.wrong) for each in audit.verify(session)]


def meddle(world: Any, *statements: str) -> None:
    """Change the audit behind our back, as someone with the database's own rights could."""
    with world.db.engine.execution_options(writing=True).begin() as connection:
        for name in ("audit_update", "audit_delete"):
            on = "" if world.db.is_sqlite else " ON audit"
            connection.execute(text(f"DROP TRIGGER {name}{on}"))
        for statement in statements:
            connection.execute(text(statement))


def test_the_migrated_schema_is_the_models(world: Any) -> None:
    with world.db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Table.metadata) == []


def test_every_migration_goes_down_and_up_again(world: Any) -> None:
    migrations.downgrade(world.db.engine, "base")
    with world.db.engine.connect() as connection:
        left = set(world.db.engine.dialect.get_table_names(connection))
    assert left == {"alembic_version"}
    assert not migrations.is_current(world.db.engine)
    migrations.upgrade(world.db.engine)
    migrations.upgrade(world.db.engine)
    assert migrations.is_current(world.db.engine)


def test_families_judged_before_learn_what_their_latest_visit_left_open(world: Any) -> None:
    world.family("h1")
    world.take("h1", world.visit())
    before = world.row("h1").left_open
    assert "R01" in before
    migrations.downgrade(world.db.engine, "0001")
    migrations.upgrade(world.db.engine)
    assert world.row("h1").left_open == ""
    book, now = world.office.book, datetime.now(UTC)
    worker.tick(world.db, book, lambda: now)
    assert world.row("h1").left_open == before
    with world.db.writing() as session:
        assert rebuild.again(session, "h1", book, now, replace=False) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = 'nobody'",
        "DELETE FROM audit",
        "UPDATE events SET document = sha256",
        "UPDATE events SET received_at = at",
        "DELETE FROM events",
    ],
)
def test_the_record_refuses_to_be_changed(world: Any, statement: str) -> None:
    world.family("h1")
    if "document" in statement and not world.db.is_sqlite:
        statement = "UPDATE events SET document = ''::bytea"
    with (
        world.db.writing() as session,
        pytest.raises(DBAPIError, match="the record is never changed"),
    ):
        session.execute(text(statement))


def test_a_whole_audit_verifies(world: Any) -> None:
    write(world, *[ACTION] * 5)
    write(world, ACTION)
    assert broken(world) == []


def test_an_audit_row_that_was_changed_is_named(world: Any) -> None:
    write(world, *[ACTION] * 5)
    meddle(world, "UPDATE audit SET actor = 'nobody' WHERE seq = 3")
    assert broken(world) == [(3, "changed")]


def test_audit_rows_that_were_removed_are_named(world: Any) -> None:
    write(world, *[ACTION] * 6)
    meddle(world, "DELETE FROM audit WHERE seq IN (2, 6)")
    assert broken(world) == [(2, "missing"), (6, "missing")]


def test_eight_writers_make_one_chain(world: Any) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: write(world, ACTION, ACTION), range(24)))
    assert broken(world) == []
    assert world.counts()["audit"] == 48


def test_eight_writers_of_families_all_get_through(world: Any) -> None:
    def one(n: int) -> str:
        world.family(f"h{n}")
        return world.take(f"h{n}", world.visit(WET))[0].state

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(one, range(16))) == ["stored"] * 16
    cursors = [row["cursor"] for row in world.rows("events")]
    assert len(set(cursors)) == 32


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_places_in_the_feed_are_given_in_the_order_of_commits(world: Any) -> None:
    """Two real connections. The first takes its places and waits before its commit; the second
    cannot take any until then, so whoever reads in between never skips the first one's."""
    world.family("h1")
    world.family("h2")
    started, seen = threading.Event(), world.rows("head")[0]["cursor"]

    def accept(session: Session, household: str) -> None:
        sent = [world.sent(household, world.visit(WET))]
        now = datetime(2026, 11, 18, 12, tzinfo=UTC)
        book, actor = world.office.book, world.actor("hv-amara")
        intake.accept(session, sent, actor=actor, book=book, now=now)

    def second() -> None:
        with world.db.writing() as session:
            started.set()
            accept(session, "h2")
            session.commit()

    with world.db.writing() as session:
        accept(session, "h1")
        other = threading.Thread(target=second)
        other.start()
        started.wait(5)
        blocked = wait_until_blocked(world)
        between = pulled(world, seen)
        session.commit()
    other.join(10)
    assert blocked
    assert between == []
    by_cursor = sorted(world.rows("events"), key=lambda row: row["cursor"])
    assert [row["household"] for row in by_cursor[-2:]] == ["h1", "h2"]
    assert len(pulled(world, seen)) == 2


def wait_until_blocked(world: Any) -> bool:
    """Wait until a connection waits for another one's lock."""
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    limit = threading.Event()
    for _ in range(500):
        with world.db.engine.connect() as connection:
            if connection.execute(waiting).scalar_one():
                return True
        limit.wait(0.01)
    return False


def pulled(world: Any, cursor: int) -> list[Any]:
    with world.db.reading() as session:
        return feed.after(session, world.actor("hv-amara"), cursor).events


def test_a_feed_in_small_pages_gives_each_change_once(world: Any) -> None:
    for n in range(6):
        world.family(f"h{n}")
    world.take("h0", *[world.visit(WET) for _ in range(20)])
    actor, cursor, events = world.actor("hv-amara"), 0, []
    with world.db.reading() as session:
        while True:
            page = feed.after(session, actor, cursor, limit=7)
            events += [each["document"]["id"] for each in page.events]
            cursor = page.cursor
            if not page.more:
                break
        assert feed.after(session, actor, cursor).events == []
    assert sorted(events) == sorted(row["id"] for row in world.rows("events"))


def test_a_family_handed_over_comes_whole_to_a_phone_that_has_read_further(world: Any) -> None:
    from backend import caseload

    world.family("h1")
    world.take("h1", world.visit(WET))
    world.family("h2", by="hv-bola")
    bola = world.actor("hv-bola")
    with world.db.reading() as session:
        read_to = feed.after(session, bola, 0).cursor
    world.assign("h1", "hv-bola")
    with world.db.reading() as session:
        page = feed.after(session, bola, read_to)
    assert [each["id"] for each in page.households] == ["h1"]
    assert (len(page.events), len(page.escalations)) == (2, 1)
    with world.db.writing() as session:
        caseload.unassign(session, "h1", "hv-bola", by="test", now=datetime.now(UTC))
        session.commit()
    with world.db.reading() as session:
        page = feed.after(session, bola, page.cursor)
    assert (page.gone, page.events) == (["h1"], [])


def test_handing_families_over_while_visits_come_in_blocks_nobody(world: Any) -> None:
    world.family("h1")

    def hand_over(_: int) -> str:
        world.assign("h1", "hv-bola")
        return "stored"

    def visit(_: int) -> str:
        return str(world.take("h1", world.visit(WET))[0].state)

    with ThreadPoolExecutor(6) as pool:
        done = [pool.submit(work, n) for n in range(8) for work in (hand_over, visit)]
        assert {each.result() for each in done} == {"stored"}
    cursors = [row["cursor"] for table in ("events", "escalations") for row in world.rows(table)]
    assert len(set(cursors)) == len(cursors)
