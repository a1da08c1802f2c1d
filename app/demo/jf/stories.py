"""Complaints of the service centre, each taken as far as the plan says by the people who hold the posts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from app.areas.visits.visit import Visit
from app.core import moves, saving
from app.core.db import session
from app.core.register import registers
from app.demo.agenda import Agenda, Teller, working_time
from app.demo.people import Company

CLERK, CALLER, MANAGER = "jfshenyi", "jfmeiling", "jfhaojun"
DEPARTMENTS = {"JF-BP": "jfduwei", "JF-XS": "jfkeyan"}
HOUR = dt.timedelta(hours=1)


def call(agenda: Agenda, company: Company) -> Teller:
    """A question that was passed on to the blasting company."""
    told = {
        "contacted_at": f"{agenda.now():%Y-%m-%dT%H:%M}", "direction": "in", "means": "phone", "outcome": "reached",
        "customer_id": company.customers[0].id, "menu_choice": "advice", "business_line": "blasting",
        "answered_directly": False, "transferred_to": "爆破技术部", "content": "询问光面爆破的孔距。",
    }  # fmt: skip
    with agenda.by(CLERK):
        saving.create(registers()["contact_log"], told)
    yield agenda.now()


class Story:
    """One complaint on its way."""

    def __init__(self, agenda: Agenda, company: Company, entry: Mapping[str, Any]) -> None:
        self.agenda, self.company, self.entry = agenda, company, entry
        self.begins = working_time(agenda.end - dt.timedelta(days=entry["ago"], hours=2))
        self.promised = working_time(self.begins + dt.timedelta(days=2))
        self.case: Any = None

    def tell(self) -> Teller:
        """From the call to the state that the plan names."""
        until = self.entry["until"]
        self._record()
        if until == "recorded":
            return
        yield working_time(self.agenda.now() + HOUR)
        with self.agenda.by(CLERK):
            moves.move(self.case, "pass_on")
        if until == "passed_on":
            return
        yield working_time(self.agenda.now() + 20 * HOUR)
        with self.agenda.by(DEPARTMENTS[self.entry["to"]]):
            moves.move(self.case, "handle", values={"handling_result": "已到现场核实，调整方案并当面说明。"})
        yield self.promised
        self._call_back()
        if until == "closed":
            yield working_time(self.agenda.now() + 2 * HOUR)
            with self.agenda.by(MANAGER):
                moves.move(self.case, "close")

    def _record(self) -> None:
        entry, customer = self.entry, self.company.customers[self.entry["customer"]]
        told = {
            "title": entry["title"], "channel": "phone", "nature": entry.get("nature", "complaint"),
            "business_line": entry["line"], "customer_id": customer.id, "complainant": customer.contact_name,
            "complainant_phone": customer.contact_phone, "content": f"来电反映：{entry['title']}。",
            "received_at": f"{self.agenda.now():%Y-%m-%dT%H:%M}",
            "promised_visit_at": f"{self.promised:%Y-%m-%dT%H:%M}",
            "responsible_unit_id": self.company.units[entry["to"]].id,
        }  # fmt: skip
        with self.agenda.by(CLERK):
            self.case = saving.create(registers()["complaint"], told, policy="C16").record

    def _call_back(self) -> None:
        visit = session.scalars(sa.select(Visit).filter_by(complaint_id=self.case.id, status="planned")).one()
        said = {
            "method": "phone", "measure": "受理组已转责任部门并跟踪。", "outcome": "已告知处理结果。",
            "rating": self.entry["rating"],
        }  # fmt: skip
        with self.agenda.by(CALLER):
            moves.move(visit, "begin")
            moves.move(visit, "make", values=said)
