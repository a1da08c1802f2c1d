"""Prints of consequences as their paper looks: tables, sums in capitals, opinions with signatures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from app.areas.consequences import payroll_tables, tables
from app.core import printing, values
from app.core.printing import PrintPage
from app.engines.approvals.operations import signatures


def complete(page: PrintPage) -> None:
    """Add the tables, the company and the signatures to a print of this area."""
    if (add := PARTS.get(page.whole.register.slug)) is None:
        return
    record: Any = page.whole.record
    add(page, record)
    if not page.whole.register.from_pack:
        return
    page.company = values.names_of([("org_unit", record.adopter_id)]).get(("org_unit", record.adopter_id), "")
    page.opinions += signatures(record)


def _sheet(page: PrintPage, sheet: Any) -> None:
    page.sections.insert(1, {"title": _("Losses"), "table": tables.losses(sheet.id)})
    page.sections.insert(2, {"title": "", "fields": [_total(sheet.loss_total)]})
    page.sections.insert(3, {"title": _("Who bears it"), "table": tables.bearers(sheet.id)})


def _notice(page: PrintPage, notice: Any) -> None:
    if notice.sheet_id is not None:
        table = tables.bearers(notice.sheet_id, outside=False)
        page.sections.insert(1, {"title": _("Who bears it"), "table": table})
        page.sections.insert(2, {"title": "", "fields": [_total(notice.loss_base)]})


def _announcement(page: PrintPage, announcement: Any) -> None:
    page.sections[0]["fields"] = [f for f in page.sections[0]["fields"] if f["label"] != _field("sanctions", page)]
    page.sections.insert(1, {"title": _("Sanctions"), "table": tables.sanctions(announcement.sanctions)})


def _run(page: PrintPage, run: Any) -> None:
    """The list of the month, with everybody in it."""
    page.wide = True
    page.sections.insert(1, {"title": _("People"), "table": payroll_tables.of_month(run)})
    page.sections.insert(2, {"title": "", "fields": [_total(run.taken_total)]})


def _statement(page: PrintPage, item: Any) -> None:
    """The statement of a person for one month."""
    page.title = _("Statement of bonus and deductions")
    page.sections.append({"title": _("Deductions of the month"), "table": payroll_tables.of_person(item)})
    page.sections.append({"title": "", "fields": [
        _total(item.taken, _("Deducted, in words")), _total(item.paid_out, _("Paid out, in words")),
    ]})  # fmt: skip


def _field(name: str, page: PrintPage) -> Any:
    """The label of a field that a table shows instead."""
    return page.whole.fields[name].label


def _sanction(page: PrintPage, sanction: Any) -> None:
    page.sections.insert(1, {"title": "", "fields": [_total(sanction.conversion_fine, _("Fine in words"))]})


def _total(amount: Any, label: str = "") -> dict[str, Any]:
    return {"label": label or _("In words"), "value": tables.total_line(amount), "wide": True}


PARTS: Mapping[str, Callable[[PrintPage, Any], None]] = {
    "loss_sheet": _sheet,
    "penalty_notice": _notice,
    "personnel_announcement": _announcement,
    "sanction": _sanction,
    "payroll_run": _run,
    "pay_item": _statement,
}
printing.on_print(complete, order=60)
