"""景园物业: one estate, and some weeks of what its residents came for, suggested and were visited about."""

from __future__ import annotations

import datetime as dt

from app.demo.agenda import Agenda, working_time
from app.demo.jy.stories import Story
from app.demo.jy.visits import Round
from app.demo.people import Company


def schedule(agenda: Agenda, company: Company, begun: dt.datetime) -> None:
    """Put the company's stories on the agenda."""
    story, visits = Story(agenda, company), Round(agenda, company)
    agenda.add(begun, visits.begin())
    tellers = {
        "complaints": story.complaint, "suggestions": story.suggestion, "notices": visits.notice,
        "events": visits.event, "surveys": visits.survey, "visits": visits.visit,
    }  # fmt: skip
    for kind, tell in tellers.items():
        for entry in company.plan[kind]:
            agenda.add(working_time(agenda.end - dt.timedelta(days=entry["ago"], hours=4)), tell(entry))
