"""Sums of a sheet: losses by the policy's formulas, what outside parties bear, and each share to the cent."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.areas.consequences import calc
from app.areas.consequences.external_liability import ExternalLiability
from app.areas.consequences.heads import head_of
from app.areas.consequences.loss_item import LossItem
from app.areas.consequences.loss_sheet import LossSheet
from app.areas.consequences.resale import Resale
from app.areas.consequences.responsibility_share import ResponsibilityShare
from app.core.db import session
from app.engines.calculating import operations as calculating
from app.engines.calculating.operations import Calculated
from app.engines.people.models import Employee, OrgUnit

RETURNED = "return"
RESALE_LOSS = "resale_loss"


def key_of(kind: str) -> str:
    """The pack's calculation for a kind of loss."""
    return f"loss_{kind}"


def sheet_of(row: Any) -> LossSheet:
    """The sheet that a line belongs to."""
    return session.get_one(LossSheet, row.sheet_id)


def items_of(sheet_id: int) -> Sequence[LossItem]:
    """The losses of a sheet in the order they were entered."""
    return session.scalars(sa.select(LossItem).filter_by(sheet_id=sheet_id).order_by(LossItem.id)).all()


def next_line(sheet: LossSheet) -> str:
    """The name of the next loss of a sheet; one that was deleted leaves its number."""
    taken = {item.line_no for item in items_of(sheet.id)}
    return next(name for place in range(1, len(taken) + 2) if (name := f"{sheet.sheet_no}-{place}") not in taken)


def shares_of(sheet_id: int) -> Sequence[ResponsibilityShare]:
    """The shares of a sheet, the largest first."""
    share = ResponsibilityShare
    found = sa.select(share).filter_by(sheet_id=sheet_id)
    return session.scalars(found.order_by(share.share_percent.desc(), share.id)).all()


def outside_of(sheet_id: int) -> Sequence[ExternalLiability]:
    """The outside parties of a sheet."""
    party = ExternalLiability
    return session.scalars(sa.select(party).filter_by(sheet_id=sheet_id).order_by(party.id)).all()


def resale_of(item_id: int) -> Resale | None:
    """The resale of returned goods, if there is one."""
    return session.scalar(sa.select(Resale).filter_by(loss_item_id=item_id))


def kept(found: Calculated) -> dict[str, Any]:
    """How an amount came about, as it is kept beside it."""
    return {
        "key": found.key, "text": found.text, "clause": found.clause, "basis": found.basis,
        "label": {"zh": found.label.zh, "en": found.label.en}, "words": {"zh": found.words.zh, "en": found.words.en},
    }


def refresh_item(item: LossItem) -> None:
    """Work out a loss anew: by the table, or by the resale once its window has ended."""
    sold = resale_of(item.id)
    if sold is not None and sold.loss_amount is not None:
        item.loss_amount, item.basis = sold.loss_amount, sold.basis
        return
    found = table_loss(sheet_of(item), item)
    item.loss_amount, item.basis = found.amount, kept(found)


def table_loss(sheet: LossSheet, item: LossItem) -> Calculated:
    """A loss by the policy's table."""
    key = key_of(item.kind)
    return calculating.amount_of(sheet, key, {name: getattr(item, name) for name in inputs_of(sheet, key)})


def inputs_of(sheet: Any, key: str) -> dict[str, str]:
    """The numbers that a calculation of the sheet's pack needs, with their kinds."""
    return dict(calculating.settings_of(sheet).pack.calculations[key].inputs)


def fix_resale(resale: Resale) -> None:
    """Fix the loss of returned goods: what was sold by its price, the rest by the table."""
    sheet, item = sheet_of(resale), session.get_one(LossItem, resale.loss_item_id)
    given = {name: getattr(resale, name) for name in inputs_of(sheet, RESALE_LOSS)}
    found = calculating.amount_of(sheet, RESALE_LOSS, given)
    resale.loss_amount, resale.basis = found.amount, kept(found)
    resale.table_amount = table_loss(sheet, item).amount
    session.flush()
    refresh_item(item)
    refresh_sheet(sheet)


def refresh_sheet(sheet: LossSheet) -> None:
    """Work out sums, shares and the head of a sheet anew."""
    session.flush()
    shares, outside = shares_of(sheet.id), outside_of(sheet.id)
    sheet.loss_total = sum((item.loss_amount for item in items_of(sheet.id)), Decimal(0))
    sheet.bearers = sorted(share.employee_id for share in shares if share.employee_id) or None
    lines: list[Any] = [*shares, *outside]
    parts = _parts(shares)
    parts += [calc.Part(row.share_percent or Decimal(0), calc.OUTSIDE, str(row.id)) for row in outside]
    sheet.share_total = sum((part.percent for part in parts), Decimal(0))
    borne: Sequence[Decimal | None] = calc.amounts(sheet.loss_total, parts) or [None] * len(lines)
    for line, amount in zip(lines, borne, strict=True):
        line.amount = amount
    sheet.external_amount = sum((row.amount or Decimal(0) for row in outside), Decimal(0))
    head = head_of(sheet, sheet.responsible_unit_id)
    sheet.head_unit_id, sheet.head_post = (head.unit_id, head.post) if head else (None, None)
    session.flush()


def _parts(shares: Sequence[ResponsibilityShare]) -> list[calc.Part]:
    numbers = dict(session.execute(sa.select(Employee.id, Employee.number).where(
        Employee.id.in_({share.employee_id for share in shares if share.employee_id})
    )).all())  # fmt: skip
    codes = dict(session.execute(sa.select(OrgUnit.id, OrgUnit.code).where(
        OrgUnit.id.in_({share.bearer_unit_id for share in shares if share.bearer_unit_id})
    )).all())  # fmt: skip
    return [
        calc.Part(share.share_percent, calc.PEOPLE, numbers[share.employee_id]) if share.employee_id
        else calc.Part(share.share_percent, calc.UNITS, codes[share.bearer_unit_id])
        for share in shares
    ]
