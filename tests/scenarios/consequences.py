"""What follows a closed complaint, done through REST by the posts of B02; shared by the scenarios of the area."""

from __future__ import annotations

from typing import Any

from tests.scenarios.desk import BOOKS, CONTROL, DEPUTY, GENERAL, MANAGER, REP, Desk, at, sweep

HEAD, ABOVE, HR = "hanzhiqiang", "xiebonian", "jiangyun"
ZHAO, QIAN, LI = "zhaoguodong", "qianxiaolong", "lilihua"
NAMES = {HEAD: "韩志强", ABOVE: "谢伯年", ZHAO: "赵国栋", QIAN: "钱小龙", LI: "李丽华"}
FAULT = {"fault_item": "item_3"}

__all__ = [
    "ABOVE", "BOOKS", "CONTROL", "DEPUTY", "GENERAL", "HEAD", "HR", "LI", "MANAGER", "QIAN", "REP", "ZHAO", "Follow",
    "at", "sweep",
]  # fmt: skip


class Follow(Desk):
    """Takes complaints to their end, and then through loss, shares, sanctions and notices."""

    def __init__(self, sign_in: Any) -> None:
        super().__init__(sign_in)
        rows = {row["name"]: row["id"] for row in sign_in(CONTROL).call("GET", "employee/")["result"]}
        self.person = {account: rows[name] for account, name in NAMES.items()}
        self.units = {row["name"]: row["id"] for row in sign_in(CONTROL).call("GET", "org_unit/")["result"]}

    def settled(self, **over: Any) -> int:
        """A founded complaint, closed within one day."""
        return self.closed(self.accepted(**over), approved_return_qty=500)

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

    # -- loss and responsibility ---------------------------------------------------------------------------------------

    def sheet(self, case: int, *losses: dict[str, Any]) -> int:
        """A sheet with its losses."""
        made = self.add(CONTROL, "loss_sheet", complaint_id=case, responsible_unit_id=self.section)["id"]
        for loss in losses:
            self.add(CONTROL, "loss_item", sheet_id=made, **loss)
        return made

    def claim(self, case: int, amount: str) -> int:
        """A sheet whose only loss is an indemnity."""
        return self.sheet(case, {"kind": "claim", "actual_amount": amount})

    def share(self, sheet: int, account: str, percent: str, status: int = 201, **over: Any) -> Any:
        """A share of a person."""
        values = {"bearer_type": "person", "employee_id": self.person[account], **FAULT, **over}
        return self.add(CONTROL, "responsibility_share", status, sheet_id=sheet, share_percent=percent, **values)

    def approved(self, sheet: int, head: str = HEAD) -> Any:
        """Put up by case control and approved by the department head."""
        self.step(CONTROL, "loss_sheet", sheet, "submit")
        return self.step(head, "loss_sheet", sheet, "approve")

    # -- sanctions and notices -----------------------------------------------------------------------------------------

    def sanctions(self, case: int) -> dict[tuple[int, bool], dict[str, Any]]:
        """The sanctions of a case by person and whether they are joint."""
        return {
            (row["employee_id"], row["joint_of_id"] is not None): row
            for row in self.rows(CONTROL, "sanction", complaint_id=case)
            if row["status"] != "cancelled"
        }

    def sanctioned(self, sanction: int, head: str = HEAD) -> Any:
        """Countersigned by the head and approved by the general manager."""
        self.step(CONTROL, "sanction", sanction, "submit")
        self.step(head, "sanction", sanction, "countersign")
        return self.step(GENERAL, "sanction", sanction, "approve")

    def noticed(self, case: int) -> int:
        """An approved penalty notice."""
        made = self.add(CONTROL, "penalty_notice", complaint_id=case, reason_item="未依制作规范备料")["id"]
        self.step(CONTROL, "penalty_notice", made, "submit")
        self.step(GENERAL, "penalty_notice", made, "approve")
        return made
