"""Reads a page's HTML and holds it to what every page promises."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

VOID = {"area", "br", "hr", "img", "input", "link", "meta", "path", "rect", "circle", "wbr"}
UNLABELLED = {"hidden", "submit", "button"}


@dataclass
class Form:
    """A form: where it goes, and the hidden fields that go with it."""

    action: str
    method: str
    hidden: dict[str, str] = field(default_factory=dict)


@dataclass
class Page:
    """What a test asks of a page."""

    path: str
    status: int
    html: str
    h1: list[str]
    title: str
    text: str
    links: dict[str, str]
    forms: list[Form]

    def form(self, action: str) -> Form:
        """The form that goes to that path (without its query)."""
        for form in self.forms:
            if form.action.split("?")[0].split("#")[0] == action.split("?")[0]:
                return form
        raise AssertionError(f"{self.path} has no form to {action}: {self.forms}")

    def has_form(self, action: str) -> bool:
        """Whether the page has a form to that path."""
        return any(form.action.split("#")[0] == action for form in self.forms)


class Reader(HTMLParser):
    """Collects what the checks look at."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.labels: set[str] = set()
        self.inputs: list[dict[str, str | None]] = []
        self.forms: list[Form] = []
        self.h1: list[str] = []
        self.title = ""
        self.links: dict[str, str] = {}
        self.link = ""
        self.texts: list[str] = []
        self.problems: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what is asked of this tag."""
        given = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        self._inline(tag, given)
        if tag == "h1":
            self.h1.append("")
        elif tag == "label":
            self.labels.add(str(given.get("for")))
        elif tag in ("input", "select", "textarea"):
            self._input(given)
        elif tag == "form":
            self.forms.append(Form(str(given.get("action") or ""), str(given.get("method"))))
        elif tag == "a":
            self.link = str(given.get("href") or "")

    def _inline(self, tag: str, given: dict[str, Any]) -> None:
        handlers = [name for name in given if name.startswith("on") or name == "style"]
        if handlers or tag == "style" or (tag == "script" and not given.get("src")):
            self.problems.append(f"<{tag}> has inline code or style: {handlers}")
        if tag == "img" and given.get("alt") is None:
            self.problems.append("an image has no alternative text")

    def _input(self, given: dict[str, str | None]) -> None:
        if given.get("type") == "hidden" and self.forms:
            self.forms[-1].hidden[str(given.get("name"))] = given.get("value") or ""
        if given.get("type") not in UNLABELLED:
            self.inputs.append(given)

    def handle_endtag(self, tag: str) -> None:
        """Check that tags close in order."""
        if tag in VOID:
            return
        if not self.open or self.open[-1] != tag:
            self.problems.append(f"</{tag}> closes nothing that is open here: {self.open[-3:]}")
        else:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        """Gather the words by where they stand."""
        inside = self.open[-1] if self.open else ""
        if inside == "title":
            self.title += data
        if "h1" in self.open:
            self.h1[-1] += data
        if "a" in self.open and data.strip():
            self.links[" ".join(data.split())] = self.link
        if not {"script", "style", "title"} & set(self.open):
            self.texts.append(data)


def read_page(path: str, reply: Any) -> Page:
    """The page of a reply, after checking it."""
    assert reply.mimetype == "text/html", path
    reader = Reader()
    reader.feed(reply.text)
    page = Page(
        path=path,
        status=reply.status_code,
        html=reply.text,
        h1=[" ".join(words.split()) for words in reader.h1],
        title=" ".join(reader.title.split()),
        text=" ".join(" ".join(reader.texts).split()),
        links=reader.links,
        forms=reader.forms,
    )
    problems = [*reader.problems, *check(page, reader)]
    assert not problems, (path, problems)
    check_headers(reply)
    return page


def check(page: Page, reader: Reader) -> list[str]:
    """What is wrong with a page."""
    problems = [f"{tag} is never closed" for tag in reader.open]
    if len(page.h1) != 1:
        problems.append(f"it has {len(page.h1)} main headings")
    elif not page.title.removeprefix("Error: ").startswith(page.h1[0]):
        problems.append(f"its title {page.title!r} does not begin with {page.h1[0]!r}")
    problems += [f"id {id} is used {n} times" for id, n in Counter(reader.ids).items() if n > 1]
    for given in reader.inputs:
        if given.get("id") not in reader.labels and not given.get("aria-label"):
            problems.append(f"{given.get('name')} has no label")
    for form in page.forms:
        if not form.action.startswith("/"):
            problems.append(f"a form goes to {form.action!r}")
        if form.method == "post" and not form.hidden.get("csrf_token"):
            problems.append(f"the form to {form.action} has no token")
    problems += [
        f"{word!r} is shown"
        for word in ("None", "undefined", "Traceback")
        if f" {word} " in f" {page.text} "
    ]
    return problems


def check_headers(reply: Any) -> None:
    """Pages say what may run in them, and are not kept by anyone on the way."""
    policy = reply.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert reply.headers["Cache-Control"] == "no-store"
