"""Service contracts of the group, and customers whose service is still free."""

from __future__ import annotations

import datetime as dt

from app.core import moves, saving
from app.core.register import registers
from app.demo.agenda import Agenda, Teller
from app.demo.people import Company


def contracts(agenda: Agenda, company: Company) -> Teller:
    """What the plan says of contracts and free time, in days before and after the end of the demo."""
    plan, end = company.plan["service"], agenda.end.date()
    for place, ago, days, covered, amount in plan["contracts"]:
        first = end - dt.timedelta(days=ago)
        told = {
            "contract_type": "service", "customer_id": company.customers[place].id, "covered": covered,
            "amount": amount, "signed_on": first.isoformat(), "valid_from": first.isoformat(),
            "valid_to": (first + dt.timedelta(days=days)).isoformat(), "visits_included": 4,
        }  # fmt: skip
        with agenda.by(plan["by"]):
            row = saving.create(registers()["contract"], told).record
            moves.move(row, "sign")
    for place, days, equipment in plan["free"]:
        free = {"free_until": (end + dt.timedelta(days=days)).isoformat(), "equipment": equipment}
        with agenda.by(plan["seller"]):
            saving.update(company.customers[place], free, None)
    yield agenda.end
