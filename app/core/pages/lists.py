"""The list screen of a register: columns, rows, chips, filters and pager."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from flask import get_template_attribute, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup

from app.core import access, moves, narrowing, values
from app.core.lifecycle import Lifecycle
from app.core.pages.hooks import run
from app.core.pages.links import url
from app.core.pages.pager import address, pager
from app.core.query import Criteria, Page, filterable, listable, shown, sortable
from app.core.register import Register, registers
from app.core.wording import listed
from app.core.words import state_label


@dataclass
class ListPage:
    """One list while it is being put together."""

    register: Register
    title: Any
    columns: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    subtitle: Any = ""
    actions: list[dict[str, Any]] = field(default_factory=list)
    views: list[dict[str, Any]] = field(default_factory=list)
    counts_url: str = ""
    search: dict[str, Any] = field(default_factory=dict)
    chips: list[dict[str, Any]] = field(default_factory=list)
    clear_url: str = ""
    filters: str = ""
    bulk: list[dict[str, Any]] = field(default_factory=list)
    pager: dict[str, Any] = field(default_factory=dict)
    sums: list[dict[str, Any]] = field(default_factory=list)
    choice: dict[str, Any] = field(default_factory=dict)
    saved: dict[str, Any] = field(default_factory=dict)
    empty: dict[str, Any] = field(default_factory=dict)


def list_page(register: Register, criteria: Criteria, page: Page) -> ListPage:
    """The list screen of a register."""
    wanted = shown(register, criteria)
    built = ListPage(register, register.label, _columns(register, criteria, wanted), [])
    lives = lives_of(register, page.rows)
    names = values.names_of(references(register, page.rows, wanted))
    specs, root = [(name, register.fields[name]) for name in wanted], url(register, "list")
    for row in page.rows:
        cells = [values.html(spec, getattr(row, name), names, lives.get(row.id)) for name, spec in specs]
        here = f"{root}{row.id}"
        named = cells[0] if cells[0] != values.DASH else f"#{row.id}"
        cells[0] = Markup(f'<a class="id" href="{here}">{named}</a>')  # noqa: S704 -- an address, and a cell
        built.rows.append({"id": row.id, "url": here, "cells": cells, "actions": []})
    if "add" in register.actions and not register.parent and access.current().can(register.guarded_by, "write"):
        label = _("Add %(register)s", register=register.label)
        built.actions.append({"label": label, "url": url(register, "add"), "icon": "plus", "primary": True})
    _tools(built, register, criteria, page)
    built.sums = list(_sums(register, page, wanted))
    run("list", built, page)
    return built


def _columns(register: Register, criteria: Criteria, wanted: Iterable[str]) -> list[dict[str, Any]]:
    orders = sortable(register)
    found = []
    for name in wanted:
        spec = register.fields[name]
        down = criteria.order == name
        found.append({
            "key": name, "label": spec.label, "align": spec.kind.align, "wrap": spec.kind.widget == "longtext",
            "sum": spec.kind.name == "money",
            "sort_url": address(order=f"-{name}" if down else name) if name in orders else None,
            "sorted": {name: "asc", f"-{name}": "desc"}.get(criteria.order),
        })
    return found


def _sums(register: Register, page: Page, wanted: Iterable[str]) -> Iterable[dict[str, Any]]:
    """What the money columns of this page add up to."""
    for name in wanted if len(page.rows) > 1 else ():
        spec = register.fields[name]
        if spec.kind.name == "money":
            total = sum((amount for row in page.rows if (amount := getattr(row, name)) is not None), Decimal(0))
            label = _("%(column)s on this page", column=spec.label)
            yield {"label": label, "value": f"{total:,.2f}", "unit": spec.unit}


def lives_of(register: Register, rows: Iterable[Any]) -> dict[int, Lifecycle | None]:
    """The lifecycle of each row of a page, by id; one look-up per pack version."""
    if not register.from_pack:
        return {row.id: register.lifecycle for row in rows}
    versions = {row.id: row.pack_version_id for row in rows}
    known = {version: moves.lifecycle_by(version, register.slug) for version in set(versions.values())}
    return {key: known[version] for key, version in versions.items()}


def list_columns(register: Register, wanted: Iterable[str] = ()) -> list[str]:
    """The columns a list needs, with those that its state badges and hooks read; without a choice the register's."""
    case = ("status", "policy", "pack_version_id", "adopter_id", "holder_post") if register.from_pack else ()
    return [*(wanted or register.list), *case]


def references(register: Register, rows: Iterable[Any], wanted: Iterable[str] = ()) -> Iterable[tuple[str, int]]:
    """What the columns of a page refer to."""
    specs = [register.fields[name] for name in wanted or register.list if register.fields[name].target]
    for row in rows:
        yield from values.wanted_names(specs, lambda name, row=row: getattr(row, name))


def _tools(built: ListPage, register: Register, criteria: Criteria, page: Page) -> None:
    built.search = {"name": "q", "value": criteria.q, "placeholder": _("Number, name…")}
    known = filterable(register)
    for item in criteria.filters:
        spec, key = known[item.name], item.name if item.op == "eq" else f"{item.name}__{item.op}"
        raw_key = key if key in request.args else f"{item.name}__eq"
        built.chips.append({"label": _chip_label(spec.label, item.op), "value": _chip_value(register, spec, item),
                            "remove_url": address(**{raw_key: None})})
    for way in criteria.narrowed:
        built.chips.append({"label": narrowing.label(way), "value": way.words, "way": way.name,
                            "remove_url": address(**{way.name: None})})
    built.clear_url = f"{request.script_root}{request.path}"
    built.filters = _filters(register.slug, str(get_locale()), request.script_root)
    built.pager = pager(criteria, page)
    built.choice = _choice(register, criteria)
    found_none = bool(criteria.filters or criteria.narrowed or criteria.q)
    built.empty = {
        "title": _("Nothing matches") if found_none else _("No records yet"),
        "text": _("Remove a filter to see more.") if found_none else "",
        "action": {"label": _("Clear filters"), "url": built.clear_url} if found_none else None,
    }


def _choice(register: Register, criteria: Criteria) -> dict[str, Any]:
    """Every column that the list may have: those it has first, in their order."""
    known, wanted = listable(register), shown(register, criteria)
    order = dict.fromkeys((*wanted, *known))
    columns = [{"key": name, "label": known[name].label, "on": name in wanted} for name in order]
    return {"columns": columns, "count": len(wanted), "of": len(known), "url": ""}


def _op_words() -> dict[str, str]:
    return {
        "eq": _("is"), "contains": _("contains"), "in": _("is one of"), "gte": _("from"), "lte": _("up to"),
        "prefix": _("begins with"), "empty": _("is empty"),
    }


def _chip_label(label: Any, op: str) -> str:
    return str(label) if op in ("eq", "in") else f"{label} {_op_words()[op]}"


def _chip_value(register: Register, spec: Any, item: Any) -> str:
    if item.op == "empty":
        return _("Yes") if item.value else _("No")
    parts = item.value if isinstance(item.value, list) else [item.value]
    if spec.kind.name == "state":
        return listed(state_label(register, part) for part in parts)
    names = values.names_of((spec.target, key) for key in parts) if spec.target else {}
    return item.raw if spec.kind.name == "personal" else listed(values.text(spec, part, names) for part in parts)


@lru_cache(maxsize=1024)
def _filters(slug: str, _locale: str, _root: str) -> Markup:
    """The box that builds filters, drawn once for the language and the root of addresses of the request."""
    words = _op_words()
    fields = [_filter_field(name, spec, words) for name, spec in filterable(registers()[slug]).items()]
    return Markup(get_template_attribute("macros.html", "filterbox")(fields))  # noqa: S704 -- the macro escapes


def _filter_field(name: str, spec: Any, words: dict[str, str]) -> dict[str, Any]:
    return {
        "name": name, "label": str(spec.label), "kind": spec.kind.widget,
        "ops": [{"key": op, "label": words[op]} for op in spec.kind.ops],
        "choices": [[key, str(label)] for key, label in spec.choices.items()],
        "lookup_url": url_for("Lookup.look", slug=spec.target, past="yes") if spec.target else "",
    }
