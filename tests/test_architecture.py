"""The rules that keep the parts apart, held by reading every source file without running it."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("shared", "backend", "mobile")

MAY_IMPORT = {
    "shared": {"shared"},
    "backend": {"shared", "backend"},
    "mobile": {"shared", "mobile"},
}
KIVY_IN = (
    "main.py",
    "mobile/app.py",
    "mobile/main.py",
    "mobile/driver.py",
    "mobile/demonstration.py",
    "mobile/screens_gallery.py",
    "mobile/theme.py",
    "mobile/screens/",
    "mobile/widgets/",
)
FLASK_IN = (
    "backend/app.py",
    "backend/access.py",
    "backend/problems.py",
    "backend/api/",
    "backend/web/",
)
MARSHMALLOW_IN = ("shared/wire.py", "shared/shapes.py", "backend/api/")
COMMIT_IN = (
    "backend/access.py",
    "backend/api/",
    "backend/web/",
    "backend/cli.py",
    "backend/worker.py",
    "backend/demo.py",
    "mobile/store.py",
)
SHARED_THIRD_PARTY = {
    "shared/wire.py": {"marshmallow"},
    "shared/shapes.py": {"marshmallow"},
    "shared/sealing.py": {"cryptography"},
    "shared/reading.py": {"yaml"},
    "shared/misfits.py": {"jsonschema"},
}
# The phone has neither: they are imported inside the functions that read what authors write.
NOT_ON_THE_PHONE = {"yaml", "jsonschema"}
READS_ITS_OWN_FILES = "shared/packs/__init__.py"
# fmt: off
OUTSIDE_WORLD = {
    "asyncio", "fileinput", "ftplib", "glob", "http", "io", "logging", "multiprocessing", "os",
    "pathlib", "random", "secrets", "select", "shelve", "shutil", "signal", "socket",
    "socketserver", "sqlite3", "ssl", "subprocess", "tempfile", "threading", "time", "urllib",
    "uuid", "webbrowser",
}
# fmt: on
OUTSIDE_CALLS = {"open", "print", "input", "breakpoint", "exec", "eval"}
CLOCKS_AND_CHANCE = {"now", "today", "utcnow", "uuid1", "uuid4", "urandom", "random", "randint"}
VAGUE_WORDS = {"manager", "helper", "helpers", "handler", "utils", "util", "base", "common", "misc"}
LONGEST_FILE = 400
LONGEST_FUNCTION = 60


@dataclass(frozen=True)
class Source:
    """One file: its path below the root, and its tree."""

    root: Path
    path: str

    @cached_property
    def text(self) -> str:
        return (self.root / self.path).read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @property
    def package(self) -> str:
        return self.path.split("/")[0]

    @cached_property
    def module(self) -> tuple[str, ...]:
        """The dotted name in parts; a package's `__init__` is the package."""
        parts = self.path.removesuffix(".py").split("/")
        return tuple(parts[:-1] if parts[-1] == "__init__" else parts)

    @cached_property
    def imports(self) -> list[tuple[int, tuple[str, ...]]]:
        """(line, module in parts) of every import, at the top or inside a function."""
        found: list[tuple[int, tuple[str, ...]]] = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found += [(node.lineno, tuple(name.name.split("."))) for name in node.names]
            elif isinstance(node, ast.ImportFrom):
                found += [(node.lineno, parts) for parts in self._imported_from(node)]
        return found

    def _imported_from(self, node: ast.ImportFrom) -> Iterator[tuple[str, ...]]:
        start = tuple(node.module.split(".")) if node.module else ()
        if node.level:
            here = self.module if self.path.endswith("__init__.py") else self.module[:-1]
            start = here[: len(here) - node.level + 1] + start
        for name in node.names:
            yield (*start, name.name)

    @cached_property
    def calls(self) -> list[tuple[int, str]]:
        """(line, name) of every call: `open` by that name, `.open` on something."""
        found = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                found.append((node.lineno, node.func.id))
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                found.append((node.lineno, f".{node.func.attr}"))
        return found

    def is_in(self, places: tuple[str, ...]) -> bool:
        """Whether this is one of those files, or lies below one of those folders."""
        return any(
            self.path.startswith(place) if place.endswith("/") else self.path == place
            for place in places
        )


def sources(root: Path, *tops: str) -> list[Source]:
    """Every Python file below these folders, and the entry file beside them."""
    paths = [path for top in tops for path in (root / top).rglob("*.py")]
    paths += [path for path in (root / "main.py",) if path.exists()]
    kept = [path for path in paths if "node_modules" not in path.parts]
    return [Source(root, path.relative_to(root).as_posix()) for path in sorted(kept)]


