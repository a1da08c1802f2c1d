"""What belongs to a record: its lines as tabs, the cases it refers to, its files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from app.core import access, attachments, query, saving, together, values
from app.core.lifecycle import Lifecycle
from app.core.pages.links import link, url
from app.core.pages.lists import list_columns, lives_of, references
from app.core.register import OPEN, Register, registers
from app.core.together import Names, Rows, Talk
from app.core.whole import Whole

if TYPE_CHECKING:
    from app.core.pages.shows import ShowPage

Openable = Mapping[str, set[int]]
SHOWN = 50
BESIDE = 3


def add_lines(built: ShowPage) -> Talk:
    """A tab per register of lines that has some, its first rows beside the page, and the way to add one."""
    lines, key = list(_lines(built)), built.record.id
    filled = query.filled(lines, key)
    having = [(line, column) for line, column in lines if line.slug in filled]
    answers = yield Rows([query.first_of(*one, key, SHOWN + 1, list_columns(one[0])) for one in having])
    found = {line.slug: rows for (line, _column), rows in zip(having, answers, strict=True)}
    many = [one for one in having if len(found[one[0].slug]) > SHOWN]
    total = {line.slug: number for (line, _column), number in zip(many, query.totals(many, key), strict=True)}
    names = yield Names([pair for line, _column in having for pair in references(line, found[line.slug])])
    for line, column in lines:
        add = None if saving.is_retired(built.record) else _adding(line, column, key)
        if rows := found.get(line.slug, [])[:SHOWN]:
            lives, number = lives_of(line, rows), total.get(line.slug, len(rows))
            built.tabs.append(_tab(line, column, rows, names, lives) | {"count": number, "add": add})
            built.related += [_beside(line, row, names, lives[row.id]) for row in rows[:BESIDE]]
        elif add:
            built.adds.append(add)


def _lines(built: ShowPage) -> Iterator[tuple[Register, str]]:
    """The registers of lines that the policy uses and the person may read, with the column that names the record."""
    for entry in built.whole.register.lines:
        slug, _dot, column = entry.partition(".")
        line = registers()[slug]
        if (built.life is None or slug not in built.life.unused) and access.current().can(line.guarded_by, "read"):
            yield line, column or line.parent


def _adding(line: Register, column: str, record_id: int) -> dict[str, Any] | None:
    if "add" not in line.actions or line.fields[column].computed:
        return None
    if not access.current().can(line.guarded_by, "write"):
        return None
    return {"label": line.label, "url": url(line, "add", **{column: record_id})}


def _tab(
    line: Register, column: str, found: list[Any], names: values.Names, lives: dict[int, Lifecycle | None]
) -> dict[str, Any]:
    shown = [name for name in line.list if name != column]
    rows = [{"url": url(line, "show", pk=row.id),
             "cells": [_cell(line, row, name, names, lives[row.id], name == shown[0]) for name in shown]}
            for row in found]
    columns = [{"label": line.fields[name].label, "align": line.fields[name].kind.align} for name in shown]
    return {"key": line.slug, "label": line.label, "table": {"columns": columns, "rows": rows}}


def _cell(
    line: Register, row: Any, name: str, names: values.Names, life: Lifecycle | None, first: bool
) -> Markup:
    found = values.html(line.fields[name], getattr(row, name), names, life)
    return link(line.slug, row.id, found) if first else found


def _beside(line: Register, row: Any, names: values.Names, life: Lifecycle | None) -> dict[str, Any]:
    number = getattr(row, line.title, None) if line.title in row._mapping else None
    text = values.text(line.fields[line.title], number, names, life) if line.title in line.fields else ""
    state = life.states.get(row.status) if life is not None and "status" in row._mapping else None
    return {
        "id": text or f"#{row.id}", "url": url(line, "show", pk=row.id), "title": line.label,
        "state": {"label": state.label, "tone": state.tone} if state else None,
    }


def openable(whole: Whole) -> Openable:
    """The rows with pages worth opening that fields of a record name and that the reader may open; one statement."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for name, spec in whole.fields.items():
        target = registers().get(spec.target or "")
        if target is not None and target.scope != OPEN and spec.kind.name == "ref" and (key := whole.get(name)):
            wanted[target.slug].add(key)
    asked = {slug: _openable(registers()[slug], sorted(keys)) for slug, keys in wanted.items()}
    queries = {slug: query for slug, query in asked.items() if query is not None}
    found = together.rows_of(list(queries.values()))
    return {slug: {row.id for row in rows} for slug, rows in zip(queries, found, strict=True)}


def _openable(register: Register, keys: Sequence[int]) -> sa.Select[int] | None:
    if not access.current().can(register.guarded_by, "read"):
        return None
    key, usable = register.model.__table__.c.id, saving.usable(register)
    return None if access.settled(usable) is False else sa.select(key).where(key.in_(keys), usable)


def add_references(built: ShowPage, names: values.Names, openable: Openable) -> None:
    """The cases that this record names in a field, such as its earlier form."""
    for name, spec in built.whole.register.fields.items():
        key, target = built.whole.get(name), registers().get(spec.target or "")
        if target is not None and target.from_pack and isinstance(key, int) and key in openable.get(target.slug, ()):
            built.related.append({
                "id": names.get((target.slug, key)) or f"#{key}", "url": url(target, "show", pk=key),
                "title": spec.label, "state": None,
            })


def add_files(built: ShowPage) -> Talk:
    """A tab with every file of the record, who added it and when."""
    register, record = built.whole.register, built.record
    if not any(spec.kind.name == "files" for spec in built.whole.fields.values()):
        return
    found = attachments.shown(register.slug, record.id)
    if not found:
        return
    names = yield Names([("account", file.added_by_id) for file in found])
    view, entry = f"{register.model.__name__}View.file", Markup('<a href="{}">{}</a>')
    rows = [{"cells": [
        entry.format(url_for(view, pk=record.id, attachment_id=file.id), file.name), attachments.size_text(file.size),
        built.whole.fields[file.field].label if file.field in built.whole.fields else "",
        names.get(("account", file.added_by_id or 0), ""), values.short(file.added_at),
    ]} for file in found]
    heads = (_("File"), _("Size"), _("Field"), _("Added by"), _("Added"))
    table = {"columns": [{"label": head} for head in heads], "rows": rows}
    built.tabs.append({"key": "files", "label": _("Attachments"), "count": len(found), "table": table})
