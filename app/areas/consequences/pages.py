"""What pages of consequences show beside their fields: formulas with numbers, bearers, reasons, warnings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from markupsafe import Markup

from app.areas.consequences import sanctions, tables
from app.core import access, forms, moves, pages
from app.core.db import session
from app.core.lifecycle import Words
from app.core.pages import ShowPage
from app.core.register import registers
from app.engines.tiering import operations as tiering

LINES = ("loss_item", "resale", "responsibility_share", "external_liability")
FOLLOWING = ("loss_sheet", "sanction", "penalty_notice")


def show(page: ShowPage) -> None:
    """Add the part of the record's register."""
    if (add := PARTS.get(page.whole.register.slug)) is not None:
        add(page)


def _section(page: ShowPage, title: str, table: tables.Table, clause: str, below: str = "", at: int = 1) -> None:
    html = Markup(render_template("_table.html", table=table, below=below))  # noqa: S704 -- the template escapes
    link = forms.clause_link(page.life.policy if page.life else "", clause)
    page.sections.insert(at, {"title": title, "hint": "", "fields": [], "clause": link, "html": html})


def _sheet(page: ShowPage) -> None:
    sheet = page.record
    below = tables.total_line(sheet.loss_total)
    _section(page, _("Losses"), tables.losses(sheet.id), "损失金额核算标准", below)
    _section(page, _("Who bears it"), tables.bearers(sheet.id), "行政处罚准则（二）", at=2)
    _refer(page, "complaint", sheet.complaint_id)
    _refer(page, "loss_sheet", sheet.previous_id)
    if page.life is not None and sheet.status != page.life.start:
        for tab in page.tabs:
            if tab["key"] in LINES:
                tab.pop("add", None)


def _resale(page: ShowPage) -> None:
    resale = page.record
    _calculation(page, resale.basis, -1)
    _refer(page, "loss_sheet", resale.sheet_id)
    if resale.loss_amount is not None and resale.loss_amount > (resale.table_amount or 0):
        text = _("The resale made the loss larger than the table would; it counts as the policy writes it.")
        page.notes.append({"tone": "warn", "text": text})


def _line(page: ShowPage) -> None:
    _refer(page, "loss_sheet", page.record.sheet_id)


def _item(page: ShowPage) -> None:
    _calculation(page, page.record.basis, 0)
    _line(page)


def _calculation(page: ShowPage, basis: Mapping[str, Any] | None, at: int) -> None:
    if basis:
        page.sections[at]["html"] = _why(_("Calculation"), f"{Words(**basis['words'])}：{basis['text']}")


def _why(title: str, text: str) -> Markup:
    return Markup('<div class="kz-why mt-3"><strong>{}</strong> {}</div>').format(title, text)


def _refer(page: ShowPage, slug: str, key: int | None) -> None:
    """A way to a row that this one belongs to, for who may see it."""
    register = registers()[slug]
    row = session.get(register.model, key) if key else None
    if row is None or not access.may(row, "read"):
        return
    life = moves.lifecycle_of(row)
    state = life.states.get(row.status) if life else None
    page.related.append({
        "id": getattr(row, register.title) or f"#{row.id}", "url": pages.url(register, "show", pk=row.id),
        "title": str(register.label), "state": {"label": state.label, "tone": state.tone} if state else None,
    })


def _sanction(page: ShowPage) -> None:
    """Why the grade is what it is; who only sees his own learns it too."""
    sanction: Any = page.record
    if sanction.joint_of_id is not None:
        why = _("The head is sanctioned with the person, one step lower.")
    else:
        why = tiering.reason(sanctions.graded(sanction, sanction.burden))
    page.sections[0]["html"] = _why(_("Why this grade"), why)
    _refer(page, "complaint", sanction.complaint_id)
    _refer(page, "loss_sheet", sanction.sheet_id)
    _refer(page, "sanction", sanction.joint_of_id)


def _notice(page: ShowPage) -> None:
    notice: Any = page.record
    _refer(page, "complaint", notice.complaint_id)
    _refer(page, "loss_sheet", notice.sheet_id)
    if notice.sheet_id is not None:
        below = tables.total_line(notice.loss_base)
        _section(page, _("Who bears it"), tables.bearers(notice.sheet_id, outside=False), "（十二）2", below)


def _letter(page: ShowPage) -> None:
    _refer(page, "sanction", page.record.sanction_id)


def _announcement(page: ShowPage) -> None:
    label = page.whole.fields["sanctions"].label
    page.sections[0]["fields"] = [shown for shown in page.sections[0]["fields"] if shown["label"] != label]
    _section(page, _("Sanctions"), tables.sanctions(page.record.sanctions), "（十二）1")


def _complaint(page: ShowPage) -> None:
    """Tabs of what follows appear when there is something, or something to open."""
    settled = page.record.closed_at is not None and page.record.founded
    for tab in [tab for tab in page.tabs if tab["key"] in FOLLOWING]:
        if not settled:
            tab.pop("add", None)
        if not tab["count"] and "add" not in tab:
            page.tabs.remove(tab)


PARTS: Mapping[str, Callable[[ShowPage], None]] = {
    "complaint": _complaint,
    "loss_sheet": _sheet,
    "loss_item": _item,
    "resale": _resale,
    "responsibility_share": _line,
    "external_liability": _line,
    "repentance_letter": _letter,
    "sanction": _sanction,
    "penalty_notice": _notice,
    "personnel_announcement": _announcement,
}
pages.on_show(show, order=70)
