"""A person's notices: read one by one or all at once."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from flask import redirect, render_template, request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core import access, clock, shell, values
from app.core.access import Access
from app.core.forms import clause_link
from app.core.screen import Screen
from app.engines.notifications import operations as notifications

SIZE = 50


class NoticesView(Screen):
    """What the bell leads to."""

    route_base = "/notices"
    default_view = "list"
    everyone = True

    @expose("/")
    @has_access
    def list(self) -> str:
        """The newest notices, by day; the unread ones with ``?unread=1``."""
        person, unread = access.current().employee_id, request.args.get("unread") == "1"
        found = notifications.notices(person, unread_only=unread, limit=SIZE) if person else []
        waiting = notifications.unread_count(person) if person else 0
        page = {
            "views": [
                {"label": _("All"), "url": request.path, "count": None, "active": not unread},
                {"label": _("Unread"), "url": f"{request.path}?unread=1", "count": waiting, "active": unread},
            ],
            "days": [
                {"label": str(day), "items": [_entry(notice) for notice in notices]}
                for day, notices in groupby(found, key=lambda notice: clock.to_local(notice.at).date())
            ],
            "read_all_url": f"{request.path}read" if waiting else None, "pager": None, "empty": None,
        }
        return render_template("notices.html", page=page)

    @expose("/read", methods=["POST"])
    @has_access
    def read(self) -> Response:
        """Mark everything as read."""
        if person := access.current().employee_id:
            notifications.mark_read(person)
        return redirect(f"{request.script_root}/notices/")


def _entry(notice: Any) -> dict[str, Any]:
    return {
        "tone": "mute" if notice.read else "info", "when": values.short(notice.at), "what": notice.sentence,
        "when_exact": clock.to_local(notice.at).strftime("%Y-%m-%d %H:%M"), "url": notice.url,
        "clause": clause_link("", notice.clause or ""), "unread": not notice.read,
    }


@shell.fact("notice_count")
def notice_count(person: Access) -> int:
    """How many notices wait, for the bell."""
    return notifications.unread_count(person.employee_id) if person.employee_id else 0
