"""The posts of B02 at their desks: complaints taken through the policy's own route, by REST."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Flask

from app.core import clock
from app.core.db import session
from app.engines.sweeps import operations as sweeps
from app.engines.sweeps.operations import Outcome

REP, MANAGER, CONTROL, QC, SECTION, OFFICE = (
    "xuwenjing",
    "songzhiwei",
    "hepeishan",
    "luojianguo",
    "denghaibo",
    "zhengguoqiang",
)
RD, DEPUTY, GENERAL, BOOKS = "pengsiyuan", "zhouqiming", "liangweidong", "fanghuimin"
DECIDERS = {"sales_manager": MANAGER, "deputy_gm": DEPUTY, "general_manager": GENERAL}


def at(text: str):
    """Stop the clock at a local time."""
    return clock.freeze(dt.datetime.fromisoformat(text))


class Desk:
    """Takes complaints through the route of （九）4."""

    def __init__(self, sign_in) -> None:
        self.as_ = sign_in
        self.customers = {row["name"]: row["id"] for row in sign_in(REP).call("GET", "customer/")["result"]}
        units = sign_in(REP).call("GET", "org_unit/")["result"]
        self.operator = sign_in(REP).call("GET", "employee/")["result"][-1]["id"]
        self.section = next(unit["id"] for unit in units if unit["name"] == "制造一部压合课")

    def intake(self, **over: Any) -> dict[str, Any]:
        """What sales fills in."""
        return {
            "title": "爆板分层",
            "customer_id": next(iter(self.customers.values())),
            "market": "domestic",
            "claimed_amount": "98000.00",
            "order_no": "PO1",
            "part_no": "HD10-5028",
            "product": "HDI",
            "shipped_on": "2025-08-20",
            "shipped_qty": 3200,
            "defective_qty": 46,
            "abnormality": "分层",
            "customer_demand": ["claim"],
            "demand_text": "赔偿",
            "sample_attached": True,
            "sales_note": "附样品",
            "complaint_reason": "回流后分层",
        } | over

    def open(self, **over: Any) -> int:
        """A new draft."""
        return self.as_(REP).call("POST", "complaint/", 201, **self.intake(**over))["id"]

    def accepted(self, **over: Any) -> int:
        """A numbered case."""
        case = self.open(**over)
        self.as_(REP).move(case, "submit")
        self.as_(CONTROL).move(case, "accept")
        return case

    def at_sales(self, case: int) -> None:
        """On to the sales opinion, without R&D."""
        self.as_(CONTROL).move(case, "send_to_qc")
        self.from_quality(case)

    def from_quality(self, case: int) -> None:
        """From quality to the sales opinion."""
        self.as_(QC).move(
            case,
            "judge",
            category="quality",
            qc_cause="回温不足",
            responsible_unit_id=self.section,
            production_unit_id=self.section,
        )
        self.as_(SECTION).move(
            case,
            "analyse",
            production_cause="回温不足",
            countermeasure="延长回温",
            shift="甲",
            production_unit_id=self.section,
            produced_on="2025-08-01",
            operators=[self.operator],
        )
        self.as_(OFFICE).move(case, "instruct", manager_office_note="同意")
        self.as_(CONTROL).move(case, "check", gm_office_check="齐全")

    def routed(self, case: int, proposed: str) -> dict[str, Any]:
        """On to the decider."""
        self.as_(REP).move(case, "propose", sales_opinion="同意", proposed_settlement_amount=proposed)
        return self.as_(CONTROL).move(case, "route", combined_opinion="同意赔偿")

    def decided(self, case: int, **over: Any) -> str:
        """Decided by whoever the amount names; his account."""
        post = self.as_(CONTROL).call("GET", f"complaint/{case}")["deciding_post"]
        values = {"decision": "同意", "founded": True, "decided_amount": "90000.00"} | over
        self.as_(DECIDERS[post]).move(case, "decide", **values)
        return DECIDERS[post]

    def closed(self, case: int, **over: Any) -> int:
        """From the intake to the closing, the customer accepting."""
        self.at_sales(case)
        self.to_the_end(case, **over)
        return case

    def to_the_end(self, case: int, **over: Any) -> None:
        """From the sales opinion to the closing."""
        self.routed(case, "90000.00")
        decider, rep = self.decided(case), self.as_(REP)
        rep.move(case, "negotiate")
        self.replied(case, "accepted")
        rep.move(case, "report_result", negotiation_result="接受", customer_accepts=True)
        self.as_(MANAGER).move(case, "confirm_result")
        self.as_(CONTROL).move(case, "combine_result", combined_opinion="建议结案")
        self.as_(decider).move(case, "close", **{"needs_tracking": False} | over)

    def refused(self, case: int) -> int:
        """From the intake to the customer's refusal; the id of the second form."""
        self.at_sales(case)
        self.routed(case, "90000.00")
        self.decided(case)
        rep = self.as_(REP)
        rep.move(case, "negotiate")
        self.replied(case, "refused")
        rep.move(case, "report_result", negotiation_result="不接受", customer_accepts=False)
        self.as_(MANAGER).move(case, "confirm_result")
        self.as_(CONTROL).move(case, "combine_result", combined_opinion="客户不接受")
        return int(rep.move(case, "new_form")["next_id"])

    def replied(self, case: int, response: str) -> None:
        """What sales told the customer."""
        told = {
            "complaint_id": case,
            "means": "letter",
            "replied_at": clock.to_local(clock.now()).strftime("%Y-%m-%dT%H:%M"),
            "content": "说明",
            "promised_amount": "90000.00",
            "promised_return_qty": 0,
            "customer_response": response,
        }
        self.as_(REP).call("POST", "customer_reply/", 201, **told)


def sweep(portal: Flask, name: str, text: str) -> Outcome:
    """Run a sweep at a local time, as the scheduler does."""
    with portal.app_context(), at(text):
        sweeps.sync()
        outcome = sweeps.run(name)
        session.remove()
    assert outcome.error is None, outcome.error
    return outcome


def clocks(desk: Desk, case: int) -> dict[str, dict[str, Any]]:
    """The explained clocks of a case by key; of several the newest."""
    return {
        row["key"].removeprefix("B02."): row
        for row in desk.as_(CONTROL).call("GET", f"complaint/{case}/explain")["clocks"]
    }
