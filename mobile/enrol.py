"""Make a device a practitioner's phone, once, with a code from a supervisor.

The command is `python -m mobile.enrol --server URL --code CODE --pin PIN [--home DIR]`; the
app's own enrolment screen calls `enrol`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from mobile.phone import Identity, Phone, public_key, utc_now
from mobile.ports import DesktopDevice, Device
from mobile.store import FILE, Store, StoreProblem
from mobile.transport import NotAllowed, Office, Refused, Strange, TransportProblem, checked_server
from mobile.vault import Cost, Vault, VaultError, weak_pin
from mobile.wording import count_words


class NotEnrolled(Exception):
    """The device was not enrolled; the words say why and what to do."""


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

    Raises NotEnrolled in words. The code is spent only when everything that can be checked on
    this device has been. A first pull that fails is not a failure: the app pulls later. The same
    person may enrol again when her access has run out: everything on the device stays.
    """
    try:
        address = checked_server(server)
    except ValueError as problem:
        raise NotEnrolled(str(problem)) from None
    vault = Vault(device, cost)
    began = vault.exists
    why = None if began else weak_pin(pin)
    if why:
        raise NotEnrolled(why)
    try:
        # A device that was stopped in mid-enrolment has a PIN already: the same one goes on.
        key = vault.unlock(pin) if began else vault.create(pin)
        phone = Phone(Store(device.folder(), key), now=now)
    except (VaultError, StoreProblem) as problem:
        raise NotEnrolled(str(problem)) from problem
    try:
        return _enrol(phone, address, code, (device_name or device.name())[:100])
    finally:
        phone.lock()
        if phone.identity is None and not began:
            _clear(device)


def _enrol(phone: Phone, address: str, code: str, device_name: str) -> str:
    office = Office(address)
    before = phone.identity
    try:
        new = _identity(office.enrol(code.strip(), device_name), address)
        if before is not None and new.user_id != before.user_id:
            raise NotEnrolled(f"This device belongs to {before.user_name}, and so do its records.")
        phone.adopt(new)
    except (NotAllowed, Refused):
        raise NotEnrolled(
            "The office did not accept the code. It may be used up or too old: ask for a new one."
        ) from None
    except (TransportProblem, StoreProblem) as problem:
        raise NotEnrolled(str(problem)) from problem
    finally:
        office.close()
    name = phone.identity.user_name if phone.identity else ""
    missing = phone.rounds.round().problem
    if missing is not None:
        return f"This is now {name}'s phone. The families will come later: {missing}"
    families = count_words(len(phone.caseload.households()), "family", "families")
    return f"This is now {name}'s phone, with {families} on it."


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
