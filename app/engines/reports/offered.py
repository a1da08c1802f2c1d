"""What the program itself offers to be sent: the reports of the policies, and the lists that people have saved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _

from app.core import access, clock, query
from app.core.access import Access
from app.core.errors import NotFound
from app.core.register import registers
from app.core.wording import pair
from app.core.words import entry_label
from app.engines.deadlines import periods
from app.engines.deadlines.periods import Period
from app.engines.exchange import asking, exporting
from app.engines.exchange.xlsx import Sheet
from app.engines.reports import catalogue, lines, operations, showing, snapshots, wording
from app.engines.reports.catalogue import Choice, Report
from app.engines.reports.listing import Listing
from app.engines.reports.sources import MOST, PRESENT, Content, Source, add
from app.engines.views import operations as views
from app.engines.views.models import SavedView

BY_PERIOD = ("closed", "missing", "owed")

# -- reports of policies -----------------------------------------------------------------------------------------------


def _reports(person: Access) -> dict[str, str]:
    return {report.key: f"{report.pack.code} {report.written.label}" for report in catalogue.open_to(person)}


def period_of(kind: str, shown: str) -> Period:
    """The period that a report sent today is about."""
    today = clock.today()
    return periods.present(kind, today) if shown == PRESENT else periods.ended_before(kind, today)


def _report(key: str, shown: str) -> Content:
    report, person = catalogue.find(key), access.current()
    choice = Choice(clock.now(), period_of(report.written.period, shown))
    found = list(_sheets(report, choice, person))
    name = choice.period.name if choice.period else ""
    guards = frozenset({registers()[report.slug].guarded_by})
    listed = len(list(found[-1].rows)) if report.lists else 0
    return Content(str(report.written.label), name, found, guards, f"/reports/{key}?period={name}", listed)


def _sheets(report: Report, choice: Choice, person: Access) -> Iterator[Sheet]:
    if report.written.figures is not None:
        counted = lines.counted(report.written.figures, snapshots.extent_of(report, choice, person, None))
        words = showing.Words(report)
        measured = showing.measures(words, counted["measures"], {}, _nowhere, counted.get("lines"))
        for table in (showing.compared(measured, {}), *map(showing.bare, showing.tables(words, counted, _nowhere))):
            yield Sheet(table.get("title") or _("Figures"), _heads(table), [_cells(row) for row in table["rows"]])
    if report.lists:
        asked = choice if report.shows.kind in BY_PERIOD else Choice(choice.now)
        yield _rows(operations.read(report, asked, person), _("Rows"))


def _rows(found: Listing, title: str) -> Sheet:
    cells = [[wording.cell(found, line, column) for column in found.columns] for line in found.lines[:MOST]]
    return Sheet(title, [str(column.label) for column in found.columns], cells)


def _heads(table: Mapping[str, Any]) -> list[str]:
    return [str(column["label"]) for column in table["columns"]]


def _cells(row: Mapping[str, Any]) -> list[Any]:
    return [cell.striptags() if hasattr(cell, "striptags") else cell for cell in row["cells"]]


def _nowhere(_measure: str, _table: int | None, _group: int | None) -> str:
    return ""


add(Source("", _reports, entry_label, _report))


# -- saved lists -------------------------------------------------------------------------------------------------------


def _views(person: Access) -> dict[str, str]:
    return {f"view:{view.id}": pair(registers()[view.register].label, view.name) for view in views.all_of_mine()
            if not registers()[view.register].closed and person.can(view.register, "read")}  # fmt: skip


def _view_label(key: str) -> str:
    view = views.named(_number(key))
    return pair(registers()[view.register].label, view.name) if view else key


def _number(key: str) -> int:
    text = key.partition(":")[2]
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _view(key: str, _shown: str) -> Content:
    view: SavedView | None = views.named(_number(key))
    if view is None:
        raise NotFound()
    register = registers()[view.register]
    access.require(register.guarded_by, "read")
    asked = views.args_of(view)
    wanted = asked.pop("columns", "").split(",")
    asked.pop("size", None)
    criteria = query.read_criteria(register, asked)
    export = exporting.prepare(register, criteria, exporting.columns_of(register, wanted))
    export = replace(export, rows=export.rows.limit(MOST))
    found = list(exporting.lines(export))
    sheet = Sheet(str(register.label), export.heads, found)
    today = clock.today().isoformat()
    personal = len(asking.personal_of(export.columns))
    guards, url = frozenset({register.guarded_by}), f"/views/link/{view.word}"
    return Content(view.name, today, [sheet], guards, url, len(found), personal)


add(Source("view", _views, _view_label, _view))
