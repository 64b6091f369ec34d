"""The line itself: certificates, slow and endless replies, and what the phone says to whom."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from mobile import transport
from mobile.transport import Busy, Office, Offline, Refused, Strange, Untrusted
from tests.mobile.office import BadLine, Reply

JSON = {"Content-Type": "application/json"}
HEALTH = json.dumps({"status": "ok", "epoch": "e", "time": "2026-11-20T10:30:00+00:00"}).encode()


def certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that nobody vouches for, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


class Quiet(BaseHTTPRequestHandler):
    """Answers that all is well, whoever asks."""

    def do_POST(self) -> None:
        self.server.heard.append(self.path)  # type: ignore[attr-defined]
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Tls(HTTPServer):
    """A server whose failed handshakes are nobody's news."""

    def handle_error(self, *_: object) -> None:
        """A client that hangs up over the certificate is what the test wants."""


@pytest.fixture
def impostor(tmp_path: Path) -> Iterator[Tls]:
    server = Tls(("127.0.0.1", 0), Quiet)
    server.heard = []  # type: ignore[attr-defined]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(tmp_path))
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_nothing_is_sent_to_an_office_that_cannot_prove_itself(impostor: Tls) -> None:
    office = Office(f"https://127.0.0.1:{impostor.server_port}", "token")
    with pytest.raises(Untrusted, match="Nothing was sent"):
        office.send([("id", b"sealed")])
    office.close()
    assert impostor.heard == []  # type: ignore[attr-defined]


def test_nobody_there_is_offline_within_the_limit() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening
        office = Office(f"http://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(Offline):
            office.health()
        office.close()


def test_an_office_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "HEALTH_SECONDS", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        office = Office(f"http://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(Offline):
            office.health()
        office.close()


@pytest.mark.parametrize(
    ("reply", "problem"),
    [
        (Reply(200, HEALTH, JSON, cut=-1), Offline),
        (Reply(200, HEALTH, JSON, cut=0), Offline),
        (Reply(200, HEALTH, JSON, cut=1), Offline),
        (Reply(200, HEALTH, JSON, cut=len(HEALTH) - 1), Offline),
        (Reply(200, HEALTH, {"Content-Type": "text/html"}), Offline),
        (Reply(200, b'{"status":"ok","status":"ok"}', JSON), Offline),
        (Reply(200, HEALTH.replace(b"+00:00", b""), JSON), Offline),
        (Reply(200, HEALTH.replace(b"ok", b"no"), JSON), Busy),
        (Reply(502, b"<html>", {"Content-Type": "text/html"}), Busy),
        (Reply(429, b"{}", {**JSON, "Retry-After": "soon"}), Busy),
        (Reply(413, b"<html>", {"Content-Type": "text/html"}), Refused),
        (Reply(404, b"<html>", {"Content-Type": "text/html"}), Offline),
        (Reply(400, b'{"detail": "no"}', JSON), Refused),
    ],
)
def test_what_each_answer_means(line: BadLine, reply: Reply, problem: type[Exception]) -> None:
    line.fault = lambda request, on: reply
    office = Office(line.url)
    with pytest.raises(problem):
        office.health()
    office.close()


@pytest.mark.parametrize(("asked", "seconds"), [("7", 7.0), ("99999999", 3600.0), ("-3", 0.0)])
def test_how_long_the_office_asks_to_wait(line: BadLine, asked: str, seconds: float) -> None:
    line.fault = lambda request, on: Reply(503, b"{}", {**JSON, "Retry-After": asked})
    office = Office(line.url)
    with pytest.raises(Busy) as caught:
        office.health()
    office.close()
    assert caught.value.retry_after == seconds


def test_an_endless_reply_is_not_read_to_its_end(
    line: BadLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "LARGEST_REPLY", 100_000)
    line.fault = lambda request, on: Reply(200, b" " * 1_000_000, JSON)
    office = Office(line.url)
    with pytest.raises(Strange):
        office.health()
    office.close()


def test_the_surroundings_lead_nothing_astray(
    line: BadLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    office = Office(line.url)
    assert office.health().epoch
    office.close()
