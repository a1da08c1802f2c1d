"""洛川银行: a regional bank that works by A04, and some weeks of complaints at its outlets."""

from __future__ import annotations

import datetime as dt

from app.demo.agenda import Agenda
from app.demo.bk.books import Books
from app.demo.bk.cases import Story
from app.demo.people import Company


def schedule(agenda: Agenda, company: Company, _begun: dt.datetime) -> None:
    """Put the company's stories on the agenda."""
    story, books = Story(agenda, company), Books(agenda, company)
    for entry in company.plan["cases"]:
        at = agenda.end - dt.timedelta(days=entry["ago"], hours=0 if entry["ago"] else 1)
        agenda.add(at.replace(hour=9, minute=40) if entry["ago"] else at, story.tell(entry))
    for entry in company.plan["books"]:
        at = agenda.end - dt.timedelta(days=entry["ago"])
        agenda.add(at.replace(hour=16, minute=5), books.tell(entry))
