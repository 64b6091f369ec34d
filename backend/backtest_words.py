"""The words and figures of a back-test that the terminal and the page have in common."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

CHANGE_WORDS = {
    "only_under_a": "Fires under A and not under B",
    "only_under_b": "Fires under B and not under A",
    "earlier_under_b": "Fires earlier under B",
    "later_under_b": "Fires later under B",
    "otherwise": "First on the same date, then not the same",
}
COUNTED = (
    "Told: each rung of the ladder that was told of an escalation counts once for its role, in "
    "the month it was told. The mean is over the months in which at least one history runs.",
    "Actions: each action that an escalation requires counts once for who must do it, in the "
    "month it was required, or became known if that was later.",
    "The same escalation: the same rule, children and moment of raising, on the same events.",
)
NOTE = (
    "Levels, thresholds and clocks are proposals, to be signed off locally. These figures count "
    "what rules ask of people; they are no judgement of any family."
)


def span(report: Mapping[str, Any]) -> str:
    """Return how many families there are and which months their histories cover."""
    families, months = report["families"], report["months"]
    words = f"{families:,} {plural('family', families)}"
    if not months:
        return f"{words}; nothing had been received by then."
    covered = report["months_covered"]
    words += f", {covered:,} {plural('month', covered)} from {month(months[0])}"
    words += f" to {month(months[-1])}" if len(months) > 1 else ""
    if report["not_begun"]:
        words += f"; {report['not_begun']:,} of them had not begun by then"
    return f"{words}."


def plural(noun: str, count: int) -> str:
    """Return a noun for a count of things."""
    return noun if count == 1 else {"family": "families"}.get(noun, f"{noun}s")


def is_changed(rule: Mapping[str, Any]) -> bool:
    """Tell whether a rule's escalations differ in any family, or in level."""
    counts = rule["escalations"]
    level = rule["level"]
    return bool(counts["only_a"] or counts["only_b"]) or level["a"] != level["b"]


def level(rule: Mapping[str, Any]) -> str:
    """Return a rule's level under both packs: S, S to I, only in A."""
    a, b = rule["level"]["a"], rule["level"]["b"]
    if a is None or b is None:
        return "B only" if a is None else "A only"
    return str(a) if a == b else f"{a} to {b}"


def family(entry: Mapping[str, Any], kind: str) -> str:
    """Return the dates that matter of how a rule changes for one family."""
    a, b = entry["a"], entry["b"]
    if kind == "otherwise":
        only = [
            f"{side['only']:,} by {name} alone, from {day(side['first_only'])}"
            for name, side in (("A", a), ("B", b))
            if side["only"]
        ]
        return "; ".join(only)
    if kind in ("only_under_a", "only_under_b"):
        return day((a if kind == "only_under_a" else b)["first"])
    return f"A {day(a['first'])}, B {day(b['first'])}"


def day(text: str) -> str:
    """Return 3 Feb 2026 for 2026-02-03."""
    there = date.fromisoformat(text)
    return f"{there.day} {there:%b %Y}"


def month(text: str) -> str:
    """Return Feb 2026 for 2026-02."""
    return f"{date.fromisoformat(f'{text}-01'):%b %Y}"


def mean(side: Mapping[str, Any]) -> str:
    """Return a mean a month, to one place, or a dash where no month is covered."""
    return "–" if side["mean"] is None else f"{side['mean']:,.1f}"


def peak(side: Mapping[str, Any]) -> str:
    """Return the most in a month, and which month."""
    return (
        f"{side['peak']['count']:,} in {month(side['peak']['month'])}" if side["peak"] else "none"
    )
