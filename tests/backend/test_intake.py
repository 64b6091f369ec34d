"""The one way in: once, whole, in one transaction, whatever is sent and however often."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

from backend import audit, escalations, intake
from backend.db import again
from shared import engine, facts, wire

NOW_STEP = timedelta(seconds=1)
WET = facts.Answer(item="SLP-05", value="wet", about="ada")


def test_an_event_is_stored_whole_and_its_receipt_names_its_hash(world: Any) -> None:
    world.family("h1")
    visit = world.visit(WET)
    [receipt] = world.take("h1", visit)
    [row] = [each for each in world.rows("events") if each["type"] == "visit"]
    raw = wire.encode(wire.event_to_doc("h1", visit))
    assert receipt.state == "stored"
    assert bytes(row["document"]) == raw
    assert receipt.sha256 == row["sha256"] == wire.content_hash(raw)


def test_sending_again_changes_nothing_and_gives_the_same_receipt(world: Any) -> None:
    world.family("h1")
    visit = world.visit(WET)
    [first] = world.take("h1", visit)
    before = world.counts()
    [second] = world.take("h1", visit)
    assert replace(first, state="already") == second
    assert world.counts() == before


def test_ten_parallel_sends_make_one_row(world: Any) -> None:
    world.family("h1")
    visit = world.visit(WET)
    with ThreadPoolExecutor(10) as pool:
        receipts = list(pool.map(lambda _: again(lambda: world.take("h1", visit))[0], range(10)))
    assert sorted(each.state for each in receipts) == ["already"] * 9 + ["stored"]
    assert len({each.received_at for each in receipts}) == 1
    assert len([row for row in world.rows("events") if row["id"] == visit.id]) == 1
    assert len(world.rows("escalations")) == 1


def test_ten_parallel_sends_of_a_new_family_make_one_family(world: Any) -> None:
    recorded = world.recorded("h1")
    with ThreadPoolExecutor(10) as pool:
        receipts = list(pool.map(lambda _: again(lambda: world.take("h1", recorded))[0], range(10)))
    assert sorted(each.state for each in receipts) == ["already"] * 9 + ["stored"]
    assert world.counts()["households"] == world.counts()["assignments"] == 1


def test_the_same_id_with_other_content_changes_nothing_and_both_are_kept(world: Any) -> None:
    world.family("h1")
    visit = world.visit(WET)
    world.take("h1", visit)
    before = {name: world.rows(name) for name in ("events", "escalations", "told", "households")}
    other = replace(visit, answers=(visit.answers[0],))
    [receipt] = world.take("h1", other)
    [again_] = world.take("h1", other)
    assert (receipt.state, again_.state) == ("conflict", "conflict")
    assert {name: world.rows(name) for name in before} == before
    [held] = world.rows("held_items")
    assert held["conflict_with"] == visit.id
    assert bytes(held["raw"]) == wire.encode(wire.event_to_doc("h1", other))


def test_one_bad_item_does_not_block_the_others(world: Any) -> None:
    world.family("h1")
    bad = world.visit(facts.Answer(item="SLP-05", value="soggy", about="ada"))
    receipts = world.take("h1", world.visit(WET), bad, world.visit())
    assert [each.state for each in receipts] == ["stored", "kept", "stored"]
    assert receipts[1].problem is not None
    assert receipts[1].problem.code == "does_not_fit"
    assert "SLP-05" in receipts[1].problem.message


def test_the_received_time_of_a_family_only_grows(world: Any) -> None:
    world.family("h1")
    moments = [world.take("h1", world.visit())[0].received_at for _ in range(5)]  # one frozen now
    assert moments == sorted(set(moments))


def test_what_came_together_has_one_received_time(world: Any) -> None:
    receipts = world.take("h1", world.visit(), world.recorded("h1"), world.visit(WET))
    assert {each.state for each in receipts} == {"stored"}
    assert len({each.received_at for each in receipts}) == 1


def test_one_request_for_many_families(world: Any) -> None:
    names = [f"h{n}" for n in range(5)]
    sent = [world.sent(name, world.recorded(name)) for name in names]
    sent += [world.sent(name, world.visit(WET)) for name in names]
    with world.db.writing() as session:
        receipts = intake.accept(
            session,
            sent,
            actor=world.actor("hv-amara"),
            book=world.office.book,
            now=sent[0].event.received_at,
        )
        session.commit()
    assert {each.state for each in receipts} == {"stored"}
    assert len(world.rows("escalations")) == 5


def test_a_family_of_someone_else_is_kept_for_a_supervisor(world: Any) -> None:
    world.family("h1", by="sw-jon")
    [receipt] = world.take("h1", world.visit(WET))
    assert (receipt.state, receipt.problem.code) == ("kept", "out_of_scope")
    assert [row["type"] for row in world.rows("events")] == ["household"]
    assert world.rows("held_items")[0]["household"] == "h1"


def test_a_family_held_once_may_still_be_written_for(world: Any) -> None:
    from backend import caseload

    world.family("h1")
    with world.db.writing() as session:
        caseload.unassign(session, "h1", "hv-amara", by="test", now=NOW_OF(world))
        session.commit()
    [receipt] = world.take("h1", world.visit(WET))
    assert receipt.state == "stored"


def NOW_OF(world: Any) -> Any:
    return world.row("h1").received_at + NOW_STEP


UNFIT = (
    ({"by": "hv-bola"}, "wrong_author"),
    ({"agency": "police"}, "wrong_agency"),
    ({"id": "not-a-uuid"}, "wrong_id"),
    ({"checklist": "other/1"}, "does_not_fit"),
    ({"answers": ()}, "does_not_fit"),
)


def test_what_an_event_may_not_say(world: Any) -> None:
    world.family("h1")
    for change, code in UNFIT:
        [receipt] = world.take("h1", replace(world.visit(), **change))
        assert (receipt.state, receipt.problem.code) == ("kept", code)


def test_a_practitioner_may_not_decide(world: Any) -> None:
    world.family("h1")
    visit = world.visit(WET)
    world.take("h1", visit)
    values = {"at": visit.at, "received_at": visit.at, "agency": "health_visiting"}
    decision = facts.Decision(
        id=world.id(),
        by="hv-amara",
        kind="decide",
        role="team_manager",
        rule="R26",
        on=visit.id,
        **values,
    )
    [receipt] = world.take("h1", decision)
    assert (receipt.state, receipt.problem.code) == ("kept", "not_allowed")
    assert [row["open"] for row in world.rows("escalations")] in ([True], [1])


def test_an_event_from_a_fast_clock_counts_from_its_receipt(world: Any) -> None:
    world.family("h1")
    visit = world.visit(WET)
    ahead = replace(visit, at=visit.at + timedelta(days=3))
    [receipt] = world.take("h1", ahead)
    with world.db.reading() as session:
        [item] = escalations.queue(session, world.actor("tm-ruth")).items
    assert receipt.state == "stored"
    assert item.raised_at == receipt.received_at


def test_rules_that_fail_never_keep_an_event_out(world: Any, monkeypatch: Any) -> None:
    world.family("h1")
    bad, good = world.visit(WET), world.visit(WET)
    real = engine.receive

    def fails_on_one(case: Any, events: Any, at: Any) -> Any:
        if any(event.id == bad.id for event in events):
            raise ZeroDivisionError("a fault in a rule")
        return real(case, events, at)

    monkeypatch.setattr(engine, "receive", fails_on_one)
    receipts = world.take("h1", bad, good)
    assert [each.state for each in receipts] == ["stored", "stored"]
    with world.db.reading() as session:
        page = escalations.queue(session, world.actor("tm-ruth"))
    assert [item.failed for item in page.items] == [True, False]
    assert page.items[0].rule == "R00"
    flagged = [row["id"] for row in world.rows("events") if row["rules_failed"]]
    assert flagged == [bad.id]


def test_what_the_rules_failed_on_is_acknowledged_and_decided_like_the_rest(
    world: Any, monkeypatch: Any
) -> None:
    world.family("h1")
    bad = world.visit(WET)
    with monkeypatch.context() as patch:
        patch.setattr(engine, "receive", lambda *_: 1 / 0)
        [receipt] = world.take("h1", bad)
    assert receipt.state == "stored"
    ruth, book, now = world.actor("tm-ruth"), world.office.book, receipt.received_at + NOW_STEP
    with world.db.writing() as session:
        [item] = escalations.queue(session, ruth).items
        escalations.acknowledge(session, ruth, item.id, version=1, book=book, now=now)
        escalations.decide(
            session, ruth, item.id, version=2, reason="I read it.", book=book, now=now + NOW_STEP
        )
        session.commit()
    with world.db.reading() as session:
        assert escalations.queue(session, ruth).items == []
        [decided] = escalations.queue(session, ruth, state="decided").items
    assert decided.failed
    assert decided.decided_by_name == "Ruth"


def test_there_is_one_audit_row_for_each_accepted_action(world: Any) -> None:
    world.family("h1")  # 1
    visit = world.visit(WET)
    world.take("h1", visit)  # 2
    world.take("h1", visit)  # nothing new
    world.take("h1", replace(visit, answers=(visit.answers[0],)))  # 3: kept
    world.take("h1", replace(visit, answers=(visit.answers[0],)))  # kept before
    world.take("h1", world.visit(), world.visit())  # 4, 5
    actions = [row["action"] for row in sorted(world.rows("audit"), key=lambda row: row["seq"])]
    assert actions == [
        "household.stored",
        "visit.stored",
        "item.kept",
        "visit.stored",
        "visit.stored",
    ]
    with world.db.reading() as session:
        assert audit.verify(session) == []


def test_the_audit_holds_names_of_fields_and_no_words_of_families(world: Any) -> None:
    world.family("h1")
    world.take("h1", world.visit(replace(WET, note="CANARY the sheet")))
    everything = str(world.rows("audit"))
    assert "answers" in everything
    assert "CANARY" not in everything
    assert "Family h1" not in everything


def test_nothing_is_kept_without_a_commit(world: Any) -> None:
    before = world.counts()
    sent = [world.sent("h1", world.recorded("h1")), world.sent("h1", world.visit(WET))]
    with world.db.writing() as session:
        intake.accept(
            session,
            sent,
            actor=world.actor("hv-amara"),
            book=world.office.book,
            now=sent[0].event.received_at,
        )
    assert world.counts() == before
