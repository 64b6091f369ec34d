"""The PIN: what is refused, what a wrong one costs, and that the cost survives kill and clock."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from keyring.errors import KeyringLocked

from mobile.ports import DesktopDevice
from mobile.vault import Cost, TooSoon, Vault, VaultDamaged, VaultError, WeakPin, WrongPin, weak_pin

CHEAP = Cost(passes=1, memory_kib=64, lanes=1)
PIN = "274913"


class Clockwork(DesktopDevice):
    """A desktop whose time since start a test moves."""

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.boot, self.seconds = "boot-1", 1000.0

    def uptime(self) -> tuple[str, float]:
        return self.boot, self.seconds


@pytest.fixture
def device(tmp_path: Path) -> Clockwork:
    return Clockwork(tmp_path / "phone")


def wrong(vault: Vault, times: int) -> WrongPin:
    for _ in range(times):
        with pytest.raises(WrongPin) as caught:
            vault.unlock("999991")
    return caught.value


def test_the_pin_gives_back_the_key(device: Clockwork) -> None:
    key = Vault(device, CHEAP).create(PIN)
    assert len(key) == 32
    assert Vault(device).unlock(PIN) == key


def test_another_device_secret_opens_nothing(device: Clockwork, tmp_path: Path) -> None:
    Vault(device, CHEAP).create(PIN)
    stolen = Clockwork(tmp_path / "thief")
    for name in ("vault.json", "attempts.json"):
        (stolen.folder() / name).write_bytes((device.folder() / name).read_bytes())
    with pytest.raises(WrongPin):
        Vault(stolen).unlock(PIN)


@pytest.mark.parametrize(
    "pin",
    ["12345", "123456", "654321", "111111", "121212", "123123", "199012", "010190", "19900101",
     "31122010", "890123", "short words", "aaaaaaaaaaaa", ""],
)  # fmt: skip
def test_easy_pins_are_refused_in_words(pin: str, device: Clockwork) -> None:
    assert weak_pin(pin)
    with pytest.raises(WeakPin, match=r"\w+ .*\."):
        Vault(device, CHEAP).create(pin)
    assert not Vault(device).exists


@pytest.mark.parametrize("pin", [PIN, "83920174", "a long enough phrase"])
def test_fair_pins_and_passphrases_are_taken(pin: str) -> None:
    assert weak_pin(pin) is None


def test_a_second_vault_is_refused_since_it_would_orphan_the_records(device: Clockwork) -> None:
    Vault(device, CHEAP).create(PIN)
    with pytest.raises(VaultError, match="already"):
        Vault(device, CHEAP).create(PIN)


def test_waits_grow_and_a_right_pin_ends_them(device: Clockwork) -> None:
    vault = Vault(device, CHEAP)
    key = vault.create(PIN)
    waits = []
    for _ in range(10):
        waits.append(wrong(vault, 1).wait_seconds)
        device.seconds += waits[-1]
    assert waits == [0, 0, 30, 60, 120, 300, 900, 1800, 3600, 3600]
    assert vault.unlock(PIN) == key
    assert wrong(vault, 1).wait_seconds == 0


def test_a_try_during_the_wait_is_not_looked_at(device: Clockwork) -> None:
    vault = Vault(device, CHEAP)
    vault.create(PIN)
    wrong(vault, 3)
    device.seconds += 29
    with pytest.raises(TooSoon, match="1 second"):
        vault.unlock(PIN)
    device.seconds += 1
    assert vault.unlock(PIN)


def test_kill_between_tries_and_a_clock_set_forward_change_nothing(
    device: Clockwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    Vault(device, CHEAP).create(PIN)
    wrong(Vault(device), 3)
    device.seconds += 30
    wrong(Vault(device), 1)
    # A new process, and a wall clock a year on: neither is asked.
    monkeypatch.setattr("time.time", lambda: 9e9)
    assert Vault(device).wait_seconds() == 60
    with pytest.raises(TooSoon):
        Vault(device).unlock(PIN)


def test_a_restart_begins_the_wait_anew(device: Clockwork) -> None:
    Vault(device, CHEAP).create(PIN)
    wrong(Vault(device), 3)
    device.boot, device.seconds = "boot-2", 5.0
    assert Vault(device).wait_seconds() == 30
    device.seconds = 35.0
    assert Vault(device).unlock(PIN)


def test_the_try_is_counted_before_the_pin_is_looked_at(
    device: Clockwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    Vault(device, CHEAP).create(PIN)

    def killed(*_: object) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr("mobile.vault._wrapping_key", killed)
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            Vault(device).unlock(PIN)
    assert Vault(device).wait_seconds() == 30


def test_a_lost_counter_counts_as_many_tries(device: Clockwork) -> None:
    Vault(device, CHEAP).create(PIN)
    (device.folder() / "attempts.json").unlink()
    assert Vault(device).wait_seconds() == 3600


@pytest.mark.parametrize("content", [b"", b"{}", b'{"v":1', b"\xff\xfe"])
def test_a_damaged_key_file_is_told_from_a_wrong_pin(device: Clockwork, content: bytes) -> None:
    Vault(device, CHEAP).create(PIN)
    (device.folder() / "vault.json").write_bytes(content)
    with pytest.raises(VaultDamaged, match="damaged"):
        Vault(device).unlock(PIN)
    assert Vault(device).wait_seconds() == 0


def test_files_are_private_and_hold_neither_pin_nor_key(device: Clockwork) -> None:
    key = Vault(device, CHEAP).create(PIN)
    assert device.folder().stat().st_mode & 0o777 == 0o700
    for path in device.folder().iterdir():
        assert path.stat().st_mode & 0o777 == 0o600
        assert PIN.encode() not in path.read_bytes()
        assert key not in path.read_bytes()
    assert json.loads((device.folder() / "vault.json").read_bytes())["v"] == 1


def test_where_there_is_no_key_ring_the_device_says_so(device: Clockwork) -> None:
    assert device.secret() == DesktopDevice(device.folder()).secret()
    assert device.secret_is_held_apart() is False


def test_a_guess_costs_sixty_four_mebibytes_three_times(device: Clockwork) -> None:
    Vault(device).create(PIN)
    doc = json.loads((device.folder() / "vault.json").read_bytes())
    assert (doc["memory_kib"], doc["passes"]) == (65536, 3)


class Ring:
    """A key ring as desktops have one; `locked`: it does not answer."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def set_password(self, service: str, name: str, secret: str) -> None:
        self.kept[service, name] = secret

    def get_password(self, service: str, name: str) -> str | None:
        if self.locked:
            raise KeyringLocked("locked")
        return self.kept.get((service, name))


