"""The thread that sends and pulls by itself while the app is open."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

from mobile.sync import Sync

# How often to look when nothing is known to wait: an escalation may have been answered meanwhile.
IDLE_SECONDS = 30.0
LONGEST_GOODBYE = 2.0


class Courier:
    """Runs rounds when there is reason to: at once when nudged, else when the next try is due."""

    def __init__(self, sync: Sync, now: Callable[[], datetime]) -> None:
        self._sync = sync
        self._now = now
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        # Called on the courier's thread after each round, and when sending begins.
        self.on_change: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Begin, with a round at once. Asking again does nothing."""
        if self._thread is None:
            self._sync.on_sending = lambda: self.on_change()
            self._thread = threading.Thread(target=self._run, name="courier", daemon=True)
            self._thread.start()

    def nudge(self) -> None:
        """Something was finished, the app came back, or the network may have: look now.

        An office that asked to be left alone is left alone all the same.
        """
        self._wake.set()

    def stop(self) -> None:
        """End, without waiting long for an office that does not answer.

        A round left behind finds the store closed, changes nothing, and tells nobody.
        """
        thread, self._thread = self._thread, None
        if thread is not None:
            self._stopping.set()
            self._wake.set()
            thread.join(LONGEST_GOODBYE)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            if not self._must_wait():
                self._sync.round()
                if self._stopping.is_set():
                    return
                self.on_change()
            self._wake.wait(self._seconds_to_wait())

    def _must_wait(self) -> bool:
        return self._sync.held_back and self._seconds_to_wait() > 0

    def _seconds_to_wait(self) -> float:
        at = self._sync.try_again_at
        if at is None:
            return IDLE_SECONDS
        # The clock may be set back meanwhile: never wait longer than was planned.
        left = (at - self._now()).total_seconds()
        return min(max(left, 0.0), self._sync.planned_wait)
