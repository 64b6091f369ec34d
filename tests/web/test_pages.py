"""Every page for every role: what it shows, and to whom it is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from backend import worker
from shared.looking import Wake
from shared.waking import Waking
from tests.web.conftest import Running
from tests.web.office import LONG_NAME

FOR_ALL = ("/", "/families", "/help")
FOR_SUPERVISORS = ("/needs-a-person", "/devices")


def everywhere(running: Running) -> list[str]:
    """Every page that anyone of the team may open."""
    world = running.world
    households = (world.refused, world.sleeping, world.quiet)
    return [
        *FOR_ALL,
        "/?state=decided",
        "/?state=waiting&level=I",
        "/?state=nonsense&level=%00&after=tampered",
        "/families?search=hart",
        "/families?search=nobody",
        f"/escalations/{world.escalation}",
        *(f"/households/{each}" for each in households),
        f"/households/{world.refused}?show=visits&after=tampered",
        f"/households/{world.refused}?show=reports",
        f"/households/{world.refused}/events/{world.visit}",
    ]


@pytest.mark.parametrize("user", ["hv-amara", "tm-ruth", "sm-dev", "hs-mary"])
def test_each_page_keeps_its_promises_for_each_role(running: Running, user: str) -> None:
    client = running.client(user)
    for path in everywhere(running):
        client.get(path)
    for path in FOR_SUPERVISORS:
        client.get(path, 403 if user == "hv-amara" else 200)


def test_nobody_sees_anything_before_signing_in(running: Running) -> None:
    client = running.client()
    for path in [*everywhere(running), *FOR_SUPERVISORS]:
        if path == "/help":
            continue
        reply = client.raw.get(path)
        assert reply.status_code == 302, path
        assert reply.headers["Location"].startswith("/login"), path


def test_what_is_outside_the_team_is_not_there(running: Running) -> None:
    client, world = running.client("tm-ruth"), running.world
    for path in (
        f"/households/{world.elsewhere}",
        f"/households/{world.elsewhere}/events/{world.visit}",
        f"/escalations/{world.elsewhere_escalation}",
        f"/households/{world.refused}/events/nothing",
        "/needs-a-person/nothing",
        "/nothing-here",
    ):
        assert client.get(path, 404).h1 == ["Page not found"]
    assert "Elsewhere" not in client.get("/").text
    assert "Elsewhere" in running.client("hs-mary").get("/").text


def test_the_queue_puts_the_gravest_first_and_says_what_is_next(running: Running) -> None:
    page = running.client("tm-ruth").get("/")
    assert page.h1 == ["Escalations"]
    first, then = page.text.index("Hartley family"), page.text.index(LONG_NAME)
    assert first < then
    row = page.text[first : first + 600]
    assert "Ada, 3 months old" in row
    assert "No-access condition met" in row
    assert "Refused at the door or by phone" in row
    assert "overdue" in row
    assert "Call the police" in row
    assert "The visitor" in row
    assert "Nobody yet" in row
    assert "Arrived 3 hours late" in page.text
    assert "Now with Team manager" in row


def test_filters_are_in_the_address_and_empty_lists_say_so(running: Running) -> None:
    client = running.client("tm-ruth")
    only = client.get("/?level=I")
    assert "Hartley" in only.text
    assert LONG_NAME not in only.text
    assert client.get("/?state=decided").text.count("Nothing here yet") == 1
    assert "Nothing at this level" in client.get("/?level=L").text
    assert "Nobody has taken up" in only.links or "waiting" in only.html


def test_a_new_team_reads_that_nothing_waits(running: Running) -> None:
    client = running.client("tm-new")
    page = client.get("/")
    assert "Nothing is open." in page.text
    assert "Nothing is waiting for you" in page.text
    assert "No families yet" in client.get("/families").text
    assert "Nothing needs a person" in client.get("/needs-a-person").text
    assert "No phone has been enrolled yet" in client.get("/devices").text
    assert "No family found for “zzz”" in client.get("/families?search=zzz").text


def test_the_escalation_says_why_what_and_who(running: Running) -> None:
    page = running.client("tm-ruth").get(f"/escalations/{running.world.escalation}")
    assert page.h1 == ["Hartley family: No-access condition met"]
    for words in (
        "What happened when you called? Refused at the door or by phone",
        "Seen by the visitor. Amara Osei, Health visiting",
        "Hold a strategy discussion",
        "Team manager Told today",
        "unless taken up by then",
        "rules england/1",
        "a proposal, to be signed off by the local safeguarding partnership",
        "Nobody yet",
    ):
        assert words in page.text, words


def test_a_practitioner_reads_why_she_may_not_answer(running: Running) -> None:
    path = f"/escalations/{running.world.escalation}"
    page = running.client("hv-amara").get(path)
    assert "Only a supervisor may answer this" in page.text
    assert not page.has_form(f"{path}/acknowledge")
    assert not page.has_form(f"{path}/decision")


def test_the_family_page_has_the_condition_in_full_and_escapes_what_was_written(
    running: Running,
) -> None:
    client, world = running.client("tm-ruth"), running.world
    page = client.get(f"/households/{world.refused}")
    for words in (
        "No-access condition. If, on a visit, any of these happens",
        "the visitor is refused at the door or by phone",
        "Call the police (the visitor, within 1 hour)",
        "Visited by Amara Osei",
        "Ada 3 months old",
    ):
        assert words in page.text, words
    told = client.get(f"/households/{world.sleeping}")
    assert "<b>No cot</b> & no basket" in told.text
    assert "<b>No cot" not in told.html
    assert "told by a parent" in told.text.lower()


def test_the_chronology_is_newest_first_with_an_anchor_for_each_event(running: Running) -> None:
    world = running.world
    page = running.client("tm-ruth").get(f"/households/{world.refused}")
    assert f'id="event-{world.visit}"' in page.html
    order = [page.text.index(each) for each in ("Visit: Refused", "plan began", "details recorded")]
    assert order == sorted(order)
    plans = running.client("tm-ruth").get(f"/households/{world.refused}?show=plans")
    assert "Visit: Refused" not in plans.text


def test_what_the_rules_failed_on_is_at_the_very_top(running: Running) -> None:
    def stops(_look: object) -> bool:
        raise ZeroDivisionError

    maker, book = running.maker(), running.office.book
    every = (Wake(None, None),)
    rules = tuple(replace(rule, when=stops, wakes=every) for rule in book.rules.rules)
    broken = replace(book, rules=replace(book.rules, rules=rules, waking=Waking(rules, ())))
    maker.office = replace(running.office, book=broken)
    visit = maker.visit(running.world.quiet, "cal", hours=0)
    client = running.client("tm-ruth")
    page = client.get("/")
    told = "1 visit or report could not be judged by the rules"
    assert page.text.index(told) < page.text.index("Doyle family") < page.text.index("Hartley")
    assert "Rules failed: read it yourself" in page.text
    [path] = [url for words, url in page.links.items() if words.startswith("Doyle family")]
    raised = client.get(path)
    assert visit in raised.html
    assert client.get(f"/households/{running.world.quiet}/events/{visit}")
    done = client.post(raised, f"{path}/acknowledge")
    assert "You have taken this up" in done.text


def test_a_family_with_several_escalations_is_one_row_with_the_gravest_first(
    running: Running,
) -> None:
    maker, world = running.maker(), running.world
    maker.visit(world.refused, "ada", hours=2, door="hide")
    page = running.client("tm-ruth").get("/")
    assert page.html.count('<h2 class="t-row__family">') == 3
    row = page.text[page.text.index("Hartley family") :]
    assert row.index("No-access condition met") < row.index("Also open for this family")
    assert row.index("Also open for this family") < row.index("Two failed or refused accesses")


def test_many_overdue_actions_of_a_family_are_one_line_that_opens(running: Running) -> None:
    office = running.office
    worker.tick(office.db, office.book, lambda: datetime.now(UTC))
    page = running.client("tm-ruth").get("/")
    row = page.text[page.text.index("Hartley family") :]
    assert "A plan action or condition was not carried out: 2 times" in row
    assert page.html.count("<summary>") == 1
    assert "“Call the police” was due by" in row
    assert "“Tell your manager” was due by" in row


def test_thousands_of_rows_are_read_page_by_page(running: Running) -> None:
    maker = running.maker()
    for n in range(27):
        family = maker.family(f"h-many-{n}", f"Many {n:02}", "eve", days=30)
        maker.visit(family, "eve", hours=2, door="hide")
    client = running.client("tm-ruth")
    page, seen = client.get("/?level=S"), 0
    while "Next 25" in page.links:
        seen += page.html.count('<li class="t-row ')
        page = client.get(page.links["Next 25"])
        assert "Back to the first page" in page.links
    seen += page.html.count('<li class="t-row ')
    assert seen >= 28
    assert "That is the end of this list" in page.text
