"""What credit wants to know of customers: papers, contracts, goods of the last days, what is unpaid and since when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.areas.credit.credit_request import CreditRequest
from app.areas.credit.over_limit_case import OverLimitCase
from app.areas.credit.receipt import Receipt
from app.areas.credit.shipment import Shipment
from app.areas.customers.operations import Contract, Customer
from app.core import clock
from app.core.attachments import Attachment
from app.core.db import session
from app.engines.credit.registry import Asked, fact

NOTHING = Decimal(0)
GOODS = "goods"
_open = Shipment.amount - Shipment.returned_amount - Shipment.paid_amount
OPEN = sa.type_coerce(_open, Shipment.__table__.c.amount.type)
NET = sa.type_coerce(Shipment.amount - Shipment.returned_amount, Shipment.__table__.c.amount.type)


def _of(query: Any, column: Any, asked: Asked) -> Any:
    """The customers asked for, or all."""
    return query if asked.parties is None else query.where(column.in_(list(asked.parties)))


def _pairs(query: Any) -> dict[int, Any]:
    return dict(session.execute(query).all())


def _among(asked: Asked, name: str) -> list[str]:
    given = asked.arguments.get(name, ())
    return list(given) if isinstance(given, tuple) else [str(given)]


# -- the file and the contract ---------------------------------------------------------------------------------------


def _papers_of(register: str, wanted: list[str], asked: Asked) -> Any:
    """Rows of a register that have a file in each of the fields, added on the day at the latest."""
    until = clock.from_local(dt.datetime.combine(asked.day + dt.timedelta(days=1), dt.time()))
    return (
        sa.select(Attachment.record_id)
        .where(Attachment.register == register, Attachment.field.in_(wanted), Attachment.added_at < until)
        .group_by(Attachment.record_id)
        .having(sa.func.count(Attachment.field.distinct()) == len(wanted))
    )


@fact("papers_complete", fold="all", default=False)
def papers_complete(asked: Asked) -> Mapping[int, bool]:
    """Whether every paper of ``papers`` lies in the file of the customer."""
    complete = _papers_of("customer", _among(asked, "papers"), asked)
    if asked.parties is not None:
        complete = complete.where(Attachment.record_id.in_(list(asked.parties)))
    return dict.fromkeys(session.scalars(complete), True)


@fact("in_good_standing", fold="all", default=True)
def in_good_standing(asked: Asked) -> Mapping[int, bool]:
    """Whether the customer is in none of the standings ``without``."""
    bad = _of(sa.select(Customer.id).where(Customer.standing.in_(_among(asked, "without"))), Customer.id, asked)
    return dict.fromkeys(session.scalars(bad), False)


def _contracts(asked: Asked, *columns: Any) -> Any:
    """Contracts in force on the day, of the ``kinds``, in the ``states`` and with all ``papers``."""
    found = sa.select(Contract.customer_id, *columns).where(
        Contract.status.in_(_among(asked, "states")), Contract.contract_type.in_(_among(asked, "kinds")),
        Contract.adopter_id == asked.adopter_id, Contract.valid_from <= asked.day, Contract.valid_to >= asked.day,
        Contract.id.in_(_papers_of("contract", _among(asked, "papers"), asked)),
    )  # fmt: skip
    return _of(found, Contract.customer_id, asked)


@fact("contract_in_force", fold="any", default=False)
def contract_in_force(asked: Asked) -> Mapping[int, bool]:
    """Whether a contract with its papers is in force on the day; both bounds belong to its time."""
    return dict.fromkeys(session.scalars(_contracts(asked)), True)


@fact("contract_cap", fold="min")
def contract_cap(asked: Asked) -> Mapping[int, Decimal]:
    """The lowest cap that the contracts in force set; nothing where none does."""
    capped = _contracts(asked, sa.func.min(Contract.absolute_cap)).where(Contract.absolute_cap.is_not(None))
    return _pairs(capped.group_by(Contract.customer_id))


# -- goods and money -------------------------------------------------------------------------------------------------


def window(asked: Asked) -> tuple[dt.date, dt.date]:
    """The first and last day of the ``days`` before the day."""
    return asked.day - dt.timedelta(days=int(asked.arguments["days"])), asked.day - dt.timedelta(days=1)


@fact("trailing", fold="sum", default=NOTHING)
def trailing(asked: Asked) -> Mapping[int, Decimal]:
    """Goods shipped, or money received, in the days before the day, by the ``basis``."""
    return goods_between(asked) if asked.arguments.get("basis", GOODS) == GOODS else receipts_between(asked)


@fact("goods_between", fold="sum", default=NOTHING)
def goods_between(asked: Asked) -> Mapping[int, Decimal]:
    """Goods less returns of shipments in the ``states``; those let go by ``unless_unpaid`` count only once paid."""
    first, last = window(asked)
    counted = sa.or_(
        Shipment.route.is_(None), Shipment.route.not_in(_among(asked, "unless_unpaid")), OPEN <= NOTHING
    )
    query = sa.select(Shipment.customer_id, sa.func.sum(NET)).where(
        Shipment.adopter_id == asked.adopter_id, Shipment.status.in_(_among(asked, "states")),
        Shipment.invoice_date.between(first, last), counted,
    )  # fmt: skip
    return _pairs(_of(query, Shipment.customer_id, asked).group_by(Shipment.customer_id))


@fact("receipts_between", fold="sum", default=NOTHING)
def receipts_between(asked: Asked) -> Mapping[int, Decimal]:
    """Money of receipts in the ``receipt_states`` with a value date in the days before the day."""
    first, last = window(asked)
    query = sa.select(Receipt.customer_id, sa.func.sum(Receipt.amount)).where(
        Receipt.adopter_id == asked.adopter_id, Receipt.status.in_(_among(asked, "receipt_states")),
        Receipt.received_on.between(first, last), Receipt.customer_id.is_not(None),
    )  # fmt: skip
    return _pairs(_of(query, Receipt.customer_id, asked).group_by(Receipt.customer_id))


def _unpaid(asked: Asked, *columns: Any) -> Any:
    query = sa.select(Shipment.customer_id, *columns).where(
        Shipment.adopter_id == asked.adopter_id, Shipment.status.in_(_among(asked, "states")), OPEN > NOTHING
    )
    return _of(query, Shipment.customer_id, asked).group_by(Shipment.customer_id)


@fact("oldest_unpaid_days", fold="max")
def oldest_unpaid_days(asked: Asked) -> Mapping[int, int]:
    """How many days ago the oldest invoice that is not fully paid was made; nothing where all is paid."""
    oldest = _pairs(_unpaid(asked, sa.func.min(Shipment.invoice_date)))
    return {party: (asked.day - first).days for party, first in oldest.items() if first}


@fact("days_over_term", fold="max", default=0)
def days_over_term(asked: Asked) -> Mapping[int, int]:
    """By how many days the oldest unpaid invoice is over the ``term``."""
    term = int(asked.arguments["term"])
    return {party: max(days - term, 0) for party, days in oldest_unpaid_days(asked).items()}


@fact("earlier_years_cleared", fold="all", default=True)
def earlier_years_cleared(asked: Asked) -> Mapping[int, bool]:
    """Whether nothing is unpaid of invoices made before the first of January."""
    query = _unpaid(asked).where(Shipment.invoice_date < dt.date(asked.day.year, 1, 1))
    return dict.fromkeys(session.scalars(query), False)


@fact("remittance_left", default=NOTHING)
def remittance_left(asked: Asked) -> Mapping[int, Decimal]:
    """What is left of the remittance that the document names: of this customer, and in one of the ``states``."""
    if not asked.parties or not (key := asked.document("remittance_id")):
        return {}
    query = sa.select(Receipt.customer_id, Receipt.unapplied).where(
        Receipt.id == key, Receipt.status.in_(_among(asked, "states")), Receipt.adopter_id == asked.adopter_id
    )
    return _pairs(_of(query, Receipt.customer_id, asked))


# -- grants beyond ---------------------------------------------------------------------------------------------------


@fact("over_limit_slot", fold="max", default="first")
def over_limit_slot(asked: Asked) -> Mapping[int, str]:
    """Which order above the limit is still free: the first, the last while the episode is in ``last_in``, or none."""
    last, none = _among(asked, "last_in"), _among(asked, "none_in")
    query = sa.select(OverLimitCase.customer_id, OverLimitCase.status).where(
        OverLimitCase.adopter_id == asked.adopter_id, OverLimitCase.status.in_([*last, *none])
    )
    found: dict[int, str] = {}
    for party, status in session.execute(_of(query, OverLimitCase.customer_id, asked)):
        found[party] = max(found.get(party, ""), "none" if status in none else "last")
    return found


@fact("special_limit", fold="sum")
def special_limit(asked: Asked) -> Mapping[int, Decimal]:
    """The limit granted case by case for the day: requests of the ``purpose`` in the ``states``, bounds included."""
    query = sa.select(CreditRequest.customer_id, sa.func.max(CreditRequest.approved_limit)).where(
        CreditRequest.adopter_id == asked.adopter_id, CreditRequest.status.in_(_among(asked, "states")),
        CreditRequest.purpose.in_(_among(asked, "purpose")), CreditRequest.valid_from <= asked.day,
        CreditRequest.valid_to >= asked.day,
    )  # fmt: skip
    return _pairs(_of(query, CreditRequest.customer_id, asked).group_by(CreditRequest.customer_id))
