"""B02 （九）9: a refusal comes back as a new form with the same number; the first form stays as it was refused."""

from __future__ import annotations

import pytest

from tests.scenarios.desk import BOOKS, CONTROL, DECIDERS, DEPUTY, MANAGER, QC, REP, at, clocks, sweep
from tests.scenarios.talks import mine, pending, talked

COPIED = (
    "title", "customer_id", "market", "claimed_amount", "order_no", "part_no", "product", "shipped_on",
    "shipped_qty", "defective_qty", "abnormality", "customer_demand", "demand_text", "complaint_reason",
    "sample_attached", "sales_note",
)


def refused(desk, claimed="98000.00", proposed="98000.00", **over) -> int:
    """A case whose settlement the customer did not accept."""
    case = pending(desk, claimed, proposed, **over)
    talked(desk, case, accepts=False)
    assert row(desk, case)["status"] == "refused"
    return case


def row(desk, case: int, account: str = REP) -> dict:
    return desk.as_(account).call("GET", f"complaint/{case}")


def again(desk, case: int) -> int:
    """The next form of a refused case."""
    return desk.as_(REP).move(case, "new_form")["next_id"]


def routed(desk, case: int, proposed: str) -> dict:
    """A new form taken to its decider."""
    desk.as_(REP).move(case, "submit")
    desk.as_(CONTROL).move(case, "accept")
    desk.at_sales(case)
    return desk.routed(case, proposed)


def test_the_new_form_keeps_the_number_and_is_linked_both_ways(desk):
    with at("2025-09-10 10:00"):
        first = refused(desk)
        second = again(desk, first)
        old, new = row(desk, first), row(desk, second)
        assert (old["number"], old["case_no"], old["version"]) == ("250901", "250901", 1)
        assert (new["number"], new["case_no"], new["version"]) == ("250901-2", "250901", 2)
        assert (old["next_id"], new["previous_id"], old["previous_id"], new["next_id"]) == (second, first, None, None)
        assert {name: new[name] for name in COPIED} == {name: old[name] for name in COPIED}
        left = ("qc_cause", "decision", "proposed_settlement_amount", "negotiation_result")
        assert [new[name] for name in left] == [None] * 4
        assert (new["status"], new["owner_id"]) == ("draft", old["owner_id"])
        twice = desk.as_(REP).move(first, "new_form", 422)
        assert (twice["errors"][0]["rule"], twice["errors"][0]["clause"]) == ("new_form", "（九）9")
        for account in (CONTROL, DEPUTY):
            desk.as_(account).move(first, "new_form", 403)
        for account in (REP, CONTROL):
            page = desk.as_(account).client.get(f"/complaint/{second}").text
            assert "250901-2" in page
            assert f"/complaint/{first}" in page
            assert f"/complaint/{second}" in desk.as_(account).client.get(f"/complaint/{first}").text
        assert "250901-2" in desk.as_(REP).client.get("/complaint/?q=250901").text
        assert "250901-2" in desk.as_(CONTROL).client.get(f"/complaint/{second}/print").text


def test_the_first_form_stays_final_with_its_clocks_stopped(desk):
    with at("2025-09-10 10:00"):
        first = refused(desk)
        second = again(desk, first)
        assert {found["status"] for found in clocks(desk, first).values()} <= {"met", "late_met"}
        assert clocks(desk, first)["case"]["status"] == "met"
        assert desk.as_(CONTROL).call("GET", f"complaint/{second}/explain") == {}
        for key in ("submit", "negotiate", "close", "raise_settlement"):
            answer = desk.as_(REP).client.post(f"/api/v1/complaint/{first}/move/{key}", json={"values": {}})
            assert answer.status_code == {"close": 403, "raise_settlement": 403}.get(key, 422), key
        assert desk.as_(REP).client.put(f"/api/v1/complaint/{first}", json={"title": "x"}).status_code == 403
    with at("2025-12-01 10:00"):
        assert clocks(desk, first)["case"]["status"] == "met"


