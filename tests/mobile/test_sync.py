"""The MUSTs of mobile/sync.py, by number, against a real office over a line that can be spoilt."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mobile.enrol import enrol
from mobile.phone import Phone, open_phone
from mobile.ports import DesktopDevice
from mobile.transport import Busy, NotAllowed, Offline, Strange
from mobile.vault import Cost
from tests.mobile.office import BadLine, Fault, Office, Reply, Request

PIN = "274913"
CHEAP = Cost(passes=1, memory_kib=64, lanes=1)
HONEST: Fault = lambda request, on: None  # noqa: E731


class Hand:
    """The phone's clock and its chance, both held by the test."""

    def __init__(self) -> None:
        self.at = datetime.now(UTC)

    def now(self) -> datetime:
        return self.at

    def chance(self) -> float:
        return 0.5


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def phone(enrolled_device: DesktopDevice, hand: Hand) -> Iterator[Phone]:
    made = open_phone(enrolled_device, PIN, now=hand.now, random=hand.chance)
    yield made
    made.lock()


@pytest.fixture
def family(phone: Phone, hand: Hand) -> str:
    return phone.families.rows(hand.at)[-1].id


def visit(phone: Phone, family: str, hand: Hand, outcome: str = "out") -> str:
    """A finished visit that waits to be sent."""
    id_, saved = phone.drafts.doorstep(family, outcome, hand.at, expected="unann")
    return saved.result() and id_


def states(phone: Phone) -> dict[str, str]:
    return {item.id: item.state for item in phone.outbox.items()}


def held_by_office(phone: Phone, ids: list[str]) -> list[str]:
    """Which of these the office sends back when everything is pulled anew."""
    found: list[str] = []
    cursor, more = 0, True
    while more:
        page = phone.rounds._network.caseload(cursor)
        found += [each["document"]["id"] for each in page["events"]]
        cursor, more = page["cursor"], page["more"]
    return [id_ for id_ in found if id_ in ids]


def on(path: str, fault: Callable[[Request, Callable[[], Reply]], Reply | None]) -> Fault:
    """A fault for one path only."""
    return lambda request, forward: fault(request, forward) if path in request.path else None


def test_must_1_sending_again_changes_nothing(
    phone: Phone, line: BadLine, family: str, hand: Hand
) -> None:
    id_ = visit(phone, family, hand)

    def lost(request: Request, forward: Callable[[], Reply]) -> Reply:
        reply = forward()  # the office has it, and nobody hears
        return Reply(reply.status, reply.body, reply.headers, cut=-1)

    line.fault = on("/events", lost)
    assert isinstance(phone.rounds.round().problem, Offline)
    assert states(phone) == {id_: "waiting"}
    line.fault = HONEST
    assert phone.rounds.round().sent == 1
    assert states(phone) == {id_: "safe"}
    assert held_by_office(phone, [id_]) == [id_]


@pytest.mark.parametrize(
    "lie",
    [
        {"sha256": "0" * 64},
        {"sha256": None},
        {"id": "0190a0a0-0000-7000-8000-000000000000"},
        {"state": "fine"},
        {"received_at": "soon"},
    ],
)
def test_must_2_only_a_receipt_with_our_hash_makes_it_safe(
    phone: Phone, line: BadLine, family: str, hand: Hand, lie: dict[str, Any]
) -> None:
    id_ = visit(phone, family, hand)

    def lying(request: Request, forward: Callable[[], Reply]) -> Reply:
        reply = forward()
        doc = reply.doc
        doc["receipts"] = [{**each, **lie} for each in doc["receipts"]]
        return reply.saying(doc)

    line.fault = on("/events", lying)
    outcome = phone.rounds.round()
    assert states(phone) == {id_: "waiting"}
    assert isinstance(outcome.problem, Strange)
    assert "did not match" in str(outcome.problem)
    assert phone.rounds.try_again_at is not None
    line.fault = HONEST
    phone.rounds.round()
    assert states(phone) == {id_: "safe"}


def test_must_3_nothing_is_deleted_before_its_receipt(
    phone: Phone, line: BadLine, family: str, hand: Hand
) -> None:
    id_ = visit(phone, family, hand)
    hand.at += timedelta(days=60)
    assert phone.outbox.prune(hand.at).result() == 0
    assert phone.rounds.round().sent == 1
    assert phone.outbox.prune(hand.at).result() == 1
    assert states(phone) == {}
    assert phone.store.read("SELECT row FROM receipt") == [(id_,)]


