"""Serves the office with gunicorn; on SQLite the worker that moves clocks runs inside it."""

from __future__ import annotations

import threading
from typing import Any, cast

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from backend import worker
from backend.access import Office
from backend.app import create_app
from backend.config import Settings


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with our settings and nothing read from its own files."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.stop = threading.Event()
        super().__init__()

    def load_config(self) -> None:
        """Hand gunicorn its options."""
        # SQLite has one writer: a second process would only stand in its way.
        processes = 1 if self.settings.is_sqlite else self.settings.workers or 2
        options = {
            "bind": f"{self.settings.host}:{self.settings.port}",
            "workers": processes,
            "threads": self.settings.threads,
            "worker_class": "gthread",
            "timeout": 60,
            "graceful_timeout": 10,
            "keepalive": 5,
            "loglevel": "warning",
            "proc_name": "threshold",
            "control_socket_disable": True,
            "post_worker_init": self.move_clocks,
            "worker_exit": lambda _server, _worker: self.stop.set(),
        }
        for name, value in options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        """Return the application, made in each worker process."""
        return create_app(self.settings)

    def move_clocks(self, process: Any) -> None:
        """Start the embedded worker, once: there is one process where it is embedded."""
        if not (self.settings.embedded_worker and self.settings.is_sqlite):
            return
        office = cast(Office, process.wsgi.extensions["threshold"])
        threading.Thread(
            target=worker.run,
            args=(office.db, office.book, self.settings.tick, self.stop),
            name="clocks",
            daemon=True,
        ).start()
