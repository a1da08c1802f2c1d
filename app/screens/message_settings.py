"""When messages leave, how often one is tried, and how each kind goes where nobody wishes otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.core import access
from app.core.errors import Refusal
from app.core.register import register_of
from app.core.screen import Screen
from app.engines.notifications import settings
from app.engines.notifications.kinds import KINDS, MODES
from app.engines.notifications.models import MAIL
from app.engines.notifications.settings import Settings
from app.engines.notifications.ways import MessageSetting
from app.screens.asking import ask, fields_of

NUMBERS = (
    "gather_minutes", "digest_at", "quiet_from", "quiet_to", "attempts", "wait_minutes", "timeout_seconds",
    "stale_hours", "most", "remind_minutes", "link_hours", "forgotten_minutes", "keep_days",
    "log_days",
)
NEEDED = tuple(name for name in NUMBERS if not name.startswith("quiet"))


class MessageSettingsView(Screen):
    """The settings of messages, with what was shipped beside what counts."""

    route_base = "/message_settings"
    default_view = "show"
    class_permission_name = "message_setting"
    method_permission_name = {"show": "read", "change": "write", "rules": "write"}
    menu_area, menu_label, menu_icon, menu_order = "platform", _l("Settings of messages"), "adjustments", 22

    @expose("/")
    @has_access
    def show(self) -> str:
        """What counts now."""
        return _page(settings.current())

    @expose("/change", methods=["GET", "POST"])
    @has_access
    def change(self) -> Any:
        """Other times and numbers."""
        now = settings.current()

        def act(given: Mapping[str, Any]) -> Response:
            settings.change(given)
            flash(_("The settings are kept and count from now on."), "success")
            return redirect(url_for(".show"))

        blank = MessageSetting(**{name: getattr(now, name) for name in NUMBERS})
        title = _("Change the settings of messages")
        subtitle = _("They count for the whole portal; a person may set his own quiet hours and time of the summary.")
        return ask(
            blank, fields_of(MessageSetting, NUMBERS), NEEDED, act, title=title, subtitle=subtitle,
            cancel_url=url_for(".show"),
        )  # fmt: skip

    @expose("/rules", methods=["POST"])
    @has_access
    def rules(self) -> Any:
        """How each kind goes."""
        given = {
            kind: {"mail": request.form.get(f"mail.{kind}", ""), "urgent": request.form.get(f"urgent.{kind}") == "true"}
            for kind in KINDS
        }
        try:
            settings.change_rules(given)
        except Refusal as refusal:
            return _page(settings.current(), refusal), 422
        flash(_("The settings are kept and count from now on."), "success")
        return redirect(url_for(".show"))


def _page(now: Settings, refusal: Refusal | None = None) -> str:
    shipped, writes = Settings(), access.current().can("message_setting", "write")
    specs, before = register_of(MessageSetting).fields, asdict(shipped)
    facts = [
        {"label": specs[name].label, "value": _said(specs[name], getattr(now, name)),
         "shipped": _said(specs[name], before[name]) if getattr(now, name) != before[name] else ""}
        for name in NUMBERS
    ]
    rows = [
        {"key": key, "label": kind.label, "mail": now.mode(key, MAIL), "urgent": now.urgent(key),
         "differs": (now.mode(key, MAIL), now.urgent(key)) != (shipped.mode(key, MAIL), shipped.urgent(key))}
        for key, kind in KINDS.items()
    ]
    page = {
        "facts": facts, "rows": rows, "modes": list(MODES.items()), "writes": writes,
        "problems": refusal.problems if refusal else [],
        "actions": [{"label": _("Change"), "url": url_for(".change"), "icon": "edit"}] if writes else [],
        "rules_url": url_for(".rules"),
    }
    return render_template("messages/settings.html", page=page)


def _said(spec: Any, value: Any) -> str:
    if value in (None, ""):
        return "—"
    return f"{value} {spec.unit}" if spec.unit else str(value)
