"""The page of a replay: everything raised is in picture and text, nothing is fetched or run."""

import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from backend.replay import replay_command
from backend.replay_page.crowding import ALIKE, MOST_LEVELS, PITCH, spread
from backend.replay_page.page import chronology, draw, page
from backend.replay_page.telling import tell
from backend.replay_page.timescale import NARROWEST, timescale
from backend.replaying import read_book, read_file, replay
from shared.casefile import read_case
from shared.clocks import LONDON

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "seeds"
BOOK = read_book(None)
START = datetime(2018, 1, 22, 11, tzinfo=UTC)

HEAD = """\
format: threshold-case/1
id: example-1
title: A refusal under a plan
children: [{id: ada, born: 2026-01-10}, {id: bea, due: 2026-09-01}]
adults: [{id: mother}]
events:
"""
REFUSED = (
    HEAD
    + """\
  - {id: p, type: plan, at: 2026-01-20T09:00, action: start, plan: p1, kind: child_protection,
     children: [ada], conditions: [{code: no_access}]}
  - {id: e1, type: visit, at: 2026-02-03T10:30, received_at: 2026-02-03T17:05, by: hv-1,
     agency: health_visiting, answers: [{item: ACC-01, answer: refused}]}
"""
)
ANSWERED = """\
  - {id: d, type: action_done, at: 2026-02-03T10:50, received_at: 2026-02-03T17:05, by: hv-1,
     rule: R03, on: e1, action: call_police}
  - {id: late, type: action_done, at: 2026-02-03T19:00, by: hv-1, rule: R03, on: e1,
     action: tell_manager}
  - {id: a, type: acknowledge, at: 2026-02-03T17:10, by: tm, role: team_manager, rule: R03, on: e1}
  - {id: x, type: decision, at: 2026-02-03T17:30, by: tm, role: team_manager, kind: decide,
     rule: R03, on: e1, reason: Police saw Ada.}
  - {id: z, type: plan, at: 2026-02-05T09:00, action: end, plan: p1}
"""
HOSTILE = '"><script>alert(1)</script><img src=http://x.example/ onerror=alert(2)>{{ 7*7 }}'


class Reader(HTMLParser):
    """Gathers a page's text and tags."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.tags, self.texts, self.inside = [], [], []
        self.feed(html)
        self.text = " ".join(" ".join(self.texts).split())

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.inside.append(tag)

    def handle_endtag(self, tag):
        if tag in self.inside:
            del self.inside[len(self.inside) - 1 - self.inside[::-1].index(tag) :]

    def handle_data(self, data):
        if not {"style", "script"} & set(self.inside):
            self.texts.append(data)


def replayed(text, until=None):
    end = datetime.fromisoformat(until).replace(tzinfo=LONDON).astimezone(UTC) if until else None
    return replay(read_case(text.encode(), checklist=BOOK.checklist), BOOK, end)


def seed(name, until=None):
    end = datetime.fromisoformat(until).replace(tzinfo=LONDON).astimezone(UTC) if until else None
    return replay(read_file(str(SEEDS / name), BOOK), BOOK, end)


@pytest.fixture(scope="module")
def coventry():
    return seed("coventry-2022.yaml")


@pytest.fixture(scope="module")
def coventry_page(coventry):
    return page(coventry)


def rows(html):
    """The text of the chronology's row in which each id stands."""
    found = {}
    for row in re.findall(r"<tr id=.*?</tr>", html, re.DOTALL):
        text = " ".join(unescape(re.sub(r"<[^>]+>", " ", row)).split())
        found |= dict.fromkeys(re.findall(r'<(?:tr|li) id="([^"]+)"', row), text)
    return found


def moment(at):
    local = at.astimezone(LONDON)
    return f"{local.day} {local:%b %Y %H:%M}"


CASES = [
    ("coventry-2022.yaml", None),
    ("demo/danger-decided.yaml", None),
    ("demo/three-children.yaml", "2026-11-20T10:00"),
    ("demo/closing.yaml", "2026-11-20T10:00"),
]


