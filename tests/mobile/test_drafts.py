"""A visit in progress: asked, answered, left, resumed, finished once; and the doorstep."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from mobile.draft import AlreadyFinished, Draft, NotFinished, Place, Refused
from mobile.store import StorageFull
from shared import packs, sealing, wire
from shared.checklist import Checklist
from shared.facts import ActionDone, Answer, Household, Visit

NOW = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
LATER = NOW + timedelta(minutes=45)


@pytest.fixture
def draft(with_families: Callable[..., Any], homes: Any) -> Draft:
    phone = with_families(homes.family("fam", events=(homes.visit(
        Answer(item="ACC-01", value="in"),
        Answer(item="SLP-05", value="wet", about="zeb", note="Sheet soaked"),
        Answer(item="SLP-09", value=25.5, about="zeb", basis="told_by_parent"),
    ),)))  # fmt: skip
    draft, saved = phone.drafts.start("fam", NOW)
    assert saved.result() == NOW
    return draft


def reopened(phone: Any, draft: Draft, homes: Any) -> Draft:
    """The same draft as a new process finds it."""
    phone.store.close()
    phone.__dict__.update(homes.phone_on(phone.store.folder).__dict__)
    found: Draft = phone.drafts.open(draft.id, LATER)
    return found


def test_every_item_of_the_checklist_that_applies_is_asked(draft: Draft) -> None:
    codes = {row.item.code for row in draft.rows()}
    # HLT-03 waits for HLT-01; ENG-02 for agreed actions; a baby is asked all about sleep.
    assert set(draft.checklist.items) - codes == {"HLT-03", "ENG-02"}
    assert [s.code for s in draft.sections()] == [s.code for s in draft.checklist.sections]
    assert sum(s.asked for s in draft.sections()) == len(draft.rows())
    concerns = [row.about for row in draft.rows() if row.item.code == "ENG-01"]
    assert concerns == ["SLP-05:zeb", "SLP-09:zeb"]


def test_an_unborn_child_is_not_asked_about(with_families: Any, homes: Any) -> None:
    phone = with_families(homes.family("fam", born=date(2027, 1, 1)))
    draft, _ = phone.drafts.start("fam", NOW)
    assert draft.children() == []
    assert "SLP-01" not in {row.item.code for row in draft.rows()}


def test_an_item_becomes_applicable_after_an_answer(draft: Draft) -> None:
    draft.answer("HLT-01", "minor", NOW, "zeb")
    assert "HLT-03" in [row.item.code for row in draft.rows("HLT")]
    draft.answer("HLT-03", "vague", NOW, "zeb")
    draft.answer("HLT-01", "none", NOW, "zeb")
    assert "HLT-03" not in [row.item.code for row in draft.rows("HLT")]
    assert [row.item.code for row in draft.set_aside()] == ["HLT-03"]
    draft.answer("ACC-01", "in", NOW)
    assert "HLT-03" not in [a.item for a in draft.visit(NOW).answers]


@pytest.mark.parametrize(
    ("item", "value", "about", "level"),
    [
        ("ACC-01", "refused", None, "S"),
        ("SLP-01", ["own", "sofa"], "zeb", "S"),
        ("SLP-09", 25, "zeb", "S"),
        ("SLP-09", "unk", "zeb", "U"),
        ("CHD-04", "Woke at six, fed, slept", "zeb", "-"),
        ("PAR-02", "away", "mum", "L"),
        ("ENG-01", "unseen", "SLP-05:zeb", None),
    ],
)
def test_every_kind_of_answer(
    draft: Draft, item: str, value: object, about: str | None, level: str | None
) -> None:
    assert draft.answer(item, value, NOW, about).result() == NOW
    row = draft.row(item, about)
    assert row.given.value == (tuple(value) if isinstance(value, list) else value)
    assert row.given.saved_at == NOW
    assert level in (None, row.level)


@pytest.mark.parametrize(
    ("item", "value", "about"),
    [
        ("ACC-01", "inn", None),
        ("ACC-01", ["in"], None),
        ("SLP-01", [], "zeb"),
        ("SLP-09", float("nan"), "zeb"),
        ("SLP-09", float("inf"), "zeb"),
        ("SLP-09", "warm", "zeb"),
        ("CHD-04", "  ", "zeb"),
        ("SLP-05", "wet", "nobody"),
        ("SLP-05", "wet", None),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_and_changes_nothing(
    draft: Draft, item: str, value: object, about: str | None
) -> None:
    with pytest.raises(Refused) as caught:
        draft.answer(item, value, NOW, about)
    assert item in caught.value.problems[0]
    assert draft.row(item, about).given.is_empty


def test_last_time_is_shown_beside_and_never_chosen(draft: Draft) -> None:
    row = draft.row("SLP-05", "zeb")
    assert row.last is not None
    assert row.last.words.startswith("10 November: Damp, soaked")
    assert row.last.words.endswith("(seen)")
    assert (row.last.level, row.last.note) == ("S", "Sheet soaked")
    told = draft.row("SLP-09", "zeb").last
    assert told is not None
    assert "25.5 degrees Celsius (told by a parent)" in told.words
    assert not row.given.is_answered
    assert draft.row("SLP-04", "zeb").last is None


def test_note_basis_and_also_stay_with_the_answer(draft: Draft) -> None:
    draft.note("SLP-05", "Sheet wet through", NOW, "zeb")
    draft.basis("SLP-05", "told_by_parent", NOW, "zeb")
    draft.also("SLP-05", "back bedroom", NOW, "zeb")
    assert not draft.row("SLP-05", "zeb").given.is_answered
    draft.answer("SLP-05", "wet", NOW, "zeb")
    answer = draft.row("SLP-05", "zeb").answer
    assert answer == Answer(
        item="SLP-05", value="wet", about="zeb", basis="told_by_parent",
        note="Sheet wet through", also="back bedroom",
    )  # fmt: skip
    with pytest.raises(Refused):
        draft.basis("SLP-05", "guessed", NOW, "zeb")


@pytest.mark.parametrize("text", ["\x00", "a\x1b[31m", "\ud800", "\u202eabc", "x" * 20_001])
def test_words_the_office_could_not_keep_are_refused_while_typing(draft: Draft, text: str) -> None:
    with pytest.raises(Refused):
        draft.note("SLP-05", text, NOW, "zeb")
    with pytest.raises(Refused):
        draft.could_not_check("SLP-05", text, NOW, "zeb")


def test_could_not_check_is_a_gap_on_record_with_its_reason(draft: Draft) -> None:
    draft.could_not_check("SLP-05", "Baby asleep on it", NOW, "zeb")
    draft.could_not_check("ACC-04", "Dog in the hall", NOW)
    draft.could_not_check("CHD-04", "Mother too upset to say", NOW, "zeb")
    with pytest.raises(Refused, match="why"):
        draft.could_not_check("SLP-04", " ", NOW, "zeb")
    gaps = [("SLP-05", "zeb"), ("ACC-04", None), ("CHD-04", "zeb")]
    assert {draft.row(*key).level for key in gaps} == {"U"}
    draft.answer("ACC-01", "in", NOW)
    answers = {a.item: a for a in draft.visit(NOW).answers}
    assert (answers["SLP-05"].value, answers["SLP-05"].reason) == ("unk", "Baby asleep on it")
    assert answers["ACC-04"].value == ("notask",)
    # Where the item has no such answer the words travel beside ACC-01: nothing written is lost.
    assert answers["ACC-01"].note == ("CHD-04 (Zebedee): could not check: Mother too upset to say")
    assert "SLP-05" not in [row.item.code for row in draft.unanswered()]


def test_clear_can_be_undone(draft: Draft) -> None:
    draft.answer("SLP-05", "wet", NOW, "zeb")
    before = draft.row("SLP-05", "zeb")
    draft.clear("SLP-05", NOW, "zeb").result()
    assert not draft.row("SLP-05", "zeb").given.is_answered
    draft.restore(before, LATER).result()
    assert draft.row("SLP-05", "zeb").given.value == "wet"


def test_she_comes_back_to_the_same_place_with_everything_there(
    draft: Draft, phone: Any, homes: Any
) -> None:
    draft.answer("ACC-01", "in", NOW)
    draft.note("SLP-05", "wet through", NOW, "zeb")
    draft.answer("SLP-01", ["own", "bedside"], NOW, "zeb")
    draft.go("SLP", NOW, "SLP-02", "zeb").result()
    again = reopened(phone, draft, homes)
    assert again is not draft
    assert again.place == Place("SLP", "SLP-02", "zeb")
    assert again.answers() == draft.answers()
    assert again.row("SLP-05", "zeb").given.note == "wet through"
    assert again.started_at == NOW
    assert [(s.code, s.answered) for s in again.sections()][:3] == [
        ("ACC", 1),
        ("CHD", 0),
        ("SLP", 1),
    ]
    card = phone.drafts.cards(LATER)[0]
    assert (card.id, card.initials, card.answered, card.place) == (draft.id, "QF", 2, again.place)
    resumed, _ = phone.drafts.start("fam", LATER)
    assert resumed is again


def test_next_unanswered_goes_round_from_where_she_is(draft: Draft) -> None:
    draft.go("SLP", NOW, "SLP-02", "zeb")
    assert draft.next_unanswered() == Place("SLP", "SLP-02", "zeb")
    for row in draft.rows():
        if row.item.code != "ACC-02":
            draft.could_not_check(row.item.code, "no time", NOW, row.about)
    assert draft.next_unanswered() == Place("ACC", "ACC-02")
    draft.answer("ACC-02", "ann", NOW)
    assert draft.next_unanswered() is None


def test_a_visit_in_which_nothing_was_entered_begins_anew(phone: Any, draft: Draft) -> None:
    assert phone.drafts.cards(NOW) == []
    other, saved = phone.drafts.start("fam", LATER)
    saved.result()
    assert (other.started_at, other.id == draft.id) == (LATER, False)
    assert phone.store.read("SELECT count(*) FROM draft")[0][0] == 1


def test_a_draft_keeps_its_checklist_when_another_arrives(
    phone: Any, draft: Draft, homes: Any
) -> None:
    draft.answer("ACC-01", "in", NOW).result()
    documents = packs.documents()
    newer = replace(packs.checklist(), version=2).to_doc()
    phone.caseload.put_packs(
        {**documents, "checklist": newer},
        {"checklist": "infant-home-visit/2", "rules": "england/1"},
    ).result()
    again = reopened(phone, draft, homes)
    assert again.checklist == Checklist.from_doc(documents["checklist"])
    assert again.visit(LATER).checklist == "infant-home-visit/1"
    assert phone.caseload.book().checklist.name == "infant-home-visit/2"


def test_finish_is_refused_with_the_reason_until_the_door_is_answered(draft: Draft) -> None:
    draft.answer("SLP-05", "wet", NOW, "zeb")
    with pytest.raises(NotFinished, match="What happened when you called"):
        draft.finish(LATER)
    draft.answer("ACC-01", "in", NOW)
    assert draft.blocking() == []
    assert len(draft.unanswered()) > 40


def test_finish_makes_one_sealed_visit_however_often_it_is_tapped(
    phone: Any, draft: Draft, homes: Any
) -> None:
    draft.answer("ACC-01", "in", NOW)
    draft.answer("SLP-05", "wet", NOW, "zeb")
    first, second = draft.finish(LATER, shown=["R26"]), draft.finish(LATER)
    assert first.result() == second.result() == draft.id
    assert draft.finish(LATER + timedelta(minutes=1)).result() == draft.id
    (item,) = phone.outbox.items()
    (_, box, sha256), = phone.outbox.sealed([draft.id])  # fmt: skip
    opened = sealing.open_sealed(
        {homes.OFFICE.key_id: homes.OFFICE.private}, box, wire.aad_of(draft.id), 100_000
    )
    assert wire.content_hash(opened) == sha256 == item.sha256
    household, visit = wire.event_from_doc(json.loads(opened), LATER)
    assert isinstance(visit, Visit)
    assert household == "fam"
    assert (visit.at, visit.left_at, visit.shown) == (NOW, LATER, ("R26",))
    assert (visit.by, visit.agency) == ("hv-amara", "health_visiting")
    assert visit.checklist == "infant-home-visit/1"
    assert visit.answers == (
        Answer(item="ACC-01", value="in"),
        Answer(item="SLP-05", value="wet", about="zeb"),
    )
    assert phone.drafts.cards(LATER) == []
    with pytest.raises(AlreadyFinished, match="finished"):
        draft.answer("SLP-05", "clean", LATER, "zeb").result()
    assert phone.store.read("SELECT count(*) FROM answer")[0][0] == 0


def test_what_a_full_phone_could_not_write_is_written_with_the_next_tap(
    phone: Any, draft: Draft, homes: Any
) -> None:
    store = phone.store
    draft.answer("ACC-01", "in", NOW).result()
    pages = store.write(lambda db: db.execute("PRAGMA page_count").fetchone()[0]).result()
    store.write(lambda db: db.execute(f"PRAGMA max_page_count = {pages}")).result()
    with pytest.raises(StorageFull):
        draft.note("SLP-05", "w" * 15_000, NOW, "zeb").result()
    assert "full" in store.trouble
    with pytest.raises(StorageFull):
        draft.finish(LATER).result()
    store.write(lambda db: db.execute("PRAGMA max_page_count = 100000")).result()
    draft.answer("SLP-04", "good", NOW, "zeb").result()
    again = reopened(phone, draft, homes)
    assert again.row("SLP-05", "zeb").given.note == "w" * 15_000
    assert again.finish(LATER).result() == draft.id


def test_the_doorstep_is_whole_and_durable_in_one_commit(
    phone: Any, with_families: Any, homes: Any
) -> None:
    with_families(homes.family("fam", plan=True))
    codes = [option.code for option in phone.drafts.doorstep_outcomes()]
    assert codes == ["out", "hide", "refused", "gone", "unsafe", "alarm"]
    visit_id, saved = phone.drafts.doorstep(
        "fam", "refused", NOW, expected="ann", note="Curtain moved", shown=("R03",)
    )
    assert saved.result() == visit_id
    phone.store.close()
    again = homes.phone_on(phone.store.folder)
    (item,) = again.outbox.items()
    assert (item.id, item.urgent, item.state) == (visit_id, True, "waiting")
    assert item.document["answers"] == [
        {"item": "ACC-01", "answer": "refused", "basis": "seen", "note": "Curtain moved"},
        {"item": "ACC-02", "answer": "ann", "basis": "seen"},
    ]
    with pytest.raises(Refused):
        again.drafts.doorstep_visit("fam", "hidden", NOW)
    again.store.close()


def test_a_call_travels_in_the_parcel_of_its_visit(
    phone: Any, with_families: Any, homes: Any
) -> None:
    with_families(homes.family("fam", plan=True))
    visit_id, _ = phone.drafts.doorstep("fam", "refused", NOW)
    call, saved = phone.drafts.log_call(
        "fam", visit_id, "call_police", LATER, rule="R03", reference="Log 4411",
        outcome="They are on the way", note="Spoke to the control room",
    )  # fmt: skip
    assert saved.result() == call
    assert [(w[0], w[1], w[2]) for w in phone.outbox.waiting()] == [
        (visit_id, visit_id, True),
        (call, visit_id, True),
    ]
    event = wire.event_from_doc(phone.outbox.items()[1].document, LATER)[1]
    assert isinstance(event, ActionDone)
    assert (event.on, event.rule, event.reference) == (visit_id, "R03", "Log 4411")


def test_a_call_logged_during_a_visit_waits_for_it(phone: Any, draft: Draft) -> None:
    draft.answer("HLT-01", "grave", NOW, "zeb").result()
    phone.drafts.log_call("fam", draft.id, "call_999", NOW, rule="R01")[1].result()
    assert phone.outbox.waiting() == []
    draft.answer("ACC-01", "in", NOW)
    draft.finish(LATER).result()
    assert {w[1] for w in phone.outbox.waiting()} == {draft.id}


def test_a_family_that_moved_away_takes_no_draft_with_it(
    phone: Any, draft: Draft, homes: Any
) -> None:
    draft.answer("ACC-01", "in", NOW).result()
    phone.caseload.apply(homes.page(cursor=9, gone=["fam"])).result()
    assert phone.families.rows(LATER) == []
    for read in (phone.families.page, phone.caseload.history):
        with pytest.raises(KeyError):
            read("fam", LATER)
    again = reopened(phone, draft, homes)
    assert isinstance(again.household, Household)
    assert again.finish(LATER).result() == draft.id


def test_a_tap_after_finish_does_not_bring_the_draft_back(phone: Any, draft: Draft) -> None:
    draft.answer("ACC-01", "in", NOW)
    finished = draft.finish(LATER)
    late = draft.answer("SLP-05", "wet", LATER, "zeb")
    assert finished.result() == draft.id
    with pytest.raises(AlreadyFinished):
        late.result()
    assert phone.store.read("SELECT count(*) FROM draft")[0][0] == 0


def test_a_rule_that_breaks_keeps_no_visit_from_being_saved(
    phone: Any, draft: Draft, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError(draft.household.name)

    monkeypatch.setattr("shared.engine.judge", broken)
    draft.answer("ACC-01", "in", NOW)
    advice = phone.guidance.of_draft(draft, LATER)
    assert advice.headline == "This phone could not work out what applies."
    assert "call 999" in advice.incomplete
    assert [contact.label for contact in advice.contacts] == ["Police", "Team manager on duty"]
    assert draft.finish(LATER).result() == draft.id
    assert phone.outbox.waiting()[0][2] is True
    assert len(phone.caseload.history("fam", LATER).events) == 3
    assert draft.household.name not in caplog.text


def test_words_that_only_the_wire_refuses_are_told_not_lost(phone: Any, draft: Draft) -> None:
    draft.answer("ACC-01", "in", NOW).result()
    with pytest.raises(Refused):
        phone.drafts.doorstep("fam", "out", NOW, note="\x00")
    with pytest.raises(Refused):
        phone.drafts.log_call("fam", draft.id, "tell_manager", NOW, rule="R01", note="\x00")
    assert phone.outbox.items() == []


def test_a_visit_begun_while_another_is_being_finished_is_another(phone: Any, draft: Draft) -> None:
    draft.answer("ACC-01", "in", NOW)
    finished = draft.finish(LATER)
    following, begun = phone.drafts.start("fam", LATER)
    assert following.id != draft.id
    assert phone.drafts.cards(LATER) == []
    begun.result()
    following.answer("ACC-01", "refused", LATER).result()
    assert finished.result() == draft.id
    assert following.finish(LATER).result() == following.id
    assert [item.id for item in phone.outbox.items()] == [draft.id, following.id]
