"""织梦优品: an online shop, and some weeks of what buyers complained of."""

from __future__ import annotations

import datetime as dt

from app.demo.agenda import Agenda
from app.demo.people import Company
from app.demo.ws.accounts import Accounts
from app.demo.ws.stories import Story


def schedule(agenda: Agenda, company: Company, begun: dt.datetime) -> None:
    """Put the company's stories on the agenda."""
    accounts = Accounts(agenda, company)
    agenda.add(accounts.begins, accounts.tell())
    for entry in company.plan["complaints"]:
        story = Story(agenda, company, entry)
        agenda.add(story.begins, story.tell())
