"""How long the app takes from being started to its first frame, and to where the PIN is typed."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
# At most this many times a bare Kivy window with one word in it. What was seen: see docs.
ALLOWED_TIMES = 6.0
BARE = """
from mobile.main import prepare
prepare()  # the same environment, before Kivy is imported
from kivy.base import EventLoop
from kivy.core.window import Window
from kivy.uix.label import Label
Window.add_widget(Label(text="Threshold"))
EventLoop.idle()
print("frame", flush=True)
"""
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


def start_once(home: Path, program: str = STARTING) -> dict[str, float]:
    """Seconds from the start of the process to each line it prints."""
    begun = time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    taken = {}
    with subprocess.Popen(
        [sys.executable, "-c", program, str(home)],
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
    runs, bare_runs = [], []
    for _ in range(7 if figures.full else 2):
        runs.append(start_once(tmp_path))
        bare_runs.append(start_once(tmp_path, BARE))
    frame = statistics.median(run["frame"] for run in runs)
    unlock = statistics.median(run["unlock"] for run in runs)
    bare = statistics.median(run["frame"] for run in bare_runs)
    figures.say("app: start to first frame", f"{frame:.2f} s")
    figures.say("app: start to where the PIN is typed", f"{unlock:.2f} s")
    figures.say("  a bare Kivy window", f"{bare:.2f} s: {unlock / bare:.1f} times")
    assert unlock / bare < ALLOWED_TIMES
