"""The outbox: for each visit, in words and by an icon, whether it is safe with the office."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, ListProperty, StringProperty

from mobile.screens import Place
from mobile.widgets import load_kv
from mobile.widgets.cards import callout, card, heading, nothing, touch_card
from mobile.widgets.lines import Line

READING = "One moment…"
EMPTY = "Nothing recorded yet"
EMPTY_WORDS = "Every visit you record appears here, until and after it is safe with the office."
NEEDS = "Needs attention"
WAITING = "Not with the office yet"
SAFE = "Safe with the office"
DRAFTS = "Not finished"
ASKING = "Asking the office…"
# state: (icon, tone)
STATES = {
    "saved": ("device", "ink"),
    "sending": ("sending", "low"),
    "safe": ("safe", "fine"),
    "attention": ("attention", "immediate"),
}


class OutboxScreen(Place):
    """Attention first, then what is not sent, then what is safe."""

    rows = ListProperty([])
    contact = StringProperty("")
    sending = BooleanProperty(False)

    def enter(self, **what: object) -> None:
        """Read the outbox off the main thread."""
        if not self.rows:
            self.rows = [heading(READING)]
        self.refresh()

    def refresh(self) -> None:
        """Read it again."""
        app = self.app

        def read() -> Any:
            if app.phone is None:
                return None
            sync, now = app.phone.sync, app.now()
            contact, banner = sync.last_contact_words(now), sync.banner(now)
            return sync.rows(), app.phone.drafts.cards(now), contact, banner

        app.work(read, self._read)

    def _read(self, found: Any) -> None:
        if found is not None:
            self.show(*found)

    def show(self, rows: list[Any], drafts: list[Any], contact: str, banner: str) -> None:
        """Set what the screen says."""
        self.contact = contact
        made = [callout("low", "no-signal", banner, pad=(16, 12))] if banner else []
        made += self._group(NEEDS, [r for r in rows if r.state == "attention"])
        made += self._group(WAITING, [r for r in rows if r.state in ("saved", "sending")])
        if drafts:
            made.append(heading(DRAFTS))
            made += [
                touch_card(lambda d: self.app.go("section", draft=d), draft.id,
                           Line(draft.family, "strong", "ink", "resume", "primary"))
                for draft in drafts
            ]  # fmt: skip
        made += self._group(SAFE, [r for r in rows if r.state == "safe"])
        self.rows = made if rows or drafts else [*made, nothing("tray", EMPTY, EMPTY_WORDS)]

    def _group(self, title: str, rows: list[Any]) -> list[dict[str, Any]]:
        if not rows:
            return []
        return [heading(title, str(len(rows)))] + [outbox_card(row) for row in rows]

    def send_now(self) -> None:
        """Ask the office now, and say how it went."""
        if self.sending:
            return
        self.sending = True
        self.app.aside(self.app.phone.sync.send_now, self._sent)

    def _sent(self, outcome: str) -> None:
        self.sending = False
        self.app.tell(outcome, above=self.ids.bottom.height)
        self.refresh()


def outbox_card(row: Any) -> dict[str, Any]:
    """What one record's card says."""
    icon, tone = STATES[row.state]
    lines = [
        Line(row.family, "strong"),
        Line(row.kind_words, "small", "soft"),
        Line(row.words, "label", tone, icon, icon_size=20, gap=10),
    ]
    if row.reason:
        lines.append(Line(row.reason, "body", "ink", gap=6))
    return card(*lines, mark="immediate" if row.state == "attention" else "", gap=10)


load_kv(__file__)
