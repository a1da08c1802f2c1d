"""What lists and the page of views show of saved views."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _

from app.core import actor, pages, query
from app.core.errors import Problem
from app.core.pages import ListPage
from app.core.query import Page
from app.core.register import Register
from app.engines.people import operations as people
from app.engines.views import operations as views
from app.engines.views.models import OWN, ROLE, SHARES, UNIT, SavedView
from app.engines.views.operations import Arranged

VIEW, TABS = "ViewsView", 12
ALL = "all"


def arranged(register: Register) -> Arranged:
    """What the person has for a register, asked for once a request."""
    known: dict[str, Arranged] = g.setdefault("arranged", {})
    if register.slug not in known:
        known[register.slug] = views.of(register)
    return known[register.slug]


def own_columns(register: Register, found: Arranged) -> list[str]:
    """The columns that the person keeps for a register, as far as there still are such."""
    known = query.listable(register)
    return [name for name in found.layout.columns if name in known] if found.layout else []


def list_saved(built: ListPage, _found: Page) -> None:
    """Saved views beside those that every list has, and the ways to keep what is shown."""
    register, here = built.register, pages.url(built.register, "list")
    found = arranged(register)
    current = found.by_id(int(key)) if (key := request.args.get("view", "")).isdecimal() and len(key) < 16 else None
    if not built.views:
        built.views.append({"label": _("All"), "url": here, "active": not current})
    if found.first:
        begin = f"{here}?view={ALL}"
        built.views[0]["url"] = built.clear_url = begin
        if built.empty.get("action"):
            built.empty["action"]["url"] = begin
    for view in built.views if current else ():
        view["active"] = False
    changed = current is not None and views.is_changed(current, request.args)
    for view in [*views.sorted_by_owner(found.views)][:TABS]:
        on = current is not None and view.id == current.id
        mark = " *" if on and changed else ""
        built.views.append({"label": f"{view.name}{mark}", "url": views.address(view, here),
                            "active": on, "changed": on and changed})  # fmt: skip
    mine = current is not None and current.account_id == actor.user_id()
    built.saved = {
        "url": url_for(f"{VIEW}.save", slug=register.slug), "manage_url": url_for(f"{VIEW}.list", slug=register.slug),
        "columns_url": url_for(f"{VIEW}.columns", slug=register.slug),
        "name": current.name if current and mine else "", "changed": changed,
        "args": [(name, value) for name, value in request.args.items(multi=True) if name not in ("_l_", "page")],
    }  # fmt: skip
    if built.choice and "columns" not in request.args and own_columns(register, found):
        _name_columns(built)


def _name_columns(built: ListPage) -> None:
    """One's own columns go with what is saved and taken out, though the address does not name them."""
    names = ",".join(column["key"] for column in built.choice["columns"] if column["on"])
    built.saved["args"].append(("columns", names))


pages.on_list(list_saved, order=30)


# -- the page of views -------------------------------------------------------------------------------------------------


def shared(view: SavedView) -> tuple[str, str]:
    """With whom a view is shared, as the form says it."""
    return view.share, view.role or str(view.unit_id or "")


def page(
    register: Register, problems: Sequence[Problem] = (), typed: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The views of a register that a person may open, what he may do with each, and his own columns."""
    found, here = views.of(register), pages.url(register, "list")
    names = people.names_of_accounts(view.account_id for view in found.views)
    shares = _shares(register)
    return {
        "title": _("Views of “%(register)s”", register=register.label), "problems": problems,
        "breadcrumbs": [{"label": register.label, "url": here}], "typed": typed,
        "subtitle": _("A view keeps filters, order, columns and page size; whoever opens it sees his own rows."),
        "save_url": url_for(f"{VIEW}.save", slug=register.slug),
        "first_url": url_for(f"{VIEW}.first", slug=register.slug),
        "columns_url": url_for(f"{VIEW}.columns", slug=register.slug),
        "columns": _columns(register, found), "begins_plain": found.first is None,
        "rows": [_row(view, found, names, shares, here) for view in views.sorted_by_owner(found.views)],
    }  # fmt: skip


def _columns(register: Register, found: Arranged) -> list[dict[str, Any]]:
    known = query.listable(register)
    wanted = own_columns(register, found) or register.list
    return [{"key": name, "label": known[name].label, "on": name in wanted}
            for name in dict.fromkeys((*wanted, *known))]  # fmt: skip


def _shares(register: Register) -> list[tuple[str, list[tuple[str, str]]]]:
    roles = [(f"{ROLE}:{slug}", label) for slug, label in views.roles(register)]
    units = [(f"{UNIT}:{key}", name) for key, name in views.units(register)]
    return [(str(SHARES[kind]), options) for kind, options in ((ROLE, roles), (UNIT, units)) if options]


def _row(
    view: SavedView, found: Arranged, names: Mapping[int, str], shares: list[Any], here: str
) -> dict[str, Any]:
    share, whom = shared(view)
    value = share if share == OWN else f"{share}:{whom}"
    return {
        "id": view.id, "name": view.name, "url": views.address(view, here), "changeable": views.may_change(view),
        "by": "" if view.account_id == actor.user_id() else names.get(view.account_id, ""),
        "share": value, "shares": [(_("Only me"), OWN), *shares] if views.may_change(view) else [],
        "known": value == OWN or any(value == key for _label, options in shares for key, _name in options),
        "share_label": SHARES[share], "first": found.first is not None and found.first.id == view.id,
        "link": url_for(f"{VIEW}.link", word=view.word, _external=True),
        "change_url": url_for(f"{VIEW}.change", view_id=view.id),
        "drop_url": url_for(f"{VIEW}.delete", view_id=view.id),
    }  # fmt: skip
