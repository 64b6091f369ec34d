"""The command `threshold`."""

from __future__ import annotations

import getpass
import json
import secrets
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from backend import audit, config, identity, logs, migrations, rebuild, worker
from backend import demo as demonstration
from backend.access import Office
from backend.alarms import alarms_command
from backend.app import create_app, open_office
from backend.backtest import backtest_command
from backend.config import Settings, Unsafe
from backend.problems import Problem
from backend.replay import replay_command
from backend.rules_command import rules_command
from backend.simulate import simulate_command
from backend.tables import User


@click.group()
def main() -> None:
    """Threshold: so that nothing seen on a home visit to a small child gets lost."""


main.add_command(replay_command)
main.add_command(rules_command)
main.add_command(backtest_command)
main.add_command(simulate_command)
main.add_command(alarms_command)


def _settings() -> Settings:
    try:
        return config.read()
    except Unsafe as why:
        raise click.ClickException(str(why)) from None


def _office(*, migrated: bool = True) -> Office:
    logs.set_up()
    office = open_office(_settings())
    if migrated and not migrations.is_current(office.db.engine):
        raise click.ClickException("The database has other tables: run `threshold migrate` first.")
    return office


def _now() -> datetime:
    return datetime.now(UTC)


@main.command()
def serve() -> None:
    """Serve the pages and the phones' API until stopped."""
    from backend.serving import Server

    office = _office()
    office.db.close()
    click.echo(f"Serving on http://{office.settings.host}:{office.settings.port}")
    Server(office.settings).run()


@main.command(name="worker")
def work() -> None:
    """Move clocks until stopped: for PostgreSQL; with SQLite the server does it itself."""
    office = _office()
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    worker.run(office.db, office.book, office.settings.tick, stop)


@main.command()
def migrate() -> None:
    """Bring the database to the tables of this version."""
    office = _office(migrated=False)
    migrations.upgrade(office.db.engine)
    click.echo("The database is ready.")


@main.command(name="rebuild")
@click.option("--check", is_flag=True, help="Only compare; exit 1 on a difference.")
def rebuild_command(check: bool) -> None:
    """Judge everything again from the events and put right what differs."""
    office = _office()
    with office.db.reading() as session:
        households = rebuild.households(session)
    found = 0
    for household in households:
        with office.db.writing() as session:
            differences = rebuild.again(session, household, office.book, _now(), replace=not check)
            session.commit()
        found += len(differences)
        for each in differences:
            click.echo(f"{each.household}: {each.what}")
    click.echo(f"{len(households)} families, {found} differences{'' if check else ' put right'}.")
    if check and found:
        sys.exit(1)


@main.group()
def user() -> None:
    """People who may sign in."""


@user.command(name="add")
@click.argument("name_to_sign_in")
@click.option("--name", required=True, help="As colleagues know them.")
@click.option("--role", required=True, type=click.Choice(identity.ROLES))
@click.option("--agency", required=True)
@click.option("--team", help="The id of a team.")
@click.option("--service", default="", help="For those above a team.")
def add_user(
    name_to_sign_in: str, name: str, role: str, agency: str, team: str | None, service: str
) -> None:
    """Add a person; the password is asked for, or read from standard input."""
    office = _office()
    asked = sys.stdin.isatty()
    password = getpass.getpass("Password: ") if asked else sys.stdin.readline().rstrip("\n")
    with office.db.writing() as session:
        try:
            identity.add_user(
                session,
                id=name_to_sign_in.lower(),
                name=name,
                role=role,
                agency=agency,
                team=team,
                service=service,
                password=password,
                now=_now(),
            )
        except Problem as why:
            raise click.ClickException(why.detail) from None
        except IntegrityError:
            raise click.ClickException("There is someone of that name, or no such team.") from None
        session.commit()
    click.echo(f"{name} may sign in as {name_to_sign_in.lower()}.")


