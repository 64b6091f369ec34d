"""The lock on the phone's records: a PIN that unwraps the key everything is sealed with."""

from __future__ import annotations

import base64
import json
import math
import secrets
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from mobile.ports import Device, SecretUnavailable, write_whole

KEY_BYTES = 32
NONCE_BYTES = 12
FEWEST_DIGITS = 6
FEWEST_LETTERS = 12
# Seconds to wait after so many wrong PINs in a row: two may be slips of the finger.
WAITS = (0, 0, 0, 30, 60, 120, 300, 900, 1800)
LONGEST_WAIT = 3600
EARLIEST_YEAR, LATEST_YEAR = 1930, 2040
DATE_ORDERS = {
    6: ("%d%m%y", "%y%m%d", "%m%d%y", "%Y%m", "%m%Y"),
    8: ("%d%m%Y", "%Y%m%d", "%m%d%Y"),
}
COMMON = frozenset({"121212", "112233", "123123", "123321", "696969", "159753", "147258", "102030"})


class VaultError(Exception):
    """The vault did not open; the words say why and what to do."""


class WeakPin(VaultError):
    """A PIN too easy to guess."""


class WrongPin(VaultError):
    """Not the PIN. `wait_seconds`: how long until the next try counts."""

    def __init__(self, words: str, wait_seconds: float) -> None:
        super().__init__(words)
        self.wait_seconds = wait_seconds


class TooSoon(WrongPin):
    """Tried again before the wait was over; the PIN was not looked at."""


class VaultDamaged(VaultError):
    """The file that holds the wrapped key cannot be read: not a matter of the PIN."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess costs: Argon2id's passes, memory in KiB, and lanes (RFC 9106, section 4)."""

    passes: int = 3
    memory_kib: int = 64 * 1024
    lanes: int = 4


class Vault:
    """The wrapped key of one device, and the count of wrong PINs."""

    def __init__(self, device: Device, cost: Cost | None = None) -> None:
        self._device = device
        self._cost = cost or Cost()
        self._path = device.folder() / "vault.json"
        self._attempts = device.folder() / "attempts.json"

    @property
    def exists(self) -> bool:
        """Whether a PIN was ever chosen on this device."""
        return self._path.exists()

    def create(self, pin: str) -> bytes:
        """Choose the PIN: make the data key, wrap it, write it durably, and return it.

        Raises WeakPin; VaultError where there is a vault already, since a new one would make
        everything sealed with the old key unreadable.
        """
        if self.exists:
            raise VaultError("This device already has a PIN.")
        why = weak_pin(pin)
        if why:
            raise WeakPin(why)
        key, salt = secrets.token_bytes(KEY_BYTES), secrets.token_bytes(16)
        nonce = secrets.token_bytes(NONCE_BYTES)
        wrapping = _wrapping_key(pin, self._device.secret(), salt, self._cost)
        document = {
            "v": 1,
            "salt": _text(salt),
            "passes": self._cost.passes,
            "memory_kib": self._cost.memory_kib,
            "lanes": self._cost.lanes,
            "wrapped": _text(nonce + AESGCM(wrapping).encrypt(nonce, key, b"vault|data key|1")),
        }
        self._record(0)
        write_whole(self._path, json.dumps(document).encode())
        return key

    def unlock(self, pin: str) -> bytes:
        """The data key. Raises WrongPin, TooSoon or VaultDamaged.

        The try is counted before the PIN is looked at, so that killing the app in between
        does not give a free one.
        """
        salt, wrapped, cost = self._read()
        wait = self.wait_seconds()
        if wait > 0:
            raise TooSoon(f"Too many wrong PINs. Try again in {_in_words(wait)}.", wait)
        try:
            secret = self._device.secret()
        except SecretUnavailable as why:  # not her PIN's fault: no try is counted
            raise VaultError(str(why)) from why
        failed = self._attempts_so_far()[0] + 1
        self._record(failed)
        wrapping = _wrapping_key(pin, secret, salt, cost)
        nonce, sealed = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
        try:
            # The tag is the key check: it fails for a wrong PIN and says nothing of the store.
            key = AESGCM(wrapping).decrypt(nonce, sealed, b"vault|data key|1")
        except InvalidTag:
            wait = _wait_after(failed)
            then = f" Wait {_in_words(wait)} before the next try." if wait else " Try again."
            raise WrongPin(f"That is not the PIN.{then}", wait) from None
        self._record(0)
        return key

    def wait_seconds(self) -> float:
        """Seconds until the next try counts, by a clock that nobody can set."""
        failed, since, at = self._attempts_so_far()
        boot, uptime = self._device.uptime()
        if since != boot:
            # The device was restarted, and how long it was off is not known: the wait starts anew.
            self._record(failed)
            return float(_wait_after(failed))
        return max(0.0, _wait_after(failed) - (uptime - at))

    def _read(self) -> tuple[bytes, bytes, Cost]:
        if not self.exists:
            raise VaultDamaged("This device has no PIN yet.")
        try:
            doc = json.loads(self._path.read_bytes())
            cost = Cost(int(doc["passes"]), int(doc["memory_kib"]), int(doc["lanes"]))
            wrapped = base64.b64decode(doc["wrapped"], validate=True)
            if len(wrapped) != NONCE_BYTES + KEY_BYTES + 16:
                raise ValueError("wrapped key of the wrong length")
            return base64.b64decode(doc["salt"], validate=True), wrapped, cost
        except (ValueError, KeyError, TypeError) as error:
            raise VaultDamaged(
                "The key file on this device is damaged, so no PIN can open it. "
                "Keep the app as it is and call support."
            ) from error

    def _attempts_so_far(self) -> tuple[int, str, float]:
        """Wrong PINs in a row, the start of the device they fell in, and its uptime at the last."""
        try:
            doc = json.loads(self._attempts.read_bytes())
            return int(doc["failed"]), str(doc["boot"]), float(doc["at"])
        except (OSError, ValueError, KeyError, TypeError):
            # The file is written with the vault; without it somebody may be after more tries.
            return len(WAITS), "", 0.0

    def _record(self, failed: int) -> None:
        boot, uptime = self._device.uptime()
        doc = {"failed": failed, "boot": boot, "at": uptime}
        write_whole(self._attempts, json.dumps(doc).encode())


