"""兰枫服饰: a store that works by A05, with the sales, classes and profiles of its customers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from app.demo.agenda import Agenda, working_time
from app.demo.lf.stories import Store
from app.demo.people import Company


def schedule(agenda: Agenda, company: Company, _begun: dt.datetime) -> None:
    """Put the company's stories on the agenda."""
    store = Store(agenda, company)

    def at(entry: Mapping[str, Any], hour: int = 11) -> dt.datetime:
        return working_time((agenda.end - dt.timedelta(days=entry["ago"])).replace(hour=hour, minute=20))

    for kind, tell in (("sales", store.sale), ("vips", store.vip), ("costs", store.cost)):
        for entry in company.plan[kind]:
            agenda.add(at(entry), tell(entry))
    agenda.add(at(company.plan["profile"], 15), store.profile(company.plan["profile"]))
    agenda.add(at({"ago": 13}), store.referral())
    agenda.add(at({"ago": 2}), store.leaving())
