"""What she is told before leaving: the same as the office will say, and no more than is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

import pytest

from mobile.cannot_tell import CannotTell, cannot_tell
from shared import engine, packs, wire
from shared.facts import Answer, Arrival

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
    draft.answer("SLP-04", "gap", NOW, "zeb")
    draft.answer("SLP-02", "told", NOW, "zeb")
    draft.could_not_check("CHD-01", "under a blanket", NOW, "zeb")
    advice = phone.guidance.of_draft(draft, minutes(30))
    assert "R08" in advice.rules
    unknown = {each.rule: each for each in advice.cannot_tell}
    # R08 holds, and no plan has a condition that R03 could meet: neither is in question.
    assert list(unknown) == ["R01", "R02", "R07", "R21"]
    injury = unknown["R02"]
    assert (injury.name, injury.children) == ("Injury in a non-mobile child", ("Zebedee",))
    assert injury.whom_and_why == "Zebedee: 1 question not answered"
    (question,) = injury.questions
    assert (question.item.code, question.about) == ("HLT-01", "zeb")
    assert question.whom_and_why == "Zebedee: not answered"
    danger = unknown["R01"]
    assert danger.children == ()
    assert danger.why_words.endswith(" questions not answered, 2 could not be checked")
    why = {q.item.code: q.whom_and_why for q in danger.questions}
    assert why["SLP-02"] == "Zebedee: could not check: Told about it, not seen"
    assert why["CHD-01"] == "Zebedee: could not check: under a blanket"
    assert why["PAR-01"] == "The household: not answered"


def test_core_questions_come_first_then_those_of_a_section_together(phone: Any) -> None:
    draft, _ = phone.drafts.start("plain", NOW)
    draft.answer("ACC-01", "in", NOW)
    danger = phone.guidance.of_draft(draft, NOW).cannot_tell[0]
    core = [q.item.core for q in danger.questions]
    assert core == sorted(core, reverse=True)
    for part in (True, False):
        sections = [q.item.section for q in danger.questions if q.item.core is part]
        assert len(set(sections)) == len([s for s, _ in groupby(sections)])


def test_saying_why_it_could_not_be_checked_tells_nothing_about_it(phone: Any) -> None:
    draft, _ = phone.drafts.start("plain", NOW)
    draft.answer("ACC-01", "in", NOW)
    before = phone.guidance.of_draft(draft, NOW).cannot_tell
    for row in draft.unanswered():
        draft.could_not_check(row.item.code, "no time", NOW, row.about)
    after = phone.guidance.of_draft(draft, NOW).cannot_tell
    assert asked(after) == asked(before)
    assert all(q.is_answered for each in after for q in each.questions)


def asked(unknown: list[CannotTell]) -> list[tuple[str, set[tuple[str, str | None]]]]:
    """Each rule, and the questions that would tell."""
    return [(each.rule, {(q.item.code, q.about) for q in each.questions}) for each in unknown]


def test_a_finished_visit_says_the_same_as_before_leaving_and_as_the_office(
    phone: Any, homes: Any
) -> None:
    home = homes.family("two", plan=True)
    phone.caseload.apply(homes.page(home, cursor=30)).result()
    draft, _ = phone.drafts.start("two", NOW)
    draft.answer("ACC-01", "in", NOW)
    draft.answer("SLP-02", "told", NOW, "zeb")
    draft.answer("PAR-01", ("unk",), NOW)
    before = phone.guidance.of_draft(draft, minutes(20))
    visit = draft.finish(minutes(30), shown=before.rules).result()
    after = phone.guidance.of_visit("two", visit, minutes(31))
    assert asked(after.cannot_tell) == asked(before.cannot_tell)
    case = engine.Case(home.household, packs.book())
    engine.receive(case, home.events, home.events[0].received_at)
    sent = [wire.event_from_doc(item.document, minutes(60))[1] for item in phone.outbox.items()]
    engine.receive(case, sent, minutes(60))
    there: dict[str, set[tuple[str, str | None]]] = {}
    for unknown in engine.cannot_tell(case, visit):
        there.setdefault(unknown.rule, set()).update(unknown.questions)
    assert asked(after.cannot_tell) == list(there.items())
    assert {"R01", "R02", "R03", "R07", "R08"} <= set(there)


def test_a_visit_with_every_answer_leaves_nothing_open(phone: Any) -> None:
    draft, _ = phone.drafts.start("plain", NOW)
    draft.answer("ACC-01", "in", NOW)
    for row in draft.unanswered():
        well = [option.code for option in row.item.options if option.level in "N-"]
        value: Any = "a quiet day" if row.item.kind == "text" else 18.0
        if well:
            value = (well[0],) if row.item.kind == "multi" else well[0]
        if row.item.code == "HLT-05":
            value = 0
        draft.answer(row.item.code, value, NOW, row.about)
    assert draft.unanswered() == []
    assert phone.guidance.of_draft(draft, NOW).cannot_tell == []


def test_the_familys_page_says_what_the_latest_visit_could_not_tell(phone: Any) -> None:
    draft, _ = phone.drafts.start("plain", NOW)
    draft.answer("ACC-01", "in", NOW)
    visit = draft.finish(minutes(20)).result()
    page = phone.families.page("plain", minutes(21))
    (left,) = page.left_open
    assert left.entry.event.id == visit
    assert left.cannot_tell[1].in_a_line == "Injury in a non-mobile child, Zebedee: 1 question open"
    assert page.history[0].left_open == "Immediate danger, Injury in a non-mobile child and 3 more"
    # A door that stays shut afterwards tells nothing about what was left open before.
    phone.drafts.doorstep("plain", "refused", minutes(40))[1].result()
    page = phone.families.page("plain", minutes(41))
    assert [each.entry.event.id for each in page.left_open] == [visit]
    assert page.history[0].left_open == ""


def test_no_answer_at_the_door_cannot_tell_the_condition_until_it_is_said_who_was_expected(
    phone: Any,
) -> None:
    unknown = phone.guidance.doorstep("planned", "out", NOW).cannot_tell
    assert asked(unknown) == [("R03", {("ACC-02", None)})]
    assert phone.guidance.doorstep("planned", "out", NOW, expected="unann").cannot_tell == []


def test_a_rule_that_cannot_be_run_is_one_that_cannot_tell(homes: Any) -> None:
    def stops(_look: object) -> bool:
        raise ZeroDivisionError

    home, book = homes.family(), packs.book()
    rules = tuple(replace(rule, when=stops) for rule in book.rules.rules)
    case = engine.Case(home.household, replace(book, rules=replace(book.rules, rules=rules)))
    case.history.add(homes.visit(Answer(item="ACC-01", value="in")))
    unknown = cannot_tell(case, "v0")
    assert [each.rule for each in unknown] == ["R01", "R02", "R03", "R07", "R08", "R21"]
    assert {each.why_words for each in unknown} == {"this phone could not work it out"}


def test_what_is_due_before_a_day_not_yet_known_is_said_on_every_page(
    phone: Any, homes: Any
) -> None:
    wet = homes.visit(Answer(item="SLP-05", value="wet", about="zeb"), id="v8")
    expected = Arrival(
        id="a1",
        at=NOW,
        received_at=NOW,
        by="mw",
        agency="midwifery",
        kind="pregnancy",
        child="bump",
    )
    home = homes.family("waiting", events=(wet, expected))
    case = engine.Case(home.household, packs.book())
    for event in sorted(home.events, key=lambda each: each.received_at):
        engine.receive(case, [event], event.received_at)
    docs = [{**e.to_doc(), "household": "waiting"} for e in case.escalations if e.rule == "R15"]
    phone.caseload.apply(homes.page(home, cursor=90, escalations=docs)).result()
    (raised,) = phone.families.page("waiting", minutes(5)).escalations
    undated = [todo for todo in raised.actions if not todo.has_date]
    assert [(t.label, t.due_words, t.overdue) for t in undated] == [
        ("Check where the baby will sleep at home", "before the first night at home", False)
    ]
    # What has a date comes before what has none yet, on the screen and in the list of families.
    assert [todo.has_date for todo in raised.actions if todo.mine] == [True, False]
    advice = phone.guidance.of_visit("waiting", "a1", minutes(5))
    assert advice.headline.startswith("2 things to do. First: Refer the unborn or new baby")
    phone.drafts.log_call(
        "waiting", "a1", "pre_birth_or_new_baby_referral", minutes(6), rule="R15"
    )[1].result()
    row = next(row for row in phone.families.rows(minutes(7)) if row.id == "waiting")
    assert row.open_words.endswith("sleep at home, before the first night at home")
    advice = phone.guidance.of_visit("waiting", "a1", minutes(7))
    assert advice.headline.endswith("sleep at home, before the first night at home.")


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
