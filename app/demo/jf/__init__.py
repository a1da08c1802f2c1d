"""金峰民爆: a service centre that promises return visits, and some weeks of complaints."""

from __future__ import annotations

import datetime as dt

from app.demo.agenda import Agenda
from app.demo.jf.stories import Story, call
from app.demo.people import Company


def schedule(agenda: Agenda, company: Company, begun: dt.datetime) -> None:
    """Put the company's stories on the agenda."""
    agenda.add(agenda.end - dt.timedelta(days=2), call(agenda, company))
    for entry in company.plan["complaints"]:
        story = Story(agenda, company, entry)
        agenda.add(story.begins, story.tell())
