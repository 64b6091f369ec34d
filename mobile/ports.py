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
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


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
        """The device's secret: in the key ring, or in a file of mode 0600 where there is none."""
        kept = self._from_file()
        if kept is not None:
            self._held_apart = False
            return kept
        kept = self._from_key_ring()
        self._held_apart = kept is not None
        return kept if kept is not None else self._new_file()

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

    def _from_file(self) -> bytes | None:
        path = self._secret_file()
        return base64.b64decode(path.read_text()) if path.exists() else None

    def _new_file(self) -> bytes:
        made = secrets.token_bytes(SECRET_BYTES)
        write_whole(self._secret_file(), base64.b64encode(made))
        return made

    def _from_key_ring(self) -> bytes | None:
        # Imported here: Android has no keyring, and imports this file for the protocol.
        import keyring
        from keyring.errors import KeyringError

        entry = str(self.folder().resolve())
        try:
            kept = keyring.get_password(APP, entry)
            if kept is None:
                kept = base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
                keyring.set_password(APP, entry, kept)
        except KeyringError:
            return None
        return base64.b64decode(kept)


def _platform_folder() -> Path:
    import platformdirs

    return platformdirs.user_data_path(APP)


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file durably: after a crash there is the old one or the new one, never a part."""
    beside = path.with_name(path.name + ".new")
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
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
