"""The office's settings, read once from the environment; unsafe ones stop it from starting."""

from __future__ import annotations

import base64
import os
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from environs import Env

MODES = ("production", "development", "demonstration")
SHORTEST_SECRET = 32
_WEAK = ("secret", "change", "default", "example", "password", "test")


class Unsafe(Exception):
    """The settings would run an unsafe office; `reasons` says each thing to mend."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("Threshold will not start:\n" + "\n".join(f"- {r}" for r in reasons))
        self.reasons = reasons


@dataclass(frozen=True, kw_only=True)
class Contact:
    """A number to call, as the practitioner sees it."""

    label: str
    number: str


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that may differ between one office and another."""

    mode: str
    database_url: str
    secret_key: str = field(repr=False)
    secret_key_fallbacks: tuple[str, ...] = field(default=(), repr=False)
    office_keys: tuple[bytes, ...] = field(default=(), repr=False)  # first one is given to phones
    trusted_hosts: tuple[str, ...] = ()
    tls_proxy_hops: int = 0
    partnership: str = "Threshold"
    contacts: tuple[Contact, ...] = ()
    host: str = "127.0.0.1"
    port: int = 8460
    workers: int = 0  # 0: one for SQLite, two for PostgreSQL
    threads: int = 4
    embedded_worker: bool = True
    tick: timedelta = timedelta(seconds=5)
    session_idle: timedelta = timedelta(minutes=30)
    session_absolute: timedelta = timedelta(hours=12)
    enrol_code_lives: timedelta = timedelta(minutes=10)
    device_lives: timedelta = timedelta(days=180)

    @property
    def is_production(self) -> bool:
        """True where real families are recorded."""
        return self.mode == "production"

    @property
    def is_sqlite(self) -> bool:
        """True for the embedded database."""
        return self.database_url.startswith("sqlite")


def read() -> Settings:
    """Return the settings that the environment gives; raises Unsafe."""
    env = Env()
    mode = str(env.str("THRESHOLD_MODE", "production"))
    database_url = _secret(env, "THRESHOLD_DATABASE_URL") or "sqlite:///var/threshold.db"
    made = _made_once(_beside(database_url)) if mode in MODES[1:] else {}
    settings = Settings(
        mode=mode,
        database_url=database_url,
        secret_key=_secret(env, "THRESHOLD_SECRET_KEY") or made.get("secret-key", ""),
        secret_key_fallbacks=tuple(_secret(env, "THRESHOLD_SECRET_KEY_FALLBACKS").split()),
        office_keys=_keys(_secret(env, "THRESHOLD_OFFICE_KEYS") or made.get("office-key", "")),
        trusted_hosts=tuple(env.list("THRESHOLD_TRUSTED_HOSTS", [])),
        tls_proxy_hops=env.int("THRESHOLD_TLS_PROXY_HOPS", 0),
        partnership=env.str("THRESHOLD_PARTNERSHIP", "Northborough"),
        contacts=_contacts(env.str("THRESHOLD_CONTACTS", "Emergency=999;Police, not urgent=101")),
        host=env.str("THRESHOLD_HOST", "127.0.0.1"),
        port=env.int("THRESHOLD_PORT", 8460),
        workers=env.int("THRESHOLD_WORKERS", 0),
        threads=env.int("THRESHOLD_THREADS", 4),
        embedded_worker=env.bool("THRESHOLD_EMBEDDED_WORKER", True),
        tick=timedelta(seconds=env.float("THRESHOLD_TICK_SECONDS", 5.0)),
        # A demonstration is enrolled by hand, at leisure, with invented families only.
        enrol_code_lives=timedelta(hours=12 if mode == "demonstration" else 0, minutes=10),
    )
    refuse_unsafe(settings)
    return settings


def refuse_unsafe(settings: Settings) -> None:
    """Raise Unsafe, with every reason at once, when this office must not start."""
    reasons: list[str] = []
    if settings.mode not in MODES:
        reasons.append(f"THRESHOLD_MODE is {settings.mode!r}; it must be one of {', '.join(MODES)}")
    if len(settings.secret_key) < SHORTEST_SECRET:
        reasons.append(
            f"THRESHOLD_SECRET_KEY (or ..._FILE) must hold {SHORTEST_SECRET} characters or more"
        )
    if not settings.office_keys:
        reasons.append("THRESHOLD_OFFICE_KEYS (or ..._FILE) must hold the office's private key")
    if settings.is_production:
        reasons += _unsafe_in_production(settings)
    if reasons:
        raise Unsafe(reasons)


def _unsafe_in_production(settings: Settings) -> list[str]:
    reasons: list[str] = []
    lowered = settings.secret_key.lower()
    if any(word in lowered for word in _WEAK) or len(set(settings.secret_key)) < 12:
        reasons.append("THRESHOLD_SECRET_KEY looks like a placeholder; make a random one")
    if not settings.trusted_hosts:
        reasons.append("THRESHOLD_TRUSTED_HOSTS must name the host names this office answers to")
    if settings.tls_proxy_hops < 1:
        reasons.append(
            "THRESHOLD_TLS_PROXY_HOPS must say how many proxies stand before it (1 or more):"
            " the office speaks plain HTTP and must not be reached without TLS"
        )
    return reasons


def _secret(env: Env, name: str) -> str:
    """Return the value of NAME, or what the file named by NAME_FILE holds, or ''."""
    path = env.str(f"{name}_FILE", "")
    if path:
        return Path(path).read_text(encoding="utf-8").strip()
    return str(env.str(name, ""))


def _keys(text: str) -> tuple[bytes, ...]:
    """Read private keys, base64, parted by spaces: the first is the one phones are given."""
    keys: list[bytes] = []
    for word in text.split():
        try:
            key = base64.b64decode(word, validate=True)
        except ValueError:
            key = b""
        if len(key) != 32:
            raise Unsafe(["THRESHOLD_OFFICE_KEYS must be base64 keys of 32 bytes, parted by space"])
        keys.append(key)
    return tuple(keys)


def _contacts(text: str) -> tuple[Contact, ...]:
    pairs = [part.partition("=") for part in text.split(";") if part.strip()]
    return tuple(Contact(label=label.strip(), number=number.strip()) for label, _, number in pairs)


def _beside(database_url: str) -> Path:
    """Return the folder of an SQLite database; `var` for any other."""
    kind, _, path = database_url.partition(":///")
    return Path(path).parent if kind == "sqlite" and path else Path("var")


def _made_once(home: Path) -> dict[str, str]:
    """Return the keys of a development office, made on its first start and kept (mode 0600)."""
    return {
        "secret-key": _kept(home / "secret-key", secrets.token_urlsafe(48)),
        "office-key": _kept(
            home / "office-key", base64.b64encode(secrets.token_bytes(32)).decode()
        ),
    }


def _kept(path: Path, fresh: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(fresh)
    except FileExistsError:
        return path.read_text(encoding="utf-8").strip()
    return fresh
