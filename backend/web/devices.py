"""Phones: which there are, taking one's access away, and the code that enrols a new one."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from backend import access, caseload, identity, problems
from backend.tables import Device, User
from backend.web import words

bp = Blueprint("devices", __name__, url_prefix="/devices")

SUPERVISORS = identity.SUPERVISORS
QUIET_DAYS = 3


@bp.get("")
@access.signed_in(*SUPERVISORS)
def listing() -> str:
    """The phones of the people whom the reader answers for, and the form for a code."""
    return show()


@bp.post("/code")
@access.signed_in(*SUPERVISORS)
def issue() -> str | tuple[str, int]:
    """Make a code that enrols one phone, and show it this once."""
    person = _person(request.form.get("user", ""))
    if person is None:
        return show({"user": "Choose whose phone it is"}), 422
    office, now = access.office(), access.now()
    code = identity.make_code(
        access.db(), person.id, by=access.actor().id, settings=office.settings, now=now
    )
    expires = words.due(now + office.settings.enrol_code_lives, now)
    page = render_template(
        "enrol_code.html",
        heading=f"Enrolment code for {person.name}",
        person=person,
        code=code,
        server=request.url_root.rstrip("/"),
        expires=expires,
    )
    access.commit()
    return page


@bp.post("/<device_id>/revoke")
@access.signed_in(*SUPERVISORS)
def revoke(device_id: str) -> Response:
    """Take a phone's access away."""
    in_scope = caseload.people_in_scope(access.actor())
    held = select(Device.id).join(User).where(Device.id == device_id, in_scope)
    if access.db().execute(held).scalar_one_or_none() is None:
        raise problems.NotFound
    identity.revoke_device(access.db(), device_id, by=access.actor().id, now=access.now())
    access.commit()
    return redirect(url_for("devices.listing", done="revoked"))


def show(wrong: dict[str, str] | None = None) -> str:
    """The page, with what is wrong with its form."""
    in_scope = caseload.people_in_scope(access.actor())
    found = select(Device, User).join(User).where(in_scope).order_by(User.name, Device.name)
    people = select(User).where(in_scope, User.disabled_at.is_(None)).order_by(User.name)
    return render_template(
        "devices.html",
        heading="Devices",
        devices=[device_row(device, user) for device, user in access.db().execute(found)],
        people=[
            {"value": user.id, "text": f"{user.name} ({words.agency(user.agency)})"}
            for user in access.db().scalars(people)
        ],
        wrong=wrong or {},
        errors=[{"text": text, "href": f"#{field}"} for field, text in (wrong or {}).items()],
        done=request.args.get("done", ""),
    )


def device_row(device: Device, user: User) -> dict[str, object]:
    """A phone in words: whose, and when it was last in touch."""
    now = access.now()
    quiet = device.contact_at is None or (now - device.contact_at).days >= QUIET_DAYS
    return {
        "id": device.id,
        "name": device.name,
        "user": user.name,
        "enrolled": words.moment(device.enrolled_at, now),
        "contact": words.ago(device.contact_at, now).capitalize() if device.contact_at else "",
        "state": "revoked" if device.revoked_at else "quiet" if quiet else "well",
        "revoked": words.moment(device.revoked_at, now) if device.revoked_at else "",
        "expired": device.expires_at <= now,
    }


def _person(user_id: str) -> User | None:
    found = select(User).where(
        User.id == user_id, User.disabled_at.is_(None), caseload.people_in_scope(access.actor())
    )
    return access.db().execute(found).scalar_one_or_none()
