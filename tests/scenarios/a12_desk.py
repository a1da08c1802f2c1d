"""The posts of A12 at their desks: complaints of a car dealer on both routes, by REST."""

from __future__ import annotations

from typing import Any

from tests.scenarios import seats
from tests.scenarios.desk import at, sweep

ADVISER, SPECIALIST, RELATIONS = "tangxiaoqing", "mengjiahe", "shaomingzhu"
SALES, SERVICE, GENERAL = "yuanbowen", "fuguangming", "luzhengxiong"
SUPERVISOR, MECHANIC, BOOKS = "weixingchen", "diaoxiaobin", "kangwenya"
__all__ = ["ADVISER", "BOOKS", "GENERAL", "MECHANIC", "RELATIONS", "SALES", "SERVICE", "SPECIALIST", "SUPERVISOR",
           "Dealer", "at", "sweep"]  # fmt: skip


class Dealer:
    """Takes complaints through article 4."""

    def __init__(self, sign_in, portal) -> None:
        self.as_, self.portal = sign_in, portal
        self.workshop = seats.unit_id(portal, "CD-FW")

    def who(self, account: str) -> int:
        """The person behind an account."""
        return seats.employee_id(self.portal, account)

    def recorded(self, when: str, status: int = 201, **over: Any) -> Any:
        """A complaint written down at a local time; its id, or the refusal."""
        told = {
            "title": "变速箱顿挫", "channel": "phone", "received_at": when.replace(" ", "T"), "complainant": "裴思远",
            "complainant_phone": "13851230001", "plate_no": "苏F12345", "content": "保养后变速箱顿挫",
        } | over  # fmt: skip
        told = {name: value for name, value in told.items() if value is not None}
        answer = self.as_(ADVISER).call("POST", "complaint/", status, **told)
        return answer["id"] if status == 201 else answer

    def judged(self, case: int, status: int = 200, **over: Any) -> Any:
        """Kind, severity and handler, by the customer-relations manager."""
        told = {"matter": "repair", "reason_sufficient": True, "demand_reasonable": True,
                "handling_responsibility": "服务部负责查明"} | over  # fmt: skip
        return self.as_(RELATIONS).move(case, "judge", status, **told)

    def proposed(self, case: int, status: int = 200, step: str = "propose", who: str = SERVICE, **over: Any) -> Any:
        """A solution."""
        told = {"cause": "换油量不足", "responsible_unit_id": self.workshop, "solution": "免费重新换油并赠送保养",
                "responsible_person_id": self.who(MECHANIC), "proposed_settlement_amount": "600.00"} | over  # fmt: skip
        return self.as_(who).move(case, step, status, **told)

    def in_hand(self, when: str, **over: Any) -> int:
        """An ordinary complaint that its handler investigates."""
        case = self.recorded(when, plate_no=over.pop("plate_no", "苏F12345"))
        self.judged(case, **over)
        self.as_(SERVICE).move(case, "take_over")
        return case

    def decided(self, who: str = GENERAL, status: int = 200, action: str = "approve", **values: Any) -> Any:
        """The only step in somebody's inbox is answered."""
        step = self.as_(who).call("GET", "approval/inbox")["result"][0]["id"]
        return self.as_(who).call("POST", f"approval/{step}/{action}", status, values=values, comment="同意")

    def told(self, case: int, when: str, status: int = 200, step: str = "inform", who: str = SPECIALIST) -> Any:
        """The customer is told at a local time."""
        values = {"informed_at": when.replace(" ", "T"), "customer_reaction": "表示接受"}
        return self.as_(who).move(case, step, status, **values)

    def asked(self, case: int, when: str, rating: str, **over: Any) -> Any:
        """How satisfied the customer is."""
        row = self.lines("visit", case)[-1]["id"]
        values = {"visited_at": when.replace(" ", "T"), "rating": rating, "method": "phone"} | over
        return self.as_(SPECIALIST).call("POST", f"visit/{row}/move/ask", values=values)

    def reviewed(self, case: int) -> int:
        """Summary and evaluation; the id of the report."""
        row = int(self.lines("written_report", case)[0]["id"])
        values = {"content": "换油量不足", "case_evaluation": "及时", "improvement": "换油后双人复核",
                  "implementer_id": self.who(SERVICE), "improve_by": "2025-11-30"}  # fmt: skip
        self.as_(RELATIONS).call("POST", f"written_report/{row}/move/submit", values=values)
        return row

    def read(self, case: int, who: str = RELATIONS) -> dict[str, Any]:
        """A complaint as somebody sees it."""
        return dict(self.as_(who).call("GET", f"complaint/{case}"))

    def lines(self, register: str, case: int, who: str = RELATIONS) -> list[dict[str, Any]]:
        """Rows of a register about a complaint, the oldest first."""
        found = self.as_(who).call("GET", f"{register}/?complaint_id__eq={case}")["result"]
        return sorted(found, key=lambda row: row["id"])

    def clocks(self, case: int, register: str = "complaint") -> dict[str, dict[str, Any]]:
        """The explained clocks of a row by key; of several the newest."""
        told = self.as_(RELATIONS).call("GET", f"{register}/{case}/explain").get("clocks") or []
        return {row["key"].removeprefix("A12."): row for row in told}