def weak_pin(pin: str) -> str | None:
    """Why a PIN is too easy to guess, in words; None when it will do.

    Six digits or more, or a passphrase of twelve characters or more: a device without a key
    store of its own needs the passphrase, since six digits can be tried out on a stolen copy.
    """
    if not pin.isdecimal():
        if len(pin) < FEWEST_LETTERS:
            return f"Use {FEWEST_DIGITS} digits or more, or at least {FEWEST_LETTERS} characters."
        return "Use a mix of characters." if len(set(pin)) < FEWEST_DIGITS else None
    if len(pin) < FEWEST_DIGITS:
        return f"Use {FEWEST_DIGITS} digits or more."
    if pin in COMMON or len(set(pin)) == 1 or _is_run(pin) or _is_repeat(pin):
        return "That PIN is one of the first anyone would try. Choose another."
    if _is_date(pin):
        return "That PIN looks like a date, and dates are easy to guess. Choose another."
    return None


def _is_run(pin: str) -> bool:
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return steps in ({1}, {9})


def _is_repeat(pin: str) -> bool:
    return any(len(pin) % n == 0 and pin == pin[:n] * (len(pin) // n) for n in (2, 3))


def _is_date(pin: str) -> bool:
    """Whether the digits read as a date, or a month and year, in any of the usual orders."""
    for order in DATE_ORDERS.get(len(pin), ()):
        try:
            year = datetime.strptime(pin, order).year
        except ValueError:
            continue
        if EARLIEST_YEAR <= year <= LATEST_YEAR:
            return True
    return False


def _wait_after(failed: int) -> int:
    return WAITS[failed] if failed < len(WAITS) else LONGEST_WAIT


def _in_words(seconds: float) -> str:
    whole = math.ceil(seconds)
    if whole < 60:
        return "1 second" if whole == 1 else f"{whole} seconds"
    minutes = math.ceil(whole / 60)
    return "1 minute" if minutes == 1 else f"{minutes} minutes"


def _wrapping_key(pin: str, secret: bytes, salt: bytes, cost: Cost) -> bytes:
    """HKDF over the stretched PIN and the device's secret: neither opens the vault alone."""
    stretched = Argon2id(
        salt=salt,
        length=KEY_BYTES,
        iterations=cost.passes,
        lanes=cost.lanes,
        memory_cost=cost.memory_kib,
    ).derive(pin.encode())
    return HKDF(SHA256(), KEY_BYTES, salt, b"threshold vault 1").derive(stretched + secret)


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
