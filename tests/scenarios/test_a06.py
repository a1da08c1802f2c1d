"""The cases of A06 and of D05, its second copy: the appeal window, clocks, the sample, the order of a correction."""

from __future__ import annotations

import pytest

from tests.scenarios.a06_desk import QUALITY, SAMPLER, SECOND, SIGNATORY, TECH, TESTER, THIRD, Station, at, sweep

POLICY = "A06"


@pytest.fixture
def station(sign_in, portal) -> Station:
    """The station at work since the first of September 2025."""
    with at("2025-09-01 09:00"):
        return Station(sign_in, portal)


def _broken(refusal) -> list[tuple[str, str]]:
    return [(error["field"], error["clause"]) for error in refusal["errors"]]


def test_a06_1_ten_days(station):
    """A06-1: received on the 15th, the appeal of the 25th is accepted, that of the 26th is refused."""
    with at("2025-09-26 10:00"):
        report = station.delivered("2025-09-15")
        assert station.row("test_report", report)["appeal_until"] == "2025-09-25T23:59:59+08:00"
        refused = station.typed(report, "2025-09-26 09:00", 422)
        assert _broken(refused) == [("received_at", "1.1")]
        assert "2025-09-25" in refused["errors"][0]["message"]
        case = station.accepted(report, "2025-09-25 17:00")
        shown = station.read(case)
        assert (shown["status"], shown["in_time"], shown["number"], shown["acceptance_no"]) == (
            "accepted", True, "AP-2025-0001", "AC-2025-0001")  # fmt: skip
        assert station.row("test_report", report)["status"] == "under_appeal"


def test_a06_2_and_d05_2_the_right_rolls_over_the_holiday(station):
    """A06-2, D05-2: the tenth day is 5 October, a holiday; 9 October is accepted, 10 October refused."""
    with at("2025-10-10 10:00"):
        report = station.delivered("2025-09-25")
        assert station.row("test_report", report)["appeal_until"] == "2025-10-09T23:59:59+08:00"
        assert _broken(station.typed(report, "2025-10-10 08:30", 422)) == [("received_at", "1.1")]
        assert station.read(station.accepted(report, "2025-10-09 16:00"))["status"] == "accepted"


def test_a06_4_the_station_does_not_roll(station, portal):
    """A06-4: accepted on the 16th, the reply is due on 1 October, accepted on the 15th on 30 September."""
    cases = {}
    for day, number in (("2025-09-16", "HJ-2025-0104"), ("2025-09-15", "HJ-2025-0105")):
        with at(f"{day} 09:00"):
            cases[day] = station.accepted(station.delivered(day, number), f"{day} 08:45")
            due = station.clocks(cases[day])["retest_reply"]["due_at"]
            assert due == {"2025-09-16": "2025-10-01T23:59:59+08:00", "2025-09-15": "2025-09-30T23:59:59+08:00"}[day]
    case = cases["2025-09-16"]
    with at("2025-09-16 10:00"):
        station.opinion(case, retest=False)
        station.as_(QUALITY).move(case, "uphold")
    sweep(portal, "deadlines.due", "2025-10-02 08:00")
    with at("2025-10-02 09:00"):
        station.answered(case)
        assert station.clocks(case)["retest_reply"]["status"] == "late_met"


def test_a06_5_and_d05_4_urgent(station):
    """A06-5, D05-4: three working days, make-up days counted: Friday to Tuesday, 30 September to 11 October."""
    for accepted, due in (("2025-09-26", "2025-09-30"), ("2025-09-30", "2025-10-11")):
        with at(f"{accepted} 10:00"):
            report = station.delivered(accepted, f"HJ-{accepted}")
            case = station.accepted(report, f"{accepted} 09:30", urgent=True)
            assert station.clocks(case)["urgent_reply"]["due_at"] == f"{due}T23:59:59+08:00"
            assert station.read(case)["urgent_due_at"] == f"{due}T23:59:59+08:00"
    with at("2025-09-30 11:00"):
        station.as_(TECH).move(case, "report_quality", chair_id=station.who(QUALITY))
        station.as_(QUALITY).move(case, "not_urgent", 422)
        station.as_(QUALITY).move(case, "not_urgent", reason="不影响生产")
        assert station.clocks(case)["urgent_reply"]["status"] != "running"
        assert station.clocks(case)["retest_reply"]["status"] == "running"


def test_a06_7_a_new_sample_needs_a_fault(station):
    """A06-7: refused while sampling and transport were fine; with the fault a sampling order goes out."""
    with at("2025-09-16 09:00"):
        report = station.delivered("2025-09-15")
        case, retest = station.retesting(report, "2025-09-16 08:50")
        told = {"sample_source": "resampled", "sampling_fault": False}
        path = f"complaint_verification/{retest}"
        assert _broken(station.as_(TECH).call("PUT", path, 422, **told)) == [("sample_source", "2.2.3")]
        told |= {"sampling_fault": True, "resample_reason": "transport_error", "sampling_place": "总排口",
                 "sampler_id": station.who(SAMPLER)}  # fmt: skip
        station.as_(TECH).call("PUT", path, **told)
        assert station.step(TECH, "complaint_verification", retest, "order_sampling")["status"] == "sampling"
        task = station.tasks(SAMPLER)[0]
        assert (task["kind"], task["status"]) == ("sampling", "sampling")
        station.step(SAMPLER, "lab_task", task["id"], "finish_sampling", done_on="2025-09-16")
        sample = station.row("sample", station.lines("sample", case)[0]["id"])
        assert (sample["resample_reason"], sample["sampler_id"], sample["origin_no"]) == (
            "transport_error", station.who(SAMPLER), "S1")  # fmt: skip
        shown = station.step(TECH, "complaint_verification", retest, "hand_out", sample_source="resampled",
                             tester_one_id=station.who(SECOND), tester_two_id=station.who(THIRD))  # fmt: skip
        coded = station.row("sample", sample["id"])["blind_code"]
        assert (shown["status"], shown["code"]) == ("testing", coded)


