"""Announcements: writing one, seeing who has read it and when, reminding who has not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.core import access, attachments, clock, query, reading, values
from app.core.db import session
from app.core.errors import BadRequest, Problem, Refusal
from app.core.register import register_of
from app.core.screen import Screen
from app.core.wording import listed
from app.engines.notifications import announcement
from app.engines.notifications.announcement import Announcement
from app.engines.people.models import Employee
from app.screens.asking import ask, fields_of

SIZE = 50
ASKED, NEEDED = ("title", "text", "files", "unit_ids", "roles"), ("title", "text", "unit_ids")
SLUG = "announcement"


class AnnouncementsView(Screen):
    """Announcements in reach."""

    route_base = "/announcements"
    class_permission_name = SLUG
    method_permission_name = {"list": "read", "show": "read", "add": "write", "remind": "write"}
    menu_area, menu_label, menu_icon, menu_order = "organisation", _l("Announcements"), "speakerphone", 20

    @expose("/")
    @has_access
    def list(self) -> str:
        """What was announced, newest first, with how many have read it."""
        found = _found()
        counts = announcement.read_counts([one.id for one in found])
        names = values.names_of(
            pair for one in found for pair in (("employee", one.owner_id), ("org_unit", one.unit_id))
        )
        writes = access.current().can(SLUG, "write")
        adding = {"label": _("Announce something"), "url": url_for(".add"), "icon": "plus", "primary": True}
        page = {
            "rows": [_line(one, counts.get(one.id, 0), names) for one in found[:SIZE]],
            "actions": [adding] if writes else [],
            "older": url_for(".list", before=found[SIZE - 1].id) if len(found) > SIZE else "",
        }
        return render_template("messages/announcements.html", page=page)

    @expose("/add", methods=["GET", "POST"])
    @has_access
    def add(self) -> Any:
        """Tell the people of some units something; it reaches them at once and is not changed any more."""

        def act(given: Mapping[str, Any]) -> Response:
            made = announcement.announce(given, request.files.getlist(announcement.FILES))
            flash(_("Announced; people told: %(number)s.", number=made.told), "success")
            return redirect(url_for(".show", pk=made.id))

        subtitle = _("Everybody named here finds it among the notices; you see who has read it.")
        return ask(
            Announcement(unit_ids=_own_unit()), fields_of(Announcement, ASKED), NEEDED, act,
            title=_("Announce something"), subtitle=subtitle, cancel_url=url_for(".list"),
        )  # fmt: skip

    @expose("/<int:pk>")
    @has_access
    def show(self, pk: int) -> str:
        """One announcement with its receipts."""
        found = query.find(register_of(Announcement), pk)
        return render_template("messages/announcement.html", page=_page(found))

    @expose("/<int:pk>/remind", methods=["POST"])
    @has_access
    def remind(self, pk: int) -> Response:
        """Remind everybody who has not read it."""
        query.find(register_of(Announcement), pk, "write")
        try:
            number = announcement.remind(pk)
        except Refusal as refusal:
            session.rollback()
            flash("; ".join(str(problem.message) for problem in refusal.problems), "danger")
        else:
            flash(_("People reminded: %(number)s.", number=number), "success")
        return redirect(url_for(".show", pk=pk))


def _own_unit() -> list[int]:
    """Where the writer works: whom he most likely means."""
    person = session.get(Employee, access.current().employee_id or 0)
    return [person.unit_id] if person else []


def _found() -> list[Announcement]:
    asked = sa.select(Announcement).where(access.rows(register_of(Announcement)))
    if raw := request.args.get("before"):
        if (before := reading.number(raw)) is None:
            raise BadRequest(Problem(_("“%(key)s” must be a whole number.", key="before"), "before", "range"))
        asked = asked.where(Announcement.id < before)
    return list(session.scalars(asked.order_by(Announcement.id.desc()).limit(SIZE + 1)))


def _line(one: Announcement, read: int, names: values.Names) -> dict[str, Any]:
    return {
        "url": url_for(".show", pk=one.id), "title": one.title, "when": values.short(one.created_at),
        "by": names.get(("employee", one.owner_id or 0), ""), "unit": names.get(("org_unit", one.unit_id), ""),
        "read": read, "told": one.told, "share": _share(read, one.told),
    }


def _share(part: int, whole: int) -> int:
    return 100 * part // whole if whole else 0


def _page(one: Announcement) -> dict[str, Any]:
    rows, roles = announcement.receipts(one), register_of(Announcement).fields["roles"].choices
    names = values.names_of([("employee", one.owner_id), *(("org_unit", key) for key in one.unit_ids)])
    read = sum(row.read_at is not None for row in rows)
    facts = [
        {"label": _("For the people of"), "value": listed(names.get(("org_unit", key), "") for key in one.unit_ids)},
        {"label": _("Only who holds"), "value": listed(roles.get(role, role) for role in one.roles or ())},
        {"label": _("Last reminded"), "value": values.short(one.reminded_at) if one.reminded_at else ""},
    ]
    reminds = read < len(rows) and access.may(one, "write")
    button = {
        "label": _("Remind who has not read it"), "url": url_for(".remind", pk=one.id), "icon": "bell-ringing",
        "method": "post", "confirm": _("Send a reminder to %(number)s people?", number=len(rows) - read),
    }
    made = (names.get(("employee", one.owner_id or 0), ""), f"{clock.to_local(one.created_at):%Y-%m-%d %H:%M}")
    return {
        "title": one.title, "subtitle": " · ".join(filter(None, made)), "text": one.text,
        "breadcrumbs": [{"label": _("Announcements"), "url": url_for(".list")}], "facts": facts,
        "files": attachments.listed(SLUG, one.id, announcement.FILES),
        "actions": [button] if reminds else [], "rows": [_receipt(row) for row in rows],
        "share": _share(read, len(rows)),
        "share_text": _("%(read)s of %(told)s have read it", read=read, told=len(rows)),
    }


def _receipt(row: Any) -> dict[str, Any]:
    read = row.read_at is not None
    state = {"tone": "ok", "label": _("Read")} if read else {"tone": "warn", "label": _("Not read")}
    when = clock.to_local(row.read_at).strftime("%Y-%m-%d %H:%M") if read else ""
    return {"number": row.number, "name": row.name, "unit": row.unit, "state": state, "when": when}