@pytest.mark.parametrize(("name", "until"), CASES)
def test_everything_raised_is_in_the_text_with_its_clocks_and_who_was_told(name, until):
    done = seed(name, until)
    text = rows(page(done))
    assert len([anchor for anchor in text if anchor.startswith("raised")]) == len(done.escalations)
    for number, each in enumerate(done.escalations, start=1):
        row = text[f"raised-{number}"]
        assert row.startswith(moment(each.raised_at))
        assert " ".join(each.because.split()) in row
        assert f"{each.rule} {each.rule_name}" in row
        for action in each.actions:
            label = BOOK.rules.label(action.before)
            due = f"by {moment(action.due_at)}" if action.due_at else f"before {label}"
            assert f"{due}: " in row
            if action.done_at:
                assert f"done {moment(action.done_at)}" in row
        overdue = [a for a in each.actions if not a.done_at and a.by_when < done.until]
        assert row.count("overdue") == len(overdue)
        for rung in done.told[each.id]:
            assert f"{BOOK.rules.label(rung.role)} {moment(rung.at)}" in row


@pytest.mark.parametrize(("name", "until"), CASES)
def test_everything_raised_is_in_the_picture_with_its_clocks(name, until):
    done = seed(name, until)
    picture = draw(done, tell(done))
    marks = [mark for lane in picture.lanes for row in lane.rows for mark in row.marks]
    drawn = [each.raised.id for m in marks if m.kind == "escalation" for each in m.told]
    assert sorted(drawn) == sorted(each.id for each in done.escalations)
    actions = [action for each in done.escalations for action in each.actions]
    demands = [each.clock for m in marks if m.kind == "clock" for each in m.told]
    assert len(demands) == len(actions)
    assert {each.due_at for each in demands} == {each.due_at for each in actions}
    strokes = [each.kind for lane in picture.lanes for row in lane.rows for each in row.strokes]
    late = [a for a in actions if not a.done_in_time and (a.done_at or a.by_when < done.until)]
    assert strokes.count("running") + strokes.count("waiting") == len(actions)
    assert strokes.count("overdue") == strokes.count("turn") == len(late)
    assert strokes.count("done") == sum(action.done_at is not None for action in actions)
    recorded = [each for row in picture.seen for mark in row.marks for each in mark.told]
    assert len(recorded) == len(done.case.events) - 1


def test_what_is_in_the_picture_leads_to_the_text(coventry, coventry_page):
    tags = Reader(coventry_page).tags
    ids = [its["id"] for _, its in tags if its.get("id")]
    assert len(ids) == len(set(ids))
    marks = [its for tag, its in tags if tag == "a" and its.get("class") == "mark"]
    assert len(marks) > 20
    for its in marks:
        assert its["href"][1:] in ids
        assert its["aria-describedby"] in ids
        assert its["aria-label"]
    names = [its["aria-label"] for its in marks]
    for each in coventry.escalations:
        assert any(name.startswith(f"{each.rule} ") for name in names)


def test_a_refusal_answered_shows_what_was_done_late_and_decided():
    done = replayed(REFUSED + ANSWERED)
    row = next(row for row in rows(page(done)).values() if "R03 No-access" in row)
    assert (
        "Call the police , the visitor: by 3 Feb 2026 11:30: done 3 Feb 2026 10:50 by hv-1" in row
    )
    assert "done 3 Feb 2026 19:00 by hv-1, 7 hours late" in row
    assert "Arrived late: 3 Feb 2026 17:05, 6 hours later" in row
    assert "Acknowledged 3 Feb 2026 17:10 by tm." in row
    assert "Decided 3 Feb 2026 17:30 by tm: Police saw Ada." in row
    lane = next(each for each in draw(done, tell(done)).lanes if each.rule == "R03")
    kinds = [stroke.kind for stroke in lane.rows[0].strokes]
    assert sorted(kinds) == ["acknowledged", "decided", "open"]
    notes = {each.name: each.note for each in lane.rows[1:]}
    assert notes["Call the police"] == "1 of 1 in time"
    assert notes["Tell your manager"] == "0 of 1 in time"


