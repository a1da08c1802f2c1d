"""Bounds of the whole company: their row is locked last, right before the commit, and only where a policy has one."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.core import lasting, moves, upsert
from app.core.db import session
from app.core.errors import Problem, Refusal
from app.core.moves import Moved
from app.core.register import registers
from app.engines.calculating.operations import settings_of
from app.engines.credit.calc import NOTHING
from app.engines.credit.models import CreditCap
from app.engines.credit.operations import credit_of
from app.engines.limits import operations as limits
from app.engines.limits.operations import Measured

if TYPE_CHECKING:
    from app.packs.credit import Cap


def watch(moved: Moved) -> None:
    """Look at the bounds that a step may break once everything else of the transaction is done."""
    credit = credit_of(moved.record) if moved.move is not None else None
    record: Any = moved.record
    for key, cap in (credit.caps if credit else {}).items():
        if moved.move and cap.register_ == moved.register.slug and moved.move.key in cap.moves:
            amount = moved.whole.get(cap.amount_field) or NOTHING
            lasting.at_last(("credit_cap", record.adopter_id, key), lambda c=cap, a=amount: _hold(record, c, a))  # type: ignore[misc]


def _hold(record: Any, cap: Cap, amount: Decimal) -> None:
    """Lock the row of a bound, sum anew and refuse what would pass it."""
    _lock(record.adopter_id, cap.key)
    if not (found := measured(record, cap, amount)).holds:
        raise Refusal(Problem(limits.sentence(found), cap.amount_field, cap.key, cap.clause, limits.figures(found)))


def _lock(adopter_id: int, key: str) -> None:
    wanted = sa.select(CreditCap.id).filter_by(adopter_id=adopter_id, key=key).with_for_update(key_share=True)
    if session.scalar(wanted) is None:
        new = upsert.insert(CreditCap).values(adopter_id=adopter_id, key=key).on_conflict_do_nothing()
        session.execute(new)
        session.execute(wanted)


def measured(record: Any, cap: Cap, amount: Decimal) -> Measured:
    """All that counts under a bound: what is used without the row, and what the row asks for."""
    table = registers()[cap.register_].model.__table__
    total = sa.select(sa.func.sum(table.c[cap.amount_field])).where(
        table.c.adopter_id == record.adopter_id, table.c.status.in_(cap.states), table.c.id != record.id
    )
    used = session.scalar(total) or NOTHING
    return limits.measure_by(settings_of(record), cap.limit, amount, used=used)


moves.on_moved(watch, order=95)