def ground_up(root: Path, package: str) -> list[str]:
    """The order of a package's files, as its own `__init__.py` lists them."""
    init = Source(root, f"{package}/__init__.py")
    words = ast.get_docstring(init.tree) or ""
    found = re.search(r"[Ff]rom the ground up[^:]*:\s*(.*?)\.(\s|$)", words, re.DOTALL)
    return re.findall(r"\w+", found.group(1)) if found else []


def each(found: Iterator[str]) -> list[str]:
    """The breaches, each once, in order."""
    return list(dict.fromkeys(found))


def crossing_imports(root: Path) -> Iterator[str]:
    """Imports from a package that must not know of the other."""
    for source in sources(root, *PACKAGES):
        allowed = MAY_IMPORT.get(source.package, {"mobile", "shared"})
        for line, parts in source.imports:
            if parts[0] in (*PACKAGES, "tests") and parts[0] not in allowed:
                yield f"{source.path}:{line} imports {parts[0]}"


def upward_imports(root: Path) -> Iterator[str]:
    """Imports of a file that stands higher in its package's own order, or is not listed."""
    for package in PACKAGES:
        order = ground_up(root, package)
        for source in sources(root, package):
            if source.package != package or len(source.module) < 2:
                continue
            name = source.module[1]
            if name not in order:
                yield f"{package}/__init__.py does not say where {name} stands"
                continue
            for line, parts in source.imports:
                other = parts[1] if len(parts) > 1 and parts[0] == package else name
                if other in order and order.index(other) > order.index(name):
                    yield f"{source.path}:{line} imports {other}, which stands above it"


def shared_third_party(root: Path) -> Iterator[str]:
    """Anything in `shared` that is neither Python's own nor granted to that file."""
    for source in sources(root, "shared"):
        granted = SHARED_THIRD_PARTY.get(source.path, set())
        for line, parts in source.imports:
            known = parts[0] in sys.stdlib_module_names or parts[0] in PACKAGES
            if source.package == "shared" and not known and parts[0] not in granted:
                yield f"{source.path}:{line} imports {parts[0]}"


def missed_on_the_phone(root: Path) -> Iterator[str]:
    """What the phone lacks, imported as soon as a file of `shared` or `mobile` is."""
    for source in sources(root, "shared", "mobile"):
        for node in source.tree.body:
            if isinstance(node, ast.Import):
                names = [name.name for name in node.names]
            else:
                names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                if name.split(".")[0] in NOT_ON_THE_PHONE:
                    yield f"{source.path}:{node.lineno} imports {name}"


def shared_outside_world(root: Path) -> Iterator[str]:
    """Files, sockets, clocks and chance in `shared`."""
    for source in sources(root, "shared"):
        if source.package != "shared" or source.path == READS_ITS_OWN_FILES:
            continue
        for line, parts in source.imports:
            if parts[0] in OUTSIDE_WORLD:
                yield f"{source.path}:{line} imports {parts[0]}"
        for line, name in source.calls:
            if name in OUTSIDE_CALLS or name.removeprefix(".") in CLOCKS_AND_CHANCE:
                yield f"{source.path}:{line} calls {name}()"


def strayed_frameworks(root: Path) -> Iterator[str]:
    """Kivy, Flask and marshmallow outside the files that may know of them."""
    granted = {"kivy": KIVY_IN, "flask": FLASK_IN, "marshmallow": MARSHMALLOW_IN}
    for source in sources(root, *PACKAGES):
        for line, parts in source.imports:
            family = parts[0].split("_")[0]
            if family in granted and not source.is_in(granted[family]):
                yield f"{source.path}:{line} imports {parts[0]}"


def strayed_commits(root: Path) -> Iterator[str]:
    """Commits that are not an entry point's last line."""
    for source in sources(root, *PACKAGES):
        for line, name in source.calls:
            if name == ".commit" and not source.is_in(COMMIT_IN):
                yield f"{source.path}:{line} commits"


def vague_names(root: Path) -> Iterator[str]:
    """Files, classes and functions named for nothing in particular."""
    for source in sources(root, *PACKAGES):
        names = [(1, source.module[-1])]
        defined = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
        names += [(n.lineno, n.name) for n in ast.walk(source.tree) if isinstance(n, defined)]
        for line, name in names:
            words = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)
            if VAGUE_WORDS.intersection(word.lower() for word in words):
                yield f"{source.path}:{line} is called {name}"


def wordless_files(root: Path) -> Iterator[str]:
    """Files that do not open by saying what they are for."""
    for source in sources(root, *PACKAGES, "tests"):
        words = ast.get_docstring(source.tree)
        if source.text.strip() and not words:
            yield f"{source.path} does not say what it is for"


def overlong(root: Path) -> Iterator[str]:
    """Files and functions too long to hold in mind."""
    for source in sources(root, *PACKAGES):
        if (lines := source.text.count("\n")) > LONGEST_FILE:
            yield f"{source.path} has {lines} lines"
        for node in ast.walk(source.tree):
            if isinstance(node, ast.FunctionDef) and "migrations" not in source.module:
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    yield f"{source.path}:{node.lineno} {node.name} has {lines} lines"


