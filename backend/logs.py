"""Logs as JSON lines with ids and no families' words: of an error its kind and place only."""

from __future__ import annotations

import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog


def set_up() -> None:
    """Write log lines to standard error."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            without_words,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def without_words(
    _logger: object, _method: str, line: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Put an error's kind and where it happened in place of its message, which may quote a file."""
    if line.pop("exc_info", None):
        kind, error, trace = sys.exc_info()
        frames = traceback.extract_tb(trace)
        line["error"] = kind.__name__ if kind else ""
        line["at"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        del error
    return line
