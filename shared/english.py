"""Words for numbers, lists, days and lengths of time, for sentences that people read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from shared.clocks import LONDON, Clock, day_of

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def number(n: int) -> str:
    """`three`, and `12` for what is longer than a word."""
    return NUMBERS[n] if 0 <= n < len(NUMBERS) else f"{n:,}"


def many(n: int, one: str, several: str = "") -> str:
    """`one day`, `three days`."""
    return f"{number(n)} {one if n == 1 else several or one + 's'}"


def listed(words: Sequence[str], last: str = "and") -> str:
    """`a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def day_words(day: date, *, with_year: bool = True) -> str:
    """`2 March 2026`."""
    return f"{day.day} {MONTHS[day.month - 1]}" + (f" {day.year}" if with_year else "")


def moment_words(at: datetime) -> str:
    """`17:00 on 2 March 2026`, London time."""
    local = at.astimezone(LONDON)
    return f"{local:%H:%M} on {day_words(local.date())}"


def dates(moments: Iterable[datetime]) -> str:
    """`on 2 March, 20 March and 15 April 2026`, by the London calendar; a span when over four."""
    days = sorted({day_of(moment) for moment in moments})
    if len(days) > 4:
        return f"on {len(days)} dates from {day_words(days[0])} to {day_words(days[-1])}"
    one_year = len({day.year for day in days}) == 1
    words = [day_words(day, with_year=not one_year or day is days[-1]) for day in days]
    return "on " + listed(words)


def clock_words(clock: Clock) -> str:
    """`within 1 hour`, `the same day`, `within 2 working days`: how long a clock gives."""
    if clock.kind == "same_day":
        return "the same day"
    return f"within {length_words(clock)}" if clock.amount else "at once"


def length_words(clock: Clock) -> str:
    """`1 hour`, `two working days`; `the same day` for that clock, and `no time` for none."""
    if isinstance(clock.amount, int):
        return many(clock.amount, "working day" if clock.kind == "working_days" else "calendar day")
    if clock.amount is None:
        return "the same day"
    minutes = int(clock.amount.total_seconds()) // 60
    if minutes % 1440 == 0 and minutes > 1440:
        return many(minutes // 1440, "day")
    if minutes == 0:
        return "no time"
    return many(minutes // 60, "hour") if minutes % 60 == 0 else many(minutes, "minute")


def age_words(months: int) -> str:
    """`12 months`, and `5 years` for whole years from two on: what a child is under."""
    years, rest = divmod(months, 12)
    return f"{years} years" if years > 1 and not rest else f"{months} month{'s' * (months > 1)}"
