"""`threshold backtest`: what it counts, told by hand, and how it takes what does not fit."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from backend.backtest_totals import Totals
from backend.backtesting import Compared, RuleCompared, Side, compared
from backend.replaying import read_book, read_raw, replay
from tests.backtest import written
from tests.backtest.conftest import run

ROOT = Path(__file__).parents[2]
COMMAND = [str(Path(sys.executable).parent / "threshold"), "backtest"]
NOTHING = {"raised": 0, "only": 0, "first": None, "first_only": None}


def rule(report, name):
    return next(each for each in report["rules"] if each["rule"] == name)


def role(load, name):
    return next(each for each in load if each["role"] == name)


def changed(report, name):
    """The families for which a rule changes, by how: each path with the dates of A and of B."""
    kinds = rule(report, name)["changes"]
    assert list(kinds) == [
        "only_under_a",
        "only_under_b",
        "earlier_under_b",
        "later_under_b",
        "otherwise",
    ]
    return {kind: found for kind, found in kinds.items() if found}


def once(first, only=1):
    return {"raised": 1, "only": only, "first": first, "first_only": first if only else None}


def test_a_shorter_window_fires_less_and_later(folder, pack, reported):
    report = reported(folder, "--against", pack(days=7))
    assert rule(report, "R05")["escalations"] == {
        "a": 5,  # ten-days, five-days, thrice, and two in twice-over
        "b": 3,  # five-days, thrice, twice-over
        "both": 2,
        "only_a": 3,
        "only_b": 1,
        "other_level": 0,
    }
    assert rule(report, "R05")["families"] == {"a": 4, "b": 3}
    assert changed(report, "R05") == {
        "only_under_a": [
            {
                "case": "ten-days",
                "path": "east/ten-days.yaml",
                "a": once("2026-03-30"),
                "b": NOTHING,
            }
        ],
        "later_under_b": [
            {
                "case": "thrice",
                "path": "east/thrice.yaml",
                "a": once("2026-03-12"),
                "b": once("2026-03-17"),
            }
        ],
        "otherwise": [
            {
                "case": "twice-over",
                "path": "twice-over.yaml",
                "a": {"raised": 2, "only": 1, "first": "2026-02-07", "first_only": "2026-04-11"},
                "b": {"raised": 1, "only": 0, "first": "2026-02-07", "first_only": None},
            }
        ],
    }
    assert changed(report, "R04") == {}
    assert changed(report, "R22") == {}


def test_the_other_way_round_it_fires_more_and_earlier(folder, pack, reported):
    report = reported(folder, "--rules", pack(days=7), "--against", "england")
    kinds = changed(report, "R05")
    assert [each["case"] for each in kinds["only_under_b"]] == ["ten-days"]
    assert [(e["a"]["first"], e["b"]["first"]) for e in kinds["earlier_under_b"]] == [
        ("2026-03-17", "2026-03-12")
    ]
    assert [each["b"]["first_only"] for each in kinds["otherwise"]] == ["2026-04-11"]


def test_a_rule_that_is_left_out(folder, pack, reported):
    report = reported(folder, "--against", pack(drop="R22"))
    gone = rule(report, "R22")
    assert gone["level"] == {"a": "S", "b": None}
    assert gone["escalations"]["only_a"] == 1
    assert [each["case"] for each in changed(report, "R22")["only_under_a"]] == ["shut-away"]
    # What no rule answers any more falls to the last one.
    assert [each["case"] for each in changed(report, "R26")["only_under_b"]] == ["shut-away"]


def test_a_rule_that_is_new(folder, pack, reported):
    report = reported(folder, "--against", pack(add=written.ADDED))
    new = rule(report, "R90")
    assert report["rules"][-1] == new
    assert (new["name"], new["level"]) == ("A stained sheet", {"a": None, "b": "L"})
    assert changed(report, "R90")["only_under_b"] == [
        {
            "case": "stained",
            "path": "east/stained.yaml",
            "a": NOTHING,
            "b": once("2026-03-09"),
        }
    ]
    nurse = role(report["actions"], "named_nurse")
    assert (sum(nurse["a"]["by_month"]), sum(nurse["b"]["by_month"])) == (0, 1)
    assert nurse["b"]["peak"] == {"month": "2026-03", "count": 1}


def test_another_level_is_the_same_escalation_and_climbs_faster(folder, pack, reported):
    only = ["R08"]
    a, b = pack("a", only=only), pack("b", only=only, levels={"R08": "I"})
    report = reported(folder, "--rules", a, "--against", b, "--until", "2026-03-06T12:00")
    bed = rule(report, "R08")
    assert bed["level"] == {"a": "S", "b": "I"}
    assert bed["escalations"] == {
        "a": 1,
        "b": 1,
        "both": 1,
        "only_a": 0,
        "only_b": 0,
        "other_level": 1,
    }
    assert changed(report, "R08") == {}
    # S: at 10:30, then the next working day. I: 10:30, 11:00, 11:30 and 12:00.
    told = {
        each["role"]: (sum(each["a"]["by_month"]), sum(each["b"]["by_month"]))
        for each in report["told"]
    }
    assert told == {
        "team_manager": (1, 1),
        "service_manager": (0, 1),
        "head_of_service": (0, 1),
        "director": (0, 1),
    }


def test_the_load_of_each_role_by_month(tmp_path, pack, reported):
    folder = written.put(tmp_path / "cases", ["ten-days", "calm"])
    a, b = pack("a", only=["R05"]), pack("b", only=["R05"], days=7)
    report = reported(folder, "--rules", a, "--against", b, "--until", "2026-04-10")
    assert report["until"] == "2026-04-10T00:00:00+01:00"
    assert report["months"] == ["2026-03", "2026-04"]
    assert report["families_by_month"] == [2, 2]
    assert report["months_covered"] == 2
    # Raised on Monday 30 March; each rung is the next working day, and Good Friday comes after.
    assert [(each["role"], each["a"]["by_month"]) for each in report["told"]] == [
        ("team_manager", [1, 0]),
        ("service_manager", [1, 0]),
        ("head_of_service", [0, 1]),
        ("director", [0, 1]),
    ]
    assert role(report["told"], "director")["a"] == {
        "mean": 0.5,
        "peak": {"month": "2026-04", "count": 1},
        "by_month": [0, 1],
    }
    assert role(report["told"], "director")["b"] == {"mean": 0.0, "peak": None, "by_month": [0, 0]}
    # A manager's decision and the child seen; she is two and on no plan, so no strategy discussion.
    assert [(each["role"], each["label"], each["a"]["by_month"]) for each in report["actions"]] == [
        ("team_manager", "team manager", [2, 0])
    ]


def test_a_ladder_with_fewer_rungs(tmp_path, pack, reported):
    folder = written.put(tmp_path / "cases", ["ten-days"])
    rungs = ["team_manager", "named_nurse"]
    a, b = pack("a", only=["R05"]), pack("b", only=["R05"], rungs=rungs)
    report = reported(folder, "--rules", a, "--against", b, "--until", "2026-05-01")
    assert rule(report, "R05")["escalations"]["both"] == 1
    told = {each["role"]: (each["a"]["mean"], each["b"]["mean"]) for each in report["told"]}
    third = 0.33  # one in March, April and the first minute of May
    assert told == {
        "team_manager": (third, third),
        "service_manager": (third, 0.0),
        "head_of_service": (third, 0.0),
        "director": (third, 0.0),
        "named_nurse": (0.0, third),
    }


def test_what_arrives_late_is_load_when_it_arrives(tmp_path, pack, reported):
    late = written.case(
        "late",
        written.refused("v1", "2026-03-20T10:30"),
        written.refused("v2", "2026-03-30T10:30", received="2026-04-02T09:00"),
    )
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "late.yaml").write_text(late)
    a = pack("a", only=["R05"])
    report = reported(tmp_path / "cases", "--rules", a, "--against", pack("b", days=7))
    assert changed(report, "R05")["only_under_a"][0]["a"]["first"] == "2026-03-30"
    assert role(report["told"], "team_manager")["a"]["by_month"] == [0, 1]
    assert role(report["actions"], "team_manager")["a"]["by_month"] == [0, 2]


def test_two_overdue_actions_of_one_event_are_two_escalations(tmp_path, pack, reported):
    folder = written.put(tmp_path / "cases", ["ten-days"])
    a, b = pack("a", only=["R05", "R18"]), pack("b", only=["R05", "R18"])
    text = b.read_text().replace("do: child_seen", "do: unannounced_visit", 1)
    b.write_text(text)
    report = reported(folder, "--rules", a, "--against", b, "--until", "2026-04-10")
    # The decision and the child seen are overdue under A; under B the visit is, not the child seen.
    overdue = rule(report, "R18")["escalations"]
    assert (overdue["a"], overdue["b"], overdue["both"]) == (2, 2, 1)


def test_the_same_pack_changes_nothing(folder, reported):
    report = reported(folder, "--against", "england")
    assert report["families"] == len(written.CASES)
    for each in report["rules"]:
        counts = each["escalations"]
        assert (counts["only_a"], counts["only_b"], counts["other_level"]) == (0, 0, 0)
        assert counts["a"] == counts["b"] == counts["both"]
        assert not any(each["changes"].values())
    assert all(each["a"] == each["b"] for each in [*report["told"], *report["actions"]])


def test_the_json_has_the_keys_that_are_written_down(folder, pack, reported):
    draft = pack(days=7)
    report = reported(folder, "--against", draft)
    assert list(report) == [
        "packs",
        "until",
        "families",
        "not_begun",
        "months",
        "families_by_month",
        "months_covered",
        "rules",
        "told",
        "actions",
        "unreadable",
    ]
    assert report["packs"]["b"] == {
        "id": "draft",
        "version": 1,
        "title": "A draft",
        "from": str(draft),
    }
    assert report["packs"]["a"]["from"] == "england"
    assert report["until"] is None
    assert report["unreadable"] == []
    for each in report["rules"]:
        assert list(each) == ["rule", "name", "level", "escalations", "families", "changes"]
    for each in [*report["told"], *report["actions"]]:
        assert list(each) == ["role", "label", "a", "b"]
        assert len(each["a"]["by_month"]) == len(report["months"])


def test_families_that_had_not_begun_are_said_and_not_followed(folder, pack, reported):
    report = reported(folder, "--against", pack(days=7), "--until", "2026-02-10")
    assert (report["families"], report["not_begun"]) == (8, 7)
    assert report["families_by_month"] == [1]
    before = reported(folder, "--against", pack(days=7), "--until", "2026-01-01")
    assert (before["not_begun"], before["months"], before["families_by_month"]) == (8, [], [])
    assert before["told"][0]["a"] == {"mean": None, "peak": None, "by_month": []}
    for form in ("text", "html"):
        done = run(folder, "--against", "england", "--until", "2026-01-01", "--format", form)
        assert done.exit_code == 0
        assert "nothing had been received by then" in done.stdout


def test_a_month_in_which_no_history_runs_is_not_in_the_mean():
    totals = Totals()
    nothing = Side(0, 0, None, None)
    for months in ((24312, 24312), (24315, 24316)):  # January; April and May 2026
        told = {("team_manager", months[0]): 3}
        rules = (RuleCompared("R05", Side(1, 1, "2026-01-05", "2026-01-05"), nothing, 0),)
        totals.add("one.yaml", Compared("one", months, rules, (told, {}), ({}, {})))
    book = read_book(None)
    doc = totals.to_doc(book, book, ("a", "b"), None)
    assert doc["families_by_month"] == [1, 0, 0, 1, 1]
    assert doc["months_covered"] == 3
    assert role(doc["told"], "team_manager")["a"]["mean"] == 2.0


@pytest.mark.parametrize(
    ("received", "month"),
    [
        ("2026-03-31T22:59:59+00:00", "2026-03"),
        ("2026-03-31T23:00:00+00:00", "2026-04"),  # midnight, in summer time
        ("2026-12-31T23:59:59+00:00", "2026-12"),
        ("2026-03-31T18:30:00-05:00", "2026-04"),
    ],
)
def test_months_are_those_of_london(received, month):
    raw = written.case("one", written.visit("v1", received)).encode()
    book = read_book(None)
    done = replay(read_raw(raw, "one.yaml", book), book)
    first, last = compared(done, done).months
    assert first == last
    assert f"{first // 12}-{first % 12 + 1:02}" == month


def test_the_text_fits_and_names_what_changes(folder, pack):
    for columns in ("80", "120"):
        done = run(folder, "--against", pack(days=7), columns=columns)
        assert (done.exit_code, done.stderr) == (0, "")
        assert max(map(len, done.stdout.splitlines())) <= int(columns)
        assert "\x1b" not in done.stdout
    words = " ".join(done.stdout.split())
    assert "8 families, 3 months from Feb 2026 to Apr 2026." in words
    assert "Fires under A and not under B: 1 family east/ten-days.yaml: 30 Mar 2026" in words
    assert "Fires later under B: 1 family east/thrice.yaml: A 12 Mar 2026, B 17 Mar 2026" in words
    assert "twice-over.yaml: 1 by A alone, from 11 Apr 2026" in words
    assert "proposals, to be signed off locally" in words
    assert "score" not in words.lower()


def test_the_text_names_some_families_and_counts_the_rest(tmp_path, pack):
    folder = tmp_path / "cases"
    folder.mkdir()
    for n in range(13):
        (folder / f"f{n:02}.yaml").write_text(written.CASES["ten-days"])
    done = run(folder, "--against", pack(only=["R05"], days=7), "--rules", pack("a", only=["R05"]))
    assert "Fires under A and not under B: 13 families" in done.stdout
    assert "f09.yaml" in done.stdout
    assert "f10.yaml" not in done.stdout
    assert "and 3 more" in done.stdout


def test_one_process_and_two_report_the_same(folder, pack):
    words = [folder, "--against", pack(days=7), "--format", "json", "--processes"]
    one, two = run(*words, 1), run(*words, 2)
    assert (one.exit_code, one.stderr) == (two.exit_code, two.stderr) == (0, "")
    assert one.stdout == two.stdout


def test_a_case_that_names_a_rule_of_one_pack_is_read(tmp_path, pack, reported):
    (tmp_path / "cases").mkdir()
    text = written.case(
        "decided",
        written.visit("v1", "2026-03-09T10:30", "SLP-05, answer: stain"),
        written.decided("d1", "2026-03-10T09:00", "R90", "v1"),
    )
    (tmp_path / "cases" / "decided.yaml").write_text(text)
    report = reported(tmp_path / "cases", "--against", pack(add=written.ADDED))
    assert rule(report, "R90")["families"] == {"a": 0, "b": 1}


def test_a_file_that_does_not_fit_is_named_and_the_others_are_reported(folder, pack):
    path = folder / "east" / "bad.yaml"
    path.write_text(written.CASES["calm"].replace("type: visit", "type: vist"))
    for form in ("text", "json", "html"):
        done = run(folder, "--against", pack(days=7), "--format", form)
        assert done.exit_code == 2
        assert f"{path}: line 5" in done.stderr
        assert "Traceback" not in done.stderr
        assert "twice-over" in done.stdout
    report = json.loads(run(folder, "--against", pack(days=7), "--format", "json").stdout)
    assert report["families"] == len(written.CASES)
    assert [each["path"] for each in report["unreadable"]] == ["east/bad.yaml"]
    assert "vist" in report["unreadable"][0]["message"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["{}/empty", "--against", "england"], "no case files"),
        (["{}/other", "--against", "england"], "no case files"),
        (["{}/nowhere", "--against", "england"], "nowhere"),
        (["{}/cases/calm.yaml", "--against", "england"], "not a folder"),
        (["{}/cases"], "--against"),
        (["{}/cases", "--against", "{}/nowhere.yaml"], "cannot be read"),
        (["{}/cases", "--against", "{}/broken.yaml"], "broken.yaml: line 1"),
        (["{}/cases", "--against", "england", "--rules", "{}/broken.yaml"], "broken.yaml: line 1"),
        (["{}/cases", "--against", "england", "--until", "soon"], "--until"),
        (["{}/cases", "--against", "england", "--processes", "0"], "--processes"),
        (["{}/cases", "--against", "england", "--format", "xml"], "--format"),
        (
            ["{}/cases", "--against", "england", "--processes", "2", "--scheduler", "tcp://x:1"],
            "not both",
        ),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(folder, tmp_path, words, says):
    (tmp_path / "empty").mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "notes.yaml").write_text("a: 1\n")
    (tmp_path / "broken.yaml").write_text("format: threshold-rules/1\nid: x\n")
    done = run(*(word.format(tmp_path) for word in words))
    assert (done.exit_code, done.stdout) == (2, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_it_needs_neither_the_web_nor_a_database_nor_dask(folder, pack):
    words = (
        "import sys\n"
        "for name in ('flask', 'sqlalchemy', 'alembic', 'psycopg', 'kivy', 'distributed'):\n"
        "    sys.modules[name] = None\n"
        "from backend.backtest import backtest_command\n"
        "backtest_command()\n"
    )
    command = [sys.executable, "-c", words, str(folder), "--against", str(pack(days=7))]
    done = subprocess.run(
        [*command, "--format", "html"], capture_output=True, text=True, cwd=ROOT, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "twice-over" in done.stdout
    refused = subprocess.run(
        [*command, "--scheduler", "tcp://127.0.0.1:1"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
    )
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "threshold[cluster]" in refused.stderr


def test_it_shows_how_far_it_is_and_ends_at_once_on_ctrl_c(tmp_path):
    (tmp_path / "many").mkdir()
    (tmp_path / "one.yaml").write_text(written.CASES["twice-over"])
    for n in range(20_000):
        os.link(tmp_path / "one.yaml", tmp_path / "many" / f"{n:05}.yaml")
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        [*COMMAND, str(tmp_path / "many"), "--against", "england", "--processes", "2"],
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        start_new_session=True,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
    )
    os.close(theirs)
    shown = b""
    while b"/20000" not in shown:
        shown += os.read(ours, 1024)
    asked = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to every process of the command
    process.wait(10)
    took = time.monotonic() - asked
    try:
        while more := os.read(ours, 1024):
            shown += more
    except OSError:  # the end, on a terminal whose other side is closed
        pass
    os.close(ours)
    assert b"Back-testing" in shown
    assert b"Traceback" not in shown
    assert process.returncode == 1
    assert took < 5
