"""How high a limit may be: by the class, average receipts and deliveries, collateral and earlier credit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.areas.credit import rating_calc as calc
from app.areas.credit import rating_facts as facts
from app.areas.credit import ratings
from app.areas.credit.collateral import Collateral
from app.areas.credit.credit_deal import USING, CreditDeal
from app.areas.credit.credit_rating import CreditRating
from app.areas.credit.credit_request import ACTIVE, CreditRequest
from app.areas.customers.operations import Customer
from app.core import clock, moves
from app.core.db import session
from app.engines.calculating import operations as calculating
from app.engines.calculating.operations import settings_of
from app.engines.limits import operations as limits
from app.engines.limits.calc import Measured
from app.engines.policy.calc import granted
from app.engines.tiering import operations as tiering
from app.engines.tiering.calc import Classified

ROUTES, TOTAL, DOWN, TERM = "credit_route", "company_total", "adjust_down", "payment_term"
AVERAGE, PREPAYMENT = "average_monthly", "prepayment"
NONE = Decimal(0)


@dataclass(frozen=True)
class Standing:
    """What a customer's limit is measured by on a day, whatever is asked for."""

    rating: CreditRating | None
    receipts: Decimal
    deliveries: Decimal
    collateral: Decimal
    existing: Decimal
    had_credit: bool

    @property
    def credit_class(self) -> str | None:
        """The class in force."""
        return self.rating.final_class if self.rating else None

    def comes_in(self, direction: str | None) -> Decimal:
        """What comes back in a month for the company's money: receipts, or goods for what it pays a supplier before."""
        return self.deliveries if direction == PREPAYMENT else self.receipts

    def given(self, asked: Asked) -> dict[str, Decimal]:
        """The numbers of the formulas; earlier credit that is nothing, or is raised by exception, is no bound."""
        back = self.comes_in(asked.direction)
        standard = min(back, self.deliveries)
        bound = self.existing if self.existing and not asked.raised else max(standard, back)
        return {
            "avg_month_receipt": back, "avg_month_delivery": self.deliveries,
            "collateral_value": self.collateral, "existing_credit": bound,
        }  # fmt: skip


def standing_of(case: Any, customer_id: int) -> Standing:
    """All numbers behind the limit of a customer, for the unit of a case."""
    day, settings = clock.today(), settings_of(case)
    customer = session.get_one(Customer, customer_id)
    since, until = facts.window(settings, day)
    months = months_of(customer.first_deal_on, since, until)
    line = line_of([customer_id], case.adopter_id, day, ever=True, other_than=case.id)
    owed = in_use([customer_id], case.adopter_id)
    existing = (line.approved_limit or NONE) if line else owed
    return Standing(
        ratings.in_force(customer_id, case.adopter_id),
        average(case, facts.received([customer_id], since, until).get(customer_id), months),
        average(case, facts.delivered([customer_id], since, until).get(customer_id), months),
        collateral_of([customer_id], day), existing, bool(existing or customer.had_credit_before),
    )  # fmt: skip


def months_of(first_deal: dt.date | None, since: dt.date, until: dt.date) -> int:
    """Over how many months the average goes: those of the window, or fewer since the first deal."""
    begun = max(first_deal, since) if first_deal else since
    return calc.months_between(begun, until)


def average(case: Any, total: Decimal | None, months: int) -> Decimal:
    """An amount per month; nothing before the first full month."""
    given = {"total": total, "months": months}
    return calculating.amount_of(case, AVERAGE, given).amount if months > 0 else NONE


def collateral_of(group: Sequence[int], day: dt.date) -> Decimal:
    """The value of what is pledged for new credit, formalities complete, on a day."""
    row = Collateral
    total = session.scalar(sa.select(sa.func.sum(row.appraised_value)).where(
        row.customer_id.in_(group), row.purpose == "new_credit", row.registered_on <= day,
        row.certificate_no.is_not(None), sa.or_(row.released_on.is_(None), row.released_on > day),
        sa.or_(row.valid_until.is_(None), row.valid_until >= day),
    ))  # fmt: skip
    return total or NONE


def in_use(group: Sequence[int], adopter_id: int, other_than: int | None = None) -> Decimal:
    """How much of the company's money some customers use by their open deals: credit sales and prepayments."""
    row = CreditDeal
    total = session.scalar(sa.select(sa.func.sum(row.amount - row.settled_amount)).where(
        row.customer_id.in_(group), row.status.in_(USING), row.adopter_id == adopter_id, row.id != (other_than or 0),
    ))  # fmt: skip
    return total or NONE


def line_of(
    group: Sequence[int], adopter_id: int, day: dt.date, *, ever: bool = False, other_than: int | None = None
) -> CreditRequest | None:
    """The limit of a group that counts on a day; with ``ever`` the latest active one, whatever its days."""
    row = CreditRequest
    found = sa.select(row).where(row.customer_id.in_(group), row.status == ACTIVE, row.adopter_id == adopter_id,
                                 row.id != (other_than or 0))  # fmt: skip
    if not ever:
        found = found.where(row.valid_from <= day, row.valid_to >= day)
    return session.scalar(found.order_by(row.id.desc()).limit(1))


