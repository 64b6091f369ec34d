"""What crosses the network, with its version: the shape of every event and of every reply."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from itertools import islice
from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema

from shared import facts
from shared.documents import VERSION, build, to_doc
from shared.facts import Event
from shared.shapes import (
    LONGEST_NAME,
    MOST_PROBLEMS,
    Answers,
    Day,
    Id,
    Moment,
    Strict,
    Text,
    Word,
    YesOrNo,
)
from shared.shapes import list_of as _list_of
from shared.shapes import whole as _whole
from shared.spelling import did_you_mean, listed, quoted

Path = tuple[str | int, ...]

ROLES = (
    "visitor",
    "team_manager",
    "named_nurse",
    "service_manager",
    "head_of_service",
    "director",
    "emergency_duty_team",
    "designated_nurse",
    "paediatrician",
)
PLAN_KINDS = ("child_protection", "child_in_need", "early_help", "pre_birth", "looked_after")
CLOSURES = ("close", "step_down", "end")
# An outcome at the door (ACC-01), a child not shown (ACC-03), and `out_announced`: ACC-01 out on
# a visit that was announced.
OUTCOMES = (
    "hide",
    "refused",
    "gone",
    "out_announced",
    "absent",
    "withheld",
    "out",
    "unsafe",
    "part",
    "alarm",
    "asleep",
    "glimpse",
    "risk",
)
LEVELS_TO = ("N", "L", "S")
_PLAIN = {
    "Missing data for required field.": "this is missing",
    "Field may not be null.": "this cannot be empty",
    "Not a valid string.": "this takes words (in quotes, where it is a number)",
    "Not a valid list.": "this takes a list",
    "Not a valid integer.": "this takes a whole number",
    "Invalid input type.": "this takes keys and values",
    "Invalid value.": "this is not a value that fits here",
}


class BadDocument(Exception):
    """A document that is no event we know. `problems`: (path, plain words), the first of them."""

    def __init__(self, problems: list[tuple[Path, str]]) -> None:
        super().__init__("; ".join(f"{place(path)}: {words}" for path, words in problems[:3]))
        self.problems = problems


def place(path: Path) -> str:
    """Return a path as it is read aloud: "answers[2].item", or "the document" for the whole."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".") or "the document"