def test_a_clock_that_still_runs_is_not_called_late():
    done = replayed(REFUSED, "2026-02-03T17:05")
    lane = next(each for each in draw(done, tell(done)).lanes if each.rule == "R03")
    talk = next(each for each in lane.rows if each.name == "Hold a strategy discussion")
    assert talk.note == "1 not due yet"
    assert [stroke.kind for stroke in talk.strokes] == ["running"]


# What the public reports name as seen and not followed, the day it has in the case file, and the
# rules that answer it.
MISSED_CHANCES = [
    ("Appointments with the health visitor were not kept", "2018-05-14", {"R20"}),
    ("The child was not seen", "2018-05-21", {"R06"}),
    ("Entry was refused", "2018-06-05", {"R04"}),
    ("Entry was refused again", "2018-06-14", {"R05", "R14"}),
    ("Left in the cot for long spells", "2018-07-03", {"R22", "R12"}),
    ("The mattress was wet again", "2018-07-24", {"R09"}),
    ("Mattress, bottles and cot, each recorded alone", "2018-08-09", {"R11"}),
    ("Handled roughly", "2018-08-09", {"R21"}),
    ("An unusual abscess", "2018-09-04", {"R19"}),
    ("Possible cannabis, its effect not considered", "2018-09-18", {"R10"}),
    ("Closed on a hopeful assessment", "2018-10-08", {"R17"}),
    ("A pregnancy, and no assessment before the birth", "2018-11-05", {"R15"}),
    ("No safe bed in hand before the baby came home", "2019-05-14", {"R08"}),
    ("The police were not called when entry was refused", "2019-05-29", {"R03", "R18"}),
]


@pytest.mark.parametrize(("fact", "day", "rules"), MISSED_CHANCES)
def test_every_missed_chance_is_raised_on_its_day_with_a_clock(coventry, fact, day, rules):
    history = tell(coventry)
    raised = [
        each
        for each in history.escalations
        if each.raised.raised_at.astimezone(LONDON).date().isoformat() == day
    ]
    assert {each.raised.rule for each in raised} >= rules, fact
    for each in raised:
        assert each.clocks, fact
        assert each.told[-1].role == "director"  # nobody answered, so it climbed
    assert {lane.rule for lane in draw(coventry, history).lanes} >= {*rules, "R24"}


def test_that_the_police_were_not_called_is_said_and_raised(coventry_page):
    text = rows(coventry_page).values()
    row = next(row for row in text if "R03 No-access" in row)
    assert "Call the police , the visitor: by 29 May 2019 16:30: not done, 4 days overdue" in row
    later = [row for row in text if row.startswith("29 May 2019 16:30")]
    assert any("R18" in row and "“Call the police” was due by 16:30" in row for row in later)


def test_what_must_be_done_before_a_day_not_known_yet_waits_for_it(coventry):
    history = tell(coventry)
    clocks = [clock for each in history.escalations for clock in each.clocks]
    waiting = [clock for clock in clocks if clock.due_at is None]
    assert waiting
    for clock in waiting:
        assert (clock.due, clock.state) == ("before the first night at home", "running")
    lanes = draw(coventry, history).lanes
    strokes = [stroke.kind for lane in lanes for row in lane.rows for stroke in row.strokes]
    assert strokes.count("waiting") == len(waiting)


def test_each_assumed_date_is_marked_and_said(coventry, coventry_page):
    text = rows(coventry_page)
    events = sorted(coventry.case.events[1:], key=lambda each: each.at)
    assert len(coventry.case.assumed) == len(events)
    for number, event in enumerate(events, start=1):
        row = text[f"event-{number}"]
        assert row.startswith(f"{moment(event.at)} ≈ date assumed")
        assert f"Assumed: {coventry.case.assumed[event.id]}." in row
    for number, _ in enumerate(coventry.escalations, start=1):
        assert "≈ rests on an assumed date" in text[f"raised-{number}"]
    words = Reader(coventry_page).text
    assert f"All {len(events)} records below have a date that is assumed" in words
    assert "Birth of baby: the day, and when it was expected" in words