def test_must_4_and_5_parcels_are_whole_and_the_urgent_go_first(
    phone: Phone, line: BadLine, hand: Hand
) -> None:
    rows = phone.families.rows(hand.at)
    planned = next(row.id for row in rows if "No-access" in row.plan)
    others = [row.id for row in rows if row.id != planned]
    calm = [visit(phone, others[n % len(others)], hand) for n in range(51)]
    urgent = visit(phone, planned, hand, "refused")
    call, saved = phone.drafts.log_call(planned, urgent, "call_police", hand.at, rule="R03")
    saved.result()
    assert phone.rounds.round().sent == 53
    first, second = line.sent()
    assert first[:2] == [urgent, call]
    assert first[2:] == calm[:48]
    assert second == calm[48:]


def test_must_5_nothing_waits_for_what_the_office_stumbles_over(
    phone: Phone, line: BadLine, family: str, hand: Hand
) -> None:
    bad, *rest = [visit(phone, family, hand) for _ in range(4)]

    def stumbling(request: Request, forward: Callable[[], Reply]) -> Reply | None:
        problem = {"title": "Something went wrong", "status": 500, "code": "fault"}
        headers = {"Content-Type": "application/problem+json"}
        return Reply(500, json.dumps(problem).encode(), headers) if bad in request.ids else None

    line.fault = on("/events", stumbling)
    for _ in range(4):
        phone.rounds.round()
    assert states(phone) == {bad: "waiting", **dict.fromkeys(rest, "safe")}
    line.fault = HONEST
    phone.rounds.round()
    assert set(states(phone).values()) == {"safe"}


def test_must_6_what_is_refused_whole_is_found_and_set_aside(
    phone: Phone, line: BadLine, family: str, hand: Hand
) -> None:
    ids = [visit(phone, family, hand) for _ in range(7)]
    bad = ids[3]

    def refusing(request: Request, forward: Callable[[], Reply]) -> Reply | None:
        problem = {"title": "Malformed", "detail": "items[3]: too long.", "code": "malformed"}
        headers = {"Content-Type": "application/problem+json"}
        return Reply(400, json.dumps(problem).encode(), headers) if bad in request.ids else None

    line.fault = on("/events", refusing)
    assert phone.rounds.round().sent == 6
    assert [id_ for id_, state in states(phone).items() if state != "safe"] == [bad]
    row = phone.sync.state_of(bad)
    assert row is not None
    assert row.words == "Needs attention"
    assert "too long" in row.reason
    assert "Nothing is lost" in row.reason
    assert phone.sync.attention() == 1
    line.fault = HONEST
    phone.sync.send_again(bad).result()
    assert phone.sync.send_now() == "1 visit is safe with the office."
    assert phone.sync.attention() == 0


def test_must_6_what_the_office_keeps_but_cannot_read_needs_attention(
    phone: Phone, family: str, hand: Hand
) -> None:
    fine = visit(phone, family, hand)
    identity = phone.store.document("identity")
    other_key = {**identity, "office_key": "09" + "00" * 31}
    phone.store.write(lambda db: phone.store.put_document(db, "identity", other_key)).result()
    unreadable = visit(phone, family, hand)
    phone.store.write(lambda db: phone.store.put_document(db, "identity", identity)).result()
    sentence = phone.sync.send_now()
    assert states(phone) == {fine: "safe", unreadable: "kept"}
    assert "1 visit" in sentence
    assert "1 record needs your attention." in sentence
    row = phone.sync.rows()[0]
    assert (row.id, row.state) == (unreadable, "attention")
    assert "A supervisor will look at it" in row.reason


def test_must_6_another_record_under_the_same_number_is_told(
    phone: Phone, line: BadLine, family: str, hand: Hand
) -> None:
    id_ = visit(phone, family, hand)

    def conflicting(request: Request, forward: Callable[[], Reply]) -> Reply:
        reply = forward()
        doc = reply.doc
        doc["receipts"][0] |= {"state": "conflict", "sha256": "f" * 64}
        return reply.saying(doc)

    line.fault = on("/events", conflicting)
    phone.rounds.round()
    row = phone.sync.state_of(id_)
    assert row is not None
    assert row.state == "attention"
    assert "Nothing was overwritten" in row.reason
    assert phone.outbox.items()[0].document["id"] == id_


def test_must_7_a_device_the_office_no_longer_accepts_keeps_everything(
    office: Office, device: DesktopDevice, hand: Hand
) -> None:
    enrol(device, office.url, office.code(), PIN, cost=CHEAP)
    phone = open_phone(device, PIN, now=hand.now, random=hand.chance)
    rows = phone.families.rows(hand.at)
    id_ = visit(phone, rows[-1].id, hand)
    assert phone.identity is not None
    office.command("device", "revoke", phone.identity.device)
    assert isinstance(phone.rounds.round().problem, NotAllowed)
    assert states(phone) == {id_: "waiting"}
    assert len(phone.families.rows(hand.at)) == len(rows)
    assert "does not accept this device" in phone.sync.banner(hand.at)
    assert "1 record is saved on this device." in phone.sync.send_now()
    phone.lock()


