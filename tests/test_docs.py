"""Keeps the documents true: every file, function, command and picture they name is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted(
    [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "seeds").rglob("*.md")]
)
TOPS = ("backend", "mobile", "shared", "tests", "seeds", "docs")


def quoted(text: str) -> set[str]:
    """What stands between single backticks."""
    without_blocks = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    return set(re.findall(r"`([^`\n]+)`", without_blocks))


def paths_named(text: str) -> set[str]:
    """Quoted paths below the top folders, with `:Name` of something in them or without."""
    return {word for word in quoted(text) if re.match(rf"({'|'.join(TOPS)})/[\w./:*-]*$", word)}


def defined_in(path: Path) -> set[str]:
    """The functions, classes, methods and constants of a Python file, methods as Class.method."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        if isinstance(node, ast.ClassDef):
            names |= {f"{node.name}.{m.name}" for m in node.body if isinstance(m, ast.FunctionDef)}
        if isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names


def untrue(text: str, folder: Path) -> list[str]:
    """What a document names that is not there."""
    wrong = []
    for named in sorted(paths_named(text)):
        path, _, name = named.partition(":")
        if not list(ROOT.glob(path.rstrip("/"))):
            wrong.append(f"no {path}")
        elif name and name not in defined_in(ROOT / path):
            wrong.append(f"no {name} in {path}")
    for target in re.findall(r"\]\(([^)#\s]+)", text):
        if "://" not in target and not (folder / target).exists():
            wrong.append(f"nothing at {target}")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    wrong += [f"no make {t}" for t in re.findall(r"`?make ([a-z-]+)`", text) if t not in targets]
    return wrong


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_names_only_what_is_there(document: Path) -> None:
    assert untrue(document.read_text(encoding="utf-8"), document.parent) == []


def test_what_is_not_there_is_found() -> None:
    text = (
        "`backend/nowhere.py`, `shared/ids.py:nothing`, `shared/ids.py:uuid7`, `make nothing`, "
        "![a picture](pictures/none.png)"
    )
    assert untrue(text, ROOT) == [
        "no backend/nowhere.py",
        "no nothing in shared/ids.py",
        "nothing at pictures/none.png",
        "no make nothing",
    ]
