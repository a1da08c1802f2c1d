"""B02, complaints of a printed-circuit-board maker: through REST as its posts, in the order of its clauses."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from app.core import clock

REP, MANAGER, CONTROL, QC, SECTION, OFFICE = (
    "xuwenjing",
    "songzhiwei",
    "hepeishan",
    "luojianguo",
    "denghaibo",
    "zhengguoqiang",
)
RD, DEPUTY, GENERAL, BOOKS = "pengsiyuan", "zhouqiming", "liangweidong", "fanghuimin"
DECIDERS = {"sales_manager": MANAGER, "deputy_gm": DEPUTY, "general_manager": GENERAL}


def at(text: str):
    """Stop the clock at a local time."""
    return clock.freeze(dt.datetime.fromisoformat(text))


class Desk:
    """Takes complaints through the route of （九）4."""

    def __init__(self, sign_in) -> None:
        self.as_ = sign_in
        self.customers = {row["name"]: row["id"] for row in sign_in(REP).call("GET", "customer/")["result"]}
        units = sign_in(REP).call("GET", "org_unit/")["result"]
        self.operator = sign_in(REP).call("GET", "employee/")["result"][-1]["id"]
        self.section = next(unit["id"] for unit in units if unit["name"] == "制造一部压合课")

    def intake(self, **over: Any) -> dict[str, Any]:
        """What sales fills in."""
        return {
            "title": "爆板分层",
            "customer_id": next(iter(self.customers.values())),
            "market": "domestic",
            "claimed_amount": "98000.00",
            "order_no": "PO1",
            "part_no": "HD10-5028",
            "product": "HDI",
            "shipped_on": "2025-08-20",
            "shipped_qty": 3200,
            "defective_qty": 46,
            "abnormality": "分层",
            "customer_demand": ["claim"],
            "demand_text": "赔偿",
            "sample_attached": True,
            "sales_note": "附样品",
            "complaint_reason": "回流后分层",
        } | over

    def open(self, **over: Any) -> int:
        """A new draft."""
        return self.as_(REP).call("POST", "complaint/", 201, **self.intake(**over))["id"]

    def accepted(self, **over: Any) -> int:
        """A numbered case."""
        case = self.open(**over)
        self.as_(REP).move(case, "submit")
        self.as_(CONTROL).move(case, "accept")
        return case

    def at_sales(self, case: int) -> None:
        """On to the sales opinion, without R&D."""
        self.as_(CONTROL).move(case, "send_to_qc")
        self.as_(QC).move(
            case,
            "judge",
            category="quality",
            qc_cause="回温不足",
            responsible_unit_id=self.section,
            production_unit_id=self.section,
        )
        self.as_(SECTION).move(
            case,
            "analyse",
            production_cause="回温不足",
            countermeasure="延长回温",
            shift="甲",
            production_unit_id=self.section,
            produced_on="2025-08-01",
            operators=[self.operator],
        )
        self.as_(OFFICE).move(case, "instruct", manager_office_note="同意")
        self.as_(CONTROL).move(case, "check", gm_office_check="齐全")

    def routed(self, case: int, proposed: str) -> dict[str, Any]:
        """On to the decider."""
        self.as_(REP).move(case, "propose", sales_opinion="同意", proposed_settlement_amount=proposed)
        return self.as_(CONTROL).move(case, "route", combined_opinion="同意赔偿")

    def decided(self, case: int, **over: Any) -> str:
        """Decided by whoever the amount names; his account."""
        post = self.as_(CONTROL).call("GET", f"complaint/{case}")["deciding_post"]
        values = {"decision": "同意", "founded": True, "decided_amount": "90000.00"} | over
        self.as_(DECIDERS[post]).move(case, "decide", **values)
        return DECIDERS[post]


@pytest.fixture
def desk(sign_in) -> Desk:
    with at("2025-09-01 09:00"):
        return Desk(sign_in)


def clocks(desk: Desk, case: int) -> dict[str, dict[str, Any]]:
    """The explained clocks of a case by key; of several the newest."""
    return {
        row["key"].removeprefix("B02."): row
        for row in desk.as_(CONTROL).call("GET", f"complaint/{case}/explain")["clocks"]
    }


@pytest.mark.parametrize(
    ("claimed", "proposed", "post"),
    [
        ("0.01", "0.01", "sales_manager"),
        ("100000.00", "100000.00", "sales_manager"),
        ("100000.01", "100000.01", "deputy_gm"),
        ("150000.00", "150000.00", "deputy_gm"),
        ("150000.01", "150000.01", "general_manager"),
        ("98000", "102000", "deputy_gm"),
    ],
)
def test_b02_1_the_larger_amount_names_the_decider(desk, claimed, proposed, post):
    with at("2025-09-10 10:00"):
        case = desk.accepted(claimed_amount=claimed)
        desk.at_sales(case)
        shown = desk.routed(case, proposed)
        assert shown["deciding_post"] == post
        assert shown["authority_amount"] == f"{max(float(claimed), float(proposed)):.2f}"
        for other in {MANAGER, DEPUTY, GENERAL, CONTROL, REP} - {DECIDERS[post]}:
            refused = desk.as_(other).move(case, "decide", 403, decision="同意", founded=True)
            assert refused["errors"][0]["clause"] == "（十一）"


def test_b02_2_the_case_limit_over_the_national_day_holiday(desk):
    with at("2025-09-26 14:30"):
        domestic, overseas = desk.accepted(), desk.accepted(market="overseas")
        found = clocks(desk, domestic)["case"]
        assert found["due_at"] == "2025-10-21T23:59:59+08:00"
        assert clocks(desk, overseas)["case"]["due_at"] == "2025-10-27T23:59:59+08:00"
    days = {day["date"]: day["status"] for day in found["days"]}
    assert days["2025-09-28"] == "makeup"
    assert days["2025-10-11"] == "makeup"
    assert all(days[f"2025-10-0{day}"] == "skipped" for day in range(1, 9))
    assert sum(status in ("counted", "makeup") for status in days.values()) == 13


def test_b02_4_a_step_never_outlives_its_case(desk):
    with at("2025-09-26 14:30"):
        domestic, overseas = desk.accepted(), desk.accepted(market="overseas")
    with at("2025-10-10 09:00"):
        desk.at_sales(domestic)
        desk.at_sales(overseas)
        assert clocks(desk, domestic)["step_sales_opinion"]["due_at"] == "2025-10-14T23:59:59+08:00"
        assert clocks(desk, overseas)["step_sales_opinion"]["due_at"] == "2025-10-20T23:59:59+08:00"
        assert "step_rd" not in clocks(desk, domestic)
    with at("2025-10-14 16:00"):
        desk.routed(domestic, "90000.00")
        desk.decided(domestic)
        execution = clocks(desk, domestic)["step_execution"]
        assert execution["due_at"] == "2025-10-21T23:59:59+08:00"
        assert execution["capped"]


def test_b02_16_numbers_start_again_each_month(desk):
    with at("2025-10-31 23:59"):
        assert desk.as_(CONTROL).call("GET", f"complaint/{desk.accepted()}")["case_no"] == "251001"
    with at("2025-11-01 00:00"):
        assert desk.as_(CONTROL).call("GET", f"complaint/{desk.accepted()}")["case_no"] == "251101"


def test_a_rise_after_the_decision_goes_to_the_higher_post(desk):
    with at("2025-09-10 10:00"):
        case = desk.accepted()
        desk.at_sales(case)
        assert desk.routed(case, "98000.00")["deciding_post"] == "sales_manager"
        desk.decided(case)
        low = desk.as_(CONTROL).move(case, "raise_settlement", 422, reason="x", proposed_settlement_amount="98000.00")
        assert low["errors"][0]["field"] == "proposed_settlement_amount"
        raised = desk.as_(CONTROL).move(
            case, "raise_settlement", reason="客户追加", proposed_settlement_amount="102000.00"
        )
        assert (raised["status"], raised["deciding_post"]) == ("pending_decision", "deputy_gm")


def test_a_refusal_comes_back_as_version_two(desk):
    with at("2025-09-10 10:00"):
        case = desk.accepted()
        desk.at_sales(case)
        desk.routed(case, "98000.00")
        desk.decided(case)
        rep = desk.as_(REP)
        rep.move(case, "negotiate")
        early = rep.move(case, "report_result", 422, negotiation_result="不接受", customer_accepts=False)
        assert early["errors"][0]["rule"] == "reply_recorded"
        promised = rep.call(
            "POST",
            "customer_reply/",
            422,
            complaint_id=case,
            means="phone",
            replied_at="2025-09-10T10:00",
            content="x",
            promised_amount="98000.01",
            promised_return_qty=0,
            customer_response="refused",
        )
        assert promised["errors"][0]["rule"] == "within_decision"
        rep.call(
            "POST",
            "customer_reply/",
            201,
            complaint_id=case,
            means="phone",
            replied_at="2025-09-10T10:00",
            content="说明",
            promised_amount="90000.00",
            promised_return_qty=0,
            customer_response="refused",
        )
        rep.move(case, "report_result", negotiation_result="不接受", customer_accepts=False)
        desk.as_(MANAGER).move(case, "confirm_result")
        desk.as_(CONTROL).move(case, "combine_result", combined_opinion="客户不接受")
        assert rep.call("GET", f"complaint/{case}")["status"] == "refused"
        rep.move(case, "new_form")
        rows = rep.call("GET", "complaint/")["result"]
        second = next(row for row in rows if row["version"] == 2)
        first = next(row for row in rows if row["id"] == case)
        assert (second["case_no"], second["previous_id"], second["status"]) == (first["case_no"], case, "draft")
        assert all(row["status"] in ("met", "late_met") for row in clocks(desk, case).values())
    with at("2025-09-17 09:00"):
        rep.move(second["id"], "submit")
        desk.as_(CONTROL).move(second["id"], "accept")
        assert clocks(desk, second["id"])["case"]["started_at"].startswith("2025-09-17T09:00")


def test_closing_sends_five_copies_and_sales_may_not_print(desk):
    with at("2025-09-10 10:00"):
        case = desk.accepted()
        desk.at_sales(case)
        desk.routed(case, "98000.00")
        decider = desk.decided(case)
        rep = desk.as_(REP)
        rep.move(case, "negotiate")
        rep.call(
            "POST",
            "customer_reply/",
            201,
            complaint_id=case,
            means="letter",
            replied_at="2025-09-10T10:00",
            content="说明",
            promised_amount="90000.00",
            promised_return_qty=0,
            customer_response="accepted",
        )
        rep.move(case, "report_result", negotiation_result="接受", customer_accepts=True)
        desk.as_(MANAGER).move(case, "confirm_result")
        desk.as_(CONTROL).move(case, "combine_result", combined_opinion="建议结案")
        assert desk.as_(decider).move(case, "close", needs_tracking=False)["status"] == "closed"
        copies = desk.as_(CONTROL).call("GET", "delivery_receipt/")["result"]
        assert sorted(copy["copy_no"] for copy in copies) == [1, 2, 3, 4, 5]
        assert rep.client.get(f"/complaint/{case}/print").status_code == 403
        assert desk.as_(BOOKS).client.get(f"/complaint/{case}/print").status_code == 200


def test_departments_see_what_was_sent_to_them_and_nothing_else(desk):
    with at("2025-09-10 10:00"):
        case = desk.accepted()
        desk.as_(SECTION).call("GET", f"complaint/{case}", 404)
        desk.as_("linjiahao").call("GET", f"complaint/{case}", 404)
        desk.at_sales(case)
        assert desk.as_(SECTION).call("GET", f"complaint/{case}")["id"] == case
        desk.as_("taoyong").call("GET", f"complaint/{case}", 404)
        assert desk.as_(RD).call("GET", "complaint/")["result"] == []


def test_bad_input_is_a_sentence_that_names_the_field(desk):
    with at("2025-09-10 10:00"):
        rep = desk.as_(REP)
        for name, value in {
            "claimed_amount": "1.001",
            "shipped_qty": "NaN",
            "customer_id": 999,
            "market": "moon",
        }.items():
            refused = rep.call("POST", "complaint/", 422, **desk.intake(**{name: value}))
            assert refused["errors"][0]["field"] == name
        more = rep.call("POST", "complaint/", 422, **desk.intake(defective_qty=9999))
        assert more["errors"][0]["clause"] == "（九）1"
        rep.call("GET", "complaint/?page=-1", 400)
        rep.call("GET", "complaint/?amount__near=1", 400)
        rep.call("GET", "complaint/?order=created_by_id", 400)
