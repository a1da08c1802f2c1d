"""安途集团: sells insurance and services cars by B04; complaints of two branches on their way."""

from __future__ import annotations

import datetime as dt

from app.demo.agenda import Agenda
from app.demo.at import beside, cases
from app.demo.people import Company


def schedule(agenda: Agenda, company: Company, begun: dt.datetime) -> None:
    """Put the company's stories on the agenda."""
    cases.schedule(agenda, company)
    beside.schedule(agenda, company, begun)
