"""The bodies of the API's requests and replies; an event inside one is as `shared/wire.py` says."""

from __future__ import annotations

from marshmallow import fields, validate

from shared.shapes import Id, Strict, Text, list_of, whole

MOST_ITEMS = 50
LARGEST_BODY = 2_000_000
_SEALED = 600_000


class Time(fields.AwareDateTime):
    """A moment, with its offset."""

    def __init__(self, **more: object) -> None:
        super().__init__(format="iso", **more)  # type: ignore[arg-type]


class HealthReply(Strict):
    """The office answers; another epoch means that its database was restored."""

    status = Text(20)
    epoch = Text(64)
    time = Time()


class EnrolRequest(Strict):
    """A single-use code, and what the phone calls itself."""

    code = Text(100, least=1, required=True)
    device_name = Text(100, least=1, required=True)


class PersonDoc(Strict):
    """Whose phone it is."""

    id = Id()
    name = Text(200)
    role = Id()
    agency = Id()
    team = fields.String(allow_none=True)


class EnrolReply(Strict):
    """The phone's token, told this once, and the key to seal for this office."""

    device = Id()
    token = Text(100)
    user = fields.Nested(PersonDoc)
    office_key = Text(100)
    office_key_id = Text(100)
    epoch = Text(64)


class ItemDoc(Strict):
    """One sealed event; its additional data is `threshold-event/1|<id>`."""

    id = Text(64, least=1, required=True)
    sealed = Text(_SEALED, least=1, required=True)


class EventsRequest(Strict):
    """Events to take in, each by itself."""

    items = list_of(fields.Nested(ItemDoc), MOST_ITEMS, 1, required=True)


class ItemProblem(Strict):
    """Why an item is not in the record."""

    code = Text(40)
    message = Text()


class ReceiptDoc(Strict):
    """What became of one item; `stored` and `already` mean it is durable, byte for byte."""

    id = Text(64)
    state = fields.String(metadata={"enum": ["stored", "already", "conflict", "kept"]})
    sha256 = Text(64, metadata={"description": "of the opened document, or of what was sent"})
    received_at = Time()
    problem = fields.Nested(ItemProblem, allow_none=True)


class EventsReply(Strict):
    """One receipt an item, in the order sent."""

    received_at = Time()
    receipts = fields.List(fields.Nested(ReceiptDoc))


class CaseloadQuery(Strict):
    """Where to go on from; 0 is the beginning."""

    cursor = fields.Integer(load_default=0, validate=validate.Range(0, 2**62))


class EventPlace(Strict):
    """An event of a family, and when the office received it."""

    cursor = whole(0, 2**62)
    document = fields.Dict()
    received_at = Time()


class ContactDoc(Strict):
    """A number to call."""

    label = Text(100)
    number = Text(50)


class CaseloadReply(Strict):
    """One page of changes to the caller's families; go on from `cursor` while `more`."""

    cursor = whole(0, 2**62)
    more = fields.Boolean()
    households = fields.List(fields.Dict())
    events = fields.List(fields.Nested(EventPlace))
    escalations = fields.List(fields.Dict())
    gone = fields.List(fields.String())
    people = fields.List(fields.Dict())
    contacts = fields.List(fields.Nested(ContactDoc))
    packs = fields.Dict()
    time = Time()


class PacksReply(Strict):
    """The checklist, rules and holidays in force, as documents."""

    checklist = fields.Dict()
    rules = fields.Dict()
    holidays = fields.Dict()


class ProblemReply(Strict):
    """What went wrong (RFC 9457); `code` is stable."""

    type = fields.String()
    title = fields.String()
    status = fields.Integer()
    detail = fields.String()
    code = fields.String()
