"""Exports for programs: the rows of a register that are within reach, as the same file that people get."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import jsonify, make_response, request
from flask_appbuilder.api import expose, protect
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core import openapi, reading
from app.core.errors import BadRequest, Refusal
from app.core.screen import ScreenApi
from app.engines.exchange import asking, exporting
from app.engines.privacy import operations as privacy
from app.screens import exports

WANTED: openapi.Schema = {
    "type": "object",
    "properties": {
        "columns": {"type": "array", "items": openapi.TEXT}, "reason": openapi.TEXT,
        "format": openapi.TEXT | {"enum": list(exporting.FORMATS)},
    },
}  # fmt: skip


class ExportsApi(ScreenApi):
    """``/api/v1/exports/<register>``: the right to read and to export is asked for on the register."""

    resource_name = "exports"
    everyone = True
    keys_need: ClassVar = {"take": None}

    @expose("/<slug>", methods=["POST"])
    @protect()
    @openapi.describes(openapi.ANYTHING, body=WANTED)
    def take(self, slug: str) -> Response:
        """The rows as a workbook or a text; narrowed in the address as a list is, and kept in the access log.
        ---
        post:
          responses:
            202:
              description: So many rows have to be allowed first; the request that was made
              content:
                application/json: {schema: {type: object}}
            200:
              description: The file
              content:
                "*/*": {schema: {type: string, format: binary}}
        """
        register, criteria = exports.asked(slug)
        wanted, reason, form = _body()
        Refusal.when(exports.unknown(form))
        columns, rows = exporting.columns_of(register, wanted), exporting.count(register, criteria)
        if asking.needed(rows, len(asking.personal_of(columns))):
            made = exports.ask_for(register, criteria, columns, form, rows, reason)
            return make_response(jsonify({"request": made.id, "status": made.status}), 202)
        privacy.log_export(slug, rows, reason=reason, facts=exports.facts(columns, form))
        return exports.file_of(register, criteria, columns, form)


def _body() -> tuple[list[str], str, str]:
    body: dict[str, Any] = reading.json_object() if request.data else {}
    columns, reason, form = body.get("columns") or [], body.get("reason", ""), body.get("format", "xlsx")
    if not isinstance(columns, list) or not all(isinstance(text, str) for text in (*columns, reason, form)):
        raise BadRequest(_("“columns” is a list of texts, “reason” and “format” are texts."))
    return columns, reason, form
