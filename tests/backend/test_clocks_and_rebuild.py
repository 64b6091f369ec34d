"""What time alone raises, and that everything stored can be judged again from the events."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from backend import escalations, rebuild, worker
from shared import engine, facts

WET = facts.Answer(item="SLP-05", value="wet", about="ada")


def refused(world: Any) -> Any:
    """A family with a no-access plan, at whose door she was refused an hour ago."""
    world.family("h1")
    plan = facts.PlanStarted(
        id=world.id(),
        at=world.recorded("h1").at,
        received_at=world.recorded("h1").at,
        by="hv-amara",
        agency="health_visiting",
        plan="p1",
        kind="child_protection",
        children=("ada",),
        no_access=facts.NoAccess(),
    )
    [_, receipt] = world.take("h1", plan, world.visit(door="refused"))
    assert receipt.state == "stored"
    return receipt.received_at


def tick(world: Any, now: Any) -> int:
    return worker.tick(world.db, world.office.book, lambda: now)


def rules(world: Any) -> list[str]:
    return sorted(row["rule"] for row in world.rows("escalations"))


def check(world: Any, *, replace: bool = False) -> list[str]:
    with world.db.writing() as session:
        now = world.row("h1").clocks_at
        found = rebuild.again(session, "h1", world.office.book, now, replace=replace)
        session.commit()
    return [each.what for each in found]


def test_an_action_not_done_in_time_is_raised_as_of_its_due_time(world: Any) -> None:
    received = refused(world)
    on_arrival = rules(world).count("R18")  # the hour for the call was over when it arrived
    late = received + timedelta(hours=30)  # nobody ran the worker for more than a day
    assert tick(world, late) == 1
    with world.db.reading() as session:
        page = escalations.queue(session, world.actor("tm-ruth"))
    overdue = [item for item in page.items if item.rule == "R18"]
    assert len(overdue) > on_arrival
    assert all(item.raised_at < late - timedelta(hours=9) for item in overdue)
    assert check(world) == []


def test_a_ladder_climbs_while_nobody_answers(world: Any) -> None:
    received = refused(world)
    tick(world, received + timedelta(minutes=31))
    with world.db.reading() as session:
        page = escalations.queue(session, world.actor("tm-ruth"))
        [item] = [item for item in page.items if item.rule == "R03"]
        view = escalations.one(session, world.actor("tm-ruth"), item.id)
    assert [each.role for each in view.told] == ["team_manager", "service_manager"]
    assert view.told[1].at == received + timedelta(minutes=30)
    assert item.rung == "service_manager"
    assert item.version == 2


def test_a_tick_with_nothing_due_writes_nothing(world: Any) -> None:
    received = refused(world)
    tick(world, received + timedelta(seconds=1))
    before = world.counts()
    assert tick(world, received + timedelta(seconds=2)) == 0
    assert world.counts() == before


def test_ticks_at_any_moments_come_to_the_same(world_with: Any) -> None:
    often, once = world_with(), world_with()
    received, same = refused(often), refused(once)
    assert received == same
    for hours in range(0, 96, 5):
        tick(often, received + timedelta(hours=hours))
    for world in (often, once):
        tick(world, received + timedelta(hours=96))
    facts_of = [
        sorted((row["id"], str(row["next_due"]), row["rung"]) for row in world.rows("escalations"))
        for world in (often, once)
    ]
    assert facts_of[0] == facts_of[1]
    told = [
        sorted((row["escalation"], row["role"], str(row["at"])) for row in world.rows("told"))
        for world in (often, once)
    ]
    assert told[0] == told[1]


def test_several_workers_move_each_family_once(world: Any) -> None:
    for n in range(12):
        world.family(f"h{n}")
        world.take(f"h{n}", world.visit(WET))
    late = world.row("h11").received_at + timedelta(days=3)
    with ThreadPoolExecutor(4) as pool:
        moved = list(pool.map(lambda _: tick(world, late), range(4)))
    assert sum(moved) >= 12
    told = [(row["escalation"], row["role"]) for row in world.rows("told")]
    assert len(told) == len(set(told))
    with world.db.reading() as session:
        assert worker.due(session, late) == 0


def test_clocks_that_fail_put_the_family_in_front_of_a_person_once(
    world: Any, monkeypatch: Any
) -> None:
    received = refused(world)
    monkeypatch.setattr(engine, "advance", lambda *_: 1 / 0)
    for minutes in (31, 40, 50):
        assert tick(world, received + timedelta(minutes=minutes)) == 1
    failed = [row for row in world.rows("escalations") if row["rule"] == "R00"]
    assert len(failed) == 1
    assert failed[0]["rank"] == 0


def test_rebuild_finds_what_is_not_what_the_events_say_and_puts_it_right(world: Any) -> None:
    received = refused(world)
    tick(world, received + timedelta(hours=30))
    assert check(world) == []
    with world.db.writing() as session:
        session.execute(text("UPDATE escalations SET level = 'L', rank = 3 WHERE rule = 'R03'"))
        session.execute(text("DELETE FROM told WHERE role = 'service_manager'"))
        session.execute(text("UPDATE households SET name = 'Someone else'"))
        session.commit()
    found = check(world)
    assert "household.name" in found
    assert any(each.startswith("escalation ") for each in found)
    assert any(each.startswith("told service_manager") for each in found)
    check(world, replace=True)
    assert check(world) == []


def test_rebuild_never_closes_what_no_event_sets_off_any_more(world: Any) -> None:
    refused(world)
    with world.db.writing() as session:
        session.execute(
            text(
                "INSERT INTO escalations (id, household, rule, level, rank, open, raised_at,"
                " received_at, next_due, rung, document, version, cursor)"
                " SELECT 'left-over', household, rule, level, rank, open, raised_at,"
                " received_at, next_due, rung, document, version, 999 FROM escalations"
                " WHERE rule = 'R03'"
            )
        )
        session.commit()
    assert any("left-over" in each for each in check(world))
    check(world, replace=True)
    assert "left-over" in {row["id"] for row in world.rows("escalations")}


def test_the_clock_of_the_office_stepping_back_changes_no_order(world: Any) -> None:
    received = refused(world)
    tick(world, received + timedelta(hours=30))
    [receipt] = world.take("h1", world.visit(WET), now=received - timedelta(hours=5))
    assert receipt.received_at > received + timedelta(hours=30)
    assert check(world) == []
