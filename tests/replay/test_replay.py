"""`threshold replay` as people and programs run it: good files, hostile files, and the seeds."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from backend.replay import replay_command
from shared import packs

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "seeds"
COMMAND = [str(Path(sys.executable).parent / "threshold"), "replay"]

REFUSED = """\
format: threshold-case/1
id: example-1
title: A refusal under a plan
children: [{id: ada, born: 2026-01-10}]
adults: [{id: mother}]
events:
  - {id: p, type: plan, at: 2026-02-02T09:00, action: start, plan: p1, kind: child_protection,
     children: [ada], conditions: [{code: no_access}]}
  - id: e1
    type: visit
    at: 2026-02-03T10:30
    received_at: 2026-02-03T17:05
    by: hv-1
    agency: health_visiting
    answers:
      - {item: ACC-01, answer: refused}
"""


def run(*arguments, columns="80"):
    """Run the command in this process, which is quicker; `run_apart` runs the installed one."""
    words = [str(each) for each in arguments]
    return CliRunner(env={"COLUMNS": columns}).invoke(replay_command, words)


def run_apart(*arguments, columns="80", seed="0"):
    environment = {
        **os.environ,
        "COLUMNS": columns,
        "PYTHONIOENCODING": "utf-8",
        "PYTHONHASHSEED": seed,
    }
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment,
        timeout=60,
        check=False,
    )


def replayed(*arguments):
    done = run(*arguments, "--format", "json")
    assert (done.exit_code, done.stderr) == (0, ""), done.output
    return json.loads(done.stdout)


@pytest.fixture
def case(tmp_path):
    def write(text, name="case.yaml"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_json_has_the_keys_and_times_of_its_format(case):
    done = replayed(case(REFUSED), "--until", "2026-02-03T17:40")
    assert list(done) == ["case", "rules", "until", "escalations"]
    assert done["case"] == "example-1"
    assert done["rules"] == {"id": "england", "version": packs.england().version}
    assert done["until"] == "2026-02-03T17:40:00+00:00"
    first, *rest = done["escalations"]
    because = first.pop("because")
    assert "refused" in because.lower()
    assert "3 February 2026" in because
    assert first == {
        "rule": "R03",
        "level": "I",
        "children": ["ada"],
        "raised_at": "2026-02-03T10:30:00+00:00",
        "received_at": "2026-02-03T17:05:00+00:00",
        "evidence": [{"event": "e1", "item": "ACC-01", "answer": "refused", "about": None}],
        "actions": [
            {
                "code": "call_police",
                "who": "visitor",
                "due_at": "2026-02-03T11:30:00+00:00",
                "done_at": None,
            },
            {
                "code": "tell_manager",
                "who": "visitor",
                "due_at": "2026-02-03T11:30:00+00:00",
                "done_at": None,
            },
            {
                "code": "strategy_discussion",
                "who": "team_manager",
                "due_at": "2026-02-03T23:59:00+00:00",
                "done_at": None,
            },
        ],
        "blockers": [],
        "ladder": [
            {"role": "team_manager", "at": "2026-02-03T17:05:00+00:00"},
            {"role": "service_manager", "at": "2026-02-03T17:35:00+00:00"},
        ],
        "acknowledged_at": None,
        "decided_at": None,
    }
    # It arrived after its calls were due, so what was not done is raised with it.
    assert [each["rule"] for each in rest] == ["R18", "R18"]
    assert [each["raised_at"] for each in rest] == ["2026-02-03T11:30:00+00:00"] * 2
    assert {each["evidence"][0]["action"] for each in rest} == {"call_police", "tell_manager"}
    assert all(each["evidence"][0]["event"] == "e1" for each in rest)


def test_left_out_until_is_when_the_last_event_was_received(case):
    assert replayed(case(REFUSED))["until"] == "2026-02-03T17:05:00+00:00"


def test_what_is_received_after_until_is_not_known_yet(case):
    done = replayed(case(REFUSED), "--until", "2026-02-03T17:00")
    assert done["escalations"] == []
    summer = replayed(case(REFUSED), "--until", "2026-07-01")
    assert summer["until"] == "2026-07-01T00:00:00+01:00"
    roles = [rung["role"] for rung in summer["escalations"][0]["ladder"]]
    assert roles == ["team_manager", "service_manager", "head_of_service", "director"]


def test_a_decision_and_what_was_done_are_shown(case):
    answered = """\
  - {id: d, type: action_done, at: 2026-02-03T10:50, received_at: 2026-02-03T17:05, by: hv-1,
     rule: R03, on: e1, action: call_police}
  - {id: a, type: acknowledge, at: 2026-02-03T17:10, by: tm, role: team_manager, rule: R03, on: e1}
  - {id: x, type: decision, at: 2026-02-03T17:30, by: tm, role: team_manager, kind: decide,
     rule: R03, on: e1, reason: Police saw Ada.}
