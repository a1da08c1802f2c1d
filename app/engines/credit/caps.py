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
    """Lock the row of a bound, sum anew and refuse what would pass it; all else is made ready before the lock."""
    settings, total = settings_of(record), _total(record, cap, amount)
    _lock(record.adopter_id, cap.key)
    used = session.connection().execute(total).scalar() or NOTHING
    found = limits.measure_by(settings, cap.limit, amount, used=used)
    if not found.holds:
        raise Refusal(Problem(limits.sentence(found), cap.amount_field, cap.key, cap.clause, limits.figures(found)))


def _lock(adopter_id: int, key: str) -> None:
    row = CreditCap.__table__.c
    wanted = sa.select(row.id).where(row.adopter_id == adopter_id, row.key == key).with_for_update(key_share=True)
    connection = session.connection()
    if connection.execute(wanted).scalar() is None:
        new = upsert.insert(CreditCap).values(adopter_id=adopter_id, key=key).on_conflict_do_nothing()
        connection.execute(new)
        connection.execute(wanted)


def _total(record: Any, cap: Cap, amount: Decimal) -> Any:
    """What counts under a bound without the row, as a statement; of rows that follow one another the highest."""
    table = registers()[cap.register_].model.__table__
    rows = sa.select(table.c[cap.amount_field].label("amount")).where(
        table.c.adopter_id == record.adopter_id, table.c.status.in_(cap.states), table.c.id != record.id
    )
    if cap.highest_per is None:
        counted: Any = rows.subquery().c.amount
    else:
        of = table.c[cap.highest_per]
        own = of == getattr(record, cap.highest_per)
        above = sa.case((own, table.c[cap.amount_field] - amount), else_=table.c[cap.amount_field])
        highest = rows.with_only_columns(sa.func.max(above).label("amount")).group_by(of).subquery().c.amount
        counted = sa.case((highest > 0, highest), else_=0)
    return sa.select(sa.func.sum(counted))


moves.on_moved(watch, order=95)
