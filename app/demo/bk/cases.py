"""Complaints at outlets, each taken by the people who hold the posts as far as its entry says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from app.areas.complaints.case_transfer import CaseTransfer
from app.core import clock, moves, saving
from app.core.db import session
from app.core.register import registers
from app.demo.agenda import Agenda, Teller, approve
from app.demo.people import Company

ABOVE = "bkzhongyi"
MINUTE = dt.timedelta(minutes=1)
Entry = Mapping[str, Any]


class Desk:
    """What every story of the company needs: who sits in an outlet, and a step made by somebody at a time."""

    def __init__(self, agenda: Agenda, company: Company) -> None:
        self.agenda, self.company = agenda, company

    def seat(self, entry: Entry, post: str) -> str:
        """Who holds a post in the outlet of an entry."""
        return str(self.company.plan["outlets"][entry["outlet"]][post])

    def later(self, minutes: int) -> dt.datetime:
        """So many minutes from now."""
        return self.agenda.now() + minutes * MINUTE

    def step(self, who: str, record: Any, key: str, **values: Any) -> None:
        """One step of a row; instants are local."""
        told = {name: clock.from_local(v) if isinstance(v, dt.datetime) else v for name, v in values.items()}
        with self.agenda.by(who):
            moves.move(record, key, values=told)


class Story(Desk):
    """Tells one complaint after the other; every step happens at its own time, by its own person."""

    def tell(self, entry: Entry) -> Teller:
        """Take a complaint from the counter to where its entry says."""
        first, manager, head = (self.seat(entry, post) for post in ("by", "manager", "head"))
        with self.agenda.by(first):
            case: Any = saving.create(registers()["complaint"], self._form(entry)).record
        self.step(first, case, "register")
        if entry["until"] == "received":
            return
        yield self.later(6)
        if entry["way"] == "spot":
            self.step(first, case, "answer_on_spot", result=entry["result"])
        else:
            self.step(first, case, "hand_over")
            if entry["until"] == "transferred":
                return
            yield self.later(12)
            self.step(manager, case, "report_to_head")
            yield from self._above(case, entry) if entry["way"] == "above" else self._here(case, entry)
        if entry["until"] != "closed":
            return
        yield self.later(90)
        with self.agenda.by(head):
            approve(case, {})
        yield self.later(30)
        self.step(manager, case, "close")

    def _here(self, case: Any, entry: Entry) -> Teller:
        manager, head = self.seat(entry, "manager"), self.seat(entry, "head")
        self.step(manager, case, "agree_time", agreed_reply_at=self.later(60 * 30), moved_to_quiet_place=True)
        if entry["until"] == "investigating":
            return
        yield self.later(60 * 22)
        found = {"facts_checked": "经查属实。", "fault": "bank", "responsible": "网点运营岗", "apology_made": True}
        found |= {"corrective_measure": "逐户复核当月扣费并在晨会通报。", "result": entry["result"]}
        due = self.later(60 * 24 * 10).date()
        who, key = (head, "reply_by_head") if entry["way"] == "head" else (manager, "reply")
        self.step(who, case, key, rectify_by=due, **found)

    def _above(self, case: Any, entry: Entry) -> Teller:
        manager, head = self.seat(entry, "manager"), self.seat(entry, "head")
        self.step(manager, case, "put_up", beyond_reason="金额超出网点处理权限。")
        yield self.later(40)
        with self.agenda.by(head):
            approve(case, {})
        yield self.later(35)
        self.step(manager, case, "escalate")
        sent: Any = session.scalars(sa.select(CaseTransfer).filter_by(complaint_id=case.id)).one()
        yield self.later(60)
        self.step(ABOVE, sent, "accept")
        yield self.later(60 * 20)
        self.step(manager, sent, "track_on", checked_facts="总行已调取交易流水，预计次日答复。")
        if entry["until"] == "escalated":
            return
        yield self.later(60 * 5)
        self.step(ABOVE, sent, "give_result", work_done="核实为通道超时，款项已冲回。")
        yield self.later(50)
        self.step(manager, case, "reply_resulted", result=entry["result"])

    def _form(self, entry: Entry) -> dict[str, Any]:
        plan = self.company.plan["customers"][entry["customer"]]
        return {
            "title": entry["title"], "complainant": plan["contact"], "complainant_phone": plan["phone"],
            "content": entry["text"], "channel": entry["channel"], "restated": True,
            "claimed_amount": entry["amount"], "complaint_about": entry["about"],
            "received_at": (self.agenda.now() - 3 * MINUTE).isoformat(timespec="minutes"),
            "outlet_id": self.company.units[entry["outlet"]].id,
        }  # fmt: skip
