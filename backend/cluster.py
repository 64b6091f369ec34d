"""Many case files on a Dask cluster: the bytes go to its workers, the results come back in order.

The workers need no disk in common with this machine, only the same version of this program.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache, partial
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from backend.casefiles import Progress, Stopped, Worked, worked
from backend.replaying import CannotReplay, file_bytes

if TYPE_CHECKING:
    from distributed import Client, Future

Result = TypeVar("Result")
_MOST_CASES, _MOST_BYTES = 25, 4_000_000
_ANSWERS_WITHIN_S, _GOODBYE_WITHIN_S = 15, 2
_REPLAYS = ("replaying", "casefiles", "cluster", "backtesting")
_MISSING = (
    "--scheduler needs Dask, which is not installed here: pip install 'threshold[cluster]', "
    "or leave --scheduler out to use this machine."
)
_NO_ANSWER = "No Dask scheduler answers at {}: {}"
_LOST = "The cluster's scheduler was lost before the work was done."
_NOBODY = "The cluster at {} has no workers: start some with `dask worker {}`."


@dataclass(frozen=True, slots=True)
class Sent:
    """A case file that was read elsewhere: its bytes, and where they came from."""

    path: str
    raw: bytes

    def __str__(self) -> str:
        return self.path


def over_cluster(
    paths: Sequence[Path],
    work: Callable[[Sent], Result],
    *,
    address: str,
    progress: Progress | None = None,
) -> Generator[Worked[Path, Result], None, None]:
    """Yield what `work` makes of each case file, in order, as `casefiles.over_cases` does.

    `address` is that of a Dask scheduler. What a lost worker had in hand another does again.
    Raises Stopped when the cluster does not answer, has no workers, or cannot do the work.
    """
    with _client(address) as client:
        for count, done in enumerate(_in_order(client, paths, work), 1):
            if progress:
                progress(count, len(paths))
            yield Worked(paths[count - 1], done.result, done.error)


@contextmanager
def _client(address: str) -> Iterator[Client]:
    """A connection whose every failure is put in words."""
    try:
        from distributed import Client
    except ImportError:
        raise Stopped(_MISSING) from None
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters is raised as well
    _knock(address)
    try:
        client = Client(address, timeout=_ANSWERS_WITHIN_S, set_as_default=False)
    except (OSError, ValueError) as wrong:
        raise Stopped(_NO_ANSWER.format(address, wrong)) from None
    try:
        _wait_for_a_worker(client, address)
        yield client
    except OSError:
        raise Stopped(_LOST) from None
    finally:
        with suppress(OSError):  # a cluster that is gone need not be told goodbye
            client.close(timeout=_GOODBYE_WITHIN_S)


def _knock(address: str) -> None:
    """Raise Stopped at once where nothing listens; Dask would try again for a while."""
    from distributed.comm.addressing import get_address_host_port

    try:
        place = get_address_host_port(address)
        socket.create_connection(place, timeout=_ANSWERS_WITHIN_S).close()
    except (OSError, ValueError, TypeError) as wrong:
        raise Stopped(_NO_ANSWER.format(address, wrong)) from None


def _wait_for_a_worker(client: Client, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=_ANSWERS_WITHIN_S)
    except TimeoutError:
        raise Stopped(_NOBODY.format(address, address)) from None


def _in_order(
    client: Client, paths: Sequence[Path], work: Callable[[Sent], Result]
) -> Iterator[Worked[Sent, Result]]:
    """Send chunks, a few more than there are threads to work on them; give back in order."""
    from distributed import as_completed

    chunks = enumerate(_chunks(paths))
    part = partial(_work_on, work, fingerprint())
    numbers: dict[Future[Any], int] = {}
    early: dict[int, list[Worked[Sent, Result]]] = {}
    following = 0
    running = as_completed(loop=client.loop)
    while True:
        room = 2 * sum(client.nthreads().values()) + 1
        while len(numbers) < room and (step := next(chunks, None)) is not None:
            number, chunk = step
            future = client.submit(part, chunk, pure=False)
            numbers[future] = number
            running.add(future)
        if not numbers:
            return
        future = next(running)
        early[numbers.pop(future)] = _result(future)
        while following in early:
            yield from early.pop(following)
            following += 1


def _result(future: Future[Any]) -> list[Worked[Sent, Result]]:
    """What a chunk came to; a failure here is the cluster's, since `worked` keeps a case's own."""
    from distributed import CancelledError, KilledWorker

    try:
        done: list[Worked[Sent, Result]] = future.result()
        return done
    except Stopped:
        raise
    except KilledWorker:
        words = "Workers ended again and again over the same cases; they may lack memory."
        raise Stopped(words) from None
    except CancelledError:
        raise Stopped(_LOST) from None
    except Exception as wrong:
        words = f"A worker could not do its part: {type(wrong).__name__}: {wrong}"
        raise Stopped(words) from None


def _chunks(paths: Sequence[Path]) -> Iterator[list[Sent | Worked[Sent, None]]]:
    """The files' bytes, as many together as are worth one message; or why they cannot be read."""
    chunk: list[Sent | Worked[Sent, None]] = []
    size = 0
    for path in paths:
        try:
            sent = Sent(str(path), file_bytes(str(path)))
            chunk.append(sent)
            size += len(sent.raw)
        except CannotReplay as cannot:
            chunk.append(Worked(Sent(str(path), b""), None, str(cannot)))
        if len(chunk) >= _MOST_CASES or size >= _MOST_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _work_on(
    work: Callable[[Sent], Result], program: str, chunk: Sequence[Sent | Worked[Sent, None]]
) -> list[Worked[str, Result]]:
    """What a worker does: the same work on each case. It sends no file back."""
    if fingerprint() != program:
        raise Stopped("A worker runs another version of this program: install the same on all.")
    done = (each if isinstance(each, Worked) else worked(work, each) for each in chunk)
    return [Worked(str(each.case), each.result, each.error) for each in done]


@cache
def fingerprint() -> str:
    """Return a digest of the judge, its packs and what replays: alike where results are alike."""
    office = (files("backend").joinpath(f"{name}.py").read_text("utf-8") for name in _REPLAYS)
    sources = [*office, *_sources(files("shared"))]
    return sha256("\0".join(sorted(sources)).encode()).hexdigest()


def _sources(folder: Traversable) -> Iterator[str]:
    for each in folder.iterdir():
        if each.is_dir():
            yield from _sources(each)
        elif each.name.endswith((".py", ".yaml")):
            yield each.read_text("utf-8")
