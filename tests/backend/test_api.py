"""The phones' API: what it gives, and what it refuses without changing anything."""

from __future__ import annotations

import base64
import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from backend import identity
from backend.cli import describe
from shared import facts, packs, wire

ROOT = Path(__file__).parents[2]
WET = facts.Answer(item="SLP-05", value="wet", about="ada")
EVENTS = "/api/v1/events"
# What refusing may write: that it happened, and that the phone was in touch.
NOTED = {"audit", "throttle"}


def problem(reply: Any, status: int, code: str) -> dict[str, Any]:
    """The problem details of a refusal, checked for its shape."""
    assert reply.status_code == status, reply.get_data(as_text=True)
    assert reply.content_type == "application/problem+json"
    body: dict[str, Any] = reply.json
    assert set(body) == {"type", "title", "status", "detail", "code"}
    assert (body["status"], body["code"]) == (status, code)
    return body


def record(world: Any) -> dict[str, Any]:
    """All that a refusal must leave alone."""
    tables = set(world.counts()) - NOTED - {"head", "devices"}
    return {name: sorted(map(repr, world.rows(name))) for name in tables}


def send(world: Any, headers: dict[str, str], *items: dict[str, str]) -> Any:
    return world.app.test_client().post(EVENTS, json={"items": list(items)}, headers=headers)


def test_health_is_open_and_names_the_epoch(world: Any) -> None:
    reply = world.app.test_client().get("/api/v1/health")
    assert reply.json["status"] == "ok"
    assert reply.json["epoch"] == world.rows("head")[0]["epoch"]
    assert datetime.fromisoformat(reply.json["time"]).tzinfo


def test_a_code_enrols_one_phone_once(world: Any) -> None:
    body = {"code": world.code("hv-amara"), "device_name": "a phone"}
    client = world.app.test_client()
    first = client.post("/api/v1/enrol", json=body)
    assert first.json["user"] == {
        "id": "hv-amara",
        "name": "Amara",
        "role": "practitioner",
        "agency": "health_visiting",
        "team": "north",
    }
    assert base64.b64decode(first.json["office_key"]) == world.office.public_key
    problem(client.post("/api/v1/enrol", json=body), 403, "code_refused")
    assert len(world.rows("devices")) == 1


def test_a_code_that_is_too_old_is_refused_like_a_wrong_one(world: Any) -> None:
    old = world.code("hv-amara", now=datetime.now(UTC) - timedelta(minutes=11))
    client = world.app.test_client()
    late = client.post("/api/v1/enrol", json={"code": old, "device_name": "p"})
    wrong = client.post("/api/v1/enrol", json={"code": "0000", "device_name": "p"})
    assert problem(late, 403, "code_refused") == problem(wrong, 403, "code_refused")


def test_guessing_codes_is_slowed_down(world: Any) -> None:
    client, body = world.app.test_client(), {"code": "0000", "device_name": "p"}
    statuses = [client.post("/api/v1/enrol", json=body).status_code for _ in range(12)]
    assert statuses == [403] * 10 + [429] * 2
    good = {"code": world.code("hv-amara"), "device_name": "p"}
    reply = client.post("/api/v1/enrol", json=good)
    problem(reply, 429, "too_many")
    assert int(reply.headers["Retry-After"]) > 0


def test_tokens_and_codes_are_stored_as_hashes_only(world: Any) -> None:
    code = world.code("hv-amara")
    headers = world.enrol()
    everything = str([world.rows(name) for name in world.counts()])
    assert headers["Authorization"].removeprefix("Bearer ") not in everything
    assert code not in everything


def test_a_visit_sent_is_stored_and_pulled(world: Any) -> None:
    headers = world.enrol()
    recorded, visit = world.recorded("h1"), world.visit(WET)
    reply = send(world, headers, world.sealed("h1", visit), world.sealed("h1", recorded))
    assert [each["state"] for each in reply.json["receipts"]] == ["stored", "stored"]
    raw = wire.encode(wire.event_to_doc("h1", visit))
    assert reply.json["receipts"][0]["sha256"] == wire.content_hash(raw)
    pulled = world.app.test_client().get("/api/v1/caseload?cursor=0", headers=headers).json
    assert [each["document"]["id"] for each in pulled["events"]] == [recorded.id, visit.id]
    assert pulled["households"][0]["children"][0]["name"] == "Ada"
    assert pulled["escalations"][0]["rule"] == "R26"
    assert pulled["packs"] == {"checklist": "infant-home-visit/1", "rules": "england/1"}
    assert {"label": "Emergency", "number": "999"} in pulled["contacts"] or not pulled["contacts"]
    assert not pulled["more"]
    again = world.app.test_client().get(
        f"/api/v1/caseload?cursor={pulled['cursor']}", headers=headers
    )
    assert (again.json["events"], again.json["cursor"]) == ([], pulled["cursor"])


