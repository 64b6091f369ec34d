"""The office over HTTPS: each call gives what the office said, or a problem that says what to do.

TransportProblem
  Offline      nobody answered, or something that is not the office did (a captive portal)
  Untrusted    the certificate could not be checked: nothing was sent
  Busy         the office asks to be left alone for a while, or failed
  NotAllowed   the office does not accept this device: keep everything
  Refused      the office read the request and will not have it
  Strange      the office answered something this version of the app cannot read
"""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from shared.reading import Unreadable, read_json

CONNECT_SECONDS = 3.0
READ_SECONDS = 20.0
HEALTH_SECONDS = 3.0
# A reply may come in pieces, each in time, but not for ever.
REPLIES_TAKE = 3
LARGEST_REPLY = 32_000_000
CHUNK = 65_536
LONGEST_RETRY_AFTER = 3600.0


class TransportProblem(Exception):
    """What came between this phone and the office; the words are for the person who holds it."""


class Offline(TransportProblem):
    """Nobody answered, or something that is not the office did."""


class Untrusted(TransportProblem):
    """The other end could not prove that it is the office: nothing was sent."""


class Busy(TransportProblem):
    """The office failed, or asks to wait. `retry_after`: seconds it asked for, 0 if it did not.

    `fault`: it stumbled (500), perhaps over what was sent.
    """

    def __init__(self, words: str, retry_after: float = 0.0, *, fault: bool = False) -> None:
        super().__init__(words)
        self.retry_after = retry_after
        self.fault = fault


class NotAllowed(TransportProblem):
    """The office does not accept this device, or no longer."""


class Refused(TransportProblem):
    """The office read the request and will not have it."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


class Strange(TransportProblem):
    """An answer that this version of the app cannot read."""


@dataclass(frozen=True, slots=True)
class Health:
    """The office is there. `epoch` changes when it was restored from a backup."""

    epoch: str
    time: datetime


def checked_server(address: str) -> str:
    """The office's address, without a trailing slash. ValueError in words unless it is https.

    Plain http is for a server on this very machine alone.
    """
    parts = urlsplit(address.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("The office's address starts with https://")
    if parts.scheme == "http" and not _is_this_machine(parts.hostname):
        raise ValueError(
            "The office's address must start with https://, so that nobody can listen."
        )
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("The office's address is only https:// and a name.")
    return address.strip().rstrip("/")


class Office:
    """One office, as this device may speak to it. Not for two threads at once."""

    def __init__(self, server: str, token: str = "") -> None:
        self._root = checked_server(server) + "/api/v1"
        self._session = requests.Session()
        # No proxies or passwords from the surroundings: what is sent goes to one place.
        self._session.trust_env = False
        # Sending again is the outbox's business, which knows what it may repeat.
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=0))
        self._session.headers["Accept"] = "application/json"
        if token:
            self._session.headers["Authorization"] = f"Bearer {token}"

    def health(self) -> Health:
        """Whether the office itself answers, within three seconds."""
        doc = self._call("GET", "/health", within=HEALTH_SECONDS)
        try:
            if doc["status"] != "ok":
                raise Busy("The office is being looked after. It will be tried again.")
            return Health(str(doc["epoch"]), _moment(doc["time"]))
        except (KeyError, TypeError, ValueError) as error:
            raise Offline(NO_OFFICE) from error

    def enrol(self, code: str, device_name: str) -> dict[str, Any]:
        """Exchange a single-use code for this device's token and the office's key."""
        doc = self._call("POST", "/enrol", {"code": code, "device_name": device_name})
        return _checked(doc, device=str, token=str, user=dict, office_key=str, epoch=str)

    def send(self, items: Sequence[tuple[str, bytes]]) -> list[dict[str, Any]]:
        """Send sealed events together, in this order; the office's word on each."""
        body = [{"id": id_, "sealed": base64.b64encode(box).decode()} for id_, box in items]
        doc = _checked(self._call("POST", "/events", {"items": body}), receipts=list)
        return [each for each in doc["receipts"] if isinstance(each, dict)]

    def caseload(self, cursor: int) -> dict[str, Any]:
        """One page of what changed for this practitioner after `cursor`."""
        return _checked(
            self._call("GET", f"/caseload?cursor={cursor}"),
            cursor=int,
            more=bool,
            households=list,
            events=list,
            escalations=list,
            gone=list,
            people=list,
            contacts=list,
            packs=dict,
        )

    def packs(self) -> dict[str, Any]:
        """The checklist, rules and holidays in force."""
        return _checked(self._call("GET", "/packs"), checklist=dict, rules=dict, holidays=dict)

    def close(self) -> None:
        """Let go of the connection."""
        self._session.close()

    def _call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        within: float = READ_SECONDS,
    ) -> dict[str, Any]:
        """The JSON object the office answered with; a TransportProblem for everything else."""
        ends = time.monotonic() + within * REPLIES_TAKE
        try:
            with self._session.request(
                method,
                self._root + path,
                json=body,
                timeout=(CONNECT_SECONDS, within),
                allow_redirects=False,
                stream=True,
            ) as reply:
                raw = _whole(reply, lambda: time.monotonic() > ends)
                return _judged(reply, raw)
        except requests.exceptions.SSLError as error:
            raise Untrusted(
                "The other end could not prove that it is the office. Nothing was sent. "
                "If it goes on, call support."
            ) from error
        except requests.exceptions.RequestException as error:
            raise Offline(NO_OFFICE) from error


