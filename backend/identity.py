"""Who is calling: people with passwords and sessions, phones with codes and tokens."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from backend import audit, throttle
from backend.config import Settings
from backend.problems import CodeRefused, ExpiredDevice, Invalid, RevokedDevice, UnknownDevice
from backend.tables import Device, EnrolmentCode, Team, User, WebSession
from shared.ids import uuid7

PRACTITIONER = "practitioner"
# The ladder, lowest rung first; whoever stands on it may acknowledge and decide.
SUPERVISORS = ("team_manager", "service_manager", "head_of_service", "director")
ROLES = (PRACTITIONER, *SUPERVISORS)
# A command that brings histories in, whose events keep the authors they name. No user has it.
IMPORT = "import"
SHORTEST_PASSWORD = 14
LONGEST_PASSWORD = 200
TOUCH_EVERY = timedelta(minutes=1)
_COMMON = ("password", "threshold", "northborough", "qwerty", "letmein", "123456")
# OWASP ASVS 5.0 11.4.2: argon2id with these costs, about 0.14 s a try on the machine measured.
_HASHER = PasswordHasher(time_cost=3, memory_cost=65536, parallelism=4)
# Verified when nobody has that name, so that a wrong name takes as long as a wrong password.
_NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$AAAAAAAAAAAAAAAAAAAAAA"
    "$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
)


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Whoever acts in a request or a command: a person, and the phone when it is one."""

    id: str
    name: str
    role: str
    agency: str
    team: str | None = None
    service: str = ""
    device: str | None = None
    device_expires_at: datetime | None = None

    @property
    def is_supervisor(self) -> bool:
        """True for a role of the ladder."""
        return self.role in SUPERVISORS


def new_id(now: datetime) -> str:
    """Return a fresh UUIDv7."""
    return uuid7(int(now.timestamp() * 1000), secrets.token_bytes(10))


def add_team(session: Session, *, id: str, name: str, service: str) -> None:
    """Add a team to a service."""
    session.execute(insert(Team).values(id=id, name=name, service=service))


def add_user(
    session: Session,
    *,
    id: str,
    name: str,
    role: str,
    agency: str,
    password: str,
    now: datetime,
    team: str | None = None,
    service: str = "",
    by: str = "command",
) -> None:
    """Add a person who may sign in; raises Invalid when the role or the password will not do."""
    if role not in ROLES:
        raise Invalid({"role": f"The role must be one of {', '.join(ROLES)}."})
    if why := weak(password, id):
        raise Invalid({"password": why})
    if team and not service:
        service = session.execute(select(Team.service).where(Team.id == team)).scalar_one()
    values = {
        "id": id,
        "name": name,
        "role": role,
        "agency": agency,
        "team": team,
        "service": service,
        "password": _HASHER.hash(password),
    }
    session.execute(insert(User).values(values))
    added = audit.Action(actor=by, action="user.added", objects={"user": id}, fields=list(values))
    audit.append(session, now, [added])


def weak(password: str, user: str) -> str:
    """Return why a password will not do, in words, or ''. Length counts; no rules on kinds."""
    if len(password) < SHORTEST_PASSWORD:
        return f"Use at least {SHORTEST_PASSWORD} characters; a few words in a row are good."
    if len(password) > LONGEST_PASSWORD:
        return f"Use at most {LONGEST_PASSWORD} characters."
    bare = password.lower()
    for word in (*_COMMON, user.lower()):
        bare = bare.replace(word, "")
    if len(set(bare)) < 5:
        return "This is too easy to guess; use a few words that do not belong together."
    return ""


def check_password(session: Session, user_id: str, password: str) -> Actor | None:
    """Return who signs in, or None; takes equally long whether or not the name exists."""
    row = session.execute(select(User).where(User.id == user_id)).scalar_one_or_none()
    known = row is not None and row.disabled_at is None
    stored = row.password if row is not None and known else _NOBODY
    right = _verifies(stored, password[: LONGEST_PASSWORD + 1])
    return actor_of(row) if row is not None and known and right else None


