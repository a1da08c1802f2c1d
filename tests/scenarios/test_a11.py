"""A11 chapter 11 and 8(6): complaints, tip-offs and opinions of a heating company, with every limit worked out."""

from __future__ import annotations

import pytest

from tests.scenarios.a11_desk import (
    DISPATCHER,
    EAST_CLERK,
    EAST_HEAD,
    FOUND,
    HR,
    MANAGER,
    SURVEYOR,
    TECH,
    WEST_CLERK,
    WEST_HEAD,
    Heat,
    rules,
)  # fmt: skip
from tests.scenarios.desk import at, sweep

POLICY = "A11"
ENDS = "T23:59:59+08:00"
DAY = "2025-09-29 10:00"


@pytest.fixture
def heat(sign_in) -> Heat:
    """The heating company at work since the first of September 2025."""
    with at("2025-09-01 09:00"):
        return Heat(sign_in)


def late(heat: Heat, who: str = DISPATCHER) -> set[int]:
    """The cases that the red list shows."""
    return {row["id"] for row in heat.as_(who).call("GET", "complaint/?clock=late&size=100")["result"]}


def test_a11_reply_over_the_national_day(portal, heat):
    """11(6) received Mon 29 Sep 2025: a complaint by 13 Oct (30, 9, 10, 11 make-up, 13), a tip-off by 20 Oct."""
    with at(DAY):
        case, tip, done = heat.received(), heat.received(matter="tip_off"), heat.received()
        for row in (case, tip, done):
            heat.forward(row)
        assert heat.clocks(DISPATCHER, case)["complaint_reply"]["due_at"] == "2025-10-13" + ENDS
        assert heat.clocks(DISPATCHER, tip)["tip_off_reply"]["due_at"] == "2025-10-20" + ENDS
        assert "complaint_reply" not in heat.clocks(DISPATCHER, tip)
        assert heat.get(DISPATCHER, "complaint", case)["reply_due_at"] == "2025-10-13" + ENDS
    with at("2025-10-13 23:59:59"):
        heat.step(EAST_HEAD, done, "reply", **FOUND)
        assert heat.clocks(DISPATCHER, done)["complaint_reply"]["status"] == "met"
    sweep(portal, "deadlines.due", "2025-10-13 23:59:59")
    with at("2025-10-13 23:59:59"):
        assert heat.clocks(DISPATCHER, case)["complaint_reply"]["status"] == "running"
    with at("2025-10-14 00:00:00"):
        heat.step(EAST_HEAD, case, "reply", **FOUND)
        assert heat.clocks(DISPATCHER, case)["complaint_reply"]["status"] == "late_met"
    for when, found in (("2025-10-20 23:59:58", False), ("2025-10-21 00:00:00", True)):
        sweep(portal, "deadlines.due", when)
        with at(when):
            assert (tip in late(heat)) is found, when
            slips = heat.as_(DISPATCHER).call("GET", "urge_slip/?size=100")["result"]
            assert {row["slip_no"] for row in slips} == ({"TS-2025-0002-DB1"} if found else set())


@pytest.mark.parametrize(
    ("received", "due", "too_late"),
    [("2025-09-29 10:00:00", "2025-09-29 10:30:00", "2025-09-29 10:30:01"),
     ("2025-10-03 23:50:00", "2025-10-04 00:20:00", "2025-10-04 00:20:01")],
)  # fmt: skip
def test_a11_passed_on_at_once(portal, heat, received, due, too_late):
    """11(6) within 30 minutes of the receipt, at night and on holidays too; one second more warns the dispatcher."""
    with at(received):
        first, second = heat.received(), heat.received()
    with at(due):
        heat.forward(first)
        assert heat.clocks(DISPATCHER, first)["complaint_transfer"]["status"] == "met"
    sweep(portal, "deadlines.due", due)
    with at(due):
        assert "立即转交" not in heat.as_(DISPATCHER).client.get("/notices/").text
    sweep(portal, "deadlines.due", too_late)
    with at(too_late):
        assert "立即转交" in heat.as_(DISPATCHER).client.get("/notices/").text
        heat.forward(second)
        assert heat.clocks(DISPATCHER, second)["complaint_transfer"]["status"] == "late_met"


def test_a11_not_content_is_handled_anew(portal, heat):
    """11(9), 4(6): dissatisfied at the return visit the case goes back, and its five days count from then."""
    with at(DAY):
        case = heat.received()
        heat.forward(case)
        heat.step(EAST_HEAD, case, "assign", handler_id=heat.people["耿立功"])
        heat.step(EAST_HEAD, case, "reply", **FOUND)
        heat.visit(case, "2025-09-29T10:00", satisfied=False)
        assert heat.get(DISPATCHER, "complaint", case)["status"] == "visited"
        heat.step(DISPATCHER, case, "close", 422)
        heat.step(DISPATCHER, case, "reopen", reason="室温仍不达标")
        assert heat.clocks(DISPATCHER, case)["reply_again"]["due_at"] == "2025-10-13" + ENDS
    with at("2025-10-13 23:59:59"):
        heat.step(EAST_HEAD, case, "reply", **FOUND)
        assert heat.clocks(DISPATCHER, case)["reply_again"]["status"] == "met"
    with at("2025-10-14 09:00"):
        heat.visit(case, "2025-10-14T09:00", satisfied=True)
        assert heat.step(DISPATCHER, case, "close")["status"] == "closed"


