"""广信购销网络有限公司: customers surveyed, rated, given limits, and the deals that use them."""

from __future__ import annotations

import datetime as dt

from app.demo.agenda import Agenda, Teller, sweep, working_time
from app.demo.gx.ground import lay_ground
from app.demo.gx.stories import Credit
from app.demo.people import Company

GROUND = dt.timedelta(days=50)


def schedule(agenda: Agenda, company: Company, begun: dt.datetime) -> None:
    """Put what was there before and the company's stories on the agenda."""
    agenda.add(working_time(agenda.end - GROUND), lay_ground(agenda, company))
    for number, entry in enumerate(company.plan["credit"]):
        story = Credit(agenda, company, number, entry)
        agenda.add(story.begins, story.tell())
    agenda.add(agenda.end - dt.timedelta(minutes=5), _last_night())


def _last_night() -> Teller:
    """The sweeps of credit have run before somebody looks."""
    for name in ("credit.surveys", "credit.deals", "credit.ratings"):
        sweep(name)
    yield from ()
