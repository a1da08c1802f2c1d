"""Whether the portal is well: in sentences for the administrator, as a bare yes or no for machines."""

from __future__ import annotations

from typing import Any

from flask import jsonify, make_response, render_template, request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, no_cache
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.core.access import Access
from app.core.login_views import public
from app.core.screen import Screen
from app.screens import health_checks
from app.screens.health_checks import LATE, OK, WARN

WORDS = {OK: _l("Well"), WARN: _l("Have a look"), LATE: _l("Act now")}
ORDER = {LATE: 0, WARN: 1, OK: 2}


class HealthView(Screen):
    """Database, sweeps, messages, disk, seals, keys, clock, version."""

    route_base = "/health"
    class_permission_name = "sweep_job"
    method_permission_name = {"show": "write"}
    default_view = "show"
    menu_area, menu_label, menu_icon, menu_order = "platform", _l("Health"), "heart-handshake", 5

    @classmethod
    def meant_for(cls, person: Access) -> bool:
        """Whoever runs the portal."""
        return person.can("sweep_job", "write")

    @expose("/")
    @has_access
    def show(self) -> str:
        """Everything that was looked at, the worst first."""
        checks = sorted(health_checks.all_checks(), key=lambda check: ORDER[check.tone])
        worst = checks[0].tone
        return render_template("admin/health.html", page={
            "state": {"tone": worst, "label": WORDS[worst]}, "rows": [_row(check) for check in checks],
        })  # fmt: skip


def _row(check: health_checks.Check) -> dict[str, Any]:
    return {
        "title": check.title, "state": {"tone": check.tone, "label": WORDS[check.tone]}, "found": check.found,
        "todo": check.todo, "url": f"{request.script_root}{check.url}" if check.url else "",
    }


class HealthzView(Screen):
    """For load balancers and monitors: 200 while the database answers, else 503; nothing is told."""

    route_base = "/healthz"
    default_view = "alive"

    @expose("")
    @public
    @no_cache
    def alive(self) -> Response:
        """``{"status": "ok"}``, or 503."""
        well = health_checks.answers()
        return make_response(jsonify({"status": "ok" if well else "unavailable"}), 200 if well else 503)
