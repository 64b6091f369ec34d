"""What phones do all day: send what was recorded, pull what changed."""

# flask-smorest has no types for its decorators.
# mypy: disallow-untyped-decorators=False

from __future__ import annotations

import base64
import binascii
from dataclasses import asdict
from typing import Any

from backend import access, db, feed, intake
from backend.api import PREFIX, OfficeBlueprint, schemas
from backend.identity import Actor
from backend.intake import Receipt, Sent
from backend.readings import LARGEST_DOCUMENT
from shared import packs, sealing, wire

bp = OfficeBlueprint("sync", __name__, url_prefix=PREFIX, description="Sending and pulling")
_DEVICE: list[dict[str, list[str]]] = [{"device": []}]
_WHY = {
    "not_a_box": "It is not sealed in a way this office knows.",
    "unknown_key": "It is sealed for a key this office does not have.",
    "damaged": "It was damaged on the way, or sealed under another id.",
    "too_large": "It is larger than any record may be.",
}


@bp.get("/health")
@access.anyone
@bp.response(200, schemas.HealthReply)
def health() -> dict[str, Any]:
    """Say that the office answers."""
    return {"status": "ok", "epoch": feed.epoch(access.db()), "time": access.now()}


@bp.post("/events")
@access.takes(schemas.LARGEST_BODY)
@access.device
@bp.arguments(schemas.EventsRequest)
@bp.response(200, schemas.EventsReply)
@bp.alt_response(401, schema=schemas.ProblemReply, description="Not, or no longer, enrolled")
@bp.doc(security=_DEVICE)
def send(body: dict[str, Any]) -> dict[str, Any]:
    """Take in sealed events: each once, whole, by itself; sending again is always safe."""
    sent = [_opened(item["id"], item["sealed"]) for item in body["items"]]
    receipts = db.again(lambda: _accept(sent, access.actor()))
    return {
        "received_at": max(receipt.received_at for receipt in receipts),
        "receipts": [asdict(receipt) for receipt in receipts],
    }


def _accept(sent: list[Sent], actor: Actor) -> list[Receipt]:
    office, now = access.office(), access.now()
    with office.db.writing() as session:
        receipts = intake.accept(session, sent, actor=actor, book=office.book, now=now)
        session.commit()
    return receipts


def _opened(id: str, text: str) -> Sent:
    """Return an item with what is in it, or as it came when it cannot be opened."""
    try:
        sealed = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return intake.closed(id, text.encode(), "It is not base64.")
    keys, aad = access.office().keys, wire.aad_of(id)
    try:
        raw = sealing.open_sealed(keys, sealed, aad, LARGEST_DOCUMENT)
    except sealing.CannotOpen as why:
        return intake.closed(id, sealed, _WHY[why.code])
    return intake.read(id, raw, access.now())


@bp.get("/caseload")
@access.device
@bp.arguments(schemas.CaseloadQuery, location="query")
@bp.response(200, schemas.CaseloadReply)
@bp.alt_response(401, schema=schemas.ProblemReply, description="Not, or no longer, enrolled")
@bp.doc(security=_DEVICE)
def caseload(query: dict[str, Any]) -> dict[str, Any]:
    """Return what changed in the caller's families after a place, a page at a time."""
    office, actor = access.office(), access.actor()
    changes = feed.after(access.db(), actor, query["cursor"])
    return {
        **vars(changes),
        "people": feed.people(access.db(), actor),
        "contacts": [asdict(contact) for contact in office.settings.contacts],
        "packs": {"checklist": office.book.checklist.name, "rules": office.book.rules.name},
        "time": access.now(),
    }


@bp.get("/packs")
@access.device
@bp.response(200, schemas.PacksReply)
@bp.alt_response(401, schema=schemas.ProblemReply, description="Not, or no longer, enrolled")
@bp.doc(security=_DEVICE)
def rule_packs() -> dict[str, Any]:
    """Return the checklist, rules and holidays that this office judges with."""
    return packs.documents()
