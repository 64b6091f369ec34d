"""Finding case files below a folder, and working on them in several processes."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import pytest

from backend import casefiles
from backend.casefiles import Stopped, find_cases, over_cases


def size_of(path: Path, least: int = 0) -> int:
    size = path.stat().st_size
    if size < least:
        raise ValueError("too small")
    return size


def process_of(number: int) -> int:
    return os.getpid()


def die(number: int) -> int:
    if number == 3:
        os._exit(1)
    return number


def test_finds_case_files_by_their_format_line_and_nothing_else(tmp_path: Path) -> None:
    cases = {
        "b/two.yml": "# words first\nformat: threshold-case/1\n",
        "a.json": '{"id":"a","format":"threshold-case/1"}',
        "b/late.json": '{"title":"' + "x" * 9000 + '", "format" : "threshold-case/1"}',
        "b/deep/one.yaml": 'format: "threshold-case/2"\n',
    }
    others = {
        "truth.jsonl": '{"format":"threshold-case/1"}\n',
        "people.yaml": "households: {}\n",
        "rules.yaml": "format: threshold-rules/1\n",
        "notes.txt": "format: threshold-case/1\n",
        "empty.json": "",
    }
    for name, text in {**cases, **others}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert find_cases(tmp_path) == sorted(tmp_path / name for name in cases)


def test_what_is_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotADirectoryError, match="is not a folder"):
        find_cases(tmp_path / "nowhere")


@pytest.mark.parametrize("processes", [1, 2])
def test_results_come_in_order_and_one_failure_loses_no_other(
    tmp_path: Path, processes: int
) -> None:
    paths = [tmp_path / f"{number:02}" for number in range(20)]
    for number, path in enumerate(paths):
        path.write_text("x" * number)
    paths[7].unlink()
    told: list[tuple[int, int]] = []
    work = partial(size_of, least=3)
    done = list(
        over_cases(paths, work, processes=processes, progress=lambda *each: told.append(each))
    )
    assert [each.case for each in done] == paths
    assert [each.result for each in done] == [None] * 3 + [3, 4, 5, 6, None, *range(8, 20)]
    assert done[0].error == f"{paths[0]}: ValueError: too small"
    assert done[7].error and str(paths[7]) in done[7].error
    assert told == [(count, 20) for count in range(1, 21)]


def test_a_process_that_ends_is_said_and_not_waited_for() -> None:
    with pytest.raises(Stopped, match="too little memory"):
        list(over_cases(range(8), die, processes=2))


def test_few_cases_take_no_second_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(casefiles, "cores", lambda: 64)
    assert {each.result for each in over_cases(range(50), process_of)} == {os.getpid()}
