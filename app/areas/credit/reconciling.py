"""Balances compared with a customer: the difference follows both."""

from __future__ import annotations

from typing import Any

from app.areas.credit.account_reconciliation import AccountReconciliation
from app.core.db import session
from app.core.hooks import Moved, effect
from app.core.ripples import after_change

SLUG = AccountReconciliation.__tablename__


@after_change(SLUG)
def difference_follows(record: Any) -> None:
    """Ours less theirs, once both are known; empty for what compares no balances."""
    ours, theirs = record.our_balance, record.partner_balance
    found = ours - theirs if ours is not None and theirs is not None else None
    if record.difference != found:
        record.difference = found
        session.flush()


@effect("note_difference")
def note_difference(moved: Moved) -> None:
    """The same when the other side's balance is told at a step."""
    difference_follows(moved.record)
