"""Guards that packs name for moves of consequences."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.complaints import operations as complaints
from app.areas.consequences import sheets
from app.areas.consequences.loss_sheet import LossSheet
from app.areas.consequences.opening import is_over
from app.areas.consequences.operations import current_sheet
from app.areas.consequences.resale import Resale
from app.areas.consequences.sanction import Sanction
from app.areas.consequences.sanctions import GRADES
from app.core.db import session
from app.core.errors import Problem
from app.core.moves import Step, guard
from app.engines.limits import operations as limits
from app.engines.tiering import operations as tiering


@guard("losses_entered")
def losses_entered(step: Step) -> Iterable[Problem]:
    """A sheet has at least one loss before it is put up."""
    if not sheets.items_of(_id(step)):
        text = _("Enter the losses first; a case without a loss has no sheet.")
        yield Problem(text, None, "losses_entered", step.move.clause)


@guard("resales_ended")
def resales_ended(step: Step) -> Iterable[Problem]:
    """No selling window is open any more: until then the loss is not fixed."""
    open_ = sa.select(Resale).where(Resale.sheet_id == _id(step), Resale.loss_amount.is_(None))
    for resale in session.scalars(open_):
        until = f"{resale.window_end:%Y-%m-%d}" if resale.window_end else "—"
        text = _("Returned goods may still be resold until %(day)s; the loss is fixed when the window ends.", day=until)
        yield Problem(text, None, "resales_ended", "行政处罚准则（一）")


@guard("shares_complete")
def shares_complete(step: Step) -> Iterable[Problem]:
    """The shares, those of outside parties included, add up to exactly 100."""
    sheet: Any = step.whole.record
    rows: list[Any] = [*sheets.shares_of(sheet.id), *sheets.outside_of(sheet.id)]
    total = sum((row.share_percent for row in rows if row.share_percent), Decimal(0))
    yield from limits.broken(limits.measure(sheet, "share_total", total), "share_total")


@guard("faults_named")
def faults_named(step: Step) -> Iterable[Problem]:
    """Every person who bears a share is at fault in exactly one item, the last of them in words."""
    for share in sheets.shares_of(_id(step)):
        if share.employee_id is not None and share.fault_item is None:
            text = _("Name the item of fault of every person who bears a share.")
            yield Problem(text, "fault_item", "faults_named", "行政处罚准则（四）")
            return


@guard("loss_approved")
def loss_approved(step: Step) -> Iterable[Problem]:
    """Where the fault is our own, loss and responsibility are approved before the case is decided."""
    if step.get("our_quality_fault") and current_sheet(_id(step)) is None:
        text = _("The fault is our own: have loss and responsibility approved first.")
        yield Problem(text, "our_quality_fault", "loss_approved", step.move.clause)


@guard("no_open_correction")
def no_open_correction(step: Step) -> Iterable[Problem]:
    """A sheet is corrected by one new version at a time."""
    later = session.scalars(sa.select(LossSheet).filter_by(previous_id=_id(step)))
    if any(not is_over(row) and row.approved_at is None for row in later):
        yield Problem(_("A correction of this sheet is already being made."), None, "no_open_correction", "（九）7")


@guard("everything_sold")
def everything_sold(step: Step) -> Iterable[Problem]:
    """A window ends early only when nothing is left to sell."""
    if (step.get("sold_qty") or 0) < (step.get("quantity") or 0):
        text = _("Some goods are not sold yet; the loss is fixed when the window ends.")
        yield Problem(text, "sold_qty", "everything_sold", step.move.clause)


@guard("gravity_petitioned")
def gravity_petitioned(step: Step) -> Iterable[Problem]:
    """A grade above the table, or without a burden, rests on a fault and on a petition that was granted."""
    sanction: Any = step.whole.record
    if tiering.rank(sanction, GRADES, sanction.grade) <= tiering.rank(sanction, GRADES, sanction.table_grade):
        return
    if sanction.fault_item is None:
        text = _("A sanction by gravity names the item of fault.")
        yield Problem(text, "fault_item", "gravity_petitioned", "行政处罚准则（四）")
    if not complaints.petition_decided(sanction.petition_id, sanction.complaint_id):
        text = _("A grade above the table needs a petition on the sanction that the general manager granted.")
        yield Problem(text, "petition_id", "gravity_petitioned", "行政处罚准则（四）")


@guard("sheet_replaced")
def sheet_replaced(step: Step) -> Iterable[Problem]:
    """An approved notice changes only after its sheet was corrected."""
    sheet = sheets.sheet_of(step.whole.record)
    if not sheet.replaced:
        text = _("The sheet of this notice stands; correct the sheet first.")
        yield Problem(text, "sheet_id", "sheet_replaced", step.move.clause)


@guard("still_approved")
def still_approved(step: Step) -> Iterable[Problem]:
    """Nothing is sent or published that was revoked meanwhile, or that another announcement took."""
    for key in step.get("sanctions") or []:
        sanction = session.get_one(Sanction, key)
        if sanction.approved_at is None or sanction.lapsed or sanction.announcement_id is not None:
            text = _("Sanction %(number)s is not approved; nothing else is announced.", number=sanction.sanction_no)
            yield Problem(text, "sanctions", "publish_unapproved", "行政处罚准则（四）")


@guard("own_letter", hides=True)
def own_letter(step: Step) -> Iterable[Problem]:
    """A letter of repentance is written by the person himself."""
    if step.whole.get("employee_id") != step.access.employee_id:
        text = _("Only the person who was sanctioned writes this letter.")
        yield Problem(text, None, "own_letter", "行政处罚准则（三）")


@guard("letter_of_another", hides=True)
def letter_of_another(step: Step) -> Iterable[Problem]:
    """Nobody accepts his own letter of repentance."""
    if step.whole.get("employee_id") == step.access.employee_id:
        text = _("Somebody else accepts your letter.")
        yield Problem(text, None, "letter_of_another", "行政处罚准则（三）")


def _id(step: Step) -> int:
    record: Any = step.whole.record
    return int(record.id)