def test_the_packs_are_those_the_office_judges_with(world: Any) -> None:
    reply = world.app.test_client().get("/api/v1/packs", headers=world.enrol())
    assert packs.from_documents(reply.json).rules.name == world.office.book.rules.name


BAD_BODIES = (
    (b"{not json", "application/json", 400, "malformed"),
    (b'{"items": []}', "application/json", 400, "malformed"),
    (b'{"items": 1}', "application/json", 400, "malformed"),
    (b'{"items": [{"id": 7, "sealed": "AA"}]}', "application/json", 400, "malformed"),
    (b'{"items": [{"id": "x", "sealed": ""}]}', "application/json", 400, "malformed"),
    (b'{"items": [{"id": "x"}], "more": 1}', "application/json", 400, "malformed"),
    (b'{"items": NaN}', "application/json", 400, "malformed"),
    (b'{"items": [], "items": []}', "application/json", 400, "malformed"),
    (b"[" * 5000 + b"]" * 5000, "application/json", 400, "malformed"),
    (b'{"a":' * 200 + b"1" + b"}" * 200, "application/json", 400, "malformed"),
    (b'{"items": [{"id": "a\\u0000b", "sealed": "AA"}]}', "application/json", 400, "malformed"),
    (b"\xff\xfe", "application/json", 400, "malformed"),
    (b'{"items": []}', "text/plain", 400, "malformed"),
    (b"x" * 2_000_001, "application/json", 413, "too_large"),
)


def test_a_body_that_is_not_one_is_refused_and_changes_nothing(world: Any) -> None:
    headers, client = world.enrol(), world.app.test_client()
    before = record(world)
    for body, kind, status, code in BAD_BODIES:
        reply = client.post(EVENTS, data=body, content_type=kind, headers=headers)
        problem(reply, status, code)
        assert record(world) == before, body[:40]


def test_a_compressed_body_is_refused_unread(world: Any) -> None:
    bomb = gzip.compress(b"0" * 10_000_000)
    headers = {**world.enrol(), "Content-Encoding": "gzip"}
    before = record(world)
    client = world.app.test_client()
    reply = client.post(EVENTS, data=bomb, content_type="application/json", headers=headers)
    problem(reply, 415, "encoded")
    assert record(world) == before


def test_more_than_fifty_items_are_refused(world: Any) -> None:
    items = [{"id": f"x{n}", "sealed": "AAAA"} for n in range(51)]
    problem(send(world, world.enrol(), *items), 400, "malformed")


def test_without_a_good_token_nothing_is_given(world: Any) -> None:
    client = world.app.test_client()
    for path in ("/api/v1/caseload", "/api/v1/packs"):
        for word in (None, "Bearer nonsense", "Basic abc", "Bearer", "Bearer  "):
            headers = {"Authorization": word} if word else {}
            problem(client.get(path, headers=headers), 401, "device_unknown")


def test_a_cookie_opens_no_door_of_the_api(world: Any) -> None:
    problem(world.browser("tm-ruth").get("/api/v1/caseload"), 401, "device_unknown")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("UPDATE devices SET expires_at = enrolled_at", "device_expired"),
        ("UPDATE devices SET revoked_at = enrolled_at", "device_revoked"),
        ("UPDATE users SET disabled_at = (SELECT min(at) FROM audit)", "device_revoked"),
    ],
)
def test_an_expired_or_revoked_phone_is_refused_and_changes_nothing(
    world: Any, change: str, code: str
) -> None:
    headers = world.enrol()
    with world.db.writing() as session:
        session.execute(text(change))
        session.commit()
    before = record(world)
    problem(send(world, headers, world.sealed("h1", world.recorded("h1"))), 401, code)
    problem(world.app.test_client().get("/api/v1/caseload", headers=headers), 401, code)
    assert record(world) == before


def test_revoking_takes_effect_at_once(world: Any) -> None:
    headers = world.enrol()
    [device] = world.rows("devices")
    with world.db.writing() as session:
        identity.revoke_device(session, device["id"], by="test", now=datetime.now(UTC))
        session.commit()
    reply = world.app.test_client().get("/api/v1/caseload", headers=headers)
    problem(reply, 401, "device_revoked")


