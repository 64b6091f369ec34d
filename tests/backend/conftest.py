"""A small partnership on each database, with a private PostgreSQL that the tests start."""

from __future__ import annotations

import base64
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, text

from backend import caseload, identity, intake, migrations
from backend.access import Office
from backend.app import create_app
from backend.config import Settings
from backend.db import Database
from backend.identity import Actor
from backend.tables import HouseholdRow, Table
from shared import facts, sealing, wire

OFFICE_KEY = bytes(range(32))
PASSWORD = "correct horse battery staple"
NOW = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
PEOPLE = (
    # id, role, agency, team, service
    ("hv-amara", "practitioner", "health_visiting", "north", "children"),
    ("hv-bola", "practitioner", "health_visiting", "north", "children"),
    ("sw-jon", "practitioner", "social_care", "south", "children"),
    ("tm-ruth", "team_manager", "social_care", "north", "children"),
    ("tm-sana", "team_manager", "social_care", "south", "children"),
    ("sm-dev", "service_manager", "social_care", None, "children"),
    ("sm-eve", "service_manager", "social_care", None, "adults"),
    ("hs-finn", "head_of_service", "social_care", None, "children"),
    ("di-gita", "director", "social_care", None, "children"),
)


def databases() -> list[str]:
    """Which databases to test; both, unless THRESHOLD_DATABASES says otherwise."""
    return os.environ.get("THRESHOLD_DATABASES", "sqlite,postgresql").split(",")


