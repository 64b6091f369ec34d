"""A practice phone: made-up families in a store of their own, with no office behind it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from mobile.caseload import Caseload
from mobile.outbox import Outbox
from mobile.ports import DesktopDevice
from mobile.store import Store
from mobile.vault import Vault
from shared import engine, packs, sealing, wire
from shared.facts import (
    Acknowledged,
    Adult,
    Answer,
    Child,
    Decision,
    Event,
    Household,
    HouseholdRecorded,
    NoAccess,
    PlanStarted,
    Visit,
)

PIN = "274913"
# Nobody holds the other half of this key, and nothing listens at this address.
OFFICE = sealing.new_keypair(bytes(range(32)))
NOWHERE = "http://127.0.0.1:9"
CONDITION = (
    "If nobody lets you in, or a child on the plan is kept from you, call the police and your "
    "manager within the hour. Do not wait for another day and do not only leave a card."
)


def make_practice_phone(home: Path, now: datetime, pin: str = PIN, server: str = NOWHERE) -> None:
    """Make an enrolled phone in the folder `home`, holding the made-up families as of `now`."""
    key = Vault(DesktopDevice(home)).create(pin)
    store = Store(home, key)
    caseload = Caseload(store, Outbox(store))
    identity = {
        "device": "practice", "user_id": "hv-amara", "user_name": "Amara Osei",
        "role": "practitioner", "agency": "health_visiting", "team": "north", "server": server,
        "token": "practice", "office_key": OFFICE.public.hex(), "office_key_id": OFFICE.key_id,
        "epoch": "practice",
    }  # fmt: skip
    store.write(lambda db: store.put_document(db, "identity", identity)).result()
    names = {"checklist": packs.checklist().name, "rules": packs.england().name}
    caseload.put_packs(packs.documents(), names).result()
    caseload.apply(practice_page(now)).result()
    store.close()


def practice_page(now: datetime) -> dict[str, Any]:
    """All made-up families as the office would send them."""
    return page_of(practice_families(now), now)


def page_of(families: Sequence[tuple[Household, list[Event]]], now: datetime) -> dict[str, Any]:
    """Families as the office would send them, judged by the office's own rules."""
    events, escalations, households, cursor = [], [], [], 0
    for household, history in families:
        households.append(
            {"id": household.id, "name": household.name, "reference": f"P-{household.id}"}
        )
        case = engine.Case(household, packs.book())
        for event in sorted(history, key=lambda each: each.received_at):
            engine.receive(case, [event], event.received_at)
            cursor += 1
            events.append(
                {
                    "cursor": cursor,
                    "document": wire.event_to_doc(household.id, event),
                    "received_at": event.received_at.isoformat(),
                }
            )
        engine.advance(case, now)
        escalations += [{**e.to_doc(), "household": household.id} for e in case.escalations]
    return {
        "cursor": cursor,
        "more": False,
        "households": households,
        "events": events,
        "escalations": escalations,
        "gone": [],
        "people": [
            {"id": "tm-ruth", "name": "Ruth Calder", "role": "team_manager"},
            {"id": "hv-amara", "name": "Amara Osei", "role": "practitioner"},
        ],
        "contacts": [
            {"label": "Police, not an emergency", "number": "101"},
            {"label": "Team manager on duty", "number": "01632 960114"},
            {"label": "Duty social worker, day and night", "number": "01632 960120"},
        ],
        "packs": {"checklist": packs.checklist().name, "rules": packs.england().name},
        "time": now.isoformat(),
    }


def practice_families(now: datetime) -> list[tuple[Household, list[Event]]]:
    """The families with their histories; every name is invented."""
    return [
        _hartley(now),
        _okafor(now),
        _begum(now),
        _long_names(now),
        *(_quiet(n, name, now) for n, name in enumerate(("Novak", "Pryce", "Sandhu", "Whitlock"))),
    ]


def _hartley(now: datetime) -> tuple[Household, list[Event]]:
    home = Household(
        id="hartley",
        name="Hartley",
        address="12 Mill Lane, Northborough",
        phone="07700 900123",
        children=(
            Child(id="ada", name="Ada", born=_born(now, 130)),
            Child(id="ben", name="Ben", born=_born(now, 800)),
        ),
        adults=(
            Adult(id="kelly", name="Kelly Hartley", relation="mother"),
            Adult(id="dean", name="Dean Price", relation="mother's partner"),
        ),
    )
    return home, [
        _recorded(home, now),
        PlanStarted(
            id="hartley-plan", plan="hartley-cp", kind="child_protection", by="tm-ruth",
            agency="social_care", children=("ada", "ben"), see_every=10, no_access=NoAccess(),
            words=CONDITION, **_at(now, 40),
        ),
        # Both children are to be seen every ten working days, and so they were.
        *(_visit(f"hartley-{days}", now, days, _looked("ada", "ben", baby="ada"))
          for days in (38, 28, 19)),
        _visit("hartley-1", now, 10, [
            *_looked("ada", "ben", baby="ada", but=("SLP-07",)),
            Answer(item="SLP-05", value="wet", about="ada", note="Sheet soaked, no spare one."),
            Answer(item="SLP-07", value=("plain", "tired"), about="ada", basis="told_by_parent"),
        ]),
        Acknowledged(id="hartley-ack", rule="R26", on="hartley-1", by="tm-ruth",
                     role="team_manager", **_at(now, 9.9)),
        Decision(
            id="hartley-decided", kind="decide", by="tm-ruth", role="team_manager", rule="R26",
            on="hartley-1", reason="Two sheets and a mattress cover taken round today. "
            "See the cot made up at the next visit.", **_at(now, 9.8),
        ),
    ]  # fmt: skip