def test_a06_8_and_d05_5_in_that_order_only(station):
    """A06-8, D05-5: refused before approval, recall and stamp, and without the mark; printed HJ-2025-0101(G)."""
    with at("2025-09-16 09:00"):
        report = station.delivered("2025-09-15")
        case, _retest = station.retesting(report, "2025-09-16 08:50")
        station.judged(case, right=False)
        station.as_(QUALITY).move(case, "confirm", 422)
        station.as_(TECH).move(case, "put_to_signatory")
        draft = station.drafted(corrects_id=report, issued_on="2025-09-16", result="46 mg/L")
        order = [("corrects_id", "2.2.5")]
        before = station.corrected(report, 422, row=draft)
        assert _broken(before) == order
        station.step(TECH, "test_report", report, "approve_correction", 403)
        station.decided(SIGNATORY)
        approved = station.corrected(report, 422, row=draft)
        assert _broken(approved) == order
        assert approved["errors"][0]["message"] != before["errors"][0]["message"]
        station.step(TECH, "test_report", report, "recall")
        assert _broken(station.corrected(report, 422, row=draft)) == order
        station.step(TECH, "test_report", report, "stamp_void", 422, void_stamped=False)
        station.step(TECH, "test_report", report, "stamp_void", void_stamped=True)
        assert _broken(station.corrected(report, 422, None, draft)) == [("change_mark", "2.2.5")]
        made = station.corrected(report, 200, "g", draft)
        assert (made["number"], made["version"], made["change_mark"]) == ("HJ-2025-0101(G)", 2, "G")
        assert "HJ-2025-0101(G)" in station.as_(TECH).client.get(f"/test_report/{draft}/print").text
        old = station.row("test_report", report)
        assert (old["status"], old["replaced_by_id"]) == ("replaced", draft)
        assert station.read(case)["status"] == "corrected"


def test_a06_10_no_appeal_by_telephone(station):
    """A06-10: refused with the request for a letter; a written one without its letter is not filed either."""
    with at("2025-09-16 09:00"):
        report = station.delivered("2025-09-15")
        refused = station.typed(report, "2025-09-16 08:50", 422, channel="phone")
        assert _broken(refused) == [("channel", "1.1")]
        case = station.typed(report, "2025-09-16 08:50")
        assert _broken(station.as_(TECH).move(case, "file", 422)) == [("letter", "1.1")]
        refused = station.typed(report, "2025-09-16 08:50", 422, customer_id=station.customers[1])
        assert _broken(refused) == [("report_id", "1.1")]


def test_the_testers_are_blind_and_two(station):
    """2.2.2, 2.2.4: two others than who tested first, on the same day; they reach code and item, nothing else."""
    with at("2025-09-16 09:00"):
        report = station.delivered("2025-09-15")
        case, retest = station.retesting(report, "2025-09-16 08:50")
        assert _broken(station.handed_out(retest, 422, SECOND, SECOND)) == [("tester_two_id", "2.2.2; 2.2.4")]
        assert _broken(station.handed_out(retest, 422, TESTER, SECOND)) == [("tester_one_id", "2.2.2; 2.2.4")]
        code = station.handed_out(retest)["code"]
        assert code.startswith("M")
        assert len(code) == 7
        task = station.tasks(SECOND)[0]
        told = str(station.row("lab_task", task["id"], SECOND)) + str(station.as_(SECOND).client.get(
            f"/lab_task/{task['id']}").text) + station.as_(SECOND).client.get("/notices/").text  # fmt: skip
        assert code in told
        assert "化学需氧量" in told
        for secret in ("临港化工", "HJ-2025-0101", "AP-2025", "62 mg/L", "结果异议", "S1-"):
            assert secret not in told, secret
        other = station.tasks(THIRD)[0]["id"]
        for path, status in ((f"complaint/{case}", 403), ("complaint/", 403), (f"test_report/{report}", 403),
                             ("test_report/", 403), ("sample/", 403), ("customer/", 403),
                             (f"complaint_verification/{retest}", 403), (f"lab_task/{other}", 404)):  # fmt: skip
            station.as_(SECOND).call("GET", path, status)
        station.step(SECOND, "lab_task", task["id"], "finish_test", 422, done_on="2025-09-17", result="46 mg/L")
        station.tested("2025-09-16", people=(SECOND,))
        assert station.row("complaint_verification", retest)["status"] == "testing"
        station.tested("2025-09-16", "47 mg/L", (THIRD,))
        shown = station.row("complaint_verification", retest)
        assert (shown["status"], shown["result_one"], shown["result_two"]) == ("judging", "46 mg/L", "47 mg/L")
        station.step(TECH, "complaint_verification", retest, "judge", findings="一致", original_confirmed=False)
        sample = station.row("sample", station.lines("sample", case)[0]["id"])
        assert (sample["blind_code"], sample["unsealed_on"]) == (code, "2025-09-16")