def line_in_force(group: Sequence[int]) -> sa.Select[Any]:
    """The query of the limit of a group that counts today and its last day, whichever unit granted it."""
    row, day = CreditRequest, clock.today()
    found: sa.Select[Any] = sa.select(*(row.__table__.c[name] for name in ("approved_limit", "valid_to"))).where(
        row.customer_id.in_(group), row.status == ACTIVE, row.valid_from <= day, row.valid_to >= day
    )
    return found.order_by(row.id.desc()).limit(1)


def used_anywhere(group: Sequence[int]) -> sa.Select[Any]:
    """The query of what a group uses by open deals, whichever unit made them; nothing without any."""
    row = CreditDeal
    used = sa.func.sum(row.amount - row.settled_amount, type_=row.__table__.c.amount.type).label("used")
    return sa.select(used).where(row.customer_id.in_(group), row.status.in_(USING))


@dataclass(frozen=True)
class Asked:
    """What is asked for: a kind of credit, its direction, and whether a limit is raised by exception."""

    kind: str | None
    direction: str | None = None
    raised: bool = False


@dataclass(frozen=True)
class Cap:
    """The route by which a limit is found, and what it comes to; ``None`` when no route fits."""

    standing: Standing
    route: Classified
    measured: Measured | None
    term: tuple[int, str] | None

    @property
    def evidence(self) -> dict[str, Any]:
        """How the bound came about, to be kept."""
        if self.measured is None:
            return {"route": None, "why": tiering.reason(self.route)}
        return {"route": self.route.tier, "text": self.measured.text, "clause": self.measured.clause,
                "limit": str(self.measured.limit)}  # fmt: skip


def cap_of(case: Any, customer_id: int, asked: Asked, requested: Decimal) -> Cap:
    """The bound of what a customer may be given, by the first route of the pack that fits, and the term."""
    standing = standing_of(case, customer_id)
    known = {"credit_class": standing.credit_class, "had_credit": standing.had_credit, "kind": asked.kind}
    route = tiering.classify(case, ROUTES, known.get)
    if route.tier is None:
        return Cap(standing, route, None, None)
    given = standing.given(asked)
    inputs = settings_of(case).pack.limits[route.tier].inputs
    measured = limits.measure(case, route.tier, requested, given={name: given[name] for name in inputs})
    return Cap(standing, route, measured, term_of(case, standing.credit_class, asked.kind))


def term_of(case: Any, credit_class: str | None, kind: str | None) -> tuple[int, str] | None:
    """How long the company's money may be used, by the clock of a deal: a number of days or months."""
    settings = settings_of(case)
    found = granted(settings.pack.clocks[TERM], settings, {"credit_class": credit_class, "line_kind": kind}.get)
    if found is None or found.number is None:
        return None
    return int(found.number), "month" if found.unit == "months" else "day"


def total_granted(adopter_id: int, other_than: Sequence[int] = ()) -> Decimal:
    """The sum of all limits that are active; of a customer with a limit after the present one the higher."""
    row = CreditRequest
    highest = sa.select(sa.func.max(row.approved_limit).label("limit")).where(
        row.adopter_id == adopter_id, row.status == ACTIVE, row.id.not_in(list(other_than) or [0]),
    ).group_by(row.customer_id).subquery()  # fmt: skip
    return session.scalar(sa.select(sa.func.sum(highest.c.limit))) or NONE


def company_total(case: Any, customer_id: int, requested: Decimal) -> Measured:
    """The sum of all limits with this one against the bound of the company; what it replaces is not counted.

    A limit that goes on until the first day of this one counts by what it is higher.
    """
    replaced = [case.id or 0, *active_lines(customer_id, case.adopter_id)]
    used = total_granted(case.adopter_id, replaced)
    if case.valid_from and case.valid_from > clock.today():
        going_on = line_of([customer_id], case.adopter_id, clock.today(), other_than=case.id)
        used += max((going_on.approved_limit or NONE) - requested, NONE) if going_on else NONE
    return limits.measure(case, TOTAL, requested, used=used)


def give_way(line: CreditRequest, first: dt.date, day: dt.date) -> None:
    """A limit goes on until the day before another one's first, and ends on ``day`` if that has come."""
    if line.valid_from and line.valid_from < first and first > day:
        line.valid_to = first - dt.timedelta(days=1)
    else:
        end_line(line, day)


def end_line(line: CreditRequest, day: dt.date) -> None:
    """A limit counts no more after a day."""
    line.ended_on, line.lapsed = day, True
    session.flush()
    moves.move(line, "end", as_system=True)


def active_lines(customer_id: int, adopter_id: int) -> list[int]:
    """The active limits of a customer."""
    row = CreditRequest
    found = sa.select(row.id).filter_by(customer_id=customer_id, adopter_id=adopter_id, status=ACTIVE)
    return list(session.scalars(found.order_by(row.id)))
