"""Complaints at the service desk, each taken as far as the plan says by the people who hold the posts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from app.core import moves, saving
from app.core.register import registers
from app.demo.agenda import Agenda, Teller, working_time
from app.demo.people import Company

CLERK = "scliulu"
FLOORS = {"SC-F1": "sczhaoyi", "SC-F2": "scqianer"}
HOUR = dt.timedelta(hours=1)


class Story:
    """One complaint on its way."""

    def __init__(self, agenda: Agenda, company: Company, entry: Mapping[str, Any]) -> None:
        self.agenda, self.company, self.entry = agenda, company, entry
        self.begins = working_time(agenda.end - dt.timedelta(days=entry["ago"], hours=2))
        self.case: Any = None

    def tell(self) -> Teller:
        """From the desk to the state that the plan names."""
        self._record()
        if self.entry.get("asks"):
            self._ask()
        for step in self._steps():
            if self.case.status == self.entry["until"]:
                return
            yield working_time(self.agenda.now() + 3 * HOUR)
            step()

    def _steps(self) -> list[Any]:
        floor = FLOORS[self.entry["floor"]]
        last = (
            (lambda: self._move(CLERK, "not_agreed", reason="顾客坚持要求当面道歉"))
            if self.entry["until"] == "with_head"
            else (lambda: self._move(CLERK, "close", customer_accepts=True))
        )
        return [
            lambda: self._move(CLERK, "to_floor"),
            lambda: self._move(floor, "floor_reply", floor_opinion="情况属实，专柜同意按顾客要求处理。"),
            lambda: self._move(CLERK, "answer", result="已致歉，并告知处理办法。"),
            last,
        ]

    def _move(self, who: str, key: str, reason: str = "", **values: Any) -> None:
        with self.agenda.by(who):
            moves.move(self.case, key, values=values, reason=reason)

    def _record(self) -> None:
        entry, customer = self.entry, self.company.customers[self.entry["customer"]]
        told = {
            "title": entry["title"], "channel": "visit", "matter": entry["matter"], "customer_id": customer.id,
            "complainant": customer.contact_name, "complainant_phone": customer.contact_phone,
            "content": f"顾客反映：{entry['title']}。", "received_at": f"{self.agenda.now():%Y-%m-%dT%H:%M}",
            "floor_id": self.company.units[entry["floor"]].id,
        }  # fmt: skip
        with self.agenda.by(CLERK):
            self.case = saving.create(registers()["complaint"], told, policy="C17").record

    def _ask(self) -> None:
        asked = {
            "subject": self.entry["title"], "complaint_id": self.case.id, "content": "请查退款是否已经发起。",
            "department_id": self.company.units[self.entry["asks"]].id,
        }  # fmt: skip
        with self.agenda.by(CLERK):
            item = saving.create(registers()["coordination_item"], asked, policy="C17").record
            moves.move(item, "ask")
