"""Complaints of the service centre, each taken as far as the plan says by agent and supervisor."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from app.areas.complaints.complaint_handling import ComplaintHandling
from app.areas.visits.visit import Visit
from app.core import clock, moves, saving
from app.core.db import session
from app.core.register import registers
from app.demo.agenda import Agenda, Teller, working_time
from app.demo.people import Company

SUPERVISOR = "yingxiulan"
OPTIONS = {
    "option_1": "当日派资深工程师上门检修并更换部件。",
    "option_2": "更换同型号新机。",
    "option_3": "退货退款并免收拆机费。",
}
SCORES = {"score_a": 5, "score_b": 4, "score_c": 4, "score_d": 5, "score_e": 3, "score_f": 4, "score_g": 4}
CHANCE = "客户明年扩店，拟邀其试用商用机型。"
Entry = Mapping[str, Any]


class Story:
    """One complaint after the other; every step happens at its own time, by its own person."""

    def __init__(self, agenda: Agenda, company: Company) -> None:
        self.agenda, self.company = agenda, company

    def _later(self, hours: float) -> dt.datetime:
        return working_time(self.agenda.now() + dt.timedelta(hours=hours))

    def _move(self, who: str, record: Any, key: str, **values: Any) -> None:
        with self.agenda.by(who):
            moves.move(record, key, values=values)

    def tell(self, entry: Entry) -> Teller:
        """From the call to where the plan says."""
        agent, case = entry["by"], self._note(entry)
        yield self._later(0.5)
        if entry["until"] == "open":
            return
        if entry.get("minor"):
            self._move(agent, case, "answer_now", answer_text="已退还多收的安装费并致歉。", customer_accepts=True)
        else:
            hours = 6 if entry.get("late") else 30
            self._move(agent, case, "promise", promised_at=clock.now() + dt.timedelta(hours=hours))
            if entry["until"] == "promised":
                return
            yield from self._solve(agent, case, entry)
        if entry["until"] != "solving":
            yield from self._ask(agent, case, entry)

    def _solve(self, agent: str, case: Any, entry: Entry) -> Teller:
        yield self._later(2)
        self._move(agent, case, "prepare", **OPTIONS)
        forms = list(session.scalars(
            sa.select(ComplaintHandling).filter_by(complaint_id=case.id).order_by(ComplaintHandling.round)
        ))  # fmt: skip
        self._move(agent, forms[0], "offer")
        yield self._later(1)
        self._move(agent, forms[0], "object", objection="已修过两次，不愿再等。")
        self._move(agent, forms[1], "offer")
        yield self._later(4)
        if entry["until"] == "solving":
            return
        self._move(agent, forms[1], "accept")
        self._move(agent, forms[1], "execute")

    def _ask(self, agent: str, case: Any, entry: Entry) -> Teller:
        yield self._later(40)
        visit = session.scalars(sa.select(Visit).filter_by(complaint_id=case.id)).one()
        self._move(agent, visit, "make", visited_at=clock.now(), method="phone", satisfied=True,
                   opinion="处理爽快，继续合作。", next_chance=CHANCE)  # fmt: skip
        told = {"customer_id": case.customer_id, "complaint_id": case.id, "content": CHANCE, "next_step": "下周送样册"}
        with self.agenda.by(agent):
            saving.create(registers()["sales_lead"], told, policy="D02")
        yield self._later(20)
        if entry["until"] == "closed":
            self._move(SUPERVISOR, case, "close")

    def _note(self, entry: Entry) -> Any:
        customer, ours = self.company.customers[entry["customer"]], bool(entry.get("fault"))
        told = {
            "title": entry["title"], "customer_id": customer.id, "channel": "phone",
            "received_at": f"{self.agenda.now():%Y-%m-%dT%H:%M}", "complainant": customer.contact_name,
            "complainant_phone": customer.contact_phone, "content": entry["title"],
            "summary": f"{entry['title']}，要求尽快解决。", "customer_confirmed": True,
            "minor": bool(entry.get("minor")), "own_fault": ours, "apologised": ours or None,
        }  # fmt: skip
        with self.agenda.by(entry["by"]):
            return saving.create(registers()["complaint"], told, policy="D02").record

    def score(self) -> Teller:
        """The supervisor scores an agent's technique."""
        told = {"agent_id": self.company.people["laiwen"].id, "checked_on": f"{self.agenda.now():%Y-%m-%d}"} | SCORES
        with self.agenda.by(SUPERVISOR):
            saving.create(registers()["conduct_check"], told, policy="D02")
        yield self.agenda.now()
