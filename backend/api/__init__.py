"""The phones' door: flask-smorest blueprints under /api/v1, described by one OpenAPI document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from flask import Flask, Request
from flask_smorest import Api, Blueprint  # type: ignore[import-untyped]
from flask_wtf.csrf import CSRFProtect  # type: ignore[import-untyped]
from marshmallow import Schema, ValidationError
from webargs.flaskparser import FlaskParser

from backend.api.schemas import LARGEST_BODY, ProblemReply
from backend.problems import Malformed
from shared import wire
from shared.reading import Unreadable, read_json

PREFIX = "/api/v1"
VERSION = "1"


class StrictParser(FlaskParser):
    """Reads bodies with our strict reader, and refuses with our own problems."""

    def load_json(self, req: Request, schema: Schema) -> Any:
        """Return the body as JSON; raises Malformed."""
        if req.mimetype != "application/json":
            raise Malformed("Send JSON, and say so: Content-Type: application/json.")
        try:
            return read_json(req.get_data(cache=False), limit=LARGEST_BODY)
        except Unreadable as why:
            raise Malformed(str(why)) from None

    def handle_error(
        self,
        error: ValidationError,
        req: Request,
        schema: Schema,
        *,
        error_status_code: int | None,
        error_headers: Mapping[str, str] | None,
    ) -> NoReturn:
        """Raise Malformed with every problem that was found."""
        raise Malformed("; ".join(_told(error.messages))) from None


def _told(messages: Any, path: wire.Path = ()) -> list[str]:
    if isinstance(messages, dict):
        found = [_told(inner, (*path, key)) for key, inner in messages.items()]
        return [problem for problems in found for problem in problems][:10]
    # The first step is the place webargs looked in: json, or query.
    return [f"{wire.place(path[1:])}: {words}" for words in messages]


class OfficeBlueprint(Blueprint):  # type: ignore[misc]
    """A blueprint whose bodies are read strictly."""

    ARGUMENTS_PARSER = StrictParser()


class OfficeApi(Api):  # type: ignore[misc]
    """The API; errors are answered by the application, in one place for all."""

    ERROR_SCHEMA = ProblemReply

    def _register_error_handlers(self) -> None:
        pass


def init_app(app: Flask, csrf: CSRFProtect) -> None:
    """Register the API's blueprints. They take no cookies, so they need no form tokens."""
    from backend.api import enrolment, sync

    app.config.update(
        API_TITLE="Threshold", API_VERSION=VERSION, OPENAPI_VERSION="3.1.0", OPENAPI_URL_PREFIX=None
    )
    api = OfficeApi(app)
    bearer = {"type": "http", "scheme": "bearer", "description": "The device's token"}
    api.spec.components.security_scheme("device", bearer)
    for blueprint in (enrolment.bp, sync.bp):
        csrf.exempt(blueprint)
        api.register_blueprint(blueprint)
    app.extensions["threshold_api"] = api


def document(app: Flask) -> dict[str, Any]:
    """Return the API's OpenAPI document."""
    described: dict[str, Any] = app.extensions["threshold_api"].spec.to_dict()
    return described
