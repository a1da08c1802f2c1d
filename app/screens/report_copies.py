"""A report as it was sent: its tables on its page and on paper, and the workbook."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from flask import send_file, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.core import access, pages, printing, query, values
from app.core.db import writes
from app.core.errors import Forbidden
from app.core.fragments import fragment
from app.core.pages import ShowPage
from app.core.printing import PrintPage
from app.core.register import registers
from app.core.screen import Screen
from app.engines.exchange import xlsx
from app.engines.privacy import operations as privacy
from app.engines.reports import as_sent, sending

SHOWN, ALL = 200, 1 << 20


class ReportCopiesView(Screen):
    """Reports that were sent, as files."""

    route_base = "/report_copies"
    class_permission_name = sending.COPY
    method_permission_name = {"file": "read"}

    @expose("/<int:pk>/file")
    @has_access
    @writes
    def file(self, pk: int) -> Response:
        """The workbook, for who may export what it shows; the access log keeps who took it."""
        copy = query.find(registers()[sending.COPY], pk)
        if not sending.may_take(copy, access.current()):
            raise Forbidden(_("You see this report here; your roles do not let you export what it shows."))
        facts = {"copy": copy.id, "period": copy.period}
        privacy.log_export(sending.COPY, copy.row_count, reason=copy.title, facts=facts)
        made = sending.file_of(copy)
        return send_file(io.BytesIO(made.content), mimetype=xlsx.MIME, as_attachment=True, download_name=made.name,
                         max_age=0)  # fmt: skip


def show(page: ShowPage) -> None:
    """The tables as they were sent, and the way to what they say now."""
    copy = page.record
    if page.whole.register.slug != sending.COPY:
        return
    for place, kept in enumerate(copy.sheets or []):
        page.insert(place, kept["title"], Markup("{}").format(fragment("_table.html", table=_table(kept, SHOWN))))
    if _longest(copy) > SHOWN:
        text = _("Of long tables the first %(count)s rows are shown; the file has all.", count=SHOWN)
        page.notes.append({"tone": "info", "text": text})
    if copy.url:
        page.header["more"].append({"label": _("As it stands now"), "url": copy.url, "icon": "refresh"})
    if sending.may_take(copy, access.current()):
        there = url_for("ReportCopiesView.file", pk=copy.id)
        page.header["actions"].append({"label": _("Excel"), "url": there, "icon": "download"})


def _longest(copy: Any) -> int:
    return max((len(kept["rows"]) for kept in copy.sheets or []), default=0)


def _table(kept: Mapping[str, Any], most: int) -> dict[str, Any]:
    rows = [[_text(as_sent.read_back(cell)) for cell in row] for row in kept["rows"][:most]]
    ends = [any(_is_number(row[at]) for row in kept["rows"][:most]) for at in range(len(kept["heads"]))]
    columns = [{"label": head, "align": "end" if end else ""} for head, end in zip(kept["heads"], ends, strict=True)]
    return {"columns": columns, "rows": [{"cells": row} for row in rows]}


def _is_number(cell: Any) -> bool:
    return (isinstance(cell, int) and not isinstance(cell, bool)) or (isinstance(cell, dict) and "n" in cell)


def _text(cell: Any) -> Any:
    if cell is None or cell == "":
        return values.DASH
    if hasattr(cell, "hour"):
        return cell.strftime("%Y-%m-%d %H:%M")
    return f"{cell:,}" if hasattr(cell, "as_tuple") else str(cell)


def on_paper(page: PrintPage) -> None:
    """The same tables on paper."""
    copy: Any = page.whole.record
    if page.whole.register.slug != sending.COPY:
        return
    page.wide = True
    page.sections += [{"title": kept["title"], "table": _table(kept, ALL)} for kept in copy.sheets or []]


pages.on_show(show, order=12)
printing.on_print(on_paper, order=20)
