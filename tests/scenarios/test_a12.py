"""The cases of A12: solution within a working day, severity, meeting, measures, rounds, plates, on both databases."""

from __future__ import annotations

import pytest

from tests.scenarios.a12_desk import GENERAL, RELATIONS, SERVICE, SPECIALIST, SUPERVISOR, Dealer, at, sweep

POLICY = "A12"


@pytest.fixture
def dealer(sign_in, portal) -> Dealer:
    """The company at work since the first of September 2025."""
    with at("2025-09-01 09:00"):
        return Dealer(sign_in, portal)


def test_a12_1_a_working_day_after_the_holiday(dealer, portal):
    """A12-1: in time to the last second of the next working day; a second later a delay penalty is proposed, once."""
    with at("2025-09-30 17:00"):
        early, late, never = (dealer.in_hand("2025-09-30 16:30", plate_no=f"苏F{n}") for n in range(3))
        assert dealer.clocks(early)["solution_proposal"]["due_at"] == "2025-10-09T23:59:59+08:00"
    with at("2025-10-09 23:59:59"):
        dealer.proposed(early)
        assert dealer.clocks(early)["solution_proposal"]["status"] == "met"
    with at("2025-10-10 00:00:00"):
        dealer.proposed(late)
        assert dealer.clocks(late)["solution_proposal"]["status"] == "late_met"
    for minute in ("05", "06"):
        sweep(portal, "deadlines.due", f"2025-10-10 00:{minute}")
    with at("2025-10-10 09:00"):
        rows = dealer.as_(RELATIONS).call("GET", "penalty_notice/")["result"]
        assert sorted(row["complaint_id"] for row in rows) == [late, never]
        fine = dealer.as_(RELATIONS).call("GET", f"penalty_notice/{rows[0]['id']}")
        assert (fine["breach"], fine["late_days"], fine["amount"]) == ("delay", 1, "50.00")
        assert (fine["status"], fine["employee_id"]) == ("proposed", dealer.who(SERVICE))
    with at("2025-10-13 09:00"):
        dealer.proposed(never)
        row = dealer.lines("penalty_notice", never)[0]["id"]
        fine = dealer.as_(RELATIONS).call("GET", f"penalty_notice/{row}")
        assert (fine["late_days"], fine["amount"]) == (3, "150.00")


def test_a12_2_the_make_up_sunday_counts(dealer):
    """A12-2."""
    with at("2025-09-26 10:00"):
        case = dealer.recorded("2025-09-26 09:30")
        dealer.judged(case)
        found = dealer.clocks(case)["solution_proposal"]
        assert (found["due_at"], found["clause"]) == ("2025-09-28T23:59:59+08:00", "4N-3")


def test_a12_4_the_customer_after_the_general_manager(dealer):
    """A12-4: before the approval nothing can be told; a time before it is refused, the minute of it accepted."""
    with at("2025-10-09 09:30"):
        case = dealer.in_hand("2025-10-09 09:00")
        dealer.proposed(case)
        dealer.told(case, "2025-10-09 09:30", 422)
    with at("2025-10-09 10:00"):
        dealer.decided()
        refused = dealer.told(case, "2025-10-09 09:59", 422)["errors"]
        assert [(error["field"], error["clause"]) for error in refused] == [("informed_at", "4N-4")]
        assert dealer.told(case, "2025-10-09 10:00")["status"] == "informed"


def test_a12_5_the_claim_reaches_the_amount(dealer):
    """A12-5: 49,999.99 is ordinary, 50,000.00 is major."""
    with at("2025-09-10 10:00"):
        below, reached = (dealer.recorded("2025-09-10 09:30", plate_no=plate) for plate in ("苏F1", "苏F2"))
        assert dealer.judged(below, claimed_amount="49999.99")["severity"] == "general"
        shown = dealer.judged(reached, claimed_amount="50000.00")
        assert (shown["severity"], shown["severity_tests"]) == ("major", ["m2"])
        dealer.as_(SERVICE).move(reached, "take_over", 422)


def test_a12_5_other_criteria_and_routing(dealer):
    """4, 3: a third complaint of a car in 90 days, the manager's judgement with its reason; who handles what."""
    with at("2025-09-10 10:00"):
        for number in (1, 2, 3):
            case = dealer.recorded("2025-09-10 09:30")
            shown = dealer.judged(case, matter="product", delivered=number > 1)
            assert shown["vehicle_complaints"] == number
            assert shown["handling_department"] == ("service_manager" if number > 1 else "sales_manager")
        assert (shown["severity"], shown["severity_tests"]) == ("major", ["m4"])
        case = dealer.recorded("2025-09-10 09:30", plate_no="苏F9")
        refused = dealer.judged(case, 422, matter="service", judged_major=True)["errors"]
        assert [error["field"] for error in refused] == ["major_reason"]
        why = {"judged_major": True, "major_reason": "老客户集体", "handling_department": "service_manager"}
        shown = dealer.judged(case, matter="service", **why)
        assert (shown["severity"], shown["handling_department"]) == ("major", "service_manager")