def html(status: int = 200) -> Reply:
    page = b"<html><body>Welcome to Cafe Wifi. Please sign in.</body></html>"
    return Reply(status, page, {"Content-Type": "text/html"})


@pytest.mark.parametrize("path", ["/health", "/events", "/caseload"])
@pytest.mark.parametrize(
    "reply",
    [
        html(),
        html(403),
        Reply(302, b"", {"Location": "http://127.0.0.1:1/login"}),
        Reply(200, b'{"status": "ok"', {"Content-Type": "application/json"}),
        Reply(200, b"[]", {"Content-Type": "application/json"}),
        Reply(200, b'{"receipts": NaN}', {"Content-Type": "application/json"}),
        Reply(200, b'{"status": "ok"}', {"Content-Type": "application/json"}, cut=7),
        Reply(200, b"", {}, cut=-1),
    ],
    ids=["page", "page 403", "redirect", "half", "list", "NaN", "cut", "hung up"],
)
def test_must_8_whatever_is_not_the_office_is_offline(
    phone: Phone, line: BadLine, family: str, hand: Hand, path: str, reply: Reply
) -> None:
    id_ = visit(phone, family, hand)
    cursor = phone.caseload.cursor()
    line.fault = on(path, lambda request, forward: reply)
    assert isinstance(phone.rounds.round().problem, Offline)
    assert states(phone) == {id_: "safe" if path == "/caseload" else "waiting"}
    assert phone.caseload.cursor() == cursor
    assert phone.sync.banner(hand.at) == "No signal. You can keep working."


def test_must_9_a_page_is_applied_whole_with_its_cursor_or_not_at_all(
    phone: Phone, line: BadLine, family: str, hand: Hand
) -> None:
    ids = [visit(phone, family, hand) for _ in range(3)]
    cursor = phone.caseload.cursor()
    held = "SELECT count(*) FROM event"
    before = phone.store.read(held)[0][0]

    def broken(request: Request, forward: Callable[[], Reply]) -> Reply:
        reply = forward()
        doc = reply.doc
        del doc["events"][1]["document"]["household"]
        return reply.saying(doc)

    line.fault = on("/caseload", broken)
    assert isinstance(phone.rounds.round().problem, Strange)
    assert (phone.caseload.cursor(), phone.store.read(held)[0][0]) == (cursor, before)
    line.fault = HONEST
    assert phone.rounds.round().problem is None
    assert phone.caseload.cursor() > cursor
    assert phone.store.read(held)[0][0] >= before + len(ids)


def test_must_9_a_page_that_leads_nowhere_does_not_go_round_for_ever(
    phone: Phone, line: BadLine
) -> None:
    def circling(request: Request, forward: Callable[[], Reply]) -> Reply:
        reply = forward()
        return reply.saying({**reply.doc, "more": True, "cursor": 0})

    line.fault = on("/caseload", circling)
    assert isinstance(phone.rounds.round().problem, Strange)


def test_must_10_the_cursor_is_the_offices_number_whatever_the_clock_says(
    phone: Phone, family: str, hand: Hand
) -> None:
    before = phone.caseload.cursor()
    hand.at = datetime(2041, 1, 1, tzinfo=UTC)
    phone.rounds.round()
    ahead = phone.store.document("contact")["clock_ahead_seconds"]
    assert ahead > 400_000_000
    assert phone.sync.clock_warning().startswith("This phone's clock is ")
    assert "ahead of the office's" in phone.sync.clock_warning()
    assert phone.caseload.cursor() >= before
    hand.at = datetime.now(UTC)
    assert phone.rounds.round().problem is None
    assert phone.sync.clock_warning() == ""


def test_must_11_a_restored_office_is_offered_everything_again(
    phone: Phone, line: BadLine, family: str, hand: Hand
) -> None:
    ids = [visit(phone, family, hand) for _ in range(2)]
    phone.rounds.round()
    line.requests.clear()
    families = len(phone.families.rows(hand.at))

    def restored(request: Request, forward: Callable[[], Reply]) -> Reply:
        reply = forward()
        return reply.saying({**reply.doc, "epoch": "after the backup"})

    line.fault = on("/health", restored)
    phone.rounds.round()
    assert line.sent() == [ids]
    assert any(each.path.endswith("cursor=0") for each in line.requests)
    assert set(states(phone).values()) == {"safe"}
    assert len(phone.families.rows(hand.at)) == families
    phone.rounds.round()
    assert len(line.sent()) == 1


