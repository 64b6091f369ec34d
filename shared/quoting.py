"""The checklist's questions and answers, quoted in a sentence: `“Smoke” (SLP-11) is answered …`."""

from __future__ import annotations

from collections.abc import Sequence

from shared.because import BASIS_WORDS
from shared.checklist import Checklist
from shared.english import listed
from shared.items import Band, Item
from shared.looking import Doc, items_of

LEVEL_WORDS = {"N": "none", "L": "low", "S": "significant", "I": "immediate danger"}


def at_or_above(level: str) -> str:
    """`at level significant or above`; nothing is above immediate danger."""
    return f"at level {LEVEL_WORDS[level]}{' or above' * (level != 'I')}"


def on_basis(bases: Sequence[str]) -> str:
    """`on the basis “seen” or “from the record”`: how somebody knows."""
    return f"on the basis {listed([f'“{BASIS_WORDS[basis]}”' for basis in bases], 'or')}"


class Quoting:
    """Quotes questions and answers; a question in full the first time, afterwards by its code."""

    def __init__(self, checklist: Checklist) -> None:
        self._checklist = checklist
        self._sections = {section.code: section.name for section in checklist.sections}
        self._quoted: set[str] = set()

    def question(self, code: str) -> str:
        """`“Smoke” (SLP-11)`, or `SLP-11` once it has been quoted; a section likewise."""
        if code in self._quoted:
            return code
        self._quoted.add(code)
        item = self._checklist.items.get(code)
        return f"“{item.question if item else self._sections[code]}” ({code})"

    def options(self, codes: list[str], items: list[Item]) -> str:
        """`“Damp” or “Soiled”`: the answers with these codes to any of some items."""
        words = [word for code in codes for word in _labels(code, items)]
        return listed([f"“{word}”" for word in dict.fromkeys(words)], "or")

    def answered(self, doc: Doc) -> str:
        """An answer condition as a clause: what is asked, `is answered`, and how."""
        subject, how = self.asked_and_answer(doc)
        return f"{subject} is answered{how}"

    def asked_and_answer(self, doc: Doc) -> tuple[str, str]:
        """What an answer condition asks, and how it is answered, with a space before it."""
        subject, tail = self._subject(doc), self._set_aside(doc)
        how = self._how(doc)
        return subject, f"{' ' * bool(how)}{how}{tail}"

    def item(self, code: str) -> Item:
        """The item of a code."""
        return self._checklist.items[code]

    def listed(self, codes: list[str], last: str = "and") -> str:
        """Several questions or sections, quoted."""
        return listed([self.question(code) for code in codes], last)

    def _subject(self, doc: Doc) -> str:
        named = [doc["answer"]] if isinstance(doc["answer"], str) else list(doc["answer"])
        but = doc.get("except", ())
        tail = f" but {self.listed(list(but))}" if but else ""
        if named == ["any"]:
            return f"any question{tail}"
        sections = [code for code in named if code in self._sections]
        others = [self.question(code) for code in named if code not in sections]
        rest = [code for code in self._sections if code not in sections]
        if len(rest) < len(sections) and not others:
            left = f" but {self.listed(rest)}" if rest else ""
            return f"a question of any section{left}{tail}"
        if sections:
            others.insert(0, f"a question of {self.listed(sections, 'or')}")
        return listed(others, "or") + tail

    def _how(self, doc: Doc) -> str:
        words = []
        if "in" in doc:
            items = [self._checklist.items[code] for code in items_of(doc, self._checklist)]
            words.append(self.options(doc["in"], items))
        if "at_least" in doc:
            words.append(at_or_above(doc["at_least"]))
        if "below" in doc:
            words.append(f"below {LEVEL_WORDS[doc['below']]}")
        if "basis" in doc:
            words.append(on_basis(doc["basis"]))
        return " and ".join(words)

    def _set_aside(self, doc: Doc) -> str:
        """What does not count among the answers meant."""
        aside = []
        for code, options in doc.get("ignoring", {}).items():
            item = self._checklist.items[code]
            words = f"the answer {self.options(list(options), [item])}"
            aside.append(f"{words} to {self.question(code)}")
        for other in doc.get("unless", ()):
            how = self._how(other)
            aside.append(f"{self._subject(other)}{f' answered {how}' * bool(how)}")
        return f", leaving aside {listed(aside)}" if aside else ""


def _labels(code: str, items: list[Item]) -> list[str]:
    """The words of an answer's code, in each item that has it."""
    found = []
    for item in items:
        if code in item.levels:
            found.append(item.label_of(code))
        bands = [_band_words(band) for band in item.bands if band.code == code]
        found += [f"{' or '.join(bands)} {item.unit}"] if bands else []
    return found or [code]


def _band_words(band: Band) -> str:
    """`2 or more`, `14 to under 16`: the numbers that a band holds."""
    low, high = band.from_, band.to
    if low is not None and low == high:
        return f"{low:g}"
    words = [f"{low:g}"] if low is not None else []
    words += [f"over {band.above:g}"] if band.above is not None else []
    end = f"{high:g}" if high is not None else ""
    end = f"under {band.below:g}" if band.below is not None else end
    if words and end:
        return f"{words[0]} to {end}"
    return end or (f"{words[0]} or more" if low is not None else words[0])
