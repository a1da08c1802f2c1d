"""What forms of consequences come to while they are filled in."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from app.areas.complaints import operations as complaints
from app.areas.consequences import bounds, calc, recovery, sanctions, sheets
from app.areas.consequences.responsibility_share import PERSON
from app.areas.consequences.tables import money
from app.core import moves
from app.core.money import capitals
from app.core.reckoning import Asked, Reckoned, reckons, still_needed
from app.core.wording import pair
from app.engines.calculating import operations as calculating
from app.engines.calculating.calc import written
from app.engines.limits.operations import Measured

SHARING = "行政处罚准则（二）"


def _page(case: Any) -> str:
    life = moves.lifecycle_of(case)
    return life.page if life else ""


# -- losses ------------------------------------------------------------------------------------------------------------


@reckons("loss_item")
def loss(asked: Asked) -> Reckoned | None:
    """A loss by the formula of its kind, and what the whole sheet comes to with it."""
    sheet, kind = asked.row("sheet_id"), asked.get("kind")
    label = asked.whole.fields["loss_amount"].label
    if sheet is None or kind is None:
        return still_needed(label, asked.missing({"sheet_id": 0, "kind": 0}))
    needed = sheets.inputs_of(sheet, sheets.key_of(kind))
    if lacking := asked.missing(needed):
        return still_needed(label, lacking)
    found = calculating.amount_of(sheet, sheets.key_of(kind), asked.numbers(needed))
    mine = asked.whole.record.id
    others = sum((item.loss_amount for item in sheets.items_of(sheet.id) if item.id != mine), Decimal(0))
    total = others + found.amount
    lines = ((_("Total loss of the sheet"), money(total)), (_("In capitals"), capitals(total)))
    return Reckoned(label, money(found.amount), pair(found.words, found.text), found.clause, _page(sheet), lines)


@reckons("resale")
def resold(asked: Asked) -> Reckoned | None:
    """The loss of returned goods as their sale stands, beside what the table alone gives."""
    item, label = asked.row("loss_item_id"), asked.whole.fields["loss_amount"].label
    if item is None:
        return still_needed(label, asked.missing({"loss_item_id": 0}))
    sheet = sheets.sheet_of(item)
    goods = {"quantity": item.quantity, "selling_price": item.unit_price, "sold_qty": asked.get("sold_qty") or 0}
    needed = {name: kind for name, kind in sheets.inputs_of(sheet, sheets.RESALE_LOSS).items() if name not in goods}
    if not goods["sold_qty"]:
        needed.pop("sold_price", None)
    if lacking := asked.missing(needed):
        return still_needed(label, lacking)
    found = calculating.amount_of(sheet, sheets.RESALE_LOSS, asked.numbers(needed) | goods)
    lines = ((asked.whole.fields["table_amount"].label, money(sheets.table_loss(sheet, item).amount)),)
    return Reckoned(label, money(found.amount), pair(found.words, found.text), found.clause, _page(sheet), lines)


# -- shares ------------------------------------------------------------------------------------------------------------


@reckons("responsibility_share")
@reckons("external_liability")
def share(asked: Asked) -> Reckoned | None:
    """What a share comes to, how the sheet adds up with it, and the grade of a person by the table."""
    sheet, percent = asked.row("sheet_id"), asked.get("share_percent")
    label = asked.whole.fields["amount"].label
    if sheet is None or not percent:
        return still_needed(label, asked.missing({"sheet_id": 0, "share_percent": 0}))
    amount = calc.part_of(sheet.loss_total, percent)
    total = percent + sum((row.share_percent or Decimal(0) for row in _other_lines(asked, sheet)), Decimal(0))
    lines = [(_("Total loss of the sheet"), money(sheet.loss_total)), (_("Sum of the shares"), _sum_words(total))]
    if asked.whole.register.slug == "responsibility_share" and asked.get("bearer_type") in (None, PERSON):
        grade = sanctions.graded(sheet, amount)
        lines.append((_("Grade by the table"), str(grade.label or _("None"))))
    text = f"{money(sheet.loss_total)} × {written(percent, 'percent')} = {money(amount)}"
    hint = _("A cent that is left over goes to the largest share.")
    return Reckoned(label, money(amount), text, SHARING, _page(sheet), tuple(lines), hint)


def _other_lines(asked: Asked, sheet: Any) -> list[Any]:
    mine = asked.whole.record
    lines: list[Any] = [*sheets.shares_of(sheet.id), *sheets.outside_of(sheet.id)]
    return [row for row in lines if (type(row), row.id) != (type(mine), mine.id)]


def _sum_words(total: Decimal) -> str:
    said = written(total, "percent")
    if total == calc.WHOLE:
        return said
    left = written(abs(calc.WHOLE - total), "percent")
    if total < calc.WHOLE:
        return _("%(total)s, %(left)s missing", total=said, left=left)
    return _("%(total)s, %(left)s too much", total=said, left=left)


@reckons("recovery_rate")
def rate(asked: Asked) -> Reckoned | None:
    """What was collected of what was due, less what complaints leave out."""
    person, month, label = asked.row("employee_id"), asked.get("month"), asked.whole.fields["rate_percent"].label
    facts = {"receivable_due": 0, "collected": 0}
    lacking = asked.missing({"employee_id": 0, "month": 0} | facts)
    if lacking or person is None or not recovery.is_month(month):
        return still_needed(label, lacking or str(asked.whole.fields["month"].label))
    out = recovery.left_out(person.id, month)
    lines = ((asked.whole.fields["excluded_amount"].label, money(out)),)
    if asked.get("receivable_due") <= out:
        return Reckoned(label, lines=lines, hint=_("Everything that is due is left out; there is no rate."))
    record: Any = asked.whole.record
    found = calculating.amount_of(record, "recovery_rate", asked.numbers(facts) | {"excluded_amount": out})
    return Reckoned(label, written(found.amount, "percent"), found.text, found.clause, _page(record), lines)


# -- papers ------------------------------------------------------------------------------------------------------------


@reckons("return_certificate")
def certificate(asked: Asked) -> Reckoned | None:
    """An amount in capitals, and what the decision leaves."""
    case, amount = asked.row("complaint_id"), asked.get("discount_amount")
    label = asked.whole.fields["discount_amount"].label
    if case is None or amount is None:
        return still_needed(label, asked.missing({"complaint_id": 0, "discount_amount": 0}))
    lines = ((_("In capitals"), capitals(amount)), *_left(case, bounds.granted(case, asked.whole.record.id, amount)))
    return Reckoned(label, money(amount), lines=lines, clause="（十三）1", policy=_page(case))


@reckons("goods_return")
def slip(asked: Asked) -> Reckoned | None:
    """What the goods of a slip are worth, and how many pieces the decision leaves."""
    case, quantity, price = asked.row("complaint_id"), asked.get("slip_qty"), asked.get("unit_price")
    label = asked.whole.fields["return_amount"].label
    if case is None or quantity is None or price is None:
        return still_needed(label, asked.missing({"complaint_id": 0, "slip_qty": 0, "unit_price": 0}))
    found = calculating.amount_of(asked.whole.record, "return_amount", {"actual_qty": quantity, "unit_price": price})
    lines = _left(case, bounds.returned(case, asked.whole.record.id, quantity))
    return Reckoned(label, money(found.amount), found.text, found.clause, _page(case), lines)


def _left(case: Any, measured: Measured) -> tuple[tuple[Any, str], ...]:
    """What the decision of a settled case grants, and what remains of it after this paper."""
    if not complaints.is_settled(case):
        return ((_("State"), _("The complaint is not closed yet.")),)
    figures = (measured.limit, measured.used, abs(measured.limit - measured.total))
    said = [written(figure, measured.kind) for figure in figures]
    after = _("Left after this") if measured.holds else _("Too much")
    return ((measured.label, said[0]), (_("Used by other papers"), said[1]), (after, said[2]))
