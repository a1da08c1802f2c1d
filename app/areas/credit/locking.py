"""The rows that are locked while credit is decided: the account of a customer, and last the cap of the company."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from app.areas.customers.operations import Customer
from app.core.db import session
from app.core.upsert import insert
from app.engines.credit.models import CreditAccount, CreditCap

PARTY = Customer.__tablename__


def group_of(customer_id: int) -> list[int]:
    """The companies that share one limit with a customer, its head first; itself alone without a group."""
    row = Customer
    head = session.scalar(sa.select(row.group_head_id).where(row.id == customer_id)) or customer_id
    members = session.scalars(sa.select(row.id).where(row.group_head_id == head, row.id != head).order_by(row.id))
    return [head, *members]


def lock_account(adopter_id: int, group: Sequence[int]) -> CreditAccount:
    """Lock the account of a group; what is summed afterwards, in a new statement, stays so until the commit."""
    found: Any = _locked(CreditAccount, adopter_id=adopter_id, party=PARTY, party_id=group[0])
    return found  # type: ignore[no-any-return]


def lock_cap(adopter_id: int, key: str) -> None:
    """Lock a bound of the whole company; the last lock that is taken."""
    _locked(CreditCap, adopter_id=adopter_id, key=key)


def _locked(model: Any, **place: Any) -> Any:
    """A row by its place, made when it is first asked for. Foreign keys that lead to it do not wait."""
    session.execute(insert(model).values(**place).on_conflict_do_nothing())
    found = sa.select(model).filter_by(**place).with_for_update(key_share=True)
    return session.scalars(found.execution_options(populate_existing=True)).one()
