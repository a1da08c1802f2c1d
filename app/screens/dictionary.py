"""The dictionary: open lists of choices, each with what is shipped and what the company made of it."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import flash, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.core import access, menu
from app.core.db import session
from app.core.errors import BadRequest, Refusal
from app.core.screen import Screen
from app.core.wording import listed, pair
from app.engines.dictionary import operations as dictionary
from app.engines.dictionary.operations import OpenList


class DictionaryView(Screen):
    """Lists that nothing in the program decides by, and that a company may therefore extend."""

    route_base = "/dictionary"
    default_view = "list"
    class_permission_name = dictionary.SLUG
    method_permission_name: ClassVar = {"list": "read", "show": "read", "change": "write"}
    menu_area, menu_label, menu_icon, menu_order = "platform", _l("Dictionary"), "list", 25

    @expose("/")
    @has_access
    def list(self) -> str:
        """Every open list."""
        rows = [
            {"url": url_for(".show", word=one.name), "label": pair(one.register.label, one.spec.label),
             "area": str(menu.AREAS.get(one.register.area, "")),
             "said": listed(entry.label for entry in one.choices.entries if not entry.retired)}
            for one in dictionary.lists()
        ]  # fmt: skip
        return render_template("dictionary/lists.html", page={"rows": rows})

    @expose("/<word>")
    @has_access
    def show(self, word: str) -> str:
        """One list, with how many rows have each choice."""
        return _page(dictionary.find(word))

    @expose("/<word>", methods=["POST"])
    @has_access
    def change(self, word: str) -> Any:
        """Add a choice, or change one."""
        one = dictionary.find(word)
        try:
            _act(one, request.form.get("action", ""), request.form.get("key", ""))
        except Refusal as error:
            session.rollback()
            return Response(_page(one, error), error.status, mimetype="text/html")
        flash(_("Saved."), "success")
        return redirect(url_for(".show", word=word))


def _act(one: OpenList, action: str, key: str) -> None:
    zh, en = request.form.get("zh", ""), request.form.get("en", "")
    if action == "add":
        dictionary.add(one, zh, en)
    elif action == "rename":
        dictionary.rename(one, key, zh, en)
    elif action in ("retire", "restore"):
        dictionary.retire(one, key, action == "retire")
    elif action in ("up", "down"):
        dictionary.shift(one, key, action == "up")
    else:
        raise BadRequest(_("“%(value)s” is not one of the choices.", value=action[:40]))


def _page(one: OpenList, error: Refusal | None = None) -> str:
    counts, found = dictionary.used(one), one.choices.entries
    rows = [
        {"key": entry.key, "label": str(entry.label), "zh": _in(entry.label, "zh"), "en": _in(entry.label, "en"),
         "retired": entry.retired, "count": counts.get(entry.key, 0), "shipped": entry.key in one.choices.shipped,
         "first": place == 0, "last": place == len(found) - 1}
        for place, entry in enumerate(found)
    ]  # fmt: skip
    return render_template("dictionary/list.html", page={
        "title": pair(one.register.label, one.spec.label), "rows": rows, "problems": error.problems if error else [],
        "breadcrumbs": [{"label": _("Dictionary"), "url": url_for("DictionaryView.list")}],
        "action": url_for("DictionaryView.change", word=one.name),
        "writes": access.current().can(dictionary.SLUG, "write"),
        "typed": request.form if error and request.form.get("action") == "add" else {},
    })  # fmt: skip


def _in(label: Any, language: str) -> str:
    """A label in one language, whoever reads."""
    with force_locale(language):
        return str(label)
