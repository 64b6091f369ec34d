"""`make run`: a whole small partnership on this machine, with made-up families, until Ctrl-C.

It drives the same commands anyone would type, each as a process of its own: the office's
database and server, the phone's enrolment, and the phone app in a window.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import click

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "var" / "demo"
FIRST_PORT, PORTS_TRIED = 8460, 20
PRACTITIONER = "hv-amara"
PIN = "739154"
PHONE_WINDOW = "412x860"
START_LIMIT_S, STOP_LIMIT_S = 30.0, 10.0


class CannotRun(Exception):
    """Why the demonstration cannot go on, in words for the person at the terminal."""


def free_port(first: int = FIRST_PORT, tried: int = PORTS_TRIED) -> int:
    """The first port of this many on loopback that nothing listens on; raises CannotRun."""
    for port in range(first, first + tried):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise CannotRun(f"Ports {first} to {first + tried - 1} are all taken by other programs.")


@dataclass
class Demonstration:
    """One office and one phone below `folder`; `start_office` may be called again after a stop."""

    folder: Path
    port: int
    pin: str = PIN
    logins: dict[str, str] = field(default_factory=dict)
    started: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where the supervisor's pages are, and what the phone is enrolled with."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def phone_home(self) -> Path:
        """The phone's storage."""
        return self.folder / "phone"

    @property
    def environment(self) -> dict[str, str]:
        """What every process of the demonstration is told; nothing of it holds in production."""
        # Nothing of a real office that happens to be set up in this shell may leak in.
        ours = {name: value for name, value in os.environ.items() if "THRESHOLD_" not in name}
        return {
            **ours,
            "THRESHOLD_MODE": "demonstration",
            "THRESHOLD_DATABASE_URL": f"sqlite:///{self.folder / 'threshold.db'}",
            "THRESHOLD_HOST": "127.0.0.1",
            "THRESHOLD_PORT": str(self.port),
            "THRESHOLD_HOME": str(self.phone_home),
            "THRESHOLD_WINDOW": PHONE_WINDOW,
            "PYTHONUNBUFFERED": "1",
        }

    def threshold(self, *words: str) -> str:
        """What a `threshold` command prints; raises CannotRun with its words when it fails."""
        return self._ask([sys.executable, "-m", "backend.cli", *words])

    def make_office(self) -> dict[str, Any]:
        """A new database with the made-up families; returns what `demo load` told as JSON."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.threshold("migrate")
        told = self.threshold("demo", "load", "--enrol-code-for", PRACTITIONER, "--json")
        loaded: dict[str, Any] = json.loads(told)
        self.logins = {login["username"]: login["password"] for login in loaded["logins"]}
        return loaded

    def start_office(self) -> None:
        """Start the server and wait until it answers; raises CannotRun with the end of its log."""
        log = self.folder / "office.log"
        with log.open("ab") as out:
            self._start("office", [sys.executable, "-m", "backend.cli", "serve"], out)
        limit = time.monotonic() + START_LIMIT_S
        while not self.office_answers():
            if self.started["office"].poll() is not None or time.monotonic() > limit:
                self.stop("office")
                tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
                raise CannotRun(f"The office did not start. The end of {log} says:\n{tail}")
            time.sleep(0.05)

    def office_answers(self) -> bool:
        """Whether the server answers its health address now."""
        try:
            with urllib.request.urlopen(f"{self.address}/api/v1/health", timeout=3) as reply:
                return bool(reply.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def enrol_phone(self, code: str) -> None:
        """Enrol the phone with a single-use code and set its PIN."""
        self._ask(
            [sys.executable, "-m", "mobile.enrol", "--server", self.address]
            + ["--code", code, "--pin", self.pin, "--home", str(self.phone_home)]
        )

    def open_app(self) -> subprocess.Popen[bytes]:
        """Open the phone app in a window of its own."""
        with (self.folder / "app.log").open("ab") as out:
            return self._start("app", [sys.executable, "main.py"], out)

    def play(self, display: str) -> int:
        """Run the scripted practitioner on this display, her lines on our terminal; exit code."""
        command = [sys.executable, "-m", "mobile.demonstration", "--home", str(self.phone_home)]
        command += ["--pin", self.pin, "--server", self.address]
        command += ["--pictures", str(self.folder / "pictures")]
        environment = {**self.environment, "DISPLAY": display}
        self.started["script"] = subprocess.Popen(
            command, cwd=ROOT, env=environment, start_new_session=True
        )
        return self.started["script"].wait()

    def stop(self, name: str) -> None:
        """End one process and its children: asked first, then made to."""
        process = self.started.pop(name, None)
        if process is None or process.poll() is not None:
            return
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def stop_all(self) -> None:
        """End everything that was started, the last first."""
        for name in reversed(list(self.started)):
            self.stop(name)

    def _start(self, name: str, command: list[str], out: IO[bytes]) -> subprocess.Popen[bytes]:
        # A session of its own, so that Ctrl-C reaches us alone and we end the rest in order.
        self.started[name] = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        return self.started[name]

    def _ask(self, command: list[str]) -> str:
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            name = " ".join(command[1:4])
            raise CannotRun(f"'{name}' failed:\n{done.stderr.strip() or done.stdout.strip()}")
        return done.stdout


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the folder, so that a second `make run` does not remake the data under the first."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CannotRun(
                "The demonstration is already running in another terminal. "
                "Stop that one with Ctrl-C first."
            ) from None
        yield


@contextmanager
def virtual_display() -> Iterator[str]:
    """A screen that nobody sees, as a DISPLAY name; raises CannotRun where Xvfb is missing."""
    if shutil.which("Xvfb") is None:
        raise CannotRun("There is no display, and no Xvfb to make one: apt-get install xvfb")
    reading, writing = os.pipe()
    screen = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x1024x24", "-nolisten", "tcp"],
        pass_fds=(writing,),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        if not number:
            raise CannotRun("Xvfb, the virtual display, did not start.")
        yield f":{number}"
    finally:
        screen.terminate()
        screen.wait()


def has_display() -> bool:
    """Whether a window could be shown here."""
    native = sys.platform in ("darwin", "win32")
    return native or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def tell_the_way_in(demo: Demonstration, loaded: dict[str, Any]) -> None:
    """Print the address, the logins and the PIN."""
    click.echo(f"\n  Supervisor's pages   {demo.address}")
    for login in loaded["logins"]:
        if login["role"] != "practitioner":
            who = f"{login['name']}, {login['role'].replace('_', ' ')}"
            click.echo(
                f"  Log in as            {login['username']} / {login['password']}   ({who})"
            )
    click.echo(f"  The app's PIN        {demo.pin}")
    click.echo("\n  Everyone here is invented. These logins exist only in the demonstration.\n")


def show_the_app(demo: Demonstration) -> None:
    """Open the app where there is a display; elsewhere let the scripted practitioner use it."""
    if has_display():
        demo.open_app()
        click.echo("The phone app is opening in its own window.")
        return
    click.echo("There is no display here: a scripted practitioner uses the app on a virtual one.")
    with virtual_display() as display:
        failed = demo.play(display)
    if failed:
        click.echo(
            "\nThe scripted practitioner could not finish; the line above says why.", err=True
        )
    else:
        click.echo(f"\nHer pictures are in {os.path.relpath(demo.folder / 'pictures')}.")


def wait_for_the_end(demo: Demonstration) -> None:
    """Keep the office running until Ctrl-C; say so when the app's window is closed."""
    click.echo("\nThe office keeps running. Press Ctrl-C to stop.")
    app_open = "app" in demo.started
    while demo.started["office"].poll() is None:
        if app_open and demo.started["app"].poll() is not None:
            app_open = False
            click.echo("The app was closed; the office still runs.")
        time.sleep(0.5)
    raise CannotRun(f"The office stopped by itself; {demo.folder / 'office.log'} may say why.")


def run(folder: Path) -> None:
    """Set up, show, and wait; raises CannotRun."""
    with only_one(folder):
        if folder.exists():
            click.echo("Making the demonstration's data afresh; what the last run held is removed.")
            shutil.rmtree(folder)
        port = free_port()
        if port != FIRST_PORT:
            click.echo(f"Port {FIRST_PORT} is taken by another program; using {port}.")
        demo = Demonstration(folder, port)
        try:
            click.echo("Creating the database and loading the invented families ...")
            loaded = demo.make_office()
            demo.start_office()
            demo.enrol_phone(loaded["code"])
            tell_the_way_in(demo, loaded)
            show_the_app(demo)
            wait_for_the_end(demo)
        finally:
            demo.stop_all()


def main() -> None:
    """The command: exit 0 when stopped by a person, 1 with words when it could not go on."""
    # Said outright: a shell that starts us in the background has us ignore Ctrl-C otherwise.
    for ends_us in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ends_us, signal.default_int_handler)
    try:
        run(Path(sys.argv[1]).resolve() if sys.argv[1:] else FOLDER)
    except KeyboardInterrupt:
        click.echo("\nStopped.")
    except CannotRun as why:
        click.echo(f"\n{why}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
