"""`threshold rules` as people run it."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner

from backend.cli import main
from shared import packs, rulebook
from tests.packs.conftest import PACKS

ENGLAND = packs.rule_packs()["england"]


def run(*words: object, columns: str = "80"):
    return CliRunner(env={"COLUMNS": columns}).invoke(main, ["rules", *map(str, words)])


@pytest.fixture
def written(tmp_path):
    """Write a pack; returns its path."""

    def write(old: str = "", new: str = "", name: str = "ours.yaml"):
        assert old in ENGLAND
        path = tmp_path / name
        path.write_text(ENGLAND.replace(old, new, 1))
        return path

    return write


def test_a_sound_pack_is_summed_up_in_a_line():
    done = run("check", "england", PACKS / "knowsley.yaml")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "england: england/1 can be used: 25 rules and the ladder; a proposal, to be signed off "
        "locally.",
        f"{PACKS}/knowsley.yaml: knowsley/1 can be used: 27 rules and the ladder; a proposal, to "
        "be signed off locally. Based on england/1: replaces R04; adds KNO-1, KNO-2; changes "
        "terms.",
    ]


def test_a_signed_off_pack_says_so(written):
    done = run("check", written("status: proposal", "status: signed_off"))
    assert "and the ladder; signed off." in done.stdout


def test_each_problem_has_its_file_and_line_and_all_files_are_checked(written):
    bad = written("for: household", "for: family", "bad.yaml")
    done = run("check", bad, "england", PACKS / "none.yaml")
    assert done.exit_code == 2
    line = ENGLAND[: ENGLAND.index("for: household")].count("\n") + 1
    problem, sound = done.stdout.splitlines()
    assert problem.startswith(f"{bad}:{line}: R03/for: 'family' is not one of child, children")
    assert sound.startswith("england: england/1 can be used")
    assert "none.yaml: this rule pack cannot be read: No such file" in done.stderr


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("do: call_999", "do: call_99", "R01/actions/0/do: 'call_99' has no words under labels. "
         "Did you mean 'call_999'?"),
        ("who: visitor", "who: visiter", "'visiter' has no words under labels."),
        ("before: first_night_at_home", "before: first_night", "'first_night' has no words"),
        ("rungs: [team_manager,", "rungs: [team_leader,", "'team_leader' has no words"),
        ("decided_by: [service_manager]", "decided_by: [service_manger]",
         "'service_manger' is not on the ladder, so nobody may decide as it. Did you mean"),
        ("{event: [discharge, return_home]}", "{event: closure_request}",
         "R15 is not looked at after 'closure_request', so this never holds"),
        ("terms:\n", "terms:\n  unused: {unborn_child: true}\n", "nothing uses the term 'unused'"),
        ("{answer: any, at_least: I}", "{unclaimed: {answer: any, at_least: I}}",
         "R01 stands above this rule and takes what this one would show: move R01 to the end"),
    ],
)  # fmt: skip
def test_what_is_likely_to_be_a_mistake_is_said_and_does_not_count(written, old, new, words):
    path = written(old, new)
    done = run("check", path)
    assert done.exit_code == 0
    found = re.search(rf"^{re.escape(str(path))}:(\d+): look again: .*{re.escape(words)}",
                      done.stdout, re.MULTILINE)  # fmt: skip
    assert found, done.stdout
    assert "can be used" in done.stdout
    if "move R01" not in words:
        first = ENGLAND[: ENGLAND.index(old)].count("\n") + 1
        assert first <= int(found[1]) <= first + new.count("\n")


def test_the_schema_is_printed_whole():
    assert json.loads(run("schema").stdout) == rulebook.schema()


def test_all_is_explained_as_text_that_fits_and_as_markdown():
    text = run("explain", "england")
    assert text.exit_code == 0
    assert max(map(len, text.stdout.splitlines())) <= 80
    marked = run("explain", "england", "--format", "markdown").stdout
    headings = re.findall(r"^## (.*)$", marked, re.MULTILINE)
    assert len(headings) == 25 + 1 + 2 + 2  # the rules, the ladder, terms, time and seen
    for heading in headings:
        assert f"\n{heading}\n" in text.stdout
    assert "england/1: a proposal, to be signed off locally." in text.stdout
    assert "\n- Call 999 (the visitor): at once.\n" in text.stdout
    assert "\n- Call 999 (the visitor): at once.\n" in marked
    words = " ".join(text.stdout.split())
    for paragraph in re.findall(r"^Level: .*$", marked, re.MULTILINE):
        assert " ".join(paragraph.split()) in words


@pytest.mark.parametrize(
    ("parts", "headings"),
    [
        (["R01"], ["R01. Immediate danger"]),
        (["R06"], ["When a child counts as seen, and how often that must be",
                   "R06. Child not seen for too long"]),
        (["R05", "R04"], ["“moved by family”", "“failed access”",
                          "R04. First failed or refused access",
                          "R05. Two failed or refused accesses in 14 days"]),
        (["R24", "time"], ["How time is counted", "R24. Nobody has answered"]),
    ],
)  # fmt: skip
def test_some_rules_are_explained_with_what_they_speak_of(parts, headings):
    done = run("explain", "england", *parts, "--format", "markdown")
    assert re.findall(r"^## (.*)$", done.stdout, re.MULTILINE) == headings


def test_a_local_pack_says_what_it_is_based_on():
    done = run("explain", PACKS / "lincolnshire.yaml", "R25", columns="200")
    assert "lincolnshire/1: a proposal" in done.stdout
    assert "Based on england/1: replaces R25." in " ".join(done.stdout.split())
    assert (
        "- Agree an action plan between the practitioners (the visitor): within two" in done.stdout
    )


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["england", "R5"], "england/1 has no rule 'R5'. Did you mean 'R05'?"),
        (["nowhere.yaml"], "cannot be read"),
    ],
)
def test_what_cannot_be_explained_is_said(words, error):
    done = run("explain", *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert error in done.stderr


def test_a_pack_that_does_not_fit_is_not_explained(written):
    done = run("explain", written("level: S", "level: X"))
    assert done.exit_code == 2
    line = ENGLAND[: ENGLAND.index("level: S")].count("\n") + 1
    assert f"ours.yaml: line {line}: ladder/times/1/level: 'X' is not one of L, S, I" in done.stderr
