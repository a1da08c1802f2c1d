"""江南集团: a trading and manufacturing group that works by E01, some months of its complaints and opinions."""

from __future__ import annotations

import datetime as dt

from app.demo.agenda import Agenda, working_time
from app.demo.jn.cases import Complained
from app.demo.jn.contracts import contracts
from app.demo.jn.opinions import Opined
from app.demo.jn.telling import reviews
from app.demo.people import Company


def schedule(agenda: Agenda, company: Company, begun: dt.datetime) -> None:
    """Put the company's stories on the agenda."""
    for teller, told in ((Complained, "complaints"), (Opined, "opinions")):
        for entry in company.plan[told]:
            first = working_time((agenda.end - dt.timedelta(days=entry["ago"])).replace(hour=9, minute=20))
            agenda.add(first, teller(agenda, company, entry).tell())
    agenda.add(begun, reviews(agenda, begun.date()))
    signed = (agenda.end - dt.timedelta(days=30)).replace(hour=10, minute=30)
    agenda.add(signed, contracts(agenda, company))
