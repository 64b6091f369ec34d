"""Reading what strangers wrote: JSON and YAML that are sound, and all that must be refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.reading import (
    Unreadable,
    lines_of_json,
    read_json,
    read_yaml,
    refuse_unfit_text,
)

LIMIT = 100_000
TEXT = st.text(max_size=20).filter(lambda text: refuse_unfit_text(text) is None)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**17), 10**17)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


def json_refusal(raw, **more):
    with pytest.raises(Unreadable) as refused:
        read_json(raw, limit=LIMIT, **more)
    return refused.value


def yaml_refusal(text, **more):
    raw = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(Unreadable) as refused:
        read_yaml(raw, limit=LIMIT, **more)
    return refused.value


def yaml(text):
    return read_yaml(text.encode(), limit=LIMIT)[0]


@given(VALUES, st.booleans())
def test_json_that_is_sound_is_read(value, ascii_only):
    raw = json.dumps(value, ensure_ascii=ascii_only).encode()
    assert read_json(raw, limit=LIMIT) == value


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"\xff\xfe{\x00}\x00", "not UTF-8"),
        (b'\xef\xbb\xbf{"a": 1}', "byte order mark"),
        (b'{"a": 1', "not JSON"),
        (b"[1,]", "not JSON"),
        (b"{'a': 1}", "not JSON"),
        (b'{"a": NaN}', "NaN"),
        (b"[Infinity]", "Infinity"),
        (b"[-Infinity]", "-Infinity"),
        (b"[1e999]", "too large"),
        (b"[" + b"9" * 5000 + b"]", "too large"),
        (b'{"a": 1, "a": 2}', "'a' is used twice"),
        (b'{"x": {"a": 1, "a": 1}}', "'a' is used twice"),
        (b'["\\u0000"]', "U+0000"),
        (b'["\\ud800"]', "U+D800"),
        (b'["\xe2\x80\xae"]', "U+202E"),
        (b'["\\u202e"]', "U+202E"),
        (b'["\\u0085"]', "U+0085"),
        (b'{"\\b": 1}', "U+0008"),
        (b'["a\x00b"]', "U+0000"),
        (b"[" * 2000 + b"]" * 2000, "more than 32 deep"),
        (b'{"a":' * 2000 + b"1" + b"}" * 2000, "more than 32 deep"),
        (b"[" * 50_000, "more than 32 deep"),
        (b" " * (LIMIT + 1), "too large"),
    ],
)
def test_json_that_is_not_is_refused(raw, words):
    assert words in json_refusal(raw).message


def test_brackets_inside_words_are_no_depth():
    words = "[{" * 50 + '\\"'
    assert read_json(json.dumps([words]).encode(), limit=LIMIT) == [words]


def test_an_unfinished_word_full_of_escapes_takes_no_time():
    raw = b"[" * 40 + b'"' + b'\\"' * 40_000
    assert json_refusal(raw)


def test_tabs_and_newlines_in_words_are_kept():
    assert read_json(b'["a\\n\\tb"]', limit=LIMIT) == ["a\n\tb"]


def test_json_says_the_line():
    assert json_refusal(b'{\n"a": 1,\n"b": }').line == 3


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(raw):
    for read in (read_json, read_yaml):
        try:
            read(raw, limit=LIMIT)
        except Unreadable as refused:
            assert refused.message


@given(st.text(alphabet="[]{},:&*!|>-'\"#%@`\\ab1.\n ?~", max_size=60))
def test_no_punctuation_raises_anything_else(text):
    for read in (read_json, read_yaml):
        try:
            read(text.encode(), limit=LIMIT)
        except Unreadable as refused:
            assert refused.message


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("N", "N"),
        ("on", "on"),
        ("Yes", "Yes"),
        ("2026-03-01", "2026-03-01"),
        ("2026-02-03T10:30", "2026-02-03T10:30"),
        ("10:30", "10:30"),
        ("010", "010"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("1e3", "1e3"),
        ("+44", "+44"),
        ("=", "="),
        ("true", True),
        ("false", False),
        ("True", "True"),
        ("null", None),
        ("~", None),
        ("2", 2),
        ("-2", -2),
        ("25.5", 25.5),
        ("'2'", "2"),
        ('"true"', "true"),
        ("|\n words\n more\n", "words\nmore\n"),
    ],
)
def test_yaml_guesses_nothing(text, value):
    found = yaml(f"key: {text}")["key"]
    assert found == value
    assert type(found) is type(value)


def test_yaml_keys_are_the_words_they_are_written_as():
    assert yaml("on: 1\nno: 2\n3: 4\ntrue: 5\n<<: 6") == {
        "on": 1,
        "no": 2,
        "3": 4,
        "true": 5,
        "<<": 6,
    }


@given(VALUES)
def test_yaml_reads_quoted_json_the_same(value):
    # Flow style with every text in double quotes is YAML too, emoji escapes apart.
    text = json.dumps({"v": value}, ensure_ascii=False)
    if "e+" not in text and "e-" not in text and "\x7f" not in text:
        assert yaml(text) == {"v": value}


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ("", "empty", None),
        ("# only a remark", "no document", None),
        ("a: 1\n---\nb: 2", "one document", None),
        ("a: 1\na: 2", "'a' is used twice", 2),
        ("a: &x 1\nb: *x", "anchors", 1),
        ("a: [1]\nb: *x", "anchors", 2),
        ("a: !!python/object/apply:os.system [ls]", "tags", 1),
        ("a: !!binary abc", "tags", 1),
        ("a: .nan", "not a number", 1),
        ("a: -.INF", "not a number", 1),
        ("a: 99999999999999999999", "too large", 1),
        ("x: 1\na: [1", "not YAML", 2),
        ("a: b: c", "not YAML", 1),
        ("a:\n\t- b", "not YAML", 2),
        ('a: "\\0"', "U+0000", 1),
        ('a: "\\u202e"', "U+202E", 1),
        ("? [a]\n: 1", "a key is a word", 1),
        ("[" * 40 + "]" * 40, "more than 32 deep", 1),
        ("[" * 50_000, "more than 32 deep", 1),
        ("- " * 40_000, "more than 32 deep", 1),
        ("x" * (LIMIT + 1), "too large", None),
        (b"a: \xff", "not UTF-8", 1),
        (b"\xff\xfea\x00", "not UTF-8", 1),
        (b"\xef\xbb\xbfa: 1", "byte order mark", 1),
        ("a: \x07", "U+0007", 1),
    ],
)
def test_yaml_that_is_not_is_refused(text, words, line):
    refused = yaml_refusal(text)
    assert words in refused.message
    assert line is None or refused.line == line


def test_a_bomb_of_aliases_is_refused_at_its_first_anchor():
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n"
        for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert yaml_refusal(bomb).line == 1


def test_lines_of_values():
    text = "a: 1\nb:\n  - c: 2\n    d: [3,\n      4]\n  - e\n"
    _, lines = read_yaml(text.encode(), limit=LIMIT)
    assert [lines.of(path) for path in [("a",), ("b", 0, "d"), ("b", 0, "d", 1), ("b", 1)]] == [
        1,
        4,
        5,
        6,
    ]
    assert lines.of(("b", 0, "missing", 3)) == 3
    assert lines.of(("nothing",)) == 1


def test_lines_of_json_values():
    raw = b'{"a": 1,\n "b": [{"c": 2,\n "d": [3,\n 4]},\n "e{"]}'
    lines = lines_of_json(raw)
    assert [lines.of(path) for path in [("a",), ("b", 0, "d"), ("b", 0, "d", 1), ("b", 1)]] == [
        1,
        3,
        4,
        5,
    ]
