"""嘉州供应链: a company that finances its sales and works by C09, with its complaints and supervision notes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from app.core import clock, moves, saving
from app.core.register import registers
from app.demo.agenda import Agenda, Teller
from app.demo.people import Company

MANAGER, TEAM, TEAM_UNIT = "jzqinshu", "jzlufei", "JZ-SC1"
Entry = Mapping[str, Any]


def schedule(agenda: Agenda, company: Company, _begun: dt.datetime) -> None:
    """Put the company's stories on the agenda."""
    story = Story(agenda, company)
    agenda.add((agenda.end - dt.timedelta(days=18)).replace(hour=9, minute=30), story.files())
    for kind, tell in (("cases", story.complaint), ("notes", story.note)):
        for entry in company.plan[kind]:
            at = agenda.end - dt.timedelta(days=entry["ago"], hours=0 if entry["ago"] else 1)
            agenda.add(at.replace(hour=10, minute=15) if entry["ago"] else at, tell(entry))


class Story:
    """Tells complaints and notes; every step happens at its own time, by its own person."""

    def __init__(self, agenda: Agenda, company: Company) -> None:
        self.agenda, self.company = agenda, company

    def later(self, **span: int) -> dt.datetime:
        """So long from now."""
        return self.agenda.now() + dt.timedelta(**span)

    def create(self, who: str, slug: str, values: Mapping[str, Any]) -> Any:
        """A new row of somebody."""
        with self.agenda.by(who):
            return saving.create(registers()[slug], values).record

    def step(self, who: str, record: Any, key: str, **values: Any) -> None:
        """One step of a row."""
        with self.agenda.by(who):
            moves.move(record, key, values=values)

    def complaint(self, entry: Entry) -> Teller:
        """Take a complaint from its receipt to where its entry says."""
        who, customer = entry["by"], self.company.customers[entry["customer"]]
        told = {name: entry[name] for name in ("title",)} | {"content": entry["text"], "scheme_no": entry["scheme"]}
        case = self.create(who, "complaint", told | {
            "customer_id": customer.id, "channel": "phone", "received_at": clock.from_local(self.agenda.now()),
        })  # fmt: skip
        self.step(who, case, "register")
        if entry["until"] == "handling":
            return
        yield self.later(hours=entry["hours"])
        self.step(who, case, "answer", answer=entry["answer"])
        if entry["until"] == "answered":
            return
        yield self.later(hours=20)
        self.step(who, case, "ask", satisfied=entry["until"] == "closed", opinion=entry.get("opinion"))

    def note(self, entry: Entry) -> Teller:
        """Urge the marketing team by a note, as far as its entry says."""
        due = self.agenda.now().date() + dt.timedelta(days=entry["due"])
        row = self.create(MANAGER, "corrective_action", {
            "subject_no": entry["scheme"], "problem": entry["problem"], "measure": entry["measure"], "due_on": due,
            "owner_unit_id": self.company.units[TEAM_UNIT].id,
        })  # fmt: skip
        self.step(MANAGER, row, "issue")
        if entry["until"] == "issued":
            return
        yield self.later(days=4)
        self.step(TEAM, row, "rectify", progress=entry["progress"])
        yield self.later(hours=3)
        self.step(MANAGER, row, "verify")

    def files(self) -> Teller:
        """Classes with their level of review, a survey that was verified, and a contract."""
        plan, day = self.company.plan["files"], self.agenda.now().date().isoformat()
        chief = self.company.people[plan["chief"]].id
        for place, (code, name, bound) in enumerate(plan["classes"]):
            kind = self.create(plan["by"], "customer_class", {"code": code, "name": name, "risk_level": "low"})
            self.company.customers[place].customer_class_id = kind.id
            row = {"customer_class_id": kind.id, "approved_by_id": chief, "effective_from": day}
            low = {"amount_from": "0.00", "amount_to": bound, "level": "department"}
            self.create(plan["chief"], "authority_rule", row | low)
            self.create(plan["chief"], "authority_rule", row | {"amount_from": bound, "level": "committee"})
        customer = self.company.customers[0].id
        for code, name, level in plan["categories"]:
            self.create(plan["by"], "access_rule", {"code": code, "name": name, "level": level})
        survey = self.create(plan["by"], "credit_survey", {
            "customer_id": customer, "surveyed_on": day, "method": "visit", "content": plan["survey"],
        })  # fmt: skip
        self.step(plan["by"], survey, "verify", analysis="产能利用率高，需求稳定")
        for amount in plan["contracts"]:
            deal = self.create(plan["by"], "contract", {
                "contract_type": "purchase_sale", "customer_id": customer, "amount": amount, "signed_on": day,
            })  # fmt: skip
            self.step(plan["by"], deal, "sign")
        yield self.agenda.end
