"""The cases of A14: first contact, levels, the satisfaction loop, and fines, through HTTP on both databases."""

from __future__ import annotations

import pytest

from tests.scenarios.a14_desk import (
    ADMIN,
    ASSISTANT,
    CLERK,
    MANAGER,
    MEETING,
    SALES,
    SUPERVISOR,
    Franchise,
    at,
    sweep,
)

POLICY = "A14"


@pytest.fixture
def shops(sign_in) -> Franchise:
    """The company at work since the first of September 2025."""
    with at("2025-09-01 09:00"):
        return Franchise(sign_in)


def test_a14_1_first_contact_after_the_holiday(shops, portal):
    """A14-1: in time to the last second of the next working day; a second later a fine of 30 is proposed, once."""
    with at("2025-09-30 17:00"):
        early, late, never = (shops.received("2025-09-30 17:00") for _ in range(3))
        assert shops.clocks(early)["first_contact"]["due_at"] == "2025-10-09T23:59:59+08:00"
    with at("2025-10-09 23:59:59"):
        assert shops.contacted(early, "2025-10-09 20:00")["status"] == "handling"
        assert shops.clocks(early)["first_contact"]["status"] == "met"
    with at("2025-10-10 00:00:00"):
        shops.contacted(late, "2025-10-09 23:00")
        assert shops.clocks(late)["first_contact"]["status"] == "late_met"
    sweep(portal, "deadlines.due", "2025-10-10 00:05")
    sweep(portal, "deadlines.due", "2025-10-10 00:06")
    with at("2025-10-10 09:00"):
        shops.contacted(never, "2025-10-10 08:50")
        fines = shops.as_(MANAGER).call("GET", "penalty_notice/")["result"]
        assert sorted(row["complaint_id"] for row in fines) == [late, never]
        assert {row["status"] for row in fines} == {"proposed"}
        fine = shops.as_(MANAGER).call("GET", f"penalty_notice/{fines[0]['id']}")
        assert (fine["amount"], fine["breach"], fine["occurred_on"]) == ("30.00", "late", "2025-10-10")
        me = shops.as_(MANAGER).call("GET", f"employee/{fine['employee_id']}")
        assert me["name"] == "孙丽"


def test_a14_2_the_make_up_sunday_counts(shops):
    """A14-2."""
    with at("2025-09-26 20:00"):
        case = shops.received("2025-09-26 20:00")
        found = shops.clocks(case)["first_contact"]
        assert (found["due_at"], found["clause"]) == ("2025-09-28T23:59:59+08:00", "5.1.1")


def test_a14_4_second_complaint_of_the_same_matter(shops):
    """A14-4: level 1 first, level 2 when the same matter comes back; it is handed over at once."""
    with at("2025-09-10 10:00"):
        first = shops.received("2025-09-10 09:30")
        assert shops.contacted(first, "2025-09-10 09:50")["level"] == "l1"
    with at("2025-09-11 10:00"):
        second = shops.received("2025-09-11 09:30", repeat_of_id=first)
        shown = shops.contacted(second, "2025-09-11 09:50")
        assert (shown["level"], shown["status"], shown["_moves"]) == ("l2", "contacted", ["hand_over"])
        why = shops.as_(ASSISTANT).call("GET", f"complaint/{second}/explain")["tier"]
        assert (why["tier"], next(line["clause"] for line in why["lines"] if line["applies"])) == ("l2", "4.3.2")
        assert shops.clocks(second)["handover_l2"]["due_at"] == "2025-09-11T10:30:00+08:00"
        shops.as_(ASSISTANT).move(second, "answer_1", 422)
        shown = shops.as_(ASSISTANT).move(second, "hand_over")
        assert shown["status"] == "handling_2"
        shops.answered(second, ASSISTANT, "answer_2", "1", 403)


def test_a14_5_the_highest_level_wins(shops):
    """A14-5: a batch of new goods beside the service is level 3, with a special report of the manager."""
    with at("2025-09-10 10:00"):
        said = {"complainant_type": "franchisee", "cause": "service", "customer_id": shops.shop()}
        case = shops.received("2025-09-10 09:30", **said)
        missing = shops.contacted(case, "2025-09-10 09:50", 422, batch_quality=True)
        assert {error["field"] for error in missing["errors"]} == {"batch_items", "goods_code"}
        shown = shops.contacted(
            case, "2025-09-10 09:50", batch_quality=True, batch_items=36, goods_code="CS01"
        )
        assert (shown["level"], shown["_moves"]) == ("l3", ["report_up"])
        shops.as_(ASSISTANT).move(case, "report_up")
        report = shops.lines("written_report", case)[0]
        assert report["status"] == "draft"
        due = shops.clocks(report["id"], MANAGER, "written_report")["special_report"]["due_at"]
        assert due == "2025-09-10T15:30:00+08:00"
        shops.answered(case, MANAGER, "answer_3", "1", 422)


