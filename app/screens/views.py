"""Lists as people arrange them: kept under a name, shared, begun with, opened by a link; one's own columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.core import access, pages, reading
from app.core.db import session
from app.core.errors import NotFound, Refusal
from app.core.register import Register, registers
from app.core.screen import Screen
from app.engines.views import operations as views
from app.engines.views.models import OWN, SavedView
from app.screens import view_pages


class ViewsView(Screen):
    """Views of every register for whoever reads it; each address asks for that right by itself."""

    route_base = "/views"
    everyone = True

    @expose("/<slug>")
    @has_access
    def list(self, slug: str) -> str:
        """The views of a register that one may open, and one's own columns."""
        return render_template("views.html", page=view_pages.page(_register(slug)))

    @expose("/<slug>", methods=["POST"])
    @has_access
    def save(self, slug: str) -> Response:
        """Keep the list that the form came from under a name."""
        register = _register(slug)
        args, name = _args(), request.form.get("name", "")
        try:
            view = views.save(register, name, args)
            if "first" in request.form:
                views.begin_with(register, view)
        except Refusal as error:
            return _refused(register, error, {"name": name, "args": args})
        flash(_("The view “%(name)s” is kept.", name=view.name), "success")
        return redirect(views.address(view, pages.url(register, "list")))

    @expose("/<slug>/columns", methods=["POST"])
    @has_access
    def columns(self, slug: str) -> Response:
        """One's own columns; a list that stands under a view shows them without changing it."""
        register, args = _register(slug), _args()
        wanted = request.form.getlist("column")
        args.pop("columns", None)
        names = tuple(dict.fromkeys((register.list[0], *wanted))) if wanted else register.list
        if args.get("view", "").isdecimal():
            args["columns"] = ",".join(names)
        else:
            views.keep_columns(register, names)
        return redirect(f"{pages.url(register, 'list')}?{urlencode(args)}".rstrip("?"))

    @expose("/<slug>/first", methods=["POST"])
    @has_access
    def first(self, slug: str) -> Response:
        """Let the list begin with a view, or as it comes."""
        register, key = _register(slug), reading.number(request.form.get("view", ""))
        views.begin_with(register, views.find(key) if key else None)
        return redirect(url_for(".list", slug=slug))

    @expose("/one/<int:view_id>", methods=["POST"])
    @has_access
    def change(self, view_id: int) -> Response:
        """Another name for a view, and with whom it is shared."""
        view = views.find_mine(view_id)
        register = registers()[view.register]
        share, _colon, whom = request.form.get("share", OWN).partition(":")
        try:
            views.rename(view, request.form.get("name", view.name))
            if (share, whom) != view_pages.shared(view):
                views.share_with(view, share, whom)
        except Refusal as error:
            return _refused(register, error)
        flash(_("Saved."), "success")
        return redirect(url_for(".list", slug=register.slug))

    @expose("/one/<int:view_id>/drop", methods=["POST"])
    @has_access
    def delete(self, view_id: int) -> Response:
        """Forget a view."""
        view = views.find_mine(view_id)
        slug = view.register
        views.drop(view)
        flash(_("Deleted."), "success")
        return redirect(url_for(".list", slug=slug))

    @expose("/link/<word>")
    @has_access
    def link(self, word: str) -> Response:
        """Where a link that somebody passed on leads: the list with the view's filters, in one's own reach."""
        view = views.by_word(word)
        register = registers()[view.register]
        path = pages.url(register, "list")
        known = views.of(register).by_id(view.id)
        return redirect(views.address(view, path) if known else f"{path}?{urlencode(views.args_of(view))}")


def _register(slug: str) -> Register:
    register = registers().get(slug)
    if register is None or register.detail_of:
        raise NotFound()
    access.require(slug, "read")
    return register


def _args() -> MultiDict[str, str]:
    """The address of the list that a form came from."""
    kept = ((key.removeprefix("a."), value) for key, value in request.form.items(multi=True) if key.startswith("a."))
    return MultiDict(kept)


def _refused(register: Register, error: Refusal, typed: Mapping[str, Any] | None = None) -> Response:
    session.rollback()
    page = view_pages.page(register, error.problems, typed)
    return make_response(render_template("views.html", page=page), error.status)


@pages.arranges_lists
def arrange(register: Register, args: Mapping[str, str]) -> Mapping[str, str] | str:
    """A list without an address of its own begins with the person's first view, and has his columns."""
    found, asked = view_pages.arranged(register), set(args) - {"_l_"}
    begun: SavedView | None = found.first if not asked else None
    if asked == {"view"}:
        begun = found.by_id(reading.number(args["view"]))
    if begun is not None:
        return views.address(begun, pages.url(register, "list"))
    columns = view_pages.own_columns(register, found)
    if not columns or "columns" in args:
        return args
    more = MultiDict(args)
    more["columns"] = ",".join(columns)
    return more
