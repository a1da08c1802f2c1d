"""The company's own Word and Excel forms: taken in by an administrator, filled from the page of a row."""

from __future__ import annotations

import io
from itertools import groupby
from typing import Any

from flask import flash, redirect, render_template, request, send_file, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.core import access, menu, pages, query, reading
from app.core.db import session, writes
from app.core.errors import Refusal
from app.core.register import Register, registers
from app.core.screen import Screen
from app.engines.documents import annexes, filling
from app.engines.documents.annexes import Filled
from app.engines.documents.models import PrintTemplate


class AnnexesView(Screen):
    """Templates by register: which there are, which placeholders there may be, and a new version."""

    route_base = "/annexes"
    default_view = "list"
    class_permission_name = "print_template"
    method_permission_name = {"list": "read", "show": "read", "sample": "read", "take_in": "write"}
    menu_area, menu_label, menu_icon, menu_order = "platform", _l("Form templates"), "file-text", 60

    @expose("/")
    @has_access
    def list(self) -> str:
        """Every register with the number of its templates."""
        counts = annexes.counted()
        shown = [register for register in registers().values() if not (register.detail_of or register.sealed)]
        shown.sort(key=lambda one: (-counts.get(one.slug, 0), _area(one), str(one.label)))
        rows = [{"url": url_for(".show", slug=one.slug), "label": one.label, "area": _area(one),
                 "count": counts.get(one.slug, 0)} for one in shown]
        return render_template("documents/annexes.html", page={"rows": rows})

    @expose("/<slug>")
    @has_access
    def show(self, slug: str) -> str:
        """The templates of a register, the form for another one, and every placeholder."""
        return _page(annexes.printable(slug))

    @expose("/<slug>", methods=["POST"])
    @has_access
    def take_in(self, slug: str) -> Response:
        """A new template, or a new version of one."""
        register, upload = annexes.printable(slug), request.files.get("file")
        key = reading.number(request.form.get("previous", ""))
        try:
            previous = annexes.find(slug, key) if key else None
            annexes.take_in(slug, request.form.get("name", ""), upload, previous)
        except Refusal as error:
            session.rollback()
            return Response(_page(register, error), error.status, mimetype="text/html")
        flash(_("Saved."), "success")
        return redirect(url_for(".show", slug=slug))

    @expose("/<slug>/sample/<int:template_id>")
    @writes
    @has_access
    def sample(self, slug: str, template_id: int) -> Response:
        """The template filled from the newest row that the person may read, else with the names of its placeholders."""
        register = annexes.printable(slug)
        template, row = annexes.find(slug, template_id), annexes.newest(register)
        return _file(annexes.fill(template, row) if row is not None else annexes.sample(template))


class FillView(Screen):
    """A row in one of the templates of its register; whoever may read and print the row may fill it."""

    route_base = "/fill"
    everyone = True

    @expose("/<slug>/<int:pk>/<int:template_id>")
    @writes
    @has_access
    def fill(self, slug: str, pk: int, template_id: int) -> Response:
        """The filled file; the history of the row keeps who took it."""
        register = annexes.printable(slug)
        return _file(annexes.fill(annexes.find(slug, template_id), query.find(register, pk)))


def _area(register: Register) -> str:
    return str(menu.AREAS.get(register.area, ""))


def _file(filled: Filled) -> Response:
    return send_file(
        io.BytesIO(filled.content), mimetype=filled.media_type, as_attachment=True, download_name=filled.name, max_age=0
    )


def _page(register: Register, error: Refusal | None = None) -> str:
    found = annexes.of_register(register.slug)
    chosen = request.form.get("previous", "") if error else ""
    return render_template("documents/annex.html", page={
        "title": _("Templates: %(register)s", register=register.label), "problems": error.problems if error else [],
        "breadcrumbs": [{"label": _("Form templates"), "url": url_for("AnnexesView.list")}],
        "action": url_for("AnnexesView.take_in", slug=register.slug), "name": request.form.get("name", ""),
        "may": access.current().can("print_template", "write"),
        "rows": [{"cells": _cells(one)} for one in found],
        "versions": [(str(one.id), f"{one.name} v{one.version_no}", str(one.id) == chosen)
                     for one in found if one.in_use],
        "groups": [(group, [(place.key, place.label) for place in places])
                   for group, places in groupby(filling.known(register), key=lambda place: place.group)],
    })  # fmt: skip


def _cells(one: PrintTemplate) -> list[Any]:
    sample = url_for("AnnexesView.sample", slug=one.of_register, template_id=one.id)
    words = ("ok", _("In use")) if one.in_use else ("mute", _("Replaced or out of use"))
    state = dict(zip(("tone", "label"), words, strict=True))
    return [pages.link("print_template", one.id, one.name), one.kind.upper(), f"v{one.version_no}", state, sample]
