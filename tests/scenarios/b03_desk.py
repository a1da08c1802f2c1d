"""The posts of B03 at their desks: service complaints taken from the receipt to the closing, by REST."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.core.db import session
from app.engines.notifications.models import OutboxMessage
from tests.scenarios import seats
from tests.scenarios.desk import at, sweep

DESK, PROJECT, MARKETING, MANAGER, REP, GENERAL = (
    "maruolin", "pengzichen", "yuanjing", "zoukaiming", "luoyiming", "caojunyi",
)  # fmt: skip
DEPT, QUALITY, SUN, TEAM, STAFF, ADMIN = "xieyutong", "gehui", "sunweiming", "tengyue", "nieshuang", "diaolei"
__all__ = ["ADMIN", "DEPT", "DESK", "GENERAL", "MANAGER", "MARKETING", "PROJECT", "QUALITY", "REP", "STAFF", "SUN",
           "TEAM", "ItService", "at", "notices", "sweep"]  # fmt: skip


def notices(portal, account: str, case: int) -> int:
    """How often somebody was told something that leads to a complaint."""
    person = seats.employee_id(portal, account)
    with portal.app_context():
        told = sa.select(OutboxMessage.id).filter_by(person_id=person, url=f"/complaint/{case}")
        found = len(session.scalars(told).all())
        session.remove()
    return found


class ItService:
    """Takes complaints through the procedure of the third part."""

    def __init__(self, sign_in) -> None:
        self.as_ = sign_in
        units = sign_in(MARKETING).call("GET", "org_unit/")["result"]
        self.units = {unit["name"]: unit["id"] for unit in units}
        self.ops = self.units["运维服务部"]

    def told(self, when: str, **over: Any) -> dict[str, Any]:
        """What a receiver writes down."""
        known = {
            "title": "夜间告警无人响应", "complainant": "郁文彬", "complainant_phone": "13958010001",
            "channel": "hotline", "content": "存储告警两小时无人响应", "received_at": when.replace(" ", "T"),
            "responsible_unit_id": self.ops, "matter": "timeliness",
        } | over  # fmt: skip
        return {name: value for name, value in known.items() if value is not None}

    def received(self, when: str, who: str = DESK, **over: Any) -> int:
        """A complaint at a local time; its id."""
        return int(self.as_(who).call("POST", "complaint/", 201, **self.told(when, **over))["id"])

    def filed(self, case: int, when: str, status: int = 200, who: str = DESK, **over: Any) -> Any:
        """Passed to the marketing centre, with the telephone call."""
        return self.as_(who).move(case, "file", status, **({"phoned_at": when.replace(" ", "T")} | over))

    def coordinating(self, when: str, customer: int | None = None, **over: Any) -> int:
        """A case that the management representative has."""
        case = self.received(when, **over)
        self.filed(case, when)
        me = self.as_(MARKETING).call("GET", f"complaint/{case}")["received_by_id"]
        told = {"rep_informed_at": when.replace(" ", "T"), "tracker_id": me, "customer_id": customer}
        self.as_(MARKETING).move(case, "inform", **{name: value for name, value in told.items() if value})
        return case

    def with_dept(self, when: str, **over: Any) -> int:
        """A case that the business department took on."""
        case = self.coordinating(when, **over)
        self.as_(REP).move(case, "hand_over", understood_note="已问清时间与影响")
        self.as_(DEPT).move(case, "accept")
        return case

    def told_result(self, when: str, answer: str = "satisfied", **over: Any) -> int:
        """A case handled to the end, the customer told."""
        case, day = self.with_dept(when, **over), when.replace(" ", "T")
        self.as_(DEPT).move(case, "propose", measures="二线驻场", time_needed="两天", time_reason="等变更窗口")
        self.as_(MARKETING).move(case, "customer_accepts", explained_at=day)
        self.as_(DEPT).move(case, "carry_out", carried_out="已恢复")
        self.decided(REP)
        self.as_(MARKETING).move(case, "tell", told_at=day, satisfaction=answer)
        return case

    def action(self, case: int, person: int, due: str) -> int:
        """A corrective action that its person has."""
        told = {"complaint_id": case, "root_cause": "交接口头", "measure": "交接双签", "owner_unit_id": self.ops,
                "responsible_id": person, "due_on": due}  # fmt: skip
        made = self.as_(QUALITY).call("POST", "corrective_action/", 201, **told)["id"]
        self.step("corrective_action", made, "submit", QUALITY)
        return int(made)

    def study(self, case: int, status: int = 201, **over: Any) -> Any:
        """A case study as a draft."""
        told = {"complaint_id": case, "heading": "告警无人认领", "background": "客户 Y 来电", "cause": "口头交接",
                "lesson": "交接留痕"} | over  # fmt: skip
        return self.as_(MARKETING).call("POST", "case_study/", status, **told)

    def step(
        self, register: str, row: int, key: str, who: str, status: int = 200, reason: str = "", **values: Any
    ) -> Any:
        """A step of any register."""
        return self.as_(who).call("POST", f"{register}/{row}/move/{key}", status, values=values, reason=reason)

    def decided(self, who: str, status: int = 200, action: str = "approve", **values: Any) -> Any:
        """The only step in somebody's inbox is answered."""
        step = self.as_(who).call("GET", "approval/inbox")["result"][0]["id"]
        return self.as_(who).call("POST", f"approval/{step}/{action}", status, values=values, comment="同意")

    def lines(
        self, register: str, case: int, who: str = MARKETING, field: str = "complaint_id"
    ) -> list[dict[str, Any]]:
        """Rows of a register about a row, the oldest first."""
        found = self.as_(who).call("GET", f"{register}/?{field}__eq={case}")["result"]
        return sorted(found, key=lambda row: row["id"])

    def clocks(self, case: int, who: str = MARKETING, register: str = "complaint") -> dict[str, dict[str, Any]]:
        """The explained clocks of a row by key; of several the newest."""
        told = self.as_(who).call("GET", f"{register}/{case}/explain").get("clocks") or []
        return {row["key"].removeprefix("B03."): row for row in told}
