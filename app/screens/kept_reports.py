"""Kept reports: their figures for programs."""

from __future__ import annotations

from flask import jsonify
from flask_appbuilder.api import expose as expose_api
from flask_appbuilder.api import protect
from werkzeug.wrappers import Response

from app.areas.complaints import kept
from app.core import access, query
from app.core.register import registers
from app.core.screen import ScreenApi

GUARD = kept.SLUG


class KeptReportApi(ScreenApi):
    """Kept reports for programs."""

    resource_name = "kept_report"
    class_permission_name = GUARD
    method_permission_name = {"get": "read"}

    @expose_api("/<int:pk>", methods=["GET"])
    @protect()
    def get(self, pk: int) -> Response:
        """The figures and the rows of a kept report, as far as they are meant for the caller."""
        return jsonify(kept.read(query.find(registers()[GUARD], pk), access.current()).facts)


__all__ = ["KeptReportApi"]
