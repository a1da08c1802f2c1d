"""What credit wants to know of customers: papers, contracts, goods of the last days, what is unpaid and since when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from app.areas.credit.credit_request import CreditRequest
from app.areas.credit.over_limit_case import OverLimitCase
from app.areas.credit.receipt import Receipt
from app.areas.credit.shipment import Shipment
from app.areas.customers.operations import Contract, Customer
from app.core import clock
from app.core.attachments import Attachment
from app.engines.credit.registry import Asked, fact, rows

NOTHING = Decimal(0)
GOODS = "goods"
S, C, F, R = Shipment.__table__.c, Contract.__table__.c, Attachment.__table__.c, Receipt.__table__.c
E, L, P = OverLimitCase.__table__.c, CreditRequest.__table__.c, Customer.__table__.c
OPEN = sa.type_coerce(S.amount - S.returned_amount - S.paid_amount, S.amount.type)
NET = sa.type_coerce(S.amount - S.returned_amount, S.amount.type)
ADOPTER, DAY = sa.bindparam("adopter", type_=S.id.type), sa.bindparam("day", type_=sa.Date())
FIRST, LAST = sa.bindparam("first", type_=sa.Date()), sa.bindparam("last", type_=sa.Date())
KEPT = 256
Words = tuple[str, ...]
# Statements are built once for the arguments of a policy; ``some`` says whether they ask for certain customers.


def _mine(column: Any, some: bool) -> list[Any]:
    """The customers asked for, or all."""
    return [column.in_(sa.bindparam("parties", expanding=True))] if some else []


def _pairs(found: Any) -> dict[int, Any]:
    return {row[0]: row[1] for row in found}


def _among(asked: Asked, name: str) -> Words:
    given = asked.arguments.get(name, ())
    return tuple(given) if isinstance(given, tuple) else (str(given),)


# -- the file and the contract ---------------------------------------------------------------------------------------


def _papers_of(register: str, wanted: Words) -> Any:
    """Rows of a register that have a file in each of the fields, added on the day at the latest."""
    until = sa.bindparam("until", type_=F.added_at.type)
    return (
        sa.select(F.record_id)
        .where(F.register == register, F.field.in_(wanted), F.added_at < until)
        .group_by(F.record_id)
        .having(sa.func.count(F.field.distinct()) == len(wanted))
    )


def _until(asked: Asked) -> dt.datetime:
    return clock.from_local(dt.datetime.combine(asked.day + dt.timedelta(days=1), dt.time()))


@lru_cache(KEPT)
def _complete(papers: Words, some: bool) -> Any:
    return _papers_of("customer", papers).where(*_mine(F.record_id, some))


@fact("papers_complete", fold="all", default=False)
def papers_complete(asked: Asked) -> Mapping[int, bool]:
    """Whether every paper of ``papers`` lies in the file of the customer."""
    query = _complete(_among(asked, "papers"), asked.parties is not None)
    return {row[0]: True for row in rows(asked, query, until=_until(asked))}


@lru_cache(KEPT)
def _in_standing(bad: Words, some: bool) -> Any:
    return sa.select(P.id).where(P.standing.in_(bad), *_mine(P.id, some))


@fact("in_good_standing", fold="all", default=True)
def in_good_standing(asked: Asked) -> Mapping[int, bool]:
    """Whether the customer is in none of the standings ``without``."""
    return {row[0]: False for row in rows(asked, _in_standing(_among(asked, "without"), asked.parties is not None))}


@lru_cache(KEPT)
def _contracts(states: Words, kinds: Words, papers: Words, some: bool) -> Any:
    """Customers with contracts in force on the day, of the kinds, in the states and with all papers; the lowest cap."""
    return sa.select(C.customer_id, sa.func.min(C.absolute_cap)).where(
        C.status.in_(states), C.contract_type.in_(kinds), C.adopter_id == ADOPTER, C.valid_from <= DAY,
        C.valid_to >= DAY, C.id.in_(_papers_of("contract", papers)), *_mine(C.customer_id, some),
    ).group_by(C.customer_id)  # fmt: skip


def _in_force(asked: Asked) -> Any:
    wanted = [_among(asked, name) for name in ("states", "kinds", "papers")]
    return rows(asked, _contracts(*wanted, asked.parties is not None), until=_until(asked))


@fact("contract_in_force", fold="any", default=False)
def contract_in_force(asked: Asked) -> Mapping[int, bool]:
    """Whether a contract with its papers is in force on the day; both bounds belong to its time."""
    return {row[0]: True for row in _in_force(asked)}


@fact("contract_cap", fold="min")
def contract_cap(asked: Asked) -> Mapping[int, Decimal]:
    """The lowest cap that the contracts in force set; nothing where none does."""
    return _pairs(_in_force(asked))


# -- goods and money -------------------------------------------------------------------------------------------------


def window(asked: Asked) -> dict[str, dt.date]:
    """The first and last day of the ``days`` before the day."""
    one = dt.timedelta(days=1)
    return {"first": asked.day - int(asked.arguments["days"]) * one, "last": asked.day - one}


@fact("trailing", fold="sum", default=NOTHING)
def trailing(asked: Asked) -> Mapping[int, Decimal]:
    """Goods shipped, or money received, in the days before the day, by the ``basis``."""
    return goods_between(asked) if asked.arguments.get("basis", GOODS) == GOODS else receipts_between(asked)


@lru_cache(KEPT)
def _goods(states: Words, unless: Words, some: bool) -> Any:
    counted = sa.or_(S.route.is_(None), S.route.not_in(unless), OPEN <= NOTHING)
    return sa.select(S.customer_id, sa.func.sum(NET)).where(
        S.adopter_id == ADOPTER, S.status.in_(states), S.invoice_date.between(FIRST, LAST), counted,
        *_mine(S.customer_id, some),
    ).group_by(S.customer_id)  # fmt: skip


@fact("goods_between", fold="sum", default=NOTHING)
def goods_between(asked: Asked) -> Mapping[int, Decimal]:
    """Goods less returns of shipments in the ``states``; those let go by ``unless_unpaid`` count only once paid."""
    query = _goods(_among(asked, "states"), _among(asked, "unless_unpaid"), asked.parties is not None)
    return _pairs(rows(asked, query, **window(asked)))


@lru_cache(KEPT)
def _receipts(states: Words, some: bool) -> Any:
    return sa.select(R.customer_id, sa.func.sum(R.amount)).where(
        R.adopter_id == ADOPTER, R.status.in_(states), R.received_on.between(FIRST, LAST),
        R.customer_id.is_not(None), *_mine(R.customer_id, some),
    ).group_by(R.customer_id)  # fmt: skip


@fact("receipts_between", fold="sum", default=NOTHING)
def receipts_between(asked: Asked) -> Mapping[int, Decimal]:
    """Money of receipts in the ``receipt_states`` with a value date in the days before the day."""
    query = _receipts(_among(asked, "receipt_states"), asked.parties is not None)
    return _pairs(rows(asked, query, **window(asked)))


@lru_cache(KEPT)
def _oldest(states: Words, some: bool) -> Any:
    return sa.select(S.customer_id, sa.func.min(S.invoice_date)).where(
        S.adopter_id == ADOPTER, S.status.in_(states), OPEN > NOTHING, *_mine(S.customer_id, some)
    ).group_by(S.customer_id)  # fmt: skip


def _unpaid_since(asked: Asked) -> dict[int, dt.date]:
    """The day of the oldest invoice that is not fully paid; one statement for all facts that ask it."""
    found = rows(asked, _oldest(_among(asked, "states"), asked.parties is not None))
    return {party: first for party, first in found if first}


@fact("oldest_unpaid_days", fold="max")
def oldest_unpaid_days(asked: Asked) -> Mapping[int, int]:
    """How many days ago the oldest invoice that is not fully paid was made; nothing where all is paid."""
    return {party: (asked.day - first).days for party, first in _unpaid_since(asked).items()}


@fact("days_over_term", fold="max", default=0)
def days_over_term(asked: Asked) -> Mapping[int, int]:
    """By how many days the oldest unpaid invoice is over the ``term``."""
    term = int(asked.arguments["term"])
    return {party: max(days - term, 0) for party, days in oldest_unpaid_days(asked).items()}


@fact("earlier_years_cleared", fold="all", default=True)
def earlier_years_cleared(asked: Asked) -> Mapping[int, bool]:
    """Whether nothing is unpaid of invoices made before the first of January."""
    first = dt.date(asked.day.year, 1, 1)
    return {party: False for party, oldest in _unpaid_since(asked).items() if oldest < first}


@lru_cache(KEPT)
def _left(states: Words) -> Any:
    key = sa.bindparam("remittance", type_=R.id.type)
    return sa.select(R.customer_id, R.unapplied).where(R.id == key, R.status.in_(states), R.adopter_id == ADOPTER)


@fact("remittance_left", default=NOTHING)
def remittance_left(asked: Asked) -> Mapping[int, Decimal]:
    """What is left of the remittance that the document names: of this customer, and in one of the ``states``."""
    if not asked.parties or not (key := asked.document("remittance_id")):
        return {}
    return _pairs(rows(asked, _left(_among(asked, "states")), remittance=key))


# -- grants beyond ---------------------------------------------------------------------------------------------------


@lru_cache(KEPT)
def _episodes(states: Words, some: bool) -> Any:
    return sa.select(E.customer_id, E.status).where(
        E.adopter_id == ADOPTER, E.status.in_(states), *_mine(E.customer_id, some)
    )


@fact("over_limit_slot", fold="max", default="first")
def over_limit_slot(asked: Asked) -> Mapping[int, str]:
    """Which order above the limit is still free: the first, the last while the episode is in ``last_in``, or none."""
    last, none = _among(asked, "last_in"), _among(asked, "none_in")
    found: dict[int, str] = {}
    for party, status in rows(asked, _episodes((*last, *none), asked.parties is not None)):
        found[party] = max(found.get(party, ""), "none" if status in none else "last")
    return found


@lru_cache(KEPT)
def _special(states: Words, purposes: Words, some: bool) -> Any:
    return sa.select(L.customer_id, sa.func.max(L.approved_limit)).where(
        L.adopter_id == ADOPTER, L.status.in_(states), L.purpose.in_(purposes), L.valid_from <= DAY,
        L.valid_to >= DAY, *_mine(L.customer_id, some),
    ).group_by(L.customer_id)  # fmt: skip


@fact("special_limit", fold="sum")
def special_limit(asked: Asked) -> Mapping[int, Decimal]:
    """The limit granted case by case for the day: requests of the ``purpose`` in the ``states``, bounds included."""
    query = _special(_among(asked, "states"), _among(asked, "purpose"), asked.parties is not None)
    return _pairs(rows(asked, query))
