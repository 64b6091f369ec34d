"""An unlocked phone: everything the screens use, wired together."""

from __future__ import annotations

import base64
import random as chance
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from mobile.caseload import Caseload
from mobile.courier import Courier
from mobile.drafts import Drafts
from mobile.families import Families
from mobile.guidance import Guidance
from mobile.outbox import Outbox
from mobile.ports import Device
from mobile.salvage import Salvaged, set_aside
from mobile.status import Status
from mobile.store import Store
from mobile.sync import Sync
from mobile.transport import Office
from mobile.vault import Cost, Vault
from shared.packs import Book


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose phone this is, and which office it belongs to. `office_key`: hexadecimal."""

    device: str
    user_id: str
    user_name: str
    role: str
    agency: str
    team: str
    server: str
    token: str
    office_key: str
    office_key_id: str
    epoch: str


def utc_now() -> datetime:
    """The device's clock, with its zone."""
    return datetime.now(UTC)


class Phone:
    """The parts of an unlocked phone. `lock` closes them all and forgets the key."""

    def __init__(
        self,
        store: Store,
        *,
        now: Callable[[], datetime] = utc_now,
        random: Callable[[], float] = chance.random,
    ) -> None:
        self.store = store
        self.outbox = Outbox(store)
        self.caseload = Caseload(store, self.outbox)
        self.drafts = Drafts(store, self.caseload, self.outbox)
        self.families = Families(self.caseload, self.outbox, self.drafts)
        self.guidance = Guidance(self.caseload, self.drafts)
        self._now = now
        self._random = random
        self._office: Office | None = None
        doc = store.document("identity")
        self.identity = Identity(**doc) if doc else None
        if self.identity is not None:
            self._connect(self.identity)

    @property
    def book(self) -> Book | None:
        """The checklist, rules and holidays; None before the first pull."""
        return self.caseload.book()

    def adopt(self, identity: Identity) -> None:
        """Become this practitioner's phone: the last step of enrolment."""
        if self._office is not None:
            self.courier.stop()
            self._office.close()
        doc = asdict(identity)
        self.store.write(lambda db: self.store.put_document(db, "identity", doc)).result()
        self.identity = identity
        self._connect(identity)

    def lock(self) -> None:
        """Stop sending, finish what was being saved, close, and forget the key."""
        if self._office is not None:
            self.courier.stop()
            self._office.close()
        self.store.close()

    def _connect(self, identity: Identity) -> None:
        self._office = Office(identity.server, identity.token)
        self.rounds = Sync(
            self.store,
            self.outbox,
            self.caseload,
            self._office,
            now=self._now,
            random=self._random,
        )
        self.sync = Status(self.rounds, self.outbox, self.caseload, self._now)
        self.courier = Courier(self.rounds, self._now)


def open_phone(
    device: Device,
    pin: str,
    *,
    now: Callable[[], datetime] = utc_now,
    random: Callable[[], float] = chance.random,
    cost: Cost | None = None,
) -> Phone:
    """Unlock and open. Takes a fifth of a second on purpose; raises the vault's and store's words.

    `cost`: what a new vault's guesses cost; an existing one keeps its own.
    """
    key = Vault(device, cost).unlock(pin)
    return Phone(Store(device.folder(), key), now=now, random=random)


def open_damaged(
    device: Device, pin: str, *, now: Callable[[], datetime] = utc_now
) -> tuple[Phone, Salvaged]:
    """After StoreDamaged: set the damaged records aside, keep what opens, and go on.

    Where even the identity was lost, the phone has none and must be enrolled again.
    """
    key = Vault(device).unlock(pin)
    salvaged = set_aside(device.folder(), key, now())
    return Phone(Store(device.folder(), key), now=now), salvaged


def public_key(text: str) -> str:
    """The office's public key as identities keep it, from the base64 of the wire. ValueError."""
    raw = base64.b64decode(text, validate=True)
    if len(raw) != 32:
        raise ValueError("a public key has 32 bytes")
    return raw.hex()
