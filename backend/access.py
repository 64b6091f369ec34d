"""What every view rests on: who is calling, what they may call, and the request's own session."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import current_app, g, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from backend import identity
from backend.config import Settings
from backend.db import Database
from backend.identity import Actor
from backend.problems import NotAllowed, NotSignedIn, UnknownDevice
from shared.packs import Book
from shared.sealing import key_id_of

View = TypeVar("View", bound=Callable[..., Any])
LARGEST_BODY = 64_000  # bytes, where a view does not say otherwise
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True, kw_only=True)
class Office:
    """What one running office works with. `keys`: private keys by id; `public_key`: the newest."""

    settings: Settings
    db: Database
    book: Book
    keys: dict[str, bytes]
    public_key: bytes

    @property
    def key_id(self) -> str:
        """The id of the key that phones are given now."""
        return key_id_of(self.public_key)


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Who may call a view: anyone, a phone, or a person (of some roles) who signed in."""

    kind: str
    roles: tuple[str, ...] = ()


def anyone(view: View) -> View:
    """Let anyone call this view."""
    return _declare(view, Policy(kind="anyone"))


def device(view: View) -> View:
    """Let enrolled phones call this view, by their token and never by a cookie."""
    return _declare(view, Policy(kind="device"))


def signed_in(*roles: str) -> Callable[[View], View]:
    """Let people who signed in call this view; with roles, only those."""
    return lambda view: _declare(view, Policy(kind="signed_in", roles=roles))


def _declare(view: View, policy: Policy) -> View:
    view.policy = policy  # type: ignore[attr-defined]
    return view


def takes(limit: int) -> Callable[[View], View]:
    """Let this view's requests have bodies of up to `limit` bytes."""

    def declare(view: View) -> View:
        view.body_limit = limit  # type: ignore[attr-defined]
        return view

    return declare


def policy_of(view: object) -> Policy | None:
    """Return what a view declares."""
    return getattr(view, "policy", None)


def office() -> Office:
    """Return the office that answers this request."""
    return cast(Office, current_app.extensions["threshold"])


def now() -> datetime:
    """Return the moment this request is answered at: one and the same throughout."""
    if "now" not in g:
        g.now = datetime.now(UTC)
    return cast(datetime, g.now)


def caller() -> str:
    """Return the address the request comes from, as the trusted proxies say."""
    return request.remote_addr or ""


def actor() -> Any:
    """Return who is calling (an Actor); None on a page that anyone may call."""
    return g.get("actor")


def db() -> Session:
    """Return the request's session: for reading on GET and HEAD, else for writing.

    Opened when first asked for, so that nobody waits while a body is read; what is not committed
    is rolled back at the end of the request.
    """
    if "db" not in g:
        g.doors = ExitStack()
        door = office().db.reading if request.method in SAFE_METHODS else office().db.writing
        g.db = g.doors.enter_context(door())
    return cast(Session, g.db)


def commit() -> None:
    """Keep what the request wrote: the last thing a view does before it replies."""
    db().commit()


def close(_error: BaseException | None = None) -> None:
    """Let go of the request's session."""
    doors = g.pop("doors", None)
    g.pop("db", None)
    if doors is not None:
        doors.close()


def enforce() -> None:
    """Find out who is calling and refuse who may not; runs before every view."""
    view = current_app.view_functions.get(request.endpoint or "")
    policy = policy_of(view) if view else None
    if policy is None:
        return  # no such page: the 404 follows
    request.max_content_length = getattr(view, "body_limit", LARGEST_BODY)
    if policy.kind == "device":
        g.actor = _of_token()
        return
    g.actor = _of_cookie()
    if policy.kind == "anyone":
        return
    if g.actor is None:
        raise NotSignedIn
    if policy.roles and g.actor.role not in policy.roles:
        raise NotAllowed


def _of_token() -> Actor:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind != "Bearer" or not token:
        raise UnknownDevice("Send the device's token as a bearer token.")
    with office().db.reading() as session:
        found, note = identity.of_token(session, token.strip(), now())
    if note and found.device:
        with office().db.writing() as session:
            identity.contact(session, found.device, now())
            session.commit()
    return found


def _of_cookie() -> Actor | None:
    if request.path.startswith("/api/"):
        return None
    raw = request.cookies.get(cookie_name(office().settings))
    if not raw:
        return None
    with office().db.reading() as session:
        found = identity.of_session(session, raw, office().settings, now())
    if found is None:
        return None
    who, note = found
    if note:
        with office().db.writing() as session:
            identity.seen(session, raw, now())
            session.commit()
    return who


def cookie_name(settings: Settings) -> str:
    """Return the session cookie's name; browsers bind a `__Host-` one to this host and TLS."""
    return "__Host-threshold" if settings.is_production else "threshold"


def sign_in(username: str, password: str) -> str | None:
    """Return a new session's id, or None when the name or password is wrong; commits itself.

    Raises TooMany while the name or address must wait. The slow check of the password is done
    with no transaction open.
    """
    address, users = caller(), username.strip().lower()
    with office().db.reading() as session:
        identity.signing_in(session, users, address, now())
        who = identity.check_password(session, users, password)
    with office().db.writing() as session:
        if who is None:
            identity.sign_in_failed(session, users, address, now())
            raw = None
        else:
            raw = identity.signed_in(session, who, address, office().settings, now())
        session.commit()
    return raw


def set_session_cookie(response: Response, raw: str) -> Response:
    """Return the response with the session's cookie on it."""
    settings = office().settings
    response.set_cookie(
        cookie_name(settings),
        raw,
        max_age=int(settings.session_absolute.total_seconds()),
        secure=settings.is_production,
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return response


def sign_out(response: Response) -> Response:
    """End the caller's session, for good, and return the response that forgets it; commits."""
    name = cookie_name(office().settings)
    raw = request.cookies.get(name)
    if raw and g.get("actor") is not None:
        with office().db.writing() as session:
            identity.sign_out(session, raw, g.actor, now())
            session.commit()
    secure = office().settings.is_production
    response.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="Lax")
    return response


def safe_next(place: str | None, default: str) -> str:
    """Return where to go after signing in: a path of this office, or `default`."""
    if not place or not place.startswith("/") or "\\" in place or "\n" in place or "\r" in place:
        return default
    parts = urlsplit(place)
    if parts.scheme or parts.netloc or place.startswith("//"):
        return default
    return place
