"""The posts of E01 at their desks: complaints, opinions and what follows them, by REST."""

from __future__ import annotations

from typing import Any

from app.core import clock
from tests.scenarios.desk import at, sweep

MARKETING, SERVICE, MANAGER, STAFF, RD = "dingxiaofeng", "gurui", "panhaitao", "shizhenyu", "qiuming"
DEPUTY, SALES_DEPUTY, GENERAL, OFFICE, SALES = "jinwenbo", "xuanlili", "yanshaohua", "baijing", "kongweiwei"
STORE, BOOKS, HR, PLANT, WORKER, OTHER = "yujianping", "wanxiu", "caochun", "tongdali", "weiqiang", "luping"
NAMES = {WORKER: "魏强", OTHER: "陆萍", STAFF: "施振宇", RD: "邱鸣", MANAGER: "潘海涛", PLANT: "童大力"}

__all__ = [
    "BOOKS", "DEPUTY", "GENERAL", "HR", "MANAGER", "MARKETING", "OFFICE", "OTHER", "PLANT", "RD", "SALES",
    "SALES_DEPUTY", "SERVICE", "STAFF", "STORE", "WORKER", "Group", "at", "now", "rules", "sweep",
]  # fmt: skip


def rules(answer: dict[str, Any]) -> set[tuple[str | None, str]]:
    """Field and rule of every problem of a refusal."""
    return {(error["field"], error["rule"]) for error in answer["errors"]}


def now() -> str:
    """Now, as forms write it."""
    return clock.to_local(clock.now()).strftime("%Y-%m-%dT%H:%M")


