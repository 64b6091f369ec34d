"""The months across: where a moment stands on the time axis, and what the axis says."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from shared.clocks import LONDON

# The narrowest the axis is drawn, in CSS pixels: an A4 page on its side, less the names.
NARROWEST = 820
_AFTER = 0.015  # room past the end, so that what happened last is not cut
_WIDEST = 3000
_A_MONTH = 30  # pixels on a screen, where that is more
_A_LETTER = 7


@dataclass(frozen=True, slots=True)
class Tick:
    """A division of the axis: where it begins, in per cent, and its name ("" for none)."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Period:
    """A longer division, over several ticks: where it begins, how wide it is, in per cent."""

    x: float
    width: float
    label: str


@dataclass(frozen=True, slots=True)
class Timescale:
    """A time axis from `start` to `end`; `width` is the pixels it would like on a screen."""

    start: datetime
    end: datetime
    ticks: tuple[Tick, ...]
    periods: tuple[Period, ...]
    width: int

    def place(self, moment: datetime) -> float:
        """Where a moment stands, in per cent of the axis; what lies off it stands at its edge."""
        return _share(self.start, self.end, moment)


@dataclass(frozen=True, slots=True)
class _Unit:
    """How an axis is divided: the longest it serves, its steps, and the names of both tiers."""

    longest: timedelta
    floor: Callable[[datetime], datetime]
    following: Callable[[datetime], datetime]
    label: Callable[[datetime], str]
    period: Callable[[datetime], str]


def timescale(first: datetime, last: datetime) -> Timescale:
    """The axis for a history from `first` to `last` (aware), by the London calendar."""
    first, last = first.astimezone(LONDON), last.astimezone(LONDON)
    unit = next(each for each in _units(first, last) if last - first <= each.longest)
    start = unit.floor(first)
    whole = max(last - start, timedelta(hours=12))
    end = start + whole * (1 + _AFTER) if last > start else unit.following(start)
    begun = list(_steps(unit, start, end))
    ticks = tuple(Tick(_share(start, end, at), unit.label(at)) for at in begun)
    months = (end - start).days / 30
    width = int(min(_WIDEST, max(NARROWEST, months * _A_MONTH)))
    return Timescale(start, end, ticks, tuple(_periods(unit, begun, start, end)), width)


def _share(start: datetime, end: datetime, moment: datetime) -> float:
    # As stamps: two moments of one zone are otherwise subtracted by the clock on the wall.
    whole = end.timestamp() - start.timestamp()
    share = 100 * (moment.timestamp() - start.timestamp()) / whole
    return round(min(100.0, max(0.0, share)), 3)


def _steps(unit: _Unit, start: datetime, end: datetime) -> Iterator[datetime]:
    at = start
    while at < end:
        yield at
        at = unit.following(at)


def _periods(
    unit: _Unit, begun: list[datetime], start: datetime, end: datetime
) -> Iterator[Period]:
    groups = [(name, list(together)) for name, together in groupby(begun, unit.period)]
    edges = [*(together[0] for _, together in groups), end]
    xs = [_share(start, end, edge) for edge in edges]
    for (name, _), x, following in zip(groups, xs, xs[1:], strict=False):
        width = round(following - x, 3)
        fits = len(name) * _A_LETTER <= width * NARROWEST / 100
        if name:
            yield Period(x, width, name if fits else "")


def _units(first: datetime, last: datetime) -> list[_Unit]:
    """The ways to divide an axis, the finest first; none makes more than some thirty ticks."""
    years = max(1, last.year - first.year)
    steps = (1, 2, 5, 10)
    step = steps[min(len(steps) - 1, bisect_right(steps, years / 30))]
    return [
        _Unit(timedelta(hours=36), _whole_hours, _two_hours_on, _clock, _day_of_year),
        _Unit(timedelta(days=20), _midnight, lambda at: _days_on(at, 1), _weekday, _month_of_year),
        _Unit(timedelta(weeks=20), _monday, lambda at: _days_on(at, 7), _day_of_month, _year),
        _Unit(timedelta(days=30 * 30), _month, lambda at: _months_on(at, 1), _month_name, _year),
        _Unit(timedelta(days=366 * 8), _quarter, lambda at: _months_on(at, 3), _month_name, _year),
        _Unit(
            timedelta(days=366 * 200),
            _new_year,
            lambda at: _months_on(at, 12 * step),
            _year,
            lambda at: "",
        ),
    ]


def _at(day: date, hour: int = 0) -> datetime:
    return datetime.combine(day, time(hour), LONDON)


def _midnight(at: datetime) -> datetime:
    return _at(at.date())


def _whole_hours(at: datetime) -> datetime:
    return _at(at.date(), at.hour - at.hour % 2)


def _two_hours_on(at: datetime) -> datetime:
    return _at(at.date(), at.hour + 2) if at.hour < 22 else _days_on(at, 1)


def _monday(at: datetime) -> datetime:
    return _at(at.date() - timedelta(days=at.weekday()))


def _month(at: datetime) -> datetime:
    return _at(at.date().replace(day=1))


def _quarter(at: datetime) -> datetime:
    return _at(date(at.year, at.month - (at.month - 1) % 3, 1))


def _new_year(at: datetime) -> datetime:
    return _at(date(at.year, 1, 1))


def _days_on(at: datetime, days: int) -> datetime:
    return _at(at.date() + timedelta(days=days))


def _months_on(at: datetime, months: int) -> datetime:
    years, month = divmod(at.month - 1 + months, 12)
    return _at(date(at.year + years, month + 1, 1))


def _clock(at: datetime) -> str:
    return f"{at:%H:%M}"


def _weekday(at: datetime) -> str:
    return f"{at:%a} {at.day}"


def _day_of_month(at: datetime) -> str:
    return f"{at.day} {at:%b}"


def _month_name(at: datetime) -> str:
    return f"{at:%b}"


def _day_of_year(at: datetime) -> str:
    return f"{at.day} {at:%B %Y}"


def _month_of_year(at: datetime) -> str:
    return f"{at:%B %Y}"


def _year(at: datetime) -> str:
    return f"{at.year}"
