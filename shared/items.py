"""What a checklist is made of, and reading one: sections, items, options, bands, levels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

FORMAT = "threshold-checklist/1"
LEVELS = "-NULSI"
# How grave, for rules: what could not be checked is neither good nor bad.
RANKS = {"-": -2, "U": -1, "N": 0, "L": 1, "S": 2, "I": 3}
KINDS = ("choice", "multi", "number", "text")
PER = ("household", "child", "adult", "open_concern", "agreed_action")
_FLAGS = ("core", "photo", "body_map", "sensitive", "note_required")
_RANK = {level: rank for rank, level in enumerate(LEVELS)}


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the checklist."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose. `level` is one of LEVELS."""

    code: str
    label: str
    level: str


@dataclass(frozen=True, slots=True)
class Band:
    """A range of numbers and its level: from and to are within it, below and above are not."""

    code: str
    level: str
    from_: float | None = None
    to: float | None = None
    above: float | None = None
    below: float | None = None

    def holds(self, number: float) -> bool:
        """Tell whether a number lies in the band."""
        return (
            (self.from_ is None or number >= self.from_)
            and (self.to is None or number <= self.to)
            and (self.above is None or number > self.above)
            and (self.below is None or number < self.below)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One question. `applies` holds the conditions under which it is asked at all."""

    code: str
    section: str
    question: str
    kind: str
    per: str
    applies: Mapping[str, Any] = field(default_factory=dict)
    core: bool = False
    photo: bool = False
    options: tuple[Option, ...] = ()
    bands: tuple[Band, ...] = ()
    unit: str = ""
    help: str = ""
    note_required: bool = False
    also_records: str = ""
    body_map: bool = False
    sensitive: bool = False
    levels: Mapping[str, str] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        levels = {option.code: option.level for option in self.options}
        object.__setattr__(self, "levels", levels)

    def band_of(self, number: float) -> Band | None:
        """Return the band that holds a number, or None."""
        return next((band for band in self.bands if band.holds(number)), None)

    def label_of(self, code: str) -> str:
        """Return the words of an option, or the code itself when there is no such option."""
        return next((each.label for each in self.options if each.code == code), code)


@dataclass(frozen=True, slots=True, eq=False)
class Meaning:
    """What an answer says to a rule: its item, the chosen codes, its level, its place from -2 to 3.

    The same answer to the same item is one object, so that a rule can know it at sight.
    """

    item: str
    section: str
    codes: tuple[str, ...]
    level: str
    rank: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """A version of the checklist; `items` are in the order they are asked."""

    id: str
    version: int
    title: str
    note: str
    bases: tuple[str, ...]
    sections: tuple[Section, ...]
    items: Mapping[str, Item]
    # What has been worked out once: the meaning of each answer, the questions for each age.
    meanings: dict[tuple[str, object], Meaning] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    asked: dict[tuple[int | None, bool | None], tuple[tuple[str, str | None], ...]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def meaning(self, code: str, value: str | tuple[str, ...] | float) -> Meaning:
        """Return what an answer to an item says. KeyError, ValueError: there is no such answer."""
        known = self.meanings.get((code, value))
        if known is not None:
            return known
        item = self.items[code]
        if item.kind == "text":
            known = self.meanings.get((code, ()))
        found = self._mean(item, value) if known is None else known
        # Numbers have no end: the ordinary ones are kept, so that they too are known at sight.
        if item.kind == "number" and len(self.meanings) < 20_000:
            self.meanings[code, value] = found
        return found

    def _mean(self, item: Item, value: str | tuple[str, ...] | float) -> Meaning:
        # Words and numbers have no end, so one is kept for all words and one for each band.
        key: object
        codes: tuple[str, ...]
        if item.kind == "text":
            key, codes = (), ()
        elif isinstance(value, str):
            key, codes = value, (value,)
        elif isinstance(value, tuple):
            key, codes = value, value
        else:
            band = item.band_of(value)
            codes = (band.code,) if band else ()
            key = ("band", *codes)
        level = level_of(item, value)
        meaning = Meaning(item.code, item.section, codes, level, RANKS[level])
        return self.meanings.setdefault((item.code, key), meaning)

    @property
    def name(self) -> str:
        """Return the id and version as records name them, such as "infant-home-visit/1"."""
        return f"{self.id}/{self.version}"

    @classmethod
    def from_doc(cls, doc: object) -> Checklist:
        """Read a checklist document; ValueError in plain words when it is not a sound one."""
        try:
            checklist = _checklist(cast("Mapping[str, Any]", doc))
        except (KeyError, TypeError, AttributeError) as wrong:
            raise ValueError(f"this is not a checklist: {wrong!r}") from wrong
        _check_sound(checklist)
        return checklist

    def to_doc(self) -> dict[str, Any]:
        """Return the JSON document that `from_doc` reads back as an equal checklist."""
        return {
            "format": FORMAT,
            "id": self.id,
            "version": self.version,
            "title": self.title,
            "note": self.note,
            "bases": list(self.bases),
            "sections": [{"code": each.code, "name": each.name} for each in self.sections],
            "items": [_item_doc(item) for item in self.items.values()],
        }


def _checklist(doc: Mapping[str, Any]) -> Checklist:
    if doc["format"] != FORMAT:
        raise ValueError(f"a checklist says format: {FORMAT}")
    items = [_item(each) for each in doc["items"]]
    if len({item.code for item in items}) != len(items):
        raise ValueError("an item's code is used twice")
    return Checklist(
        id=doc["id"],
        version=doc["version"],
        title=doc["title"],
        note=doc.get("note", ""),
        bases=tuple(doc["bases"]),
        sections=tuple(Section(each["code"], each["name"]) for each in doc["sections"]),
        items={item.code: item for item in items},
    )


def _item(doc: Mapping[str, Any]) -> Item:
    return Item(
        code=doc["code"],
        section=doc["section"],
        question=doc["question"],
        kind=doc["kind"],
        per=doc["per"],
        applies=dict(doc.get("applies", {})),
        options=tuple(Option(o["code"], o["label"], o["level"]) for o in doc.get("options", ())),
        bands=tuple(_band(each) for each in doc.get("bands", ())),
        unit=doc.get("unit", ""),
        help=doc.get("help", ""),
        also_records=doc.get("also_records", ""),
        **{flag: bool(doc.get(flag, False)) for flag in _FLAGS},
    )


def _band(doc: Mapping[str, Any]) -> Band:
    above, below = doc.get("above"), doc.get("below")
    return Band(doc["code"], doc["level"], doc.get("from"), doc.get("to"), above, below)


def _item_doc(item: Item) -> dict[str, Any]:
    doc: dict[str, Any] = {
        each: getattr(item, each) for each in ("code", "section", "question", "kind", "per")
    }
    doc["applies"] = dict(item.applies)
    doc.update({flag: True for flag in _FLAGS if getattr(item, flag)})
    words = {each: getattr(item, each) for each in ("unit", "also_records", "help")}
    doc.update({each: text for each, text in words.items() if text})
    doc["options"] = [{"code": o.code, "label": o.label, "level": o.level} for o in item.options]
    doc["bands"] = [
        {
            name.rstrip("_"): getattr(band, name)
            for name in ("code", "level", "from_", "to", "above", "below")
            if getattr(band, name) is not None
        }
        for band in item.bands
    ]
    return doc


def _check_sound(checklist: Checklist) -> None:
    sections = {each.code for each in checklist.sections}
    for item in checklist.items.values():
        levels = [each.level for each in item.options] + [each.level for each in item.bands]
        if item.section not in sections or item.kind not in KINDS or item.per not in PER:
            raise ValueError(f"{item.code}: unknown section, kind or per")
        if any(level not in _RANK for level in levels):
            raise ValueError(f"{item.code}: a level is one of {' '.join(LEVELS)}")
        if len(item.levels) != len(item.options):
            raise ValueError(f"{item.code}: an option's code is used twice")
        if item.kind in ("choice", "multi") and not item.options:
            raise ValueError(f"{item.code}: there is nothing to choose")
        if item.kind == "number" and not item.bands:
            raise ValueError(f"{item.code}: a number needs bands")


def rank(level: str) -> int:
    """Return a level's place in the order - < N < U < L < S < I, from 0."""
    return _RANK[level]


def worst(levels: Iterable[str]) -> str:
    """Return the highest of some levels, "-" of none."""
    return max(levels, key=_RANK.__getitem__, default="-")


def level_of(item: Item, value: str | tuple[str, ...] | float) -> str:
    """Return the level of an answer: the highest of its options, or the band of its number.

    Words have no level. ValueError when the item has no such option and no such band.
    """
    if item.kind == "text":
        return "-"
    try:
        if isinstance(value, str):
            return item.levels[value]
        if isinstance(value, tuple):
            return worst(item.levels[each] for each in value)
    except KeyError as unknown:
        raise ValueError(f"{item.code} has no option {unknown}") from None
    band = item.band_of(value)
    if band is None:
        raise ValueError(f"{item.code} has no band for {value}")
    return band.level