class Group:
    """Takes complaints of the group from the form to the voucher."""

    def __init__(self, sign_in: Any) -> None:
        self.as_ = sign_in
        self.customer = sign_in(MARKETING).call("GET", "customer/")["result"][0]["id"]
        people = {row["name"]: row["id"] for row in sign_in(SERVICE).call("GET", "employee/?size=100")["result"]}
        self.person = {account: people[name] for account, name in NAMES.items()}
        units = sign_in(SERVICE).call("GET", "org_unit/?size=100")["result"]
        self.unit = {row["code"]: row["id"] for row in units}

    # -- any row -------------------------------------------------------------------------------------------------------

    def add(self, who: str, slug: str, status: int = 201, **values: Any) -> Any:
        """A new row of a register; its answer."""
        return self.as_(who).call("POST", f"{slug}/", status, **values)

    def get(self, who: str, slug: str, key: int, status: int = 200) -> Any:
        """A row as somebody sees it."""
        return self.as_(who).call("GET", f"{slug}/{key}", status)

    def rows(self, who: str, slug: str, **filters: Any) -> list[dict[str, Any]]:
        """The rows that somebody sees."""
        query = "&".join(f"{name}={value}" for name, value in filters.items())
        return self.as_(who).call("GET", f"{slug}/?{query}")["result"]

    def step(self, who: str, slug: str, key: int, move: str, status: int = 200, reason: str = "", **values: Any) -> Any:
        """A step of a row."""
        return self.as_(who).call("POST", f"{slug}/{key}/move/{move}", status, values=values, reason=reason)

    def clocks(self, who: str, slug: str, key: int) -> dict[str, dict[str, Any]]:
        """The explained clocks of a row by key."""
        found = self.as_(who).call("GET", f"{slug}/{key}/explain")["clocks"]
        return {row["key"].removeprefix("E01."): row for row in found}

    # -- complaints ----------------------------------------------------------------------------------------------------

    def form(self, **over: Any) -> dict[str, Any]:
        """What marketing fills in."""
        return {
            "title": "输送带跑偏", "customer_id": self.customer, "order_no": "JN-88", "batch_no": "B0816",
            "specification": "SD-600", "quantity": 600, "shipped_on": "2025-08-20", "defective_qty": 46,
            "complaint_reason": "运转两周后跑偏", "customer_demand": "退货或折让", "sample_attached": True,
            "marketing_opinion": "附样品，建议受理",
        } | over  # fmt: skip

    def accepted(self, **over: Any) -> int:
        """A form that service accepted and numbered."""
        case = int(self.add(MARKETING, "complaint", **self.form(**over))["id"])
        self.step(MARKETING, "complaint", case, "submit")
        self.step(SERVICE, "complaint", case, "accept")
        return case

    def investigated(self, case: int) -> None:
        """From the acceptance to the report that was handed in."""
        self.step(SERVICE, "complaint", case, "investigate", category="quality")
        self.step(SERVICE, "complaint", case, "finish", findings="托辊轴承不同心")
        report = self.rows(SERVICE, "written_report", complaint_id=case)[0]["id"]
        self.step(SERVICE, "written_report", report, "submit", content="经现场调查：托辊轴承不同心。")

    def pending(self, case: int, *, ours: bool = False) -> None:
        """On to the deputy general manager."""
        self.step(SERVICE, "complaint", case, "put_up", responsible_unit_id=self.unit["JN-PR"],
                  our_quality_fault=ours, handling="return", needs_tracking=False)  # fmt: skip

    def decided(self, case: int, **over: Any) -> Any:
        """Decided by the deputy general manager."""
        values = {"decision": "同意", "founded": True, "decided_amount": "3000.00", "approved_return_qty": 500, **over}
        return self.step(DEPUTY, "complaint", case, "decide", **values)

    def told(self, case: int, status: int = 201, **over: Any) -> Any:
        """What marketing told the customer."""
        values = {"means": "letter", "replied_at": now(), "content": "处理说明", "promised_amount": "0.00",
                  "promised_return_qty": 0, "customer_response": "accepted", **over}  # fmt: skip
        return self.add(MARKETING, "customer_reply", status, complaint_id=case, **values)

    def open_decided(self, **over: Any) -> int:
        """A decided complaint whose fault is not our own."""
        case = self.accepted(**over)
        self.investigated(case)
        self.pending(case)
        self.decided(case)
        return case

    def closed(self, **over: Any) -> int:
        """A founded complaint that is closed."""
        case = self.open_decided(**over)
        self.told(case)
        self.step(SERVICE, "complaint", case, "close")
        return case

    # -- loss and sanctions --------------------------------------------------------------------------------------------

    def sheet(self, case: int, amount: str = "30000.00", *shares: tuple[str, str]) -> int:
        """An approved sheet with one loss and its shares."""
        made = self.add(SERVICE, "loss_sheet", complaint_id=case, responsible_unit_id=self.unit["JN-PR"])["id"]
        self.add(SERVICE, "loss_item", sheet_id=made, kind="claim", actual_amount=amount)
        for account, percent in shares or ((WORKER, "100"),):
            self.add(SERVICE, "responsibility_share", sheet_id=made, bearer_type="person", share_percent=percent,
                     employee_id=self.person[account], fault_item="item_3")  # fmt: skip
        self.step(SERVICE, "loss_sheet", made, "submit")
        self.step(DEPUTY, "loss_sheet", made, "approve")
        return int(made)

    def ours(self, **over: Any) -> int:
        """A complaint at the deputy general manager that is our own fault, its loss approved."""
        case = self.accepted(**over)
        self.investigated(case)
        self.sheet(case)
        self.pending(case, ours=True)
        return case

    # -- papers --------------------------------------------------------------------------------------------------------

    def certificate(self, case: int, amount: str = "3000.00", status: int = 201) -> Any:
        """A certificate as sales draws it up."""
        return self.add(SALES, "return_certificate", status, complaint_id=case, kind="discount", discount_amount=amount)

    def slip(self, case: int, quantity: int = 500, status: int = 201) -> Any:
        """A return slip as sales draws it up."""
        return self.add(SALES, "goods_return", status, complaint_id=case, handling="return", return_reason="跑偏",
                        return_basis="批示", slip_qty=quantity, unit_price="86.00")  # fmt: skip

    def at_store(self, case: int) -> int:
        """A slip that the deputy for sales approved, with the warehouse."""
        made = int(self.slip(case)["id"])
        self.step(SALES, "goods_return", made, "submit")
        self.step(SALES_DEPUTY, "goods_return", made, "verify")
        return made
