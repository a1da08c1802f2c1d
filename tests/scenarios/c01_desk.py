"""A property developer at work by C01: the sales floor, key-account service, finance as REST clients."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask import Flask

from app.core.db import session
from app.engines.people import operations as people
from app.engines.people.models import Employee, Holding, OrgUnit
from app.engines.privacy.models import AccessLog
from tests.scenarios.desk import at

HEAD, MANAGER, KEEPER, SECOND, THIRD = "dkgaoyuan", "dkluochen", "dkxiangwan", "dkpeirui", "dkmuqing"
SELLER, OTHER, FLOOR, MONEY, AFTER, BOSS, ADMIN = (
    "dkyuetong", "dkzhuli", "dkweihan", "dkjiangxu", "dkshaoan", "dkgongyi", "dkfanlin",
)  # fmt: skip
OWN = {SELLER: "DK-0001", OTHER: "DK-0002", MANAGER: "DK-0003", SECOND: "DK-0004"}
LONG_AGO = dt.date(2024, 1, 1)


def rules(answer: dict[str, Any]) -> set[tuple[str | None, str]]:
    """Field and rule of every problem of a refusal."""
    return {(error["field"], error["rule"]) for error in answer["errors"]}


class Developer:
    """A company at work; every call happens at the time that it names or the latest one named."""

    lead = ""

    def __init__(self, portal: Flask, sign_in: Any, now: str = "2026-03-02 09:00") -> None:
        self.portal, self.sign_in, self.now = portal, sign_in, now
        with portal.app_context():
            self.staff: dict[str, int] = dict(
                session.execute(sa.select(Employee.number, Employee.id).where(Employee.number.startswith("DK"))).all()
            )
            customer = sa.table("customer", sa.column("customer_no"), sa.column("id"))
            self.customers: dict[str, int] = dict(
                session.execute(sa.select(customer.c.customer_no, customer.c.id)).all()
            )
            session.remove()

    def call(self, who: str, method: str, path: str, status: int = 200, **body: Any) -> Any:
        """One REST call of somebody, now."""
        with at(self.now):
            return self.sign_in(who).call(method, path, status, **body)

    def do(
        self, who: str, row: str, key: str, when: str = "", status: int = 200, reason: str = "", **values: Any
    ) -> Any:
        """One step of a row such as ``sales_lead/7``, at a time."""
        self.now = when or self.now
        return self.call(who, "POST", f"{row}/move/{key}", status, values=values, reason=reason)

    def add(self, who: str, slug: str, status: int = 201, **values: Any) -> Any:
        """A new row: its path, or the refusal."""
        made = self.call(who, "POST", f"{slug}/", status, **values)
        return f"{slug}/{made['id']}" if status == 201 else made

    def decide(self, who: str, row: str, action: str = "approve", status: int = 200, **body: Any) -> Any:
        """Answer the step of an approval that waits for somebody on a row."""
        slug, number = row.split("/")
        mine = self.call(who, "GET", "approval/inbox")["result"]
        step = next(line for line in mine if (line["register"], line["record_id"]) == (slug, int(number)))
        return self.call(who, "POST", f"approval/{step['id']}/{action}", status, **body)

    def approved(self, row: str, *deciders: str) -> None:
        """A row that everybody in turn agrees to."""
        for who in deciders:
            self.decide(who, row)

    # -- intents and deals -------------------------------------------------------------------------------------------

    def intent(self, area: str | None = None, who: str = SELLER, origin: str = "walk_in", **over: Any) -> str:
        """A buyer as the consultant writes him down."""
        told = {"customer_name": "来访客户", "came_at": self.now.replace(" ", "T"), "origin": origin,
                "product": "soho", "area": area, "customer_id": self.customers.get(OWN.get(who, ""))}  # fmt: skip
        return str(self.add(who, "sales_lead", **{k: v for k, v in (told | over).items() if v is not None}))

    def unit(self, lead: str, room: str, area: str, who: str = SELLER, **over: Any) -> str:
        """One more room that the buyer wants."""
        return str(self.add(who, "sales_lead_unit", lead_id=int(lead.split("/")[1]), room=room, area=area, **over))

    def handed_over(self, lead: str, who: str = SELLER, manager: str = MANAGER) -> str:
        """A key account that a manager took over."""
        paper = self.add(who, "customer_assignment", lead_id=int(lead.split("/")[1]), notes="意向两套，偏好高层")
        self.do(who, paper, "request")
        self.do(manager, paper, "accept")
        return str(paper)

    def deal(self, lead: str, total: str, payment: str, day: str, who: str = MANAGER, **over: Any) -> str:
        """A signed deal of a lead."""
        told = {"lead_id": int(lead.split("/")[1]), "rooms": "1-801、1-802", "area": "240.00", "total": total,
                "payment": payment, "signed_on": day}  # fmt: skip
        self.now = f"{day} 15:00"
        row = self.add(who, "sales_order", **told | over)
        self.do(who, row, "sign")
        return str(row)

    def assisted(self, total: str, payment: str, day: str) -> dict[str, Any]:
        """The sheet of a deal that began on the sales floor."""
        self.now = f"{day} 09:00"
        lead = self.intent("260.00", customer_id=None)
        self.handed_over(lead)
        return self.sheet(self.deal(lead, total, payment, day))

    def sheet(self, deal: str) -> dict[str, Any]:
        """The commission sheet of a deal, and what everybody gets by staff number and ground."""
        key = int(deal.split("/")[1])
        sheet = self.call(MONEY, "GET", f"commission_sheet/?order_id__eq={key}")["result"][0]
        lines = self.call(MONEY, "GET", f"commission_line/?sheet_id__eq={sheet['id']}")["result"]
        return {"sheet": sheet, "row": f"commission_sheet/{sheet['id']}",
                "lines": {(line["staff_no"], line["basis"]): line["amount"] for line in lines}}  # fmt: skip

    # -- people ------------------------------------------------------------------------------------------------------

    def members(self, *numbers: str, since: dt.date = LONG_AGO, until: dt.date | None = None) -> None:
        """Let people of the department hold their posts from a day on; who is new joins as a manager."""
        with self.portal.app_context(), at(f"{since} 08:00"):
            unit = session.scalars(sa.select(OrgUnit).filter_by(code="DK-DK")).one()
            for number in numbers:
                person = session.scalar(sa.select(Employee).filter_by(number=number))
                if person is None:
                    person = Employee(number=number, name=f"经理{number[-1]}", unit_id=unit.id)
                    session.add(person)
                    session.flush()
                    people.give(person, "key_account_manager", unit, post="C01.key_account_manager",
                                valid_from=since, scope="own")  # fmt: skip
                for held in session.scalars(sa.select(Holding).filter_by(owner_id=person.id)):
                    held.valid_from, held.valid_to = since, until
            session.commit()
            session.remove()

    def looks(self, row: str) -> list[tuple[str, bool, str | None, str | None]]:
        """What the access log keeps of looks at a row: act, allowed, ground, number of the request."""
        slug, key = row.split("/")
        with self.portal.app_context():
            found = sa.select(AccessLog).filter_by(of_register=slug, record_id=int(key)).order_by(AccessLog.id)
            told = [(line.act, bool(line.granted), line.basis, line.request_no) for line in session.scalars(found)]
            session.remove()
        return told
