"""Taking an escalation up and deciding it; what was typed is kept whatever happens."""

from __future__ import annotations

import pytest

from tests.web.conftest import Running

REASON = "Spoke with the duty sergeant; officers saw Ada at 14:10, unhurt. Discussion at 16:00."


def path_of(running: Running) -> str:
    """The gravest escalation's page."""
    return f"/escalations/{running.world.escalation}"


def test_taking_up_and_deciding(running: Running) -> None:
    client, path = running.client("tm-ruth"), path_of(running)
    taken = client.post(client.get(path), f"{path}/acknowledge")
    assert "You have taken this up" in taken.text
    assert "Ruth Calder, today" in taken.text
    assert not taken.has_form(f"{path}/acknowledge")
    decided = client.post(taken, f"{path}/decision", outcome="as_required", reason=REASON)
    assert "Your decision is recorded" in decided.text
    assert f"Do what the rule requires. {REASON}" in decided.text
    assert not decided.has_form(f"{path}/decision")
    assert "This has been decided" not in decided.text
    assert "Hold a strategy discussion" in decided.text
    assert "Hartley" in client.get("/?state=decided").text
    assert "No-access condition met" not in client.get("/").text


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, ["Choose what you decide", "Write the reason for your decision"]),
        ({"outcome": "as_required", "reason": "Too short"}, ["at least 20 characters"]),
        ({"outcome": "invented", "reason": REASON}, ["Choose what you decide"]),
        ({"outcome": "no_action", "reason": "x" * 4001}, ["Shorten the reason"]),
    ],
)
def test_a_decision_without_its_parts_is_handed_back_whole(
    running: Running, fields: dict[str, str], told: list[str]
) -> None:
    client, path = running.client("tm-ruth"), path_of(running)
    page = client.post(client.get(path), f"{path}/decision", 422, **fields)
    assert page.title.startswith("Error: ")
    for words in told:
        assert words in page.text
    assert fields.get("reason", "") in page.text
    assert page.has_form(f"{path}/decision")


def test_closing_is_signed_only_with_a_reason_for_each_thing_against_it(running: Running) -> None:
    path = f"/escalations/{running.maker().asks_to_close(running.world.sleeping)}"
    manager = running.client("tm-ruth").get(path)
    assert "Only a service manager may decide this" in manager.text
    assert not manager.has_form(f"{path}/decision")
    client = running.client("sm-dev")
    page = client.get(path)
    assert "What stands against closing or stepping down" in page.text
    assert "An open concern (Bea): " in page.text
    count = page.html.count("<textarea") - 1
    assert count >= 2
    wrong = client.post(page, f"{path}/decision", 422, outcome="sign", reason=REASON)
    assert wrong.text.count("Say why this may stand") == 2 * count
    against = {f"against_{n}": f"Seen to on the {n + 1}th of May" for n in range(count)}
    held = client.post(page, f"{path}/decision", 422, outcome="sign", **against)
    for said in against.values():
        assert said in held.text
    done = client.post(page, f"{path}/decision", outcome="sign", reason=REASON, **against)
    assert "Your decision is recorded" in done.text
    for said in against.values():
        assert f": {said}" in done.text


def test_a_done_action_says_who_did_it_and_what_came_of_it(running: Running) -> None:
    running.maker().calls_the_police(running.world.refused, running.world.visit)
    page = running.client("tm-ruth").get(path_of(running))
    assert "by Amara Osei" in page.text
    assert "On their way, reference P-20471" in page.text
    assert "What was recorded about: Call the police" in page.text


def test_two_who_answer_at_once(running: Running) -> None:
    path = path_of(running)
    ruth, dev = running.client("tm-ruth"), running.client("sm-dev")
    hers, his = ruth.get(path), dev.get(path)
    ruth.post(hers, f"{path}/acknowledge")
    page = dev.post(his, f"{path}/decision", 409, outcome="otherwise", reason=REASON)
    assert "There is new information, so nothing was recorded" in page.text
    assert REASON in page.text
    assert "Ruth Calder" in page.text
    again = dev.post(page, f"{path}/decision", outcome="otherwise", reason=REASON)
    assert "Your decision is recorded" in again.text
    late = ruth.post(hers, f"{path}/acknowledge", 409)
    assert "There is new information" in late.text


def test_a_tampered_version_is_stale_and_not_a_fault(running: Running) -> None:
    client, path = running.client("tm-ruth"), path_of(running)
    for version in ("", "-1", "abc", "9" * 40, "²"):
        client.post(client.get(path), f"{path}/acknowledge", 409, version=version)


