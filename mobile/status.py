"""How things stand between this phone and the office, in the words that a practitioner reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta

from mobile.caseload import Caseload
from mobile.outbox import Item, Outbox
from mobile.sync import Round, Sync
from mobile.transport import Offline
from mobile.wording import clock_words, count_words, moment_words, span_words
from shared.clocks import day_of

SAVED, SENDING, SAFE, ATTENTION = "saved", "sending", "safe", "attention"
WORDS = {SAVED: "Saved on this device", SENDING: "Sending", ATTENTION: "Needs attention"}
KINDS = {"visit": ("visit", "visits"), "action_done": ("call", "calls")}
# When a phone has not spoken with the office for so long, it says so. A proposal.
SILENT_DAYS = timedelta(days=3)
CLOCK_MAY_DIFFER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One record of hers, and whether the office has it. `reason`: why it needs attention."""

    id: str
    household: str
    family: str
    kind: str
    kind_words: str
    state: str
    words: str
    reason: str
    at: datetime
    urgent: bool


class Status:
    """Reads for screens, and "send now"."""

    def __init__(
        self, sync: Sync, outbox: Outbox, caseload: Caseload, now: Callable[[], datetime]
    ) -> None:
        self._sync = sync
        self._outbox = outbox
        self._caseload = caseload
        self._now = now

    def rows(self) -> list[OutboxRow]:
        """Every record on this phone: what needs attention first, then the latest."""
        now = self._now()
        rows = [self._row(item, now) for item in self._outbox.items()]
        rows.sort(key=lambda row: row.at, reverse=True)
        return sorted(rows, key=lambda row: (row.state != ATTENTION, row.state == SAFE))

    def state_of(self, event_id: str) -> OutboxRow | None:
        """One record; None when it is not in the outbox."""
        return next((row for row in self.rows() if row.id == event_id), None)

    def unsent(self) -> int:
        """How many records the office does not hold yet, or could not read."""
        return self._outbox.count("waiting", "kept", "conflict", "refused")

    def attention(self) -> int:
        """How many records need her attention."""
        return self._outbox.count("kept", "conflict", "refused")

    def send_again(self, event_id: str) -> Future[None]:
        """Let what the office refused be sent once more."""
        return self._outbox.send_again(event_id)

    def last_contact_words(self, now: datetime) -> str:
        """When the office was last reached."""
        at = self._sync.contact()
        if at is None:
            return "The office has not been reached yet"
        if now - at < timedelta(minutes=1):
            return "In touch with the office just now"
        return f"Last in touch with the office {moment_words(at, now)}"

    def banner(self, now: datetime) -> str:
        """One calm line when something stands between her and the office; "" when nothing does."""
        problem = self._sync.last.problem
        if problem is None:
            return ""
        if not isinstance(problem, Offline):
            return str(problem)
        at = self._sync.contact()
        if at is not None and now - at > SILENT_DAYS:
            return (
                f"No contact with the office for {span_words(now - at)}. "
                "You can keep working. Call your office if it goes on."
            )
        return "No signal. You can keep working."

    def clock_warning(self) -> str:
        """What to say when this phone's clock is wrong enough to matter; "" when it is not."""
        ahead = self._sync.clock_ahead()
        if abs(ahead) < CLOCK_MAY_DIFFER:
            return ""
        which = "ahead of" if ahead > timedelta(0) else "behind"
        return (
            f"This phone's clock is {span_words(abs(ahead))} {which} the office's. "
            "Set it right: the times you record depend on it."
        )

    def send_now(self) -> str:
        """Try at once, whatever the back-off says; how it went, in a sentence. Blocks."""
        waiting = {item.id for item in self._outbox.items() if item.state == "waiting"}
        outcome = self._sync.round()
        items = [item for item in self._outbox.items() if item.id in waiting]
        safe = Counter(item.document["type"] for item in items if item.state == "safe")
        left = sum(item.state == "waiting" for item in items)
        return _sentence(outcome, safe, left, self.attention(), self._now())

    def _row(self, item: Item, now: datetime) -> OutboxRow:
        state = _state(item, self._sync.sending)
        at = datetime.fromisoformat(item.document["at"])
        kind = item.document["type"]
        one = KINDS.get(kind, ("record", "records"))[0]
        summary = self._caseload.household(item.household) or {}
        words = WORDS.get(state, "")
        if state == SAFE and item.received_at:
            same_day = day_of(item.received_at) == day_of(now)
            when = (
                clock_words(item.received_at) if same_day else moment_words(item.received_at, now)
            )
            words = f"Safe with the office, {when}"
        return OutboxRow(
            id=item.id,
            household=item.household,
            family=summary.get("name") or "A family no longer on this phone",
            kind=kind,
            kind_words=f"{one.capitalize()}, {moment_words(at, now)}",
            state=state,
            words=words,
            reason=item.reason,
            at=at,
            urgent=item.urgent,
        )


def _state(item: Item, sending: frozenset[str]) -> str:
    if item.state == "safe":
        return SAFE
    if item.state != "waiting":
        return ATTENTION
    return SENDING if item.id in sending else SAVED


def _sentence(outcome: Round, safe: Counter[str], left: int, attention: int, now: datetime) -> str:
    parts = []
    if safe:
        named = [
            count_words(number, *KINDS.get(kind, ("record", "records")))
            for kind, number in sorted(safe.items(), reverse=True)
        ]
        is_are = "is" if sum(safe.values()) == 1 else "are"
        parts.append(f"{' and '.join(named)} {is_are} safe with the office.")
    if outcome.problem is not None:
        parts.append(str(outcome.problem))
        if left:
            parts.append(f"{count_words(left, 'record is', 'records are')} saved on this device.")
    elif not safe and not attention:
        parts.append(f"Everything is safe with the office. Checked {clock_words(now)}.")
    if attention:
        parts.append(f"{count_words(attention, 'record needs', 'records need')} your attention.")
    return " ".join(parts)
