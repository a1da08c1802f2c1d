"""From how many rows on an export has to be allowed, with what was shipped beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, ClassVar

from flask import flash, redirect, render_template, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.core import access
from app.core.register import register_of
from app.core.screen import Screen
from app.engines.exchange import asking
from app.engines.exchange.asked_models import ExportRule
from app.engines.exchange.asking import Rule
from app.screens.asking import ask, fields_of

NAMES = ("most_rows", "most_personal", "valid_days", "wait_days")


class ExportRulesView(Screen):
    """The numbers of exports; no policy names them, they are our own."""

    route_base = "/export_rules"
    default_view = "show"
    class_permission_name = ExportRule.__tablename__
    method_permission_name: ClassVar = {"show": "read", "change": "write"}
    menu_area, menu_label, menu_icon, menu_order = "platform", _l("Rule of exports"), "adjustments", 24

    @expose("/")
    @has_access
    def show(self) -> str:
        """What counts now."""
        now, shipped, specs = asking.rule(), Rule(), register_of(ExportRule).fields
        facts = [
            {"label": specs[name].label, "value": _said(specs[name], getattr(now, name)),
             "shipped": _said(specs[name], before) if getattr(now, name) != before else "", "help": specs[name].help}
            for name, before in asdict(shipped).items()
        ]  # fmt: skip
        writes = access.current().can(ExportRule.__tablename__, "write")
        actions = [{"label": _("Change"), "url": url_for(".change"), "icon": "edit"}] if writes else []
        return render_template("exchange/rule.html", page={"facts": facts, "actions": actions})

    @expose("/change", methods=["GET", "POST"])
    @has_access
    def change(self) -> Any:
        """Other numbers."""

        def act(given: Mapping[str, Any]) -> Response:
            asking.change_rule(given)
            flash(_("The settings are kept and count from now on."), "success")
            return redirect(url_for(".show"))

        return ask(
            ExportRule(**asdict(asking.rule())), fields_of(ExportRule, NAMES), NAMES, act,
            title=_("Change the rule of exports"),
            subtitle=_("It counts for the whole portal, for people and programs."), cancel_url=url_for(".show"),
        )  # fmt: skip


def _said(spec: Any, value: int) -> str:
    return f"{value:,} {spec.unit}" if spec.unit else f"{value:,}"
