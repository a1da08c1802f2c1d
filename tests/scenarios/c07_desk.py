"""The posts of C07 and C09 at their desks: complaints taken through their policies by REST."""

from __future__ import annotations

from typing import Any

from tests.scenarios.desk import at

DESK, OTHER_DESK, HEAD, FEES = "wyanran", "wymeiting", "wyzhengli", "wyluojuan"
CLEANING, VEHICLES, ENGINEERS, WORKER = "wyhuqiang", "wyshenbo", "wyfengjian", "wytanfen"
MANAGER, SUPPORT, OTHER_SUPPORT, TEAM, LEADER = "jzqinshu", "jzyuhang", "jzbaiting", "jzlufei", "jzgaozhan"
ROOM = {"title": "楼道垃圾未清", "complainant": "杜丽华", "complainant_phone": "13900750001", "channel": "phone",
        "content": "楼道垃圾两天未清运", "room_no": "3-1201"}  # fmt: skip


class Office:
    """A company at work; every call happens at the latest time that a step named."""

    def __init__(self, sign_in: Any, code: str, asker: str, now: str = "2026-03-02 09:00") -> None:
        self.sign_in, self.code, self.now, self.asker = sign_in, code, now, asker
        self.units = {row["code"]: row["id"] for row in self.call(asker, "GET", "org_unit/?size=100")["result"]}
        self.people = {row["name"]: row["id"] for row in self.call(asker, "GET", "employee/?size=100")["result"]}

    def call(self, who: str, method: str, path: str, status: int = 200, **body: Any) -> Any:
        """One REST call of somebody, now."""
        with at(self.now):
            return self.sign_in(who).call(method, path, status, **body)

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

    def row(self, row: str, who: str = "") -> dict[str, Any]:
        """A row as somebody sees it."""
        return dict(self.call(who or self.asker, "GET", row))

    def lines(self, slug: str, case: str) -> list[dict[str, Any]]:
        """The rows of a register that belong to a complaint, oldest first."""
        number = int(case.split("/")[1])
        found = self.call(self.asker, "GET", f"{slug}/?complaint_id={number}&order=id&size=100")["result"]
        return [row for row in found if row["complaint_id"] == number]

    def clock(self, row: str, key: str) -> dict[str, Any]:
        """The newest clock of that key on a row."""
        found = self.call(self.asker, "GET", f"{row}/explain")["clocks"]
        return dict([clock for clock in found if clock["key"] == f"{self.code}.{key}"][-1])


class FrontDesk(Office):
    """The front desk of a building."""

    def __init__(self, sign_in: Any) -> None:
        super().__init__(sign_in, "C07", HEAD)

    def taken(self, when: str, **over: Any) -> str:
        """A complaint that is being taken down when it was heard."""
        self.now = when
        asked = ROOM | {"received_at": when.replace(" ", "T")} | over
        return f"complaint/{self.call(DESK, 'POST', 'complaint/', 201, **asked)['id']}"

    def typed(self, when: str, sub_kind: str, **over: Any) -> str:
        """Recorded and judged at once."""
        case = self.taken(when, **over)
        self.do(DESK, case, "record", when)
        self.do(DESK, case, "judge", when, sub_kind=sub_kind)
        return case

    def department(self, case: str, when: str, status: int = 200, unit: str = "WY-BJ", who: str = "胡强") -> Any:
        """The responsible department and its supervisor are named."""
        named = {"responsible_unit_id": self.units[unit], "responsible_supervisor_id": self.people[who]}
        return self.do(DESK, case, "judge_department", when, status, **named)

    def solved(self, when: str, **over: Any) -> str:
        """A valid complaint that the supervisor solved at a time."""
        case = self.typed(when, "cleaning", **over)
        self.department(case, when)
        self.do(DESK, case, "go_on_site", when)
        self.do(CLEANING, case, "solve", when, answer="已清运")
        return case

    def answered(self, when: str, sub_kind: str = "help", **over: Any) -> str:
        """A communicative complaint that was answered at a time."""
        case = self.typed(when, sub_kind, **over)
        self.do(DESK, case, "confirm_identity", when, identity_confirmed=True)
        self.do(DESK, case, "check_fees", when, in_arrears=False)
        self.do(DESK, case, "answer", when, answer="已约维修")
        return case

    def visit(self, case: str, when: str, satisfied: bool, status: int = 200) -> Any:
        """The latest planned return visit is recorded."""
        row = f"visit/{self.lines('visit', case)[-1]['id']}"
        told = {"visited_at": when.replace(" ", "T"), "method": "phone", "satisfied": satisfied}
        return self.do(DESK, row, "make", when, status, opinion=None if satisfied else "仍未解决", **told)

    def steps(self, case: str) -> list[tuple[int, str, str]]:
        """Each list of steps in order: number, name and state."""
        rows = [row for row in self.lines("complaint_step", case) if row["step_no"]]
        return [(row["step_no"], row["kind"], row["status"]) for row in rows]


class Service(Office):
    """The customer service of a company that finances its sales."""

    def __init__(self, sign_in: Any) -> None:
        super().__init__(sign_in, "C09", MANAGER)
        self.customer = self.call(SUPPORT, "GET", "customer/")["result"][0]["id"]

    def registered(self, when: str) -> str:
        """A complaint that was registered when it was received."""
        self.now = when
        told = {"title": "到货晚于方案", "content": "晚四天", "customer_id": self.customer, "channel": "phone",
                "received_at": when.replace(" ", "T"), "scheme_no": "FA-2026-001-V1"}  # fmt: skip
        case = f"complaint/{self.call(SUPPORT, 'POST', 'complaint/', 201, **told)['id']}"
        self.do(SUPPORT, case, "register", when)
        return case

    def note(self, when: str, due: str) -> str:
        """A supervision note that was issued."""
        self.now = when
        told = {"subject_no": "FA-2026-001-V1", "problem": "回款方式不符", "measure": "改回承兑", "due_on": due,
                "owner_unit_id": self.units["JZ-SC1"]}  # fmt: skip
        row = f"corrective_action/{self.call(MANAGER, 'POST', 'corrective_action/', 201, **told)['id']}"
        self.do(MANAGER, row, "issue", when)
        return row

    def surveyed(self, when: str, content: str) -> str:
        """Survey data of the customer as sales support records them."""
        told = {"customer_id": self.customer, "surveyed_on": when[:10], "method": "visit", "content": content}
        with at(when):
            answer = self.sign_in(SUPPORT).client.post("/api/v1/credit_survey/", json=told)
        assert answer.status_code == 201, answer.text
        return f"credit_survey/{answer.json['id']}"

    def contract(self, when: str, amount: str, customer: int) -> str:
        """A contract with a customer that was signed."""
        self.now = when
        told = {"contract_type": "purchase_sale", "customer_id": customer, "amount": amount, "signed_on": when[:10]}
        row = f"contract/{self.call(SUPPORT, 'POST', 'contract/', 201, **told)['id']}"
        self.do(SUPPORT, row, "sign", when)
        return row
