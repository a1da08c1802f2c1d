"""People out of a table: employees with accounts, roles and posts, looked at first, then saved."""

from __future__ import annotations

import base64
import json
from typing import Any

from flask import make_response, render_template, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.core import access, filetypes
from app.core.access import Access
from app.core.db import session
from app.core.errors import BadRequest, Problem, Refusal
from app.core.screen import Screen
from app.engines.exchange import files, xlsx
from app.engines.exchange.xlsx import Layout, Rule, Sheet
from app.engines.people import catalogue, newcomers, tree
from app.engines.people.models import SCOPES
from app.engines.people.newcomers import COLUMNS, MOST, NEEDED, Outcome, Row
from app.screens import log_pages

LISTS = "lists"
CHOICES = {"unit": 0, "role": 1, "role_unit": 0, "scope": 2}
LARGEST = 20 << 20


class PeopleImportView(Screen):
    """Upload, look, save."""

    route_base = "/people_import"
    class_permission_name = "holding"
    method_permission_name = dict.fromkeys(("begin", "look", "save", "template"), "write")
    default_view = "begin"
    menu_area, menu_label, menu_icon, menu_order = "organisation", _l("Import people"), "user-plus", 10

    @classmethod
    def meant_for(cls, person: Access) -> bool:
        """Whoever gives roles and may enter employees."""
        return person.can("holding", "write") and person.can("employee", "write")

    @expose("/")
    @has_access
    def begin(self) -> str:
        """Which file."""
        return _page()

    @expose("/", methods=["POST"])
    @has_access
    def look(self) -> Response:
        """What would become of each row; nothing is saved."""
        try:
            rows = _uploaded()
        except Refusal as refusal:
            session.rollback()
            return make_response(_page(problems=refusal.problems), refusal.status)
        return make_response(_looked(rows))

    @expose("/save", methods=["POST"])
    @has_access
    def save(self) -> Response:
        """Save what was looked at; the one-time passwords are on this answer and nowhere else."""
        rows = _sent()
        try:
            found = newcomers.bring(rows)
        except Refusal as refusal:
            if refusal.status == 403:
                raise
            session.rollback()
            return make_response(_looked(rows), refusal.status)
        opened = [one for one in found if one.password]
        return make_response(render_template("people/imported.html", page={
            "rows": [_row(one) for one in found], "opened": len(opened), "sheet": _sheet(opened) if opened else "",
            "file": f"{_('One-time passwords')}.xlsx",
        }))  # fmt: skip

    @expose("/template")
    @has_access
    def template(self) -> Response:
        """The workbook to fill in, with lists of units, roles and reaches."""
        return log_pages.sheets(_("People"), _template())


def _uploaded() -> list[tuple[int, Row]]:
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise Refusal(Problem(_("Choose a file."), "file", "required"))
    files.check_name(filetypes.clean_name(upload.filename), upload.stream.read(8))
    upload.stream.seek(0)
    rows = newcomers.read(files.rows(upload.stream))
    if not rows:
        raise Refusal(Problem(_("The file has no rows."), "file", "required"))
    if len(rows) > MOST:
        raise Refusal(Problem(_("At most %(most)s people at once; split the file.", most=MOST), "file", "size"))
    return rows


def _sent() -> list[tuple[int, Row]]:
    """The rows that the page carried along; they are judged anew, so it does not matter who wrote them."""
    try:
        found = json.loads(request.form.get("rows", ""))
        rows: list[tuple[int, Row]] = [
            (int(number), {name: str(row.get(name, ""))[:200] for name in COLUMNS}) for number, row in found
        ]
    except (ValueError, TypeError, AttributeError):
        raise BadRequest(_("The rows cannot be read; please upload the file again.")) from None
    return rows[: MOST + 1]


def _page(problems: Any = ()) -> str:
    return render_template("people/import.html", page={"problems": problems, "rows": [], "most": MOST})


def _looked(rows: list[tuple[int, Row]]) -> str:
    found = newcomers.rehearse(rows)
    wrong = sum(bool(one.problems) for one in found)
    return render_template("people/import.html", page={
        "problems": [], "rows": [_row(one) for one in found], "wrong": wrong, "most": MOST,
        "carried": json.dumps(rows, ensure_ascii=False), "action": url_for(".save"),
    })  # fmt: skip


def _row(one: Outcome) -> dict[str, Any]:
    tone, label = ("late", _("Wrong")) if one.problems else ("ok", _("Good")) if one.done else ("mute", _("As it is"))
    return {
        "no": one.number, "number": one.row["number"], "name": one.row["name"], "unit": one.row["unit"],
        "done": one.done, "problems": [str(problem.message) for problem in one.problems],
        "state": {"tone": tone, "label": label}, "username": one.username, "password": one.password,
    }


def _sheet(opened: list[Outcome]) -> str:
    """The one-time passwords as a workbook inside the page: it is kept nowhere, so it cannot be asked for again."""
    heads = [_("Staff number"), _("Name"), _("Unit"), _("User name"), _("One-time password")]
    rows = [[one.row["number"], one.row["name"], one.row["unit"], one.username, one.password] for one in opened]
    layout = Layout(heads=[xlsx.HEAD] * len(heads), widths=[18] * len(heads), columns=[xlsx.TEXT] * len(heads))
    content = b"".join(xlsx.stream([Sheet(_("One-time passwords"), heads, rows, layout)]))
    return f"data:{xlsx.MIME};base64,{base64.b64encode(content).decode()}"


def _template() -> list[Sheet]:
    heads, person = newcomers.heads(), access.current()
    units = [node.unit.name for node in tree.nodes() if node.unit.active]
    roles = [str(label) for slug, label in catalogue.role_labels().items()
             if slug != catalogue.ADMIN or person.everything]  # fmt: skip
    reaches = [str(label) for key, label in SCOPES.items() if key != access.UNITS]
    kept = (units, roles, reaches)
    notes = {
        "number": _("One row for each role; the same number may stand in several rows."),
        "username": _("Opens an account with a one-time password; empty: no account."),
        "role": _("A role, or a post by its code such as B02.qc."),
        "since": _("A day such as 2026-01-31; empty: today."),
    }  # fmt: skip
    rules = [
        Rule(at, heads[name], notes.get(name, heads[name]), _range(CHOICES[name], kept) if name in CHOICES else "")
        for at, name in enumerate(COLUMNS)
    ]
    titles = [f"{heads[name]} *" if name in NEEDED else heads[name] for name in COLUMNS]
    fill = Sheet(_("People"), titles, [], Layout(
        heads=[xlsx.NEEDED if name in NEEDED else xlsx.HEAD for name in COLUMNS], widths=[18] * len(COLUMNS),
        columns=[xlsx.TEXT] * len(COLUMNS), rules=rules,
    ))  # fmt: skip
    deep = max(map(len, kept))
    lines = [[column[at] if at < len(column) else "" for column in kept] for at in range(deep)]
    return [fill, Sheet(LISTS, [_("Unit"), _("Role"), _("Reaches")], lines, Layout(hidden=True))]


def _range(column: int, kept: tuple[list[str], ...]) -> str:
    letter = "ABC"[column]
    return f"{LISTS}!${letter}$2:${letter}${len(kept[column]) + 1}"
