"""The cases of B01: numbers, two clocks side by side, the signed form, second complaints, through HTTP."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.db import session
from app.engines.notifications.models import OutboxMessage
from app.engines.numbering.models import NumberSequence
from app.engines.people.models import Deputy, Employee
from tests.scenarios.b01_desk import (
    BRANCH,
    DEPUTY,
    HEAD,
    MARKETING,
    SHOP,
    WORKS,
    Shops,
    at,
    rules,
    sweep,
)

POLICY = "B01"


@pytest.fixture
def shops(sign_in) -> Shops:
    """The company at work since the first of September 2025."""
    with at("2025-09-01 09:00"):
        return Shops(sign_in)


def test_b01_1_numbers_begin_anew_each_month(shops):
    """B01-1: the month is judged in local time; nothing can be deleted."""
    with at("2025-09-30 23:50"):
        case = shops.received("2025-09-30 23:40")
        assert shops.seen(case)["number"] == "250901"
    with at("2025-10-01 00:05"):
        later = shops.received("2025-10-01 00:01", order_no="SO-900", product="毛巾")
        assert shops.seen(later)["number"] == "251001"
        assert shops.as_(SHOP).client.delete(f"/api/v1/complaint/{case}").status_code == 405
        assert shops.seen(case)["number"] == "250901"


def test_b01_4_promise_and_limit_run_side_by_side(shops, portal):
    """B01-4: the promise is broken by a day while the 18 days of an overseas case still run."""
    with at("2025-09-18 11:20"):
        case = shops.escalated("2025-09-18 11:20", market="overseas")
        assert shops.seen(case)["promise_due_at"] == "2025-10-03T23:59:59+08:00"
    with at("2025-09-22 09:00"):
        shops.as_(MARKETING).move(case, "accept")
        shown = shops.seen(case)
        assert (shown["due_at"], shown["watch_at"]) == ("2025-10-10T23:59:59+08:00", "2025-10-03T23:59:59+08:00")
    sweep(portal, "deadlines.due", "2025-10-04 00:05")
    with at("2025-10-04 09:00"):
        found = shops.clocks(case)
        assert (found["promise"]["status"], found["case"]["status"]) == ("breached", "running")


def test_b01_5_shares_break_while_the_whole_holds(shops):
    """B01-5: the unit is a day late, marketing on time, the branch a day late, the whole on time."""
    with at("2025-11-03 09:00"):
        case = shops.accepted("2025-11-03 09:00")
    with at("2025-11-05 14:00"):
        shops.as_(MARKETING).move(case, "send_unit", processing_unit_id=shops.unit["RT-W1"])
    with at("2025-11-08 08:00"):
        late = shops.as_(WORKS).move(case, "unit_reply", 422, processing_reply="针距偏大")
        assert ("overrun_report", "overrun_reported") in rules(late)
        shops.as_(WORKS).move(case, "unit_reply", processing_reply="针距偏大", overrun_report="设备检修，迟复一天")
    with at("2025-11-10 23:00"):
        shops.submitted(case, "2025-11-10 22:00")
    with at("2025-11-12 10:00"):
        shops.decided(DEPUTY, decision="同意", decided_amount="0.00")
        shops.as_(BRANCH).move(case, "acknowledge")
    with at("2025-11-18 10:00"):
        shops.told(case, "2025-11-18 09:30")
        shops.as_(BRANCH).move(case, "execute", overrun_report="顾客外出，次日答复")
        found = shops.clocks(case)
    due = {key: (row["due_at"][:10], row["status"]) for key, row in found.items()}
    assert due["step_processing"] == ("2025-11-07", "late_met")
    assert due["step_marketing"] == ("2025-11-10", "met")
    assert due["step_branch"] == ("2025-11-17", "late_met")
    assert due["case"] == ("2025-11-18", "met")


def test_b01_7_promise_and_sample_before_marketing(shops):
    """B01-7."""
    with at("2025-09-10 10:00"):
        case = shops.refused("2025-09-10 10:00")
        refused = shops.as_(SHOP).move(case, "escalate", 422, sample_kept=False)
        assert ("promise_told_at", "required") in rules(refused)
        told = {"promise_told_at": "2025-09-10T10:00", "sample_kept": False}
        assert {field for field, _rule in rules(shops.as_(SHOP).move(case, "escalate", 422, **told))} == {
            "no_sample_reason"
        }
        shown = shops.as_(SHOP).move(case, "escalate", no_sample_reason="顾客不肯留下", **told)
        assert shown["status"] == "escalated"


def test_b01_8_no_answer_before_the_signature(shops):
    """B01-8: refused before, with the clause; after it the tick is compulsory."""
    with at("2025-09-10 10:00"):
        case = shops.accepted("2025-09-10 10:00")
        shops.submitted(case, "2025-09-10 10:00")
        early = shops.told(case, "2025-09-10 10:00", 422)
        assert early["errors"][0]["clause"] == "三.5"
        shops.decided(DEPUTY, decision="同意", decided_amount="0.00")
        assert ("within_instruction", "within_instruction") in rules(
            shops.told(case, "2025-09-10 10:00", 422, within_instruction=False)
        )
        shops.told(case, "2025-09-10 10:00")
        form = shops.rows(MARKETING, "complaint_handling", complaint_id__eq=case)[0]
        assert (form["form_no"], form["status"]) == ("250901", "signed")


def test_b01_10_drafter_does_not_sign(shops, portal):
    """B01-10: who drafted the form does not sign it, even as the stand-in of the deputy general manager."""
    with at("2025-09-10 10:00"):
        case = shops.accepted("2025-09-10 10:00")
        shops.submitted(case, "2025-09-10 10:00")
        today = clock.today()
        with portal.app_context():
            boss, drafter = (session.get_one(Employee, shops.person[name]) for name in ("姜海波", "于婷婷"))
            session.add(Deputy(owner_id=boss.id, unit_id=boss.unit_id, deputy_id=drafter.id, valid_from=today,
                               valid_to=today, reason="出差"))  # fmt: skip
            session.commit()
        shops.as_(MARKETING).move(case, "sign", 403, decision="同意")
        assert shops.seen(case)["status"] == "submitted"
        assert shops.decided(DEPUTY, decision="同意", decided_amount="0.00")["status"]
        assert shops.seen(case)["status"] == "signed"


def test_b01_11_the_smallest_unit_bears_it(shops):
    """B01-11: the whole plant or shop needs the reason why nobody smaller could be named."""
    with at("2025-09-10 10:00"):
        case = shops.accepted("2025-09-10 10:00")
        sheet = shops.as_(MARKETING).call(
            "POST", "loss_sheet/", 201, complaint_id=case, responsible_unit_id=shops.unit["RT-W1"]
        )["id"]
        for kind, bearer, needs in (
            ("unit", {"bearer_unit_id": shops.unit["RT-W1A"]}, False),
            ("department", {"bearer_unit_id": shops.unit["RT-W1"]}, True),
            ("person", {"employee_id": shops.person["王爽"]}, False),
            ("section", {"bearer_unit_id": shops.unit["RT-S1"]}, True),
        ):
            told = {"sheet_id": sheet, "bearer_type": kind, "share_percent": "25", **bearer}
            if needs:
                missing = shops.as_(MARKETING).call("POST", "responsibility_share/", 422, **told)
                assert ("fallback_reason", "required") in rules(missing)
                told["fallback_reason"] = "无法查明"
            shops.as_(MARKETING).call("POST", "responsibility_share/", 201, **told)


def test_b01_13_the_half_year_is_summed_up_in_december(shops, portal):
    """B01-13: opened on 1 December for June to November, due on the tenth; a day later it is late."""
    sweep(portal, "tasks.open", "2025-12-01 00:05")
    with at("2025-12-10 18:00"):
        row = next(row for row in shops.rows(MARKETING, "report_snapshot") if row["status"] == "open")
        whole = shops.as_(MARKETING).call("GET", f"report_snapshot/{row['id']}")
        assert (whole["period_last"], whole["due_at"]) == ("2025-11-30", "2025-12-10T23:59:59+08:00")
        assert shops.clocks(row["id"], register="report_snapshot")["half_year"]["status"] == "running"
    sweep(portal, "deadlines.due", "2025-12-11 00:05")
    with at("2025-12-11 09:00"):
        shops.step(MARKETING, "report_snapshot", row["id"], "submit", measures_checked="加严入库检验")
        assert shops.clocks(row["id"], register="report_snapshot")["half_year"]["status"] == "late_met"


def test_b01_14_a_second_complaint_is_proposed(shops):
    """B01-14: confirmed, it opens a penalty review against whoever handled the first; else the reason is kept."""
    with at("2025-10-20 10:00"):
        first = shops.received("2025-10-20 10:00", order_no="SO-881")
        shops.as_(SHOP).move(first, "solve", spot_solution="换货")
        shops.as_(SHOP).move(first, "close_content", reply_accepted=True)
    with at("2025-11-02 10:00"):
        second = shops.received("2025-11-02 10:00", order_no="SO-881")
        shown = shops.seen(second, SHOP)
        assert (shown["repeat_of_id"], shown["repeat_proposed"]) == (first, True)
        shops.as_(SHOP).move(second, "confirm_repeat")
        notice = shops.rows(HEAD, "penalty_notice", complaint_id__eq=second)[0]
        whole = shops.as_(HEAD).call("GET", f"penalty_notice/{notice['id']}")
        assert (whole["employee_id"], whole["breach"], whole["status"]) == (
            shops.person["王爽"], "second_complaint", "proposed",
        )  # fmt: skip
        third = shops.received("2025-11-02 10:00", order_no="SO-881")
        assert ("unrelated_reason", "required") in rules(shops.as_(SHOP).move(third, "unrelated", 422))
        shown = shops.as_(SHOP).move(third, "unrelated", unrelated_reason="另一套商品")
        assert (shown["repeat_of_id"], shown["unrelated_reason"]) == (None, "另一套商品")


def test_b01_16_first_asked_stays_and_supplier_is_recorded(shops):
    """B01-16."""
    with at("2025-09-10 10:00"):
        case = shops.accepted("2025-09-10 10:00")
        refused = shops.as_(MARKETING).move(case, "reassign", 422, handler_id=shops.person["段勇"])
        assert refused["errors"]
        shown = shops.as_(MARKETING).move(case, "reassign", handler_id=shops.person["段勇"], reason="于婷婷出差")
        assert shown["received_by_id"] == shops.person["王爽"]
        shops.submitted(case, "2025-09-10 10:00", external_party=True)
        shops.decided(DEPUTY, decision="同意", decided_amount="0.00")
        shops.as_(BRANCH).move(case, "acknowledge")
        shops.told(case, "2025-09-10 10:00")
        shops.as_(BRANCH).move(case, "execute")
        assert ("external_party", "outside_party_recorded") in rules(shops.as_(MARKETING).move(case, "close", 422))
        sheet = shops.as_(MARKETING).call(
            "POST", "loss_sheet/", 201, complaint_id=case, responsible_unit_id=shops.unit["RT-PD"]
        )["id"]
        told = {"sheet_id": sheet, "party": "宏达印染", "party_type": "material_supplier", "share_percent": "100"}
        shops.as_(MARKETING).call("POST", "external_liability/", 422, **told, joint_units=[shops.unit["RT-MK"]])
        shops.as_(DEPUTY).call("POST", "external_liability/", 201, **told, joint_units=[shops.unit["RT-MK"]])
        assert shops.as_(MARKETING).move(case, "close")["status"] == "closed"


def test_b01_2_the_hundredth_record(shops, portal):
    """B01-2: two places grow to three, complaints are still taken, and the administrator is told."""
    with at("2025-11-03 10:00"):
        first = shops.received("2025-11-03 10:00")
        assert shops.seen(first)["number"] == "251101"
        with portal.app_context():
            session.execute(sa.update(NumberSequence).where(NumberSequence.scope.startswith("B01.case_no")).values(n=99))
            session.commit()
        last = shops.received("2025-11-03 10:00")
        assert shops.seen(last)["number"] == "2511100"
        listed = [row["id"] for row in shops.rows(MARKETING, "complaint")]
        assert listed.index(first) < listed.index(last)
        with portal.app_context():
            told = session.scalars(sa.select(OutboxMessage).where(OutboxMessage.event.like("numbering.widened%"))).all()
            assert {row.person_id for row in told} == {shops.person["康伟"]}


def test_a_place_without_an_opinion_book_is_listed(shops):
    """五.1: each branch and shop sets out its book the day the notice comes; the list names those that did not."""
    with at("2025-09-08 10:00"):
        head, told = shops.as_(HEAD), {"kind": "book_placed", "checked_at": "2025-09-08T09:30"}
        for place in ("RT-B1", "RT-S1"):
            row = head.call("POST", "supervision_check/", 201, target_unit_id=shops.unit[place], **told)["id"]
            assert head.call("GET", f"supervision_check/{row}")["_moves"] == ["place"]
            head.call("POST", f"supervision_check/{row}/move/place", 422, values={})
            head.call("POST", f"supervision_check/{row}/move/place", values={"book_visible": True})
        listed = head.call("GET", "report/B01.missing_books?month=2025-10")["result"]
        assert [row["target_unit_id"] for row in listed] == [shops.unit["RT-S2"]]
        assert "无锡中山路专卖店" in head.client.get("/reports/B01.missing_books").text
