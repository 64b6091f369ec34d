"""Who gets through which door: policies, scope, sessions, form tokens, headers."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from backend import access, escalations, identity
from backend.app import Undeclared, refuse_undeclared
from shared import facts

WET = facts.Answer(item="SLP-05", value="wet", about="ada")
PASSWORD = "correct horse battery staple"
PEOPLE = (
    "hv-amara",
    "hv-bola",
    "sw-jon",
    "tm-ruth",
    "tm-sana",
    "sm-dev",
    "sm-eve",
    "hs-finn",
    "di-gita",
)
# Who may see a family of the team "north" that hv-amara holds.
MAY_SEE = {"hv-amara", "tm-ruth", "sm-dev", "hs-finn", "di-gita"}


@pytest.fixture
def raised(world: Any) -> dict[str, str]:
    """A family of hv-amara's with one escalation and one event, by the names routes give them."""
    world.family("h1")
    visit = world.visit(WET)
    world.take("h1", visit)
    [row] = world.rows("escalations")
    return {"household_id": "h1", "escalation_id": row["id"], "event_id": visit.id}


def form(client: Any, path: str, **fields: str) -> Any:
    """Send a form with the token that the office gave this browser."""
    page = client.get("/login").get_data(as_text=True)
    [token] = set(re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page))
    return client.post(path, data={"csrf_token": token, **fields})


def test_an_application_with_an_undeclared_view_does_not_start(world: Any) -> None:
    world.app.view_functions["forgotten"] = lambda: "hello"
    with pytest.raises(Undeclared, match="forgotten"):
        refuse_undeclared(world.app)


def test_pages_about_a_family_are_for_those_in_scope_and_not_there_for_others(
    world: Any, raised: dict[str, str]
) -> None:
    """Route by role: every GET page that names something of the family."""
    tried = 0
    for rule in world.app.url_map.iter_rules():
        names = set(rule.arguments)
        if "GET" not in rule.methods or not names or not names <= set(raised):
            continue
        with world.app.test_request_context():
            path = world.app.url_for(rule.endpoint, **{name: raised[name] for name in names})
        for user in PEOPLE:
            reply = world.browser(user).get(path)
            assert reply.status_code == (200 if user in MAY_SEE else 404), (path, user)
            if user not in MAY_SEE:
                assert "Family h1" not in reply.get_data(as_text=True)
            tried += 1
        assert world.browser().get(path).status_code == 302
    assert tried >= 2 * len(PEOPLE)


def test_lists_hold_nothing_outside_the_scope(world: Any, raised: dict[str, str]) -> None:
    for rule in world.app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.arguments or rule.rule.startswith("/api"):
            continue
        for user in PEOPLE:
            reply = world.browser(user).get(rule.rule)
            assert reply.status_code in (200, 302, 403), (rule.rule, user)
            if user not in MAY_SEE:
                words = reply.get_data(as_text=True)
                assert "Family h1" not in words, (rule.rule, user)
                assert raised["escalation_id"] not in words


def test_functions_that_write_keep_to_scope_and_role(world: Any) -> None:
    for n, user in enumerate(PEOPLE):
        world.family(f"h{n}")
        world.take(f"h{n}", world.visit(WET))
        row = of_family(world, f"h{n}")
        path = f"/escalations/{row['id']}/acknowledge"
        reply = form(world.browser(user), path, version=str(row["version"]))
        may = user in MAY_SEE - {"hv-amara"}
        assert reply.status_code in ({302, 303} if may else {403, 404}), user
        row = of_family(world, f"h{n}")
        assert bool(row["acknowledged_at"]) is may, user


def of_family(world: Any, household: str) -> dict[str, Any]:
    rows = [row for row in world.rows("escalations") if row["household"] == household]
    return next(row for row in rows if row["rule"] == "R26")


