"""云庭物业: a property-management company that works by A08, and some weeks of its complaints."""

from __future__ import annotations

import datetime as dt

from app.demo.agenda import Agenda
from app.demo.people import Company
from app.demo.yt import beside
from app.demo.yt.cases import Story


def schedule(agenda: Agenda, company: Company, begun: dt.datetime) -> None:
    """Put the company's stories on the agenda."""
    story = Story(agenda, company)
    for entry in company.plan["cases"]:
        at = agenda.end - dt.timedelta(days=entry["ago"], hours=0 if entry["ago"] else 3)
        agenda.add(at.replace(hour=9, minute=12) if entry["ago"] else at, story.tell(entry))
    agenda.add(agenda.end - dt.timedelta(days=15), beside.reward(agenda))
    agenda.add(agenda.end - dt.timedelta(days=9), beside.sanction(agenda))
    agenda.add(begun.replace(hour=15), beside.statistics(agenda))
