"""The operation log: the audit trail across registers, with what changed where the row is within reach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from flask import render_template, request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.core import access, pages, past, reading, values
from app.core.db import writes
from app.core.errors import BadRequest, Problem
from app.core.fieldspec import FieldSpec
from app.core.register import Register, registers
from app.core.screen import Screen
from app.engines.audit import log
from app.engines.audit.log import Asked, Line
from app.screens import log_pages

KINDS = {
    "create": ("ok", _l("Recorded")), "update": ("info", _l("Changed")), "delete": ("late", _l("Deleted")),
    "move": ("hold", _l("Step taken")), "act": ("mute", _l("Act")),
}  # fmt: skip
NARROWING = ("q", "register", "row", "kind", "from", "to")
UNSAID = ("file", "json")


class OperationLogView(log_pages.OfLogs, Screen):
    """Who did what, when, to which row; personal values are masked in the trail itself."""

    route_base = "/operations"
    menu_label, menu_icon, menu_order = _l("Operation log"), "list-check", 14

    @expose("/")
    @has_access
    def list(self) -> str:
        """The log, newest first."""
        lines, place = log.read(_asked(), log_pages.before())
        labels = ((slug, str(registers()[slug].label)) for slug in log.used_registers())
        return render_template("admin/operations.html", page=log_pages.frame(NARROWING, place) | {
            "rows": list(_rows(lines)), "registers": sorted(labels, key=lambda pair: pair[1]),
            "kinds": [(k, v) for k, (_t, v) in KINDS.items()],
        })  # fmt: skip

    @expose("/export")
    @has_access
    @writes
    def export(self) -> Response:
        """The log as a workbook, narrowed like the page, one line for each field that changed."""
        access.require("access_log", "reveal")
        asked = _asked()
        lines = list(log_pages.newest(lambda place, size: log.read(asked, place, size)))
        heads = [_("When"), _("Who"), _("API key"), _("What"), _("Register"), _("Which row"), _("Said"), _("Field"),
                 _("Before"), _("After"), _("Clause")]  # fmt: skip
        rows = [cells for row in _rows(lines) for cells in _flat(row)]
        return log_pages.workbook(_("Operation log"), heads, rows, request.args.to_dict())


def _asked() -> Asked:
    row = request.args.get("row", "").strip()
    number = reading.number(row)
    if row and number is None:
        text = _("“%(key)s” must be a whole number.", key="row")
        raise BadRequest(Problem(text, "row", "range"))
    return Asked(
        log_pages.accounts_named(reading.query_text("q", 64)), log_pages.choice("register", log.used_registers()),
        number, log_pages.choice("kind", KINDS), log_pages.day("from"), log_pages.day("to"),
    )  # fmt: skip


def _rows(lines: Iterable[Line]) -> Iterator[dict[str, Any]]:
    """Lines as they are shown; everything they refer to is named with one statement."""
    kept = list(lines)
    told = [(line, list(_changes(line))) for line in kept]
    wanted = [(line.register, line.record_id) for line in kept if line.changes is not None]
    for _line, changes in told:
        for spec, *both in changes:
            wanted += [(spec.target, key) for key in _keys(spec, both)]
    names = values.names_of((slug, key) for slug, key in wanted if slug in registers() or slug == "account")
    return (_row(line, changes, names) for line, changes in told)


def _keys(spec: FieldSpec, both: Iterable[Any]) -> Iterator[int]:
    for value in both if spec.target else ():
        yield from (key for key in (value if isinstance(value, list) else [value]) if isinstance(key, int))


def _changes(line: Line) -> Iterator[tuple[FieldSpec, Any, Any]]:
    """The fields that changed, in the register and in the details that a policy adds to it."""
    specs = _specs(line.register)
    for name, (old, new) in (line.changes or {}).items():
        if (spec := specs.get(name)) is not None and spec.kind.name not in UNSAID:
            yield spec, past.read(spec, old), past.read(spec, new)


def _specs(slug: str) -> dict[str, FieldSpec]:
    parts = [one for one in registers().values() if slug in (one.slug, one.detail_of)]
    return {name: spec for one in parts for name, spec in one.fields.items()}


def _row(line: Line, changes: Any, names: values.Names) -> dict[str, Any]:
    register = registers().get(line.register)
    tone, label = KINDS.get(line.kind, ("mute", line.kind))
    in_reach = line.changes is not None
    title = names.get((line.register, line.record_id), "") if in_reach else ""
    return {
        "when": log_pages.local(line.at), "who": line.who or _("the system"), "key": line.key,
        "state": {"tone": tone, "label": label}, "register": str(register.label if register else line.register),
        "row": line.record_id, "title": title, "url": _url(register, line) if title else "", "said": line.sentence,
        "clause": line.clause, "hidden": not in_reach,
        "changes": [(str(spec.label), _text(spec, old, names), _text(spec, new, names)) for spec, old, new in changes],
    }  # fmt: skip


def _url(register: Register | None, line: Line) -> str:
    return pages.url(register, "show", pk=line.record_id) if register is not None else ""


def _text(spec: FieldSpec, value: Any, names: values.Names) -> str:
    if value in (None, "", []):
        return "—"
    return str(value) if spec.kind.name in ("personal", "files") or (isinstance(value, str) and not spec.choices) else (
        values.text(spec, value, names)
    )


def _flat(row: dict[str, Any]) -> Iterator[list[Any]]:
    head = [row["when"], row["who"], row["key"], str(row["state"]["label"]), row["register"],
            row["title"] or str(row["row"]), row["said"]]  # fmt: skip
    for change in row["changes"] or [("", "", "")]:
        yield [*head, *change, row["clause"]]
