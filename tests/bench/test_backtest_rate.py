"""How many families of 50 visits a back-test takes a second a core, and its own part in that."""

from __future__ import annotations

import pickle
from pathlib import Path

import orjson
import pytest
import yaml

from backend.backtest_totals import Totals
from backend.backtesting import Packs, Sent, compare, compared
from backend.replaying import read_book, read_raw, replay
from backend.simulation.making import Options, make
from shared import packs

VISITS = 50
# Guards, each a ratio of two figures of one run; docs/performance.md has what was seen.
ALLOWED_OF_JUDGING = 0.5
ALLOWED_OF_ALL = 1.4


@pytest.fixture(scope="module")
def draft(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled rules with a shorter window for R05."""
    doc = yaml.safe_load(packs.rule_packs()["england"])
    next(rule for rule in doc["rules"] if rule["id"] == "R05")["when"]["within_days"] = 7
    path = tmp_path_factory.mktemp("pack") / "draft.yaml"
    path.write_text(yaml.safe_dump(doc, sort_keys=False))
    return path


def test_families_a_second_on_one_core(figures, draft) -> None:
    books = read_book(None), read_book(str(draft))
    sent = invented(200 if figures.full else 20)
    cases = [read_raw(each.raw, each.path, *books) for each in sent]
    replays = [tuple(replay(case, book) for book in books) for case in cases]
    times = 5 if figures.full else 3

    def a_family(work) -> float:
        return figures.median_s(work, times) / len(sent)

    reading = a_family(lambda: [read_raw(each.raw, each.path, *books) for each in sent])
    judging = a_family(lambda: [[replay(case, book) for book in books] for case in cases])
    own = a_family(lambda: added_up(compared(a, b) for a, b in replays))
    both = Packs.of(*books)
    whole = a_family(lambda: added_up(compare(both, None, each) for each in sent))

    size = sum(len(each.raw) for each in sent) / len(sent) / 1000
    figures.say(
        f"back-test, families of {VISITS} visits ({size:.0f} kB as JSON), one core, "
        f"two packs of {len(books[0].rules.rules)} rules",
        f"{1 / (judging + own):.0f} a second once read, {1 / whole:.0f} with reading",
    )
    figures.say("  reading and checking alone", f"{reading * 1e3:.2f} ms a family")
    figures.say("  judging twice alone", f"{judging * 1e3:.2f} ms a family")
    figures.say(
        "  comparing, sending and adding up",
        f"{own * 1e3:.3f} ms a family: {own / judging:.3f} of judging",
    )
    assert own / judging < ALLOWED_OF_JUDGING
    assert whole / (reading + judging) < ALLOWED_OF_ALL


def invented(count: int) -> list[Sent]:
    """So many invented families, as their files would be."""
    options = Options(seed=20260105, visits=VISITS)
    docs = (make(packs.book(), number, options)[0] for number in range(count))
    return [Sent(f"{n}.json", orjson.dumps(doc)) for n, doc in enumerate(docs)]


def added_up(results) -> Totals:
    """What this process does with what others send it."""
    totals = Totals()
    for n, each in enumerate(results):
        totals.add(f"{n}.json", pickle.loads(pickle.dumps(each)))  # noqa: S301 - our own
    return totals
