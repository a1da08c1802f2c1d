"""The posts of A08 at their desks: complaints of residents taken through the policy by REST."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.scenarios.desk import at

FIRST, OTHER, DESK, CENTRE, HEAD = "lukexin", "renchao", "yaoqing", "bailijun", "fulei"
WORKS, WORKS_HEAD, OFFICE, LEADER, BOARD = "qiaozhenyu", "yanliwei", "zhuangyi", "duanhongtao", "dongjianping"
DEVELOPER, BOARD_OFFICE, GM_OFFICE, PERSONNEL = "gaoruixue", "shaoyawen", "kongfanli", "miaoxinyi"
FIVE = ("received_at", "complainant", "complainant_address", "complainant_phone", "title")


class Seat:
    """A signed-in person whose calls happen at the latest time of the story."""

    def __init__(self, home: Property, who: str) -> None:
        self.home, self.who = home, who

    def call(self, method: str, path: str, status: int = 200, **body: Any) -> Any:
        """One REST call."""
        with at(self.home.now):
            return self.home.sign_in(self.who).call(method, path, status, **body)

    def page(self, path: str) -> str:
        """A page as HTML."""
        with at(self.home.now):
            return self.home.sign_in(self.who).client.get(path).text


class Property:
    """The company at work; every call happens at the latest time that a step named."""

    def __init__(self, sign_in, now: str = "2025-09-01 09:00") -> None:
        self.sign_in, self.now = sign_in, now
        units = self.as_(CENTRE).call("GET", "org_unit/?size=100")["result"]
        self.units = {unit["code"]: unit["id"] for unit in units}

    def as_(self, who: str, when: str = "") -> Seat:
        """Somebody, now or at a time."""
        self.now = when or self.now
        return Seat(self, who)

    def intake(self, heard: str, **over: Any) -> dict[str, Any]:
        """What the first contact writes down."""
        return {
            "title": "电梯异响", "complainant": "冯玉梅", "complainant_phone": "13900010302",
            "complainant_address": "一期 3 栋 302 室", "received_at": heard, "content": "电梯运行有异响",
            "project_id": self.units["YT01"],
        } | over  # fmt: skip

    def heard(self, when: str, **over: Any) -> int:
        """A complaint written down when it was heard."""
        asked = self.intake(when.replace(" ", "T"), **over)
        return self.as_(FIRST, when).call("POST", "complaint/", 201, **asked)["id"]

    def do(
        self, who: str, slug: str, row: int, key: str, when: str, status: int = 200, reason: str = "", **values: Any
    ) -> Any:
        """One step of a row, at a time."""
        return self.as_(who, when).call("POST", f"{slug}/{row}/move/{key}", status, values=values, reason=reason)

    def step(self, who: str, case: int, key: str, when: str, status: int = 200, **values: Any) -> Any:
        """One step of a complaint, at a time."""
        return self.do(who, "complaint", case, key, when, status, **values)

    def row(self, slug: str, row: int, who: str = CENTRE) -> dict[str, Any]:
        """A row as somebody sees it."""
        return self.as_(who).call("GET", f"{slug}/{row}")

    def lines(self, slug: str, case: int, who: str = CENTRE) -> list[dict[str, Any]]:
        """The rows of a register that belong to a complaint, oldest first."""
        found = self.as_(who).call("GET", f"{slug}/?complaint_id={case}&order=id")["result"]
        return [row for row in found if row["complaint_id"] == case]

    def clock(self, slug: str, row: int, key: str, who: str = CENTRE) -> dict[str, Any]:
        """The newest clock of that key on a row."""
        rows = self.as_(who).call("GET", f"{slug}/{row}/explain")["clocks"]
        return [found for found in rows if found["key"] == f"A08.{key}"][-1]

    # -- as far as ---------------------------------------------------------------------------------------------------

    def at_desk(self, when: str, **over: Any) -> int:
        """Fed back to the desk, verified and analysed."""
        case = self.heard(when, **over)
        self.step(FIRST, case, "feed_back", when)
        found = {"nature": "daily", "severity": "medium", "verified": True, "analysis": "属实"} | over
        found = {name: found[name] for name in ("nature", "severity", "verified", "analysis")}
        self.step(DESK, case, "classify", when, **found)
        return case

    def dispatched(self, when: str, finish_by: str, *units: str) -> tuple[int, int]:
        """A daily matter with a department: the case and its first transfer."""
        case = self.at_desk(when)
        to = [self.units[code] for code in units or ("YT-EN",)]
        self.step(DESK, case, "dispatch", when, dispatch_to=to, finish_by=finish_by, reply_by=finish_by)
        return case, self.lines("case_transfer", case)[0]["id"]

    def done(self, when: str) -> int:
        """A daily matter whose department fed back at a time."""
        begun = dt.datetime.fromisoformat(when) - dt.timedelta(hours=1)
        start = begun.isoformat(sep=" ")
        case, transfer = self.dispatched(start, (begun + dt.timedelta(days=9)).isoformat())
        self.do(WORKS, "case_transfer", transfer, "accept", start)
        self.do(WORKS, "case_transfer", transfer, "finish", when, finished_at=when.replace(" ", "T"))
        self.do(WORKS, "case_transfer", transfer, "feed_back", when, work_done="更换导靴")
        return case

    def verified(self, when: str) -> int:
        """A daily matter that the centre verified at a time."""
        case = self.done(when)
        self.do(CENTRE, "complaint_verification", self.lines("complaint_verification", case)[0]["id"], "pass", when,
                findings="合格")
        return case

    def emergency(self, when: str, nature: str = "major") -> int:
        """An emergency that was just reported."""
        case = self.heard(when, nature=nature)
        self.step(FIRST, case, "raise_at_once", when)
        return case

    def with_board(self, when: str) -> int:
        """An emergency that went up to the board within the same minute."""
        case = self.emergency(when)
        self.step(DESK, case, "notify", when, notified_units=[self.units["YT-EN"]])
        self.step(OFFICE, case, "report_up", when, handed_up="须外单位配合")
        self.step(LEADER, case, "report_board", when, handed_up="须开发商出资")
        return case

    def approve(self, who: str, slug: str, row: int, when: str, action: str = "approve", **body: Any) -> Any:
        """Answer the step that waits for somebody on a row."""
        mine = self.as_(who, when).call("GET", "approval/inbox")["result"]
        step = next(line for line in mine if (line["register"], line["record_id"]) == (slug, row))
        return self.as_(who).call("POST", f"approval/{step['id']}/{action}", 200, **body)
