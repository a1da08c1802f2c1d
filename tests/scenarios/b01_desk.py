"""The posts of B01 at their desks: complaints from the counter of a shop to marketing and back, by REST."""

from __future__ import annotations

from typing import Any

from tests.scenarios.desk import at, sweep

SHOP, SHOP_2, BRANCH, HEAD = "wangshuang", "tianmiao", "fanzhihao", "qiuhongmei"
MARKETING, COLLEAGUE, DEPUTY, GENERAL = "yutingting", "duanyong", "jianghaibo", "luozhengrong"
OFFICE, PRODUCTION, WORKS, AUDITOR, ADMIN = "xiaomin", "gengliang", "shenguofu", "baiyulan", "kangwei"
__all__ = ["ADMIN", "AUDITOR", "BRANCH", "COLLEAGUE", "DEPUTY", "GENERAL", "HEAD", "MARKETING", "OFFICE", "PRODUCTION",
           "SHOP", "SHOP_2", "WORKS", "Shops", "at", "rules", "sweep"]  # fmt: skip
DELIVERY = {"order_no": "SO-880", "part_no": "RT-1", "delivered_on": "2025-08-20", "quantity": 6, "defective_qty": 2,
            "delivery_amount": "1280.00"}  # fmt: skip


def rules(answer: dict[str, Any]) -> set[tuple[str | None, str]]:
    """Field and rule of every problem of a refusal."""
    return {(error["field"], error["rule"]) for error in answer["errors"]}


class Shops:
    """Takes complaints through the route of clause 三."""

    def __init__(self, sign_in: Any) -> None:
        self.as_ = sign_in
        self.customers = {row["name"]: row["id"] for row in sign_in(MARKETING).call("GET", "customer/")["result"]}
        self.unit = {row["code"]: row["id"] for row in sign_in(MARKETING).call("GET", "org_unit/?size=100")["result"]}
        staff = sign_in(MARKETING).call("GET", "employee/?size=100")["result"]
        self.person = {row["name"]: row["id"] for row in staff}

    def received(self, when: str, who: str = SHOP, **over: Any) -> int:
        """A complaint at the counter at a local time; its id."""
        told = {
            "title": "四件套褪色", "customer_id": self.customers["李淑珍"], "market": "domestic", "channel": "visit",
            "received_at": when.replace(" ", "T"), "complainant": "李淑珍", "complainant_phone": "13951230101",
            "content": "洗后褪色", "complaint_reason": "洗后褪色", "customer_demand": "退换", "product": "四件套",
            "category": "quality", "our_fault": True, "branch_id": self.unit["RT-B1"], "shop_id": self.unit["RT-S1"],
        } | DELIVERY | over  # fmt: skip
        return int(self.as_(who).call("POST", "complaint/", 201, **told)["id"])

    def refused(self, when: str, **over: Any) -> int:
        """A complaint whose first answer the customer refused."""
        case, stamp = self.received(when, **over), when.replace(" ", "T")
        self.as_(SHOP).move(case, "call_branch", branch_called_at=stamp)
        self.as_(HEAD).move(case, "instruct", branch_instruction="同意换货")
        self.as_(SHOP).move(case, "reply", first_reply_at=stamp, reply_accepted=False)
        return case

    def escalated(self, when: str, **over: Any) -> int:
        """One that was promised an answer and sent to marketing."""
        case = self.refused(when, **over)
        self.as_(SHOP).move(case, "escalate", promise_told_at=when.replace(" ", "T"), sample_kept=True)
        return case

    def accepted(self, when: str, **over: Any) -> int:
        """One that marketing accepted at once."""
        case = self.escalated(when, **over)
        self.as_(MARKETING).move(case, "accept")
        return case

    def submitted(self, case: int, when: str, **over: Any) -> Any:
        """Discussed and put up to the deputy general manager."""
        told = {
            "cause": "固色不足", "responsible_unit_id": self.unit["RT-PD"], "countermeasure": "加严试验",
            "external_party": False, "discussed_at": when.replace(" ", "T"), "discussed_by": "顾客、市场部、分公司",
            "agreed_remedy": "换货",
        } | over  # fmt: skip
        self.as_(MARKETING).move(case, "discuss", **told)
        return self.as_(MARKETING).move(case, "submit")

    def decided(self, who: str, status: int = 200, action: str = "approve", **values: Any) -> Any:
        """The only step in somebody's inbox is answered."""
        step = self.as_(who).call("GET", "approval/inbox")["result"][0]["id"]
        return self.as_(who).call("POST", f"approval/{step}/{action}", status, values=values, comment="同意")

    def told(self, case: int, when: str, status: int = 201, **over: Any) -> Any:
        """What the branch told the customer."""
        said = {"means": "phone", "replied_at": when.replace(" ", "T"), "content": "换货", "within_instruction": True,
                "customer_response": "accepted"} | over  # fmt: skip
        return self.as_(BRANCH).call("POST", "customer_reply/", status, complaint_id=case, **said)

    def step(self, who: str, slug: str, key: int, move: str, status: int = 200, reason: str = "", **values: Any) -> Any:
        """A step of a row."""
        return self.as_(who).call("POST", f"{slug}/{key}/move/{move}", status, values=values, reason=reason)

    def seen(self, case: int, who: str = MARKETING) -> dict[str, Any]:
        """A complaint as somebody sees it."""
        return dict(self.as_(who).call("GET", f"complaint/{case}"))

    def rows(self, who: str, slug: str, **filters: Any) -> list[dict[str, Any]]:
        """The rows that somebody sees, the oldest first."""
        query = "&".join(f"{name}={value}" for name, value in filters.items())
        return sorted(self.as_(who).call("GET", f"{slug}/?{query}")["result"], key=lambda row: row["id"])

    def clocks(self, case: int, who: str = MARKETING, register: str = "complaint") -> dict[str, dict[str, Any]]:
        """The explained clocks of a row by key."""
        found = self.as_(who).call("GET", f"{register}/{case}/explain").get("clocks") or []
        return {row["key"].removeprefix("B01."): row for row in found}
