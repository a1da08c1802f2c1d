"""A04, complaints at bank outlets: every case of its cases, and a walk in the order of its clauses, by REST."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.core.db import session
from app.engines.people.models import OrgUnit
from app.engines.policy import settings as policy
from tests.scenarios.a04_desk import (
    ABOVE,
    BRANCH,
    COUNTER,
    FIRST,
    FOUND,
    HEAD,
    MANAGER,
    NO_FAULT,
    OTHER_BRANCH,
    OTHER_FIRST,
    OTHER_HEAD,
    OTHER_MANAGER,
    Bank,
)  # fmt: skip
from tests.scenarios.desk import at, sweep

POLICY = "A04"


@pytest.fixture
def bank(sign_in) -> Bank:
    return Bank(sign_in)


def test_a04_1_three_days_without_the_day_of_receipt(bank):
    """A04-1: received on the 26th, due 29 September 23:59:59; a second later is overdue."""
    for replied, ended in (("2025-09-29 23:59:59", "met"), ("2025-09-30 00:00:00", "late_met")):
        case = bank.transferred("2025-09-26 10:20")
        [clock] = bank.clocks(case, "reply_customer")
        assert clock["due_at"] == bank.row(case)["due_at"] == "2025-09-29T23:59:59+08:00"
        bank.do(MANAGER, case, "answer_at_once", replied, result="已说明")
        [clock] = bank.clocks(case, "reply_customer")
        assert clock["status"] == ended


def test_a04_2_the_earlier_of_limit_and_agreed_time(bank, portal):
    """A04-2: the agreed time is earlier than 3 October; working days would end on the 11th; later is refused."""
    told = {"channel": "phone"}
    case = bank.transferred("2025-09-30 16:00", **told)
    assert bank.row(case)["due_at"] == "2025-10-03T23:59:59+08:00"
    late = bank.do(MANAGER, case, "agree_time", "2025-09-30 16:05", 422, agreed_reply_at="2025-10-04T00:00")
    assert (late["errors"][0]["field"], late["errors"][0]["clause"]) == ("agreed_reply_at", "第8条(三); 第11条(一)3")
    bank.do(MANAGER, case, "agree_time", "2025-09-30 16:05", agreed_reply_at="2025-10-02T10:00")
    assert bank.row(case)["due_at"] == "2025-10-02T10:00:00+08:00"
    assert bank.clocks(case, "reply_customer")[-1]["due_at"] == "2025-10-02T10:00:00+08:00"
    setting(portal, "reply_clock", "working_days", "2025-09-30")
    case = bank.transferred("2025-09-30 16:00", **told)
    assert bank.row(case)["due_at"] == "2025-10-11T23:59:59+08:00"


def setting(portal, key: str, value: str, day: str) -> None:
    """The bank gives a setting another value from a day on."""
    with portal.app_context(), at(f"{day} 08:00"):
        unit = session.scalars(sa.select(OrgUnit).filter_by(code="BK")).one()
        policy.set_parameter(unit, "A04", key, value, "按工作日计")
        session.commit()
        session.remove()


def test_a04_4_what_each_post_settles(bank):
    """A04-4: 200.00 by the manager; 200.01 and 1,000.00 need the head; 1,000.01 goes to head office."""
    day = "2025-09-10 10:00"
    for amount, post in (("200.00", "complaint_manager"), ("200.01", "outlet_head"), ("1000.00", "outlet_head"),
                         ("1000.01", "head_office_service")):  # fmt: skip
        case = bank.investigating(day, "2025-09-12T10:00", claimed_amount=amount)
        assert bank.row(case)["deciding_post"] == f"{post}"
        by_manager = bank.do(MANAGER, case, "reply", day, 200 if post == "complaint_manager" else 422, **NO_FAULT)
        assert by_manager
        if post == "complaint_manager":
            continue
        bank.do(HEAD, case, "reply_by_head", day, 200 if post == "outlet_head" else 422, **NO_FAULT)
        if post == "head_office_service":
            bank.do(MANAGER, case, "put_up", day, beyond_reason="超出权限")
            bank.approve(HEAD, case, day)
            assert bank.do(MANAGER, case, "escalate", day)["status"] == "escalated"


def test_a04_5_head_office_only_after_the_head_confirmed(bank):
    """A04-5: sending without the confirmation is refused; after it the case goes to head office."""
    day = "2025-09-10 10:00"
    case = bank.investigating(day, "2025-09-12T10:00", claimed_amount="5000.00")
    refused = bank.do(MANAGER, case, "escalate", day, 422, beyond_reason="超出权限")
    assert refused["errors"][0]["rule"] == "head_confirmed"
    assert refused["errors"][0]["clause"] == "第8条(四); 第10条(三)"
    bank.call(ABOVE, "GET", "case_transfer/")
    assert bank.lines("case_transfer", case) == []
    bank.do(MANAGER, case, "put_up", day, beyond_reason="超出权限")
    bank.approve(HEAD, case, "2025-09-10 10:30")
    row = bank.row(case)
    assert (row["status"], row["head_confirmed_at"]) == ("confirmed", "2025-09-10T10:30:00+08:00")
    assert bank.do(MANAGER, case, "escalate", "2025-09-10 10:40")["status"] == "escalated"
    [sent] = bank.lines("case_transfer", case, ABOVE)
    assert (sent["transfer_no"], sent["kind"]) == ("UP-BK0101-2025-001", "escalation")


def test_a04_7_the_head_signs_the_register_but_not_the_book(bank):
    """A04-7: an oral complaint waits for the head; a book entry for the reply to a customer who left a contact."""
    case = bank.heard("2025-09-27 09:00", complaint_about="service_attitude")
    bank.do(FIRST, case, "answer_on_spot", "2025-09-27 09:05", result="已致歉")
    refused = bank.do(MANAGER, case, "close", "2025-09-27 10:00", 422)
    assert (refused["errors"][0]["field"], refused["errors"][0]["rule"]) == ("head_signed_by_id", "head_signed")
    bank.approve(HEAD, case, "2025-09-27 11:00")
    assert bank.do(MANAGER, case, "close", "2025-09-27 11:05")["status"] == "closed"
    me = bank.person("梁钰")
    for number, contact in ((1, "13900740009"), (2, None)):
        row = bank.entry("2025-09-27 12:00", number, contact=contact)
        bank.do(MANAGER, row, "assign", "2025-09-27 12:05", assigned_to_id=me)
        bank.do(MANAGER, row, "reply", "2025-09-27 13:00", reply_text="已增开窗口")
        if contact:
            refused = bank.do(MANAGER, row, "close", "2025-09-27 13:05", 422)
            assert (refused["errors"][0]["field"], refused["errors"][0]["clause"]) == ("replied_at", "第9条")
            bank.do(MANAGER, row, "close", "2025-09-27 13:10", replied_at="2025-09-27T13:08")
        else:
            bank.do(MANAGER, row, "close", "2025-09-27 13:10")
        row = bank.row(row)
        assert (row["status"], row["reply_signed_by_id"], row["intake_no"]) == ("closed", me, f"T-1/{number}")


def test_a04_8_the_days_without_a_reading_are_listed(bank):
    """A04-8: of 1–8 October only the second is missing; an empty book counts as read."""
    for day in (1, 3, 4, 5, 6, 7, 8):
        bank.read_book(f"2025-10-0{day} 17:00", items=0 if day == 3 else 2)
    again = bank.read_book("2025-10-08 18:00", items=0, status=422)
    assert again["errors"][0]["rule"] == "once_a_day"
    listed = bank.call(HEAD, "GET", "report/A04.opinion_book_check?month=2025-10")
    assert {row["target_unit_id"] for row in listed["result"]} == {bank.units["BK0101"]}
    assert [row["missing_on"] for row in listed["result"]] == ["2025-10-02"]
    assert "2025-10-02" in bank.page(HEAD, "/reports/A04.opinion_book_check?month=2025-10")


def test_a04_10_a_handed_call_ends_settled_or_as_a_case(bank):
    """A04-10: verified hotline, answers and joint result are needed; refusing is no choice."""
    bank.now = "2025-09-10 10:00"
    call = {"contacted_at": "2025-09-10T09:55", "direction": "in", "means": "handed_call", "outcome": "reached",
            "content": "客户询问转账限额"}  # fmt: skip
    bare = bank.call(COUNTER, "POST", "contact_log/", 422, **call)
    assert {p["field"] for p in bare["errors"]} == {
        "identity_verified", "agent_no", "answer", "joint_result", "end_reason"}  # fmt: skip
    assert {p["clause"] for p in bare["errors"]} == {"第11条(二)"}
    full = call | {"identity_verified": True, "agent_no": "9021", "answer": "说明限额", "joint_result": "客户接受"}
    hung_up = bank.call(COUNTER, "POST", "contact_log/", 422, end_reason="refused", **full)
    assert (hung_up["errors"][0]["field"], hung_up["errors"][0]["rule"]) == ("end_reason", "choice")
    open_end = bank.call(COUNTER, "POST", "contact_log/", 422, end_reason="continued_as_case", **full)
    assert open_end["errors"][0]["field"] == "complaint_id"
    assert bank.call(COUNTER, "POST", "contact_log/", 201, end_reason="settled", **full)["end_reason"] == "settled"


def test_from_the_counter_to_head_office_and_back(bank, portal):
    """第3条–第10条: recorded, handed on, confirmed, followed at head office, answered, signed, closed."""
    bank.now = "2025-09-10 09:00"
    told = {"title": "手续费争议", "complainant": "袁淑芬", "channel": "letter", "received_at": "2025-09-10T09:00",
            "content": "来信反映手续费", "outlet_id": bank.units["BK0101"], "complaint_about": "fee"}  # fmt: skip
    case = f"complaint/{bank.call(FIRST, 'POST', 'complaint/', 201, **told)['id']}"
    bank.do(FIRST, case, "answer_on_spot", "2025-09-10 09:00", 422, result="x")
    bare = bank.do(FIRST, case, "register", "2025-09-10 09:00", 422)
    assert {p["field"] for p in bare["errors"]} == {"claimed_amount"}
    assert bank.do(FIRST, case, "register", "2025-09-10 09:00", claimed_amount="3000")["number"] == "BK0101-2025-0001"
    found = sweep(portal, "deadlines.due", "2025-09-10 09:16").counts
    assert (found["hit"], found["climbed"]) == (1, 1)
    bank.do(FIRST, case, "hand_over", "2025-09-10 09:17")
    for who in (OTHER_MANAGER, OTHER_HEAD, OTHER_FIRST, OTHER_BRANCH, ABOVE):
        bank.call(who, "GET", case, 404 if who != ABOVE else 200)
    assert bank.row(case, HEAD)["id"] == bank.row(case, BRANCH)["id"]
    bank.do(MANAGER, case, "report_to_head", "2025-09-10 09:40")
    assert bank.clocks(case, "report_to_head")[0]["status"] == "met"
    bank.do(HEAD, case, "put_up", "2025-09-10 09:40", 403, beyond_reason="x")
    bank.do(MANAGER, case, "put_up", "2025-09-10 09:45", beyond_reason="超出权限")
    bank.approve(HEAD, case, "2025-09-10 10:00")
    refused = bank.do(MANAGER, case, "escalate", "2025-09-10 10:05", 422)
    assert refused["errors"][0]["rule"] == "letter_copied"
    letter = {"kind": "letter", "place_unit_id": bank.units["BK0101"], "received_at": "2025-09-10T08:50",
              "content": "来信", "complaint_id": int(case.split("/")[1]), "sender": "袁淑芬",
              "letter_date": "2025-09-08", "copy_kept": True}  # fmt: skip
    row = f"feedback_intake/{bank.call(MANAGER, 'POST', 'feedback_intake/', 201, **letter)['id']}"
    bank.scan(row)
    bank.do(MANAGER, row, "file", "2025-09-10 10:06")
    bank.do(MANAGER, case, "escalate", "2025-09-10 10:10")
    sent = f"case_transfer/{bank.lines('case_transfer', case)[0]['id']}"
    bank.do(ABOVE, sent, "accept", "2025-09-10 11:00")
    assert bank.clocks(sent, "track_head_office")[-1]["due_at"] == "2025-09-15T23:59:59+08:00"
    bank.do(MANAGER, sent, "track_on", "2025-09-11 09:00", checked_facts="总行核查中")
    assert bank.clocks(sent, "track_head_office")[-1]["due_at"] == "2025-09-16T23:59:59+08:00"
    assert ("总行核查中", "kept") in [(note["text"], note["status"]) for note in bank.lines("complaint_step", case)]
    refused = bank.do(MANAGER, case, "reply_resulted", "2025-09-11 10:00", 422, result="已退费")
    assert refused["errors"][0]["rule"] == "head_office_answered"
    bank.do(ABOVE, sent, "give_result", "2025-09-11 15:00", work_done="同意退费")
    bank.do(MANAGER, case, "reply_resulted", "2025-09-11 16:00", result="已退费")
    assert bank.row(sent)["status"] == "closed"
    bank.approve(HEAD, case, "2025-09-11 17:00")
    closed = bank.do(MANAGER, case, "close", "2025-09-11 17:05")
    assert (closed["status"], closed["head_office_result"]) == ("closed", "同意退费")
    listed = bank.call(HEAD, "GET", "report/A04.complaint_statistics?month=2025-09")
    assert listed["figures"]["measures"]["received"] == "1"


def test_the_banks_fault_is_put_right(bank):
    """第7条(五): apology and measure before the reply; the measure is followed and verified by the head."""
    case = bank.investigating("2025-09-10 09:00", "2025-09-12T09:00", claimed_amount="36")
    bare = bank.do(MANAGER, case, "reply", "2025-09-11 09:00", 422, fault="bank", **FOUND)
    assert {p["field"] for p in bare["errors"]} == {"responsible", "apology_made", "corrective_measure"}
    told = FOUND | {"fault": "bank", "responsible": "运营岗", "corrective_measure": "逐户复核",
                    "rectify_by": "2025-09-20"}  # fmt: skip
    cold = bank.do(MANAGER, case, "reply", "2025-09-11 09:00", 422, apology_made=False, **told)
    assert (cold["errors"][0]["field"], cold["errors"][0]["rule"]) == ("apology_made", "fault_decided")
    bank.do(MANAGER, case, "reply", "2025-09-11 09:00", apology_made=True, **told)
    bank.approve(HEAD, case, "2025-09-11 10:00")
    bank.do(MANAGER, case, "close", "2025-09-11 10:05")
    [measure] = bank.lines("corrective_action", case)
    assert (measure["measure"], measure["due_on"]) == ("逐户复核", "2025-09-20")
    row = f"corrective_action/{measure['id']}"
    bank.do(MANAGER, row, "carry_out", "2025-09-15 09:00", progress="已复核")
    bank.do(MANAGER, row, "confirm", "2025-09-15 09:00", 403)
    assert bank.do(HEAD, row, "confirm", "2025-09-15 10:00")["status"] == "confirmed"


def test_a_book_entry_beyond_the_outlet_and_a_gap_in_the_book(bank):
    """第9条: confirmed by the head, handled above, answered in the book; entries follow each other."""
    row = bank.entry("2025-09-10 09:00", 1)
    bank.now = "2025-09-10 09:10"
    told = {"kind": "book", "place_unit_id": bank.units["BK0101"], "received_at": "2025-09-10T09:00",
            "book_no": "T-1", "entry_no": 3, "matter": "suggestion", "content": "x"}  # fmt: skip
    gap = bank.call(MANAGER, "POST", "feedback_intake/", 201, **told)["id"]
    refused = bank.do(MANAGER, f"feedback_intake/{gap}", "enter", "2025-09-10 09:10", 422)
    assert (refused["errors"][0]["field"], refused["errors"][0]["rule"]) == ("entry_no", "next_entry")
    [clock] = bank.clocks(row, "book_reply")
    assert clock["due_at"] == "2025-09-13T23:59:59+08:00"
    bank.do(MANAGER, row, "put_up", "2025-09-10 09:20")
    bank.do(MANAGER, row, "escalate", "2025-09-10 09:20", 422)
    bank.approve(HEAD, row, "2025-09-10 09:30")
    bank.do(MANAGER, row, "escalate", "2025-09-10 09:40")
    bank.do(ABOVE, row, "give_result", "2025-09-11 09:00", proposal="已协调增设自助机")
    bank.do(MANAGER, row, "reply", "2025-09-11 10:00", reply_text="已增设")
    assert bank.do(MANAGER, row, "close", "2025-09-11 10:05")["status"] == "closed"
