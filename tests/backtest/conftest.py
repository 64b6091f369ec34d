"""Runs `threshold backtest` in this process, which is quicker, and reads what it reports."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from backend.backtest import backtest_command
from tests.backtest import written


def run(*words: object, columns: str = "80") -> Result:
    """The command with these words."""
    runner = CliRunner(env={"COLUMNS": columns})
    return runner.invoke(backtest_command, [str(word) for word in words])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with every written case."""
    return written.put(tmp_path / "cases")


@pytest.fixture
def pack(tmp_path: Path) -> Callable[..., Path]:
    """Writes a changed pack to a file."""

    def write(name: str = "draft", **changes: Any) -> Path:
        path = tmp_path / f"{name}.yaml"
        path.write_text(written.pack(**changes), encoding="utf-8")
        return path

    return write


@pytest.fixture
def reported() -> Callable[..., dict[str, Any]]:
    """The report as JSON of a back-test in which every file could be read."""

    def report(*words: object) -> dict[str, Any]:
        done = run(*words, "--format", "json")
        assert (done.exit_code, done.stderr) == (0, ""), done.output
        doc: dict[str, Any] = json.loads(done.stdout)
        return doc

    return report
