"""The posts of B04 at their desks: complaints of two branches taken through the policy's own route, by REST."""

from __future__ import annotations

import datetime as dt
from typing import Any

from app.core import clock
from tests.scenarios import seats
from tests.scenarios.desk import at

__all__ = ["at"]

SERVICE, DESK, OTHER_DESK = "fangruoxi", "dingxiaoyu", "jinlanlan"
COORDINATOR, OTHER_COORDINATOR = "wuguoliang", "shaoyong"
HANDLER, MANAGER, DESK_MANAGER = "caiwenbo", "tianhui", "lupingping"
SUPERIOR, MANAGEMENT, GENERAL, PERSONNEL = "hujiawei", "yanzhengqing", "qiaozhiyuan", "baixuemei"
TICKS = {"checked_investigation": True, "checked_record": True, "checked_verdict": True}
VERDICT = {"cause": "未复核", "handling_opinion": "返工", "handling_result": "已返工"}


class Desk:
    """The east branch at work."""

    def __init__(self, sign_in, portal) -> None:
        self.as_, self.portal = sign_in, portal
        self.units = {code: seats.unit_id(portal, code) for code in ("AT-D", "AT-D1", "AT-D3", "AT-X", "AT-X2")}
        self.handler = seats.employee_id(portal, HANDLER)

    def intake(self, **over: Any) -> dict[str, Any]:
        """What the front desk writes down; ``None`` leaves a field out."""
        told = {
            "title": "色差", "source": "phone", "complainant": "顾晓枫", "sex": "female",
            "complainant_address": "东城一路 1 号", "relation": "self", "identity": "车主", "contact_name": "顾晓枫",
            "mobile": "13722010001", "content": "喷漆色差", "branch_id": self.units["AT-D"],
            "responsible_unit_id": self.units["AT-D3"], "business": ["repair"], "nature": "quality",
            "claimed_amount": "680.00", "insurance_event": False, "concerns_staff": False, "facts_missing": False,
        } | over  # fmt: skip
        return {name: value for name, value in told.items() if value is not None}

    def draft(self, account: str = DESK, **over: Any) -> int:
        """A complaint being recorded."""
        return self.as_(account).call("POST", "complaint/", 201, **self.intake(**over))["id"]

    def accepted(self, **over: Any) -> int:
        """A numbered complaint."""
        case = self.draft(**over)
        self.as_(DESK).move(case, "accept")
        return case

    def investigating(self, **over: Any) -> int:
        """A complaint with its handler."""
        case = self.accepted(**over)
        self.as_(COORDINATOR).move(case, "assign", handler_id=self.handler)
        self.as_(HANDLER).move(case, "take")
        return case

    def contacting(self, **over: Any) -> int:
        """A complaint whose customer is being called."""
        case = self.investigating(**over)
        self.as_(HANDLER).call("POST", "complaint_step/", 201, complaint_id=case, text="调取工单，询问喷漆工")
        self.as_(HANDLER).move(case, "contact")
        return case

    def attempt(self, case: int, status: int = 201, outcome: str = "no_answer", when: str = "") -> Any:
        """An attempt to reach the customer, now or at another local time."""
        moment = when or clock.to_local(clock.now()).strftime("%Y-%m-%dT%H:%M")
        told = {"complaint_id": case, "contacted_at": moment, "direction": "out", "means": "phone", "outcome": outcome,
                "number_used": "13722010001", "content": "说明处理情况"}  # fmt: skip
        return self.as_(HANDLER).call("POST", "contact_log/", status, **told)

    def window(self, case: int, day: str, start: str, end: str) -> None:
        """A time that the customer asked for."""
        told = {"complaint_id": case, "on_date": day, "from_time": start, "to_time": end}
        self.as_(HANDLER).call("POST", "contact_window/", 201, **told)

    def contacts(self, case: int) -> dict[str, Any]:
        """What the case says of contacts."""
        return self.as_(HANDLER).call("GET", f"complaint/{case}/explain")["contacts"]

    def clocks(self, case: int, account: str = COORDINATOR) -> dict[str, dict[str, Any]]:
        """The explained clocks of a case by key; of several the newest."""
        found = self.as_(account).call("GET", f"complaint/{case}/explain")["clocks"]
        return {row["key"].removeprefix("B04."): row for row in found}

    def read(self, case: int, account: str = COORDINATOR) -> dict[str, Any]:
        """A complaint as somebody sees it."""
        return self.as_(account).call("GET", f"complaint/{case}")

    def submitted(self, case: int, **over: Any) -> dict[str, Any]:
        """The customer was answered and the case put up."""
        now = clock.to_local(clock.now()).strftime("%Y-%m-%dT%H:%M")
        told = {"truth": "is_true", "outcome_told_at": now, "talk_result": "接受"} | VERDICT | over
        return self.as_(HANDLER).move(case, "submit", **told)

    def closed(self, **over: Any) -> int:
        """A complaint from the call to its closing."""
        case = self.contacting(**over)
        self.submitted(case)
        self.as_(MANAGER).move(case, "confirm", **TICKS)
        self.as_(COORDINATOR).move(case, "close")
        return case


def day_of(due: str) -> str:
    """The local day of an instant that ends a day."""
    moment = clock.to_local(dt.datetime.fromisoformat(due))
    assert moment.strftime("%H:%M:%S") == "23:59:59"
    return moment.date().isoformat()