def test_must_12_waits_grow_and_are_as_long_as_asked(
    phone: Phone, line: BadLine, family: str, hand: Hand
) -> None:
    visit(phone, family, hand)
    busy = {"Content-Type": "application/problem+json", "Retry-After": "120"}
    line.fault = on("/events", lambda request, forward: Reply(503, b'{"code": "busy"}', busy))
    waits = []
    for _ in range(8):
        assert isinstance(phone.rounds.round().problem, Busy)
        assert phone.rounds.held_back
        assert phone.rounds.try_again_at is not None
        waits.append((phone.rounds.try_again_at - hand.at).total_seconds())
    assert waits == [120, 120, 120, 120, 120, 120, 240, 480]
    line.fault = on("/health", lambda request, forward: html())
    phone.rounds.round()
    assert not phone.rounds.held_back
    assert phone.rounds.planned_wait <= 15
    line.fault = HONEST
    assert phone.rounds.round().sent == 1
    assert phone.rounds.try_again_at is None


def test_must_13_pulling_leaves_drafts_and_outbox_alone(
    phone: Phone, line: BadLine, family: str, hand: Hand
) -> None:
    draft, _ = phone.drafts.start(family, hand.at)
    draft.answer("ACC-01", "in", hand.at).result()

    def gone(request: Request, forward: Callable[[], Reply]) -> Reply:
        reply = forward()
        return reply.saying({**reply.doc, "gone": [family]})

    line.fault = on("/caseload", gone)
    phone.rounds.round()
    assert family not in [row.id for row in phone.families.rows(hand.at)]
    assert [card.id for card in phone.drafts.cards(hand.at)] == [draft.id]
    assert draft.finish(hand.at).result() == draft.id
    line.fault = HONEST
    assert phone.rounds.round().sent == 1


def test_must_14_packs_are_fetched_when_others_are_offered(
    phone: Phone, line: BadLine, family: str, hand: Hand
) -> None:
    phone.rounds.round()
    assert not any(each.path.endswith("/packs") for each in line.requests)

    def newer(request: Request, forward: Callable[[], Reply]) -> Reply:
        reply = forward()
        doc = reply.doc
        if "/caseload" in request.path:
            doc["packs"] = {**doc["packs"], "rules": "england/2"}
        else:
            doc["rules"]["version"] = 2
        return reply.saying(doc)

    line.fault = lambda request, forward: (
        newer(request, forward) if "/caseload" in request.path or "/packs" in request.path else None
    )
    phone.rounds.round()
    assert phone.book is not None
    assert phone.book.rules.name == "england/2"
    line.fault = on("/packs", lambda request, forward: forward().saying({"rules": {}}))
    assert isinstance(phone.rounds.round().problem, Strange)
    assert phone.book.rules.name == "england/2"


def test_what_came_back_from_the_office_is_not_there_twice(
    phone: Phone, family: str, hand: Hand
) -> None:
    id_ = visit(phone, family, hand)
    phone.rounds.round()
    events = [event.id for event in phone.caseload.history(family, hand.at).events]
    assert events.count(id_) == 1


def test_the_words_of_each_state(phone: Phone, line: BadLine, family: str, hand: Hand) -> None:
    id_ = visit(phone, family, hand)
    seen: list[str] = []
    phone.rounds.on_sending = lambda: seen.append(phone.sync.rows()[0].words)
    assert phone.sync.rows()[0].words == "Saved on this device"
    assert phone.sync.unsent() == 1
    assert phone.sync.send_now() == "1 visit is safe with the office."
    assert seen == ["Sending"]
    row = phone.sync.state_of(id_)
    assert row is not None
    assert row.words.startswith("Safe with the office, ")
    assert phone.sync.unsent() == 0
    assert phone.sync.send_now().startswith("Everything is safe with the office. Checked ")
    assert phone.sync.last_contact_words(hand.at) == "In touch with the office just now"
    later = hand.at + timedelta(days=4)
    line.fault = lambda request, forward: Reply(200, b"", cut=-1)
    assert phone.sync.send_now().startswith("No signal, or the office cannot be reached.")
    assert phone.sync.banner(later).startswith("No contact with the office for 4 days.")


def test_a_fault_of_our_own_neither_stops_sending_nor_hides(
    phone: Phone, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    name = "".join(("Quill", "feather"))

    def broken(*_: object) -> None:
        raise ZeroDivisionError(name)

    monkeypatch.setattr("mobile.sync.next_step", broken)
    assert "ZeroDivisionError" in str(phone.rounds.round().problem)
    assert phone.rounds.try_again_at is not None
    assert name not in caplog.text
    assert "broken" in caplog.text
