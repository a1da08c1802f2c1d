"""The recovery rate of a salesperson in a month: receivables that complaints concern are left out of what was due."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.areas.consequences.recovery_exclusion import RecoveryExclusion
from app.areas.consequences.recovery_rate import RecoveryRate
from app.core import clock
from app.core.db import session
from app.engines.calculating.operations import amount_of


def month_end(month: str) -> dt.datetime:
    """The last second of a month such as ``2025-09``; raises ``ValueError`` for what is no month."""
    first = dt.date.fromisoformat(f"{month}-01")
    following = (first + dt.timedelta(days=32)).replace(day=1)
    return clock.from_local(dt.datetime.combine(following, dt.time.min) - dt.timedelta(seconds=1))


def is_month(text: str) -> bool:
    """Whether a text is a month such as ``2025-09``."""
    try:
        month_end(text)
    except ValueError:
        return False
    return True


def left_out(employee_id: int, month: str) -> Decimal:
    """What is left out for a person in a month: not what was released by the month's end."""
    rows, last = RecoveryExclusion, clock.to_local(month_end(month)).date()
    counted = sa.select(sa.func.sum(rows.excluded_amount)).where(
        rows.employee_id == employee_id, rows.month == month,
        sa.or_(rows.released_on.is_(None), rows.released_on > last),
    )  # fmt: skip
    return Decimal(session.scalar(counted) or 0)


def reckon(rate: Any) -> None:
    """Work out a recovery rate; there is none when everything due is left out."""
    rate.month_end = month_end(rate.month)
    rate.excluded_amount = left_out(rate.employee_id, rate.month)
    if rate.receivable_due <= rate.excluded_amount:
        rate.rate_percent, rate.basis = None, None
    else:
        facts = {name: getattr(rate, name) for name in ("receivable_due", "collected", "excluded_amount")}
        found = amount_of(rate, "recovery_rate", facts)
        rate.rate_percent = found.amount
        rate.basis = {"text": found.text, "words": {"zh": found.words.zh, "en": found.words.en}, "clause": found.clause}
    session.flush()


def rate_of(employee_id: int | None, month: str) -> RecoveryRate | None:
    """The recovery of a person in a month, if it was entered."""
    return session.scalar(sa.select(RecoveryRate).filter_by(employee_id=employee_id, month=month))
