"""The next step of a sync, from what is here and what the office has said: pure, no network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mobile.outbox import Verdict

MOST_ITEMS = 50
# The office takes 2 MB a request; sealed bytes grow by a third on the way, and keys are added.
MOST_BYTES = 1_300_000
FIRST_WAIT, LONGEST_WAIT = 5.0, 900.0
FIRST_LOOK, LONGEST_LOOK = 2.0, 15.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event that waits to be sent. `parcel`: the visit that it belongs to, or itself.

    `setbacks`: how often the office stumbled over a request that held it.
    """

    id: str
    parcel: str
    urgent: bool
    size: int
    setbacks: int = 0


@dataclass(frozen=True, slots=True)
class Here:
    """What this phone has."""

    waiting: tuple[Waiting, ...]
    cursor: int
    epoch: str
    packs_held: Mapping[str, str]
    packs_offered: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class There:
    """What the office has said in this round."""

    epoch: str | None = None
    tried: frozenset[str] = frozenset()
    parcels_at_once: int | None = None
    pulled: bool = False
    packs_fetched: bool = False
    unproven: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask whether the office is there at all."""


@dataclass(frozen=True, slots=True)
class StartOver:
    """The office lost its latest days: offer again what it had, and pull from the beginning."""

    epoch: str


@dataclass(frozen=True, slots=True)
class Send:
    """Send these events in one request, in this order."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pull:
    """Fetch the page after the cursor."""

    cursor: int


@dataclass(frozen=True, slots=True)
class FetchPacks:
    """Fetch the checklist, rules and holidays that the office offers."""


@dataclass(frozen=True, slots=True)
class Done:
    """Nothing is left to do in this round."""


Step = Ask | StartOver | Send | Pull | FetchPacks | Done


def next_step(here: Here, there: There) -> Step:
    """What to do next. Sending comes before pulling: the office must know before she asks."""
    if there.epoch is None:
        return Ask()
    if there.epoch != here.epoch:
        return StartOver(there.epoch)
    batch = next_batch(here.waiting, there.tried, there.parcels_at_once)
    if batch:
        return Send(batch)
    if not there.pulled:
        return Pull(here.cursor)
    if here.packs_offered != here.packs_held and not there.packs_fetched:
        return FetchPacks()
    return Done()


def next_batch(
    waiting: Sequence[Waiting], tried: frozenset[str], parcels_at_once: int | None = None
) -> tuple[str, ...]:
    """The ids to send in the next request: urgent parcels first, each parcel whole and in order.
    What the office stumbled over comes after what it did not.

    A parcel too large for any request is cut, in order: that is the only way to send it.
    """
    ids: list[str] = []
    size = 0
    for parcels, parcel in enumerate(_ordered(waiting, tried)):
        fits = len(ids) + len(parcel) <= MOST_ITEMS and size + _size(parcel) <= MOST_BYTES
        if not fits or parcels == parcels_at_once:
            return tuple(ids) if ids else _cut(parcel)
        ids += [each.id for each in parcel]
        size += _size(parcel)
    return tuple(ids)


def verdict(receipt: Mapping[str, Any], sent: Mapping[str, str]) -> Verdict | None:
    """What a receipt means for the item it names; None when it proves nothing.

    `sent`: id to the hash of what was sent. Stored or already held counts only with our hash.
    """
    id_ = receipt.get("id")
    if not isinstance(id_, str) or id_ not in sent:
        return None
    match receipt.get("state"):
        case "stored" | "already" if receipt.get("sha256") == sent[id_]:
            at = _received_at(receipt)
            return Verdict(id_, "safe", sent[id_], at) if at else None
        case "conflict":
            return Verdict(id_, "conflict", sent[id_], _received_at(receipt), CONFLICT)
        case "kept":
            return Verdict(id_, "kept", sent[id_], _received_at(receipt), KEPT + _why(receipt))
    return None


def wait_after(failures: int, chance: float, asked: float = 0.0) -> float:
    """Seconds before trying an office that failed again: growing, spread by chance (0 to 1)."""
    longest = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(failures - 1, 20))
    return max(asked, longest * (0.5 + chance / 2))


def look_again_after(failures: int, chance: float) -> float:
    """Seconds before looking for the network again: often, a look costs the office nothing."""
    longest = min(LONGEST_LOOK, FIRST_LOOK * 2.0 ** min(failures - 1, 20))
    return longest * (0.5 + chance / 2)


CONFLICT = (
    "The office already holds another record under this number. Nothing was overwritten: "
    "both are kept, and a supervisor will compare them."
)
KEPT = "The office has it and keeps it, but could not read it. A supervisor will look at it."


def _ordered(waiting: Sequence[Waiting], tried: frozenset[str]) -> list[list[Waiting]]:
    parcels: dict[str, list[Waiting]] = {}
    for each in waiting:
        parcels.setdefault(each.parcel, []).append(each)
    whole = [
        sorted(parcel, key=lambda each: each.id != each.parcel)  # the visit first, else as logged
        for parcel in parcels.values()
    ]
    left = [[each for each in parcel if each.id not in tried] for parcel in whole]
    return sorted(
        (parcel for parcel in left if parcel),
        key=lambda p: (max(e.setbacks for e in p), not any(e.urgent for e in p)),
    )


def _cut(parcel: Sequence[Waiting]) -> tuple[str, ...]:
    ids: list[str] = []
    size = 0
    for each in parcel[:MOST_ITEMS]:
        if ids and size + each.size > MOST_BYTES:
            break
        ids.append(each.id)
        size += each.size
    return tuple(ids)


def _size(parcel: Sequence[Waiting]) -> int:
    return sum(each.size for each in parcel)


def _received_at(receipt: Mapping[str, Any]) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(receipt.get("received_at")))
    except ValueError:
        return None
    return at if at.tzinfo else None


def _why(receipt: Mapping[str, Any]) -> str:
    problem = receipt.get("problem")
    message = problem.get("message") if isinstance(problem, Mapping) else None
    return f" ({message})" if message else ""
