"""Design tokens: colours, sizes of type and space, icons; and the measuring of text."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from kivy.core.text import Label as CoreLabel
from kivy.core.text import LabelBase
from kivy.metrics import dp, sp
from kivy.utils import get_color_from_hex

Colour = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Palette:
    """One appearance. Each name says what the colour is for, never how it looks."""

    paper: str  # the ground of a screen
    surface: str  # cards and sheets
    sunk: str  # wells: fields, the track of a bar
    line: str  # borders and rules: decoration, nothing is told by them alone
    edge: str  # borders of what can be touched
    ink: str  # words
    soft: str  # quieter words
    faint: str  # icons that only accompany words
    bar: str  # the app bar
    on_bar: str
    on_bar_soft: str
    primary: str
    on_primary: str
    wash: str  # what is chosen
    on_wash: str
    amber: str  # the sill of the mark
    immediate: str
    immediate_wash: str
    significant: str
    significant_wash: str
    low: str
    low_wash: str
    fine: str
    fine_wash: str
    gap: str
    gap_wash: str
    danger: str  # the ground of a button that calls for help now
    on_danger: str


LIGHT = Palette(
    paper="#F4F6F4", surface="#FFFFFF", sunk="#E9EEEC", line="#D3DCD9", edge="#7B8F90",
    ink="#10262B", soft="#465A5F", faint="#6B7F82",
    bar="#073B42", on_bar="#FFFFFF", on_bar_soft="#BFD8D9",
    primary="#0B5C63", on_primary="#FFFFFF", wash="#DDECEB", on_wash="#073B42", amber="#E2A63B",
    immediate="#A3161B", immediate_wash="#FBE9E7",
    significant="#7A4300", significant_wash="#FCEFD9",
    low="#2A5673", low_wash="#E5EFF5",
    fine="#17603A", fine_wash="#E2F1E8",
    gap="#54447F", gap_wash="#ECE8F5",
    danger="#A3161B", on_danger="#FFFFFF",
)  # fmt: skip
DARK = Palette(
    paper="#0B1517", surface="#142225", sunk="#0E1A1C", line="#2A3B3F", edge="#7D9294",
    ink="#EAF1F0", soft="#AFC0C1", faint="#8CA0A2",
    bar="#0E2A2F", on_bar="#F2F8F7", on_bar_soft="#A9C8C9",
    primary="#66C7C9", on_primary="#04262A", wash="#17393D", on_wash="#CDEBEA", amber="#E9B65A",
    immediate="#FF9E96", immediate_wash="#3A1719",
    significant="#F4BE74", significant_wash="#352510",
    low="#9CCBEA", low_wash="#16303F",
    fine="#86D3A6", fine_wash="#12301F",
    gap="#C6B8F0", gap_wash="#2A2340",
    danger="#C9302C", on_danger="#FFFFFF",
)  # fmt: skip
APPEARANCES = {"light": LIGHT, "dark": DARK}

# (size in sp, bold, line height): few sizes, clearly apart.
TYPE: dict[str, tuple[float, bool, float]] = {
    "display": (30, True, 1.1),
    "title": (22, True, 1.12),
    "heading": (18, True, 1.16),
    "strong": (16, True, 1.18),
    "body": (16, False, 1.22),
    "small": (14, False, 1.18),
    "label": (14, True, 1.15),
    "big": (40, True, 1.0),
}
TOUCH = 48  # dp: the least side of anything that can be touched

# The pale ground of a pill where it is not the tone's own wash.
GROUNDS = {"on_wash": "wash", "soft": "sunk", "ink": "sunk"}

# Level: (tone, icon, words). The shape and the words say it; the colour only helps.
LEVELS: dict[str, tuple[str, str, str]] = {
    "I": ("immediate", "octagon", "Immediate danger"),
    "S": ("significant", "triangle", "Significant concern"),
    "L": ("low", "rhombus", "Some concern"),
    "U": ("gap", "question", "Could not check"),
    "N": ("fine", "tick", "No concern seen"),
    "-": ("soft", "dot", "Recorded"),
}

ICONS = {
    "back": "\U000f004d", "next": "\U000f0142", "down": "\U000f0140", "up": "\U000f0143",
    "check": "\U000f012c", "tick": "\U000f05e1", "tick-full": "\U000f05e0",
    "octagon": "\U000f0029", "triangle": "\U000f0026", "rhombus": "\U000f070b",
    "question": "\U000f0625", "dot": "\U000f0766", "phone": "\U000f03f2",
    "phone-log": "\U000f03f9", "shield": "\U000f0ccb", "home": "\U000f06a1",
    "gone": "\U000f13d7", "door": "\U000f081c", "door-shut": "\U000f081b",
    "no-hand": "\U000f1833", "withheld": "\U000f12e0", "child": "\U000f0e7d",
    "clock": "\U000f0150", "clock-late": "\U000f05ce", "close": "\U000f0156",
    "erase": "\U000f0b5c", "lock": "\U000f0341", "tray": "\U000f011d",
    "safe": "\U000f1bec", "sending": "\U000f0b7e", "device": "\U000f17fd",
    "no-signal": "\U000f05aa", "pencil": "\U000f0cb6", "note": "\U000f11d7",
    "note-add": "\U000f039d", "eye": "\U000f06d0", "ear": "\U000f07c5",
    "record": "\U000f09ee", "list": "\U000f0279", "plus": "\U000f0415", "minus": "\U000f0374",
    "info": "\U000f02fd", "box-on": "\U000f0132", "box-off": "\U000f0131",
    "radio-on": "\U000f043e", "radio-off": "\U000f043d", "gavel": "\U000f029b",
    "people": "\U000f0b58", "send": "\U000f1165", "leave": "\U000f046e",
    "history": "\U000f02da", "speech": "\U000f1022", "resume": "\U000f040d",
    "attention": "\U000f05d6", "place": "\U000f07d9", "unseen": "\U000f06d1",
    "adult": "\U000f10ca", "knock": "\U000f0be7", "update": "\U000f04e6", "bullet": "\U000f09df",
}  # fmt: skip

ICON_FONT = "Icons"


def _icon_file() -> str:
    spec = find_spec("fonticon_mdi7")
    if spec is None or spec.origin is None:
        raise RuntimeError("the icon font is missing: install fonticon-materialdesignicons7")
    return str(Path(spec.origin).parent / "fonts" / "materialdesignicons-webfont.ttf")


LabelBase.register(ICON_FONT, _icon_file())


def rgba(hex_colour: str) -> Colour:
    """The colour as Kivy wants it, from '#RRGGBB'."""
    return tuple(get_color_from_hex(hex_colour))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two '#RRGGBB' colours by WCAG 2.2, from 1 to 21."""

    def luminance(colour: str) -> float:
        parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
                 for c in rgba(colour)[:3]]  # fmt: skip
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    a, b = sorted((luminance(one), luminance(other)))
    return (b + 0.05) / (a + 0.05)