def test_the_overall_clock_of_the_new_form_begins_with_its_own_acceptance(desk):
    with at("2025-09-10 10:00"):
        first = refused(desk)
        limit = clocks(desk, first)["case"]["due_at"]
        second = again(desk, first)
    with at("2025-09-26 14:30"):
        desk.as_(REP).move(second, "submit")
        assert "case" not in clocks(desk, second)
        desk.as_(CONTROL).move(second, "accept")
        found = clocks(desk, second)["case"]
        assert (found["started_at"], found["due_at"]) == ("2025-09-26T14:30:00+08:00", "2025-10-21T23:59:59+08:00")
        assert row(desk, second)["case_no"] == "250901"
        assert clocks(desk, first)["case"]["due_at"] == limit
        third = desk.accepted()
        assert row(desk, third)["case_no"] == "250902"


@pytest.mark.parametrize(
    ("before", "claimed", "proposed", "post"),
    [
        (("98000.00", "102000.00"), "98000.00", "98000.00", "deputy_gm"),
        (("150000.01", "1000.00"), "500.00", "500.00", "general_manager"),
        (("98000.00", "98000.00"), "98000.00", "120000.00", "deputy_gm"),
        (("98000.00", "98000.00"), "97000.00", "100000.00", "sales_manager"),
    ],
)
def test_the_larger_amount_of_either_form_decides(desk, before, claimed, proposed, post):
    with at("2025-09-10 10:00"):
        first = refused(desk, *before)
        second = again(desk, first)
        desk.as_(REP).call("PUT", f"complaint/{second}", claimed_amount=claimed)
        shown = routed(desk, second, proposed)
        assert shown["deciding_post"] == post
        assert float(shown["authority_amount"]) == max(map(float, (*before, claimed, proposed)))
        others = set(DECIDERS.values()) - {DECIDERS[post]}
        for other in others:
            low = desk.as_(other).move(second, "decide", 403, decision="同意", founded=True)
            assert low["errors"][0]["clause"] == "（十一）"
        step = mine(desk, DECIDERS[post], second)
        assert "250901-2" in desk.as_(DECIDERS[post]).client.get(f"/approvals/{step}").text
        desk.decided(second, decided_amount="500.00")
        assert row(desk, first)["decided_at"] is not None


def test_a_third_form_and_one_case_in_the_count(desk, portal):
    """Refused twice: 250901, 250901-2, 250901-3; closed once; one line of the month; copies of the last form only."""
    with at("2025-09-10 10:00"):
        first = refused(desk)
        second = again(desk, first)
        routed(desk, second, "99000.00")
        talked(desk, second, accepts=False)
        third = again(desk, second)
        assert [row(desk, case)["number"] for case in (first, second, third)] == ["250901", "250901-2", "250901-3"]
        routed(desk, third, "99500.00")
        desk.as_(talked(desk, third)).move(third, "close", needs_tracking=False)
        other = pending(desk)
        desk.as_(talked(desk, other)).move(other, "close", needs_tracking=False)
        assert row(desk, other)["number"] == "250902"
        assert desk.as_(CONTROL).call("GET", "delivery_receipt/")["count"] == 10
        assert desk.as_(BOOKS).call("GET", f"complaint/{third}")["id"] == third
        desk.as_(BOOKS).call("GET", f"complaint/{first}", 404)
    sweep(portal, "tasks.open", "2025-10-01 00:10")
    with at("2025-10-09 09:00"):
        rows = desk.as_(CONTROL).call("GET", "report_snapshot/?period=2025-09")["result"]
        counted = next(found for found in rows if found["report"] == "B02.monthly_statistics")["id"]
        lines = desk.as_(CONTROL).call("GET", f"kept_report/{counted}")["rows"]["result"]
        assert [(line["id"], line["case_no"]) for line in lines] == [(third, "250901"), (other, "250902")]


def test_a_manager_reopens_only_his_own_case(desk):
    with at("2025-09-10 10:00"):
        first = refused(desk)
        desk.as_(MANAGER).move(first, "new_form", 403)
        second = again(desk, first)
        assert desk.as_(QC).client.get(f"/api/v1/complaint/{second}").status_code == 404
