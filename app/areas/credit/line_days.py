"""The days of a limit: they are in order, and no two limits of a customer count on one day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.credit import caps
from app.areas.credit.credit_request import ACTIVE, CreditRequest
from app.core.db import session
from app.core.errors import Problem
from app.core.saving import Draft, check
from app.engines.policy import operations as policy

SLUG = CreditRequest.__tablename__
DAYS = frozenset({"customer_id", "purpose", "valid_from", "valid_to"})
BY_CLASS, ONE_BY_ONE, ADJUSTMENT = "第25条; 第42条", "1.4.2", "adjustment"


@check(SLUG)
def days_are_free(draft: Draft) -> Iterable[Problem]:
    """A limit ends after it begins; a period that is typed meets no limit that counts already.

    Under a policy with classes an adjustment takes the place of the limit before, whatever its days.
    """
    record: Any = draft.whole.record
    first, last = draft.get("valid_from"), draft.get("valid_to")
    if first is None or not (record.id is None or DAYS & set(draft.values)):
        return
    clause = BY_CLASS if caps.ROUTES in policy.pack_for(record.pack_version_id).tiers else ONE_BY_ONE
    if last is not None and last < first:
        yield Problem(_("Valid to: the limit ends before it begins."), "valid_to", "not_before", clause)
    elif draft.get("purpose") != ADJUSTMENT and (line := _met(draft, first, last)) is not None:
        text = _("Valid from: limit %(number)s counts from %(first)s to %(last)s; two limits never count on one day.",
                 number=line.request_no or f"#{line.id}", first=line.valid_from, last=line.valid_to or "…")  # fmt: skip
        yield Problem(text, "valid_from", "overlap", clause)


def _met(draft: Draft, first: dt.date, last: dt.date | None) -> CreditRequest | None:
    """A limit of the same customer that counts on one of these days."""
    record: Any = draft.whole.record
    row = CreditRequest
    found = sa.select(row).where(
        row.customer_id == draft.get("customer_id"), row.adopter_id == record.adopter_id,
        row.status == ACTIVE, row.id != (record.id or 0), sa.or_(row.valid_to.is_(None), row.valid_to >= first),
    )  # fmt: skip
    if last is not None:
        found = found.where(row.valid_from <= last)
    return session.scalars(found.order_by(row.id).limit(1)).first()
