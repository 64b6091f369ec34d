"""The page: what is put into its templates."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from backend import backtest_words as words
from backend.backtest_page import plotting

_TEMPLATES = Path(__file__).parent / "templates"
_MOST_FAMILIES = 12
_MOST_MONTHS = 24  # a longer table is folded until it is asked for, and whole on paper
_BAR = 160


def page(report: Mapping[str, Any]) -> str:
    """Return the HTML of a back-test's report, its styles and plots within it."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    rules = report["rules"]
    most = max((max(r["escalations"][s] for s in "ab") for r in rules), default=0) or 1
    return environment.get_template("backtest.html").render(
        report=report,
        words=words,
        plotting=plotting,
        changed=[rule for rule in rules if words.is_changed(rule)],
        bar=lambda count: round(_BAR * count / most, 1),
        bar_width=_BAR,
        loads=[
            ("told", "Told of escalations", "escalations told", report["told"]),
            ("actions", "Required actions", "actions", report["actions"]),
        ],
        covered=[n for n, families in enumerate(report["families_by_month"]) if families],
        month_names=[words.month(each) for each in report["months"]],
        most_months=_MOST_MONTHS,
        most_families=_MOST_FAMILIES,
    )
