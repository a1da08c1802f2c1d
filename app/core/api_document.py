"""``/api/v1/_openapi``: what every call takes and answers, and the look-up of rows for programs."""

from __future__ import annotations

from typing import Any, ClassVar

from apispec import APISpec
from flask import current_app, jsonify, request
from flask_appbuilder.api import BaseApi, expose, protect
from werkzeug.wrappers import Response

from app.core import openapi, reading
from app.core.lookups import look_up
from app.core.register import registers
from app.core.screen import ScreenApi


class ApiDocument(ScreenApi):
    """The description of the REST side, for everybody who has signed in."""

    route_base = "/api/v1"
    openapi_spec_tag = "portal"
    everyone = True
    keys_need: ClassVar = {"document": None, "look": None}

    @expose("/_openapi", methods=["GET"])
    @protect()
    @openapi.describes(openapi.ANYTHING)
    def document(self) -> Response:
        """This document."""
        return jsonify(describe())

    @expose("/lookup/<slug>", methods=["GET"])
    @protect()
    @openapi.describes(openapi.FOUND, query={"q": openapi.TEXT, "page": openapi.WHOLE | {"maximum": 50}})
    def look(self, slug: str) -> Response:
        """Rows to refer to: whose title or number begins with, or whose title holds, the text."""
        return jsonify(look_up(slug, reading.query_text("q"), request.args.get("page", "1")))


def describe() -> dict[str, Any]:
    """The OpenAPI document of the whole portal."""
    builder: Any = current_app.extensions["appbuilder"]
    spec = APISpec(title=builder.app_name, version="v1", openapi_version="3.0.3")
    spec.components.security_scheme("jwt", {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"})
    key = "An API key (kz_…), made on the page “API keys”: the account's permissions within the key's scopes"
    spec.components.security_scheme("api_key", {"type": "http", "scheme": "bearer", "description": key})
    for name, schema in (("Problem", openapi.PROBLEM), ("File", openapi.FILE)):
        spec.components.schema(name, schema)
    for code, text in openapi.REFUSALS.items():
        spec.components.response(code, {"description": text, **openapi.json_content(openapi.refer("Problem"))})
    for register in registers().values():
        if not register.detail_of:
            for name, schema in openapi.components(register).items():
                spec.components.schema(name, schema)
    for api in builder.baseviews:
        if isinstance(api, BaseApi):
            api.add_api_spec(spec)
    described = spec.to_dict()
    described["servers"] = [{"url": request.script_root or "/"}]
    return described
