"""What B02's people do after the route: decisions, talks with the customer, and the approvals inbox, by REST."""

from __future__ import annotations

from tests.scenarios.desk import CONTROL, DEPUTY, GENERAL, MANAGER, QC, REP

DAY = "2025-09-10 10:00"
REPLY = {"means": "phone", "replied_at": "2025-09-10T10:00", "content": "已说明", "promised_amount": "90000.00",
         "promised_return_qty": 0, "customer_response": "accepted"}


def pending(desk, claimed="98000.00", proposed="98000.00", **over) -> int:
    """A case before its decider."""
    case = desk.accepted(claimed_amount=claimed, **over)
    desk.at_sales(case)
    desk.routed(case, proposed)
    return case


def reply(desk, case: int, status: int = 201, **over):
    return desk.as_(REP).call("POST", "customer_reply/", status, **(REPLY | {"complaint_id": case} | over))


def talked(desk, case: int, accepts: bool = True, **over) -> str:
    """Decided, talked about, and put up for the final decision; the decider."""
    decider = desk.decided(case, **over)
    desk.as_(REP).move(case, "negotiate")
    reply(desk, case, customer_response="accepted" if accepts else "refused")
    desk.as_(REP).move(case, "report_result", negotiation_result="已谈妥", customer_accepts=accepts)
    desk.as_(MANAGER).move(case, "confirm_result")
    desk.as_(CONTROL).move(case, "combine_result", combined_opinion="建议结案")
    return decider


def inbox(desk, account: str, view: str = "todo") -> list[dict]:
    return desk.as_(account).call("GET", f"approval/inbox?view={view}")["result"]


def mine(desk, account: str, case: int) -> int:
    """The step that waits for a person on a complaint."""
    found = [row for row in inbox(desk, account) if (row["register"], row["record_id"]) == ("complaint", case)]
    assert len(found) == 1, found
    return found[0]["id"]


def act(desk, account: str, step: int, action: str, status: int = 200, **body):
    return desk.as_(account).call("POST", f"approval/{step}/{action}", status, **body)


def row(desk, case: int) -> dict:
    return desk.as_(CONTROL).call("GET", f"complaint/{case}")


YES = {"values": {"decision": "同意", "founded": True, "decided_amount": "90000.00"}}


def employee(desk, account: str) -> int:
    names = {DEPUTY: "周启明", GENERAL: "梁伟东", MANAGER: "宋志伟", CONTROL: "何佩珊", QC: "罗建国"}
    return next(p["id"] for p in desk.as_(CONTROL).call("GET", "employee/")["result"] if p["name"] == names[account])