class Postgres:
    """A PostgreSQL cluster of our own, below a temporary folder, on a free port of loopback."""

    def __init__(self, folder: Path) -> None:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        if not found:
            pytest.fail(
                "PostgreSQL is not installed (Debian: apt-get install postgresql);"
                " THRESHOLD_DATABASES=sqlite tests without it"
            )
        self.bin = found[-1].parent
        self.data = folder / "data"
        self.as_user = {"user": "postgres"} if os.geteuid() == 0 else {}
        if self.as_user:
            os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.log = folder / "log"
        self._call("initdb", "-U", "threshold", "-A", "trust", "-N", "-E", "UTF8", "--locale=C")
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c fsync=off -k {folder}"
        self._call("pg_ctl", "-w", "-l", str(self.log), "-o", options, "start")

    def _call(self, program: str, *arguments: str) -> None:
        command = [str(self.bin / program), "-D", str(self.data), *arguments]
        with open(os.devnull, "w") as quiet:
            done = subprocess.run(
                command, stdout=quiet, stderr=subprocess.PIPE, cwd="/", **self.as_user
            )
        assert done.returncode == 0, done.stderr.decode()

    def stop(self) -> None:
        self._call("pg_ctl", "-m", "immediate", "stop")

    def url(self, name: str) -> str:
        return f"postgresql://threshold@127.0.0.1:{self.port}/{name}"

    def command(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    # Not below pytest's own folder, whose path is too long for a socket and is ours alone to read.
    folder = Path(tempfile.mkdtemp(prefix="threshold-pg."))
    cluster = Postgres(folder)
    try:
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """One migrated and peopled database of each kind, made when first asked for."""
    return {"folder": tmp_path_factory.mktemp("templates"), "made": {}, "count": 0}


@pytest.fixture(params=databases())
def database_kind(request: pytest.FixtureRequest) -> str:
    """Each kind of database in turn."""
    return str(request.param)


@pytest.fixture
def new_url(
    database_kind: str, request: pytest.FixtureRequest, templates: dict[str, Any], tmp_path: Path
) -> Iterator[Callable[[], str]]:
    """Make a fresh copy of the peopled database, as often as wanted."""
    cluster = request.getfixturevalue("postgres") if database_kind == "postgresql" else None
    template = templates["folder"] / "template.db"
    if database_kind not in templates["made"]:
        if cluster:
            cluster.command("CREATE DATABASE template")
        people(cluster.url("template") if cluster else f"sqlite:///{template}")
        templates["made"][database_kind] = True
    dropped = []

    def make() -> str:
        templates["count"] += 1
        name = f"test{templates['count']}"
        if cluster is None:
            shutil.copy(template, tmp_path / f"{name}.db")
            return f"sqlite:///{tmp_path}/{name}.db"
        cluster.command(f"CREATE DATABASE {name} TEMPLATE template")
        dropped.append(name)
        return str(cluster.url(name))

    yield make
    for name in dropped:
        cluster.command(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def url(new_url: Callable[[], str]) -> str:
    """A fresh copy of the peopled database."""
    return new_url()


def people(url: str) -> None:
    """Migrate a database and put the teams and people into it."""
    db = Database(url)
    migrations.upgrade(db.engine)
    # One hash for all: hashing is slow by design.
    password = identity._HASHER.hash(PASSWORD)
    with db.writing() as session:
        for team, service in (("north", "children"), ("south", "children"), ("old", "adults")):
            identity.add_team(session, id=team, name=team.title(), service=service)
        rows = [
            {
                "id": id,
                "name": id.partition("-")[2].title(),
                "role": role,
                "agency": agency,
                "team": team,
                "service": service,
                "password": password,
            }
            for id, role, agency, team, service in PEOPLE
        ]
        session.execute(insert(Table.metadata.tables["users"]), rows)
        session.commit()
    if db.is_sqlite:
        with db.engine.connect() as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    db.close()


@dataclass
class World:
    """An office with its people, and builders for what they record."""

    settings: Settings
    app: Flask
    count: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def office(self) -> Office:
        office: Office = self.app.extensions["threshold"]
        return office

    @property
    def db(self) -> Database:
        return self.office.db

    def actor(self, id: str, device: str | None = None) -> Actor:
        [row] = [each for each in PEOPLE if each[0] == id]
        _, role, agency, team, service = row
        name = id.partition("-")[2].title()
        return Actor(
            id=id,
            name=name,
            role=role,
            agency=agency,
            team=team,
            service=service,
            device=device,
        )

    def id(self, at: datetime = NOW) -> str:
        """An id that grows, the same in every run."""
        with self.lock:
            self.count += 1
        from shared.ids import uuid7

        return uuid7(int(at.timestamp() * 1000), self.count.to_bytes(10, "big"))

    def household(self, id: str, *children: str) -> facts.Household:
        return facts.Household(
            id=id,
            name=f"Family {id}",
            address="1 Invented Street",
            children=tuple(
                facts.Child(id=child, name=child.title(), born=(NOW - timedelta(days=120)).date())
                for child in children or ("ada",)
            ),
            adults=(facts.Adult(id="mother", name="Mo", relation="mother"),),
        )

    def recorded(self, id: str, *, by: str = "hv-amara", **more: Any) -> facts.HouseholdRecorded:
        at = more.pop("at", NOW - timedelta(days=60))
        values = {"agency": self.agency(by), "household": self.household(id), **more}
        return facts.HouseholdRecorded(id=self.id(at), at=at, received_at=at, by=by, **values)

    def agency(self, by: str) -> str:
        return next((row[2] for row in PEOPLE if row[0] == by), "health_visiting")

    def visit(self, *answers: facts.Answer, by: str = "hv-amara", **more: Any) -> facts.Visit:
        at = more.pop("at", NOW - timedelta(hours=1))
        door = facts.Answer(item="ACC-01", value=more.pop("door", "in"))
        values = {"id": self.id(at), "agency": self.agency(by), **more}
        return facts.Visit(at=at, received_at=at, by=by, answers=(door, *answers), **values)

    def sent(self, household: str, event: facts.Event) -> intake.Sent:
        raw = wire.encode(wire.event_to_doc(household, event))
        return intake.read(event.id, raw, NOW)

    def take(
        self, household: str, *events: facts.Event, by: str = "hv-amara", now: datetime = NOW
    ) -> list[intake.Receipt]:
        """Send events through intake in one request, and commit."""
        sent = [self.sent(household, event) for event in events]
        with self.db.writing() as session:
            receipts = intake.accept(
                session, sent, actor=self.actor(by), book=self.office.book, now=now
            )
            session.commit()
        return receipts

    def family(self, id: str = "h1", by: str = "hv-amara", **more: Any) -> str:
        """A family on record, held by `by`."""
        [receipt] = self.take(id, self.recorded(id, by=by, **more), by=by, now=NOW)
        assert receipt.state == "stored", receipt
        return id

    def row(self, id: str) -> HouseholdRow:
        with self.db.reading() as session:
            row = session.get(HouseholdRow, id)
            assert row is not None
            return row

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Everything in a table."""
        with self.db.reading() as session:
            found = session.execute(text(f'SELECT * FROM "{table}"')).mappings()  # noqa: S608
            return [dict(row) for row in found]

    def counts(self) -> dict[str, int]:
        """How many rows each table has."""
        return {name: len(self.rows(name)) for name in Table.metadata.tables}

    def assign(self, household: str, user: str) -> None:
        with self.db.writing() as session:
            caseload.assign(session, household, user, by="test", now=NOW)
            session.commit()

    def code(self, user: str, now: datetime | None = None) -> str:
        with self.db.writing() as session:
            code = identity.make_code(
                session,
                user,
                by="test",
                settings=self.settings,
                now=now or datetime.now(UTC),
            )
            session.commit()
        return code

    def enrol(self, user: str = "hv-amara") -> dict[str, str]:
        """Enrol a phone through the API; the headers that it sends."""
        body = {"code": self.code(user), "device_name": "a phone"}
        reply = self.app.test_client().post("/api/v1/enrol", json=body)
        assert reply.status_code == 200, reply.json
        return {"Authorization": f"Bearer {reply.json['token']}"}

    def sealed(self, household: str, event: facts.Event) -> dict[str, str]:
        """An event as a phone sends it."""
        return self.sealed_bytes(event.id, wire.encode(wire.event_to_doc(household, event)))

    def sealed_bytes(self, id: str, raw: bytes) -> dict[str, str]:
        box = sealing.seal(self.office.public_key, raw, wire.aad_of(id), secrets.token_bytes(44))
        return {"id": id, "sealed": base64.b64encode(box).decode()}

    def browser(self, user: str | None = None) -> FlaskClient:
        """A browser, signed in as `user` when one is named."""
        client = self.app.test_client()
        if user is not None:
            with self.db.writing() as session:
                raw = identity.signed_in(
                    session, self.actor(user), "127.0.0.1", self.settings, datetime.now(UTC)
                )
                session.commit()
            client.set_cookie("threshold", raw)
        return client


def settings_for(url: str, **more: Any) -> Settings:
    values = {
        "mode": "development",
        "secret_key": "k" * 40,
        "office_keys": (OFFICE_KEY,),
        "database_url": url,
        **more,
    }
    return Settings(**values)


@pytest.fixture
def world_with(new_url: Callable[[], str]) -> Iterator[Callable[..., World]]:
    """Make a world of its own, with other settings where given."""
    made: list[World] = []

    def make(**more: Any) -> World:
        settings = settings_for(new_url(), **more)
        made.append(World(settings=settings, app=create_app(settings)))
        return made[-1]

    yield make
    for each in made:
        each.db.close()


@pytest.fixture
def world(world_with: Callable[..., World]) -> World:
    return world_with()
