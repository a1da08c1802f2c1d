"""What the page of a customer shows of losses: what its complaints cost within a year."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.complaints.operations import Complaint
from app.areas.consequences.loss_sheet import LossSheet
from app.areas.customers.operations import Overview, on_customer
from app.core import access, clock
from app.core.register import registers
from app.core.together import MY_TURN, Rows, Talk

YEAR = dt.timedelta(days=365)


def losses(built: Overview) -> Talk:
    """The sum of the approved sheets in force, of those that the reader may see."""
    if not access.current().can("loss_sheet", "read"):
        return
    of_customer = sa.select(Complaint.id).where(Complaint.customer_id == built.customer.id)
    mine = sa.select(sa.func.sum(LossSheet.loss_total), sa.func.count()).where(
        LossSheet.complaint_id.in_(of_customer), LossSheet.approved_at >= clock.now() - YEAR,
        LossSheet.replaced.is_(False), access.rows(registers()["loss_sheet"]),
    )  # fmt: skip
    [[(total, count)]] = yield Rows([mine])
    yield MY_TURN
    hint = _("%(count)s approved sheets", count=count) if count else ""
    built.figure(_("Losses in 12 months"), f"{total or Decimal(0):,.2f}", unit=_("yuan"), hint=hint)


on_customer(losses, order=40)
