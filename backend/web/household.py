"""Families: finding one, and one family's people, plans, concerns and chronology."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for

from backend import access, caseload, chronology, escalations
from backend.caseload import Family, HouseholdView
from backend.web import answers, chronology_words, rows, standing, words
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
    """The reader's families, by name; `search` and `after` are in the address."""
    search = request.args.get("search", "").strip()[:100]
    after = request.args.get("after")
    page = caseload.families(
        access.db(), access.actor(), search=search, after=after, limit=FAMILIES_A_PAGE
    )
    following = url_for("household.listing", search=search or None, after=page.next)
    return render_template(
        "families.html",
        heading="Families",
        families=[family_row(each) for each in page.items],
        search=search,
        next_url=following if page.next else None,
        first_url=url_for("household.listing", search=search or None) if after else None,
        page_size=FAMILIES_A_PAGE,
    )


def family_row(family: Family) -> dict[str, object]:
    """A family of the list in words."""
    opened = family.open_escalations
    return {
        "url": url_for("household.page", household_id=family.id),
        "name": family.name or "Family without a recorded name",
        "reference": family.reference,
        "team": family.team_name,
        "children": words.count(family.children, "child", "children"),
        "open": words.count(opened, "open escalation") if opened else "Nothing open",
        "level": family.gravest if opened else "",
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
    shown = [rows.row(item, now) for item in raised]
    return render_template(
        "household.html",
        heading=view.name or "Family without a recorded name",
        view=view,
        people=people(view),
        standing=standing.of(session, household_id, view.record, book, now),
        open_rows=[row for row in shown if row.state != "decided"],
        decided_rows=[row for row in shown if row.state == "decided"],
        raised={item.id: item for item in raised},
        told=[chronology_words.tell(each, view.record, book, now) for each in entries.items],
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
    told = chronology_words.tell(entry, view.record, book, now)
    return render_template(
        "event.html",
        heading=told.title,
        view=view,
        told=told,
        entry=entry,
        sections=chronology_words.by_section(entry, view.record, book),
        raised={e.id: e for e in escalations.of_household(session, actor, household_id)},
    )


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
