"""What the lines of a sheet must obey: the numbers of their formula, one bearer, and the lock of an approved sheet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.complaints import operations as complaints
from app.areas.consequences import sheets
from app.areas.consequences.loss_item import LossItem
from app.areas.consequences.loss_sheet import LossSheet
from app.areas.consequences.responsibility_share import PERSON, WIDE
from app.core import clock, moves
from app.core.db import session
from app.core.errors import Problem
from app.core.ripples import after_change, before_delete
from app.core.saving import Draft, before_create, check
from app.core.whole import Whole
from app.engines.people.models import Employee

NUMBERS = ("actual_amount", "quantity", "unit_price", "processing_cost", "freight")
LOCKED = "（九）7"
TABLE, SHARING, RESALE = "损失金额核算标准", "行政处罚准则（二）", "行政处罚准则（一）"


def _locked(sheet: LossSheet | None) -> Iterable[Problem]:
    """Why lines of a sheet may not change: it was put up or approved."""
    if sheet is not None and not _is_draft(sheet):
        text = _("The sheet is put up or approved; a correction is a new version with its reason.")
        yield Problem(text, "sheet_id", "locked", LOCKED)


def _is_draft(sheet: LossSheet) -> bool:
    life = moves.lifecycle_of(sheet)
    return life is not None and sheet.status == life.start


def _sheets_touched(draft: Draft) -> Iterable[LossSheet]:
    keys = {draft.whole.get("sheet_id"), draft.get("sheet_id")} - {None}
    return [sheet for key in keys if (sheet := session.get(LossSheet, key)) is not None]


@check("loss_item")
def loss_has_its_numbers(draft: Draft) -> Iterable[Problem]:
    """The formula of a kind of loss says which numbers are needed; others stay empty."""
    for sheet in _sheets_touched(draft):
        yield from _locked(sheet)
    sheet = session.get(LossSheet, draft.get("sheet_id") or 0)
    if sheet is None or draft.get("kind") is None:
        return
    needed = sheets.inputs_of(sheet, sheets.key_of(draft.get("kind")))
    for name in NUMBERS:
        label, filled = draft.whole.fields[name].label, draft.get(name) is not None
        if name in needed and not filled:
            yield Problem(_("“%(field)s” is needed for this kind of loss.", field=label), name, "required", TABLE)
        if filled and name not in needed:
            yield Problem(_("“%(field)s” does not belong to this kind of loss.", field=label), name, "empty", TABLE)
    if draft.whole.record.id and sheets.resale_of(draft.whole.record.id) and draft.get("kind") != sheets.RETURNED:
        yield Problem(_("These goods are being resold; the line stays a return."), "kind", "resale", RESALE)


@check("responsibility_share")
def share_has_one_bearer(draft: Draft) -> Iterable[Problem]:
    """A person bears as a person, a unit as a unit; who falls back on a larger unit says why."""
    for sheet in _sheets_touched(draft):
        yield from _locked(sheet)
    kind = draft.get("bearer_type")
    wanted, other = ("employee_id", "bearer_unit_id") if kind == PERSON else ("bearer_unit_id", "employee_id")
    if draft.get(wanted) is None:
        yield Problem(_("Name who bears the share."), wanted, "required", SHARING)
    if draft.get(other) is not None:
        yield Problem(_("A share has one bearer: a person, or a unit."), other, "one_bearer", SHARING)
    if kind in WIDE and not draft.get("fallback_reason"):
        text = _("Say why no person or smaller unit can be named.")
        yield Problem(text, "fallback_reason", "required", "经济处罚准则（一）（二）")
    yield from _twice(draft, wanted)
    yield from _percent(draft)
    yield from fault_in_words(draft)


def _twice(draft: Draft, name: str) -> Iterable[Problem]:
    model: Any = draft.whole.register.model
    same = {"sheet_id": draft.get("sheet_id"), name: draft.get(name)}
    found = session.scalar(sa.select(model.id).filter_by(**same)) if draft.get(name) else None
    if found is not None and found != draft.whole.record.id:
        yield Problem(_("This bearer has a share in the sheet already."), name, "unique", SHARING)


@check("sanction")
def fault_in_words(draft: Draft) -> Iterable[Problem]:
    """The item “other” says in words what the fault was."""
    if draft.get("fault_item") == "item_15" and not (draft.get("fault_text") or "").strip():
        text = _("The item “other” needs the fault in words.")
        yield Problem(text, "fault_text", "required", "行政处罚准则（四）")


def _percent(draft: Draft) -> Iterable[Problem]:
    percent = draft.get("share_percent")
    if percent is not None and percent != round(percent, 2):
        yield Problem(_("A share has two decimals at most."), "share_percent", "share", SHARING)
    if percent == 0:
        yield Problem(_("Who bears nothing has no share."), "share_percent", "share", SHARING)


@check("external_liability")
def outside_share_is_locked(draft: Draft) -> Iterable[Problem]:
    """The share of an outside party is locked with the sheet; what is recovered is written down later."""
    touched = {"sheet_id", "share_percent"}
    if any(name in draft.values and draft.values[name] != draft.whole.get(name) for name in touched):
        for sheet in _sheets_touched(draft):
            yield from _locked(sheet)
    yield from _percent(draft)


@check("resale")
def resale_fits_its_goods(draft: Draft) -> Iterable[Problem]:
    """Returned goods of an open sheet are resold inside their window, for no more than the grade-A price."""
    item = session.get(LossItem, draft.get("loss_item_id") or 0)
    if item is not None:
        yield from _locked(sheets.sheet_of(item))
        if item.kind != sheets.RETURNED:
            yield Problem(_("Only returned goods are resold."), "loss_item_id", "kind", RESALE)
    decided = draft.get("decided_on")
    if decided is not None and decided > clock.today():
        yield Problem(_("The decision lies in the future."), "decided_on", "not_future", RESALE)
    yield from _sale(draft, item.quantity if item else None)


def _sale(draft: Draft, quantity: int | None) -> Iterable[Problem]:
    sold, price, day = draft.get("sold_qty") or 0, draft.get("sold_price"), draft.get("sold_on")
    if quantity is not None and sold > quantity:
        text = _("Only %(number)s pieces were returned.", number=f"{quantity:,}")
        yield Problem(text, "sold_qty", "not_above", RESALE)
    for name in ("sold_price", "sold_on"):
        if sold and draft.get(name) is None:
            yield Problem(_("A sale has its price and its day."), name, "required", RESALE)
    if price is not None and draft.get("grade_a_price") is not None and price > draft.get("grade_a_price"):
        text = _("A resale above the grade-A price is no loss; write the grade-A price at most.")
        yield Problem(text, "sold_price", "not_above", RESALE)
    end = draft.whole.get("window_end")
    last = min(clock.today(), clock.to_local(end).date()) if end else clock.today()
    if day is not None and not (draft.get("decided_on") or day) <= day <= last:
        text = _("The sale lies inside the window and not in the future.")
        yield Problem(text, "sold_on", "window", RESALE)


# -- what follows ------------------------------------------------------------------------------------------------------


@before_create("loss_item")
def number_line(whole: Whole) -> None:
    """A line is known by its sheet and its place in it."""
    record: Any = whole.record
    record.line_no = sheets.next_line(sheets.sheet_of(record))


@before_create("responsibility_share")
def belongs_to_the_bearer(whole: Whole) -> None:
    """A share belongs to its bearer's unit; the person sees it when it is approved."""
    record: Any = whole.record
    record.owner_id = None
    _place(record)


