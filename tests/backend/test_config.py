"""An office that would be unsafe does not start, and says everything that is wrong at once."""

from __future__ import annotations

import base64
import stat
from pathlib import Path
from typing import Any

import pytest

from backend import config, migrations
from backend.config import Unsafe
from backend.db import Database

GOOD = {
    "THRESHOLD_MODE": "production",
    "THRESHOLD_SECRET_KEY": "zK4-vT9_qLw2RmX7hBn5YcJd8FgS3pAe6uNo",
    "THRESHOLD_OFFICE_KEYS": base64.b64encode(bytes(range(32))).decode(),
    "THRESHOLD_TRUSTED_HOSTS": "threshold.example",
    "THRESHOLD_TLS_PROXY_HOPS": "1",
    "THRESHOLD_DATABASE_URL": "postgresql://db/threshold",
}


@pytest.fixture
def environment(monkeypatch: Any) -> Any:
    def put(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    for name in list(config.os.environ):
        if name.startswith("THRESHOLD_"):
            monkeypatch.delenv(name)
    return put


def test_a_safe_production_starts(environment: Any) -> None:
    environment(**GOOD)
    settings = config.read()
    assert settings.is_production
    assert not settings.is_sqlite
    assert "zK4" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("THRESHOLD_SECRET_KEY", "", "THRESHOLD_SECRET_KEY"),
        ("THRESHOLD_SECRET_KEY", "short", "THRESHOLD_SECRET_KEY"),
        ("THRESHOLD_SECRET_KEY", "a" * 40, "placeholder"),
        ("THRESHOLD_SECRET_KEY", "change-me-0123456789-abcdefghijklmnop", "placeholder"),
        ("THRESHOLD_OFFICE_KEYS", "", "THRESHOLD_OFFICE_KEYS"),
        ("THRESHOLD_OFFICE_KEYS", "AAAA", "32 bytes"),
        ("THRESHOLD_TRUSTED_HOSTS", "", "THRESHOLD_TRUSTED_HOSTS"),
        ("THRESHOLD_TLS_PROXY_HOPS", "0", "TLS"),
        ("THRESHOLD_MODE", "testing", "THRESHOLD_MODE"),
    ],
)
def test_an_unsafe_production_does_not(environment: Any, name: str, value: str, word: str) -> None:
    environment(**GOOD | {name: value})
    with pytest.raises(Unsafe, match=word):
        config.read()


def test_everything_wrong_is_said_at_once(environment: Any) -> None:
    environment(THRESHOLD_MODE="production")
    with pytest.raises(Unsafe) as refused:
        config.read()
    assert len(refused.value.reasons) >= 4


def test_production_is_what_happens_when_nothing_is_said(environment: Any) -> None:
    with pytest.raises(Unsafe):
        config.read()


def test_secrets_are_read_from_files(environment: Any, tmp_path: Path) -> None:
    kept = tmp_path / "key"
    kept.write_text(GOOD["THRESHOLD_SECRET_KEY"] + "\n")
    environment(**GOOD | {"THRESHOLD_SECRET_KEY": "", "THRESHOLD_SECRET_KEY_FILE": str(kept)})
    assert config.read().secret_key == GOOD["THRESHOLD_SECRET_KEY"]


def test_a_demonstration_makes_its_keys_once_and_keeps_them_to_itself(
    environment: Any, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/office/threshold.db"
    environment(THRESHOLD_MODE="demonstration", THRESHOLD_DATABASE_URL=url)
    first, second = config.read(), config.read()
    assert (first.secret_key, first.office_keys) == (second.secret_key, second.office_keys)
    for name in ("secret-key", "office-key"):
        assert stat.S_IMODE((tmp_path / "office" / name).stat().st_mode) == 0o600


def test_a_database_file_is_ours_alone_to_read(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path}/office/threshold.db")
    migrations.upgrade(db.engine)
    files = sorted((tmp_path / "office").iterdir())
    assert [stat.S_IMODE(each.stat().st_mode) for each in files] == [0o600] * len(files)
    db.close()
