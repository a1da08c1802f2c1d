"""The approvals inbox for programs: the lines of a view, and every act on a step."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import jsonify, request
from flask_appbuilder import expose
from flask_appbuilder.api import protect
from werkzeug.wrappers import Response

from app.core import access, reading
from app.core.db import session
from app.core.screen import ScreenApi
from app.engines.approvals import inbox
from app.engines.approvals import operations as approvals
from app.engines.approvals.inbox import Item
from app.engines.approvals.models import Approval, ApprovalRequest
from app.screens.approval_acts import body_of, perform
from app.screens.approvals import asked_filters, asked_view


class ApprovalActsApi(ScreenApi):
    """The inbox for programs."""

    resource_name = "approval"
    openapi_spec_tag = "approval"
    everyone = True
    keys_need: ClassVar = {"inbox": ("approval", "read")}

    @expose("/inbox", methods=["GET"])
    @protect()
    def inbox(self) -> Response:
        """The lines of a view: ``view`` is todo, done, mine or copies; ``register``, ``policy``, ``text`` narrow it.
        ---
        get:
          responses:
            200:
              description: The lines
        """
        person, view = access.current(), asked_view()
        found = inbox.items(view, person, asked_filters())
        return jsonify({"count": inbox.count(view, person), "result": [_plain(item) for item in found]})

    @expose("/<int:pk>/<action>", methods=["POST"])
    @protect()
    def act(self, pk: int, action: str) -> Response:
        """Act on a step: approve, reject, return, transfer, delegate, add_signer, copy, recuse, urge, withdraw, read.
        ---
        post:
          parameters:
          - {in: path, name: pk, schema: {type: integer}}
          - {in: path, name: action, schema: {type: string}}
          responses:
            200:
              description: The step afterwards
            403:
              description: Names who may decide, and the clause
            409:
              description: Somebody has decided already
        """
        raw, comment = body_of(reading.json_object() if request.data else {})
        perform(pk, action, raw, comment)
        return jsonify(_step_plain(pk))


def _plain(item: Item) -> dict[str, Any]:
    request_, step = item.request, item.step
    return {
        "id": step.id if step else None, "request_id": request_.id, "register": request_.of_register,
        "record_id": request_.record_id, "title": request_.title, "subject": str(approvals.subject(request_.frozen)),
        "amount": f"{request_.amount:.2f}" if request_.amount is not None else None, "policy": request_.policy,
        "clause": request_.frozen["clause"], "post": step.post if step else None,
        "status": step.status if step else request_.status,
    }


def _step_plain(pk: int) -> dict[str, Any]:
    step = session.get_one(Approval, pk)
    asked = session.get_one(ApprovalRequest, step.request_id)
    return _plain(Item(asked, step)) | {"request_status": asked.status, "decided_by_id": step.decided_by_id}
