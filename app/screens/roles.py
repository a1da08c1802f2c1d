"""Roles: one matrix of all, each with what differs from the shipped default, changes with a look ahead, copies."""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.core import access, menu, reading, words
from app.core.db import session, writes
from app.core.errors import NotFound, Problem, Refusal
from app.core.lifecycle import Words
from app.core.register import ACTIONS
from app.core.screen import Screen
from app.core.wording import listed
from app.engines.people import catalogue, own_roles, roster, shipped
from app.engines.people.models import SCOPES
from app.engines.people.shipped import Pair
from app.engines.privacy import operations as privacy
from app.screens import log_pages, role_matrix, role_words
from app.screens.role_words import ACTION_HEADS

LEVELS = {
    "staff": _l("Member of staff"), "supervisor": _l("Supervisor"), "manager": _l("Manager"),
    "executive": _l("Executive"), "auditor": _l("Auditor"), "admin": _l("Administration"), "external": _l("Outside"),
}  # fmt: skip
LETTERS = {
    "read": _l("R"), "write": _l("W"), "move": _l("M"), "approve": _l("A"), "reveal": _l("U"), "export": _l("E"),
    "import": _l("I"), "print": _l("P"),
}  # fmt: skip
READ, WRITE = ("list", "show", "matrix"), ("preview", "save", "new", "make", "delete")
SHOWN = 50


class RolesView(Screen):
    """The roles and their permissions; only administrators change them."""

    route_base = "/roles"
    class_permission_name = "holding"
    method_permission_name = {**dict.fromkeys(READ, "read"), **dict.fromkeys(WRITE, "write"), "export": "export"}
    menu_area, menu_label, menu_icon, menu_order = "organisation", _l("Roles"), "shield-lock", 11

    @expose("/")
    @has_access
    def list(self) -> str:
        """All roles, with how many people hold them and what differs from the shipped default."""
        counts = roster.role_counts()
        rows = [
            {"url": url_for(".show", slug=role.slug), "name": str(Words(role.zh, role.en)), "level": LEVELS[role.level],
             "duties": str(Words(role.duties.zh, role.duties.en)), "counts": counts[role.slug],
             "own": _name(role.based_on) if role.based_on else ""}
            for role in catalogue.all_roles().values()
        ]  # fmt: skip
        actions = [{"label": _("Permission matrix"), "url": url_for(".matrix"), "icon": "list-check"}]
        if access.current().can("holding", "export"):
            actions.append({"label": _("Excel"), "url": url_for(".export"), "icon": "download"})
        if access.current().everything:
            actions.append({"label": _("New role"), "url": url_for(".new"), "icon": "plus", "primary": True})
        return render_template("people/roles.html", page={"rows": rows, "actions": actions})

    @expose("/matrix")
    @has_access
    def matrix(self) -> str:
        """Every role against every register of an area, with what differs from the shipped default."""
        places = {register.area for _slug, register, _acts in role_words.offering()}
        areas = [area for area in menu.AREAS if area in places]
        area = log_pages.choice("area", areas) or areas[0]
        shown = [(slug, register.label) for slug, register, _acts in role_words.offering() if register.area == area]
        now, then = role_words.by_role()
        rows = [
            {"name": _name(role), "url": url_for(".show", slug=role), "cells": [_cell(now[role], then[role], slug)
                                                                             for slug, _label in shown]}
            for role in catalogue.all_roles()
        ]  # fmt: skip
        return render_template("people/matrix.html", page={
            "heads": [label for _slug, label in shown], "rows": rows,
            "views": [{"label": menu.AREAS[key], "url": url_for(".matrix", area=key), "active": key == area}
                      for key in areas],
            "legend": [(LETTERS[act], ACTION_HEADS[act]) for act in ACTIONS],
            "export_url": url_for(".export") if access.current().can("holding", "export") else "",
        })  # fmt: skip

    @expose("/export")
    @has_access
    @writes
    def export(self) -> Response:
        """Matrix, differences and holdings as a workbook."""
        privacy.log_export("holding", 0, reason="", facts={"columns": ["permission matrix"]})
        session.commit()
        return log_pages.sheets(_("Roles and permissions"), role_words.book())

    @expose("/<slug>")
    @has_access
    def show(self, slug: str) -> str:
        """One role as a matrix of registers and actions, the shipped default marked, and who holds it."""
        role = _role(slug)
        return render_template("people/role.html", page={
            "title": str(Words(role.zh, role.en)), "subtitle": str(Words(role.duties.zh, role.duties.en)),
            "posts": listed(words.post_label(post) for post in role.maps if post != words.post_label(post)),
            "editable": access.current().everything, "action": url_for(".preview", slug=slug),
            "based_on": _name(role.based_on) if role.based_on else "",
            "apart": role_words.kept_apart(slug), "delete_url": url_for(".delete", slug=slug) if role.based_on else "",
            **role_matrix.shown(slug), **_holders(slug),
        })  # fmt: skip

    @expose("/<slug>/preview", methods=["POST"])
    @has_access
    def preview(self, slug: str) -> str:
        """What a change would add and take away, and from whom; nothing is saved yet."""
        role, wanted = _role(slug), role_matrix.wanted(slug, request.form)
        shipped.check_granted(slug, wanted)
        now = shipped.pairs_of(slug)
        return render_template("people/role_preview.html", page={
            "title": str(Words(role.zh, role.en)), "added": role_words.told(wanted - now),
            "removed": role_words.told(now - wanted), "action": url_for(".save", slug=slug),
            "cancel_url": url_for(".show", slug=slug, **role_matrix.back(request.form)),
            **role_matrix.sent_on(request.form, wanted), **_holders(slug),
        })  # fmt: skip

    @expose("/<slug>", methods=["POST"])
    @has_access
    def save(self, slug: str) -> Response:
        """Give the role exactly what is ticked in the registers that were shown, or what it was shipped with."""
        added, removed = shipped.set_granted(slug, role_matrix.wanted(slug, request.form))
        flash(_("Saved: %(added)s added, %(removed)s removed.", added=added, removed=removed), "success")
        return redirect(url_for(".show", slug=slug, **role_matrix.back(request.form)))

    @expose("/new")
    @has_access
    def new(self) -> str:
        """The form for a role that is a copy of another."""
        return _new_page([])

    @expose("/new", methods=["POST"])
    @has_access
    def make(self) -> Response:
        """The copy, to be edited on."""
        form = request.form
        try:
            slug = own_roles.copy(form.get("zh", ""), form.get("en", ""), form.get("of", ""), form.get("scope", ""))
        except Refusal as refusal:
            if refusal.status in (403, 404):
                raise
            session.rollback()
            return make_response(_new_page(refusal.problems), refusal.status)
        flash(_("The role is made. Now set what it may do."), "success")
        return redirect(url_for(".show", slug=slug))

    @expose("/<slug>/delete", methods=["POST"])
    @has_access
    def delete(self, slug: str) -> Response:
        """Remove a role made here that nobody holds or held."""
        _role(slug)
        own_roles.delete(slug)
        flash(_("The role is deleted."), "success")
        return redirect(url_for(".list"))