def decided(world: Any, user: str, **more: Any) -> Any:
    from backend import problems

    actor, book = world.actor(user), world.office.book
    with world.db.writing() as session:
        items = escalations.queue(session, world.actor("di-gita")).items
        [item] = [each for each in items if each.rule == "R26"]
        values = {"version": item.version, "reason": "Because.", **more}
        now = datetime.now(UTC)
        try:
            escalations.decide(session, actor, item.id, book=book, now=now, **values)
        except problems.Problem as why:
            return why.code
        session.commit()
    return "decided"


def test_a_decision_needs_a_reason_and_what_was_shown(world: Any, raised: Any) -> None:
    assert decided(world, "tm-ruth", reason="  ") == "invalid"
    assert decided(world, "tm-ruth", reason="x" * 4001) == "invalid"
    assert decided(world, "tm-ruth", version=0) == "stale"
    assert decided(world, "hv-amara") == "not_allowed"
    assert decided(world, "tm-sana") == "not_found"
    assert decided(world, "tm-ruth") == "decided"


def test_of_two_who_decide_at_once_the_second_is_told(world: Any, raised: Any) -> None:
    before = world.rows("escalations")[0]["version"]
    assert decided(world, "tm-ruth", version=before) == "decided"
    actor, book = world.actor("sm-dev"), world.office.book
    from backend import problems

    with world.db.writing() as session, pytest.raises(problems.Stale):
        escalations.decide(
            session,
            actor,
            raised["escalation_id"],
            version=before,
            reason="Mine.",
            book=book,
            now=datetime.now(UTC),
        )


def test_new_information_makes_an_open_form_stale(world: Any, raised: Any) -> None:
    before = world.rows("escalations")[0]["version"]
    # No other rule takes it, so it joins the one that is open.
    dirty = facts.Answer(item="FED-01", value="dirty", about="ada")
    world.take("h1", world.visit(dirty))
    assert decided(world, "tm-ruth", version=before) == "stale"


def test_closing_with_concerns_open_is_decided_by_a_service_manager_alone(world: Any) -> None:
    world.family("h1")
    at = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
    values = {"at": at, "received_at": at, "by": "hv-amara", "agency": "health_visiting"}
    asks = facts.ClosureRequest(id=world.id(at), kind="close", **values)
    world.take("h1", world.visit(WET), asks)
    with world.db.reading() as session:
        items = escalations.queue(session, world.actor("tm-ruth")).items
        [closing] = [item for item in items if item.rule == "R17"]
        views = {
            user: escalations.one(session, world.actor(user), closing.id)
            for user in ("tm-ruth", "sm-dev", "di-gita")
        }
    assert views["tm-ruth"].may_acknowledge
    assert not views["tm-ruth"].may_decide
    assert "service manager" in views["tm-ruth"].why_not
    assert views["sm-dev"].may_decide
    assert not views["di-gita"].may_decide


def test_the_queue_is_paged_without_gaps_or_repeats(world: Any) -> None:
    for n in range(7):
        world.family(f"h{n}")
        world.take(f"h{n}", world.visit(WET))
    ruth, after, seen = world.actor("tm-ruth"), None, []
    with world.db.reading() as session:
        whole = [item.id for item in escalations.queue(session, ruth).items]
        while True:
            page = escalations.queue(session, ruth, after=after, limit=3)
            seen += [item.id for item in page.items]
            after = page.next
            if after is None:
                break
        assert seen == whole
        assert len(set(seen)) == 7
        for bad in ("x", "[1]", '["a","b","c"]', '[1,"2026-01-01","x"]', "[" * 9999):
            assert len(escalations.queue(session, ruth, after=bad, limit=3).items) == 3


def test_signing_in_and_out(world: Any) -> None:
    client = world.browser()
    reply = form(client, "/login", username="TM-Ruth", password=PASSWORD)
    assert reply.status_code in (302, 303)
    cookie = client.get_cookie("threshold")
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert client.get("/").status_code == 200
    stolen = world.browser()
    stolen.set_cookie("threshold", cookie.value)
    assert stolen.get("/").status_code == 200
    assert form(client, "/logout").status_code in (302, 303)
    assert stolen.get("/").status_code == 302


