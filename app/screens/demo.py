"""Removing the demo from a screen: typed confirmation, then the portal rests, and starts again without it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask import make_response, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, no_cache
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.core import access, accounts, clock, upkeep
from app.core.db import session
from app.core.errors import Conflict, Forbidden, Problem, Refusal
from app.core.installation import DEMO, Fact
from app.core.screen import Screen
from app.core.upkeep import Upkeep

WORK = "remove-demo"


class DemoView(Screen):
    """The demo of this installation, and how to take it out; for administrators alone."""

    route_base = "/demo"
    class_permission_name = "sweep_job"
    method_permission_name = {"show": "write", "remove": "write"}
    default_view = "show"

    @expose("/")
    @has_access
    @no_cache
    def show(self) -> Response:
        """What would go and what stays; while the portal prepares for it, that; afterwards, how it went."""
        _only_administrators()
        return _page()

    @expose("/remove", methods=["POST"])
    @has_access
    def remove(self) -> Any:
        """Ask the serving process to do it; the typed words are the confirmation."""
        _only_administrators()
        try:
            host = _ready()
        except Refusal as refusal:
            session.rollback()
            return _page(refusal)
        accounts.note("demo_removed", current_user)
        session.commit()
        host.ask(WORK)
        return redirect(url_for(".show"))


def _only_administrators() -> None:
    if not access.current().everything:
        raise Forbidden(_("Only an administrator removes the demo."))


def seeded() -> bool:
    """Whether the database holds the demo."""
    return bool((session.scalar(sa.select(Fact.value).where(Fact.name == DEMO)) or {}).get("seeded"))


def _ready() -> Upkeep:
    """The process that does it. Raises ``Refusal`` for a wrong word, ``Conflict`` where it cannot be done."""
    host = upkeep.offered()
    if not seeded():
        raise Conflict(_("There is no demo here."))
    if host is None:
        raise Conflict(_("Several processes may serve this database: stop them and run the command."))
    if request.form.get("word", "").strip() != _("remove the demo"):
        raise Refusal(Problem(_("Type “%(word)s” to confirm.", word=_("remove the demo")), "word", "word"))
    Refusal.when([Problem(text, None, "lost") for text in host.works[WORK].hindrances()])
    return host


def _page(refusal: Refusal | None = None) -> Response:
    host = upkeep.offered()
    last = upkeep.told(WORK)
    page = {
        "seeded": seeded(), "hosted": host is not None, "waits": bool(host and host.wanted), "last": _last(last),
        "word": _("remove the demo"), "typed": request.form.get("word", ""),
        "problems": refusal.problems if refusal else [], "action": url_for(".remove"),
        "hindrances": host.works[WORK].hindrances() if host and seeded() else [],
    }
    return make_response(render_template("admin/demo.html", page=page), refusal.status if refusal else 200)


def _last(told: dict[str, Any] | None) -> dict[str, Any] | None:
    if told is None:
        return None
    at = dt.datetime.fromisoformat(told["at"])
    return {"error": told["error"], "said": told["said"], "at": clock.to_local(at).strftime("%Y-%m-%d %H:%M")}
