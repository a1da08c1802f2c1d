"""海江环境检测站: a testing station that works by A06, some weeks of its appeals and complaints."""

from __future__ import annotations

import datetime as dt

from app.demo.agenda import Agenda
from app.demo.hj.stories import Appealed, Complained
from app.demo.people import Company


def schedule(agenda: Agenda, company: Company, begun: dt.datetime) -> None:
    """Put the station's stories on the agenda."""
    for teller, told in ((Appealed, "appeals"), (Complained, "complaints")):
        for entry in company.plan[told]:
            story = teller(agenda, company, entry)
            agenda.add(story.begins, story.tell())