RULES = (
    crossing_imports,
    upward_imports,
    shared_third_party,
    missed_on_the_phone,
    shared_outside_world,
    strayed_frameworks,
    strayed_commits,
    vague_names,
    wordless_files,
    overlong,
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_tree_keeps(rule) -> None:
    found = each(rule(ROOT))
    assert not found, "\n" + "\n".join(found)


# One breach of each rule, planted in a small tree: (rule, file, what is written there).
BREACHES = [
    (crossing_imports, "shared/low.py", "import backend.db"),
    (crossing_imports, "shared/low.py", "def f():\n    from mobile import store"),
    (crossing_imports, "backend/db.py", "from mobile.store import Store"),
    (crossing_imports, "mobile/store.py", "import backend"),
    (crossing_imports, "main.py", "import backend"),
    (crossing_imports, "backend/db.py", "import tests"),
    (upward_imports, "shared/low.py", "from shared.high import x"),
    (upward_imports, "shared/low.py", "from shared import high"),
    (upward_imports, "shared/low.py", "from . import high"),
    (upward_imports, "shared/low.py", "from .high import x"),
    (upward_imports, "shared/unlisted.py", "x = 1"),
    (shared_third_party, "shared/low.py", "import marshmallow"),
    (shared_third_party, "shared/wire.py", "import cryptography"),
    (missed_on_the_phone, "shared/reading.py", "import yaml"),
    (missed_on_the_phone, "mobile/store.py", "from jsonschema import validate"),
    (shared_outside_world, "shared/low.py", "import os.path"),
    (shared_outside_world, "shared/low.py", "from pathlib import Path"),
    (shared_outside_world, "shared/low.py", "x = datetime.now(LONDON)"),
    (shared_outside_world, "shared/low.py", "x = date.today()"),
    (shared_outside_world, "shared/low.py", "print(1)"),
    (shared_outside_world, "shared/low.py", "import random"),
    (shared_outside_world, "shared/packs/other.py", "open('x')"),
    (strayed_frameworks, "mobile/store.py", "from kivy.clock import Clock"),
    (strayed_frameworks, "backend/db.py", "import flask"),
    (strayed_frameworks, "backend/db.py", "from flask_wtf import FlaskForm"),
    (strayed_frameworks, "mobile/store.py", "import marshmallow"),
    (strayed_commits, "backend/db.py", "session.commit()"),
    (vague_names, "backend/db_utils.py", "x = 1"),
    (vague_names, "backend/db.py", "class SessionManager: ..."),
    (vague_names, "mobile/store.py", "def base_path(): ..."),
    (wordless_files, "backend/db.py", None),
    (overlong, "backend/db.py", "x = 1\n" * (LONGEST_FILE + 1)),
    (overlong, "backend/db.py", "def f():\n" + "    x = 1\n" * LONGEST_FUNCTION),
]
SOUND = {
    "shared/__init__.py": '"""Pure.\n\nFrom the ground up: low, wire, high, packs.\n"""\n',
    "backend/__init__.py": '"""Office.\n\nFrom the ground up: db, db_utils, app.\n"""\n',
    "mobile/__init__.py": '"""Phone.\n\nFrom the ground up: store, app.\n"""\n',
    "shared/low.py": '"""Low."""\nimport json\n',
    "shared/wire.py": '"""Wire."""\nimport marshmallow\nfrom shared import low\n',
    "shared/high.py": '"""High."""\nfrom shared.low import x\nfrom . import low\nx.open()\n',
    "shared/packs/__init__.py": '"""Packs."""\nfrom pathlib import Path\n',
    "backend/app.py": '"""App."""\nimport flask\nimport flask_smorest\nfrom backend import db\n',
    "mobile/app.py": '"""App."""\nfrom kivy.app import App\nfrom mobile import store\n',
    "main.py": '"""Entry."""\nfrom mobile.app import main\n',
}


def plant(root: Path, files: dict[str, str]) -> None:
    """Write a small tree."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


def test_a_sound_tree_keeps_every_rule(tmp_path: Path) -> None:
    plant(tmp_path, SOUND)
    assert [breach for rule in RULES for breach in rule(tmp_path)] == []


@pytest.mark.parametrize(("rule", "path", "planted"), BREACHES)
def test_a_planted_breach_is_named(tmp_path: Path, rule, path: str, planted: str | None) -> None:
    written = "x = 1\n" if planted is None else f'"""Words."""\n{planted}\n'
    plant(tmp_path, {**SOUND, path: written})
    found = each(rule(tmp_path))
    assert len(found) == 1, found
    assert Path(path).stem in found[0]
