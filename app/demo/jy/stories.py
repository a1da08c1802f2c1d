"""What residents bring, each taken as far as the plan says by the people who hold the posts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from app.areas.visits.visit import Visit
from app.core import clock, moves, saving
from app.core.db import session
from app.core.register import registers
from app.demo.agenda import Agenda, Teller, approve, working_time
from app.demo.people import Company

DIRECTOR, OFFICE = "zhaibo", "nieyun"
HEADS = {"JY-EN": "guandongsheng", "JY-CL": "rongmei"}
FACTS = "到现场核实，情况属实，已拍照并向住户说明。"
DECISION = "由责任部门会同业委会协调，两周内答复住户。"
RESULT = "已更换故障部件并连续观察三天，运行正常。"
MEASURE = "已在北门增设防滑坡道和扶手。"
OPINION = "处理及时，希望加强夜间巡查。"
Entry = Mapping[str, Any]


class Story:
    """One matter after the other; every step happens at its own time, by its own person."""

    def __init__(self, agenda: Agenda, company: Company) -> None:
        self.agenda, self.company = agenda, company

    def _later(self, hours: float) -> dt.datetime:
        return working_time(self.agenda.now() + dt.timedelta(hours=hours))

    def _stamp(self) -> str:
        return f"{self.agenda.now():%Y-%m-%dT%H:%M}"

    def _move(self, who: str, record: Any, key: str, **values: Any) -> None:
        with self.agenda.by(who):
            moves.move(record, key, values=values)

    def complaint(self, entry: Entry) -> Teller:
        """From the door of the service centre to where the plan says."""
        case, officer, unit = self._receive(entry), entry["by"], self.company.units[entry.get("to", "JY-EN")]
        yield self._later(1.5)
        if entry["until"] == "recorded":
            return
        unsolved = bool(entry.get("unsolved"))
        self._move(officer, case, "investigate", facts=FACTS, solvable=not unsolved)
        yield self._later(1)
        if unsolved:
            self._move(officer, case, "report_unsolved", responsible_unit_id=unit.id)
            yield self._later(20)
            if entry["until"] == "with_director":
                return
            with self.agenda.by(DIRECTOR):
                approve(case, {"decision": DECISION, "responsible_unit_id": unit.id})
            return
        self._move(officer, case, "pass_on", responsible_unit_id=unit.id)
        yield self._later(26)
        yield from self._handle(case, entry, HEADS[unit.code])

    def _handle(self, case: Any, entry: Entry, head: str) -> Teller:
        self._move(head, case, "handle", result=RESULT)
        yield self._later(3)
        if entry["until"] == "done":
            return
        now = clock.now()
        self._move(head, case, "reply", replied_resident_at=now, replied_director_at=now)
        yield self._later(20)
        self._move(DIRECTOR, case, "close", founded=entry["valid"])
        yield self._later(96)
        visit = session.scalars(sa.select(Visit).filter_by(complaint_id=case.id)).one()
        told = {"visited_at": clock.now(), "method": "visit", "answered": True, "major": False, "opinion": OPINION}
        self._move(entry["by"], visit, "make", **told)

    def _receive(self, entry: Entry) -> Any:
        home, about = self.company.customers[entry["household"]], entry.get("about")
        told = {
            "visit_kind": entry["kind"], "title": entry["title"], "customer_id": home.id, "channel": "visit",
            "received_at": self._stamp(), "complainant": home.contact_name, "complainant_phone": home.contact_phone,
            "content": entry["title"], "about_person_id": self.company.people[about].id if about else None,
        }  # fmt: skip
        with self.agenda.by(entry["by"]):
            return saving.create(registers()["complaint"], told, policy="D01").record

    def suggestion(self, entry: Entry) -> Teller:
        """From a resident's suggestion to the notice board."""
        home = self.company.customers[entry["household"]]
        told = {"kind": "suggestion", "source": "desk", "customer_id": home.id, "received_at": self._stamp(),
                "content": entry["content"]}  # fmt: skip
        with self.agenda.by(entry["by"]):
            opinion = saving.create(registers()["customer_opinion"], told, policy="D01").record
            moves.move(opinion, "report")
        yield self._later(26)
        if entry["until"] == "reported":
            return
        with self.agenda.by(DIRECTOR):
            approve(opinion, {"adopted": "plan", "plan": MEASURE})
        yield self._later(120)
        told = {"published_on": self.agenda.now().date(), "result": MEASURE, "praised": True}
        self._move(OFFICE, opinion, "publish", **told)