"""
    done = replayed(case(REFUSED + answered), "--until", "2026-02-03T18:00")
    first = done["escalations"][0]
    assert first["acknowledged_at"] == "2026-02-03T17:10:00+00:00"
    assert first["decided_at"] == "2026-02-03T17:30:00+00:00"
    assert first["actions"][0]["done_at"] == "2026-02-03T10:50:00+00:00"
    assert [rung["role"] for rung in first["ladder"]] == ["team_manager"]


def test_an_answer_of_several_options_is_a_list(case):
    text = REFUSED.replace("ACC-01, answer: refused", "ACC-01, answer: in") + (
        "      - {item: SLP-07, answer: [plain, alc]}\n"
    )
    evidence = replayed(case(text))["escalations"][0]["evidence"]
    assert evidence == [
        {"event": "e1", "item": "SLP-07", "answer": ["plain", "alc"], "about": "ada"}
    ]


def test_escalations_are_in_order_of_raising_and_then_of_rule():
    done = replayed(SEEDS / "coventry-2022.yaml")
    keys = [(each["raised_at"], each["rule"]) for each in done["escalations"]]
    days = [(raised[:16], rule) for raised, rule in keys]
    assert days == sorted(days)


@pytest.mark.parametrize(
    ("family", "rules"),
    [
        ("closing", {"R06", "R17", "R18", "R23", "R26"}),
        ("danger-decided", {"R01", "R06", "R18"}),
        ("no-cot", {"R08", "R12"}),
        ("same-concern", {"R11", "R14", "R18"}),
        ("three-children", {"R22", "R18"}),
        ("two-refusals", {"R04", "R05", "R14", "R18"}),
        ("unborn", {"R10"}),
    ],
)
def test_the_other_families_set_off_what_the_readme_says(family, rules):
    done = replayed(SEEDS / "demo" / f"{family}.yaml", "--until", "2026-11-20T10:00")
    assert {each["rule"] for each in done["escalations"]} == rules


def test_the_people_of_the_demonstration_are_those_of_the_case_files():
    from shared.reading import read_yaml

    people = read_yaml((SEEDS / "demo/people.yaml").read_bytes(), limit=100_000)[0]["households"]
    files = {path.stem for path in (SEEDS / "demo").glob("*.yaml")} - {"people"}
    assert set(people) == files
    from shared.casefile import read_case

    for name, family in people.items():
        raw = (SEEDS / "demo" / f"{name}.yaml").read_bytes()
        household = read_case(raw, checklist=packs.checklist()).household
        assert set(family["children"]) == {child.id for child in household.children}
        assert set(family["adults"]) == {adult.id for adult in household.adults}
        # Ranges that Ofcom keeps for drama: none of them rings.
        assert family["phone"].startswith(("01632 960", "07700 900"))
        assert "hv-amara" in family["held_by"]


@pytest.mark.parametrize("columns", ["80", "120"])
def test_the_table_fits_the_terminal_and_tells_it_all(columns):
    done = run(SEEDS / "coventry-2022.yaml", columns=columns)
    assert (done.exit_code, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert max(map(len, lines)) <= int(columns)
    assert "\x1b" not in done.stdout  # no colours in a pipe
    words = " ".join(done.stdout.split())
    for raised in replayed(SEEDS / "coventry-2022.yaml")["escalations"]:
        assert raised["rule"] in words
    assert "proposals" in words


def test_a_quiet_table_says_that_nothing_was_raised():
    assert "Nothing." in run(SEEDS / "demo/noah.yaml").stdout


def test_rules_are_a_bundled_pack_or_a_file(case):
    path = case(REFUSED)
    bundled = packs.rule_packs()["england"]
    assert replayed(path, "--rules", "england") == replayed(path)
    changed = bundled.replace("id: england\n", "id: elsewhere\n", 1)
    elsewhere = replayed(path, "--rules", case(changed, "pack.yaml"))
    assert elsewhere["rules"]["id"] == "elsewhere"


@pytest.mark.parametrize(
    ("pack", "words"),
    [
        ("no-such-pack", "cannot be read"),
        ("format: threshold-rules/1\nid: x\n", "line 1"),
        ("a: [", "not YAML"),
        ("", "empty"),
    ],
)
def test_a_pack_that_does_not_fit_is_refused(case, pack, words):
    rules = pack if pack == "no-such-pack" else case(pack, "pack.yaml")
    done = run(case(REFUSED), "--rules", rules)
    assert (done.exit_code, done.stdout) == (2, "")
    assert words in done.stderr


HOSTILE = {
    "empty": b"",
    "only a remark": b"# nothing here\n",
    "binary": bytes(range(256)),
    "utf-16": REFUSED.encode("utf-16"),
    "byte order mark": b"\xef\xbb\xbf" + REFUSED.encode(),
    "nul": REFUSED.encode().replace(b"A refusal", b"A\x00refusal"),
    "nested yaml": b"a: " + b"[" * 100_000,
    "nested json": b'{"a":' * 100_000,
    "nested blocks": b"- " * 100_000,
    "aliases": b"a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: [*c,*c]\n",
    "tag": b"!!python/object/apply:os.system ['true']",
    "two documents": REFUSED.encode() * 2,
    "huge": b"x: " + b"y" * 3_000_000,
    "unknown key": REFUSED.replace("title:", "titel:").encode(),
    "unknown item": REFUSED.replace("ACC-01", "ACC-99").encode(),
    "unknown answer": REFUSED.replace("refused}", "refusd}").encode(),
    "unknown type": REFUSED.replace("type: visit", "type: vist").encode(),
    "unknown agency": REFUSED.replace("health_visiting", "healthvisiting").encode(),
    "unknown child": REFUSED.replace("children: [ada]", "children: [eve]").encode(),
    "duplicate id": REFUSED.replace("id: p,", "id: e1,").encode(),
    "duplicate key": (REFUSED + "title: again\n").encode(),
    "impossible date": REFUSED.replace("2026-02-03T10:30", "2026-02-30T10:30").encode(),
    "skipped hour": REFUSED.replace("2026-02-03T10:30", "2026-03-29T01:30").encode(),
    "received before": REFUSED.replace("2026-02-03T17:05", "2026-02-01T17:05").encode(),
    "nan": (REFUSED + "      - {item: SLP-09, answer: .nan}\n").encode(),
    "true": (REFUSED + "      - {item: HLT-05, answer: true}\n").encode(),
    "no events": REFUSED.split("events:")[0].encode(),
    "neither born nor due": REFUSED.replace(", born: 2026-01-10", "").encode(),
    "a list": b"[1, 2]",
    "a number": b"7",
    "json nan": b'{"format": NaN}',
    "json twice": b'{"format": "a", "format": "b"}',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_words(case, name):
    done = run(case(HOSTILE[name]))
    assert (done.exit_code, done.stdout) == (2, "")
    assert "case.yaml" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr) < 5000


@pytest.mark.parametrize("name", ["empty", "nested yaml", "aliases", "huge", "unknown item"])
def test_the_installed_command_refuses_it_too(case, name):
    done = run_apart(case(HOSTILE[name]))
    assert (done.returncode, done.stdout) == (2, "")
    assert "case.yaml" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_installed_command_says_the_same():
    path = SEEDS / "coventry-2022.yaml"
    # Under other hash seeds: phone, office and replay must not differ by the order of a set.
    for seed in ("1", "2"):
        apart = run_apart(path, "--format", "json", seed=seed)
        assert (apart.returncode, apart.stderr) == (0, "")
        assert json.loads(apart.stdout) == replayed(path)
    table = run_apart(path)
    assert (table.returncode, table.stderr) == (0, "")
    assert table.stdout == run(path).stdout


def test_what_is_no_file_is_refused_in_words(tmp_path):
    for path in (tmp_path, tmp_path / "nowhere.yaml", Path("/dev/zero"), "a\nb"):
        done = run(path)
        assert (done.exit_code, done.stdout) == (2, "")
        assert "Traceback" not in done.stderr
        assert done.stderr


@pytest.mark.parametrize("until", ["soon", "2026-02-30", "2026-03-29T01:30", "", "9999-01-01"])
def test_a_time_without_meaning_is_refused(case, until):
    done = run(case(REFUSED), "--until", until)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "--until" in done.stderr


def test_a_format_that_is_none_is_refused(case):
    assert run(case(REFUSED), "--format", "xml").exit_code == 2


def test_it_needs_neither_the_web_nor_a_database(case):
    words = (
        "import sys\n"
        "for name in ('flask', 'flask_smorest', 'sqlalchemy', 'alembic', 'psycopg', 'kivy'):\n"
        "    sys.modules[name] = None\n"
        "from backend.replay import replay_command\n"
        "replay_command()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", words, str(case(REFUSED)), "--format", "json"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["escalations"]
