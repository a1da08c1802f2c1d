"""The posts of A14 at their desks: complaints taken up the three levels, by REST."""

from __future__ import annotations

from typing import Any

from tests.scenarios.desk import at, sweep

ASSISTANT, SOUTH, RECEPTION, CLERK = "sunli", "zhoumin", "heqian", "wuting"
SUPERVISOR, MANAGER, SALES, ADMIN, MEETING = "fengjuan", "guoliang", "zhenghao", "linyan", "dengjianping"
LOGISTICS = "panwei"
__all__ = ["ADMIN", "ASSISTANT", "CLERK", "LOGISTICS", "MANAGER", "MEETING", "RECEPTION", "SALES", "SOUTH",
           "SUPERVISOR", "Franchise", "at", "sweep"]  # fmt: skip


class Franchise:
    """Takes complaints through the ladder of 5.1."""

    def __init__(self, sign_in) -> None:
        self.as_ = sign_in

    def shop(self) -> int:
        """A shop of the assistant's region."""
        return int(self.as_(ASSISTANT).call("GET", "customer/")["result"][0]["id"])

    def received(self, when: str, who: str = ASSISTANT, **over: Any) -> int:
        """A complaint by telephone at a local time; its id."""
        told = {
            "title": "大衣起球", "channel": "phone", "received_at": when.replace(" ", "T"), "complainant": "钱女士",
            "complainant_type": "consumer", "complainant_phone": "13700000101", "cause": "product",
        } | over  # fmt: skip
        return int(self.as_(who).call("POST", "complaint/", 201, **told)["id"])

    def contacted(self, case: int, when: str, status: int = 200, who: str = ASSISTANT, **over: Any) -> Any:
        """The first contact, with the form filled."""
        told = {
            "contacted_at": when.replace(" ", "T"), "stated_reason": "起球", "course": "穿着两周后起球",
            "explained_flow": True,
        } | over  # fmt: skip
        return self.as_(who).move(case, "contact", status, **told)

    def answered(self, case: int, who: str, step: str, answer: str, status: int = 200, **over: Any) -> Any:
        """The result is told and the answer asked for."""
        told = {"result": "免费维修", "satisfaction": answer, "answer_proof": "LY-0001"} | over
        return self.as_(who).move(case, step, status, **{name: value for name, value in told.items() if value})

    def decided(self, who: str, status: int = 200, action: str = "approve", **values: Any) -> Any:
        """The only step in somebody's inbox is answered."""
        step = self.as_(who).call("GET", "approval/inbox")["result"][0]["id"]
        return self.as_(who).call("POST", f"approval/{step}/{action}", status, values=values, comment="同意")

    def guided(self, case: int) -> None:
        """The special report is written, and both directors give their guidance."""
        report = self.lines("written_report", case)[0]["id"]
        self.as_(MANAGER).call("POST", f"written_report/{report}/move/submit", values={"content": "新品批量问题"})
        for director in (SALES, ADMIN):
            self.decided(director, instruction="整批换货")

    def lines(self, register: str, case: int, who: str = MANAGER) -> list[dict[str, Any]]:
        """Rows of a register about a complaint, the oldest first."""
        found = self.as_(who).call("GET", f"{register}/?complaint_id__eq={case}")["result"]
        return sorted(found, key=lambda row: row["id"])

    def form(self, row: dict[str, Any]) -> dict[str, Any]:
        """A whole handling form."""
        return dict(self.as_(MANAGER).call("GET", f"complaint_handling/{row['id']}"))

    def clocks(self, case: int, who: str = SUPERVISOR, register: str = "complaint") -> dict[str, dict[str, Any]]:
        """The explained clocks of a row by key; of several the newest."""
        told = self.as_(who).call("GET", f"{register}/{case}/explain").get("clocks") or []
        return {row["key"].removeprefix("A14."): row for row in told}