def test_signing_in_gives_a_new_session_whatever_the_browser_held(world: Any) -> None:
    client = world.browser()
    client.set_cookie("threshold", "planted")
    form(client, "/login", username="tm-ruth", password=PASSWORD)
    assert client.get_cookie("threshold").value != "planted"
    assert "planted" not in str(world.rows("web_sessions"))


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(world: Any) -> None:
    replies = [
        form(world.browser(), "/login", username=name, password="wrong wrong wrong")
        for name in ("tm-ruth", "tm-nobody")
    ]
    pages = [
        re.sub(r'nonce-?="?[^"]+|value="[^"]*"|<time.*?</time>', "", reply.get_data(as_text=True))
        for reply in replies
    ]
    assert replies[0].status_code == replies[1].status_code
    assert pages[0].replace("tm-ruth", "tm-nobody") == pages[1]


def test_guessing_a_password_is_slowed_down_and_the_owner_gets_in_later(
    world: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(identity, "_verifies", lambda _stored, given: given == PASSWORD)
    client = world.browser()
    for _ in range(6):
        form(client, "/login", username="tm-ruth", password="wrong")
    assert form(client, "/login", username="tm-ruth", password=PASSWORD).status_code == 429
    assert form(client, "/login", username="tm-sana", password=PASSWORD).status_code in (302, 303)
    later = datetime.now(UTC) + timedelta(minutes=16)
    monkeypatch.setattr(access, "now", lambda: later)
    reply = form(world.browser(), "/login", username="tm-ruth", password=PASSWORD)
    assert reply.status_code in (302, 303)


@pytest.mark.parametrize("minutes", [31, 12 * 60 + 1])
def test_a_session_ends(world: Any, monkeypatch: Any, minutes: int) -> None:
    client = world.browser("tm-ruth")
    start = datetime.now(UTC)
    stops = range(20, minutes - 10, 20) if minutes > 60 else ()
    for passed in stops:  # used all along, and over at the end of its day all the same
        monkeypatch.setattr(access, "now", lambda at=start + timedelta(minutes=passed): at)
        assert client.get("/").status_code == 200
    monkeypatch.setattr(access, "now", lambda: start + timedelta(minutes=minutes))
    assert client.get("/").status_code == 302


def test_disabling_a_person_ends_everything_they_have(world: Any) -> None:
    client, phone = world.browser("tm-ruth"), world.enrol("tm-ruth")
    with world.db.writing() as session:
        identity.disable_user(session, "tm-ruth", by="test", now=datetime.now(UTC))
        session.commit()
    assert client.get("/").status_code == 302
    assert world.app.test_client().get("/api/v1/caseload", headers=phone).status_code == 401
    reply = form(world.browser(), "/login", username="tm-ruth", password=PASSWORD)
    assert reply.status_code == 422


def test_passwords_are_argon2id_and_weak_ones_are_refused(world: Any) -> None:
    stored = {row["password"] for row in world.rows("users")}
    assert all(each.startswith("$argon2id$v=19$m=65536,t=3,p=4$") for each in stored)
    assert identity.weak("short", "tm-ruth")
    assert identity.weak("x" * 201, "tm-ruth")
    assert identity.weak("passwordpassword", "tm-ruth")
    assert identity.weak("tm-ruthtm-ruthtm-ruth", "tm-ruth")
    assert not identity.weak("pâté 🥕 rakes quietly", "tm-ruth")


def test_every_form_needs_its_token(world: Any) -> None:
    """Walk the map of addresses: each that takes a form refuses one without a token."""
    tried = 0
    for rule in world.app.url_map.iter_rules():
        if "POST" not in rule.methods or rule.rule.startswith("/api/"):
            continue
        with world.app.test_request_context():
            path = world.app.url_for(rule.endpoint, **dict.fromkeys(rule.arguments, "x"))
        before = world.counts()
        reply = world.browser("tm-ruth").post(path, data={"username": "", "reason": ""})
        assert reply.status_code == 400, path
        assert world.counts() == before | {
            "web_sessions": before["web_sessions"] + 1,
            "audit": before["audit"] + 1,
        }
        tried += 1
    assert tried >= 5


def test_a_form_from_another_site_is_refused_even_with_a_token(world: Any) -> None:
    client = world.browser()
    page = client.get("/login").get_data(as_text=True)
    [token] = set(re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page))
    fields = {"csrf_token": token, "username": "tm-ruth", "password": PASSWORD}
    reply = client.post("/login", data=fields, headers={"Sec-Fetch-Site": "cross-site"})
    assert reply.status_code == 400
    assert world.rows("web_sessions") == []


