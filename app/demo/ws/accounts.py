"""The accounts of the shop, who logged in with them, and a buyer who came to the main one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from app.core import clock, saving
from app.core.register import registers
from app.demo.agenda import Agenda, Teller
from app.demo.people import Company

AGO = 14


class Accounts:
    """Told in one go on one morning."""

    def __init__(self, agenda: Agenda, company: Company) -> None:
        self.agenda, self.company, self.plan = agenda, company, company.plan["accounts"]
        self.begins = (agenda.end - dt.timedelta(days=AGO)).replace(hour=9, minute=5)

    def _new(self, who: str, slug: str, **told: Any) -> Any:
        with self.agenda.by(who):
            return saving.create(registers()[slug], {name: value for name, value in told.items() if value}).record

    def tell(self) -> Teller:
        """The accounts, two logins, and the transfer."""
        rows = {}
        for name, kind, who in self.plan["list"]:
            person = self.company.people[who].id if who else None
            rows[name] = self._new(self.plan["head"], "access_grant", account_name=name, kind=kind, person_id=person,
                                   shop=self.plan["shop"]).id  # fmt: skip
        main, goes_to = self.plan["main"], self.plan["goes_to"]
        self._new(self.plan["head"], "account_login", account_id=rows[main])
        self._new(self.plan["seller"], "account_login", account_id=rows[goes_to])
        at = clock.to_local(clock.now()).isoformat()
        self._new(self.plan["head"], "contact_log", direction="in", means="im", outcome="reached", topic="presale",
                  account_id=rows[main], to_account_id=rows[goes_to], transfer_reason="wrong_account",
                  buyer_account="b_liwen", content="咨询羊毛袜尺码，转售前账号接待", contacted_at=at)  # fmt: skip
        yield self.agenda.end