def _okafor(now: datetime) -> tuple[Household, list[Event]]:
    home = Household(
        id="okafor",
        name="Okafor",
        address="Flat 3, 88 Station Road, Northborough",
        phone="07700 900456",
        children=(Child(id="zoe", name="Zoe", born=_born(now, 19), bottle_fed=True),),
        adults=(Adult(id="ife", name="Ife Okafor", relation="mother"),),
    )
    return home, [
        _recorded(home, now),
        _visit("okafor-1", now, 1, [
            *_looked("zoe", baby="zoe", but=("SLP-01", "SLP-02")),
            Answer(item="SLP-02", value="none", about="zoe", note="Basket lent out, no cot yet."),
            Answer(item="SLP-01", value=("adultbed",), about="zoe", basis="told_by_parent"),
        ]),
        Acknowledged(id="okafor-ack", rule="R08", on="okafor-1", by="tm-ruth",
                     role="team_manager", **_at(now, 0.9)),
    ]  # fmt: skip


def _begum(now: datetime) -> tuple[Household, list[Event]]:
    home = Household(
        id="begum",
        name="Begum",
        address="5 Orchard Close, Northborough",
        phone="07700 900789",
        children=(
            Child(id="sami", name="Sami", born=_born(now, 70), bottle_fed=True),
            Child(id="noor", name="Noor", born=_born(now, 1200)),
        ),
        adults=(
            Adult(id="rina", name="Rina Begum", relation="mother"),
            Adult(id="tariq", name="Tariq Begum", relation="father"),
        ),
    )
    return home, [
        _recorded(home, now),
        _visit("begum-1", now, 14, [
            *_looked("sami", "noor", baby="sami"),
            Answer(item="SLP-03", value="back", about="sami", basis="told_by_parent"),
            Answer(item="SLP-05", value="clean", about="sami"),
            Answer(item="SLP-09", value=18.5, about="sami"),
        ]),
    ]  # fmt: skip


def _long_names(now: datetime) -> tuple[Household, list[Event]]:
    home = Household(
        id="longest",
        name="Featherstonehaugh-Wolstenholme and Papadopoulos-Konstantinidis",
        address="Apartment 114, The Old Worsted Spinning Company Mill, Upper Northborough",
        children=tuple(
            Child(id=f"c{n}", name=name, born=_born(now, days))
            for n, (name, days) in enumerate(
                (("Maximilian-Alexander", 200), ("Ottoline", 1100), ("Peregrine", 1900))
            )
        ),
        adults=(Adult(id="w", name="Wilhelmina Featherstonehaugh-Wolstenholme"),),
    )
    return home, [
        _recorded(home, now),
        _visit("longest-1", now, 30, _looked("c0", "c1", "c2", baby="c0")),
    ]


def _quiet(number: int, name: str, now: datetime) -> tuple[Household, list[Event]]:
    child = Child(id="kid", name=("Ivo", "Megan", "Arjun", "Rose")[number], born=_born(now, 400))
    home = Household(
        id=name.lower(),
        name=name,
        address=f"{number + 20} Weaver Street, Northborough",
        children=(child,),
        adults=(Adult(id="mum", name=f"Parent {name}", relation="mother"),),
    )
    return home, [
        _recorded(home, now),
        _visit(f"{home.id}-1", now, 20 + number, _looked("kid")),
    ]


def _looked(*children: str, baby: str = "", but: Sequence[str] = ()) -> list[Answer]:
    """A visit let in, with every core question answered, and well; `but` those items."""
    whole = (("ACC-01", "in"), ("ACC-02", "ann"), ("ACC-04", ("all",)), ("PAR-01", ("none",)),
             ("ENG-04", "none"))  # fmt: skip
    child = (("ACC-03", "awake"), ("CHD-01", ("ok",)), ("HLT-01", "none"), ("ENG-05", "N"))
    sleep = (("SLP-01", ("own",)), ("SLP-02", "both"), ("SLP-07", ("never",)))
    asked = [(item, value, None) for item, value in whole]
    asked += [(item, value, about) for about in children for item, value in child]
    asked += [(item, value, baby) for item, value in sleep if baby]
    told = ("SLP-01", "SLP-07")
    return [
        Answer(
            item=item, value=value, about=about, basis="told_by_parent" if item in told else "seen"
        )
        for item, value, about in asked
        if item not in but
    ]


def _visit(id: str, now: datetime, days_ago: float, answers: Sequence[Answer]) -> Visit:
    return Visit(
        id=id, by="hv-amara", agency="health_visiting", answers=tuple(answers),
        checklist=packs.checklist().name, **_at(now, days_ago),
    )  # fmt: skip


def _recorded(home: Household, now: datetime) -> HouseholdRecorded:
    return HouseholdRecorded(id=f"{home.id}-who", household=home, by="tm-ruth", **_at(now, 60))


def _at(now: datetime, days_ago: float) -> dict[str, Any]:
    """When it happened and when the office got it: at the same moment."""
    moment = (now - timedelta(days=days_ago)).astimezone(UTC).replace(second=0, microsecond=0)
    return {"at": moment, "received_at": moment}


def _born(now: datetime, days_ago: int) -> date:
    return (now - timedelta(days=days_ago)).date()
