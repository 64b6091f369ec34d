"""Families: the most urgent first, what is unfinished, and how things stand with the office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kivy.properties import BooleanProperty, ListProperty, NumericProperty, StringProperty

from mobile.screens import Place
from mobile.theme import LEVELS
from mobile.widgets import load_kv
from mobile.widgets.cards import callout, heading, level_line, nothing, touch_card
from mobile.widgets.lines import Line
from mobile.wording import clock_words, count_words, moment_words
from shared.checklist import rank

LOADING = "Opening your families…"
RESUME = "Visit not finished"
RESUME_WHERE = "{section}: {answered} of {asked} answered"
SAVED = "Saved {time}"
URGENT_FIRST = "Most urgent first"
NONE_YET = "No families on this phone yet"
NONE_YET_WORDS = "They come as soon as this phone has reached the office. Tap Send now to ask."
GETTING = "Getting your families…"
GETTING_WORDS = "The first time can take a minute. They come by themselves; Send now asks again."
UNSENT_HERE = ("record here not sent yet", "records here not sent yet")
ALL_SAFE = "Nothing waiting to be sent"
NOT_SENT = ("not sent yet", "not sent yet")
ASKING = "Asking the office…"
NOT_SAVED = "Not saved"
TAKEN_UP = "Acknowledged by {who}, {when}"
DECIDED = "Decided by {who}, {when}{reason}"
ESCALATIONS = ("open escalation", "open escalations")


class FamiliesScreen(Place):
    """The first screen after the PIN."""

    rows = ListProperty([])
    who = StringProperty("")
    status = StringProperty("")
    contact = StringProperty("")
    banner = StringProperty("")
    unsent = NumericProperty(0)
    sending = BooleanProperty(False)

    def enter(self, **what: object) -> None:
        """Read the families off the main thread."""
        if not self.rows:
            self.rows = [heading(LOADING)]
        if what.get("top"):
            self.ids.list.to_top()
        self.refresh()

    def refresh(self) -> None:
        """Read them again."""
        app = self.app
        app.work(lambda: _read(app.phone, app.now()) if app.phone else None, self._shown)

    def _shown(self, found: dict[str, Any] | None) -> None:
        if found is not None:
            self.show(**found)

    def show(
        self,
        families: list[Any],
        office: dict[str, Office],
        sections: dict[str, str],
        trouble: str,
        drafts: list[Any],
        who: str,
        unsent: int,
        attention: int,
        contact: str,
        banner: str,
        loaded: bool = True,
    ) -> None:
        """Set what the screen says."""
        self.who, self.contact, self.banner = who, contact, banner
        self.unsent = unsent + attention
        self.status = f"{self.unsent} {NOT_SENT[0]}" if self.unsent else ALL_SAFE
        self.rows = (
            self._banners(banner, trouble)
            + self._unfinished(drafts, sections)
            + (self._families(families, office) if families else [_no_families(loaded)])
        )

    def _banners(self, banner: str, trouble: str) -> list[dict[str, Any]]:
        made = [callout("immediate", "attention", NOT_SAVED, Line(trouble))] if trouble else []
        if banner:
            made.append(callout("low", "no-signal", banner, pad=(16, 12)))
        return made

    def _unfinished(self, drafts: list[Any], sections: dict[str, str]) -> list[dict[str, Any]]:
        return [
            touch_card(
                self.open_draft, draft.id,
                Line(RESUME, "label", "on_wash", "resume"),
                Line(draft.family, "heading", "on_wash", gap=6),
                Line(_where(draft, sections), "small", "on_wash"),
                Line(SAVED.format(time=clock_words(draft.saved_at)), "small", "on_wash",
                     "device", icon_size=18),
                ground="wash", trail_tone="on_wash",
            )
            for draft in drafts
        ]  # fmt: skip

    def _families(self, families: list[Any], office: dict[str, Office]) -> list[dict[str, Any]]:
        title = heading(URGENT_FIRST, count_words(len(families), "family", "families"))
        return [title] + [
            touch_card(
                self.open_family,
                row.id,
                *family_lines(row, office.get(row.id, Office())),
                mark=_mark(row),
            )
            for row in families
        ]

    # what is touched

    def open_family(self, household: str) -> None:
        """Open one family."""
        self.app.go("family", household=household)

    def open_draft(self, draft: str) -> None:
        """Go on where the visit was left."""
        self.app.go("section", draft=draft)

    def send_now(self) -> None:
        """Ask the office now, and say how it went."""
        if self.sending:
            return
        self.sending = True
        self.status = ASKING
        app = self.app
        app.aside(app.phone.sync.send_now, self._sent)

    def _sent(self, outcome: str) -> None:
        self.sending = False
        self.app.tell(outcome, above=self.ids.bottom.height)
        self.refresh()


def _no_families(loaded: bool) -> dict[str, Any]:
    """Why there are none: the office has not told all yet, or it has and there are none."""
    words = (NONE_YET, NONE_YET_WORDS) if loaded else (GETTING, GETTING_WORDS)
    return nothing("people", *words)


def _read(phone: Any, now: Any) -> dict[str, Any]:
    identity = phone.identity
    return {
        "families": phone.families.rows(now),
        "office": office_words(phone.caseload, now),
        "sections": _section_names(phone.book),
        "trouble": phone.store.trouble,
        "drafts": phone.drafts.cards(now),
        "who": identity.user_name if identity else "",
        "unsent": phone.sync.unsent(),
        "attention": phone.sync.attention(),
        "contact": phone.sync.last_contact_words(now),
        "banner": phone.sync.banner(now),
        "loaded": phone.caseload.loaded,
    }


@dataclass(frozen=True, slots=True)
class Office:
    """The office's view of one family, in a few words: its gravest escalation, its latest word."""

    gravest: str = ""
    latest: str = ""


