"""What of the credit of two customers becomes one when they are merged: their accounts, with both rows locked."""

from __future__ import annotations

import datetime as dt
from itertools import product
from typing import Any

import sqlalchemy as sa

from app.areas.credit import caps
from app.areas.credit.credit_request import ACTIVE, CreditRequest
from app.areas.credit.groups import heads
from app.areas.customers.operations import Customer
from app.core import clock
from app.core.db import session
from app.engines.credit import accounts
from app.engines.credit.models import CreditAccount
from app.engines.merging import operations as merging

PARTY = Customer.__tablename__


@merging.before_merge(PARTY)
def join_accounts(keep: Any, gone: Any) -> None:
    """The account of the customer that stays takes in the other's; holds are kept, and who is bound stays bound.

    What is used is summed from the documents, which move with the customer. A member of a group has the account of
    its head, so that the group's account is the one that stays.
    """
    mine = sa.select(CreditAccount).filter_by(party=PARTY, party_id=gone.id)
    places = session.scalars(mine.order_by(CreditAccount.id)).all()
    head = heads([keep.id])[keep.id]
    target = keep.id if head == gone.id else head
    for place in places:
        pair = sa.select(CreditAccount).where(
            CreditAccount.adopter_id == place.adopter_id, CreditAccount.party == PARTY,
            CreditAccount.party_id.in_([gone.id, target]),
        )  # fmt: skip
        locked = pair.order_by(CreditAccount.id).with_for_update().execution_options(populate_existing=True)
        known = {row.party_id: row for row in session.scalars(locked)}
        if target in known:
            accounts.join(known[target], known[gone.id])
        else:
            known[gone.id].party_id = target
            session.flush()
        _one_line(keep.id, gone.id, place.adopter_id)


def _one_line(keep: int, gone: int, adopter_id: int) -> None:
    """No two limits count on one day: of those that meet, the lower one stays, so that nobody gains by a merging."""
    of = {party: [session.get_one(CreditRequest, key) for key in caps.active_lines(party, adopter_id)]
          for party in (keep, gone)}  # fmt: skip
    for mine, theirs in product(of[keep], of[gone]):
        if _meet(mine, theirs) and mine.status == theirs.status == ACTIVE:
            higher = mine if (mine.approved_limit or 0) > (theirs.approved_limit or 0) else theirs
            caps.end_line(higher, clock.today())


def _meet(one: CreditRequest, other: CreditRequest) -> bool:
    days = [(row.valid_from or dt.date.min, row.valid_to or dt.date.max) for row in (one, other)]
    return max(first for first, _last in days) <= min(last for _first, last in days)


# how things were on a day or in a month, of which each customer has one
merging.is_history("daily_credit", "customer_id")
merging.is_history("credit_check", "customer_id")
