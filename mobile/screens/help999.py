"""What to say to 999, made of what the phone knows of the family: nothing to look up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from mobile.widgets.cards import callout, heading
from mobile.widgets.lines import Line
from mobile.widgets.pair import pair
from mobile.wording import child_words, moment_words
from shared.clocks import day_of
from shared.facts import Child, Event, Visit

HEADING = "Any sign of danger now"
CALL = "Call 999"
TITLE = "Call 999 and say"
NUMBER = "999"
LABEL = "Emergency"
WHO = "I am at {address}. I am worried for {children}."
SEEN = (
    "What you saw or heard, in plain words: crying, a shout, someone hurt, "
    "an adult who cannot look after the child."
)
LAST = "{child} was last seen awake by us {when}."
NEVER = "{child} has not been seen awake by us on any visit on this phone."
RISKS = "What is known: {plan}"
HOME = "Who lives there: {adults}"
ENTRY = (
    "Say if you fear for life or limb. A general worry alone may not be enough for police to go in."
)


AWAKE = ("handled", "awake")


class RowsFor999:
    """The prompt for one family on one day."""

    def __init__(self, page: Any, history: Any, now: datetime) -> None:
        self._page = page
        today = day_of(now)
        born = [c for c in history.household.children if c.born is not None and c.born <= today]
        self._children = [child_words(child, today) for child in born]
        self._seen = [_last_seen(child, history.events, now) for child in born]
        self._adults = ", ".join(page.adults)

    def words(self) -> list[str]:
        """What to say, line by line."""
        page = self._page
        children = " and ".join(self._children) or "a child"
        said = [WHO.format(address=page.row.address or "…", children=children), SEEN]
        said += self._seen
        if page.row.plan:
            said.append(RISKS.format(plan=page.row.plan))
        if self._adults:
            said.append(HOME.format(adults=self._adults))
        return [*said, ENTRY]

    def rows(self, call: Callable[[str, str], None]) -> list[dict[str, Any]]:
        """The prompt, and the button that calls."""
        lines = [Line(w, "body", "ink", "bullet", "immediate", 18, gap=8) for w in self.words()]
        return [
            heading(HEADING),
            callout("immediate", "octagon", TITLE, *lines, gap=10),
            pair(CALL, act=lambda _: call(LABEL, NUMBER), icons=("phone", ""),
                 kinds=("danger", "quiet")) | {"card": False},
        ]  # fmt: skip


def _last_seen(child: Child, events: Sequence[Event], now: datetime) -> str:
    """When a visit last saw the child awake, which is all that counts as seen."""
    seen = [
        event.at
        for event in events
        if isinstance(event, Visit)
        for answer in event.answers
        if (answer.item, answer.about) == ("ACC-03", child.id) and answer.value in AWAKE
    ]
    name = child.name or "The child"
    if not seen:
        return NEVER.format(child=name)
    return LAST.format(child=name, when=moment_words(max(seen), now))