def _role(slug: str) -> catalogue.Role:
    role = catalogue.all_roles().get(slug)
    if role is None:
        raise NotFound()
    return role


def _name(slug: str) -> str:
    return str(catalogue.role_labels().get(slug, slug))


def _cell(now: set[Pair], then: set[Pair], slug: str) -> list[tuple[str, str]]:
    """The letters of what a role may do, each with its mark: kept, added or taken away."""
    found = []
    for act in ACTIONS:
        has, had = (slug, act) in now, (slug, act) in then
        if has or had:
            found.append((str(LETTERS[act]), "" if has and had else "+" if has else "−"))
    return found


def _holders(slug: str) -> dict[str, Any]:
    found, count = own_roles.holders(slug, SHOWN)
    names = role_words.unit_names(one.holding for one in found)
    people = [
        {"url": url_for("PeopleView.show", pk=one.person.id), "number": one.person.number, "name": one.person.name,
         "unit": one.unit, "post": words.post_label(one.holding.post) if one.holding.post else "",
         "reach": role_words.reach(one.holding, names)}
        for one in found
    ]  # fmt: skip
    return {"people": people, "count": count, "more": count - len(people)}


def _new_page(problems: list[Problem]) -> str:
    typed = {name: reading.plain(request.values.get(name, ""), 64) for name in ("zh", "en", "of", "scope")}
    return render_template("people/new_role.html", page={
        "typed": typed, "problems": problems, "said": {p.field: p.message for p in problems},
        "roles": [(slug, _name(slug)) for slug in catalogue.all_roles()],
        "scopes": [(key, label) for key, label in SCOPES.items() if key != access.UNITS],
        "cancel_url": url_for(".list"),
    })  # fmt: skip
