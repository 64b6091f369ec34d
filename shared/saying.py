"""A condition in plain English, however it is joined of others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from shared.checklist import Checklist
from shared.clauses import CLAUSES, Clause, Subject
from shared.english import listed, many
from shared.looking import Doc
from shared.quoting import Quoting
from shared.rules import Pack

# Words that open a clause and want a comma before them.
_ASIDE = ("on ", "by ", "for ", "in ", "within ", "at any ", "over ", "unless ")


class Saying:
    """Says the conditions of one rule or term, whose `scope` is what the rule is for."""

    def __init__(self, checklist: Checklist, pack: Pack, scope: str = "") -> None:
        names = {rule.id: rule.name for rule in pack.rules}
        self._subject = Subject(Quoting(checklist), pack.label, names, scope == "child")
        self._lettered = False

    def when(self, doc: Doc) -> str:
        """A condition as the end of a sentence: `when a plan is in force`."""
        text = self._say(doc).text
        return f"when{',' * text.startswith(_ASIDE)} {text}"

    def if_(self, doc: Doc) -> str:
        """The same with `if`."""
        return f"if{self.when(doc).removeprefix('when')}"

    def _say(self, doc: Doc) -> Clause:
        joining = next((JOINED[word] for word in JOINED if word in doc), None)
        if joining is not None:
            return joining(self, doc)
        return next(CLAUSES[word] for word in CLAUSES if word in doc)(self._subject, doc)

    def any(self, doc: Doc) -> Clause:
        """One of several; with letters where they are many or long."""
        parts = _with_earlier(doc["any"])
        outer, self._lettered = self._lettered, True
        said = [self._say(part) for part, _ in parts]
        self._lettered = outer
        days = parts[0][1]
        if days and all(each == days for _, each in parts):
            lead, texts = f"{_now_or(days)} ", [each.text for each in said]
        else:
            windows = [f" {_now_or(each)}" if each else "" for _, each in parts]
            lead, texts = "", [c.text + w for c, w in zip(said, windows, strict=True)]
        if len(texts) == 1:
            return Clause(lead + texts[0], joined=said[0].joined)
        if not outer and (len(texts) > 2 or any(each.joined for each in said)):
            return Clause(f"{lead}one of these is so: {_letters(texts)}", joined=2)
        return Clause(f"{lead}either {', or '.join(texts)}", joined=1)

    def all(self, doc: Doc) -> Clause:
        """All of several; what excuses stands last, after `unless`."""
        said = [self._say(part) for part in doc["all"] if "without" not in part]
        excuses = [self._say(part["without"]) for part in doc["all"] if "without" in part]
        unless = [f"unless it is known that {each.text}" for each in excuses]
        if not said:
            return Clause(listed([f"it is not known that {each.text}" for each in excuses]))
        # What has several parts stands last, so that what follows it is not taken for one of them.
        said.sort(key=lambda each: each.joined)
        text = said[0].text
        for before, each in pairwise(said):
            text += f", and {'also ' * bool(before.joined)}{each.text}"
        several = max(each.joined for each in said) or len(doc["all"]) > 1
        if said[-1].joined > 1:  # after its last letter, an excuse would seem to be that one's
            return Clause(", ".join([*unless, text]), joined=2)
        return Clause(", ".join([text, *unless]), joined=int(several))

    def not_(self, doc: Doc) -> Clause:
        """That something is not so."""
        inner = self._say(doc["not"])
        return Clause(inner.denied, opposite=inner.text)

    def without(self, doc: Doc) -> Clause:
        """That something is not known to be so."""
        text = self._say(doc["without"]).text
        return Clause(f"it is not known that {text}", opposite=f"it is known that {text}")


def _now_or(days: int) -> str:
    return f"(now or within the {many(days, 'day')} before)"


def _letters(texts: Sequence[str]) -> str:
    """`(a) one; (b) two; or (c) three`."""
    marked = [f"({chr(ord('a') + n) if n < 26 else n + 1}) {text}" for n, text in enumerate(texts)]
    return f"{'; '.join(marked[:-1])}; or {marked[-1]}"


def _with_earlier(parts: Sequence[Doc]) -> list[tuple[Doc, int | None]]:
    """The parts of an `any`; one that is also asked of earlier days stands once, with the days."""
    days: dict[int, int] = {}
    folded = []
    for n, part in enumerate(parts):
        asked = part.get("earlier")
        if asked in parts and "within_days" in part and (now := parts.index(asked)) not in days:
            days[now] = part["within_days"]
            folded.append(n)
    return [(part, days.get(n)) for n, part in enumerate(parts) if n not in folded]


JOINED: dict[str, Callable[[Saying, Doc], Clause]] = {
    "any": Saying.any,
    "all": Saying.all,
    "not": Saying.not_,
    "without": Saying.without,
}
