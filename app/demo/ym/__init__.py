"""依曼服饰: shops in franchise, and some weeks of complaints that climb the three levels of A14."""

from __future__ import annotations

import datetime as dt

from app.demo.agenda import Agenda
from app.demo.people import Company
from app.demo.ym.stories import Story, reports, scripts


def schedule(agenda: Agenda, company: Company, begun: dt.datetime) -> None:
    """Put the company's stories on the agenda."""
    agenda.add(begun, scripts(agenda, company))
    agenda.add(begun, reports(agenda))
    for entry in company.plan["complaints"]:
        story = Story(agenda, company, entry)
        agenda.add(story.begins, story.tell())