class Theme:
    """The appearance in force: each colour of the palette as an attribute, ready for a canvas.

    Plain attributes, not Kivy properties: nothing binds to them, which keeps widgets light. A
    change of appearance builds the screens anew.
    """

    def __init__(self) -> None:
        self.name = ""
        self.palette = LIGHT
        self.use("light")

    def use(self, name: str) -> None:
        """Take the appearance of this name, 'light' or 'dark'."""
        self.name, self.palette = name, APPEARANCES[name]
        for field in fields(Palette):
            setattr(self, field.name, rgba(getattr(self.palette, field.name)))

    def colour(self, token: str) -> Colour:
        """The colour of a token, by name."""
        return getattr(self, token)

    def ground(self, tone: str) -> Colour:
        """The pale ground that belongs to a tone."""
        return getattr(self, GROUNDS.get(tone, f"{tone}_wash"))


current = Theme()


def font(role: str) -> dict[str, object]:
    """The arguments that a text of this role is drawn with."""
    size, bold, leading = TYPE[role]
    return {"font_name": "Roboto", "font_size": sp(size), "bold": bold, "line_height": leading}


def _label(text: str, role: str, width: float) -> CoreLabel:
    """The text, wrapped only if it is wider than `width`: else it is as wide as it is."""
    label = CoreLabel(text=text or " ", color=(1, 1, 1, 1), **font(role))
    label.resolve_font_name()
    if "\n" in text or label.render()[0] > width:
        label = CoreLabel(
            text=text, text_size=(max(1, width), None), color=(1, 1, 1, 1), **font(role)
        )
        label.resolve_font_name()
    return label


@lru_cache(maxsize=4096)
def text_size(text: str, role: str, width: float) -> tuple[int, int]:
    """Width and height in pixels that the text takes when wrapped at `width`, not drawn."""
    wide, high = _label(text, role, width).render()
    return int(wide), int(high)


@lru_cache(maxsize=1024)
def text_texture(text: str, role: str, width: float) -> object:
    """The text drawn in white, wrapped at `width`, to be tinted where it is used."""
    label = _label(text, role, width)
    label.refresh()
    return label.texture


@lru_cache(maxsize=256)
def icon_texture(name: str, size: float) -> object:
    """The icon drawn in white at `size` dp, to be tinted where it is used."""
    label = CoreLabel(text=ICONS[name], font_name=ICON_FONT, font_size=dp(size),
                      color=(1, 1, 1, 1))  # fmt: skip
    label.refresh()
    return label.texture


def forget_drawn_text() -> None:
    """Forget cached textures: after the window's graphics were lost, or the text size changed."""
    for cache in (text_size, text_texture, icon_texture):
        cache.cache_clear()
