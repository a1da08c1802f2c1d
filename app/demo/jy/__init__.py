"""景园物业: one estate, and some weeks of what its residents came for and suggested."""

from __future__ import annotations

import datetime as dt

from app.demo.agenda import Agenda, working_time
from app.demo.jy.stories import Story
from app.demo.people import Company


def schedule(agenda: Agenda, company: Company, begun: dt.datetime) -> None:
    """Put the company's stories on the agenda."""
    story = Story(agenda, company)
    for kind, tell in (("complaints", story.complaint), ("suggestions", story.suggestion)):
        for entry in company.plan[kind]:
            agenda.add(working_time(agenda.end - dt.timedelta(days=entry["ago"], hours=4)), tell(entry))
