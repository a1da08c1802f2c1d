"""知客会员商店: a shop of member cards that works by C03; its customers are allocated, its files kept up daily."""

from __future__ import annotations

import datetime as dt

from app.demo.agenda import Agenda
from app.demo.people import Company
from app.demo.zk.stories import Service


def schedule(agenda: Agenda, company: Company, _begun: dt.datetime) -> None:
    """Put the company's stories on the agenda."""
    Service(agenda, company).begin()
