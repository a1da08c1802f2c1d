"""The posts of A11 and A01 at their desks: complaints and tip-offs taken through the route of each, by REST."""

from __future__ import annotations

from typing import Any

MANAGER, DISPATCHER, TECH, HR = "rlmanager", "rldispatch", "rltech", "rlhr"
EAST_HEAD, EAST_CLERK, SURVEYOR, WEST_HEAD, WEST_CLERK = (
    "rleasthead", "rleastclerk", "rlmeter", "rlwesthead", "rlwestclerk"
)  # fmt: skip
LEAD, DEPUTY, OFFICER, SECOND, OWNER = "yzlead", "yzdeputy", "yzcomplaint", "yzsecond", "yzowner"
INSPECTOR, COLLEAGUE, REGULATOR = "yzinspector", "yzcolleague", "yzregulator"
FOUND = {"facts_found": "现场核查属实", "legal_basis": "供热服务制度", "blame": "company", "reply": "已处理并致歉"}


def rules(answer: dict[str, Any]) -> set[tuple[str | None, str]]:
    """Field and rule of every problem of a refusal."""
    return {(error["field"], error["rule"]) for error in answer["errors"]}


class Desk:
    """Rows of a company taken further by its people; ``policy`` is cut off the keys of clocks."""

    def __init__(self, sign_in: Any, policy: str, reader: str, prefix: str) -> None:
        self.as_, self.policy = sign_in, policy
        self.units = {row["code"]: row["id"] for row in self._all(reader, "org_unit", f"code__prefix={prefix}")}
        self.people = {row["name"]: row["id"] for row in self._all(reader, "employee", "size=100")}

    def _all(self, who: str, slug: str, narrowed: str) -> list[dict[str, Any]]:
        return list(self.as_(who).call("GET", f"{slug}/?{narrowed}&size=100")["result"])

    def add(self, who: str, slug: str, status: int = 201, **values: Any) -> Any:
        """A new row of a register; its answer."""
        return self.as_(who).call("POST", f"{slug}/", status, **values)

    def get(self, who: str, slug: str, key: int, status: int = 200) -> Any:
        """A row as somebody sees it."""
        return self.as_(who).call("GET", f"{slug}/{key}", status)

    def step(self, who: str, key: int, move: str, status: int = 200, slug: str = "complaint", **values: Any) -> Any:
        """A step of a row; ``reason`` goes beside its values."""
        reason = values.pop("reason", "")
        body = {"values": values, "reason": reason}
        return self.as_(who).call("POST", f"{slug}/{key}/move/{move}", status, **body)

    def clocks(self, who: str, key: int, slug: str = "complaint") -> dict[str, dict[str, Any]]:
        """The explained clocks of a row by key; of several the newest."""
        found = self.as_(who).call("GET", f"{slug}/{key}/explain")["clocks"]
        return {row["key"].removeprefix(f"{self.policy}."): row for row in found}

    def answer(self, who: str, slug: str, key: int, status: int = 200, **values: Any) -> Any:
        """Say yes to what waits in somebody's inbox about a row."""
        waiting = self.as_(who).call("GET", "approval/inbox")["result"]
        step = next(row["id"] for row in waiting if (row["register"], row["record_id"]) == (slug, key))
        return self.as_(who).call("POST", f"approval/{step}/approve", status, values=values)

    def told(self, who: str, case: int, name: str, status: int = 201) -> Any:
        """Write down, apart from the case, who told of it."""
        values = {"complaint_id": case, "name": name, "phone": "13900730099", "reply_preference": "phone"}
        return self.add(who, "informant_identity", status, **values)

    def look(self, who: str, case: int) -> str | None:
        """The name behind a case as somebody who gives a reason gets it; nothing if he is not let in."""
        client = self.as_(who).client
        listed = client.get(f"/api/v1/informant_identity/?complaint_id={case}")
        found = listed.get_json()["result"] if listed.status_code == 200 else []
        if not found:
            return None
        assert found[0]["name"] == "******"
        path = f"informant_identity/{found[0]['id']}/reveal/name"
        return str(self.as_(who).call("POST", path, 200, reason="电话核实")["value"])


class Heat(Desk):
    """The heating company."""

    def __init__(self, sign_in: Any) -> None:
        super().__init__(sign_in, "A11", DISPATCHER, "RL")

    def received(self, who: str = EAST_CLERK, name: str | None = "佘国庆", **over: Any) -> int:
        """A case as it is received, with the identity behind it."""
        told = {"title": "室温不达标", "channel": "hotline", "matter": "complaint", "signing": "signed",
                "content": "连续三天室温十五度", "thanked": True} | over  # fmt: skip
        case = int(self.add(who, "complaint", **told)["id"])
        if name is not None:
            self.told(who, case, name)
        return case

    def forward(self, case: int, who: str = EAST_CLERK, status: int = 200, unit: str = "RL-Z1", **over: Any) -> Any:
        """Pass a case to the eastern station."""
        values = {"handling_unit_id": self.units[unit], "leader_id": self.people["耿立功"]} | over
        return self.step(who, case, "forward", status, **values)

    def visit(self, case: int, at: str, satisfied: bool, outcome: str = "用户意见已记录") -> None:
        """Record the return visit that is planned for a case."""
        found = self.as_(DISPATCHER).call("GET", f"visit/?complaint_id={case}&status=planned")["result"]
        values = {"visited_at": at, "method": "phone", "outcome": outcome, "satisfied": satisfied}
        self.step(DISPATCHER, found[0]["id"], "make", slug="visit", **values)


class Post(Desk):
    """The courier enterprise and its regulator."""

    def __init__(self, sign_in: Any) -> None:
        super().__init__(sign_in, "A01", LEAD, "YZ")

    def received(self, who: str = OFFICER, name: str | None = "沙女士", **over: Any) -> int:
        """A privacy complaint, or with other words a tip-off, and the identity behind it."""
        told = {"title": "面单信息泄露", "channel": "phone", "matter": "privacy_complaint", "signing": "signed",
                "content": "收件次日接到推销电话"} | over  # fmt: skip
        case = int(self.add(who, "complaint", **told)["id"])
        if name is not None:
            self.told(who, case, name)
        return case

    def tip(self, **over: Any) -> int:
        """A tip-off that the regulator received."""
        told = {"matter": "tip_off", "accused": "某加盟网点", "accused_outside": True, "title": "出售旧面单"}
        return self.received(INSPECTOR, **(told | {"name": "终某"} | over))

    def hazard(self, status: int = 201, **over: Any) -> Any:
        """A hazard of the ledger."""
        values = {"hazard_source": "self_inspection", "source_ref": "2025Q3", "hazard": "旧面单未上锁", "level": "high",
                  "measure": "设上锁柜", "owner_unit_id": self.units["YZ-CZ"], "due_on": "2025-12-31",
                  "responsible_id": self.people["冀大鹏"]} | over  # fmt: skip
        return self.add(LEAD, "corrective_action", status, **values)
