"""广德电器: a distributor that works by A10; orders within and above the credit of its dealers on their way."""

from __future__ import annotations

import datetime as dt

from app.demo.agenda import Agenda, working_time
from app.demo.gd.stories import SHEETS, Dealers
from app.demo.people import Company


def schedule(agenda: Agenda, company: Company, begun: dt.datetime) -> None:
    """Put the company's stories on the agenda."""
    dealers = Dealers(agenda, company)
    agenda.add(begun, dealers.papers())
    for minute, entry in enumerate(company.plan["deals"]):
        at = (agenda.end - dt.timedelta(days=entry["ago"])).replace(hour=9, minute=minute)
        begins = working_time(at) if entry["ago"] else min(at, agenda.end - dt.timedelta(hours=1))
        agenda.add(begins, dealers.deal(entry))
    agenda.add(agenda.end - dt.timedelta(days=SHEETS), dealers.nights())
