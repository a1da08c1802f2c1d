"""What the records say of many customers at once: the facts that the criteria of a rating look at, and their papers."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.areas.credit import rating_calc as calc
from app.areas.credit.credit_survey import FILED, CreditSurvey
from app.areas.credit.credit_violation import CreditViolation
from app.areas.credit.customer_financial import CustomerFinancial
from app.areas.credit.receipt import Receipt
from app.areas.credit.shipment import Shipment
from app.areas.customers.operations import Customer
from app.core.db import session
from app.engines.policy.calc import Settings

NONE = Decimal(0)
YEARS_READ = 4
PAID, SENT = ("confirmed",), ("delivered",)
KNOWN_BY_FIGURES = ("good_years", "debt_ratio", "current_ratio", "loss_percent", "falling_months", "severe_months")


@dataclass
class Known:
    """A customer with everything that bears on its rating."""

    id: int
    first_deal_on: dt.date | None
    events: list[calc.Event] = field(default_factory=list)
    figures: list[calc.Figures] = field(default_factory=list)
    survey: Any = None
    receipts: Decimal = NONE
    deliveries: Decimal = NONE


def gather(ids: Sequence[int], settings: Settings, day: dt.date) -> dict[int, Known]:
    """All that is known of some customers on a day, with one statement for each kind of record."""
    rows = session.execute(sa.select(Customer.id, Customer.first_deal_on).where(Customer.id.in_(ids)))
    known = {row.id: Known(row.id, row.first_deal_on) for row in rows}
    for event in _events(ids):
        known[event.customer_id].events.append(calc.Event(event.id, event.kind, event.found_on, event.cleared_on))
    for figures in _figures(ids, day):
        known[figures[0]].figures.append(calc.Figures(*figures[1:]))
    for survey in surveys_of(ids):
        known[survey.customer_id].survey = survey
    since, until = window(settings, day)
    for key, total in received(ids, since, until).items():
        known[key].receipts = total
    for key, total in delivered(ids, since, until).items():
        known[key].deliveries = total
    return known


def window(settings: Settings, day: dt.date) -> tuple[dt.date, dt.date]:
    """The full months that averages and sums of a year look at: from a day to before another."""
    return calc.month_back(day, int(settings.value("average_window_months"))), day.replace(day=1)


def _events(ids: Sequence[int]) -> Iterable[Any]:
    row = CreditViolation
    found = sa.select(row.id, row.customer_id, row.kind, row.found_on, row.cleared_on)
    return session.execute(found.where(row.customer_id.in_(ids), row.verified.is_(True), row.found_on.is_not(None)))


def _figures(ids: Sequence[int], day: dt.date) -> Iterator[Any]:
    """Of two channels for one period the one that was obtained later counts."""
    row = CustomerFinancial
    found = sa.select(
        row.customer_id, row.id, row.year, sa.func.coalesce(row.month, 0), row.revenue, row.net_profit,
        row.total_assets, row.total_liabilities, row.current_assets, row.current_liabilities,
    ).where(row.customer_id.in_(ids), row.year >= day.year - YEARS_READ, row.obtained_on <= day)  # fmt: skip
    latest = {(each[0], each[2], each[3]): each for each in session.execute(found.order_by(row.obtained_on, row.id))}
    yield from latest.values()


def surveys_of(ids: Sequence[int]) -> Iterable[Any]:
    """The filed surveys of some customers, the latest last."""
    row = CreditSurvey
    found = sa.select(row.id, row.customer_id, row.survey_no, row.updated_on, row.refresh_by, row.key_data_complete,
                      row.law_abiding)  # fmt: skip
    return session.execute(found.where(row.customer_id.in_(ids), row.status == FILED).order_by(row.updated_on, row.id))


def received(ids: Sequence[int], since: dt.date, until: dt.date) -> dict[int, Decimal]:
    """Money that came in from each customer from a day to before another."""
    row = Receipt
    return _sums(sa.select(row.customer_id, sa.func.sum(row.amount)).where(
        row.customer_id.in_(ids), row.status.in_(PAID), row.received_on >= since, row.received_on < until,
    ).group_by(row.customer_id))  # fmt: skip


def delivered(ids: Sequence[int], since: dt.date, until: dt.date) -> dict[int, Decimal]:
    """The value of goods delivered to or by each customer, less returns, from a day to before another."""
    row = Shipment
    return _sums(sa.select(row.customer_id, sa.func.sum(row.amount - row.returned_amount)).where(
        row.customer_id.in_(ids), row.status.in_(SENT), row.invoice_date >= since, row.invoice_date < until,
    ).group_by(row.customer_id))  # fmt: skip


def _sums(query: Any) -> dict[int, Decimal]:
    return {key: total or NONE for key, total in session.execute(query)}


def facts_of(known: Known, settings: Settings, day: dt.date) -> dict[str, Any]:
    """The facts by the names that criteria use."""
    since = calc.years_before(day, int(settings.value("lookback_years")))
    survey = known.survey
    return {
        "full_years_together": calc.full_years(known.first_deal_on, day),
        "key_data_complete": bool(survey and survey.key_data_complete),
        "law_abiding": bool(survey and survey.law_abiding),
        "receipts_of_the_year": known.receipts,
        "deliveries_of_the_year": known.deliveries,
        **{name: len(found) for name, found in events_of(known, since, day).items()},
        **_of_figures(known, settings, day),
    }


def events_of(known: Known, since: dt.date, day: dt.date) -> dict[str, list[calc.Event]]:
    """The events behind each fact that counts them."""
    events = known.events
    if not events:
        return {name: [] for name in EVENTS}
    return {
        "serious_breaches": calc.counted(events, calc.SERIOUS, since, day),
        "dishonest_acts": calc.counted(events, calc.DISHONEST, since, day),
        "broken_promises": calc.counted(events, ("broken_promise",), calc.years_before(day, 1), day),
        "open_disputes": calc.standing(events, calc.DISPUTES, day),
        "unfair_acts": calc.standing(events, ("unfair_act",), day),
        "illegal_operations": calc.standing(events, ("illegal_operation",), day),
        "closure_orders": calc.standing(events, ("closure_order",), day),
        "freeze_risks": calc.standing(events, ("account_freeze_risk",), day),
    }


EVENTS = ("serious_breaches", "dishonest_acts", "broken_promises", "open_disputes", "unfair_acts", "illegal_operations",
          "closure_orders", "freeze_risks")  # fmt: skip


def _of_figures(known: Known, settings: Settings, day: dt.date) -> Mapping[str, Any]:
    if not known.figures:
        return {"good_years": 0, "debt_ratio": None, "current_ratio": None, "loss_percent": None, "falling_months": 0,
                "severe_months": 0}  # fmt: skip
    years = {row.year: row for row in known.figures if not row.month}
    months = {row.place: row for row in known.figures if row.month}
    balance = calc.latest_balance(known.figures)
    return {
        "good_years": calc.good_years(years, day),
        "debt_ratio": calc.ratio(balance.liabilities, balance.assets) if balance else None,
        "current_ratio": calc.ratio(balance.current_assets, balance.current_liabilities) if balance else None,
        "loss_percent": calc.loss_percent(years.get(max(years)) if years else None),
        "falling_months": calc.falls(months),
        "severe_months": calc.falls(months, Decimal(settings.value("severe_fall_percent_c6"))),
    }


def papers_of(known: Known, settings: Settings, day: dt.date) -> dict[str, list[list[Any]]]:
    """The rows behind each fact, as register and id."""
    since = calc.years_before(day, int(settings.value("lookback_years")))
    papers: dict[str, list[list[Any]]] = defaultdict(list)
    for name, events in events_of(known, since, day).items():
        papers[name] += [["credit_violation", event.id] for event in events]
    if known.survey is not None:
        for name in ("key_data_complete", "law_abiding"):
            papers[name].append(["credit_survey", known.survey.id])
    rows = [["customer_financial", row.id] for row in sorted(known.figures, key=lambda row: row.place)[-PAPERS:]]
    for name in KNOWN_BY_FIGURES:
        papers[name] += rows
    return {name: found for name, found in papers.items() if found}


PAPERS = 12
