"""How long the app takes from being started to its first frame, and to where the PIN is typed."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
ALLOWED_S = 20.0
# A real window of the usual size, every frame drawn; without a display Mesa draws offscreen.
STARTING = """
import sys
from pathlib import Path
from mobile.driver import Driver
driver = Driver.start(Path(sys.argv[1]), draw=True)
print("frame", flush=True)
driver.wait(lambda: driver.app.screen_name == "unlock", "the unlock screen")
driver.frames(2)
print("unlock", flush=True)
"""


def start_once(home: Path) -> dict[str, float]:
    """Seconds from the start of the process to each line it prints."""
    begun = time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    taken = {}
    with subprocess.Popen(
        [sys.executable, "-c", STARTING, str(home)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as app:
        assert app.stdout is not None
        for line in app.stdout:
            taken[line.strip()] = time.perf_counter() - begun
    assert app.returncode == 0
    return taken


def test_app_start(figures, tmp_path: Path) -> None:
    start_once(tmp_path)
    runs = [start_once(tmp_path) for _ in range(7 if figures.full else 1)]
    frame = statistics.median(run["frame"] for run in runs)
    unlock = statistics.median(run["unlock"] for run in runs)
    figures.say("app: start to first frame", f"{frame:.2f} s")
    figures.say("app: start to where the PIN is typed", f"{unlock:.2f} s")
    assert unlock < ALLOWED_S
