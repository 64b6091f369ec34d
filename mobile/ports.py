"""What differs between one device and another, and how a desktop computer does it."""

from __future__ import annotations

import base64
import os
import platform
import secrets
import time
from pathlib import Path
from typing import Protocol

APP = "threshold"
SECRET_BYTES = 32
IN_KEY_RING = b"in the key ring"
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class SecretUnavailable(Exception):
    """The device's secret is there, but whoever keeps it does not hand it out now."""


class Device(Protocol):
    """What the app asks of the device it runs on."""

    def folder(self) -> Path:
        """The private folder of this app, made if missing, open to its user only."""

    def secret(self) -> bytes:
        """32 bytes that never leave this device, made on first use."""

    def secret_is_held_apart(self) -> bool:
        """Whether the secret lies somewhere that a copy of the folder does not contain."""

    def dial(self, number: str) -> str:
        """Start a call where the device can; the words to show meanwhile."""

    def network_hint(self) -> bool | None:
        """What the device thinks of its network; None: it does not say. Never trusted."""

    def uptime(self) -> tuple[str, float]:
        """Which start of the device this is, and the seconds since: no one can set this clock."""

    def name(self) -> str:
        """What the office lists this device as."""


class DesktopDevice:
    """A computer: the folder of the platform, its key ring, and a number to dial by hand.

    `home` overrides the folder; left out, THRESHOLD_HOME does, and without it the platform says.
    """

    def __init__(self, home: Path | None = None) -> None:
        chosen = home or os.environ.get("THRESHOLD_HOME")
        self._folder = Path(chosen) if chosen else _platform_folder()
        self._held_apart: bool | None = None

    def folder(self) -> Path:
        """The app's folder, mode 0700."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder.chmod(0o700)
        return self._folder

    def secret(self) -> bytes:
        """The device's secret: in the key ring, or in a file of mode 0600 where there is none.

        Raises SecretUnavailable when the key ring that holds it does not answer: a new secret
        would make a right PIN look wrong.
        """
        path = self._secret_file()
        if not path.exists():
            return self._new_secret()
        kept = path.read_bytes()
        self._held_apart = kept == IN_KEY_RING
        return self._from_key_ring() if self._held_apart else base64.b64decode(kept)

    def secret_is_held_apart(self) -> bool:
        """False where the computer has no key ring: then only the PIN protects a stolen copy."""
        if self._held_apart is None:
            self.secret()
        return bool(self._held_apart)

    def dial(self, number: str) -> str:
        """A computer cannot call: the number to dial."""
        return f"Call {number}"

    def network_hint(self) -> bool | None:
        """A computer is not asked: the office's own answer is what counts."""
        return None

    def uptime(self) -> tuple[str, float]:
        """The boot's id and seconds since boot, time asleep included where the system counts it."""
        if hasattr(time, "CLOCK_BOOTTIME") and BOOT_ID.exists():
            return BOOT_ID.read_text().strip(), time.clock_gettime(time.CLOCK_BOOTTIME)
        # Without a boot id, setting the clock looks like a restart, which begins the wait anew.
        return f"{round((time.time() - time.monotonic()) / 60)}", time.monotonic()

    def name(self) -> str:
        """The computer's own name."""
        return platform.node() or "Computer"

    def _secret_file(self) -> Path:
        return self.folder() / "device-secret"

    def _new_secret(self) -> bytes:
        made = secrets.token_bytes(SECRET_BYTES)
        self._held_apart = self._into_key_ring(made)
        kept = IN_KEY_RING if self._held_apart else base64.b64encode(made)
        write_whole(self._secret_file(), kept)
        return made

    def _into_key_ring(self, secret: bytes) -> bool:
        """Whether the key ring took the secret and gives it back."""
        # Imported here: Android has no keyring, and imports this file for the protocol.
        import keyring
        from keyring.errors import KeyringError

        text = base64.b64encode(secret).decode()
        try:
            keyring.set_password(APP, self._entry(), text)
            return keyring.get_password(APP, self._entry()) == text
        except KeyringError:
            return False

    def _from_key_ring(self) -> bytes:
        import keyring
        from keyring.errors import KeyringError

        try:
            kept = keyring.get_password(APP, self._entry())
        except KeyringError:
            kept = None
        if kept is None:
            raise SecretUnavailable(
                "The key ring of this computer is locked or was emptied. Unlock it and try again."
            )
        return base64.b64decode(kept)

    def _entry(self) -> str:
        return str(self.folder().resolve())


def _platform_folder() -> Path:
    import platformdirs

    return platformdirs.user_data_path(APP)


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file durably: after a crash there is the old one or the new one, never a part."""
    beside = path.with_name(path.name + ".new")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    with open(os.open(beside, flags, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
