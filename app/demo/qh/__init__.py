"""启衡信息: an IT service company, and some weeks of the complaints that it works on by B03."""

from __future__ import annotations

import datetime as dt

from app.demo.agenda import Agenda
from app.demo.people import Company
from app.demo.qh.stories import Story, catalogue, reports


def schedule(agenda: Agenda, company: Company, begun: dt.datetime) -> None:
    """Put the company's stories on the agenda."""
    agenda.add(begun, catalogue(agenda, company))
    agenda.add(begun, reports(agenda))
    for entry in company.plan["complaints"]:
        story = Story(agenda, company, entry)
        agenda.add(story.begins, story.tell())
