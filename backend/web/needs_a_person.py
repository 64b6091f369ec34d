"""What a phone sent that could not be read, or that disagrees with what was sent before."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend import access, held, identity
from backend.held import HeldItem
from backend.web import words

bp = Blueprint("needs_a_person", __name__, url_prefix="/needs-a-person")

PAGE_SIZE = 25
SHORTEST = 10
LONGEST = 4000


@bp.get("")
@access.signed_in(*identity.SUPERVISORS)
def listing() -> str:
    """Everything held for a person, what waits longest first."""
    after = request.args.get("after")
    page = held.listing(access.db(), access.actor(), after=after, limit=PAGE_SIZE)
    return render_template(
        "needs_a_person.html",
        heading="Needs a person",
        items=[item_row(each) for each in page.items],
        done=request.args.get("done", ""),
        first_url=url_for("needs_a_person.listing") if after else None,
        next_url=url_for("needs_a_person.listing", after=page.next) if page.next else None,
    )


@bp.get("/<held_id>")
@access.signed_in(*identity.SUPERVISORS)
def page(held_id: str) -> str:
    """One held thing, with what can be shown of it."""
    return show(held_id)


@bp.post("/<held_id>")
@access.signed_in(*identity.SUPERVISORS)
def resolve(held_id: str) -> Response | tuple[str, int]:
    """Record what was found out and done; the thing itself stays kept."""
    typed = request.form.get("words", "").strip()
    if len(typed) < SHORTEST:
        text = f"Say what you found out and did: at least {SHORTEST} characters"
        return show(held_id, typed, {"words": text}), 422
    if len(typed) > LONGEST:
        return show(held_id, typed, {"words": f"Shorten this to {LONGEST:,} characters"}), 422
    held.resolve(access.db(), access.actor(), held_id, words=typed, now=access.now())
    access.commit()
    return redirect(url_for("needs_a_person.listing", done="settled"))


def show(held_id: str, typed: str = "", wrong: dict[str, str] | None = None) -> str:
    """The page of one held thing, with its form."""
    item = held.one(access.db(), access.actor(), held_id)
    return render_template(
        "held_item.html",
        heading=f"Needs a person: sent by {item.user_name}",
        item=item,
        row=item_row(item),
        typed=typed,
        longest=LONGEST,
        wrong=wrong or {},
        errors=[{"text": text, "href": f"#{field}"} for field, text in (wrong or {}).items()],
    )


def item_row(item: HeldItem) -> dict[str, object]:
    """A held thing as a row."""
    now = access.now()
    return {
        "url": url_for("needs_a_person.page", held_id=item.id),
        "reason": item.reason_words,
        "from": item.user_name,
        "at": item.held_at,
        "waiting": words.duration(now - item.held_at),
        "size": words.count(item.size, "byte"),
    }
