"""One's own holdings and deputies, and the name shown in the frame."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import render_template, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from app.core import clock, shell, values, words
from app.core.access import Access
from app.core.db import session
from app.core.errors import NotFound
from app.core.screen import Screen
from app.engines.calendar import operations as calendars
from app.engines.people import operations as people
from app.engines.people import roster
from app.engines.people.catalogue import role_labels
from app.engines.people.models import Deputy, Employee, Holding, OrgUnit
from app.screens import role_words


class ProfileView(Screen):
    """What I hold, where and until when."""

    route_base = "/profile"
    default_view = "show"
    everyone = True

    @expose("/")
    @has_access
    def show(self) -> str:
        """The person's roles and posts."""
        person = people.person_of(current_user.id)
        rows = session.scalars(sa.select(Holding).where(Holding.owner_id == person.id)).all() if person else []
        names = values.names_of(("org_unit", row.unit_id) for row in rows)
        labels = role_labels()
        table = {
            "columns": [{"label": head} for head in (_("Role"), _("Post"), _("Unit"), _("From"), _("To"))],
            "rows": [
                {
                    "cells": [
                        str(labels.get(row.role, row.role)),
                        words.post_label(row.post) if row.post else values.DASH,
                        names.get(("org_unit", row.unit_id), ""),
                        row.valid_from.isoformat(),
                        row.valid_to.isoformat() if row.valid_to else values.DASH,
                    ]
                }
                for row in rows
            ],
        }
        header: dict[str, Any] = {
            "id": person.name if person else current_user.username, "title": "", "breadcrumbs": [],
            "actions": _ways_on(person) if person else [],
        }
        tabs = [{"key": "held", "label": _("Holdings"), "table": table}]
        if person:
            tabs.append({"key": "deputies", "label": _("Deputies"), "table": _deputies(person)})
        page = {"header": header, "sections": [{"title": "", "fields": _facts(person)}], "tabs": tabs}
        return render_template("register/show.html", page=page)


def _facts(person: Employee | None) -> list[dict[str, Any]]:
    unit = values.names_of([("org_unit", person.unit_id)])[("org_unit", person.unit_id)] if person else ""
    number = person.number if person else ""
    told = ((_("User name"), current_user.username), (_("Staff number"), number), (_("Unit"), unit))
    return [{"label": label, "value": value} for label, value in told]


def _ways_on(person: Employee) -> list[dict[str, Any]]:
    return [
        {"label": _("Name a deputy"), "url": url_for("DeputiesView.add", pk=person.id), "icon": "user-share"},
        {"label": _("Messages to me"), "url": url_for("NoticesView.wishes"), "icon": "bell"},
        {"label": _("Change password"), "url": url_for("PasswordView.password"), "icon": "key"},
        {"label": _("API keys"), "url": url_for("KeysView.list"), "icon": "lock-access"},
        {"label": _("Where I am signed in"), "url": url_for("MySessionsView.list"), "icon": "history"},
    ]


def _deputies(person: Employee) -> dict[str, Any]:
    rows = roster.deputies(person)
    names = values.names_of(("employee", row.deputy_id) for row in rows)
    heads = (_("Deputy"), _("For which posts"), _("Reason"), _("From"), _("To"), "")
    return {
        "columns": [{"label": head} for head in heads],
        "rows": [
            {"cells": [names.get(("employee", r.deputy_id), ""), role_words.posts(r.only) or _("Everything"), r.reason,
                       r.valid_from, r.valid_to or "", _end(r)]}
            for r in rows
        ],
    }


def _end(row: Deputy) -> Markup:
    """A button that lets a deputy stop, while there is something to stop."""
    if row.valid_to is not None and row.valid_to < clock.today():
        return Markup("")
    href = url_for("DeputiesView.end", pk=row.owner_id, deputy_id=row.id)
    return Markup('<button form="kz-post" formaction="{}" class="btn btn-sm">{}</button>').format(href, _("End"))


@shell.fact("person")
def person_shown(person: Access) -> dict[str, str] | None:
    """The name in the frame, with the first post."""
    if person.employee_id is None:
        name = people.names_of_accounts([person.user_id]).get(person.user_id or 0)
        return {"name": name, "initials": name[:1].upper(), "post": ""} if name else None
    post = words.post_label(person.posts[0].code) if person.posts else ""
    return {"name": person.name, "initials": person.name[:1], "post": post}


@shell.fact("day_text")
def day_text(_person: Access) -> str:
    """Whether today is a working day."""
    try:
        day = calendars.calendar_for().day(clock.today())
    except NotFound:
        return ""
    return _("working day") if day.working else _("rest day")


@shell.fact("company")
def company(_person: Access) -> str:
    """The name at the top of the units, for the sign-in page."""
    return session.scalar(sa.select(OrgUnit.name).where(OrgUnit.parent_id.is_(None)).order_by(OrgUnit.id)) or ""