NO_OFFICE = "No signal, or the office cannot be reached. You can keep working."
CANNOT_READ = "The office sent something this version of the app cannot read. Update the app."


def _whole(reply: requests.Response, too_late: Callable[[], bool]) -> bytes:
    """The reply's body, all of it: cut short, too long or too slow it is no reply."""
    parts: list[bytes] = []
    size = 0
    for part in reply.iter_content(CHUNK):
        parts.append(part)
        size += len(part)
        if size > LARGEST_REPLY:
            raise Strange(CANNOT_READ)
        if too_late():
            raise Offline(NO_OFFICE)
    expected = reply.headers.get("Content-Length", "")
    if expected.isdecimal() and "Content-Encoding" not in reply.headers and size != int(expected):
        raise Offline(NO_OFFICE)
    return b"".join(parts)


def _judged(reply: requests.Response, raw: bytes) -> dict[str, Any]:
    doc = _json_object(reply, raw)
    status = reply.status_code
    if status == 429 or status >= 500:
        raise Busy(
            "The office is busy. Everything is kept here and will be sent again.",
            _wait_asked(reply),
            fault=status == 500,
        )
    if status == 413:
        raise Refused(status, "The office says that this is too large.")
    if doc is None or 300 <= status < 400:
        raise Offline(NO_OFFICE)  # a hotel's sign-in page, not the office
    if status in (401, 403):
        raise NotAllowed(
            "The office does not accept this device. Everything is kept here. Call your manager."
        )
    if status >= 400:
        detail = doc.get("detail") or doc.get("title") or f"refused ({status})"
        raise Refused(status, str(detail)[:300])
    return doc


def _json_object(reply: requests.Response, raw: bytes) -> dict[str, Any] | None:
    """The reply as a JSON object; None when it is anything else, whatever its status."""
    kind = reply.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind not in ("application/json", "application/problem+json"):
        return None
    try:
        doc = read_json(raw, limit=LARGEST_REPLY)
    except Unreadable:
        return None
    return doc if isinstance(doc, dict) else None


def _wait_asked(reply: requests.Response) -> float:
    """Retry-After in seconds (RFC 9110, 10.2.3); a date there is left to our own back-off."""
    asked = reply.headers.get("Retry-After", "").strip()
    return min(float(asked), LONGEST_RETRY_AFTER) if asked.isdecimal() else 0.0


def _checked(doc: dict[str, Any], **kinds: type) -> dict[str, Any]:
    for key, kind in kinds.items():
        if not isinstance(doc.get(key), kind):
            raise Strange(CANNOT_READ)
    return doc


def _moment(text: object) -> datetime:
    moment = datetime.fromisoformat(str(text))
    if moment.tzinfo is None:
        raise ValueError("a time without its offset")
    return moment


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
