"""What is built for the browser: our own look, and nothing that passes for somebody else's."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "backend" / "web"
BUILT = WEB / "static" / "built"
SOURCES = WEB / "assets"
# The typeface, emblems and marks that only services of the UK government's own domain may use.
NOT_OURS = re.compile(r"GDS Transport|govuk-crest|crown|tudor|govuk-logo|@font-face|\.woff", re.I)


def built_files() -> list[Path]:
    """Every built file, or a skip that says how to build them."""
    files = [path for path in BUILT.rglob("*") if path.is_file()]
    if not files:
        pytest.fail("The web assets are not built: run `npm ci && npm run build` in their folder")
    return files


def test_built_files_carry_nothing_of_the_government_brand() -> None:
    for path in built_files():
        assert not NOT_OURS.search(path.read_text("utf-8")), path
        assert not NOT_OURS.search(path.name), path


def test_built_files_reach_for_nothing_elsewhere() -> None:
    for path in built_files():
        if path.suffix == ".css":
            assert not re.search(r"url\(\W*https?:|@import", path.read_text("utf-8")), path
        if path.suffix == ".mjs":
            assert not re.search(r"(?:import|fetch)\W+[\"']https?:", path.read_text("utf-8")), path


def test_only_what_the_pages_use_is_shipped() -> None:
    assert {path.suffix for path in built_files()} == {".css", ".mjs", ".svg", ".txt"}
    assert sum(path.stat().st_size for path in built_files()) < 260_000
    assert "MIT License" in (BUILT / "LICENCES.txt").read_text("utf-8")


def test_the_lock_pins_by_hash_and_names_no_addresses() -> None:
    lock = json.loads((SOURCES / "package-lock.json").read_text("utf-8"))
    packages = {name: each for name, each in lock["packages"].items() if name}
    assert packages["node_modules/govuk-frontend"]["version"] == "6.3.0"
    for name, each in packages.items():
        assert each["integrity"].startswith("sha512-"), name
        assert "resolved" not in each, name
    assert "registry" not in (SOURCES / ".npmrc").read_text("utf-8").replace(
        "omit-lockfile-registry-resolved", ""
    )
