"""What follows a closed complaint, done through REST by the posts of B02; shared by the scenarios of the area."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Flask

from app.core import clock
from app.core.db import session
from app.engines.sweeps import registry
from tests.scenarios.test_b02 import CONTROL, DEPUTY, GENERAL, MANAGER, REP, Desk, at

HEAD, HR, BOOKS, KEEPER = "xiebonian", "sunwanyi", "fanghuimin", "hujianjun"
ZHAO, QIAN, LI = "zhaoguodong", "qianxiaolong", "lilihua"
FAULT = {"fault_item": "item_3"}

__all__ = [
    "BOOKS", "CONTROL", "DEPUTY", "GENERAL", "HEAD", "HR", "KEEPER", "LI", "MANAGER", "QIAN", "REP", "ZHAO", "Follow",
    "at", "sweep",
]  # fmt: skip


def sweep(portal: Flask, name: str, when: str) -> None:
    """Run a sweep for a local time."""
    at_ = clock.from_local(dt.datetime.fromisoformat(when))
    with portal.app_context(), at(when):
        for _batch in registry.get(name).batches(at_):
            session.commit()
        session.commit()
        session.remove()


class Follow(Desk):
    """Takes complaints to their end, and then through loss, shares, sanctions and notices."""

    def __init__(self, sign_in: Any) -> None:
        super().__init__(sign_in)
        rows = sign_in(CONTROL).call("GET", "employee/")["result"]
        self.people = {row["number"]: row["id"] for row in rows}
        accounts = {ZHAO: "1015", QIAN: "1016", LI: "1017", HEAD: "1013", DEPUTY: "1010", GENERAL: "1011"}
        self.person = {account: self.people[number] for account, number in accounts.items()}
        self.units = {row["name"]: row["id"] for row in sign_in(CONTROL).call("GET", "org_unit/")["result"]}

    # -- the complaint -------------------------------------------------------------------------------------------------

    def closed(self, **over: Any) -> int:
        """A founded complaint, closed within one day."""
        case = self.accepted(**over)
        self.at_sales(case)
        self.routed(case, "98000.00")
        decider = self.decided(case)
        rep, now = self.as_(REP), clock.to_local(clock.now()).strftime("%Y-%m-%dT%H:%M")
        rep.move(case, "negotiate")
        rep.call(
            "POST", "customer_reply/", 201, complaint_id=case, means="phone", replied_at=now, content="说明",
            promised_amount="90000.00", promised_return_qty=0, customer_response="accepted",
        )  # fmt: skip
        rep.move(case, "report_result", negotiation_result="接受", customer_accepts=True)
        self.as_(MANAGER).move(case, "confirm_result")
        self.as_(CONTROL).move(case, "combine_result", combined_opinion="建议结案")
        self.as_(decider).move(case, "close", needs_tracking=False, approved_return_qty=500)
        return case

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
