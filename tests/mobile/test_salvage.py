"""A garbled file: set aside, told, and everything that still opens carried into a new one."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mobile.phone import Phone, open_damaged, open_phone
from mobile.ports import DesktopDevice
from mobile.salvage import set_aside
from mobile.store import FILE, Store, StoreDamaged
from mobile.vault import Cost, Vault

NOW = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
PAGE = 4096


@pytest.fixture
def folder(phone: Any, with_families: Any, homes: Any) -> Path:
    """A phone with thirty finished visits and one in progress, closed."""
    with_families(homes.family("fam"), homes.family("other"))
    for _ in range(30):
        phone.drafts.doorstep("fam", "out", NOW, note="x" * 900)
    draft, _ = phone.drafts.start("other", NOW)
    draft.answer("ACC-01", "in", NOW).result()
    phone.store.close()
    return Path(phone.store.folder)


def garble(path: Path, key: bytes = bytes(32)) -> None:
    """Overwrite a leaf page that holds rows of the outbox."""
    store = Store(path.parent, key)
    rows = store.read("SELECT sealed FROM outbox ORDER BY rowid DESC LIMIT 1")
    store.close()
    raw = bytearray(path.read_bytes())
    at = raw.find(rows[0][0][-200:]) // PAGE * PAGE
    assert at > 0
    raw[at : at + PAGE] = os.urandom(PAGE)
    path.write_bytes(raw)


def test_a_garbled_page_costs_only_what_lies_on_it(folder: Path) -> None:
    garble(folder / FILE)
    with pytest.raises(StoreDamaged):
        Store(folder, bytes(32))
    salvaged = set_aside(folder, bytes(32), NOW)
    assert 24 <= salvaged.rows["outbox"] < 30
    assert salvaged.rows["draft"] == 1
    assert "could be kept" in salvaged.words
    assert salvaged.damaged.exists()
    phone = Phone(Store(folder, bytes(32)))
    assert len(phone.outbox.items()) == salvaged.rows["outbox"]
    assert len(phone.outbox.waiting()) == salvaged.rows["outbox"]
    (card,) = phone.drafts.cards(NOW)
    assert card.answered == 1
    assert phone.caseload.cursor() == 0
    assert phone.identity is not None
    phone.lock()


def test_a_file_that_is_no_database_any_more_still_leaves_a_working_phone(folder: Path) -> None:
    (folder / FILE).write_bytes(os.urandom(10 * PAGE))
    salvaged = set_aside(folder, bytes(32), NOW)
    assert sum(salvaged.rows.values()) == 0
    phone = Phone(Store(folder, bytes(32)))
    assert phone.identity is None
    phone.lock()


def test_from_the_locked_phone(device: DesktopDevice, homes: Any) -> None:
    key = Vault(device, Cost(passes=1, memory_kib=64, lanes=1)).create("274913")
    phone = homes.phone_on(device.folder(), key)
    homes.enrolled(phone)
    phone.caseload.apply(homes.page(homes.family("fam"))).result()
    for _ in range(30):
        phone.drafts.doorstep("fam", "out", NOW, note="x" * 900)
    phone.store.close()
    garble(device.folder() / FILE, key)
    with pytest.raises(StoreDamaged):
        open_phone(device, "274913")
    again, salvaged = open_damaged(device, "274913")
    assert len(again.outbox.items()) == salvaged.rows["outbox"] > 20
    again.lock()
    open_phone(device, "274913").lock()
