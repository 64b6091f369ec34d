"""An office with invented families, and a client that holds every page to what we promise."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend import access, identity, migrations
from backend.access import Office
from backend.app import create_app
from backend.config import Settings
from backend.tables import HouseholdRow
from tests.web.office import PASSWORD, Maker, World, people
from tests.web.page import Page, read_page


@dataclass
class Client:
    """Fetches pages as a browser without scripts would, and checks each one."""

    raw: FlaskClient

    def get(self, path: str, status: int = 200) -> Page:
        """The page at a path, held to what every page promises."""
        reply = self.raw.get(path)
        assert reply.status_code == status, (path, reply.status_code)
        return read_page(path, reply)

    def post(self, page: Page, action: str, status: int = 302, **fields: str) -> Page:
        """Sends the page's form of that action as a browser would: hidden fields and these."""
        form = page.form(action)
        reply = self.raw.post(form.action, data={**form.hidden, **fields})
        assert reply.status_code == status, (action, reply.status_code, reply.text[:500])
        if status == 302:
            return self.get(reply.headers["Location"])
        return read_page(action, reply)

    def sign_in(self, user: str, password: str = PASSWORD) -> Page:
        """Signs in by the form; ends on the queue."""
        return self.post(self.get("/login"), "/login", username=user, password=password)


@dataclass(frozen=True)
class Running:
    """An application over its own copy of the invented office."""

    app: Flask
    office: Office
    world: World

    def client(self, user: str = "") -> Client:
        """A client with somebody's session, begun without the slow check of a password."""
        client = Client(self.app.test_client())
        if user:
            now, settings = datetime.now(UTC), self.office.settings
            with self.office.db.writing() as session:
                who = self.maker().actor(user)
                raw = identity.signed_in(session, who, "127.0.0.1", settings, now)
                session.commit()
            client.raw.set_cookie(access.cookie_name(settings), raw)
        return client

    def row(self, household: str) -> HouseholdRow:
        """What is stored of a family beside its events."""
        with self.office.db.reading() as session:
            return session.get_one(HouseholdRow, household)

    def maker(self) -> Maker:
        """Makes more families, now."""
        return Maker(self.office, datetime.now(UTC))


def application(database: Path) -> Flask:
    """A development application over that database file."""
    settings = Settings(
        mode="development",
        database_url=f"sqlite:///{database}",
        secret_key="k" * 64,
        office_keys=(b"\x01" * 32,),
        partnership="Northborough",
        embedded_worker=False,
    )
    return create_app(settings)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, World]:
    """The invented office as a database file, made once."""
    path = tmp_path_factory.mktemp("office") / "office.db"
    office = application(path).extensions["threshold"]
    migrations.upgrade(office.db.engine)
    now = datetime.now(UTC)
    people(office, now)
    world = Maker(office, now).world()
    office.db.close()
    return path, world


@pytest.fixture
def running(made: tuple[Path, World], tmp_path: Path) -> Iterator[Running]:
    """An application over a copy of the invented office, which a test may change."""
    path, world = made
    copy = tmp_path / "office.db"
    shutil.copyfile(path, copy)
    app = application(copy)
    office = app.extensions["threshold"]
    yield Running(app, office, world)
    office.db.close()
