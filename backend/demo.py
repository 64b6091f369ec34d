"""The demonstration partnership, invented throughout: people, teams, and families of `seeds/demo`
brought in through the real intake, as if they had happened lately."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend import caseload, identity, intake, worker
from backend.access import Office
from backend.identity import IMPORT, Actor
from backend.tables import HouseholdRow, User
from shared import wire
from shared.casefile import BadCase, CaseFile, moved, read_case
from shared.clocks import day_of
from shared.facts import Event, Household, HouseholdRecorded
from shared.ids import uuid7
from shared.reading import read_yaml

SEEDS = Path(__file__).parents[1] / "seeds" / "demo"
LARGEST_SEED = 1_000_000
TEAM, SERVICE = "northborough-north", "children"
_WORDS = "harbour lantern meadow violet copper saddle thistle marble orchard pebble willow anchor"


class CannotLoad(Exception):
    """The demonstration is there already, or a seed cannot be read."""


@dataclass(frozen=True, kw_only=True)
class Login:
    """Someone of the invented partnership."""

    id: str
    name: str
    role: str
    agency: str
    team: str | None = TEAM


LOGINS = (
    Login(id="hv-amara", name="Amara Osei", role="practitioner", agency="health_visiting"),
    Login(id="sw-jon", name="Jon Pell", role="practitioner", agency="social_care"),
    Login(id="tm-ruth", name="Ruth Calder", role="team_manager", agency="social_care"),
    Login(id="sm-dev", name="Dev Anand", role="service_manager", agency="social_care", team=None),
)


@dataclass(kw_only=True)
class Seed:
    """One family: its history, who its people are, who holds it."""

    case: CaseFile
    names: Mapping[str, Any] = field(default_factory=dict)

    @property
    def holders(self) -> list[str]:
        """The practitioners who hold it: as the names say, else whoever recorded something."""
        said = self.names.get("held_by", ())
        practitioners = [login.id for login in LOGINS if login.role == "practitioner"]
        named = [said] if isinstance(said, str) else list(said)
        recorded = {event.by for event in self.case.events}
        return named or [id for id in practitioners if id in recorded] or practitioners[:1]


def load(office: Office, now: datetime, enrol: str | None) -> dict[str, Any]:
    """Fill an empty database with the demonstration; return the logins, told this once."""
    seeds = _recent(_seeds(office), now)
    with office.db.writing() as session:
        if session.execute(select(User.id).limit(1)).first() is not None:
            raise CannotLoad(
                "There are people in this database: the demonstration needs an empty one."
            )
        logins = _people(session, now)
        events = _histories(session, office, seeds)
        for seed in seeds:
            _give(session, seed, now)
        code = None
        if enrol:
            code = identity.make_code(session, enrol, by="demo", settings=office.settings, now=now)
        session.commit()
    worker.tick(office.db, office.book, lambda: now)
    return {"logins": logins, "code": code, "families": len(seeds), "events": events}


def _seeds(office: Office) -> list[Seed]:
    people = _names()
    seeds = []
    for path in sorted(SEEDS.glob("*.yaml")):
        if path.name == "people.yaml":
            continue
        try:
            case = read_case(path.read_bytes(), checklist=office.book.checklist, name=path.name)
        except BadCase as why:
            raise CannotLoad(str(why)) from None
        seeds.append(Seed(case=case, names=people.get(case.id, {})))
    if not seeds:
        raise CannotLoad(f"There are no families in {SEEDS}.")
    return seeds


def _names() -> Mapping[str, Any]:
    raw = (SEEDS / "people.yaml").read_bytes()
    doc, _ = read_yaml(raw, limit=LARGEST_SEED)
    households: Mapping[str, Any] = doc["households"] if isinstance(doc, dict) else {}
    return households


def _recent(seeds: list[Seed], now: datetime) -> list[Seed]:
    """Move every family by the same number of days, so that the newest event was yesterday."""
    newest = max(event.received_at for seed in seeds for event in seed.case.events)
    days = (day_of(now) - day_of(newest)).days - 1
    for seed in seeds:
        seed.case = moved(seed.case, days, partial(_id_of, seed.case.id))
    return seeds


def _id_of(case: str, event: Event) -> str:
    random = sha256(f"{case}/{event.id}".encode()).digest()[:10]
    return uuid7(int(event.at.timestamp() * 1000), random)


def _people(session: Session, now: datetime) -> list[dict[str, str]]:
    identity.add_team(session, id=TEAM, name="Northborough North", service=SERVICE)
    told = []
    for login in LOGINS:
        password = "-".join(secrets.choice(_WORDS.split()) for _ in range(4))
        identity.add_user(
            session,
            id=login.id,
            name=login.name,
            role=login.role,
            agency=login.agency,
            team=login.team,
            service=SERVICE,
            password=password,
            now=now,
            by="demo",
        )
        told.append(
            {
                "username": login.id,
                "password": password,
                "name": login.name,
                "role": login.role,
            }
        )
    return told


def _histories(session: Session, office: Office, seeds: Iterable[Seed]) -> int:
    """Take in every event as of when it was received, what came together together."""
    actor = Actor(id="demo", name="Demonstration", role=IMPORT, agency="", team=TEAM)
    arrivals: dict[tuple[datetime, str], list[Event]] = defaultdict(list)
    for seed in seeds:
        for event in seed.case.events:
            arrivals[event.received_at, seed.case.id].append(_named(event, seed))
    count = 0
    for (received_at, household), events in sorted(arrivals.items(), key=lambda each: each[0]):
        sent = [
            intake.read(event.id, wire.encode(wire.event_to_doc(household, event)), received_at)
            for event in events
        ]
        receipts = intake.accept(session, sent, actor=actor, book=office.book, now=received_at)
        wrong = [receipt for receipt in receipts if receipt.state != "stored"]
        if wrong:
            why = wrong[0].problem
            raise CannotLoad(f"{household}: {why.message if why else wrong[0].state}")
        count += len(events)
    return count


def _named(event: Event, seed: Seed) -> Event:
    """Return the record of a family with names for its people; any other event as it is."""
    if not isinstance(event, HouseholdRecorded):
        return event
    return replace(event, household=_with_names(event.household, seed.names))


def _with_names(household: Household, names: Mapping[str, Any]) -> Household:
    children, adults = names.get("children", {}), names.get("adults", {})
    return replace(
        household,
        name=names.get("name", household.name),
        address=names.get("address", household.address),
        phone=str(names.get("phone", household.phone)),
        children=tuple(
            replace(child, name=children.get(child.id, child.name)) for child in household.children
        ),
        adults=tuple(replace(adult, **adults.get(adult.id, {})) for adult in household.adults),
    )


def _give(session: Session, seed: Seed, now: datetime) -> None:
    this = HouseholdRow.id == seed.case.id
    reference = str(seed.names.get("reference", ""))
    session.execute(update(HouseholdRow).where(this).values(reference=reference))
    for holder in seed.holders:
        caseload.assign(session, seed.case.id, holder, by="demo", now=now - timedelta(seconds=1))
