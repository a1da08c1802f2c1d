"""康泰家电服务: a service centre, and some weeks of promises, solutions and opinions."""

from __future__ import annotations

import datetime as dt

from app.demo.agenda import Agenda, working_time
from app.demo.kf.stories import Story
from app.demo.people import Company


def schedule(agenda: Agenda, company: Company, begun: dt.datetime) -> None:
    """Put the company's stories on the agenda."""
    story = Story(agenda, company)
    for entry in company.plan["complaints"]:
        agenda.add(working_time(agenda.end - dt.timedelta(days=entry["ago"], hours=3)), story.tell(entry))
    agenda.add(working_time(agenda.end - dt.timedelta(days=2, hours=2)), story.score())
