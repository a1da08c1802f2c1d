"""What to measure a decision by: the customer's earlier ones, the one before this, and one's own of this month."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from markupsafe import Markup

from app.core import access, clock, pages
from app.core.access import Access
from app.core.db import session
from app.core.register import registers
from app.core.whole import Whole
from app.engines.approvals import inbox
from app.engines.approvals.models import ApprovalRequest

DECIDED = ("approved", "rejected")
YEAR = dt.timedelta(days=365)


def comparison(whole: Whole, request: ApprovalRequest, person: Access) -> list[dict[str, Any]]:
    """The facts beside a decision; of other records only those that the decider may read. Three statements."""
    first = clock.from_local(dt.datetime.combine(clock.today().replace(day=1), dt.time()))
    mine = {"label": _("Approved by you this month"), "value": _told(*inbox.approved_since(person, first)),
            "wide": True}
    return [*_of_customer(whole, request, person), mine]


def _told(number: int, amount: Decimal) -> str:
    if not amount:
        return _("%(number)s cases", number=number)
    return _("%(number)s cases, %(amount)s yuan", number=number, amount=f"{amount:,.2f}")


def _of_customer(whole: Whole, request: ApprovalRequest, person: Access) -> list[dict[str, Any]]:
    """The customer's approved requests of the same route within a year, and the last decided one."""
    spec = whole.register.fields.get("customer_id")
    if spec is None or not (customer := whole.get("customer_id")):
        return []
    model = whole.register.model
    same = sa.select(model.id).where(model.customer_id == customer, access.rows(whole.register, "read", person))
    earlier = (
        ApprovalRequest.of_register == request.of_register, ApprovalRequest.route == request.route,
        ApprovalRequest.record_id.in_(same), ApprovalRequest.record_id != request.record_id,
    )
    since = (ApprovalRequest.status == "approved", ApprovalRequest.opened_at >= clock.now() - YEAR)
    counted = sa.select(sa.func.count(), sa.func.sum(ApprovalRequest.amount)).where(*earlier, *since)
    number, amount = session.execute(counted).one()
    found = [{"label": _("Approved for this customer, 12 months"), "value": _told(number, amount or Decimal(0)),
              "wide": True}]
    decided = sa.select(ApprovalRequest).where(*earlier, ApprovalRequest.status.in_(DECIDED))
    last = session.scalar(decided.order_by(ApprovalRequest.closed_at.desc()).limit(1))
    return [*found, *([{"label": _("The one before"), "value": _before(last)}] if last else [])]


def _before(request: ApprovalRequest) -> Markup:
    """The earlier record with a way to it, how it ended and its amount."""
    url = pages.url(registers()[request.of_register], "show", pk=request.record_id)
    state = ApprovalRequest.register.fields["status"].choices[request.status]
    amount = f" {request.amount:,.2f}" if request.amount is not None else ""
    return Markup('<a href="{}">{}</a> {}{}').format(url, request.title, state, amount)
