"""Any order and repetition of the same sends gives the same database. What that says exactly:

1. Within one request order and repetition mean nothing: every table is the same, but for the
   places in the feed and in the audit.
2. Across requests, sending anything again, at any later time, changes nothing at all.
3. Across requests in any order: the record is the same (every event, byte for byte, and who the
   family is), and nothing that the rules find when all is sent in the order it happened is
   missing: each piece of evidence stands on an escalation of the same rule. More may be there,
   and must be: an action not yet recorded as done when its time was up was overdue, and what
   stood alone when it came was raised alone. A person sees it; it is not taken back.
And whatever the order was, judging everything again from the events gives what is stored.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from backend import intake, rebuild, worker
from shared import facts

_PLACES = {"cursor", "version", "seq", "prev", "hash"}
_SENDS = 9
LATER = datetime(2026, 11, 19, 10, 0, tzinfo=UTC)
# Each example fills two databases, so a failing one is shown as found.
FEW = settings(
    max_examples=8,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
order = st.permutations(range(_SENDS))
again = st.lists(st.integers(0, _SENDS - 1), max_size=5)


def sends(world: Any) -> list[facts.Event]:
    """A family's weeks, as a practitioner's phone sends them; the same in every world."""
    start = world.recorded("h1").at

    def visit(day: int, *codes: str, **more: Any) -> facts.Visit:
        answers = [
            facts.Answer(item=code, value=value, about="ada") for code, value in pairs(codes)
        ]
        return world.visit(*answers, at=start + timedelta(days=day), **more)

    by = {"by": "hv-amara", "agency": "health_visiting"}
    plan = facts.PlanStarted(
        id=world.id(),
        at=start + timedelta(days=20),
        received_at=start,
        plan="p1",
        kind="child_protection",
        children=("ada",),
        no_access=facts.NoAccess(),
        **by,
    )
    refused = visit(58, door="refused")
    call = facts.ActionDone(
        id=world.id(),
        at=refused.at + timedelta(minutes=20),
        received_at=start,
        action="call_police",
        rule="R03",
        on=refused.id,
        reference="log 12",
        **by,
    )
    return [
        world.recorded("h1"),
        plan,
        visit(30, "SLP-05", "wet"),
        visit(37, "SLP-05", "stain"),
        visit(44, "SLP-05", "wet", "SLP-03", "side"),
        visit(51, "SLP-05", "wet"),
        refused,
        call,
        visit(59, "SLP-05", "wet"),
    ]


def pairs(codes: tuple[str, ...]) -> list[tuple[str, str]]:
    return list(zip(codes[::2], codes[1::2], strict=True))


def dump(world: Any) -> dict[str, list[str]]:
    """Every table, without the places in feed and audit; what is kept has a random id."""
    names = ("events", "households", "escalations", "told", "assignments", "held_items", "audit")
    tables = {}
    for name in names:
        leave = _PLACES | ({"id"} if name == "held_items" else set())
        rows = [{k: v for k, v in row.items() if k not in leave} for row in world.rows(name)]
        tables[name] = sorted(repr(sorted(row.items())) for row in rows)
    return tables


def record(world: Any) -> dict[str, Any]:
    """Every event, and who the families are, without when anything was received."""
    events = [(row["id"], bytes(row["document"]), str(row["at"])) for row in world.rows("events")]
    people = [(row["id"], bytes(row["record"])) for row in world.rows("households")]
    return {"events": sorted(events), "people": sorted(people)}


def found(world: Any) -> set[tuple[str, str, str, str, str]]:
    """Each piece of evidence, with the rule and level it stands for."""
    docs = [json.loads(bytes(row["document"])) for row in world.rows("escalations")]
    return {
        (doc["rule"], doc["level"], each["event"], str(each["item"]), str(each["about"]))
        for doc in docs
        for each in doc["evidence"]
    }


def done(world: Any) -> set[tuple[str, str, str, str]]:
    """Each action that an observation required and that is on record as done, and when."""
    docs = [json.loads(bytes(row["document"])) for row in world.rows("escalations")]
    return {
        (doc["rule"], each["required_by"], each["code"], each["done_at"])
        for doc in docs
        for each in doc["actions"]
        if each["done_at"] and doc["rule"] != "R18"
    }


def rebuilt_equals_stored(world: Any) -> bool:
    with world.db.reading() as session:
        return rebuild.again(session, "h1", world.office.book, NOW(world), replace=False) == []


def NOW(world: Any) -> Any:
    return world.row("h1").clocks_at


@FEW
@given(order=order, more=again)
def test_within_a_request(world_with: Any, order: list[int], more: list[int]) -> None:
    plain, shuffled = world_with(), world_with()
    one, other = sends(plain), sends(shuffled)
    plain.take("h1", *one)
    receipts = shuffled.take("h1", *[other[n] for n in [*order, *more]])
    assert {each.state for each in receipts} <= {"stored", "already"}
    assert dump(plain) == dump(shuffled)
    assert rebuilt_equals_stored(shuffled)


@FEW
@given(repeats=st.lists(st.tuples(st.integers(1, _SENDS), again), max_size=4))
def test_sent_again_later(world_with: Any, repeats: list[tuple[int, list[int]]]) -> None:
    plain, repeated = world_with(), world_with()
    one, other = sends(plain), sends(repeated)
    for count in range(_SENDS):
        now = one[count].at + timedelta(hours=1)
        plain.take("h1", one[count], now=now)
        repeated.take("h1", other[count], now=now)
        for after, places in repeats:
            if after == count + 1:
                sent_before = [other[n] for n in places if n <= count]
                receipts = repeated.take("h1", *sent_before, now=now + timedelta(minutes=5))
                assert {each.state for each in receipts} <= {"already"}
    assert dump(plain) == dump(repeated)
    assert rebuilt_equals_stored(repeated)


@FEW
@given(order=order, cuts=st.sets(st.integers(1, _SENDS - 1)), more=again)
def test_across_requests(
    world_with: Any, order: list[int], cuts: set[int], more: list[int]
) -> None:
    """The family's record goes first, since nothing joins a family that is not known."""
    plain, shuffled = world_with(), world_with()
    one, other = sends(plain), sends(shuffled)
    for event in one:
        plain.take("h1", event, now=event.at + timedelta(hours=1))
    shuffled.take("h1", other[0])
    edges = [0, *sorted(cuts), _SENDS]
    for start, end in zip(edges, edges[1:], strict=False):
        shuffled.take("h1", *[other[n] for n in order[start:end]])
    shuffled.take("h1", *[other[n] for n in more])
    for each in (plain, shuffled):
        worker.tick(each.db, each.office.book, lambda: LATER)
    assert record(plain) == record(shuffled)
    assert found(plain) <= found(shuffled)
    assert done(plain) <= done(shuffled)
    assert rebuilt_equals_stored(shuffled)


def test_what_arrives_before_its_family_is_kept_and_joins_when_sent_again(world: Any) -> None:
    recorded, visit = world.recorded("h1"), world.visit()
    assert [each.state for each in world.take("h1", visit)] == ["kept"]
    assert [each.state for each in world.take("h1", recorded, visit)] == ["stored", "stored"]
    assert isinstance(world.take("h1", visit)[0], intake.Receipt)