def _verifies(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def actor_of(user: User, device: Device | None = None) -> Actor:
    """Return the person (and phone) as an actor."""
    return Actor(
        id=user.id,
        name=user.name,
        role=user.role,
        agency=user.agency,
        team=user.team,
        service=user.service,
        device=device.id if device else None,
        device_expires_at=device.expires_at if device else None,
    )


def signing_in(session: Session, user_id: str, address: str, now: datetime) -> None:
    """Raise TooMany while this name or this address must wait."""
    throttle.refuse_early(session, _sign_in_keys(user_id, address), now)


def sign_in_failed(session: Session, user_id: str, address: str, now: datetime) -> None:
    """Count a failed try against the name and the address."""
    throttle.count_failure(session, _sign_in_keys(user_id, address), now)
    failed = audit.Action(actor="nobody", action="sign_in.failed")
    audit.append(session, now, [failed])


def signed_in(
    session: Session, actor: Actor, address: str, settings: Settings, now: datetime
) -> str:
    """Start a session and return its id, which only the browser will know."""
    throttle.forget(session, _sign_in_keys(actor.id, address))
    session.execute(delete(WebSession).where(WebSession.expires_at <= now))
    raw = secrets.token_urlsafe(32)
    row = {
        "id_hash": hashed(raw),
        "user": actor.id,
        "created_at": now,
        "seen_at": now,
        "expires_at": now + settings.session_absolute,
    }
    session.execute(insert(WebSession).values(row))
    audit.append(session, now, [audit.Action(actor=actor.id, action="sign_in.succeeded")])
    return raw


def _sign_in_keys(user_id: str, address: str) -> dict[str, int]:
    # The name is hashed: it is whatever someone typed, even a password in the wrong box.
    # A whole office may share one address, so it gets more free tries than a name.
    return {f"sign_in:name:{hashed(user_id.lower())}": 5, f"sign_in:address:{address}": 40}


def of_session(
    session: Session, raw: str, settings: Settings, now: datetime
) -> tuple[Actor, bool] | None:
    """Return who this session id stands for, and whether to note that it was seen; None if over."""
    found = session.execute(
        select(WebSession, User)
        .join(User, User.id == WebSession.user)
        .where(WebSession.id_hash == hashed(raw), User.disabled_at.is_(None))
    ).one_or_none()
    if found is None:
        return None
    web, user = found
    if now >= web.expires_at or now >= web.seen_at + settings.session_idle:
        return None
    return actor_of(user), now >= web.seen_at + TOUCH_EVERY


def seen(session: Session, raw: str, now: datetime) -> None:
    """Note that a session was used."""
    session.execute(update(WebSession).where(WebSession.id_hash == hashed(raw)).values(seen_at=now))


def sign_out(session: Session, raw: str, actor: Actor, now: datetime) -> None:
    """End a session for good."""
    session.execute(delete(WebSession).where(WebSession.id_hash == hashed(raw)))
    audit.append(session, now, [audit.Action(actor=actor.id, action="sign_out")])


def make_code(session: Session, user_id: str, *, by: str, settings: Settings, now: datetime) -> str:
    """Return a code that enrols one phone for a person, once, while it lives."""
    code = "-".join(secrets.token_hex(2) for _ in range(5))  # 80 bits, easy to read aloud
    row = {
        "code_hash": hashed(code),
        "user": user_id,
        "made_by": by,
        "expires_at": now + settings.enrol_code_lives,
    }
    session.execute(insert(EnrolmentCode).values(row))
    made = audit.Action(actor=by, action="enrol_code.made", objects={"user": user_id})
    audit.append(session, now, [made])
    return code


def enrolling(session: Session, address: str, now: datetime) -> None:
    """Raise TooMany while this address must wait."""
    throttle.refuse_early(session, _enrol_keys(address), now)


def enrol_failed(session: Session, address: str, now: datetime) -> None:
    """Count a wrong code against the address."""
    throttle.count_failure(session, _enrol_keys(address), now)
    audit.append(session, now, [audit.Action(actor="nobody", action="enrol.failed")])


def _enrol_keys(address: str) -> dict[str, int]:
    return {f"enrol:address:{address}": 10}


def enrol(
    session: Session, code: str, device_name: str, *, settings: Settings, now: datetime
) -> tuple[Actor, str]:
    """Make a phone the code's person's and return it with its token; raises CodeRefused.

    The code is used up by an update that only one of two racing phones can make.
    """
    user_id = session.execute(
        update(EnrolmentCode)
        .where(
            EnrolmentCode.code_hash == hashed(code.strip().lower()),
            EnrolmentCode.used_at.is_(None),
            EnrolmentCode.expires_at > now,
        )
        .values(used_at=now)
        .returning(EnrolmentCode.user)
    ).scalar_one_or_none()
    if user_id is None:
        raise CodeRefused
    user = session.execute(select(User).where(User.id == user_id)).scalar_one()
    if user.disabled_at is not None:
        raise CodeRefused
    token = secrets.token_urlsafe(32)
    device = Device(
        id=new_id(now),
        user=user.id,
        name=device_name,
        token_hash=hashed(token),
        enrolled_at=now,
        expires_at=now + settings.device_lives,
        revoked_at=None,
        contact_at=now,
    )
    session.add(device)
    session.flush()
    enrolled = audit.Action(
        actor=user.id, device=device.id, action="device.enrolled", objects={"device": device.id}
    )
    audit.append(session, now, [enrolled])
    return actor_of(user, device), token


def of_token(session: Session, token: str, now: datetime) -> tuple[Actor, bool]:
    """Return whose phone this is, and whether to note the contact.

    Raises UnknownDevice, ExpiredDevice or RevokedDevice.
    """
    found = session.execute(
        select(Device, User)
        .join(User, User.id == Device.user)
        .where(Device.token_hash == hashed(token))
    ).one_or_none()
    if found is None:
        raise UnknownDevice
    device, user = found
    if device.revoked_at is not None or user.disabled_at is not None:
        raise RevokedDevice
    if now >= device.expires_at:
        raise ExpiredDevice
    stale = device.contact_at is None or now >= device.contact_at + TOUCH_EVERY
    return actor_of(user, device), stale


def contact(session: Session, device_id: str, now: datetime) -> None:
    """Note that a phone was in touch."""
    session.execute(update(Device).where(Device.id == device_id).values(contact_at=now))


def revoke_device(session: Session, device_id: str, *, by: str, now: datetime) -> bool:
    """Take a phone's access away; False when there is no such phone or it is done already."""
    revoked = session.execute(
        update(Device)
        .where(Device.id == device_id, Device.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(Device.id)
    ).scalar_one_or_none()
    if revoked is None:
        return False
    told = audit.Action(actor=by, action="device.revoked", objects={"device": device_id})
    audit.append(session, now, [told])
    return True


def disable_user(session: Session, user_id: str, *, by: str, now: datetime) -> bool:
    """Shut a person out and end their sessions; their phones are refused from now on."""
    disabled = session.execute(
        update(User)
        .where(User.id == user_id, User.disabled_at.is_(None))
        .values(disabled_at=now)
        .returning(User.id)
    ).scalar_one_or_none()
    session.execute(delete(WebSession).where(WebSession.user == user_id))
    if disabled is None:
        return False
    shut = audit.Action(actor=by, action="user.disabled", objects={"user": user_id})
    audit.append(session, now, [shut])
    return True


def hashed(secret: str) -> str:
    """Return the SHA-256 of a random secret: of 80 bits or more, so no salt is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()