def test_a11_in_the_order_of_the_clauses(portal, heat):
    """From the opinion of a user and the opinion box to the end of a complaint, a tip-off and a breach."""
    with at("2025-12-01 09:00"):
        asked = {"source": "meter", "kind": "opinion", "place": "3号楼502", "content": "提前排气",
                 "received_at": "2025-12-01T08:40"}  # fmt: skip
        opinion = heat.add(SURVEYOR, "customer_opinion", **asked)["id"]
        leader = {"handled_by_id": heat.people["耿立功"]}
        assert heat.step(SURVEYOR, opinion, "pass_up", slug="customer_opinion", **leader)["passed_up_at"]
        assert heat.step(EAST_HEAD, opinion, "act", slug="customer_opinion", result="已安排")["status"] == "closed"
        box = {"kind": "box", "target_unit_id": heat.units["RL-Z1"], "checked_at": "2025-12-01T08:30", "items": 2,
               "registered": 1}  # fmt: skip
        opened = heat.add(EAST_CLERK, "supervision_check", **box)["id"]
        heat.step(EAST_CLERK, opened, "register", 422, slug="supervision_check")
        heat.step(EAST_CLERK, opened, "register", slug="supervision_check", registered=2)
        case = heat.received(SURVEYOR, name=None, channel="reception_day")
        shown = heat.get(SURVEYOR, "complaint", case)
        assert (shown["status"], shown["case_no"]) == ("received", "TS-2025-0001")
        assert rules(heat.forward(case, SURVEYOR, 422)) == {("signing", "identity_kept")}
        heat.told(SURVEYOR, case, "解春梅")
        heat.as_(SURVEYOR).call("PUT", f"complaint/{case}", 200, content="解春梅反映室温低")
        assert ("content", "notice_without_identity") in rules(heat.forward(case, SURVEYOR, 422))
        heat.as_(SURVEYOR).call("PUT", f"complaint/{case}", 200, content="反映室温低")
        heat.forward(case, SURVEYOR)
        heat.step(WEST_HEAD, case, "reply", 404, **FOUND)
        heat.step(EAST_HEAD, case, "reply", **FOUND)
        heat.visit(case, "2025-12-01T09:00", satisfied=True)
        heat.step(EAST_HEAD, case, "close", 403)
        assert heat.step(DISPATCHER, case, "close")["closed_at"]
        assert heat.as_(MANAGER).client.get("/reports/A11.complaint_bulletin").status_code == 200
        assert "解春梅" not in heat.as_(MANAGER).client.get("/reports/A11.complaint_bulletin").text
        tip = heat.received(WEST_CLERK, name=None, signing="anonymous", matter="tip_off", channel="letter")
        heat.forward(tip, WEST_CLERK, unit="RL-SC", leader_id=heat.people["阮志平"])
        heat.step(TECH, tip, "conclude", **FOUND)
        assert heat.step(DISPATCHER, tip, "close_unreachable")["status"] == "closed"
        breach = {"kind": "misconduct", "complaint_id": tip, "breach": "retaliation",
                  "person_id": heat.people["鲍永年"],
                  "reason": "查问"}  # fmt: skip
        row = heat.add(DISPATCHER, "case_disposition", **breach)["id"]
        heat.step(DISPATCHER, row, "put_up", slug="case_disposition")
        heat.step(MANAGER, row, "decide", 403, slug="case_disposition", decision="警告")
        heat.answer(HR, "case_disposition", row)
        heat.answer(MANAGER, "case_disposition", row, decision="警告")
        assert heat.get(DISPATCHER, "case_disposition", row)["status"] == "decided"


def test_a11_who_told_and_who_is_named(portal, heat):
    """11(10), 11(12): dispatcher, assigned handler and manager see the name; the named never learn of the case."""
    with at(DAY):
        case = heat.received(accused="耿立功", accused_people=[heat.people["耿立功"]])
        assert heat.look(EAST_CLERK, case) == "佘国庆"
        refused = heat.forward(case, status=422)
        assert ("leader_id", "recusal") in rules(refused)
        heat.forward(case, unit="RL-SC", leader_id=heat.people["阮志平"])
        assert [heat.look(who, case) for who in (EAST_CLERK, TECH, WEST_HEAD)] == [None, None, None]
        assert [heat.look(who, case) for who in (DISPATCHER, MANAGER)] == ["佘国庆", "佘国庆"]
        heat.step(TECH, case, "assign", handler_id=heat.people["阮志平"])
        assert heat.look(TECH, case) == "佘国庆"
        heat.get(EAST_HEAD, "complaint", case, 404)
        assert "室温不达标" not in heat.as_(EAST_HEAD).client.get("/complaint/").text
        heat.as_(DISPATCHER).call("DELETE", f"complaint/{case}", 405)
