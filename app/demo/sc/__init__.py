"""夫章购物中心: a service desk, its floors, and some weeks of complaints."""

from __future__ import annotations

import datetime as dt

from app.demo.agenda import Agenda
from app.demo.people import Company
from app.demo.sc.stories import Story


def schedule(agenda: Agenda, company: Company, begun: dt.datetime) -> None:
    """Put the company's stories on the agenda."""
    for entry in company.plan["complaints"]:
        story = Story(agenda, company, entry)
        agenda.add(story.begins, story.tell())
