"""锦轩家居: branches and shops, and some weeks of complaints with a promise and a limit running side by side."""

from __future__ import annotations

import datetime as dt

from app.demo.agenda import Agenda
from app.demo.people import Company
from app.demo.rt.stories import Story, book_entry


def schedule(agenda: Agenda, company: Company, begun: dt.datetime) -> None:
    """Put the company's stories on the agenda."""
    agenda.add(agenda.end - dt.timedelta(days=4), book_entry(agenda, company))
    for entry in company.plan["complaints"]:
        story = Story(agenda, company, entry)
        agenda.add(story.begins, story.tell())
