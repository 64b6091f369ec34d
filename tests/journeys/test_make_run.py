"""`make run` where there is no display: what the terminal says, and that it ends cleanly."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from backend.demo_run import CannotRun, Demonstration, free_port, only_one

ROOT = Path(__file__).parents[2]
READY = "Press Ctrl-C to stop"
LIMIT_S = 240.0


def processes_of(folder: Path) -> list[str]:
    """Command lines of running processes that were told of this folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            told = (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if str(folder).encode() in told and entry.name != str(os.getpid()):
            found.append(told[-200:].decode(errors="replace"))
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="counts processes in /proc")
def test_it_tells_everything_and_stops_every_process(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / "old").write_text("of the last run")
    ours = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    run = subprocess.Popen(
        [sys.executable, "-m", "backend.demo_run", str(folder)],
        cwd=ROOT,
        env=ours,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    overdue = threading.Timer(LIMIT_S, run.kill)
    overdue.start()
    try:
        assert run.stdout is not None
        said = []
        for line in run.stdout:
            said.append(line)
            if READY in line:
                break
        told = "".join(said)
        assert READY in told, told
        run.send_signal(signal.SIGINT)
        rest = run.stdout.read()
        assert run.wait() == 0, told + rest
    finally:
        overdue.cancel()
        run.kill()
        run.communicate()
    assert "afresh" in told
    assert "http://127.0.0.1:" in told
    assert told.count("Log in as") == 2
    assert "The app's PIN" in told
    assert "no display" in told
    assert "could not finish" not in told, told
    assert not (folder / "old").exists()
    pictures = list((folder / "pictures").glob("*.png"))
    assert len(pictures) >= 4
    assert all(picture.name in told for picture in pictures)
    assert processes_of(folder) == []


def test_a_busy_port_is_passed_over() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port(port, 20) > port
        with pytest.raises(CannotRun, match="taken by other programs"):
            free_port(port, 1)


def test_a_second_run_beside_the_first_is_refused(tmp_path: Path) -> None:
    refused = pytest.raises(CannotRun, match="already running")
    with only_one(tmp_path / "demo"), refused, only_one(tmp_path / "demo"):
        pass
    with (tmp_path / "demo.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_a_real_office_in_the_environment_does_not_leak_in(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("THRESHOLD_DATABASE_URL", "postgresql://real")
    demo = Demonstration(tmp_path, 8461)
    assert demo.environment["THRESHOLD_DATABASE_URL"].startswith("sqlite:///")
    assert demo.environment["THRESHOLD_MODE"] == "demonstration"
