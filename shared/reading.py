"""Reading JSON and YAML that strangers wrote: bounded, strict, with the line of every value."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from math import isfinite
from typing import Any

Path = tuple[str | int, ...]

# Control characters, the C1 set, direction overrides and halves of surrogate pairs. No database
# or screen treats them alike: one refuses NUL, another lets an override hide what a name says.
_UNFIT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
# The same for a whole file, whose lines may end as they do on Windows.
_UNFIT_IN_FILE = re.compile(_UNFIT.pattern.replace(r"\x0b-\x1f", r"\x0b\x0c\x0e-\x1f"))
_QUOTED = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_BRACKET = re.compile(r"[\[\]{}]")
_JSON_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_BRACKET = re.compile(r"[\[\]{}]")
_JSON_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[\]{},:]|[^\s\[\]{},:"]++', re.DOTALL)
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+(?:[eE][-+]?[0-9]+)?")
_NO_NUMBER = re.compile(r"[-+]?\.(?:inf|nan)", re.IGNORECASE)
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}
_LONGEST_INTEGER = 18
_BOM = b"\xef\xbb\xbf"


class Unreadable(Exception):
    """Bytes that are not a document we read. `line` counts from 1, None when there is none."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


class Lines:
    """Where each value of a document stands; found out only when it is first asked."""

    def __init__(self, find: Callable[[], dict[Path, int]]) -> None:
        self._find = find
        self._lines: dict[Path, int] | None = None

    def of(self, path: Path) -> int:
        """Return the line (from 1) of the value at a path, or of the nearest one around it."""
        if self._lines is None:
            self._lines = self._find()
        for length in range(len(path), -1, -1):
            line = self._lines.get(tuple(path[:length]))
            if line is not None:
                return line
        return 1


def refuse_unfit_text(text: str) -> str | None:
    """Return why a text is refused, naming the character, or None when it is fit to keep."""
    found = _UNFIT.search(text)
    return f"has a character that cannot be kept (U+{ord(found.group()):04X})" if found else None


def read_json(raw: bytes, *, limit: int, depth: int = 32) -> Any:
    """Return the value of a JSON document of at most `limit` bytes nested at most `depth` deep.

    Raises Unreadable, and nothing else, for anything RFC 8259 leaves open or forbids: not UTF-8,
    NaN and the infinities, a key used twice, characters that cannot be kept.
    """
    text = _text(raw, limit)
    _check_depth(text, depth)
    try:
        value = json.loads(
            text, parse_constant=_no_constant, parse_float=_finite, object_pairs_hook=_once_each
        )
    except json.JSONDecodeError as wrong:
        raise Unreadable(f"this is not JSON: {wrong.msg}", wrong.lineno) from None
    except ValueError:  # a number with thousands of digits
        raise Unreadable("a number is too large") from None
    if "\\" in text:
        for each in _strings(value):
            _check_text(each, None)
    return value


def _text(raw: bytes, limit: int) -> str:
    if len(raw) > limit:
        raise Unreadable(f"this is too large: {len(raw):,} bytes, and {limit:,} are read")
    if raw.startswith(_BOM):
        raise Unreadable("this starts with a byte order mark; save it as UTF-8 without one", 1)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as wrong:
        line = raw.count(b"\n", 0, wrong.start) + 1
        raise Unreadable("this is not UTF-8 text", line) from None
    if not text.strip():
        raise Unreadable("this is empty")
    unfit = _UNFIT_IN_FILE.search(text)
    if unfit:
        line = text.count("\n", 0, unfit.start()) + 1
        raise Unreadable(f"a character cannot be kept (U+{ord(unfit.group()):04X})", line)
    return text


def _check_depth(text: str, depth: int) -> None:
    if text.count("[") + text.count("{") <= depth:
        return
    deep = 0
    for bracket in _BRACKET.findall(_QUOTED.sub("", text)):
        if bracket in "[{":
            deep += 1
            if deep > depth:
                raise Unreadable(f"this is nested more than {depth} deep")
        else:
            deep -= 1


def _no_constant(name: str) -> None:
    raise Unreadable(f"{name} is not a number")


def _finite(digits: str) -> float:
    number = float(digits)
    if not isfinite(number):
        raise Unreadable(f"{digits[:40]} is too large a number")
    return number


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise Unreadable(f"the key '{twice[:40]}' is used twice")
    return found


def _strings(value: Any) -> Iterator[str]:
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            yield each
        elif isinstance(each, dict):
            waiting.extend(each)
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)


def _check_text(text: str, line: int | None) -> None:
    problem = refuse_unfit_text(text)
    if problem:
        raise Unreadable(f"a text {problem}", line)


def lines_of_json(raw: bytes) -> Lines:
    """Return where each value of a document stands that `read_json` has read without complaint."""
    return Lines(lambda: _lines_of_json(raw.decode("utf-8")))


def _lines_of_json(text: str) -> dict[Path, int]:
    places, at, line = _Places(), 0, 1
    for found in _JSON_TOKEN.finditer(text):
        line += text.count("\n", at, found.start())
        at = found.start()
        part = found.group()
        if part in ("[", "{"):
            places.open(line, keyed=part == "{")
        elif part in ("]", "}"):
            places.close()
        elif part not in (",", ":"):
            places.scalar(json.loads(part) if part.startswith('"') else part, line)
    return places.lines


