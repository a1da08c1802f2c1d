"""The rows that are locked while credit is decided: the account of a customer, and last the cap of the company."""

from __future__ import annotations

import sqlalchemy as sa

from app.areas.credit import groups
from app.areas.customers.operations import Customer
from app.core.db import session
from app.core.upsert import insert
from app.engines.credit import accounts
from app.engines.credit.models import CreditAccount, CreditCap

PARTY = Customer.__tablename__


def group_of(customer_id: int) -> list[int]:
    """The companies that share one limit with a customer, its head first; itself alone without a group."""
    return list(groups.members(groups.heads([customer_id])[customer_id]))


def lock_account(adopter_id: int, customer_id: int) -> CreditAccount:
    """Lock the account of a customer's group; what is summed afterwards, in a new statement, stays until the commit."""
    return accounts.lock(PARTY, customer_id, adopter_id)


def lock_cap(adopter_id: int, key: str) -> None:
    """Lock a bound of the whole company; the last lock that is taken. Foreign keys that lead to it do not wait."""
    place = {"adopter_id": adopter_id, "key": key}
    session.execute(insert(CreditCap).values(**place).on_conflict_do_nothing())
    session.scalars(sa.select(CreditCap).filter_by(**place).with_for_update(key_share=True)).one()
