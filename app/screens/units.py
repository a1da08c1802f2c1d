"""The tree of units: head counts, moving a unit with what that changes, and taking one out of use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.core import access, clock, pages
from app.core.db import session
from app.core.errors import NotFound
from app.core.fieldspec import FieldSpec
from app.core.kinds import DateKind, RefKind
from app.core.screen import Screen
from app.core.wording import phrases
from app.engines.people import operations as people
from app.engines.people import tree
from app.engines.people.models import OrgUnit
from app.screens import unit_branches
from app.screens.asking import ask

ASKED = {
    "parent_id": FieldSpec(
        RefKind(), _l("Belongs to"), help=_l("Empty: the unit stands at the top."), target="org_unit", name="parent_id"
    )
}


CLOSING = {
    "closes_on": FieldSpec(
        DateKind(), _l("Closed from"), name="closes_on",
        help=_l("From that day the unit is offered no more; what was written under it keeps it. "
                "People, holdings and open cases must be elsewhere first."),
    )
}  # fmt: skip


class UnitsView(Screen):
    """Units below units, with the people of each."""

    route_base = "/units"
    class_permission_name = "org_unit"
    method_permission_name = {"list": "read", "move": "write", "close": "write", "reopen": "write"}
    default_view = "list"
    menu_area, menu_label, menu_icon, menu_order = "organisation", _l("Unit tree"), "sitemap", 9

    @expose("/")
    @has_access
    def list(self) -> str:
        """The tree, or one branch of it; what a page does not hold is folded, each branch with its own address."""
        found = tree.nodes()
        person = access.current()
        may_add = person.can("org_unit", "write")
        adding = {"label": _("New unit"), "url": pages.url(OrgUnit.register, "add"), "icon": "plus"}
        return render_template("people/units.html", page={
            "actions": [adding] if may_add else [], "may_write": may_add, "list_url": url_for(".list"),
            "units": len(found), "people": sum(node.people for node in found), **unit_branches.shown(found),
        })  # fmt: skip

    @expose("/<int:pk>/move", methods=["GET", "POST"])
    @has_access
    def move(self, pk: int) -> Any:
        """Put a unit and all below it under another; whoever reaches it through the units above changes with it."""
        unit = _found(pk)
        node = next(one for one in tree.nodes() if one.unit.id == pk)

        def act(given: Mapping[str, Any]) -> Response:
            parent = _found(given["parent_id"]) if given.get("parent_id") else None
            people.move_unit(unit, parent)
            flash(_("“%(unit)s” is moved, with everything below it.", unit=unit.name), "success")
            return redirect(url_for(".list"))

        told = _(
            "%(people)s people and %(held)s holdings move along. Who reaches them through the units above changes.",
            people=node.people_below, held=node.held_below,
        )  # fmt: skip
        blank = OrgUnit(parent_id=unit.parent_id)
        title = _("Move “%(unit)s”", unit=unit.name)
        return ask(blank, ASKED, (), act, title=title, subtitle=told, cancel_url=url_for(".list"))

    @expose("/<int:pk>/close", methods=["GET", "POST"])
    @has_access
    def close(self, pk: int) -> Any:
        """Take an empty unit out of use from a day on; its records stay, and it is no longer offered."""
        unit = _found(pk)

        def act(given: Mapping[str, Any]) -> Response:
            tree.close(unit, given.get("closes_on"))
            flash(_("“%(unit)s” is out of use from %(day)s on.", unit=unit.name, day=unit.closes_on), "success")
            return redirect(url_for(".list"))

        left = tree.left_in(unit, clock.today())
        told = _("Still in it today: %(what)s.", what=phrases(left)) if left else _("Nothing is left in it.")
        return ask(
            OrgUnit(closes_on=clock.today()), CLOSING, (), act, title=_("Close “%(unit)s”", unit=unit.name),
            subtitle=told, cancel_url=url_for(".list"),
        )  # fmt: skip

    @expose("/<int:pk>/reopen", methods=["POST"])
    @has_access
    def reopen(self, pk: int) -> Response:
        """Take a unit into use again."""
        unit = _found(pk)
        tree.reopen(unit)
        flash(_("“%(unit)s” is in use again.", unit=unit.name), "success")
        return redirect(url_for(".list"))


def _found(key: int) -> OrgUnit:
    unit = session.get(OrgUnit, key)
    if unit is None:
        raise NotFound()
    return unit
