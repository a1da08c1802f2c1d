"""The movements of a statement on its page and on the paper that the customer signs."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from app.areas.credit.statements import BALANCE, KINDS, SLUG, Statement, statement_of
from app.core import pages, printing, values
from app.core.fragments import fragment
from app.core.pages import ShowPage
from app.core.printing import PrintPage

MOST = 200


def table(found: Statement) -> dict[str, Any]:
    """Balance before, each movement with the balance after it, and the balance at the end; the latest are shown."""
    balance, rows = found.before, [_row("", _("Balance brought forward"), "", found.before)]
    for line in found.lines:
        balance += line.amount
        rows.append(_row(line.day.isoformat(), str(KINDS[line.kind]), line.number, balance, line.amount))
    heads = [(_("Booked on"), ""), (_("Booking"), ""), (_("Number"), ""), (_("Up"), "end"), (_("Down"), "end"),
             (_("Balance"), "end")]  # fmt: skip
    kept = rows if len(rows) <= MOST else [rows[0], *rows[-MOST:]]
    return {"columns": [{"label": head, "align": align} for head, align in heads], "rows": kept}


def _row(day: str, what: str, number: str, balance: Any, amount: Any = None) -> dict[str, Any]:
    up = f"{amount:,.2f}" if amount is not None and amount > 0 else ""
    down = f"{-amount:,.2f}" if amount is not None and amount < 0 else ""
    return {"cells": [day, what, number, up, down, f"{balance:,.2f}"]}


def _is_statement(whole: Any) -> bool:
    row = whole.record
    return whole.register.slug == SLUG and row.kind == BALANCE and row.as_of is not None and row.customer_id is not None


def show(page: ShowPage) -> None:
    """The movements of the month under the balances."""
    if _is_statement(page.whole):
        found = statement_of(page.record)
        page.insert(2, _("Movements of the month"), fragment("_table.html", table=table(found)))


def on_paper(page: PrintPage) -> None:
    """The same, and a place for the customer to sign."""
    if not _is_statement(page.whole):
        return
    record: Any = page.whole.record
    page.sections.append({"title": _("Movements of the month"), "table": table(statement_of(record))})
    page.company = values.names_of([("org_unit", record.adopter_id)]).get(("org_unit", record.adopter_id), "")
    page.remarks.append(_("We have checked this statement. Our balance: ________________ yuan. Seal and date:"))


pages.on_show(show, order=72)
printing.on_print(on_paper, order=60)
