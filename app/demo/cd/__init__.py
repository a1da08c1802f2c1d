"""驰达汽车: a car dealer that works by A12; complaints of its sales and its workshop on their way."""

from __future__ import annotations

import datetime as dt

from app.demo.agenda import Agenda
from app.demo.cd.stories import Story, vehicles
from app.demo.people import Company


def schedule(agenda: Agenda, company: Company, begun: dt.datetime) -> None:
    """Put the company's stories on the agenda."""
    agenda.add(begun, vehicles(agenda, company))
    for minute, entry in enumerate(company.plan["complaints"]):
        story = Story(agenda, company, entry, minute)
        agenda.add(story.begins, story.tell())