def test_a_date_that_is_not_assumed_is_not_marked():
    html = page(replayed(REFUSED + ANSWERED))
    assert "The case file does not say of any date that it is assumed." in html
    assert "date assumed" not in " ".join(rows(html).values())
    some = page(replayed(REFUSED.replace("id: e1,", "id: e1, assumed: the hour,")))
    assert "1 of the 2 records below have" in some
    assert "≈ date assumed" in rows(some)["event-2"]
    assert "date assumed" not in rows(some)["event-1"]


def test_a_quiet_family_and_an_empty_history_are_said_in_words():
    quiet = Reader(page(seed("demo/quiet-messy-home.yaml"))).text
    assert "On this history the rules would have raised nothing." in quiet
    assert "Nothing. On this history no rule fires." in quiet
    before = Reader(page(replayed(REFUSED, "2025-12-01T09:00"))).text
    assert "Nothing had been recorded by 1 Dec 2025 09:00." in before


def test_one_event_and_an_unborn_child_are_drawn():
    visit = "id: e, type: visit, at: 2026-02-03T10:30, agency: gp"
    done = replayed(f"{HEAD}  - {{{visit}, answers: [{{item: ACC-01, answer: in}}]}}\n")
    picture = draw(done, tell(done))
    ada, bea, visits, *_ = picture.seen
    assert [stroke.kind for stroke in ada.strokes] == ["life"]
    assert [stroke.kind for stroke in bea.strokes] == ["unborn"]
    assert bea.detail == "unborn, due 1 Sep 2026"
    assert len(visits.marks) == 1
    assert picture.lanes == []


def test_plans_in_force_together_lie_one_under_another():
    text = HEAD + "".join(
        f"  - {{id: {plan}{action}, type: plan, at: {day}T09:00, action: {action}, plan: {plan},"
        f" agency: social_care{more}}}\n"
        for plan, action, day, more in (
            ("p", "start", "2026-01-20", ", kind: child_protection, children: [ada]"),
            ("q", "start", "2026-02-20", ", kind: early_help, children: [ada]"),
            ("p", "end", "2026-03-20", ""),
            ("r", "start", "2026-05-20", ", kind: safety, children: [ada]"),
        )
    )
    done = replayed(text, "2026-07-01T09:00")
    row = next(each for each in draw(done, tell(done)).seen if each.name == "Plans in force")
    assert [(stroke.level, stroke.kind) for stroke in sorted(row.strokes, key=lambda s: s.x)] == [
        (0, "plan"),
        (1, "plan"),
        (0, "plan"),
    ]


def test_words_of_the_case_file_are_shown_and_never_run():
    quoted = json.dumps(HOSTILE)
    text = (
        REFUSED.replace("A refusal under a plan", quoted)
        .replace("by: hv-1", f"by: {quoted}, assumed: {quoted}")
        .replace("answer: refused}", f"answer: refused, note: {quoted}}}")
        .replace("id: example-1\n", f"id: example-1\nsources: [{quoted}]\n")
        .replace("conditions:", f"words: {quoted}, conditions:")
    )
    more = ANSWERED.replace("Police saw Ada.", quoted).replace("by: tm", f"by: {quoted}")
    html = page(replayed(text + more))
    reader = Reader(html)
    assert reader.text.count(HOSTILE) > 8
    assert [tag for tag, _ in reader.tags].count("script") == 1
    assert not [tag for tag, its in reader.tags if tag == "img" or "onerror" in its]
    assert "49" not in reader.text


def test_the_page_refers_to_nothing_outside_itself(coventry_page):
    for _, its in Reader(coventry_page).tags:
        for name in ("src", "srcset", "data", "action", "poster", "xlink:href"):
            assert name not in its
        assert its.get("href", "#").startswith("#")
    styles = " ".join(re.findall(r"<style>(.*?)</style>", coventry_page, re.DOTALL))
    assert "@import" not in styles
    assert set(re.findall(r"url\(([^)]*)\)", styles)) <= {"#hatch"}
    assert "default-src 'none'" in coventry_page