def test_a_practitioner_cannot_answer_by_hand(running: Running) -> None:
    client, path = running.client("hv-amara"), path_of(running)
    token = client.get(path).form("/logout").hidden["csrf_token"]
    fields = {"csrf_token": token, "version": "1", "outcome": "no_action", "reason": REASON}
    for action in ("acknowledge", "decision"):
        reply = client.raw.post(f"{path}/{action}", data=fields)
        assert reply.status_code in (403, 409), action
    assert "Nobody yet" in running.client("tm-ruth").get(path).text


def test_a_session_that_ended_keeps_what_was_typed(running: Running) -> None:
    client, path = running.client("tm-ruth"), path_of(running)
    page = client.get(path)
    client.raw.delete_cookie("threshold")
    out = client.post(page, f"{path}/decision", 401, outcome="as_required", reason=REASON)
    assert "You were signed out, so nothing was recorded" in out.text
    assert REASON in out.text
    wrong = client.post(out, "/login", 422, username="tm-ruth", password="wrong")
    assert REASON in wrong.text
    back = client.post(
        wrong, "/login", 200, username="tm-ruth", password="a long invented phrase 7"
    )
    assert back.h1 == ["Check what you typed"]
    assert "You chose: Do what the rule requires" in back.text
    assert REASON in back.text
    done = client.post(back, f"{path}/decision", reason=REASON)
    assert "Your decision is recorded" in done.text


def test_a_form_without_its_token_keeps_what_was_typed(running: Running) -> None:
    client, path = running.client("tm-ruth"), path_of(running)
    page = client.get(path)
    client.raw.delete_cookie("form")
    out = client.post(page, f"{path}/decision", 400, outcome="as_required", reason=REASON)
    assert REASON in out.text
    assert "Your decision is recorded" in client.post(out, f"{path}/decision", reason=REASON).text


def test_every_form_without_a_token_is_refused(running: Running) -> None:
    client = running.client("tm-ruth")
    for rule in running.app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()) or rule.rule.startswith("/api/"):
            continue
        path = rule.rule
        for argument in rule.arguments:
            path = path.replace(f"<{argument}>", running.world.escalation)
        assert client.raw.post(path).status_code == 400, path


def test_signing_in_says_the_same_for_a_wrong_name_and_a_wrong_password(running: Running) -> None:
    client = running.client()
    told = [
        client.post(client.get("/login"), "/login", 422, username=name, password="not this one")
        for name in ("tm-ruth", "nobody-here")
    ]
    assert "The name or password is not right" in told[0].text
    assert told[0].text.replace("tm-ruth", "") == told[1].text.replace("nobody-here", "")


def test_signing_out_ends_the_session(running: Running) -> None:
    client = running.client()
    assert client.sign_in("tm-ruth").h1 == ["Escalations"]
    stolen = client.raw.get_cookie("threshold")
    assert stolen is not None
    assert "You are signed out" in client.post(client.get("/"), "/logout").text
    client.raw.set_cookie("threshold", stolen.value)
    assert client.raw.get("/").status_code == 302


def test_signing_in_leads_back_only_to_this_office(running: Running) -> None:
    for place, expected in (("/families", "/families"), ("https://evil.example/", "/")):
        client = running.client()
        page = client.get(f"/login?next={place}")
        form = page.form("/login")
        fields = {**form.hidden, "username": "tm-ruth", "password": "a long invented phrase 7"}
        assert client.raw.post(form.action, data=fields).headers["Location"] == expected


def test_an_enrolment_code_is_shown_once(running: Running) -> None:
    client = running.client("tm-ruth")
    page = client.get("/devices")
    assert "Amara Osei" in page.text
    assert "Wyn Parry" not in page.text
    assert "Choose whose phone it is" in client.post(page, "/devices/code", 422, user="").text
    client.post(page, "/devices/code", 422, user="hv-wyn")
    code = client.post(page, "/devices/code", 200, user="hv-amara")
    assert code.h1 == ["Enrolment code for Amara Osei"]
    assert "in 10 minutes" in code.text


def test_what_needs_a_person_is_read_and_settled(running: Running) -> None:
    client = running.client("tm-ruth")
    assert "1 thing sent from a phone needs a person" in client.get("/").text
    listed = client.get("/needs-a-person")
    [path] = [url for url in listed.links.values() if url.startswith("/needs-a-person/")]
    page = client.get(path)
    assert '{"v":1,"type":"visit","answers"' in page.text
    client.post(page, path, 422, words="no")
    done = client.post(page, path, words="Rang Amara: a visit to the Doyles, recorded again.")
    assert "Recorded as settled" in done.text
    assert "Nothing needs a person" in done.text
