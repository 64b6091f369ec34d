"""What she is told before leaving: the same as the office will say, and no more than is known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared import engine, packs, wire
from shared.facts import Answer

NOW = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)


def minutes(number: int) -> datetime:
    return NOW + timedelta(minutes=number)


@pytest.fixture
def phone(with_families: Any, homes: Any) -> Any:
    return with_families(
        homes.family("planned", plan=True),
        homes.family("plain", events=(homes.visit(Answer(item="ACC-01", value="in")),)),
    )


def test_the_door_stays_shut_on_a_family_with_the_condition(phone: Any) -> None:
    advice = phone.guidance.doorstep("planned", "refused", NOW)
    assert advice.rules == ("R03",)
    assert advice.headline == "2 things to do. First: Call the police, by 11:30, 60 minutes left."
    (condition,) = advice.conditions
    assert condition.met
    assert condition.words == "If nobody lets you in, call the police the same hour."
    assert "Refused at the door or by phone" in condition.counts
    assert "No answer on a visit that the family expected" in condition.counts
    mine = [todo for todo in advice.findings[0].actions if todo.mine]
    assert [(t.action, t.contact and t.contact.number) for t in mine] == [
        ("call_police", "101"),
        ("tell_manager", "01632 960001"),
    ]
    assert phone.outbox.items() == []


@pytest.mark.parametrize(
    ("outcome", "expected", "rules"),
    [("out", "unann", ("R04",)), ("out", "ann", ("R03",)), ("alarm", None, ("R01",))],
)
def test_other_things_that_happen_at_the_door(
    phone: Any, outcome: str, expected: str | None, rules: tuple[str, ...]
) -> None:
    assert phone.guidance.doorstep("planned", outcome, NOW, expected=expected).rules == rules


def test_immediate_danger_says_999_now(phone: Any) -> None:
    advice = phone.guidance.doorstep("plain", "alarm", NOW)
    first = advice.findings[0].actions[0]
    assert (first.label, first.due_words, first.contact.number) == ("Call 999", "now", "999")


def test_calls_are_ticked_off_with_when_how_and_the_reference(phone: Any) -> None:
    visit_id, _ = phone.drafts.doorstep("planned", "refused", NOW)
    for action, at in (("call_police", 7), ("tell_manager", 12)):
        phone.drafts.log_call(
            "planned", visit_id, action, minutes(at), rule="R03", reference="4411", outcome="Coming"
        )[1].result()
    advice = phone.guidance.of_visit("planned", visit_id, minutes(15))
    assert advice.headline == "You have done your part."
    done = [todo.done_words for todo in advice.findings[0].actions if todo.done]
    assert done == [
        "Done today 10:37: Coming; reference 4411",
        "Done today 10:42: Coming; reference 4411",
    ]


def test_time_that_ran_out_is_said(phone: Any) -> None:
    visit_id, saved = phone.drafts.doorstep("planned", "refused", NOW)
    saved.result()
    advice = phone.guidance.of_visit("planned", visit_id, minutes(65))
    call = advice.findings[0].actions[0]
    assert call.overdue
    assert call.due_words == "was due by 11:30, 5 minutes ago"


def test_before_leaving_says_what_fires_and_what_cannot_be_told(phone: Any) -> None:
    draft, _ = phone.drafts.start("plain", NOW)
    draft.answer("ACC-01", "in", NOW)
    draft.answer("SLP-02", "none", NOW, "zeb")
    advice = phone.guidance.of_draft(draft, minutes(30))
    assert "R08" in advice.rules
    assert any("Zebedee" in words and "see" in words for words in advice.cannot_tell)
    left_open = [words for words in advice.cannot_tell if words.startswith("Left, or shut away")]
    assert len(left_open) == 2
    for row in draft.unanswered():
        draft.could_not_check(row.item.code, "no time", NOW, row.about)
    assert phone.guidance.of_draft(draft, minutes(30)).cannot_tell == []


def test_a_call_made_during_the_visit_counts_before_it_is_finished(phone: Any) -> None:
    draft, _ = phone.drafts.start("plain", NOW)
    draft.answer("HLT-01", "grave", NOW, "zeb").result()
    phone.drafts.log_call("plain", draft.id, "call_999", minutes(1), rule="R01")[1].result()
    advice = phone.guidance.of_draft(draft, minutes(2))
    assert [t.action for t in advice.findings[0].actions if t.done] == ["call_999"]


def test_the_phone_and_the_office_say_the_same(phone: Any, homes: Any) -> None:
    visit_id, _ = phone.drafts.doorstep("planned", "refused", NOW)
    call, saved = phone.drafts.log_call("planned", visit_id, "call_police", minutes(9), rule="R03")
    saved.result()
    home = homes.family("planned", plan=True)
    case = engine.Case(home.household, packs.book())
    engine.receive(case, home.events, home.events[0].received_at)
    sent = [wire.event_from_doc(item.document, minutes(60))[1] for item in phone.outbox.items()]
    engine.receive(case, sent, minutes(60))
    (here,) = phone.caseload.history("planned", NOW).case.escalations
    (there,) = case.escalations
    assert (here.id, here.because) == (there.id, there.because)
    assert [(a.code, a.due_at, a.done_by) for a in here.actions] == [
        (a.code, a.due_at, a.done_by) for a in there.actions
    ]
    assert call in {action.done_by for action in here.actions}


def test_records_the_app_cannot_read_are_not_taken_for_nothing(phone: Any, homes: Any) -> None:
    page = homes.page(cursor=50)
    page["events"] = [
        {
            "cursor": 51,
            "received_at": NOW.isoformat(),
            "document": {"v": 9, "type": "hologram", "id": "x1", "household": "plain"},
        }
    ]
    phone.caseload.apply(page).result()
    advice = phone.guidance.doorstep("plain", "out", NOW)
    assert advice.incomplete.startswith("1 record of this family cannot be read")


def test_the_list_of_families_tells_what_is_open_and_what_was_decided(
    phone: Any, homes: Any
) -> None:
    assert [row.level for row in phone.families.rows(NOW)] == ["", ""]
    visit_id, saved = phone.drafts.doorstep("planned", "refused", NOW)
    saved.result()
    first = phone.families.rows(minutes(10))[0]
    assert (first.id, first.level, first.unsent, first.escalations) == ("planned", "I", 1, 1)
    assert first.open_words == "No-access condition met: call the police, by 11:30, 50 minutes left"
    assert first.last_words == "Last visit today: Refused at the door or by phone"
    assert first.children == ("Zebedee, 3 months",)
    assert first.plan == "Child protection plan. No-access condition."
    page = phone.families.page("planned", minutes(10))
    assert page.escalations[0].state == "The office is told when this is sent"
    assert page.history[0].words == "Visit by hv-amara: Refused at the door or by phone"
    doc = phone.caseload.history("planned", NOW).case.escalations[0].to_doc()
    doc |= {
        "household": "planned",
        "decided_at": minutes(30).isoformat(),
        "decided_by": "tm",
        "decision_reason": "Police have seen the child.",
    }
    phone.caseload.apply(homes.page(cursor=60, escalations=[doc])).result()
    row = next(row for row in phone.families.rows(minutes(40)) if row.id == "planned")
    assert row.decision == "Decided by Ruth Calder, today 11:00: Police have seen the child."
    assert (row.level, row.open_words) == ("", "")


def test_the_last_visit_in_a_few_lines(phone: Any, homes: Any) -> None:
    visit = homes.visit(
        Answer(item="ACC-01", value="in"),
        Answer(item="SLP-05", value="wet", about="zeb"),
        Answer(item="ACC-02", value="ann"),
        id="v9",
    )
    phone.caseload.apply(homes.page(homes.family("fam", events=(visit,)), cursor=70)).result()
    lines = phone.families.page("fam", NOW).last_visit
    assert lines[0] == "10 November 09:00, hv-2"
    assert len(lines) == 2
    assert lines[1].startswith("Significant: Is the sleep surface clean and dry?")


def test_only_what_changed_is_read_again(phone: Any, homes: Any) -> None:
    plain = phone.caseload.history("plain", NOW)
    planned = phone.caseload.history("planned", NOW)
    before = phone.caseload.changes
    phone.caseload.apply(homes.page(cursor=80)).result()
    assert phone.caseload.changes == before
    phone.drafts.doorstep("planned", "out", NOW)[1].result()
    assert phone.caseload.changes > before
    assert phone.caseload.history("plain", NOW) is plain
    assert phone.caseload.history("planned", NOW) is not planned
