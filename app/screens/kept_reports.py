"""Kept reports: the rows behind their figures, workbooks of them, and the figures for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import jsonify, render_template, request, stream_with_context
from flask_appbuilder import expose
from flask_appbuilder.api import expose as expose_api
from flask_appbuilder.api import protect
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.areas.complaints import figures, kept
from app.areas.complaints.kept import Kept
from app.core import access, pages, query, values
from app.core.db import writes
from app.core.errors import BadRequest, Problem
from app.core.register import registers
from app.core.screen import Screen, ScreenApi
from app.core.wording import N_
from app.core.words import entry_label
from app.engines.audit import operations as audit
from app.engines.documents import operations as documents
from app.engines.exchange import xlsx
from app.engines.exchange.xlsx import Sheet
from app.engines.privacy import operations as privacy
from app.engines.reports import behind, showing, snapshots, tables, wording
from app.engines.reports.catalogue import Choice
from app.engines.reports.listing import Listing

GUARD = kept.SLUG
EXPORTED = N_("Exported to Excel: %(rows)s rows")


class KeptReportsView(Screen):
    """What stands behind kept reports."""

    route_base = "/kept_reports"
    class_permission_name = GUARD
    method_permission_name = {"rows": "read", "export": "export"}

    @expose("/<int:pk>/rows")
    @has_access
    def rows(self, pk: int) -> str:
        """The rows behind one figure, as they are now."""
        found = _read(pk)
        measure, group = _figure(found)
        return render_template("reports/rows.html", page=_rows_page(found, measure, group))

    @expose("/<int:pk>/export")
    @has_access
    @writes
    def export(self, pk: int) -> Response:
        """The figures and the rows within reach as a workbook; the export stays in the access log."""
        found = _read(pk, "export")
        documents.check_may_print(found.row)
        lines = len(found.listing.lines) if found.listing else 0
        said = {"report": found.row.report, "period": found.row.period, "edition": found.row.edition, "record": pk}
        privacy.log_export(GUARD, lines, reason=request.args.get("reason", ""), facts=said)
        audit.note(found.row, "act", EXPORTED, {"rows": lines})
        name = f"{found.row.report}-{found.row.period}-{found.row.edition}.xlsx"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        book = stream_with_context(xlsx.stream(list(_sheets(found))))
        return Response(book, mimetype=xlsx.MIME, headers=headers)


def _read(pk: int, action: str = "read") -> Kept:
    return kept.read(query.find(registers()[GUARD], pk, action), access.current())


# -- rows behind a figure --------------------------------------------------------------------------------------------


def _figure(found: Kept) -> tuple[str, Mapping[str, Any]]:
    """Which measure is asked for, and of which group; raises ``BadRequest`` for one that the report does not have."""
    measure, counted = request.args.get("measure", ""), found.figures or {"tables": []}
    written = found.report.written.figures if found.report else None
    known = written is not None and found.figures is not None and measure in written.measures
    if not known or written is None or written.measures[measure].derived:
        raise BadRequest(Problem(_("There is no such figure in this report."), "measure", "reference"))
    if "table" not in request.args:
        return measure, {}
    try:
        table = counted["tables"][_place("table")]
        chosen = table["rows"][_place("group")]["values"]
    except (ValueError, IndexError):
        raise BadRequest(Problem(_("There is no such group in this report."), "group", "reference")) from None
    if measure not in table["measures"]:
        raise BadRequest(Problem(_("There is no such figure in this report."), "measure", "reference"))
    return measure, dict(zip(table["by"], chosen, strict=True))


def _place(name: str) -> int:
    text = request.args.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise ValueError(text)
    return int(text)


def _rows_page(found: Kept, measure: str, group: Mapping[str, Any]) -> dict[str, Any]:
    report, row = found.report, found.row
    assert report is not None
    assert report.written.figures is not None
    choice = Choice(row.generated_at or row.created_at, found.period)
    extent = snapshots.extent_of(report, choice, access.current(), row.adopter_id)
    listing = behind.rows_behind(report.written.figures, extent, measure, group)
    return {
        "title": str(report.written.figures.measures[measure].label),
        "subtitle": " · ".join([f"{entry_label(row.report)} {row.period}", *_named(found, group)]),
        "breadcrumbs": [{"label": row.snapshot_no or row.period, "url": pages.url(row.register, "show", pk=row.id)}],
        "lines": tables.lines(listing, wording.html),
        "more": listing.more,
        "note": _note(found, measure, listing),
    }


def _named(found: Kept, group: Mapping[str, Any]) -> Iterator[str]:
    """The group in words."""
    if group and found.report and found.figures:
        table = found.figures["tables"][_place("table")]
        words = showing.Words(found.report)
        names = values.names_of(words.wanted(table))
        yield from (words.group(table, place, value, names) for place, value in enumerate(group.values()))


def _note(found: Kept, measure: str, listing: Listing) -> str:
    counted = found.figures["measures"].get(measure) if found.figures else None
    if "table" in request.args and found.figures:
        counted = found.figures["tables"][_place("table")]["rows"][_place("group")]["measures"].get(measure)
    text = showing.Words(found.report).value(measure, counted) if found.report else ""
    said = {"counted": text, "rows": len(listing.lines)}
    return _("The report counted %(counted)s. Listed are the rows as they are now within your reach: %(rows)s.", **said)


# -- workbooks -------------------------------------------------------------------------------------------------------


def _sheets(found: Kept) -> Iterator[Sheet]:
    """The figures, each table, and the rows."""
    shown = figures.shown_of(found)
    for table in [*shown.compared, *shown.tables] if shown else []:
        bare = showing.bare(table)
        yield Sheet(table.get("title") or _("Figures"), _heads(bare), _plain(bare))
    if found.listing is not None:
        yield _lines(found.listing)
    elif shown is None:
        yield Sheet(_("Figures"), [entry_label(found.row.report)], [])


def _heads(table: Mapping[str, Any]) -> list[Any]:
    return [column["label"] for column in table["columns"]]


def _plain(table: Mapping[str, Any]) -> Iterator[list[Any]]:
    """Cells of a table without their links."""
    for row in table["rows"]:
        yield [cell.striptags() if hasattr(cell, "striptags") else cell for cell in row["cells"]]


def _lines(listing: Listing) -> Sheet:
    return Sheet(_("Rows"), [column.label for column in listing.columns], _cells(listing))


def _cells(listing: Listing) -> Iterable[list[Any]]:
    return ([wording.cell(listing, line, column) for column in listing.columns] for line in listing.lines)


# -- for programs ----------------------------------------------------------------------------------------------------


class KeptReportApi(ScreenApi):
    """Kept reports for programs."""

    resource_name = "kept_report"
    class_permission_name = GUARD
    method_permission_name = {"get": "read"}

    @expose_api("/<int:pk>", methods=["GET"])
    @protect()
    def get(self, pk: int) -> Response:
        """The figures and the rows of a kept report, as far as they are meant for the caller."""
        return jsonify(_read(pk).facts)


__all__ = ["KeptReportApi", "KeptReportsView"]
