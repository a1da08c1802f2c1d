"""The posts of A06 at their desks: reports, appeals and second tests of a testing station, by REST."""

from __future__ import annotations

import io
from typing import Any

from tests.scenarios import seats
from tests.scenarios.desk import at, sweep

TECH, QUALITY, SIGNATORY, OFFICE = "hjqinyue", "hjtaoran", "hjmiaozhe", "hjwenjun"
LAB_HEAD, FIELD_HEAD, FIELD_STAFF, LAB_STAFF, TEAM = "hjpanli", "hjgongyi", "hjyinshuo", "hjxuelan", "hjbaolei"
TESTER, SECOND, THIRD, SAMPLER, ARCHIVIST = "hjshiyu", "hjchuqing", "hjweilin", "hjjitong", "hjquanbo"
__all__ = ["ARCHIVIST", "FIELD_HEAD", "FIELD_STAFF", "LAB_HEAD", "LAB_STAFF", "OFFICE", "QUALITY", "SAMPLER", "SECOND",
           "SIGNATORY", "TEAM", "TECH", "TESTER", "THIRD", "Station", "at", "sweep"]  # fmt: skip


class Station:
    """Takes reports, appeals and complaints through the policy."""

    def __init__(self, sign_in, portal) -> None:
        self.as_, self.portal = sign_in, portal
        self.customers = [row["id"] for row in sign_in(TECH).call("GET", "customer/?order=customer_no")["result"]]

    def who(self, account: str) -> int:
        """The person behind an account."""
        return seats.employee_id(self.portal, account)

    def step(self, who: str, register: str, row: int, key: str, status: int = 200, **values: Any) -> Any:
        """One step of a row of any register."""
        reason = values.pop("reason", "")
        return self.as_(who).call("POST", f"{register}/{row}/move/{key}", status, values=values, reason=reason)

    # -- reports

    def drafted(self, number: str = "HJ-2025-0101", **over: Any) -> int:
        """A report that is being entered."""
        told = {"report_no": number, "customer_id": self.customers[0], "sample_no": "S1", "tested_item": "化学需氧量",
                "result": "62 mg/L", "testers": [self.who(TESTER)], "signed_by_id": self.who(SIGNATORY),
                "issued_on": "2025-09-12"} | over  # fmt: skip
        return int(self.as_(TECH).call("POST", "test_report/", 201, **told)["id"])

    def delivered(self, received: str, number: str = "HJ-2025-0101", **over: Any) -> int:
        """A report in the hands of the customer since a day."""
        row = self.drafted(number, **over)
        self.step(TECH, "test_report", row, "issue")
        self.step(TECH, "test_report", row, "deliver", received_on=received)
        return row

    # -- appeals

    def typed(self, report: int | None, came: str, status: int = 201, **over: Any) -> Any:
        """An appeal as it is saved; its id, or the refusal."""
        told = {"matter": "test_data", "title": "结果异议", "channel": "letter", "received_at": came.replace(" ", "T"),
                "complainant": "邢磊", "complainant_phone": "13951310001", "report_id": report,
                "content": "与自测结果相差过大", "grounds": "自测记录"} | over  # fmt: skip
        answer = self.as_(TECH).call("POST", "complaint/", status, **told)
        return answer["id"] if status == 201 else answer

    def attached(self, case: int) -> None:
        """The letter of the customer is attached."""
        data = {"file": (io.BytesIO(b"%PDF-1.4\n1 0 obj<<>>endobj\n%%EOF\n"), "申诉书.pdf")}
        answer = self.as_(TECH).client.post(f"/api/v1/complaint/{case}/files/letter", data=data)
        assert answer.status_code == 201, answer.text

    def filed(self, report: int, came: str, **over: Any) -> int:
        """An appeal that waits for its acceptance."""
        case = self.typed(report, came, **over)
        self.attached(case)
        self.as_(TECH).move(case, "file")
        return int(case)

    def accepted(self, report: int, came: str, **over: Any) -> int:
        """An accepted appeal."""
        case = self.filed(report, came, **over)
        self.as_(TECH).move(case, "accept")
        return case

    def opinion(self, case: int, retest: bool = True) -> None:
        """From the acceptance, or a new round, to the approved opinion."""
        if self.read(case)["status"] == "accepted":
            self.as_(TECH).move(case, "report_quality", chair_id=self.who(QUALITY))
        self.step(TECH, "complaint_verification", self.latest(case)["id"], "record", raw_records_ok=True,
                  equipment_ok=True, findings="全过程回顾无异常", opinion="建议复检")  # fmt: skip
        self.as_(TECH).move(case, "submit_opinion", retest_needed=retest)
        self.decided(QUALITY)

    def retesting(self, report: int, came: str, **over: Any) -> tuple[int, int]:
        """An appeal and its second test that waits for its code."""
        case = self.accepted(report, came, **over)
        self.opinion(case)
        self.as_(TECH).move(case, "order_retest")
        return case, int(self.latest(case)["id"])

    def handed_out(self, retest: int, status: int = 200, one: str = SECOND, two: str = THIRD) -> Any:
        """Coded and given to two testers; the record, or the refusal."""
        return self.step(TECH, "complaint_verification", retest, "hand_out", status, sample_source="original",
                         tester_one_id=self.who(one), tester_two_id=self.who(two))  # fmt: skip

    def tested(self, day: str, result: str = "46 mg/L", people: tuple[str, ...] = (SECOND, THIRD)) -> None:
        """Each tester hands in a result."""
        for account in people:
            task = self.tasks(account)[-1]["id"]
            self.step(account, "lab_task", task, "finish_test", done_on=day, result=result)

    def judged(self, case: int, right: bool) -> None:
        """Coded, tested today and judged."""
        retest = self.latest(case)["id"]
        self.handed_out(retest)
        self.tested(self.today)
        self.step(TECH, "complaint_verification", retest, "judge", findings="复检完成", original_confirmed=right)

    @property
    def today(self) -> str:
        """The day on which it is played."""
        from app.core import clock

        return clock.today().isoformat()

    def tasks(self, account: str) -> list[dict[str, Any]]:
        """The laboratory tasks that somebody sees, the oldest first."""
        return sorted(self.as_(account).call("GET", "lab_task/")["result"], key=lambda row: row["id"])

    def decided(self, who: str, action: str = "approve", **values: Any) -> Any:
        """The only step in somebody's inbox is answered."""
        step = self.as_(who).call("GET", "approval/inbox")["result"][0]["id"]
        return self.as_(who).call("POST", f"approval/{step}/{action}", values=values, comment="已阅")

    def corrected(self, report: int, status: int = 200, mark: str | None = "g", row: int | None = None) -> Any:
        """The report that corrects another is issued; the row, or the refusal."""
        row = row or self.drafted(corrects_id=report, issued_on=self.today, result="46 mg/L", change_mark=None)
        values = {} if mark is None else {"change_mark": mark}
        return self.step(TECH, "test_report", row, "issue", status, **values)

    def answered(self, case: int, who: str = TECH, step: str = "reply", **over: Any) -> Any:
        """The written answer."""
        told = {"notice_means": "letter", "notice_text": "详见附函"}
        if step == "reply":
            told |= {"handling_result": "维持原报告", "nonconforming": False, "economic_loss": False}
        return self.as_(who).move(case, step, **(told | over))

    # -- what is seen

    def read(self, case: int, who: str = TECH) -> dict[str, Any]:
        """A complaint as somebody sees it."""
        return dict(self.as_(who).call("GET", f"complaint/{case}"))

    def row(self, register: str, row: int, who: str = TECH) -> dict[str, Any]:
        """A row as somebody sees it."""
        return dict(self.as_(who).call("GET", f"{register}/{row}"))

    def lines(self, register: str, case: int, who: str = TECH) -> list[dict[str, Any]]:
        """Rows of a register about a complaint, the oldest first."""
        found = self.as_(who).call("GET", f"{register}/?complaint_id__eq={case}")["result"]
        return sorted(found, key=lambda row: row["id"])

    def latest(self, case: int) -> dict[str, Any]:
        """The newest review or second test of a case."""
        return self.lines("complaint_verification", case)[-1]

    def clocks(self, row: int, register: str = "complaint") -> dict[str, dict[str, Any]]:
        """The explained clocks of a row by key; of several the newest."""
        told = self.as_(TECH).call("GET", f"{register}/{row}/explain").get("clocks") or []
        return {one["key"].removeprefix("A06."): one for one in told}