def test_it_needs_neither_the_web_nor_a_database():
    words = (
        "import sys\n"
        "for name in ('flask', 'flask_smorest', 'sqlalchemy', 'alembic', 'psycopg', 'kivy'):\n"
        "    sys.modules[name] = None\n"
        "from backend.replay import replay_command\n"
        "replay_command()\n"
    )
    case = str(SEEDS / "coventry-2022.yaml")
    done = subprocess.run(
        [sys.executable, "-c", words, case, "--format", "html"],
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("<!DOCTYPE html>")


def test_the_command_writes_the_page(coventry_page):
    done = CliRunner().invoke(
        replay_command, [str(SEEDS / "coventry-2022.yaml"), "--format", "html"]
    )
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.strip() == coventry_page.strip()


def test_a_record_stands_before_what_it_raised(coventry):
    history = tell(coventry)
    entries = chronology(history)
    order = [
        (each[0].raised.raised_at, each[0].raised.rule)
        if isinstance(each, list)
        else (each.at, each.title)
        for each in entries
    ]
    moments = [at for at, _ in order]
    assert moments == sorted(moments)
    closing = [words for at, words in order if moment(at) == "8 Oct 2018 09:00"]
    assert closing == ["Request to close", "R17"]
    together = [each for each in entries if isinstance(each, list)]
    assert sorted(one.anchor for each in together for one in each) == sorted(
        each.anchor for each in history.escalations
    )


def test_only_what_says_the_same_shares_a_row(coventry):
    together = [each for each in chronology(tell(coventry)) if isinstance(each, list)]
    assert any(len(each) > 3 for each in together)
    for each in together:
        assert len(each) == 1 or {one.raised.rule for one in each} == {"R18"}
        assert len({(one.when, str(one.told), str(one.required)) for one in each}) == 1


PLACES = st.lists(st.floats(0, 100), max_size=300).map(sorted)


@given(PLACES, st.integers(1, MOST_LEVELS))
def test_marks_never_lie_on_one_another_and_none_is_lost(xs, levels):
    spots = spread(xs, NARROWEST, levels=levels)
    assert sorted(member for spot in spots for member in spot.members) == list(range(len(xs)))
    for level in range(levels):
        here = [spot.x * NARROWEST / 100 for spot in spots if spot.level == level]
        assert all(b - a >= PITCH - 1e-6 for a, b in zip(here, here[1:], strict=False))
    assert all(0 <= spot.level < levels for spot in spots)


def test_marks_that_would_look_like_one_are_one():
    apart = 100 * ALIKE / NARROWEST
    assert [spot.members for spot in spread([10, 10 + apart / 2, 10 + 2 * apart], NARROWEST)] == [
        (0, 1),
        (2,),
    ]


@given(st.datetimes(datetime(1995, 1, 1), datetime(2060, 1, 1)), st.floats(0, 14_000))
def test_an_axis_is_divided_into_few_parts_that_hold_its_history(first, days):
    first = first.replace(tzinfo=UTC)
    last = first + timedelta(days=days)
    axis = timescale(first, last)
    assert axis.start <= first
    assert axis.end >= last
    assert 0 <= axis.place(first) <= axis.place(last) <= 100
    xs = [tick.x for tick in axis.ticks]
    assert xs == sorted(set(xs))
    assert 1 <= len(xs) <= 36
    assert NARROWEST <= axis.width <= 3000


@pytest.mark.parametrize(
    ("days", "labels"),
    [
        (0.2, ["10:00", "12:00"]),
        (6, ["Mon 22", "Tue 23"]),
        (60, ["22 Jan", "29 Jan"]),
        (500, ["Jan", "Feb"]),
        (1500, ["Jan", "Apr"]),
        (5000, ["2018", "2019"]),
        (25_000, ["2018", "2023"]),
    ],
)
def test_the_axis_is_named_by_its_length(days, labels):
    axis = timescale(START, START + timedelta(days=days))
    assert [tick.label for tick in axis.ticks][:2] == labels


def test_months_stand_where_they_begin_though_the_clocks_change():
    axis = timescale(START, START + timedelta(days=500))
    for tick, month in zip(axis.ticks, range(1, 13), strict=False):
        assert tick.x == axis.place(datetime(2018, month, 1, tzinfo=LONDON))
    assert [period.label for period in axis.periods] == ["2018", "2019"]