def _place(share: Any) -> None:
    person = session.get(Employee, share.employee_id) if share.employee_id else None
    share.unit_id = person.unit_id if person else share.bearer_unit_id


@before_create("resale")
def belongs_to_sales(whole: Whole) -> None:
    """Returned goods are sold by whoever is in charge of the complaint."""
    record: Any = whole.record
    item = session.get_one(LossItem, record.loss_item_id)
    record.sheet_id = item.sheet_id
    complaint = complaints.complaint_of(sheets.sheet_of(item).complaint_id)
    if complaint is not None:
        record.unit_id, record.owner_id = complaint.unit_id, complaint.owner_id


@after_change("resale")
def takes_over_the_goods(resale: Any) -> None:
    """A resale has the quantity and price of the returned goods."""
    item = session.get_one(LossItem, resale.loss_item_id)
    resale.quantity, resale.selling_price = item.quantity, item.unit_price
    session.flush()


@after_change("loss_item")
def reckon_loss(item: Any) -> None:
    """A loss and the sums of its sheet are worked out on every save."""
    if not sa.inspect(item).deleted:
        sheets.refresh_item(item)
        if (sold := sheets.resale_of(item.id)) is not None:
            takes_over_the_goods(sold)
    sheets.refresh_sheet(sheets.sheet_of(item))


@after_change("responsibility_share")
def place_share(share: Any) -> None:
    """A share whose bearer changed belongs to another unit."""
    if not sa.inspect(share).deleted:
        _place(share)


@after_change("responsibility_share")
@after_change("external_liability")
def reckon_shares(line: Any) -> None:
    """Shares are worked out on every save; case control sees every share of its sheets."""
    sheet = sheets.sheet_of(line)
    if not sa.inspect(line).deleted:
        moves.send_to(line, sheet.holder_unit_id or sheet.unit_id)
    sheets.refresh_sheet(sheet)


@before_delete("loss_item")
@before_delete("responsibility_share")
def line_is_locked(line: Any) -> Iterable[Problem]:
    """Lines go only while their sheet is a draft."""
    yield from _locked(sheets.sheet_of(line))
    if isinstance(line, LossItem) and sheets.resale_of(line.id) is not None:
        yield Problem(_("These goods are being resold; the line stays."), None, "resale", RESALE)