PATHS = ("/", "/login", "/nothing-here", "/api/v1/health", "/api/v1/caseload", "/static/none")


def test_every_reply_has_the_protecting_headers(world: Any) -> None:
    for path in PATHS:
        check_headers(world.browser("tm-ruth").get(path).headers)


def check_headers(headers: Any) -> None:
    csp = headers["Content-Security-Policy"]
    assert "default-src 'none'" in csp
    assert "frame-ancestors 'none'" in csp
    assert "base-uri 'none'" in csp
    assert "unsafe" not in csp
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert "camera=()" in headers["Permissions-Policy"]


def test_a_nonce_is_new_each_time(world: Any) -> None:
    policies = {world.browser().get("/login").headers["Content-Security-Policy"] for _ in range(3)}
    assert len(policies) == 3


def test_a_forged_host_is_refused(world: Any) -> None:
    reply = world.browser().get("/login", headers={"Host": "evil.example"})
    assert reply.status_code == 400


def test_production_binds_its_cookies_and_asks_for_tls(world_with: Callable[..., Any]) -> None:
    world = world_with(
        mode="production",
        secret_key="zK4-vT9_qLw2RmX7hBn5YcJd8FgS3pAe6uNo",
        trusted_hosts=("localhost",),
        tls_proxy_hops=1,
    )
    client = world.browser()
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "localhost"}
    page = client.get("/login", headers=headers, base_url="https://localhost")
    assert page.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    cookies = page.headers.getlist("Set-Cookie")
    assert all(each.startswith("__Host-") and "Secure" in each for each in cookies)


def test_after_signing_in_nobody_is_sent_elsewhere(world: Any) -> None:
    bad = ("https://evil.example", "//evil.example", "/\\evil.example", "evil", "", None, "/a\nb")
    assert [access.safe_next(place, "/") for place in bad] == ["/"] * len(bad)
    assert access.safe_next("/households/h1?show=all", "/") == "/households/h1?show=all"


def test_error_pages_tell_nothing_of_the_fault(world: Any, monkeypatch: Any) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise RuntimeError("CANARY of a family")

    monkeypatch.setattr(escalations, "counts", fails)
    reply = world.browser("tm-ruth").get("/")
    assert reply.status_code == 500
    words = reply.get_data(as_text=True)
    assert "CANARY" not in words
    assert "RuntimeError" not in words
    assert reply.headers["X-Request-Id"] in words


def test_logs_hold_no_words_of_families(world: Any, monkeypatch: Any, capsys: Any) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise RuntimeError("CANARY of a family")

    monkeypatch.setattr(escalations, "counts", fails)
    world.browser("tm-ruth").get("/")
    written = "".join(capsys.readouterr())
    assert "RuntimeError" in written
    assert "CANARY" not in written


def test_the_database_refusing_a_statement_says_no_values(world: Any) -> None:
    with pytest.raises(Exception, match="teams") as failed, world.db.writing() as session:
        session.execute(text("INSERT INTO teams (id) VALUES (:id)"), {"id": "CANARY"})
    assert "CANARY" not in str(failed.value).replace("Failing row contains (CANARY", "")
