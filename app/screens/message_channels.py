"""The ways out of the portal: the mail server and the robots of groups, switched, changed and tried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response

from app.core import access, masking, values
from app.core.db import session
from app.core.errors import NotFound, Refusal
from app.core.fieldspec import FieldSpec
from app.core.kinds import PersonalKind
from app.core.register import register_of
from app.core.screen import Screen
from app.core.wording import listed
from app.engines.notifications import channels, mail, setting_up
from app.engines.notifications.models import FAILED, MAIL, SENT
from app.engines.notifications.ways import DINGTALK, FEISHU, SORTS, STARTTLS, MessageChannel
from app.screens.asking import ask, fields_of

MAIL_FIELDS = ("name", "host", "port", "guard", "username", "secret", "sender", "sender_name")
ROBOT_FIELDS = ("name", "hook", "secret", "language", "unit_ids", "kinds", "roles")
SMTP_PORT = 587
WRITE = ("add", "edit", "switch", "try_out")


class SecretKind(PersonalKind):
    """What is typed once and never shown again, not even masked."""

    widget = "password"


class MessageChannelsView(Screen):
    """Ways out, each with what it carries and how its last test ended."""

    route_base = "/messages"
    class_permission_name = "message_channel"
    method_permission_name = {"list": "read", **dict.fromkeys(WRITE, "write")}
    menu_area, menu_label, menu_icon, menu_order = "platform", _l("Message channels"), "send", 20

    @expose("/")
    @has_access
    def list(self) -> str:
        """Every way out."""
        found = setting_up.ways()
        names = values.names_of(("org_unit", key) for way in found for key in way.unit_ids or ())
        writes = access.current().can("message_channel", "write")
        page = {
            "title": _("Message channels"), "writes": writes,
            "subtitle": _("Notices also leave the portal by these ways, within a minute or two of being told."),
            "actions": _additions(found) if writes else [], "ways": [_way(way, names) for way in found],
            "waits": any(setting_up.waits(way) for way in found), "to": _own_address(),
        }
        return render_template("messages/channels.html", page=page)

    @expose("/add/<sort>", methods=["GET", "POST"])
    @has_access
    def add(self, sort: str) -> Any:
        """A new way out, not in use yet."""
        if sort not in SORTS:
            raise NotFound()
        blank = MessageChannel(sort=sort, name=str(SORTS[sort]), enabled=False)
        if sort == MAIL:
            blank.port, blank.guard = SMTP_PORT, STARTTLS
        else:
            blank.language = "zh"
        return _ask(blank, _("Add %(sort)s", sort=SORTS[sort]))

    @expose("/<int:way_id>/edit", methods=["GET", "POST"])
    @has_access
    def edit(self, way_id: int) -> Any:
        """Change a way out; what is secret is only replaced."""
        way = setting_up.find(way_id)
        return _ask(way, _("Change “%(name)s”", name=way.name))

    @expose("/<int:way_id>/switch", methods=["POST"])
    @has_access
    def switch(self, way_id: int) -> Response:
        """Use a way out, or stop."""
        way, on = setting_up.find(way_id), request.args.get("on") == "yes"
        return _act(lambda: setting_up.switch(way, on), _("Switched on.") if on else _("Switched off."))

    @expose("/<int:way_id>/try", methods=["POST"])
    @has_access
    def try_out(self, way_id: int) -> Response:
        """Ask for a test message."""
        way, to, language = setting_up.find(way_id), request.form.get("to", ""), str(get_locale() or "zh")[:2]
        done = _("The test message leaves within a minute or two; the answer then stands here.")
        return _act(lambda: setting_up.try_out(way, to, language), done)


def _act(act: Any, done: str) -> Response:
    try:
        act()
    except Refusal as refusal:
        session.rollback()
        flash("; ".join(str(problem.message) for problem in refusal.problems), "danger")
    else:
        flash(done, "success")
    return redirect(url_for(".list"))


def _ask(way: MessageChannel, title: str) -> Any:
    specs = _fields(way)

    def act(given: Mapping[str, Any]) -> Response:
        setting_up.keep(way, given)
        flash(_("The channel is kept. Send a test message before you switch it on."), "success")
        return redirect(url_for(".list"))

    subtitle = str(SORTS[way.sort]) if way.id else _("It is not used before you switch it on.")
    return ask(way, specs, _needed(way), act, title=title, subtitle=subtitle, cancel_url=url_for(".list"),
               submit=_("Save"))


def _needed(way: MessageChannel) -> tuple[str, ...]:
    if way.sort == MAIL:
        return ("name", *setting_up.MAIL_NEEDS)
    return ("name", "hook") if not way.hook else ("name",)


def _fields(way: MessageChannel) -> dict[str, FieldSpec]:
    """The fields of a mail server, or of a robot."""
    names = MAIL_FIELDS if way.sort == MAIL else ROBOT_FIELDS
    known = register_of(MessageChannel).fields
    specs = fields_of(MessageChannel, tuple(name for name in names if name in known))
    specs |= {"secret": _secret(way)} | ({} if way.sort == MAIL else {"hook": _hook(way)})
    if way.sort not in (MAIL, DINGTALK, FEISHU):
        del specs["secret"]
    return {name: replace(specs[name], name=name) for name in names if name in specs}


def _secret(way: MessageChannel) -> FieldSpec:
    label = _l("Password") if way.sort == MAIL else _l("Key that signs")
    kept = _l("One is kept; leave this empty to keep it.") if way.secret else ""
    asked = _l("Only if the group's robot was set up to check signatures.") if way.sort != MAIL else ""
    return FieldSpec(SecretKind(), label, help=kept or asked, size=200, mask="all")


def _hook(way: MessageChannel) -> FieldSpec:
    kept = _l("One is kept; a new one replaces it together with the key that signs.")
    asked = _l("The whole address that the group shows for its robot.")
    return FieldSpec(SecretKind(), _l("Address of the robot"), help=kept if way.hook else asked, size=500, mask="all")


def _additions(found: list[MessageChannel]) -> list[dict[str, Any]]:
    missing = [sort for sort in SORTS if sort != MAIL or all(way.sort != MAIL for way in found)]
    return [{"label": SORTS[sort], "url": url_for(".add", sort=sort), "icon": "plus"} for sort in missing]


def _way(way: MessageChannel, names: values.Names) -> dict[str, Any]:
    kinds, roles = (register_of(MessageChannel).fields[name] for name in ("kinds", "roles"))
    carried = [names.get(("org_unit", key), "") for key in way.unit_ids or ()]
    carried += [str(roles.choices.get(role, role)) for role in way.roles or ()]
    return {
        "name": way.name, "sort": SORTS[way.sort], "mail": way.sort == MAIL, "enabled": way.enabled,
        "state": {"tone": "ok", "label": _("In use")} if way.enabled else {"tone": "mute", "label": _("Off")},
        "carries": _("What each person wishes") if way.sort == MAIL else listed(carried) or _("Nothing yet"),
        "kinds": listed(kinds.choices[kind] for kind in way.kinds or () if kind in kinds.choices),
        "where": f"{way.host}:{way.port} · {way.sender}" if way.sort == MAIL else "",
        "test": _test(way), "switch_url": url_for(".switch", way_id=way.id, on="no" if way.enabled else "yes"),
        "edit_url": url_for(".edit", way_id=way.id), "try_url": url_for(".try_out", way_id=way.id),
    }


def _test(way: MessageChannel) -> dict[str, Any] | None:
    """How the last test message ended."""
    if way.tried_at is None:
        return None
    to = masking.mask("email", way.tried_to) if way.tried_to else ""
    told = {"when": values.short(way.tried_at), "to": to, "why": ""}
    if way.tried_state == SENT:
        taken = _("The server took it.") if way.sort == MAIL else _("The robot took it.")
        return told | {"state": {"tone": "ok", "label": _("Arrived")}, "why": taken}
    if way.tried_state == FAILED:
        return told | {"state": {"tone": "late", "label": _("Refused")}, "why": channels.sentence(way.answer or "")}
    if setting_up.waits(way):
        return told | {"state": {"tone": "info", "label": _("On its way")}}
    late = _("It was not sent: does the sweep “%(sweep)s” run?", sweep=_("Messages: e-mail and group robots"))
    return told | {"state": {"tone": "warn", "label": _("No answer")}, "why": late}


def _own_address() -> str:
    """Where a test mail goes unless something else is typed."""
    return str(current_user.email) if mail.reaches(current_user.email) else ""


