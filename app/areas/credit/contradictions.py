"""Where the papers about a customer contradict each other, for whoever reviews its survey."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.credit.customer_financial import CHANNELS, CustomerFinancial
from app.areas.credit.receipt import Receipt
from app.areas.credit.shipment import Shipment
from app.areas.customers.operations import Customer, CustomerBankAccount, CustomerPerson
from app.core import clock
from app.core.db import session
from app.core.whole import Whole

WHOLE = Decimal(100)
COMPARED = ("revenue", "net_profit", "total_assets", "total_liabilities", "current_assets", "current_liabilities")


@dataclass(frozen=True)
class Contradiction:
    """What two papers say differently; ``papers`` are register and id of each."""

    text: str
    papers: tuple[tuple[str, int], ...]


def found_for(customer_id: int, survey: Whole | None = None) -> list[Contradiction]:
    """Every contradiction between the file, the figures, the dealings and the survey of a customer."""
    customer = session.get_one(Customer, customer_id)
    rows = session.scalars(
        sa.select(CustomerFinancial).where(CustomerFinancial.customer_id == customer_id).order_by(CustomerFinancial.id)
    ).all()
    figures = [row for row in rows if row.year is not None]
    return [
        *_between_channels(figures), *_within_a_row(figures), *_months_and_year(figures), *_file(customer, figures),
        *_shares(customer_id), *_accounts(customer_id), *_declared(figures, customer_id, survey),
    ]  # fmt: skip


def _at(row: Any) -> str:
    return f"{row.year}-{row.month:02}" if row.month else str(row.year)


def _between_channels(rows: Iterable[Any]) -> Iterator[Contradiction]:
    """Two channels tell different figures for one period."""
    known: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for row in rows:
        for other in known[(row.year, row.month or 0)]:
            yield from _differences(other, row)
        known[(row.year, row.month or 0)].append(row)


def _differences(one: Any, other: Any) -> Iterator[Contradiction]:
    for name in COMPARED:
        mine, theirs = getattr(one, name), getattr(other, name)
        if mine is not None and theirs is not None and mine != theirs:
            label = CustomerFinancial.register.fields[name].label
            text = _("%(what)s of %(period)s: %(one)s by “%(first)s”, %(other)s by “%(second)s”.", what=label,
                     period=_at(one), one=f"{mine:,.2f}", first=CHANNELS[one.channel], other=f"{theirs:,.2f}",
                     second=CHANNELS[other.channel])  # fmt: skip
            yield Contradiction(text, (_paper(one), _paper(other)))


def _paper(row: Any) -> tuple[str, int]:
    return row.__tablename__, row.id


def _within_a_row(rows: Iterable[Any]) -> Iterator[Contradiction]:
    """A part above its whole."""
    for row in rows:
        for part, whole in (("current_assets", "total_assets"), ("current_liabilities", "total_liabilities")):
            small, large = getattr(row, part), getattr(row, whole)
            if small is not None and large is not None and small > large:
                fields = CustomerFinancial.register.fields
                text = _("%(period)s: %(part)s are above %(whole)s.", period=_at(row), part=fields[part].label,
                         whole=fields[whole].label)  # fmt: skip
                yield Contradiction(text, (_paper(row),))


def _months_and_year(rows: Iterable[Any]) -> Iterator[Contradiction]:
    """The months of a year come to more than the year."""
    listed = list(rows)
    for year in (row for row in listed if not row.month and row.revenue is not None):
        months = {row.month: row.revenue for row in listed if row.month and row.year == year.year}
        total = sum((amount for amount in months.values() if amount is not None), Decimal(0))
        if total > year.revenue:
            text = _("%(year)s: the months come to %(sum)s, the year to %(whole)s.", year=year.year,
                     sum=f"{total:,.2f}", whole=f"{year.revenue:,.2f}")  # fmt: skip
            yield Contradiction(text, (_paper(year),))


def _file(customer: Any, figures: Iterable[Any]) -> Iterator[Contradiction]:
    """Days of the customer's file that do not agree with each other or with the dealings."""
    paper = (("customer", customer.id),)
    founded, first = customer.founded_on, customer.first_deal_on
    if founded and first and first < founded:
        yield Contradiction(_("The first deal lies before the company was founded."), paper)
    if founded and any(row.year < founded.year for row in figures):
        yield Contradiction(_("There are figures of years before the company was founded."), paper)
    earliest = _earliest_dealing(customer.id)
    if earliest and first and earliest < first:
        text = _("A dealing of %(day)s lies before the first deal of the file.", day=earliest.isoformat())
        yield Contradiction(text, paper)


def _earliest_dealing(customer_id: int) -> dt.date | None:
    sent = sa.select(sa.func.min(Shipment.invoice_date)).where(Shipment.customer_id == customer_id)
    paid = sa.select(sa.func.min(Receipt.received_on)).where(Receipt.customer_id == customer_id)
    return min((day for query in (sent, paid) if (day := session.scalar(query))), default=None)


def _shares(customer_id: int) -> Iterator[Contradiction]:
    row = CustomerPerson
    total = session.scalar(sa.select(sa.func.sum(row.share_percent)).where(row.customer_id == customer_id))
    if total is not None and total > WHOLE:
        text = _("The shareholders hold %(sum)s %% together.", sum=f"{Decimal(total):.2f}")
        yield Contradiction(text, (("customer", customer_id),))


def _accounts(customer_id: int) -> Iterator[Contradiction]:
    row = CustomerBankAccount
    main = sa.select(row).where(row.customer_id == customer_id, row.is_main.is_(True), row.verified_on.is_(None))
    for account in session.scalars(main):
        text = _("The main account at %(bank)s was not verified.", bank=account.bank)
        yield Contradiction(text, (("customer_bank_account", account.id),))


def _declared(figures: Iterable[Any], customer_id: int, survey: Whole | None) -> Iterator[Contradiction]:
    """A survey that calls the material complete while figures of the latest years are missing."""
    if survey is None or not survey.get("key_data_complete"):
        return
    known = {row.year for row in figures if not row.month}
    year = (survey.get("updated_on") or clock.today()).year
    if not known & {year - 1, year - 2}:
        text = _("The material is called complete, but there are no yearly figures of %(years)s.",
                 years=f"{year - 2}, {year - 1}")  # fmt: skip
        yield Contradiction(text, (("customer", customer_id),))
