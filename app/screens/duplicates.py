"""Customers that are likely there twice, within one's reach, and the way to have them merged."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import render_template
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from app.areas.customers import operations as customers
from app.areas.customers.operations import Customer, Group
from app.core import access, pages
from app.core.access import Access
from app.core.db import session
from app.core.register import registers
from app.core.screen import Screen

SHOWN = 50


class DuplicatesView(Screen):
    """Groups of customers that share a code, an identity number, a telephone or the name of a company."""

    route_base = "/duplicates"
    default_view = "groups"
    class_permission_name = "customer_merge"
    method_permission_name = {"groups": "read"}
    menu_area, menu_label, menu_icon, menu_order = "customers", _l("Likely duplicates"), "copy", 900

    @classmethod
    def meant_for(cls, person: Access) -> bool:
        """For those who keep customers."""
        return person.can("customer_merge", "write")

    @expose("/")
    @has_access
    def groups(self) -> str:
        """The first groups, the surest kind first."""
        access.require("customer", "read")
        found = customers.duplicate_groups(SHOWN)
        known = _named({key for group in found for key in group.ids})
        rows = [{"cells": _cells(group, known)} for group in found]
        columns = [{"label": label} for label in (_("Alike by"), _("Customers"), "")]
        hint = _("Within what you may see; the first %(count)s groups. Merged customers are left out.", count=SHOWN)
        return render_template("customers/duplicates.html", page={"columns": columns, "rows": rows, "hint": hint})


def _named(keys: set[int]) -> dict[int, Any]:
    table = Customer.__table__
    chosen = sa.select(table.c.id, table.c.name, table.c.customer_no).where(table.c.id.in_(sorted(keys)))
    return {row.id: row for row in session.execute(chosen)} if keys else {}


def _cells(group: Group, known: dict[int, Any]) -> list[Any]:
    one = Markup('<div>{} <span class="kz-sub">{}</span></div>')
    named = [one.format(pages.link("customer", key, known[key].name), known[key].customer_no) for key in group.ids]
    first, second = group.ids[:2]
    address = pages.url(registers()["customer_merge"], "add", keep_id=first, gone_id=second)
    propose = Markup('<a class="btn btn-sm" href="{}">{}</a>').format(address, _("Propose to merge them"))
    return [customers.WAYS[group.way], Markup("").join(named), propose]
