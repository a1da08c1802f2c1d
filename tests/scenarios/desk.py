"""The posts of B02 at their desks: complaints taken through the policy's own route, by REST."""

from __future__ import annotations

import datetime as dt
from typing import Any

from app.core import clock

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


def clocks(desk: Desk, case: int) -> dict[str, dict[str, Any]]:
    """The explained clocks of a case by key; of several the newest."""
    return {
        row["key"].removeprefix("B02."): row
        for row in desk.as_(CONTROL).call("GET", f"complaint/{case}/explain")["clocks"]
    }
