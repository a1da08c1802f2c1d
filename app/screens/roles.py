"""Roles: who they are, and what they may do beside what was shipped."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.core import access, menu, words
from app.core.errors import NotFound
from app.core.lifecycle import Words
from app.core.register import ACTIONS, registers
from app.core.screen import Screen
from app.engines.people import catalogue, roster, shipped

LEVELS = {
    "staff": _l("Staff"), "supervisor": _l("Supervisor"), "manager": _l("Manager"), "executive": _l("Executive"),
    "auditor": _l("Auditor"), "admin": _l("Administration"), "external": _l("Outside"),
}
ACTION_HEADS = {
    "read": _l("Read"), "write": _l("Write"), "move": _l("Move"), "approve": _l("Approve"), "reveal": _l("Reveal"),
    "export": _l("Export"), "import": _l("Import"),
}


class RolesView(Screen):
    """The roles and their permissions; only administrators change them."""

    route_base = "/roles"
    class_permission_name = "holding"
    method_permission_name = {"list": "read", "show": "read", "save": "write"}
    menu_area, menu_label, menu_icon, menu_order = "organisation", _l("Roles"), "shield-lock", 11

    @expose("/")
    @has_access
    def list(self) -> str:
        """All roles, with how many people hold them and what differs from the shipped default."""
        counts = roster.role_counts()
        rows = [
            {"url": url_for(".show", slug=role.slug), "name": str(Words(role.zh, role.en)), "level": LEVELS[role.level],
             "duties": str(Words(role.duties.zh, role.duties.en)), "counts": counts[role.slug]}
            for role in catalogue.roles().values()
        ]
        return render_template("people/roles.html", page={"rows": rows})

    @expose("/<slug>")
    @has_access
    def show(self, slug: str) -> str:
        """One role as a matrix of registers and actions, the shipped default marked."""
        role = catalogue.roles().get(slug)
        if role is None:
            raise NotFound()
        held, default = _pairs(shipped.granted(slug)), _pairs(shipped.defaults(slug))
        return render_template("people/role.html", page={
            "title": str(Words(role.zh, role.en)), "subtitle": str(Words(role.duties.zh, role.duties.en)),
            "posts": "、".join(words.post_label(post) for post in role.maps if post != words.post_label(post)),
            "heads": [(action, ACTION_HEADS[action]) for action in ACTIONS], "groups": _matrix(held, default),
            "editable": access.current().everything, "action": url_for(".save", slug=slug),
            "differs": len(held ^ default),
        })

    @expose("/<slug>", methods=["POST"])
    @has_access
    def save(self, slug: str) -> Response:
        """Give the role exactly what is ticked, or what it was shipped with."""
        if request.form.get("default"):
            wanted = _pairs(shipped.defaults(slug))
        else:
            parts = (ticked.partition(":") for ticked in request.form.getlist("grant"))
            wanted = {(register, action) for register, _colon, action in parts}
        added, removed = shipped.set_granted(slug, wanted)
        flash(_("Saved: %(added)s added, %(removed)s removed.", added=added, removed=removed), "success")
        return redirect(url_for(".show", slug=slug))


def _pairs(grants: set[shipped.Grant]) -> set[shipped.Pair]:
    return {(register, action) for _role, register, action in grants}


def _matrix(held: set[shipped.Pair], default: set[shipped.Pair]) -> list[dict[str, Any]]:
    groups: dict[str, list[dict[str, Any]]] = {area: [] for area in menu.AREAS}
    for slug, register in registers().items():
        if offered := catalogue.offered(slug, registers()):
            cells = [
                {"value": f"{slug}:{action}", "on": (slug, action) in held, "shipped": (slug, action) in default}
                if action in offered else None for action in ACTIONS
            ]
            groups.setdefault(register.area, []).append({"label": register.label, "cells": cells})
    return [{"label": menu.AREAS.get(area, area), "rows": rows} for area, rows in groups.items() if rows]