def office_words(caseload: Any, now: Any) -> dict[str, Office]:
    """For each family what the office's escalations say; one reading for the whole list."""
    found: dict[str, list[dict[str, Any]]] = {}
    for doc in caseload.escalations():
        found.setdefault(doc["household"], []).append(doc)
    return {household: _office(docs, caseload, now) for household, docs in found.items()}


def _office(docs: list[dict[str, Any]], caseload: Any, now: Any) -> Office:
    still_open = [doc for doc in docs if doc["decided_at"] is None]
    gravest = max(still_open, key=lambda doc: rank(doc["level"]), default=None)
    said = [
        (at, words, caseload.person(doc[f"{what}_by"] or ""), doc["decision_reason"])
        for doc in docs
        for what, words in (("acknowledged", TAKEN_UP), ("decided", DECIDED))
        if (at := doc[f"{what}_at"]) is not None
    ]
    latest = ""
    if said:
        at, words, who, reason = max(said, key=lambda each: datetime.fromisoformat(each[0]))
        latest = words.format(who=who, when=moment_words(datetime.fromisoformat(at), now),
                              reason=f": “{reason}”" if reason else "")  # fmt: skip
    return Office(gravest["rule_name"] if gravest else "", latest)


def _section_names(book: Any) -> dict[str, str]:
    return {each.code: each.name for each in book.checklist.sections} if book else {}


def _where(draft: Any, sections: dict[str, str]) -> str:
    name = sections.get(draft.place.section, draft.place.section)
    return RESUME_WHERE.format(section=name, answered=draft.answered, asked=draft.asked)


def family_lines(row: Any, office: Office) -> tuple[Line, ...]:
    """What a family's card says."""
    lines = [Line(row.name, "heading")]
    if row.children:
        lines.append(Line("  ·  ".join(row.children), "small", "soft", "child", icon_size=18))
    if row.plan:
        lines.append(Line(row.plan, "label", "on_wash", "shield", gap=10, pill=True,
                          icon_size=18))  # fmt: skip
    if row.level and row.escalations:
        words = office.gravest or count_words(row.escalations, *ESCALATIONS)
        words = "" if words == LEVELS[row.level][2] else words
        lines.append(level_line(row.level, words, gap=8, icon_size=18))
    if office.latest:
        lines.append(Line(office.latest, "small", "ink", "gavel", "soft", 18, gap=10))
    if row.last_words:
        lines.append(Line(row.last_words, "small", "soft", "history", icon_size=18, gap=8))
    if row.unsent:
        lines.append(Line(count_words(row.unsent, *UNSENT_HERE), "small", "soft", "device",
                          icon_size=18))  # fmt: skip
    return tuple(lines)


def _mark(row: Any) -> str:
    return {"I": "immediate", "S": "significant"}.get(row.level, "") if row.escalations else ""


load_kv(__file__)
