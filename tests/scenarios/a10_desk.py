"""A distributor of appliances at work by A10: clerks, managers, warehouse and finance as REST clients."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask import Flask

from app.areas.credit.allocating import settle
from app.areas.credit.shipment import Shipment
from app.areas.customers.contract import Contract
from app.areas.customers.customer import Customer
from app.core import clock, moves
from app.core.attachments import Attachment
from app.core.db import session
from app.core.register import registers
from app.engines.people.models import Employee
from tests.scenarios.desk import at

REP, REP_SOUTH, REGION, REGION_SOUTH, SALES = "gdliping", "gdzhouhao", "gdfengtao", "gdqinlan", "gdshenyi"
CLERK, LOGISTICS, STORE, MARKET, FINANCE, BOSS = (
    "gdmiaoli", "gdtaoran", "gdyuanku", "gdbaichen", "gdjinxia", "gdduanmu",
)  # fmt: skip
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
DEALER, PLAIN, SOUTH, PROJECT = "GD0001", "GD0002", "GD0003", "GD0004"


def rules(answer: dict[str, Any]) -> set[tuple[str | None, str]]:
    """Field and rule of every problem of a refusal."""
    return {(error["field"], error["rule"]) for error in answer["errors"]}


def figures(answer: dict[str, Any], rule: str) -> dict[str, str]:
    """The numbers that a refusal names for one way."""
    return next(error["figures"] for error in answer["errors"] if error["rule"] == rule)


class Dealer:
    """A company at work; every call happens at the time that it names or the latest one named."""

    def __init__(self, portal: Flask, sign_in: Any, now: str = "2025-09-01 08:00") -> None:
        self.portal, self.sign_in, self.now = portal, sign_in, now
        with portal.app_context():
            rows = session.execute(sa.select(Customer.customer_no, Customer.id))
            self.customers: dict[str, int] = dict(rows.all())
            session.remove()

    def call(self, who: str, method: str, path: str, status: int = 200, **body: Any) -> Any:
        """One REST call of somebody, now."""
        with at(self.now):
            return self.sign_in(who).call(method, path, status, **body)

    def do(
        self, who: str, row: str, key: str, when: str = "", status: int = 200, reason: str = "", **values: Any
    ) -> Any:
        """One step of a row such as ``shipment/7``, at a time."""
        self.now = when or self.now
        return self.call(who, "POST", f"{row}/move/{key}", status, values=values, reason=reason)

    def decide(self, who: str, row: str, action: str = "approve", status: int = 200, **body: Any) -> Any:
        """Answer the step of an approval that waits for somebody on a row."""
        slug, number = row.split("/")
        mine = self.call(who, "GET", "approval/inbox")["result"]
        step = next(line for line in mine if (line["register"], line["record_id"]) == (slug, int(number)))
        return self.call(who, "POST", f"approval/{step['id']}/{action}", status, **body)

    def attach(self, who: str, row: str, field: str) -> None:
        """Put a paper into a field of files."""
        with at(self.now):
            data = {"file": (io.BytesIO(PDF), "文件.pdf")}
            answer = self.sign_in(who).client.post(f"/api/v1/{row}/files/{field}", data=data)
        assert answer.status_code == 201, answer.text

    # -- papers ------------------------------------------------------------------------------------------------------

    def contract(self, customer: str = DEALER, who: str = REP, settled: bool = True, **over: Any) -> str:
        """A signed contract of a customer, from its draft on."""
        told = {
            "customer_id": self.customers[customer], "contract_type": "distribution", "signed_on": "2025-01-01",
            "valid_from": "2025-01-01", "valid_to": "2026-12-31",
        }  # fmt: skip
        row = f"contract/{self.call(who, 'POST', 'contract/', 201, **told | over)['id']}"
        self.attach(who, row, "scan")
        if settled:
            self.attach(who, row, "settlement_terms")
        self.do(who, row, "sign")
        return row

    def eligible(self, *customers: str) -> None:
        """Customers with file and contract as if made by hand long ago."""
        with self.portal.app_context(), at("2025-01-02 09:00"):
            for number in customers or (DEALER,):
                customer = session.get_one(Customer, self.customers[number])
                _paper("customer", customer.id, "opener_id_copy")
                begun = moves.begin(registers()["contract"], customer.unit_id)
                contract = Contract(
                    customer_id=customer.id, contract_type="distribution", signed_on=dt.date(2025, 1, 1),
                    valid_from=dt.date(2025, 1, 1), valid_to=dt.date(2026, 12, 31), status="signed",
                    contract_no=f"HT-2025-9{customer.id}", unit_id=customer.unit_id, owner_id=customer.owner_id,
                    **_under(begun),
                )  # fmt: skip
                session.add(contract)
                session.flush()
                _paper("contract", contract.id, "settlement_terms")
            session.commit()
            session.remove()

    def shipped(self, day: str, amount: str, paid: bool = False, customer: str = DEALER, **over: Any) -> str:
        """A shipment of an earlier day, as it stands since."""
        with self.portal.app_context(), at(f"{day} 10:00"):
            buyer = session.get_one(Customer, self.customers[customer])
            begun = moves.begin(registers()["shipment"], buyer.unit_id)
            date = dt.date.fromisoformat(day)
            row = Shipment(
                customer_id=buyer.id, invoice_date=date, amount=Decimal(amount), goods="空调 20 台", route="within",
                status="shipped", shipped_at=clock.now(), due_on=date + dt.timedelta(days=30), unit_id=buyer.unit_id,
                owner_id=buyer.owner_id, **_under(begun) | over,
            )  # fmt: skip
            session.add(row)
            session.flush()
            row.shipment_no = f"FH-{date:%Y%m%d}-9{row.id:02}"
            if paid:
                row.paid_amount = row.amount
                settle(row, date)
            session.commit()
            key = row.id
            session.remove()
        return f"shipment/{key}"

    def dealer(self) -> None:
        """The dealer of A10-1: three shipments in September, the second unpaid."""
        self.eligible()
        self.shipped("2025-09-01", "90000.00", paid=True)
        self.unpaid = self.shipped("2025-09-10", "120000.00")
        self.shipped("2025-09-20", "60000.00", paid=True)

    # -- orders and money --------------------------------------------------------------------------------------------

    def order(self, amount: str, when: str, customer: str = DEALER, **over: Any) -> str:
        """An order as the clerk writes it down."""
        self.now = when
        told = {"customer_id": self.customers[customer], "amount": amount, "goods": "空调 10 台 × 9000.00"}
        return f"shipment/{self.call(CLERK, 'POST', 'shipment/', 201, **told | over)['id']}"

    def submit(self, amount: str, when: str, status: int = 200, customer: str = DEALER, **over: Any) -> Any:
        """An order put to the check: the answer, and the row it is about."""
        row = self.order(amount, when, customer, **over)
        return row, self.do(CLERK, row, "submit", status=status)

    def paid(self, amount: str, when: str, customer: str = DEALER, **over: Any) -> str:
        """A receipt that finance confirmed."""
        self.now = when
        told = {"customer_id": self.customers[customer], "amount": amount, "received_on": when[:10],
                "method": "transfer"}  # fmt: skip
        with at(when):
            answer = self.sign_in(FINANCE).client.post("/api/v1/receipt/", json=told | over)
        assert answer.status_code == 201, answer.text
        row = f"receipt/{answer.json['id']}"
        self.do(FINANCE, row, "confirm")
        return row

    def plan(self, amount: str, reason: str, customer: str = DEALER) -> str:
        """A payment plan that was accepted."""
        told = {
            "customer_id": self.customers[customer], "reason": reason, "total": amount, "made_on": self.now[:10],
            "instalments": f"{self.now[:10]} {amount}", "made_by": "顾恒丰",
        }  # fmt: skip
        who = REP_SOUTH if customer == SOUTH else REP
        row = f"payment_plan/{self.call(who, 'POST', 'payment_plan/', 201, **told)['id']}"
        self.do(who, row, "accept")
        return row

    def employee(self, account: str) -> int:
        """A person's id."""
        with self.portal.app_context():
            number = {REP: "GD01", REGION: "GD03", LOGISTICS: "GD07", STORE: "GD08", MARKET: "GD09"}[account]
            found = session.scalars(sa.select(Employee.id).filter_by(number=number)).one()
            session.remove()
        return int(found)


def _under(begun: Any) -> dict[str, Any]:
    return {"policy": begun.policy, "pack_version_id": begun.pack_version_id, "adopter_id": begun.adopter_id}


def _paper(register: str, key: int, field: str) -> None:
    session.add(Attachment(
        register=register, record_id=key, field=field, name="文件.pdf", size=len(PDF), media_type="application/pdf",
        sha256="0" * 64, storage_key=f"{register[:8]}{key:04}{field}"[:32],
    ))  # fmt: skip


