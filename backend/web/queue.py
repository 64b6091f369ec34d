"""The queue: every open escalation of the reader's families, gravest and most overdue first."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for

from backend import access, caseload, escalations
from backend.escalations import Counts
from backend.web import rows, words

bp = Blueprint("queue", __name__)

PAGE_SIZE = 25
STATES = {
    "open": "All open",
    "waiting": "Nobody has taken up",
    "acknowledged": "Taken up",
    "decided": "Decided",
}
LEVELS = {"": "Every level", "I": "Immediate", "S": "Significant", "L": "Low"}
EMPTY = {
    "open": "No family of yours has an open escalation. New ones appear here when they arrive.",
    "waiting": "Somebody has taken up every open escalation.",
    "acknowledged": "No open escalation has been taken up yet.",
    "decided": "No decision has been recorded yet.",
}


@bp.get("/")
@access.signed_in()
def listing() -> str:
    """One page of the queue; `state`, `level` and `after` are in the address."""
    now, book = access.now(), access.office().book
    state = request.args.get("state", "open")
    state = state if state in STATES else "open"
    level = request.args.get("level", "")
    level = level if level in LEVELS else ""
    after = request.args.get("after")
    counts = escalations.counts(access.db(), access.actor(), now)
    page = escalations.queue(
        access.db(), access.actor(), state=state, level=level or None, after=after, limit=PAGE_SIZE
    )
    return render_template(
        "queue.html",
        heading="Escalations",
        summary=summary(counts),
        failed=counts.failed,
        held=counts.held if access.actor().is_supervisor else 0,
        left_open=caseload.count_left_open(access.db(), access.actor()),
        filters=filters(state, level, counts),
        rows=rows.by_family(page.items, now, book),
        page_size=PAGE_SIZE,
        first_url=address(state, level) if after else None,
        next_url=address(state, level, page.next) if page.next else None,
        empty=empty(state, level),
    )


def summary(counts: Counts) -> str:
    """The whole queue in a sentence."""
    if not counts.open:
        return "Nothing is open."
    parts = [f"{counts.open:,} open"]
    if counts.unacknowledged:
        parts.append(f"{counts.unacknowledged:,} that nobody has taken up")
    if counts.overdue:
        parts.append(f"{counts.overdue:,} with something overdue")
    return words.listed(parts) + ". Gravest and most overdue first."


def address(state: str, level: str, after: str | None = None) -> str:
    """The queue's address with these filters; the defaults are left out of it."""
    return url_for(
        "queue.listing",
        state=None if state == "open" else state,
        level=level or None,
        after=after,
    )


def filters(state: str, level: str, counts: Counts) -> list[dict[str, object]]:
    """The filters as links, each keeping the other's choice."""
    numbers = {
        "open": counts.open,
        "waiting": counts.unacknowledged,
        "acknowledged": counts.acknowledged,
    }
    states = [
        {
            "words": text,
            "url": address(code, level),
            "chosen": code == state,
            "number": numbers.get(code) if not level else None,
        }
        for code, text in STATES.items()
    ]
    levels = [
        {"words": text, "url": address(state, code), "chosen": code == level, "number": None}
        for code, text in LEVELS.items()
    ]
    return [
        {"key": "state", "name": "State", "choices": states},
        {"key": "level", "name": "Level", "choices": levels},
    ]


def empty(state: str, level: str) -> dict[str, str]:
    """What the page says when there is nothing to list."""
    if level:
        return {
            "title": "Nothing at this level",
            "words": f"No escalation here is marked {LEVELS[level].lower()}.",
            "url": address("open", ""),
        }
    url = "" if state == "open" else address("open", "")
    title = "Nothing is waiting for you" if state in ("open", "waiting") else "Nothing here yet"
    return {"title": title, "words": EMPTY[state], "url": url}