class ChildDoc(Strict):
    """A child of a household."""

    id = Id(required=True)
    name = Text(LONGEST_NAME)
    born = Day()
    due = Day()
    gestation_weeks = _whole(20, 45)
    birth_weight_g = _whole(200, 8000)
    bottle_fed = YesOrNo()

    @validates_schema
    def dated(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse a child of whom neither birth nor due date is known."""
        if "born" not in data and "due" not in data:
            raise ValidationError("this is missing: born, or due for an unborn child", "born")


class AdultDoc(Strict):
    """An adult of a household."""

    id = Id(required=True)
    name = Text(LONGEST_NAME)
    relation = Text(LONGEST_NAME)


class HouseholdRecordDoc(Strict):
    """Who a family is."""

    name = Text(LONGEST_NAME)
    address = Text(1000)
    phone = Text(50)
    children = _list_of(fields.Nested(ChildDoc), 30)
    adults = _list_of(fields.Nested(AdultDoc), 30)

    @validates_schema
    def apart(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse two people with one id."""
        found: set[str] = set()
        for key in ("children", "adults"):
            for index, each in enumerate(data.get(key, ())):
                if each["id"] in found:
                    words = f"the id {quoted(each['id'])} is used twice"
                    raise ValidationError({key: {index: {"id": [words]}}})
                found.add(each["id"])


class _Envelope(Strict):
    v = _whole(VERSION, VERSION, required=True)
    type = Word(facts.EVENT_TYPES, required=True)
    id = Id(required=True)
    household = Id(required=True)
    at = Moment(required=True)
    by = Text(LONGEST_NAME)
    agency = Word(facts.AGENCIES)


class HouseholdDoc(_Envelope):
    """The family's people and address, as recorded at a time."""

    household_record = fields.Nested(HouseholdRecordDoc, required=True)


class VisitDoc(_Envelope):
    """A visit."""

    agency = Word(facts.AGENCIES, required=True)
    answers = Answers("seen")
    checklist = Text(64)
    left_at = Moment()
    shown = _list_of(Id(), 100)
    amends = Id()


class ReportDoc(_Envelope):
    """What another agency told."""

    agency = Word(facts.AGENCIES, required=True)
    answers = Answers("from_record")
    event_ref = Text(LONGEST_NAME, least=1)


class ConditionDoc(Strict):
    """A condition of a plan."""

    code = Word(("no_access",), required=True)
    outcomes = _list_of(Word(OUTCOMES), len(OUTCOMES), 1)


class PlanActionDoc(Strict):
    """An action written in a plan."""

    code = Id(required=True)
    who = Word(ROLES, required=True)
    due = Moment(required=True)


class SeeEveryDoc(Strict):
    """How often the children on a plan are to be seen."""

    working_days = _whole(1, 260, required=True)


class PlanDoc(_Envelope):
    """A plan begins or ends."""

    action = Word(("start", "end"), required=True)
    plan = Id(required=True)
    kind = Word(PLAN_KINDS, open_to_others=True)
    children = _list_of(Id(), 30, 1)
    see_every = fields.Nested(SeeEveryDoc)
    conditions = _list_of(fields.Nested(ConditionDoc), 1)
    actions = _list_of(fields.Nested(PlanActionDoc), 100)
    words = Text()

    @validates_schema
    def whole(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse a start without kind or children, and an end with more than its plan."""
        rest = ("kind", "children", "see_every", "conditions", "actions", "words")
        if data["action"] == "end":
            wrong = {key: ["the end of a plan has no such key"] for key in rest if key in data}
        else:
            wrong = {key: ["this is missing"] for key in rest[:2] if key not in data}
        if wrong:
            raise ValidationError(wrong)


class ArrivalDoc(_Envelope):
    """A pregnancy, birth, discharge from hospital, or return home."""

    child = Id(required=True)


class ClosureRequestDoc(_Envelope):
    """Someone asks to close the case or to step a plan down."""

    kind = Word(CLOSURES, required=True)
    plan = Id()

    @validates_schema
    def named(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse to step down or end a plan that is not named."""
        if data["kind"] != "close" and "plan" not in data:
            raise ValidationError("this is missing: which plan", "plan")


class DecisionDoc(_Envelope):
    """A named decision."""

    kind = Word(facts.DECISIONS, required=True)
    role = Word(ROLES)
    reason = Text()
    rule = Id()
    on = Id()
    item = Id()
    about = Text(130)
    to = Word(LEVELS_TO)
    basis = Word(facts.BASES)

    @validates_schema
    def whole(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse a decision that does not say what it is about."""
        needs = {
            "decide": ("rule", "on"),
            "lower_level": ("item", "to"),
            "close_concern": ("item",),
        }
        wrong = {
            key: [f"a decision of kind {data['kind']} needs this"]
            for key in needs.get(data["kind"], ())
            if key not in data
        }
        if wrong:
            raise ValidationError(wrong)


class DisagreeDoc(_Envelope):
    """A practitioner disagrees, and says why."""

    reason = Text(least=1, required=True)


class AcknowledgeDoc(_Envelope):
    """Someone with the duty takes an escalation up."""

    rule = Id(required=True)
    on = Id(required=True)
    role = Word(ROLES)


class ActionDoneDoc(_Envelope):
    """A required action was done: of an escalation (rule and on), or of a plan."""

    action = Id(required=True)
    rule = Id()
    on = Id()
    plan = Id()
    note = Text()
    reference = Text(LONGEST_NAME)
    outcome = Text()

    @validates_schema
    def whole(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse an action that belongs to nothing, or to two things."""
        of_rule = "rule" in data and "on" in data
        if of_rule == ("plan" in data) or ("rule" in data) != ("on" in data):
            words = "an action done names the escalation (rule and on) or the plan it belongs to"
            raise ValidationError(words, "action")


_SCHEMAS: dict[str, _Envelope] = {
    "household": HouseholdDoc(),
    "visit": VisitDoc(),
    "report": ReportDoc(),
    "plan": PlanDoc(),
    **dict.fromkeys(facts.ARRIVALS, ArrivalDoc()),
    "closure_request": ClosureRequestDoc(),
    "decision": DecisionDoc(),
    "disagree": DisagreeDoc(),
    "acknowledge": AcknowledgeDoc(),
    "action_done": ActionDoneDoc(),
}


def event_from_doc(doc: object, received_at: datetime) -> tuple[str, Event]:
    """Return the household's id and the event that a document describes.

    Answers are checked for their shape here, and for their sense by `checklist.check_answer`,
    which knows the household. Raises BadDocument, with the first twenty problems, and nothing else.
    """
    if not isinstance(doc, dict):
        raise BadDocument([((), "an event has keys and values")])
    kind = doc.get("type")
    schema = _SCHEMAS.get(kind) if isinstance(kind, str) else None
    if schema is None:
        near = did_you_mean(kind, _SCHEMAS)
        words = f"{quoted(kind)} is no type of event: {listed(_SCHEMAS, len(_SCHEMAS))}.{near}"
        raise BadDocument([(("type",), words)])
    try:
        loaded = schema.load(doc)
    except ValidationError as wrong:
        found = islice(_problems(schema, wrong.messages, ()), MOST_PROBLEMS)
        raise BadDocument(list(found)) from None
    return loaded["household"], build(loaded["type"], loaded, received_at)


def _problems(schema: Schema | None, messages: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(messages, dict):
        for key, inner in messages.items():
            if key == "_schema":
                yield from _problems(None, inner, path)
            elif schema is not None and inner == ["Unknown field."]:
                near = did_you_mean(key, schema.fields)
                keys = listed(schema.fields, len(schema.fields))
                yield (*path, key), f"there is no key {quoted(key)} here: {keys}.{near}"
            else:
                yield from _problems(_inside(schema, key), inner, (*path, key))
        return
    for words in messages if isinstance(messages, list) else [messages]:
        yield path, _PLAIN.get(str(words), str(words))


def _inside(schema: Schema | None, key: str | int) -> Schema | None:
    if schema is None or isinstance(key, int):
        return schema
    field = schema.fields.get(key)
    if isinstance(field, fields.List):
        field = field.inner
    inner = field.schema if isinstance(field, fields.Nested) else None
    return inner if isinstance(inner, Schema) else None


def event_to_doc(household_id: str, event: Event) -> dict[str, Any]:
    """Return the document of an event, which `event_from_doc` reads back as an equal event."""
    return to_doc(household_id, event)


def encode(doc: Mapping[str, Any]) -> bytes:
    """Return a document as canonical JSON: sorted keys, no spaces, UTF-8, no NaN."""
    text = json.dumps(
        doc, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode("utf-8")


def content_hash(raw: bytes) -> str:
    """Return the SHA-256 of a document's bytes, in hexadecimal: what a receipt names."""
    return sha256(raw).hexdigest()


def aad_of(event_id: str) -> bytes:
    """Return what a sealed event is bound to, so that no other id can be put on it."""
    return f"threshold-event/1|{event_id}".encode()
