"""Lines of words, icons and pills laid out once for a width: what a painted row draws."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from kivy.metrics import dp

from mobile import theme


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a painted row: words that wrap, with an icon before and a note at the end.

    `tone` is a colour token; `pill` draws the words on that tone's pale ground; `gap` is the
    space above, in dp; `end` stands at the right, on the first line of the words.
    """

    text: str
    role: str = "body"
    tone: str = "ink"
    icon: str = ""
    icon_tone: str = ""
    icon_size: float = 20
    gap: float = 4
    end: str = ""
    end_tone: str = "soft"
    pill: bool = False
    rule: bool = False  # a thin rule above it


@dataclass(frozen=True, slots=True)
class Piece:
    """Something to draw: measured from the top left, in pixels."""

    kind: str  # text, icon, ground, rule
    x: float
    top: float
    width: float
    height: float
    tone: str
    texture: object = None


@dataclass(frozen=True, slots=True)
class Laid:
    """All pieces of some lines, and the height they need."""

    pieces: tuple[Piece, ...]
    height: float


def words_of(lines: tuple[Line, ...]) -> str:
    """What the lines say, one under the other: for tests and for searching."""
    return "\n".join(f"{line.text} {line.end}".strip() for line in lines)


@lru_cache(maxsize=1024)
def height_of(lines: tuple[Line, ...], width: float) -> float:
    """Height in pixels that the lines need at this width, without drawing a single letter."""
    y = 0.0
    for number, line in enumerate(lines):
        y += _space_above(line, number)
        y += _measures(line, width).height
    return y


def _space_above(line: Line, number: int) -> float:
    return (dp(line.gap) if number or line.rule else 0.0) + (dp(12) if line.rule else 0.0)


@dataclass(frozen=True, slots=True)
class _Measures:
    left: float
    room: float
    words: tuple[int, int]
    height: float


@lru_cache(maxsize=2048)
def _measures(line: Line, width: float) -> _Measures:
    """Where the words start, the room they have, and the height of the line."""
    side = dp(10) if line.pill else 0.0
    left = side + (dp(line.icon_size + 8) if line.icon else 0.0)
    room = width - left - side
    if line.end:
        room -= theme.text_size(line.end, "small", width)[0] + dp(12)
    words = theme.text_size(line.text, line.role, int(room))
    icon = dp(line.icon_size) if line.icon else 0.0
    inner = max(words[1], icon)
    return _Measures(left, room, words, inner + (dp(10) if line.pill else 0.0))


@lru_cache(maxsize=512)
def lay(lines: tuple[Line, ...], width: float, look: str) -> Laid:
    """The pieces to draw at this width; `look` names the appearance and text size in force."""
    pieces: list[Piece] = []
    y = 0.0
    for number, line in enumerate(lines):
        if line.rule:
            pieces.append(Piece("rule", 0, y + dp(line.gap), width, dp(1), "line"))
        y += _space_above(line, number)
        pieces.extend(_pieces(line, width, y))
        y += _measures(line, width).height
    return Laid(tuple(pieces), y)


def _pieces(line: Line, width: float, top: float) -> list[Piece]:
    measured = _measures(line, width)
    made: list[Piece] = []
    texture = theme.text_texture(line.text, line.role, int(measured.room))
    high = texture.height
    if line.pill:
        wide = min(width, measured.left + texture.width + dp(10))
        made.append(Piece("ground", 0, top, wide, measured.height, line.tone))
    middle = top + measured.height / 2
    first_line = theme.text_size("Ag", line.role, width)[1] / 2
    if line.icon:
        icon = theme.icon_texture(line.icon, line.icon_size)
        center = middle if high < 2.5 * first_line else top + first_line + (dp(5) * line.pill)
        x = (dp(10) if line.pill else 0) + (dp(line.icon_size) - icon.width) / 2
        made.append(Piece("icon", x, center - icon.height / 2, icon.width, icon.height,
                          line.icon_tone or line.tone, icon))  # fmt: skip
    if line.text:
        made.append(Piece("text", measured.left, middle - high / 2, texture.width, high,
                          line.tone, texture))  # fmt: skip
    if line.end:
        end = theme.text_texture(line.end, "small", width)
        made.append(Piece("text", width - end.width, top + first_line - end.height / 2,
                          end.width, end.height, line.end_tone, end))  # fmt: skip
    return made