@user.command(name="disable")
@click.argument("name")
def disable_user(name: str) -> None:
    """Shut a person out: sessions end and phones are refused from now on."""
    office = _office()
    with office.db.writing() as session:
        if not identity.disable_user(session, name, by="command", now=_now()):
            raise click.ClickException("There is nobody of that name, or it is done already.")
        session.commit()
    click.echo(f"{name} can no longer sign in.")


@main.group()
def team() -> None:
    """Teams and the services they belong to."""


@team.command(name="add")
@click.argument("id")
@click.option("--name", required=True)
@click.option("--service", required=True)
def add_team(id: str, name: str, service: str) -> None:
    """Add a team."""
    office = _office()
    with office.db.writing() as session:
        identity.add_team(session, id=id, name=name, service=service)
        session.commit()
    click.echo(f"The team {name} is there.")


@main.group()
def device() -> None:
    """Phones."""


@device.command(name="enrol-code")
@click.argument("user_id")
def enrol_code(user_id: str) -> None:
    """Print a code that enrols one phone for a person, once."""
    office = _office()
    with office.db.writing() as session:
        if session.execute(select(User.id).where(User.id == user_id)).first() is None:
            raise click.ClickException(f"There is nobody called {user_id}.")
        code = identity.make_code(
            session, user_id, by="command", settings=office.settings, now=_now()
        )
        session.commit()
    click.echo(code)


@device.command(name="revoke")
@click.argument("device_id")
def revoke(device_id: str) -> None:
    """Take a phone's access away."""
    office = _office()
    with office.db.writing() as session:
        if not identity.revoke_device(session, device_id, by="command", now=_now()):
            raise click.ClickException("There is no such phone, or it is done already.")
        session.commit()
    click.echo("The phone is refused from now on.")


@main.command(name="openapi")
@click.option("--write", "path", type=click.Path(path_type=Path), help="Write it to this file.")
def openapi(path: Path | None) -> None:
    """Print the OpenAPI document of the phones' API."""
    text = describe()
    if path:
        path.write_text(text, encoding="utf-8")
    else:
        click.echo(text, nl=False)


def describe() -> str:
    """Return the OpenAPI document as text; it takes no settings and no database."""
    from backend import api

    settings = Settings(
        mode="development",
        database_url="sqlite://",
        secret_key=secrets.token_hex(32),
        office_keys=(secrets.token_bytes(32),),
    )
    app = create_app(settings)
    return json.dumps(api.document(app), indent=2, sort_keys=True) + "\n"


@main.group()
def demo() -> None:
    """The demonstration partnership: invented people, never in production."""


@demo.command(name="load")
@click.option("--enrol-code-for", "enrol", help="Also make a code that enrols this person's phone.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def demo_load(enrol: str | None, as_json: bool) -> None:
    """Load the invented families through the real intake, as if they were recent."""
    office = _office()
    if office.settings.mode != "demonstration":
        raise click.ClickException("Only where THRESHOLD_MODE is demonstration.")
    try:
        loaded = demonstration.load(office, _now(), enrol)
    except demonstration.CannotLoad as why:
        raise click.ClickException(str(why)) from None
    if as_json:
        click.echo(json.dumps(loaded))
        return
    click.echo(f"{loaded['families']} invented families, {loaded['events']} events.")
    for login in loaded["logins"]:
        click.echo(f"  {login['username']:10} {login['password']}   {login['name']}")
    if loaded["code"]:
        click.echo(f"Enrolment code for {enrol}: {loaded['code']}")


@main.group(name="audit")
def audit_group() -> None:
    """The record of who did what."""


@audit_group.command(name="verify")
def verify() -> None:
    """Check the chain of audit rows; exit 1 where it is broken."""
    office = _office()
    with office.db.reading() as session:
        broken = audit.verify(session)
    for each in broken:
        click.echo(f"row {each.seq}: {each.wrong}")
    click.echo("The audit is broken." if broken else "The audit is whole.")
    if broken:
        sys.exit(1)


if __name__ == "__main__":
    main()