class _Places:
    """Follows a document value by value, and notes the path and line of each."""

    def __init__(self) -> None:
        self.lines: dict[Path, int] = {}
        self._path: list[str | int] = []
        self._keyed: list[bool] = []
        self._expects_key: list[bool] = []

    @property
    def expects_key(self) -> bool:
        return bool(self._expects_key) and self._expects_key[-1]

    @property
    def depth(self) -> int:
        return len(self._keyed)

    def open(self, line: int, *, keyed: bool) -> None:
        self._note(line)
        self._keyed.append(keyed)
        self._expects_key.append(keyed)
        self._path.append("" if keyed else 0)

    def close(self) -> None:
        self._keyed.pop()
        self._expects_key.pop()
        self._path.pop()
        self._move_on()

    def scalar(self, value: Any, line: int) -> None:
        if self.expects_key:
            self._path[-1] = value
            self._expects_key[-1] = False
            self._note(line)
            return
        self._note(line)
        self._move_on()

    def _note(self, line: int) -> None:
        self.lines.setdefault(tuple(self._path), line)

    def _move_on(self) -> None:
        if not self._keyed:
            return
        if self._keyed[-1]:
            self._expects_key[-1] = True
        else:
            last = self._path[-1]
            self._path[-1] = last + 1 if isinstance(last, int) else 0


def read_yaml(raw: bytes, *, limit: int, depth: int = 32) -> tuple[Any, Lines]:
    """Return the value of one YAML document, and where each part of it stands.

    Only true, false, null, whole numbers and decimals are more than text when unquoted: yes, no,
    on, N, a date and 10:30 stay the words their author wrote. Raises Unreadable, and nothing
    else, for what is too large, nested too deep, tagged, anchored, aliased or keyed twice.
    """
    import yaml  # the phone has no YAML, and reads none

    text = _text(raw, limit)
    built = _Built(depth)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        for event in yaml.parse(text, Loader=loader):
            built.take(event)
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark
        if mark is None or (wrong.context_mark and mark.line > text.count("\n")):
            mark = wrong.context_mark  # where it opened says more than where the file ended
        line = mark.line + 1 if mark else None
        raise Unreadable(f"this is not YAML: {wrong.problem or wrong.context}", line) from None
    except yaml.YAMLError as wrong:
        raise Unreadable(f"this is not YAML: {wrong}") from None
    except (ValueError, RecursionError):  # "\UFFFFFFFF" in quotes; a scanner out of its depth
        raise Unreadable("this is not YAML") from None
    if built.documents != 1:
        raise Unreadable("this holds no document" if not built.documents else "one document only")
    found = built.places.lines
    return built.root, Lines(lambda: found)


class _Built:
    """Builds plain values from YAML's parse events, without recursion and without expansion."""

    def __init__(self, depth: int) -> None:
        self.root: Any = None
        self.documents = 0
        self.places = _Places()
        self._depth = depth
        self._stack: list[dict[str, Any] | list[Any]] = []
        self._keys: list[str] = []

    def take(self, event: Any) -> None:
        kind = type(event).__name__
        line = event.start_mark.line + 1 if event.start_mark else 1
        if kind == "AliasEvent" or getattr(event, "anchor", None):
            raise Unreadable("anchors and aliases (& and *) are not read; write it out", line)
        if getattr(event, "tag", None):
            raise Unreadable(f"tags are not read: {str(event.tag)[:40]}", line)
        if kind == "DocumentStartEvent":
            self.documents += 1
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            self._open(keyed=kind.startswith("Mapping"), line=line)
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            closed = self._stack.pop()
            if isinstance(closed, dict):
                self._keys.pop()
            self.places.close()
        elif kind == "ScalarEvent":
            self._scalar(event, line)

    def _open(self, *, keyed: bool, line: int) -> None:
        if self.places.expects_key:
            raise Unreadable("a key is a word", line)
        if self.places.depth >= self._depth:
            raise Unreadable(f"this is nested more than {self._depth} deep", line)
        value: dict[str, Any] | list[Any] = {} if keyed else []
        self._put(value)
        self.places.open(line, keyed=keyed)
        self._stack.append(value)
        if keyed:
            self._keys.append("")

    def _scalar(self, event: Any, line: int) -> None:
        text = event.value
        _check_text(text, line)
        if self.places.expects_key:
            around = self._stack[-1]
            if isinstance(around, dict) and text in around:
                raise Unreadable(f"the key '{text[:40]}' is used twice", line)
            self._keys[-1] = text
        else:
            self._put(_plain(text, line) if event.implicit[0] else text)
        self.places.scalar(text, line)

    def _put(self, value: Any) -> None:
        if not self._stack:
            self.root = value
        elif isinstance(self._stack[-1], dict):
            self._stack[-1][self._keys[-1]] = value
        else:
            self._stack[-1].append(value)


def _plain(text: str, line: int) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        if len(text.lstrip("-")) > _LONGEST_INTEGER:
            raise Unreadable("a number is too large; put it in quotes if it is not one", line)
        return int(text)
    if _DECIMAL.fullmatch(text):
        return _finite(text)
    if _NO_NUMBER.fullmatch(text):
        raise Unreadable(f"{text} is not a number", line)
    return text
