"""Service centre, mall desk and online shop at work: the people of C16, C17 and C11 as REST clients."""

from __future__ import annotations

from typing import Any

from tests.scenarios.desk import at

MANAGER, BOTH, CLERK, CALLER, BLASTING, SALES = "jfhaojun", "jfluyao", "jfshenyi", "jfmeiling", "jfduwei", "jfkeyan"
DESK, DESK_2, HEAD, FLOOR_1, FLOOR_2 = "scliulu", "scwangqin", "scmengfei", "sczhaoyi", "scqianer"
FINANCE, GUARD = "scsunfang", "sczhengdun"
SUPERVISOR, SUPERIOR, PRESALE, AFTERSALE, PRINTS, STORE, SHOP = (
    "wsxuhui", "wsdongqi", "wsluoyan", "wschenxi", "wsjiafan", "wstangbing", "wsgaoshan",
)  # fmt: skip

NAMES = {SUPERVISOR: "徐慧", PRESALE: "骆妍", AFTERSALE: "陈曦"}


def rules(answer: dict[str, Any]) -> set[tuple[str | None, str]]:
    """Field and rule of every problem of a refusal."""
    return {(error["field"], error["rule"]) for error in answer["errors"]}


class Centre:
    """A company at work; every call happens at the time that it names or the latest one named."""

    def __init__(self, sign_in: Any, who: str, now: str = "2025-09-01 09:00") -> None:
        self.sign_in, self.now = sign_in, now
        self.units = {unit["code"]: unit["id"] for unit in self.call(who, "GET", "org_unit/?size=100")["result"]}

    def call(self, who: str, method: str, path: str, status: int = 200, **body: Any) -> Any:
        """One REST call of somebody, now."""
        with at(self.now):
            return self.sign_in(who).call(method, path, status, **body)

    def do(self, who: str, row: str, key: str, when: str, status: int = 200, reason: str = "", **values: Any) -> Any:
        """One step of a row such as ``complaint/7``, at a time."""
        self.now = when
        return self.call(who, "POST", f"{row}/move/{key}", status, values=values, reason=reason)

    def person(self, who: str) -> int:
        """The employee of an account."""
        rows = self.call(SUPERIOR, "GET", "employee/?size=100")["result"]
        return int(next(row["id"] for row in rows if row["name"] == NAMES[who]))

    def customers(self, who: str) -> list[int]:
        """The customers within reach."""
        return [row["id"] for row in self.call(who, "GET", "customer/")["result"]]

    def decide(self, who: str, row: str, when: str, action: str, status: int = 200, **body: Any) -> Any:
        """Answer the step of an approval that waits for somebody on a row."""
        self.now = when
        slug, number = row.split("/")
        mine = self.call(who, "GET", "approval/inbox")["result"]
        step = next(line for line in mine if (line["register"], line["record_id"]) == (slug, int(number)))
        return self.call(who, "POST", f"approval/{step['id']}/{action}", status, **body)

    def lines(self, who: str, slug: str, case: str) -> list[dict[str, Any]]:
        """The rows of a register that belong to a complaint, oldest first."""
        found = self.call(who, "GET", f"{slug}/?complaint_id__eq={case.split('/')[1]}")["result"]
        return sorted(found, key=lambda row: row["id"])

    def clock(self, who: str, row: str, key: str) -> dict[str, Any]:
        """The newest clock of this key on a row."""
        found = self.call(who, "GET", f"{row}/explain")["clocks"]
        return [clock for clock in found if clock["key"].endswith(f".{key}")][-1]

    # -- how each company writes a complaint down --------------------------------------------------------------------

    def _write(self, who: str, when: str, told: dict[str, Any], status: int) -> str:
        self.now = when
        answer = self.call(who, "POST", "complaint/", status, **{k: v for k, v in told.items() if v is not None})
        return f"complaint/{answer['id']}" if status == 201 else answer

    def called(self, when: str, promised: str | None, who: str = CLERK, status: int = 201, **over: Any) -> Any:
        """C16: a caller complains, and a return visit is promised."""
        told = {
            "title": "大块率偏高", "nature": "complaint", "business_line": "blasting", "channel": "phone",
            "complainant": "汪德富", "complainant_phone": "13855660101", "content": "爆破后大块率偏高",
            "received_at": when.replace(" ", "T"), "promised_visit_at": promised,
            "responsible_unit_id": self.units["JF-BP"],
        }  # fmt: skip
        return self._write(who, when, told | over, status)

    def heard(self, when: str, received: str | None = None, who: str = DESK, status: int = 201, **over: Any) -> Any:
        """C17: a customer complains at the desk."""
        told = {
            "title": "项链开焊", "matter": "goods", "channel": "visit", "complainant": "顾秀兰",
            "complainant_phone": "13839500101", "content": "项链开焊要求换货", "floor_id": self.units["SC-F1"],
            "received_at": (received or when).replace(" ", "T"),
        }  # fmt: skip
        return self._write(who, when, told | over, status)

    def chatted(self, when: str, important: bool | None, who: str = PRESALE, status: int = 201, **over: Any) -> Any:
        """C11: a buyer complains in the chat."""
        told = {
            "title": "发错地址", "shop": "织梦旗舰店", "buyer_account": "b001", "order_no": "T1001", "channel": "web",
            "content": "两次发错地址", "important": important, "received_at": when.replace(" ", "T"),
        }  # fmt: skip
        return self._write(who, when, told | over, status)
