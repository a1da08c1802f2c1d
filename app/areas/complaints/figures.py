"""The figures of a periodic report on its page and on paper: tables of groups and lines, each leading to its case."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from app.areas.complaints.report_snapshot import ReportSnapshot
from app.core import pages, printing
from app.core.pages import ShowPage
from app.core.printing import PrintPage
from app.core.words import entry_label
from app.engines.policy import operations as policy
from app.engines.reports import snapshots, tables, wording
from app.engines.reports.listing import Listing

SLUG = ReportSnapshot.__tablename__


def _listing(row: Any) -> Listing | None:
    return snapshots.read_back(policy.pack_for(row.pack_version_id), row.lines or [], row.totals or {})


def show_figures(page: ShowPage) -> None:
    """Tabs with what the period came to and with its cases; the task says in words what is to be done."""
    row: Any = page.record
    if page.whole.register.slug != SLUG:
        return
    page.header["title"], page.header["facts"] = f"{entry_label(row.report)} {row.period}", _task_of(row)
    if (listing := _listing(row)) is None:
        return
    if table := tables.groups(listing):
        page.tabs.insert(0, {"key": "groups", "label": _("By group"), "count": "", "table": table})
    lines = tables.lines(listing, wording.html) | {"cls": "hov pin"}
    page.tabs.insert(0, {"key": "lines", "label": _("Cases"), "count": len(listing.lines), "table": lines})


def _task_of(row: Any) -> list[str]:
    task = policy.pack_for(row.pack_version_id).tasks.get(row.report.partition(".")[2])
    return [str(task.what)] if task else []


def print_figures(page: PrintPage) -> None:
    """The same tables below the form."""
    row: Any = page.whole.record
    if page.whole.register.slug != SLUG:
        return
    page.title = f"{entry_label(row.report)} {row.period}"
    if (listing := _listing(row)) is None:
        return
    page.wide = True
    if table := tables.groups(listing):
        page.sections.append({"title": _("By group"), "table": table})
    page.sections.append({"title": _("Cases"), "table": tables.lines(listing, wording.text)})


pages.on_show(show_figures, order=12)
printing.on_print(print_figures, order=20)