def test_a12_7_an_hour_for_the_meeting_even_in_the_holiday(dealer, portal):
    """A12-7: due at nine in the evening, in time on the instant, told up after it."""
    with at("2025-10-06 20:00"):
        case = dealer.recorded("2025-10-06 19:50")
        dealer.judged(case, safety_risk=True)
        assert dealer.clocks(case)["emergency_meeting"]["due_at"] == "2025-10-06T21:00:00+08:00"
    assert sweep(portal, "deadlines.due", "2025-10-06 21:00:00").counts["hit"] == 0
    sweep(portal, "deadlines.due", "2025-10-06 21:00:01")
    with at("2025-10-06 21:01"):
        assert dealer.clocks(case)["emergency_meeting"]["status"] == "breached"
        assert "重大投诉紧急会议" in dealer.as_(GENERAL).client.get("/notices/").text


def test_a12_8_who_drafts_does_not_supervise(dealer):
    """A12-8."""
    with at("2025-09-10 10:00"):
        told = {"measure_kind": "preventive", "measure": "换油双人复核", "owner_unit_id": dealer.workshop,
                "due_on": "2025-09-30"}  # fmt: skip
        row = dealer.as_(SERVICE).call("POST", "corrective_action/", 201, **told)["id"]
        dealer.as_(SERVICE).call("POST", f"corrective_action/{row}/move/submit", values={})
        dealer.decided(RELATIONS)
        refused = dealer.decided(GENERAL, 422, supervisor_id=dealer.who(SERVICE))["errors"]
        assert [(error["field"], error["clause"]) for error in refused] == [("supervisor_id", "3")]
        dealer.as_(SUPERVISOR).call("GET", f"corrective_action/{row}", 404)
        dealer.decided(GENERAL, supervisor_id=dealer.who(SUPERVISOR))
        seen = dealer.as_(SUPERVISOR).call("GET", f"corrective_action/{row}")
        assert (seen["status"], seen["action_no"], seen["cr_coordinated"]) == ("approved", "YJ-2025-001", True)
        assert dealer.clocks(row, "corrective_action")["measure_due"]["due_at"] == "2025-09-30T23:59:59+08:00"


def test_a12_10_a_dissatisfied_customer(dealer):
    """A12-10: the answer no leads back to the handler on a second form; nothing is closed."""
    with at("2025-10-09 10:00"):
        case = dealer.in_hand("2025-10-09 09:30")
        dealer.proposed(case)
        dealer.decided()
        dealer.told(case, "2025-10-09 10:00")
        dealer.asked(case, "2025-10-09 10:00", "no", opinion="还是顿挫")
        assert dealer.read(case)["status"] == "dissatisfied"
        for step in ("close", "summarise"):
            dealer.as_(RELATIONS).move(case, step, 422)
        shown = dealer.as_(RELATIONS).move(case, "reopen", reason="未修好")
        assert (shown["status"], shown["solution"], shown["satisfaction"]) == ("investigating", None, None)
        forms = dealer.lines("complaint_handling", case)
        assert [(row["form_no"], row["status"]) for row in forms] == [
            ("CL-2025-0001-1", "dissatisfied"), ("CL-2025-0001-2", "open")]  # fmt: skip
        kept = dealer.as_(RELATIONS).call("GET", f"complaint_handling/{forms[0]['id']}")
        assert kept["solution"] == "免费重新换油并赠送保养"
        assert (kept["gm_decision"], kept["satisfaction"]) == ("approved", "no")
        dealer.as_(RELATIONS).move(case, "close", 422)


def test_a12_11_a_car_without_plates(dealer):
    """A12-11."""
    with at("2025-09-10 10:00"):
        case = dealer.recorded("2025-09-10 09:30", plate_no=None, vin="LSVAA4182E2123456")
        assert dealer.read(case)["plate_no"] == "未上牌"
        refused = dealer.recorded("2025-09-10 09:30", 422, plate_no=None)["errors"]
        assert [(error["field"], error["clause"]) for error in refused] == [("plate_no", "4N-1")]
        told = {"kind": "vehicle", "model": "途岳", "use": "active"}
        dealer.as_(SPECIALIST).call("POST", "customer_asset/", 422, **told)
        dealer.as_(SPECIALIST).call("POST", "customer_asset/", 201, vin="LSVAA4182E2123456", **told)