def test_a14_7_refused_up_to_the_meeting(shops):
    """A14-7: each 4 or 5 opens the next form one level up; at level 3 the meeting decides."""
    with at("2025-09-10 10:00"):
        case = shops.received("2025-09-10 09:30")
        shops.contacted(case, "2025-09-10 09:50")
        shown = shops.answered(case, ASSISTANT, "answer_1", "4")
        assert (shown["level"], shown["status"], shown["satisfaction"]) == ("l2", "handling_2", None)
        shown = shops.answered(case, SUPERVISOR, "answer_2", "5")
        assert (shown["level"], shown["status"]) == ("l3", "handling_3")
        shops.guided(case)
        shown = shops.answered(case, MANAGER, "answer_3", "4")
        assert shown["status"] == "unaccepted"
        forms = shops.lines("complaint_handling", case)
        assert [row["form_no"] for row in forms] == ["CLD-2025-0001-1", "CLD-2025-0001-2", "CLD-2025-0001-3"]
        assert {row["status"] for row in forms} == {"escalated"}
        kept = [shops.as_(MANAGER).call("GET", f"complaint_handling/{row['id']}") for row in forms]
        assert [(row["level"], row["answer"], row["answer_proof"]) for row in kept] == [
            ("l1", "4", "LY-0001"), ("l2", "5", "LY-0001"), ("l3", "4", "LY-0001")]  # fmt: skip
        shops.as_(MANAGER).move(case, "submit_to_meeting", 403, meeting_on="2025-09-15")
        shops.as_(ADMIN).move(case, "submit_to_meeting", meeting_on="2025-09-15")
        item = shops.lines("meeting", case)[0]
        assert shops.as_(MANAGER).call("GET", f"employee/{item['submitted_by_id']}")["name"] == "林燕"
        shops.as_(MANAGER).move(case, "execute", 422)
        shops.decided(MEETING, decision="退货退款", final=False)
        shown = shops.as_(MANAGER).move(case, "execute")
        assert (shown["status"], len(shops.lines("complaint_handling", case))) == ("handling_3", 4)
        assert shops.lines("meeting", case)[0]["status"] == "executed"
        shops.answered(case, MANAGER, "answer_3", "3")
        for director in (SALES, ADMIN):
            shops.decided(director)
        assert shops.as_(CLERK).move(case, "archive")["status"] == "archived"
        assert [row["status"] for row in shops.lines("complaint_handling", case)][-1] == "archived"


def test_a14_8_no_answer_without_its_proof(shops):
    """A14-8: an answer of 3 without proof goes nowhere; with it the supervisor reviews, not the handler."""
    with at("2025-09-10 10:00"):
        case = shops.received("2025-09-10 09:30")
        shops.contacted(case, "2025-09-10 09:50")
        refused = shops.answered(case, ASSISTANT, "answer_1", "3", 422, answer_proof=None)["errors"]
        assert [(error["field"], error["clause"]) for error in refused] == [("answer_proof", "5.3.1.6")]
        assert shops.answered(case, ASSISTANT, "answer_1", "3")["status"] == "review"
        assert shops.as_(SALES).call("GET", "approval/inbox")["result"] == []
        shops.decided(SUPERVISOR)
        assert shops.as_(CLERK).call("GET", f"complaint/{case}")["status"] == "accepted"


@pytest.mark.parametrize(
    ("breach", "amounts"),
    [
        ("wrong", {"29.99": 422, "30.00": 201, "100.00": 201, "100.01": 422}),
        ("no_survey", {"49.99": 422, "50.00": 201, "100.00": 201, "100.01": 422}),
        ("late", {"29.99": 422, "30.00": 201, "30.01": 422}),
    ],
)
def test_a14_10_11_bounds_of_fines(shops, breach, amounts):
    """A14-10, A14-11: the bounds are included; a refusal names the limit and its clause."""
    with at("2025-09-10 10:00"):
        people = shops.as_(MANAGER).call("GET", "employee/")["result"]
        told = {"employee_id": people[0]["id"], "breach": breach, "occurred_on": "2025-09-09", "reason_item": "误导"}
        for amount, status in amounts.items():
            answer = shops.as_(MANAGER).call("POST", "penalty_notice/", status, amount=amount, **told)
            if status == 422:
                assert answer["errors"][0]["field"] == "amount"
                assert answer["errors"][0]["clause"].startswith("5.4.1.")