def test_a_key_ring_holds_the_secret_apart_from_the_folder(
    device: Clockwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = Ring()
    monkeypatch.setattr("keyring.set_password", ring.set_password)
    monkeypatch.setattr("keyring.get_password", ring.get_password)
    key = Vault(device, CHEAP).create(PIN)
    assert device.secret_is_held_apart()
    (secret,) = ring.kept.values()
    assert all(secret.encode() not in path.read_bytes() for path in device.folder().iterdir())
    assert Vault(Clockwork(device.folder())).unlock(PIN) == key
    ring.locked = True
    with pytest.raises(VaultError, match="key ring") as caught:
        Vault(device).unlock(PIN)
    assert not isinstance(caught.value, WrongPin)
    ring.locked = False
    assert Vault(device).unlock(PIN) == key
    ring.kept.clear()
    with pytest.raises(VaultError, match="key ring"):
        Vault(device).unlock(PIN)


def test_a_key_ring_that_forgets_is_not_trusted(
    device: Clockwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("keyring.set_password", lambda *_: None)
    monkeypatch.setattr("keyring.get_password", lambda *_: None)
    key = Vault(device, CHEAP).create(PIN)
    assert not device.secret_is_held_apart()
    assert Vault(Clockwork(device.folder())).unlock(PIN) == key
