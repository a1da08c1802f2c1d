"""The log of sign-ins, and the sessions that have not ended: everybody's for who keeps accounts, one's own for all."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.core import access, logins, reading, values
from app.core.db import writes
from app.core.screen import Screen
from app.engines.people import signins
from app.engines.people.signins import Asked
from app.screens import log_pages

EVENTS = {
    "signed_in": ("ok", _l("Signed in")), "failed": ("late", _l("Wrong name or password")),
    "opened": ("info", _l("Account opened")), "locked": ("warn", _l("Account locked")),
    "unlocked": ("info", _l("Account unlocked")), "password_changed": ("info", _l("Password changed")),
    "password_reset": ("warn", _l("New one-time password")), "role_changed": ("warn", _l("Role changed")),
    "role_made": ("info", _l("Role made")), "role_deleted": ("warn", _l("Role deleted")),
    "signed_out_everywhere": ("info", _l("Signed out everywhere")), "session_ended": ("info", _l("Session ended")),
    "key_made": ("info", _l("API key made")), "key_revoked": ("warn", _l("API key revoked")),
    "link_made": ("info", _l("Sign-in link made")), "link_used": ("ok", _l("Password chosen by a link")),
    "link_revoked": ("warn", _l("Sign-in link taken back")),
    "demo_removed": ("warn", _l("Removing the demo asked for")),
    "key_refused": ("late", _l("Wrong API key")),
}
NARROWING = ("q", "event", "address", "from", "to")


class LoginLogView(log_pages.OfLogs, Screen):
    """Who signed in, who tried in vain, and what was done to accounts."""

    route_base = "/logins"
    menu_label, menu_icon, menu_order = _l("Sign-ins"), "history", 12

    @expose("/")
    @has_access
    def list(self) -> str:
        """The log, newest first."""
        shown, place = signins.log(_asked(), log_pages.before())
        return render_template("admin/logins.html", page=log_pages.frame(NARROWING, place) | {
            "rows": [_event(*row) for row in shown],
            "events": [(key, label) for key, (_tone, label) in EVENTS.items()],
        })  # fmt: skip

    @expose("/export")
    @has_access
    @writes
    def export(self) -> Response:
        """The log as a workbook, narrowed like the page."""
        access.require("access_log", "reveal")
        asked = _asked()
        found = log_pages.newest(lambda place, size: signins.log(asked, place, size))
        lines = [_event(*row) for row in found]
        heads = [_("When"), _("What"), _("Account"), _("Done by"), _("From the address"), _("With")]
        rows = [[r["when"], str(r["state"]["label"]), r["name"], r["by"], r["address"], r["agent"]] for r in lines]
        return log_pages.workbook(_("Sign-ins"), heads, rows, request.args.to_dict())


def _asked() -> Asked:
    name, address = reading.query_text("q", 64), reading.query_text("address", 45)
    event = log_pages.choice("event", EVENTS)
    return Asked(name, event, address, log_pages.day("from"), log_pages.day("to"))


def _event(entry: Any, by: str | None) -> dict[str, Any]:
    tone, label = EVENTS.get(entry.event, ("mute", entry.event))
    return {
        "when": log_pages.local(entry.at), "state": {"tone": tone, "label": label}, "name": entry.name or "",
        "by": by or "", "channel": entry.channel or "", "address": entry.address or "",
        "agent": log_pages.device(entry.agent), "whole_agent": entry.agent or "",
    }


class SessionsView(log_pages.OfLogs, Screen):
    """Open sessions of the people in reach."""

    route_base = "/sessions"
    method_permission_name = dict.fromkeys(("list", "end", "end_all"), "reveal")
    menu_label, menu_icon, menu_order = _l("Sessions"), "lock-access", 13

    @expose("/")
    @has_access
    def list(self) -> str:
        """Who is signed in, since when, from where and with what."""
        text, raw = reading.query_text("q", 64), reading.number(request.args.get("page", "1")) or 1
        page = raw if raw < 10_000 else 1
        found, more = signins.sessions(None, text, page)
        return render_template("admin/sessions.html", page={
            "q": text, "rows": [_session(one, "SessionsView.end") for one in found], "own": False,
            "may_end": access.current().can("holding", "write"),
            "older": url_for(".list", q=text or None, page=page + 1) if more else "",
            "newer": url_for(".list", q=text or None, page=page - 1) if page > 1 else "",
        })  # fmt: skip

    @expose("/<int:user_id>/<handle>/end", methods=["POST"])
    @has_access
    def end(self, user_id: int, handle: str) -> Response:
        """End one session, on every host at once."""
        _say(signins.end(user_id, handle))
        return redirect(url_for(".list"))

    @expose("/<int:user_id>/end_all", methods=["POST"])
    @has_access
    def end_all(self, user_id: int) -> Response:
        """End every session and token of an account."""
        signins.end_all(user_id)
        flash(_("All sessions and tokens have ended."), "success")
        return redirect(url_for(".list"))


class MySessionsView(Screen):
    """Where I am signed in."""

    route_base = "/my_sessions"
    default_view = "list"
    everyone = True

    @expose("/")
    @has_access
    def list(self) -> str:
        """One's own sessions; the present one is marked."""
        found, _more = signins.sessions(g.account.user.id)
        rows = [_session(one, "MySessionsView.end") for one in found]
        return render_template("admin/sessions.html", page={
            "q": "", "rows": rows, "own": True, "may_end": True, "older": "", "newer": "",
            "others_url": url_for(".end_others") if len(rows) > 1 else "",
        })  # fmt: skip

    @expose("/<handle>/end", methods=["POST"])
    @has_access
    def end(self, handle: str) -> Response:
        """End one of one's own sessions."""
        _say(signins.end(g.account.user.id, handle))
        return redirect(url_for(".list"))

    @expose("/end_others", methods=["POST"])
    @has_access
    def end_others(self) -> Response:
        """End every session of one's own but this one."""
        signins.end_others(g.account.user.id, g.account.sid)
        flash(_("Your other sessions have ended."), "success")
        return redirect(url_for(".list"))


def _say(ended: bool) -> None:
    flash(_("The session has ended.") if ended else _("The session had ended already."), "success")


def _session(one: signins.Session, ending: str) -> dict[str, Any]:
    whose: dict[str, Any] = {} if ending.startswith("My") else {"user_id": one.user_id}
    return {
        "name": one.name, "username": one.username, "channel": one.channel, "address": one.address,
        "person_url": url_for("PeopleView.show", pk=one.employee_id) if one.employee_id else "",
        "agent": log_pages.device(one.agent), "whole_agent": one.agent, "since": values.short(one.started_at),
        "seen": values.short(one.seen_at) if one.seen_at else "", "until": values.short(one.expires_at),
        "here": bool(g.account.sid) and one.handle == signins.handle_of(g.account.sid),
        "program": one.channel == logins.PROGRAM,
        "end_url": url_for(ending, handle=one.handle, **whose),
        "all_url": url_for("SessionsView.end_all", user_id=one.user_id) if whose else "",
    }  # fmt: skip
