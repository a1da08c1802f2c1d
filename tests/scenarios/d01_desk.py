"""The posts of D01 at their desks: visits and complaints of an estate, suggestions and awards, by REST."""

from __future__ import annotations

from typing import Any

from tests.scenarios.desk import at, sweep

OFFICER, OTHER_AREA, STAFF = "miaoqin", "haojun", "pangli"
REPAIR, CLEANING, DIRECTOR, OFFICE, COMPANY = "guandongsheng", "rongmei", "zhaibo", "nieyun", "chuhongtao"
__all__ = ["CLEANING", "COMPANY", "DIRECTOR", "OFFICE", "OFFICER", "OTHER_AREA", "REPAIR", "STAFF", "Estate", "at",
           "rules", "stamp", "sweep"]  # fmt: skip


def rules(answer: dict[str, Any]) -> set[tuple[str | None, str]]:
    """Field and rule of every problem of a refusal."""
    return {(error["field"], error["rule"]) for error in answer["errors"]}


def stamp(when: str) -> str:
    """A local time as REST takes it."""
    return when.replace(" ", "T")


class Estate:
    """Takes what residents bring through part one of the policy."""

    def __init__(self, sign_in: Any) -> None:
        self.as_ = sign_in
        boss = sign_in(DIRECTOR)
        self.home = {row["customer_no"]: row["id"] for row in boss.call("GET", "customer/?size=100")["result"]}
        self.unit = {row["code"]: row["id"] for row in boss.call("GET", "org_unit/?size=100")["result"]}
        self.person = {row["name"]: row["id"] for row in boss.call("GET", "employee/?size=100")["result"]}

    def recorded(self, when: str, who: str = OFFICER, **over: Any) -> int:
        """A resident's complaint at a local time; its id."""
        told = {
            "visit_kind": "complaint", "title": "电梯停运", "customer_id": self.home["JY-1-0301"], "channel": "visit",
            "received_at": stamp(when), "complainant": "许国安", "content": "两晚停运",
        } | over  # fmt: skip
        return int(self.as_(who).call("POST", "complaint/", 201, **told)["id"])

    def investigated(self, case: int, *, solvable: bool, **over: Any) -> Any:
        """The facts are found."""
        return self.as_(OFFICER).move(case, "investigate", facts="核实属实", solvable=solvable, **over)

    def handled(self, when: str) -> int:
        """One that the repair department handled."""
        case = self.recorded(when)
        self.investigated(case, solvable=True)
        self.as_(OFFICER).move(case, "pass_on", responsible_unit_id=self.unit["JY-EN"])
        self.as_(REPAIR).move(case, "handle", result="更换门机皮带")
        return case

    def closed(self, when: str) -> int:
        """One that was answered and closed as valid."""
        case, now = self.handled(when), stamp(when)
        self.as_(REPAIR).move(case, "reply", replied_resident_at=now, replied_director_at=now)
        self.as_(DIRECTOR).move(case, "close", founded=True)
        return case

    def step(self, who: str, slug: str, key: int, move: str, status: int = 200, reason: str = "", **values: Any) -> Any:
        """A step of a row."""
        return self.as_(who).call("POST", f"{slug}/{key}/move/{move}", status, values=values, reason=reason)

    def decided(self, who: str, status: int = 200, action: str = "approve", **values: Any) -> Any:
        """The only step in somebody's inbox is looked at and answered."""
        step = self.as_(who).call("GET", "approval/inbox")["result"][0]["id"]
        assert self.as_(who).client.get(f"/approvals/{step}").status_code == 200
        return self.as_(who).call("POST", f"approval/{step}/{action}", status, values=values, comment="同意")

    def seen(self, case: int, who: str = DIRECTOR) -> dict[str, Any]:
        """A complaint as somebody sees it."""
        return dict(self.as_(who).call("GET", f"complaint/{case}"))

    def rows(self, who: str, slug: str, **filters: Any) -> list[dict[str, Any]]:
        """The rows that somebody sees, the oldest first."""
        query = "&".join(f"{name}={value}" for name, value in filters.items())
        return sorted(self.as_(who).call("GET", f"{slug}/?{query}")["result"], key=lambda row: row["id"])

    def suggested(self, when: str, **over: Any) -> int:
        """A suggestion that was reported to the director; its id."""
        told = {"kind": "suggestion", "source": "desk", "customer_id": self.home["JY-1-0902"],
                "received_at": stamp(when), "content": "北门增设坡道"} | over  # fmt: skip
        row = int(self.as_(OFFICER).call("POST", "customer_opinion/", 201, **told)["id"])
        self.step(OFFICER, "customer_opinion", row, "report")
        return row

    def published(self, when: str, **over: Any) -> int:
        """One that was adopted, published and praised."""
        row = self.suggested(when, **over)
        self.decided(DIRECTOR, adopted="yes")
        told = {"published_on": when[:10], "result": "九月底前完成", "praised": True}
        self.step(OFFICE, "customer_opinion", row, "publish", **told)
        return row

    def made(self, slug: str, who: str = OFFICE, **told: Any) -> int:
        """A row that somebody writes; its id."""
        return int(self.as_(who).call("POST", f"{slug}/", 201, **told)["id"])

    def visited(self, when: str, home: str, who: str = OFFICER, **over: Any) -> int:
        """A household that somebody visited at a local time; the visit."""
        row = self.made("visit", who, customer_id=self.home[home])
        told = {"visited_at": stamp(when), "method": "visit", "answered": True, "major": False} | over
        self.step(who, "visit", row, "make", **told)
        return row

    def clocks(self, case: int, register: str = "complaint") -> dict[str, dict[str, Any]]:
        """The explained clocks of a row by key; of several the newest."""
        found = self.as_(DIRECTOR).call("GET", f"{register}/{case}/explain").get("clocks") or []
        return {row["key"].removeprefix("D01."): row for row in found}
