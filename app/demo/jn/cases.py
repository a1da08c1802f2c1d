"""Complaints of the group, each taken through its steps by the people who hold the posts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.areas.complaints.written_report import WrittenReport
from app.areas.consequences.sanction import Sanction
from app.core.db import session
from app.demo.agenda import Teller
from app.demo.jn.telling import (
    BOOKS,
    DEPUTY,
    GENERAL,
    MARKETING,
    OFFICE,
    OTHER,
    RD,
    SALES,
    SALES_DEPUTY,
    SERVICE,
    STAFF,
    STORE,
    WORKER,
    Told,
)

BACK = 30
GRANTED = Decimal("3000.00")


class Complained(Told):
    """One complaint, as far as its plan says."""

    def tell(self) -> Teller:
        """From the form to its end, and what follows."""
        case = self.create(MARKETING, "complaint", **self._form())
        yield from self.move(MARKETING, case, "submit")
        if self.entry["until"] != "submit":
            yield from self._handled(case)

    def _form(self) -> dict[str, Any]:
        entry = self.entry
        return {
            "title": entry["title"], "customer_id": self.company.customers[entry["customer"]].id,
            "order_no": entry["order"], "batch_no": entry["batch"], "specification": entry["spec"],
            "quantity": entry["qty"], "defective_qty": entry["bad"], "complaint_reason": entry["reason"],
            "shipped_on": (self.agenda.now().date() - dt.timedelta(days=21)).isoformat(), "sample_attached": True,
            "customer_demand": entry["demand"], "marketing_opinion": "已查明订单与批号，附异常样品，请受理。",
        }  # fmt: skip

    def _handled(self, case: Any) -> Teller:
        until = self.entry["until"]
        yield from self.move(SERVICE, case, "accept")
        if until == "accept":
            return
        if until == "joint":
            yield from self._joint(case)
            return
        yield from self.move(SERVICE, case, "investigate", category="quality" if self.entry["ours"] else "non_quality")
        yield self.later(22)
        self.step(SERVICE, case, "finish", findings=self.entry["cause"])
        if until != "finish":
            yield from self._reported(case)
            yield from self._decided(case)

    def _joint(self, case: Any) -> Teller:
        """R&D is called, and goes along; nothing is written down yet."""
        units = [self.company.units[code].id for code in ("JN-RD", "JN-CS")]
        limit = self.agenda.now().date() + dt.timedelta(days=3)
        yield from self.move(SERVICE, case, "call_joint", category="quality", joint_limit=limit, joint_units=units)
        yield self.agenda.now() + dt.timedelta(minutes=25)
        self.step(STAFF, case, "alert_rd")
        self.create(STAFF, "urgent_visit", complaint_id=case.id, reported_at=self.agenda.now().isoformat(),
                    abnormality=self.entry["reason"], manufacturing_people=[self.agenda.people[RD].id])  # fmt: skip

    def _reported(self, case: Any) -> Teller:
        report = session.scalars(sa.select(WrittenReport).filter_by(complaint_id=case.id)).one()
        yield from self.move(SERVICE, report, "submit", content=f"经现场调查：{self.entry['cause']}。")
        yield from self.move(DEPUTY, report, "instruct", instruction="照此办理，落实改善。")

    def _decided(self, case: Any) -> Teller:
        entry, plant = self.entry, self.company.units["JN-PR"].id
        if entry["ours"]:
            yield from self._loss(case, plant)
        yield from self.move(
            SERVICE, case, "put_up", responsible_unit_id=plant, our_quality_fault=entry["ours"],
            handling="return" if entry.get("then") in ("returned", "difference") else "discount",
            needs_tracking="measure" in entry,
        )
        if entry["until"] == "put_up":
            return
        founded = entry["until"] != "unfounded"
        due = None if founded else self.agenda.now().date() + dt.timedelta(days=14)
        granted = {"decided_amount": GRANTED, "approved_return_qty": BACK} if founded else {}
        said = "同意所拟处理。" if founded else "与规格相符，投诉不成立。"
        yield from self.move(DEPUTY, case, "decide", decision=said, founded=founded, collection_due_on=due, **granted)
        if founded:
            yield from self._answered(case)

    def _loss(self, case: Any, plant: int) -> Teller:
        """The loss is ours: who bears it, and the sanctions that follow."""
        sheet = self.create(SERVICE, "loss_sheet", complaint_id=case.id, responsible_unit_id=plant)
        self.create(SERVICE, "loss_item", sheet_id=sheet.id, kind="claim", actual_amount=self.entry["amount"])
        for account, percent in ((WORKER, "70"), (OTHER, "30")):
            self.create(SERVICE, "responsibility_share", sheet_id=sheet.id, bearer_type="person", share_percent=percent,
                        employee_id=self.agenda.people[account].id, fault_item="item_3")  # fmt: skip
        yield from self.move(SERVICE, sheet, "submit")
        yield from self.move(DEPUTY, sheet, "approve")
        found = sa.select(Sanction).filter_by(complaint_id=case.id).order_by(Sanction.id)
        for sanction in session.scalars(found).all():
            self.step(SERVICE, sanction, "submit")
            yield from self.move(DEPUTY, sanction, "approve")

    def _answered(self, case: Any) -> Teller:
        refused = self.entry["until"] == "refuse" and case.version == 1
        yield self.later(4)
        self.create(MARKETING, "customer_reply", complaint_id=case.id, means="letter", content="函告批示结果。",
                    replied_at=self.agenda.now().isoformat(), promised_amount="0.00", promised_return_qty=0,
                    customer_response="refused" if refused else "accepted")  # fmt: skip
        if refused:
            yield from self.move(SERVICE, case, "refuse")
            yield from self._again(case)
        elif case.version == 1:
            yield from self.move(SERVICE, case, "close")
            yield from self._followed(case)

    def _again(self, case: Any) -> Teller:
        """A second form, with the first attached; it waits for the investigation."""
        yield from self.move(SERVICE, case, "new_form")
        again = session.get_one(type(case), case.next_id)
        yield from self.move(SERVICE, again, "submit")
        yield from self.move(SERVICE, again, "accept")
        yield from self.move(SERVICE, again, "investigate", category="quality")

    def _followed(self, case: Any) -> Teller:
        if self.entry.get("then") == "certificate":
            yield from self._certificate(case)
            yield from self._notice(case)
        else:
            yield from self._returned(case)

    def _certificate(self, case: Any) -> Teller:
        paper = self.create(SALES, "return_certificate", complaint_id=case.id, kind="discount",
                            discount_amount=str(GRANTED))  # fmt: skip
        yield from self.move(SALES, paper, "submit")
        yield from self.move(SALES_DEPUTY, paper, "sign")
        yield self.later(30)
        self.step(SALES, paper, "seal", customer_sealed_on=self.agenda.now().date())
        yield from self.move(BOOKS, paper, "post")

    def _notice(self, case: Any) -> Teller:
        notice = self.create(OFFICE, "penalty_notice", complaint_id=case.id, reason_item=self.entry["cause"])
        yield from self.move(OFFICE, notice, "submit")
        yield from self.move(GENERAL, notice, "approve")
        yield from self.move(BOOKS, notice, "execute")

    def _returned(self, case: Any) -> Teller:
        slip = self.create(SALES, "goods_return", complaint_id=case.id, handling="return", slip_qty=BACK,
                           return_reason=case.title, return_basis="依批示办理", unit_price="1280.00")  # fmt: skip
        yield from self.move(SALES, slip, "submit")
        yield from self.move(SALES_DEPUTY, slip, "verify")
        short = self.entry["then"] == "difference"
        yield self.later(48)
        self.step(STORE, slip, "count", actual_qty=BACK - 1 if short else BACK)
        if short:
            yield from self.move(SALES, slip, "put_up", petition_text="客户留用一台，拟按实退二十九台更正批示。")
        else:
            yield from self.move(BOOKS, slip, "post")
