"""For the phone's tests: a real office in a process of its own, and a bad line to it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import requests

START_WITHIN = 60.0
# Ten at once: starting the command for each would take most of the tests' time.
CODES = """
from datetime import UTC, datetime
from backend import config, identity
from backend.app import open_office
office = open_office(config.read())
with office.db.writing() as session:
    for _ in range(10):
        now = datetime.now(UTC)
        print(identity.make_code(session, "hv-amara", by="test", settings=office.settings, now=now))
    session.commit()
"""


class Office:
    """`threshold serve` with the demonstration families, on a free port of this machine."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self._environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("THRESHOLD_")},
            "THRESHOLD_MODE": "demonstration",
            "THRESHOLD_DATABASE_URL": f"sqlite:///{folder / 'office.db'}",
            "THRESHOLD_PORT": str(port),
            "THRESHOLD_CONTACTS": "Police=101;Team manager on duty=01632 960001",
        }
        self._codes: list[str] = []
        self.command("migrate")
        loaded = self.command("demo", "load", "--json")
        self.families = json.loads(loaded.splitlines()[-1])["families"]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "backend.cli", "serve"],
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._wait()

    def command(self, *words: str) -> str:
        """Run a `threshold` command on this office's database; what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "backend.cli", *words],
            env=self._environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout

    def code(self) -> str:
        """A fresh enrolment code for Amara Osei."""
        if not self._codes:
            done = subprocess.run(
                [sys.executable, "-c", CODES],
                env=self._environment, capture_output=True, text=True, check=True,
            )  # fmt: skip
            self._codes = done.stdout.split()
        return self._codes.pop()

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait()

    def _wait(self) -> None:
        ends = time.monotonic() + START_WITHIN
        while time.monotonic() < ends:
            try:
                requests.get(f"{self.url}/api/v1/health", timeout=1).raise_for_status()
                return
            except requests.RequestException:
                if self._process.poll() is not None:
                    raise RuntimeError("the office did not start") from None
                time.sleep(0.05)  # a process that starts tells nobody
        raise RuntimeError("the office did not answer")


@dataclass
class Reply:
    """What goes back to the phone. `cut`: only so many bytes of it, then the line is dead."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None

    @property
    def doc(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    def saying(self, doc: object) -> Reply:
        """The same reply with another document."""
        return Reply(self.status, json.dumps(doc).encode(), self.headers)


@dataclass
class Request:
    """What the phone asked."""

    method: str
    path: str
    body: bytes

    @property
    def ids(self) -> list[str]:
        """The ids of the events it sends."""
        return [item["id"] for item in json.loads(self.body)["items"]] if self.body else []


class _Server(ThreadingHTTPServer):
    """One whose clients may hang up: that is what the tests are about."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(*_)  # type: ignore[arg-type]


Fault = Callable[[Request, Callable[[], Reply]], Reply | None]


class BadLine:
    """A line to the office that does to each exchange what `fault` says.

    The fault is given the request and a function that passes it on; None: the honest reply.
    """

    def __init__(self, upstream: str) -> None:
        self.upstream = upstream
        self.requests: list[Request] = []
        self._session = requests.Session()
        self._session.trust_env = False
        self.fault: Fault = lambda request, on: None
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def sent(self) -> list[list[str]]:
        """The ids of each request that sent events."""
        return [each.ids for each in self.requests if each.path.endswith("/events")]

    def mend(self) -> None:
        """Be honest again, and forget what passed."""
        self.fault = lambda request, on: None
        self.requests.clear()

    def close(self) -> None:
        """Hang up."""
        self._server.shutdown()
        self._server.server_close()
        self._session.close()

    def _pass_on(self, request: Request, headers: dict[str, str]) -> Reply:
        reply = self._session.request(
            request.method,
            self.upstream + request.path,
            data=request.body or None,
            headers=headers,
            timeout=20,
        )
        return Reply(reply.status_code, reply.content, dict(reply.headers))

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        line = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                request = Request(self.command, self.path, body)
                line.requests.append(request)
                kept = ("Authorization", "Content-Type", "Accept")
                headers = {k: v for k, v in self.headers.items() if k in kept}
                on = lambda: line._pass_on(request, headers)  # noqa: E731
                self._answer(line.fault(request, on) or on())

            do_POST = do_GET

            def _answer(self, reply: Reply) -> None:
                self.send_response(reply.status)
                kept = ("Content-Type", "Retry-After", "Location")
                for name, value in reply.headers.items():
                    if name.title() in kept:
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body)))
                if reply.cut is None:
                    self.end_headers()
                    self.wfile.write(reply.body)
                    return
                if reply.cut >= 0:
                    self.end_headers()
                    self.wfile.write(reply.body[: reply.cut])
                self.close_connection = True

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler
