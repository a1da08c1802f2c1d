"""What list, show and form templates are given; engines and areas add their part through the three hooks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from app.core import access, forms, moves, saving, values
from app.core.errors import Conflict, Problem
from app.core.lifecycle import Lifecycle, Move
from app.core.query import PAGE_LIMIT, SIZES, Criteria, Page, filterable, sortable
from app.core.register import Record, Register, registers
from app.core.whole import Whole


@dataclass
class ShowPage:
    """One record's page while it is being put together."""

    record: Any
    whole: Whole
    life: Lifecycle | None
    header: dict[str, Any]
    sections: list[dict[str, Any]]
    clocks: list[dict[str, Any]] = field(default_factory=list)
    tabs: list[dict[str, Any]] = field(default_factory=list)
    timeline: list[dict[str, Any]] = field(default_factory=list)
    related: list[dict[str, Any]] = field(default_factory=list)
    drawers: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)


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
    search: dict[str, Any] = field(default_factory=dict)
    chips: list[dict[str, Any]] = field(default_factory=list)
    clear_url: str = ""
    filter_fields: list[dict[str, Any]] = field(default_factory=list)
    bulk: list[dict[str, Any]] = field(default_factory=list)
    pager: dict[str, Any] = field(default_factory=dict)
    sums: list[dict[str, Any]] = field(default_factory=list)
    empty: dict[str, Any] = field(default_factory=dict)


@dataclass
class FormPage:
    """One form while it is being put together."""

    whole: Whole
    title: Any
    action: str
    submit_label: Any
    cancel_url: str
    sections: list[dict[str, Any]]
    subtitle: Any = ""
    breadcrumbs: list[dict[str, Any]] = field(default_factory=list)
    hidden: dict[str, Any] = field(default_factory=dict)
    row_version: int | None = None
    problems: Sequence[Problem] = ()
    aside: list[Markup] = field(default_factory=list)
    preview_url: str = ""
    conflict: dict[str, Any] | None = None
    danger: bool = False
    move: Move | None = None


_hooks: dict[str, list[tuple[int, Callable[..., None]]]] = {"show": [], "list": [], "form": []}


def _hook(kind: str, function: Callable[..., None], order: int) -> Callable[..., None]:
    if all(known is not function for _o, known in _hooks[kind]):
        _hooks[kind].append((order, function))
        _hooks[kind].sort(key=lambda entry: entry[0])
    return function


def on_show(function: Callable[[ShowPage], None], order: int = 50) -> Callable[..., None]:
    """Let ``function`` add clocks, tabs, timeline entries, drawers or actions to every record's page."""
    return _hook("show", function, order)


def on_list(function: Callable[[ListPage, Page], None], order: int = 50) -> Callable[..., None]:
    """Let ``function`` add columns, views or bulk actions to every list; one statement at most."""
    return _hook("list", function, order)


def on_form(function: Callable[[FormPage, Mapping[str, Any]], None], order: int = 50) -> Callable[..., None]:
    """Let ``function`` add cards to the right rail of every form, for the values typed so far."""
    return _hook("form", function, order)


def _run(kind: str, *given: Any) -> None:
    for _order, function in _hooks[kind]:
        function(*given)


def url(register: Register, method: str, **values_: Any) -> str:
    """The address of one of a register's screens."""
    return url_for(f"{register.model.__name__}View.{method}", **values_)


def link(slug: str, record_id: int, text: str) -> Markup:
    """A link to a record's page."""
    return Markup('<a href="{}">{}</a>').format(url(registers()[slug], "show", pk=record_id), text)


# -- list ------------------------------------------------------------------------------------------------------------


def list_page(register: Register, criteria: Criteria, page: Page) -> ListPage:
    """The list screen of a register."""
    built = ListPage(register, register.label, _columns(register, criteria), [])
    lives = _lives(register, page.rows)
    names = values.names_of(_list_references(register, page.rows))
    for row in page.rows:
        cells = [values.html(register.fields[n], getattr(row, n), names, lives.get(row.id)) for n in register.list]
        here = url(register, "show", pk=row.id)
        cells[0] = Markup('<a class="id" href="{}">{}</a>').format(here, cells[0])
        built.rows.append({"id": row.id, "url": here, "cells": cells, "actions": []})
    if "add" in register.actions and not register.parent and access.current().can(register.guarded_by, "write"):
        label = _("Add %(register)s", register=register.label)
        built.actions.append({"label": label, "url": url(register, "add"), "icon": "plus", "primary": True})
    _tools(built, register, criteria, page)
    _run("list", built, page)
    return built


def _columns(register: Register, criteria: Criteria) -> list[dict[str, Any]]:
    orders = sortable(register)
    found = []
    for name in register.list:
        spec = register.fields[name]
        down = criteria.order == name
        found.append({
            "key": name, "label": spec.label, "align": spec.kind.align, "wrap": spec.kind.widget == "longtext",
            "sum": spec.kind.name == "money",
            "sort_url": _address(order=f"-{name}" if down else name, page=None) if name in orders else None,
            "sorted": {name: "asc", f"-{name}": "desc"}.get(criteria.order),
        })
    return found


def _lives(register: Register, rows: Iterable[Any]) -> dict[int, Lifecycle | None]:
    if not register.from_pack:
        return {row.id: register.lifecycle for row in rows}
    cache: dict[tuple[int, int], Lifecycle | None] = {}
    found = {}
    for row in rows:
        key = (row.pack_version_id, row.adopter_id)
        if key not in cache:
            cache[key] = moves.lifecycle_by(SimpleNamespace(__tablename__=register.slug, **row._mapping))
        found[row.id] = cache[key]
    return found


def list_columns(register: Register) -> list[str]:
    """The columns a list needs, with those that its state badges and hooks read."""
    case = ("status", "policy", "pack_version_id", "adopter_id", "holder_post") if register.from_pack else ()
    return [*register.list, *case]


def _list_references(register: Register, rows: Iterable[Any]) -> Iterable[tuple[str, int]]:
    specs = [register.fields[name] for name in register.list if register.fields[name].target]
    for row in rows:
        yield from values.wanted_names(specs, lambda name, row=row: getattr(row, name))


def _address(**changes: Any) -> str:
    args = MultiDict(request.args)
    for key, value in changes.items():
        args.poplist(key)
        if value is not None:
            args[key] = value
    if "after" not in changes:
        args.poplist("after")
    from urllib.parse import urlencode

    query = urlencode(list(args.items(multi=True)))
    return f"{request.script_root}{request.path}{'?' + query if query else ''}"


def _tools(built: ListPage, register: Register, criteria: Criteria, page: Page) -> None:
    built.search = {"name": "q", "value": criteria.q, "placeholder": _("Number, name…")}
    known = filterable(register)
    for item in criteria.filters:
        spec, key = known[item.name], item.name if item.op == "eq" else f"{item.name}__{item.op}"
        raw_key = key if key in request.args else f"{item.name}__eq"
        built.chips.append({"label": _chip_label(spec.label, item.op), "value": _chip_value(spec, item),
                            "remove_url": _address(**{raw_key: None, "page": None})})
    built.clear_url = f"{request.script_root}{request.path}"
    built.filter_fields = [_filter_field(name, spec) for name, spec in known.items()]
    built.pager = _pager(criteria, page)
    found_none = bool(criteria.filters or criteria.q)
    built.empty = {
        "title": _("Nothing matches") if found_none else _("No records yet"),
        "text": _("Remove a filter to see more.") if found_none else "",
        "action": {"label": _("Clear filters"), "url": built.clear_url} if found_none else None,
    }


def _op_words() -> dict[str, str]:
    return {
        "eq": _("is"), "in": _("is one of"), "gte": _("from"), "lte": _("up to"), "prefix": _("begins with"),
        "empty": _("is empty"),
    }


def _chip_label(label: Any, op: str) -> str:
    return str(label) if op in ("eq", "in") else f"{label} {_op_words()[op]}"


def _chip_value(spec: Any, item: Any) -> str:
    if item.op == "empty":
        return _("Yes") if item.value else _("No")
    names = values.names_of(
        (spec.target, key) for key in (item.value if isinstance(item.value, list) else [item.value])
    ) if spec.target else {}
    if spec.kind.name in ("choice", "ref") and isinstance(item.value, list):
        return "、".join(values.text(spec, part, names) for part in item.value)
    return item.raw if spec.kind.name == "personal" else values.text(spec, item.value, names)


def _filter_field(name: str, spec: Any) -> dict[str, Any]:
    words = _op_words()
    return {
        "name": name, "label": str(spec.label), "kind": spec.kind.widget,
        "ops": [{"key": op, "label": words[op]} for op in spec.kind.ops],
        "choices": [[key, str(label)] for key, label in spec.choices.items()],
        "lookup_url": url_for("Lookup.look", slug=spec.target) if spec.target else "",
    }


def _pager(criteria: Criteria, page: Page) -> dict[str, Any]:
    first = (criteria.page - 1) * criteria.size + 1
    last_page = min(max(1, -(-page.total // criteria.size)), PAGE_LIMIT)
    near = sorted({1, *range(max(1, criteria.page - 2), min(last_page, criteria.page + 2) + 1), last_page})
    deep = criteria.after is not None or criteria.page >= PAGE_LIMIT
    onward = _address(after=page.rows[-1].id, page=None) if deep else _address(page=criteria.page + 1)
    return {
        "from": first if page.rows else 0, "to": first + len(page.rows) - 1 if page.rows else 0,
        "total": page.total if page.exact else f"{page.total}+", "total_is_estimate": not page.exact,
        "prev_url": _address(page=criteria.page - 1) if criteria.page > 1 else None,
        "next_url": onward if page.more and page.rows else None,
        "pages": [{"n": n, "url": _address(page=n), "active": n == criteria.page} for n in near],
        "size": criteria.size, "size_urls": [(n, _address(size=n, page=None)) for n in SIZES],
    }


# -- show ------------------------------------------------------------------------------------------------------------


def show_page(record: Record) -> ShowPage:
    """The page of one record."""
    life = moves.lifecycle_of(record)
    whole = moves.whole_of(record)
    register = whole.register
    specs = [spec for spec in whole.fields.values() if spec.stored]
    names = values.names_of(values.wanted_names(specs, whole.get))
    built = ShowPage(record, whole, life, _header(whole, life, names), _sections(whole, life, names))
    _actions(built)
    for entry in register.lines:
        slug, _dot, column = entry.partition(".")
        if access.current().can(registers()[slug].guarded_by, "read"):
            built.tabs.append(_line_tab(registers()[slug], column or registers()[slug].parent, record))
    _run("show", built)
    return built


def _header(whole: Whole, life: Lifecycle | None, names: values.Names) -> dict[str, Any]:
    register, record = whole.register, whole.record
    title = values.html(register.fields[register.title], whole.get(register.title), names, life)
    state = life.states.get(getattr(record, "status", "")) if life else None
    return {
        "breadcrumbs": [{"label": register.label, "url": url(register, "list")}],
        "id": title if whole.get(register.title) else _("No number yet"), "title": "", "facts": "",
        "state": {"label": state.label, "tone": state.tone} if state else None,
        "actions": [], "more": [], "steps": [],
    }


def _sections(whole: Whole, life: Lifecycle | None, names: values.Names) -> list[dict[str, Any]]:
    found = []
    for section in forms.layout_of(whole.register, whole.detail_register):
        fields = [_shown(whole, name, life, names) for name in section.fields]
        found.append({
            "title": section.title, "hint": section.hint, "fields": [f for f in fields if f],
            "clause": forms.clause_link(life.policy if life else "", section.clause),
        })
    return found


def _shown(whole: Whole, name: str, life: Lifecycle | None, names: values.Names) -> dict[str, Any]:
    spec, register = whole.fields[name], whole.register
    built = {"label": spec.label, "wide": spec.width == 3, "width": spec.width, "pre": spec.kind.name == "longtext"}
    if spec.kind.name == "files":
        return built | {"value": forms.attachments.links(register.slug, whole.record.id, name)}
    value = whole.get(name)
    built["value"] = values.html(spec, value, names, life)
    if spec.kind.name == "personal" and value and access.current().can(register.guarded_by, "reveal"):
        built["reveal_url"] = url(register, "reveal", pk=whole.record.id, field=name)
    return built


def _actions(built: ShowPage) -> None:
    register, record = built.whole.register, built.record
    head = built.header
    if access.current().can(register.guarded_by, "move") or register.from_pack:
        for number, move in enumerate(moves.available(record, built.whole)):
            head["actions"].append({
                "label": move.label, "url": url(register, "move", pk=record.id, key=move.key), "icon": "arrow-right",
                "primary": number == 0 and move.tone != "late", "danger": move.tone == "late",
            })
    if saving.may_edit(record, built.life):
        entry = {"label": _("Edit"), "url": url(register, "edit", pk=record.id), "icon": "pencil"}
        head["actions" if not head["actions"] else "more"].append(entry)
    head["more"].append({"label": _("Print"), "url": url(register, "print", pk=record.id), "icon": "printer"})
    if "delete" in register.actions and not register.from_pack and access.may(record, "write"):
        head["more"].append({
            "label": _("Delete"), "url": url(register, "delete", pk=record.id), "icon": "trash", "method": "post",
            "danger": True, "confirm": _("Delete this record? This cannot be undone."),
        })


def _line_tab(line: Register, column: str, record: Record) -> dict[str, Any]:
    from app.core.query import fetch

    mine = line.model.__table__.c[column] == record.id
    page = fetch(line, Criteria(order=line.order, size=50).where(mine), list_columns(line))
    names, lives = values.names_of(_list_references(line, page.rows)), _lives(line, page.rows)
    shown = [name for name in line.list if name != column]
    rows = [
        {"url": url(line, "show", pk=row.id),
         "cells": [link(line.slug, row.id, values.html(line.fields[name], getattr(row, name), names, lives[row.id]))
                   if name == shown[0] else values.html(line.fields[name], getattr(row, name), names, lives[row.id])
                   for name in shown]}
        for row in page.rows
    ]
    columns = [{"label": line.fields[name].label, "align": line.fields[name].kind.align} for name in shown]
    return {"key": line.slug, "label": line.label, "count": page.total, "table": {"columns": columns, "rows": rows}}


# -- forms -----------------------------------------------------------------------------------------------------------


def conflict_of(error: Conflict, whole: Whole) -> dict[str, Any]:
    """Both values of every field that somebody else changed meanwhile."""
    specs = whole.fields
    pairs = [(specs[name].target, v) for name, *both in error.differences for v in both if specs[name].target and v]
    names = values.names_of((slug, key) for slug, v in pairs for key in (v if isinstance(v, list) else [v]))
    return {"text": str(error.problems[0].message), "fields": [
        {"label": specs[name].label, "yours": values.text(specs[name], yours, names),
         "theirs": values.text(specs[name], theirs, names)}
        for name, yours, theirs in error.differences
    ]}


def form_page(built: FormPage, typed: Mapping[str, Any]) -> FormPage:
    """A form after every engine added its card."""
    _run("form", built, typed)
    return built
