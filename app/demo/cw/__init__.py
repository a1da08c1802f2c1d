"""驰威汽车养护: a chain of car-care shops that works by C10, the twin of C03's company."""

from __future__ import annotations

import datetime as dt

from app.demo.agenda import Agenda
from app.demo.people import Company
from app.demo.zk.stories import Service


def schedule(agenda: Agenda, company: Company, _begun: dt.datetime) -> None:
    """Put the company's stories on the agenda."""
    service = Service(agenda, company)
    service.begin()
    service.cars()
