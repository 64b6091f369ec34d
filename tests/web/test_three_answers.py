"""Three answers: what a visit could not tell is wherever a supervisor meets the family."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from backend import left_open, readings, rebuild
from backend.caseload import read_record
from shared import engine
from shared.clocks import day_of
from shared.facts import Answer, Arrival, Child, HouseholdRecorded
from tests.web.conftest import Running

CAL = "cal"


def finished(running: Running, *more: Answer) -> str:
    """A visit to the quiet family at which little was asked."""
    return running.maker().visit(running.world.quiet, CAL, hours=1, more=more)


def test_the_visits_page_names_each_rule_the_child_and_the_questions(running: Running) -> None:
    told = Answer(item="SLP-02", value="told", about=CAL, reason="Upstairs, asleep")
    visit = finished(running, told)
    page = running.client("tm-ruth").get(f"/households/{running.world.quiet}/events/{visit}")
    part = page.text[page.text.index("What this visit could not tell") :]
    for words in (
        "it could not be told whether these immediate rules hold",
        "An open question is not a “no”",
        "Immediate danger (R01)",
        "1 question could not be checked",
        "Injury in a non-mobile child (R02), Cal 1 question not answered",
        "Any bruise, mark, swelling, burn, bleed, or limb not used? Cal Not answered",
        "with your own eyes? Cal Could not check: Upstairs, asleep",
        "Signs of drink or drugs today Not answered",
    ):
        assert words in part, words
    # R03 has no plan to look at, and cannot hold whatever is answered.
    assert "R03" not in part


def test_core_questions_stand_first(running: Running) -> None:
    visit = finished(running)
    page = running.client("tm-ruth").get(f"/households/{running.world.quiet}/events/{visit}")
    danger = page.text[page.text.index("Immediate danger (R01)") :]
    assert danger.index("Overall, how worried are you") < danger.index(
        "Who was there, and who lives"
    )


def test_the_family_stands_with_what_its_latest_visit_could_not_tell(running: Running) -> None:
    client, world = running.client("tm-ruth"), running.world
    visit = finished(running)
    page = client.get(f"/households/{world.quiet}")
    assert "What could not be told at the latest visit" in page.text
    assert f"/households/{world.quiet}/events/{visit}" in page.links.values()
    chronology = page.text[page.text.index("Newest first") :]
    assert "Could not be told: Immediate danger, Injury in a non-mobile child (Cal)" in chronology
    # A door that stays shut asks nothing, and takes nothing off that.
    running.maker().visit(world.quiet, CAL, hours=0, door="refused")
    standing = client.get(f"/households/{world.quiet}").text
    standing = standing[: standing.index("Newest first")]
    assert "Immediate danger (R01)" in standing
    for concern in ("Hazardous shared sleep", "No safe sleep place tonight"):
        assert f"{concern} (R0" in standing


def test_each_row_of_the_queue_says_it_and_families_without_one_are_counted(
    running: Running,
) -> None:
    client = running.client("tm-ruth")
    page = client.get("/")
    sleeping = page.text[page.text.index("Featherstonehaugh") :]
    assert "Could not be told at the latest visit, " in sleeping
    # Hartley was refused, so that nothing was asked; three others were let in.
    assert "At the latest visit to 3 families not every immediate rule could be told" in page.text
    listed = client.get(page.links["3 families"])
    assert "Doyle family" in listed.text
    assert "Hartley family" not in listed.text
    assert "Could not be told at the latest visit" in listed.text
    assert "Hartley family" in client.get(listed.links["Show every family"]).text


def test_the_escalations_page_says_it_with_a_way_to_read_it_whole(running: Running) -> None:
    client, world = running.client("tm-ruth"), running.world
    escalation = running.maker().raised(world.sleeping, "R08")
    page = client.get(f"/escalations/{escalation}")
    assert "Could not be told at the latest visit" in page.text
    [url] = [url for words, url in page.links.items() if words.startswith("Immediate danger")]
    assert url == f"/households/{world.sleeping}#left-open"


def test_what_is_kept_for_the_queue_is_what_the_engine_says(running: Running) -> None:
    office, world = running.office, running.world
    visit = finished(running)
    with office.db.reading() as session:
        held = readings.stored(session, world.quiet)
        case = readings.load(held, world.quiet, None, office.book)
        assert (
            rebuild.again(session, world.quiet, office.book, running.maker().now, replace=False)
            == []
        )
    kept = {
        (each.rule, question)
        for each in left_open.read(running.row(world.quiet).left_open)
        for question in each.questions
    }
    assert kept == {
        (unknown.rule, question)
        for unknown in engine.cannot_tell(case, visit)
        for question in unknown.questions
    }


def test_answers_to_everything_leave_nothing_to_say(running: Running) -> None:
    client, world, checklist = (
        running.client("tm-ruth"),
        running.world,
        running.office.book.checklist,
    )
    well = tuple(
        Answer(item=item.code, value=value, about=about)
        for item in checklist.items.values()
        if item.per in ("household", "child", "adult") and item.code not in ("ACC-01", "ACC-03")
        for about in [{"household": None, "child": CAL, "adult": "mother"}[item.per]]
        for value in [next((o.code for o in item.options if o.level in "N-"), None)]
        if value is not None
        for value in [(value,) if item.kind == "multi" else value]
    )
    visit = finished(running, *(each for each in well if each.item != "HLT-03"))
    for path in ("", f"/events/{visit}"):
        # Read raw: "None" is what the checklist itself calls some of these answers.
        page = client.raw.get(f"/households/{world.quiet}{path}")
        before = page.text.partition("Newest first")[0]
        assert page.status_code == 200
        assert "not be told" not in before
        assert "could not tell" not in before
    assert "to 2 families not every immediate rule" in client.get("/").text


def test_rules_that_cannot_be_run_keep_nothing_out_and_can_tell_nothing(running: Running) -> None:
    def stops(look: object) -> bool:
        if getattr(look, "asks", False):
            raise ZeroDivisionError
        return False

    maker, book = running.maker(), running.office.book
    rules = tuple(replace(rule, when=stops) for rule in book.rules.rules)
    maker.office = replace(
        running.office, book=replace(book, rules=replace(book.rules, rules=rules))
    )
    visit = maker.visit(running.world.quiet, CAL, hours=0)
    kept = left_open.read(running.row(running.world.quiet).left_open)
    assert {each.event for each in kept} == {visit}
    assert [each.rule for each in kept] == ["R01", "R02", "R03", "R07", "R08", "R21"]
    assert all(each.questions == () for each in kept)


def test_a_question_that_was_not_answered_is_evidence_in_words(running: Running) -> None:
    maker, world = running.maker(), running.world
    maker.visit(world.quiet, CAL, hours=2)
    maker.visit(world.quiet, CAL, hours=1)
    page = running.client("tm-ruth").get(f"/escalations/{maker.raised(world.quiet, 'R23')}")
    why = page.text[page.text.index("Why: what set it off") :]
    assert "Did you see the rooms you needed to see? Not answered Amara Osei" in why
    assert "None" not in why.partition("What is required")[0].replace("None, ", "")


def test_what_has_no_date_yet_is_due_before_what_it_waits_for(running: Running) -> None:
    maker, world, client = running.maker(), running.world, running.client("tm-ruth")
    record = read_record(world.sleeping, running.row(world.sleeping).record)
    bump = Child(id="bump", due=day_of(maker.now + timedelta(days=90)))
    family = replace(record, children=(*record.children, bump))
    expected = Arrival(**maker.stamp("hv-amara", hours=1), kind="pregnancy", child="bump")
    who = maker.stamp("hv-amara", hours=2)
    maker.record(world.sleeping, HouseholdRecorded(**who, household=family))
    maker.record(world.sleeping, expected)
    path = f"/escalations/{maker.raised(world.sleeping, 'R15')}"
    page = client.get(path)
    required = page.text[page.text.index("What is required") :]
    assert "sleep at home Before the first night at home For: the visitor" in required
    maker.done(world.sleeping, "R15", expected.id, "pre_birth_or_new_baby_referral")
    maker.done(world.sleeping, "R15", expected.id, "discharge_meeting")
    stands = client.get(path).text
    stands = stands[stands.index("How it stands") : stands.index("Why: what")]
    assert "Before the first night at home Check where the baby will sleep at home" in stands
    row = client.get(f"/households/{world.sleeping}").text
    row = row[row.index("Earlier concern and a new or unborn baby") :]
    assert "Before the first night at home Check where the baby will sleep at home" in row
