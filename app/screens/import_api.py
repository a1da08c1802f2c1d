"""Imports for programs: a file becomes a run, the run is read, looked at and confirmed."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import jsonify, request
from flask_appbuilder.api import expose, protect
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core import openapi, reading
from app.core.errors import BadRequest, Problem
from app.core.screen import ScreenApi
from app.engines.exchange import runs
from app.engines.exchange.models import MODES, STATES, VERDICTS, ImportRow, ImportRun
from app.screens import import_pages, imports

COUNTS = {"type": "object", "additionalProperties": {"type": "integer"}}
RUN: openapi.Schema = {
    "type": "object",
    "properties": {
        "id": openapi.WHOLE, "register": openapi.TEXT, "file_name": openapi.TEXT,
        "mode": openapi.TEXT | {"enum": list(MODES)}, "state": openapi.TEXT | {"enum": list(STATES)},
        "total": {"type": "integer", "nullable": True}, "done": {"type": "integer"}, "counts": COUNTS, "saved": COUNTS,
        "problems": {"type": "array", "items": openapi.ANYTHING}, "columns": {"type": "array", "items": openapi.TEXT},
    },
}  # fmt: skip
ROWS: openapi.Schema = {
    "type": "object",
    "properties": {
        "more": {"type": "boolean"},
        "result": {"type": "array", "items": {"type": "object", "properties": {
            "row": openapi.WHOLE, "verdict": openapi.TEXT | {"enum": list(VERDICTS)},
            "record_id": openapi.WHOLE | {"nullable": True},
            "errors": {"type": "array", "items": openapi.ANYTHING},
        }}},
    },
}  # fmt: skip
CONFIRM: openapi.Schema = {"type": "object", "properties": {"good_only": {"type": "boolean"}}}
FILE: openapi.Schema = {
    "type": "object",
    "properties": {"file": openapi.TEXT | {"format": "binary"}, "mode": openapi.TEXT | {"enum": list(MODES)},
                   "policy": openapi.TEXT},
}  # fmt: skip


class ImportsApi(ScreenApi):
    """``/api/v1/imports/``: the right to import and to write is asked for on the register of each run."""

    resource_name = "imports"
    everyone = True
    keys_need: ClassVar = dict.fromkeys(("start", "template", "run", "rows", "commit", "withdraw", "errors"))

    @expose("/<slug>", methods=["POST"])
    @protect()
    @openapi.describes(RUN, body=FILE, status=201)
    def start(self, slug: str) -> tuple[Response, int]:
        """A table as multipart ``file`` with ``mode`` (add, update, both); what comes back is the run."""
        run_id = imports.receive(slug, request.form.get("mode", "add"), request.form.get("policy", ""))
        return jsonify(_plain(runs.find(run_id))), 201

    @expose("/<slug>/template", methods=["GET"])
    @protect()
    @openapi.describes(openapi.ANYTHING, query={"mode": openapi.TEXT, "policy": openapi.TEXT})
    def template(self, slug: str) -> Response:
        """The workbook to fill in."""
        return imports.template_of(slug)

    @expose("/run/<int:run_id>", methods=["GET"])
    @protect()
    @openapi.describes(RUN)
    def run(self, run_id: int) -> Response:
        """How far a run is and what was found; the work is taken up again if its host has died."""
        found = _plain(runs.find(run_id))
        imports.status_of(runs.find(run_id))
        return jsonify(found)

    @expose("/run/<int:run_id>/rows", methods=["GET"])
    @protect()
    @openapi.describes(ROWS, query={"verdict": openapi.TEXT | {"enum": list(VERDICTS)}, "after": openapi.WHOLE})
    def rows(self, run_id: int) -> Response:
        """Staged rows behind a row number, with the errors of each."""
        raw, verdict = request.args.get("after", "0"), request.args.get("verdict", "")
        after = reading.number(raw)
        if after is None:
            raise BadRequest(Problem(_("“%(key)s” must be a whole number.", key="after"), "after", "range"))
        if verdict and verdict not in VERDICTS:
            text = _("“%(value)s” is not one of the choices.", value=verdict[:40])
            raise BadRequest(Problem(text, "verdict", "choice"))
        found = runs.rows_of(runs.find(run_id), verdict, after)
        return jsonify({"more": len(found) > runs.PAGE, "result": [_row(row) for row in found[: runs.PAGE]]})

    @expose("/run/<int:run_id>/commit", methods=["POST"])
    @protect()
    @openapi.describes(RUN, body=CONFIRM)
    def commit(self, run_id: int) -> Response:
        """Save the rows: all, or with ``good_only`` those without errors."""
        only = reading.json_object().get("good_only", False) if request.data else False
        if not isinstance(only, bool):
            raise BadRequest(_("Yes or no is expected."))
        run = runs.find(run_id, lock=True)
        runs.confirm(run, good_only=only)
        runs.go_on(run)
        return jsonify(_plain(runs.find(run_id)))

    @expose("/run/<int:run_id>/withdraw", methods=["POST"])
    @protect()
    @openapi.describes(RUN)
    def withdraw(self, run_id: int) -> Response:
        """Give up a run that is not saved."""
        run = runs.find(run_id, lock=True)
        runs.withdraw(run)
        return jsonify(_plain(run))

    @expose("/run/<int:run_id>/errors", methods=["GET"])
    @protect()
    @openapi.describes(openapi.ANYTHING)
    def errors(self, run_id: int) -> Response:
        """The rows with errors as a workbook."""
        return imports.errors_of(runs.find(run_id))


def _plain(run: ImportRun) -> dict[str, Any]:
    told = import_pages.share(run)
    names = ("id", "register", "file_name", "mode", "state", "total", "counts", "saved", "problems", "columns")
    return {name: getattr(run, name) for name in names} | {"done": told["done"]}


def _row(row: ImportRow) -> dict[str, Any]:
    return {"row": row.row_no, "verdict": row.verdict, "record_id": row.record_id, "errors": row.problems or []}
