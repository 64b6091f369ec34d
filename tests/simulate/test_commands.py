"""`threshold simulate` and `threshold alarms`, as people use them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from backend import casefiles, simulate
from backend.cli import main


def run(*args: object) -> Result:
    return CliRunner().invoke(main, [str(each) for each in args])


def invent(out: Path, *more: object, families: int = 30, seed: int = 3) -> list[dict]:
    """Invent families, and return the truth about each."""
    done = run("simulate", "--families", families, "--seed", seed, "--out", out, *more)
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in (out / "truth.jsonl").read_text().splitlines()]


def contents(folder: Path) -> dict[str, bytes]:
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def test_the_same_seed_gives_the_same_bytes_in_one_process_or_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(casefiles, "cores", lambda: 1)
    invent(tmp_path / "one", families=110)
    monkeypatch.setattr(casefiles, "cores", lambda: 2)
    invent(tmp_path / "two", families=110)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    invent(tmp_path / "other", families=110, seed=4)
    assert contents(tmp_path / "one") != contents(tmp_path / "other")


def test_a_family_is_the_same_whatever_others_there_are(tmp_path: Path) -> None:
    invent(tmp_path / "few", families=20)
    invent(tmp_path / "more", families=45)
    few, more = contents(tmp_path / "few"), contents(tmp_path / "more")
    assert len(few) == 21
    assert more.pop("truth.jsonl").startswith(few.pop("truth.jsonl"))
    assert few.items() <= more.items()


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_every_file_can_be_replayed(tmp_path: Path, form: str) -> None:
    truths = invent(tmp_path / "out", "--format", form, "--quiet-share", 0.3, families=40)
    for truth in truths:
        done = run("replay", tmp_path / "out" / truth["file"], "--format", "json")
        assert done.exit_code == 0, done.output
        assert json.loads(done.output)["case"] == truth["case"]


def test_truth_says_what_is_in_each(tmp_path: Path) -> None:
    truths = invent(tmp_path / "out", "--quiet-share", 0.5, families=120)
    kinds = Counter("near_miss" if "near_miss" in t else t["quiet"] for t in truths)
    assert 40 <= kinds[True] <= 80
    assert kinds["near_miss"] >= 3
    assert kinds[False] >= 25
    for truth in truths:
        case = json.loads((tmp_path / "out" / truth["file"]).read_bytes())
        assert case["id"] == truth["case"]
        assert truth["visits"] == sum(e["type"] == "visit" for e in case["events"])
        assert bool(truth["planted"]) != truth["quiet"]
        moments = {event["at"] for event in case["events"]}
        for due in truth["planted"]:
            assert due["from"][:16] in moments


def test_a_share_of_one_is_all_quiet(tmp_path: Path) -> None:
    truths = invent(tmp_path / "out", "--quiet-share", 1)
    assert all(each["quiet"] and "near_miss" not in each for each in truths)


def test_no_folder_holds_more_than_a_thousand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulate, "_TO_A_FOLDER", 10)
    truths = invent(tmp_path / "out", families=25)
    assert Counter(t["file"].split("/")[0] for t in truths) == {"0001": 10, "0002": 10, "0003": 5}


def test_what_cannot_be_made_is_said(tmp_path: Path) -> None:
    out = tmp_path / "out"
    for families in ("0", "-1", "1000001", "many"):
        done = run("simulate", "--families", families, "--seed", 1, "--out", out)
        assert done.exit_code == 2
        assert "--families" in done.output
    assert not out.exists()
    out.mkdir()
    (out / "mine.txt").write_text("kept")
    done = run("simulate", "--families", 1, "--seed", 1, "--out", out)
    assert done.exit_code == 2
    assert "is not empty (there is mine.txt). Name a folder that is new or empty" in done.output
    assert contents(out) == {"mine.txt": b"kept"}
    for place in (out / "mine.txt", out / "mine.txt" / "below"):
        done = run("simulate", "--families", 1, "--seed", 1, "--out", place)
        assert done.exit_code == 2
        assert "mine.txt" in done.output


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    for place in (tmp_path / ("x" * 300), tmp_path / "below" / ("x" * 300)):
        done = run("simulate", "--families", 1, "--seed", 1, "--out", place)
        assert done.exit_code == 2
        assert "cannot be written to: File name too long." in done.output


@pytest.fixture(scope="module")
def families(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("families") / "out"
    invent(out, "--quiet-share", 0.5, families=90, seed=11)
    return out


def measured(folder: Path) -> dict:
    done = run("alarms", folder, "--format", "json")
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


def test_alarms_counts_what_replay_raises_on_quiet_families(families: Path) -> None:
    report = measured(families)
    raised: Counter[str] = Counter()
    visits = alerted = 0
    for line in (families / "truth.jsonl").read_text().splitlines():
        truth = json.loads(line)
        if truth["quiet"] and "near_miss" not in truth:
            done = run("replay", families / truth["file"], "--format", "json")
            escalations = json.loads(done.output)["escalations"]
            raised.update(each["rule"] for each in escalations)
            visits += truth["visits"]
            alerted += bool(escalations)
    quiet = report["quiet"]
    assert quiet["visits"] == visits
    assert quiet["raised"] == raised.total() > 0
    assert quiet["families_with_an_alert"] == alerted
    assert {r["rule"]: r["raised"] for r in quiet["rules"] if r["raised"]} == raised
    assert quiet["per_100_visits"] == round(100 * raised.total() / visits, 2)
    assert quiet["echoes"] == raised["R18"]
    by_rule = {each["rule"]: each["items"] for each in quiet["rules"]}
    assert set(by_rule["R04"]) <= {"ACC-01", "ACC-02", "ACC-03"} != set()
    assert by_rule["R18"] == by_rule["R03"] == {}
    assert sum(each["raised"] for each in quiet["first_to_act"]) == raised.total()


def test_alarms_finds_what_was_planted_and_says_what_it_missed(
    families: Path, tmp_path: Path
) -> None:
    report = measured(families)
    assert sum(each["found"] for each in report["planted"]) >= 10
    assert [each for each in report["planted"] if each["missed"]] == []
    assert report["failures"] == []
    wrong = tmp_path / "wrong"
    wrong.mkdir()
    known = {each["rule"] for each in report["planted"]}
    truths = [json.loads(line) for line in (families / "truth.jsonl").read_text().splitlines()]
    truth = next(t for t in truths if t["planted"] and t["planted"][0]["rules"][0] in known)
    truth["planted"][0] |= {"from": "2000-01-01T10:00:00+00:00"}
    truth["file"] = str(families / truth["file"])
    (wrong / "truth.jsonl").write_text(json.dumps(truth) + "\n")
    failure = measured(wrong)["failures"][0]
    assert failure["case"] == truth["case"]
    assert failure["kind"] == "planted"
    said = run("alarms", wrong).output
    assert f"{failure['rule']} was not found in {truth['case']}" in said
    assert "There are no quiet families here." in said


def test_alarms_are_read_in_eighty_columns(families: Path) -> None:
    said = run("alarms", families).output
    assert max(map(len, said.splitlines())) <= 80
    for words in ("per 100 visits", "R11 Same concern three times in 60 days", "team manager"):
        assert words in said
    assert "are assumed" in said or "is assumed" in said


def test_alarms_says_which_files_it_cannot_read_and_counts_the_rest(tmp_path: Path) -> None:
    out = tmp_path / "out"
    truths = invent(out, "--quiet-share", 1)
    (out / truths[4]["file"]).write_text("{")
    (out / truths[7]["file"]).unlink()
    done = CliRunner().invoke(main, ["alarms", str(out), "--format", "json"])
    assert done.exit_code == 2
    report = json.loads(done.stdout)
    assert report["families"]["quiet"] == 28
    assert [each.split(":")[0] for each in report["unreadable"]] == [
        str(out / truths[number]["file"]) for number in (4, 7)
    ]
    assert truths[7]["file"] in done.stderr


@pytest.mark.parametrize(
    ("truth", "words"),
    [
        (None, "cannot be read: No such file"),
        ("", "there are no families in it"),
        ("{", "line 1: this is no truth about a family"),
        ('{"case": 1}', "case is 1"),
        ('{"case": "a", "file": "a.json", "quiet": true, "visits": 3}', "'planted'"),
    ],
)
def test_alarms_without_a_sound_truth_says_so(
    tmp_path: Path, truth: str | None, words: str
) -> None:
    if truth is not None:
        (tmp_path / "truth.jsonl").write_text(truth)
    done = run("alarms", tmp_path)
    assert done.exit_code == 2
    assert words in done.output
