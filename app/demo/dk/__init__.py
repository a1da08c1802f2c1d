"""鼎客置业: a property developer that works by C01; key accounts on their way from the reception to the commission."""

from __future__ import annotations

import datetime as dt

from app.demo.agenda import Agenda, working_time
from app.demo.dk.stories import Floor
from app.demo.people import Company


def schedule(agenda: Agenda, company: Company, begun: dt.datetime) -> None:
    """Put the company's stories on the agenda."""
    floor = Floor(agenda, company)
    for minute, entry in enumerate(company.plan["leads"]):
        at = (agenda.end - dt.timedelta(days=entry["ago"])).replace(hour=9, minute=minute * 3)
        agenda.add(working_time(at), floor.lead(entry))
    agenda.add(working_time((agenda.end - dt.timedelta(days=20)).replace(hour=9)), floor.outing())
