"""The posts of A04 at their desks: complaints at bank outlets taken through the policy by REST."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from tests.scenarios.desk import at

ABOVE, BRANCH, HOTLINE, OTHER_BRANCH = "bkzhongyi", "bkxiahan", "bkmengrui", "bkyueling"
HEAD, MANAGER, FIRST, COUNTER, WORKER = "bkouyang", "bkliangyu", "bkfangmin", "bkjiangbo", "bkshixin"
OTHER_HEAD, OTHER_MANAGER, OTHER_FIRST = "bkzhuowen", "bkluozhen", "bkhuanglei"


class Bank:
    """The bank at work; every call happens at the latest time that a step named."""

    def __init__(self, sign_in: Any, now: str = "2025-09-01 09:00") -> None:
        self.sign_in, self.now = sign_in, now
        units = self.call(ABOVE, "GET", "org_unit/?size=100")["result"]
        self.units = {unit["code"]: unit["id"] for unit in units}

    def call(self, who: str, method: str, path: str, status: int = 200, **body: Any) -> Any:
        """One REST call of somebody, now."""
        with at(self.now):
            return self.sign_in(who).call(method, path, status, **body)

    def page(self, who: str, path: str) -> str:
        """A page as HTML."""
        with at(self.now):
            return str(self.sign_in(who).client.get(path).text)

    def do(self, who: str, row: str, key: str, when: str, status: int = 200, reason: str = "", **values: Any) -> Any:
        """One step of a row such as ``complaint/7``, at a time."""
        self.now = when
        return self.call(who, "POST", f"{row}/move/{key}", status, values=values, reason=reason)

    def approve(self, who: str, row: str, when: str, action: str = "approve", **body: Any) -> Any:
        """Answer the step that waits for somebody on a row."""
        self.now = when
        slug, number = row.split("/")
        mine = self.call(who, "GET", "approval/inbox")["result"]
        step = next(line for line in mine if (line["register"], line["record_id"]) == (slug, int(number)))
        return self.call(who, "POST", f"approval/{step['id']}/{action}", 200, **body)

    def row(self, row: str, who: str = MANAGER) -> dict[str, Any]:
        """A row as somebody sees it."""
        return dict(self.call(who, "GET", row))

    def lines(self, slug: str, case: str, who: str = MANAGER) -> list[dict[str, Any]]:
        """The rows of a register that belong to a complaint, oldest first."""
        number = int(case.split("/")[1])
        found = self.call(who, "GET", f"{slug}/?complaint_id={number}&order=id")["result"]
        return [row for row in found if row["complaint_id"] == number]

    def clocks(self, row: str, key: str, who: str = MANAGER) -> list[dict[str, Any]]:
        """The clocks of that key on a row, oldest first."""
        found = self.call(who, "GET", f"{row}/explain")["clocks"]
        return [clock for clock in found if clock["key"] == f"A04.{key}"]

    # -- as far as ---------------------------------------------------------------------------------------------------

    def heard(self, when: str, **over: Any) -> str:
        """A complaint written down and registered when it was heard."""
        self.now = when
        asked = {
            "title": "短信费争议", "complainant": "曹国梁", "complainant_phone": "13900740001", "channel": "visit",
            "received_at": when.replace(" ", "T"), "content": "重复扣收短信费", "outlet_id": self.units["BK0101"],
            "complaint_about": "fee", "claimed_amount": "0.00", "restated": True,
        } | over  # fmt: skip
        case = f"complaint/{self.call(FIRST, 'POST', 'complaint/', 201, **asked)['id']}"
        self.do(FIRST, case, "register", when)
        return case

    def transferred(self, when: str, **over: Any) -> str:
        """Handed to the complaint manager at once."""
        case = self.heard(when, **over)
        self.do(FIRST, case, "hand_over", when)
        return case

    def investigating(self, when: str, agreed: str, **over: Any) -> str:
        """A time was agreed with the customer."""
        case = self.transferred(when, **over)
        self.do(MANAGER, case, "agree_time", when, agreed_reply_at=agreed)
        return case

    def entry(self, when: str, number: int, **over: Any) -> str:
        """An entry of the opinion book that the manager entered."""
        self.now = when
        told = {
            "kind": "book", "place_unit_id": self.units["BK0101"], "received_at": when.replace(" ", "T"),
            "book_no": "T-1", "entry_no": number, "matter": "complaint", "content": "排队太久",
        } | over  # fmt: skip
        row = f"feedback_intake/{self.call(MANAGER, 'POST', 'feedback_intake/', 201, **told)['id']}"
        self.do(MANAGER, row, "enter", when)
        return row

    def read_book(self, when: str, items: int, status: int = 200) -> Any:
        """The book of the outlet is read."""
        self.now = when
        told = {"kind": "book", "target_unit_id": self.units["BK0101"], "checked_at": when.replace(" ", "T")}
        row = self.call(MANAGER, "POST", "supervision_check/", 201, items=items, **told)["id"]
        return self.do(MANAGER, f"supervision_check/{row}", "read_book", when, status)

    def scan(self, row: str) -> None:
        """The scanned letter is put beside its row."""
        with at(self.now):
            paper = {"file": (BytesIO(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF"), "来信.pdf")}
            kept = self.sign_in(MANAGER).client.post(f"/api/v1/{row}/files/scan", data=paper)
        assert kept.status_code == 201, kept.text

    def person(self, name: str) -> int:
        """The id of somebody by name."""
        people = self.call(MANAGER, "GET", "employee/?size=100")["result"]
        return int(next(row["id"] for row in people if row["name"] == name))


FOUND = {"facts_checked": "属实", "result": "已退费"}
NO_FAULT = FOUND | {"fault": "no_fault", "explanation": "按公示价目收取"}
