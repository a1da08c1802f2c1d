"""What an administrator asks of a sweep, read and checked the same way for the console and for programs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import jsonify, request
from flask_appbuilder import expose
from flask_appbuilder.api import protect
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core import clock
from app.core.errors import Problem, Refusal
from app.core.screen import ScreenApi
from app.engines.sweeps import operations
from app.engines.sweeps.operations import Outcome

ISSUED = "slips"


def instant(text: str, *, trial: bool = False) -> dt.datetime | None:
    """The instant to run for; local time unless it says otherwise, nothing for now.

    Raises ``Refusal`` for what is no instant, and for the future, which only a trial may look into.
    """
    if not text.strip():
        return None
    try:
        found = dt.datetime.fromisoformat(text.strip())
        at = found if found.tzinfo else clock.from_local(found)
    except (ValueError, OverflowError):
        said = _("“%(text)s” is no date and time.", text=text.strip()[:40])
        raise Refusal(Problem(said, "at", "datetime")) from None
    if at > clock.now() and not trial:
        said = _("A sweep is not run for a time to come; try it out instead.")
        raise Refusal(Problem(said, "at", "not_future"))
    return at


def plain(outcome: Outcome) -> dict[str, Any]:
    """What a run found and did, for programs."""
    return {
        "name": outcome.name, "for_at": clock.to_local(outcome.for_at).isoformat(), "run_id": outcome.run_id,
        "counts": dict(outcome.counts), "findings": [dict(found) for found in outcome.findings],
        "error": outcome.error,
    }


class SweepActsApi(ScreenApi):
    """Sweeps for programs."""

    resource_name = "sweep"
    openapi_spec_tag = "sweep"
    class_permission_name = "sweep_job"
    method_permission_name = {"run": "write"}

    @expose("/<name>/run", methods=["POST"])
    @protect()
    def run(self, name: str) -> tuple[Response, int]:
        """Run a sweep now, or for an earlier time; ``dry_run`` only tells what would be found, also for a later one.
        ---
        post:
          parameters:
          - {in: path, name: name, required: true, schema: {type: string}}
          requestBody:
            required: false
            content:
              application/json:
                schema:
                  type: object
                  properties:
                    at: {type: string, format: date-time, description: Local time unless it names a zone}
                    dry_run: {type: boolean}
          responses:
            200: {description: What was found and done}
            404: {description: No such sweep}
            409: {description: It is being run elsewhere}
            422: {description: Not a time to run for}
            500: {description: It broke off; names the run and the error}
        """
        body = _body()
        trial, text = body.get("dry_run", False), body.get("at") or request.args.get("at", "")
        Refusal.when(_misread(trial, text))
        at = instant(text, trial=trial)
        outcome = (operations.rehearse if trial else operations.run)(name, at)
        return jsonify(plain(outcome)), 500 if outcome.error else 200


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if body is None and not request.get_data():
        return {}
    if not isinstance(body, dict):
        raise Refusal(Problem(_("Send a JSON object."), None, "type"))
    return body


def _misread(trial: Any, text: Any) -> list[Problem]:
    found = []
    if not isinstance(trial, bool):
        found.append(Problem(_("“%(field)s” is true or false.", field="dry_run"), "dry_run", "type"))
    if not isinstance(text, str):
        found.append(Problem(_("“%(field)s” is a text.", field="at"), "at", "type"))
    return found
