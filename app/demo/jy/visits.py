"""What the office publishes, holds, asks and plans, and whom officers and office manager visit."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from app.areas.customers.household import household_of
from app.areas.visits.visit_campaign import VisitCampaign
from app.core import clock, saving
from app.core.db import session
from app.core.register import registers
from app.demo.agenda import Teller
from app.demo.jy.stories import OFFICE, Entry, Story

GUIDE = "pangli"
RECORDS = {"peer_visit": "receive"}


class Round(Story):
    """Part two of the policy, told like the complaints."""

    def _new(self, who: str, slug: str, **told: Any) -> Any:
        with self.agenda.by(who):
            return saving.create(registers()[slug], told, policy="D01").record

    def begin(self) -> Teller:
        """Residents who sign in are named in their files, and each person gets the plan of the year."""
        for place, account in self.company.plan["residents"].items():
            home = household_of(self.company.customers[int(place)].id)
            if home is not None:
                home.resident_id = self.company.people[account].id
        year = f"{clock.today().year}"
        for account, planned in self.company.plan["plans"].items():
            person = self.company.people[account].id
            known = sa.select(VisitCampaign).filter_by(period=year, person_id=person)
            plan = session.scalars(known).first() or self._new(
                OFFICE, "visit_campaign", kind="annual", period=year, person_id=person, end_on=f"{year}-12-31"
            )
            self._move(OFFICE, plan, "begin", planned_visits=planned)
        yield self._later(0)

    def notice(self, entry: Entry) -> Teller:
        """Where and how residents complain."""
        told = {"kind": "contact_point", "title": entry["title"], "office": entry["office"], "phone": entry["phone"],
                "hours": entry["hours"], "published_where": entry["where"]}  # fmt: skip
        made = self._new(OFFICE, "notice", **told)
        self._move(OFFICE, made, "publish")
        yield self._later(0)

    def event(self, entry: Entry) -> Teller:
        """Planned, and recorded if it was held."""
        told = {name: entry.get(name) for name in ("kind", "title", "place")}
        made = self._new(entry["by"], "customer_event", **told)
        yield self._later(3)
        if "attended" not in entry:
            return
        told = {name: entry[name] for name in ("attended", "opinions", "result") if name in entry}
        if entry["kind"] == "peer_visit":
            told |= {"guest_company": entry["company"], "person_id": self.company.people[GUIDE].id}
        self._move(entry["by"], made, RECORDS.get(entry["kind"], "hold_event"), held_at=clock.now(), **told)

    def survey(self, entry: Entry) -> Teller:
        """Sent out, and evaluated if the forms came back."""
        made = self._new(OFFICE, "survey", kind="topic", title=entry["title"])
        self._move(OFFICE, made, "send", sent_on=clock.today(), issued=entry["issued"])
        yield self._later(24 * 9)
        if "returned" in entry:
            told = {"returned": entry["returned"], "findings": entry["findings"], "use_of_result": entry["use"]}
            self._move(OFFICE, made, "evaluate", **told)

    def visit(self, entry: Entry) -> Teller:
        """Somebody visits a household; what is not answered at once is promised."""
        home, hours = self.company.customers[entry["household"]], entry.get("promise")
        made = self._new(entry["by"], "visit", customer_id=home.id)
        now = clock.now()
        told: dict[str, Any] = {"visited_at": now, "method": entry["method"], "answered": hours is None, "major": False,
                                "opinion": entry["opinion"]}  # fmt: skip
        if hours:
            told["promised_at"] = now + dt.timedelta(hours=hours)
        self._move(entry["by"], made, "make", **told)
        yield self._later((hours or 0) - 4 if hours else 0)
        if hours:
            self._move(entry["by"], made, "answer", replied_at=clock.now(), item_handled=True)
