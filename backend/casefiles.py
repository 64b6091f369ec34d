"""Many case files at once: finding those below a folder, and working on them on all cores."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from multiprocessing import active_children, get_context
from pathlib import Path
from signal import SIG_IGN, SIGINT, signal
from typing import Generic, TypeVar

Case = TypeVar("Case")
Result = TypeVar("Result")
Progress = Callable[[int, int], None]

_ENDINGS = {".yaml", ".yml", ".json"}
# Of any version, so that a file of another one is refused in words and not passed over.
_FORMAT = re.compile(
    rb"""^["']?format["']?[ ]*:[ ]*["']?threshold-case/"""
    rb"""|["']format["']\s*:\s*["']threshold-case/""",
    re.MULTILINE,
)
_OPENING = 4096
# A process more takes about a second to start: it must have this many cases to itself.
_WORTH_A_PROCESS = 50
_LARGEST_CHUNK = 50


class Stopped(Exception):
    """The work as a whole could not go on; the message is for the person who started it."""


@dataclass(frozen=True, slots=True)
class Worked(Generic[Case, Result]):
    """What came of one case: its result, or `error`, in words, where there is none."""

    case: Case
    result: Result | None
    error: str | None = None


def find_cases(folder: Path) -> list[Path]:
    """Return the case files at or below a folder, sorted: those whose format line says so.

    Links to folders are not followed. OSError when the folder, or a file in it, cannot be read.
    """
    if not folder.is_dir():
        raise NotADirectoryError(f"{folder} is not a folder")
    found = []
    for at, _, names in os.walk(folder, onerror=_raise):
        paths = (Path(at, name) for name in names if Path(name).suffix.lower() in _ENDINGS)
        found += [path for path in paths if path.is_file() and _is_case(path)]
    return sorted(found)


def _raise(error: OSError) -> None:
    raise error


def _is_case(path: Path) -> bool:
    with path.open("rb") as file:
        opening = file.read(_OPENING)
        return bool(_FORMAT.search(opening) or _FORMAT.search(opening + file.read()))


def over_cases(
    cases: Sequence[Case],
    work: Callable[[Case], Result],
    *,
    processes: int | None = None,
    progress: Progress | None = None,
) -> Generator[Worked[Case, Result], None, None]:
    """Yield what `work` makes of each case, in order; `processes` left out means all cores.

    `work` is a function of a module, or a `functools.partial` of one, since it is sent to other
    processes. What it raises becomes the error of that case. `progress` is told how many are
    done, of how many. Raises Stopped when a process ends before its work does.
    """
    wanted = processes or min(cores(), -(-len(cases) // _WORTH_A_PROCESS))
    one = partial(worked, work)
    done = map(one, cases) if wanted <= 1 else _spread(cases, one, wanted)
    for count, each in enumerate(done, 1):
        if progress:
            progress(count, len(cases))
        yield each


def cores() -> int:
    """Return how many cores this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def _spread(
    cases: Sequence[Case], one: Callable[[Case], Worked[Case, Result]], processes: int
) -> Iterator[Worked[Case, Result]]:
    size = max(1, min(_LARGEST_CHUNK, len(cases) // (4 * processes)))
    pool = ProcessPoolExecutor(processes, get_context("spawn"))
    # Born deaf to Ctrl-C: it is this process that is asked to stop, and ends them.
    heard = signal(SIGINT, SIG_IGN)
    try:
        done = pool.map(one, cases, chunksize=size)
        signal(SIGINT, heard)
        yield from done
    except BrokenProcessPool:
        words = "A process ended before its work did; there may have been too little memory."
        raise Stopped(words) from None
    except BaseException:
        for child in active_children():
            child.kill()  # what it has in hand is not wanted any more
        raise
    finally:
        signal(SIGINT, heard)
        pool.shutdown(cancel_futures=True)


def worked(work: Callable[[Case], Result], case: Case) -> Worked[Case, Result]:
    """Return what `work` makes of one case; what it raises is the error of that case."""
    try:
        return Worked(case, work(case))
    except Exception as wrong:
        return Worked(case, None, _words(wrong, str(case)))


def _words(wrong: Exception, name: str) -> str:
    said = str(wrong)
    if said.startswith(name):
        return said
    # What nobody of ours wrote words for is named by its kind, so that it can be looked into.
    ours = type(wrong).__module__.split(".")[0] in ("backend", "shared")
    return f"{name}: {said}" if ours else f"{name}: {type(wrong).__name__}: {said}"
