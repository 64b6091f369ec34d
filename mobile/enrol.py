"""Make a device a practitioner's phone, once, with a code from a supervisor.

The command is `python -m mobile.enrol --server URL --code CODE --pin PIN [--home DIR]`; the
app's own enrolment screen calls `take_up`.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from mobile.phone import Identity, Phone, public_key, utc_now
from mobile.ports import DesktopDevice, Device, SecretUnavailable
from mobile.store import FILE, Store, StoreProblem
from mobile.transport import (
    Busy,
    NotAllowed,
    Office,
    Offline,
    Refused,
    Strange,
    TransportProblem,
    checked_server,
)
from mobile.vault import Cost, Vault, VaultError, WrongPin, weak_pin
from mobile.wording import count_words

NO_SUCH_CODE = (
    "The office did not accept the code. It may be mistyped, used up or too old: check it, or "
    "ask for a new one."
)
NO_OFFICE = (
    "No signal, or no office at that address. Check the address, and try again where there is "
    "signal."
)


class NotEnrolled(Exception):
    """The device was not enrolled; the words say why and what to do.

    `about` is what they concern: "server", "code", "pin", or "" where nothing typed is at fault.
    """

    def __init__(self, words: str, about: str = "") -> None:
        super().__init__(words)
        self.about = about


def enrol(
    device: Device,
    server: str,
    code: str,
    pin: str,
    *,
    device_name: str | None = None,
    now: Callable[[], datetime] = utc_now,
    cost: Cost | None = None,
) -> str:
    """Enrol, choose the PIN, and pull the caseload for the first time; a sentence how it went.

    Raises NotEnrolled as `take_up` does. A first pull that fails is not a failure: the app pulls
    later.
    """
    phone = take_up(device, server, code, pin, device_name=device_name, now=now, cost=cost)
    try:
        name = phone.identity.user_name if phone.identity else ""
        missing = phone.rounds.round().problem
        if missing is not None:
            return f"This is now {name}'s phone. The families will come later: {missing}"
        families = count_words(len(phone.caseload.households()), "family", "families")
        return f"This is now {name}'s phone, with {families} on it."
    finally:
        phone.lock()


def take_up(
    device: Device,
    server: str,
    code: str,
    pin: str,
    *,
    device_name: str | None = None,
    now: Callable[[], datetime] = utc_now,
    cost: Cost | None = None,
) -> Phone:
    """Enrol and choose the PIN; the open phone, enrolled, with nothing pulled yet.

    Raises NotEnrolled in words. The code is spent only when everything that can be checked on
    this device has been. The same person may enrol again when her access has run out: everything
    on the device stays.
    """
    try:
        address = checked_server(server)
    except ValueError as problem:
        raise NotEnrolled(str(problem), "server") from None
    vault = Vault(device, cost)
    began = vault.exists
    why = None if began else weak_pin(pin)
    if why:
        raise NotEnrolled(why, "pin")
    try:
        # A device that was stopped in mid-enrolment has a PIN already: the same one goes on.
        key = vault.unlock(pin) if began else vault.create(pin)
        phone = Phone(Store(device.folder(), key), now=now)
    except (VaultError, StoreProblem, SecretUnavailable) as problem:
        about = "pin" if isinstance(problem, WrongPin) else ""
        raise NotEnrolled(str(problem), about) from problem
    try:
        _ask(phone, address, code.strip(), (device_name or device.name())[:100])
    except BaseException:
        phone.lock()
        if phone.identity is None and not began:
            _clear(device)
        raise
    return phone


def _ask(phone: Phone, address: str, code: str, device_name: str) -> None:
    """Exchange the code, and be the phone of whom the office names."""
    office = Office(address)
    before = phone.identity
    try:
        new = _identity(office.enrol(code, device_name), address)
        if before is not None and new.user_id != before.user_id:
            words = f"This device belongs to {before.user_name}, and so do its records."
            raise NotEnrolled(words, "code")
        phone.adopt(new)
    except (NotAllowed, Refused):
        raise NotEnrolled(NO_SUCH_CODE, "code") from None
    except Offline as problem:
        raise NotEnrolled(NO_OFFICE, "server") from problem
    except Busy as problem:
        raise NotEnrolled(_busy_words(problem.retry_after)) from problem
    except (TransportProblem, StoreProblem) as problem:
        raise NotEnrolled(str(problem)) from problem
    finally:
        office.close()


def _busy_words(seconds: float) -> str:
    """When the code may be tried again: the office counts wrong ones."""
    minutes = math.ceil(seconds / 60)
    when = f"in {count_words(minutes, 'minute', 'minutes')}" if minutes else "in a little while"
    return f"The office asks you to wait. Try again {when}."


def _clear(device: Device) -> None:
    """Nothing was enrolled, so nothing was recorded: leave no PIN behind that nobody remembers."""
    for name in ("vault.json", "attempts.json", FILE, FILE + "-wal", FILE + "-shm"):
        (device.folder() / name).unlink(missing_ok=True)


def _identity(reply: dict[str, Any], server: str) -> Identity:
    try:
        user = reply["user"]
        return Identity(
            device=reply["device"],
            user_id=str(user["id"]),
            user_name=str(user["name"]),
            role=str(user["role"]),
            agency=str(user["agency"]),
            team=str(user.get("team") or ""),
            server=server,
            token=reply["token"],
            office_key=public_key(reply["office_key"]),
            office_key_id=str(reply["office_key_id"]),
            epoch=reply["epoch"],
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Strange("The office's answer could not be read. Update the app.") from error


def main(arguments: Sequence[str] | None = None) -> int:
    """The command: 0 when enrolled, 2 with the reason on standard error."""
    parser = argparse.ArgumentParser(prog="python -m mobile.enrol")
    parser.add_argument("--server", required=True, help="the office's address, https://...")
    parser.add_argument("--code", required=True, help="the single-use code from a supervisor")
    parser.add_argument("--pin", required=True, help="the PIN that will unlock the app")
    parser.add_argument("--home", type=Path, help="the app's folder, if not the usual one")
    given = parser.parse_args(arguments)
    try:
        sentence = enrol(DesktopDevice(given.home), given.server, given.code, given.pin)
    except NotEnrolled as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    sys.stdout.write(f"{sentence}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
