"""The back-test on a real Dask cluster: a scheduler and two workers as processes on loopback."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from backend.casefiles import Stopped
from backend.cluster import over_cluster
from tests.backtest import cluster, written
from tests.backtest.cluster import ROOT, Cluster
from tests.backtest.conftest import run

MANY = 120


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster of two workers, which every test may use and none may spoil."""
    with cluster.running(tmp_path_factory.mktemp("dask"), workers=2) as started:
        started.wait_for(2)
        yield started


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits for a cluster that does not answer no longer than a test should."""
    monkeypatch.setattr("backend.cluster._ANSWERS_WITHIN_S", 3)


@pytest.fixture
def many(tmp_path: Path) -> list[Path]:
    """More files than go to a worker at once."""
    (tmp_path / "many").mkdir()
    paths = [tmp_path / "many" / f"{n:03}.yaml" for n in range(MANY)]
    for n, path in enumerate(paths):
        path.write_text(list(written.CASES.values())[n % len(written.CASES)])
    return paths


def test_the_report_is_the_same_as_on_this_machine(
    two: Cluster, many: list[Path], pack: Any
) -> None:
    many[7].write_text("format: threshold-case/1\nid: [")
    many[8].write_text(written.CASES["calm"].replace("type: visit", "type: vist"))
    words = [many[0].parent, "--against", pack(days=7), "--format", "json"]
    here = run(*words, "--processes", 2)
    there = run(*words, "--scheduler", two.address)
    assert there.exit_code == here.exit_code == 2
    assert there.stdout == here.stdout
    assert there.stderr == here.stderr
    assert '"families": 118' in there.stdout


def test_both_workers_do_their_part_and_the_order_is_that_of_the_files(
    two: Cluster, many: list[Path]
) -> None:
    told: list[tuple[int, int]] = []
    done = list(
        over_cluster(
            many,
            cluster.slowly,
            address=two.address,
            progress=lambda count, total: told.append((count, total)),
        )
    )
    assert [each.case for each in done] == many
    assert {each.result for each in done} == {worker.pid for worker in two.workers}
    assert told == [(n + 1, MANY) for n in range(MANY)]


def test_a_file_that_cannot_be_read_here_is_the_error_of_its_case(
    two: Cluster, many: list[Path]
) -> None:
    many[3].unlink()
    done = list(over_cluster(many[:6], cluster.process_of, address=two.address))
    assert [each.error is None for each in done] == [True, True, True, False, True, True]
    assert f"{many[3]}: this case file cannot be read" in (done[3].error or "")


def test_a_worker_killed_in_the_middle_loses_nothing(tmp_path: Path, many: list[Path]) -> None:
    with cluster.running(tmp_path / "dask", workers=2) as started:
        started.wait_for(2)
        lost = started.workers[0]

        def kill(count: int, total: int) -> None:
            if count == 1:
                lost.kill()

        done = list(over_cluster(many, cluster.slowly, address=started.address, progress=kill))
        assert lost.wait(10) != 0
    assert [each.case for each in done] == many
    assert all(each.error is None for each in done)
    assert started.workers[1].pid in {each.result for each in done}


@pytest.mark.usefixtures("impatient")
def test_a_scheduler_lost_in_the_middle_is_said_in_words(tmp_path: Path, many: list[Path]) -> None:
    with cluster.running(tmp_path / "dask", workers=1) as started:

        def kill(count: int, total: int) -> None:
            started.processes[0].kill()

        with pytest.raises(Stopped, match="scheduler was lost"):
            list(over_cluster(many, cluster.slowly, address=started.address, progress=kill))


def test_a_worker_with_another_judge_is_refused(
    tmp_path: Path, many: list[Path], pack: Any
) -> None:
    tree = tmp_path / "tree"
    for name in ("backend", "shared"):
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("web", "*.pyc"))
    clocks = tree / "shared" / "clocks.py"
    clocks.write_text(clocks.read_text().replace("time(17, 0)", "time(16, 0)"))
    with cluster.running(tmp_path / "dask") as started:
        started.add_worker(tree)
        done = run(many[0].parent, "--against", pack(days=7), "--scheduler", started.address)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "another version of this program" in done.stderr


def test_a_worker_with_half_a_program_is_said_in_words(
    tmp_path: Path, many: list[Path], pack: Any
) -> None:
    (tmp_path / "bare" / "backend").mkdir(parents=True)
    (tmp_path / "bare" / "backend" / "__init__.py").touch()
    with cluster.running(tmp_path / "dask") as started:
        started.add_worker(tmp_path / "bare")
        done = run(many[0].parent, "--against", pack(days=7), "--scheduler", started.address)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "A worker could not do its part" in done.stderr


@pytest.mark.usefixtures("impatient")
def test_a_cluster_without_workers_is_said_in_words(tmp_path: Path, many: list[Path]) -> None:
    with cluster.running(tmp_path / "dask") as started:
        done = run(many[0].parent, "--against", "england", "--scheduler", started.address)
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"no workers: start some with `dask worker {started.address}`" in done.stderr


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense", "tcp://127.0.0.1", "x://y"])
def test_where_no_scheduler_answers_is_said_at_once(many: list[Path], address: str) -> None:
    done = run(many[0].parent, "--against", "england", "--scheduler", address)
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"No Dask scheduler answers at {address}" in done.stderr
