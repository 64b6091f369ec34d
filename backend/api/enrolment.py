"""A phone becomes someone's: a single-use code for a token."""

# flask-smorest has no types for its decorators.
# mypy: disallow-untyped-decorators=False

from __future__ import annotations

import base64
from typing import Any

from backend import access, feed, identity
from backend.api import PREFIX, OfficeBlueprint, schemas
from backend.problems import CodeRefused

bp = OfficeBlueprint("enrolment", __name__, url_prefix=PREFIX, description="Enrolling phones")


@bp.post("/enrol")
@access.anyone
@bp.arguments(schemas.EnrolRequest)
@bp.response(200, schemas.EnrolReply)
@bp.alt_response(403, schema=schemas.ProblemReply, description="The code is not good")
@bp.alt_response(429, schema=schemas.ProblemReply, description="Too many tries")
def enrol(body: dict[str, Any]) -> dict[str, Any]:
    """Use up a code and return the phone's token, this once."""
    office, now, db = access.office(), access.now(), access.db()
    address = access.caller()
    identity.enrolling(db, address, now)
    try:
        actor, token = identity.enrol(
            db, body["code"], body["device_name"], settings=office.settings, now=now
        )
    except CodeRefused:
        identity.enrol_failed(db, address, now)
        access.commit()
        raise
    reply = {
        "device": actor.device,
        "token": token,
        "user": actor,
        "office_key": base64.b64encode(office.public_key).decode(),
        "office_key_id": office.key_id,
        "epoch": feed.epoch(db),
    }
    access.commit()
    return reply
