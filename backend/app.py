"""Makes the web application: doors, headers, limits and refusals, the same for every view."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import Any

import structlog
from flask import (
    Flask,
    Response,
    current_app,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_wtf.csrf import CSRFError, CSRFProtect  # type: ignore[import-untyped]
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as AnyResponse

from backend import access, api, config, logs, problems, web
from backend.access import Office
from backend.config import Settings
from backend.db import Database
from backend.problems import Problem
from shared import packs
from shared.sealing import new_keypair

_log = structlog.get_logger()
_CODES = {404: "not_found", 405: "method_not_allowed", 413: "too_large", 429: "too_many"}
Reply = AnyResponse | tuple[str, int] | tuple[Response, int]


class Undeclared(Exception):
    """Views that do not say who may call them: such an application does not start."""


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application; settings come from the environment when none are given."""
    settings = settings or config.read()
    logs.set_up()
    app = Flask(__name__, static_folder="web/static", template_folder="web/templates")
    app.config.update(_flask_settings(settings))
    app.extensions["threshold"] = open_office(settings)
    if settings.tls_proxy_hops:
        hops = settings.tls_proxy_hops
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )
    app.before_request(_begin)
    app.before_request(access.enforce)
    app.before_request(_same_site)
    csrf = CSRFProtect(app)
    app.after_request(_finish)
    app.teardown_request(access.close)
    app.register_error_handler(Problem, _refuse)
    app.register_error_handler(CSRFError, _form_expired)
    app.register_error_handler(HTTPException, _http_refusal)
    app.register_error_handler(Exception, _fault)
    app.jinja_env.globals.update(
        csp_nonce=_nonce, actor=access.actor, now=access.now, mode=settings.mode
    )
    api.init_app(app, csrf)
    web.init_app(app)
    access.anyone(app.view_functions["static"])
    refuse_undeclared(app)
    return app


def open_office(settings: Settings) -> Office:
    """Return the office of these settings: its database, its book, its keys."""
    pairs = [new_keypair(key) for key in settings.office_keys]
    return Office(
        settings=settings,
        db=Database(settings.database_url),
        book=packs.book(),
        keys={pair.key_id: pair.private for pair in pairs},
        public_key=pairs[0].public,
    )


def refuse_undeclared(app: Flask) -> None:
    """Raise Undeclared unless every view says who may call it."""
    missing = [name for name, view in app.view_functions.items() if access.policy_of(view) is None]
    if missing:
        raise Undeclared(f"These views declare no policy: {', '.join(sorted(missing))}")


def _flask_settings(settings: Settings) -> dict[str, Any]:
    local = ("127.0.0.1", "localhost", settings.host)
    return {
        "SECRET_KEY": settings.secret_key,
        "SECRET_KEY_FALLBACKS": list(settings.secret_key_fallbacks),
        "TRUSTED_HOSTS": list(settings.trusted_hosts or local),
        "MAX_CONTENT_LENGTH": access.LARGEST_BODY,
        "MAX_FORM_MEMORY_SIZE": access.LARGEST_BODY,
        "MAX_FORM_PARTS": 100,
        # Flask's own cookie holds nothing but the token of forms; the session is in our table.
        "SESSION_COOKIE_NAME": "__Host-form" if settings.is_production else "form",
        "SESSION_COOKIE_SECURE": settings.is_production,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,
        # We send no referrers; `_same_site` asks the browser instead.
        "WTF_CSRF_SSL_STRICT": False,
    }


def _begin() -> None:
    g.reference = secrets.token_hex(8)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=g.reference, endpoint=request.endpoint)
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise problems.Encoded


def _same_site() -> None:
    unsafe = request.method not in access.SAFE_METHODS
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    if unsafe and not _is_api() and site not in ("same-origin", "none"):
        raise problems.FormExpired("This form was sent from another site.")


def _is_api() -> bool:
    return request.path.startswith("/api/")


def _nonce() -> str:
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def _finish(response: Response) -> Response:
    """Put the same protecting headers on every response."""
    nonce = f" 'nonce-{g.nonce}'" if "nonce" in g else ""
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src 'self'{nonce}; style-src 'self'; img-src 'self' data:;"
        " font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self';"
        " frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = (
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()"
    )
    response.headers["X-Request-Id"] = g.get("reference", "")
    if access.office().settings.is_production:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    built = request.endpoint == "static" and request.args.get("v") and response.status_code == 200
    response.headers["Cache-Control"] = (
        "public, max-age=31536000, immutable" if built else "no-store"
    )
    return response


def _refuse(problem: Problem) -> Reply:
    """Answer a refusal: problem details for the API, a page for people."""
    if _is_api():
        reply = jsonify(
            type=f"urn:threshold:{problem.code}",
            title=problem.title,
            status=problem.status,
            detail=problem.detail,
            code=problem.code,
        )
        reply.content_type = "application/problem+json"
        if isinstance(problem, problems.TooMany):
            reply.headers["Retry-After"] = str(_seconds_until(problem))
        return reply, problem.status
    if isinstance(problem, problems.NotSignedIn | problems.FormExpired):
        kept = _keep_what_was_typed()
        if kept is not None:
            return kept
    if isinstance(problem, problems.NotSignedIn):
        return redirect(url_for("sign_in.login", next=_here()))
    return render_template("error.html", problem=problem, reference=g.reference), problem.status


def _keep_what_was_typed() -> tuple[str, int] | None:
    if request.method in access.SAFE_METHODS:
        return None
    refused = current_app.extensions.get("threshold_pages")
    page: tuple[str, int] | None = refused() if refused else None
    return page


def _here() -> str | None:
    if request.method not in access.SAFE_METHODS or request.path == "/":
        return None
    return request.full_path.rstrip("?")


def _seconds_until(problem: problems.TooMany) -> int:
    return max(1, int((problem.until - access.now()).total_seconds()) + 1)


def _form_expired(_error: CSRFError) -> Reply:
    return _refuse(problems.FormExpired("Open the page again and send the form once more."))


def _http_refusal(error: HTTPException) -> Reply | HTTPException:
    """Answer what Flask itself refuses, in the same shape as our own refusals."""
    status = error.code or 500
    if status < 400:
        return error  # a redirect
    if isinstance(error, SecurityError):
        # Under a forged host name no address of ours can be written, so no page either.
        return Response(
            "This office does not answer to that name.\n", status, mimetype="text/plain"
        )
    problem = Problem()
    problem.status = status
    problem.code = _CODES.get(status, "malformed" if status < 500 else "fault")
    problem.title = HTTPStatus(status).phrase
    return _refuse(problem)


def _fault(_error: Exception) -> Reply:
    """Answer a fault of ours: the reference is in the log, nothing else leaves."""
    _log.exception("fault")
    access.close()
    return _refuse(Problem())
