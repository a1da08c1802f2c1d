"""华芯电路: a maker of circuit boards that works by B02, and some months of its complaints and what followed them."""

from __future__ import annotations

import datetime as dt

from app.demo.agenda import Agenda
from app.demo.hx import cases, consequences, payroll, returns
from app.demo.hx.beside import Beside
from app.demo.people import Company


def schedule(agenda: Agenda, company: Company, begun: dt.datetime) -> None:
    """Put the company's stories on the agenda."""
    cases.schedule(agenda, company.customers, company.units, company.plan["faults"])
    Beside(agenda, company.units, company.customers, company.plan).schedule(begun)
    agenda.add(begun, consequences.announcements(agenda, begun.date()))
    agenda.add(begun, payroll.runs(agenda, company.units, begun.date()))
    sales = {account: company.people[account] for account in returns.SALES}
    agenda.add(begun, returns.rates(agenda, begun.date(), sales))
