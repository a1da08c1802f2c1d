"""What pages of consequences show beside their fields: formulas with numbers, bearers, reasons, warnings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from app.areas.complaints import operations as complaints
from app.areas.consequences import payroll_tables, sanctions, tables
from app.core import forms, pages
from app.core.fragments import fragment
from app.core.lifecycle import Words
from app.core.pages import ShowPage
from app.core.wording import pair
from app.engines.tiering import operations as tiering

LINES = ("loss_item", "resale", "responsibility_share", "external_liability")
FOLLOWING = ("loss_sheet", "sanction", "penalty_notice")


def show(page: ShowPage) -> None:
    """Add the part of the record's register."""
    if (add := PARTS.get(page.whole.register.slug)) is not None:
        add(page)


def _section(page: ShowPage, title: str, table: tables.Table, clause: str, below: str = "", at: int = 1) -> None:
    html = fragment("_table.html", table=table, below=below)
    page.insert(at, title, html, forms.clause_link(page.life.page if page.life else "", clause))


def _sheet(page: ShowPage) -> None:
    sheet = page.record
    below = tables.total_line(sheet.loss_total)
    _section(page, _("Losses"), tables.losses(sheet.id), "损失金额核算标准", below)
    _section(page, _("Who bears it"), tables.bearers(sheet.id), "行政处罚准则（二）", at=2)
    if page.life is not None and sheet.status != page.life.start:
        close_to(page, LINES)
    close_to(page, FOLLOWING)


def _resale(page: ShowPage) -> None:
    resale = page.record
    _calculation(page, resale.basis, -1)
    if resale.loss_amount is not None and resale.loss_amount > (resale.table_amount or 0):
        text = _("The resale made the loss larger than the table would; it counts as the policy writes it.")
        page.notes.append({"tone": "warn", "text": text})


def _item(page: ShowPage) -> None:
    _calculation(page, page.record.basis, 0)


def _calculation(page: ShowPage, basis: Mapping[str, Any] | None, at: int) -> None:
    if basis:
        page.sections[at]["html"] = why_box(_("Calculation"), pair(Words(**basis["words"]), basis["text"]))


def why_box(title: str, text: str) -> Markup:
    """A box that says why, under the fields of a section."""
    return Markup('<div class="kz-why mt-3"><strong>{}</strong> {}</div>').format(title, text)


def _sanction(page: ShowPage) -> None:
    """Why the grade is what it is; who only sees his own learns it too."""
    sanction: Any = page.record
    if not sanctions.follows_losses(sanction):
        return
    if sanction.joint_of_id is not None:
        why = _("The head is sanctioned with the person, one step lower.")
    else:
        why = tiering.reason(sanctions.graded(sanction, sanction.burden))
    page.sections[0]["html"] = why_box(_("Why this grade"), why)


def _notice(page: ShowPage) -> None:
    notice: Any = page.record
    if notice.sheet_id is not None:
        below = tables.total_line(notice.loss_base)
        _section(page, _("Who bears it"), tables.bearers(notice.sheet_id, outside=False), "（十二）2", below)


def _announcement(page: ShowPage) -> None:
    label = page.whole.fields["sanctions"].label
    page.sections[0]["fields"] = [shown for shown in page.sections[0]["fields"] if shown["label"] != label]
    _section(page, _("Sanctions"), tables.sanctions(page.record.sanctions), "（十二）1")


def _run(page: ShowPage) -> None:
    """Who pays what; tabs hold the whole lists."""
    run: Any = page.record
    if run.people is None or run.status in ("entering", "ready"):
        return
    below = tables.total_line(run.taken_total)
    if run.people > payroll_tables.SHOWN:
        below = _("The %(count)s largest of %(all)s people.", count=payroll_tables.SHOWN, all=run.people) + " " + below
    table = payroll_tables.of_month(run, limit=payroll_tables.SHOWN)
    _section(page, _("People"), table, "经济处罚准则（三）4", below)
    if run.waiting:
        text = _("%(count)s notices wait: nobody who bears their loss has points in this month.", count=run.waiting)
        page.notes.append({"tone": "warn", "text": text})


def _pay_item(page: ShowPage) -> None:
    item: Any = page.record
    if item.run_id is not None:
        below = tables.total_line(item.taken)
        _section(page, _("Deductions of the month"), payroll_tables.of_person(item), "经济处罚准则（三）4", below, at=2)


def _complaint(page: ShowPage) -> None:
    """What follows is opened when the complaint stands as the policy asks."""
    close_to(page, [slug for slug in FOLLOWING if not complaints.may_follow(slug, page.record)])


def close_to(page: ShowPage, slugs: Collection[str]) -> None:
    """Offer no new rows of these registers here."""
    for slug in slugs:
        page.withdraw(slug)


PARTS: Mapping[str, Callable[[ShowPage], None]] = {
    "complaint": _complaint,
    "loss_sheet": _sheet,
    "loss_item": _item,
    "resale": _resale,
    "sanction": _sanction,
    "penalty_notice": _notice,
    "personnel_announcement": _announcement,
    "payroll_run": _run,
    "pay_item": _pay_item,
}
pages.on_show(show, order=70)
