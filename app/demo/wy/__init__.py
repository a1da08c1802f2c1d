"""望岳物业: the front desk of a building that works by C07, and some weeks of complaints."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from app.core import clock, moves, saving
from app.core.db import session
from app.core.register import registers
from app.demo.agenda import Agenda, Teller, approve
from app.demo.people import Company

HEAD = "wyzhengli"
MINUTE = dt.timedelta(minutes=1)
VALID = ("cleaning", "vehicle", "charge", "maintenance", "violation")
Entry = Mapping[str, Any]


def schedule(agenda: Agenda, company: Company, _begun: dt.datetime) -> None:
    """Put the company's stories on the agenda."""
    story = Story(agenda, company)
    for entry in company.plan["cases"]:
        at = agenda.end - dt.timedelta(days=entry["ago"], hours=0 if entry["ago"] else 1)
        agenda.add(at.replace(hour=9, minute=25) if entry["ago"] else at, story.tell(entry))


class Story:
    """Tells one complaint after the other; every step happens at its own time, by its own person."""

    def __init__(self, agenda: Agenda, company: Company) -> None:
        self.agenda, self.company = agenda, company

    def later(self, minutes: int) -> dt.datetime:
        """So many minutes from now."""
        return self.agenda.now() + minutes * MINUTE

    def step(self, who: str, record: Any, key: str, **values: Any) -> None:
        """One step of a row."""
        with self.agenda.by(who):
            moves.move(record, key, values=values)

    def tell(self, entry: Entry) -> Teller:
        """Take a complaint from the desk to where its entry says."""
        desk = entry["by"]
        with self.agenda.by(desk):
            case: Any = saving.create(registers()["complaint"], self._form(entry)).record
        yield self.later(8)
        self.step(desk, case, "record")
        yield self.later(4)
        self.step(desk, case, "judge", sub_kind=entry["sort"])
        valid = entry["sort"] in VALID
        yield from self._valid(case, entry) if valid else self._talk(case, entry)
        if entry["until"] in ("judged", "promising", "handled"):
            return
        yield self.later(1500)
        self._visit(desk, case, entry)
        if entry["until"] == "risen":
            return
        yield self.later(60)
        self.step(HEAD, case, "close")

    def _valid(self, case: Any, entry: Entry) -> Teller:
        units, desk = self.company.units, entry["by"]
        supervisor = self.company.plan["departments"][entry["unit"]]
        who = self.company.people[supervisor]
        yield self.later(5)
        self.step(desk, case, "judge_department", responsible_unit_id=units[entry["unit"]].id,
                  responsible_supervisor_id=who.id)  # fmt: skip
        if entry["until"] == "judged":
            return
        yield self.later(50)
        self.step(desk, case, "go_on_site")
        if entry["until"] == "promising":
            yield self.later(30)
            self.step(supervisor, case, "put_promise_on_site", promise=entry["promise"])
            return
        yield self.later(180)
        self.step(supervisor, case, "solve", answer=entry["answer"])

    def _talk(self, case: Any, entry: Entry) -> Teller:
        desk = entry["by"]
        yield self.later(3)
        self.step(desk, case, "confirm_identity", identity_confirmed=True)
        self.step(desk, case, "check_fees", in_arrears=entry.get("arrears", False))
        yield self.later(25)
        self.step(desk, case, "answer", answer=entry["answer"])

    def _visit(self, desk: str, case: Any, entry: Entry) -> None:
        model: Any = registers()["visit"].model
        visit = session.scalars(sa.select(model).filter_by(complaint_id=case.id).order_by(model.id.desc())).first()
        happy = entry["until"] != "risen"
        told = {"visited_at": clock.from_local(self.agenda.now()), "method": "phone", "satisfied": happy}
        self.step(desk, visit, "make", **told, opinion=entry.get("opinion"))
        if not happy:
            with self.agenda.by(HEAD):
                approve(case, {})

    def _form(self, entry: Entry) -> dict[str, Any]:
        return {
            "title": entry["title"], "complainant": entry["who"], "complainant_phone": entry["phone"],
            "room_no": entry["room"], "channel": "phone", "content": entry["text"],
            "received_at": clock.from_local(self.agenda.now()),
        }  # fmt: skip
