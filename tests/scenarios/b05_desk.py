"""The posts of B05 at their desks: complaints and tip-offs taken through the policy's own route, by REST."""

from __future__ import annotations

from typing import Any

from app.core import clock

HOTLINE, LETTERS, VISITS, BOXES = "gaoyu", "shaomin", "luotian", "pangyan"
SUPERVISOR, ROUTER, LEADER, CENTRE = "qinlan", "wenbo", "dongmei", "weijun"
OWN, HANDLER, RELATIVE, HEAD = "hanlei", "suntao", "wangkai", "yanhong"
LOWER, LOWER_HANDLER, LOWER_HEAD, NAMED = "zhaoqiang", "dutao", "maxin", "wangping"
URBAN, RURAL, RURAL_HANDLER, CONDUCT, TEAM = "chengwei", "nongfei", "liaoyong", "xuelian", "guoqi"
KEEPER, ARCHIVE, UPPER = "shibin", "tangyi", "bujin"
REPORT = {"course": "走访核查", "facts_found": "属实", "finding": "true", "opinion": "责令整改"}


class Bureau:
    """Takes cases from their receipt to where a test wants them."""

    def __init__(self, sign_in: Any) -> None:
        self.as_ = sign_in
        self.units = {row["code"]: row["id"] for row in self._all("org_unit", "code__prefix=PB")}
        self.people = {row["name"]: row["id"] for row in self._all("employee", "number__prefix=65")}

    def _all(self, slug: str, narrowed: str) -> list[dict[str, Any]]:
        return list(self.as_(ROUTER).call("GET", f"{slug}/?{narrowed}&size=100")["result"])

    def call(self, who: str, method: str, path: str, status: int = 200, **body: Any) -> Any:
        """One REST call as a person."""
        return self.as_(who).call(method, path, status, **body)

    def step(self, who: str, case: int, key: str, status: int = 200, reason: str = "", **values: Any) -> Any:
        """One step of a case as a person."""
        return self.as_(who).move(case, key, status, reason, **values)

    def received(self, who: str = HOTLINE, name: str | None = "郝建民", **over: Any) -> int:
        """A case as it is accepted, with the identity behind it."""
        told = {
            "title": "验表收费未开票", "channel": "hotline", "matter": "tip_off", "signing": "signed",
            "scope": "three_tens", "facts": "收取现金未给票据", "notice_summary": "反映验表收费问题",
            "outside_units": False, "economic_penalty": False, "accountability": False, "major_influence": False,
        } | over  # fmt: skip
        case: int = self.call(who, "POST", "complaint/", 201, **told)["id"]
        if name is not None:
            known = {"complaint_id": case, "name": name, "phone": "13900450012", "address": "北河镇东街九号",
                     "reply_preference": "phone"}  # fmt: skip
            self.call(who, "POST", "informant_identity/", 201, **known)
        return case

    def reviewed(self, who: str = HOTLINE, gravity: str = "ordinary", area: str | None = None, **over: Any) -> int:
        """A case whose notice the supervisor has agreed to."""
        case = self.received(who, **over)
        self.step(who, case, "fill_notice")
        self.step(SUPERVISOR, case, "review_notice", gravity=gravity, **({"area": area} if area else {}))
        return case

    def handled(self, **over: Any) -> int:
        """A case in the hands of the own department."""
        case = self.reviewed(**over)
        self.assign(case)
        return case

    def assign(self, case: int, status: int = 200, handler: str = "孙涛", unit: str = "PB-YX", **over: Any) -> Any:
        """Hand a case to the own department."""
        values = {"handling_unit_id": self.units[unit], "handler_id": self.people[handler]} | over
        return self.step(ROUTER, case, "assign", status, **values)

    def at_lower(self, **over: Any) -> int:
        """A case that the eastern supply station has accepted."""
        case = self.reviewed(**over)
        self.step(ROUTER, case, "transfer", handling_unit_id=self.units["PB-DQ"], informant_told=True)
        self.step(LOWER, case, "accept_lower", handler_id=self.people["杜涛"])
        return case

    def finished(self, **over: Any) -> int:
        """A case whose result was accepted."""
        case = self.handled(**over)
        self.step(OWN, case, "report", **REPORT)
        self.step(ROUTER, case, "finish")
        return case

    def answer(self, case: int, who: str = HANDLER) -> None:
        """Record what the informant was told."""
        told = {"complaint_id": case, "means": "phone", "content": "已查实并整改", "customer_response": "accepted",
                "replied_at": clock.to_local(clock.now()).isoformat()}  # fmt: skip
        self.call(who, "POST", "customer_reply/", 201, **told)

    def clocks(self, case: int, who: str = ROUTER) -> dict[str, dict[str, Any]]:
        """The explained clocks of a case by key; of several the newest."""
        found = self.call(who, "GET", f"complaint/{case}/explain")["clocks"]
        return {row["key"].removeprefix("B05."): row for row in found}

    def due(self, case: int, key: str) -> str:
        """When a clock of a case is due."""
        return str(self.clocks(case)[key]["due_at"])
