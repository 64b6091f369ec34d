"""What to say to 999, made of what the phone knows of the family: nothing to look up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from mobile.widgets.cards import callout, heading
from mobile.widgets.lines import Line
from mobile.widgets.pair import pair
from mobile.wording import child_words

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
LAST = "When the child was last seen: {words}"
RISKS = "What is known: {plan}"
HOME = "Who lives there: {adults}"
ENTRY = (
    "Say if you fear for life or limb. "
    "A general worry alone may not be enough for police to go in."
)


class RowsFor999:
    """The prompt for one family on one day."""

    def __init__(self, page: Any, people: Any, today: date) -> None:
        self._page = page
        self._children = [child_words(child, today) for child in people.children
                          if child.born is not None and child.born <= today]  # fmt: skip
        self._adults = ", ".join(page.adults)

    def words(self) -> list[str]:
        """What to say, line by line."""
        page = self._page
        children = " and ".join(self._children) or "a child"
        said = [WHO.format(address=page.row.address or "…", children=children), SEEN]
        if page.row.last_words:
            said.append(LAST.format(words=page.row.last_words))
        if page.row.plan:
            said.append(RISKS.format(plan=page.row.plan))
        if self._adults:
            said.append(HOME.format(adults=self._adults))
        return [*said, ENTRY]

    def rows(self, call: Callable[[str, str], None]) -> list[dict[str, Any]]:
        """The prompt, and the button that calls."""
        lines = [Line(w, "body", "ink", "dot", "immediate", 16, gap=8) for w in self.words()]
        return [
            heading(HEADING),
            callout("immediate", "octagon", TITLE, *lines, gap=10),
            pair(CALL, act=lambda _: call(LABEL, NUMBER), icons=("phone", ""),
                 kinds=("danger", "quiet")) | {"card": False},
        ]  # fmt: skip
