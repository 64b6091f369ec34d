"""A real Dask cluster on loopback: a scheduler and workers, each a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
STARTS_WITHIN_S = 60
HERE = ["--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0"]


@dataclass
class Cluster:
    """A scheduler that answers at `address`; `folder` holds what its processes write."""

    folder: Path
    address: str = ""
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start_scheduler(self) -> None:
        """Start it on a free port, and wait until it has one."""
        told = self.folder / "scheduler.json"
        scheduler = self._start("scheduler", "--port", "0", "--scheduler-file", str(told))
        deadline = time.monotonic() + STARTS_WITHIN_S
        while not (told.exists() and told.read_text()):
            assert scheduler.poll() is None, self.logs()
            assert time.monotonic() < deadline, self.logs()
            time.sleep(0.05)
        self.address = json.loads(told.read_text())["address"]

    def add_worker(self) -> subprocess.Popen[bytes]:
        """Start a worker of one thread; it joins by itself."""
        more = ["--nthreads", "1", "--no-nanny", "--memory-limit", "0"]
        worker = self._start(
            "worker", self.address, *more, "--local-directory", str(self.folder / "scratch")
        )
        self.workers.append(worker)
        return worker

    def logs(self) -> str:
        """What its processes wrote."""
        return "\n".join(log.read_text() for log in sorted(self.folder.glob("*.log")))

    def _start(self, kind: str, *words: str) -> subprocess.Popen[bytes]:
        log = self.folder / f"{kind}-{len(self.processes)}.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", kind, *words, *HERE],
                cwd=ROOT,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        self.processes.append(process)
        return process


@contextmanager
def running(folder: Path, workers: int = 0) -> Iterator[Cluster]:
    """A cluster with this many workers on their way, gone afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    cluster = Cluster(folder)
    try:
        cluster.start_scheduler()
        for _ in range(workers):
            cluster.add_worker()
        yield cluster
    finally:
        for process in reversed(cluster.processes):
            process.kill()
            process.wait(20)
