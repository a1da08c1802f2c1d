"""The history of a row over HTTP: its pages, and the same for programs."""

from __future__ import annotations

from typing import Any

from flask import flash, jsonify, redirect, render_template, request
from flask_appbuilder import expose
from flask_appbuilder.api import protect
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core import moves, pages, past, query, reading, restoring, stamps
from app.core.db import session
from app.core.errors import BadRequest, NotFound, Refusal
from app.core.kinds import LARGEST
from app.core.pages import pasts
from app.core.past import Version
from app.core.register import Register

LAST_PAGE = 5000


class PastViews:
    """The pages of a register's rows as they were."""

    described: Register

    @expose("/<int:pk>/history")
    @has_access
    def history(self, pk: int) -> str:
        """Every saved state of the record, the first one included, and two of them side by side."""
        whole = moves.whole_of(query.find(self.described, pk))
        keys = reading.number(request.args.get("old", "")), reading.number(request.args.get("new", ""))
        page = pasts.history_page(whole, _page(), keys)
        return render_template("register/history.html", page=page)

    @expose("/<int:pk>/restore", methods=["GET", "POST"])
    @has_access
    def restore(self, pk: int) -> str | Response:
        """Fields of the record brought back from a saved state, for a reason that is kept."""
        if "edit" not in self.described.actions:
            raise NotFound()
        record = query.find(self.described, pk, "write")
        whole, key = moves.whole_of(record), reading.number(request.values.get("at", ""))
        version = restoring.version_of(whole, key)
        if request.method == "GET":
            chosen = request.args.getlist("field") or None
            return render_template("register/restore.html", page=pasts.restore_page(whole, version, chosen, ""))
        names, reason = request.form.getlist("field"), request.form.get("reason", "")
        try:
            restoring.restore(record, key, names, reason, reading.number(request.form.get("row_version", "")))
        except Refusal as error:
            session.rollback()
            fresh = moves.whole_of(query.find(self.described, pk, "write"))
            page = pasts.restore_page(fresh, version, names, reason, error.problems)
            return Response(render_template("register/restore.html", page=page), error.status, mimetype="text/html")
        flash(_("Restored. The earlier values stay in the history."), "success")
        return redirect(pages.url(self.described, "show", pk=pk))


class PastCalls:
    """The same for programs."""

    described: Register
    _answered: Any

    @expose("/<int:pk>/history", methods=["GET"])
    @protect()
    def history(self, pk: int) -> Response:
        """Every saved state of a row, the newest first; ``page`` turns the pages, personal data stay masked."""
        whole = moves.whole_of(query.find(self.described, pk))
        found, total = restoring.trail_of(whole).versions(self.described.slug, pk, _page(), pasts.SIZE)
        return jsonify({"count": total, "result": [_told(version) for version in found]})

    @expose("/<int:pk>/restore", methods=["POST"])
    @protect()
    def restore(self, pk: int) -> Response:
        """Bring fields back: ``{"at": <id of a saved state>, "fields": [...], "reason": "..."}``."""
        record, body = query.find(self.described, pk, "write"), reading.json_object()
        version = stamps.version(body)
        key, names, reason = body.get("at"), body.get("fields", []), body.get("reason", "")
        texts = isinstance(names, list) and all(isinstance(name, str) for name in names) and isinstance(reason, str)
        if isinstance(key, bool) or not isinstance(key, int) or not texts:
            raise BadRequest(_("“at” is a whole number, “fields” a list of names and “reason” a text."))
        whole = restoring.restore(record, min(max(key, 0), LARGEST), names, reason, version)
        answer: Response = self._answered(whole.record)
        return answer


def _page() -> int:
    return min(max(reading.number(request.args.get("page", "1")) or 1, 1), LAST_PAGE)


def _told(version: Version) -> dict[str, Any]:
    return {
        "id": version.id, "number": version.number, "at": version.at.isoformat(), "by": past.by_whom(version.who),
        "kind": version.kind, "changes": {name: list(both) for name, both in version.changes.items()},
        "said": version.sentence, "reason": version.reason,
    }  # fmt: skip
