"""Times, ages and names in the words that a practitioner reads."""

from __future__ import annotations

import math
import traceback
from datetime import date, datetime, timedelta

from shared.clocks import LONDON, day_of, months_old
from shared.facts import Child

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
LEVELS = {
    "I": "Immediate danger",
    "S": "Significant",
    "L": "Low",
    "U": "Could not check",
    "N": "No concern",
    "-": "",
}
BASES = {
    "seen": "seen",
    "told_by_child": "told by the child",
    "told_by_parent": "told by a parent",
    "told_by_family_or_neighbour": "told by family or a neighbour",
    "told_by_professional": "told by a professional",
    "from_record": "from the record",
}


def day_words(day: date, today: date) -> str:
    """A day: "today", "yesterday", "12 November", with the year when it is another one."""
    if day == today:
        return "today"
    if day == today - timedelta(days=1):
        return "yesterday"
    if day == today + timedelta(days=1):
        return "tomorrow"
    words = f"{day.day} {MONTHS[day.month - 1]}"
    return words if day.year == today.year else f"{words} {day.year}"


def clock_words(at: datetime) -> str:
    """The time of day in London: "14:03"."""
    return at.astimezone(LONDON).strftime("%H:%M")


def moment_words(at: datetime, now: datetime) -> str:
    """A moment: "today 14:03", "12 November 14:03"."""
    return f"{day_words(day_of(at), day_of(now))} {clock_words(at)}"


def span_words(span: timedelta) -> str:
    """A length of time in its largest fitting unit, rounded down: "58 minutes", "3 days"."""
    minutes = math.floor(span.total_seconds() / 60)
    if minutes < 1:
        return "less than a minute"
    if minutes < 120:
        return _count(minutes, "minute")
    if minutes < 48 * 60:
        return _count(minutes // 60, "hour")
    return _count(minutes // (24 * 60), "day")


def due_words(due_at: datetime, now: datetime) -> str:
    """By when: "now", "by 11:32, 58 minutes left", "was due by 11:32, 5 minutes ago"."""
    left = due_at - now
    when = clock_words(due_at)
    if day_of(due_at) != day_of(now):
        when = f"{when} {day_words(day_of(due_at), day_of(now))}"
    if timedelta(minutes=-1) < left <= timedelta(0):
        return "now"
    if left < timedelta(0):
        return f"was due by {when}, {span_words(-left)} ago"
    return f"by {when}, {span_words(left)} left"


def age_words(child: Child, today: date) -> str:
    """A child's age: "10 days", "5 weeks", "4 months", "3 years", "due 1 March"."""
    if child.born is None or child.born > today:
        due = child.born or child.due
        return f"due {day_words(due, today)}" if due else "not yet born"
    days, months = (today - child.born).days, months_old(child.born, today)
    if days < 14:
        return _count(days, "day")
    if months < 3:
        return _count(days // 7, "week")
    return _count(months, "month") if months < 24 else _count(months // 12, "year")


def child_words(child: Child, today: date) -> str:
    """A child in a list: "Ada, 4 months"."""
    return f"{child.name or child.id}, {age_words(child, today)}"


def initials(name: str) -> str:
    """At most three initials, for a card that others may glance at."""
    return "".join(part[0].upper() for part in name.split() if part[0].isalpha())[:3] or "?"


def shortened(words: str, most: int = 240) -> str:
    """The words, cut where a part of them ends if they are longer: "… was wet; …"."""
    if len(words) <= most:
        return words
    start = words[:most]
    return f"{start[: start.rfind('; ') + 1] or start[: start.rfind(' ')]} …"


def count_words(number: int, one: str, many: str) -> str:
    """ "1 visit", "3 visits"."""
    return f"{number} {one if number == 1 else many}"


def _count(number: int, unit: str) -> str:
    return count_words(number, unit, unit + "s")


def frames(error: BaseException) -> str:
    """Where an error happened, for a log: without its message, which may hold a family's words."""
    return "".join(traceback.format_tb(error.__traceback__))
