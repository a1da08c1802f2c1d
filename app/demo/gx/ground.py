"""What is on record of the customers before anybody surveys them: figures, deliveries and receipts of the last year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from app.core import clock
from app.core.db import session
from app.core.register import registers
from app.demo.agenda import Agenda, Teller
from app.demo.people import Company
from app.engines.policy import operations as policy

MONTHS = 12


def lay_ground(agenda: Agenda, company: Company) -> Teller:
    """The bound of all limits, the files of the customers, and a year of deliveries and receipts."""
    top = next(iter(company.units.values()))
    policy.set_parameter(top, "A03", "base_year_cap", "1500000", "年初应收账款余额")
    day = agenda.now().date()
    for customer, entry in zip(company.customers, company.plan["credit"], strict=True):
        customer.trade, customer.industry = "buyer", entry["industry"]
        customer.first_deal_on = day - dt.timedelta(days=entry["since"])
        customer.founded_on = customer.first_deal_on - dt.timedelta(days=900)
        session.add_all(_figures(customer, entry, day))
        session.add_all(_dealings(company, customer, entry, day))
    session.flush()
    yield from ()


def _figures(customer: Any, entry: Mapping[str, Any], day: dt.date) -> Iterator[Any]:
    """Three years in figures, from the customer itself and, where the plan says so, from an agency that differs."""
    model = registers()["customer_financial"].model
    base = Decimal(entry["revenue"])
    for back in (3, 2, 1):
        revenue = base * (100 - 5 * back) / 100
        yield model(
            customer_id=customer.id, unit_id=customer.unit_id, owner_id=customer.owner_id, channel="partner",
            obtained_on=day, year=day.year - back, revenue=revenue, net_profit=revenue * 6 / 100,
            total_assets=base, total_liabilities=base * entry["debt"] / 100, current_assets=base * 60 / 100,
            current_liabilities=base * 40 / 100, staff=entry["staff"],
        )  # fmt: skip
    if entry.get("differs"):
        yield model(
            customer_id=customer.id, unit_id=customer.unit_id, owner_id=customer.owner_id, channel="agency",
            agency="信和会计师事务所", obtained_on=day, year=day.year - 1, revenue=base * 80 / 100,
            net_profit=base * 2 / 100,
        )  # fmt: skip


def _dealings(company: Company, customer: Any, entry: Mapping[str, Any], day: dt.date) -> Iterator[Any]:
    top = next(iter(company.units.values()))
    version = policy.current_version("A03", day)
    if version is None:
        raise LookupError("A03 is not in force")
    shared = {"customer_id": customer.id, "unit_id": customer.unit_id, "owner_id": customer.owner_id, "policy": "A03",
              "pack_version_id": version.id, "adopter_id": top.id}  # fmt: skip
    shipment, receipt = registers()["shipment"].model, registers()["receipt"].model
    for back in range(1, MONTHS + 1):
        at = (day.replace(day=1) - dt.timedelta(days=30 * back - 15)).replace(day=12)
        amount = Decimal(entry["monthly"]) + 1000 * (back % 4)
        yield shipment(**shared, status="delivered", invoice_date=at, amount=amount)
        yield receipt(**shared, status="confirmed", received_on=at + dt.timedelta(days=9), amount=amount - 500,
                      method="transfer", confirmed_at=clock.now())  # fmt: skip
