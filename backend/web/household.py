"""Families: finding one, and one family's people, plans, concerns and chronology."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request, url_for

from backend import access, caseload, chronology, escalations, left_open, readings
from backend.caseload import Family, HouseholdView
from backend.chronology import Entry
from backend.escalations import QueueItem
from backend.web import answers, chronology_words, left_open_words, rows, standing, words
from backend.web.chronology_words import Told
from shared import engine
from shared.clocks import day_of

bp = Blueprint("household", __name__)

PAGE_SIZE = 40
FAMILIES_A_PAGE = 50
TYPES: dict[str, tuple[str, tuple[str, ...]]] = {
    "all": ("Everything", ()),
    "visits": ("Visits", ("visit",)),
    "reports": ("Reports", ("report",)),
    "plans": ("Plans", ("plan", "closure_request")),
    "answers": ("Decisions and actions", ("decision", "disagree", "acknowledge", "action_done")),
    "family": ("Family changes", ("household", "pregnancy", "birth", "discharge", "return_home")),
}


@bp.get("/families")
@access.signed_in()
def listing() -> str:
    """The reader's families, by name; `search`, `told` and `after` are in the address."""
    search = request.args.get("search", "").strip()[:100]
    after = request.args.get("after")
    open_only = request.args.get("told") == "no"
    page = caseload.families(
        access.db(),
        access.actor(),
        search=search,
        open_only=open_only,
        after=after,
        limit=FAMILIES_A_PAGE,
    )
    kept: dict[str, Any] = {"search": search or None, "told": "no" if open_only else None}
    return render_template(
        "families.html",
        heading="Families",
        families=[family_row(each) for each in page.items],
        search=search,
        open_only=open_only,
        next_url=url_for("household.listing", **kept, after=page.next) if page.next else None,
        first_url=url_for("household.listing", **kept) if after else None,
        page_size=FAMILIES_A_PAGE,
    )


def family_row(family: Family) -> dict[str, object]:
    """A family of the list in words."""
    opened, book = family.open_escalations, access.office().book
    return {
        "url": url_for("household.page", household_id=family.id),
        "name": family.name or "Family without a recorded name",
        "reference": family.reference,
        "team": family.team_name,
        "children": words.count(len(family.child_names), "child", "children"),
        "open": words.count(opened, "open escalation") if opened else "Nothing open",
        "level": family.gravest if opened else "",
        "left_open": left_open_words.line(family.left_open, family.id, family.child_names, book),
    }


@bp.get("/households/<household_id>")
@access.signed_in()
def page(household_id: str) -> str:
    """The family's page; `show` filters the chronology and `after` pages it."""
    session, actor, now, book = access.db(), access.actor(), access.now(), access.office().book
    view = caseload.household(session, actor, household_id)
    raised = escalations.of_household(session, actor, household_id)
    chosen = request.args.get("show", "all")
    chosen = chosen if chosen in TYPES else "all"
    entries = chronology.of(
        session,
        actor,
        household_id,
        types=TYPES[chosen][1],
        after=request.args.get("after"),
        limit=PAGE_SIZE,
    )
    still_open = [item for item in raised if not item.decided_at]
    decided = [item for item in raised if item.decided_at]
    case = readings.history(readings.stored(session, household_id), view.record, book)
    return render_template(
        "household.html",
        heading=view.name or "Family without a recorded name",
        view=view,
        people=people(view),
        standing=standing.of(case, now),
        open_count=len(still_open),
        open_rows=rows.by_rule(still_open, now, book),
        decided_rows=rows.by_rule(decided, now, book),
        told=[tell(each, case, now, raised) for each in entries.items],
        types=types(household_id, chosen),
        paged=bool(request.args.get("after")),
        first_url=address(household_id, chosen),
        next_url=address(household_id, chosen, entries.next) if entries.next else None,
    )


@bp.get("/households/<household_id>/events/<event_id>")
@access.signed_in()
def event(household_id: str, event_id: str) -> str:
    """One event, whole: every answer of a visit, by section."""
    session, actor, now, book = access.db(), access.actor(), access.now(), access.office().book
    view = caseload.household(session, actor, household_id)
    entry = chronology.one(session, actor, household_id, event_id)
    case = readings.history(readings.stored(session, household_id), view.record, book)
    raised = escalations.of_household(session, actor, household_id)
    told = chronology_words.tell(entry, view.record, book, now, raised)
    left = left_open.by(case, event_id) if event_id in case.history.by_id else []
    return render_template(
        "event.html",
        heading=told.title,
        view=view,
        told=told,
        left_open=left_open_words.tell(left, case.history, book),
        entry=entry,
        sections=chronology_words.by_section(entry, view.record, book),
    )


def tell(entry: Entry, case: engine.Case, now: datetime, raised: Sequence[QueueItem]) -> Told:
    """An entry of the chronology in words, with what it could not tell."""
    # What the rules failed on is not in the case, and says so by itself.
    left = left_open.by(case, entry.id) if entry.id in case.history.by_id else []
    unknown = left_open_words.names(left, left_open_words.child_names(case.household), case.book)
    return chronology_words.tell(entry, case.household, case.book, now, raised, unknown)


def people(view: HouseholdView) -> dict[str, list[dict[str, str]]]:
    """The children with their ages, and the adults with what they are to them."""
    day = day_of(access.now())
    record = view.record
    return {
        "children": [
            {
                "name": words.child_name(child),
                "words": words.age(child, day).capitalize(),
                "born": f"Born {words.short_day(child.born)}" if child.born else "",
            }
            for child in record.children
        ],
        "adults": [
            {"name": adult.name or answers.person_name(record, adult.id), "words": adult.relation}
            for adult in record.adults
        ],
    }


def address(household_id: str, chosen: str, after: str | None = None) -> str:
    """The family's page with its chronology filtered and paged."""
    return url_for(
        "household.page",
        household_id=household_id,
        show=None if chosen == "all" else chosen,
        after=after,
        _anchor="chronology",
    )


def types(household_id: str, chosen: str) -> list[dict[str, object]]:
    """The chronology's filter as links."""
    return [
        {"words": name, "url": address(household_id, code), "chosen": code == chosen}
        for code, (name, _) in TYPES.items()
    ]
