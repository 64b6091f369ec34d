"""What the phone's tests share: a device in a temporary folder, and families to put on it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mobile.caseload import Caseload
from mobile.drafts import Drafts
from mobile.enrol import enrol
from mobile.families import Families
from mobile.guidance import Guidance
from mobile.outbox import Outbox
from mobile.ports import DesktopDevice
from mobile.store import Store
from mobile.vault import Cost
from shared import packs, sealing, wire
from shared.facts import (
    Adult,
    Answer,
    Child,
    Event,
    Household,
    HouseholdRecorded,
    NoAccess,
    PlanStarted,
    Visit,
)
from tests.mobile.office import BadLine, Office

NOW = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
EARLIER = datetime(2026, 11, 10, 9, 0, tzinfo=UTC)
OFFICE = sealing.new_keypair(bytes(range(32)))
PIN = "274913"
CHEAP = Cost(passes=1, memory_kib=64, lanes=1)
# Names that must never be found in the folder's bytes.
FAMILY, CHILD, STREET = "Quillfeather", "Zebedee", "Marmalade Row"


@dataclass
class Home:
    """One family as the office holds it."""

    household: Household
    events: list[Event] = field(default_factory=list)

    @property
    def id(self) -> str:
        return self.household.id


def family(
    id: str = "quillfeather",
    *,
    plan: bool = False,
    born: date = date(2026, 8, 1),
    events: tuple[Event, ...] = (),
) -> Home:
    """A household with one baby and one adult; `plan` puts the baby on a no-access condition."""
    household = Household(
        id=id,
        name=f"{FAMILY} family",
        address=f"4 {STREET}",
        phone="07700 900123",
        children=(Child(id="zeb", name=CHILD, born=born),),
        adults=(Adult(id="mum", name="Orla", relation="mother"),),
    )
    found: list[Event] = [
        HouseholdRecorded(
            id=f"{id}-who", at=EARLIER, received_at=EARLIER, by="x", household=household
        )
    ]
    if plan:
        found.append(
            PlanStarted(
                id=f"{id}-plan",
                at=EARLIER,
                received_at=EARLIER,
                by="tm",
                agency="social_care",
                plan="p1",
                kind="child_protection",
                children=("zeb",),
                no_access=NoAccess(),
                words="If nobody lets you in, call the police the same hour.",
            )
        )
    return Home(household, [*found, *events])


def earlier_visit(*answers: Answer, id: str = "v0", at: datetime = EARLIER) -> Visit:
    """A visit as another practitioner recorded it before."""
    return Visit(id=id, at=at, received_at=at, by="hv-2", agency="health_visiting", answers=answers)


def page(*homes: Home, cursor: int = 0, **over: Any) -> dict[str, Any]:
    """A page of the caseload as the office sends it."""
    events = []
    for home in homes:
        for event in home.events:
            cursor += 1
            events.append(
                {
                    "cursor": cursor,
                    "document": wire.event_to_doc(home.id, event),
                    "received_at": event.received_at.isoformat(),
                }
            )
    return {
        "cursor": cursor,
        "more": False,
        "households": [{"id": h.id, "name": h.household.name, "reference": "N-1"} for h in homes],
        "events": events,
        "escalations": [],
        "gone": [],
        "people": [{"id": "tm", "name": "Ruth Calder", "role": "team_manager"}],
        "contacts": [
            {"label": "Police", "number": "101"},
            {"label": "Team manager on duty", "number": "01632 960001"},
        ],
        "packs": {"checklist": packs.checklist().name, "rules": packs.england().name},
        "time": NOW.isoformat(),
        **over,
    }


@dataclass
class Phone:
    """The parts of an unlocked phone that need no network."""

    store: Store
    outbox: Outbox
    caseload: Caseload
    drafts: Drafts
    families: Families
    guidance: Guidance


IDENTITY = {
    "device": "d1",
    "user_id": "hv-amara",
    "user_name": "Amara Osei",
    "role": "practitioner",
    "agency": "health_visiting",
    "team": "north",
    "server": "http://127.0.0.1:1",
    "token": "secret-token",
    "office_key": OFFICE.public.hex(),
    "office_key_id": OFFICE.key_id,
    "epoch": "e1",
}


def phone_on(folder: Path, key: bytes = bytes(32)) -> Phone:
    """Open the parts of a phone over a store in `folder`."""
    store = Store(folder, key)
    outbox = Outbox(store)
    caseload = Caseload(store, outbox)
    drafts = Drafts(store, caseload, outbox)
    return Phone(
        store=store,
        outbox=outbox,
        caseload=caseload,
        drafts=drafts,
        families=Families(caseload, outbox, drafts),
        guidance=Guidance(caseload, drafts),
    )


@pytest.fixture
def device(tmp_path: Path) -> DesktopDevice:
    return DesktopDevice(tmp_path / "phone")


@pytest.fixture
def phone(tmp_path: Path) -> Iterator[Phone]:
    """An enrolled phone that holds the packs and no family yet."""
    made = phone_on(tmp_path / "phone")
    enrolled(made)
    yield made
    made.store.close()


def enrolled(made: Phone) -> None:
    """Give a phone its identity and packs, as enrolment and the first pull do."""
    made.store.write(lambda db: made.store.put_document(db, "identity", IDENTITY)).result()
    names = {"checklist": packs.checklist().name, "rules": packs.england().name}
    made.caseload.put_packs(packs.documents(), names).result()


@pytest.fixture
def homes() -> SimpleNamespace:
    """The builders of this file, for tests to call."""
    return SimpleNamespace(
        family=family,
        visit=earlier_visit,
        page=page,
        phone_on=phone_on,
        enrolled=enrolled,
        OFFICE=OFFICE,
        IDENTITY=IDENTITY,
    )


@pytest.fixture
def with_families(phone: Phone) -> Callable[..., Phone]:
    """Pull some families onto the phone."""

    def pull(*homes: Home) -> Phone:
        phone.caseload.apply(page(*homes)).result()
        return phone

    return pull


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A real office in a process of its own, with the demonstration families."""
    running = Office(tmp_path_factory.mktemp("office"))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def _line(office: Office) -> Iterator[BadLine]:
    made = BadLine(office.url)
    yield made
    made.close()


@pytest.fixture
def line(_line: BadLine) -> Iterator[BadLine]:
    """A line to the office that a test can spoil."""
    _line.mend()
    yield _line
    _line.mend()


@pytest.fixture(scope="session")
def _enrolled_once(
    office: Office, _line: BadLine, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("enrolled") / "phone"
    enrol(DesktopDevice(folder), _line.url, office.code(), PIN, cost=CHEAP)
    return folder


@pytest.fixture
def enrolled_device(_enrolled_once: Path, line: BadLine, tmp_path: Path) -> DesktopDevice:
    """A device enrolled over the line, its families pulled; each test has its own copy."""
    shutil.copytree(_enrolled_once, tmp_path / "enrolled")
    return DesktopDevice(tmp_path / "enrolled")
