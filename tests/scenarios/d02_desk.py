"""The posts of D02 at their desks: notes, promises, solutions and opinions, by REST."""

from __future__ import annotations

from typing import Any

from tests.scenarios.desk import at, sweep

AGENT, COLLEAGUE, SUPERVISOR = "laiwen", "tuojie", "yingxiulan"
__all__ = ["AGENT", "COLLEAGUE", "SUPERVISOR", "Centre", "at", "rules", "stamp", "sweep"]


def rules(answer: dict[str, Any]) -> set[tuple[str | None, str]]:
    """Field and rule of every problem of a refusal."""
    return {(error["field"], error["rule"]) for error in answer["errors"]}


def stamp(when: str) -> str:
    """A local time as REST takes it."""
    return when.replace(" ", "T")


class Centre:
    """Takes complaints through clauses 1 and 2."""

    def __init__(self, sign_in: Any) -> None:
        self.as_ = sign_in
        self.customers = {row["name"]: row["id"] for row in sign_in(AGENT).call("GET", "customer/")["result"]}
        self.person = {row["name"]: row["id"] for row in sign_in(AGENT).call("GET", "employee/")["result"]}

    def noted(self, when: str, **over: Any) -> int:
        """A complaint that the agent notes at a local time; its id."""
        told = {
            "title": "维修后仍异响", "customer_id": self.customers["董凤英"], "channel": "phone",
            "received_at": stamp(when), "complainant": "董凤英", "complainant_phone": "13955140101",
            "content": "修过两次还是响", "summary": "两次维修未好，要求彻底解决", "customer_confirmed": True,
            "minor": False, "own_fault": False,
        } | over  # fmt: skip
        return int(self.as_(AGENT).call("POST", "complaint/", 201, **told)["id"])

    def promised(self, when: str, until: str, **over: Any) -> int:
        """One with a promised time."""
        case = self.noted(when, **over)
        self.as_(AGENT).move(case, "promise", promised_at=stamp(until))
        return case

    def prepared(self, case: int, *texts: str) -> list[int]:
        """Solutions in their order; the ids of their forms."""
        told = {f"option_{number}": text for number, text in enumerate(texts, 1)}
        self.as_(AGENT).move(case, "prepare", **told)
        forms = self.as_(AGENT).call("GET", f"complaint_handling/?complaint_id={case}")["result"]
        return sorted(row["id"] for row in forms)

    def option(self, form: int, move: str, status: int = 200, who: str = AGENT, **values: Any) -> Any:
        """A step of a solution."""
        return self.as_(who).call("POST", f"complaint_handling/{form}/move/{move}", status, values=values)

    def asked(self, case: int, when: str, who: str = AGENT, **over: Any) -> dict[str, Any]:
        """The customer's opinion is written into the open question."""
        rows = self.as_(who).call("GET", f"visit/?complaint_id={case}&status=planned")["result"]
        told = {"visited_at": stamp(when), "method": "phone", "satisfied": True, "opinion": "满意"} | over
        return dict(self.as_(who).call("POST", f"visit/{rows[0]['id']}/move/make", values=told))

    def seen(self, case: int, who: str = AGENT) -> dict[str, Any]:
        """A complaint as somebody sees it."""
        return dict(self.as_(who).call("GET", f"complaint/{case}"))

    def clocks(self, case: int, register: str = "complaint") -> dict[str, dict[str, Any]]:
        """The explained clocks of a row by key; of several the newest."""
        found = self.as_(SUPERVISOR).call("GET", f"{register}/{case}/explain").get("clocks") or []
        return {row["key"].removeprefix("D02."): row for row in found}
