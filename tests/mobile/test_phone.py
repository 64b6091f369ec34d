"""Enrolment, the courier, speed, and what a stolen folder tells: nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mobile.enrol import NotEnrolled, enrol
from mobile.phone import open_phone
from mobile.ports import DesktopDevice
from mobile.transport import checked_server
from mobile.vault import Cost, Vault
from shared.facts import Answer
from tests.mobile.office import BadLine, Office, Reply, Request

PIN = "274913"
CHEAP = Cost(passes=1, memory_kib=64, lanes=1)
NOW = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)


def test_the_command_enrols_and_pulls(office: Office, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mobile.enrol", "--server", office.url, "--pin", PIN,
               "--home", tmp_path / "phone", "--code"]  # fmt: skip
    code = office.code()
    done = subprocess.run([*command, code], capture_output=True, text=True, check=True)
    assert (
        done.stdout == f"This is now Amara Osei's phone, with {office.families} families on it.\n"
    )
    phone = open_phone(DesktopDevice(tmp_path / "phone"), PIN)
    assert phone.identity is not None
    assert phone.identity.user_name == "Amara Osei"
    assert phone.caseload.loaded
    phone.lock()
    again = subprocess.run([*command, code], capture_output=True, text=True, check=False)
    assert again.returncode == 2
    assert "ask for a new one" in again.stderr
    assert not again.stdout


def test_a_used_code_is_refused_and_leaves_nothing_behind(office: Office, tmp_path: Path) -> None:
    code = office.code()
    enrol(DesktopDevice(tmp_path / "one"), office.url, code, PIN, cost=CHEAP)
    other = DesktopDevice(tmp_path / "two")
    with pytest.raises(NotEnrolled, match="ask for a new one"):
        enrol(other, office.url, code, PIN, cost=CHEAP)
    assert not Vault(other).exists
    enrol(other, office.url, office.code(), "830195", cost=CHEAP)


def test_the_same_person_enrols_again_when_access_ran_out_and_nothing_is_lost(
    office: Office, device: DesktopDevice
) -> None:
    enrol(device, office.url, office.code(), PIN, cost=CHEAP)
    phone = open_phone(device, PIN)
    now = datetime.now(UTC)
    family = phone.families.rows(now)[-1].id
    visit, saved = phone.drafts.doorstep(family, "out", now)
    saved.result()
    assert phone.identity is not None
    office.command("device", "revoke", phone.identity.device)
    phone.rounds.round()
    phone.lock()
    enrol(device, office.url, office.code(), PIN, cost=CHEAP)
    phone = open_phone(device, PIN)
    row = phone.sync.state_of(visit)
    assert row is not None
    assert row.state == "safe"
    phone.lock()


def test_nobody_else_takes_a_phone_over(
    line: BadLine, enrolled_device: DesktopDevice, office: Office
) -> None:
    def another(request: Request, forward: Callable[[], Reply]) -> Reply | None:
        if not request.path.endswith("/enrol"):
            return None
        reply = forward()
        return reply.saying({**reply.doc, "user": {**reply.doc["user"], "id": "sw-jon"}})

    line.fault = another
    with pytest.raises(NotEnrolled, match="belongs to Amara Osei"):
        enrol(enrolled_device, line.url, office.code(), PIN)
    phone = open_phone(enrolled_device, PIN)
    assert phone.identity is not None
    assert phone.identity.user_id == "hv-amara"
    phone.lock()


@pytest.mark.parametrize(
    ("server", "pin", "words"),
    [
        ("http://office.example", PIN, "https://"),
        ("office.example", PIN, "https://"),
        ("ftp://127.0.0.1", PIN, "https://"),
        ("https://user:pw@office.example", PIN, "only https:// and a name"),
        ("http://127.0.0.1:9", "123456", "first anyone would try"),
        ("http://127.0.0.1:9", PIN, "No signal"),
    ],
)
def test_what_can_be_refused_is_refused_before_the_code_is_spent(
    device: DesktopDevice, server: str, pin: str, words: str
) -> None:
    with pytest.raises(NotEnrolled, match=words):
        enrol(device, server, "code", pin, cost=CHEAP)
    assert not Vault(device).exists


@pytest.mark.parametrize(
    "server", ["http://localhost:8460/", "http://[::1]:8460", "https://a.uk/x/"]
)
def test_addresses_that_will_do(server: str) -> None:
    assert checked_server(server) == server.rstrip("/")


def test_an_office_that_answers_nonsense_enrols_nobody(
    device: DesktopDevice, line: BadLine
) -> None:
    for nonsense in (b"{}", b'{"device":"d","token":"t","user":{},"office_key":"x","epoch":"e"}'):
        reply = Reply(200, nonsense, {"Content-Type": "application/json"})
        line.fault = lambda request, forward, reply=reply: reply
        with pytest.raises(NotEnrolled):
            enrol(device, line.url, "code", PIN, cost=CHEAP)
        assert not Vault(device).exists


def test_the_courier_sends_by_itself_when_the_network_returns(
    line: BadLine, enrolled_device: DesktopDevice
) -> None:
    line.fault = lambda request, forward: Reply(200, b"", {}, cut=-1)
    phone = open_phone(enrolled_device, PIN, random=lambda: 0.0)
    safe, offline = threading.Event(), threading.Event()
    id_: list[str] = []

    def changed() -> None:
        offline.set() if phone.rounds.last.problem else None
        row = phone.sync.state_of(id_[0]) if id_ else None
        if row is not None and row.state == "safe":
            safe.set()

    phone.courier.on_change = changed
    phone.courier.start()
    now = datetime.now(UTC)
    visit, saved = phone.drafts.doorstep(phone.families.rows(now)[0].id, "out", now)
    id_.append(saved.result())
    phone.courier.nudge()
    assert offline.wait(20)
    line.fault = lambda request, forward: None
    assert safe.wait(20)
    phone.lock()
    phone.lock()
    assert visit in line.sent()[-1]


def test_a_nudge_does_not_press_an_office_that_asked_to_be_left_alone(
    line: BadLine, enrolled_device: DesktopDevice
) -> None:
    phone = open_phone(enrolled_device, PIN)
    busy = {"Content-Type": "application/problem+json", "Retry-After": "300"}
    line.fault = lambda request, forward: Reply(429, b"{}", busy)
    rounds = threading.Event()
    phone.courier.on_change = rounds.set
    phone.courier.start()
    assert rounds.wait(20)
    asked = len(line.requests)
    for _ in range(5):
        phone.courier.nudge()
    phone.courier.stop()
    assert len(line.requests) == asked
    phone.lock()


def folder_bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_a_stolen_folder_tells_no_name_and_no_word(
    phone: Any, with_families: Any, homes: Any
) -> None:
    with_families(homes.family("quillfeather", plan=True))
    draft, _ = phone.drafts.start("quillfeather", NOW)
    draft.answer("ACC-01", "in", NOW)
    draft.answer("SLP-05", "foul", NOW, "zeb", basis="told_by_child")
    draft.note("SLP-05", "Gooseberry stain under the pillow", NOW, "zeb")
    draft.note("SLP-05", "Something else", NOW, "zeb")
    draft.clear("SLP-05", NOW, "zeb")
    draft.note("SLP-04", "Gooseberry stain under the pillow", NOW, "zeb").result()
    secrets = [
        "Quillfeather", "Zebedee", "Marmalade", "07700", "Orla", "Gooseberry", "told_by_child",
        "SLP-05", "ACC-01", "secret-token", "Amara", "Ruth Calder", "quillfeather", "hv-amara",
        "call the police", "foul",
    ]  # fmt: skip

    def look() -> None:
        raw = folder_bytes(phone.store.folder)
        for secret in secrets:
            for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
                assert secret.encode(encoding) not in raw, secret

    look()
    assert (phone.store.folder / "threshold.db-wal").stat().st_size > 0
    draft.finish(NOW + timedelta(minutes=5)).result()
    phone.drafts.log_call("quillfeather", draft.id, "tell_manager", NOW, rule="R03",
                          note="Gooseberry")[1].result()  # fmt: skip
    phone.caseload.apply(homes.page(cursor=99, gone=["quillfeather"])).result()
    look()
    phone.store.close()
    look()


def test_a_family_with_fifty_visits_opens_quickly(phone: Any, homes: Any) -> None:
    visits = tuple(
        homes.visit(
            Answer(item="ACC-01", value="in"),
            *(Answer(item=f"SLP-0{n}", value="unk", about="zeb") for n in (3, 4, 5)),
            id=f"v{n}",
            at=NOW - timedelta(days=n + 1),
        )
        for n in range(50)
    )
    phone.caseload.apply(homes.page(homes.family("fam", events=visits))).result()
    history = phone.caseload.history("fam", NOW)
    assert len(history.events) == 51
    assert phone.caseload.history("fam", NOW) is history
    phone.drafts.doorstep("fam", "out", NOW)[1].result()
    assert len(phone.caseload.history("fam", NOW).events) == 52


def test_the_app_runs_where_no_home_is_given(tmp_path: Path) -> None:
    environment = {**os.environ, "THRESHOLD_HOME": str(tmp_path / "by environment")}
    code = "from mobile.ports import DesktopDevice; print(DesktopDevice().folder())"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == str(tmp_path / "by environment")
    assert DesktopDevice(tmp_path).dial("101") == "Call 101"
