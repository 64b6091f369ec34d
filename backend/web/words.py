"""Times, durations, ages and codes as the words that a supervisor reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shared.clocks import LONDON, Clock, day_of, months_old
from shared.facts import Child

SOON = timedelta(hours=2)

LEVELS = {
    "I": "Immediate",
    "S": "Significant",
    "L": "Low",
    "U": "Could not check",
    "N": "No concern",
    "-": "No level",
}
BASES = {
    "seen": "seen by the visitor",
    "told_by_child": "told by a child",
    "told_by_parent": "told by a parent",
    "told_by_family_or_neighbour": "told by family or a neighbour",
    "told_by_professional": "told by a professional",
    "from_record": "taken from a record",
}
PLANS = {
    "child_protection": "Child protection plan",
    "child_in_need": "Child in need plan",
    "early_help": "Early help plan",
    "pre_birth": "Pre-birth plan",
    "safety": "Safety plan",
    "court": "Court order plan",
    "looked_after": "Looked-after plan",
}
PROPOSAL = (
    "Its level, actions and times are a proposal, "
    "to be signed off by the local safeguarding partnership."
)


@dataclass(frozen=True, slots=True)
class Due:
    """A due time in words. `state`: overdue, soon (two hours or less) or later."""

    at: datetime
    moment: str
    relative: str
    state: str


def moment(at: datetime, now: datetime) -> str:
    """`at` on the London clock: "today 14:05", "yesterday 09:10", "Fri 20 Nov 10:30"."""
    local = at.astimezone(LONDON)
    away = (day_of(at) - day_of(now)).days
    clock = f"{local:%H:%M}"
    near = {0: "today", -1: "yesterday", 1: "tomorrow"}
    if away in near:
        return f"{near[away]} {clock}"
    if local.year == now.astimezone(LONDON).year:
        return f"{local:%a} {local.day} {local:%b} {clock}"
    return f"{local.day} {local:%b %Y} {clock}"


def begin(text: str) -> str:
    """The text with a capital at its beginning, the rest as it is."""
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """The text ended as a sentence is."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


def whole_day(day: date) -> str:
    """A date in full: "Friday 20 November 2026"."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def short_day(day: date) -> str:
    """A date in short: "20 November 2026"."""
    return f"{day.day} {day:%B %Y}"


def clock_time(at: datetime) -> str:
    """The London time of day: "14:05"."""
    return f"{at.astimezone(LONDON):%H:%M}"


def iso(at: datetime) -> str:
    """`at` for a `datetime` attribute, on the London clock with its offset."""
    return at.astimezone(LONDON).isoformat(timespec="seconds")


def duration(length: timedelta) -> str:
    """How long, in the two largest fitting units: "2 hours 5 minutes", "3 days"."""
    minutes = int(abs(length).total_seconds() // 60)
    if minutes < 1:
        return "less than a minute"
    days, rest = divmod(minutes, 24 * 60)
    hours, left = divmod(rest, 60)
    if days >= 7:
        return count(days, "day")
    if days:
        return _two(count(days, "day"), hours, "hour")
    if hours:
        return _two(count(hours, "hour"), left, "minute")
    return count(minutes, "minute")


def _two(first: str, rest: int, noun: str) -> str:
    return f"{first} {count(rest, noun)}" if rest else first


def count(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun: "1 day", "1,204 families"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def due(at: datetime, now: datetime) -> Due:
    """When something is due and how long that is from `now`, in words."""
    left = at - now
    if left < timedelta(0):
        return Due(at, moment(at, now), f"{duration(left)} overdue", "overdue")
    state = "soon" if left <= SOON else "later"
    return Due(at, moment(at, now), f"in {duration(left)}", state)


def allowed(clock: Clock) -> str:
    """How long a clock gives: "at once", "within 1 hour", "the same day"."""
    if clock.kind == "same_day":
        return "the same day"
    if isinstance(clock.amount, timedelta):
        return f"within {duration(clock.amount)}" if clock.amount else "at once"
    kind = "working day" if clock.kind == "working_days" else "calendar day"
    return f"within {count(clock.amount or 0, kind)}"


def ago(at: datetime, now: datetime) -> str:
    """How long ago: "35 minutes ago"; "just now" within a minute."""
    past = now - at
    return "just now" if past < timedelta(minutes=1) else f"{duration(past)} ago"


def age(child: Child, day: date) -> str:
    """A child's age on `day`: days, weeks, months or years; or when an unborn child is due."""
    if child.born is None or child.born > day:
        return f"unborn, due {short_day(child.due)}" if child.due else "unborn"
    days = (day - child.born).days
    months = months_old(child.born, day)
    if days == 0:
        return "born today"
    if days < 14:
        return count(days, "day") + " old"
    if months < 3:
        return count(days // 7, "week") + " old"
    if months < 24:
        return count(months, "month") + " old"
    years, over = divmod(months, 12)
    return _two(count(years, "year"), over, "month") + " old"


def child_name(child: Child) -> str:
    """The child's name, or what stands for it when none is recorded."""
    return child.name or ("Unborn baby" if child.born is None else "Child without a recorded name")


def level(code: str) -> str:
    """The word for a level's code."""
    return LEVELS.get(code, code)


def basis(code: str) -> str:
    """How something is known, in words."""
    return BASES.get(code, code.replace("_", " "))


def agency(code: str) -> str:
    """An agency's name in words."""
    short = {"gp": "GP", "health_visiting": "Health visiting", "social_care": "Social care"}
    return short.get(code, code.replace("_", " ").capitalize()) if code else "Agency not recorded"


def plan(kind: str) -> str:
    """A plan's kind in words."""
    return PLANS.get(kind, kind.replace("_", " ").capitalize() + " plan")


def listed(parts: list[str]) -> str:
    """Parts joined as in a sentence: "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"