def bad_items(world: Any) -> dict[str, dict[str, str]]:
    """Things an enrolled phone might send that cannot be read, each under its own code."""
    visit = world.visit(WET)
    good = world.sealed("h1", visit)
    doc = wire.event_to_doc("h1", world.visit(WET))
    unknown = doc | {"answers": [{"item": "SLP-99", "answer": "wet"}]}
    wrong_type = doc | {"at": 12}
    deep = b'{"a":' * 100 + b"1" + b"}" * 100
    return {
        "not base64": {"id": world.id(), "sealed": "***"},
        "not a box": {"id": world.id(), "sealed": base64.b64encode(b"hello" * 40).decode()},
        "another id": {"id": world.id(), "sealed": good["sealed"]},
        "not json": world.sealed_bytes(world.id(), b"{oh"),
        "not an event": world.sealed_bytes(world.id(), b'{"v":1,"type":"sandwich"}'),
        "wrong type": world.sealed_bytes(doc["id"], wire.encode(wrong_type)),
        "unknown item": world.sealed_bytes(doc["id"], wire.encode(unknown)),
        "deep": world.sealed_bytes(world.id(), deep),
        "swelling": world.sealed_bytes(world.id(), b"0" * 5_000_000),
    }


def test_what_cannot_be_read_is_kept_raw_and_shown_to_a_supervisor(world: Any) -> None:
    headers = world.enrol()
    world.family("h1")
    items = bad_items(world)
    before = {name: world.rows(name) for name in ("events", "escalations")}
    reply = send(world, headers, *items.values(), world.sealed("h1", world.visit()))
    states = [each["state"] for each in reply.json["receipts"]]
    assert states == ["kept"] * len(items) + ["stored"]
    assert all(each["problem"]["message"] for each in reply.json["receipts"][:-1])
    assert world.rows("escalations") == before["escalations"]
    assert len(world.rows("events")) == len(before["events"]) + 1
    held = world.rows("held_items")
    assert len(held) == len(items)
    by_item = {(row["item"], row["sha256"]): bytes(row["raw"]) for row in held}
    sealed = base64.b64decode(items["not a box"]["sealed"])
    assert by_item[items["not a box"]["id"], wire.content_hash(sealed)] == sealed
    assert b"{oh" in by_item.values()
    page = world.browser("tm-ruth").get("/needs-a-person")
    assert page.status_code == 200
    again = send(world, headers, *items.values())
    assert {each["state"] for each in again.json["receipts"]} == {"kept"}
    assert len(world.rows("held_items")) == len(items)


def test_a_phone_learns_nothing_of_families_it_does_not_hold(world: Any) -> None:
    world.family("h-secret", by="sw-jon")
    world.take("h-secret", world.visit(WET, by="sw-jon"), by="sw-jon")
    headers = world.enrol("hv-amara")
    pulled = world.app.test_client().get("/api/v1/caseload", headers=headers)
    assert "h-secret" not in pulled.get_data(as_text=True)


def test_a_cursor_that_is_none_is_refused(world: Any) -> None:
    headers, client = world.enrol(), world.app.test_client()
    for cursor in ("-1", "x", "1e9", str(2**70)):
        reply = client.get(f"/api/v1/caseload?cursor={cursor}", headers=headers)
        problem(reply, 400, "malformed")


def test_a_fault_of_ours_says_nothing_of_itself(world: Any, monkeypatch: Any) -> None:
    from backend import feed

    def fails(*_: Any) -> None:
        raise RuntimeError("CANARY of a family")

    headers = world.enrol()
    monkeypatch.setattr(feed, "after", fails)
    reply = world.app.test_client().get("/api/v1/caseload", headers=headers)
    assert "CANARY" not in reply.get_data(as_text=True)
    problem(reply, 500, "fault")


def test_the_openapi_document_in_the_repository_is_true() -> None:
    stored = (ROOT / "docs" / "openapi.json").read_text(encoding="utf-8")
    assert json.loads(stored) == json.loads(describe()), (
        "threshold openapi --write docs/openapi.json"
    )
    document = json.loads(stored)
    assert document["openapi"].startswith("3.1")
    secured = {
        path
        for path, operations in document["paths"].items()
        if all("security" in operation for name, operation in operations.items() if name != "x")
    }
    assert secured == {"/api/v1/events", "/api/v1/caseload", "/api/v1/packs"}
