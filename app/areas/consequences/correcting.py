"""Corrections of approved sheets: a new version with the same lines; the old one stands until it is approved."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.areas.consequences import sheets
from app.areas.consequences.external_liability import ExternalLiability
from app.areas.consequences.loss_item import LossItem
from app.areas.consequences.loss_sheet import LossSheet
from app.areas.consequences.opening import open_case
from app.areas.consequences.resale import Resale
from app.areas.consequences.responsibility_share import ResponsibilityShare
from app.core import access, moves
from app.core.db import session
from app.core.register import register_of

SUPERSEDE = "supersede"
CASE_COLUMNS = ("policy", "pack_version_id", "adopter_id", "status", "holder_unit_id", "holder_post")


def open_version(old: LossSheet, reason: str) -> LossSheet:
    """The next version of a sheet as a draft of whoever corrects it, with losses, shares and outside parties."""
    last = session.scalar(sa.select(sa.func.max(LossSheet.version)).filter_by(complaint_id=old.complaint_id)) or 1
    new: LossSheet = open_case(
        LossSheet, old, old.unit_id, owner_id=access.current().employee_id, complaint_id=old.complaint_id,
        version=last + 1, previous_id=old.id, correction_reason=reason, responsible_unit_id=old.responsible_unit_id,
        judgement=old.judgement,
    )
    for item in sheets.items_of(old.id):
        _copy_item(item, new)
    for share in sheets.shares_of(old.id):
        unseen = _copy(share, sheet_id=new.id, unit_id=share.unit_id, owner_id=None, approved_at=None)
        moves.send_to(unseen, new.holder_unit_id or new.unit_id)
    for party in sheets.outside_of(old.id):
        values = {name: getattr(party, name) for name in register_of(party).writable if name != "sheet_id"}
        open_case(ExternalLiability, new, party.unit_id, owner_id=party.owner_id, sheet_id=new.id, **values)
    sheets.refresh_sheet(new)
    return new


def replace_previous(sheet: Any) -> None:
    """End the version that a sheet corrects."""
    if sheet.previous_id is None:
        return
    old = session.get_one(LossSheet, sheet.previous_id)
    old.replaced = True
    session.flush()
    moves.move(old, SUPERSEDE, as_system=True)


def _copy_item(item: LossItem, sheet: LossSheet) -> None:
    """A loss, and its resale with the loss that was fixed."""
    made = _copy(item, sheet_id=sheet.id, line_no=sheets.next_line(sheet))
    if (sold := sheets.resale_of(item.id)) is not None:
        case = {name: getattr(sold, name) for name in (*CASE_COLUMNS, "unit_id", "owner_id")}
        _copy(sold, sheet_id=sheet.id, loss_item_id=made.id, **case)


def _copy(row: Any, **changes: Any) -> Any:
    model: type[LossItem | Resale | ResponsibilityShare] = type(row)
    made = model(**{name: getattr(row, name) for name in register_of(row).fields if name not in changes} | changes)
    session.add(made)
    session.flush()
    return made
